"""Measure sou beside other engines, on the same articles, in one run.

usage: python benchmarks/peers.py CORPUS.jsonl [--sizes 1000,10000,63668] [--engines sou,tantivy]
       [--work DIR] [--out results.json] [--repeat N] [--parts build,ask,cold,update]

Prints tables; --out gets a line of JSON for each measurement, as it is made. See README.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from suite import ENGINES, PARTS, Options, Suite, samples
from tables import show


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser of what peers.py and growth.py both take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("corpus", type=Path, help="articles, one JSON object a line")
    parser.add_argument("--work", type=Path, default=Path("/tmp/sou-bench"), help="scratch folder")
    parser.add_argument("--repeat", type=int, default=1, help="builds of each engine; best counts")
    parser.add_argument("--seed", type=int, default=1, help="of samples and questions")
    parser.add_argument(
        "--seconds", type=float, default=1.5, help="CPU to spend on a class of questions, at most"
    )
    parser.add_argument(
        "--parts", default=",".join(PARTS), help="without build, the indexes in --work are used"
    )
    return parser


def options(given: argparse.Namespace) -> Options:
    """Return the options of a suite from the command line."""
    engines = tuple(given.engines.split(","))
    unknown = [e for e in engines if e not in ENGINES]
    unknown += [p for p in given.parts.split(",") if p not in PARTS]
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}")
    return Options(
        work=given.work.resolve(),
        engines=engines,
        parts=tuple(given.parts.split(",")),
        repeat=given.repeat,
        seed=given.seed,
        seconds=given.seconds,
    )


def numbers(text: str) -> list[int]:
    """Return the numbers in `1000,10_000`."""
    return [int(part) for part in text.split(",")]


def main() -> None:
    """Measure and print."""
    parser = arguments("Measure sou beside other engines.")
    parser.add_argument("--sizes", type=numbers, default=[1000, 10000, 63668])
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--out", type=Path, default=Path("results.json"))
    parser.add_argument("--whoosh-cap", type=int, default=300, help="articles for stock Whoosh")
    given = parser.parse_args()
    chosen = options(given)
    chosen.whoosh_cap = given.whoosh_cap
    suite = Suite(chosen, given.out)
    suite.measure(samples(given.corpus, given.sizes, chosen.work, given.seed))
    print(show(suite.records))


if __name__ == "__main__":
    main()
