"""sou show: one article, whole."""

from __future__ import annotations

from pathlib import Path

from search.cli.session import Session
from search.model.errors import EXIT_FOUND, EXIT_NOTHING, ArticleMissing
from search.output.world import World
from search.searching.continuations import parts_of


def show(world: World, *, ids: list[str], format_: str | None, index: Path | None) -> int:
    """Show articles as they stand in their source."""
    session = Session(world, index)
    engine = session.engine()
    status = EXIT_FOUND
    try:
        out = session.format(format_)
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
