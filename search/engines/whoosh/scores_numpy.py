"""Scores with numpy: an array over the documents of a segment, beside a mask of those found.

The same as in `scores_python`, for many documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.engines.recency import share
from search.engines.whoosh.codec.checked_file import Array
from search.engines.whoosh.codec.postings_numpy import Postings, whole_numbers
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.scores import Backend

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints
    from search.engines.whoosh.codec.postings_numpy import Counts, Documents


class Scores:
    """The scores of the documents found in a segment."""

    def __init__(self, segment: Segment, found: Documents) -> None:
        self._segment = segment
        self.found = found
        self._scores = np.zeros(segment.count)

    @staticmethod
    def normal(frequencies: Counts, lengths: Array, flat: float, steep: float) -> Counts:
        """Return documents and, for each, `tf / (flat + steep * length)`."""
        numbers, tf = frequencies
        length = np.frombuffer(lengths.whole(), dtype=np.uint32)[numbers]
        return numbers, tf / (flat + steep * length)

    def add(self, parts: list[Counts], scale: float, k1: float) -> None:
        """Add `scale * x / (x + k1)`, x being the sum of a document's values in all parts."""
        numbers, x = summed(parts)
        self._scores[numbers] += scale * (x / (x + k1))

    def add_to(self, documents: Documents, worth: float) -> None:
        """Add the same to each document of a set that was found."""
        self._scores[documents] += worth

    def raise_by(self, number: int, worth: float) -> None:
        """Add to the score of one document found."""
        self._scores[number] += worth

    def newest(self) -> int:
        """Return the first day, as YYYYMMDD, of the newest document found; 0 without any."""
        return int(self._days()[self.found].max(initial=0))

    def fade(self, newest: int) -> None:
        """Take from each score what the age of the document takes."""
        kinds, of = np.unique(self._days(), return_inverse=True)
        self._scores *= np.array([share(day, newest) for day in kinds.tolist()])[of]

    def _days(self) -> Ints:
        return whole_numbers(self._segment.first.whole())

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
        combinations = zip(*(part.tolist() for part in parts), strict=True)
        return list(zip(combinations, counts.tolist(), strict=True))

    def by_day(self, most: int, *, newest: bool) -> list[tuple[tuple[int, int], int]]:
        """Return key and number of the first `most` by day; the undated come last."""
        numbers = np.flatnonzero(self.found)
        days = np.frombuffer(self._segment.first.whole(), dtype=np.uint32)[numbers].astype(np.int64)
        keys = np.where(days == 0, 1 << 40, -days if newest else days)
        order = np.lexsort((numbers, keys))[:most]
        return [
            ((int(days[i] == 0), int(keys[i]) if days[i] else 0), int(numbers[i])) for i in order
        ]


def summed(parts: list[Counts]) -> Counts:
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


NUMPY: Backend[Documents, Counts] = Backend(Postings, Scores)
