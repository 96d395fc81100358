"""How a page was read: each line with its kind and why, then its articles and fields.

It is what a report of a page that was cut wrongly should hold, and where to look before a rule
is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from search.papers.pages.dates import parse_date
from search.papers.pages.headline_features import PageLook
from search.papers.pages.headline_weights import HEADLINE_WEIGHTS
from search.papers.pages.lines import Kind, Line
from search.papers.pages.split import Page, Piece, Reading, page_of, read, shown_lines

_REASONS = 3
"""Features named for a headline: those that count most."""


def explained(text: str, *, markdown: bool = False, stem: str = "") -> Iterator[str]:
    """Yield lines for people about how `split` reads a page, in the order of the page."""
    reading = read(text, markdown=markdown)
    page, lines = page_of(reading, stem), reading.lines
    look = PageLook(lines)
    articles = {
        index: number
        for number, unit in enumerate(reading.units, 1)
        for index in shown_lines(lines, unit)
    }
    yield from _fields(page, reading)
    yield ""
    for index, line in enumerate(lines):
        of = f"article {articles[index]}" if index in articles else "of no article"
        yield f"{line.number:5}  {line.kind.name.lower():9}  {of:13}  {line.raw.strip()}"
        for reason in _reasons(look, lines, index):
            yield f"{'':33}because {reason}"
    yield ""
    for number, piece in enumerate(page.pieces, 1):
        yield from _article(number, piece)


def _fields(page: Page, reading: Reading) -> Iterator[str]:
    """Yield what the page says of itself, and where that comes from."""
    for name in ("paper", "date", "issue", "section", "page"):
        value = getattr(page, name)
        if value is None:
            yield f"{name}: none is printed on it"
            continue
        written = reading.front.get(name, "")
        # A date there that cannot be read is passed over.
        fronted = bool(parse_date(written) if name == "date" else written)
        where = "in its front matter" if fronted else "printed on it"
        if name == "paper" and not page.named:
            where = "the name of the file"
        yield f"{name}: {value} ({where})"


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
