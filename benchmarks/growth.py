"""Measure how cost grows: up to a million short articles made of the sentences of a corpus.

usage: python benchmarks/growth.py CORPUS.jsonl [--sizes 10000,100000,1000000]
       [--engines sou,tantivy] [--work DIR] [--out growth.json]

The sentences are shuffled by a fixed seed and dealt into articles of about 120 characters;
when they run out, they are shuffled again. So words keep the frequencies of the news, and
the vocabulary stops growing where the corpus ends. A smaller size is the head of a larger.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from peers import arguments, numbers, options
from suite import Suite, heads, tell
from tables import show

ABOUT = 120
_SENTENCE = re.compile(r"[^。！？\n]{4,}[。！？]?")
FIRST, DAYS = date(1990, 1, 1), 12_000


def make(source: Path, target: Path, number: int, seed: int) -> None:
    """Write `number` made-up articles, one at a time."""
    rng = random.Random(seed)
    fresh = target.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        dealt = _dealt(_sentences(source), rng)
        for i in range(number):
            title, body = next(dealt), ""
            while len(body) < ABOUT:
                body += next(dealt)
            record = {
                "id": f"made-{i}",
                "title": title[:24].rstrip("。！？"),
                "body": body,
                "date": (FIRST + timedelta(days=rng.randrange(DAYS))).isoformat(),
            }
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    fresh.replace(target)


def _sentences(source: Path) -> list[str]:
    with source.open(encoding="utf-8") as file:
        return [s for line in file for s in _SENTENCE.findall(json.loads(line)["body"])
                if len(s) <= ABOUT]  # fmt: skip


def _dealt(sentences: list[str], rng: random.Random) -> Iterator[str]:
    while True:
        rng.shuffle(sentences)
        yield from sentences


def main() -> None:
    """Make the articles if they are not there yet, measure, and print."""
    parser = arguments("Measure sou on a growing number of short articles.")
    parser.add_argument("--sizes", type=numbers, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engines", default="sou,tantivy")
    parser.add_argument("--out", type=Path, default=Path("growth.json"))
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.make:
        make(given.corpus, given.make, max(given.sizes), given.seed)
        return
    chosen = options(given)
    chosen.work.mkdir(parents=True, exist_ok=True)
    made = chosen.work / f"made{max(given.sizes)}-{given.seed}.jsonl"
    if not made.exists():
        tell(f"making {max(given.sizes):,} articles")
        # In another process: this one must stay small, or its children inherit its peak.
        command = [sys.executable, __file__, str(given.corpus), "--make", str(made)]
        command += ["--sizes", str(max(given.sizes)), "--seed", str(given.seed)]
        subprocess.run(command, check=True)
    suite = Suite(chosen, given.out)
    suite.measure(heads(made, given.sizes, chosen.work))
    print(show(suite.records))


if __name__ == "__main__":
    main()
