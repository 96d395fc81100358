"""Who may look into an index: nobody who may not read the papers in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from search.model.errors import (
    RequestError,
)
from search.system.files import readers

_ALL = 0o077
"""Everybody, as `files.readers` says it."""


def make_private(folder: Path, made: list[Path]) -> None:
    """Make a folder that only its owner may enter, and what is missing above it, if need be.

    What is made is added to a list, outermost first.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(mode=0o700)
            made.append(one)


def _belongs_to(path: str, user: int) -> bool:
    try:
        return os.stat(path).st_uid == user  # noqa: PTH116  (for each of 100,000)
    except OSError:
        return False


def close(folder: Path, named: Path, papers: list[str], known: Iterable[str]) -> bool:
    """Close a folder to those who may not read the papers that are about to go into it.

    Returns whether it had to be. One that the user has opened, though papers `known` from the
    same sources were private, stays open to those who may not read them. Raises RequestError,
    which speaks of the folder as it was `named`, where it belongs to somebody else, who could
    open it again, and papers that are not that person's are not open to all.
    """
    if os.name != "posix":
        return False
    status = folder.stat()
    mode = stat.S_IMODE(status.st_mode)
    allowed = readers(papers, status.st_gid)
    if allowed == _ALL:
        return False
    theirs = status.st_uid != os.geteuid()
    if theirs and not all(_belongs_to(path, status.st_uid) for path in papers):
        raise RequestError(
            f"{named} belongs to another user, and is open to more people than the papers",
            "name a folder of your own, or one that does not exist yet",
        )
    if not mode & _ALL & ~allowed:
        return False
    opened = mode & _ALL & ~readers(known, status.st_gid)
    closed = mode & (0o7700 | allowed | opened)
    if closed == mode or theirs:
        return False
    folder.chmod(closed)
    return True
