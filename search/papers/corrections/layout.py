"""Which lines of a page make which article: as sou reads them, or as a person put them right.

A layout names lines by their numbers, so it says nothing without the text of its page, and no
line of a page can be lost or made up by it: what is in no article is the page's own record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from search.papers.pages.line_kinds import line_of
from search.papers.pages.lines import Line
from search.papers.pages.paper_names import name_of_file
from search.papers.pages.split import Page, Piece, Reading, title_of, unsaid

_MOST_BLANK = 4
"""Times the lines of a page that all bodies may have together, blank ones between their lines
included; further bodies are set without these. Only who wants to fill the memory needs more."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of a page by its number, or the part of it from `start` up to `end` (None: all)."""

    number: int
    start: int = 0
    end: int | None = None

    def text(self, source: list[str]) -> str:
        """Return what stands there."""
        return source[self.number - 1][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Portion:
    """An article: the lines of its headline and of its text, and what is said of it.

    `title` is empty where the headline says it. An article without text is its headline alone.
    A line of the headline that stands among those of the text may be one of these too.
    """

    headline: tuple[Stretch, ...]
    text: tuple[Stretch, ...]
    title: str = ""
    authors: tuple[str, ...] = ()
    section: str | None = None
    continued_from: str | None = None
    continued_on: str | None = None

    @property
    def below(self) -> tuple[Stretch, ...]:
        """The text, without what is in the headline too."""
        heads = set(self.headline)
        return tuple(part for part in self.text if part not in heads)

    @property
    def lines(self) -> tuple[Stretch, ...]:
        """All lines, each once: the headline and what is below it."""
        return (*self.headline, *self.below)


PAGE_FIELDS = ("paper", "date", "issue", "section", "page", "edition")
"""The fields of a page."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a page says of itself, and its articles in order.

    `as_read` names the fields that a person left as they were: these are no corrections, so what
    is given of the paper counts more.
    """

    portions: tuple[Portion, ...]
    paper: str | None = None
    date: str | None = None
    issue: str | None = None
    section: str | None = None
    page: str | None = None
    edition: str | None = None
    as_read: frozenset[str] = frozenset()

    @property
    def said(self) -> frozenset[str]:
        """The fields that a person put right."""
        return frozenset(name for name in PAGE_FIELDS if getattr(self, name)) - self.as_read


def unchanged_fields(right: Layout, shown: Layout, before: Layout) -> Layout:
    """Return a layout whose fields, where a form has them as it was `shown`, are those `before`."""
    same = [name for name in PAGE_FIELDS if getattr(right, name) == getattr(shown, name)]
    values = {name: getattr(before, name) for name in same}
    return replace(right, **values, as_read=before.as_read & frozenset(same))


@dataclass(frozen=True, slots=True)
class Manner:
    """Whether a page is read as Markdown, and the name of its file without the extension."""

    markdown: bool = False
    stem: str = ""


def understood(reading: Reading, page: Page, manner: Manner) -> Layout:
    """Return the layout in which a page was read. Not for one that is not told apart whole."""
    lines = reading.lines
    portions = []
    taken: set[int] = set()
    for unit, piece in zip(reading.units, page.pieces, strict=True):
        heads = [lines[index].number for index in unit.heads]
        hidden = {index for start, end in unit.holes for index in range(start, end + 1)}
        body = [
            lines[index].number for index in range(unit.first, unit.last + 1) if index not in hidden
        ]
        headline = tuple(Stretch(number) for number in heads if number not in taken)
        text = tuple(Stretch(number) for number in body if number not in taken)
        taken.update(heads, body)
        portions.append(
            Portion(
                headline,
                text,
                "",
                piece.authors,
                piece.section if piece.section != (page.section or page.page) else None,
                piece.continued_from,
                piece.continued_on,
            )
        )
    layout = Layout(
        tuple(portions),
        page.paper if page.named else None,
        page.date,
        page.issue,
        page.section,
        page.page,
        page.edition,
    )
    made = page_of_layout(layout, reading.source, manner)
    return replace(
        layout,
        portions=tuple(
            portion if piece.title == own.title else replace(portion, title=piece.title)
            for portion, piece, own in zip(portions, page.pieces, made.pieces, strict=True)
        ),
    )


def record_of(layout: Layout, source: list[str]) -> list[Stretch]:
    """Return the lines of a page that are in no article, blank ones left out."""
    cut: dict[int, list[Stretch]] = {}
    for stretch in stretches(layout):
        cut.setdefault(stretch.number, []).append(stretch)
    rest = []
    for number, line in enumerate(source, 1):
        done = 0
        for stretch in sorted(cut.get(number, ()), key=lambda each: each.start):
            if line[done : stretch.start].strip():
                rest.append(Stretch(number, done, stretch.start))
            done = len(line) if stretch.end is None else stretch.end
        if line[done:].strip():
            rest.append(Stretch(number, done))
    return rest


def stretches(layout: Layout) -> Iterator[Stretch]:
    """Yield what is in articles, in the order of the layout."""
    for portion in layout.portions:
        yield from portion.lines


def page_of_layout(layout: Layout, source: list[str], manner: Manner) -> Page:
    """Return the page that a layout makes of its lines.

    A body whose lines are in the order of the source has a blank line for each between them that
    is not in it, so that its lines count as there; any other is set as it was put together, and
    its `body_line` is None: passages of it are shown with the line on which the article begins.
    A headline that the title does not say is in the page's record too, so that it is found.
    """
    section = layout.section or layout.page
    left = _MOST_BLANK * len(source)
    pieces: list[Piece] = []
    not_said: list[Stretch] = []
    for portion in layout.portions:
        text = portion.text or portion.headline
        body, first = _body(text, source, left)
        heads = [_line(stretch, source, markdown=manner.markdown) for stretch in portion.headline]
        title = portion.title or title_of(heads, body, manner.stem)
        said = title if portion.text else f"{title}\n{body}"
        lines = [stretch.text(source) for stretch in portion.headline]
        not_said += [portion.headline[place] for place in unsaid(lines, said)]
        left -= body.count("\n") + 1
        numbers = [stretch.number for stretch in (*portion.headline, *portion.text)]
        pieces.append(
            Piece(
                title,
                body,
                portion.authors,
                min(numbers) if first is not None else text[0].number,
                max(numbers),
                first,
                portion.section or section,
                portion.continued_from,
                portion.continued_on,
            )
        )
    return Page(
        layout.paper or name_of_file(manner.stem),
        layout.date,
        layout.issue,
        tuple(pieces),
        layout.section,
        layout.page,
        0,
        tuple(
            (each.number, each.text(source))
            for each in sorted([*record_of(layout, source), *not_said], key=_place)
        ),
        layout.paper is not None,
        layout.edition,
        layout.date is not None,
    )


def _body(text: tuple[Stretch, ...], source: list[str], left: int) -> tuple[str, int | None]:
    """Return the body that lines make, and the number of its first where they count on from it."""
    numbers = [stretch.number for stretch in text]
    first, last = numbers[0], numbers[-1]
    if last - first >= left or any(a >= b for a, b in pairwise(numbers)):
        return "\n".join(stretch.text(source) for stretch in text), None
    body = ["" if line.strip() else line for line in source[first - 1 : last]]
    for stretch in text:
        body[stretch.number - first] = stretch.text(source)
    return "\n".join(body), first


def _place(stretch: Stretch) -> tuple[int, int]:
    return stretch.number, stretch.start


def _line(stretch: Stretch, source: list[str], *, markdown: bool) -> Line:
    """Return a line of a headline, with the blank lines above it."""
    above = stretch.number - 2
    while above >= 0 and not source[above].strip():
        above -= 1
    gap = 0 if stretch.start else stretch.number - 2 - above
    return line_of(stretch.number, stretch.text(source), gap, markdown=markdown)
