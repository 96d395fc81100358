"""Building: bring an index up to date with its papers, or rebuild it beside the old one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from search.analysis import user_dictionary
from search.engines.port import Writer
from search.indexing.loss_guard import Answers, Guard, Permit
from search.indexing.moved_sources import Follow, Moves, is_gone
from search.indexing.outcomes import Outcomes, remove_what_is_gone, report_held
from search.indexing.plan import Plan, merge, named_for_ids, narrowed, spelled
from search.indexing.preview import preview
from search.indexing.report import (
    GONE,
    Progress,
    Report,
    all_stopped,
    given_up,
    no_papers,
    nothing_read,
)
from search.indexing.said import NOTHING_SAID, Said, remembered_rules, report_remarks, unfilled
from search.indexing.salvage import Salvage, remembered
from search.indexing.tasks import Tasks
from search.model.errors import IndexDamaged, IndexMissing, IndexOutdated, RequestError
from search.model.frozen import replace
from search.model.source_rule import SourceRule
from search.model.told_commands import sou
from search.papers.corrections.places import Corrections
from search.papers.problem import Problem
from search.papers.read_paper import Limits
from search.storage.index_folder import IndexFolder
from search.storage.paper_list import FileRecord
from search.storage.state import Source, State, next_state

Consent = Callable[[list[Source]], None]
"""Called with the sources that are to be read; raises a SouError where they may not be."""

WORTH_A_PROCESS = 5_000_000
"""Bytes of papers that take longer to analyse than processes take to start."""


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
    beside: list[Source] | None = None,
    forget: list[Source] | None = None,
    permit: Permit = lambda _: False,
    follow: Follow = lambda _: False,
    corrections: str = "",
    said: Said = NOTHING_SAID,
) -> Report:
    """Bring the index in `folder` up to date with `paths` and return what was done.

    `paths` are added to the sources that the index remembers; with none, all of those are
    looked through again, and those that are `beside` it. `rebuild` reads everything and keeps
    only `paths` as sources (all that it remembers, with none). `forget` are sources that the
    index remembers, and shall no longer: with no `paths`, nothing else is done. `jobs`
    processes share the work, by default as many as there are processors. Whatever goes wrong,
    the index that was there stays.

    `consent` is asked for before anything is read: it raises a SouError for what may not be. `permit` is asked before much of a source leaves the index,
    and `follow` whether a source that is gone is where its papers are now. `follow_links`
    reads also what links lead to outside of the sources. `corrections` is the folder of those
    corrections that are not beside their papers. `said` is what sou.toml and flags say of papers.

    `repair` reads everything that the index holds, and reads again the papers of what is
    broken, instead of refusing it; it takes nothing else out. Where articles would be lost for
    good by that, it raises RequestError, unless `give_up` says that they may be.
    """
    start = time.monotonic()
    job = _Build(
        folder,
        paths,
        beside=beside or [],
        forget=forget or [],
        answers=Answers(permit),
        moves=Moves(folder, consent, follow),
        asked_rebuild=rebuild,
        progress=progress,
        limits=limits or Limits(),
        jobs=jobs,
        consent=consent,
        follow_links=follow_links,
        repair=repair,
        give_up=give_up,
        corrections=Corrections(corrections, folder.beside) if corrections else None,
        said=said,
    )
    job.recall()  # before the lock: nobody else is to wait for an answer
    if dry_run:
        job.look()
        job.answers.ask(job.guard.losses())
        job.preview()
    else:
        while True:
            with folder.lock() as job.report.remark:
                try:
                    job.look()
                except RequestError:  # nothing can be done, but for what needs no paper
                    with suppress(OSError):
                        job.tidy()
                    raise
                questions = job.answers.lacking(job.guard.losses())
                if not questions:
                    job.run()
                    break
            job.answers.ask(questions)  # nobody else is to wait for the answer; then look again
    job.report.seconds = time.monotonic() - start
    return job.report


@dataclass
class _Build:
    """One build: what is known before it, what is to do, what has been done.

    `old` is what the index holds, `known` what of it need not be read again, `read` how many
    articles were read of each path.
    """

    folder: IndexFolder
    paths: list[Source]
    beside: list[Source]
    forget: list[Source]
    answers: Answers
    moves: Moves
    asked_rebuild: bool
    progress: Progress
    limits: Limits
    jobs: int | None
    consent: Consent
    follow_links: bool
    repair: bool
    give_up: bool
    corrections: Corrections | None = None
    said: Said = NOTHING_SAID
    rules: tuple[SourceRule, ...] = ()
    report: Report = field(default_factory=Report)
    state: State | None = None
    old: dict[str, FileRecord] = field(default_factory=dict)
    known: dict[str, FileRecord] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    scope: list[Source] = field(default_factory=list)
    absent: list[Source] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    now: int = 0
    salvage: Salvage = field(default_factory=Salvage)
    missing: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rebuild = self.asked_rebuild
        self.guard = Guard(self.plan, {}, (), self.answers, rebuild=self.rebuild)

    def recall(self) -> None:
        """Read what the index remembers, and ask for consent to what that has to be read."""
        self.rebuild, self.report.reason, self.state = self.asked_rebuild, "", None
        rebuild = self.rebuild and self.paths
        old: tuple[Source, ...] = ()
        try:
            self.state = self.folder.state()
            old = self.state.sources
            if not self.rebuild:
                self.folder.current_state()
        except IndexMissing:
            self.rebuild = True
        except IndexOutdated as exc:
            if self.state is None and not rebuild:
                raise  # of which sources it was is not known, so none could be kept
            self.rebuild, self.report.reason = True, exc.message
        except IndexDamaged as exc:
            if not rebuild or isinstance(exc.__cause__, PermissionError):
                raise
            self.report.reason = exc.message
        added = self.paths or ([] if self.forget else self.beside)
        if not rebuild and self.state:
            old, added = self.moves.followed(self.state, added, self.forget, named=bool(self.paths))
            self.report.moved, self.report.followed = self.moves.open, self.moves.followed_to
        elif self.state:  # papers of a known source keep the name it has, and with it their ids
            added = [spelled(source, old) for source in added]
        added = [named_for_ids(source, old, self.folder.beside) for source in added]
        gone = self._forgotten(old)
        self.sources = merge(tuple(s for s in old if not rebuild and s not in gone), added)
        known = self.state.rules if self.state and not rebuild else ()
        self.rules = remembered_rules(known, self.said, self.state, self.moves.place_of, gone)
        if not self.sources:
            hint = f"name a folder of papers: {sou('index FOLDER')}"
            raise RequestError("there is nothing to index", hint)
        some = (self.paths or self.forget) and not self.rebuild
        scope = added if some else list(self.sources)
        self.scope = [spelled(source, self.sources) for source in narrowed(scope)]
        self.absent = [source for source in self.scope if is_gone(source)]
        self.consent([source for source in self.scope if source not in self.absent])

    def _forgotten(self, sources: tuple[Source, ...]) -> list[Source]:
        roots = {self.moves.place_of(source.root) for source in self.forget}
        return [source for source in sources if source.root in roots]

    def look(self) -> None:
        """Compare what the index remembers, looked at once more, with the files that there are."""
        self.recall()
        self.old, self.plan, self.salvage = {}, Plan(corrections=self.corrections), Salvage()
        self.missing, self.read = {}, {}
        self.plan.lookup = self.said.lookup(self.rules, self.sources)
        if self.state:
            self._remember(self.state)
        elif self.report.reason:  # sou.json is damaged: what it held is asked about all the same
            self.old = self.folder.last_files()
        self.known = {} if self.rebuild else self.old
        self.now = time.time_ns()
        own = os.path.realpath(self.folder.path)
        for source in self.scope:
            if source in self.absent:  # nobody was asked whether what comes there may be read
                self.plan.stop(source, GONE, self.old)
                continue
            self.plan.scan(
                source, self.old, own, rebuild=self.rebuild, follow_links=self.follow_links
            )
        before = self._before()
        self.guard = Guard(self.plan, self.old, before, self.answers, rebuild=self.rebuild)
        self.guard.leave(self.sources, self._forgotten(before))
        self.guard.stop_at_empty()
        # What is gone goes with an update, not with a repair, nor by a name that is a guess.
        if not self.rebuild and (self.repair or self.salvage.forgotten):
            self.plan.keep(list(self.plan.gone))
        nothing = not (self.plan.found or self.plan.failed or (self.forget and not self.paths))
        stopped = self.plan.stopped, before, self.plan.links, self.report.moved
        if self.plan.stopped and (self.rebuild or nothing):
            raise RequestError(*all_stopped(*stopped))
        if nothing:
            raise RequestError(*no_papers(self.scope, self.plan.links))

    def _remember(self, state: State) -> None:
        """Read which papers the index holds, and whether all of it can be read."""
        if self.rebuild:
            self.old = self.moves.files(remembered(self.folder, state, state.sources))
            return
        self.salvage = Salvage.of(self.folder, state) if self.repair else Salvage()
        try:
            self.old = self.moves.files(self.folder.files(state))
        except IndexDamaged as exc:
            self.salvage.forgotten = True
            self.report.reread = exc.message
        if not self.salvage.unlisted:
            # Without `repair`, an index that is damaged cannot be updated.
            engine = self.folder.open_engine(without=self.salvage.broken)
            try:
                if self.repair or self.salvage.anything:
                    self.salvage.look(engine)
            finally:
                engine.close()
        self.missing = self.salvage.missing(self.old)
        self.rebuild = self.salvage.beyond_repair
        self.old = {} if self.rebuild else self.salvage.doubted(self.old, self._before())

    def _before(self) -> tuple[Source, ...]:
        """Return the sources that the index has, where they are now."""
        old = self.state.sources if self.state else ()
        return tuple(replace(s, root=self.moves.place_of(s.root)) for s in old)

    def preview(self) -> None:
        """Report what `run` would do."""
        seen = preview(self.plan.read, self.old, self.limits, self.report, rebuild=self.rebuild)
        held = self.guard.hold(seen, self.report)
        self._report_plan()
        for paper in self.plan.read:
            if paper.path in held and not seen[paper.number].reason:
                self.report.changed.remove(paper.shown)
                self.report.kept += 1
        self.report.rebuilt = self.rebuild and self.state is not None

    def _report_plan(self) -> None:
        self.report.unchanged += len(self.plan.same)
        self.report.removed = [record.shown for record in self.plan.gone.values()]
        self.report.failed += self.plan.failed
        self.report.stopped, self.report.sources = self.plan.stopped, self.sources
        if not self.rebuild:  # which keeps nothing that is not read
            self.report.kept += len(self.plan.kept)
        self.report.links, self.report.strays = self.plan.links, self.plan.strays
        report_remarks(self.report, self.plan.lookup, self.scope, self.sources)
        self.report.skipped = self.plan.skipped_kinds()
        self.report.unlinked = len(self.plan.linked & self.plan.gone.keys())
        for record in self.plan.same.values():
            for line, why, lost in record.problems:
                self.report.problems.append(Problem(record.shown, why, line, lost))

    def tidy(self) -> bool:
        """Clear away what is left over; return whether all is there that the state names."""
        return self.folder.tidy(self.state if self.state and self.state.change else None)

    def run(self) -> None:
        """Make the change."""
        whole = self.tidy()
        nothing = not (self.rebuild or self.plan.read or self.plan.gone or self.salvage.anything)
        known = self.state and (self.state.sources, self.state.rules)
        if nothing and whole and known == (self.sources, self.rules):
            self._report_plan()
            report_held(self.report, self.known)
            return
        same = self.state is not None and self.state.sources == self.sources
        self.report.closed = self.folder.keep_private(
            (paper.path for paper in self.plan.read), self.old if same else ()
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
                without=self.salvage.broken,
                jobs=self._jobs(),
            )
            files = self._write(writer)
            self._report_plan()
            report_held(self.report, files)
            self._refuse_loss()
            self.folder.commit(self._next(generation), files, writer)
        except BaseException:
            if self.folder.made() is False:
                if writer:
                    writer.cancel()
                if self.rebuild:
                    self.folder.drop_generation(generation)
            raise
        self.report.rebuilt = self.rebuild and self.state is not None
        self.report.unfilled = unfilled(self.folder, self.report)

    def _refuse_loss(self) -> None:
        """Stop where nothing was read, or repairing would give up articles for good unasked."""
        if self.rebuild and not self.report.total:
            reason = nothing_read(self.sources, self.report.failed + self.report.problems)
            raise RequestError(reason, self.folder.standing())
        self.report.lost, untold = self.salvage.lost(self.missing, self.read)
        if (self.report.lost or untold) and not self.give_up:
            raise RequestError(*given_up(self.report.lost, untold=untold))

    def _jobs(self) -> int:
        """Return the number of processes: those asked for, or as many as the work is worth."""
        work = self.plan.work
        if work <= 2 * WORTH_A_PROCESS:
            return 1
        return self.jobs or min(os.cpu_count() or 1, work // max(1, WORTH_A_PROCESS))

    def _next(self, generation: str) -> State:
        """Return what sou.json is to say."""
        # Articles that were there before have the words of their time.
        old = self.state.analysis.get("words", 0) if self.state and not self.rebuild else None
        words = user_dictionary.fingerprint(user_dictionary.used()) if old is None else old
        return next_state(self.state, generation, self.sources, self.rules, words)

    def _write(self, writer: Writer) -> dict[str, FileRecord]:
        """Have every file to read written; return what the index then holds."""
        papers, work = self.plan.read, self.plan.work
        tasks = Tasks(
            papers,
            self.limits,
            share=self._share(writer.portion, work),
            progress=lambda done, articles: self.progress(done, work, articles),
        )
        outcomes = tasks.run(writer)
        held = self.guard.hold(outcomes, self.report)
        again = {p.number for p in papers if p.path in held and outcomes[p.number].wrote}
        tasks.leave_out(again, writer)
        files = {p: r for p, r in self.known.items() if p not in self.plan.gone}
        remove_what_is_gone(writer, self.plan.gone.values(), papers, files.values())
        told = Outcomes(writer, self.report, self.now)
        for paper in papers:
            known, outcome = files.get(paper.path), outcomes.pop(paper.number)
            fresh = told.record(paper, outcome, known, held=paper.path in held)
            if fresh:
                files[paper.path] = fresh
        self.read = told.read
        if self.salvage.forgotten:  # of a path that was read, nothing is to be guessed
            there = {paper.path for paper in papers}
            files = {p: r for p, r in files.items() if p in there or r.shown not in self.read}
        return files

    def _share(self, portion: int, work: int) -> int:
        """Return how many bytes make a task: about a portion, and as many for each process."""
        rounds = -(-work // (portion * (jobs := self._jobs())))
        return -(-work // max(1, rounds * jobs))
