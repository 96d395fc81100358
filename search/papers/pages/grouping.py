"""Lines gathered into articles: each headline with what follows it, and then the exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from search.papers.pages.captions import part_captions
from search.papers.pages.cohesion import best_cut, pairs
from search.papers.pages.continuation import continued_from
from search.papers.pages.datelines import taken_from
from search.papers.pages.lines import Kind, Line
from search.papers.pages.sections import ENUMERATED, join_sections
from search.papers.pages.unit import (
    Unit,
    closes_with_byline,
    has_text,
    is_text,
    opening_at,
    opens_with_byline,
    paragraphs,
    photo_credit,
)

_COLUMN = re.compile(r"[【〖\[][^】〗\]]{1,12}[】〗\]]")

_MAX_COLUMN = 4
"""Characters of what is the name of a column rather than a headline, if it speaks of nothing."""

_COLUMN_SIZES = ((4, 1), (6, 2))
"""Characters of the name of a column that no brackets tell, and how often as long the headline
that it is the name over is, at least."""

_MAX_HEADS = 4
"""Lines of the longest headline: kicker, two lines of headline, subtitle."""


_SECTION = re.compile(f"[—-]|{ENUMERATED.pattern}")
"""How a subtitle begins, or a section of a whole."""

_LEVELS = 7
"""One more than the lowest level of a heading."""

_EMPTY_HEADING = re.compile(r"\s*#{1,6}\s*")


def find_units(lines: list[Line]) -> list[Unit]:
    """Return the articles of a page. Every line that is not furniture is in one of them."""
    for index in _group_names(lines):
        lines[index].kind = Kind.FURNITURE
    units = join_sections(lines, _gathered(lines))
    for unit in units:
        if unit.empty:
            unit.first, unit.last = unit.heads[0], unit.heads[-1]
            if _count(lines, unit.heads) > _MAX_HEADS:
                unit.heads = unit.heads[:1]
    _leave_nothing(lines, units)
    for unit in units:
        unit.holes.extend(
            (index, index)
            for index in range(unit.first + 1, unit.last)
            if lines[index].kind is Kind.FURNITURE and _apart(lines, index)
        )
    return units


def _leave_nothing(lines: list[Line], units: list[Unit]) -> None:
    """Take every line that is not furniture into a unit: a wrong place costs less than none."""
    covered = {
        index for unit in units for index in (*unit.heads, *range(unit.first, unit.last + 1))
    }
    ends = {unit.last: unit for unit in units}
    above: Unit | None = None
    top: list[int] = []
    for index, line in enumerate(lines):
        above = ends.get(index, above)
        if line.kind is Kind.FURNITURE or index in covered:
            continue
        if above:
            above.last = index
        elif units:
            top.append(index)
    if top:
        units[0].heads[:0] = reversed(top)


def _apart(lines: list[Line], index: int) -> bool:
    """Return whether a line of furniture stands by itself, and not in the middle of a sentence."""
    above = lines[index - 1]
    gaps = bool(lines[index].gap and lines[index + 1].gap)
    return gaps or above.kind is not Kind.BODY or above.ends


def _gathered(lines: list[Line]) -> list[Unit]:
    """Return each headline with its text, sections not yet joined to their articles."""
    units = _place_orphans(lines, part_captions(lines, _join_authors(lines, list(_gather(lines)))))
    _return_headlines(lines, units)
    return units


def _gather(lines: list[Line]) -> Iterator[Unit]:
    """Yield each headline with the lines up to the next one, in the order of the page."""
    unit = Unit()
    texted = False
    for index, line in enumerate(lines):
        if line.kind is Kind.FURNITURE:
            continue
        if line.kind is Kind.HEADLINE:
            if not unit.empty and unit.first == unit.last and lines[unit.last].marker == "from":
                unit = Unit([*unit.heads, unit.first])  # 上接一版 above the headline
            elif not unit.empty:
                yield unit
                unit = Unit()
            unit.heads.append(index)
            continue
        if not unit.empty and (
            (texted and (_starts_article(lines, index) or taken_from(lines[unit.last].text)))
            or _unread(lines, index)
        ):
            yield unit
            unit = Unit()
        if unit.empty:
            texted = False
        if unit.empty and _count(lines, unit.heads) > _MAX_HEADS:
            *listed, unit = _part_list(lines, unit.heads, line)
            yield from listed
        unit.add(index)
        texted = texted or is_text(line)
    if unit.heads or not unit.empty:
        yield unit


def _unread(lines: list[Line], index: int) -> bool:
    """Return whether there is a heading without text above a line: a headline not recognised."""
    above = takewhile(
        lambda line: line.kind is Kind.FURNITURE, map(lines.__getitem__, range(index - 1, -1, -1))
    )
    return any(_EMPTY_HEADING.fullmatch(line.raw) for line in above)


def _group_names(lines: list[Line]) -> set[int]:
    """Return the headings of level 2 or lower that name those of a level below, as columns do.

    Such a one stands right above one of these, or above another such name, and two or more have
    text before the next heading of its own level. It is no headline over a subtitle and then subheadings: there a level has
    headings right above text too. Where it has, two of those below begin with a byline.
    """
    shown = [index for index, line in enumerate(lines) if line.kind is not Kind.FURNITURE]
    heads = [(above, below) for above, below in pairwise(shown) if lines[above].level]
    over_text = {above for above, below in heads if lines[below].kind is not Kind.HEADLINE}
    plain = {lines[index].level for index in over_text}
    members, opened = [0] * _LEVELS, [0] * _LEVELS
    names = set()
    for index, below in reversed(heads):
        level = lines[index].level
        nested = lines[below].level > level and not any(
            _SECTION.match(lines[at].text) for at in (index, below)
        )
        several = opened[level] > 1 or (members[level] > 1 and level not in plain)
        if nested and (below in names or (level > 1 and several)):
            names.add(index)
        members[level:], opened[level:] = [0] * (_LEVELS - level), [0] * (_LEVELS - level)
        if index in over_text:
            begins = lines[below].kind is Kind.BYLINE or lines[below].opening is not None
            for higher in range(level):
                members[higher] += 1
                opened[higher] += begins
    return names


def _count(lines: list[Line], heads: list[int]) -> int:
    """Return the number of lines of a headline; characters set one below the other are one."""
    return sum(lines[index].length > 1 for index in heads) or 1


def _part_list(lines: list[Line], heads: list[int], below: Line) -> list[Unit]:
    """Return the units of many headline-like lines; the text below them is of the last.

    They are a list, a poem or a table of contents, and then perhaps a headline; or they are all
    of the text, where no author or place begins that.
    """
    kept = _own_heads(lines, heads, below)
    listed = [head for head in heads if head not in kept]
    first = listed[min(1, len(listed) - 1)]
    if below.kind is Kind.BYLINE or below.opening:
        return [Unit(listed[:1], first, listed[-1]), Unit(kept)]
    return [Unit(listed[:1], first, kept[-1])]


def _own_heads(lines: list[Line], heads: list[int], below: Line) -> list[int]:
    """Return the last of many headline-like lines, those that belong to the article below."""
    if not (below.kind is Kind.BYLINE or below.opening):
        return heads[-1:]
    kept = heads[-1:]
    if lines[heads[-2]].gap <= lines[heads[-1]].gap or lines[heads[-1]].text.startswith("—"):
        kept = heads[-2:]
    return kept


def _starts_article(lines: list[Line], index: int) -> bool:
    """Return whether a line begins an article or a part of one, whatever stands above it."""
    opened = opening_at(lines, index)
    dated = opened is not None and opened.dateline
    return dated or continued_from(lines[index].text) is not None


def _join_authors(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Join a headline with an author and no text to the text below its next headline.

    A serial, a cycle of poems or a feature has its first subheading right under the author.
    """
    joined: list[Unit] = []
    for unit in units:
        above = joined[-1] if joined else None
        if (
            above
            and above.heads
            and not (above.empty or unit.empty)
            and not has_text(lines, above)
            and not photo_credit(lines[above.last])
            and lines[above.last].kind is Kind.BYLINE
            and not opens_with_byline(lines, unit)
        ):
            above.last = unit.last
            if _names_column(lines, above, unit):
                above.heads = [*above.heads, *unit.heads]
        else:
            joined.append(unit)
    return joined


def _names_column(lines: list[Line], above: Unit, unit: Unit) -> bool:
    """Return whether a headline over the author is a column's name, and the next the headline.

    A subheading right under the author is no longer than the headline above, as a rule.
    """
    text = "".join(lines[index].text for index in above.heads)
    level = lines[above.heads[0]].level
    if len(above.heads) > 1 or not unit.heads or level != lines[unit.heads[0]].level:
        return False
    longer = sum(lines[index].length for index in unit.heads)
    return bool(_COLUMN.fullmatch(text)) or any(
        len(text) <= size and longer >= times * len(text) + 1 for size, times in _COLUMN_SIZES
    )


def _place_orphans(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Give headlines without a body the end of the body above, where that is theirs.

    OCR reads a photograph's or a column's headline after its text. The sign of it is a
    headline followed by a credit and then by another headline, or one at the end of the
    page below an article with two bylines.
    """
    placed: list[Unit] = []
    for unit in units:
        credited = not unit.empty and not has_text(lines, unit)
        above = placed[-1] if placed else None
        if above is None or above.empty or not unit.heads or not (unit.empty or credited):
            placed.append(unit)
            continue
        if not above.heads and not opens_with_byline(lines, above):
            above.heads = unit.heads
            above.last = max(above.last, unit.last)
            continue
        cut = _orphan_cut(lines, above, unit, credited=credited)
        if cut is None:
            if unit is units[-1] and unit.empty and len(unit.heads) <= 2 and above.heads:
                above.heads = above.heads + unit.heads
            else:
                placed.append(unit)
            continue
        last = above.last
        above.last = cut - 1
        placed.append(Unit(unit.heads, cut, unit.last if credited else last))
    return placed


def _return_headlines(lines: list[Line], units: list[Unit]) -> None:
    """Give the first line of a headline back to the article above it, where it speaks of that.

    An article that has a dateline and no headline is missing one; any other takes a line only
    if it names what the article above is about, and not what the one below is.
    """
    for above, unit in pairwise(units):
        if len(unit.heads) < 2 or above.empty or unit.empty:
            continue
        head = lines[unit.heads[0]]
        if head.text.startswith("—"):
            continue
        own, other = _leaning(lines, head, above), _leaning(lines, head, unit)
        missing = not above.heads and (
            _starts_article(lines, above.first) or closes_with_byline(lines, above)
        )
        if own > other + 0.3 or (missing and own >= other and (own or head.length > _MAX_COLUMN)):
            above.heads = [*above.heads, unit.heads.pop(0)]


def _leaning(lines: list[Line], head: Line, unit: Unit) -> float:
    """Return how much of what a headline speaks of is spoken of in the body of `unit`."""
    subject = pairs(head.text)
    text = pairs("\n".join(line.text for line in lines[unit.first : unit.last + 1]))
    return len(subject & text) / (len(subject) or 1)


def _orphan_cut(lines: list[Line], above: Unit, unit: Unit, *, credited: bool) -> int | None:
    """Return the line of `above` at which the body of the headline `unit` begins, or None."""
    starts = paragraphs(lines, above)
    if len(starts) < 2 or not (
        credited or (opens_with_byline(lines, above) and closes_with_byline(lines, above))
    ):
        return None
    ends = [*starts[1:], above.last + 1]
    texts = [
        "".join(re.sub(r"\s", "", line.text) for line in lines[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    own = "\n".join(lines[index].text for index in above.heads)
    other = "\n".join(lines[index].text for index in unit.heads)
    # The text of a photograph is a paragraph or two.
    first = max(1, len(starts) - 2) if credited else 1
    cut, strength = best_cut(texts, own, other, first)
    if strength <= 0:
        if not credited:
            return None
        cut = len(starts) - 1
    return starts[cut]
