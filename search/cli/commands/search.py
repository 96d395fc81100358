"""sou QUERY: ranked articles with highlighted snippets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from search.cli.flags.search_flags import Flags
from search.cli.run_search import Call
from search.cli.run_search import search as carry_out
from search.output.world import World


def search(
    world: World,
    *,
    query: list[str],
    format_: str | None,
    files: bool,
    count: bool,
    nul: bool,
    index: Path | None,
    **chosen: Any,
) -> int:
    """Search the papers; `chosen` are fields of Flags."""
    call = Call(tuple(query), Flags(**chosen), format_, files, count, nul, index)
    return carry_out(world, call)
