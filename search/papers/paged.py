"""From the pages of one file, each a text, to articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from search.article import Article
from search.papers.dates import date_of_path
from search.papers.pages import split


def articles_of(shown: str, pages: Iterable[tuple[str | None, str]]) -> Iterator[Article]:
    """Yield the articles of pages, given as the name of the part and its text.

    An issue prints its name and date on the first page: a page that has none is of the paper
    and the day of the page before. The path tells the date where no page does. Ids are
    still empty, and lines count within the page.
    """
    stem = PurePosixPath(shown).stem
    fallback = date_of_path(shown)
    paper = date = None
    for part, text in pages:
        page = split(text, stem=stem)
        paper, date = page.paper or paper, page.date or date
        for piece in page.pieces:
            yield Article(
                id="",
                title=piece.title,
                body=piece.body,
                path=shown,
                line=piece.line,
                end_line=piece.end_line,
                body_line=piece.body_line,
                date=date or fallback,
                paper=paper,
                authors=piece.authors,
                section=piece.section,
                part=part,
            )


def name_pages(numbers: Iterable[int]) -> str:
    """Return the numbers of pages as a person writes them: `page 3`, `pages 1-4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    shown = ", ".join("-".join(map(str, run)) for run in runs[:_MAX_RUNS])
    more = f" and {len(runs) - _MAX_RUNS} more runs of pages" if len(runs) > _MAX_RUNS else ""
    several = len(runs) > 1 or any(len(run) > 1 for run in runs)
    return f"{'pages' if several else 'page'} {shown}{more}"


_MAX_RUNS = 20
