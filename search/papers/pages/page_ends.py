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

_PARAGRAPH = 40
"""Characters of a line that is text, whatever the others are as long as."""

_FULL = 0.8
"""How much of the width of its column a line fills that is not the last of its paragraph."""

_NEAR = 4
"""Lines by which that width is measured."""

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
        self._held: Article | None = None

    def passed(
        self, articles: list[Article], *, begins: bool, stops: bool, below: bool
    ) -> Iterator[Article]:
        """Yield the articles of a page and what was held, but for what may go on.

        `begins` and `stops` say that the page does so within a sentence, and `below` that its
        lines are numbered from those of the page before it on.
        """
        articles = list(articles)
        held, self._held = self._held, None
        if held and begins and articles and _are_one(held, articles[0]):
            show([f"the first article here goes on from {held.part or 'above'}", ""])
            articles[0] = _joined(held, articles[0], below=below)
        elif held:
            yield held
        if stops and articles:
            self._held = articles.pop()
        yield from articles

    def rest(self) -> Iterator[Article]:
        """Yield what is still held."""
        held, self._held = self._held, None
        if held:
            yield held


def _are_one(held: Article, article: Article) -> bool:
    """Return whether nothing says that two articles are of different issues."""
    return (held.date, held.paper) == (article.date, article.paper) and not held.continued_on


def _joined(held: Article, article: Article, *, below: bool) -> Article:
    """Return an article and what stands of it on the next page as one.

    Where each page counts its own lines, they count on as if that stood right below.
    """
    assert held.body_line is not None
    assert article.body_line is not None
    last = held.body_line + held.body.count("\n")
    gap = article.body_line - last if below else 1
    return replace(
        held,
        body=held.body + "\n" * gap + article.body,
        end_line=article.end_line if below else last + 1 + article.body.count("\n"),
        authors=tuple(dict.fromkeys((*held.authors, *article.authors))),
        continued_on=article.continued_on,
    )
