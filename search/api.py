"""The Python API: an index as an object."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NoReturn, Self, get_args

from search.engines.port import SORTS, Engine, SearchRequest, Sort, Top
from search.model.article import Article
from search.model.errors import RequestError
from search.model.facets import FACETS, FacetName
from search.model.results import Results
from search.query.ast import TEXT_FIELDS, Everything
from search.searching.search import Mode, Question, find
from search.storage.index_folder import IndexFolder

Names = str | Collection[str]
"""One name, or several."""


class Index:
    """An index opened for searching, as it stood at that moment. Close it, or use `with`."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._opened: Engine | None = IndexFolder(Path(folder)).open_engine()

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            raise RequestError("the index is closed", "open it again")
        return self._opened

    def search(
        self,
        text: str = "",
        *,
        limit: int | None = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        mode: Mode = "query",
        field: Literal["title", "body", "author"] | None = None,
        since: str | None = None,
        until: str | None = None,
        papers: Names = (),
        authors: Names = (),
        paths: Names = (),
        explain: bool = False,
        partial: bool = True,
        dedupe: bool = True,
        facets: FacetName | Collection[FacetName] = (),
        synonyms: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Results:
        """Search as `sou TEXT` does, with its flags as keywords; an empty text needs a filter.

        `limit` is the number of hits, None for all. `sort` is "relevance", "date" or "-date";
        `mode` is "query", "literal" (`-F`) or "any". `papers`, `authors` and `paths` are one name
        or several, as `facets` are. With `dedupe`, copies of a hit are in its `also`. `synonyms`
        are those that `search.searching.synonyms.read_synonyms` read.

        Raises search.model.errors.QueryError for a text that cannot be read, and RequestError for
        anything else that cannot be asked.
        """
        question = _question(
            text,
            mode=mode,
            field=field,
            since=since,
            until=until,
            papers=papers,
            authors=authors,
            paths=paths,
            limit=limit,
            offset=offset,
            sort=sort,
            explain=explain,
            partial=partial,
            dedupe=dedupe,
            facets=facets,
            synonyms=synonyms,
        )
        return find(self._engine, question)

    def show(self, prefix: str) -> Article | None:
        """Return the one article whose id begins with `prefix`; None for none or several."""
        found = self._engine.lookup(prefix)
        return found[0] if len(found) == 1 else None

    def similar(
        self,
        article: Article,
        *,
        limit: int | None = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        since: str | None = None,
        until: str | None = None,
        papers: Names = (),
        authors: Names = (),
        paths: Names = (),
        explain: bool = False,
        facets: FacetName | Collection[FacetName] = (),
    ) -> Results:
        """Return articles like one, as `sou similar` does; keywords as of `search`."""
        from search.searching.more_like_this import similar

        question = _question(
            since=since,
            until=until,
            papers=papers,
            authors=authors,
            paths=paths,
            limit=limit,
            offset=offset,
            sort=sort,
            explain=explain,
            facets=facets,
        )
        return find(self._engine, similar(self._engine, article, question))

    def articles(self) -> Iterator[Article]:
        """Yield every article, by path and line."""
        found = self._engine.search(SearchRequest(Everything(), Top(None, sort="source")))
        for scored in found.hits:
            yield scored.article

    def __len__(self) -> int:
        return self._engine.count()

    def close(self) -> None:
        """Let go of files and memory. Whatever is asked for after that is a RequestError."""
        opened, self._opened = self._opened, None
        if opened:
            opened.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("an Index cannot be sent to another process: open the folder there")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _question(text: Any = "", **given: Any) -> Question:
    """Return the question that keywords ask. Raises RequestError for what is none.

    Types are those of a program that nobody may have checked.
    """
    if not isinstance(text, str):
        raise RequestError(f"the text is of type {type(text).__name__}, not str")
    for keyword in ("papers", "authors", "paths", "facets"):
        given[keyword] = _names(keyword, given[keyword])
    _one_of("sort", given["sort"], SORTS)
    _one_of("mode", given.get("mode", "query"), get_args(Mode))
    _one_of("field", given.get("field"), (*TEXT_FIELDS, None))
    for name in given["facets"]:
        _one_of("facets", name, FACETS)
    if given["limit"] is not None:
        _number("limit", given["limit"])
    _number("offset", given["offset"])
    return Question(text, **given)


def _names(keyword: str, names: Any) -> tuple[str, ...]:
    """Return the names that are given, one or several. Raises RequestError for others."""
    several = (names,) if isinstance(names, str) else names
    if not isinstance(several, Collection) or not all(isinstance(name, str) for name in several):
        raise RequestError(f"{keyword} are no names: {names!r}", "give a string, or a list of them")
    return tuple(several)


def _one_of(keyword: str, given: Any, known: Collection[Any]) -> None:
    """Raise RequestError for what is not known."""
    if given not in known:
        raise RequestError(f"{keyword}: {given!r} is none", f"one of {', '.join(map(repr, known))}")


def _number(keyword: str, given: Any) -> None:
    """Raise RequestError for what is no whole number, or negative."""
    if type(given) is not int or given < 0:
        raise RequestError(f"{keyword}: {given!r} is no number of hits", "0, or more")
