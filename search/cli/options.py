"""The flags that commands share, each described once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from search.cli.session import guarded


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


class FacetName(str, Enum):
    """What --facet takes (`search.facets`)."""

    paper = "paper"
    year = "year"
    month = "month"
    author = "author"
    section = "section"


class ListSortName(str, Enum):
    """What --sort takes where nothing is searched for."""

    path = "path"
    date = "date"
    newest = "-date"


Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        envvar="SOU_INDEX",
        help="The index folder. Default: the nearest index_data/, upwards from here.",
    ),
]
Limit = Annotated[
    int | None, typer.Option("-n", "--limit", min=0, help="Show this many; 0 shows all.")
]
Offset = Annotated[int, typer.Option("--offset", min=0, help="Skip this many first.")]
Sort = Annotated[SortName, typer.Option("--sort", help="Best first, or by date (-date: newest).")]
ListSort = Annotated[
    ListSortName, typer.Option("--sort", help="By path and line, or by date (-date: newest).")
]
In = Annotated[
    str | None, typer.Option("--in", metavar="FIELD", help="Look only in title, body or author.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="From this year, month or day on.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Up to this year, month or day.")
]
Paper = Annotated[
    list[str] | None, typer.Option("--paper", metavar="NAME", help="Papers named like this.")
]
Author = Annotated[
    list[str] | None, typer.Option("--author", metavar="NAME", help="Authors named like this.")
]
PathGlob = Annotated[
    list[str] | None,
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
NoDedupe = Annotated[
    bool,
    typer.Option("--no-dedupe", help="Every copy of an article printed twice for itself."),
]
NoSynonyms = Annotated[
    bool, typer.Option("--no-synonyms", help="Without the synonyms of synonyms.txt.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show how the query was read and each score made.")
]
Facets = Annotated[
    list[FacetName] | None,
    typer.Option("--facet", help="Count all articles found by this; may be given again."),
]
Format = Annotated[
    FormatName | None,
    typer.Option("-f", "--format", help="Default: rich on a terminal, plain in a pipe."),
]
PathsOnly = Annotated[bool, typer.Option("-l", "--files", help="Only the paths, each once (all).")]
Nul = Annotated[bool, typer.Option("-0", "--null", help="End paths with NUL, for xargs -0.")]
Count = Annotated[bool, typer.Option("-c", "--count", help="Only the number of articles found.")]


def facet_names(given: list[FacetName] | None) -> tuple[str, ...]:
    """Return the names of the facets asked for, each once."""
    return tuple(dict.fromkeys(name.value for name in given or ()))


def command(work: Callable[..., int]) -> Callable[..., None]:
    """Make a function that takes a context and returns an exit status a Typer command."""

    @functools.wraps(work)
    def run(ctx: typer.Context, **params: Any) -> None:
        raise typer.Exit(guarded(ctx.obj, lambda: work(ctx, **params)))

    return run
