"""What is known of a page: its paper, day, number and issue, each from where it is trusted most.

A record or front matter says it outright. A masthead is believed where the date has beside it
what only a masthead has. Then the page before, of the same file, and the path. A date that
stands by itself in the text may be any: it comes last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from search.analysis.fold import fold
from search.dates.printed import parse_date
from search.papers.pages.split import Page
from search.papers.path_fields import IN_PATH, PathFields

FIELDS = ("paper", "date", "page", "issue", "edition")
_BEFORE = "of the page before it"
_SUPPLEMENT = re.compile("(?:周刊|週刊|副刊|专刊|專刊|导刊|導刊|特刊|周末|週末)$")
_KIND = re.compile("(?:[日晚早晨午时周旬商]|青年|都市)?报$")
_DAY = len("2023-08-22")


@dataclass(frozen=True, slots=True)
class PageFields:
    """What is known of a page, and `where` that was found, for people.

    `sure` says that its date was printed in a masthead, on this page or on one before it.
    """

    paper: str | None = None
    date: str | None = None
    page: str | None = None
    issue: str | None = None
    edition: str | None = None
    sure: bool = False
    where: Mapping[str, str] = field(default_factory=dict)


NOTHING = PageFields()
"""What is known before the first page of a file."""


def fields_of_page(
    page: Page, cut: str | None, before: PageFields, path: PathFields, front: Mapping[str, str]
) -> PageFields:
    """Return what is known of a page.

    `cut` is the date in the masthead that it was cut from the page before it at, `before` what
    is known of that page, `path` what the path of the file says, and `front` its front matter.
    """
    where: dict[str, str] = {}
    first = before is NOTHING

    def chosen(name: str, *choices: tuple[str | None, str]) -> str | None:
        for value, place in choices:
            if value:
                where[name] = place
                return value
        return None

    def printed(name: str) -> str:
        # A date there that cannot be read is passed over.
        fronted = (
            parse_date(front["date"]) if name == "date" and "date" in front else front.get(name)
        )
        return "in its front matter" if fronted else "printed on it"

    named = page.paper if page.named else None
    if (
        named
        and path.paper not in {None, named}
        and "paper" not in front
        and _means(named, path.paper)
    ):
        named = None
    paper = chosen(
        "paper",
        (named, printed("paper")),
        (before.paper if not (page.paper and page.named) else None, _BEFORE),
        (path.paper, IN_PATH),
    )
    weak = page.date
    if weak and path.date and not weak.startswith(path.date):
        weak = None
    date = chosen(
        "date",
        (page.date if page.sure else None, printed("date")),
        (cut, "printed above it"),
        (before.date if before.sure else None, _BEFORE),
        (path.date if len(path.date or "") == _DAY else None, IN_PATH),
        (weak, printed("date")),
        (before.date, _BEFORE),
        (path.date, IN_PATH),
    )
    same = date == before.date
    issue, edition = (
        chosen(
            name,
            (getattr(page, name), printed(name)),
            (getattr(before, name) if same else None, _BEFORE),
            (getattr(path, name) if first or same else None, IN_PATH),
        )
        for name in ("issue", "edition")
    )
    return PageFields(
        paper,
        date,
        chosen("page", (page.page, printed("page")), (path.page if first else None, IN_PATH)),
        issue,
        edition,
        page.sure or bool(cut) or before.sure,
        where,
    )


def _means(printed: str, path: str) -> bool:
    """Return whether a name as printed is that in the path, which people wrote.

    It may be in another script, or what OCR made of it: the last word is the same and a
    character more. And what is printed may be the name of a supplement of the paper.
    """
    if _SUPPLEMENT.search(printed) and not _SUPPLEMENT.search(path):
        return True
    one, other = fold(printed), fold(path)
    kinds = [_KIND.search(name) for name in (one, other)]
    if not all(kinds):
        return one == other
    ends = [kind[0] for kind in kinds if kind]
    stems = [set(name[: -len(end)]) for name, end in zip((one, other), ends, strict=True)]
    return ends[0] == ends[1] and bool(stems[0] & stems[1]) and abs(len(one) - len(other)) < 2
