"""The formats that can be read. A new one is a module with a READER, and a line here."""

from __future__ import annotations

from pathlib import PurePath

from search.papers import archives, docx, epub, pagefile, records
from search.papers.html import reader as html
from search.papers.reader import Reader

READERS: tuple[Reader, ...] = (
    pagefile.READER,
    records.READER,
    html.READER,
    docx.READER,
    epub.READER,
    archives.READER,
)

_BY_EXTENSION = {extension: reader for reader in READERS for extension in reader.extensions}

EXTENSIONS: frozenset[str] = frozenset(_BY_EXTENSION)


def reader_for(path: str) -> Reader | None:
    """Return the reader that accepts a file of this name, or None."""
    return _BY_EXTENSION.get(PurePath(path).suffix.lower())


def accepts(name: str) -> bool:
    """Tell whether a file of this name is a paper: `a.txt`, `a.txt.gz`, but not `a.log.gz`."""
    # Asked for each of 100,000 files: no PurePath.
    stem, dot, extension = name.rpartition(".")
    if not (dot and stem) or f".{extension.lower()}" not in _BY_EXTENSION:
        return False
    return f".{extension.lower()}" not in archives.PACKED or accepts(stem)
