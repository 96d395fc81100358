"""Measure how sou ranks short questions, as people type them, by judgements that were read.

usage: python benchmarks/short_questions.py CORPUS.jsonl

CORPUS.jsonl is the news of CRUD-RAG (github.com/IAAR-Shanghai/CRUD_RAG), 63,668 records with
`id` and `body`; 20,000 of them, drawn by a seed, are indexed. `short_questions.tsv` has a
question, the id of an article and a grade to a line: 2 for an article on the matter, 1 for one
in which it has a part, 0 for a passing mention. Each is a chunk of several words (names,
policies, places). Judged was the union of the first ten of four rankings, in an order drawn by
lot, by the beginning of the article and the place where the question stands in it, and how
often. So rankings that bring up others are not measured justly: their number is printed.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

from judged import Collection, Document
from rankers import sou
from relevance import MAIN, mean, values_of

SIZE, SEED = 20_000, 20
JUDGED = Path(__file__).with_suffix(".tsv")


def collection(path: Path) -> Collection:
    """Return the questions, over the articles that were drawn."""
    with path.open(encoding="utf-8") as file:
        lines = random.Random(SEED).sample(file.readlines(), SIZE)
    records = [json.loads(line) for line in lines]
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for line in JUDGED.read_text("utf-8").splitlines():
        question, document, grade = line.split("\t")
        qrels[question][document] = int(grade)
    return Collection(
        "short questions",
        [Document(str(record["id"]), "", record["body"]) for record in records],
        {question: question for question in qrels},
        dict(qrels),
        typed=True,
    )


def main() -> None:
    """Rank, measure and print."""
    asked = collection(Path(sys.argv[1]))
    run = sou(asked)
    values = values_of(run, asked.qrels)
    unjudged = sum(
        document not in asked.qrels[question]
        for question, documents in run.items()
        for document in sorted(documents, key=lambda name: -documents[name])[:10]
    )
    for question, value in sorted(values[MAIN].items(), key=lambda item: item[1]):
        print(f"{value:.2f} {question}")
    print(f"{MAIN} {mean(values[MAIN]):.4f}, {len(asked.queries)} questions, {unjudged} not judged")


if __name__ == "__main__":
    main()
