"""Posting lists, byte for byte and question by question, against lists and sets of Python."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.segment import segment
from search.engines.whoosh import scores_numpy, scores_python
from search.engines.whoosh.codec import posting_lists, postings_numpy, postings_python
from search.engines.whoosh.codec.container import FormatError
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.segment_writer import write_batch
from search.model.article import Article, date_bounds
from tests.conftest import examples
from tests.engines.test_codec import built, each, postings, some_frequencies
from tests.strategies import plain_corpora

# The bytes: docs/index-format.md.


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last have the highest bit."""
    out = []
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def in_units(step: int, size: int) -> bytes:
    """A step in bytes, or in 16 bits each: the largest number says that more is to be added."""
    widest = (1 << 8 * size) - 1
    whole, rest = divmod(step, widest)
    return b"".join(n.to_bytes(size, "little") for n in [*[widest] * whole, rest])


def encoded(values: list[int], times: list[int] | None = None) -> bytes:
    """One list: from fifty steps on, bytes or shorts where they take at most 1.3 times as much."""
    steps = [b - a for a, b in pairwise([0, *values])]
    extras = b""
    if times is not None:
        steps = [step * 2 + (often > 1) for step, often in zip(steps, times, strict=True)]
        extras = b"".join(varint(often - 2) for often in times if often > 1)
    kinds = [b"".join(map(varint, steps))]
    kinds += [b"".join(in_units(step, size) for step in steps) for size in (1, 2)]
    sizes, kind = [len(data) for data in kinds], 0
    if len(steps) >= 50:
        if sizes[2] <= 1.3 * sizes[0]:
            kind = 2
        if sizes[1] <= min(sizes[2], 1.3 * sizes[0]):
            kind = 1
    size = b"" if times is None else varint(len(extras))
    return varint(len(values) * 4 + kind) + size + kinds[kind] + extras


def some(seed: int) -> list[list[int]]:
    rng = random.Random(seed)
    found = postings(rng)
    for size in (49, 50, 51, 64, 100):
        step = rng.choice(
            [1, 100, 127, 128, 150, 254, 255, 256, 300, 20_000, 65_534, 65_535, 65_536]
        )
        found.append(np.cumsum([rng.choice([1, step]) for _ in range(size)]).tolist())
    return found


@pytest.mark.parametrize("seed", range(30))
def test_lists_are_the_bytes_that_are_written_of(seed: int) -> None:
    of = some(seed)
    assert [bytes(data) for data in each(built(of, None))] == [encoded(values) for values in of]
    times = some_frequencies(random.Random(seed), of)
    whole = built(of, times)
    assert [bytes(data) for data in each(whole)] == [
        encoded(values, often) for values, often in zip(of, times, strict=True)
    ]
    assert whole.lasts.tolist() == [values[-1] for values in of]
    again = posting_lists.decode(whole, frequencies=True)
    assert again.documents.tolist() == [len(values) for values in of]
    assert again.extras is not None
    assert again.extras.counts.tolist() == [sum(n > 1 for n in often) for often in times]
    assert again.extras.values.tolist() == [n - 2 for often in times for n in often if n > 1]
    data, ends = posting_lists.encode(again)
    assert data.tobytes() == whole.data.tobytes()
    assert ends.tolist() == whole.at[1:].tolist()


@pytest.mark.parametrize("seed", range(10))
def test_lists_in_another_order(seed: int) -> None:
    of = some(seed)
    order = list(range(len(of)))
    random.Random(seed).shuffle(order)
    found = posting_lists.reordered(built(of, None), np.array(order))
    assert [bytes(data) for data in each(found)] == [encoded(of[i]) for i in order]
    assert found.lasts.tolist() == [of[i][-1] for i in order]


def test_many_small_lists_are_gathered_a_block_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(0)
    data = np.array([rng.randrange(256) for _ in range(500)], dtype=np.uint8)
    starts = np.array([rng.randrange(400) for _ in range(90)])
    sizes = np.array([rng.choice([0, 1, 2, 50]) for _ in range(90)])
    expected = b"".join(
        data[a : a + n].tobytes() for a, n in zip(starts.tolist(), sizes.tolist(), strict=True)
    )
    for block in (1, 2, 7, 89, 90, 91, 1 << 14):
        monkeypatch.setattr(posting_lists, "_BLOCK", block)
        assert posting_lists.gathered(data, starts, sizes).tobytes() == expected
    assert not len(posting_lists.gathered(data, starts[:0], sizes[:0]))


RUNS = st.lists(st.integers(0, 4), max_size=12)


@given(RUNS, RUNS)
def test_runs(values: list[int], numbers: list[int]) -> None:
    ordered = np.array(sorted(values), dtype=np.int64)
    starts = [i for i, v in enumerate(ordered) if not i or v != ordered[i - 1]]
    assert posting_lists.run_starts(ordered).tolist() == starts
    assert posting_lists.distinct(np.array(values, dtype=np.int64)).tolist() == sorted(set(values))
    counts = np.array(values, dtype=np.int64)
    assert posting_lists.starts_of(counts).tolist() == [sum(values[:i]) for i in range(len(values))]
    at = np.array([3 * n for n in range(len(values))], dtype=np.int64)
    assert posting_lists.places_in(at, counts).tolist() == [
        3 * i + k for i, n in enumerate(values) for k in range(n)
    ]
    if numbers:
        cuts = sorted({0, *(v for v in values if v < len(numbers))})
        parts = [numbers[a:b] for a, b in pairwise([*cuts, len(numbers)])]
        expected = [sum(a != b for a, b in pairwise([None, *part])) for part in parts]
        found = posting_lists.different(np.array(cuts), np.array(numbers))
        assert found.tolist() == expected
    assert not len(posting_lists.different(np.array([], dtype=int), np.array([], dtype=int)))


@pytest.mark.parametrize("seed", range(10))
def test_frequencies_of_some_documents(seed: int) -> None:
    rng = random.Random(seed)
    of = [values for values in some(seed) if values[-1] < 100_000]
    times = some_frequencies(rng, of)
    mask = np.array([rng.random() < 0.5 for _ in range(100_000)])
    for values, often, data in zip(of, times, each(built(of, times)), strict=True):
        found = [part.tolist() for part in posting_lists.with_frequencies(data, mask)]
        kept = [(v, n) for v, n in zip(values, often, strict=True) if mask[v]]
        assert found == [[v for v, _ in kept], [n for _, n in kept]]


def test_lists_that_are_none() -> None:
    short = memoryview(varint(4) + varint(5) + b"\1")
    for read in (posting_lists.with_frequencies, postings_python.with_frequencies):
        with pytest.raises(ValueError, match="begin before"):
            read(short)
        assert [list(part) for part in read(memoryview(varint(4) + varint(0) + b"\6"))] == [
            [3],
            [1],
        ]
        assert [list(p) for p in read(memoryview(varint(4) + varint(1) + b"\7\4"))] == [[3], [6]]
    assert postings_python.values(memoryview(b"")) == []
    for data in (varint(4) + varint(9), varint(7) + b"\1\1"):
        whole = posting_lists.Lists(
            np.frombuffer(data, dtype=np.uint8), np.array([0, len(data)]), None
        )
        with pytest.raises(ValueError, match="a list is not valid"):
            posting_lists.decode(whole, frequencies=True)


# The questions.

MODULES = pytest.mark.parametrize("module", [postings_python, postings_numpy])


@contextmanager
def opened(articles: list[Article], deleted: set[int] = frozenset()) -> Iterator[Segment]:  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder:
        write_batch(Path(folder) / "a.sou", articles)
        bits = bytearray(len(articles) // 8 + 1) if deleted else b""
        for number in deleted:
            bits[number // 8] |= 1 << number % 8  # type: ignore[index]
        found = Segment(Path(folder), "a.sou", bytes(bits))
        try:
            yield found
        finally:
            found.close()


def texts(articles: list[Article], field: str) -> list[list[str]]:
    if field == "author":
        return [[fold(name) for name in article.authors] for article in articles]
    return [[fold(getattr(article, field) or "")] for article in articles]


def documents(of: Any, found: Any) -> set[int]:
    return set(of.listed(found))


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    """Some long bodies among short ones, so that lists of several kinds come of them."""
    articles = draw(plain_corpora())
    if draw(st.booleans()):
        rest = "网格化管理晴。" * draw(st.sampled_from([10, 30, 60]))
        body = draw(st.sampled_from(["桥", ""])) + rest + "网格服务。志愿"
        articles[0] = Article("long", "题", body, "a/long.txt", date="2023-05-12")
    return articles


@MODULES
@settings(max_examples=examples(60))
@given(articles=corpora(), data=st.data())
def test_where_strings_stand(
    module: ModuleType, articles: list[Article], data: st.DataObject
) -> None:
    everything = set(range(len(articles)))
    gone = data.draw(st.sets(st.sampled_from(sorted(everything))))
    with opened(articles, gone) as of:
        found = module.Postings(of)
        assert documents(found, found.everything()) == everything - gone
        assert documents(found, found.nothing()) == set()
        every = found.of_numbers(everything)
        for field in ("title", "body", "author", "paper", "section"):
            values = texts(articles, field)
            source = data.draw(st.sampled_from([v for vs in values for v in vs if v] or ["桥"]))
            start = data.draw(st.integers(0, len(source) - 1))
            strings = [source[start : start + n] for n in (1, 2, 3, 4, 7)] + [
                "网格",
                "鬱",
                "鬱格服",
            ]
            for text in strings:
                expected = {i for i, vs in enumerate(values) if any(text in v for v in vs)}
                assert documents(found, found.standing(field, text)) == expected, (field, text)
                few = found.of_numbers(data.draw(st.sets(st.sampled_from(sorted(everything)))))
                some_of = documents(found, few)
                assert documents(found, found.among(few, field, text)) == some_of & expected
                left = found.without(every, found.standing(field, text))
                assert documents(found, left) == everything - expected
                assert documents(found, found.without_deleted(every)) == everything - gone


@MODULES
@settings(max_examples=examples(40))
@given(articles=corpora(), data=st.data())
def test_how_often(module: ModuleType, articles: list[Article], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(range(len(articles)))))
    with opened(articles) as of:
        found = module.Postings(of)
        only = found.of_numbers(chosen)
        for field in ("title", "body", "author"):
            values = texts(articles, field)
            words = Counter(word for vs in values for v in vs for word in segment(v))
            for word in words:
                numbers, often = found.word_frequencies(field, of.words(field).find(word), only)
                expected = {
                    i: sum(segment(v).count(word) for v in vs) for i, vs in enumerate(values)
                }
                assert dict(zip(map(int, numbers), map(int, often), strict=True)) == {
                    i: n for i, n in expected.items() if n and i in chosen
                }
            pairs = {v[i : i + 2] for vs in values for v in vs for i in range(len(v) - 1)}
            for pair in sorted(pairs)[:12]:
                times = {
                    i: sum(v.startswith(pair, k) for v in vs for k in range(len(v)))
                    for i, vs in enumerate(values)
                }
                # In the lead of a body, one more (docs/query.md, "Order").
                early = (
                    {
                        i
                        for i, [v, *_] in enumerate(values)
                        if field == "body" and 0 <= v.find(pair) < 100
                    }
                    if field == "body"
                    else set()
                )
                term = of.grams(field).find(pair)
                for _ in range(2):  # the second time from what was kept
                    numbers, counts = found.pair_frequencies(
                        field, term, only, *((100, 1.0) if field == "body" else ())
                    )
                    assert dict(zip(map(int, numbers), map(float, counts), strict=True)) == {
                        i: n + (i in early) for i, n in times.items() if n and i in chosen
                    }
                    if module is postings_numpy:
                        numbers, counts = found.pair_frequencies(field, term, only)
                        assert dict(zip(numbers.tolist(), counts.tolist(), strict=True)) == {
                            i: n for i, n in times.items() if n and i in chosen
                        }
                        found.standing(field, pair)  # keeps it
            chars = {char for vs in values for v in vs for char in v}
            for char in sorted(chars)[:8]:
                term = of.characters(field).find(char)
                numbers, ones = found.character_frequencies(field, term, only)
                expected_ = [i for i, vs in enumerate(values) if any(char in v for v in vs)]
                assert sorted(map(int, numbers)) == [i for i in expected_ if i in chosen]
                assert set(ones) <= {1}
        assert of.characters("body").find("\n") == of.characters("body").find("鬱") == -1


YEARS = st.sampled_from([1955, 1956, 1998, 2021, 2023])
"""The years of the articles, two of which are of the days that ranges begin and end with."""


@MODULES
@settings(max_examples=examples(40))
@given(articles=corpora(), since=YEARS, until=YEARS)
def test_columns(module: ModuleType, articles: list[Article], since: int, until: int) -> None:
    with opened(articles) as of:
        found = module.Postings(of)
        first, last = since * 10000 + 512, until * 10000 + 724
        expected = {
            i
            for i, article in enumerate(articles)
            if article.date
            and date_bounds(article.date)[0] <= last
            and date_bounds(article.date)[1] >= first
        }
        assert documents(found, found.dated(first, last)) == expected
        for i, article in enumerate(articles):  # each edge of its own days
            begin, end = date_bounds(article.date) if article.date else (0, 0)
            for a, b in ((end, end + 1), (end + 1, end + 2), (begin - 1, begin), (0, begin - 1)):
                within = bool(begin) and a <= end and b >= begin
                assert (i in documents(found, found.dated(a, b))) == within
        numbers = of.path_numbers()
        for wanted in ({0}, {0, len(articles) - 1}, set()):
            assert documents(found, found.of_paths(wanted)) == {
                i for i in range(len(articles)) if numbers[i] in wanted
            }
        assert documents(found, found.of_array(np.array([1, 2]))) == {1, 2}
        picked = found.frequencies(
            np.array([0, 1, 2]), np.array([5, 6, 7]), found.of_numbers({0, 2})
        )
        assert [list(map(int, part)) for part in picked] == [[0, 2], [5, 7]]


def scores_of(module: ModuleType) -> Any:
    """Return the class of scores that goes with a way of holding postings."""
    return (scores_numpy if module is postings_numpy else scores_python).Scores


@MODULES
@settings(max_examples=examples(60))
@given(articles=corpora(), data=st.data())
def test_scores(module: ModuleType, articles: list[Article], data: st.DataObject) -> None:
    whole = range(len(articles))
    chosen = data.draw(st.sets(st.sampled_from(whole), min_size=1))
    with opened(articles) as of:
        found = module.Postings(of)
        scores = scores_of(module)(of, found.of_numbers(chosen))
        expected = dict.fromkeys(sorted(chosen), 0.0)
        assert scores.count() == len(chosen)
        assert scores.numbers() == sorted(chosen)
        for _ in range(data.draw(st.integers(0, 4))):
            parts = []
            sums: Counter[int] = Counter()
            for _ in range(data.draw(st.integers(1, 3))):
                some_of = sorted(data.draw(st.sets(st.sampled_from(sorted(chosen)))))
                often = [data.draw(st.integers(1, 3)) for _ in some_of]
                lengths = of.grams("body").lengths
                pair = (some_of, often)
                if module is postings_numpy:
                    pair = (np.array(some_of, dtype=np.int64), np.array(often))  # type: ignore[assignment]
                if some_of:
                    parts.append(scores.normal(pair, lengths, 0.25, 0.5))
                for i, n in zip(some_of, often, strict=True):
                    sums[i] += n / (0.25 + 0.5 * len(fold(articles[i].body)))  # type: ignore[assignment]
            if parts:
                scores.add(parts, 3.0, 0.9)
            for i, x in sums.items():
                expected[i] += 3 * x / (x + 0.9)
            more = data.draw(st.sets(st.sampled_from(sorted(chosen))))
            scores.add_to(found.of_numbers(more), 0.5)
            for i in more:
                expected[i] += 0.5
            one = data.draw(st.sampled_from(sorted(chosen)))
            scores.raise_by(one, 0.25)
            expected[one] += 0.25
        for i in chosen:
            assert scores.of(i) == pytest.approx(expected[i])
        check_orders(scores, chosen, articles)
        check_tallies(scores, of, chosen, most=2 if module is postings_numpy else 3)


def check_orders(scores: Any, chosen: set[int], articles: list[Article]) -> None:
    """Best first, or by day, of which there may be fewer than are asked for."""
    exact = sorted(chosen, key=lambda i: (-scores.of(i), i))
    days = {i: date_bounds(d)[0] if (d := articles[i].date) else 0 for i in chosen}
    for most in (0, 1, 2, len(chosen) - 1, len(chosen), len(chosen) + 1):
        assert scores.best(most) == [(scores.of(i), i) for i in exact[:most]]
        for newest in (True, False):
            sign = -1 if newest else 1
            keys = sorted(((int(not days[i]), sign * days[i]), i) for i in chosen)
            assert scores.by_day(most, newest=newest) == keys[:most]


def check_tallies(scores: Any, of: Segment, chosen: set[int], most: int) -> None:
    """Each combination of values once; of numbers of 32 bits, two go together with numpy."""
    columns = (of.path_numbers(), of.first, of.last)
    for number in range(1, most + 1):
        counts = Counter(tuple(int(c[i]) for c in columns[:number]) for i in chosen)
        tallied = scores.tally(*columns[:number])
        assert dict(tallied) == counts
        assert len(tallied) == len(counts)


@given(
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 5, 63, 64, 65, 300]), min_size=1, max_size=60),
    st.data(),
)
def test_the_document_of_a_position(sizes: list[int], data: st.DataObject) -> None:
    total = sum(sizes)
    if not total:
        return
    at = np.cumsum([0, *sizes])
    owner = [i for i, size in enumerate(sizes) for _ in range(size)]
    places = sorted(data.draw(st.sets(st.integers(0, total - 1), max_size=40)))
    table = postings_numpy.coarse(at)
    assert table.tolist() == [owner[place] for place in range(0, total, 64)]
    found = postings_numpy.documents_at(table, at, np.array(places, dtype=np.int64))
    assert found.tolist() == [owner[place] for place in places]


@given(
    st.lists(
        st.dictionaries(st.integers(0, 9), st.integers(1, 5), max_size=6), min_size=1, max_size=4
    )
)
def test_values_are_added_up_by_document(parts: list[dict[int, int]]) -> None:
    parts = [part for part in parts if part]
    if not parts:
        return
    given_ = [
        (np.array(sorted(part)), np.array([float(part[i]) for i in sorted(part)])) for part in parts
    ]
    numbers, values = scores_numpy.summed(given_)
    expected: Counter[int] = Counter()
    for part in parts:
        expected.update(part)
    assert dict(zip(numbers.tolist(), values.tolist(), strict=True)) == dict(expected)
    assert numbers.tolist() == sorted(numbers.tolist())


@MODULES
def test_a_list_that_names_what_is_not_there_is_damage(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened([Article("a", "网格", "网格", "a.txt")]) as of:
        grams = of.grams("body")
        end = grams.at[-1]
        for last, wrong in ((end - 1, False), (end, True)):
            monkeypatch.setattr(
                type(grams), "postings", lambda *_, last=last: memoryview(encoded([0, last]))
            )
            found = module.Postings(of)
            if not wrong:
                assert list(found.places("body", 0)) == [0, last]
                continue
            with pytest.raises(FormatError, match="refers to something that does not exist"):
                found.places("body", 0)
