"""What a page of lines is made of: a line, or lines of one column that stay together."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from search.papers.readers.reading_order import Box

LARGE = 1.3
"""How much larger than that of the text the type of a headline is."""

_MAX_HEADLINE = 50
"""Characters of the longest line of a headline."""

_MAX_ROWS = 1.8
"""Characters that a box of one line is high: more, and it is a paragraph."""

_NOISE = 0.5
"""Part of a line that others cover, if it is none of the page (show-through, a stamp)."""

_MAX_NEIGHBOURS = 200
"""Lines that one is compared with to see whether they cover it."""

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_IN_BRACKETS = re.compile(r"[（(〔［\[][^（）()]*[)）〕］\]]")
_SENTENCE = re.compile(r"[。；;，,、]$|[。；].")


def type_size(text: str, width: float, height: float) -> float:
    """Return the size of the type in a box of text, which may hold several lines.

    Characters are as high as wide. A line that is spread out is as large as it is high; a
    line that stands askew is less so.
    """
    count = sum(0.5 if char < "\u0250" else 1.0 for char in text) or 1.0
    return min(width, height, math.sqrt(width * height / count))


@dataclass(slots=True, eq=False)
class Unit:
    """Lines that stay together: one, or a block of one type.

    `large` tells headlines, `sub` those of parts of an article; `moved`, that it stood beside
    its text, `level` is 0 for what is certainly no headline. `above` has what is seen right
    above, and how much of it; `near` is what most is seen of. `owner` is the headline it
    stands below; `reach` how far a headline and the white beside it go.
    """

    lines: list[Box]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    large: bool = False
    sub: bool = False
    moved: bool = False
    level: int | None = None
    above: dict[Unit, float] = field(default_factory=dict)
    below: list[Unit] = field(default_factory=list)
    near: Unit | None = None
    owner: Unit | None = None
    waits: int = 0
    reach: tuple[float, float] | None = None

    @property
    def text(self) -> str:
        """The text of all lines."""
        return "".join(line.text for line in self.lines)

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    @property
    def owns(self) -> bool:
        """Whether an article begins here: this is a headline, and none of a part of one."""
        return self.large and not self.sub


def make_unit(lines: list[Box]) -> Unit:
    """Return lines as a unit."""
    sizes = sorted(line.size for line in lines)
    return Unit(
        lines,
        min(line.left for line in lines),
        min(line.top for line in lines),
        max(line.right for line in lines),
        max(line.bottom for line in lines),
        sizes[len(sizes) // 2],
    )


def units_of(block: list[Box], size: float) -> list[Unit]:
    """Return the units of a block: it is taken apart at headlines, and if it is no column."""
    if not block:
        return []
    runs: list[list[Box]] = []
    column = all(
        above.middle < below.middle
        and above.bottom - below.top < 0.5 * min(above.size, below.size)
        and min(above.right, below.right) > max(above.left, below.left)
        for above, below in pairwise(block)
    )
    before = False
    for line in block:
        large = is_headline(line, LARGE * size)
        if runs and column and not large and not before and _same_type(runs[-1][-1], line):
            runs[-1].append(line)
        else:
            runs.append([line])
        before = large
    units = [make_unit(run) for run in runs]
    for unit in units:
        unit.large = is_headline(unit.lines[0], LARGE * size)
    return units


def _same_type(one: Box, other: Box) -> bool:
    return max(one.size, other.size) < 1.25 * min(one.size, other.size)


def is_headline(line: Box, least: float) -> bool:
    """Return whether a line is of that size, and could be a headline by what it says."""
    text = line.text
    short = min(line.bottom - line.top, line.right - line.left)
    return (
        line.size >= least
        and short < _MAX_ROWS * line.size
        and len(text) <= _MAX_HEADLINE
        and len(HAN.findall(text)) > 1
        and not _SENTENCE.search(text)
        and not _IN_BRACKETS.fullmatch(text)
    )


def covered(lines: Sequence[Box]) -> dict[int, Box]:
    """Return the lines, by their ids, that others cover which have more to say, and one of those."""
    bands = sorted(
        ((line.middle - 0.4 * line.size, line.middle + 0.4 * line.size, line) for line in lines
         if line.bottom - line.top < _MAX_ROWS * line.size),
        key=lambda band: band[0],
    )  # fmt: skip
    hidden: dict[int, float] = {}
    over: dict[int, Box] = {}
    for place, (top, bottom, line) in enumerate(bands):
        for low, high, other in bands[place + 1 : place + _MAX_NEIGHBOURS]:
            if low >= bottom:
                break
            wide = min(line.right, other.right) - max(line.left, other.left)
            if wide <= 0:
                continue
            common = wide * (min(bottom, high) - max(top, low))
            less, more = sorted((line, other), key=lambda one: len(one.text))
            area = (less.right - less.left) * 0.8 * less.size
            hidden[id(less)] = hidden.get(id(less), 0.0) + common / area
            over[id(less)] = more
    return {name: over[name] for name, share in hidden.items() if share >= _NOISE}


def overlap(one: Unit, other: Unit) -> bool:
    """Return whether one of two units is above a part of the other, at any distance."""
    return min(one.right, other.right) > max(one.left, other.left)
