"""Postings with numpy: masks over the documents of a segment, and arrays of positions.

The same classes as in `plain`, for many postings.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from search.engines.whoosh.bm25f import LEAD, LEAD_WEIGHT
from search.engines.whoosh.codec import posting_lists
from search.engines.whoosh.codec.checked_file import Array
from search.engines.whoosh.codec.segment_reader import Segment

Documents = Any
"""A mask: an array of bool, one for each document of the segment."""

_ROUNDS = 8
"""Documents gone on by one, where many are short, before the right one is looked for."""

STEP = 6
"""Positions of which the document is remembered: one in 2**6. Most articles are longer."""


class Postings:
    """The postings of a segment, for one query: what was decoded is kept."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._places: dict[tuple[str, int], Any] = {}
        self._documents: dict[tuple[str, int], tuple[Any, Any, Any]] = {}

    def everything(self) -> Documents:
        """Return all documents that are not deleted."""
        return self.without_deleted(np.ones(self.segment.count, dtype=bool))

    def without_deleted(self, found: Documents) -> Documents:
        """Return the documents that are not deleted."""
        if not self.segment.deleted:
            return found
        bits = np.frombuffer(self.segment.deleted, dtype=np.uint8)
        return found & ~np.unpackbits(bits, bitorder="little")[: len(found)].astype(bool)

    def nothing(self) -> Documents:
        """Return no documents."""
        return np.zeros(self.segment.count, dtype=bool)

    @staticmethod
    def without(found: Documents, other: Documents) -> Documents:
        """Return the documents of the one that are not in the other."""
        return found & ~other

    def _mask(self, documents: Any) -> Documents:
        mask = self.nothing()
        mask[documents] = True
        return mask

    def standing(self, field: str, text: str) -> Documents:
        """Return the documents in whose field a folded text stands, deleted ones included."""
        grams = self.segment.grams(field)
        if len(text) == 1:
            postings = grams.single(text)
            return self._mask(posting_lists.values(postings)) if postings else self.nothing()
        cover = grams.cover(text)
        if len(cover) == 1:
            return self._mask(self._having(field, cover[0][1])[0])
        starts: Any = None
        for offset, term in cover:
            places = self.places(field, term)
            if starts is None:
                starts = places - offset
            else:
                at = np.searchsorted(places, starts + offset)
                at[at == len(places)] = 0
                starts = starts[places[at] == starts + offset]
            if not len(starts):
                break
        return self.nothing() if starts is None else self._mask(self.documents_at(field, starts))

    def among(self, found: Documents, field: str, text: str) -> Documents:
        """Return those of some documents in whose field a folded text stands."""
        return found & self.standing(field, text)

    def places(self, field: str, term: int) -> Any:
        """Return the positions of a pair in the field of all documents together, sorted."""
        if (field, term) not in self._places:
            grams = self.segment.grams(field)
            found = posting_lists.values(grams.postings(term))
            if len(found) and found[-1] >= grams.at[-1]:
                raise self.segment.container.wrong("a list names what is not there")
            self._places[field, term] = found
        return self._places[field, term]

    def _having(self, field: str, term: int) -> tuple[Any, Any, Any]:
        """Return the documents that have a pair, how often, and where it stands first."""
        if (field, term) not in self._documents:
            places = self.places(field, term)
            numbers = self.documents_at(field, places)
            starts = posting_lists.run_starts(numbers)
            times = np.diff(np.append(starts, len(numbers)))
            self._documents[field, term] = numbers[starts], times, places[starts]
        return self._documents[field, term]

    def documents_at(self, field: str, places: Any) -> Any:
        """Return the document of each position."""
        key = f"coarse {field}"
        at = starts_of(self.segment, field)
        if key not in self.segment.kept:
            self.segment.kept[key] = coarse(at)
        return documents_at(self.segment.kept[key], at, places)

    def dated(self, since: int, until: int) -> Documents:
        """Return the documents of which some day is in a range."""
        first = np.frombuffer(self.segment.first.whole(), dtype=np.uint32)
        last = np.frombuffer(self.segment.last.whole(), dtype=np.uint32)
        return (first > 0) & (first <= until) & (last >= since)

    def of_paths(self, numbers: set[int]) -> Documents:
        """Return the documents of some paths, given by their numbers."""
        of = np.frombuffer(self.segment.path_numbers().whole(), dtype=np.uint32)
        return np.isin(of, list(numbers))

    def of_numbers(self, numbers: set[int]) -> Documents:
        """Return the documents of these numbers."""
        return self._mask(np.array(list(numbers), dtype=np.int64))

    def of_array(self, numbers: Any) -> Documents:
        """Return the documents of these numbers, given as an array."""
        return self._mask(numbers)

    @staticmethod
    def listed(found: Documents) -> list[int]:
        """Return the numbers of some documents, in order."""
        numbers: list[int] = np.flatnonzero(found).tolist()
        return numbers

    @staticmethod
    def frequencies(numbers: Any, times: Any, found: Documents) -> tuple[Any, Any]:
        """Return those of the documents found that are among some, and how often each is."""
        kept = found[numbers]
        return numbers[kept], times[kept]

    def word_frequencies(self, field: str, term: int, found: Documents) -> tuple[Any, Any]:
        """Return those of the documents found that have a word, and how often each does."""
        return posting_lists.with_frequencies(self.segment.words(field).postings(term), found)

    def character_frequencies(self, field: str, term: int, found: Documents) -> tuple[Any, Any]:
        """Return those of the documents found that have a character, and for each 1."""
        numbers = posting_lists.values(self.segment.characters(field).postings(term))
        numbers = numbers[found[numbers]]
        return numbers, np.ones(len(numbers))

    def pair_frequencies(self, field: str, term: int, found: Documents) -> tuple[Any, Any]:
        """Return those of the documents found that have a pair, and how often each does."""
        return self._pairs(field, term, found)[:2]

    def pair_counts(self, field: str, term: int, found: Documents) -> tuple[Any, Any]:
        """Return the same, with LEAD_WEIGHT more where the pair stands in the lead of a body."""
        numbers, times, first = self._pairs(field, term, found)
        if field == "body":
            early = first - starts_of(self.segment, field)[numbers] < LEAD
            times = times + LEAD_WEIGHT * early
        return numbers, times

    def _pairs(self, field: str, term: int, found: Documents) -> tuple[Any, Any, Any]:
        """Return of the documents found those that have a pair, how often, and where first."""
        if (field, term) not in self._documents:
            places, numbers = self.places(field, term), np.flatnonzero(found)
            if len(numbers) * 8 < len(places):  # few documents: look for each among the places
                at = starts_of(self.segment, field)
                begins = np.searchsorted(places, at[numbers])
                times = np.searchsorted(places, at[numbers + 1]) - begins
                having = times > 0
                return numbers[having], times[having], places[begins[having]]
        numbers, times, first = self._having(field, term)
        kept = found[numbers]
        return numbers[kept], times[kept], first[kept]


def starts_of(segment: Segment, field: str) -> Any:
    """Return where each document begins among the positions of a field, int64."""
    key = f"starts {field}"
    if key not in segment.kept:
        at = whole_numbers(segment.grams(field).at.read())
        if (at[1:] < at[:-1]).any():
            raise segment.container.wrong(f"grams.{field}.at does not rise")
        segment.kept[key] = at
    return segment.kept[key]


def coarse(at: Any) -> Any:
    """Return the document of every 2**STEP-th position; `at` is where each begins."""
    places = np.arange(0, at[-1], 1 << STEP)
    return np.searchsorted(at[1:], places, side="right")


def documents_at(table: Any, at: Any, places: Any) -> Any:
    """Return the document of each position, from the table that `coarse` made."""
    found = table[places >> STEP]
    ends = at[1:]
    late = np.flatnonzero(ends[found] <= places)
    for _ in range(_ROUNDS):
        if not len(late):
            return found
        found[late] += 1
        late = late[ends[found[late]] <= places[late]]
    found[late] = np.searchsorted(ends, places[late], side="right")
    return found


def summed(parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """Add up values by document. Each part has its documents in order, none twice."""
    (numbers, values), *others = sorted(parts, key=lambda part: -len(part[0]))
    for more, added in others:
        at = np.searchsorted(numbers, more)
        known = numbers[np.minimum(at, len(numbers) - 1)] == more
        values[at[known]] += added[known]
        if not known.all():
            new = ~known
            numbers = np.insert(numbers, at[new], more[new])
            values = np.insert(values, at[new], added[new])
    return numbers, values


def whole_numbers(view: memoryview) -> Any:
    """Return an array of the file as int64."""
    return np.frombuffer(view, dtype=f"<u{view.itemsize}").astype(np.int64)


class Scores:
    """The scores of the documents found in a segment."""

    def __init__(self, segment: Segment, found: Documents) -> None:
        self._segment = segment
        self.found = found
        self._scores = np.zeros(segment.count)

    @staticmethod
    def normal(
        frequencies: tuple[Any, Any], lengths: Array, flat: float, steep: float
    ) -> tuple[Any, Any]:
        """Return documents and, for each, `tf / (flat + steep * length)`."""
        numbers, tf = frequencies
        length = np.frombuffer(lengths.whole(), dtype=np.uint32)[numbers]
        return numbers, tf / (flat + steep * length)

    def add(self, parts: list[tuple[Any, Any]], scale: float, k1: float) -> None:
        """Add `scale * x / (x + k1)`, x being the sum of a document's values in all parts."""
        numbers, x = summed(parts)
        self._scores[numbers] += scale * (x / (x + k1))

    def add_to(self, documents: Documents, worth: float) -> None:
        """Add the same to each document of a set that was found."""
        self._scores[documents] += worth

    def raise_by(self, number: int, worth: float) -> None:
        """Add to the score of one document found."""
        self._scores[number] += worth

    def count(self) -> int:
        """Return the number of documents found."""
        return int(np.count_nonzero(self.found))

    def of(self, number: int) -> float:
        """Return the score of a document found."""
        return float(self._scores[number])

    def best(self, most: int) -> list[tuple[float, int]]:
        """Return score and number of the best, at most `most`, best first."""
        numbers = np.flatnonzero(self.found)
        scores = self._scores[numbers]
        if 0 < most < len(numbers):
            least = np.partition(scores, len(scores) - most)[len(scores) - most]
            kept = scores >= least
            numbers, scores = numbers[kept], scores[kept]
        order = np.lexsort((numbers, -scores))[:most]
        return list(zip(scores[order].tolist(), numbers[order].tolist(), strict=True))

    def numbers(self) -> list[int]:
        """Return the documents found, in order."""
        found: list[int] = np.flatnonzero(self.found).tolist()
        return found

    def tally(self, *columns: Array) -> list[tuple[tuple[int, ...], int]]:
        """Return each combination of values of columns, and how many documents found have it."""
        found = [whole_numbers(column.whole())[self.found] for column in columns]
        keys = found[0]
        for values in found[1:]:
            keys = keys << 32 | values
        kept, counts = np.unique(keys, return_counts=True)
        parts = [kept >> 32 * i & 0xFFFFFFFF for i in range(len(columns))][::-1]
        values = zip(*(part.tolist() for part in parts), strict=True)
        return list(zip(values, counts.tolist(), strict=True))

    def by_day(self, most: int, *, newest: bool) -> list[tuple[tuple[int, int], int]]:
        """Return key and number of the first `most` by day; the undated come last."""
        numbers = np.flatnonzero(self.found)
        days = np.frombuffer(self._segment.first.whole(), dtype=np.uint32)[numbers].astype(np.int64)
        keys = np.where(days == 0, 1 << 40, -days if newest else days)
        order = np.lexsort((numbers, keys))[:most]
        return [
            ((int(days[i] == 0), int(keys[i]) if days[i] else 0), int(numbers[i])) for i in order
        ]
