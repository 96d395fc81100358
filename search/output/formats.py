"""The output formats by name, and what each can be asked to write.

A new format is one module with one class, and one line in `FORMATS`. Modules are loaded
when their format is asked for: a pipe never pays for the terminal's.
"""

from __future__ import annotations

import importlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

from search.model.article import Article
from search.model.errors import RequestError
from search.model.frozen import frozen
from search.model.results import NO_PARTS, Hit, Parts, Results
from search.output.world import World

if TYPE_CHECKING:
    from search.model.facets import Facet

FORMATS = {
    "rich": "search.output.rich_page:RichPage",
    "plain": "search.output.plain:Plain",
    "json": "search.output.json_formats:Json",
    "jsonl": "search.output.json_formats:JsonLines",
    "csv": "search.output.tables:Csv",
    "tsv": "search.output.tables:Tsv",
    "paths": "search.output.bare:Paths",
    "trec": "search.output.trec:Trec",
    "count": "search.output.bare:Count",
}


@frozen
class Options:
    """What a format may need to know besides the data.

    `absolute` turns an article's path into one from the root, for links; `nul` ends each
    path with NUL instead of a newline; `qid` names the query where there are several, and
    `header` is false where a table has its header line already, from the query before;
    `total` counts all articles where only some are listed.
    """

    absolute: Callable[[str], str] = os.path.abspath
    nul: bool = False
    qid: str | None = None
    header: bool = True
    total: int | None = None


class Format(ABC):
    """One way to write what was found. Each call writes one complete output."""

    def __init__(self, world: World, options: Options) -> None:
        self.world = world
        self.options = options

    @abstractmethod
    def results(self, results: Results) -> None:
        """Write the answer to one search."""

    def articles(self, articles: Iterable[Article]) -> None:
        """Write a list of articles, each as soon as it comes."""
        del articles
        raise RequestError("this format is for search results, not for a list of articles")

    def facets(self, facets: tuple[Facet, ...]) -> None:
        """Write the counts of facets."""
        del facets
        hint = "use rich, plain, json, jsonl, csv or tsv"
        raise RequestError("this format cannot show the counts of --facet", hint)

    def article(self, article: Article, parts: Parts = NO_PARTS) -> None:
        """Write one article with its text, and where its other parts are."""
        del article, parts
        hint = "use rich, plain, json or jsonl"
        raise RequestError("this format cannot show the text of an article", hint)


def filled(results: Results) -> int:
    """Return how many hits match only parts of the query, below or behind whole matches."""
    return 0 if results.partial else sum(hit.partial for hit in results.hits)


def before_partial(results: Results, hit: Hit) -> str:
    """Return the line that is due before a hit: the first of those that fill a page, if it is."""
    if not filled(results) or hit is not next(hit for hit in results.hits if hit.partial):
        return ""
    return f"{whole_matches(results)}; these match parts of it"


def whole_matches(results: Results) -> str:
    """Say how many articles match the whole query."""
    if results.total == 1:
        return "1 article matches the whole query"
    return f"{results.total:,} articles match the whole query"


def open_format(name: str, world: World, options: Options | None = None) -> Format:
    """Return the format called `name`, ready to write."""
    if name not in FORMATS:
        raise RequestError(f"unknown format: {name}", f"one of {', '.join(FORMATS)}")
    module, _, class_name = FORMATS[name].partition(":")
    found = cast("type[Format]", getattr(importlib.import_module(module), class_name))
    return found(world, options or Options())


def default_format(world: World) -> str:
    """Return the name of the format for this world: a person gets a page, a pipe gets data."""
    return "rich" if world.terminal else "plain"
