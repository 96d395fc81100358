"""An engine without the rest of an index: the lists of its folder are named by the last one."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

from search.engines.port import Writer
from search.engines.registry import storage_of
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.writer import WhooshWriter
from search.system.checksums import Stamp


def _last(folder: Path) -> tuple[int, Stamp | None]:
    numbers = [int(path.name.split(".")[1]) for path in folder.glob("segments.*.json")]
    if not numbers:
        return 0, None
    data = (folder / f"segments.{max(numbers)}.json").read_bytes()
    return max(numbers), Stamp(len(data), zlib.crc32(data))


def writer_of(folder: Path, *, jobs: int = 1) -> WhooshWriter:
    """Open the last index in a folder for writing."""
    writer = storage_of(str(folder)).open_writer(folder, *_last(folder), jobs=jobs)
    assert isinstance(writer, WhooshWriter)
    return writer


def engine_of(folder: Path) -> WhooshEngine:
    """Open the last index in a folder for reading."""
    number, stamp = _last(folder)
    assert stamp
    engine = storage_of(str(folder)).open_engine(folder, number, stamp)
    assert isinstance(engine, WhooshEngine)
    return engine


def commit(folder: Path, writer: Writer) -> None:
    """Make a change, without all that keeps it from being lost; clear away what it replaced."""
    number = _last(folder)[0] + 1
    prepared = writer.prepare(number)
    listed = folder / f"segments.{number}.json"
    listed.write_bytes(prepared.listed)
    writer.commit()
    for path in folder.iterdir():
        if path != listed and path.name not in prepared.names:
            path.unlink()


def names_of(folder: Path) -> list[str]:
    """Return the names of the segments of the last index in a folder."""
    data = json.loads((folder / f"segments.{_last(folder)[0]}.json").read_bytes())
    return [entry[0] for entry in data["segments"]]
