"""What stands above and below, and beside: the neighbours of the units of a page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from search.papers.readers.ocr.units import Unit, overlap

_WHITE = 2.0
"""White beside a headline that belongs to it, in its widths."""

_MOST = 60
"""Units looked at to see what stands beside one: a page has a quarter of that side by side."""

_NEAR = 3
"""Characters from the white beside a headline to what stands below that."""

_FAR = 1.25
"""The same in characters of the headline: below it may stand a second, which is narrower."""

_ONE_TYPE = 1.1
"""How much larger the letters of one line of a headline may be than those of the next."""

_AROUND = 4
"""Characters of a line above and below it in which other lines of its column are looked for."""

_SHORT = 4
"""Characters of the line that is looked at as if it were so long."""


def see(units: list[Unit], size: float) -> None:
    """Find for each unit what stands right above and below it."""
    units.sort(key=lambda unit: (unit.top, unit.left))
    level = Level(units)
    skyline = _Skyline()
    for unit in units:
        wide = unit.right - unit.left
        trim = min(0.5 * size, 0.25 * wide)
        left, right = unit.left + trim, unit.right - trim
        if not unit.large:
            # The last line of a paragraph may end before the first, indented, begins.
            right = max(right, min(left + _SHORT * size, right + _SHORT * size - size))
        elif not unit.moved:
            left, right = unit.reach = level.reach(unit, left, right, size)
        seen = skyline.put(left, right, unit)
        for beside in [above for above in seen if _side_by_side(above, unit)]:
            del seen[beside]
        unit.above = seen
        for above, common in seen.items():
            above.below.append(unit)
            white = above.large and not overlap(above, unit)
            far = max(_NEAR * size, _FAR * above.size)
            if white and (common < 0.5 * wide or unit.top - above.bottom > far):
                seen[above] = 0.0
        unit.near = max(seen, key=seen.__getitem__, default=None)
        if unit.near and not seen[unit.near]:
            unit.near = None


def _same_type(one: Unit, other: Unit) -> bool:
    return max(one.size, other.size) < _ONE_TYPE * min(one.size, other.size)


def _side_by_side(above: Unit, unit: Unit) -> bool:
    """Return whether two lines are of headlines that stand beside each other: white meets white."""
    near = unit.top - above.bottom < max(above.size, unit.size)
    return above.large and unit.large and near and not overlap(above, unit)


class Level:
    """What stands at the height of a headline: the white beside it is its own."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._tops = [unit.top for unit in units]
        self._highest = max((unit.bottom - unit.top for unit in units), default=0.0)

    def _between(self, top: float, bottom: float) -> list[Unit]:
        last = bisect_right(self._tops, bottom)
        first = max(bisect_left(self._tops, top - self._highest), last - _MOST)
        return [unit for unit in self._units[first:last] if unit.bottom > top]

    def reach(self, head: Unit, left: float, right: float, size: float) -> tuple[float, float]:
        """Return how far a headline and its white reach: no line of it further than the one above."""
        low, high = self._widened(head, left, right, size)
        for above in self._between(head.top - head.size, head.top):
            if above.reach and overlap(above, head) and _same_type(above, head):
                low, high = (
                    max(low, min(left, above.reach[0])),
                    min(high, max(right, above.reach[1])),
                )
        return low, high

    def _widened(self, head: Unit, left: float, right: float, size: float) -> tuple[float, float]:
        """Return how far a headline and the white beside it reach.

        A line at its height may be indented, or end a paragraph: the column it stands in is
        as wide as the lines around it.
        """
        trim = 0.2 * (head.bottom - head.top)
        reach = _AROUND * max(size, head.size)  # past the other lines of a headline
        around = self._between(head.top - reach, head.bottom + reach)
        before = [unit for unit in around if unit is not head and unit.right < head.left + size]
        behind = [unit for unit in around if unit is not head and unit.left > head.right - size]
        most = _WHITE * (head.right - head.left)
        low, high = head.left - most, head.right + most
        for unit in self._between(head.top + trim, head.bottom - trim):
            if unit is head:
                continue
            if unit.left + unit.right < head.left + head.right:
                low = max(low, unit.right, *(one.right for one in before if overlap(one, unit)))
            else:
                high = min(high, unit.left, *(one.left for one in behind if overlap(one, unit)))
        return min(left, low), max(right, high)

    def headline_before(self, unit: Unit, size: float) -> Unit | None:
        """Return the headline that stands left of the beginning of a unit, if one does."""
        last = bisect_right(self._tops, unit.top + size)
        first = max(bisect_left(self._tops, unit.top - 4 * size), last - _MOST)
        heads = [
            head
            for head in self._units[first:last]
            if head.owns
            and head.right < unit.left + size
            and head.bottom > unit.top
            and unit.left - head.right < 6 * size
        ]
        return max(heads, key=lambda head: head.right, default=None)


class _Skyline:
    """What is seen from below: intervals from left to right, each with its lowest unit."""

    def __init__(self) -> None:
        self._starts: list[float] = [float("-inf")]
        self._units: list[Unit | None] = [None]

    def put(self, left: float, right: float, unit: Unit) -> dict[Unit, float]:
        """Put a unit below all others; return those right above it, and how much it covers."""
        first = bisect_right(self._starts, left) - 1
        last = bisect_left(self._starts, right)
        covered = self._units[first:last]
        ends = [*self._starts[first + 1 : last], right]
        seen: dict[Unit, float] = {}
        for start, end, one in zip(self._starts[first:last], ends, covered, strict=True):
            if one:
                least, most = (unit.left, unit.right) if unit.large else (left, right)
                common = min(end, right, most) - max(start, left, least)
                seen[one] = seen.get(one, 0.0) + max(0.0, common)
        parts: list[tuple[float, Unit | None]] = [(left, unit)]
        if self._starts[first] < left:
            parts.insert(0, (self._starts[first], covered[0]))
        if right < float("inf") and self._starts[last : last + 1] != [right]:
            parts.append((right, covered[-1]))
        self._starts[first:last] = [start for start, _ in parts]
        self._units[first:last] = [one for _, one in parts]
        return seen
