"""Whether texts are read in the encoding they are in, by encoding and length.

usage: python benchmarks/encodings.py CORPUS.jsonl [--articles 5000] [--lengths 20,30,50,100]
           [--messy FOLDER] [--libraries] [--out results.json]

Articles are cut at a random place to a number of characters, encoded, and decoded again. For
Big5 and half of the rest they are made traditional by OpenCC; characters that an encoding
lacks are dropped before cutting. Right is what comes back character for character: the name
of the encoding does not count. In the rows called broken, one character in a hundred (one at
least) has a byte overwritten; right is when U+FFFD stands for it and all others are there.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from search.model.errors import PaperError
from search.papers.encodings.decode import decode

Guess = Callable[[bytes], "str | None"]
"""From bytes to text, or to None if they are refused."""

LENGTHS = (20, 30, 50, 100, 200, 500)
SIMPLIFIED, TAIWAN, HONG_KONG = "", "s2tw", "s2hk"


@dataclass(frozen=True)
class Kind:
    """One row: a script, an encoding with its mark, and whether bytes are broken."""

    name: str
    script: str
    encoding: str
    mark: bytes = b""
    broken: bool = False


KINDS = (
    Kind("UTF-8 simplified", SIMPLIFIED, "utf-8"),
    Kind("UTF-8 traditional", TAIWAN, "utf-8"),
    Kind("UTF-8 with mark", SIMPLIFIED, "utf-8", b"\xef\xbb\xbf"),
    Kind("UTF-16 LE with mark", SIMPLIFIED, "utf-16-le", b"\xff\xfe"),
    Kind("UTF-16 BE with mark", TAIWAN, "utf-16-be", b"\xfe\xff"),
    Kind("UTF-16 LE", SIMPLIFIED, "utf-16-le"),
    Kind("UTF-16 BE", SIMPLIFIED, "utf-16-be"),
    Kind("UTF-16 LE traditional", TAIWAN, "utf-16-le"),
    Kind("GB18030 simplified", SIMPLIFIED, "gb18030"),
    Kind("GB18030 traditional", TAIWAN, "gb18030"),
    Kind("GBK traditional", HONG_KONG, "gbk"),
    Kind("Big5 (cp950)", TAIWAN, "cp950"),
    Kind("Big5-HKSCS", HONG_KONG, "big5hkscs"),
    Kind("UTF-8 broken", SIMPLIFIED, "utf-8", broken=True),
    Kind("GB18030 broken", SIMPLIFIED, "gb18030", broken=True),
    Kind("Big5 broken", TAIWAN, "cp950", broken=True),
)


def articles(path: Path, number: int, chance: random.Random) -> list[str]:
    """Return the bodies of a sample of a corpus."""
    with path.open(encoding="utf-8") as lines:
        records = chance.sample(list(lines), number)
    return [json.loads(record)["body"] for record in records]


def converted(texts: list[str], script: str) -> list[str]:
    """Return the texts in another script."""
    if not script:
        return texts
    import opencc

    converter = opencc.OpenCC(script)
    return [converter.convert(text) for text in texts]


def cuts(texts: list[str], kind: Kind, length: int, chance: random.Random) -> Iterator[str]:
    """Yield a part of each text that is long enough, of characters that the encoding has."""
    for text in texts:
        known = text.encode(kind.encoding, "ignore").decode(kind.encoding)
        known = known.replace("\r", "")
        if len(known) >= length:
            at = chance.randrange(len(known) - length + 1)
            yield known[at : at + length]


def spoiled(text: str, encoding: str, chance: random.Random) -> tuple[bytes, re.Pattern[str]]:
    """Return the bytes of a text with some of them overwritten, and what may be read."""
    parts = [character.encode(encoding) for character in text]
    wide = [place for place, part in enumerate(parts) if len(part) > 1]
    chosen = set(chance.sample(wide, min(len(wide), max(1, len(text) // 100))))
    for place in chosen:
        at = chance.randrange(len(parts[place]))
        parts[place] = parts[place][:at] + b"\xff" + parts[place][at + 1 :]
    # The second byte of a character may be ASCII, and whole: then it is a letter.
    read = ("\ufffd*[@-~]?" if i in chosen else re.escape(c) for i, c in enumerate(text))
    return b"".join(parts), re.compile("".join(read))


def ours(data: bytes) -> str | None:
    """Read as sou does."""
    try:
        return decode(data).text
    except PaperError:
        return None


def _library(module: str, detect: str) -> Guess | None:
    """Return a guess by a library's function from bytes to a name, or None without it."""
    try:
        function = getattr(importlib.import_module(module), detect)
    except ImportError:
        return None

    def guess(data: bytes) -> str | None:
        found = function(data)
        name = found if isinstance(found, str) else found and found.get("encoding")
        return _as(data, name) if name else None

    return guess


def _as(data: bytes, name: str) -> str | None:
    """Decode by a library's word, as kindly as can be: by the largest set of its family."""
    plain = name.lower().replace("_", "-")
    family = {
        "gb2312": ("gb18030",),
        "gbk": ("gb18030",),
        "big5": ("cp950", "big5hkscs"),
        "big5-hkscs": ("big5hkscs", "cp950"),
        "big5hkscs": ("big5hkscs", "cp950"),
        "utf-8": ("utf-8-sig",),
        "ascii": ("utf-8",),
    }.get(plain, (plain,))
    for encoding in family:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def libraries() -> dict[str, Guess]:
    """Return the guesses of all libraries that are installed."""
    found = {
        "chardet": _library("chardet", "detect"),
        "faust-cchardet": _library("cchardet", "detect"),
        "charset-normalizer": _library("charset_normalizer", "detect"),
        "chardetng": _library("chardetng_py", "detect"),
    }
    return {name: guess for name, guess in found.items() if guess}


def accuracy(
    guess: Guess, texts: dict[str, list[str]], lengths: list[int], seed: int
) -> Iterator[dict[str, object]]:
    """Yield for every kind and length how many were read, and how many of them right."""
    for kind in KINDS:
        for length in lengths:
            chance = random.Random(f"{seed} {kind.name} {length}")
            right = number = 0
            wrong: list[str] = []
            spent = 0.0
            # Broken text is read with much care, and slowly: one article in ten will do.
            some = texts[kind.script][:: 10 if kind.broken else 1]
            for text in cuts(some, kind, length, chance):
                expected: str | re.Pattern[str] = text
                data = kind.mark + text.encode(kind.encoding)
                if kind.broken:
                    data, expected = spoiled(text, kind.encoding, chance)
                begun = time.process_time()
                read = guess(data)
                spent += time.process_time() - begun
                number += 1
                if read == expected or (
                    read and isinstance(expected, re.Pattern) and expected.fullmatch(read)
                ):
                    right += 1
                elif len(wrong) < 5:
                    wrong.append(text)
            yield {
                "kind": kind.name,
                "length": length,
                "right": right,
                "number": number,
                "microseconds": round(spent / max(1, number) * 1e6),
                "wrong": wrong,
            }


def show(rows: list[dict[str, object]], lengths: list[int]) -> None:
    """Print a table of per cent."""
    print("| encoding |", " | ".join(map(str, lengths)), "| µs at the last |")
    print("|---|" + "---:|" * (len(lengths) + 1))
    for kind in KINDS:
        mine = [row for row in rows if row["kind"] == kind.name]
        cells = [f"{100 * int(row['right']) / max(1, int(row['number'])):.2f}" for row in mine]
        print(f"| {kind.name} |", " | ".join(cells), f"| {mine[-1]['microseconds']} |")


def show_messy(folder: Path) -> None:
    """Print how each text file of a folder is read."""
    print("| file | encoding | characters | broken bytes | ms |")
    print("|---|---|---:|---:|---:|")
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        begun = time.process_time()
        try:
            read = decode(data)
            said = f"{read.encoding} | {len(read.text)} | {read.broken}"
        except PaperError as exc:
            said = f"refused: {exc.message} | | "
        print(f"| {path.name} | {said} | {(time.process_time() - begun) * 1000:.1f} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--lengths", default=",".join(map(str, LENGTHS)))
    parser.add_argument("--messy", type=Path, help="a folder of files to read")
    parser.add_argument("--libraries", action="store_true", help="compare libraries too")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    lengths = [int(length) for length in options.lengths.split(",")]
    bodies = articles(options.corpus, options.articles, random.Random(options.seed))
    texts = {script: converted(bodies, script) for script in (SIMPLIFIED, TAIWAN, HONG_KONG)}
    results = {}
    for name, guess in {"sou": ours, **(libraries() if options.libraries else {})}.items():
        print(f"\n{name}, {len(bodies)} articles\n")
        results[name] = list(accuracy(guess, texts, lengths, options.seed))
        show(results[name], lengths)
    if options.messy:
        print()
        show_messy(options.messy)
    if options.out:
        options.out.write_text(json.dumps(results, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
