"""Checking an index: that all of it can be read, and that its parts agree."""

from __future__ import annotations

from collections import Counter

from search.engines.port import SearchRequest
from search.errors import SouError
from search.query.tree import Everything, Phrase
from search.store import IndexFolder
from search.text.fold import fold

SAMPLE = 200
"""Articles looked up by their own text."""


def check_index(folder: IndexFolder) -> list[str]:
    """Return what is wrong with an index, a line each; nothing when it is sound.

    Raises IndexMissing or IndexOutdated when there is nothing to check.
    """
    state = folder.current_state()
    engine = folder.open_engine()
    try:
        faults = engine.faults()
        if faults:
            return faults
        # What is known of each without reading it: all articles of an archive are too much.
        request = SearchRequest(Everything(), limit=None, sort="source", outlines=True)
        found = engine.search(request)
        if found.total != engine.count() or found.total != len(found.hits):
            faults.append(f"{engine.count()} articles are counted, {len(found.hits)} can be read")
        counts = Counter(scored.article.path for scored in found.hits)
        faults += [
            f"{record.shown}: articles are missing or too many"
            for record in folder.files(state).values()
            if counts.pop(record.shown, 0) != record.articles
        ]
        faults += [f"{path}: indexed, but not among the files" for path in counts]
        step = max(1, len(found.hits) // SAMPLE)
        for scored in found.hits[::step]:
            [article] = engine.lookup(scored.article.id)[:1]
            text = fold(article.body)[:8] or fold(article.title)[:8]
            again = engine.search(SearchRequest(Phrase(text), limit=None)) if text else None
            if again and article.id not in {hit.article.id for hit in again.hits}:
                faults.append(f"{article.path}:{article.line}: not found by its own text")
    except SouError as exc:
        return [exc.message]
    except Exception as exc:  # noqa: BLE001  (a broken file can raise anything at all)
        return [f"the index cannot be read: {type(exc).__name__}: {exc}"]
    finally:
        engine.close()
    return faults
