"""Write search/papers/encodings/frequent.py: the commonest Chinese characters, in order.

usage: python tools/frequent_characters.py

The order is that of the words of jieba's dictionary (MIT), each counted as often as it says.
Only simplified forms are written: a traditional one is as frequent as the form it has in
search/analysis/tables/simplified.py. It is kept as a table because loading the dictionary takes longer
than reading a page.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import jieba

from search.analysis.tables.simplified import TRADITIONAL

NUMBER = 4096
TARGET = Path(__file__).parent.parent / "search" / "papers" / "encodings" / "frequent.py"
HEADER = '''"""The commonest Chinese characters, simplified, from the most frequent on.

Made by tools/frequent_characters.py from the dictionary of jieba {version} (MIT); do not edit.
"""
'''


def frequent() -> str:
    """Return the characters, the most frequent first."""
    counts: Counter[str] = Counter()
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, times, _ = line.decode().split(" ")
            for character in word:
                counts[character] += int(times)
    traditional = set(TRADITIONAL)
    han = (c for c, _ in counts.most_common() if "\u4e00" <= c <= "\u9fff")
    return "".join(c for c in han if c not in traditional)[:NUMBER]


def write(target: Path = TARGET) -> None:
    """Write the table, 60 characters a line."""
    text = frequent()
    rows = [f'    "{text[i : i + 60]}"' for i in range(0, len(text), 60)]
    lines = [HEADER.format(version=jieba.__version__), "FREQUENT = (", *rows, ")"]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
