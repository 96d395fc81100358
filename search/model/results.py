"""What a search gives back: plain data that the output formats dress up."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from search.model.article import Article, Kind, Record
from search.model.frozen import fields, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.model.facets import Facet

DIGITS = 4
"""Decimals of a score: more than ranking needs, few enough to read."""

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

    def to_dict(self) -> Record:
        """Return the object that JSON has of the passage."""
        return {
            "text": self.text,
            "spans": [list(span) for span in self.spans],
            "line": self.line,
        }


@frozen
class Hit:
    """One article found: what JSON says of it (docs/output.md), and the `article` itself.

    `rank` counts all hits from 1. `score` compares within one search only. `title` is repaired
    for reading (that of `article` is as it stands in the source); `title_spans` mark matches in
    it. `snippets` are the passages that show why it was found. `also` are the copies of the
    article that were found too, best first. `why` holds the lines of `--explain`, empty when no
    explanation was asked for. `partial` says that the article matches only parts of the query.
    """

    rank: int
    score: float
    article: Article
    title: str
    title_spans: tuple[Span, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    why: tuple[str, ...] = ()
    also: tuple[Article, ...] = ()
    partial: bool = False

    @property
    def id(self) -> str:
        """The short name of the article, the same as long as path, key, title and text are."""
        return self.article.id

    @property
    def key(self) -> str | None:
        """The record's own id, where the source has one (JSON Lines, CSV)."""
        return self.article.key

    @property
    def date(self) -> str | None:
        """The date in ISO 8601, possibly only `2023` or `2023-08`."""
        return self.article.date

    @property
    def paper(self) -> str | None:
        """The name of the paper."""
        return self.article.paper

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors as in the byline; empty if there is none."""
        return self.article.authors

    @property
    def section(self) -> str | None:
        """The page or column of the paper."""
        return self.article.section

    @property
    def path(self) -> str:
        """The file, spelled as it was given when the index was built; `article.raw_path` opens it."""
        return self.article.shown_path

    @property
    def line(self) -> int:
        """The first line of the article in the decoded file, from 1."""
        return self.article.line

    @property
    def end_line(self) -> int:
        """The last line of the article in the decoded file."""
        return self.article.end_line

    @property
    def url(self) -> str | None:
        """The address of the article, where the source has one."""
        return self.article.url

    @property
    def part(self) -> str | None:
        """The part of the file the article stands in: a page of a PDF, a file in an archive."""
        return self.article.part

    @property
    def continued_from(self) -> str | None:
        """The page of the paper on which the article begins, where it says so."""
        return self.article.continued_from

    @property
    def continued_on(self) -> str | None:
        """The page of the paper on which the article goes on, where it says so."""
        return self.article.continued_on

    @property
    def page(self) -> str | None:
        """The page of the paper as printed, in figures: `3`, `A03`."""
        return self.article.page

    @property
    def issue(self) -> str | None:
        """The number of the issue and how it is counted: `总第763期`."""
        return self.article.issue

    @property
    def edition(self) -> str | None:
        """The edition by its name: `海外版`."""
        return self.article.edition

    @property
    def kind(self) -> Kind:
        """`page` for the record of a page, what is printed beside its articles; else `article`."""
        return self.article.kind

    def to_dict(self) -> Record:
        """Return the object that JSON has of the hit, `sou.hit/1`."""
        article = self.article
        record: Record = {
            "schema": "sou.hit/1",
            "rank": self.rank,
            "score": round(self.score, DIGITS),
            **article.first_fields(self.title),
            "snippets": [snippet.to_dict() for snippet in self.snippets],
            "url": article.url,
            "title_spans": [list(span) for span in self.title_spans],
            **article.later_fields(),
            "also": [copy.brief() for copy in self.also],
            "kind": article.kind,
            **article.place_fields(),
            **article.bytes_field(),
            "partial": self.partial,
        }
        if self.why:
            record["why"] = list(self.why)
        return record


@frozen
class Suggestion:
    """A query one mistake away, and how many articles it finds."""

    query: str
    total: int


@frozen
class Results:
    """The answer to one search: the page of hits asked for, and the total found.

    It is a sequence of its hits: it can be looped over, indexed, sliced and counted. It is true
    where anything was found.

    The total counts every article that matches the whole query, those among the copies of a hit
    too. Where these leave room on the page, the best that match parts of it follow them, in
    order of their own (`Hit.partial`); the total does not count those.
    `partial` says that no article matched the whole query, and all hits match parts of it, as
    many as the total says;
    `beside` that no article did, and the hits are the records of pages on which it stands beside
    their articles.
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
    beside: bool = False

    def __iter__(self) -> Iterator[Hit]:
        """Yield the hits of the page, best first."""
        return iter(self.hits)

    def __len__(self) -> int:
        """Return how many hits there are on the page; `total` is how many were found."""
        return len(self.hits)

    def __bool__(self) -> bool:
        """Return whether anything was found, be it beyond this page."""
        return bool(self.total)

    @overload
    def __getitem__(self, number: int) -> Hit: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, number: int | slice) -> Hit | tuple[Hit, ...]:
        """Return the hit of a number on the page, from 0, or those of a slice."""
        return self.hits[number]

    def to_dict(self) -> Record:
        """Return the object that JSON has of the answer, `sou.results/1`, as `sou -f json` prints."""
        record: Record = {
            "schema": "sou.results/1",
            "query": self.query,
            "total": self.total,
            "partial": self.partial,
            "seconds": round(self.seconds, DIGITS),
            "hits": [hit.to_dict() for hit in self.hits],
            "beside": self.beside,
        }
        if self.facets:
            from search.model.facets import counts_by_name  # for those who ask for it

            record["facets"] = counts_by_name(self.facets)
        if self.suggestions:
            record["suggestions"] = [fields(each) for each in self.suggestions]
        return record


@frozen
class Parts:
    """The other parts of an article that is printed on two pages: those before and after it."""

    begins: Article | None = None
    goes_on: Article | None = None


NO_PARTS = Parts()
