"""Looking what there is to do: the sources, the files in them, and what is remembered of each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from search.building.reading import Paper, Stamp, inode_of, reason, stamp_of
from search.files import inside
from search.papers.problem import Problem
from search.papers.walk import LinkOut, walk
from search.store import FileRecord, Source


@dataclass(slots=True)
class Plan:
    """What there is to do: files to read, files as they are remembered, and files gone.

    `links` lead out of a source and were not followed; `unlinked` counts the files gone that
    were read through one before.
    """

    read: list[Paper] = field(default_factory=list)
    same: dict[str, FileRecord] = field(default_factory=dict)
    gone: dict[str, FileRecord] = field(default_factory=dict)
    failed: list[Problem] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unlinked: int = 0
    found: int = 0

    @property
    def work(self) -> int:
        """The number of bytes to read."""
        return sum(paper.stamp[0] for paper in self.read)

    def scan(
        self, source: Source, known: dict[str, FileRecord], own: str, *, follow_links: bool = False
    ) -> None:
        """Add what a source asks for, but for what lies in `own`, the folder of the index."""
        within = "" if follow_links else os.path.realpath(source.root)
        links: set[str] = set()
        unseen = {path: record for path, record in known.items() if inside(path, source.root)}
        # Of folders, each looked at once: a link may lead to the index.
        own_place = cache(lambda folder: inside(os.path.realpath(folder), own))
        for item in walk(Path(source.root), source.shown, follow_links=follow_links):
            if isinstance(item, LinkOut):
                self.links.append(item.shown)
                links.add(item.place)
                continue
            if isinstance(item, Problem):
                self.failed.append(item)
                continue
            key = os.fspath(item.place)
            if own_place(os.path.dirname(key)):  # noqa: PTH120  (for each of 100,000)
                continue  # the index is no paper, even where it lies among them
            self.found += 1
            record = unseen.pop(key, None)
            try:
                status = item.status or item.path.stat()
            except OSError as exc:
                self.failed.append(Problem(item.shown, reason(exc)))
                if record:
                    self.same[key] = record
                continue
            stamp = stamp_of(status)
            # With another name its articles are other ones, so it is read whatever is in it.
            digest = record.digest if record and record.shown == item.shown else ""
            if record and digest and _same(record, stamp):
                self.same[key] = record
                continue
            number, inode = len(self.read), inode_of(status)
            self.read.append(Paper(number, key, item.shown, stamp, digest, inode, within))
        # What lies in a folder that could not be listed is not gone.
        blocked = [problem.path for problem in self.failed]
        for path, record in unseen.items():
            if any(inside(record.shown, place) for place in blocked):
                self.same[path] = record
            else:
                self.gone[path] = record
                self.unlinked += _below(path, links)


def _same(record: FileRecord, stamp: Stamp) -> bool:
    """Tell whether a file's size and times are those remembered."""
    return (record.size, record.mtime, record.ctime) == stamp


def _below(path: str, places: set[str]) -> bool:
    """Tell whether a path is one of some places or lies in one."""
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
        if any(inside(source.root, known.root) for known in merged):
            continue
        merged = [known for known in merged if not inside(known.root, source.root)]
        if any(_overlap(known.shown, source.shown) for known in merged):
            # `papers` was given before, from another place: these are other papers.
            source = Source(source.root, source.root)  # noqa: PLW2901
        merged.append(source)
    return tuple(merged)


def _overlap(one: str, other: str) -> bool:
    return inside(one, other) or inside(other, one)


def spelled(source: Source, known: tuple[Source, ...]) -> Source:
    """Spell a source as the one that covers it was given: one file has one path."""
    for other in known:
        if inside(source.root, other.root):
            rest = source.root[len(other.root) :].strip(os.sep)
            return Source(source.root, f"{other.shown.rstrip('/')}/{rest}" if rest else other.shown)
    return source
