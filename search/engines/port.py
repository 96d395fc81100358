"""What an engine is, in our own words: no type of a foreign library crosses this line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypeVar, get_args

from search.model.article import ARTICLE, Article, Kind
from search.model.frozen import frozen
from search.query.ast import Node

if TYPE_CHECKING:
    from search.model.facets import Facet
    from search.system.checksums import Stamp

Sort = Literal[
    "relevance",
    "recent",
    "date",
    "-date",
    "title",
    "-title",
    "paper",
    "-paper",
    "path",
    "-path",
]
"""The order of the hits: best first; best first by relevance and age; oldest first; by headline or
paper, Chinese by pinyin; by path and line. With `-`, the other way round. Articles of which it is
not known come last."""

SORTS: tuple[Sort, ...] = get_args(Sort)
"""Those that a search takes."""

BY_SCORE: tuple[Sort, ...] = ("relevance", "recent")
"""Those in which the best come first: partial matches fill a page in these alone."""


@frozen
class Count:
    """Asks for the number of articles found, and for no article."""


@frozen
class Top:
    """Asks for the first articles in an order, whole.

    `limit` None means all; `offset` skips the first. `explain` asks for the parts that each score
    is the sum of. With `collapse`, an article that is a copy of a better one comes with that one
    (`Scored.copies`): `limit` and `offset` then count those that are not.
    """

    limit: int | None = 10
    offset: int = 0
    sort: Sort = "relevance"
    explain: bool = False
    collapse: bool = False


@frozen
class Outlines:
    """Asks for the same, but of each article for id, key, path and line alone.

    An engine may know these without reading the article.
    """

    limit: int | None = 10
    offset: int = 0
    sort: Sort = "relevance"


@frozen
class Paths:
    """Asks for the paths of the first articles in an order: outlines, one for each path.

    `limit` and `offset` count articles, not paths.
    """

    limit: int | None = 10
    offset: int = 0
    sort: Sort = "relevance"


@frozen
class Sample:
    """Asks for so many of the articles found, whole, evenly spread in the order of the index."""

    size: int


Ranked: TypeAlias = Top | Outlines | Paths
"""What has an order, and a page of it."""

Collector: TypeAlias = Count | Ranked | Sample
"""What an engine collects of the articles found, besides their number and facets."""


@frozen
class SearchRequest:
    """A question to an engine: what is looked for, and what is to be told of it.

    `facets` names what to count all articles found by (`search.model.facets`). `without` is the
    id of an article that is not to be found. Nor is anything to be found that `beyond` finds, a
    tree of the same kind; where copies are put together, no copy of it is collected either.
    """

    tree: Node
    collect: Collector
    facets: tuple[str, ...] = ()
    without: str = ""
    beyond: Node | None = None


@frozen
class Scored:
    """An article found, and its score.

    When asked for: the parts the score is the sum of, and the copies of the article that were
    found too, best first.
    """

    article: Article
    score: float
    parts: tuple[tuple[str, float], ...] = ()
    copies: tuple[Article, ...] = ()


@frozen
class Found:
    """The answer: how many articles were found in all, and what was collected of them, in order."""

    total: int
    hits: tuple[Scored, ...]
    facets: tuple[Facet, ...] = ()


class Engine(Protocol):
    """An index that can be asked. Safe to use from one thread."""

    def search(self, request: SearchRequest) -> Found:
        """Return what the request's tree finds: articles, or the records of pages (`kind_of`).

        Whatever is asked of either, the other counts for nothing: not for scores or facets.

        Raises LimitError for a tree that needs more than `search.query.limits` allows.
        """

    def lookup(self, prefix: str) -> list[Article]:
        """Return the articles whose id begins with `prefix`, in order of id.

        Where there is none, the records of pages whose id does.
        """

    def count(self) -> int:
        """Return the number of articles in the index."""

    def having(self, words: list[str]) -> list[int]:
        """Return for each word of the segmenter in how many bodies it was seen.

        Articles removed since may still be counted.
        """

    def bound(self, text: str, field: str | None = None) -> int:
        """Return a number of articles that a string in a field cannot exceed; 0 if it is nowhere.

        The string has two characters or more. Without a field: in titles and bodies.
        """

    def between(self, before: str, after: str, field: str | None = None) -> list[str]:
        """Return the characters that stand behind one character and, somewhere, before another.

        The most frequent come first. An empty string asks for no character on that side.
        Without a field: in bodies.
        """

    def paths(self, kind: Kind = ARTICLE) -> dict[str, int]:
        """Return the paths of all articles, and how many articles each has.

        With `kind`, those of the records of pages.
        """

    def faults(self) -> list[str]:
        """Read everything and return what is wrong with it, a line each."""

    def close(self) -> None:
        """Let go of files and memory."""


Told = TypeVar("Told")
Thing = TypeVar("Thing")

Reading = Callable[[], Generator[Article, None, Told]]
"""Articles yet to be read: called, it yields them and returns what there is to tell of them.

It can be pickled, and is called in whichever process analyses its articles. What goes wrong
with a source is its own to catch and to tell: an error that it raises stops the change.
"""


@frozen
class Prepared:
    """A change that an engine has made ready: nothing leads to it yet.

    `fresh` are the files that it is made of, which are not forced to the disk yet; `listed` is
    what the list of the engine's files is to say; `names` are all files that then count.
    """

    fresh: tuple[Path, ...] = ()
    listed: bytes = b""
    names: frozenset[str] = frozenset()


class Writer(Protocol):
    """A change to an index: all of it takes effect, or none of it.

    The engine makes it ready (`prepare`); whoever names what was prepared makes the change.
    """

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

    def prepare(self, number: int) -> Prepared:
        """Make the change ready under its number. Nothing can be added or removed after that."""

    def commit(self) -> None:
        """Do what is left when the change is made, and make the writer useless.

        Nothing of the index depends on it.
        """

    def cancel(self) -> None:
        """Forget a change that was not made, and make the writer useless."""


@frozen
class EngineFiles:
    """The names of the engine's files that count, and what the one that may be lacking is like.

    No search needs that one: it is made behind the commit, for programs other than sou.
    """

    names: frozenset[str]
    lacking: str = ""
    """Its name, where it is not there."""
    fault: str = ""
    """What is wrong with it, where it is there."""


class Storage(Protocol):
    """How an engine stores an index: a module with these functions (`search.engines.registry`).

    `folder` is that of a generation, in which a change left a list of files, whose `number` and
    `stamp` sou.json tells. All raise IndexDamaged for what is not as it was written.
    """

    def open_engine(
        self, folder: Path, number: int, stamp: Stamp, *, without: Collection[str] = ()
    ) -> Engine:
        """Open the index for reading as a change left it, but for the files `without` which."""

    def open_writer(
        self,
        folder: Path,
        number: int = 0,
        stamp: Stamp | None = None,
        *,
        without: Collection[str] = (),
        jobs: int = 1,
    ) -> Writer:
        """Open it for writing, as a change left it; without a stamp, an empty one.

        Files `without` which it is to be opened leave it; `jobs` processes analyse articles.
        """

    def broken(
        self, folder: Path, number: int, stamp: Stamp, tick: Callable[[int], None]
    ) -> dict[str, list[str]]:
        """Read everything; return what is wrong with each file that is broken, by its name.

        `tick` is told how many more articles have been looked at.
        """

    def engine_files(self, folder: Path, number: int, stamp: Stamp) -> EngineFiles:
        """Return what files there are."""

    def is_ours(self, name: str) -> bool:
        """Return whether a name is one that the engine gives to its files."""

    def proves_commit(self, name: str) -> bool:
        """Return whether a file of this name is there only if a change was made once."""


def taken(reading: Reading[Told], told: list[Told]) -> Iterator[Article]:
    """Yield the articles of a reading, and put what it tells into a list when it has ended."""
    told.append((yield from reading()))


def spread(order: list[Thing], most: int) -> list[Thing]:
    """Return at most so many things of a list, evenly spread."""
    if len(order) <= most:
        return order
    return [order[len(order) * i // most] for i in range(most)]


def page(order: list[Thing], asked: Ranked) -> list[Thing]:
    """Return the part of a ranking that is asked for."""
    end = None if asked.limit is None else asked.offset + asked.limit
    return order[asked.offset : end]
