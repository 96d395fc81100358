"""Two encodings in one file: lines of UTF-8 among lines of another, told apart one by one.

Programs that add to a file write in their own encoding. A line is in UTF-8 for sure where it is
valid and has some Han characters: three bytes each in a narrow range, which no other encoding
gives by chance. The lines that are not are all in one other encoding. What either could be
(a few letters) goes with the line above it.
"""

from __future__ import annotations

import re
from itertools import groupby

from search.model.errors import PaperError
from search.papers.encodings.guess import guess
from search.papers.encodings.wide import WIDE

_HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_SURE = 3
"""Han characters of a line that is in UTF-8 for sure, and of all lines of another encoding."""

_DAMAGED = 0.2
"""Broken bytes to a Han character of a line that is UTF-8 all the same, at most."""

UTF8 = "utf-8"


def parts_by_encoding(data: bytes) -> list[tuple[str, bytes]]:
    """Return runs of lines, each with its encoding; none where the data are in one encoding.

    The parts joined are the data. Lines end with a newline byte, so that UTF-16 has none.
    """
    lines = data.split(b"\n")
    kinds = [_is_utf8(line) for line in lines]
    if not (True in kinds and False in kinds):
        return []
    others = b"\n".join(line for line, kind in zip(lines, kinds, strict=True) if kind is False)
    try:
        other = guess(lambda: iter([others]))
    except PaperError:
        return []
    # A few broken bytes are some characters in any encoding: damage, and no other one.
    if other == UTF8 or len(_HAN.findall(others.decode(other, "replace"))) < _SURE:
        return []
    encodings: list[str] = []
    for kind in kinds:
        before = encodings[-1] if encodings else UTF8
        encodings.append(before if kind is None else UTF8 if kind else other)
    parts = []
    for encoding, run in groupby(zip(encodings, lines, strict=True), key=lambda pair: pair[0]):
        parts.append((encoding, b"\n".join(line for _, line in run) + b"\n"))
    parts[-1] = parts[-1][0], parts[-1][1][:-1]
    return parts


def line_apart(line: str, encoding: str) -> str | None:
    """Return a line as it is in another encoding than that of its file; None if it is in none.

    `line` was decoded with `surrogateescape`. In a file of UTF-8 only a line with broken bytes
    is looked at, in another one each that is not ASCII.
    """
    if encoding in WIDE:
        return None
    try:
        raw = line.encode(encoding, "surrogateescape")
        if encoding != UTF8:
            text = raw.decode(UTF8)
            return text if len(_HAN.findall(text)) >= _SURE else None
        other = guess(lambda: iter([raw]))
        text = raw.decode(other) if other != UTF8 else ""
        return text if len(_HAN.findall(text)) >= _SURE and _is_utf8(raw) is False else None
    except (UnicodeError, PaperError):
        return None


def _is_utf8(line: bytes) -> bool | None:
    """Return whether a line is in UTF-8; None where it could be in any."""
    if line.isascii():
        return None
    text = line.decode(UTF8, "replace")
    han, broken = len(_HAN.findall(text)), text.count("\ufffd")
    if han >= _SURE and broken <= han * _DAMAGED:
        return True
    return False if broken else None
