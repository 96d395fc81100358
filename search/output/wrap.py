"""Lines of a terminal: how wide text is, and where it may break.

Rich breaks at spaces only, which leaves Chinese text ragged: a sentence is one long word.
Here a line may break beside any Han character, as in print: no line begins with a comma
or ends with an opening quote, and Latin words, numbers and paths stay whole if they fit.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from search.model.results import Span
from search.output.safe import safe

_OPENING = "“‘（〔［｛《〈「『【([{"
_CLOSING = "”’）〕］｝》〉」』】，。、；：？！…—～·％,.;:?!)\\]}%"
# What no line break parts: a word, or one other character, with its punctuation and marks.
# Latin, Greek, Cyrillic and the like are words; everything from U+1100 on stands alone.
_UNIT = re.compile(
    rf"\s+|[{_OPENING}]*(?:[!-~\u00a1-\u10ff]+|\S)[{_CLOSING}\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
)


@lru_cache(maxsize=8192)
def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"} or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def display_width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def wrapped(text: str, width: int) -> list[Span]:
    """Return the stretches of `text` that fill one line each, without the spaces between.

    There is at least one, and none is wider than `width`, unless a single character is.
    """
    lines: list[Span] = []
    start = end = used = 0  # the line so far: `used` counts the spaces after `end`
    for unit in _UNIT.finditer(text):
        first, last = unit.span()
        size = display_width(unit[0])
        if unit[0].isspace():
            if lines and start == end:  # a line that was broken does not begin with spaces
                start = end = last
            else:
                used += size
            continue
        if used + size > width:
            if start < end:
                lines.append((start, end))
            start = end = first
            used = 0
        if size <= width:
            end = last
            used += size
            continue
        for at in range(first, last):  # longer than a line: break anywhere
            step = _char_width(text[at])
            if used + step > width and start < end:
                lines.append((start, end))
                start, used = at, 0
            end = at + 1
            used += step
    if start < end or not lines:
        lines.append((start, end))
    return lines


def caret(query: str, start: int, end: int, width: int) -> tuple[str, str]:
    """Return two lines: the part of `query` around the place, and carets below the place.

    `start` and `end` are offsets into `query`; `width` is that of the terminal, in columns.
    Wide characters take two carets, so that the mark stands right under them.
    """
    room = max(20, width - 10) // 2
    first = max(0, start - room // 2)
    last = min(len(query), first + room)
    before, place = safe(query[first:start]), safe(query[start : min(end, last)])
    after = safe(query[min(end, last) : last])
    lead = "…" if first else ""
    tail = "…" if last < len(query) else ""
    pad = " " * display_width(lead + before)
    marks = "^" * max(1, display_width(place))
    return f"     {lead}{before}{place}{after}{tail}", f"     {pad}{marks}"
