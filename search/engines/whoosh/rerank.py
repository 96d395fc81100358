"""Reranking: the best articles for a question in plain words, judged again by their texts.

How often each character of the question stands in them is read off the texts of a few
articles; it would cost much to read off the postings of all. It only adds to a score, so that
an article that was read never falls below one that was not.

`docs/relevance.md` says what this brings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from search.analysis.fold import HAN
from search.engines.whoosh.bm25f import K1, normalisation
from search.engines.whoosh.term_statistics import Statistics
from search.query.ast import Bag
from search.query.question_words import asks

FIELDS = ("title", "body")
"""Of an article, what is read."""

POOL = 30
"""Articles that are read. Fifty change nothing."""

READ = 20_000
"""Characters of an article that are read: ten pages of a book. More would take long, and an
article that is longer is none."""

CHARACTER_WEIGHT = 0.2
"""Of a character of the question, beside a word."""

CHARACTERS = "its single characters"
"""How this part is called in an explanation."""


def fields_read(question: Bag) -> tuple[str, ...]:
    """Return the fields of an article that are read for a question."""
    return (question.field,) if question.field else FIELDS


def rerank(
    question: Bag, candidates: Sequence[dict[str, str]], statistics: Statistics
) -> list[float]:
    """Return what is added to the score of each candidate; these are folded texts by field.

    As of any term, the occurrences of a character in all fields are added up before they
    saturate (BM25F).
    """
    fields = fields_read(question)
    normals = {field: normalisation(field, statistics.average("pair", field)) for field in fields}
    texts = [
        [
            (text, 1 / (flat + steep * len(text)))
            for (flat, steep), text in ((normals[field], of[field]) for field in fields)
            if text
        ]
        for of in candidates
    ]
    sums = [0.0] * len(candidates)
    for char, times in Counter(re.findall(f"[{HAN}]", question.text)).items():
        if asks(char):
            continue
        rarity = statistics.rarity("character", char, fields)
        weight = question.boost * CHARACTER_WEIGHT * times * rarity * (K1 + 1)
        for i, of in enumerate(texts):
            x = sum([normal * text.count(char) for text, normal in of])
            sums[i] += weight * x / (x + K1)
    return sums
