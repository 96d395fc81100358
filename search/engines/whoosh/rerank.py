"""Reranking: the best articles for a question in plain words, judged again by their texts.

Two things are read off the texts of a few articles that would cost much to read off the
postings of all: how often each character of the question stands in them, and how much of
what the first of them have in common (pseudo-relevance feedback; Rocchio 1971, and Lavrenko
and Croft 2001 for weighing the first by their scores). Both only add to a score, so that an
article that was read never falls below one that was not.

`docs/relevance.md` says what each of them brings.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from heapq import nlargest

from search.analysis.fold import HAN
from search.engines.whoosh.bm25f import K1, B, normalisation
from search.engines.whoosh.term_statistics import Statistics
from search.model.frozen import frozen
from search.query import query_terms
from search.query.ast import Bag
from search.query.question_words import asks

FIELDS = ("title", "body")
"""Of an article, what is read."""

POOL = 30
"""Articles that are read. Fifty change nothing."""

READ = 20_000
"""Characters of an article that are read: ten pages of a book. More would take long, and an
article that is longer is none."""

CHARACTER_WEIGHT = 0.3
"""Of a character of the question, beside a word."""

TEACHERS = 5
"""Articles, the first ones, from which is learnt what belongs to the question."""

FEEDBACK_WEIGHT = 0.3
"""What the feedback adds to the first of them on average, as a share of their scores, if
these are all equal. The further the others fall behind the best one, the less is added: then
one article is meant, and not what several share."""

FEEDBACK_TERMS = 60
"""Pairs of characters that are learnt."""

CANDIDATES = 150
"""Pairs, the most frequent in the first articles, among which these are chosen."""

SHOWN = 10
"""Pairs that an explanation names, of those that were learnt."""

FEWEST_WORDS = 4
"""Words of a question to which others are added: fewer say what they want, or too little."""

CHARACTERS, FEEDBACK = "its single characters", "what the first articles share"
"""How the two parts are called in an explanation."""


@frozen
class Candidate:
    """An article to be judged again: its score, and its folded texts by field."""

    score: float
    texts: dict[str, str]


def fields_read(question: Bag) -> tuple[str, ...]:
    """Return the fields of an article that are read for a question."""
    return (question.field,) if question.field else FIELDS


Added = tuple[tuple[str, float], ...]
"""What is added to a score, by name."""


def rerank(question: Bag, candidates: Sequence[Candidate], statistics: Statistics) -> list[Added]:
    """Return what is added to the score of each candidate."""
    judged = [_Judged(candidate, statistics) for candidate in candidates]
    characters = _characters(question, judged, statistics)
    scores = [one.score + worth for one, worth in zip(candidates, characters, strict=True)]
    learnt, feedback = "", [0.0] * len(judged)
    if (
        len(judged) > 1
        and any(scores)
        and len(set(query_terms.words(question.text))) >= FEWEST_WORDS
    ):
        learnt, feedback = _feedback(question, judged, scores, statistics)
    names = (CHARACTERS, f"{FEEDBACK}: {learnt}")
    return [
        tuple((name, worth) for name, worth in zip(names, worths, strict=True) if worth)
        for worths in zip(characters, feedback, strict=True)
    ]


class _Judged:
    """The texts of an article, and what an occurrence in each of them counts (BM25F)."""

    def __init__(self, candidate: Candidate, statistics: Statistics) -> None:
        means = {field: statistics.average("pair", field) for field in candidate.texts}
        self.texts = []
        for field, text in candidate.texts.items():
            flat, steep = normalisation(field, means[field])
            if text:
                self.texts.append((text, 1 / (flat + steep * len(text))))
        self.length = sum(len(text) for text, _ in self.texts) / (sum(means.values()) or 1.0)
        """Of all fields, in the mean length of an article."""

    def worth(self, text: str, k1: float) -> float:
        """Return how much a string counts by its frequency, from 0 to `k1` + 1."""
        x = 0.0
        for field, weight in self.texts:  # called thousands of times: no generator
            x += weight * field.count(text)
        return (k1 + 1) * x / (x + k1)

    def pairs(self) -> Counter[str]:
        """Return the pairs of characters of all fields, and how often each is there."""
        return Counter(pair for text, _ in self.texts for pair in query_terms.pairs_of(text))


def _characters(question: Bag, judged: list[_Judged], statistics: Statistics) -> list[float]:
    """Return what the characters of the question are worth in each article."""
    sums, fields = [0.0] * len(judged), fields_read(question)
    for char, times in Counter(re.findall(f"[{HAN}]", question.text)).items():
        if asks(char):
            continue
        weight = (
            question.boost * CHARACTER_WEIGHT * times * statistics.rarity("character", char, fields)
        )
        for i, one in enumerate(judged):
            sums[i] += weight * one.worth(char, K1["character"])
    return sums


def _feedback(
    question: Bag, judged: list[_Judged], scores: list[float], statistics: Statistics
) -> tuple[str, list[float]]:
    """Return some of what the first articles share, and what it is worth for each article.

    What the question says itself has been counted, and is left out; and so are pairs of
    Latin letters, which are no words.
    """
    first = nlargest(TEACHERS, range(len(judged)), key=scores.__getitem__)
    fields, told = fields_read(question), set(query_terms.pairs(question.text))
    shared: defaultdict[str, float] = defaultdict(float)
    for i in first:
        k1 = 1 - B + B * judged[i].length
        for pair, times in judged[i].pairs().items():
            if pair not in told and not pair.isascii():
                shared[pair] += scores[i] ** 2 * times / (times + k1)
    frequent = nlargest(CANDIDATES, shared.items(), key=lambda item: item[1])
    rarities = {pair: statistics.rarity("pair", pair, fields) for pair, _ in frequent}
    learnt = nlargest(FEEDBACK_TERMS, frequent, key=lambda item: item[1] * rarities[item[0]])
    sums = [0.0] * len(judged)
    for pair, weight in learnt:
        worth = weight * rarities[pair] ** 2  # of the pair as a term, and in the articles
        for i, one in enumerate(judged):
            sums[i] += worth * one.worth(pair, K1["pair"])
    whole = sum(scores[i] for i in first)
    agreement = (whole / scores[first[0]] - 1) / (len(first) - 1)  # 1 for equal scores
    scale = FEEDBACK_WEIGHT * agreement * whole / (sum(sums[i] for i in first) or 1.0)
    return " ".join(pair for pair, _ in learnt[:SHOWN]), [scale * each for each in sums]
