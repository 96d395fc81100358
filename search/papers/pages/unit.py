"""An article in the making, and what its lines say of where it begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from search.papers.pages.byline import Byline, closing, opening
from search.papers.pages.lines import Kind, Line
from search.papers.pages.names import HAN

_OPEN_BELOW = re.compile(r"[（(【〔［][^（）()【】〔〕［］]{3,20}$")

_OPEN_ABOVE = re.compile(r"[^（(]{0,20}[)）]$")

_HAS_HAN = re.compile(rf"[{HAN}]")

# An office, a teacher, a source: whatever stands in brackets after the last sentence.
_CLOSING_BRACKETS = re.compile(
    r"[。！？!?”][ \u3000]?[（(](?![^（）()]*[见版图转注])[^（）()。！？]{2,20}[)）]$"
)


@dataclass
class Unit:
    """An article in the making, as indices into the lines of the page.

    `heads` are the lines of its headline. The body runs from `first` to `last`, both
    included, but for `holes`, the first and last lines of furniture and of captions that are
    articles of their own; for a headline alone it is the headline.
    """

    heads: list[int] = field(default_factory=list)
    first: int = -1
    last: int = -1
    holes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is no body yet."""
        return self.first < 0

    def add(self, index: int) -> None:
        """Take one more line into the body."""
        self.first = index if self.empty else self.first
        self.last = index


def has_text(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit has text; specks that OCR took for letters are none."""
    return any(is_text(lines[index]) for index in range(unit.first, unit.last + 1))


def is_text(line: Line) -> bool:
    """Return whether a line is text, and no speck that OCR took for letters."""
    return line.kind is Kind.BODY and (line.length > 6 or bool(_HAS_HAN.search(line.text)))


def opens_with_byline(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit begins with a byline, on its own line or in the first of the text."""
    if unit.empty:
        return False
    return lines[unit.first].kind is Kind.BYLINE or opening_at(lines, unit.first) is not None


def opening_at(lines: Sequence[Line], index: int) -> Byline | None:
    """Return the dateline or byline that a line begins with; its bracket may close a line below."""
    line = lines[index]
    if line.opening or index + 1 == len(lines) or not _OPEN_BELOW.match(line.text):
        return line.opening
    return opening(line.text + lines[index + 1].text)


def closes_with_byline(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit ends with a byline that is not the one it begins with."""
    last = lines[unit.last]
    credit = last.credit if last.kind is Kind.BYLINE else _closing(lines, unit)
    if credit:
        own = unit.last > unit.first or credit.start > (last.opening.end if last.opening else 0)
        # The photographs of a long article are credited below it; that ends no article.
        return own and not (credit.photo and _is_long(lines, unit))
    return bool(_CLOSING_BRACKETS.search(last.text))


def _closing(lines: list[Line], unit: Unit) -> Byline | None:
    """Return the byline that the text of a unit ends with; its bracket may open a line above."""
    last = lines[unit.last]
    if last.closing or unit.last == unit.first or not _OPEN_ABOVE.match(last.text):
        return last.closing
    return closing(lines[unit.last - 1].text + last.text)


def paragraphs(lines: list[Line], unit: Unit) -> list[int]:
    """Return the indices of the lines of a unit's body at which an article could begin."""
    return list(_each_paragraph(lines, unit))


def _each_paragraph(lines: list[Line], unit: Unit) -> Iterator[int]:
    for index in range(unit.first, unit.last + 1):
        if lines[index].kind is Kind.BODY and (
            index == unit.first or lines[index - 1].ends or lines[index - 1].kind is not Kind.BODY
        ):
            yield index


def _is_long(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit has more than two paragraphs. Of those of a long one, few are seen."""
    return len(list(islice(_each_paragraph(lines, unit), 3))) > 2


def photo_credit(line: Line) -> bool:
    """Return whether a line is, or ends with, a credit for a picture."""
    credit = line.credit if line.kind is Kind.BYLINE else line.closing
    return credit is not None and credit.photo
