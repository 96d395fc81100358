"""How a page was read: each line with its kind and why, then its articles and fields.

It is what a report of a page that was cut wrongly should hold, and where to look before a rule
is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from search.papers.pages.headline_features import PageLook
from search.papers.pages.headline_weights import HEADLINE_WEIGHTS
from search.papers.pages.line_kinds import read_lines
from search.papers.pages.lines import Kind, Line
from search.papers.pages.paper_names import name_of_file
from search.papers.pages.split import Page, Piece, split

_REASONS = 3
"""Features named for a headline: those that count most."""


def explained(text: str, *, markdown: bool = False, stem: str = "") -> Iterator[str]:
    """Yield lines for people about how `split` reads a page, in the order of the page."""
    page = split(text, markdown=markdown, stem=stem)
    lines = read_lines(text, markdown=markdown)
    look = PageLook(lines)
    articles = _articles_of_lines(page)
    yield from _fields(page, stem)
    yield ""
    for index, line in enumerate(lines):
        number = articles.get(line.number)
        of = f"article {number}" if number else "of no article"
        yield f"{line.number:5}  {line.kind.name.lower():9}  {of:13}  {line.raw.strip()}"
        for reason in _reasons(look, lines, index):
            yield f"{'':33}because {reason}"
    yield ""
    for number, piece in enumerate(page.pieces, 1):
        yield from _article(number, piece)


def _fields(page: Page, stem: str) -> Iterator[str]:
    """Yield what the page says of itself, and where that comes from."""
    for name in ("paper", "date", "issue", "section", "page"):
        value = getattr(page, name)
        if value is not None:
            from_name = name == "paper" and value == name_of_file(stem)
            yield f"{name}: {value} ({'the name of the file' if from_name else 'printed on it'})"
        else:
            yield f"{name}: none is printed on it"


def _articles_of_lines(page: Page) -> dict[int, int]:
    """Return the number of the article that each line of a page is in, for those in any."""
    beside = {number for number, _ in page.furniture}
    found: dict[int, int] = {}
    for number, piece in enumerate(page.pieces, 1):
        for at, text in enumerate(piece.body.split("\n"), piece.body_line):
            if text.strip():
                found[at] = number
    for number, piece in enumerate(page.pieces, 1):  # then headlines: they may stand anywhere
        for at in range(piece.line, piece.end_line + 1):
            if at not in beside:
                found.setdefault(at, number)
    return found


def _reasons(look: PageLook, lines: list[Line], index: int) -> Iterator[str]:
    """Yield why a line was taken for what it is, as far as more than its place tells."""
    line = lines[index]
    if line.kind is Kind.BYLINE:
        authors = line.credit.authors if line.credit else ()
        yield f"it names {', '.join(authors)}" if authors else "it is a credit without a name"
    elif line.kind is Kind.FURNITURE:
        yield "a masthead, a page's number or a notice of the paper looks so, by itself or here"
    elif line.kind is Kind.HEADLINE:
        above = max(
            (at for at in range(index) if lines[at].kind is not Kind.FURNITURE), default=None
        )
        names = [*look.shape(index), *look.above(above, index)]
        counted = sorted(names, key=lambda name: -abs(HEADLINE_WEIGHTS.get(name, 0.0)))
        for name in counted[:_REASONS]:
            yield f"{name} ({HEADLINE_WEIGHTS.get(name, 0.0):+.2f})"
    elif line.opening is not None:
        what = "a dateline" if line.opening.dateline else "a credit"
        yield f"it begins with {what}: {line.text[: line.opening.end]}"


def _article(number: int, piece: Piece) -> Iterator[str]:
    """Yield what one article is."""
    yield f"article {number}: lines {piece.line} to {piece.end_line}"
    yield f"  headline: {piece.title}"
    yield f"  authors: {', '.join(piece.authors) or 'none found'}"
    if piece.section:
        yield f"  section: {piece.section}"
    if piece.continued_from:
        yield f"  continued from page {piece.continued_from}"
    if piece.continued_on:
        yield f"  goes on on page {piece.continued_on}"
