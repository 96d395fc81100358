r"""From the bytes of a file to text, by the first encoding that fits; no guessing below that.

Both UTF-8 and GB18030 are decoded strictly: a replacement character would hide words from
every search, without a word to the user. Newlines (`\\r\\n`, `\\r`) become `\\n`.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from search.errors import PaperError

_HEAD = 1 << 16
"""Bytes looked at to tell binary data and UTF-16 from text."""

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

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

_UTF16_PLAUSIBLE = 0.7
"""Share of ordinary characters (Han, ASCII, Chinese punctuation) that makes data UTF-16."""


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""Text with `\\n` newlines, and the name of the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Return the text in `data`; raise PaperError, saying what was tried, if it is not text.

    A character cut off by the end of the data is dropped: files copied in blocks end so.
    """
    encoding, skip = _unicode_by_its_bytes(data[:_HEAD])
    if encoding:
        text, bad = _strict(data[skip:], encoding)
        if text is None:
            raise PaperError(f"looks like {encoding.upper()}, but byte {skip + bad} is not")
        return Decoded(_one_newline(text), encoding)
    failures = []
    # The first that fits. Big5 and others overlap GB18030: they need a score of the decoded
    # text, to be computed here over all candidates that fit.
    for candidate in ("utf-8", "gb18030"):
        text, bad = _strict(data, candidate)
        if text is not None:
            return Decoded(_one_newline(text), candidate)
        failures.append(f"{candidate.upper()} (byte {bad})")
    raise PaperError(_undecodable(failures))


@contextmanager
def open_text(stream: BinaryIO) -> Iterator[TextIO]:
    r"""Give the text of a seekable stream piece by piece, with `\\n` newlines.

    The stream is read once to find the encoding and again by the caller, never as a whole
    in memory. Raises PaperError as `decode` does. The stream is left open: it is the caller's.
    """
    start = stream.tell()
    encoding, skip = find_encoding(stream)
    stream.seek(start + skip)
    with text_of(stream, encoding) as text:
        yield text


def find_encoding(stream: BinaryIO) -> tuple[str, int]:
    """Return the encoding of the rest of a seekable stream, and the length of its mark.

    Raises PaperError as `decode` does.
    """
    start = stream.tell()
    head = stream.read(_HEAD)
    # A stray NUL costs a record a character; of a page it makes us doubt that it is text.
    encoding, skip = _unicode_by_its_bytes(head, nuls=True)
    return encoding or _encoding_of_stream(stream, start, head), skip


@contextmanager
def text_of(stream: BinaryIO, encoding: str) -> Iterator[TextIO]:
    r"""Give the text of a stream whose encoding is known, with `\\n` newlines.

    Bytes that don't fit, when the file is UTF-8 but for them, come out as lone surrogates
    (U+DC80 to U+DCFF), so that one broken record need not cost the others.
    """
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    text = io.TextIOWrapper(stream, encoding, errors=errors, newline=None)
    try:
        yield text
    finally:
        text.detach()


def _encoding_of_stream(stream: BinaryIO, start: int, head: bytes) -> str:
    """Return the first encoding the whole stream fits, or UTF-8 if its head is clearly that."""
    failures = []
    for candidate in ("utf-8", "gb18030"):
        stream.seek(start)
        bad = _first_bad_byte(stream, candidate)
        if bad is None:
            return candidate
        failures.append(f"{candidate.upper()} (byte {bad})")
    if not head.isascii() and _strict(head, "utf-8")[0] is not None:
        return "utf-8"
    raise PaperError(_undecodable(failures))


def _first_bad_byte(stream: BinaryIO, encoding: str) -> int | None:
    """Return where the rest of the stream stops being `encoding`, or None if it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    while chunk := stream.read(_HEAD):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as exc:
            return done - pending + exc.start
        done += len(chunk)
    return None


def _strict(data: bytes, encoding: str) -> tuple[str | None, int]:
    """Return the text and 0, or None and the offset of the first byte that does not fit."""
    try:
        # final=False is what forgives a character cut off at the end.
        return codecs.getincrementaldecoder(encoding)().decode(data), 0
    except UnicodeDecodeError as exc:
        return None, exc.start


def _unicode_by_its_bytes(head: bytes, *, nuls: bool = False) -> tuple[str | None, int]:
    """Return an encoding told by its mark or its bytes, and the length of the mark.

    Returns (None, 0) where UTF-8 and GB18030 are to be tried; raises PaperError for
    binary data, naming what it looks like. `nuls` forgives a few NUL bytes.
    """
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            raise PaperError(f"this is {name}, not text")
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, len(bom)
    if b"\x00" not in head and _strict(head, "utf-8")[0] is not None:
        _refuse_controls(head)
        return None, 0
    best = max(("utf-16-le", "utf-16-be"), key=lambda name: _utf16_score(head, name))
    score = _utf16_score(head, best)
    if score > _UTF16_PLAUSIBLE:
        return best, 0
    if b"\x00" in head:
        if score_32 := _utf32(head):
            return score_32, 0
        if not nuls:
            raise PaperError("this is binary data, not text (it holds NUL bytes)")
    _refuse_controls(head)
    return None, 0


def _refuse_controls(head: bytes) -> None:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) * _MAX_CONTROLS:
        raise PaperError("this is binary data, not text (it is full of control characters)")


def _utf16_score(head: bytes, encoding: str) -> float:
    """Return the share of ordinary characters in `head` read as UTF-16, 0 if it can't be that.

    Pairs of ASCII letters read as UTF-16 are Han too. What they never give is a newline, a
    space or a Chinese comma or full stop, so one of these has to be there.
    """
    text = _strict(head, encoding)[0]
    if not text or not any(mark in text for mark in "\n \u3000\u3002\uff0c\u3001"):
        return 0.0
    return sum(map(_is_ordinary, text)) / len(text)


def _utf32(head: bytes) -> str | None:
    """Return the UTF-32 encoding `head` is in, or None: few other data decode as UTF-32."""
    for encoding in ("utf-32-le", "utf-32-be"):
        text = _strict(head, encoding)[0]
        if text and "\x00" not in text:
            return encoding
    return None


def _is_ordinary(char: str) -> bool:
    return (
        "\u4e00" <= char <= "\u9fff"
        or " " <= char <= "~"
        or char in "\n\r\t"
        or "\u3000" <= char <= "\u3011"
        or "\uff01" <= char <= "\uff5e"
        or "\u2010" <= char <= "\u2026"
    )


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _undecodable(failures: list[str]) -> str:
    tried = " nor ".join(failures)
    return f"the encoding is neither {tried}; convert the file to UTF-8"
