"""What is no text at all: files of other kinds, and bytes that no writing uses."""

from __future__ import annotations

from search.model.errors import PaperError

_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a GZIP archive"),
    (b"\xfd7zXZ\x00", "an XZ archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)

_CONTROLS = bytes(b for b in range(0x20) if b not in b"\t\n\v\f\r\x1a\x1b") + b"\x7f"
_MAX_CONTROLS = 0.02
"""Share of control characters above which data is not text; OCR leaves a few in a page."""


def refuse_other_files(head: bytes) -> None:
    """Raise PaperError if a file that begins with `head` is of a kind that holds no text."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            raise PaperError(f"this is {name}, not text")


def refuse_nuls(head: bytes) -> None:
    """Raise PaperError if there are NUL bytes in what is not UTF-16 or UTF-32."""
    if b"\x00" in head:
        raise PaperError("this is binary data, not text (it holds NUL bytes)")


def refuse_controls(head: bytes) -> None:
    """Raise PaperError if `head` is full of control characters."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) * _MAX_CONTROLS:
        raise PaperError("this is binary data, not text (it is full of control characters)")
