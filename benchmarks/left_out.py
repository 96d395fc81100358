"""Tune the ranking of sou on all collections but one, and measure it on the one left out.

usage: python benchmarks/left_out.py FOLDER... [--queries 600] [--out results.json]

A FOLDER holds judged collections, as for `relevance.py`. Of each, at most `--queries` questions
are drawn by a seed; all its documents are ranked. Tuning begins with the textbook (BM25 over
words, k1 1.2, b 0.75) and climbs, one parameter at a time, over round values; a step is taken
where the mean nDCG@10 of the collections tuned on rises by `LEAST`. What is climbed on are
arrays (`term_arrays.py`); that they rank as the product does is looked at for each collection.

Printed is, for each collection left out: what the parameters reach that were tuned on the
others, what sou as it is reaches, and each peer, with p of a paired randomisation test of its
difference to sou; then what was chosen, and what each part of sou brings on each collection.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from judged import Collection, read
from plain_bm25 import plain
from rankers import RANKERS, bigrams, command, words
from relevance import MAIN, significance, values_of
from term_arrays import Parameters, Question, engine_of, questions

from search.engines.port import SearchRequest, Top
from search.query.parser import plain_words

PEERS = ("tantivy", "bigrams", "fts5")
SEED = 17
LEAST = 0.0005

TEXTBOOK = Parameters(asking=1.0, characters=0.0, early=0.0, headline=1.0, pairs=0.0)
GRID: dict[str, tuple[float, ...]] = {
    "pairs": (0.0, 0.25, 0.5, 1.0),
    "headline": (1.0, 3.0, 5.0, 8.0),
    "asking": (0.0, 0.2, 1.0),
    "early": (0.0, 0.5, 1.0),
    "characters": (0.0, 0.2, 0.4),
    "power": (1.0, 1.2, 1.4),
    "k1": (0.6, 0.9, 1.2, 1.5),
    "k1_pair": (0.6, 0.9, 1.2, 1.5),
    "b": (0.6, 0.75, 0.9),
}
PARTS = {
    "no pairs": {"pairs": 0.0},
    "headline 1": {"headline": 1.0},
    "words that ask 1": {"asking": 1.0},
    "no lead": {"early": 0.0},
    "no characters": {"characters": 0.0},
    "idf to the power 1.4": {"power": 1.4},
    "k1 0.9, of pairs 0.6": {"k1": 0.9, "k1_pair": 0.6},
    "b 0.6": {"b": 0.6},
    "b 0.9": {"b": 0.9},
}


def sample(collection: Collection, most: int) -> Collection:
    """Return a collection with at most so many of its questions."""
    names = sorted(collection.queries)
    if len(names) > most:
        names = sorted(random.Random(SEED).sample(names, most))
    return replace(
        collection,
        queries={name: collection.queries[name] for name in names},
        qrels={name: collection.qrels[name] for name in names},
    )


def arrays(collection: Collection) -> list[Question]:
    """Return the questions of a collection as arrays, from an index made by sou."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corpus").mkdir()
        with (folder / "corpus" / "docs.jsonl").open("w", encoding="utf-8") as file:
            for document in collection.documents:
                file.write(json.dumps(vars(document), ensure_ascii=False) + "\n")
        command("index", str(folder / "corpus"), "--index", str(folder / "index"))
        engine = engine_of(folder / "index")
        try:
            asked = questions(engine, collection.queries, collection.qrels)
            for question in asked[:20]:
                request = SearchRequest(plain_words(question.text), Top(1))
                scores = dict(zip(question.names, question.scores(Parameters()), strict=True))
                for hit in engine.search(request).hits:
                    if not np.isclose(hit.score, scores[hit.article.key or ""], rtol=1e-3):
                        raise SystemExit(f"not as the product: {question.text}")
        finally:
            engine.close()
    return asked


def peers(collection: Collection) -> dict[str, dict[str, float]]:
    """Return the nDCG@10 of each question by sou and its peers."""
    runs = {name: RANKERS[name](collection) for name in ("sou", *PEERS)}
    texts = {d.id: f"{d.title}\n{d.body}" for d in collection.documents}
    runs |= plain(texts, collection.queries, words, bigrams)
    return {name: values_of(run, collection.qrels)[MAIN] for name, run in runs.items()}


class Tuner:
    """Collections as arrays, and what each ranking is worth on them."""

    def __init__(self, asked: dict[str, list[Question]]) -> None:
        self._asked = asked
        self.values = cache(self._values)

    def _values(self, parameters: Parameters, name: str) -> list[float]:
        asked = self._asked[name]
        return [question.ndcg(question.scores(parameters)) for question in asked]

    def mean(self, parameters: Parameters, names: tuple[str, ...]) -> float:
        """Return the mean over collections, each counting once."""
        return float(np.mean([np.mean(self.values(parameters, name)) for name in names]))

    def tuned(self, names: tuple[str, ...]) -> Parameters:
        """Return the parameters that climbing over some collections ends with."""
        chosen, best = TEXTBOOK, self.mean(TEXTBOOK, names)
        while True:
            before = chosen
            for parameter, tried in GRID.items():
                for value in tried:
                    other = replace(chosen, **{parameter: value})
                    if (reached := self.mean(other, names)) >= best + LEAST:
                        chosen, best = other, reached
            if chosen == before:
                return chosen


def table(
    name: str, tuned: list[float], ours: dict[str, float], others: dict[str, dict[str, float]]
) -> Iterator[str]:
    """Yield the lines of one collection that was left out."""
    sou = list(ours.values())
    yield f"\n{name}: {len(ours)} questions"
    yield f"{'tuned on the others':22}{np.mean(tuned):8.4f}"
    yield f"{'sou':22}{np.mean(sou):8.4f}"
    for peer, values in others.items():
        theirs = [values[qid] for qid in ours]
        yield f"{peer:22}{np.mean(theirs):8.4f}   p {significance(sou, theirs):.4f}"


def main() -> None:
    """Rank, tune, measure and print."""
    parser = argparse.ArgumentParser(description="Tune on all collections but one.")
    parser.add_argument("folders", type=Path, nargs="+", help="collections")
    parser.add_argument("--queries", type=int, default=600, help="questions of a collection")
    parser.add_argument("--out", type=Path, help="gets the value of every question, as JSON")
    given = parser.parse_args()
    folders = [
        folder
        for top in given.folders
        for folder in ([top] if (top / "qrels.tsv").exists() else sorted(top.iterdir()))
        if (folder / "qrels.tsv").exists()
    ]
    collections = {folder.name: sample(read(folder), given.queries) for folder in folders}
    tuner = Tuner({name: arrays(collection) for name, collection in collections.items()})
    results = {name: peers(collection) for name, collection in collections.items()}
    if given.out:
        given.out.write_text(json.dumps(results, ensure_ascii=False), "utf-8")
    names = tuple(collections)
    chosen = {left: tuner.tuned(tuple(n for n in names if n != left)) for left in names}
    for left in names:
        others = dict(results[left])
        ours = others.pop("sou")
        print("\n".join(table(left, tuner.values(chosen[left], left), ours, others)))
    tuned = np.mean([np.mean(tuner.values(chosen[left], left)) for left in names])
    print(f"\nmean over {len(names)} collections\n{'tuned on the others':22}{tuned:8.4f}")
    for engine in results[names[0]]:
        value = np.mean([np.mean(list(results[name][engine].values())) for name in names])
        print(f"{engine:22}{value:8.4f}")
    print("\nchosen on the others")
    for left in names:
        print(f"{left:22}", vars(chosen[left]))
    print("\nparts of sou: what changes when each is another\n" + " " * 22 + " ".join(names))
    for part, values in PARTS.items():
        other = replace(Parameters(), **values)
        changes = [
            np.mean(tuner.values(other, name)) - np.mean(tuner.values(Parameters(), name))
            for name in names
        ]
        line = " ".join(
            f"{change:+.4f}".rjust(len(name)) for change, name in zip(changes, names, strict=True)
        )
        print(f"{part:22}{line}   mean {np.mean(changes):+.4f}")


if __name__ == "__main__":
    main()
