"""sou show: one article, whole."""

from __future__ import annotations

from typing import Annotated

import typer

from search.cli import options
from search.cli.options import command
from search.cli.session import Session
from search.continuations import parts_of
from search.errors import EXIT_FOUND, EXIT_NOTHING, ArticleMissing


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
            try:
                found = session.article(engine, prefix)
                out.article(found, parts_of(engine, found))
            except ArticleMissing as exc:
                session.world.tell(f"sou: {exc.message}")
                status = EXIT_NOTHING
    finally:
        engine.close()
    return status
