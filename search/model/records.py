"""The objects that other programs rely on: what JSON says of a hit, an article and an answer.

Within a schema version fields are added at the end, never removed, renamed or given
another meaning; docs/output.md says what each one means. Each is an attribute of the record
that it is of, too (`search.model.results`).
"""

from __future__ import annotations

from typing import TypeAlias

from search.model.article import Article
from search.model.facets import Facet
from search.model.frozen import fields
from search.model.results import Hit, Parts, Results, Snippet

Record: TypeAlias = dict[str, object]

DIGITS = 4
"""Decimals of a score: more than ranking needs, few enough to read."""


def hit_record(hit: Hit, qid: str | None = None) -> Record:
    """Return a hit as `sou.hit/1`; `qid` names its query when there are several."""
    article = hit.article
    record: Record = {
        "schema": "sou.hit/1",
        "rank": hit.rank,
        "score": round(hit.score, DIGITS),
        **_fields(article, hit.title),
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
        "url": article.url,
        "title_spans": [list(span) for span in hit.title_spans],
        **_more(article),
        "also": [_brief(copy) for copy in hit.also],
    }
    if hit.why:
        record["why"] = list(hit.why)
    if qid is not None:
        record["qid"] = qid
    return record


def article_record(article: Article, *, body: bool = False) -> Record:
    """Return an article as `sou.article/1`, with its text when `body` is true."""
    record: Record = {
        "schema": "sou.article/1",
        **_fields(article, article.title),
        "chars": len(article.body),
        "url": article.url,
        **_more(article),
    }
    if body:
        record["body"] = article.body
    return record


def parts_record(parts: Parts) -> Record:
    """Return the other parts of an article: where each is, null for one that is not known."""
    begins, goes_on = parts.begins, parts.goes_on
    return {"begins": begins and _brief(begins), "goes_on": goes_on and _brief(goes_on)}


def results_record(results: Results, qid: str | None = None) -> Record:
    """Return the answer to one search as `sou.results/1`."""
    record: Record = {
        "schema": "sou.results/1",
        "query": results.query,
        "total": results.total,
        "partial": results.partial,
        "seconds": round(results.seconds, DIGITS),
        "hits": [hit_record(hit) for hit in results.hits],
    }
    if results.facets:
        record["facets"] = facets_of(results.facets)
    if results.suggestions:
        record["suggestions"] = [fields(each) for each in results.suggestions]
    if qid is not None:
        record["qid"] = qid
    return record


def facets_record(facets: tuple[Facet, ...], total: int | None) -> Record:
    """Return the counts of facets as `sou.facets/1`; `total` counts the articles."""
    return {"schema": "sou.facets/1", "total": total, "facets": facets_of(facets)}


def facets_of(facets: tuple[Facet, ...]) -> Record:
    """Return the counts of facets by name: a list of value and count, in order."""
    return {
        facet.name: [{"value": value, "count": count} for value, count in facet.counts]
        for facet in facets
    }


def _fields(article: Article, title: str) -> Record:
    """Return the fields that a hit and an article share, in their order."""
    return {
        "id": article.id,
        "key": article.key,
        "title": title,
        "date": article.date,
        "paper": article.paper,
        "authors": list(article.authors),
        "section": article.section,
        "path": article.path,
        "line": article.line,
        "end_line": article.end_line,
    }


def _more(article: Article) -> Record:
    """Return the fields that came later, behind those that were there before."""
    return {
        "part": article.part,
        "continued_from": article.continued_from,
        "continued_on": article.continued_on,
    }


def _brief(article: Article) -> Record:
    """Return what tells another article from the one that a record is of, and where it is."""
    return {
        "id": article.id,
        "key": article.key,
        "title": article.title,
        "date": article.date,
        "paper": article.paper,
        "path": article.path,
        "line": article.line,
    }


def _snippet(snippet: Snippet) -> Record:
    return {
        "text": snippet.text,
        "spans": [list(span) for span in snippet.spans],
        "line": snippet.line,
    }
