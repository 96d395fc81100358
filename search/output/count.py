"""The format for `-c`: how many."""

from __future__ import annotations

from collections.abc import Iterable

from search.model.article import Article
from search.model.results import Results
from search.output.formats import Format


class Count(Format):
    """One number: all articles found, not only those that would be shown."""

    def results(self, results: Results) -> None:
        """Write the number of articles found."""
        self.world.write(f"{results.total}\n")

    def articles(self, articles: Iterable[Article]) -> None:
        """Write the number of articles listed."""
        self.world.write(f"{sum(1 for _ in articles)}\n")
