"""How the sources of an index stand: what is there now, and what the index has from there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from search.indexing.moved_sources import is_gone
from search.papers.discover import PaperFile, is_open_in, walk
from search.papers.problem import Problem
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from search.system.files import inside


@dataclass(frozen=True, slots=True)
class Standing:
    """A source, its state (there, gone, empty or unreadable), and what the index has from it.

    `papers` counts files of which the index knows, `articles` what is in the index from them.
    """

    source: Source
    state: str
    papers: int
    articles: int


def standings(folder: IndexFolder) -> list[Standing]:
    """Return how each source of an index stands. Raises IndexMissing or IndexDamaged."""
    state = folder.state()
    files = folder.files(state)
    own = os.path.realpath(folder.path)
    found = []
    for source in state.sources:
        mine = [record for path, record in files.items() if is_open_in(source.root, path)]
        articles = sum(record.articles for record in mine)
        found.append(Standing(source, _state(source, own), len(mine), articles))
    return found


def _state(source: Source, own: str) -> str:
    """Return what is where a source was: no further is looked than to the first paper."""
    if is_gone(source):
        return "gone"
    problems = False
    for item in walk(Path(source.root), source.shown):
        if isinstance(item, PaperFile) and not inside(os.path.realpath(item.place), own):
            return "there"
        problems |= isinstance(item, Problem)
    return "unreadable" if problems else "empty"
