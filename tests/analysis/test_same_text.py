"""When two signatures are of one text: the arithmetic, said again with its own numbers.

The signatures of an index that somebody has are those of this text: a change of any of them is
a change of the index's format (`SCHEMA_VERSION`).
"""

from __future__ import annotations

import hashlib
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.minhash import keys, mixed, same_text, signature

TEXT = (
    "望澜桥修缮工程二〇二三年八月开工,预计二十六个月后竣工。"
    "沿线居民可走望澜新桥,车辆请绕行澜溪路12号,电话5550123。"
)

SIGNED = (
    "1dcf769400d300aa096c7fd300e117ad0086994f00457b6915b2cf8bfbf798b7ad01ff640001"
    "f300000000004a00007100000000f10000000000000000003d00"
)


def naive(body: str) -> bytes:
    """MinHash by one permutation, as docs/index-format.md and the module say it."""
    lanes = [[0] * 38, [0] * 24]
    factors = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
    hashes: list[set[int]] = [set(), set()]
    for i in range(len(body) - 3):
        hashes[0].add(sum(ord(body[i + k]) * factors[k] for k in range(4)) % 2**32)
    run = ""
    for char in body + " ":
        if char in "0123456789〇零一二三四五六七八九十百千廿卅":
            run += char
            continue
        if len(run) > 1:
            number = sum(ord(c) * 0x01000193 ** (k + 1) for k, c in enumerate(run))
            hashes[1].add(number % 2**32)
        run = ""
    for of, values in zip(lanes, hashes, strict=True):
        for lane in range(len(of)):
            mine = [m for v in values if ((m := murmur(v)) >> 16) * len(of) // 2**16 == lane]
            of[lane] = (min(mine) % 256) % 255 + 1 if mine else 0
    return bytes(lanes[0] + lanes[1]) + min(len(body), 65535).to_bytes(2, "little")


def murmur(value: int) -> int:
    """The finalizer of MurmurHash3 with the constants that Wellons found (lowbias32)."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        value = (value ^ value >> shift) * factor % 2**32
    return value or 1


def test_the_signatures_of_an_index_of_today() -> None:
    assert len(TEXT) == 61
    assert signature("题", TEXT).hex() == SIGNED
    digest = hashlib.blake2b("晨曦\n图为望澜桥。".encode(), digest_size=62).digest()
    assert signature("晨曦", "图为望澜桥。") == digest + b"\x06\x00"
    assert signature("晨曦", "") == bytes(64)


@given(st.text("网格化服务管理二十三012345678A,。", min_size=40, max_size=120))
def test_a_signature_is_what_is_written_of_it(body: str) -> None:
    assert signature("题", body) == naive(body)
    assert len(set(keys(naive(body)))) > 1


@given(st.integers(0, 2**32 - 1))
def test_mixing(value: int) -> None:
    assert mixed(value) == murmur(value)


def test_from_forty_characters_on_a_text_may_be_misread() -> None:
    assert signature("", TEXT[:40]) == naive(TEXT[:40])
    assert signature("", TEXT[:39]) != naive(TEXT[:39])
    assert signature("甲", TEXT[:40]) == signature("乙", TEXT[:40])
    assert signature("甲", TEXT[:39]) != signature("乙", TEXT[:39])


def test_keys_are_pairs_of_text_lanes() -> None:
    lanes = bytes(range(64))
    assert keys(lanes) == tuple(a + (a + 1) * 256 for a in range(0, 38, 2))


def made(agreeing: int, used: int, numbers: tuple[int, int], length: int, first: bool) -> bytes:
    """Return one of two signatures of which so many lanes agree of those that are used."""
    own = 1 if first else 2
    lanes = [7] * agreeing + [own] * (used - agreeing)
    others = [7] * numbers[0] + [own] * (numbers[1] - numbers[0])
    return (
        bytes(lanes).ljust(38, b"\0")
        + bytes(others).ljust(24, b"\0")
        + length.to_bytes(2, "little")
    )


def expected(agreeing: int, used: int, numbers: tuple[int, int], lengths: tuple[int, int]) -> bool:
    """docs: half as long at least, 0.36 of all shingles, 0.62 of the shorter text; and numbers."""
    if not used or min(lengths) < max(lengths) / 2:
        return False
    alike = agreeing / used
    common = alike / (1 + alike) * sum(lengths)
    if alike < 0.36 or common < 0.62 * min(lengths):
        return False
    return numbers[0] + 2 >= numbers[1] * min(alike, 0.9)


@settings(max_examples=300)
@given(
    st.integers(0, 38).flatmap(lambda used: st.tuples(st.integers(0, used), st.just(used))),
    st.integers(0, 24).flatmap(lambda used: st.tuples(st.integers(0, used), st.just(used))),
    st.tuples(st.integers(40, 400), st.integers(40, 400)),
)
def test_any_two(text: tuple[int, int], numbers: tuple[int, int], lengths: tuple[int, int]) -> None:
    one = made(*text, numbers, lengths[0], first=True)
    other = made(*text, numbers, lengths[1], first=False)
    for pair in ((one, other), (other, one)):
        assert same_text(*pair) is expected(*text, numbers, lengths)


LENGTHS = [(100, 100), (100, 199), (100, 200), (100, 201), (100, 150), (50, 100), (65535, 65535)]


@pytest.mark.parametrize("lengths", LENGTHS)
def test_every_share_of_lanes(lengths: tuple[int, int]) -> None:
    yes = 0
    for used, (agreed, of) in product((0, 1, 25, 37, 38), [(0, 0), (0, 2), (0, 3), (17, 24)]):
        for agreeing in range(used + 1):
            one = made(agreeing, used, (agreed, of), lengths[0], first=True)
            other = made(agreeing, used, (agreed, of), lengths[1], first=False)
            want = expected(agreeing, used, (agreed, of), lengths)
            assert same_text(one, other) is want, (agreeing, used, agreed, of)
            yes += want
    assert (yes > 0) == (lengths != (100, 201))


@pytest.mark.parametrize("used", range(25))
def test_every_share_of_numbers(used: int) -> None:
    for agreeing, text in product(range(used + 1), (14, 20, 30, 34, 35, 38)):
        one = made(text, 38, (agreeing, used), 100, first=True)
        other = made(text, 38, (agreeing, used), 100, first=False)
        want = expected(text, 38, (agreeing, used), (100, 100))
        assert same_text(one, other) is want, (agreeing, used, text)
