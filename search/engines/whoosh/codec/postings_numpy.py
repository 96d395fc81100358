"""Postings with numpy: masks over the documents of a segment, and arrays of positions.

The same as in `postings_python`, for many postings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from search.engines.whoosh.codec import posting_lists
from search.engines.whoosh.codec.segment_reader import Segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.engines.whoosh.codec.array_types import Ints, Numbers

    Documents: TypeAlias = NDArray[np.bool_]
    """A mask, shape (documents of the segment,)."""

    Counts: TypeAlias = tuple[Ints, Numbers]
    """Numbers of documents, rising, and a count for each: shape (documents,), both."""


_ROUNDS = 8
"""Documents gone on by one, where many are short, before the right one is looked for."""

STEP = 6
"""Positions of which the document is remembered: one in 2**6. Most articles are longer."""


class Postings:
    """The postings of a segment, for one query: what was decoded is kept."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._places: dict[tuple[str, int], Ints] = {}
        self._documents: dict[tuple[str, int], tuple[Ints, Ints, Ints]] = {}

    def everything(self) -> Documents:
        """Return all documents that are not deleted."""
        return self.without_deleted(np.ones(self.segment.count, dtype=bool))

    def without_deleted(self, found: Documents) -> Documents:
        """Return the documents that are not deleted."""
        if not self.segment.deleted:
            return found
        bits = np.frombuffer(self.segment.deleted, dtype=np.uint8)
        live: Documents = np.unpackbits(bits, bitorder="little")[: len(found)] == 0
        return found & live

    def nothing(self) -> Documents:
        """Return no documents."""
        return np.zeros(self.segment.count, dtype=bool)

    @staticmethod
    def without(found: Documents, other: Documents) -> Documents:
        """Return the documents of the one that are not in the other."""
        return found & ~other

    def _mask(self, documents: Ints) -> Documents:
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
        starts: Ints | None = None
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

    def places(self, field: str, term: int) -> Ints:
        """Return the positions of a pair in the field of all documents together, sorted."""
        if (field, term) not in self._places:
            grams = self.segment.grams(field)
            found = posting_lists.values(grams.postings(term))
            if len(found) and found[-1] >= grams.at[-1]:
                raise self.segment.container.wrong("a list refers to something that does not exist")
            self._places[field, term] = found
        return self._places[field, term]

    def _having(self, field: str, term: int) -> tuple[Ints, Ints, Ints]:
        """Return the documents that have a pair, how often, and where it stands first."""
        if (field, term) not in self._documents:
            places = self.places(field, term)
            numbers = self.documents_at(field, places)
            starts = posting_lists.run_starts(numbers)
            times = np.diff(np.append(starts, len(numbers)))
            self._documents[field, term] = numbers[starts], times, places[starts]
        return self._documents[field, term]

    def documents_at(self, field: str, places: Ints) -> Ints:
        """Return the document of each position."""
        at, kept = starts_of(self.segment, field), self.segment.kept.coarse
        if field not in kept:
            kept[field] = coarse(at)
        return documents_at(kept[field], at, places)

    def dated(self, since: int, until: int) -> Documents:
        """Return the documents of which some day is in a range."""
        first = np.frombuffer(self.segment.first.whole(), dtype=np.uint32)
        last = np.frombuffer(self.segment.last.whole(), dtype=np.uint32)
        return (first > 0) & (first <= until) & (last >= since)

    def known(self, field: str) -> Documents:
        """Return the documents of which a field has a value."""
        lengths = np.frombuffer(self.segment.grams(field).lengths.whole(), dtype=np.uint32)
        return lengths > 0

    def of_paths(self, numbers: set[int]) -> Documents:
        """Return the documents of some paths, given by their numbers."""
        of = np.frombuffer(self.segment.path_numbers().whole(), dtype=np.uint32)
        return np.isin(of, list(numbers))

    def of_numbers(self, numbers: set[int]) -> Documents:
        """Return the documents of these numbers."""
        return self._mask(np.array(list(numbers), dtype=np.int64))

    def of_array(self, numbers: Ints) -> Documents:
        """Return the documents of these numbers, given as an array."""
        return self._mask(numbers)

    @staticmethod
    def listed(found: Documents) -> list[int]:
        """Return the numbers of some documents, in order."""
        numbers: list[int] = np.flatnonzero(found).tolist()
        return numbers

    @staticmethod
    def frequencies(numbers: Ints, times: Ints, found: Documents) -> Counts:
        """Return those of the documents found that are among some, and how often each is."""
        kept = found[numbers]
        return numbers[kept], times[kept]

    def word_frequencies(self, field: str, term: int, found: Documents) -> Counts:
        """Return those of the documents found that have a word, and how often each does."""
        return posting_lists.with_frequencies(self.segment.words(field).postings(term), found)

    def character_frequencies(self, field: str, term: int, found: Documents) -> Counts:
        """Return those of the documents found that have a character, and for each 1."""
        numbers = posting_lists.values(self.segment.characters(field).postings(term))
        numbers = numbers[found[numbers]]
        return numbers, np.ones(len(numbers))

    def pair_frequencies(
        self, field: str, term: int, found: Documents, lead: int = 0, more: float = 0.0
    ) -> Counts:
        """Return those of the documents found that have a pair, and how often each does.

        It counts `more` where it stands among the first `lead` characters of the field.
        """
        numbers, times, first = self._pairs(field, term, found)
        if not lead:
            return numbers, times
        return numbers, times + more * (first - starts_of(self.segment, field)[numbers] < lead)

    def _pairs(self, field: str, term: int, found: Documents) -> tuple[Ints, Ints, Ints]:
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


def starts_of(segment: Segment, field: str) -> Ints:
    """Return where each document begins among the positions of a field, int64."""
    kept = segment.kept.starts
    if field not in kept:
        at = whole_numbers(segment.grams(field).at.read())
        if (at[1:] < at[:-1]).any():
            raise segment.container.wrong(f"grams.{field}.at does not rise")
        kept[field] = at
    return kept[field]


def coarse(at: Ints) -> Ints:
    """Return the document of every 2**STEP-th position; `at` is where each begins."""
    places = np.arange(0, at[-1], 1 << STEP)
    return np.searchsorted(at[1:], places, side="right")


def documents_at(table: Ints, at: Ints, places: Ints) -> Ints:
    """Return the document of each position, from the table that `coarse` made."""
    found: Ints = table[places >> STEP]
    ends = at[1:]
    late = np.flatnonzero(ends[found] <= places)
    for _ in range(_ROUNDS):
        if not len(late):
            return found
        found[late] += 1
        late = late[ends[found[late]] <= places[late]]
    found[late] = np.searchsorted(ends, places[late], side="right")
    return found


def whole_numbers(view: memoryview) -> Ints:
    """Return an array of the file as int64."""
    numbers: Ints = np.frombuffer(view, dtype=f"<u{view.itemsize}").astype(np.int64)
    return numbers
