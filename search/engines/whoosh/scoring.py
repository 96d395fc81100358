"""Ranking: what is added up for an article, and by which weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log

from search.query import units
from search.query.tree import META_FIELDS, TEXT_FIELDS, TextLeaf
from search.record import record

FIELD_WEIGHTS = {"title": 2.0, "body": 1.0, "author": 1.0}
"""A word in a headline says more than one in the body."""

PAIR_WEIGHT = 0.5
"""Of a pair of characters, beside a word."""

K1 = 1.2
B = 0.75
"""Saturation of frequency and normalisation of length in BM25."""


def idf(total: int, having: int) -> float:
    """Return the inverse document frequency of Robertson and Zaragoza (2009), in nats.

    `total` and `having` count documents. Whoosh's own, log(N / (n + 1)) + 1, gives the
    commonest words a weight of 1, which in Chinese, where 的 and 了 are words like any
    other, drowns the rare ones.
    """
    return log(1 + (total - having + 0.5) / (having + 0.5))


@record
class Term:
    """A term whose score counts, `weight` times: a word, or a pair of characters."""

    kind: str
    field: str
    text: str
    weight: float

    def __str__(self) -> str:
        return f"{self.kind} {self.text} in {self.field}"


def terms_of(leaf: TextLeaf) -> Iterator[Term]:
    """Yield the terms by which a leaf ranks: its words and its pairs, in each of its fields."""
    if leaf.field in META_FIELDS:
        return
    words = Counter(units.words(leaf.text))
    pairs = Counter(units.pairs(leaf.text))
    for field in (leaf.field,) if leaf.field else TEXT_FIELDS:
        weight = FIELD_WEIGHTS[field] * leaf.boost
        for word, times in words.items():
            yield Term("word", field, word, weight * times)
        for pair, times in pairs.items():
            yield Term("pair", field, pair, weight * PAIR_WEIGHT * times)
