"""sou list: the articles of the index, by path and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.cli.flags.search_flags import Flags
from search.cli.session import Session
from search.engines.port import Count, SearchRequest, Sort, Top
from search.model.errors import EXIT_FOUND, EXIT_NOTHING
from search.output.world import World


def list_(
    world: World,
    *,
    sort: Sort,
    format_: str | None,
    files: bool,
    count: bool,
    nul: bool,
    index: Path | None,
    **chosen: Any,
) -> int:
    """List articles, all or those that the filters let through; `chosen` are fields of Flags."""
    from search.cli.run_search import format_name, say_it_is_past_the_last
    from search.searching.search import everything

    session = Session(world, index)
    flags = Flags(**chosen)
    name = format_name(format_, files=files or nul, count=count)
    engine = session.engine()
    try:
        tree = everything(flags.question(""))
        names = flags.facets
        top = Top(flags.limit or None, flags.offset, sort)
        # Counts stand in place of the articles.
        wanted = Count() if names or name == "count" else top
        found = engine.search(SearchRequest(tree, wanted, names))
    finally:
        engine.close()
    if name == "count" and not names:
        session.world.write(f"{found.total}\n")
    elif names:
        session.format(name, total=found.total).facets(found.facets)
    else:
        articles = [scored.article for scored in found.hits]
        session.format(name, nul=nul, total=found.total).articles(articles)
        if not articles:
            say_it_is_past_the_last(session.world, flags.offset, found.total)
    return EXIT_FOUND if found.total else EXIT_NOTHING
