"""Making and opening indexes in folders; errors of the files end here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from search.engines.whoosh.codec.checked import UnreadableError, unreadable
from search.engines.whoosh.damage import refused
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.manifest import Manifest, open_segments
from search.errors import IndexDamaged, SouError
from search.files import is_folder

if TYPE_CHECKING:
    from search.engines.whoosh.writer import WhooshWriter

_DAMAGE = (OSError, ValueError, KeyError, TypeError)


def open_writer(folder: Path, *, jobs: int = 1) -> WhooshWriter:
    """Open the index in a folder for writing; an empty folder is an empty index.

    Raises IndexDamaged.
    """
    from search.engines.whoosh.writer import WhooshWriter

    try:
        return WhooshWriter(folder, jobs=jobs)
    except _DAMAGE as exc:
        raise _damaged(folder, exc) from exc


def open_engine(folder: Path) -> WhooshEngine:
    """Open the index in a folder for reading.

    Raises IndexDamaged, or FileNotFoundError where a change has just taken files away.
    """
    if not is_folder(folder):
        raise FileNotFoundError(folder)
    try:
        return WhooshEngine(open_segments(folder, Manifest.read(folder).segments))
    except FileNotFoundError:
        raise
    except _DAMAGE as exc:
        raise _damaged(folder, exc) from exc


def _damaged(folder: Path, exc: Exception) -> SouError:
    if isinstance(exc, OSError):
        exc = unreadable(Path(exc.filename or folder).name, exc)
    if isinstance(exc, SouError):
        return exc
    if isinstance(exc, UnreadableError):
        return refused(exc)
    return IndexDamaged(
        f"the index in {folder} is damaged: {exc}",
        "build it anew from the papers: sou index --rebuild FOLDER",
    )
