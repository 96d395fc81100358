"""An index opened for searching."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self, TypeAlias, get_args

from search.analysis import user_dictionary
from search.api.arguments import Names, names, number, one_of, place, text_of, yes_or_no
from search.api.own_words import Synonyms, Words, synonyms_of, words_of
from search.engines.port import Engine, SearchRequest, Sort, Top
from search.model.article import Article
from search.model.errors import RequestError
from search.model.facets import FACETS, FacetName
from search.model.results import Hit, Results
from search.query.ast import Everything, Node
from search.query.parser import literal, plain_words
from search.query.parser import parse as _parse
from search.searching.search import Mode, Question, find
from search.storage.index_folder import IndexFolder

if TYPE_CHECKING:
    from search.project.settings import Settings

TextField: TypeAlias = Literal["title", "body", "author", "page"]
"""A field that is searched: headline, text or byline; or the records of pages."""


def open(  # noqa: A001  (it is `sou.open`)
    folder: str | os.PathLike[str] = "index_data",
    *,
    words: Words = True,
    synonyms: Synonyms = True,
) -> Index:
    """Open the index in `folder` for searching, as it stands now.

    `words` are the user's own words and `synonyms` the user's synonyms, for this index alone.
    By default they are those that `sou --index FOLDER` would use here: words.txt and
    synonyms.txt beside the sou.toml in the working folder or above it, or else beside the
    index, if they are the user's own. None or False is without; else a collection of words, a
    mapping of each text to what else it is to find, or the pathlib.Path of a file. Nothing is
    printed: what the command line would say of these files is in `Index.notes`.

    Raises IndexMissing, IndexOutdated or IndexDamaged, all of them an IndexProblem, for an
    index that cannot be used; RequestError for arguments, a sou.toml or a named file that
    cannot be used.
    """
    return Index(folder, words=words, synonyms=synonyms)


def parse(text: str, *, mode: Mode = "query") -> Node:
    """Return the tree of a query, as `sou --explain` shows it; no index is needed.

    `mode` is "query" (the query language), "literal" (`-F`: all of it is one string) or "any"
    (`--any`: plain words). A tree compares, prints and can be matched: `search.query.ast` has
    its nodes. Texts in it are folded.

    Raises QueryError for a text that cannot be read, with the place (`start` and `end` in
    `query`); also for one that is too long or has too many parts; RequestError for what is not text.
    """
    one_of("mode", mode, get_args(Mode))
    read = {"query": _parse, "literal": literal, "any": plain_words}[mode]
    return read(text_of("the text", text))


class Index:
    """An index opened for searching, as it stood at that moment. Close it, or use `with`.

    Made by `sou.open`. `path` is the folder as it was given; `words` and `synonyms` are those of
    the user's own that it uses, folded; `notes` is what there is to say about where they came
    from, a line each. `len` gives the number of articles.

    Several threads may use one index: what they ask is answered one after the other, as it
    would be in one thread. Threads that are not to wait for each other open one each. An index
    cannot be sent to another process; that one opens the folder. A change of the folder is seen
    by an index that is opened after it; this one goes on to answer as before.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] = "index_data",
        *,
        words: Words = True,
        synonyms: Synonyms = True,
    ) -> None:
        self.path = place("folder", folder)
        noted: list[str] = []
        self.words = words_of(words, lambda: self._settings, noted.append)
        self.synonyms: Mapping[str, tuple[str, ...]] = synonyms_of(
            synonyms, lambda: self._settings, noted.append
        )
        if "_settings" in self.__dict__ and self._settings.note:
            noted.insert(0, self._settings.note)
        self.notes: tuple[str, ...] = tuple(noted)
        self._lock = RLock()
        self._opened: Engine | None = IndexFolder(self.path).open_engine()

    @cached_property
    def _settings(self) -> Settings:
        """What the command line would go by here."""
        from search.project.settings import load

        return load(self.path)

    @contextmanager
    def _asked(self) -> Iterator[Engine]:
        """Give the engine to one thread alone, which cuts texts by the words of this index."""
        with self._lock, user_dictionary.using(self.words):
            if self._opened is None:
                raise RequestError("the index is closed", "open it again")
            yield self._opened

    def search(
        self,
        text: str = "",
        *,
        limit: int | None = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        mode: Mode = "query",
        field: TextField | None = None,
        word: bool = False,
        exact_form: bool = False,
        since: str | None = None,
        until: str | None = None,
        papers: Names = (),
        authors: Names = (),
        paths: Names = (),
        pages: Names = (),
        issues: Names = (),
        editions: Names = (),
        explain: bool = False,
        partial: bool = True,
        dedupe: bool = True,
        facets: FacetName | Collection[FacetName] = (),
        synonyms: Synonyms = True,
        suggestions: bool = True,
    ) -> Results:
        """Search as `sou TEXT` does, with its flags as keywords; an empty text needs a filter.

        `limit` is the number of hits, None for all; `offset` skips the first ones. `sort` is
        "relevance", "recent", "date", "title", "paper" or "path", but for the first two also with a `-` before it
        for the other way round; `mode` is "query", "literal" (`-F`) or "any" (`--any`).
        `field` is "title", "body" or "author" (`--in`), or "page": then the records of pages are
        found, and an empty text finds all. They are found too where no article matches, if all
        that is looked for stands in them (`Results.beside`). With `word`, letters and figures are
        whole words (`-w`). With `exact_form`, words
        and strings are found in the script and form in which they are typed alone
        (`--exact-form`). `since` and `until` are dates as
        `--since` takes them. `papers`, `authors`, `paths`, `pages`, `issues` and `editions` are one
        name or several, as `facets` are ("paper", "year", "month", "author", "section", "page",
        "issue", "edition"). `explain` fills `why` of
        the hits. Where whole matches leave room on the page, partial ones follow them
        (`Hit.partial`), and where there are none stand in their place; without `partial`, neither. With
        `dedupe`, copies of a hit are in its `also`. `synonyms` are those of the index, or given
        as to `sou.open`, though nothing may be wrong in a file of them; only the query language
        uses them. Without `suggestions`, no queries are
        looked for that may have been meant where this one finds nothing: that takes as long as
        some tens of searches.

        Raises QueryError for a text that cannot be read or has too many parts, LimitError for one
        that would take too much work, RequestError for anything else that cannot be asked, and
        IndexDamaged.
        """
        table = self.synonyms
        if synonyms is not True:
            table = synonyms_of(synonyms, lambda: self._settings, _refuse)
        question = _question(
            text,
            mode=mode,
            field=field,
            word=word,
            exact_form=exact_form,
            since=since,
            until=until,
            papers=papers,
            authors=authors,
            paths=paths,
            pages=pages,
            issues=issues,
            editions=editions,
            limit=limit,
            offset=offset,
            sort=sort,
            explain=explain,
            partial=partial,
            dedupe=dedupe,
            facets=facets,
            synonyms=(table or None) if mode == "query" else None,
        )
        yes_or_no("suggestions", suggestions)
        with self._asked() as engine:
            results = find(engine, question)
            if suggestions:
                from search.searching.suggest import with_suggestions

                results = with_suggestions(engine, question, results)
            return results

    def show(self, prefix: str) -> Article | None:
        """Return the one article whose id begins with `prefix`; None for none or several."""
        start = text_of("the id", prefix).strip().lower()
        with self._asked() as engine:
            found = engine.lookup(start) if start else []
        return found[0] if len(found) == 1 else None

    def similar(
        self,
        article: Article | Hit,
        *,
        limit: int | None = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        since: str | None = None,
        until: str | None = None,
        papers: Names = (),
        authors: Names = (),
        paths: Names = (),
        pages: Names = (),
        issues: Names = (),
        editions: Names = (),
        explain: bool = False,
        facets: FacetName | Collection[FacetName] = (),
    ) -> Results:
        """Return articles like one, as `sou similar` does; keywords as of `search`.

        Raises RequestError for what cannot be asked, and IndexDamaged.
        """
        from search.searching.more_like_this import similar

        if isinstance(article, Hit):
            article = article.article
        if not isinstance(article, Article):
            raise RequestError(f"an article is wanted, not {type(article).__name__}")
        question = _question(
            since=since,
            until=until,
            papers=papers,
            authors=authors,
            paths=paths,
            pages=pages,
            issues=issues,
            editions=editions,
            limit=limit,
            offset=offset,
            sort=sort,
            explain=explain,
            facets=facets,
        )
        with self._asked() as engine:
            return find(engine, similar(engine, article, question))

    def articles(self) -> Iterator[Article]:
        """Yield every article, by path and line, as the index holds them at the first one."""
        with self._asked() as engine:
            found = engine.search(SearchRequest(Everything(), Top(None, sort="path")))
        for scored in found.hits:
            yield scored.article

    def __len__(self) -> int:
        """Return the number of articles."""
        with self._asked() as engine:
            return engine.count()

    def __bool__(self) -> bool:
        """Return True: an index without articles is one too."""
        return True

    def __repr__(self) -> str:
        closed = ", closed" if self._opened is None else ""
        return f"<sou.Index of {str(self.path)!r}{closed}>"

    def close(self) -> None:
        """Let go of files and memory, when what is asked in other threads is answered.

        Whatever is asked for after that is a RequestError; articles that `articles` has found before
        still come.
        """
        with self._lock:
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


def _refuse(mistake: str) -> NoReturn:
    raise RequestError(mistake.removeprefix("sou: "))


_NAMES = ("papers", "authors", "paths", "pages", "issues", "editions")


def _question(text: Any = "", **given: Any) -> Question:
    """Return the question that keywords ask. Raises RequestError for what is none."""
    text_of("the text", text)
    for keyword in (*_NAMES, "facets"):
        given[keyword] = names(keyword, given[keyword])
    given["facets"] = tuple(dict.fromkeys(given["facets"]))
    one_of("sort", given["sort"], get_args(Sort))
    one_of("mode", given.get("mode", "query"), get_args(Mode))
    one_of("field", given.get("field"), (*get_args(TextField), None))
    for name in given["facets"]:
        one_of("facets", name, FACETS)
    for keyword in ("since", "until"):
        if given[keyword] is not None:
            text_of(keyword, given[keyword])
    for keyword in {"explain", "partial", "dedupe", "word", "exact_form"} & given.keys():
        yes_or_no(keyword, given[keyword])
    if given.get("word") and given.get("mode") == "any":
        raise RequestError(
            "word: mode cannot be any", "leave out mode, or write word:AI in the text"
        )
    if given.get("exact_form") and given.get("mode") == "any":
        raise RequestError(
            "exact_form: mode cannot be any", "leave out mode, or put = before the words: =裏"
        )
    if given.get("word") and given.get("exact_form"):
        raise RequestError(
            "word and exact_form cannot be combined",
            "write word:AI in the text for the one, =裏 for the other",
        )
    if given["limit"] is not None:
        number("limit", given["limit"], "hits")
    number("offset", given["offset"], "hits")
    return Question(text, **given)
