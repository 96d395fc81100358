"""Captions within an article, made articles of their own."""

from __future__ import annotations

import re
from itertools import pairwise

from search.papers.pages.lines import Kind, Line
from search.papers.pages.unit import (
    Unit,
    closes_with_byline,
    has_text,
    opens_with_byline,
    paragraphs,
    photo_credit,
)

_MAX_CAPTION = 260
"""Characters of the longest caption: some tell a whole story."""

_CAPTION = re.compile(r"^[▲▼△↑↓←→]|[图圖][为為①②③④一二三四]|[上下左右][图圖]")


PICTURE = re.compile(r"[（(](?:附)?(?:图|圖|照)片[^（）()]{0,6}[)）]$")
"""How a headline ends that is that of a picture."""


def part_captions(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Make credited captions within an article articles of their own.

    The article has a byline of its own, at its start or before the caption; a credit for its
    text, or for a picture that is all of the article, makes no caption. Below a caption the
    article may go on: then the caption is a hole in it.
    """
    parted: list[Unit] = []
    for unit in units:
        parted.append(unit)
        if unit.empty:
            continue
        starts = paragraphs(lines, unit)
        if opens_with_byline(lines, unit) or not _all_captions(lines, unit, starts):
            _part_caption(lines, unit, starts, parted)
            continue
        last = unit.last
        for first in starts:
            if first > unit.first and photo_credit(lines[first - 1]):
                parted[-1].last = first - 1
                parted.append(Unit([], first, last))
    return parted


def _part_caption(lines: list[Line], unit: Unit, starts: list[int], parted: list[Unit]) -> None:
    """Part the captions in an article from it, each as an article of its own."""
    for place, end in enumerate([*starts[2:], unit.last + 1][: len(starts) - 1], 1):
        last = end - 1
        if not photo_credit(lines[last]):
            continue
        first = _below_byline(lines, unit, starts, place)
        size = sum(line.length for line in lines[first:end])
        before = Unit(unit.heads, unit.first, first - 1)
        own = opens_with_byline(lines, unit) or closes_with_byline(lines, before)
        marked = bool(_CAPTION.search(lines[first].text))
        if size > _MAX_CAPTION or not (own or (marked and last < unit.last)):
            continue
        parted.append(Unit([], first, last))
        if last < unit.last:
            unit.holes.append((first, last))
        else:
            unit.last = first - 1


def _below_byline(lines: list[Line], unit: Unit, starts: list[int], place: int) -> int:
    """Return where the caption begins of which the paragraph of a place is the last.

    It has others above it where those stand below the author of an article, named at its end.
    """
    first = starts[place]
    for start in (starts[at] for at in range(place, 0, -1)):
        if sum(line.length for line in lines[start:first]) > _MAX_CAPTION:
            break
        above = lines[start - 1]
        if above.kind is Kind.BYLINE and above.credit:
            closes = not above.credit.photo and has_text(lines, Unit([], unit.first, start - 1))
            return start if closes else first
    return first


def _all_captions(lines: list[Line], unit: Unit, starts: list[int]) -> bool:
    """Return whether a unit is nothing but captions: each short and ending with a credit."""
    ends = [end - 1 for end in starts[1:]] + [unit.last]
    credited = [end for end in ends if photo_credit(lines[end])]
    if len(credited) < 2 or credited[-1] != unit.last:
        return False
    sizes = [
        sum(line.length for line in lines[before + 1 : end + 1])
        for before, end in pairwise([unit.first - 1, *credited])
    ]
    return max(sizes) <= _MAX_CAPTION
