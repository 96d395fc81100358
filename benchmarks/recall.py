"""Compare what a quoted string finds with a grep over the unwrapped text.

usage: python benchmarks/recall.py INDEX [NUMBER] [SEED]

Takes NUMBER strings of 1 to 8 characters from random places of the articles of an index and
compares what `sou -F STRING` finds with a plain substring search over every article. The
texts are unwrapped here by other means than those of sou (the regex below, NFKC, OpenCC),
so that the oracle does not share its mistakes. Prints one line, and each difference.
"""

from __future__ import annotations

import random
import re
import sys
import time
import unicodedata
from bisect import bisect_right
from collections import Counter
from contextlib import closing
from pathlib import Path

import opencc

from search.engines.port import SearchRequest, Top
from search.query.ast import Everything
from search.searching.search import Question, find
from search.storage.index_folder import IndexFolder

WIDE = "\u2e80-\u2fdf\u3005-\u30ff\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WRAP = re.compile(rf"(?<![^\W{WIDE}])\s+|\s+(?![^\W{WIDE}])")
STYLES = str.maketrans(dict.fromkeys("“”‘’‚‛„‟「」『』'`´〝〞〟", '"'))
STYLES |= str.maketrans(dict.fromkeys("–—―−─━‐‑‒", "-"))
STYLES |= str.maketrans(dict.fromkeys("•‧∙⋅・", "·") | dict.fromkeys("〜∼", "~"))
HAN = "".join(map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0)]))
SIMPLIFIED = str.maketrans(HAN, opencc.OpenCC("t2s").convert("\n".join(HAN)).replace("\n", ""))


def unwrap(text: str) -> str:
    """Return a text without line breaks and OCR spaces, in one width, case and script.

    What cannot be seen, format and control characters (one DEL in the news), is left out.
    """
    text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc"})
    text = unicodedata.normalize("NFKC", text.translate(STYLES))  # ´ would become a space
    text = text.casefold().translate(STYLES).translate(SIMPLIFIED)
    # Runs first become one space: in the middle of a run, a space has no letter beside it.
    return WRAP.sub("", re.sub(r"\s+", " ", text)).strip()


def main(folder: str, number: int = 500, seed: int = 1) -> int:
    """Compare, print what was found, and return the number of strings that differ."""
    rng = random.Random(seed)
    with closing(IndexFolder(Path(folder)).open_engine()) as engine:
        ids, starts, pieces, bodies, at = [], [], [], [], 0
        for hit in engine.search(SearchRequest(Everything(), Top(None, sort="path"))).hits:
            a = hit.article
            parts = [unwrap(a.title), unwrap(a.body), *map(unwrap, a.authors)]
            if len(parts[1]) > 8:
                bodies.append(parts[1])
            ids.append(a.id)
            starts.append(at)
            pieces.append("\0".join(parts))
            at += len(pieces[-1]) + 1
        everything = "\0".join(pieces)
        differing, lengths, cpu = 0, Counter[int](), 0.0
        for _ in range(number):
            body, size = rng.choice(bodies), rng.randint(1, 8)
            start = rng.randrange(len(body) - size)
            string = body[start : start + size].strip() or body[:size]
            grep = set()
            place = everything.find(string)
            while place >= 0:
                number_of = bisect_right(starts, place) - 1
                grep.add(ids[number_of])
                behind = starts[number_of + 1] if number_of + 1 < len(starts) else at
                place = everything.find(string, behind)
            begun = time.process_time()
            results = find(
                engine, Question(string, mode="literal", limit=None, dedupe=False), "outlines"
            )
            cpu += time.process_time() - begun
            found = {hit.article.id for hit in results.hits}
            lengths[len(string)] += 1
            if found != grep:
                differing += 1
                print(f"{string!r}: grep {len(grep)}, sou {len(found)}", sorted(grep ^ found)[:3])
    print(
        f"{number} strings of {min(lengths)} to {max(lengths)} characters over {len(ids)} "
        f"articles: {number - differing} exact, {differing} differ; {cpu / number * 1000:.1f} ms each"
    )
    return differing


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], *map(int, sys.argv[2:]))))
