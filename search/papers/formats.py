"""The formats that can be read. A new one is a module with a READER, and a line here."""

from __future__ import annotations

from pathlib import PurePath

from search.papers import alto, hocr, pagefile, pdf, records
from search.papers.reader import Reader

READERS: tuple[Reader, ...] = (
    pagefile.READER,
    records.READER,
    pdf.READER,
    alto.READER,
    hocr.READER,
)

EXTENSIONS: frozenset[str] = frozenset().union(*(reader.extensions for reader in READERS))


def reader_for(path: str) -> Reader | None:
    """Return the reader that accepts a file of this name, or None."""
    extension = PurePath(path).suffix.lower()
    return next((reader for reader in READERS if extension in reader.extensions), None)
