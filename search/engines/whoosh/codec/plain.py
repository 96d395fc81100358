"""Postings without numpy: sets, lists and dicts.

For few postings this is over before numpy would be loaded, which is what counts when a
shell starts a process for one search. `arrays` does the same for many.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import accumulate

from search.engines.whoosh.codec.segment import Segment
from search.engines.whoosh.codec.varint import decode_few

Documents = set[int]


def everything(segment: Segment) -> Documents:
    """Return all documents that are not deleted."""
    if not segment.deleted:
        return set(range(segment.count))
    return {number for number in range(segment.count) if not segment.is_deleted(number)}


def without_deleted(segment: Segment, found: Documents) -> Documents:
    """Return the documents that are not deleted."""
    if not segment.deleted:
        return found
    return {number for number in found if not segment.is_deleted(number)}


def without(found: Documents, other: Documents) -> Documents:
    """Return the documents of the one that are not in the other."""
    return found - other


def nothing(segment: Segment) -> Documents:
    """Return no documents."""
    del segment
    return set()


def standing(segment: Segment, field: str, text: str) -> Documents:
    """Return the documents in whose field a folded text stands, deleted ones included."""
    grams = segment.grams(field)
    if len(text) == 1:
        return set(accumulate(decode_few(grams.single(text))))
    # Every other pair covers the text; the last pair covers an odd character at the end.
    offsets = dict.fromkeys([*range(0, len(text) - 1, 2), len(text) - 2])
    terms = [(offset, grams.find(text[offset : offset + 2])) for offset in offsets]
    if any(term < 0 for _, term in terms):
        return set()
    terms.sort(key=lambda item: len(grams.postings(item[1])))
    starts: set[int] | None = None
    for offset, term in terms:
        places = accumulate(decode_few(grams.postings(term))[1:])
        if starts is None:
            starts = {place - offset for place in places}
        else:
            starts &= {place - offset for place in places}
        if not starts:
            return set()
    assert starts is not None
    return {bisect_right(grams.at, start) - 1 for start in starts}


def dated(segment: Segment, since: int, until: int) -> Documents:
    """Return the documents of which some day is in a range."""
    return {
        number
        for number, (first, last) in enumerate(zip(segment.first, segment.last, strict=True))
        if first and first <= until and last >= since
    }


def of_paths(segment: Segment, numbers: set[int]) -> Documents:
    """Return the documents of some paths, given by their numbers."""
    return {i for i, number in enumerate(segment.path_numbers()) if number in numbers}


def word_frequencies(segment: Segment, field: str, term: int) -> tuple[list[int], list[int]]:
    """Return the documents of a word, sorted, and how often it stands in each."""
    words = segment.words(field)
    values = decode_few(words.postings(term))
    count = words.count(term)
    extra = iter(values[count:])
    frequencies = [next(extra) + 2 if value & 1 else 1 for value in values[:count]]
    return list(accumulate(value >> 1 for value in values[:count])), frequencies


def pair_frequencies(segment: Segment, field: str, term: int) -> tuple[list[int], list[int]]:
    """Return the documents of a pair, sorted, and how often it stands in each."""
    grams = segment.grams(field)
    places = accumulate(decode_few(grams.postings(term))[1:])
    counts = Counter(bisect_right(grams.at, place) - 1 for place in places)
    return list(counts), list(counts.values())


def bm25(
    lengths: memoryview,
    found: tuple[list[int], list[int]],
    scale: float,
    k1: float,
    b: float,
    average: float,
) -> tuple[list[int], list[float]]:
    """Return documents and `scale` times the saturated, length-normalised frequency."""
    documents, frequencies = found
    flat, steep = k1 * (1 - b), k1 * b / average
    return documents, [
        scale * (tf * (k1 + 1) / (tf + flat + steep * lengths[number]))
        for number, tf in zip(documents, frequencies, strict=True)
    ]


class Scores:
    """The scores of the documents found in a segment."""

    def __init__(self, segment: Segment, found: Documents) -> None:
        del segment
        self._scores = dict.fromkeys(sorted(found), 0.0)

    def add(self, documents: list[int], worths: list[float]) -> None:
        """Add worths to the documents that were found."""
        scores = self._scores
        for number, worth in zip(documents, worths, strict=True):
            if number in scores:
                scores[number] += worth

    def add_to(self, documents: Documents, worth: float) -> None:
        """Add the same to each document of a set."""
        for number in documents & self._scores.keys():
            self._scores[number] += worth

    def count(self) -> int:
        """Return the number of documents found."""
        return len(self._scores)

    def best(self, most: int) -> list[tuple[float, int]]:
        """Return score and number of the best, at most `most`, best first."""
        order = sorted(self._scores.items(), key=lambda item: (-item[1], item[0]))
        return [(score, number) for number, score in order[:most]]

    def numbers(self) -> list[int]:
        """Return the documents found, in order."""
        return list(self._scores)

    def by_day(
        self, segment: Segment, most: int, *, newest: bool
    ) -> list[tuple[tuple[int, int], int]]:
        """Return key and number of the first `most` by day; the undated come last."""
        sign = -1 if newest else 1
        days = ((segment.first[number], number) for number in self._scores)
        return sorted(((int(not day), sign * day), number) for day, number in days)[:most]
