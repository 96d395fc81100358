"""How a page was read: each line with its kind and why, then its articles and fields.

It is what a report of a page that was cut wrongly should hold, and where to look before a rule
is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from search.model.article import Article
from search.papers.pages.headline_features import PageLook
from search.papers.pages.headline_weights import HEADLINE_WEIGHTS
from search.papers.pages.lines import Kind
from search.papers.pages.page_fields import FIELDS, NOTHING, PageFields
from search.papers.pages.split import Page, Piece, Reading, shown_lines

_REASONS = 3
"""Features named for a headline: those that count most."""

_LARGER = 1.1
"""How much larger than that of the page type is for people to see it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a page from elsewhere.

    `part` is its name, `first` the number of its first line, `known` what it is of. `sizes` tells how large the type of its headlines is, in that
    of the page, by line. `corrected` says that its articles are those of a correction.
    """

    part: str | None = None
    first: int = 1
    known: PageFields = NOTHING
    sizes: Mapping[int, float] = field(default_factory=dict)
    corrected: bool = False


def explained(reading: Reading, page: Page, around: Around) -> Iterator[str]:
    """Yield lines for people about how a page was read, in the order of the page."""
    lines = reading.lines
    look = PageLook(lines)
    articles = {
        index: number
        for number, unit in enumerate(reading.units, 1)
        for index in shown_lines(lines, unit)
    }
    above = around.first - 1
    if around.part:
        yield around.part
    if around.corrected:
        yield "corrected with sou correct: its articles and fields are as they were put right,"
        yield "its lines are told as they would be read without that"
        articles = {}
    nowhere = "" if around.corrected else "of no article"
    yield from _fields(page, around)
    yield ""
    last: int | None = None
    for index, line in enumerate(lines):
        of = f"article {articles[index]}" if index in articles else nowhere
        yield f"{line.number + above:5}  {line.kind.name.lower():9}  {of:13}  {line.raw.strip()}"
        for reason in _reasons(look, index, last, around.sizes):
            yield f"{'':33}because {reason}"
        if line.kind is not Kind.FURNITURE:
            last = index
    yield ""
    for number, piece in enumerate(page.pieces, 1):
        yield from _article(number, piece, above)
    if around.part:
        yield ""


def article_fields(article: Article, where: Mapping[str, str]) -> Iterator[str]:
    """Yield what an article is, and `where` each field comes from, for a file that has no lines."""
    yield f"article: lines {article.line} to {article.end_line}"
    yield f"  headline: {article.title}{_where(where, 'title')}"
    authors = ", ".join(article.authors)
    yield f"  authors: {authors + _where(where, 'authors') if authors else 'none found'}"
    for name in ("paper", "date", "page", "issue", "edition", "section", "url"):
        value = getattr(article, name)
        yield f"  {name}: {value + _where(where, name) if value else 'none found'}"


def _where(where: Mapping[str, str], name: str) -> str:
    return f" ({where[name]})" if name in where else ""


def _fields(page: Page, around: Around) -> Iterator[str]:
    """Yield what is known of a page, and where that comes from."""
    known = {name: getattr(around.known, name) for name in FIELDS} | {"section": page.section}
    for name, value in known.items():
        where = around.known.where.get(name, "printed on it")
        if around.corrected and value and value == getattr(page, name):
            where = "of the corrected page"
        nothing = "none" if around.corrected else "none is printed on it"
        yield f"{name}: {value} ({where})" if value else f"{name}: {nothing}"


def _reasons(
    look: PageLook, index: int, above: int | None, sizes: Mapping[int, float]
) -> Iterator[str]:
    """Yield why a line was taken for what it is, as far as more than its place tells.

    `above` is the last line above it that is no furniture.
    """
    line = look.lines[index]
    if line.kind is Kind.BYLINE:
        authors = line.credit.authors if line.credit else ()
        yield f"it names {', '.join(authors)}" if authors else "it is a credit without a name"
    elif line.kind is Kind.FURNITURE and line.lists:
        yield "it lists headlines of the page, or names those below it"
    elif line.kind is Kind.FURNITURE:
        yield "a masthead, a page's number or a notice of the paper looks so, by itself or here"
    elif line.kind is Kind.HEADLINE:
        size = sizes.get(line.number, 0.0)
        if size >= _LARGER:
            yield f"its letters are {size:.1f} times as high as the page's"
        elif size:
            yield "of where it stands: with white around it, above a text"
        names = [*look.shape(index), *look.above(above, index)]
        counted = sorted(names, key=lambda name: -abs(HEADLINE_WEIGHTS.get(name, 0.0)))
        for name in counted[:_REASONS]:
            yield f"{name} ({HEADLINE_WEIGHTS.get(name, 0.0):+.2f})"
    elif line.opening is not None:
        what = "a dateline" if line.opening.dateline else "a credit"
        yield f"it begins with {what}: {line.text[: line.opening.end]}"


def _article(number: int, piece: Piece, above: int) -> Iterator[str]:
    """Yield what one article is."""
    yield f"article {number}: lines {piece.line + above} to {piece.end_line + above}"
    yield f"  headline: {piece.title}"
    yield f"  authors: {', '.join(piece.authors) or 'none found'}"
    if piece.section:
        yield f"  section: {piece.section}"
    if piece.continued_from:
        yield f"  continued from page {piece.continued_from}"
    if piece.continued_on:
        yield f"  goes on on page {piece.continued_on}"
