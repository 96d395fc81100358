"""What holds while a paper is read: its corrections, or that its pages are wanted whole.

All pages come through `search.papers.pages.document`, which asks here (`search.papers.asked`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from search.model.article import Article
from search.model.path_spelling import shown as readable
from search.papers.asked import asked
from search.papers.pages.line_kinds import is_markdown_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.papers.corrections.kept import Correction
    from search.papers.pages.page_fields import PageFields
    from search.papers.pages.split import Page

_CHANGED = (
    "has another text than when it was corrected, so the correction is not used; "
    "look at it again with sou correct FILE, or take it back: sou correct FILE --remove"
)


@lru_cache(maxsize=1)
def _by_part(kept: str) -> dict[str | None, Correction]:
    from search.papers.corrections.kept import parsed

    return {each.part: each for each in parsed(kept.encode())}


def correction_of(part: str | None) -> Correction | None:
    """Return the correction of a page of the paper that is read, if there is one."""
    kept = asked().kept
    return _by_part(kept).get(part) if kept else None


def changed(part: str | None) -> str:
    """Return what is told of a page whose correction cannot be used."""
    return f"{part or 'the paper'} {_CHANGED}"


def page_put_right(
    shown: str,
    part: str | None,
    text: str,
    as_read: Page,
    *,
    markdown: bool,
    levels: Mapping[int, int],
) -> tuple[Page | None, frozenset[str], str]:
    """Return a page as its correction has it, and the names of the fields that were put right.

    The last is what is to be told if the correction cannot be used. Fields that were left as
    they were are those of the page `as_read` now.
    """
    correction = correction_of(part)
    if correction is None:
        return None, frozenset(), ""
    if not correction.fits(text):
        return None, frozenset(), changed(part)
    from search.papers.corrections.layout import Manner, page_of_layout

    marked = is_markdown_page(text, markdown=markdown, levels=levels)
    manner = Manner(marked, PurePosixPath(readable(shown)).stem)
    layout = correction.layout
    page = page_of_layout(layout, text.split("\n"), manner)
    left: dict[str, Any] = {name: getattr(as_read, name) for name in layout.as_read}
    if "paper" in left:
        left["named"] = as_read.named
    if "date" in left:
        left["sure"] = as_read.sure
    return replace(page, **left), layout.said, ""


def whole_page(
    shown: str,
    part: str | None,
    text: str,
    known: PageFields,
    section: str | None,
    *,
    markdown: bool,
    styled: bool,
    levels: Mapping[int, int],
) -> Article:
    """Return a page as one article with all that is known of it, its text as the body.

    `how_set` says how it is set.
    """
    how = {"markdown": markdown, "styled": styled, "levels": list(levels.items())}
    return Article(
        id="",
        title="",
        body=text,
        path=shown,
        line=1,
        end_line=text.count("\n") + 1,
        body_line=1,
        key=json.dumps(how),
        date=known.date,
        paper=known.paper,
        section=section,
        part=part,
        page=known.page,
        issue=known.issue,
        edition=known.edition,
    )


def how_set(page: Article) -> tuple[bool, bool, dict[int, int]]:
    """Return of a whole page whether it is Markdown, and styled, and the levels of its lines."""
    how = json.loads(page.key or "{}")
    return how["markdown"], how["styled"], dict(how["levels"])
