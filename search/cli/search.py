"""sou QUERY: ranked articles with highlighted snippets."""

from __future__ import annotations

from typing import Annotated

import typer

from search.cli import options
from search.cli.flags import Flags
from search.cli.options import command
from search.cli.searching import Call
from search.cli.searching import search as carry_out


@command
def search(
    ctx: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]...", show_default=False)
    ] = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    sort: options.Sort = options.SortName.relevance,
    field: options.In = None,
    since: options.Since = None,
    until: options.Until = None,
    paper: options.Paper = None,
    author: options.Author = None,
    path: options.PathGlob = None,
    any_: options.Any_ = False,
    literal: options.Literal_ = False,
    no_partial: options.NoPartial = False,
    no_dedupe: options.NoDedupe = False,
    no_synonyms: options.NoSynonyms = False,
    explain: options.Explain = False,
    facet: options.Facets = None,
    format_: options.Format = None,
    files: options.PathsOnly = False,
    count: options.Count = False,
    nul: options.Nul = False,
    index: options.Index = None,
) -> int:
    """Search the papers: sou 志愿服务, sou '"会议召开" -旅游', sou 马拉松 --since 2023.

    Words are ANDed; OR, NOT, -, (), "strings", title: author: paper: date: work as they do
    elsewhere, in full width too; so do 网格*管理, 青?捡跑, 关工委~ (one character wrong),
    志愿 NEAR/5 服务, 词^2, py:wanggehua, /regex/, date:去年. See docs/query.md.
    """
    flags = Flags(
        limit,
        offset,
        sort.value,
        field,
        since,
        until,
        papers=paper,
        authors=author,
        paths=path,
        any_=any_,
        literal=literal,
        partial=not no_partial,
        explain=explain,
        dedupe=not no_dedupe,
        facets=options.facet_names(facet),
        synonyms=not no_synonyms,
    )
    name = format_.value if format_ else None
    return carry_out(ctx.obj, Call(tuple(query or ()), flags, name, files, count, nul, index))
