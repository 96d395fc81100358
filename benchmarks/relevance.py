"""Compare the ranking of sou with that of other engines, on judged collections, in one run.

usage: python benchmarks/relevance.py FOLDER... [--half held|tune|all] [--news CORPUS.jsonl]
       [--short] [--engines sou,tantivy] [--simplified] [--out results.json]

A FOLDER holds a collection (docs.jsonl.gz, queries.tsv, qrels.tsv), or several such folders.
`--short` adds short questions made of them, `--news` questions made of a corpus; `judged.py`
says how. `--simplified` gives the other engines texts folded as sou folds them.

Questions are in two halves by a hash of their ids: parameters were chosen on `tune`, figures
are of `held` unless asked otherwise. p is of a paired randomisation test of the difference to
sou, question by question (Smucker, Allan and Carterette 2007), two-sided, 10,000 rounds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import ir_measures
import numpy as np
from judged import Collection, Document, from_news, half_of, news, read, short_of
from rankers import RANKERS, Run

from search.analysis.fold import fold

MEASURES = {
    "nDCG@10": ir_measures.nDCG @ 10,
    "MRR@10": ir_measures.RR @ 10,
    "R@100": ir_measures.R @ 100,
}
MAIN = "nDCG@10"
ROUNDS = 10_000
SIMPLIFIED = " simplified"

Values = dict[str, dict[str, dict[str, float]]]
"""For each engine, for each measure, the value of each question."""


def collections(given: argparse.Namespace) -> Iterator[Collection]:
    """Yield the collections asked for."""
    folders = [
        folder
        for top in given.folders
        for folder in ([top] if (top / "qrels.tsv").exists() else sorted(top.iterdir()))
        if (folder / "qrels.tsv").exists()
    ]
    judged = [read(folder) for folder in folders]
    yield from judged
    if given.short:
        shorts = [short_of(collection, given.number, given.seed) for collection in judged]
        yield from (collection for collection in shorts if collection.queries)
    if given.news:
        yield from from_news(news(given.news, given.size, given.seed), given.number, given.seed)


def of_half(collection: Collection, half: str) -> Collection:
    """Return a collection with the questions of one half."""
    queries = {q: t for q, t in collection.queries.items() if half in {"all", half_of(q)}}
    return replace(collection, queries=queries, qrels={q: collection.qrels[q] for q in queries})


def folded(collection: Collection) -> Collection:
    """Return a collection with every text folded as sou folds it."""
    return replace(
        collection,
        documents=[Document(d.id, fold(d.title), fold(d.body)) for d in collection.documents],
        queries={qid: fold(text) for qid, text in collection.queries.items()},
    )


def values_of(run: Run, qrels: dict[str, dict[str, int]]) -> dict[str, dict[str, float]]:
    """Return each measure of each question; one that has no answer counts as 0."""
    out = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    answered = {qid: documents for qid, documents in run.items() if documents}
    for metric in ir_measures.iter_calc(MEASURES.values(), qrels, answered):
        out[names[metric.measure]][metric.query_id] = metric.value
    return out


def compare(collection: Collection, engines: list[str], *, simplified: bool) -> Values:
    """Return what each engine is worth on a collection."""
    values = {}
    for name in engines:
        values[name] = values_of(RANKERS[name](collection), collection.qrels)
        if simplified and name != "sou":
            run = RANKERS[name](folded(collection))
            values[name + SIMPLIFIED] = values_of(run, collection.qrels)
    return values


def significance(one: list[float], other: list[float], seed: int = 1) -> float:
    """Return p of the difference of two means, by a paired randomisation test."""
    differences = np.asarray(one) - np.asarray(other)
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    observed = abs(differences.sum())
    rng = np.random.default_rng(seed)
    as_large = 0
    for _ in range(ROUNDS // 100):
        signs = rng.choice((-1.0, 1.0), size=(100, len(differences)))
        as_large += int(np.count_nonzero(np.abs(signs @ differences) >= observed - 1e-12))
    return (as_large + 1) / (ROUNDS + 1)


def mean(values: dict[str, float]) -> float:
    """Return the mean over questions."""
    return sum(values.values()) / len(values)


def table(name: str, values: Values, questions: int) -> list[str]:
    """Return the table of one collection."""
    lines = ["", f"{name}: {questions:,} questions"]
    lines.append(f"{'engine':26}" + "".join(f"{m:>10}" for m in MEASURES) + "    sou is   p")
    ours = values.get("sou")
    for engine, measured in values.items():
        line = f"{engine:26}" + "".join(f"{mean(measured[m]):10.4f}" for m in MEASURES)
        if ours and engine != "sou":
            ratio = mean(ours[MAIN]) / mean(measured[MAIN]) - 1 if mean(measured[MAIN]) else 0.0
            pairs = [(ours[MAIN][q], measured[MAIN][q]) for q in ours[MAIN]]
            p = significance([a for a, _ in pairs], [b for _, b in pairs])
            line += f"   {ratio:+7.2%}   {p:.4f}"
        lines.append(line)
    return lines


def summary(results: dict[str, Values]) -> list[str]:
    """Return the means over collections, each counting once, and what sou is above each."""
    engines = list(next(iter(results.values())))
    means = {
        e: sum(mean(values[e][MAIN]) for values in results.values()) / len(results) for e in engines
    }
    lines = ["", f"mean {MAIN} over {len(results)} collections"]
    for engine, value in means.items():
        above = f"   {means['sou'] / value - 1:+7.2%}" if engine != "sou" and "sou" in means else ""
        lines.append(f"{engine:26}{value:10.4f}{above}")
    return lines


def main() -> None:
    """Rank, measure and print."""
    parser = argparse.ArgumentParser(description="Compare rankings on judged collections.")
    parser.add_argument("folders", type=Path, nargs="*", help="collections")
    parser.add_argument("--half", choices=["held", "tune", "all"], default="held")
    parser.add_argument("--news", type=Path, help="a corpus (JSON Lines) to make questions of")
    parser.add_argument("--short", action="store_true", help="short questions of the collections")
    parser.add_argument("--engines", default=",".join(RANKERS))
    parser.add_argument("--simplified", action="store_true", help="others folded, too")
    parser.add_argument("--number", type=int, default=1000, help="questions made of a corpus")
    parser.add_argument("--size", type=int, default=6000, help="articles drawn from the corpus")
    parser.add_argument("--seed", type=int, default=3, help="of what is drawn")
    parser.add_argument("--out", type=Path, help="gets the value of every question, as JSON")
    given = parser.parse_args()
    engines = given.engines.split(",")
    if unknown := [engine for engine in engines if engine not in RANKERS]:
        raise SystemExit(f"unknown: {', '.join(unknown)}")
    results: dict[str, Values] = {}
    for whole in collections(given):
        collection = of_half(whole, given.half)
        values = compare(collection, engines, simplified=given.simplified)
        results[collection.name] = values
        print("\n".join(table(collection.name, values, len(collection.queries))), flush=True)
    judged = {name: values for name, values in results.items() if not name.endswith(" short")}
    short = {name: values for name, values in results.items() if name.endswith(" short")}
    for group in (judged, short):
        if group:
            print("\n".join(summary(group)))
    if given.out:
        given.out.write_text(json.dumps(results, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
