"""Ranking patterns: each is worth what a word would be worth that stands where it occurs."""

from __future__ import annotations

from collections.abc import Sequence

from search.engines.whoosh.bm25f import K1, idf, normalisation
from search.engines.whoosh.boolean import Evaluation
from search.engines.whoosh.codec.postings import Counts, Documents
from search.engines.whoosh.scores import Scores
from search.engines.whoosh.term_statistics import Statistics
from search.model.frozen import frozen
from search.query.ast import META_FIELDS, TRIED, Pattern, fields_of


@frozen
class Weight:
    """What a pattern is worth, and how its occurrences in each field count (BM25F).

    `fields` has the name of a field, and `flat` and `steep` as `Scores.normal` takes them.
    """

    scale: float
    fields: tuple[tuple[str, float, float], ...]


def weight_of(
    leaf: Pattern, evaluations: Sequence[Evaluation[Documents, Counts]], statistics: Statistics
) -> Weight:
    """Return the weight of a pattern.

    Its document frequency is that in the field where most documents have it, deleted ones
    included, as for words. Of a regular expression or an exact form, which is not tried on
    every document, that is not known: its idf is 1. The length of a field is that in characters.
    """
    having = 0
    fields = []
    for field in fields_of(leaf):
        if field in META_FIELDS:
            continue
        here = sum(len(part.occurrences(leaf, field)[0]) for part in evaluations)
        if here:
            having = max(having, here)
            fields.append((field, *normalisation(field, statistics.average("pair", field))))
    rarity = 1.0 if isinstance(leaf, TRIED) else idf(statistics.total, having)
    return Weight(leaf.boost * rarity * (K1 + 1), tuple(fields))


def add(
    scores: Scores[Documents, Counts],
    evaluation: Evaluation[Documents, Counts],
    leaf: Pattern,
    weight: Weight,
) -> list[str]:
    """Add what a pattern is worth to the documents found in a segment.

    Returns the fields in which any of them has it.
    """
    fields: list[str] = []
    parts: list[Counts] = []
    for field, flat, steep in weight.fields:
        numbers, times = evaluation.occurrences(leaf, field)
        counts = evaluation.postings.frequencies(numbers, times, scores.found)
        if len(counts[0]):
            lengths = evaluation.segment.grams(field).lengths
            parts.append(scores.normal(counts, lengths, flat, steep))
            fields.append(field)
    if parts:
        scores.add(parts, scale=weight.scale, k1=K1)
    return fields
