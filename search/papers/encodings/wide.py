"""The encodings of two and four bytes a unit, UTF-16 and UTF-32, and the marks of Unicode."""

from __future__ import annotations

import codecs

from search.papers.encodings.likelihood import weigh

WIDE = frozenset({"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SAMPLE = 1 << 10
"""Bytes that are enough to see whether data is UTF-16."""

_MAX_BITS = 13.0
"""Mean bits of a character in UTF-16. Chinese needs 10 (12 in a few words), English 9; pairs
of bytes of anything else are characters that nobody writes, and need 17 and more."""


def by_mark(head: bytes) -> tuple[str, int]:
    """Return the encoding that a byte order mark names, and its length; "" and 0 without one."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return "", 0


def wide_encoding(head: bytes) -> str:
    """Return the encoding of two or four bytes a unit that unmarked data is in, or ""."""
    sample = head[:_SAMPLE]
    bits, encoding = min((_mean_bits(sample, name), name) for name in ("utf-16-le", "utf-16-be"))
    if bits <= _MAX_BITS:
        return encoding
    if b"\x00" in head:
        for encoding in ("utf-32-le", "utf-32-be"):
            text = _decoded(sample, encoding)
            if text and "\x00" not in text:  # few other data are UTF-32 by chance
                return encoding
    return ""


def _mean_bits(sample: bytes, encoding: str) -> float:
    """Return the bits of a character of `sample` in an encoding, on the average."""
    text = _decoded(sample, encoding)
    return weigh(text)[0] / len(text) if text else float("inf")


def _decoded(sample: bytes, encoding: str) -> str:
    """Return the text, "" where it can't be decoded; what is cut off at its end is dropped."""
    try:
        return codecs.getincrementaldecoder(encoding)("surrogatepass").decode(sample)
    except UnicodeDecodeError:
        return ""
