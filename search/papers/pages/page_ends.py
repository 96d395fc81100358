"""Articles that run over the end of a page: its last line stops inside a sentence.

The next page then begins with text and no headline, in a line that is no beginning. Both are
asked for, since a page may also end with a list, and begin with a caption or with a headline
that was not seen. The two become one article: it is where its beginning is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from search.model.article import Article
from search.model.frozen import replace
from search.papers.observer import show
from search.papers.pages.lines import Kind, Line
from search.papers.pages.split import Page
from search.papers.pages.unit import Unit
from search.papers.problem import Problem

_PARAGRAPH = 40
"""Characters of a line that is text, whatever the others are as long as."""

_FULL = 0.8
"""How much of the width of its column a line fills that is not the last of its paragraph."""

_NEAR = 4
"""Lines by which that width is measured."""

_MOST_PAGES = 100
"""Of one article: what goes on further is a book, or was read wrongly."""

_MOST_CHARS = 4_000_000
"""Of one article that goes on: as many as the longest record has."""

_MARK = re.compile("[，。；！？]")
_ITEM = re.compile(
    r"[■◆●▲△○□◇★☆※•·▶►【〔\[—-]|第?[一二三四五六七八九十\d]{1,3}\s?[、.．章节條条）)]|[（(]"
)


def stops_within(lines: Sequence[Line], units: Sequence[Unit]) -> bool:
    """Return whether the last article of a page stops inside a sentence."""
    if not units or not _is_prose(lines, units[-1]):
        return False
    last = units[-1].last
    line = lines[last]
    if any(below.kind is not Kind.FURNITURE for below in lines[last + 1 :]):
        return False
    if line.kind is not Kind.BODY or line.level or line.ends or line.alone:
        return False
    above = lines[max(units[-1].first, last - _NEAR) : last]
    return _is_full(line, above)


def begins_within(lines: Sequence[Line], units: Sequence[Unit]) -> bool:
    """Return whether the first article of a page begins where another left off."""
    if not units or units[0].heads or not _is_prose(lines, units[0]):
        return False
    first = units[0].first
    line = lines[first]
    if any(above.kind is not Kind.FURNITURE for above in lines[:first]):
        return False
    if line.kind is not Kind.BODY or line.level or line.indented or line.opening or line.marker:
        return False
    if _ITEM.match(line.text):
        return False
    return line.ends or _is_full(line, lines[first + 1 : first + 1 + _NEAR])


def begin_alike(right: Page, as_read: Page) -> bool:
    """Return whether a corrected page begins with the line that it was read to begin with."""
    if not (right.pieces and as_read.pieces):
        return False
    own, other = right.pieces[0], as_read.pieces[0]
    return (
        own.body_line is not None
        and (own.line, own.body_line, own.title) == (other.line, other.body_line, other.title)
        and own.line == min(piece.line for piece in right.pieces)
        and own.continued_from == other.continued_from
        and _same_line(own.body, other.body, 0)
    )


def end_alike(right: Page, as_read: Page) -> bool:
    """Return whether a corrected page ends with the line that it was read to end with."""
    if not (right.pieces and as_read.pieces):
        return False
    own, other = right.pieces[-1], as_read.pieces[-1]
    return (
        own.body_line is not None
        and own.end_line == other.end_line == max(piece.end_line for piece in right.pieces)
        and _same_line(own.body, other.body, -1)
    )


def _same_line(body: str, other: str, index: int) -> bool:
    return body.split("\n")[index] == other.split("\n")[index]


def _is_prose(lines: Sequence[Line], unit: Unit) -> bool:
    """Return whether there are sentences in a unit, and not only a list of words."""
    marks = sum(len(_MARK.findall(line.text)) for line in lines[unit.first : unit.last + 1])
    return not unit.empty and marks > 1


def _is_full(line: Line, near: Sequence[Line]) -> bool:
    """Return whether a line is as long as its column, or a paragraph: no headline, no item."""
    if line.length >= _PARAGRAPH:
        return True
    lengths = sorted(other.length for other in near if other.kind is Kind.BODY)
    return len(lengths) > 1 and line.length >= max(6, _FULL * lengths[-1])


class PageEnds:
    """The article at the end of each page, held until the next one tells whether it goes on."""

    def __init__(self) -> None:
        self._held: list[tuple[Article, bool]] = []
        """Its parts, a page each, and whether their lines are numbered on from the page before."""

    def passed(
        self, articles: list[Article], *, begins: bool, stops: bool, below: bool
    ) -> Iterator[Article | Problem]:
        """Yield the articles of a page and what was held, but for what may go on.

        Where an article is too long to go on, there is a Problem too, and another begins.

        `begins` and `stops` say that the page does so within a sentence, and `below` that its
        lines are numbered from those of the page before it on.
        """
        rest = list(articles)
        goes_on = self._held and begins and rest and _are_one(self._held[-1][0], rest[0])
        if goes_on and not self._has_room(rest[0]):
            yield _too_long(self._held[0][0], rest[0])
        elif goes_on:
            show([f"the first article here goes on from {self._held[0][0].part or 'above'}", ""])
            self._held.append((rest.pop(0), below))
            if stops and not rest:
                return
        yield from self.rest()
        if stops and rest:
            self._held = [(rest.pop(), below)]
        yield from rest

    def _has_room(self, article: Article) -> bool:
        """Return whether what is held may have one more part."""
        chars = article.chars + sum(part.chars for part, _ in self._held)
        return len(self._held) < _MOST_PAGES and chars <= _MOST_CHARS

    def rest(self) -> Iterator[Article]:
        """Yield what is still held."""
        held, self._held = self._held, []
        if held:
            yield _joined(held)


def _too_long(first: Article, article: Article) -> Problem:
    begins = f" that begins on {first.part}" if first.part else ""
    part = f"{article.part}: " if article.part else ""
    return Problem(
        article.path,
        f"{part}the article{begins} goes on over more than {_MOST_PAGES:,} pages or "
        f"{_MOST_CHARS:,} characters; from here on it is another article",
        article.line,
        lost=False,
    )


def _are_one(held: Article, article: Article) -> bool:
    """Return whether nothing says that two articles are of different issues."""
    return (held.date, held.paper) == (article.date, article.paper) and not held.continued_on


def _joined(parts: Sequence[tuple[Article, bool]]) -> Article:
    """Return an article and what stands of it on the next pages as one.

    Where each page counts its own lines, they count on as if that stood right below.
    """
    first, _ = parts[0]
    if len(parts) == 1:
        return first
    assert first.body_line is not None
    bodies, last, end_line = [first.body], first.body_line + first.body.count("\n"), 0
    for article, below in parts[1:]:
        assert article.body_line is not None
        gap = article.body_line - last if below else 1
        bodies.append("\n" * gap + article.body)
        last += gap + article.body.count("\n")
        end_line = article.end_line if below else last
    return replace(
        first,
        body="".join(bodies),
        end_line=end_line,
        authors=tuple(dict.fromkeys(name for article, _ in parts for name in article.authors)),
        continued_on=parts[-1][0].continued_on,
    )
