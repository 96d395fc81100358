"""Scores without numpy: a number for each document found.

The same as in `scores_numpy`, for few documents.
"""

from __future__ import annotations

from collections import Counter

from search.engines.recency import share
from search.engines.whoosh.codec.checked_file import Array, Numbers
from search.engines.whoosh.codec.postings_python import Counts, Documents, Postings
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.scores import Backend


class Scores:
    """The scores of the documents found in a segment."""

    def __init__(self, segment: Segment, found: Documents) -> None:
        self._segment = segment
        self.found = found
        self._scores = dict.fromkeys(sorted(found), 0.0)

    @staticmethod
    def normal(frequencies: Counts, lengths: Array, flat: float, steep: float) -> Counts:
        """Return documents and, for each, `tf / (flat + steep * length)`."""
        numbers = frequencies[0]
        length = lengths.looked_up(len(numbers))
        return numbers, [
            tf / (flat + steep * length[number]) for number, tf in zip(*frequencies, strict=True)
        ]

    def add(self, parts: list[Counts], scale: float, k1: float) -> None:
        """Add `scale * x / (x + k1)`, x being the sum of a document's values in all parts."""
        sums: dict[int, float] = {}
        for part in parts:
            for number, value in zip(*part, strict=True):
                sums[number] = sums.get(number, 0.0) + value
        for number, x in sums.items():
            self._scores[number] += scale * (x / (x + k1))

    def add_to(self, documents: Documents, worth: float) -> None:
        """Add the same to each document of a set that was found."""
        for number in documents & self.found:
            self._scores[number] += worth

    def raise_by(self, number: int, worth: float) -> None:
        """Add to the score of one document found."""
        self._scores[number] += worth

    def newest(self) -> int:
        """Return the first day, as YYYYMMDD, of the newest document found; 0 without any."""
        first = self._segment.first.looked_up(len(self._scores))
        return max((first[number] for number in self._scores), default=0)

    def fade(self, newest: int) -> None:
        """Take from each score what the age of the document takes."""
        first = self._segment.first.looked_up(len(self._scores))
        for number in self._scores:
            self._scores[number] *= share(first[number], newest)

    def count(self) -> int:
        """Return the number of documents found."""
        return len(self._scores)

    def of(self, number: int) -> float:
        """Return the score of a document found."""
        return self._scores[number]

    def best(self, most: int) -> list[tuple[float, int]]:
        """Return score and number of the best, at most `most`, best first."""
        order = sorted(self._scores.items(), key=lambda item: (-item[1], item[0]))
        return [(score, number) for number, score in order[:most]]

    def numbers(self) -> list[int]:
        """Return the documents found, in order."""
        return list(self._scores)

    def tally(self, *columns: Array) -> list[tuple[tuple[int, ...], int]]:
        """Return each combination of values of columns, and how many documents found have it."""
        some: list[Numbers] = [column.looked_up(len(self._scores)) for column in columns]
        found = [tuple(column[number] for column in some) for number in self._scores]
        return list(Counter(found).items())

    def by_day(self, most: int, *, newest: bool) -> list[tuple[tuple[int, int], int]]:
        """Return key and number of the first `most` by day; the undated come last."""
        sign = -1 if newest else 1
        first = self._segment.first.looked_up(len(self._scores))
        days = ((first[number], number) for number in self._scores)
        return sorted(((int(not day), sign * day), number) for day, number in days)[:most]


PYTHON: Backend[Documents, Counts] = Backend(Postings, Scores)
