"""The corrections of all papers of some sources: what they are of, and whether they hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from search.indexing.reading import Paper, open_paper, reason
from search.model.errors import PaperError
from search.model.path_spelling import kept as spelling_of
from search.papers.corrections.kept import Correction, parsed
from search.papers.corrections.places import Corrections, beside_papers, read
from search.papers.corrections.whole_pages import WholePage, whole_pages
from search.papers.discover import CORRECTION
from search.papers.formats import is_of_pages
from search.papers.read_paper import Limits
from search.storage.state import Source
from search.system.files import inside

HOLDS, CHANGED, GONE, UNREADABLE = "in force", "paper changed", "paper gone", "unreadable"


@dataclass(frozen=True, slots=True)
class CorrectedPage:
    """A page with a correction: how its paper is shown, and where the correction is kept.

    `beside` says that this is beside the paper, and not in the folder of corrections.
    `state` is one of those above, `why` says more of UNREADABLE. `page` and `correction` are
    there where the correction holds.
    """

    shown: str
    kept: str
    beside: bool
    part: str | None
    state: str
    why: str = ""
    page: WholePage | None = None
    correction: Correction | None = None


def corrected_pages(
    sources: Iterable[Source], places: Corrections, limits: Limits
) -> Iterator[CorrectedPage]:
    """Yield every page with a correction, by source and path. Their papers are read."""
    mirrored = places.mirrored_papers()
    for source in sources:
        found = {path: kept for path, kept in mirrored.items() if inside(path, source.root)}
        found |= beside_papers(source.root)
        for path in sorted(found):
            yield from _of_paper(path, found[path], source, limits)


def _of_paper(path: str, kept: str, source: Source, limits: Limits) -> Iterator[CorrectedPage]:
    """Yield the pages of a paper that have a correction."""
    rest = spelling_of(path[len(source.root) :].strip(os.sep))
    top = spelling_of(source.shown)
    shown = f"{top.rstrip('/')}/{rest.replace(os.sep, '/')}" if rest else top
    told = partial(CorrectedPage, shown, kept, kept == path + CORRECTION)
    there = os.path.exists(path)  # noqa: PTH110  (Path.exists raises for some names)
    if not there and os.path.isdir(kept):  # noqa: PTH112
        return  # a folder that merely has such a name
    try:
        corrections = parsed(read(kept))
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or str(exc)
        yield told(None, UNREADABLE, f"the correction: {why}")
        return
    if not there:
        for each in corrections:
            yield told(each.part, GONE)
        return
    why = "" if is_of_pages(path) else "papers of this format cannot be corrected"
    pages: dict[str | None, WholePage] = {}
    try:
        within = os.path.realpath(source.root)
        with open_paper(Paper(0, path, shown, (0, 0, 0), within=within)) as stream:
            if not why:
                pages = {page.part: page for page in whole_pages(shown, stream, limits)}
    except (OSError, PaperError) as exc:
        why = reason(exc)
    for each in corrections:
        page = pages.get(each.part)
        if why:
            yield told(each.part, UNREADABLE, why)
        elif page is None or not each.fits(page.text):
            yield told(each.part, CHANGED)
        else:
            yield told(each.part, HOLDS, "", page, each)
