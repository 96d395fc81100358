"""Ranking: what is added up for an article, and by which weights.

`docs/relevance.md` says what was tried, and how these were chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log

from search.model.frozen import frozen
from search.query import query_terms
from search.query.ast import META_FIELDS, TEXT_FIELDS, Bag, TextLeaf
from search.query.question_words import asks

FIELD_WEIGHTS = {"title": 5.0, "body": 1.0, "author": 1.0}
"""What an occurrence in a field counts. A word in a headline says more than one in the body."""

PAIR_WEIGHT = 0.5
"""Of a pair of characters, beside a word."""

LEAD = 100
"""Characters at the beginning of a body that say what it is about: its first paragraph."""

LEAD_WEIGHT = 1.0
"""How many occurrences more a pair counts for that stands there."""

LONE_WEIGHT = 0.25
"""Of the word that a single character is where it was cut as one, beside the character."""

ASKING_WEIGHT = 0.2
"""Of a word that asks (什么, 谁), beside one that tells."""

EXACT_WEIGHT = 0.1
"""Of the most that its terms could be worth, what is added where a chunk stands as it is."""

K1 = 1.2
"""At what frequency a term saturates."""

B = 0.75
"""Normalisation of length in BM25F."""


def idf(total: int, having: int) -> float:
    """Return how much the rarity of a term makes it count.

    It is the inverse document frequency of Robertson and Zaragoza (2009), in nats. `total` and
    `having` count documents. Whoosh's own idf, log(N / (n + 1)) + 1, gives the commonest words
    a weight of 1, which in Chinese, where 的 and 了 are words like any other, drowns the rare
    ones.
    """
    return log(1 + (total - having + 0.5) / (having + 0.5))


def normalisation(field: str, average: float) -> tuple[float, float]:
    """Return how an occurrence in a field counts in BM25F: 1 / (flat + steep * length).

    `average` is the mean length of the field, in the unit of `length`.
    """
    weight = FIELD_WEIGHTS[field]
    return (1 - B) / weight, B / average / weight


@frozen
class Term:
    """A term whose score counts, `weight` times: a word, a pair of characters, or a character.

    Its occurrences in all of its fields are added up before they saturate (BM25F: Robertson,
    Zaragoza and Taylor 2004). Were each field scored by itself, a word in a headline would
    count twice as often as it is said.
    """

    kind: str
    text: str
    fields: tuple[str, ...]
    weight: float

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


def terms_of(leaf: TextLeaf) -> Iterator[Term]:
    """Yield the terms by which a leaf ranks: its words and its pairs, and those of its forms.

    Of a form in other figures count the terms that the text itself has not; one that OCR broke
    has nothing but pieces.
    """
    if leaf.field in META_FIELDS:
        return
    fields = (leaf.field,) if leaf.field else TEXT_FIELDS
    lone = len(leaf.text) == 1  # mostly it stands inside words: 桥 in 大桥
    if lone:
        yield Term("character", leaf.text, fields, leaf.boost)
    others = _in_other_figures(leaf)
    for kind, weight, parts in (
        ("word", LONE_WEIGHT if lone else 1.0, query_terms.words),
        ("pair", PAIR_WEIGHT, query_terms.pairs),
    ):
        counted = Counter(parts(leaf.text))
        for form in others:
            counted |= Counter(parts(form)) - counted
        for text, times in counted.items():
            telling = ASKING_WEIGHT if asks(text) else 1.0
            yield Term(kind, text, fields, weight * telling * times * leaf.boost)


def _in_other_figures(leaf: TextLeaf) -> list[str]:
    """Return the forms of a leaf that are not its text with something set apart."""
    forms = () if isinstance(leaf, Bag) else leaf.forms
    return [form for form in forms if _in_one(form) != _in_one(leaf.text)]


def _in_one(text: str) -> str:
    return text.replace(" ", "").replace("-", "")
