"""sou list: the articles of the index, by path and line."""

from __future__ import annotations

import typer

from search.cli import options
from search.cli.flags import Flags
from search.cli.options import command
from search.cli.session import Session
from search.engines.port import SearchRequest, Sort
from search.errors import EXIT_FOUND, EXIT_NOTHING

_ORDERS: dict[options.ListSortName, Sort] = {
    options.ListSortName.path: "source",
    options.ListSortName.date: "date",
    options.ListSortName.newest: "-date",
}


@command
def list_(
    ctx: typer.Context,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    sort: options.ListSort = options.ListSortName.path,
    since: options.Since = None,
    until: options.Until = None,
    paper: options.Paper = None,
    author: options.Author = None,
    path: options.PathGlob = None,
    facet: options.Facets = None,
    format_: options.Format = None,
    files: options.PathsOnly = False,
    count: options.Count = False,
    nul: options.Nul = False,
    index: options.Index = None,
) -> int:
    """List articles, all or those that the filters let through, without searching."""
    from search.cli.searching import format_name, say_it_is_past_the_last
    from search.find import everything

    session = Session(ctx.obj, index)
    flags = Flags(limit, since=since, until=until, papers=paper, authors=author, paths=path)
    engine = session.engine()
    try:
        order = _ORDERS[sort]
        tree = everything(flags.question(""))
        names = options.facet_names(facet)
        most = 0 if names else limit or None  # the counts stand in place of the articles
        found = engine.search(SearchRequest(tree, most, offset, order, facets=names))
    finally:
        engine.close()
    name = format_name(format_.value if format_ else None, files=files or nul, count=count)
    if name == "count" and not names:
        session.world.write(f"{found.total}\n")
    elif names:
        session.format(name, total=found.total).facets(found.facets)
    else:
        articles = [scored.article for scored in found.hits]
        session.format(name, nul=nul, total=found.total).articles(articles)
        if not articles:
            say_it_is_past_the_last(session.world, offset, found.total)
    return EXIT_FOUND if found.total else EXIT_NOTHING
