r"""The format for pipes, and for people who pipe: lines for grep, cut and awk.

A hit is a line of tab-separated columns that begins with `path:line:`, as grep's do and
as editors read them; its snippets follow, each on a line that begins with a tab. So
`grep -v` with a tab, `cut -f 2` or `awk -F '\t' '$1'` pick what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from search.model.article import PAGE, Article
from search.model.results import NO_PARTS, Parts, Results
from search.output.formats import Format, before_partial
from search.output.safe import safe, safe_block, safe_path

if TYPE_CHECKING:
    from search.model.facets import Facet

NONE = "-"
"""Stands in a column for what an article lacks, so that no column is empty."""


class Plain(Format):
    """Text without styles or wrapping: one line for each thing, however long."""

    def results(self, results: Results) -> None:
        """Write path, title, date, paper and id of each hit, then its snippets and copies.

        A line says where the whole matches end; it begins with a tab, as all do but those of hits.
        Where facets were asked for, those and no hits: a line is then always of one kind.
        Of several queries, each has a line with its name and text before what it finds.
        """
        if self.options.qid is not None:
            self.world.write(f"# {safe(self.options.qid)}\t{safe(results.query)}\n")
        if results.facets:
            self.facets(results.facets)
            return
        for hit in results.hits:
            if line := before_partial(results, hit):
                self.world.write(f"\t# {line}\n")
            article = hit.article
            self._columns(
                f"{safe_path(article.shown_path)}:{article.line}:",
                safe(hit.title),
                safe(article.date or ""),
                safe(article.paper or ""),
                safe(article.id),
            )
            for snippet in hit.snippets:
                self.world.write(f"\t{snippet.line}: {safe(snippet.text)}\n")
            for copy in hit.also:
                known = [safe(text) for text in (copy.paper, copy.date) if text]
                place = f"{safe_path(copy.shown_path)}:{copy.line}"
                self.world.write(f"\t{' '.join(['also in', *known, place])}\n")
            for line in hit.why:
                self.world.write(f"\t# {safe(line)}\n")

    def articles(self, articles: Iterable[Article]) -> None:
        """Write id, date, paper, path and title of each article."""
        for article in articles:
            self._columns(
                safe(article.id),
                safe(article.date or ""),
                safe(article.paper or ""),
                f"{safe_path(article.shown_path)}:{article.line}",
                safe(article.title),
            )

    def facets(self, facets: tuple[Facet, ...]) -> None:
        """Write facet, value and count."""
        for facet in facets:
            for value, count in facet.counts:
                self._columns(facet.name, safe(value or ""), str(count))

    def article(self, article: Article, parts: Parts = NO_PARTS) -> None:
        """Write what is known of an article, an empty line, and its text line by line."""
        about = {
            "id": article.id,
            "key": article.key,
            "title": article.title,
            "date": article.date,
            "paper": article.paper,
            "authors": "; ".join(article.authors),
            "section": article.section if article.section != article.page else None,
            "page": article.page,
            "issue": article.issue,
            "edition": article.edition,
            "url": article.url,
            "part": article.part,
            "continued from": article.continued_from and f"page {article.continued_from}",
            "continued on": article.continued_on and f"page {article.continued_on}",
            "kind": article.kind if article.kind == PAGE else None,
        }
        for name, part in (("begins in", parts.begins), ("goes on in", parts.goes_on)):
            about[name] = (
                f"{safe(part.id)} {safe_path(part.shown_path)}:{part.line}" if part else None
            )
        for name, value in about.items():
            if value:
                self.world.write(f"{name}: {safe(value)}\n")
        self.world.write(f"path: {safe_path(article.shown_path)}:{article.line}\n")
        body = safe_block(article.body)
        self.world.write(f"\n{body}" + ("" if body.endswith("\n") else "\n"))

    def _columns(self, *columns: str) -> None:
        self.world.write("\t".join(column or NONE for column in columns) + "\n")
