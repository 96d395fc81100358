r"""From the bytes of a file to text: the encoding found, broken bytes replaced and counted.

UTF-8 and byte order marks are believed; of other encodings the one that gives the likeliest
text is taken (`search.papers.encodings`). Newlines (`\\r\\n`, `\\r`) become `\\n`.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from search.model.errors import PaperError
from search.papers.encodings.binary import refuse_controls, refuse_nuls, refuse_other_files
from search.papers.encodings.wide import WIDE, by_mark, wide_encoding

_BLOCK = 1 << 16
"""Bytes read at a time; the first are looked at to tell binary data and UTF-16 from text."""

_SURELY_UTF8 = 32
"""Bytes more than characters in what can be decoded as UTF-8: so many are not chance."""

_FEW, _MAX_BROKEN = 4, 0.3
"""Broken bytes that are always borne with, and how many to a character at most: of the bytes of
a Chinese text that is a tenth or somewhat more."""


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""Text with `\\n` newlines, and the encoding it was in, by Python's name.

    Each run of bytes that could not be decoded is one U+FFFD in the text; `broken` is the
    number of these bytes, `broken_line` the line of the first, both 0 where there are none.
    """

    text: str
    encoding: str
    broken: int = 0
    broken_line: int = 0

    @property
    def complaint(self) -> str:
        """What to tell the user about broken bytes; empty where there are none."""
        if not self.broken:
            return ""
        what = "1 broken byte was" if self.broken == 1 else f"{self.broken:,} broken bytes were"
        return f"{what} replaced; first at line {self.broken_line}"


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text in `data`; raise PaperError, saying what was tried, if it is not text.

    `declared` is the name by which the file itself calls its encoding (the charset of an HTML
    page), right or wrong: it is one more encoding to try, the first among equals, and one
    that is not Chinese has to fit to the last byte. A name that is not known is no name.

    A few broken bytes are replaced (see `Decoded`). A character cut off by the end of the
    data is dropped: files copied in blocks end so.
    """
    head = data[:_BLOCK]
    refuse_other_files(head)
    encoding, skip = by_mark(head)
    if encoding:
        return _marked(data[skip:], encoding)
    if b"\x00" not in head:
        text = _strict(data, "utf-8")
        if text is not None and not (declared and _may_be(declared, data, text)):
            refuse_controls(head)
            return Decoded(one_newline(text), "utf-8")
    encoding = wide_encoding(head)
    if encoding:
        return _marked(data, encoding)
    refuse_nuls(head)
    refuse_controls(head)
    return _mixed(data) or _guessed(data, declared)


@contextmanager
def open_text(stream: BinaryIO) -> Iterator[TextIO]:
    r"""Give the text of a seekable stream piece by piece, with `\\n` newlines.

    The stream is read once to find the encoding (a second time where it is not UTF-8) and
    again by the caller, never as a whole in memory. Raises PaperError as `decode` does. The
    stream is left open: it is the caller's.
    """
    start = stream.tell()
    encoding, skip = find_encoding(stream)
    stream.seek(start + skip)
    with text_of(stream, encoding) as text:
        yield text


def find_encoding(stream: BinaryIO) -> tuple[str, int]:
    """Return the encoding of the rest of a seekable stream, and the length of its mark.

    Raises PaperError as `decode` does. The stream may have a few broken bytes, or, where its
    beginning is clearly UTF-8, many.
    """
    start = stream.tell()
    head = stream.read(_BLOCK)
    refuse_other_files(head)
    encoding, skip = by_mark(head)
    if encoding:
        return encoding, skip
    text = _strict(head, "utf-8")
    if text is None or b"\x00" in head:
        encoding = wide_encoding(head)
        if encoding:
            return encoding, 0
    # A stray NUL costs a record a character; of a page it makes us doubt that it is text.
    refuse_controls(head)
    if text is not None and (
        len(head) - len(text) >= _SURELY_UTF8 or _is_utf8(_blocks(stream, start))
    ):
        return "utf-8", 0
    from search.papers.encodings.guess import guess
    from search.papers.encodings.mixed import parts_by_encoding

    parts = parts_by_encoding(head[: head.rfind(b"\n") + 1])
    if parts:  # that of the longest: the lines of the other are told apart when they are read
        return max(parts, key=lambda part: len(part[1]))[0], 0
    return guess(lambda: _blocks(stream, start)), 0


@contextmanager
def text_of(stream: BinaryIO, encoding: str) -> Iterator[TextIO]:
    r"""Give the text of a stream whose encoding is known, with `\\n` newlines.

    Bytes that don't fit come out as lone surrogates (U+DC80 to U+DCFF), so that one broken
    record need not cost the others; in UTF-16 and UTF-32 as U+FFFD.
    """
    errors = "replace" if encoding in WIDE else "surrogateescape"
    text = io.TextIOWrapper(stream, encoding, errors=errors, newline=None)
    try:
        yield text
    finally:
        text.detach()


def one_newline(text: str) -> str:
    r"""Return the text with `\\n` for each `\\r\\n` and `\\r`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _marked(data: bytes, encoding: str) -> Decoded:
    """Decode data whose encoding is known; raise PaperError if much of it is broken."""
    text = _strict(data, encoding)
    if text is not None:
        return Decoded(one_newline(text), encoding)
    try:
        return _mended(data, encoding)
    except UnicodeDecodeError as exc:  # UTF-32: most of what four bytes can be is nothing
        raise PaperError(f"looks like {encoding.upper()}, but byte {exc.start} is not") from exc


def _mixed(data: bytes) -> Decoded | None:
    """Decode data in which lines are in two encodings; None where they are in one."""
    from search.papers.encodings.mixed import parts_by_encoding

    text, broken, first = "", 0, 0
    parts = parts_by_encoding(data)
    for encoding, part in parts:
        try:
            decoded = _marked(part, encoding)
        except PaperError:
            return None
        if decoded.broken and not broken:
            first = text.count("\n") + decoded.broken_line
        broken += decoded.broken
        text += decoded.text
    names = " and ".join(dict.fromkeys(encoding for encoding, _ in parts))
    return Decoded(text, names, broken, first) if parts else None


def _guessed(data: bytes, declared: str | None) -> Decoded:
    from search.papers.encodings.guess import guess
    from search.papers.encodings.labels import encoding_of

    def blocks() -> Iterator[bytes]:
        return (data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK))

    encoding = guess(blocks, encoding_of(declared))
    text = _strict(data, encoding)
    return _mended(data, encoding) if text is None else Decoded(one_newline(text), encoding)


def _mended(data: bytes, encoding: str) -> Decoded:
    """Decode data with broken bytes; raise PaperError if they are many."""
    from search.papers.encodings.repair import repaired

    text, broken, before = repaired(data, encoding)
    line = one_newline(text[:before]).count("\n") + 1 if broken else 0
    if broken > max(_FEW, len(text) * _MAX_BROKEN):
        raise PaperError(
            f"looks like {encoding.upper()}, but {broken:,} bytes are not, the first at line "
            f"{line}; convert the file to UTF-8"
        )
    return Decoded(one_newline(text), encoding, broken, line)


def _may_be(declared: str, data: bytes, text: str) -> bool:
    """Return whether what can be decoded as UTF-8, to `text`, may be what it says all the same."""
    from search.papers.encodings.labels import encoding_of

    chance = 0 < len(data) - len(text) < _SURELY_UTF8
    return chance and encoding_of(declared) not in {"", "utf-8"}


def _strict(data: bytes, encoding: str) -> str | None:
    """Return the text, but for a character cut off at the end; None where a byte is broken."""
    try:
        # final=False is what forgives the end.
        return codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return None


def _is_utf8(blocks: Iterator[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks:
            decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(stream: BinaryIO, start: int) -> Iterator[bytes]:
    stream.seek(start)
    while block := stream.read(_BLOCK):
        yield block
