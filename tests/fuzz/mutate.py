"""Changing inputs: small, deterministic, and blind to what a target does with them."""

from __future__ import annotations

import re
from random import Random

_NUMBERS = (
    b"0", b"-1", b"1", b"127", b"128", b"255", b"256", b"32768", b"65535", b"65536", b"2147483647",
    b"2147483648", b"4294967295", b"9223372036854775807", b"18446744073709551616", b"1e308", b"0.5", b"nan",
    b"99999999999999999999999999999999", b"\xc2\xb2", b"\xd9\xa3", b"\xe4\xb8\x80",
)  # fmt: skip
_SIZES = (
    0,
    1,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63,
    2**64 - 1,
)
_DIGITS = re.compile(rb"\d+")


def mutated(random: Random, seeds: list[bytes], tokens: tuple[bytes, ...], most: int) -> bytes:
    """Return a seed changed in some places, of at most `most` bytes."""
    data = random.choice(seeds)
    for _ in range(random.choice((1, 1, 2, 2, 3, 4, 6, 10, 20))):
        data = random.choice(_CHANGES)(random, data, seeds, tokens)[:most]
    return data


def _place(random: Random, data: bytes) -> tuple[int, int]:
    """Return a stretch of the data, more often a short one."""
    start = random.randrange(len(data) + 1)
    return start, min(
        len(data), start + int(random.choice((1, 2, 4, 16, 64, 512)) * random.random()) + 1
    )


def _flip(random: Random, data: bytes, *_: object) -> bytes:
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def _byte(random: Random, data: bytes, *_: object) -> bytes:
    start, _end = _place(random, data)
    return data[:start] + bytes([random.randrange(256)]) + data[start + random.randrange(2) :]


def _delete(random: Random, data: bytes, *_: object) -> bytes:
    start, end = _place(random, data)
    return data[:start] + data[end:]


def _truncate(random: Random, data: bytes, *_: object) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] if random.random() < 0.7 else data[at:]


def _repeat(random: Random, data: bytes, *_: object) -> bytes:
    start, end = _place(random, data)
    times = random.choice((1, 2, 3, 8, 50, 300, 2000))
    return (
        data[:end] + data[start:end] * min(times, 1 + (1 << 16) // (end - start + 1)) + data[end:]
    )


def _move(random: Random, data: bytes, *_: object) -> bytes:
    start, end = _place(random, data)
    piece, rest = data[start:end], data[:start] + data[end:]
    at = random.randrange(len(rest) + 1)
    return rest[:at] + piece + rest[at:]


def _splice(random: Random, data: bytes, seeds: list[bytes], _: object) -> bytes:
    other = random.choice(seeds)
    start, end = sorted(random.randrange(len(other) + 1) for _ in range(2))
    at, until = _place(random, data)
    return data[:at] + other[start:end] + data[random.choice((at, until, len(data))) :]


def _token(random: Random, data: bytes, _: object, tokens: tuple[bytes, ...]) -> bytes:
    token = random.choice(tokens or _NUMBERS)
    start, end = _place(random, data)
    times = random.choice((1, 1, 1, 1, 1, 2, 3, 40, 1000))
    return data[:start] + token * times + data[end if random.random() < 0.3 else start :]


def _number(random: Random, data: bytes, *_: object) -> bytes:
    """Put another number in the place of one that is written in digits."""
    found = list(_DIGITS.finditer(data))
    if not found:
        return _size(random, data)
    match = random.choice(found)
    return data[: match.start()] + random.choice(_NUMBERS) + data[match.end() :]


def _size(random: Random, data: bytes, *_: object) -> bytes:
    """Put a number of some bytes over what is there."""
    width = random.choice((1, 2, 4, 8))
    value = random.choice(_SIZES) % (1 << 8 * width)
    start = random.randrange(len(data) + 1)
    packed = value.to_bytes(width, random.choice(("little", "big")))
    return data[:start] + packed + data[start + width :]


_CHANGES = (
    _flip, _byte, _delete, _truncate, _repeat, _move, _splice, _splice, _token, _token, _token, _token,
    _number, _size,
)  # fmt: skip
