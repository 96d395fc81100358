"""The search flags of a call, and the question they make. Without Typer: see `quick`."""

from __future__ import annotations

from search.engines.port import Sort
from search.errors import RequestError
from search.find import Mode, Question
from search.query.tokens import FIELD_NAMES
from search.query.tree import TEXT_FIELDS
from search.record import record


@record
class Flags:
    """The search flags of one call, before they are a question."""

    limit: int | None = None
    offset: int = 0
    sort: Sort = "relevance"
    field: str | None = None
    since: str | None = None
    until: str | None = None
    papers: list[str] | None = None
    authors: list[str] | None = None
    paths: list[str] | None = None
    any_: bool = False
    literal: bool = False
    partial: bool = True
    explain: bool = False
    dedupe: bool = True
    facets: tuple[str, ...] = ()
    synonyms: bool = True

    def question(self, text: str) -> Question:
        """Return the question that these flags and a text make. Raises RequestError."""
        if self.any_ and self.literal:
            raise RequestError("--any and --literal exclude each other")
        mode: Mode = "any" if self.any_ else "literal" if self.literal else "query"
        return Question(
            text=text,
            mode=mode,
            field=_field(self.field) if self.field else None,
            since=self.since,
            until=self.until,
            papers=tuple(self.papers or ()),
            authors=tuple(self.authors or ()),
            paths=tuple(self.paths or ()),
            limit=self.limit or None,
            offset=self.offset,
            sort=self.sort,
            explain=self.explain,
            partial=self.partial,
            dedupe=self.dedupe,
            facets=self.facets,
        )


def _field(name: str) -> str:
    field = FIELD_NAMES.get(name.lower())
    if field not in TEXT_FIELDS:
        raise RequestError(f"--in {name}: there is no such text", "one of title, body, author")
    return field
