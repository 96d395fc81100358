"""The formats that can be read. A new one is a module with a READER, and a line here.

The module of a format is loaded when the first file of it is read.
"""

from __future__ import annotations

from pathlib import PurePath

from search.papers.reader import Limits, Reader, load

PACKED = frozenset({".gz", ".xz", ".bz2", ".zst"})
"""Extensions of one file, packed: `a.jsonl.gz` is `a.jsonl`."""

TARS = {".tgz": ".gz", ".txz": ".xz", ".tbz": ".bz2", ".tbz2": ".bz2"}
"""Extensions that stand for two: `.tgz` is `.tar.gz`."""

ARCHIVES = frozenset({".zip", ".tar", *PACKED, *TARS})

RECORDS = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv"})
"""Extensions of files of records."""

_MODULES = {
    "text": (".txt", ".md", ".markdown"),
    "records.reader": RECORDS,
    "pdf.reader": (".pdf",),
    "ocr.alto": (".xml",),
    "ocr.hocr": (".hocr",),
    "html.reader": (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht"),
    "docx": (".docx", ".docm", ".doc"),
    "epub": (".epub",),
    "archives": ARCHIVES,
}
"""The modules of search.papers.readers that hold a reader, and the extensions it reads."""

_WHOLE = frozenset(
    {*_MODULES["text"], *_MODULES["html.reader"], ".json"},
)
"""Extensions of files that are read whole, and so are not of more bytes than a page may have."""

_CONTAINED = {
    "text": 256 * 1024,
    "ocr.alto": 0,
    "ocr.hocr": 0,
    "html.reader": 0,
    "docx": 0,
    "epub": 0,
    "archives": 0,
}
"""Modules that parse foreign bytes with native code, or in one long step: each file, of so many
bytes at least, is read in a process that may die of it. (PDF has such a process of its own.)"""

_BY_EXTENSION = {extension: name for name, several in _MODULES.items() for extension in several}

_PAGES = frozenset({"text", "pdf.reader", "ocr.alto", "ocr.hocr", "docx"})
"""Modules that read pages, whose articles are found by their lines, and can be corrected."""

EXTENSIONS: frozenset[str] = frozenset(_BY_EXTENSION)


def reader_for(path: str) -> Reader | None:
    """Return the reader that accepts a file of this name, or None.

    Where it parses with native code, that happens in another process.
    """
    name = _BY_EXTENSION.get(PurePath(path).suffix.lower())
    if name in _CONTAINED:
        from search.papers.readers.isolation.isolated import contained

        return contained(name, _CONTAINED[name])
    return reader_here(path)


def reader_here(path: str) -> Reader | None:
    """Return the reader that accepts a file of this name, at work in this process, or None."""
    name = _BY_EXTENSION.get(PurePath(path).suffix.lower())
    if name is None:
        return None
    return load(name)


def extension_of(path: str) -> str:
    """Return the extension by which the reader of a file is chosen."""
    stem, dot, extension = path.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return f".{extension.lower()}" if dot and stem else ""


def is_of_pages(path: str) -> bool:
    """Return whether a file of this name holds pages, which sou splits into articles itself."""
    return _BY_EXTENSION.get(PurePath(path).suffix.lower()) in _PAGES


def may_hold_pages(path: str) -> bool:
    """Return whether a file of this name holds pages, or is an archive that may."""
    shown = PurePath(path)
    extension = shown.suffix.lower()
    if extension in PACKED:
        return may_hold_pages(shown.stem)
    return extension in ARCHIVES or is_of_pages(path)


def is_too_large(path: str, size: int, limits: Limits) -> bool:
    """Return whether a file of this name and size is refused by its reader before it is read."""
    return size > limits.max_page_bytes and PurePath(path).suffix.lower() in _WHOLE


def accepts(name: str) -> bool:
    """Return whether a file of this name is a paper: `a.txt`, `a.txt.gz`, but not `a.log.gz`."""
    # Asked for each of 100,000 files: no PurePath.
    stem, dot, extension = name.rpartition(".")
    if not (dot and stem) or f".{extension.lower()}" not in _BY_EXTENSION:
        return False
    return f".{extension.lower()}" not in PACKED or accepts(stem)
