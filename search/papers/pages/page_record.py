"""The record of a page: what is printed on it beside its articles, so that it can be found too.

Masthead, page number, hotline, motto, the line of the editors, a web address: every line that is
in no article. They are one text, each at the place where it stands on the page.
"""

from __future__ import annotations

from search.model.article import PAGE, Article
from search.papers.pages.page_fields import PageFields
from search.papers.pages.split import Page

_MAX_TITLE = 40
"""Characters of a title made from the first line of a page that says nothing of itself."""


def page_record(
    page: Page, path: str, part: str | None, known: PageFields, *, above: int = 0
) -> Article | None:
    """Return the record of a page, its id empty; None for one of which all is in its articles.

    The body are the lines, verbatim, and blank ones where articles stand between them. `known`
    is what its articles have, `above` the lines of the file above the page.
    """
    if not page.furniture:
        return None
    first, last = page.furniture[0][0], page.furniture[-1][0]
    lines = [""] * (last - first + 1)
    for number, line in page.furniture:
        before = lines[number - first]  # of a line whose middle is in an article
        lines[number - first] = f"{before} {line}" if before else line
    return Article(
        id="",
        title=_title(page, part, known),
        body="\n".join(lines),
        path=path,
        line=first + above,
        end_line=last + above,
        body_line=first + above,
        date=known.date,
        paper=known.paper,
        section=page.section or page.page,
        part=part,
        page=known.page,
        issue=known.issue,
        edition=known.edition,
        kind=PAGE,
    )


def _title(page: Page, part: str | None, of: PageFields) -> str:
    """Return which page it is: paper, day, and the page as printed, or as the file counts it."""
    number = f"第{of.page}版" if of.page else part
    known = [text for text in (of.paper, of.date, number, page.section) if text]
    if known:
        return " ".join(known)
    line = " ".join(page.furniture[0][1].split())
    return line if len(line) <= _MAX_TITLE else line[: _MAX_TITLE - 1] + "…"
