"""What postings are, however they are held: as sets (`postings_python`) or arrays (`postings_numpy`).

Sets are over sooner where there are few, and before numpy would be loaded; arrays where there are
many. Whatever evaluates a query is written once, for either, in the terms of these types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sized

    import numpy as np
    from numpy.typing import NDArray

    from search.engines.whoosh.codec.segment_reader import Segment


class DocumentSet(Protocol):
    """A set of documents of a segment: their numbers, or a mask with one item for each document."""

    def __and__(self, other: Self, /) -> Self: ...

    def __or__(self, other: Self, /) -> Self: ...


Documents = TypeVar("Documents", bound=DocumentSet)

Counts = TypeVar("Counts", bound="tuple[Sized, Sized]")
"""Numbers of documents, none twice, and a count for each: two lists or arrays of one length."""

Counts_co = TypeVar("Counts_co", bound="tuple[Sized, Sized]", covariant=True)
"""The same, of what only returns them."""


class Postings(Protocol[Documents, Counts_co]):
    """The postings of a segment, for one query: what was decoded is kept.

    Fields are those of `search.query.ast.FIELDS`; a term is the number that a table of the
    segment gives it. What reads postings raises FormatError, or ValueError, for damaged ones.
    """

    segment: Segment

    def everything(self) -> Documents:
        """Return all documents that are not deleted."""

    def without_deleted(self, found: Documents) -> Documents:
        """Return the documents that are not deleted."""

    def nothing(self) -> Documents:
        """Return no documents."""

    def without(self, found: Documents, other: Documents) -> Documents:
        """Return the documents of the one that are not in the other."""

    def standing(self, field: str, text: str) -> Documents:
        """Return the documents in whose field a folded text stands, deleted ones included."""

    def among(self, found: Documents, field: str, text: str) -> Documents:
        """Return those of some documents in whose field a folded text stands."""

    def dated(self, since: int, until: int) -> Documents:
        """Return the documents of which some day is in a range, both ends as YYYYMMDD."""

    def known(self, field: str) -> Documents:
        """Return the documents of which a field has a value."""

    def of_paths(self, numbers: set[int]) -> Documents:
        """Return the documents of some paths, given by their numbers in `Segment.paths`."""

    def of_numbers(self, numbers: set[int]) -> Documents:
        """Return the documents of these numbers."""

    def of_array(self, numbers: NDArray[np.int64]) -> Documents:
        """Return the documents of these numbers, shape (documents,)."""

    def listed(self, found: Documents) -> list[int]:
        """Return the numbers of some documents, in order."""

    def frequencies(
        self, numbers: NDArray[np.int64], times: NDArray[np.int64], found: Documents
    ) -> Counts_co:
        """Return those of the documents found that are among some, and how often each is.

        `numbers` and `times` have the shape (documents,).
        """

    def word_frequencies(self, field: str, term: int, found: Documents) -> Counts_co:
        """Return those of the documents found that have a word, and how often each does."""

    def character_frequencies(self, field: str, term: int, found: Documents) -> Counts_co:
        """Return those of the documents found that have a character, and for each 1."""

    def pair_frequencies(
        self, field: str, term: int, found: Documents, lead: int = 0, more: float = 0.0
    ) -> Counts_co:
        """Return those of the documents found that have a pair, and how often each does.

        It counts `more` where it stands among the first `lead` characters of the field.
        """
