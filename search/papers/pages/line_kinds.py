"""The lines of a page, each with its kind: furniture, headline, byline or body.

What is sure is settled first (search.papers.pages.furniture, search.papers.pages.byline); headlines are
found among the rest (search.papers.pages.headlines).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from search.papers.pages import byline
from search.papers.pages.furniture import is_furniture, is_index_entry, paper_name
from search.papers.pages.headlines import find_headlines
from search.papers.pages.lines import Kind, Line

_HEADING = re.compile(r"(#{1,6})\s+\S")
_HEADINGS = re.compile(r"^#{1,6}[^\S\n]+\S", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>")


def read_lines(
    text: str,
    *,
    markdown: bool = False,
    levels: Mapping[int, int] | None = None,
    skip: int = 0,
) -> list[Line]:
    r"""Return the lines of a page that are not blank, each with its kind.

    Lines are parted by `\\n` only, and the first `skip` (front matter) are left out. A page
    with headings of Markdown is read as Markdown, whatever its file is called, but for one
    whose `levels` are known by their numbers.
    """
    known = levels or {}
    markdown = markdown or (not known and len(_HEADINGS.findall(text)) > 1)
    lines: list[Line] = []
    gap = 0
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip() or number <= skip:
            gap += 1
            continue
        heading = _HEADING.match(raw) if markdown else None
        level = len(heading[1]) if heading else known.get(number, 0)
        line = Line(number, raw, gap, markdown=markdown, level=level)
        line.plain = known.get(number) == 0
        lines.append(line)
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
    """Take a bare name under a headline, or after the last sentence, as a byline."""
    for index, line in enumerate(lines):
        if line.kind not in {Kind.HEADLINE, Kind.BODY} or line.level or not line.signed:
            continue
        above = lines[index - 1] if index else None
        below = lines[index + 1] if index + 1 < len(lines) else None
        if above is None:
            continue
        under_headline = (
            above.kind is Kind.HEADLINE
            and below is not None
            and below.kind in {Kind.BODY, Kind.HEADLINE}
            and not below.opening
        )
        at_the_end = above.kind is Kind.BODY and above.ends
        if under_headline or at_the_end:
            line.kind = Kind.BYLINE
