"""Making and opening Whoosh indexes in folders; Whoosh's errors end here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index

from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.schema import schema
from search.engines.whoosh.writer import WhooshWriter
from search.errors import IndexDamaged


def create(folder: Path) -> WhooshWriter:
    """Make an empty index in an existing folder, and open it for writing."""
    return WhooshWriter(whoosh_index.create_in(str(folder), schema()))


def open_writer(folder: Path) -> WhooshWriter:
    """Open the index in a folder for writing. Raises IndexDamaged or IndexBusy."""
    return WhooshWriter(_open(folder))


def open_engine(folder: Path) -> WhooshEngine:
    """Open the index in a folder for reading. Raises IndexDamaged or FileNotFoundError."""
    index = _open(folder)
    try:
        return WhooshEngine(index)
    except FileNotFoundError:
        raise
    except Exception as exc:  # a broken file can raise anything at all
        raise _damaged(folder, exc) from exc


def _open(folder: Path) -> Any:
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    try:
        return whoosh_index.open_dir(str(folder))
    except PermissionError as exc:
        raise IndexDamaged(f"the index in {folder} may not be read: {exc.strerror}") from exc
    except Exception as exc:  # a broken file can raise anything at all
        raise _damaged(folder, exc) from exc


def _damaged(folder: Path, exc: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"the index in {folder} is damaged: {type(exc).__name__}: {exc}",
        "build it anew from the papers: sou index --rebuild",
    )
