"""What scores are, however they are held: beside sets of documents, or beside masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol

from search.engines.whoosh.codec.postings import Counts, Documents, Postings
from search.model.frozen import frozen

if TYPE_CHECKING:
    from search.engines.whoosh.codec.checked_file import Array
    from search.engines.whoosh.codec.segment_reader import Segment


class Scores(Protocol[Documents, Counts]):
    """The scores of the documents found in a segment, at first 0."""

    found: Documents

    def normal(self, frequencies: Counts, lengths: Array, flat: float, steep: float) -> Counts:
        """Return documents and, for each, `tf / (flat + steep * length)` (BM25F).

        `lengths` has the length of the field in every document of the segment.
        """

    def add(self, parts: list[Counts], scale: float, k1: float) -> None:
        """Add `scale * x / (x + k1)`, x being the sum of a document's values in all parts."""

    def add_to(self, documents: Documents, worth: float) -> None:
        """Add the same to each document of a set that was found."""

    def raise_by(self, number: int, worth: float) -> None:
        """Add to the score of one document found."""

    def newest(self) -> int:
        """Return the first day, as YYYYMMDD, of the newest document found; 0 without any."""

    def fade(self, newest: int) -> None:
        """Take from each score what the age of the document takes (`search.engines.recency`)."""

    def count(self) -> int:
        """Return the number of documents found."""

    def of(self, number: int) -> float:
        """Return the score of a document found."""

    def best(self, most: int) -> list[tuple[float, int]]:
        """Return score and number of the best, at most `most`, best first."""

    def numbers(self) -> list[int]:
        """Return the documents found, in order."""

    def tally(self, *columns: Array) -> list[tuple[tuple[int, ...], int]]:
        """Return each combination of values of columns, and how many documents found have it."""

    def by_day(self, most: int, *, newest: bool) -> list[tuple[tuple[int, int], int]]:
        """Return key and number of the first `most` by day; the undated come last."""


@frozen
class Backend(Generic[Documents, Counts]):
    """One of the ways to hold postings, and the scores that go with it."""

    postings: Callable[[Segment], Postings[Documents, Counts]]
    scores: Callable[[Segment, Documents], Scores[Documents, Counts]]
