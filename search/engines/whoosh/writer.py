"""Changing a Whoosh index, all at once or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whoosh.writing import LockError

from search.article import Article
from search.engines.whoosh.schema import document, source_key
from search.errors import IndexBusy

MEMORY_MB = 256
"""Memory for postings before Whoosh sorts them out to disk."""


class WhooshWriter:
    """One change to an index; nothing of it is seen before `commit`."""

    def __init__(self, index: Any) -> None:
        try:
            self._writer = index.writer(limitmb=MEMORY_MB)
        except LockError as exc:
            raise IndexBusy("another process is writing to the index", "try again later") from exc

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles."""
        for article in articles:
            self._writer.add_document(**document(article))

    def remove(self, path: str) -> None:
        """Remove the articles of a path that the index holds."""
        self._writer.delete_by_term("source", source_key(path))

    def commit(self) -> None:
        """Make the change."""
        self._writer.commit()

    def cancel(self) -> None:
        """Forget the change."""
        self._writer.cancel()
