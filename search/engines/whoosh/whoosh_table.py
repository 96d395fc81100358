"""Whoosh's own table of contents, which names the segments that our list names.

So Whoosh's `open_dir` reads the index too. sou writes the table when a change is made, and never
reads it but to see whether it is the one that was written: it is a pickle.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from search.engines.whoosh.segment_list import Manifest
from search.system.checksums import read_stamped


def table_of_contents(manifest: Manifest) -> bytes:
    """Return Whoosh's table for an index, or nothing where Whoosh cannot make it."""
    with suppress(Exception):
        return _written(manifest)
    return b""


def _written(manifest: Manifest) -> bytes:
    """Have Whoosh write its table to memory: on disk it would open names that can be foreseen."""
    from search.engines.whoosh.codec.adapter import SouSegment
    from search.engines.whoosh.library import RamStorage, index
    from search.engines.whoosh.schema import schema

    named = [SouSegment(each.name, each.count, each.deleted) for each in manifest.segments]
    memory = RamStorage()
    index.TOC(schema(), named, manifest.number).write(memory, "MAIN")
    [table] = memory.files.values()
    return bytes(table)


def read_table(folder: Path, manifest: Manifest) -> None:
    """Read Whoosh's table, to see whether it is the one that was written.

    Raises FileNotFoundError where it is not there (it is written behind the commit), OSError
    where it cannot be read, and Other where it is another.
    """
    if manifest.table.size:
        for _ in read_stamped(folder / manifest.table_name, manifest.table):
            pass


def is_table(name: str) -> bool:
    """Return whether a name is one that Whoosh gives to its table of contents.

    Or to the file that it makes it from, which has a time behind that name.
    """
    number, mark, time = name.removeprefix("_MAIN_").partition(".toc")
    seconds, dot, rest = time.removeprefix(".").partition(".")
    digits = [number, *([seconds] if time else []), *([rest] if dot else [])]
    return (
        name.startswith("_MAIN_")
        and bool(mark)
        and (not time or time.startswith("."))
        and all(each and not each.strip("0123456789") for each in digits)
    )
