"""Making and opening indexes in folders; errors of the files end here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from search.engines.whoosh.codec.segment import Segment
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.manifest import Manifest
from search.errors import IndexDamaged

if TYPE_CHECKING:
    from search.engines.whoosh.writer import WhooshWriter


def open_writer(folder: Path, *, jobs: int = 1) -> WhooshWriter:
    """Open the index in a folder for writing; an empty folder is an empty index.

    Raises IndexDamaged.
    """
    from search.engines.whoosh.writer import WhooshWriter

    try:
        return WhooshWriter(folder, jobs=jobs)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise _damaged(folder, exc) from exc


def open_engine(folder: Path) -> WhooshEngine:
    """Open the index in a folder for reading.

    Raises IndexDamaged, or FileNotFoundError where a change has just taken files away.
    """
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    segments: list[Segment] = []
    try:
        for listed in Manifest.read(folder).segments:
            segments.append(Segment(folder, listed.name, listed.deleted))  # noqa: PERF401  (closed below)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        for segment in segments:
            segment.close()
        if isinstance(exc, FileNotFoundError):
            raise
        raise _damaged(folder, exc) from exc
    return WhooshEngine(segments)


def _damaged(folder: Path, exc: Exception) -> IndexDamaged:
    reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
    return IndexDamaged(
        f"the index in {folder} is damaged: {reason}",
        "build it anew from the papers: sou index --rebuild FOLDER",
    )
