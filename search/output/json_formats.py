"""The formats for programs that read JSON: one object, or one object a line."""

from __future__ import annotations

from collections.abc import Iterable

from search.model.article import Article, Record
from search.model.facets import Facet
from search.model.results import NO_PARTS, Parts, Results
from search.output.formats import Format
from search.output.json_records import (
    article_record,
    facets_record,
    hit_record,
    parts_record,
    results_record,
    to_json,
)


class Json(Format):
    """One object for the whole output: `sou.results/1`, `sou.articles/1`, `sou.article/1`."""

    def results(self, results: Results) -> None:
        """Write the search with its hits."""
        self._line(results_record(results, self.options.qid))

    def articles(self, articles: Iterable[Article]) -> None:
        """Write a list as one object, piece by piece: an archive need not fit in memory."""
        self.world.write('{"schema":"sou.articles/1","articles":[')
        total = 0
        for total, article in enumerate(articles, start=1):
            comma = "," if total > 1 else ""
            self.world.write(f"{comma}\n{self._json(article_record(article))}")
        if self.options.total is not None:
            total = self.options.total
        self.world.write(f'\n],"total":{total}}}\n')

    def article(self, article: Article, parts: Parts = NO_PARTS) -> None:
        """Write one article with its body."""
        self._line(article_record(article, body=True) | parts_record(parts))

    def facets(self, facets: tuple[Facet, ...]) -> None:
        """Write the counts of facets as one object."""
        self._line(facets_record(facets, self.options.total))

    def _line(self, record: Record) -> None:
        self.world.write(self._json(record) + "\n")

    def _json(self, record: Record) -> str:
        return to_json(record, unicode=self.world.unicode)


class JsonLines(Json):
    """One object a line: `sou.hit/1` for a search, `sou.article/1` for articles."""

    def results(self, results: Results) -> None:
        """Write a line for each hit, and behind them one of the facets asked for."""
        for hit in results.hits:
            self._line(hit_record(hit, self.options.qid))
        if results.facets:
            self._line(facets_record(results.facets, results.total))

    def articles(self, articles: Iterable[Article]) -> None:
        """Write a line for each article, without its body."""
        for article in articles:
            self._line(article_record(article))
