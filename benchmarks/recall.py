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
from collections import Counter

import opencc

from search import open_index

WIDE = "\u2e80-\u2fdf\u3005-\u30ff\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WRAP = re.compile(rf"(?<![^\W{WIDE}])\s+|\s+(?![^\W{WIDE}])")
STYLES = str.maketrans(dict.fromkeys("“”‘’「」『』'`´〝〞", '"') | dict.fromkeys("–—―−─‐‑", "-"))
STYLES |= str.maketrans(dict.fromkeys("•‧∙⋅・", "·") | dict.fromkeys("〜∼", "~"))
HAN = "".join(map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0)]))
SIMPLIFIED = str.maketrans(HAN, opencc.OpenCC("t2s").convert("\n".join(HAN)).replace("\n", ""))


def unwrap(text: str) -> str:
    """Return a text without line breaks and OCR spaces, in one width, case and script."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", text).casefold().translate(STYLES).translate(SIMPLIFIED)
    return re.sub(r"\s+", " ", WRAP.sub("", text)).strip()


def main(folder: str, number: int = 500, seed: int = 1) -> int:
    """Compare, print what was found, and return the number of strings that differ."""
    rng = random.Random(seed)
    with open_index(folder) as index:
        texts = {
            a.id: [unwrap(a.title), unwrap(a.body), *map(unwrap, a.authors)]
            for a in index.articles()
        }
        bodies = [parts[1] for parts in texts.values() if len(parts[1]) > 8]
        differing, lengths, cpu = 0, Counter[int](), 0.0
        for _ in range(number):
            body, size = rng.choice(bodies), rng.randint(1, 8)
            start = rng.randrange(len(body) - size)
            string = body[start : start + size].strip() or body[:size]
            grep = {i for i, parts in texts.items() if any(string in part for part in parts)}
            begun = time.process_time()
            results = index.search(string, mode="literal", limit=None, dedupe=False)
            cpu += time.process_time() - begun
            found = {hit.article.id for hit in results.hits}
            lengths[len(string)] += 1
            if found != grep:
                differing += 1
                print(f"{string!r}: grep {len(grep)}, sou {len(found)}", sorted(grep ^ found)[:3])
    print(
        f"{number} strings of {min(lengths)} to {max(lengths)} characters over {len(texts)} "
        f"articles: {number - differing} exact, {differing} differ; {cpu / number * 1000:.1f} ms each"
    )
    return differing


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], *map(int, sys.argv[2:]))))
