"""Sections: units under a subheading, joined to the article that they belong to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from search.dates.numerals import number_of
from search.model.frozen import frozen
from search.papers.pages.captions import PICTURE
from search.papers.pages.cohesion import pairs
from search.papers.pages.lines import Kind, Line
from search.papers.pages.unit import (
    Unit,
    closes_with_byline,
    opening_at,
    opens_with_byline,
    paragraphs,
    photo_credit,
)

_NEWS_LEAD = re.compile(
    r"[“\"]?(?:近日|日前|昨[天日晚]|今[天日]|[0-9０-９一二三四五六七八九十]{1,3}月[0-9０-９一二三四五六七八九十]{1,3}日|连日来|记者|为[^，,]{4,30}[，,])"
)

_BRIEFS = re.compile(
    r"[简簡短快要][讯訊闻聞报報]|一句[话話]|[启啟][事示]|公告|通知|更正|征稿|徵稿|[编編]后|[编編]後|来信|來信|[致告][读讀]者|[天气氣][气氣象][预預][报報]"
)
"""Words for what is no section of the article above it."""

_MAX_BRIEFS = 8
"""Characters of the longest headline that is such a word, and perhaps one more."""

_MORE = re.compile(r"[（(【〔［]?[另又][据據訊讯電电]")
"""How a further report on the same thing begins."""

_MAX_CUT = 3
"""Characters of what stands of a sentence on the line that a subheading cuts short."""

_MAX_WITHIN = 6
"""Characters of the longest subheading within a sentence."""

_MOST = 0.6
"""Of the headlines of a page, those in parts, that others are sections without them."""

_TRADITIONAL = re.compile("[國會來時個這對們於與關議員為後從說無學長東車開間電報]")
_TELLING = 0.02
"""Of the characters of a page, such frequent ones of traditional script, where it is that."""

_MAX_LOOKED_AT = 2_000
"""Lines that tell the script."""

_ALIKE = 0.18
"""Of what a headline speaks of, what the reports under it speak of at least."""

_OF_OTHERS = 0.25
"""Of what a headline speaks of, what a text of something else speaks of at most."""

_MARK = re.compile(r"[◇◆■□▲△●○★☆]")

_SUBTITLE = re.compile("(?:[—－-]{2}|一一).*[^—－-]$")

_LABEL = re.compile(r"[【〖][^】〗]{2,8}[】〗]")

_ITEM = re.compile(r"[◇◆■□▲△▼▽●○★☆※·•]")
"""A mark before each of some items."""

_MAX_DISPATCH = 160
"""Characters of the longest report that does not have one subheading: some have several."""

_MAX_CAPTION = 14
"""Lines of the longest caption that stands between a headline and its dateline."""

_PARALLEL = 0.8
"""What speaks for a subheading that is as long as the one above: they are set in parallel."""

_COLON = re.compile("[：:]")

_WHO = re.compile(r"[^：:\s，。]{1,3}[^镇鎮乡鄉县縣区區市村省州社局：:\s，。][：:][^：:]{4,}")
"""A subheading that says who or what it is about: 医院：…; before news stands a place."""

ENUMERATED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}[、.．](?!\d)")
"""The number before a section."""


def join_sections(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Join each unit that is a section of an article to that; what it is joined to may be one."""
    one_level = len({lines[unit.heads[0]].level for unit in units if unit.heads} - {0}) == 1
    for _ in range(2):
        units = _join(lines, units, one_level=one_level)
    return units


def _join(lines: list[Line], units: list[Unit], *, one_level: bool) -> list[Unit]:
    """Join each unit that is a section of the article before it to that article.

    Rules, not a fitted model as for headlines: on pages that neither had seen, a logistic
    regression over forty features joined whole articles (docs/splitting.md).
    """
    joined: list[Unit] = []
    habits = _habits(lines, units, one_level=one_level)
    begin = [_begins(lines, unit) for unit in units] + [True]
    so_far = _SoFar(opened=False, closed=False, least=0)
    for place, unit in enumerate(units):
        opens = begin[place]
        closes = not unit.empty and closes_with_byline(lines, unit)
        so_far.closes, so_far.single = closes, begin[place + 1]
        so_far.labelled = any(
            near.heads and not begun and _WHO.match(lines[near.heads[0]].text)
            for near, begun in _beside(units, begin, place)
        )
        above = joined[-1] if joined else None
        if above and (
            _is_section(lines, above, unit, habits, so_far)
            or (not so_far.closed and _is_of_run(lines, above, unit, habits.runs))
            or _is_in_sentence(lines, above, unit)
            if not opens
            else _is_report(lines, above, unit)
        ):
            above.last = unit.last if not unit.empty else unit.heads[-1]
            so_far.closed = closes
            so_far.sections.update(lines[index].length for index in unit.heads[:1])
            least = _least_number(lines, unit)
            so_far.least = min(so_far.least, least) or max(so_far.least, least)
            continue
        joined.append(unit)
        so_far = _SoFar(opens or _is_feature(lines, unit), closes, _least_number(lines, unit))
    return joined


def _beside(units: list[Unit], begin: list[bool], place: int) -> Iterator[tuple[Unit, bool]]:
    """Yield the units above and below one, and whether an article begins with each."""
    for at in (place - 1, place + 1):
        if 0 <= at < len(units):
            yield units[at], begin[at]


def _begins(lines: list[Line], unit: Unit) -> bool:
    """Return whether an article of its own begins with a unit, as its byline tells."""
    return not unit.empty and (opens_with_byline(lines, unit) or _opens_below_picture(lines, unit))


@dataclass
class _SoFar:
    """What is known of an article before the unit that may be a section of it.

    `opened` and `closed` are whether a byline did that, `least` is the least number before a
    heading or a point in it, `sections` are the lengths of the subheadings. Of the unit, `closes` is whether it ends with a byline, and
    `single` whether the next one certainly begins another article, and `labelled` whether the
    heading of one beside it begins with who speaks.
    """

    opened: bool
    closed: bool
    least: int
    sections: set[int] = field(default_factory=set)
    closes: bool = False
    single: bool = True
    labelled: bool = False


@frozen
class _Pattern:
    """What the subheadings of an article have in common, and how many make a run of them."""

    text: str
    often: int


@frozen
class _Habits:
    """What the headlines of a page have in common.

    `runs` are the patterns of runs. With `one_level`, a heading of the level of a headline may
    be that of a section. A headline of more than `parts` is that of an article. In
    `traditional` script a short dispatch has no subheadings at all: before 1949 few articles had.
    """

    runs: AbstractSet[_Pattern]
    one_level: bool
    parts: int
    traditional: bool


def _habits(lines: list[Line], units: list[Unit], *, one_level: bool) -> _Habits:
    headed = [unit for unit in units if unit.heads]
    heads = [lines[unit.heads[0]] for unit in headed]
    often = Counter(pattern for head in heads for pattern in _patterns(head.text))
    parted = sum(_parts(head) > 1 for head in heads) >= _MOST * len(heads) > 1
    text = "".join(line.text for line in lines[:_MAX_LOOKED_AT])
    traditional = len(_TRADITIONAL.findall(text)) >= _TELLING * len(text)
    return _Habits(
        {pattern for pattern, times in often.items() if times >= pattern.often},
        one_level and not any(line.styled for line in lines),
        1 if parted and traditional else 2,
        traditional,
    )


def _patterns(head: str) -> list[_Pattern]:
    """Return the patterns of a headline: how it begins and ends, what stands at its colon."""
    found = [_Pattern(f"{head[:2]}…", 3)] if len(head) > 4 and head[:2].isalpha() else []
    if _LABEL.fullmatch(head):
        found.append(_Pattern("【】", 2))
    comma = head.find("，")
    if 2 < comma < len(head) - 3:
        found.append(_Pattern(f"{comma}，{len(head)}", 3))
    if head.endswith(("—", "－", "一一")):
        found.append(_Pattern("…—", 2))
    colon = _COLON.search(head)
    if colon and 1 < colon.start() < len(head) - 2:
        found.append(_Pattern(f"{colon.start()}{colon[0]}{head[colon.end()]}", 2))
    return found


def _is_of_run(lines: list[Line], above: Unit, unit: Unit, runs: AbstractSet[_Pattern]) -> bool:
    """Return whether a unit has a headline of a run, and the article above has not."""
    if (
        not (above.heads and unit.heads)
        or above.empty
        or lines[unit.heads[0]].level != lines[above.heads[0]].level
    ):
        return False
    own = runs & set(_patterns(lines[unit.heads[0]].text))
    return bool(own - set(_patterns(lines[above.heads[0]].text)))


def _is_feature(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit has a headline with a subtitle, as long articles have."""
    return any(_SUBTITLE.match(lines[index].text) for index in unit.heads[1:])


def _opens_below_picture(lines: list[Line], unit: Unit) -> bool:
    """Return whether a caption with its credit stands between a headline and its dateline."""
    if not unit.heads:
        return False
    for index in range(unit.first, min(unit.last, unit.first + _MAX_CAPTION)):
        if photo_credit(lines[index]):
            opened = opening_at(lines, index + 1)
            return opened is not None and opened.dateline
    return False


def _is_in_sentence(lines: list[Line], above: Unit, unit: Unit) -> bool:
    """Return whether the headline of a unit is part of a sentence that runs through it."""
    if above.empty or not above.heads or len(unit.heads) != 1:
        return False
    head, last = lines[unit.heads[0]], lines[above.last]
    if head.level or head.length > _MAX_WITHIN:
        return False
    return last.kind is Kind.BODY and (
        last.text[-1] in "、，,"
        or (last.length <= _MAX_CUT and last.text[0].isalnum() and not last.ends)
    )


def _is_report(lines: list[Line], above: Unit, unit: Unit) -> bool:
    """Return whether `unit`, which has no headline, is one more report under that of `above`.

    A headline may head the reports of several agencies, or a caption and a report.
    """
    if unit.heads or above.empty:
        return False
    more = _MORE.match(lines[unit.first].text) is not None
    return more or (bool(above.heads) and _share(lines, above, unit) >= _ALIKE)


def _is_section(
    lines: list[Line], above: Unit, unit: Unit, habits: _Habits, so_far: _SoFar
) -> bool:
    """Return whether `unit`, which has no byline at its start, is a section of `above`."""
    closed = so_far.closed or so_far.closes
    if not unit.heads or above.empty or not above.heads:
        return False
    head, own = lines[unit.heads[0]], lines[above.heads[0]]
    if (head.level or own.level) and not (habits.one_level and head.level == own.level):
        return head.level > own.level > 0 and not closed
    if closed or PICTURE.search(head.text) or _is_brief(head) or _is_brief(own):
        return False
    mark = _MARK.match(head.text)
    if _goes_on(head, so_far.least) or (mark and not own.text.startswith(mark[0])):
        return True
    if not so_far.opened or unit.empty:
        return False
    score = -1.0
    score += 1.5 * any(
        line.kind is Kind.BYLINE and line.credit is not None and not line.credit.photo
        for line in lines[unit.first : unit.last + 1]
    )
    parts = sum(lines[index].length > 2 for index in unit.heads)
    score += 1.2 * (parts > 1 or _parts(lines[unit.heads[0]]) > habits.parts)
    lead = "".join(line.text for line in lines[unit.first : min(unit.first + 2, unit.last) + 1])
    score += 0.7 * bool(_NEWS_LEAD.match(lead))
    score += 0.7 * (unit.heads[0] - above.last > 1)  # furniture between them
    if _share(lines, above, unit) < _OF_OTHERS:
        first = (so_far.single or habits.traditional) and not so_far.sections
        score += 0.5 + 1.5 * (first and _is_dispatch(lines, above))
    score += 1.5 * _is_list(lines, unit)
    labelled = bool(_WHO.match(head.text)) and not _WHO.match(own.text)
    score -= _PARALLEL * (head.length in so_far.sections or (labelled and so_far.labelled))
    return score <= 0


def _is_dispatch(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit is a short report that a dateline begins: few have subheadings."""
    opened = opening_at(lines, unit.first)
    if opened is None or not opened.dateline:
        return False
    size = 0
    for line in lines[unit.first : unit.last + 1]:
        size += line.length
        if size > _MAX_DISPATCH:
            return False
    return True


def _is_list(lines: list[Line], unit: Unit) -> bool:
    """Return whether the text of a unit is items, each with the mark of the first."""
    mark = _ITEM.match(lines[unit.first].text)
    starts = [lines[index].text for index in paragraphs(lines, unit)] if mark else []
    return len(starts) > 1 and all(start[0] == starts[0][0] for start in starts)


def _goes_on(head: Line, least: int) -> bool:
    """Return whether a heading has a number: the first, or one above the least in its article."""
    number = _numbered(head.text)
    return number == 1 or (number is not None and 0 < least < number)


def _least_number(lines: list[Line], unit: Unit) -> int:
    """Return the least number before a heading or a point of a unit, 0 if there is none."""
    body = range(unit.first, unit.last + 1) if not unit.empty else ()
    numbers = (_numbered(lines[index].text) for index in (*unit.heads, *body))
    return min(filter(None, numbers), default=0)


def _numbered(text: str) -> int | None:
    """Return the number before a heading or a point."""
    match = ENUMERATED.match(text)
    return number_of(match[0].strip("（()）、.．")) if match else None


def _is_brief(head: Line) -> bool:
    """Return whether a headline is that of briefs or of a notice."""
    return head.length <= _MAX_BRIEFS and bool(_BRIEFS.search("".join(head.text.split())))


def _parts(head: Line) -> int:
    """Return of how many parts a line of a headline is, which spaces tell; specks are none."""
    return sum(len(part) > 2 for part in head.text.split())


def _share(lines: list[Line], above: Unit, unit: Unit) -> float:
    """Return how much of what the headline above speaks of is spoken of in `unit`."""
    subject = pairs("\n".join(lines[index].text for index in above.heads))
    text = pairs("\n".join(line.text for line in lines[unit.first : unit.last + 1]))
    return len(subject & text) / (len(subject) or 1)
