"""The lines of a page, each with its kind: furniture, headline, byline or body.

What is sure is settled first (search.papers.pages.furniture, search.papers.pages.byline); headlines are
found among the rest (search.papers.pages.headlines).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from search.dates.printed import find_date
from search.papers.pages.calendar_lines import ends_in_date, is_bare_date
from search.papers.pages.certain_headlines import settle_headlines
from search.papers.pages.cohesion import continues
from search.papers.pages.contents import settle_contents, settle_lists
from search.papers.pages.credits import STARTS_WITH_LABEL
from search.papers.pages.datelines import office
from search.papers.pages.headline_features import PageLook
from search.papers.pages.headlines import find_headlines
from search.papers.pages.lines import Kind, Line
from search.papers.pages.printed import plain
from search.papers.pages.surroundings import find_furniture

_HEADING = re.compile(r"(#{1,6})\s+\S")
_HTML_HEADING = re.compile(
    r"\s{0,9}(?:<(?:div|center|p|section|header|article)\b[^<>]{0,200}>\s{0,9}){0,3}<h(?P<level>[1-6])\b[^<>]{0,200}>[^<\s]",
    re.IGNORECASE,
)
_HEADINGS = re.compile(r"^#{1,6}[^\S\n]+\S", re.MULTILINE)
_DATE = re.compile(r"[（(][^（）()]{4,20}日[)）].{0,12}")
_MAX_NAME = 3
_MAX_NAMES = 9
"""Characters of a name, and of the names that may stand without a space."""
_DATE_HINT = re.compile("[年月]|[0-9０-９][-./．／－]")
_INSIDE_SENTENCE = re.compile("[，。、；：？！,;:?!]")

_NOTICE = re.compile(r"(?:通知|通告|公告|公示|[启啟][事示]|声明|聲明|[致告]\w{2,8}[书書])$")

_MAX_NOTICE = 30
"""Lines of the longest notice that an office signs."""

_FULL = 0.95
"""Of the width of the column, what a line that runs over fills at least."""

_MAX_DATE = 40
"""Characters of the longest date below a headline or a letter."""

_MAX_SIGNATURE = 20
"""Characters of the longest line of a signature, spaces not counted."""

_MAX_SIGNERS = 3
"""Lines of the longest signature above a date."""


def read_lines(
    text: str,
    *,
    markdown: bool = False,
    styled: bool = False,
    levels: Mapping[int, int] | None = None,
    skip: int = 0,
) -> list[Line]:
    r"""Return the lines of a page that are not blank, each with its kind.

    Lines are parted by `\\n` only, and the first `skip` (front matter) are left out. A page
    with headings of Markdown is read as Markdown, whatever its file is called, but for one
    whose `levels` are known by their numbers.
    """
    known = levels or {}
    markdown = is_markdown_page(text, markdown=markdown, levels=known)
    lines: list[Line] = []
    gap = 0
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip() or number <= skip:
            gap += 1
            continue
        line = line_of(number, raw, gap, markdown=markdown)
        line.level, line.styled = line.level or known.get(number, 0), styled
        line.plain = known.get(number) == 0
        lines.append(line)
        gap = 0
    _classify(lines)
    return lines


def is_markdown_page(text: str, *, markdown: bool, levels: Mapping[int, int] | None = None) -> bool:
    """Return whether a page is read as Markdown; arguments as of `read_lines`."""
    return markdown or (not levels and has_headings(text))


def line_of(number: int, raw: str, gap: int, *, markdown: bool) -> Line:
    """Return a line of a page with its level, where it is a heading of Markdown."""
    level = _heading_level(raw) if markdown else 0
    return Line(number, raw, gap, markdown=markdown, level=level)


def _heading_level(raw: str) -> int:
    """Return the level of a heading of Markdown, or of HTML in it; 0 for any other line."""
    heading = _HEADING.match(raw)
    if heading:
        return len(heading[1])
    html = _HTML_HEADING.match(raw) if "<" in raw[:600] else None
    return int(html["level"]) if html else 0


def has_headings(text: str) -> bool:
    """Return whether a text has headings of Markdown: one may be a line that begins so by chance."""
    return len(_HEADINGS.findall(text)) > 1


def _classify(lines: list[Line]) -> None:
    """Set the kind of each line: what is sure first, then headlines by their look."""
    for line, told in zip(lines, find_furniture(lines), strict=True):
        if told:
            line.kind = Kind.FURNITURE
        elif line.marker is None and (line.alone or _is_date(line)):
            line.kind = Kind.BYLINE
    _settle_dates(lines)
    for line, told in zip(lines, find_headlines(lines), strict=True):
        if told:
            line.kind = Kind.HEADLINE
    settle_headlines(lines)
    _settle_signatures(lines)
    settle_contents(lines)
    settle_lists(lines)


def _is_date(line: Line) -> bool:
    """Return whether a line is a date alone, as below a headline or at the end of a letter."""
    if line.length > _MAX_DATE or line.level or not _DATE_HINT.search(line.text):
        return False
    text = plain(line.text)
    return is_bare_date(text) and find_date(text) is not None


def _settle_dates(lines: Sequence[Line]) -> None:
    """Take the lines between the last sentence of a text and a date below it as its signature."""
    for index, line in enumerate(lines):
        if line.level or line.length > _MAX_DATE or line.kind in {Kind.FURNITURE, Kind.HEADLINE}:
            continue
        if not (_DATE_HINT.search(line.text) and ends_in_date(plain(line.text))):
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        if below and not below.gap and (below.length > _MAX_SIGNATURE or below.opening):
            continue  # text: the date stands below a headline
        first = index
        while first and index - first < _MAX_SIGNERS and _may_sign(lines[first - 1]):
            first -= 1
        if first and lines[first - 1].kind is Kind.BODY and lines[first - 1].ends:
            for signer in lines[first : index + 1]:
                signer.kind = Kind.BYLINE


def _may_sign(line: Line) -> bool:
    return (
        line.kind is Kind.BODY
        and not line.ends
        and not line.level
        and line.length <= _MAX_SIGNATURE
        and not _INSIDE_SENTENCE.search(line.text)
    )


def _settle_signatures(lines: Sequence[Line]) -> None:
    """Take a bare name, or an office, under a headline or after the last sentence as a byline."""
    look = PageLook(lines)
    for index, line in enumerate(lines):
        if line.kind not in {Kind.HEADLINE, Kind.BODY} or line.level:
            continue
        above = _above(lines, index)
        below = lines[index + 1] if index + 1 < len(lines) else None
        if above is not None and _signs_notice(lines, index, above):
            line.kind = Kind.BYLINE
        if below and below.kind is Kind.BYLINE and STARTS_WITH_LABEL.fullmatch(line.text):
            line.kind = Kind.BYLINE  # the names are on the line below
        if above is None or not (line.signed or line.office):
            continue
        # A rank with a name (副县长甲乙), or an office, is also the beginning of a sentence.
        glued = line.length > _MAX_NAMES and not re.search(r"\s", line.text)
        if glued and below is not None and below.kind is above.kind and not below.gap:
            continue
        under_headline = (
            above.kind is Kind.HEADLINE
            and below is not None
            and (below.kind is Kind.BODY or (below.kind is Kind.HEADLINE and line.signed))
            and not (below.opening and (below.opening.authors or line.length > _MAX_NAME))
        )
        at_the_end = (
            above.kind is Kind.BODY
            and above.ends
            and bool(line.signed or (line.office and line.indented))
        )
        if under_headline and _runs_over(look, above, line):
            line.kind = Kind.HEADLINE
        elif under_headline or at_the_end:
            line.kind = Kind.BYLINE


def _signs_notice(lines: Sequence[Line], index: int, above: Line) -> bool:
    """Return whether a line is the office that signs the notice above it."""
    if above.kind is not Kind.BODY or not above.ends or not office(lines[index].text):
        return False
    near = lines[max(0, index - _MAX_NOTICE) : index]
    headline = next((line for line in reversed(near) if line.kind is Kind.HEADLINE), None)
    return headline is not None and _NOTICE.search("".join(headline.text.split())) is not None


def _runs_over(look: PageLook, headline: Line, line: Line) -> bool:
    """Return whether a line is the end of a headline of which the column cut a word."""
    if line.gap or len(line.raw) > line.length:
        return False
    full = look.wrapped and look.fill(headline) >= _FULL
    return full and continues(headline.text, line.text, look.repeated)


def _above(lines: Sequence[Line], index: int) -> Line | None:
    """Return the line above one; a date in brackets may stand between a headline and its author."""
    for line in reversed(lines[max(0, index - 2) : index]):
        dated = line.kind in {Kind.FURNITURE, Kind.BYLINE} and _DATE.fullmatch(line.text)
        if not dated:
            return line
    return None
