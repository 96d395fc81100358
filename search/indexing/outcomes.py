"""What became of each paper: reported, and what of it is remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from search.engines.port import Writer
from search.indexing.reading import Outcome, Paper
from search.indexing.report import Report
from search.papers.problem import Problem
from search.papers.reading_version import read_by_older, reading_version
from search.storage.paper_list import FileRecord

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was read may change again within one tick of its
file system's clock (2 s on FAT) and look the same: its times prove nothing, its digest does."""


def remove_what_is_gone(
    writer: Writer,
    gone: Collection[FileRecord],
    read: Iterable[Paper],
    left: Iterable[FileRecord],
) -> None:
    """Take articles out, but for those of a path that another paper has now."""
    if not gone:
        return
    named = {record.shown for record in left} | {paper.shown for paper in read}
    for record in gone:
        if record.shown not in named:
            writer.remove(record.shown)


def report_held(report: Report, files: Mapping[str, FileRecord]) -> None:
    """Report what the index holds now."""
    report.total = sum(record.articles for record in files.values())
    report.older = read_by_older((known.shown, known.reading) for known in files.values())


class Outcomes:
    """What became of the papers of one build that began at `now`, in ns of the clock.

    `read` says how many articles were read of each path.
    """

    def __init__(self, writer: Writer, report: Report, now: int) -> None:
        self._writer = writer
        self._report = report
        self._now = now
        self.read: dict[str, int] = {}

    def record(
        self,
        paper: Paper,
        outcome: Outcome,
        known: FileRecord | None,
        *,
        held: bool,
    ) -> FileRecord | None:
        """Report what became of a file and return what is to be remembered of it, if anything.

        A file of which nothing could be read keeps the articles it had, and what is known; so
        does one that is `held`.
        """
        report = self._report
        if outcome.reason:
            report.failed.append(Problem(paper.shown, outcome.reason, detail=outcome.detail))
            if not outcome.begun or held:
                return None
        if held:
            report.kept += 1
            return None
        articles, reading = outcome.articles, reading_version(paper.shown)
        pages: int | None = outcome.pages
        problems = [(line, why, lost) for line, why, lost, _ in outcome.problems]
        if outcome.same:
            assert known is not None
            report.unchanged += 1
            articles, problems = known.articles, list(known.problems)
            outcome.corrected, reading = known.corrected, known.reading
            pages = known.pages
            report.problems += [
                Problem(paper.shown, why, line, lost) for line, why, lost in problems
            ]
        else:
            for path in {paper.shown, known.shown if known else paper.shown}:
                self._writer.remove(path)
            report.articles += articles
            if outcome.unused:
                report.unused.setdefault(tuple(sorted(outcome.unused)), []).append(paper.shown)
            if not outcome.reason:
                (report.changed if known else report.new).append(paper.shown)
                if not (articles or problems):
                    report.empty.append(paper.shown)
            report.problems += [
                Problem(paper.shown, why, line, lost, detail=detail)
                for line, why, lost, detail in outcome.problems
            ]
        if not outcome.reason:
            self.read[paper.shown] = articles
        return self._remembered(paper, outcome, articles, problems, (reading, pages))

    def _remembered(
        self,
        paper: Paper,
        outcome: Outcome,
        articles: int,
        problems: list[tuple[int | None, str, bool]],
        version: tuple[int, int | None],
    ) -> FileRecord:
        """Return what is to be remembered of a file that was read.

        `version` is that of the rules, and how many records of pages there are.
        """
        digest, (size, mtime, ctime) = outcome.digest, paper.stamp
        if outcome.reason or outcome.again or not outcome.rested:
            # What was read of it is in the index: remember that, but read it again next time.
            digest = ""
        elif self._now - mtime < RACY_NS:
            ctime = -1  # its times prove nothing: compare by digest next time
        return FileRecord(
            paper.shown,
            size,
            mtime,
            ctime,
            digest,
            articles,
            problems,
            *version,
            outcome.corrected,
        )
