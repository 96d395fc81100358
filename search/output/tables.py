"""The formats for spreadsheets, `cut` and `awk`: a header line, then a row a line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from search.model.article import Article
from search.model.facets import Facet
from search.model.results import DIGITS, Hit, Results
from search.output.formats import Format
from search.output.safe import safe, safe_path

ABOUT = ("id", "key", "title", "date", "paper", "authors", "section", "path", "line", "end_line")
PLACE = ("page", "issue", "edition")
HIT_COLUMNS = ("rank", "score", *ABOUT, "snippet", "kind", *PLACE)
BATCH_COLUMNS = ("qid", *HIT_COLUMNS)
ARTICLE_COLUMNS = (*ABOUT, "chars", "kind", *PLACE)
FACET_COLUMNS = ("facet", "value", "count")

Cell = str | int | float | None


def _place(article: Article) -> list[Cell]:
    return [safe(value or "") for value in (article.page, article.issue, article.edition)]


class Csv(Format):
    """Comma-separated values, quoted where RFC 4180 asks for it; lines end with a newline.

    A cell is never changed to protect a spreadsheet from formulas (`=`, `+`, `-`, `@`):
    it is data, and another program would get the wrong value.
    """

    def results(self, results: Results) -> None:
        """Write a row for each hit; where facets were asked for, for each of their values.

        Of several queries, each row begins with the name of its own.
        """
        if results.facets:
            self.facets(results.facets)
            return
        qid = self.options.qid
        if self.options.header:
            self._row(HIT_COLUMNS if qid is None else BATCH_COLUMNS)
        for hit in results.hits:
            self._row(self._hit(hit) if qid is None else [safe(qid), *self._hit(hit)])

    def articles(self, articles: Iterable[Article]) -> None:
        """Write a row for each article."""
        self._row(ARTICLE_COLUMNS)
        for article in articles:
            about = self._about(article, article.title)
            self._row([*about, len(article.body), article.kind, *_place(article)])

    def facets(self, facets: tuple[Facet, ...]) -> None:
        """Write a row for each value."""
        self._row(FACET_COLUMNS)
        for facet in facets:
            for value, count in facet.counts:
                self._row([facet.name, safe(value or ""), count])

    def _hit(self, hit: Hit) -> list[Cell]:
        about = self._about(hit.article, hit.title)
        snippet = safe(hit.snippets[0].text) if hit.snippets else ""
        place = _place(hit.article)
        return [hit.rank, round(hit.score, DIGITS), *about, snippet, hit.kind, *place]

    def _about(self, article: Article, title: str) -> list[Cell]:
        return [
            safe(article.id),
            safe(article.key or ""),
            safe(title),
            safe(article.date or ""),
            safe(article.paper or ""),
            safe(";".join(article.authors)),
            safe(article.section or ""),
            self._path(article.shown_path),
            article.line,
            article.end_line,
        ]

    def _path(self, path: str) -> str:
        return self.world.path(path)

    def _row(self, cells: Sequence[Cell]) -> None:
        # Before Python 3.13, only characters of the line terminator were sure to be quoted.
        line = StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(cells)
        self.world.write(line.getvalue()[:-2] + "\n")


class Tsv(Csv):
    """Tab-separated values without quoting: a row is a line, and a tab is always a border."""

    def _path(self, path: str) -> str:
        return safe_path(path)

    def _row(self, cells: Sequence[Cell]) -> None:
        texts = ("" if cell is None else str(cell) for cell in cells)
        self.world.write("\t".join(texts) + "\n")
