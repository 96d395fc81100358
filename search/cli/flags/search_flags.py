"""The flags by which articles are chosen, and the question they make."""

from __future__ import annotations

from search.analysis.fold import fold
from search.engines.port import BY_SCORE, Sort
from search.model.errors import RequestError
from search.model.frozen import frozen
from search.query.lexer import PLACES
from search.searching.search import Mode, Question


@frozen
class Flags:
    """The search flags of one call, before they are a question; names as in the declarations."""

    limit: int | None = None
    offset: int = 0
    sort: Sort = "relevance"
    recent: bool = False
    field: str | None = None
    since: str | None = None
    until: str | None = None
    paper: list[str] | None = None
    author: list[str] | None = None
    path: list[str] | None = None
    page: list[str] | None = None
    issue: list[str] | None = None
    edition: list[str] | None = None
    any_: bool = False
    literal: bool = False
    word: bool = False
    exact_form: bool = False
    no_partial: bool = False
    no_dedupe: bool = False
    no_synonyms: bool = False
    explain: bool = False
    facet: list[str] | None = None

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets asked for, each once."""
        return tuple(dict.fromkeys(self.facet or ()))

    def question(self, text: str) -> Question:
        """Return the question that these flags and a text make. Raises RequestError."""
        if self.any_ and self.literal:
            raise RequestError("--any and --literal cannot be combined")
        if self.any_ and self.word:
            raise RequestError(
                "--any and --word cannot be combined",
                "leave out --any, or write word:AI in the query",
            )
        if self.any_ and self.exact_form:
            raise RequestError(
                "--any and --exact-form cannot be combined",
                "leave out --any, or put = before the words of the query: =裏",
            )
        if self.word and self.exact_form:
            raise RequestError(
                "--word and --exact-form cannot be combined",
                "write word:AI in the query for the one, =裏 for the other",
            )
        if self.recent and self.sort not in BY_SCORE:
            raise RequestError(f"--recent and --sort {self.sort} cannot be combined")
        mode: Mode = "any" if self.any_ else "literal" if self.literal else "query"
        return Question(
            text=text,
            mode=mode,
            word=self.word,
            exact_form=self.exact_form,
            field=_field(self.field) if self.field else None,
            since=self.since,
            until=self.until,
            papers=tuple(self.paper or ()),
            authors=tuple(self.author or ()),
            paths=tuple(self.path or ()),
            pages=tuple(self.page or ()),
            issues=tuple(self.issue or ()),
            editions=tuple(self.edition or ()),
            limit=self.limit or None,
            offset=self.offset,
            sort="recent" if self.recent else self.sort,
            explain=self.explain,
            partial=not self.no_partial,
            dedupe=not self.no_dedupe,
            facets=self.facets,
        )


def _field(name: str) -> str:
    place = PLACES.get(fold(name))
    if place is None:
        raise RequestError(f"--in {name}: not a field of text", "use title, body, author or page")
    return place
