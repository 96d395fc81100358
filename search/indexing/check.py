"""Checking an index: that all of it can be read, and that its parts agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from search.analysis.fold import fold
from search.engines.port import Engine, Outlines, SearchRequest
from search.model.article import PAGE
from search.model.errors import IndexDamaged, SouError
from search.model.told_commands import sou
from search.query.ast import Everything, Phrase
from search.storage.index_folder import IndexFolder
from search.storage.paper_list import FileRecord
from search.storage.state import State

SAMPLE = 200
"""Articles looked up by their own text."""


@dataclass(slots=True)
class Checked:
    """What a check found: a line for each fault, and for what the next `sou index` tidies."""

    faults: list[str] = field(default_factory=list)
    untidy: list[str] = field(default_factory=list)


Progress = Callable[[int, int], None]
"""Called with how many articles have been looked at, and how many there are."""


def check_index(folder: IndexFolder, progress: Progress = lambda *_: None) -> Checked:
    """Read all of an index and return what is wrong with it, and what is left over.

    Raises IndexMissing, IndexOutdated or IndexDamaged where there is nothing to check.
    """
    # A writer may take files away while they are looked at: then what it wrote is looked at.
    while True:
        state = folder.current_state()
        checked = _check(folder, state, progress)
        if not checked.faults or folder.current_state() == state:
            return checked


def _check(folder: IndexFolder, state: State, progress: Progress) -> Checked:
    checked, done = Checked(), 0

    def tick(more: int) -> None:
        nonlocal done
        done += more
        progress(done, max(done, articles))

    articles = 0
    files: dict[str, FileRecord] | None = None
    try:
        files = folder.files(state)
        articles = sum(record.articles for record in files.values())
    except IndexDamaged as exc:
        checked.faults.append(exc.message)
    try:
        found, left = folder.strays(state)
        checked.faults += [f"{found.fault} (of use to Whoosh alone)"] if found.fault else []
        # Both are so for a moment behind each commit, and after a kill there.
        checked.untidy = [
            f"{path.relative_to(folder.place)} is left over, or of a change under way; the next "
            f"{sou('index')} clears it away"
            for path in left
        ]
        if found.lacking:
            checked.untidy.append(
                f"{found.lacking} is not there, or not yet (of use to Whoosh alone); the next "
                f"{sou('index')} writes it"
            )
        checked.faults += [
            fault for faults in folder.broken(state, tick).values() for fault in faults
        ] or _disagreements(folder, state, files)
    except SouError as exc:
        checked.faults.append(exc.message)
    except Exception as exc:  # noqa: BLE001  (a broken file can raise anything at all)
        checked.faults.append(f"the index cannot be read: {type(exc).__name__}: {exc}")
    return checked


def _disagreements(
    folder: IndexFolder, state: State, files: dict[str, FileRecord] | None
) -> list[str]:
    """Return in what the parts of an index disagree, each of which can be read."""
    engine = folder.open_engine_of(state)
    try:
        return [*_of_counts(engine, files), *_of_texts(engine)]
    finally:
        engine.close()


def _of_counts(engine: Engine, files: dict[str, FileRecord] | None) -> list[str]:
    """Compare the articles that there are with those that are remembered of each paper."""
    faults = []
    counts, pages = Counter(engine.paths()), engine.paths(PAGE)
    if engine.count() != counts.total():
        faults.append(f"{engine.count()} articles are counted, {counts.total()} can be read")
    if files is not None:
        faults += [
            f"{record.shown}: articles are missing or too many"
            for record in files.values()
            if counts.pop(record.shown, 0) != record.articles
        ]
        faults += [f"{path}: indexed, but not among the files" for path in counts]
        faults += [
            f"{record.shown}: records of pages are missing or too many"
            for record in files.values()
            if pages.pop(record.shown, 0) != (record.pages or 0)
        ]
    return faults


def _of_texts(engine: Engine) -> list[str]:
    """Look some articles up by their own text."""
    faults = []
    # What is known of each without reading it: all articles of an archive are too much.
    request = SearchRequest(Everything(), Outlines(None, sort="path"))
    hits = engine.search(request).hits
    if len(hits) != engine.count():
        faults.append(f"{engine.count()} articles are counted, {len(hits)} are found")
    for scored in hits[:: max(1, len(hits) // SAMPLE)]:
        [article] = engine.lookup(scored.article.id)[:1]
        text = fold(article.body)[:8] or fold(article.title)[:8]
        again = engine.search(SearchRequest(Phrase(text), Outlines(None))) if text else None
        if again and article.id not in {hit.article.id for hit in again.hits}:
            faults.append(f"{article.path}:{article.line}: not found by its own text")
    return faults
