"""Postings without numpy: sets, lists and dicts.

For few postings this is over before numpy would be loaded, which is what counts when a
shell starts a process for one search. `postings_numpy` does the same for many.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from search.engines.whoosh.codec.checked_file import Array
from search.engines.whoosh.codec.posting_steps import values, with_frequencies
from search.engines.whoosh.codec.segment_reader import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Documents: TypeAlias = set[int]

Counts: TypeAlias = tuple[list[int], Sequence[float]]
"""Documents, and a count for each."""


class Postings:
    """The postings of a segment, for one query: what was decoded is kept."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._places: dict[tuple[str, int], list[int]] = {}

    def everything(self) -> Documents:
        """Return all documents that are not deleted."""
        return self.without_deleted(set(range(self.segment.count)))

    def without_deleted(self, found: Documents) -> Documents:
        """Return the documents that are not deleted."""
        if not self.segment.deleted:
            return found
        return {number for number in found if not self.segment.is_deleted(number)}

    def nothing(self) -> Documents:
        """Return no documents."""
        return set()

    @staticmethod
    def without(found: Documents, other: Documents) -> Documents:
        """Return the documents of the one that are not in the other."""
        return found - other

    def standing(self, field: str, text: str) -> Documents:
        """Return the documents in whose field a folded text stands, deleted ones included."""
        grams = self.segment.grams(field)
        if len(text) == 1:
            return set(self._below(self.segment.count, values(grams.single(text))))
        cover = grams.cover(text)
        if len(cover) == 1:
            return set(_documents(grams.at, self.places(field, cover[0][1])))
        starts: set[int] | None = None
        for offset, term in cover:
            places = self.places(field, term)
            if starts is None:
                starts = {place - offset for place in places}
            else:
                starts = {start for start in starts if _holds(places, start + offset)}
            if not starts:
                break
        return set(_documents(grams.at, sorted(starts or ())))

    def among(self, found: Documents, field: str, text: str) -> Documents:
        """Return those of some documents in whose field a folded text stands."""
        grams = self.segment.grams(field)
        if len(text) != 2 or not found:
            return found & self.standing(field, text)
        term = grams.find(text)
        if term < 0:
            return set()
        places, at = [*self.places(field, term), grams.at[-1]], grams.at.looked_up(len(found))
        return {
            number for number in found if places[bisect_left(places, at[number])] < at[number + 1]
        }

    def places(self, field: str, term: int) -> list[int]:
        """Return the positions of a pair in the field of all documents together, sorted."""
        if (field, term) not in self._places:
            grams = self.segment.grams(field)
            self._places[field, term] = self._below(grams.at[-1], values(grams.postings(term)))
        return self._places[field, term]

    def _below(self, end: int, rising: list[int]) -> list[int]:
        """Return the values of a list, if none of them is beyond what they number."""
        if rising and rising[-1] >= end:
            raise self.segment.container.wrong("a list refers to something that does not exist")
        return rising

    def dated(self, since: int, until: int) -> Documents:
        """Return the documents of which some day is in a range."""
        days = zip(self.segment.first, self.segment.last, strict=True)
        return {
            number
            for number, (first, last) in enumerate(days)
            if first and first <= until and last >= since
        }

    def known(self, field: str) -> Documents:
        """Return the documents of which a field has a value."""
        lengths = self.segment.grams(field).lengths
        return {number for number, length in enumerate(lengths) if length}

    def of_paths(self, numbers: set[int]) -> Documents:
        """Return the documents of some paths, given by their numbers."""
        of = self.segment.path_numbers()
        return {i for i, number in enumerate(of) if number in numbers}

    def of_numbers(self, numbers: set[int]) -> Documents:
        """Return the documents of these numbers."""
        return set(numbers)

    def of_array(self, numbers: NDArray[np.int64]) -> Documents:
        """Return the documents of these numbers, given as a numpy array."""
        return set(numbers.tolist())

    @staticmethod
    def listed(found: Documents) -> list[int]:
        """Return the numbers of some documents, in order."""
        return sorted(found)

    @staticmethod
    def frequencies(
        numbers: NDArray[np.int64], times: NDArray[np.int64], found: Documents
    ) -> Counts:
        """Return those of the documents found that are among some, and how often each is."""
        pairs = zip(numbers.tolist(), times.tolist(), strict=True)
        kept = [pair for pair in pairs if pair[0] in found]
        return [number for number, _ in kept], [often for _, often in kept]

    def word_frequencies(self, field: str, term: int, found: Documents) -> Counts:
        """Return those of the documents found that have a word, and how often each does."""
        pairs = zip(*with_frequencies(self.segment.words(field).postings(term)), strict=True)
        kept = [pair for pair in pairs if pair[0] in found]
        return [number for number, _ in kept], [times for _, times in kept]

    def character_frequencies(self, field: str, term: int, found: Documents) -> Counts:
        """Return those of the documents found that have a character, and for each 1."""
        numbers = values(self.segment.characters(field).postings(term))
        kept = [number for number in numbers if number in found]
        return kept, [1] * len(kept)

    def pair_frequencies(
        self, field: str, term: int, found: Documents, lead: int = 0, more: float = 0.0
    ) -> Counts:
        """Return those of the documents found that have a pair, and how often each does.

        It counts `more` where it stands among the first `lead` characters of the field.
        """
        places = self.places(field, term)
        at = self.segment.grams(field).at.looked_up(len(found))
        numbers: list[int] = []
        counts: list[float] = []
        for number in found:
            begin = bisect_left(places, at[number])
            times: float = bisect_left(places, at[number + 1], begin) - begin
            if not times:
                continue
            if places[begin] - at[number] < lead:
                times += more
            numbers.append(number)
            counts.append(times)
        return numbers, counts


def _holds(places: list[int], place: int) -> bool:
    """Return whether a sorted list holds a position."""
    i = bisect_left(places, place)
    return i < len(places) and places[i] == place


def _documents(starts: Array, places: list[int]) -> Iterator[int]:
    """Yield the document of each of some sorted positions, once."""
    at = starts.looked_up(len(places))
    i = number = 0
    while i < len(places):
        number = bisect_right(at, places[i], number) - 1
        yield number
        number += 1
        i = bisect_left(places, at[number], i + 1)
