"""Making and opening indexes in folders; errors of the files end here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from search.engines.port import EngineFiles
from search.engines.whoosh.codec.checked_file import UnreadableError, unreadable
from search.engines.whoosh.damage import faults_of, how_to_repair, refused
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.segment_list import (
    Listed,
    Reserved,
    is_segment,
    open_segments,
    read_manifest,
)
from search.engines.whoosh.whoosh_table import is_table, read_table
from search.model.article import ARTICLE, PAGE
from search.model.errors import IndexDamaged, SouError
from search.system.checksums import Other, Stamp, segments_name

if TYPE_CHECKING:
    from search.engines.whoosh.writer import WhooshWriter

_DAMAGE = (OSError, ValueError, KeyError, TypeError)


def open_writer(
    folder: Path,
    number: int = 0,
    stamp: Stamp | None = None,
    *,
    without: Collection[str] = (),
    jobs: int = 1,
) -> WhooshWriter:
    """Open the index in a folder for writing, as the change of a number left it; without a stamp, an empty one.

    Segments `without` which it is to be opened leave the index. Raises IndexDamaged.
    """
    from search.engines.whoosh.writer import WhooshWriter

    try:
        segments = _listed(folder, number, stamp, without) if stamp else []
        return WhooshWriter(folder, segments, jobs=jobs)
    except _DAMAGE as exc:
        raise _damaged(folder, exc) from exc


def open_engine(
    folder: Path, number: int, stamp: Stamp, *, without: Collection[str] = ()
) -> WhooshEngine:
    """Open the index in a folder for reading, as the change of a number left it.

    Raises IndexDamaged, also where a change has just taken files away.
    """
    try:
        listed = _listed(folder, number, stamp, without)
        pages = Reserved(folder, [one for one in listed if one.kind == PAGE])
        try:
            articles = open_segments(folder, [one for one in listed if one.kind == ARTICLE])
        except BaseException:
            pages.close()
            raise
        return WhooshEngine(articles, pages)
    except _DAMAGE as exc:
        raise _damaged(folder, exc) from exc


def _listed(folder: Path, number: int, stamp: Stamp, without: Collection[str] = ()) -> list[Listed]:
    manifest = read_manifest(folder / segments_name(number), number, stamp)
    return [listed for listed in manifest.all if listed.name not in without]


def broken(
    folder: Path, number: int, stamp: Stamp, tick: Callable[[int], None]
) -> dict[str, list[str]]:
    """Read every segment whole; return what is wrong with each that is broken, by its name.

    `tick` is told how many more articles have been looked at.
    Raises IndexDamaged where their list is.
    """
    try:
        listed = _listed(folder, number, stamp)
    except _DAMAGE as exc:
        raise _damaged(folder, exc) from exc
    found = {}
    for one in listed:
        try:
            [segment] = open_segments(folder, [one])
        except _DAMAGE as exc:
            found[one.name] = [_reason(folder, exc)]
            continue
        try:
            faults = faults_of(segment, tick=tick)
        except _DAMAGE as exc:
            faults = [_reason(folder, exc)]
        finally:
            segment.close()
        if faults:
            found[one.name] = faults
    return found


def engine_files(folder: Path, number: int, stamp: Stamp) -> EngineFiles:
    """Return what files there are. Raises IndexDamaged."""
    try:
        manifest = read_manifest(folder / segments_name(number), number, stamp)
    except _DAMAGE as exc:
        raise _damaged(folder, exc) from exc
    try:
        read_table(folder, manifest)
    except FileNotFoundError:
        return EngineFiles(manifest.names, lacking=manifest.table_name)
    except (OSError, Other) as exc:
        why = getattr(exc, "strerror", None) or exc
        return EngineFiles(manifest.names, fault=f"{manifest.table_name}: {why}")
    return EngineFiles(manifest.names)


def is_ours(name: str) -> bool:
    """Return whether a name is one that is given to a segment or to Whoosh's tables."""
    return is_segment(name) or is_table(name)


def proves_commit(name: str) -> bool:
    """Return whether a file of this name is there only if a change was made: Whoosh's table is."""
    return is_table(name)


def _damaged(folder: Path, exc: Exception) -> SouError:
    if isinstance(exc, OSError):
        exc = unreadable(Path(exc.filename or folder).name, exc)
    if isinstance(exc, SouError):
        return exc
    if isinstance(exc, UnreadableError):
        return refused(exc)
    return IndexDamaged(f"the index in {folder} is damaged: {exc}", how_to_repair())


def _reason(folder: Path, exc: Exception) -> str:
    """Say what is wrong, and with which file. Raises SouError for what no file is to blame for."""
    if isinstance(exc, OSError):
        exc = unreadable(Path(exc.filename or folder).name, exc)
    if isinstance(exc, SouError):
        raise exc
    return str(exc)
