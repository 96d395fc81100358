"""The formats that are one thing: the files alone, for `xargs` and editors, or how many (`-c`)."""

from __future__ import annotations

from collections.abc import Iterable

from search.model.article import Article
from search.model.results import Results
from search.output.formats import Format


class Paths(Format):
    """Each path once, where its first article stands; with `nul`, for `xargs -0`."""

    def results(self, results: Results) -> None:
        """Write the files of the hits, best first."""
        self.articles(hit.article for hit in results.hits)

    def articles(self, articles: Iterable[Article]) -> None:
        """Write the files of the articles."""
        end = "\0" if self.options.nul else "\n"
        seen = set()
        for article in articles:
            if article.path not in seen:
                seen.add(article.path)
                # A program gets the bytes of the name, a person what they say.
                name = article.shown_path if self.world.terminal else article.raw_path
                path = self.world.path(name, exact=self.options.nul)
                self.world.write(path + end)


class Count(Format):
    """One number: all articles found, not only those that would be shown."""

    def results(self, results: Results) -> None:
        """Write the number of articles found."""
        self.world.write(f"{results.total}\n")

    def articles(self, articles: Iterable[Article]) -> None:
        """Write the number of articles listed."""
        self.world.write(f"{sum(1 for _ in articles)}\n")
