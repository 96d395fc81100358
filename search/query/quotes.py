"""Where a quotation ends: by its own sign, with the quotations inside it counted.

Keyboards and OCR mix the double quotes, so any of them closes another where its own sign does
not. What stands around a straight quote tells whether it opens or closes: behind one that
closes there is space, or nothing.
"""

from __future__ import annotations

CLOSING = {
    '"': '"“”＂',
    "＂": '"“”＂',
    "“": '"”＂',
    "”": '"“”＂',
    "「": "」",
    "『": "』",
    "‘": "’",
}
"""Signs that open a quotation, and those that may close it."""

_STRAIGHT = '"＂'
_OWN = {"“": "”", "「": "」", "『": "』", "‘": "’"}
"""Signs that only open, and what closes them."""

_DEEPEST = 32
"""Quotations inside each other that are counted."""


class Quotes:
    """The quotations of one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self._odd: set[str] = set()  # signs that were not closed by their own, once

    def end(self, start: int) -> int:
        """Return where the quotation closes that opens at a place, or -1."""
        sign = self.query[start]
        if sign != "”" and sign not in self._odd:
            end = self._closed(start)
            if end >= 0:
                return end
            self._odd.add(sign)  # so no query takes a long look at each of its quotes
        places = (self.query.find(closing, start + 1) for closing in CLOSING[sign])
        return min((place for place in places if place >= 0), default=-1)

    def _closed(self, start: int) -> int:
        """Return where a quotation closes, those inside it counted; -1 where they do not end."""
        query, sign = self.query, self.query[start]
        wanted = [_OWN.get(sign, _STRAIGHT)]
        for i in range(start + 1, len(query)):
            char = query[i]
            if not (char in CLOSING or char in "」』’"):
                continue
            closes = next((n for n in reversed(range(len(wanted))) if char in wanted[n]), -1)
            if closes == 0:
                return i
            if closes > 0:
                del wanted[closes:]  # and what was opened inside it, and never closed
            elif len(wanted) > _DEEPEST:
                return -1
            elif char in CLOSING[sign] and self._closes(i, sign, len(wanted)):
                return i
            elif char in _OWN:
                wanted.append(_OWN[char])
            elif char in _STRAIGHT:
                wanted.append(_STRAIGHT)
        return -1

    def _closes(self, i: int, sign: str, depth: int) -> bool:
        """Return whether a double quote closes one of another shape, and opens none inside it."""
        if depth > 1:
            return False
        char, following = self.query[i], self.query[i + 1 : i + 2]
        if char == "”" or not following or following.isspace():
            return True
        if char == "“":
            return self.query.find("”", i) < 0
        own = self.query.find(_OWN[sign], i) if sign in _OWN else -1
        return not (0 <= self.query.find(char, i + 1) < own)
