"""Postings with numpy: masks over the documents of a segment, and arrays of positions.

The same functions as `plain`, for many postings.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from search.engines.whoosh.codec.segment import Segment
from search.engines.whoosh.codec.varint import decode

Documents = Any
"""A mask: an array of bool, one for each document of the segment."""


def everything(segment: Segment) -> Documents:
    """Return all documents that are not deleted."""
    return without_deleted(segment, np.ones(segment.count, dtype=bool))


def without_deleted(segment: Segment, found: Documents) -> Documents:
    """Return the documents that are not deleted."""
    if not segment.deleted:
        return found
    bits = np.unpackbits(np.frombuffer(segment.deleted, dtype=np.uint8), bitorder="little")
    return found & ~bits[: segment.count].astype(bool)


def without(found: Documents, other: Documents) -> Documents:
    """Return the documents of the one that are not in the other."""
    return found & ~other


def nothing(segment: Segment) -> Documents:
    """Return no documents."""
    return np.zeros(segment.count, dtype=bool)


def _mask(segment: Segment, documents: Any) -> Documents:
    mask = np.zeros(segment.count, dtype=bool)
    mask[documents] = True
    return mask


def _documents_of(segment: Segment, field: str, places: Any) -> Any:
    """Return the document of each position, both sorted."""
    return np.searchsorted(_at(segment, field), places, side="right") - 1


def _at(segment: Segment, field: str) -> Any:
    """Return where each document begins among the positions of a field, int64."""
    key = f"at {field}"
    if key not in segment.kept:
        segment.kept[key] = numbers(segment.grams(field).at)
    return segment.kept[key]


def numbers(view: memoryview) -> Any:
    """Return an array of the file as int64."""
    return np.frombuffer(view, dtype=f"<u{view.itemsize}").astype(np.int64)


def standing(segment: Segment, field: str, text: str) -> Documents:
    """Return the documents in whose field a folded text stands, deleted ones included."""
    grams = segment.grams(field)
    if len(text) == 1:
        return _mask(segment, np.cumsum(decode(grams.single(text))))
    # Every other pair covers the text; the last pair covers an odd character at the end.
    offsets = dict.fromkeys([*range(0, len(text) - 1, 2), len(text) - 2])
    terms = [(offset, grams.find(text[offset : offset + 2])) for offset in offsets]
    if any(term < 0 for _, term in terms):
        return nothing(segment)
    terms.sort(key=lambda item: len(grams.postings(item[1])))
    starts: Any = None
    for offset, term in terms:
        places = np.cumsum(decode(grams.postings(term))[1:])
        if starts is None:
            starts = places - offset
        else:
            at = np.searchsorted(places, starts + offset)
            at[at == len(places)] = 0
            starts = starts[places[at] == starts + offset]
        if not len(starts):
            return nothing(segment)
    return _mask(segment, _documents_of(segment, field, starts))


def dated(segment: Segment, since: int, until: int) -> Documents:
    """Return the documents of which some day is in a range."""
    first = np.frombuffer(segment.first, dtype=np.uint32)
    last = np.frombuffer(segment.last, dtype=np.uint32)
    return (first > 0) & (first <= until) & (last >= since)


def of_paths(segment: Segment, numbers: set[int]) -> Documents:
    """Return the documents of some paths, given by their numbers."""
    of = np.frombuffer(segment.path_numbers(), dtype=np.uint32)
    return np.isin(of, list(numbers))


def word_frequencies(segment: Segment, field: str, term: int) -> tuple[Any, Any]:
    """Return the documents of a word, sorted, and how often it stands in each."""
    words = segment.words(field)
    values = decode(words.postings(term))
    count = words.count(term)
    frequencies = values[:count] & 1
    frequencies[frequencies > 0] += values[count:]
    return np.cumsum(values[:count] >> 1), frequencies + 1


def pair_frequencies(segment: Segment, field: str, term: int) -> tuple[Any, Any]:
    """Return the documents of a pair, sorted, and how often it stands in each."""
    places = np.cumsum(decode(segment.grams(field).postings(term))[1:])
    documents = _documents_of(segment, field, places)
    starts = np.flatnonzero(np.concatenate(([True], documents[1:] != documents[:-1])))
    return documents[starts], np.diff(np.append(starts, len(documents)))


def bm25(
    lengths: memoryview,
    found: tuple[Any, Any],
    scale: float,
    k1: float,
    b: float,
    average: float,
) -> tuple[Any, Any]:
    """Return documents and `scale` times the saturated, length-normalised frequency."""
    documents, tf = found
    norms = np.frombuffer(lengths, dtype=np.uint32)[documents]
    flat, steep = k1 * (1 - b), k1 * b / average
    return documents, scale * (tf * (k1 + 1) / (tf + flat + steep * norms))


class Scores:
    """The scores of the documents found in a segment."""

    def __init__(self, segment: Segment, found: Documents) -> None:
        self._found = found
        self._scores = np.zeros(segment.count)

    def add(self, documents: Any, worths: Any) -> None:
        """Add worths to documents; those that were not found do not matter."""
        self._scores[documents] += worths

    def add_to(self, documents: Documents, worth: float) -> None:
        """Add the same to each document of a set."""
        self._scores[documents] += worth

    def count(self) -> int:
        """Return the number of documents found."""
        return int(np.count_nonzero(self._found))

    def best(self, most: int) -> list[tuple[float, int]]:
        """Return score and number of the best, at most `most`, best first."""
        numbers = np.flatnonzero(self._found)
        scores = self._scores[numbers]
        if 0 < most < len(numbers):
            least = np.partition(scores, len(scores) - most)[len(scores) - most]
            kept = scores >= least
            numbers, scores = numbers[kept], scores[kept]
        order = np.lexsort((numbers, -scores))[:most]
        return list(zip(scores[order].tolist(), numbers[order].tolist(), strict=True))

    def numbers(self) -> list[int]:
        """Return the documents found, in order."""
        found: list[int] = np.flatnonzero(self._found).tolist()
        return found

    def by_day(
        self, segment: Segment, most: int, *, newest: bool
    ) -> list[tuple[tuple[int, int], int]]:
        """Return key and number of the first `most` by day; the undated come last."""
        numbers = np.flatnonzero(self._found)
        days = np.frombuffer(segment.first, dtype=np.uint32)[numbers].astype(np.int64)
        keys = np.where(days == 0, 1 << 40, -days if newest else days)
        order = np.lexsort((numbers, keys))[:most]
        return [
            ((int(days[i] == 0), int(keys[i]) if days[i] else 0), int(numbers[i])) for i in order
        ]


def positions(segment: Segment, field: str, term: int) -> list[list[int]]:
    """Return the positions of a pair in each of its documents, counted from its beginning."""
    places = np.cumsum(decode(segment.grams(field).postings(term))[1:])
    documents = _documents_of(segment, field, places)
    starts = np.flatnonzero(np.concatenate(([True], documents[1:] != documents[:-1])))
    inside = places - _at(segment, field)[documents]
    return [part.tolist() for part in np.split(inside, starts[1:])]
