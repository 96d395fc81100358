"""After a build: of how many articles the date or the paper is not known, and how to list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.cli.session import Session
from search.model.told_commands import sou

if TYPE_CHECKING:
    from search.indexing.report import Report

_ALWAYS, _OFTEN = ("date", "paper"), ("page", "issue")
"""What every article has, and what is printed in some papers: told where most have it."""


def tell_unfilled(session: Session, report: Report, *, verbose: bool) -> None:
    """Say what could not be filled, where the index has changed."""
    if not (report.unfilled and report.total):
        return
    told = [name for name in _ALWAYS if report.unfilled.get(name)]
    told += [
        name
        for name in _OFTEN
        if report.unfilled.get(name) and (verbose or report.unfilled[name] * 2 <= report.total)
    ]
    for place, name in enumerate(told):
        missing = report.unfilled[name]
        of = f" of {report.total:,} articles" if not place else ""
        have = "has" if missing == 1 else "have"
        listed = sou(f"-l 'NOT {name}:*'")
        session.world.tell(f"{missing:,}{of} {have} no {name}: {listed}")
