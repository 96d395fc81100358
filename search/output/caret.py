"""A query with a caret under the place that could not be read."""

from __future__ import annotations

from search.output.safe import safe
from search.output.wrap import display_width


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
