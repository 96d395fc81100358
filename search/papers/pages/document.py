"""From the pages of one file, each a text, to articles."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, TypeVar

from search.model.article import ARTICLE, Article
from search.model.errors import PaperError
from search.model.path_spelling import shown as readable
from search.papers.asked import asked
from search.papers.corrections.in_force import page_put_right, whole_page
from search.papers.observer import is_observed, show
from search.papers.pages.explain import Around, explained
from search.papers.pages.given_fields import with_given
from search.papers.pages.page_ends import (
    PageEnds,
    begin_alike,
    begins_within,
    end_alike,
    stops_within,
)
from search.papers.pages.page_fields import NOTHING, fields_of_page
from search.papers.pages.page_record import page_record
from search.papers.pages.split import MAX_LINES, page_of, read
from search.papers.path_fields import fields_of_path
from search.papers.problem import Problem
from search.papers.reader import Limits
from search.papers.readers.isolation.heartbeat import alive

_MAX_SPLITTING = 1_800
"""Seconds of work on the pages of one file: thousands of crowded ones take some minutes."""

_MAX_RUNS = 20
"""Runs of pages that are named one by one."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, and what its layout says of lines, which count from 1.

    `levels` has those of headlines, 1 to 6 as in HTML, and 0 for what is certainly none. `first`
    is the line of the file that is the first of the page, where lines of the file are told;
    `date` is the day of the page as far as was seen when it was cut from others;
    `sizes` how large the type of headlines is, in that of the text.
    """

    text: str
    levels: Mapping[int, int] = field(default_factory=dict)
    first: int = 1
    date: str | None = None
    sizes: Mapping[int, float] = field(default_factory=dict)


def read_pages(
    shown: str, pages: Iterable[tuple[str | None, str | PageText]], problems: list[Problem]
) -> Iterator[Article | Problem]:
    """Yield the articles of pages, then the problems that came up meanwhile.

    Raises PaperError with these if there was no article.
    """
    found = False
    for thing in articles_of(shown, pages):
        found = found or (isinstance(thing, Article) and thing.kind == ARTICLE)
        yield thing
    if problems and not found:
        raise PaperError("; ".join(problem.reason for problem in problems))
    yield from problems


def articles_of(
    shown: str,
    pages: Iterable[tuple[str | None, str | PageText]],
    *,
    markdown: bool = False,
    styled: bool = False,
) -> Iterator[Article | Problem]:
    """Yield the articles of pages, and behind those of each page the record of it.

    Pages are given as the name of the part and its text.

    An issue prints its name and date on the first page: a page that has none is of the paper
    and the day of the page before (`page_fields` says what is trusted more). Ids are still empty, and lines count within the page, from its `first`
    on. An article that stops inside a sentence at the end of a page goes on in the text at the
    top of the next. A page that was corrected is as its correction says; where whole pages are
    asked for, each is one article. Raises PaperError where to split them takes longer than any
    file does.
    """
    ends = PageEnds()
    try:
        yield from _of_each(shown, pages, ends, markdown=markdown, styled=styled)
    except Exception:
        yield from ends.rest()  # what was read is read
        raise
    yield from ends.rest()


def _of_each(
    shown: str,
    pages: Iterable[tuple[str | None, str | PageText]],
    ends: PageEnds,
    *,
    markdown: bool,
    styled: bool,
) -> Iterator[Article | Problem]:
    """Yield the articles of each page, but for one at its end that may go on: `ends` holds it."""
    stem = PurePosixPath(readable(shown)).stem
    told_by_path = fields_of_path(shown)
    given_section = asked().given.values.get("section")
    known = NOTHING
    spent = 0.0
    for part, text in pages:
        begun = time.thread_time()
        told = PageText(text) if isinstance(text, str) else text
        reading = read(told.text, markdown=markdown, styled=styled, levels=told.levels)
        as_read = page_of(reading, stem)
        right, put_right, remark = page_put_right(
            shown, part, told.text, as_read, markdown=markdown, levels=told.levels
        )
        if remark:
            yield Problem(shown, remark, lost=False)
        page = right or as_read
        first = known is NOTHING
        known = fields_of_page(page, told.date, known, told_by_path, reading.front)
        known = with_given(known, asked().given, first=first, right=put_right)
        over = None if "section" in put_right else given_section
        if asked().whole:
            section = over or page.section
            how: dict[str, Any] = {"markdown": markdown, "styled": styled, "levels": told.levels}
            yield whole_page(shown, part, told.text, known, section, **how)
            continue
        own = page.section or page.page
        if is_observed():
            around = Around(part, told.first, known, told.sizes, bool(right))
            show(explained(reading, page, around))
        spent += time.thread_time() - begun
        above = told.first - 1
        articles = [
            Article(
                id="",
                title=piece.title,
                body=piece.body,
                path=shown,
                line=piece.line + above,
                end_line=piece.end_line + above,
                body_line=piece.body_line and piece.body_line + above,
                date=known.date,
                paper=known.paper,
                authors=piece.authors,
                section=(over if not right or piece.section in {None, own} else None)
                or piece.section
                or given_section,
                part=part,
                continued_from=piece.continued_from,
                continued_on=piece.continued_on,
                page=known.page,
                issue=known.issue,
                edition=known.edition,
            )
            for piece in page.pieces
        ]
        yield from ends.passed(
            articles,
            # A correction that leaves a page's first line, or its last, where that was read to
            # be, and gives no title there, says nothing of whether the article is whole.
            begins=(not right or begin_alike(right, as_read))
            and begins_within(reading.lines, reading.units),
            stops=not as_read.unsplit
            and (not right or end_alike(right, as_read))
            and stops_within(reading.lines, reading.units),
            below=told.first > 1,
        )
        record = page_record(page, shown, part, known, above=above)
        if record:
            yield record
        if page.unsplit:
            where = f"{part}: " if part else ""
            yield Problem(
                shown,
                f"{where}more than {MAX_LINES:,} lines on one page: the rest is one article; "
                "split it into smaller files",
                page.unsplit + above,
                lost=False,
            )
        if spent > _MAX_SPLITTING:
            raise PaperError(
                f"its pages took more than {_MAX_SPLITTING:,} seconds to split; the rest is not read"
            )


Chunk = TypeVar("Chunk")


def in_time(chunks: Iterable[Chunk], limits: Limits) -> Iterator[Chunk]:
    """Yield the chunks of a file; raise PaperError when its time is over before they are."""
    until = time.monotonic() + limits.max_seconds
    for chunk in chunks:
        if time.monotonic() > until:
            raise PaperError(f"not read to its end within {limits.max_seconds:,.0f} seconds")
        alive()
        yield chunk


Text = TypeVar("Text", str, PageText)


def name_part(number: int) -> str:
    """Return the name of a page of a file, the first being 1."""
    return f"p. {number}"


def numbered(texts: Iterable[Text]) -> Iterator[tuple[str | None, Text]]:
    """Yield the pages of a file with their names; one that is the only page needs none."""
    rest = iter(texts)
    first = list(zip(range(2), rest, strict=False))
    if len(first) < 2:
        yield from ((None, text) for _, text in first)
        return
    for number, text in enumerate(chain((text for _, text in first), rest), 1):
        yield name_part(number), text


def name_pages(numbers: Iterable[int]) -> str:
    """Return the numbers of pages as a person writes them: `page 3`, `pages 1-4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    shown = ", ".join("-".join(map(str, run)) for run in runs[:_MAX_RUNS])
    if len(runs) > _MAX_RUNS:
        shown += f" and more up to {runs[-1][-1]}"
    return f"{'page' if sum(map(len, runs)) == 1 else 'pages'} {shown}"
