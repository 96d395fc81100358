"""The Python API: an index as an object."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from search.article import Article
from search.engines.port import Engine, SearchRequest
from search.errors import RequestError
from search.find import Question, find
from search.query.tree import Everything
from search.results import Results
from search.store import IndexFolder


class Index:
    """An index opened for searching, as it stood at that moment. Close it, or use `with`."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._opened: Engine | None = IndexFolder(Path(folder)).open_engine()

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            raise RequestError("the index is closed", "open it again")
        return self._opened

    def search(self, text: str, **options: Any) -> Results:
        """Search as `sou TEXT` does; `options` are the fields of `search.find.Question`.

        `limit` (10; None for all), `offset`, `sort` ("relevance", "date", "-date"), `mode`
        ("query", "literal", "any"), `field`, `since`, `until`, `papers`, `authors`, `paths`,
        `explain`, `partial`, `dedupe` (True: copies of a hit are in its `also`), `facets`
        (names, as `--facet` takes them), `synonyms` (those that `search.synonyms.read_synonyms`
        read). Raises search.errors.QueryError for a text that cannot be read.
        """
        return find(self._engine, Question(text, **options))

    def show(self, prefix: str) -> Article | None:
        """Return the one article whose id begins with `prefix`; None for none or several."""
        found = self._engine.lookup(prefix)
        return found[0] if len(found) == 1 else None

    def similar(self, article: Article, **options: Any) -> Results:
        """Return articles like one, as `sou similar` does; `options` as for `search`."""
        from search.similar import similar

        return find(self._engine, similar(self._engine, article, Question(**options)))

    def articles(self) -> Iterator[Article]:
        """Yield every article, by path and line."""
        found = self._engine.search(SearchRequest(Everything(), limit=None, sort="source"))
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
