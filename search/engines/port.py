"""What an engine is, in our own words: no type of a foreign library crosses this line."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Literal, Protocol, TypeVar

from search.article import Article
from search.query.tree import Node
from search.record import record

Sort = Literal["relevance", "date", "-date", "source"]
"""Best first; oldest first; newest first; by path and line. Undated articles come last."""


@record
class SearchRequest:
    """A question to an engine: `limit` None means all; `offset` skips the first hits.

    `outlines` says that id, key, path and line of the articles are enough, which an engine
    may know without reading them. `files` says that of the articles of one path the first
    is enough. `dedupe` says that an article that is a copy of a better one is to come with
    that one (`copies` says which are): `limit` and `offset` then count those that are not.
    """

    tree: Node
    limit: int | None = 10
    offset: int = 0
    sort: Sort = "relevance"
    explain: bool = False
    outlines: bool = False
    files: bool = False
    dedupe: bool = False


@record
class Scored:
    """An article found, and its score.

    When asked for: the parts the score is the sum of, and the copies of the article that were
    found too, best first.
    """

    article: Article
    score: float
    parts: tuple[tuple[str, float], ...] = ()
    copies: tuple[Article, ...] = ()


@record
class Found:
    """The answer: how many articles were found in all, and those asked for, in order."""

    total: int
    hits: tuple[Scored, ...]


class Engine(Protocol):
    """An index that can be asked. Safe to use from one thread."""

    def search(self, request: SearchRequest) -> Found:
        """Return the articles that the request's tree finds.

        Raises LimitError for a tree that needs more than `search.query.limits` allows.
        """

    def lookup(self, prefix: str) -> list[Article]:
        """Return the articles whose id begins with `prefix`, in order of id."""

    def count(self) -> int:
        """Return the number of articles in the index."""

    def paths(self) -> set[str]:
        """Return the paths of all articles."""

    def faults(self) -> list[str]:
        """Read everything and return what is wrong with it, a line each."""

    def close(self) -> None:
        """Let go of files and memory."""


Told = TypeVar("Told")

Reading = Callable[[], Generator[Article, None, Told]]
"""Articles yet to be read: called, it yields them and returns what there is to tell of them.

It can be pickled, and is called in whichever process analyses its articles. What goes wrong
with a source is its own to catch and to tell: an error that it raises stops the change.
"""


class Writer(Protocol):
    """A change to an index: all of it takes effect at `commit`, or none of it."""

    @property
    def portion(self) -> int:
        """How many bytes of text make a good reading: about what is analysed at once."""

    def add(
        self,
        readings: Iterable[tuple[int, Reading[Told]]],
        tell: Callable[[int, Told], None] = lambda *_: None,
    ) -> None:
        """Add the articles of readings, each under a number of the caller's.

        The articles are in the index in the order of the numbers, behind those that it held.
        A number that was used before in this change replaces what was added under it. Several
        readings may be under way at once, and few are taken before they are; `tell` is given
        the number and what the reading returned, in whatever order they finish.
        """

    def remove(self, path: str) -> None:
        """Remove the articles whose path is `path`, as far as they are not added by this change."""

    def commit(self) -> None:
        """Make the change, and the writer useless."""

    def cancel(self) -> None:
        """Forget the change, and make the writer useless."""


def taken(reading: Reading[Told], told: list[Told]) -> Iterator[Article]:
    """Yield the articles of a reading, and put what it tells into a list when it has ended."""
    told.append((yield from reading()))


def page(order: list[int], request: SearchRequest) -> Iterator[int]:
    """Yield the part of a ranking that the request asks for."""
    end = None if request.limit is None else request.offset + request.limit
    yield from order[request.offset : end]
