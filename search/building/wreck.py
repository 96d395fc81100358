"""What of a damaged index can still be told, so that mending it loses nothing that is left."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from search.errors import IndexDamaged
from search.files import inside
from search.record import replace
from search.store import FileRecord, IndexFolder, Source, State

CHANGED = -1
"""A time that no file has: it is read again, whatever its own says."""


@dataclass(slots=True)
class Wreck:
    """What cannot be read of an index, and what can all the same.

    `broken` are segments; `unlisted` says that the list of them is damaged, `forgotten` that
    the list of papers is. `held` are the articles that can be read: how many of each path.
    """

    broken: dict[str, list[str]] = field(default_factory=dict)
    unlisted: bool = False
    forgotten: bool = False
    held: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: IndexFolder, state: State) -> Wreck:
        """Read all segments of an index and see which are broken."""
        try:
            return cls(folder.broken(state))
        except IndexDamaged:
            return cls(unlisted=True)

    @property
    def anything(self) -> bool:
        """Whether there is any damage."""
        return bool(self.broken or self.unlisted or self.forgotten)

    @property
    def beyond_mending(self) -> bool:
        """Whether nothing tells what stood where: then all is built anew."""
        return self.unlisted or bool(self.broken and self.forgotten)

    def doubted(self, known: dict[str, FileRecord]) -> dict[str, FileRecord]:
        """Return what is remembered of papers; those that lack articles are to be read again."""
        if not self.broken:
            return known
        return {
            path: record
            if self.held.get(record.shown, 0) == record.articles
            else replace(record, digest="", ctime=CHANGED, articles=self.held.get(record.shown, 0))
            for path, record in known.items()
        }

    def missing(self, known: dict[str, FileRecord]) -> dict[str, int]:
        """Return how many articles of each path are known to have been there and cannot be read.

        `known` is what was remembered before the damage.
        """
        if self.forgotten:
            return dict(self.held) if self.beyond_mending else {}
        if not (self.broken or self.unlisted):
            return {}
        held = {} if self.beyond_mending else self.held
        lacking = {
            record.shown: record.articles - held.get(record.shown, 0) for record in known.values()
        }
        return {shown: number for shown, number in lacking.items() if number > 0}

    def kept(
        self, sources: tuple[Source, ...], read: dict[str, str]
    ) -> tuple[dict[str, FileRecord], list[str]]:
        """Return what to remember of articles that were not read again, and paths to take out.

        `read` are the papers that were: the path that their articles have, by the paper's own.
        A paper that was read under another name than before is not kept under that as well.
        """
        kept, out = {}, []
        again = set(read.values())
        for shown, number in self.held.items():
            path = _place(shown, sources)
            if shown in again:
                continue
            if path in read:
                out.append(shown)
            else:
                kept[path] = FileRecord(shown, 0, CHANGED, CHANGED, "", number)
        return kept, out


def _place(shown: str, sources: tuple[Source, ...]) -> str:
    """Return the paper whose articles have a path; that path itself where no source has it."""
    for source in sources:
        if inside(shown, source.shown):
            rest = shown[len(source.shown) :].strip("/" + os.sep)
            return os.fspath(Path(source.root) / rest) if rest else source.root
    return shown
