"""Tables of contents: lists of headlines that stand on the same page.

Papers print them on their first page, and digital papers beside each article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from search.papers.pages.lines import Kind, Line

_TEXT = frozenset({Kind.BODY, Kind.BYLINE})

_FEWEST = 3
"""Entries of the shortest list: an article may name one headline or two."""

_REPEATED = 1 / 3
"""Of the lines under its heading, those that are headlines too: entries have parts that are not."""

_MAX_ENTRY = 50
"""Characters of the longest entry, spaces not counted; a longer line is text."""

_MIN_HEADLINE = 5
"""Letters of the shortest headline that is looked for: shorter ones are words."""


def settle_contents(lines: Sequence[Line]) -> None:
    """Take lists of headlines of the page, each with its heading, for furniture."""
    heads = {_letters(line) for line in lines if line.kind is Kind.HEADLINE}
    known = {head for head in heads if len(head) >= _MIN_HEADLINE}
    if len(known) < _FEWEST:
        return
    for heading, under in list(_headed(lines)):
        if any(line.length > _MAX_ENTRY for line in under):
            continue
        # What a poem repeats is its own headline.
        repeated = known.intersection(map(_letters, under)) - set(map(_letters, heading))
        if len(repeated) >= max(_FEWEST, _REPEATED * len(under)):
            for line in (*heading, *under):
                line.kind = Kind.FURNITURE


def settle_lists(lines: Sequence[Line]) -> None:
    """Take headlines in a row without text, of which one heads a text elsewhere, for furniture.

    Furniture may stand between a headline and its text, on a page of a digital paper: of two
    that have it below, the first that is printed is the headline.
    """
    rows = [(kind, list(row)) for kind, row in groupby(lines, lambda line: line.kind)]
    kinds = [kind for kind, _ in rows] + [None, None]
    heads = [(at, row) for at, (kind, row) in enumerate(rows) if kind is Kind.HEADLINE]
    headed = {_letters(line) for at, row in heads if kinds[at + 1] in _TEXT for line in row}
    for at, row in heads:
        own = {letters for letters in map(_letters, row) if len(letters) >= _MIN_HEADLINE}
        if kinds[at + 1] in _TEXT:
            continue
        if len(row) > 1 and own & headed:
            for line in row:
                line.kind = Kind.FURNITURE
        elif kinds[at + 1] is Kind.FURNITURE and kinds[at + 2] in _TEXT:
            headed |= own


def _letters(line: Line) -> str:
    """Return the letters of a headline, or of an entry without the number before it."""
    letters = "".join(filter(str.isalnum, line.text))
    return letters.lstrip("0123456789") or letters


def _headed(lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Yield the lines of each headline with those under it, furniture left out."""
    heading: list[Line] = []
    under: list[Line] = []
    for line in lines:
        if line.kind is Kind.FURNITURE:
            continue
        if line.kind is not Kind.HEADLINE:
            under.append(line)
            continue
        if under:
            yield heading, under
            heading, under = [], []
        heading.append(line)
    yield heading, under
