"""Whoosh's own searcher over an index of ours: the oracle for scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh import query as whoosh_query
from whoosh import scoring
from whoosh.index import open_dir

from search.engines.whoosh.schema import grams_of
from search.engines.whoosh.scoring import K1, B, idf, terms_of
from search.query.tree import TextLeaf


class Bm25(scoring.BM25F):  # type: ignore[misc]
    """Whoosh's BM25F, but for the inverse document frequency, which is ours."""

    def __init__(self) -> None:
        super().__init__(B=B, K1=K1)

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        parent = searcher.get_parent()
        return idf(parent.doc_count_all(), parent.doc_frequency(fieldname, text))


def whoosh_scores(folder: Path, leaf: TextLeaf) -> dict[str, float]:
    """Return the score of each article, by id, that has any term of a leaf."""
    terms = [
        whoosh_query.Term(
            t.field if t.kind == "word" else grams_of(t.field), t.text, boost=t.weight
        )
        for t in terms_of(leaf)
    ]
    with open_dir(str(folder)).searcher(weighting=Bm25()) as searcher:
        return {hit["id"]: hit.score for hit in searcher.search(whoosh_query.Or(terms), limit=None)}
