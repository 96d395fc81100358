"""The pages of a paper, each whole: as sou reads it, and as its correction has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.model.path_spelling import shown as readable
from search.papers.asked import Asked, reading
from search.papers.corrections.form import key
from search.papers.corrections.in_force import how_set
from search.papers.corrections.kept import Correction, sums_of
from search.papers.corrections.layout import (
    PAGE_FIELDS,
    Layout,
    Manner,
    Stretch,
    page_of_layout,
    understood,
)
from search.papers.corrections.pairing import paired
from search.papers.formats import reader_for
from search.papers.given.given import NOTHING_GIVEN, Given
from search.papers.pages.line_kinds import is_markdown_page
from search.papers.pages.split import MAX_LINES, Page, page_of, read
from search.papers.reader import Limits


@dataclass(frozen=True, slots=True)
class WholePage:
    """A page of a paper: its part (None: all of it), its text, and how sou reads that.

    `known` has the fields of the page as the index has them: also from its path, and given.
    """

    part: str | None
    text: str
    manner: Manner
    read: Page
    layout: Layout
    known: Mapping[str, str | None] = field(default_factory=dict)

    def shown(self, layout: Layout) -> Layout:
        """Return a layout as a form shows it: what it does not put right is as it is known."""
        values = {
            name: getattr(layout, name) if name in layout.said else self.known.get(name)
            for name in PAGE_FIELDS
        }
        return replace(layout, **{name: key(value or "") or None for name, value in values.items()})  # type: ignore[arg-type]

    @property
    def source(self) -> list[str]:
        """The lines."""
        return self.text.split("\n")

    def by(self, layout: Layout) -> Page:
        """Return the page that a layout makes of it."""
        return page_of_layout(layout, self.source, self.manner)


def whole_pages(
    shown: str, stream: BinaryIO, limits: Limits, given: Given = NOTHING_GIVEN, kept: str = ""
) -> Iterator[WholePage]:
    """Yield the pages of a file of pages. Raises PaperError where it cannot be read.

    `shown` is its path, which may say what the pages do not; `given` is what is given of it,
    `kept` the file of its corrections.
    """
    name = PurePosixPath(shown).name
    reader = reader_for(name)
    assert reader is not None
    for thing in reading(reader.read(shown, stream, limits), Asked(kept, whole=True, given=given)):
        if isinstance(thing, Article):
            yield _page(thing, PurePosixPath(readable(name)).stem)


def _page(article: Article, stem: str) -> WholePage:
    """Return a page that is given as one article."""
    markdown, styled, levels = how_set(article)
    text = article.body
    told = read(text, markdown=markdown, styled=styled, levels=levels)
    page = page_of(told, stem)
    if page.unsplit:
        raise PaperError(
            f"a page of more than {MAX_LINES:,} lines cannot be corrected",
            "split it into smaller files",
        )
    manner = Manner(is_markdown_page(text, markdown=markdown, levels=levels), stem)
    layout = replace(understood(told, page, manner), as_read=frozenset(PAGE_FIELDS))
    known = {name: getattr(article, name) for name in PAGE_FIELDS}
    return WholePage(article.part, text, manner, page, layout, known)


def carried_over(correction: Correction, source: list[str]) -> tuple[Layout, int]:
    """Return what of a correction still fits a page that has changed, and how many lines are new.

    A line that is there as it was is where it was put; all others are the page's own record.
    """
    numbers = _same_lines(correction, source)

    def still(parts: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
        return tuple(
            replace(part, number=numbers[part.number]) for part in parts if part.number in numbers
        )

    portions = (
        replace(each, headline=still(each.headline), text=still(each.text))
        for each in correction.layout.portions
    )
    kept = tuple(each for each in portions if each.headline or each.text)
    return replace(correction.layout, portions=kept), _full(source) - len(numbers)


def outlived(
    corrections: Iterable[Correction], parts: Collection[str | None], source: list[str]
) -> Correction | None:
    """Return the correction of a page that is not there any more whose text now is on a page.

    One page becomes two where its text grows, and two become one. `parts` are the pages that
    are there; half of the lines of this one have to be those that were put right.
    """
    found = [
        (len(_same_lines(each, source)), each) for each in corrections if each.part not in parts
    ]
    number, best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best if 2 * number >= _full(source) else None


def _full(source: list[str]) -> int:
    """Return how many lines are not blank."""
    return sum(1 for line in source if line.strip())


def _same_lines(correction: Correction, source: list[str]) -> dict[int, int]:
    """Return for the number of each line that was put right the one that it has now, if any."""
    before = [at for at, each in enumerate(correction.sums, 1) if each != "-"]
    now = [at for at, line in enumerate(source, 1) if line.strip()]
    sums = sums_of(source)
    pairs = paired(
        [correction.sums[at - 1] for at in before],
        [sums[at - 1] for at in now],
    )
    return {before[index]: now[at] for index, at in pairs.items()}
