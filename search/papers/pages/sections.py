"""Sections: units under a subheading, joined to the article that they belong to."""

from __future__ import annotations

import re

from search.papers.pages.cohesion import pairs
from search.papers.pages.lines import Kind, Line
from search.papers.pages.unit import (
    Unit,
    closes_with_byline,
    opens_with_byline,
)

_NEWS_LEAD = re.compile(
    r"[“\"]?(?:近日|日前|昨[天日晚]|今[天日]|[0-9０-９一二三四五六七八九十]{1,3}月[0-9０-９一二三四五六七八九十]{1,3}日|连日来|记者|为[^，,]{4,30}[，,])"
)

_MARK = re.compile(r"[◇◆■□▲△●○★☆]")

_ENUMERATED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}[、.．](?!\d)")


def join_sections(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Join each unit that is a section of the article before it to that article.

    Rules, not a fitted model as for headlines: on pages that neither had seen, a logistic
    regression over forty features joined whole articles (docs/splitting.md).
    """
    joined: list[Unit] = []
    opened = closed = False
    for unit in units:
        opens = not unit.empty and opens_with_byline(lines, unit)
        closes = not unit.empty and closes_with_byline(lines, unit)
        above = joined[-1] if joined else None
        if above and not opens and _is_section(lines, above, unit, opened, closed or closes):
            above.last = unit.last if not unit.empty else unit.heads[-1]
            closed = closes
            continue
        joined.append(unit)
        opened, closed = opens, closes
    return joined


def _is_section(lines: list[Line], above: Unit, unit: Unit, opened: bool, closed: bool) -> bool:
    """Return whether `unit`, which has no byline at its start, is a section of `above`."""
    if not unit.heads or above.empty or not above.heads:
        return False
    head, own = lines[unit.heads[0]], lines[above.heads[0]]
    if head.level != own.level or head.styled:
        return head.level > own.level > 0 and not closed
    if closed:
        return False
    mark = _MARK.match(head.text)
    if _ENUMERATED.match(head.text) or (mark and not own.text.startswith(mark[0])):
        return True
    if not opened or unit.empty:
        return False
    score = -1.0
    score += 1.5 * any(
        line.kind is Kind.BYLINE and line.credit is not None and not line.credit.photo
        for line in lines[unit.first : unit.last + 1]
    )
    score += 1.2 * (sum(lines[index].length > 2 for index in unit.heads) > 1)
    score += 0.7 * bool(_NEWS_LEAD.match(lines[unit.first].text))
    score += 0.7 * (unit.heads[0] - above.last > 1)  # furniture between them
    score += 0.5 * (_share(lines, above, unit) < 0.25)
    return score <= 0


def _share(lines: list[Line], above: Unit, unit: Unit) -> float:
    """Return how much of what the headline above speaks of is spoken of in `unit`."""
    subject = pairs("\n".join(lines[index].text for index in above.heads))
    text = pairs("\n".join(line.text for line in lines[unit.first : unit.last + 1]))
    return len(subject & text) / (len(subject) or 1)
