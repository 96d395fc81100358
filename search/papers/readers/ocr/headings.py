"""Which units of a page are headlines, by their type and by where they stand."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from search.papers.pages import byline
from search.papers.pages.furniture import Place, is_furniture
from search.papers.readers.ocr.sight import Level
from search.papers.readers.ocr.units import HAN, LARGE, Unit, is_headline, overlap

_RATHER_LARGE = 1.15
"""The same of a line that stands alone, with white above and below."""

_CLEARLY_LARGE = 1.22
"""The same of one that may fill its column."""

_SUBHEAD = 1.45
"""The largest type of a subheading."""

_SMALLER = 1.25
"""How much smaller than the headline a subheading is, where that is wider than a column."""

_MUCH_SMALLER = 1.8
"""The same anywhere."""

_MAX_SUBHEAD = 16
"""Characters of the longest subheading."""

_MAX_HEADS = 4
"""Lines of one size of a headline: more, and it is a paragraph."""

_MAX_RUNNING_HEAD = 8
"""Chinese characters of the name of a paper or a section in the head of a page."""

_TOP = 60
"""Lines from the top of a page in which its head is looked for."""

_NEIGHBOURS = 20
"""Lines looked at for one that stands level with a line, or below it."""

_SHARE = 0.2
"""Part of what is above a line that is above it, and not beside it."""

_MAX_TALL = 50
"""Headlines set downward on a page set across."""

_FAR = 5
"""White between a headline and its text, in characters of that; more may be another's."""

_SHORT = 4
"""Characters of the line that is looked at as if it were so long."""

_STOP = re.compile("[。；]")


def unset(units: Sequence[Unit], size: float) -> None:
    """Take the head of the page, and a paragraph in large type, for no headlines."""
    runs: dict[Unit, list[Unit]] = {}
    for place, unit in enumerate(units):
        if unit.large and place < _TOP and len(HAN.findall(unit.text)) <= _MAX_RUNNING_HEAD:
            near = units[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
            unit.large = not any(_heads_page(other, unit) for other in near)
        if len(unit.lines) > 1 or unit.size < LARGE * size:
            continue
        run = runs.setdefault(unit, [unit])
        for other in units[place + 1 : place + _NEIGHBOURS]:
            if (
                len(other.lines) == 1
                and max(other.size, unit.size) < 1.15 * min(other.size, unit.size)
                and 0 < other.middle - unit.middle < 2 * unit.size
                and overlap(other, unit)
            ):
                runs[other] = run
                run.append(other)
                break
    for run in runs.values():
        if len(run) > _MAX_HEADS or any(_STOP.search(unit.text) for unit in run):
            for unit in run:
                unit.large = False


def _heads_page(other: Unit, unit: Unit) -> bool:
    """Return whether a line is furniture of a page's head, and the other stands level with it."""
    common = min(other.bottom, unit.bottom) - max(other.top, unit.top)
    return (
        common > 0.3 * min(other.bottom - other.top, unit.bottom - unit.top)
        and other is not unit
        and not overlap(other, unit)
        and is_furniture(other.text, Place.TOP)
    )


def set_above(units: list[Unit], size: float) -> None:
    """Put each headline that is set downward above the column beside it that is nearest."""
    tall = [
        unit
        for unit in units
        if unit.large and unit.bottom - unit.top > 1.5 * (unit.right - unit.left)
    ]
    for head in tall[:_MAX_TALL]:
        beside = [
            (max(unit.left - head.right, head.left - unit.right), unit)
            for unit in units
            if not unit.large and head.top - size < unit.middle < head.bottom + size
        ]
        near = [(gap, unit) for gap, unit in beside if -0.5 * size < gap < 3 * head.size]
        if not near:
            continue
        _, nearest = min(near, key=lambda pair: pair[0])
        column = [
            unit
            for _, unit in near
            if min(unit.right, nearest.right) > max(unit.left, nearest.left)
        ]
        top = min(unit.top for unit in column)
        head.left, head.right = nearest.left, nearest.right
        head.top, head.bottom = top - 0.02 * size, top - 0.01 * size
        head.moved = True


def find_headlines(units: Sequence[Unit], size: float) -> None:
    """Find the headline each unit stands below, at any distance, and the subheadings."""
    level = Level(units)
    gaps = sorted(unit.top - unit.near.bottom for unit in units if unit.near)
    usual = max(0.0, gaps[len(gaps) // 2]) if gaps else 0.0
    for unit in units:
        near = unit.near
        unit.owner = _nearest_head(unit)
        text = _text_below(unit)
        if unit.large or _stands_out(unit, text, size, usual):
            unit.large = True
            unit.sub = _is_subheading(unit, text, size)
            continue
        if unit.size < LARGE * size and not _may_stand_out(unit, text, size, usual):
            unit.level = 0
        if near is None or unit.top - near.bottom > (_FAR if near.owns else 1) * size:
            unit.owner = level.headline_before(unit, size) or unit.owner


def _nearest_head(unit: Unit) -> Unit | None:
    """Return the lowest headline of those that what stands above a unit stands below.

    It is above a fair part of the unit: lines are askew, and reach into the next column.
    """
    shares: dict[Unit | None, float] = {}
    for above, common in unit.above.items():
        head = above if above.owns else above.owner
        shares[head] = shares.get(head, 0.0) + common
    least = _SHARE * sum(shares.values())
    heads = [head for head, share in shares.items() if head and share > least]
    return max(heads, key=lambda head: head.bottom, default=None)


def _text_below(unit: Unit) -> list[Unit]:
    """Return the text that begins below a line, of it the first two lines or blocks.

    Between them may be what is not set across the column: a date, specks.
    """
    found: list[Unit] = []
    for _ in range(2):
        seen = [one for one in unit.below[:_NEIGHBOURS] if not one.large]
        own = [one for one in seen if one.near is unit]
        wide = max(seen, key=lambda one: one.right - one.left, default=None)
        text = next((one for one in own if len(one.text) > _SHORT), wide)
        if wide and text and wide.right - wide.left > 2 * (text.right - text.left):
            text = wide
        if text is None or text.top - unit.bottom > _FAR * unit.size:
            break
        found.append(text)
        unit = text
    return found


def _column(unit: Unit, text: Sequence[Unit]) -> tuple[float, float]:
    """Return the left and the right of a line and the text below it."""
    both = [unit, *text]
    return min(one.left for one in both), max(one.right for one in both)


def _white_around(unit: Unit) -> tuple[float, float]:
    """Return the white above and below a unit, in its column."""
    above = unit.top - unit.near.bottom if unit.near else math.inf
    below = min((one.top - unit.bottom for one in unit.below if one.near is unit), default=math.inf)
    return above, below


def _stands_out(unit: Unit, text: Sequence[Unit], size: float, usual: float) -> bool:
    """Return whether a line of about the size of the text is a headline by where it stands.

    It has white above it, and text begins below it. It is rather large and has white below
    it too, or stands in the middle of the column.
    """
    start, end = _column(unit, text)
    left, right = unit.left - start, end - unit.right
    above, below = _white_around(unit)
    if (
        len(unit.lines) > 1
        or not text
        or text[0].right - text[0].left < 0.6 * (end - start)
        or (right < 2 * size and unit.size < _CLEARLY_LARGE * size)
        or above < usual + 0.4 * size
        or not is_headline(unit.lines[0], 0.9 * size)
    ):
        return False
    if unit.size >= _RATHER_LARGE * size:
        return below > usual + 0.2 * size
    return left > 3 * size and abs(left - right) < 2 * size


def _may_stand_out(unit: Unit, text: Sequence[Unit], size: float, usual: float) -> bool:
    """Return whether a line in the type of the text could be a headline: bold, perhaps."""
    start, end = _column(unit, text)
    return (
        len(unit.lines) == 1
        and len(unit.text) >= _SHORT
        and is_headline(unit.lines[0], 0.9 * size)
        and min(_white_around(unit)) > usual + 0.3 * size
        and bool(text)
        and text[0].right - text[0].left > 0.6 * (end - start)
    )


def _is_subheading(unit: Unit, text: Sequence[Unit], size: float) -> bool:
    """Return whether a headline is one of a part of the article it stands in."""
    head = unit.owner
    if (
        head is None
        or (unit.near and unit.near.owns)
        or unit.size > _SUBHEAD * size
        or len(unit.text) > _MAX_SUBHEAD
        or (text and byline.opening(text[0].lines[0].text))
    ):
        return False
    start, end = _column(unit, text)
    smaller = head.size / unit.size
    return smaller >= _MUCH_SMALLER or (
        smaller >= _SMALLER and head.right - head.left > 1.3 * (end - start)
    )
