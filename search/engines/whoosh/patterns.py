"""Ranking patterns: each is worth what a word would be worth that stands where it occurs."""

from __future__ import annotations

from typing import Any

from search.engines.whoosh.codec.terms import Statistics
from search.engines.whoosh.evaluate import Evaluation
from search.engines.whoosh.scoring import FIELD_WEIGHTS, K1, B, Term, idf
from search.query.tree import META_FIELDS, Pattern, Regex, fields_of
from search.record import record


@record
class Weight:
    """What an occurrence of a pattern in a field is worth, as `Scores.add` takes it."""

    field: str
    scale: float
    flat: float
    steep: float


def weights(leaf: Pattern, evaluations: list[Evaluation], statistics: Statistics) -> list[Weight]:
    """Return the weights of a pattern in each of its fields, by BM25.

    Its document frequency is the number of documents in whose field it occurs, deleted ones
    included as for words. Of a regular expression, which is not tried on every document,
    that is not known: its idf is 1. The length of a field is that in characters.
    """
    out = []
    for field in fields_of(leaf):
        if field in META_FIELDS:
            continue
        having = sum(len(part.occurrences(leaf, field)[0]) for part in evaluations)
        if having:
            rarity = 1.0 if isinstance(leaf, Regex) else idf(statistics.total, having)
            scale = leaf.boost * FIELD_WEIGHTS[field] * rarity * (K1 + 1)
            average = statistics.average(Term("pair", field, "", 1.0))
            out.append(Weight(field, scale, K1 * (1 - B), K1 * B / average))
    return out


def add(scores: Any, evaluation: Evaluation, leaf: Pattern, weight: Weight) -> None:
    """Add what a pattern is worth in a field to the documents found in a segment."""
    numbers, times = evaluation.occurrences(leaf, weight.field)
    scores.add(
        evaluation.postings.frequencies(numbers, times, scores.found),
        evaluation.segment.grams(weight.field).lengths,
        scale=weight.scale,
        flat=weight.flat,
        steep=weight.steep,
    )
