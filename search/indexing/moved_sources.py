# Papers are looked at with os: a Path for each of 100,000 is slow.
# ruff: noqa: PTH110, PTH116, PTH117, PTH118, PTH206
"""Sources that are gone, and where their papers may have moved to.

A disk that is mounted elsewhere has another path. Taken for a new source, each of its articles
would be in the index twice, and one of the two at a path that is gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from search.engines.port import spread
from search.indexing.reading import digest_of
from search.indexing.report import Moved, unfollowed
from search.indexing.salvage import CHANGED, remembered
from search.model.errors import RequestError
from search.model.frozen import replace
from search.storage.index_folder import IndexFolder
from search.storage.paper_list import FileRecord
from search.storage.state import Source, State
from search.system.files import inside, is_empty, open_regular

Follow = Callable[[Moved], bool]
"""Called with a source that is gone and where its papers are; says whether it moved there."""

SAMPLE = 32
"""Papers whose digest is looked at, besides the name and size of all."""


class Moves:
    """Which of an index's sources have moved, as far as it was asked about."""

    def __init__(
        self,
        folder: IndexFolder,
        consent: Callable[[list[Source]], None],
        follow: Follow,
    ) -> None:
        """Begin with nothing asked."""
        self._folder = folder
        self._consent = consent
        self._follow = follow
        self._places: dict[str, str] = {}
        self._refused: dict[str, Moved] = {}
        self._followed: dict[str, Moved] = {}

    @property
    def open(self) -> list[Moved]:
        """What was seen, and not followed."""
        return list(self._refused.values())

    @property
    def followed_to(self) -> list[Moved]:
        """What was seen, and followed."""
        return list(self._followed.values())

    def place_of(self, root: str) -> str:
        """Return where a source of the index is now."""
        return self._places.get(root, root)

    def files(self, files: dict[str, FileRecord]) -> dict[str, FileRecord]:
        """Return papers of an index by the paths where they are now."""
        for root, place in self._places.items():
            files = {rooted(path, root, place): record for path, record in files.items()}
        return files

    def followed(
        self, state: State, added: list[Source], forget: list[Source], *, named: bool
    ) -> tuple[tuple[Source, ...], list[Source]]:
        """Return the sources of an index where they are now, and those to add to them.

        Asks where one that is gone, or holds nothing at all, may have moved to. A place that
        holds its papers, and is not to be taken for it, is left out; raises RequestError where
        the user `named` it.
        """
        for source in state.sources:
            self._follow_link(source, added)
            known = source.root in self._places or source.root in self._refused
            if known or source in forget:
                continue
            if is_gone(source) or is_empty(source.root):
                self._ask(source, state, added)
        left = []
        for place in added:
            inner = [each for each in self._refused.values() if inside(each.place.root, place.root)]
            if inner and named:
                raise RequestError(*unfollowed(inner[0], place))
            left += [] if inner else [place]
        sources = tuple(replace(s, root=self.place_of(s.root)) for s in state.sources)
        return sources, left

    def _follow_link(self, source: Source, added: list[Source]) -> None:
        """Take a place that is named for a source in whose place a link leads there."""
        real = os.path.realpath(source.root)
        if real != source.root and any(place.root == real for place in added):
            self._places[source.root] = real

    def _ask(self, source: Source, state: State, added: list[Source]) -> None:
        """Look for the papers of a source that is gone, and ask whether they are those."""
        below = [place for each in added for place in places_below(source, each)]
        places = [*added, *below, *places_beside(source, self._folder.beside)]
        taken = [self.place_of(each.root) for each in state.sources]
        files: dict[str, FileRecord] = {}
        for place in places:
            if any(inside(place.root, root) or inside(root, place.root) for root in taken):
                continue
            self._consent([place])  # it is read to see what is in it
            files = files or remembered(self._folder, state, state.sources)
            moved = papers_in(source, place, files)
            if moved and self._follow(moved):
                self._places[source.root] = place.root
                self._followed[source.root] = moved
                return
            if moved:
                self._refused[source.root] = moved
                return


def is_gone(source: Source) -> bool:
    """Return whether nothing is where a source was, or a link that leads to nothing."""
    try:
        os.stat(source.root)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False  # nobody knows
    return False


def places_below(source: Source, place: Source) -> list[Source]:
    """Return where a source is in a folder that is named, if the folders above it moved too."""
    names = source.root.split(os.sep)
    tails = [os.sep.join(names[-number:]) for number in range(1, min(3, len(names)))]
    roots = [os.path.join(place.root, tail) for tail in tails]
    return [replace(source, root=root) for root in roots if os.path.exists(root)]


def places_beside(source: Source, beside: str) -> list[Source]:
    """Return the places of a source's name beside the index, as far as something is there.

    Both of the path as it was given and of its last part: an index of an earlier sou, or of
    another folder by sou.toml, moved together with it, and so may the folder have alone.
    """
    shown = os.path.normpath(source.shown)
    places = []
    for name in dict.fromkeys((shown, shown.rpartition(os.sep)[2])):
        if os.path.isabs(name) or any(part.startswith(".") for part in name.split(os.sep)):
            continue
        root = os.path.realpath(os.path.join(beside, name))
        if os.path.exists(root) and inside(root, beside) and root != source.root:
            places.append(replace(source, root=root))
    return places


def papers_in(source: Source, place: Source, known: Mapping[str, FileRecord]) -> Moved | None:
    """Return that a place holds the papers of a source that is gone; None if it does not.

    It does if half of them or more are there by name and size, and of those a sample by digest,
    as far as these are known.
    """
    mine = {path: record for path, record in known.items() if inside(path, source.root)}
    there = []
    for path, record in mine.items():
        now = rooted(path, source.root, place.root)
        try:
            if os.stat(now).st_size == record.size or record.mtime == CHANGED:
                there.append((now, record))
        except OSError:
            continue
    if not there or len(there) * 2 < len(mine):
        return None
    if not all(_is_same(now, record) for now, record in spread(there, SAMPLE)):
        return None
    return Moved(source, place, len(there), len(mine), empty=not is_gone(source))


def _is_same(path: str, record: FileRecord) -> bool:
    try:
        with open_regular(Path(path), follow=True) as stream:
            return not record.digest or digest_of(stream) == record.digest
    except OSError:
        return False


def rooted(path: str, root: str, place: str) -> str:
    """Return where a path in a root is when the root has become another place."""
    return place + path[len(root) :] if inside(path, root) else path
