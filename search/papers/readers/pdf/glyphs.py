"""The characters of a page, each with its place, to lines of text.

A PDF holds characters and where they stand, in any order, and seldom says what a line is.
Characters that come one after the other and stand side by side are a run; runs that stand
side by side are a line. Coordinates grow to the right and down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.papers.readers.reading_order import GUTTER, Box, joined, parted, rows, usual_size

_SPREAD_TYPE = 1.3
"""How much larger than the text the characters of a spread headline are."""

_FEWEST_SPREAD = 3
_WIDEST_SPREAD = 4
"""Characters of a headline that is told to be spread, and the white between them in sizes."""

_NEAR = 0.4
"""White between two runs of a line, in sizes; more may be a narrow gutter."""


@dataclass(slots=True)
class Glyph:
    """A character, the rectangle of its advance, and whether a space comes before it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    spaced: bool = False

    def moved(self, right: float, down: float) -> Glyph:
        """Return the same elsewhere."""
        return Glyph(
            self.text,
            self.left + right,
            self.top + down,
            self.right + right,
            self.bottom + down,
            self.size,
            self.spaced,
        )

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Half way across."""
        return (self.left + self.right) / 2


def lines_of(glyphs: Sequence[Glyph]) -> tuple[list[Box], bool]:
    """Return the lines, or the parts of them, that glyphs form; and whether they run down.

    If they do, the page is set from top to bottom, and the boxes are those of the page
    turned (see `Box.turned`). A line that runs the other way is one box too.
    """
    runs = [part for run in _runs(glyphs) for part in _split(run)]
    across = sum(len(run.glyphs) for run in runs if run.down is False)
    down = sum(len(run.glyphs) for run in runs if run.down)
    vertical = down > across
    boxes: list[Box] = []
    for run in runs:
        box = run.box()
        boxes.append(box.turned() if vertical else box)
    along = [run.down is None or run.down == vertical for run in runs]
    loose = [box for box, flows in zip(boxes, along, strict=True) if flows]
    others = [box for box, flows in zip(boxes, along, strict=True) if not flows]
    return _linked(loose) + others, vertical


def with_spread_joined(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes with the characters of a headline that is spread over its width as one."""
    least = _SPREAD_TYPE * usual_size(boxes)
    single = [box for box in boxes if len(box.text) == 1 and box.size >= least]
    if len(single) < _FEWEST_SPREAD:
        return list(boxes)
    gone: set[int] = set()
    found: list[Box] = []
    for row in rows(single):
        gaps = [after.left - before.right for before, after in pairwise(row)]
        even = bool(gaps) and 0 < max(gaps) < min(2 * min(gaps), _WIDEST_SPREAD * row[0].size)
        if len(row) >= _FEWEST_SPREAD and even:
            found.append(joined(row))
            gone |= {id(box) for box in row}
    return [box for box in boxes if id(box) not in gone] + found


class _Run:
    """Glyphs that follow each other; `down` is None while there is but one."""

    def __init__(self, first: Glyph) -> None:
        self.glyphs = [first]
        self.down: bool | None = None

    def takes(self, glyph: Glyph) -> bool:
        """Add the next glyph if it stands where the run goes on."""
        last = self.glyphs[-1]
        size = max(last.size, glyph.size)
        if min(last.size, glyph.size) * 1.3 < size:
            return False
        if self.down is not True and (
            abs(glyph.middle - last.middle) < 0.35 * size
            and -0.5 * size < glyph.left - last.right < GUTTER * size
        ):
            self.down = False
        elif self.down is not False and (
            abs(glyph.centre - last.centre) < 0.25 * size
            and -0.3 * size < glyph.top - last.bottom < GUTTER * size
        ):
            self.down = True
        else:
            return False
        self.glyphs.append(glyph)
        return True

    def box(self) -> Box:
        """Return the run as a box."""
        first = self.glyphs[0]
        text = first.text + "".join(
            (" " if after.spaced and parted(before.text, after.text) else "") + after.text
            for before, after in pairwise(self.glyphs)
        )
        return Box(
            min(glyph.left for glyph in self.glyphs),
            min(glyph.top for glyph in self.glyphs),
            max(glyph.right for glyph in self.glyphs),
            max(glyph.bottom for glyph in self.glyphs),
            text,
            first.size,
        )


def _runs(glyphs: Iterable[Glyph]) -> Iterator[_Run]:
    run: _Run | None = None
    for glyph in glyphs:
        if run is None or not run.takes(glyph):
            if run:
                yield run
            run = _Run(glyph)
    if run:
        yield run


def _split(run: _Run) -> list[_Run]:
    """Return a run, or the two glyphs of one that are level by chance: the ends of short lines."""
    return [_Run(glyph) for glyph in run.glyphs] if run.down and len(run.glyphs) == 2 else [run]


def _linked(boxes: list[Box]) -> list[Box]:
    """Return boxes with those of one line put together that nearly touch."""
    slot = usual_size(boxes)
    rows: dict[int, list[Box]] = {}
    lines: list[Box] = []
    # From left to right, each box goes on the line that ends where it begins.
    for box in sorted(boxes, key=lambda box: box.left):
        place = round(box.middle / slot)
        before = next(
            (
                line
                for near in (place, place - 1, place + 1)
                for line in reversed(rows.get(near, ())[-8:])
                if _goes_on(line, box)
            ),
            None,
        )
        if before is None:
            rows.setdefault(place, []).append(box)
            lines.append(box)
            continue
        gap = box.left - before.right
        apart = gap > 0.15 * box.size and parted(before.text[-1:], box.text[:1])
        before.text += (" " if apart else "") + box.text
        before.right = max(before.right, box.right)
        before.top = min(before.top, box.top)
        before.bottom = max(before.bottom, box.bottom)
    return lines


def _goes_on(line: Box, box: Box) -> bool:
    small, large = sorted((line.size, box.size))
    return (
        large <= 1.3 * small
        and abs(line.middle - box.middle) < 0.35 * small
        and -0.5 * large < box.left - line.right < _NEAR * large
    )
