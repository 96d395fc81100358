"""sou similar: articles like one."""

from __future__ import annotations

from typing import Annotated

import typer

from search.cli import options
from search.cli.flags import Flags
from search.cli.options import command
from search.cli.session import Session
from search.engines.port import Engine
from search.find import Question


@command
def similar(
    ctx: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="An id, or its beginning.")],
    limit: options.Limit = None,
    offset: options.Offset = 0,
    sort: options.Sort = options.SortName.relevance,
    since: options.Since = None,
    until: options.Until = None,
    paper: options.Paper = None,
    author: options.Author = None,
    path: options.PathGlob = None,
    explain: options.Explain = False,
    facet: options.Facets = None,
    format_: options.Format = None,
    files: options.PathsOnly = False,
    count: options.Count = False,
    nul: options.Nul = False,
    index: options.Index = None,
) -> int:
    """Find articles like one: those that share the words which set it apart."""
    from search.cli.searching import Call, search
    from search.similar import similar as like

    flags = Flags(
        limit,
        offset,
        sort.value,
        None,
        since,
        until,
        papers=paper,
        authors=author,
        paths=path,
        explain=explain,
        facets=options.facet_names(facet),
    )
    name = format_.value if format_ else None

    def ask(session: Session, engine: Engine, question: Question) -> Question:
        return like(engine, session.article(engine, id_), question)

    return search(ctx.obj, Call((), flags, name, files, count, nul, index), ask)
