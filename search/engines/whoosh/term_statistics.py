"""Terms over the segments of an index: where their postings are, and what they weigh."""

from __future__ import annotations

from collections.abc import Sequence

from search.engines.whoosh.bm25f import Term, idf
from search.engines.whoosh.codec.segment_reader import CharacterField, GramField, Segment, WordField

Places = tuple[int, ...]
"""The number of a term in each of its fields of a segment, -1 where it is unknown."""


class Statistics:
    """What the whole index says of a term: document counts and mean lengths."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.total = sum(segment.count for segment in segments)
        self._averages: dict[tuple[str, str], float] = {}

    def places(self, term: Term) -> list[Places]:
        """Return the number of a term in each field of each segment, -1 where it is unknown."""
        return [
            tuple(table(segment, term.kind, field).find(term.text) for field in term.fields)
            for segment in self.segments
        ]

    def rarity(self, kind: str, text: str, fields: tuple[str, ...]) -> float:
        """Return the idf of a string; 0 where it stands nowhere."""
        term = Term(kind, text, fields, 1.0)
        return self.idf(term, self.places(term))

    def idf(self, term: Term, places: list[Places]) -> float:
        """Return the inverse document frequency; 0 for a term that stands nowhere.

        The documents that have it are those that have it in the field where most do: to
        count the union would be to read the lists.
        """
        having = max(
            sum(
                table(segment, term.kind, field).count(place[i])
                for segment, place in zip(self.segments, places, strict=True)
                if place[i] >= 0
            )
            for i, field in enumerate(term.fields)
        )
        return idf(self.total, having) if having else 0.0

    def average(self, kind: str, field: str) -> float:
        """Return the mean length of a field, in words or in pairs, over all documents."""
        key = kind, field
        if key not in self._averages:
            length = sum(table(segment, kind, field).total for segment in self.segments)
            self._averages[key] = length / max(1, self.total) or 1.0
        return self._averages[key]


def table(segment: Segment, kind: str, field: str) -> WordField | GramField | CharacterField:
    """Return the table of a segment in which a kind of terms is looked up."""
    if kind == "character":
        return segment.characters(field)
    return segment.words(field) if kind == "word" else segment.grams(field)
