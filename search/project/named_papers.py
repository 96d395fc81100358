"""Which papers the user has named for which index, remembered where only the user writes.

An index says itself what it was made from; but an index may be a stranger's, and name what
it should like to have read. So what the user named on a command line, or said yes to, is also
kept in $XDG_STATE_HOME/sou/sources.json, by the index: there the weekly `sou index` finds that
it need not ask again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from search.project.ownership import user_folder
from search.system.files import is_own, open_regular, replacing

SCHEMA = "sou.sources/1"
MOST_BYTES = 4 << 20
MOST_INDEXES = 1000
"""Kept; beyond that, those that changed longest ago are forgotten, and asked about again."""


def remembered(index: str) -> list[str] | None:
    """Return the folders and files that the user named for an index; None if it is unknown.

    Paths are real ones. What cannot be read, or may have been written by others, says nothing.
    """
    return _read().get(index)


def remember(index: str, roots: Iterable[str]) -> None:
    """Add to what the user named for an index. Raises OSError when it cannot be written."""
    known = _read()
    old = known.pop(index, None)
    new = sorted({*(old or ()), *roots})
    if old == new:
        return
    known[index] = new  # the last one: that of the latest change
    kept = dict(list(known.items())[-MOST_INDEXES:])
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(path, 0o600) as file:
        file.write(json.dumps({"schema": SCHEMA, "indexes": kept}, indent=1).encode("ascii"))


def _path() -> Path:
    return Path(user_folder("XDG_STATE_HOME", ".local/state")) / "sources.json"


def _read() -> dict[str, list[str]]:
    """Return all that is remembered; nothing if the file is damaged or not the user's alone."""
    try:
        with open_regular(_path()) as file:
            if not is_own(os.fstat(file.fileno()), or_root=True):
                return {}
            data = file.read(MOST_BYTES)  # a longer one ends in the middle, and is damaged
        indexes: dict[str, list[str]] = json.loads(data)["indexes"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return indexes if _is_sound(indexes) else {}


def _is_sound(indexes: object) -> bool:
    """Tell whether this is lists of paths, by index."""
    return isinstance(indexes, dict) and all(
        isinstance(roots, list) and all(isinstance(root, str) for root in roots)
        for roots in indexes.values()
    )
