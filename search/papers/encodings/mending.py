"""Text out of bytes of which a few are broken: the rest stays readable, the broken are counted.

In between, a broken byte 0xNN is the lone surrogate U+DCNN, as Python writes it (PEP 383).
"""

from __future__ import annotations

import codecs
import re

from search.papers.encodings.guess import ESCAPED
from search.papers.encodings.likelihood import bits_of
from search.papers.encodings.wide import WIDE

_RUN = re.compile("[\ud800-\udfff]+")
_REPLACEMENT = "\ufffd"

_TWO_BYTES = frozenset({"gb18030", "cp950", "big5hkscs"})

_BROKEN_BITS = 30.0
"""What leaving out a byte costs: as much as some four characters read half a character off."""

_LONGEST_LINE = 1 << 13
_MOST_BYTES = 1 << 18
"""How much is read again, with care, in a page with broken bytes: it takes 2 µs a byte."""


def mended(data: bytes, encoding: str) -> tuple[str, int, int]:
    """Decode what is in `encoding` but for a few bytes.

    Returns the text, each run of broken bytes in it one U+FFFD; the number of broken bytes;
    and where in the text the first is (its length if there is none). A character that the
    end of the data cuts off is dropped.
    """
    errors = "surrogatepass" if encoding in WIDE else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    text = decoder.decode(data)
    if encoding in _TWO_BYTES:
        text = _realigned(data[: len(data) - len(decoder.getstate()[0])], encoding)
    runs = list(_RUN.finditer(text))
    unit = {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)
    broken = unit * sum(run.end() - run.start() for run in runs)
    return _RUN.sub(_REPLACEMENT, text), broken, runs[0].start() if runs else len(text)


def _realigned(data: bytes, encoding: str) -> str:
    """Decode data of two bytes a character so that a lost byte costs no more than itself.

    Behind a lost byte every second half would be taken for a first one, up to the next
    character of one byte. So a line with broken bytes is read in the likeliest way.
    """
    lines = []
    left = _MOST_BYTES
    for line in data.split(b"\n"):  # a newline is never a part of another character
        text = line.decode(encoding, "surrogateescape")
        if not text.isascii() and len(line) <= min(left, _LONGEST_LINE) and ESCAPED.search(text):
            left -= len(line)
            text = _likeliest(line, encoding)
        lines.append(text)
    return "\n".join(lines)


def _likeliest(line: bytes, encoding: str) -> str:
    """Return the likeliest way to divide a line into characters and broken bytes.

    The shortest path from the first byte to the last, in bits (Viterbi 1967).
    """
    size = len(line)
    bits = [0.0] + [float("inf")] * size
    ends: list[tuple[int, str]] = [(0, "")] * (size + 1)
    for at in range(size):
        for text, length, cost in _steps(line, at, encoding):
            if bits[at] + cost < bits[at + length]:
                bits[at + length] = bits[at] + cost
                ends[at + length] = at, text
    parts = []
    at = size
    while at:
        at, text = ends[at]
        parts.append(text)
    return "".join(reversed(parts))


def _steps(line: bytes, at: int, encoding: str) -> list[tuple[str, int, float]]:
    """Return what can begin at a byte: its text, its length in bytes, its bits."""
    if line[at] < 0x80:
        text = chr(line[at])
        return [(text, 1, bits_of(text))]
    steps = [(chr(0xDC00 + line[at]), 1, _BROKEN_BITS)]
    for length in (2, 4) if encoding == "gb18030" else (2,):
        piece = line[at : at + length]
        try:
            text = piece.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Big5-HKSCS has letters of two characters; four bytes may be two characters of two.
        if len(piece) == length and (length == 2 or len(text) == 1):
            steps.append((text, length, sum(map(bits_of, text))))
    return steps
