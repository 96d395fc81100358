"""Looking what there is to do: the sources, the files in them, and what is remembered of each."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from search.indexing.reading import Paper, Stamp, reason, stamp_of
from search.indexing.report import GONE, Stopped
from search.model.errors import RequestError
from search.model.frozen import replace
from search.model.path_spelling import kept as spelling_of
from search.papers.corrections.places import Corrections, mark
from search.papers.discover import (
    CORRECTION,
    LinkOut,
    PaperFile,
    Stray,
    is_open_in,
    walk,
)
from search.papers.formats import is_of_pages
from search.papers.given.given import NOTHING_GIVEN, mark_with
from search.papers.given.lookup import Lookup
from search.papers.problem import Problem
from search.storage.paper_list import FileRecord
from search.storage.relative_paths import kept
from search.storage.state import Source
from search.system.files import inside


@dataclass
class Plan:
    """What there is to do: files to read, files as they are remembered, and files gone.

    `kept` are files that could not be looked at, `stopped` the sources of which nothing could
    be, `bare` those in which there is no paper. `corrections` is where corrections are that are
    not beside their papers, `strays` those without a paper, `lookup` what is given of papers.
    `links` lead out of a source and were not followed; `linked` are remembered files that were
    read through one before.
    """

    read: list[Paper] = field(default_factory=list)
    same: dict[str, FileRecord] = field(default_factory=dict)
    gone: dict[str, FileRecord] = field(default_factory=dict)
    kept: dict[str, FileRecord] = field(default_factory=dict)
    stopped: list[Stopped] = field(default_factory=list)
    bare: list[Source] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    linked: set[str] = field(default_factory=set)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Files of no kind that is read, by folder and extension."""
    found: int = 0
    corrections: Corrections | None = None
    lookup: Lookup = field(default_factory=Lookup)

    @property
    def work(self) -> int:
        """The number of bytes to read."""
        return sum(paper.stamp[0] for paper in self.read)

    def scan(
        self,
        source: Source,
        known: dict[str, FileRecord],
        own: str,
        *,
        rebuild: bool = False,
        follow_links: bool = False,
    ) -> None:
        """Add what a source asks for, but for what lies in `own`, the folder of the index.

        With `rebuild` every file is to be read; `known` then only says what could be lost.
        """
        within = "" if follow_links else os.path.realpath(source.root)
        name, top = (
            spelling_of(text).rstrip("/" + os.sep) for text in (source.named, source.shown)
        )
        links: set[str] = set()
        unseen = {path: record for path, record in known.items() if is_open_in(source.root, path)}
        found, problems = self.found, len(self.failed)
        # Of folders, each looked at once: a link may lead to the index.
        own_place = cache(lambda folder: inside(os.path.realpath(folder), own))
        skipped: Counter[tuple[str, str]] = Counter()
        try:
            items = walk(
                Path(source.root), source.shown, follow_links=follow_links, skipped=skipped
            )
        except RequestError:
            self.stop(source, GONE, unseen)
            return
        for item in items:
            if isinstance(item, LinkOut):
                self.links.append(item.shown)
                links.add(item.place)
            elif isinstance(item, Stray):
                self.strays.append(item)
            elif isinstance(item, Problem):
                self.failed.append(item)
            elif self.lookup.is_list(os.fspath(item.place), item.shown):
                pass
            elif not own_place(os.path.dirname(item.place)):  # noqa: PTH120  (for each of 100,000)
                # The index is no paper, even where it lies among them.
                record = unseen.pop(os.fspath(item.place), None)
                named = name + item.shown[len(top) :] if name else ""
                self._add(item, record, within, named, rebuild=rebuild)
        self.skipped.update(
            {each: number * (not own_place(each[0])) for each, number in skipped.items()}
        )
        blocked = {problem.path: problem.reason for problem in self.failed[problems:]}
        if self.found == found:
            top = top or "/"
            if unseen and top in blocked:  # and so nothing below it was seen
                del self.failed[problems:]
                self.stop(source, blocked[top], unseen)
                return
            self.bare.append(source)
        self._find_strays(source)
        self._miss(unseen, blocked, links)

    def _miss(self, unseen: dict[str, FileRecord], blocked: Iterable[str], links: set[str]) -> None:
        """Add remembered files that were not found: they are gone, or not to be seen now."""
        # What lies in a folder that could not be listed is not gone.
        for path, record in unseen.items():
            if any(inside(record.shown, place) for place in blocked):
                self.kept[path] = record
            else:
                self.gone[path] = record
                if _below(path, links):
                    self.linked.add(path)

    def keep(self, paths: Iterable[str]) -> None:
        """Keep files that are gone as they are remembered."""
        for path in paths:
            self.kept[path] = self.gone.pop(path)

    def _add(
        self,
        item: PaperFile,
        record: FileRecord | None,
        within: str,
        named: str,
        *,
        rebuild: bool,
    ) -> None:
        """Add a file that is there, and what is remembered of it."""
        self.found += 1
        key = os.fspath(item.place)
        try:
            status = item.status or item.path.stat()
        except OSError as exc:
            self.failed.append(Problem(item.shown, reason(exc)))
            if record:
                self.kept[key] = record
            return
        stamp = stamp_of(status)
        # With another name its articles are other ones, so it is read whatever is in it.
        digest = record.digest if record and record.shown == item.shown and not rebuild else ""
        correction = self._correction(item, key)
        given = self.lookup.of(key, item.shown)
        # Where a list cannot be read, nobody can tell what has changed.
        unchanged = given is None or (
            record is not None and mark_with(mark(correction), given) == record.corrected
        )
        if not unchanged:
            digest = ""
        if record and digest and _same(record, stamp):
            self.same[key] = record
            return
        number = len(self.read)
        rest = (within, named, correction, given or NOTHING_GIVEN)
        self.read.append(Paper(number, key, item.shown, stamp, digest, *rest))

    def _correction(self, item: PaperFile, place: str) -> str:
        """Return where the correction of a paper of pages is, or an empty string."""
        found = place + CORRECTION if item.corrected else ""
        if not found and self.corrections:
            found = self._mirrored.get(place, "")
        return found if found and is_of_pages(place) else ""

    def skipped_kinds(self) -> dict[str, int]:
        """Return how many files of each kind that is not read there are in the sources."""
        kinds: dict[str, int] = {}
        for (_, kind), number in (+self.skipped).items():
            kinds[kind] = kinds.get(kind, 0) + number
        return kinds

    def _find_strays(self, source: Source) -> None:
        """Add the corrections in the folder of them whose papers were in a source."""
        for paper, place in self._mirrored.items() if self.corrections else ():
            if inside(paper, source.root) and not os.path.lexists(paper):
                self.strays.append(Stray(paper, spelling_of(place)))

    @cached_property
    def _mirrored(self) -> dict[str, str]:
        assert self.corrections is not None
        return self.corrections.mirrored_papers()

    def stop(self, source: Source, why: str, known: dict[str, FileRecord]) -> None:
        """Leave a source alone, and keep the files that are known of it."""
        mine = {path: record for path, record in known.items() if is_open_in(source.root, path)}
        articles = sum(record.articles for record in mine.values()) if known else None
        self.stopped.append(Stopped(source, why, articles))
        self.kept.update(mine)


def _same(record: FileRecord, stamp: Stamp) -> bool:
    """Return whether a file's size and times are those remembered."""
    return (record.size, record.mtime, record.ctime) == stamp


def _below(path: str, places: set[str]) -> bool:
    """Return whether a path is one of some places or lies in one."""
    while path not in places:
        above = os.path.dirname(path)  # noqa: PTH120
        if above == path:
            return False
        path = above
    return True


def merge(old: tuple[Source, ...], added: list[Source]) -> tuple[Source, ...]:
    """Add sources to others; one that lies inside another is covered by it."""
    merged = list(old)
    for source in added:
        if any(is_open_in(known.root, source.root) for known in merged):
            continue
        merged = [known for known in merged if not is_open_in(source.root, known.root)]
        if any(
            _overlap(known.shown, source.shown) and not _overlap(known.root, source.root)
            for known in merged
        ):
            # `papers` was given before, from another place: these are other papers.
            source = replace(source, shown=source.root)  # noqa: PLW2901
        if any(
            _overlap(known.named or known.shown, source.named or source.shown)
            and not _overlap(known.root, source.root)
            for known in merged
        ):
            source = replace(source, named=source.root)  # noqa: PLW2901
        merged.append(source)
    return tuple(merged)


def narrowed(sources: list[Source]) -> list[Source]:
    """Leave out sources that lie in others of them: each file is looked at once."""
    wider: list[Source] = []
    for source in sources:
        if not any(is_open_in(other.root, source.root) for other in wider):
            wider = [other for other in wider if not is_open_in(source.root, other.root)]
            wider.append(source)
    return wider


def _overlap(one: str, other: str) -> bool:
    return inside(one, other) or inside(other, one)


def spelled(source: Source, known: tuple[Source, ...]) -> Source:
    """Spell a source as the one that covers it was given: one file has one path."""
    for other in known:
        if inside(source.root, other.root):
            rest = source.root[len(other.root) :].strip(os.sep)
            shown, named = (
                f"{text.rstrip('/')}/{rest}" if text and rest else text
                for text in (other.shown, other.named)
            )
            return Source(source.root, shown, named)
    return source


def named_for_ids(source: Source, known: tuple[Source, ...], beside: str) -> Source:
    """Return a source with what the ids of its articles are made of, if it is a new one.

    For one in the folder `beside`, which holds the index, that is the way from there: so it
    does not matter how it was spelled, nor from which folder. One that lies in a known source
    keeps what that has.
    """
    named = kept(source.root, beside).replace(os.sep, "/")
    covered = any(inside(source.root, other.root) for other in known)
    if covered or named == source.root or named == source.shown.rstrip("/"):
        return source
    return replace(source, named=named)
