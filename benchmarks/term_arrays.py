"""What the ranking of sou adds up, as arrays: so that a thousand rankings can be tried.

`sou index` makes an index of a collection in a temporary folder; for each question the terms of
the product (`bm25f.terms_of`) and their numbers are read from it: how often each stands in
the title and in the body of each candidate, and whether early in the body. Candidates are the
best 100 by the product's formula, by words alone and by pairs alone. What is computed from
these arrays under the product's own parameters is the product's score; `left_out.py` looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.analysis.fold import HAN, fold
from search.engines.whoosh.bm25f import (
    ASKING_WEIGHT,
    FIELD_WEIGHTS,
    K1,
    LEAD,
    LEAD_WEIGHT,
    PAIR_WEIGHT,
    B,
    Term,
    terms_of,
)
from search.engines.whoosh.codec.postings_numpy import Postings
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.rerank import CHARACTER_WEIGHT, POOL
from search.engines.whoosh.term_statistics import table
from search.query.ast import TextLeaf
from search.query.parser import plain_words
from search.query.question_words import asks
from search.storage.index_folder import IndexFolder

Floats = NDArray[np.float32]

FIELDS = ("title", "body")
KINDS = ("word", "pair", "character")
CANDIDATES = 100
"""The best by each of three rankings."""


@dataclass(frozen=True)
class Parameters:
    """A ranking; by default that of the product (`bm25f.py`, `rerank.py`).

    `power` is that to which an idf is raised; `pairs`, `characters` and `asking` weigh these
    terms beside a word, `headline` an occurrence in a title beside one in a body; `early` is
    what a pair in the lead counts more.
    """

    power: float = 1.0
    asking: float = ASKING_WEIGHT
    characters: float = CHARACTER_WEIGHT
    early: float = LEAD_WEIGHT
    headline: float = FIELD_WEIGHTS["title"]
    pairs: float = PAIR_WEIGHT
    k1: float = K1
    k1_pair: float = K1
    b: float = B


@dataclass(frozen=True)
class Question:
    """One question over its candidates: arrays of shape (terms, candidates), or one of them."""

    id: str
    text: str
    names: list[str]
    """Of the candidates."""

    grades: Floats
    ideal: float
    """The DCG of the best ten there are."""

    kinds: NDArray[np.int8]
    rarity: Floats
    """Of each term, log(1 + (N - n + 0.5) / (n + 0.5))."""

    times: Floats
    """Of each term, how often it is asked, and a quarter for the word beside its character."""

    asks: NDArray[np.bool_]
    tf: dict[str, Floats]
    early: Floats
    lengths: dict[tuple[int, str], Floats]
    """Of each candidate by kind and field, in mean lengths."""

    def base(self, p: Parameters) -> Floats:
        """Return the scores by words and pairs."""
        worth = np.array([1.0, p.pairs], np.float32)[np.minimum(self.kinds, 1)]
        return self._sum(p, worth, self.kinds < 2)

    def scores(self, p: Parameters) -> Floats:
        """Return the scores of the candidates, single characters counted in the best of them."""
        scores = self.base(p)
        if p.characters and (self.kinds == 2).any():
            more = self._sum(p, np.full(len(self.kinds), p.characters, np.float32), self.kinds == 2)
            best = np.argsort(-scores, kind="stable")[:POOL]
            scores[best] += more[best]
        return scores

    def _sum(self, p: Parameters, worth: Floats, chosen: NDArray[np.bool_]) -> Floats:
        k1s = np.array([p.k1, p.k1_pair, p.k1], np.float32)
        x = np.zeros((int(chosen.sum()), len(self.names)), np.float32)
        kinds = self.kinds[chosen]
        for name in FIELDS:
            tf = self.tf[name][chosen]
            if name == "body" and p.early:
                tf = tf + p.early * self.early[chosen]
            weight = p.headline if name == "title" else 1.0
            for kind in np.unique(kinds):
                of = kinds == kind
                x[of] += weight * tf[of] / (1 - p.b + p.b * self.lengths[int(kind), name])
        k1 = k1s[kinds][:, None]
        telling = np.where(self.asks[chosen], p.asking, 1.0)
        if (kinds == 2).all():  # a character that asks is no sign at all
            telling = np.where(self.asks[chosen], 0.0, 1.0)
        weight = worth[chosen] * telling * self.times[chosen] * self.rarity[chosen] ** p.power
        out: Floats = (weight * (k1s[kinds] + 1)) @ (x / (x + k1))
        return out

    def ndcg(self, scores: Floats) -> float:
        """Return nDCG@10 of an order of the candidates."""
        best = np.argsort(-scores, kind="stable")[:10]
        gains = self.grades[best]
        return float((gains / np.log2(np.arange(2, len(best) + 2))).sum() / self.ideal)


def engine_of(folder: Path) -> WhooshEngine:
    """Open an index."""
    engine = IndexFolder(folder).open_engine()
    if not isinstance(engine, WhooshEngine):
        raise TypeError(engine)
    return engine


def questions(
    engine: WhooshEngine, queries: dict[str, str], qrels: dict[str, dict[str, int]]
) -> list[Question]:
    """Return what an index, of one segment, says of each question."""
    reader = _Reader(engine)
    out = []
    for qid, text in queries.items():
        leaf = plain_words(text)
        if getattr(leaf, "text", ""):
            out.append(reader.question(qid, leaf, qrels[qid]))
    return out


class _Reader:
    def __init__(self, engine: WhooshEngine) -> None:
        (self._segment,) = engine._segments  # noqa: SLF001
        self._statistics = engine._statistics  # noqa: SLF001
        self._count = self._segment.count
        keys = [self._segment.outline(i).key or "" for i in range(self._count)]
        self._keys = keys
        self._all = np.ones(self._count, dtype=bool)
        self._lengths = {
            (kind, name): np.frombuffer(
                table(self._segment, "word" if kind == 0 else "pair", name).lengths.whole(),
                dtype=np.uint32,
            )
            / np.float32(self._statistics.average("word" if kind == 0 else "pair", name))
            for kind in range(3)
            for name in FIELDS
        }
        self._texts: dict[int, dict[str, str]] = {}

    def text(self, number: int) -> dict[str, str]:
        """Return the folded texts of a document."""
        if number not in self._texts:
            article = self._segment.article(number)
            self._texts[number] = {name: fold(getattr(article, name)) for name in FIELDS}
        return self._texts[number]

    def _having(self, term: Term) -> int:
        return max(
            table(self._segment, term.kind, name).count(place) if place >= 0 else 0
            for name, place in zip(term.fields, self._statistics.places(term)[0], strict=True)
        )

    def question(self, qid: str, leaf: TextLeaf, relevant: dict[str, int]) -> Question:
        """Return a question over its candidates."""
        postings = Postings(self._segment)
        plain = Parameters()
        rows: list[tuple[int, str, float, int]] = []
        for term in terms_of(leaf):
            having = self._having(term)
            if having and term.kind != "character":
                asking = ASKING_WEIGHT if asks(term.text) else 1.0
                times = term.weight / asking / (PAIR_WEIGHT if term.kind == "pair" else 1.0)
                rows.append((KINDS.index(term.kind), term.text, times, having))
            elif having:
                rows.append((0, term.text, term.weight, having))
        tf = {name: np.zeros((len(rows), self._count), np.float32) for name in FIELDS}
        early = np.zeros((len(rows), self._count), np.float32)
        for row, (kind, text, _, _) in enumerate(rows):
            for name in FIELDS:
                place = table(self._segment, KINDS[kind], name).find(text)
                if place < 0:
                    continue
                if kind == 0:
                    numbers, times = postings.word_frequencies(name, place, self._all)
                else:
                    numbers, times = postings.pair_frequencies(name, place, self._all)
                    if name == "body":
                        _, more = postings.pair_frequencies(name, place, self._all, LEAD, 1.0)
                        early[row, numbers] = more - times
                tf[name][row, numbers] = times
        whole = self._made(qid, leaf.text, relevant, rows, tf, early, np.arange(self._count))
        chosen: set[int] = set()
        for scores in (
            whole.base(plain),
            whole.base(Parameters(pairs=0.0)),
            whole.base(Parameters(pairs=1000.0)),
        ):
            best = np.argsort(-scores, kind="stable")[:CANDIDATES]
            chosen.update(int(i) for i in best if scores[i] > 0)
        kept = np.array(sorted(chosen), dtype=np.int64)
        tf = {name: of[:, kept] for name, of in tf.items()}
        return self._with_characters(whole, leaf.text, relevant, rows, tf, early[:, kept], kept)

    def _with_characters(
        self,
        whole: Question,
        text: str,
        relevant: dict[str, int],
        rows: list[tuple[int, str, float, int]],
        tf: dict[str, Floats],
        early: Floats,
        kept: NDArray[np.int64],
    ) -> Question:
        """Return a question over some documents, with its single characters."""
        chars: dict[str, int] = {}
        for char in re.findall(f"[{HAN}]", text):
            chars[char] = chars.get(char, 0) + 1
        for char, times in chars.items():
            having = self._having(Term("character", char, FIELDS, 1.0))
            if not having:
                continue
            rows = [*rows, (2, char, float(times), having)]
            for name in FIELDS:
                counts = [self.text(int(i))[name].count(char) for i in kept]
                tf[name] = np.vstack([tf[name], np.array(counts, np.float32)])
            early = np.vstack([early, np.zeros(len(kept), np.float32)])
        return self._made(whole.id, text, relevant, rows, tf, early, kept)

    def _made(
        self,
        qid: str,
        text: str,
        relevant: dict[str, int],
        rows: list[tuple[int, str, float, int]],
        tf: dict[str, Floats],
        early: Floats,
        kept: NDArray[np.int64],
    ) -> Question:
        names = [self._keys[i] for i in kept]
        best = np.array(sorted(relevant.values(), reverse=True)[:10], np.float64)
        having = np.array([row[3] for row in rows], np.float32)
        total = self._statistics.total
        return Question(
            qid,
            text,
            names,
            np.array([relevant.get(name, 0) for name in names], np.float32),
            float((best / np.log2(np.arange(2, len(best) + 2))).sum()),
            np.array([row[0] for row in rows], np.int8),
            np.log(1 + (total - having + 0.5) / (having + 0.5)).astype(np.float32),
            np.array([row[2] for row in rows], np.float32),
            np.array([asks(row[1]) for row in rows], bool),
            tf,
            early,
            {key: of[kept].astype(np.float32) for key, of in self._lengths.items()},
        )
