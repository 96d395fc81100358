"""BM25 as its papers give it, over arrays: peers that need no engine.

Title and body are one text. Each ranker takes a collection and gives a run, as those of
`rankers.py` do; words and pairs are the same as theirs.

- BM25: k1 1.2, b 0.75, idf log(1 + (N - n + 0.5) / (n + 0.5)), as Lucene has it;
- BM25+ (Lv and Zhai 2011): delta 1, idf log((N + 1) / n);
- RM3 (Abdul-Jaleel and others 2004) as Anserini has it: BM25 with k1 0.9 and b 0.4, ten terms
  of the first ten documents, half of the weight for the question as it was asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Texts = list[str]
Floats = NDArray[np.float64]
Run = dict[str, dict[str, float]]

DEPTH = 100


class Bm25:
    """Documents as lists of terms, ranked by BM25."""

    def __init__(
        self, documents: list[list[str]], k1: float = 1.2, b: float = 0.75, delta: float = 0.0
    ) -> None:
        self.terms = [Counter(terms) for terms in documents]
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, counts in enumerate(self.terms):
            for term, times in counts.items():
                found[term].append((number, times))
        self.postings = {
            term: (np.array([n for n, _ in of]), np.array([float(t) for _, t in of]))
            for term, of in found.items()
        }
        lengths = np.array([float(len(terms)) for terms in documents])
        self.lengths = lengths
        self._norm = k1 * (1 - b + b * lengths / (lengths.mean() or 1.0))
        self._k1, self._delta = k1, delta

    def idf(self, having: int) -> float:
        """Return the idf of a term that so many documents have."""
        total = len(self.lengths)
        if self._delta:
            return float(np.log((total + 1) / having))
        return float(np.log(1 + (total - having + 0.5) / (having + 0.5)))

    def scores(self, query: Mapping[str, float]) -> Floats:
        """Return the score of every document; a query has a weight for each of its terms."""
        out = np.zeros(len(self.lengths))
        for term, weight in query.items():
            if term in self.postings:
                numbers, tf = self.postings[term]
                worth = tf * (self._k1 + 1) / (tf + self._norm[numbers]) + self._delta
                out[numbers] += weight * self.idf(len(numbers)) * worth
        return out

    def expanded(
        self, query: Mapping[str, float], documents: int = 10, terms: int = 10, own: float = 0.5
    ) -> dict[str, float]:
        """Return a query with the terms that its first documents share (RM3)."""
        whole = sum(query.values()) or 1.0
        out = {term: own * weight / whole for term, weight in query.items()}
        scores = self.scores(query)
        first = [int(i) for i in np.argsort(-scores, kind="stable")[:documents] if scores[i] > 0]
        if not first:
            return out
        shared: defaultdict[str, float] = defaultdict(float)
        for i in first:
            for term, times in self.terms[i].items():
                shared[term] += scores[i] * times / self.lengths[i]
        learnt = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:terms]
        total = sum(weight for _, weight in learnt)
        for term, weight in learnt:
            out[term] = out.get(term, 0.0) + (1 - own) * weight / total
        return out


def ranked(names: list[str], scores: Floats) -> dict[str, float]:
    """Return the best documents, by their ids."""
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return {names[i]: float(scores[i]) for i in order if scores[i] > 0}


def plain(
    texts: dict[str, str],
    queries: dict[str, str],
    words: Callable[[str], Texts],
    pairs: Callable[[str], Texts],
) -> dict[str, Run]:
    """Return the run of each ranker: BM25+ over words, RM3 over words, and the plain sum."""
    names = list(texts)
    of_words = [words(text) for text in texts.values()]
    by_word = Bm25(of_words)
    by_pair = Bm25([pairs(text) for text in texts.values()])
    plus, anserini = Bm25(of_words, delta=1.0), Bm25(of_words, k1=0.9, b=0.4)
    runs: dict[str, Run] = {"bm25+": {}, "rm3": {}, "sum": {}}
    for qid, text in queries.items():
        asked = {term: float(times) for term, times in Counter(words(text)).items()}
        twos = {term: float(times) for term, times in Counter(pairs(text)).items()}
        of = {
            "bm25+": plus.scores(asked),
            "rm3": anserini.scores(anserini.expanded(asked)),
            "sum": by_word.scores(asked) + 0.5 * by_pair.scores(twos),
        }
        for name, scores in of.items():
            runs[name][qid] = ranked(names, scores)
    return runs
