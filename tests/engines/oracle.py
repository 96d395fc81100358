"""BM25F, computed plainly from what Whoosh's own reader reads: the oracle for scores."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from search.engines.whoosh.bm25f import FIELD_WEIGHTS, K1, LEAD, LEAD_WEIGHT, B, Term, idf, terms_of
from search.engines.whoosh.library import index
from search.engines.whoosh.schema import grams_of
from search.query.ast import TextLeaf


def whoosh_scores(folder: Path, leaf: TextLeaf) -> dict[str, float]:
    """Return the score of each article, by id, that has any term of a leaf."""
    scores: dict[str, float] = defaultdict(float)
    with index.open_dir(str(folder)).searcher() as searcher:
        for term in terms_of(leaf):
            for document, score in _scores(searcher, term).items():
                scores[searcher.stored_fields(document)["id"]] += score
    return dict(scores)


def _scores(searcher: Any, term: Term) -> dict[int, float]:
    """Score one term: Robertson, Zaragoza and Taylor (2004), formula by formula."""
    reader = searcher.reader()
    total = reader.doc_count_all()
    having = 0
    sums: dict[int, float] = defaultdict(float)
    for name in term.fields:
        field = name if term.kind == "word" else grams_of(name)
        if (field, term.text) not in reader:
            continue
        having = max(having, reader.doc_frequency(field, term.text))
        average = reader.field_length(field) / total
        matcher = reader.postings(field, term.text)
        while matcher.is_active():
            document = matcher.id()
            tf = matcher.weight()
            if field == grams_of("body") and matcher.value_as("positions")[0] < LEAD:
                tf += LEAD_WEIGHT
            length = reader.doc_field_length(document, field)
            sums[document] += FIELD_WEIGHTS[name] * tf / (1 - B + B * length / average)
            matcher.next()
    k1 = K1
    weight = term.weight * idf(total, having) * (k1 + 1)
    return {document: weight * x / (x + k1) for document, x in sums.items()}
