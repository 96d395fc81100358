"""Headlines that the habits of a page tell for certain, however a line looks by itself.

Where every paragraph begins two characters in, a line that does not, below the end of one, is
a headline, and one that goes on from a full line is none. Where text has no spaces, a line of
several parts that spaces keep apart is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from search.papers.pages.captions import PICTURE
from search.papers.pages.headline_features import MAX_HEADLINE, PageLook
from search.papers.pages.lines import Kind, Line
from search.papers.pages.names import HAN
from search.papers.pages.unit import opening_at

_LINES = {Kind.BODY, Kind.HEADLINE}

_FEWEST = 2
"""Ends of paragraphs on a page that tell whether the next ones are set off."""

_LOST = 0.25
"""Lines below the end of a paragraph that are not set off, for each that is: OCR loses some."""

_MAX_LINES = 3
"""Lines of the longest headline that is told so."""

_SIGNED = re.compile(r"[。！？]\w{2,4}$")
"""The end of a paragraph with the name of its author."""

_PARTS = re.compile(
    r"\w[^\s，。、；：！？,;]{3,15}(?:[ \u3000]{1,3}[^\s，。、；：！？,;]{4,16}){1,4}"
)
"""A headline in one line: its parts have no comma."""

_SIMPLE = re.compile(r"[^，。、；：！？,;:|]{6,30}")
"""A headline between two paragraphs."""

_MIN_PARAGRAPH = 25
"""Characters of a paragraph that is certainly one."""

_MAX_STACK = 5
"""Lines of a headline of a few characters each."""

_MAX_FILL = 0.75
"""Of the width of the column, what such a line fills at most."""

_UNBROKEN = re.compile(rf"[{HAN}“”「」]{{2,12}}")

_CENTRED = re.compile(r"\u3000{6,30}(?=\S)|[ \u3000]{12,60}(?=\S)")

_STOPS = tuple("。、，！？；,.!?;”」）)")

_RARE = 8
"""Of so many lines, one or fewer is of parts where text has no spaces."""

_SHORT = 0.9
"""Of the width of the column, what the last line of a paragraph fills at most, for certain."""


def settle_headlines(lines: Sequence[Line]) -> None:
    """Set the kind of lines that are headlines for certain, and of those that are none."""
    look = PageLook(lines)
    if _sets_off(look):
        _take_back(look)
        for first, last in _runs(look):
            for index in range(first, last + 1):
                lines[index].kind = Kind.HEADLINE
    for index in _over_datelines(look):
        lines[index].kind = Kind.HEADLINE
    for index in (
        *_centred(look),
        *_in_parts(look),
        *_of_pictures(look),
        *_between_paragraphs(look),
    ):
        lines[index].kind = Kind.HEADLINE


def _between_paragraphs(look: PageLook) -> list[int]:
    """Return lines without a comma or an end between two long ones, each a paragraph."""
    lines = look.lines
    if look.wrapped:
        return []
    return [
        index
        for index in range(1, len(lines) - 1)
        if _SIMPLE.fullmatch(lines[index].text)
        and not lines[index].ends
        and look.may_be_headline(index)
        and all(
            line.kind is Kind.BODY and line.length >= _MIN_PARAGRAPH
            for line in (lines[index - 1], lines[index + 1])
        )
    ]


def _in_parts(look: PageLook) -> list[int]:
    """Return the lines below the end of a text that are of parts, on a page where few are."""
    parted = [_PARTS.fullmatch(line.text) is not None for line in look.lines]
    if sum(parted) * _RARE > len(parted):
        return []
    return [index for index in _below_ends(look) if parted[index]]


def _over_datelines(look: PageLook) -> Iterator[int]:
    """Yield short lines without a comma between a comma or an end and a dateline.

    A headline may be set a few characters a line, and above it the text of papers before 1949
    ends in a comma.
    """
    lines = look.lines
    for index in range(len(lines)):
        opened = opening_at(lines, index) if look.wrapped else None
        if opened is None or not opened.dateline:
            continue
        first = index
        while first and index - first < _MAX_STACK and _is_short(look, first - 1):
            first -= 1
        if first < index and (not first or lines[first - 1].text.endswith(_STOPS)):
            yield from range(first, index)


def _is_short(look: PageLook, index: int) -> bool:
    line = look.lines[index]
    return (
        line.kind in _LINES
        and not line.level
        and look.fill(line) <= _MAX_FILL
        and _UNBROKEN.fullmatch(line.text) is not None
    )


def _centred(look: PageLook) -> list[int]:
    """Return the lines that spaces set in the middle of the column."""
    return [
        index
        for index, line in enumerate(look.lines)
        if line.kind is Kind.BODY
        and _CENTRED.match(line.raw)
        and line.length <= MAX_HEADLINE // 2
        and not line.ends
        and look.may_be_headline(index)
    ]


def _of_pictures(look: PageLook) -> list[int]:
    """Return the lines below the end of a text that say that they are of a picture."""
    return [index for index in _below_ends(look) if PICTURE.search(look.lines[index].text)]


def _below_ends(look: PageLook) -> Iterator[int]:
    """Yield the lines below the end of a text that may be headlines."""
    for index, above in enumerate(look.lines[:-1], 1):
        if above.kind is Kind.BODY and above.ends and look.may_be_headline(index):
            yield index


def _sets_off(look: PageLook) -> bool:
    """Return whether a page sets off its paragraphs."""
    set_off = others = 0
    for index, (above, line) in enumerate(pairwise(look.lines), 1):
        if line.indented:
            set_off += above.kind in _LINES and line.kind in _LINES and above.ends
        elif _ends_paragraph(look, above, line):
            others += not _stands_over(look, index)
    return set_off >= _FEWEST and others <= _LOST * set_off


def _ends_paragraph(look: PageLook, above: Line, line: Line) -> bool:
    """Return whether a paragraph of text certainly ends above a line of text."""
    if above.kind is not Kind.BODY or line.kind is not Kind.BODY:
        return False
    if look.wrapped and look.fill(above) >= _SHORT:
        return False
    return above.ends or bool(_SIGNED.search(above.text))


def _take_back(look: PageLook) -> None:
    """Take for text what goes on from a full line, and paragraphs that look like headlines.

    Those are exclamations, and where lines are not wrapped any that is set off as paragraphs
    are, while headlines are not.
    """
    heads = [
        line
        for line in look.lines
        if line.kind is Kind.HEADLINE and not line.level and not (line.indented and line.ends)
    ]
    at_the_edge = sum(not line.indented for line in heads) * 2 >= len(heads)
    for above, line in pairwise(look.lines):
        if line.kind is not Kind.HEADLINE or line.level or above.kind is not Kind.BODY:
            continue
        if line.indented:
            begins = not look.wrapped or look.fill(line) >= _SHORT
            told = at_the_edge and (line.ends or begins)
        else:
            told = look.wrapped and not above.ends and look.fill(above) >= _SHORT
        if told:
            line.kind = Kind.BODY


def _runs(look: PageLook) -> Iterator[tuple[int, int]]:
    """Yield the first and last of lines that stand at the edge between two paragraphs."""
    lines = look.lines
    for index, (above, line) in enumerate(pairwise(lines), 1):
        # The last line of a paragraph that ends by chance in a full one above has its own end.
        if line.indented or not (
            _ends_paragraph(look, above, line) or (above.ends and not line.ends)
        ):
            continue
        last = _stands_over(look, index)
        if last:
            yield index, last - 1


def _stands_over(look: PageLook, index: int) -> int:
    """Return the line set off below lines, from one on, that may be its headline, or 0."""
    lines, last = look.lines, index
    while last < len(lines) and last - index < _MAX_LINES and _may_head(look, last):
        last += 1
    below = lines[last] if last < len(lines) else None
    found = last > index and below and below.kind is Kind.BODY and below.indented
    return last if found else 0


def _may_head(look: PageLook, index: int) -> bool:
    line = look.lines[index]
    return not (line.indented or line.text.endswith(("，", "、"))) and look.may_be_headline(index)
