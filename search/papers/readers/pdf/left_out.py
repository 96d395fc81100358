"""Texts of a page that PDFium leaves out, since it takes them for the shadows of others.

A shadow is the same text, drawn once more a little aside. PDFium allows it an eighth of the
width of the text, so that of two equal lines below each other it leaves out the second.
"""

from __future__ import annotations

from collections import deque

_LOOKED_BACK = 5
"""Texts before one that PDFium compares it with."""

_SAME = 0.01
_MOST = 100_000
_SHADOW = 0.5
"""How far a shadow is from its text at most, in sizes of the type: lines are further apart."""


class LeftOut:
    """The texts of a page by what tells them from each other, and which of them may be equal."""

    def __init__(self) -> None:
        self._behind: deque[tuple[int, float, float, float, float]] = deque(maxlen=_LOOKED_BACK)
        self._alike: list[tuple[int, int, float, float]] = []

    def __bool__(self) -> bool:
        return bool(self._alike)

    def meet(self, text: int, x: float, y: float, wide: float, high: float) -> None:
        """Take the place of a text; they are met from the last to the first."""
        for other, at_x, at_y, width, height in self._behind:
            if abs(width - wide) + abs(height - high) < _SAME * (wide + high):
                far = max(abs(at_x - x), abs(at_y - y))
                if 0 < far < max(wide, high) and len(self._alike) < _MOST:
                    self._alike.append((text, other, at_x - x, at_y - y))
        self._behind.append((text, x, y, wide, high))

    def found(
        self, own: dict[int, list[int]], sizes: dict[int, float]
    ) -> list[tuple[list[int], float, float]]:
        """Return what was left out: the characters that it repeats, and how far right and above.

        `own` has the numbers of the characters of each text that was not, `sizes` the size of
        its type. A text that has none, and is like one before it that has, was left out.
        """
        told = {text: (text, 0.0, 0.0) for text in own}
        found = []
        for before, behind, x, y in reversed(self._alike):
            if before in told and behind not in told:
                first, far_x, far_y = told[before]
                told[behind] = first, far_x + x, far_y + y
                if max(abs(x), abs(y)) > _SHADOW * sizes[first]:
                    found.append((own[first], far_x + x, far_y + y))
        return found
