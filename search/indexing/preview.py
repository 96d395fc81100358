"""Looking what a build would do, without doing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from search.engines.port import taken
from search.indexing.reading import Outcome, Paper, Papers, open_paper, reason
from search.indexing.report import Report
from search.model.errors import PaperError
from search.papers.corrections.places import mark
from search.papers.given.given import mark_with
from search.papers.problem import Problem
from search.papers.read_paper import Limits
from search.storage.paper_list import FileRecord


def preview(
    papers: Iterable[Paper],
    known: Mapping[str, FileRecord],
    limits: Limits,
    report: Report,
    *,
    rebuild: bool,
) -> dict[int, Outcome]:
    """Report what would become of papers; return what was seen of those known before, by number.

    These are read, to see whether they still hold what they did; new ones are only opened.
    """
    seen = {}
    for paper in papers:
        record = known.get(paper.path)
        if record is None:
            try:
                open_paper(paper).close()
            except (OSError, PaperError) as exc:
                report.failed.append(Problem(paper.shown, reason(exc)))
            else:
                report.new.append(paper.shown)
            continue
        # Its digest alone would do where that is as remembered: then nothing more is read.
        as_before = mark_with(mark(paper.correction), paper.given) == record.corrected
        [outcome] = _read(replace(paper, known=record.digest if as_before else ""), limits)
        seen[paper.number] = outcome
        if outcome.reason:
            report.failed.append(Problem(paper.shown, outcome.reason, detail=outcome.detail))
        elif rebuild:
            report.new.append(paper.shown)
        elif outcome.same and record.shown == paper.shown:
            report.unchanged += 1
        else:
            report.changed.append(paper.shown)
    return seen


def _read(paper: Paper, limits: Limits) -> list[Outcome]:
    """Read a paper, and tell what became of it."""
    told: list[list[Outcome]] = []
    for _ in taken(Papers((paper,), limits), told):
        pass
    return told[0]
