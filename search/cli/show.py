"""sou show: one article, whole."""

from __future__ import annotations

from typing import Annotated

import typer

from search.cli import options
from search.cli.options import command
from search.cli.session import Session
from search.continuations import parts_of
from search.errors import EXIT_FOUND, EXIT_NOTHING, RequestError


@command
def show(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, or their beginnings.")],
    format_: options.Format = None,
    index: options.Index = None,
) -> int:
    """Show articles as they stand in their source."""
    session = Session(ctx.obj, index)
    engine = session.engine()
    status = EXIT_FOUND
    try:
        out = session.format(format_.value if format_ else None)
        for prefix in ids:
            found = engine.lookup(prefix.strip().lower()) if prefix.strip() else []
            if len(found) > 1:
                names = ", ".join(article.id for article in found[:5])
                more = f" and {len(found) - 5} more" if len(found) > 5 else ""
                raise RequestError(f"{prefix} begins {len(found)} ids", f"{names}{more}")
            if found:
                out.article(found[0], parts_of(engine, found[0]))
            else:
                session.world.tell(f"sou: no article has the id {prefix}")
                status = EXIT_NOTHING
    finally:
        engine.close()
    return status
