"""Text out of bytes of which a few are broken: the rest stays readable, the broken are counted.

In between, a broken byte 0xNN is the lone surrogate U+DCNN, as Python writes it (PEP 383).
"""

from __future__ import annotations

import codecs
import re

from search.papers.encodings.alignment import likeliest
from search.papers.encodings.reading import BROKEN, TWO_BYTES
from search.papers.encodings.wide import WIDE

_RUN = re.compile("[\ud800-\udfff]+")
_REPLACEMENT = "\ufffd"

_LONGEST_LINE = 1 << 13
_MOST_BYTES = 1 << 18
"""How much is read again, with care, in a page with broken bytes: it takes 5 µs a byte."""


def repaired(data: bytes, encoding: str) -> tuple[str, int, int]:
    """Decode what is in `encoding` but for a few bytes.

    Returns the text, each run of broken bytes in it one U+FFFD; the number of broken bytes;
    and where in the text the first is (its length if there is none). A character that the
    end of the data cuts off is dropped.
    """
    errors = "surrogatepass" if encoding in WIDE else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    text = decoder.decode(data)
    if encoding in TWO_BYTES:
        text = _realigned(data, encoding)
    runs = list(_RUN.finditer(text))
    unit = {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)
    broken = unit * sum(run.end() - run.start() for run in runs)
    return _RUN.sub(_REPLACEMENT, text), broken, runs[0].start() if runs else len(text)


def _realigned(data: bytes, encoding: str) -> str:
    """Decode data of two bytes a character so that a lost byte costs no more than itself."""
    decoder = codecs.getincrementaldecoder(encoding)
    rows = data.split(b"\n")  # a newline is never a part of another character
    lines = []
    left = _MOST_BYTES
    for number, line in enumerate(rows, 1):
        text = decoder("surrogateescape").decode(line, final=number < len(rows))
        if not text.isascii() and len(line) <= min(left, _LONGEST_LINE) and BROKEN.search(text):
            left -= len(line)
            text = likeliest(line, encoding, cut=number == len(rows))
        lines.append(text)
    return "\n".join(lines)
