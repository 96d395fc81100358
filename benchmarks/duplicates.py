"""Measure what is taken for copies: synthetic ones, real ones, and reports of one frame.

usage: python benchmarks/duplicates.py CORPUS.jsonl [--articles 2000] [--seed 1]

Copies are made of articles of the corpus (`body` of each line): characters misread, lost or
doubled at several rates, in both copies; a paragraph repeated; a third cut off. Others are
pairs of articles of the corpus that share much of their text, found by exact comparison of
all shingles: where they also share four fifths of their numbers they are counted as copies,
else, with four numbers or more each, as reports of one frame. Prints for each kind the share
that signatures take for copies, and what of it is folded once names and numbers were compared:
recall for copies, mistakes for the others.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from search.analysis.fold_batch import fold_many
from search.analysis.frames import Text, one_article
from search.analysis.minhash import SHINGLE, keys, same_text
from search.analysis.minhash_batch import signatures

Pair = tuple[str, str]
NUMBER = re.compile(r"\d{2,}")
RATES = (0.0, 0.01, 0.02, 0.03)
MOST = 60
"""Articles with one sample of a shingle in common; of more, pairs are a random choice."""


class Noise:
    """Misreads texts as OCR does, with characters that are common in them."""

    def __init__(self, bodies: list[str], rng: random.Random) -> None:
        self.common = "".join(bodies[:500])
        self.rng = rng

    def __call__(self, text: str, rate: float) -> str:
        """Return the text with a share of its characters wrong, lost or doubled."""
        out = []
        for char in text:
            chance = self.rng.random() / rate if rate else 1.0
            if chance >= 1:
                out.append(char)
            elif chance < 0.8:
                digits = char.isascii() and char.isdigit()
                out.append(self.rng.choice("0123456789" if digits else self.common))
            elif chance < 0.9:
                out.append(char * 2)
        return "".join(out)


def made(bodies: list[str], rng: random.Random) -> Iterator[tuple[str, list[Pair]]]:
    """Yield kinds of copies, each with a pair for each body."""
    noise = Noise(bodies, rng)
    for rate in RATES:
        yield f"misread {rate:.0%} in both", [(noise(b, rate), noise(b, rate)) for b in bodies]
    for rate in RATES:
        cut = [(b, b[: len(b) * 2 // 3]) for b in bodies]
        yield (
            f"last third cut, misread {rate:.0%}",
            [(noise(a, rate), noise(b, rate)) for a, b in cut],
        )
    for rate in (0.0, 0.02):
        cut = [(b, b[: len(b) // 3] + b[len(b) * 2 // 3 :]) for b in bodies]
        yield (
            f"middle third cut, misread {rate:.0%}",
            [(noise(a, rate), noise(b, rate)) for a, b in cut],
        )
    twice = [(b, b + b[: len(b) // 4]) for b in bodies]
    yield "a quarter repeated, misread 2%", [(noise(a, 0.02), noise(b, 0.02)) for a, b in twice]
    for size in (60, 100):
        some = [b[:size] for b in bodies]
        yield f"{size} characters, misread 2%", [(noise(b, 0.02), noise(b, 0.02)) for b in some]


def shingles(text: str) -> set[str]:
    """Return all stretches of SHINGLE characters."""
    return {text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}


def near(bodies: list[str], rng: random.Random) -> Iterator[tuple[float, bool, Pair]]:
    """Yield pairs of bodies with much text in common: how much, whether numbers agree too."""
    found, _ = signatures("".join(body + "\n" for body in bodies))
    holding: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for i, sign in enumerate(found):
        for key in enumerate(keys(sign.tobytes())):
            holding[key].append(i)
    pairs: Counter[tuple[int, int]] = Counter()
    for some in holding.values():
        pairs.update(combinations(sorted(rng.sample(some, min(len(some), MOST))), 2))
    often = sorted(pair for pair, times in pairs.items() if times > 1)
    for i, j in rng.sample(often, min(len(often), 20_000)):
        one, other = shingles(bodies[i]), shingles(bodies[j])
        alike = len(one & other) / max(1, len(one | other))
        numbers = [set(NUMBER.findall(bodies[k])) for k in (i, j)]
        fewest = min(map(len, numbers))
        agree = fewest > 0 and len(numbers[0] & numbers[1]) >= 0.8 * fewest
        if alike >= 0.3 and (agree or fewest >= 4):
            yield alike, agree, (bodies[i], bodies[j])


def real(bodies: list[str], rng: random.Random) -> Iterator[tuple[str, list[Pair]]]:
    """Yield kinds of pairs that are in the corpus."""
    kinds: defaultdict[str, list[Pair]] = defaultdict(list)
    for alike, agree, pair in near(bodies, rng):
        low = max(limit for limit in (0.3, 0.45, 0.6, 0.75, 0.9) if limit <= alike)
        kind = "the same numbers" if agree else "other numbers"
        kinds[f"{kind}, {low:.2f} of the text or more"].append(pair)
    yield from sorted(kinds.items(), key=lambda item: (item[0][:3] != "the", item[0]))
    others = rng.sample(bodies, len(bodies))
    pairs = [pair for pair in zip(bodies, others, strict=True) if pair[0] != pair[1]]
    yield "any two articles", pairs


def shares(pairs: list[Pair]) -> tuple[float, float]:
    """Return the share of pairs that signatures take for copies, and that would be folded."""
    ones, others = ([signed.tobytes() for signed in _signs(side)] for side in zip(*pairs))  # noqa: B905
    alike = [
        pair
        for pair, a, b in zip(pairs, ones, others, strict=True)
        if set(keys(a)) & set(keys(b)) - {0} and same_text(a, b)
    ]
    folded = sum(one_article(Text("", one), Text("", other)) for one, other in alike)
    return len(alike) / len(pairs), folded / len(pairs)


def _signs(texts: tuple[str, ...]) -> list[object]:
    return list(signatures("".join(text.replace("\n", "") + "\n" for text in texts))[0])


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Measure what signatures take for copies.")
    parser.add_argument("corpus", type=Path, help="articles, one JSON object a line")
    parser.add_argument("--articles", type=int, default=2000, help="to make copies of")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    with given.corpus.open(encoding="utf-8") as lines:
        bodies = fold_many([json.loads(line)["body"] for line in lines]).split("\n")[:-1]
    bodies = [body for body in bodies if len(body) >= 150]
    print("| pairs | number | by signatures | folded |\n|---|--:|--:|--:|")
    for kinds in (
        made(rng.sample(bodies, min(given.articles, len(bodies))), rng),
        real(bodies, rng),
    ):
        for name, pairs in kinds:
            alike, folded = shares(pairs)
            print(f"| {name} | {len(pairs)} | {alike:.3f} | {folded:.3f} |", flush=True)


if __name__ == "__main__":
    main()
