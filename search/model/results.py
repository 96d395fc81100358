"""What a search gives back: plain data that the output formats dress up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.model.article import Article
from search.model.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.model.facets import Facet

Span = tuple[int, int]
"""Start and end (exclusive), in characters, of a marked stretch of some text."""


@frozen
class Snippet:
    """A passage of an article's body, repaired for reading on one line.

    `spans` are sorted, do not overlap, and count characters of `text`; `line` is the line
    of the source file on which the passage begins.
    """

    text: str
    spans: tuple[Span, ...]
    line: int


@frozen
class Hit:
    """One article found. `title` is repaired for reading; `title_spans` mark matches in it.

    `also` are the copies of the article that were found too, best first.
    `why` holds the lines of `--explain`, empty when no explanation was asked for.
    """

    rank: int
    score: float
    article: Article
    title: str
    title_spans: tuple[Span, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    why: tuple[str, ...] = ()
    also: tuple[Article, ...] = ()


@frozen
class Suggestion:
    """A query one mistake away, and how many articles it finds."""

    query: str
    total: int


@frozen
class Results:
    """The answer to one search: the page of hits asked for, and the total found.

    The total counts every article, those among the copies of a hit too.
    `partial` says that no article matched the whole query and the hits match parts of it.
    `seconds` is the wall time the search took. `facets` count all articles found.
    `suggestions` are queries that may have been meant, where nothing matches this one.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    partial: bool = False
    seconds: float = 0.0
    facets: tuple[Facet, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    def __iter__(self) -> Iterator[Hit]:
        """Yield the hits of the page, best first."""
        return iter(self.hits)

    def __len__(self) -> int:
        """Return how many hits there are on the page; `total` is how many were found."""
        return len(self.hits)

    def __bool__(self) -> bool:
        """Return whether anything was found, be it beyond this page."""
        return bool(self.total)

    def __getitem__(self, number: int) -> Hit:
        """Return the hit of a number on the page, from 0."""
        return self.hits[number]


@frozen
class Parts:
    """The other parts of an article that is printed on two pages: those before and after it."""

    begins: Article | None = None
    goes_on: Article | None = None


NO_PARTS = Parts()
