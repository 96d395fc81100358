"""The lines of a page, each with its kind: furniture, headline, byline or body.

What is sure is settled first (search.papers.pages.furniture, search.papers.pages.byline); headlines are
found among the rest (search.papers.pages.headlines).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.papers.pages import byline
from search.papers.pages.furniture import is_furniture, is_index_entry, paper_name
from search.papers.pages.headlines import find_headlines
from search.papers.pages.lines import Kind, Line

_HEADING = re.compile(r"(#{1,6})\s+\S")
_HEADINGS = re.compile(r"^#{1,6}[^\S\n]+\S", re.MULTILINE)
_DATE = re.compile(r"[（(][^（）()]{4,20}日[)）].{0,12}")
_MAX_NAME = 3
_MAX_NAMES = 9
"""Characters of a name, and of the names that may stand without a space."""
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>")


def read_lines(text: str, *, markdown: bool = False, skip: int = 0) -> list[Line]:
    r"""Return the lines of a page that are not blank, each with its kind.

    Lines are parted by `\\n` only, and the first `skip` (front matter) are left out. A page
    with headings of Markdown is read as Markdown, whatever its file is called.
    """
    markdown = markdown or len(_HEADINGS.findall(text)) > 1
    lines: list[Line] = []
    gap = 0
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip() or number <= skip:
            gap += 1
            continue
        heading = _HEADING.match(raw) if markdown else None
        lines.append(
            Line(number, raw, gap, markdown=markdown, level=len(heading[1]) if heading else 0)
        )
        gap = 0
    _classify(lines)
    return lines


def _classify(lines: list[Line]) -> None:
    """Set the kind of each line: what is sure first, then headlines by their look."""
    index = _index_entries(lines)
    top = True
    for line, entry in zip(lines, index, strict=True):
        if byline.alone(line.text):
            line.kind = Kind.BYLINE
        elif line.marker is None and (
            entry
            or not re.search(r"\w", line.text)
            or is_furniture(line.text, top=top)
            or (line.markdown and _IMAGE.fullmatch(line.text))
            or (line.level and paper_name(line.text))
        ):
            line.kind = Kind.FURNITURE
        top = top and line.kind is Kind.FURNITURE
    for line, told in zip(lines, find_headlines(lines), strict=True):
        if told:
            line.kind = Kind.HEADLINE
    _settle_signatures(lines)


def _index_entries(lines: Sequence[Line]) -> list[bool]:
    """Tell of each line whether it is an entry of an index: several stand one below the other."""
    may = [False, *(is_index_entry(line.text) for line in lines), False]
    return [may[place] and (may[place - 1] or may[place + 1]) for place in range(1, len(lines) + 1)]


def _settle_signatures(lines: Sequence[Line]) -> None:
    """Take a bare name, or an office, under a headline or after the last sentence as a byline."""
    for index, line in enumerate(lines):
        if line.kind not in {Kind.HEADLINE, Kind.BODY} or line.level:
            continue
        above = _above(lines, index)
        below = lines[index + 1] if index + 1 < len(lines) else None
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
        at_the_end = above.kind is Kind.BODY and above.ends and bool(line.signed)
        if under_headline or at_the_end:
            line.kind = Kind.BYLINE


def _above(lines: Sequence[Line], index: int) -> Line | None:
    """Return the line above one; a date in brackets may stand between a headline and its author."""
    for line in reversed(lines[max(0, index - 2) : index]):
        if line.kind is not Kind.FURNITURE or not _DATE.fullmatch(line.text):
            return line
    return None
