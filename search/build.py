"""Building: bring an index up to date with its papers, or build it anew beside the old one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from search.building.plan import Plan, merge, spelled
from search.building.reading import Outcome, Paper, digest_of, open_paper, reason
from search.building.report import Progress, Report
from search.building.tasks import Tasks
from search.building.wreck import Wreck
from search.engines.port import Writer
from search.errors import (
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    PaperError,
    RequestError,
)
from search.papers.problem import Problem
from search.papers.read import Limits
from search.store import FileRecord, IndexFolder, Source, State, analysis
from search.text import own

__all__ = ["Consent", "Progress", "Report", "build"]

MOST_NAMED = 20
"""Papers named whose articles would be lost."""

Consent = Callable[[list[Source]], None]
"""Called with the sources that are to be read; raises a SouError where they may not be."""

WORTH_A_PROCESS = 5_000_000
"""Bytes of papers that take longer to analyse than processes take to start."""

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was read may change again within one tick of its
file system's clock (2 s on FAT) and look the same: its times prove nothing, its digest does."""


def build(
    folder: IndexFolder,
    paths: list[Source],
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    limits: Limits | None = None,
    jobs: int | None = None,
    consent: Consent = lambda _: None,
    follow_links: bool = False,
    repair: bool = False,
    give_up: bool = False,
) -> Report:
    """Bring the index in `folder` up to date with `paths` and return what was done.

    `paths` are added to the sources that the index remembers; with none, all of those are
    looked through again. `rebuild` reads everything and keeps only `paths` as sources (all
    that it remembers, with none). `jobs` processes share the work, by default as many as
    there are processors. Whatever goes wrong, the index that was there stays.

    `consent` is asked for before anything is read: it is given what would be, and raises a
    SouError for what may not be. `follow_links` reads also what links lead to outside of the
    sources.

    `repair` reads everything that the index holds, and reads again the papers of what is
    broken, instead of refusing it; it takes nothing else out. Where articles would be lost for
    good by that, it raises RequestError, unless `give_up` says that they may be.
    """
    start = time.monotonic()
    job = _Build(
        folder,
        paths,
        rebuild=rebuild,
        progress=progress,
        limits=limits or Limits(),
        jobs=jobs,
        consent=consent,
        follow_links=follow_links,
        repair=repair,
        give_up=give_up,
    )
    job.recall()  # before the lock: nobody else is to wait for an answer
    if dry_run:
        job.look()
        job.preview()
    else:
        with folder.lock() as job.report.remark:
            job.look()
            job.run()
    job.report.seconds = time.monotonic() - start
    return job.report


class _Build:
    """One build: what is known before it, what is to do, what has been done."""

    def __init__(
        self,
        folder: IndexFolder,
        paths: list[Source],
        *,
        rebuild: bool,
        progress: Progress,
        limits: Limits,
        jobs: int | None,
        consent: Consent,
        follow_links: bool,
        repair: bool,
        give_up: bool,
    ) -> None:
        self.folder = folder
        self.paths = paths
        self.asked_anew = rebuild
        self.rebuild = rebuild
        self.progress = progress
        self.limits = limits
        self.jobs = jobs
        self.consent = consent
        self.follow_links = follow_links
        self.repair = repair
        self.give_up = give_up
        self.report = Report()
        self.state: State | None = None
        self.known: dict[str, FileRecord] = {}
        self.sources: tuple[Source, ...] = ()
        self.scope: list[Source] = []
        self.plan = Plan()
        self.now = 0
        self.wreck = Wreck()
        self.missing: dict[str, int] = {}
        self.read: dict[str, str] = {}

    def recall(self) -> None:
        """Read what the index remembers, and ask for consent to what that has to be read."""
        self.rebuild, self.report.reason, self.state = self.asked_anew, "", None
        anew = self.rebuild and self.paths
        old: tuple[Source, ...] = ()
        try:
            self.state = self.folder.state()
            old = () if anew else self.state.sources
            if not self.rebuild:
                self.folder.current_state()
        except IndexMissing:
            self.rebuild = True
        except IndexOutdated as exc:
            self.rebuild, self.report.reason = True, exc.message
        except IndexDamaged as exc:
            if not anew:
                raise
            self.report.reason = exc.message
        self.sources = merge(old, self.paths)
        if not self.sources:
            raise RequestError(
                "there is nothing to index", "name a folder of papers: sou index FOLDER"
            )
        scope = self.paths if self.paths and not self.rebuild else list(self.sources)
        self.scope = [spelled(source, self.sources) for source in scope]
        self.consent(self.scope)

    def look(self) -> None:
        """Compare what the index remembers, looked at once more, with the files that there are."""
        self.recall()
        if self.state and not self.rebuild:
            self._remember(self.state)
        self.now = time.time_ns()
        own = os.path.realpath(self.folder.path)
        for source in self.scope:
            self.plan.scan(source, self.known, own, follow_links=self.follow_links)
        if self.repair:  # that takes nothing out: an update does
            self.plan.same |= self.plan.gone
            self.plan.gone = {}
        if not self.plan.found and not self.plan.failed:
            self._nothing_found(self.scope)

    def _nothing_found(self, scope: list[Source]) -> None:
        where = ", ".join(source.shown for source in scope)
        message = f"there are no papers in {where}"
        if self.plan.links:
            message += f" but behind links that lead out of it, such as {self.plan.links[0]}"
        if self.plan.gone:
            raise RequestError(
                f"{message}, and the index holds {len(self.plan.gone)} from there",
                "if they are gone for good, build anew from what is left: "
                "sou index --rebuild FOLDER",
            )
        raise RequestError(
            message,
            "papers are .txt, .md, .jsonl, .csv, .html, .pdf, .docx, .epub files and others (README)",
        )

    def _remember(self, state: State) -> None:
        """Read which papers the index holds, and whether all of it can be read."""
        self.wreck = Wreck.of(self.folder, state) if self.repair else Wreck()
        try:
            self.known = self.folder.files(state)
        except IndexDamaged as exc:
            self.wreck.forgotten = True
            self.report.reread = exc.message
        if not self.wreck.unlisted:
            # Without `repair`, an index that is damaged cannot be updated.
            engine = self.folder.open_engine(without=self.wreck.broken)
            try:
                self.wreck.held = engine.paths() if self.wreck.anything else {}
            finally:
                engine.close()
        self.missing = self.wreck.missing(self.known)
        self.rebuild = self.wreck.beyond_mending
        self.known = {} if self.rebuild else self.wreck.doubted(self.known)

    def preview(self) -> None:
        """Report what `run` would do."""
        for paper in self.plan.read:
            known = self.known.get(paper.path)
            try:
                with open_paper(paper) as stream:
                    same = known is not None and digest_of(stream) == known.digest
            except (OSError, PaperError) as exc:
                self.report.failed.append(Problem(paper.shown, reason(exc)))
                continue
            if same:
                self.report.unchanged += 1
            else:
                (self.report.changed if known else self.report.new).append(paper.shown)
        self._report_plan()
        self.report.rebuilt = self.rebuild

    def _report_plan(self) -> None:
        self.report.unchanged += len(self.plan.same)
        self.report.removed = [record.shown for record in self.plan.gone.values()]
        self.report.failed += self.plan.failed
        self.report.links = self.plan.links
        self.report.unlinked = self.plan.unlinked
        for record in self.plan.same.values():
            self.report.problems += [
                Problem(record.shown, why, line, lost) for line, why, lost in record.problems
            ]

    def run(self) -> None:
        """Make the change."""
        current = self.state if self.state and self.state.change else None
        whole = self.folder.tidy(current)
        nothing = not (self.rebuild or self.plan.read or self.plan.gone or self.wreck.anything)
        if nothing and whole and self.state and self.state.sources == self.sources:
            self._report_plan()
            self.report.total = sum(record.articles for record in self.known.values())
            return
        if self.state is None or self.state.sources != self.sources:
            self.report.closed = self.folder.keep_private(
                paper.file.path for paper in self.plan.read
            )
        if self.rebuild:
            generation = self.folder.new_generation(self.state.generation if self.state else None)
        else:
            assert self.state is not None
            generation = self.state.generation
        writer: Writer | None = None
        try:
            writer = self.folder.writer(
                generation,
                None if self.rebuild else self.state,
                without=self.wreck.broken,
                jobs=self._jobs(),
            )
            files = self._write(writer)
            self._report_plan()
            self.report.total = sum(record.articles for record in files.values())
            if self.rebuild and not self.report.total:
                self._nothing_read()
            self._count_what_is_lost()
            self.folder.commit(self._next(generation), files, writer)
        except BaseException:
            if self.folder.made() is False:
                if writer:
                    writer.cancel()
                if self.rebuild:
                    self.folder.drop_generation(generation)
            raise
        self.report.rebuilt = self.rebuild and self.state is not None

    def _count_what_is_lost(self) -> None:
        """Stop where mending would give up articles for good, unless that is wanted."""
        again = set(self.read.values())
        lost = {shown: number for shown, number in self.missing.items() if shown not in again}
        untold = self.wreck.forgotten and self.wreck.beyond_mending
        self.report.lost = sorted(lost.items())
        if (lost or untold) and not self.give_up:
            what = [f"{number:,} of {shown}" for shown, number in self.report.lost]
            named = "; ".join(what[:MOST_NAMED])
            if len(what) > MOST_NAMED:
                named += f"; and of {len(what) - MOST_NAMED:,} more papers"
            if untold:
                named += f"{'; and ' if named else ''}whatever else it held, which nothing tells"
            raise RequestError(
                f"not all articles can be read again, since papers are gone or unreadable: {named}",
                "the index is as it was; bring the papers back, or give these articles up: "
                "sou check --repair --yes",
            )

    def _jobs(self) -> int:
        """Return the number of processes: those asked for, or as many as the work is worth."""
        work = self.plan.work
        if work <= 2 * WORTH_A_PROCESS:
            return 1
        return self.jobs or min(os.cpu_count() or 1, work // max(1, WORTH_A_PROCESS))

    def _nothing_read(self) -> None:
        where = ", ".join(source.shown for source in self.sources)
        reasons = "; ".join(
            str(problem) for problem in (self.report.failed + self.report.problems)[:3]
        )
        raise RequestError(
            f"no article could be read in {where}" + (f": {reasons}" if reasons else ""),
            self.folder.standing(),
        )

    def _next(self, generation: str) -> State:
        """Return what sou.json is to say."""
        updated = datetime.now(UTC).isoformat(timespec="seconds")
        # Articles that were there before have the words of their time.
        known = None if self.rebuild else self.state
        words = known.analysis.get("words", 0) if known else own.fingerprint(own.used())
        versions = {**analysis(), "words": words}
        change = (self.state.change if self.state else 0) + 1
        return State(generation, versions, self.sources, updated, change)

    def _write(self, writer: Writer) -> dict[str, FileRecord]:
        """Have every file to read written; return what the index then holds."""
        files = {p: r for p, r in self.known.items() if p not in self.plan.gone}
        for record in self.plan.gone.values():
            writer.remove(record.shown)
        papers, work = self.plan.read, self.plan.work
        tasks = Tasks(
            papers,
            self.limits,
            share=self._share(writer.portion, work),
            progress=lambda done, articles: self.progress(done, work, articles),
        )
        outcomes = tasks.run(writer)
        for paper in papers:
            known = files.get(paper.path)
            fresh = self._record(writer, paper, outcomes.pop(paper.number), known)
            if fresh:
                files[paper.path] = fresh
        if self.wreck.forgotten and not self.rebuild:
            assert self.state is not None
            kept, out = self.wreck.kept(self.state.sources, self.read)
            for shown in out:
                writer.remove(shown)
            files = kept | files
        return files

    def _share(self, portion: int, work: int) -> int:
        """Return how many bytes make a task: about a portion, and as many for each process."""
        jobs = self._jobs()
        rounds = -(-work // (portion * jobs))
        return -(-work // max(1, rounds * jobs))

    def _record(
        self, writer: Writer, paper: Paper, outcome: Outcome, known: FileRecord | None
    ) -> FileRecord | None:
        """Report what became of a file and return what is to be remembered of it, if anything.

        A file of which nothing could be read keeps the articles it had, and what is known.
        """
        report = self.report
        if outcome.reason:
            report.failed.append(Problem(paper.shown, outcome.reason, detail=outcome.detail))
            if not outcome.begun:
                return None
        articles = outcome.articles
        problems = [(line, why, lost) for line, why, lost, _ in outcome.problems]
        if outcome.same:
            assert known is not None
            report.unchanged += 1
            articles, problems = known.articles, list(known.problems)
            report.problems += [
                Problem(paper.shown, why, line, lost) for line, why, lost in problems
            ]
        else:
            for path in {paper.shown, known.shown if known else paper.shown}:
                writer.remove(path)
            report.articles += articles
            if not outcome.reason:
                (report.changed if known else report.new).append(paper.shown)
                if not (articles or problems):
                    report.empty.append(paper.shown)
            report.problems += [
                Problem(paper.shown, why, line, lost, detail=detail)
                for line, why, lost, detail in outcome.problems
            ]
        if not outcome.reason:
            self.read[paper.path] = paper.shown
        digest, (size, mtime, ctime) = outcome.digest, paper.stamp
        if outcome.reason or outcome.again or not outcome.rested:
            # What was read of it is in the index: remember that, but read it again next time.
            digest = ""
        elif self.now - mtime < RACY_NS:
            ctime = -1  # its times prove nothing: compare by digest next time
        return FileRecord(paper.shown, size, mtime, ctime, digest, articles, problems)
