"""The array codec: what is encoded comes back, merged or not, and damage is noticed."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Article
from search.engines.whoosh.codec import arrays, encode, plain, varint
from search.engines.whoosh.codec.batch import write_batch
from search.engines.whoosh.codec.container import Container, ContainerWriter, FormatError
from search.engines.whoosh.codec.merge import merge
from search.engines.whoosh.codec.segment import Segment
from search.query.tree import FIELDS, TEXT_FIELDS

NUMBERS = st.lists(st.integers(0, 2**35 - 1) | st.integers(0, 300), max_size=50)


@given(NUMBERS)
def test_numbers_come_back(numbers: list[int]) -> None:
    data, ends = varint.encode(np.array(numbers, dtype=np.int64))
    assert varint.decode(data).tolist() == varint.decode_few(data.tolist()) == numbers
    assert len(ends) == len(numbers)
    assert not numbers or ends[-1] == len(data)


def postings(rng: random.Random) -> list[list[int]]:
    """Sorted positions of some terms: rare ones, and frequent ones with far outliers."""
    out = []
    for _ in range(rng.randint(1, 12)):
        size = rng.choice([1, 2, 30, 255, 256, 3000])
        step = rng.choice([1, 3, 200, 70_000, 500_000])
        places = np.cumsum([rng.randint(1, step) for _ in range(size)])
        if rng.random() < 0.3:
            places[size // 2 :] += 1_000_000
        out.append(places.tolist())
    return out


@pytest.mark.parametrize("seed", range(20))
def test_positions_come_back(seed: int) -> None:
    lists = postings(random.Random(seed))
    terms = np.repeat(np.arange(len(lists)), [len(places) for places in lists])
    positions = np.concatenate([np.array(places) for places in lists])
    documents = positions // 1000
    data, ends = encode.grams(terms, positions, documents)
    start = 0
    for places, end in zip(lists, ends.tolist(), strict=True):
        term = memoryview(data[start:end].tobytes())
        assert encode.places_of(term).tolist() == places
        assert plain._places(term) == places
        assert varint.decode_one(term) >> 1 == len({place // 1000 for place in places})
        start = end
    assert start == len(data)


def made(seed: int, number: int) -> list[Article]:
    """Articles of few different characters, so that some pairs are very frequent."""
    rng = random.Random(seed)
    common = "的一是在不了有和人这中大为上个国我以要他"
    rare = "".join(chr(rng.randint(0x4E00, 0x9FFF)) for _ in range(300))
    out = []
    for i in range(number):
        size = rng.choice([0, 3, 40, 400])
        body = "".join(rng.choice(rare if rng.random() < 0.1 else common) for _ in range(size))
        name = f"{seed}-{i}"
        out.append(Article(name, body[:9], body, f"{seed}/{i % 7}.txt", date="2023", key=name))
    return out


def contents(segments: list[Segment]) -> dict[str, object]:
    """Return everything that segments hold, documents by id."""
    words: dict[tuple[str, str, bytes], int] = {}
    places: dict[tuple[str, str, str], list[int]] = {}
    singles = set()
    articles = {}
    for segment in segments:
        held = arrays.Postings(segment)
        names = [segment.ids[i].decode() for i in range(segment.count)]
        alive = held.everything()
        articles |= {names[i]: segment.article(i) for i in np.flatnonzero(alive).tolist()}
        for field in TEXT_FIELDS:
            table = segment.words(field)
            for term in range(len(table.terms)):
                numbers, times = held.word_frequencies(field, term, alive)
                for i, count in zip(numbers.tolist(), times.tolist(), strict=True):
                    words[field, names[i], table.terms[term]] = count
        for field in FIELDS:
            grams = segment.grams(field)
            at = arrays.starts_of(segment, field)
            for term in range(len(grams.keys)):
                for place in held.places(field, term).tolist():
                    i = int(np.searchsorted(at, place, side="right")) - 1
                    if alive[i]:
                        key = field, names[i], grams.pair(term)
                        places.setdefault(key, []).append(place - int(at[i]))
            for code in grams.characters:
                found = held.standing(field, chr(code)) & alive
                singles |= {(field, names[i], chr(code)) for i in np.flatnonzero(found).tolist()}
    return {"articles": articles, "words": words, "places": places, "singles": singles}


def test_merging_changes_nothing_but_the_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.codec.merge.SLICE_BYTES", 700)
    batches = [made(1, 60), made(2, 1), made(3, 90)]
    segments = []
    for i, batch in enumerate(batches):
        write_batch(tmp_path / f"{i}.sou", batch)
        gone = bytearray((len(batch) + 7) // 8)
        for number in range(0, len(batch) if i != 1 else 0, 5):
            gone[number >> 3] |= 1 << (number & 7)
        segments.append(Segment(tmp_path, f"{i}.sou", bytes(gone) if i != 1 else b""))
    count = merge(segments, tmp_path / "all.sou")
    whole = Segment(tmp_path, "all.sou")
    assert count == whole.count == sum(segment.live() for segment in segments)
    assert contents([whole]) == contents(segments)
    assert not whole.container.faults()
    lengths = [whole.words("body").lengths[i] for i in range(whole.count)]
    assert whole.words("body").total == sum(lengths)


def test_more_characters_than_sixteen_bits_number(tmp_path: Path) -> None:
    body = "".join(map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]))
    body += "".join(map(chr, range(0x20000, 0x2A6E0)))
    write_batch(tmp_path / "a.sou", [Article("a", "", body, "p")])
    segment = Segment(tmp_path, "a.sou")
    assert len(segment.grams("body").characters) > 1 << 16
    for text in (body[100:105], body[-3:], body[0], "𠀀𠀁"):
        assert arrays.Postings(segment).standing("body", text).any()
        assert plain.Postings(segment).standing("body", text) == {0}
    assert not arrays.Postings(segment).standing("body", "一𠀀").any()


def test_damage_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.sou"
    write_batch(path, made(4, 20))
    data = path.read_bytes()
    for broken in (data[:-1], data[:100], b"", b"x" * 500, data[:16] + data[20:]):
        path.write_bytes(broken)
        with pytest.raises(FormatError):
            Container(path)
    flipped = bytearray(data)
    flipped[len(data) // 3] ^= 1
    path.write_bytes(flipped)
    assert Container(path).faults()


def test_a_container_that_was_not_closed_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.sou"
    with suppress(KeyError), ContainerWriter(path) as out:
        out.add("x", "B", b"abc")
        raise KeyError
    with pytest.raises(FormatError):
        Container(path)
