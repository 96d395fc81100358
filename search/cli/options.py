"""The flags that commands share, each described once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Optional

import typer

from search.errors import RequestError
from search.find import Mode, Question
from search.query.parse import FIELD_NAMES
from search.query.tree import TEXT_FIELDS


class FormatName(str, Enum):
    """What -f takes."""

    rich = "rich"
    plain = "plain"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    tsv = "tsv"
    paths = "paths"
    trec = "trec"


class SortName(str, Enum):
    """What --sort takes."""

    relevance = "relevance"
    date = "date"
    newest = "-date"


class ListSortName(str, Enum):
    """What --sort takes where nothing is searched for."""

    path = "path"
    date = "date"
    newest = "-date"


Index = Annotated[
    Optional[Path],
    typer.Option(
        "--index",
        metavar="DIR",
        envvar="SOU_INDEX",
        help="The index folder. Default: the nearest index_data/, upwards from here.",
    ),
]
Limit = Annotated[
    Optional[int], typer.Option("-n", "--limit", min=0, help="Show this many; 0 shows all.")
]
Offset = Annotated[int, typer.Option("--offset", min=0, help="Skip this many first.")]
Sort = Annotated[SortName, typer.Option("--sort", help="Best first, or by date (-date: newest).")]
ListSort = Annotated[
    ListSortName, typer.Option("--sort", help="By path and line, or by date (-date: newest).")
]
In = Annotated[
    Optional[str], typer.Option("--in", metavar="FIELD", help="Look only in title, body or author.")
]
Since = Annotated[
    Optional[str], typer.Option("--since", metavar="DATE", help="From this year, month or day on.")
]
Until = Annotated[
    Optional[str], typer.Option("--until", metavar="DATE", help="Up to this year, month or day.")
]
Paper = Annotated[
    Optional[list[str]], typer.Option("--paper", metavar="NAME", help="Papers named like this.")
]
Author = Annotated[
    Optional[list[str]], typer.Option("--author", metavar="NAME", help="Authors named like this.")
]
PathGlob = Annotated[
    Optional[list[str]],
    typer.Option("--path", metavar="GLOB", help="Files like this, such as '*/2023/*'."),
]
Any_ = Annotated[
    bool, typer.Option("--any", help="Plain words, nothing an operator; any of them will do.")
]
Literal_ = Annotated[
    bool, typer.Option("-F", "--literal", help="One string, to be found exactly where it stands.")
]
NoPartial = Annotated[
    bool,
    typer.Option("--no-partial", help="No partial matches when no article has it all."),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show how the query was read and each score made.")
]
Format = Annotated[
    Optional[FormatName],
    typer.Option("-f", "--format", help="Default: rich on a terminal, plain in a pipe."),
]
PathsOnly = Annotated[bool, typer.Option("-l", "--files", help="Only the paths, each once (all).")]
Nul = Annotated[bool, typer.Option("-0", "--null", help="End paths with NUL, for xargs -0.")]
Count = Annotated[bool, typer.Option("-c", "--count", help="Only the number of articles found.")]


@dataclass(frozen=True, slots=True)
class Flags:
    """The search flags of one call, before they are a question."""

    limit: int | None
    offset: int = 0
    sort: SortName = SortName.relevance
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
            sort=self.sort.value,
            explain=self.explain,
            partial=self.partial,
        )


def _field(name: str) -> str:
    field = FIELD_NAMES.get(name.lower())
    if field not in TEXT_FIELDS:
        raise RequestError(f"--in {name}: there is no such text", "one of title, body, author")
    return field
