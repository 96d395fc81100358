"""sou similar: articles like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.cli.flags.search_flags import Flags
from search.cli.run_search import Call, search
from search.cli.session import Session
from search.engines.port import Engine
from search.output.world import World
from search.searching.search import Question


def similar(
    world: World,
    *,
    id_: str,
    format_: str | None,
    files: bool,
    count: bool,
    nul: bool,
    index: Path | None,
    **chosen: Any,
) -> int:
    """Find articles like one; `chosen` are fields of Flags."""
    from search.searching.more_like_this import similar as like

    def ask(session: Session, engine: Engine, question: Question) -> Question:
        return like(engine, session.article(engine, id_), question)

    call = Call((), Flags(**chosen), format_, files, count, nul, index)
    return search(world, call, ask)
