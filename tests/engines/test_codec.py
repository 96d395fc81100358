"""The array codec: what is encoded comes back, merged or not, and damage is noticed."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.analysis import segment as segmentation
from search.analysis.fold import fold
from search.engines.whoosh.codec import (
    posting_lists,
    posting_steps,
    postings_numpy,
    postings_python,
    segment_writer,
    varint,
)
from search.engines.whoosh.codec.article_values import texts_of
from search.engines.whoosh.codec.container import Container, FormatError
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.doc_values import write_distinct, write_strings
from search.engines.whoosh.codec.docstore import Blocks
from search.engines.whoosh.codec.docstore_writer import BlockWriter
from search.engines.whoosh.codec.posting_merge import Part, joined
from search.engines.whoosh.codec.posting_steps import VARINTS
from search.engines.whoosh.codec.segment_merge import merge, shares
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.segment_writer import write_batch
from search.engines.whoosh.codec.string_lists import Strings
from search.model.article import Article
from search.model.frozen import replace
from search.query.ast import FIELDS, TEXT_FIELDS
from tests.conftest import examples
from tests.strategies import corpora

NUMBERS = st.lists(st.integers(0, 2**35 - 1) | st.integers(0, 300), max_size=50)


@given(NUMBERS)
def test_numbers_come_back(numbers: list[int]) -> None:
    data, ends = varint.encode(np.array(numbers, dtype=np.int64))
    assert varint.decode(data).tolist() == varint.decode_few(data.tolist()) == numbers
    assert len(ends) == len(numbers)
    assert not numbers or ends[-1] == len(data)


def postings(rng: random.Random) -> list[list[int]]:
    """Rising values of some terms: rare ones, and frequent ones with far outliers."""
    out = []
    for _ in range(rng.randint(1, 12)):
        size = rng.choice([1, 2, 30, 127, 128, 300, 3000])
        step = rng.choice([1, 3, 200, 254, 255, 256, 70_000, 500_000])
        values = np.cumsum([rng.randint(1, step) for _ in range(size)])
        if rng.random() < 0.3:
            values[size // 2 :] += 1_000_000
        out.append(values.tolist())
    return out


def built(of: list[list[int]], frequencies: list[list[int]] | None) -> posting_lists.Lists:
    counts = np.array([len(values) for values in of], dtype=np.int64)
    of_all = None if frequencies is None else np.concatenate([np.array(f) for f in frequencies])
    values = np.concatenate([np.array(v, dtype=np.int64) for v in of])
    return posting_lists.build(posting_lists.starts_of(counts), values, counts, of_all)


def each(of: posting_lists.Lists) -> list[memoryview]:
    data = memoryview(of.data.tobytes())
    return [data[a:b] for a, b in pairwise(of.at.tolist())]


@pytest.mark.parametrize("seed", range(20))
def test_values_come_back(seed: int) -> None:
    of = postings(random.Random(seed))
    found = built(of, None)
    assert found.lasts.tolist() == [values[-1] for values in of]
    for values, term in zip(of, each(found), strict=True):
        assert posting_lists.values(term).tolist() == list(posting_steps.values(term)) == values
        assert posting_steps.head(term)[0] == len(values)
    again = posting_lists.decode(found, frequencies=False)
    assert again.counts.tolist() == [len(values) for values in of]
    assert posting_lists.absolute(again.counts, again.steps).tolist() == [
        v for vs in of for v in vs
    ]


def some_frequencies(rng: random.Random, of: list[list[int]]) -> list[list[int]]:
    return [[rng.choice([1, 1, 1, 2, 5, 200, 300, 70_000]) for _ in values] for values in of]


@pytest.mark.parametrize("seed", range(20))
def test_frequencies_come_back(seed: int) -> None:
    rng = random.Random(seed)
    of = postings(rng)
    frequencies = some_frequencies(rng, of)
    for values, times, term in zip(of, frequencies, each(built(of, frequencies)), strict=True):
        found = [part.tolist() for part in posting_lists.with_frequencies(term)]
        assert found == [values, times]
        assert [list(part) for part in posting_steps.with_frequencies(term)] == [values, times]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("frequent", [False, True])
def test_joined_lists_are_those_of_all_at_once(seed: int, frequent: bool) -> None:
    """Lists of several segments, whatever their kinds, as if they had been one segment's."""
    rng = random.Random(seed)
    parts, base = [], 0
    whole: dict[int, tuple[list[int], list[int]]] = {}
    for _ in range(rng.randint(1, 5)):
        of = postings(rng)
        times = some_frequencies(rng, of)
        terms = sorted(rng.sample(range(15), len(of)))
        parts.append(Part(np.array(terms), built(of, times if frequent else None), base))
        for term, values, some in zip(terms, of, times, strict=True):
            known = whole.setdefault(term, ([], []))
            known[0].extend(value + base for value in values)
            known[1].extend(some)
        base += max(values[-1] for values in of) + rng.choice([1, 1000, 100_000])
    terms, found = joined(parts, frequencies=frequent)
    assert terms.tolist() == sorted(whole)
    for term, last, postings_ in zip(
        terms.tolist(), found.lasts.tolist(), each(found), strict=True
    ):
        values, times = whole[term]
        assert last == values[-1]
        assert posting_steps.head(postings_)[0] == len(values)
        if frequent:
            assert [part.tolist() for part in posting_lists.with_frequencies(postings_)] == [
                values,
                times,
            ]
        else:
            assert posting_lists.values(postings_).tolist() == values


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
        held = postings_numpy.Postings(segment)
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
            at = postings_numpy.starts_of(segment, field)
            for term in range(len(grams)):
                for place in held.places(field, term).tolist():
                    i = int(np.searchsorted(at, place, side="right")) - 1
                    if alive[i]:
                        key = field, names[i], grams.pair(term)
                        places.setdefault(key, []).append(place - int(at[i]))
            for code in grams.characters:
                found = held.standing(field, chr(code)) & alive
                singles |= {(field, names[i], chr(code)) for i in np.flatnonzero(found).tolist()}
    return {"articles": articles, "words": words, "places": places, "singles": singles}


def held(container: Container) -> dict[str, tuple[str, bytes]]:
    return {name: (values.kind, bytes(values.read())) for name, values in container.arrays()}


def test_merging_changes_nothing_but_the_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.codec.segment_merge.SLICE_BYTES", 700)
    batches = [made(1, 60), made(2, 1), made(3, 90)]
    segments = []
    for i, some in enumerate(batches):
        write_batch(tmp_path / f"{i}.sou", some)
        gone = bytearray((len(some) + 7) // 8)
        for number in range(0, len(some) if i != 1 else 0, 5):
            gone[number >> 3] |= 1 << (number & 7)
        segments.append(Segment(tmp_path, f"{i}.sou", bytes(gone) if i != 1 else b""))
    count = merge(segments, tmp_path / "all.sou")
    whole = Segment(tmp_path, "all.sou")
    assert count == whole.count == sum(segment.live() for segment in segments)
    assert contents([whole]) == contents(segments)
    assert not whole.container.faults()
    for processes in (2, 3, 9):  # in parts, as several processes write them
        with ContainerWriter(tmp_path / f"parts{processes}.sou") as out:
            for part in shares(processes):
                assert merge(segments, tmp_path / "part.sou", parts=part) == count
                with Container(tmp_path / "part.sou") as container:
                    out.copy(container)
                (tmp_path / "part.sou").unlink()
        again = Container(tmp_path / f"parts{processes}.sou")
        assert not again.faults()
        assert held(again) == held(whole.container)
    lengths = [whole.words("body").lengths[i] for i in range(whole.count)]
    assert whole.words("body").total == sum(lengths)


@settings(max_examples=examples(60))
@given(articles=corpora(), few=st.booleans())
@example(
    articles=[Article("a", "", "ＰＰＴ supercalifragilistic 網格化服務管理 3.14", "p")] * 3,
    few=False,
)
def test_words_and_pairs_are_those_of_each_text(articles: list[Article], *, few: bool) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_writer, "FEW_CHARACTERS", 1 << 30 if few else 0)
        write_batch(Path(name) / "a.sou", articles)
        one = Segment(Path(name), "a.sou")
        held = postings_numpy.Postings(one)
        for field in TEXT_FIELDS:
            found = [Counter[str]() for _ in articles]
            table = one.words(field)
            for term in range(len(table.terms)):
                numbers, times = held.word_frequencies(field, term, held.everything())
                for i, count in zip(numbers.tolist(), times.tolist(), strict=True):
                    found[i][table.terms[term].decode()] = count
            texts = [[fold(text) for text in texts_of(article)[field]] for article in articles]
            wanted = [
                Counter(word for text in some for word in segmentation.segment(text))
                for some in texts
            ]
            assert found == wanted
            assert list(table.lengths) == [sum(some.values()) for some in wanted]
            assert list(one.grams(field).lengths) == [sum(map(len, some)) for some in texts]
        one.close()


@given(st.lists(st.binary(max_size=3), min_size=1), st.binary(max_size=3))
def test_strings_are_found_with_and_without_a_sample(values: list[bytes], other: bytes) -> None:
    values = sorted(set(values) | {bytes([i // 256, i % 256]) for i in range(70)})
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.sou"
        with ContainerWriter(path) as out:
            write_strings(out, "x", values)
        with Container(path) as container:
            strings = Strings(container, "x")
            assert strings.all() == values
            for _ in range(2):  # the second time they have been asked for often
                assert [strings.find(value) for value in values] == list(range(len(values)))
                for value in (other, other + b"\xff"):
                    assert strings.find(value) == (values.index(value) if value in values else -1)
            del strings


def test_articles_come_back_from_blocks_with_a_dictionary(tmp_path: Path) -> None:
    many = made(5, 12_000)
    write_batch(tmp_path / "a.sou", many)
    write_batch(tmp_path / "b.sou", made(6, 3))
    first = Segment(tmp_path, "a.sou", bytes([1, *bytes(1499)]))  # the first one is deleted
    assert {dictionary != b"" for *_, dictionary in first.blocks.all()} == {True}
    merge([first, Segment(tmp_path, "b.sou")], tmp_path / "all.sou")
    whole = Segment(tmp_path, "all.sou")
    assert [whole.article(i) for i in range(whole.count)] == [*many[1:], *made(6, 3)]


def test_blocks_of_any_number_of_dictionaries(tmp_path: Path) -> None:
    with ContainerWriter(tmp_path / "a.sou") as out:
        writer = BlockWriter(out)
        for i in range(300):
            writer.add_block(zstandard.compress(f"{i}".encode()), 1, f"dictionary {i}".encode())
        writer.end()
    with Container(tmp_path / "a.sou") as container:
        found = list(Blocks(container, 300).all())
    assert [dictionary for *_, dictionary in found] == [
        f"dictionary {i}".encode() for i in range(300)
    ]


def test_a_block_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_batch(tmp_path / "a.sou", [Article("a", "", "长" * 5000, "p")])
    segment = Segment(tmp_path, "a.sou")
    monkeypatch.setattr("search.engines.whoosh.codec.docstore.MOST_BYTES", 4000)
    with pytest.raises(FormatError, match="too large"):
        segment.article(0)


def test_what_is_deleted_leaves_no_trace_after_a_merge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.codec.docstore_writer._made", [])
    secret = "龘靐齉" * 30
    many = [replace(a, body=secret if i % 8 == 0 else a.body) for i, a in enumerate(made(5, 9000))]
    write_batch(tmp_path / "a.sou", many)
    gone = bytearray((len(many) + 7) // 8)
    for i in range(0, len(many), 8):
        gone[i >> 3] |= 1 << (i & 7)
    whole = Segment(tmp_path, "a.sou")
    assert any(secret[:3].encode() in d for *_, d in whole.blocks.all())  # else proves nothing
    merge([Segment(tmp_path, "a.sou", bytes(gone))], tmp_path / "b.sou")
    merged = Segment(tmp_path, "b.sou")
    assert merged.count == merged.live() == len(many) - len(range(0, len(many), 8))
    assert not set("龘靐齉") & set(map(chr, merged.grams("body").characters))
    assert "龘".encode() not in b"".join(merged.words("body").terms.all())
    assert not any("龘".encode() in dictionary for *_, dictionary in merged.blocks.all())
    kept = [a for i, a in enumerate(many) if i % 8]
    assert [merged.article(i) for i in range(merged.count)] == kept


def test_a_far_list_is_no_longer_than_its_numbers() -> None:
    near = posting_lists.build(np.array([0]), np.arange(100) * 3, np.array([100]))
    assert posting_steps.head(each(near)[0])[1] != VARINTS
    parts = [Part(np.array([0]), near, 0), Part(np.array([0]), near, 10**9)]
    _, found = joined(parts, frequencies=False)
    assert posting_lists.values(each(found)[0]).tolist() == [
        *range(0, 300, 3),
        *range(10**9, 10**9 + 300, 3),
    ]
    assert len(found.data) < 500


def test_documents_of_positions_whatever_their_lengths() -> None:
    rng = random.Random(3)
    for size in (1, 70, 3000):
        spans = [rng.choice([0, 0, 0, 0, 1, 2, 500]) for _ in range(size)] + [1]
        at = np.concatenate([[0], np.cumsum(spans)])
        places = np.sort(np.array([rng.randrange(int(at[-1])) for _ in range(200)]))
        wanted = np.searchsorted(at, places, side="right") - 1
        assert (
            postings_numpy.documents_at(postings_numpy.coarse(at), at, places).tolist()
            == wanted.tolist()
        )


def test_a_number_too_large_is_refused() -> None:
    with pytest.raises(OverflowError):
        varint.encode(np.array([1, 2**35], dtype=np.int64))


def test_more_characters_than_sixteen_bits_number(tmp_path: Path) -> None:
    body = "".join(map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]))
    body += "".join(map(chr, range(0x20000, 0x2A6E0)))
    write_batch(tmp_path / "a.sou", [Article("a", "", body, "p")])
    segment = Segment(tmp_path, "a.sou")
    assert len(segment.grams("body").characters) > 1 << 16
    for text in (body[100:105], body[-3:], body[0], "𠀀𠀁"):
        assert postings_numpy.Postings(segment).standing("body", text).any()
        assert postings_python.Postings(segment).standing("body", text) == {0}
    assert not postings_numpy.Postings(segment).standing("body", "一𠀀").any()


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


def test_lists_of_one_segment_are_copied_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding them would be right too, and several times as slow."""
    of = [list(range(0, 90, 3)), list(range(5, 50_000, 500)), [7, 1_000_000]]
    parts = [Part(np.arange(3), built(of, None), base) for base in (0, 3000)]
    monkeypatch.setattr(posting_lists, "decode", None)
    terms, found = joined(
        [parts[0], Part(np.arange(3) + 3, parts[1].lists, parts[1].base)], frequencies=False
    )
    assert terms.tolist() == [0, 1, 2, 3, 4, 5]
    assert [posting_lists.values(term).tolist() for term in each(found)] == [
        *of,
        *([value + 3000 for value in values] for values in of),
    ]


@pytest.mark.parametrize(("different", "width"), [(3, 1), (256, 1), (257, 2), (70_000, 4)])
def test_labels_take_as_few_bytes_as_they_need(tmp_path: Path, different: int, width: int) -> None:
    texts = [f"报{i % different}".encode() for i in range(max(300, different))]
    with ContainerWriter(tmp_path / "x") as out:
        write_distinct(out, "papers", texts)
    with Container(tmp_path / "x") as container:
        of, values = container.array("papers.of"), Strings(container, "papers")
        assert of.itemsize == width
        assert len(values) == different
        assert [values[number] for number in of] == texts
        del of, values


def test_labels_of_merged_segments(tmp_path: Path) -> None:
    """More different ones together than either segment had, and of the live ones only."""
    one = [replace(a, paper=f"报{i}", authors=("甲", str(i))) for i, a in enumerate(made(1, 200))]
    two = [replace(a, paper=f"刊{i}", section="要闻") for i, a in enumerate(made(2, 200))]
    for name, articles in (("one", one), ("two", two)):
        write_batch(tmp_path / name, articles)
    gone = bytes([1]) + bytes(24)  # the first document
    segments = [Segment(tmp_path, "one", gone), Segment(tmp_path, "two")]
    merge(segments, tmp_path / "both")
    both = Segment(tmp_path, "both")
    of, values = both.labels("papers")
    assert [values[n].decode() for n in of] == [a.paper for a in [*one[1:], *two]]
    assert b"\xe6\x8a\xa50" not in values.all()
    of, values = both.labels("bylines")
    assert values[of[0]] == '["甲","1"]'.encode()
    for segment in (*segments, both):
        segment.close()
