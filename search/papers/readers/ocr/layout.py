"""The reading order of lines that OCR found, and which of them are headlines.

A line, or a block that the program told, stands below what it is seen from when looking
straight up. What has nothing unread above it may be read; of several the leftmost is (this
is the order of Breuel 2003 without its cubic time). So columns are read one by one, and a
headline over several of them before all of these. Then each headline draws what stands
below it to itself, column by column: an article in the middle of a column does not take
the columns beside it.

Type is measured by height and advance, because ink alone varies: what is clearly larger
than most of the page is a headline, and so is a short line in the middle of a column. A
headline set downward beside its text is treated as if it stood above that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from heapq import heappop, heappush

from search.papers.readers.ocr.headings import find_headlines, set_above, unset
from search.papers.readers.ocr.sight import see
from search.papers.readers.ocr.units import LARGE, Unit, covered, is_headline, make_unit, units_of
from search.papers.readers.reading_order import MAX_BOXES, Box, usual_size

_HEADLINE, _SUBHEADING = 2, 3
"""Levels, as of headings in HTML or Markdown."""


def laid_out(blocks: Iterable[Sequence[Box]]) -> list[list[Box]]:
    """Return the lines of a page in reading order, in columns, headlines with their level.

    `blocks` are lines as the program put them together, if it did. Each line comes once. Far
    too many for a page stay as they are.
    """
    given = [list(block) for block in blocks if block]
    lines = [line for block in given for line in block]
    if len(lines) > MAX_BOXES:
        return given
    size = usual_size(lines)
    noise = covered(lines)
    units = [
        unit
        for block in given
        for unit in units_of([line for line in block if id(line) not in noise], size)
    ]
    units.sort(key=lambda unit: (unit.top, unit.left))
    unset(units, size)
    set_above(units, size)
    see(units, size)
    find_headlines(units, size)
    strays = [(line, noise[id(line)]) for line in lines if id(line) in noise]
    return _columns(_by_headline(units, strays))


def has_headlines(lines: Sequence[Box]) -> bool:
    """Return whether any line of a page is set in larger type than the text, as a headline is."""
    least = LARGE * usual_size(lines)
    return any(is_headline(line, least) for line in lines)


def _level(unit: Unit) -> int | None:
    """Return the level of the lines of a unit."""
    if unit.large:
        return _SUBHEADING if unit.sub else _HEADLINE
    return unit.level


def _in_order(units: Sequence[Unit]) -> list[Unit]:
    """Return units so that each comes after what stands above it, and else from left to right."""
    numbers = {unit: number for number, unit in enumerate(units)}
    heap: list[tuple[float, int]] = []
    for unit in units:
        unit.waits = len(unit.above)
        if not unit.waits:
            heappush(heap, (unit.left, numbers[unit]))
    found: list[Unit] = []
    while heap:
        unit = units[heappop(heap)[1]]
        found.append(unit)
        for below in unit.below:
            below.waits -= 1
            if not below.waits:
                heappush(heap, (below.left, numbers[below]))
    return found


def _by_headline(units: Sequence[Unit], strays: Iterable[tuple[Box, Box]]) -> list[list[Unit]]:
    """Return units by the headline they stand below; what stands below none stays where it is.

    A stray line, given with the one that covers it, comes after all that is with that.
    """
    groups: dict[Unit | None, list[Unit]] = {}
    leader: Unit | None = None
    where: dict[int, Unit | None] = {}
    for unit in _in_order(units):
        leader = unit if unit.owns else unit.owner or leader
        if unit.owns:
            leader = _kicker(unit) or unit
            unit.owner = leader
        elif leader and leader.owner and leader.owns:
            leader = leader.owner
        groups.setdefault(leader, []).append(unit)
        where.update((id(line), leader) for line in unit.lines)
    for line, over in strays:
        groups.setdefault(where.get(id(over), leader), []).append(make_unit([line]))
    return list(groups.values())


def _kicker(head: Unit) -> Unit | None:
    """Return the headline that the one right below it is a line of."""
    near = head.near
    if (
        near is None
        or not near.owns
        or head.top - near.bottom > max(head.size, near.size)
        or sum(below.owns for below in near.below) > 1
    ):
        return None
    return near.owner if near.owner and near.owner.owns else near


def _columns(groups: Iterable[Sequence[Unit]]) -> list[list[Box]]:
    """Return the lines of units, those of one column together, with the levels of headlines."""
    columns: list[list[Box]] = []
    for group in groups:
        before: Unit | None = None
        for unit in group:
            lines = [replace(line, level=_level(unit)) for line in unit.lines]
            if before and unit in before.below:
                columns[-1] += lines
            else:
                columns.append(lines)
            before = unit
    return columns
