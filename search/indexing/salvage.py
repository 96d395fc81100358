"""What of a damaged index can still be told, so that repairing it loses nothing that is left."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from search.engines.port import Engine
from search.model.article import PAGE
from search.model.errors import IndexDamaged, SouError
from search.model.frozen import replace
from search.model.path_spelling import kept, raw
from search.storage.index_folder import IndexFolder
from search.storage.paper_list import FileRecord
from search.storage.state import Source, State
from search.system.files import inside

CHANGED = -1
"""A time that no file has: it is read again, whatever its own says."""


@dataclass(slots=True)
class Salvage:
    """What cannot be read of an index, and what can all the same.

    `broken` are segments; `unlisted` says that the list of them is damaged, `forgotten` that
    the list of papers is, `differs` that the two disagree. `held` are the articles that can be
    read: how many of each path; None where that was not looked at. `pages` are the records of
    pages likewise.
    """

    broken: dict[str, list[str]] = field(default_factory=dict)
    unlisted: bool = False
    forgotten: bool = False
    differs: bool = False
    held: dict[str, int] | None = None
    pages: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: IndexFolder, state: State) -> Salvage:
        """Read all segments of an index and see which are broken."""
        try:
            return cls(folder.broken(state))
        except IndexDamaged:
            return cls(unlisted=True)

    def look(self, engine: Engine) -> None:
        """See what an engine can read."""
        self.held, self.pages = engine.paths(), engine.paths(PAGE)
        if self.forgotten:  # then also a paper that has nothing but the records of its pages
            self.held = dict.fromkeys(self.pages, 0) | self.held

    @property
    def anything(self) -> bool:
        """Whether there is any damage."""
        return bool(self.broken or self.unlisted or self.forgotten or self.differs)

    @property
    def beyond_repair(self) -> bool:
        """Whether nothing tells what stood where: then all is rebuilt."""
        return self.unlisted or bool(self.broken and self.forgotten)

    def doubted(
        self, known: dict[str, FileRecord], sources: tuple[Source, ...]
    ) -> dict[str, FileRecord]:
        """Return what is remembered of papers; those that lack articles are to be read again.

        So is a paper of which nothing is remembered, though there are articles of it.
        """
        if self.held is None:
            return known
        held = dict(self.held)
        found = {}
        for path, record in known.items():
            there = held.pop(record.shown, 0)
            found[path] = record
            pages = self.pages.get(record.shown, 0)
            if there != record.articles or pages != (record.pages or 0):
                self.differs = True
                found[path] = replace(record, digest="", ctime=CHANGED, articles=there, pages=pages)
        self.differs |= bool(held) and not self.forgotten
        return found | guessed(held, sources)

    def missing(self, known: dict[str, FileRecord]) -> dict[str, int]:
        """Return how many articles of each path there were, where not all can be read.

        `known` is what was remembered before the damage.
        """
        if self.forgotten:
            return dict(self.held or {}) if self.beyond_repair else {}
        if self.held is None and not self.unlisted:
            return {}
        held = {} if self.beyond_repair else self.held or {}
        return {
            record.shown: record.articles
            for record in known.values()
            if record.articles > held.get(record.shown, 0)
        }

    def lost(
        self, missing: dict[str, int], read: dict[str, int]
    ) -> tuple[list[tuple[str, int]], bool]:
        """Return how many articles of which paths are not there again, and whether there may be more.

        `read` says how many were read of each path.
        """
        held = {} if self.beyond_repair else self.held or {}
        lost = [
            (shown, number - read.get(shown, held.get(shown, 0)))
            for shown, number in sorted(missing.items())
        ]
        untold = self.forgotten and self.beyond_repair
        return [(shown, number) for shown, number in lost if number > 0], untold


def remembered(
    folder: IndexFolder, state: State, sources: tuple[Source, ...]
) -> dict[str, FileRecord]:
    """Return the papers of an index, or the most that is left to tell them.

    Where the list of them is damaged that is which articles there are, and where these cannot
    be read either, what can be read of the list: good for asking what would be lost.
    """
    try:
        return folder.files(state)
    except IndexDamaged:
        pass
    try:
        engine = folder.open_engine_of(state)
    except SouError:
        return folder.last_files()
    try:
        return guessed(engine.paths(), sources)
    finally:
        engine.close()


def guessed(held: dict[str, int], sources: tuple[Source, ...]) -> dict[str, FileRecord]:
    """Return what to remember of papers of which nothing but their articles is known."""
    return {
        _place(shown, sources): FileRecord(shown, 0, CHANGED, CHANGED, "", number)
        for shown, number in held.items()
    }


def _place(shown: str, sources: tuple[Source, ...]) -> str:
    """Return the paper whose articles have a path; that path itself where no source has it."""
    for source in sources:
        top = kept(source.shown)
        if inside(shown, top):
            rest = raw(shown[len(top) :].strip("/" + os.sep))
            return os.fspath(Path(source.root) / rest) if rest else source.root
    return shown
