"""Terms over the segments of an index: where their postings are, and what they weigh."""

from __future__ import annotations

from collections.abc import Sequence

from search.engines.whoosh.codec.segment import GramField, Segment, WordField
from search.engines.whoosh.scoring import Term, idf


class Statistics:
    """What the whole index says of a term: document counts and mean lengths."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.total = sum(segment.count for segment in segments)
        self._averages: dict[tuple[str, str], float] = {}

    def places(self, term: Term) -> list[int]:
        """Return the number of a term in each segment, -1 where it is unknown."""
        return [table(segment, term).find(term.text) for segment in self.segments]

    def idf(self, term: Term, places: list[int]) -> float:
        """Return the inverse document frequency; 0 for a term that stands nowhere."""
        having = sum(
            table(segment, term).count(place)
            for segment, place in zip(self.segments, places, strict=True)
            if place >= 0
        )
        return idf(self.total, having) if having else 0.0

    def average(self, term: Term) -> float:
        """Return the mean length of the term's field, over all documents."""
        key = term.kind, term.field
        if key not in self._averages:
            length = sum(table(segment, term).total for segment in self.segments)
            self._averages[key] = length / max(1, self.total) or 1.0
        return self._averages[key]


def table(segment: Segment, term: Term) -> WordField | GramField:
    """Return the table of a segment in which a term is looked up."""
    return segment.words(term.field) if term.kind == "word" else segment.grams(term.field)
