"""What holds while a paper is read: its corrections, or that its pages are wanted whole.

All pages come through `search.papers.pages.document`, which asks here (`search.papers.asked`).
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from search.model.article import Article
from search.model.path_spelling import shown as readable
from search.papers.asked import asked
from search.papers.pages.line_kinds import is_markdown_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.papers.corrections.kept import Correction
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
    shown: str, part: str | None, text: str, *, markdown: bool, levels: Mapping[int, int]
) -> tuple[Page | None, str]:
    """Return a page as its correction has it, and what is to be told if that cannot be used."""
    correction = correction_of(part)
    if correction is None:
        return None, ""
    if not correction.fits(text):
        return None, changed(part)
    from search.papers.corrections.layout import Manner, page_of_layout

    marked = is_markdown_page(text, markdown=markdown, levels=levels)
    manner = Manner(marked, PurePosixPath(readable(shown)).stem)
    return page_of_layout(correction.layout, text.split("\n"), manner), ""


def whole_page(
    shown: str,
    part: str | None,
    text: str,
    *,
    markdown: bool,
    styled: bool,
    levels: Mapping[int, int],
) -> Article:
    """Return a page as one article, its text as the body; `how_set` says how it is set."""
    how = {"markdown": markdown, "styled": styled, "levels": list(levels.items())}
    return Article("", "", text, shown, 1, text.count("\n") + 1, 1, json.dumps(how), part=part)


def how_set(page: Article) -> tuple[bool, bool, dict[int, int]]:
    """Return of a whole page whether it is Markdown, and styled, and the levels of its lines."""
    how = json.loads(page.key or "{}")
    return how["markdown"], how["styled"], dict(how["levels"])
