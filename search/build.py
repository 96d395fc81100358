"""Building: bring an index up to date with its papers, or build it anew beside the old one."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from search.article import Article
from search.engines.port import Writer
from search.errors import (
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    PaperError,
    RequestError,
)
from search.papers.problem import Problem
from search.papers.read import Limits, read_paper
from search.papers.walk import PaperFile, walk
from search.store import FileRecord, IndexFolder, Source, State, analysis

Progress = Callable[[int, int, int], None]
"""Called with bytes read, bytes to read in all, and articles added so far."""

WORTH_A_PROCESS = 10_000_000
"""Bytes of papers that take longer to analyse than processes take to start."""

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was read may change again within one tick of its
file system's clock (2 s on FAT) and look the same: its times prove nothing, its digest does."""


@dataclass(slots=True)
class Report:
    """What a build did, or would do. Counts are of files, but for `articles` and `total`."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    empty: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    articles: int = 0
    total: int = 0
    seconds: float = 0.0
    rebuilt: bool = False
    reason: str = ""


@dataclass(slots=True)
class _Plan:
    """What there is to do: files to read (with what is known of them), and files gone."""

    read: list[tuple[PaperFile, os.stat_result]] = field(default_factory=list)
    same: dict[str, FileRecord] = field(default_factory=dict)
    gone: dict[str, FileRecord] = field(default_factory=dict)
    failed: list[Problem] = field(default_factory=list)
    found: int = 0


def build(
    folder: IndexFolder,
    paths: list[Source],
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    limits: Limits | None = None,
    jobs: int | None = None,
) -> Report:
    """Bring the index in `folder` up to date with `paths` and return what was done.

    `paths` are added to the sources that the index remembers; with none, all of those are
    looked through again. `rebuild` reads everything and keeps only `paths` as sources (all
    that it remembers, with none). `jobs` processes share the work, by default as many as
    there are processors. Whatever goes wrong, the index that was there stays.
    """
    start = time.monotonic()
    job = _Build(
        folder, paths, rebuild=rebuild, progress=progress, limits=limits or Limits(), jobs=jobs
    )
    if dry_run:
        job.look()
        job.preview()
    else:
        with folder.lock():
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
    ) -> None:
        self.folder = folder
        self.paths = paths
        self.rebuild = rebuild
        self.progress = progress
        self.limits = limits
        self.jobs = jobs
        self.report = Report()
        self.state: State | None = None
        self.known: dict[str, FileRecord] = {}
        self.sources: tuple[Source, ...] = ()
        self.plan = _Plan()
        self.now = 0
        self.held: set[str] = set()

    def look(self) -> None:
        """Read what the index remembers and compare it with the files that there are."""
        anew = self.rebuild and self.paths
        try:
            self.state = self.folder.state()
            if not self.rebuild:  # an index that is damaged cannot be updated
                engine = self.folder.open_engine()
                self.held = engine.paths()
                engine.close()
        except IndexMissing:
            self.rebuild = True
        except IndexOutdated as exc:
            self.rebuild, self.report.reason = True, exc.message
        except IndexDamaged as exc:
            if not anew:
                raise
            self.report.reason = exc.message
        old = self.state.sources if self.state and not anew else ()
        self.sources = _merge(old, self.paths)
        if not self.rebuild:
            assert self.state is not None
            self.known = self.folder.files(self.state)
        if not self.sources:
            raise RequestError(
                "there is nothing to index", "name a folder of papers: sou index FOLDER"
            )
        self.now = time.time_ns()
        scope = self.paths if self.paths and not self.rebuild else list(self.sources)
        for source in scope:
            self._scan(_spelled(source, self.sources))
        if not self.plan.found and not self.plan.failed:
            self._nothing_found(scope)

    def _nothing_found(self, scope: list[Source]) -> None:
        where = ", ".join(source.shown for source in scope)
        message = f"there are no papers in {where}"
        if self.plan.gone:
            raise RequestError(
                f"{message}, and the index holds {len(self.plan.gone)} from there",
                "if they are gone for good, build anew from what is left: "
                "sou index --rebuild FOLDER",
            )
        raise RequestError(message, "papers are .txt, .md, .jsonl and .csv files")

    def _scan(self, source: Source) -> None:
        plan = self.plan
        unseen = {path: record for path, record in self.known.items() if _inside(path, source.root)}
        own = os.path.realpath(self.folder.path)
        real = cache(os.path.realpath)  # of folders: a link may lead to the index
        for item in walk(Path(source.root), source.shown):
            if isinstance(item, Problem):
                plan.failed.append(item)
                continue
            if _inside(real(item.path.parent), own):
                continue  # the index is no paper, even where it lies among them
            plan.found += 1
            key = str(item.path)
            record = unseen.pop(key, None)
            try:
                stat = item.path.stat()
            except OSError as exc:
                plan.failed.append(Problem(item.shown, exc.strerror or str(exc)))
                if record:
                    plan.same[key] = record
                continue
            if record and record.digest and record.shown == item.shown and _same(record, stat):
                plan.same[key] = record
            else:
                plan.read.append((item, stat))
        # What lies in a folder that could not be listed is not gone.
        blocked = [problem.path for problem in plan.failed]
        for path, record in unseen.items():
            if any(_inside(record.shown, place) for place in blocked):
                plan.same[path] = record
            else:
                plan.gone[path] = record

    def preview(self) -> None:
        """Report what `run` would do."""
        for item, _ in self.plan.read:
            known = self.known.get(str(item.path))
            try:
                with item.path.open("rb") as stream:
                    same = known is not None and _digest(stream) == known.digest
            except OSError as exc:
                self.report.failed.append(Problem(item.shown, exc.strerror or str(exc)))
                continue
            if same:
                self.report.unchanged += 1
            else:
                (self.report.changed if known else self.report.new).append(item.shown)
        self._report_plan()
        self.report.rebuilt = self.rebuild

    def _report_plan(self) -> None:
        self.report.unchanged += len(self.plan.same)
        self.report.removed = [record.shown for record in self.plan.gone.values()]
        self.report.failed += self.plan.failed
        for record in self.plan.same.values():
            self.report.problems += [
                Problem(record.shown, reason, line) for line, reason in record.problems
            ]

    def run(self) -> None:
        """Make the change."""
        current = self.state.generation if self.state else None
        self.folder.clear_leftovers(current)
        stray = self.held - {record.shown for record in self.known.values()}
        if not self.rebuild and not (self.plan.read or self.plan.gone or stray):
            self._report_plan()
            self.report.total = sum(record.articles for record in self.known.values())
            if self.state and self.state.sources != self.sources:
                self._save(self.state.generation, self.known)
            return
        new = self.rebuild
        generation = self.folder.new_generation() if new else current
        assert generation is not None
        writer = self.folder.writer(generation, jobs=self._jobs())
        try:
            for path in stray:  # of a change that was interrupted before it was written down
                writer.remove(path)
            files = self._write(writer)
            self._report_plan()
            self.report.total = sum(record.articles for record in files.values())
            if new and not self.report.total:
                self._nothing_read()
            writer.commit()
        except BaseException:
            writer.cancel()
            if new:
                self.folder.drop_generation(generation)
            raise
        self._save(generation, files)
        self.folder.clear_leftovers(generation)
        self.report.rebuilt = new and self.state is not None

    def _jobs(self) -> int:
        """Return the number of processes that the work is worth."""
        work = sum(stat.st_size for _, stat in self.plan.read)
        most = self.jobs or os.cpu_count() or 1
        return most if work > WORTH_A_PROCESS else 1

    def _nothing_read(self) -> None:
        where = ", ".join(source.shown for source in self.sources)
        reasons = "; ".join(str(problem) for problem in self.report.failed[:3])
        raise RequestError(
            f"no article could be read in {where}" + (f": {reasons}" if reasons else ""),
            "no index was changed",
        )

    def _save(self, generation: str, files: dict[str, FileRecord]) -> None:
        updated = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self.folder.save(State(generation, analysis(), self.sources, updated), files)

    def _write(self, writer: Writer) -> dict[str, FileRecord]:
        """Hand every file to read to the writer; return what the index then holds."""
        files = {p: r for p, r in self.known.items() if p not in self.plan.gone}
        for record in self.plan.gone.values():
            writer.remove(record.shown)
        todo = sum(stat.st_size for _, stat in self.plan.read)
        done = 0
        for item, stat in self.plan.read:
            try:
                record = self._write_file(writer, item, stat, done, todo)
            except (OSError, PaperError) as exc:
                self.report.failed.append(Problem(item.shown, _reason(exc)))
            else:
                files[str(item.path)] = record
            done += stat.st_size
            self.progress(done, todo, self.report.articles)
        return files

    def _write_file(
        self, writer: Writer, item: PaperFile, stat: os.stat_result, done: int, todo: int
    ) -> FileRecord:
        known = self.known.get(str(item.path))
        with item.path.open("rb") as stream:
            digest = _digest(stream)
            record = FileRecord(
                item.shown, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, digest, 0
            )
            if known and known.digest == digest and known.shown == item.shown:
                self.report.unchanged += 1
                record.articles, record.problems = known.articles, known.problems
                self._note(record)
            else:
                stream.seek(0)
                with closing(read_paper(item, stream, self.limits)) as reading:
                    first = next(reading, None)  # a file that cannot be read fails here ...
                    for path in {item.shown, known.shown if known else item.shown}:
                        writer.remove(path)  # ... and keeps the articles it had
                    things = chain([first] if first else [], reading)
                    articles = self._articles(things, record, lambda: done + stream.tell(), todo)
                    try:
                        writer.add(articles)
                    except (OSError, PaperError) as exc:
                        # What was read of it is in the index: remember that, but read it again.
                        record.digest = ""
                        self.report.failed.append(Problem(item.shown, _reason(exc)))
                        self._note(record)
                        return record
                (self.report.changed if known else self.report.new).append(item.shown)
                self._note(record)
                if not record.articles and not record.problems:
                    self.report.empty.append(item.shown)
            after = os.fstat(stream.fileno())
        if not _same(record, after):
            record.digest = ""  # it changed under our hands: read it again next time
        elif self.now - record.mtime < RACY_NS:
            record.ctime = -1  # its times prove nothing: compare by digest next time
        return record

    def _articles(
        self,
        things: Iterable[Article | Problem],
        record: FileRecord,
        done: Callable[[], int],
        todo: int,
    ) -> Iterator[Article]:
        """Yield the articles among what was read; count them, and note the problems."""
        for thing in things:
            if isinstance(thing, Problem):
                record.problems.append((thing.line, thing.reason))
            else:
                record.articles += 1
                self.report.articles += 1
                yield thing
                self.progress(done(), todo, self.report.articles)

    def _note(self, record: FileRecord) -> None:
        self.report.problems += [
            Problem(record.shown, reason, line) for line, reason in record.problems
        ]


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.blake2b(digest_size=16)
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _same(record: FileRecord, stat: os.stat_result) -> bool:
    """Tell whether a file's size and times are those remembered.

    The time of the last change of its inode is compared too: unlike the time of the last
    write, no program can set it back.
    """
    seen = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
    return (record.size, record.mtime, record.ctime) == seen


def _reason(exc: OSError | PaperError) -> str:
    """Return why a file could not be read, without its name."""
    return exc.message if isinstance(exc, PaperError) else exc.strerror or str(exc)


def _inside(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip("/" + os.sep) + os.sep)


def _merge(old: tuple[Source, ...], added: list[Source]) -> tuple[Source, ...]:
    """Add sources to others; one that lies inside another is covered by it."""
    merged = list(old)
    for source in added:
        if any(_inside(source.root, known.root) for known in merged):
            continue
        merged = [known for known in merged if not _inside(known.root, source.root)]
        if any(_overlap(known.shown, source.shown) for known in merged):
            # `papers` was given before, from another place: these are other papers.
            source = Source(source.root, source.root)  # noqa: PLW2901
        merged.append(source)
    return tuple(merged)


def _overlap(one: str, other: str) -> bool:
    return _inside(one, other) or _inside(other, one)


def _spelled(source: Source, known: tuple[Source, ...]) -> Source:
    """Spell a source as the one that covers it was given: one file has one path."""
    for other in known:
        if _inside(source.root, other.root):
            rest = source.root[len(other.root) :].strip(os.sep)
            return Source(source.root, f"{other.shown.rstrip('/')}/{rest}" if rest else other.shown)
    return source
