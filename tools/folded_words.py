"""Write search/analysis/tables/folded_words.py: words of jieba's dictionary that folding changes.

usage: python tools/folded_words.py

Texts are folded before they are cut. So a word that folding changes is known as what it folds
to, with the larger of both frequencies, if the dictionary does not say so already. Those of one
character are known or not without a difference, and what is not all Han is cut without jieba.
It is kept as a table because finding them takes as long as loading the dictionary, which
building does not.

To be run again when folding changes; then search.analysis.segment.VERSION and
search.analysis.jieba_dictionary.FORMAT are to be raised.
"""

from __future__ import annotations

from pathlib import Path

import jieba

from search.analysis.fold import fold
from search.analysis.jieba_algorithm import FIRST, LAST

TARGET = Path(__file__).parent.parent / "search" / "analysis" / "tables" / "folded_words.py"
WIDTH = 92
HEADER = '''"""What words of jieba's dictionary fold to that it does not know so, each with its frequency.

Made by tools/folded_words.py from the dictionary of jieba {version} (MIT); do not edit.
"""
'''


def folded_words() -> dict[str, int]:
    """Return the words and their frequencies, sorted."""
    known: dict[str, int] = {}
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, times, _ = line.decode().split(" ")
            known[word] = int(times)
    found: dict[str, int] = {}
    for word, times in known.items():
        form = fold(word)
        cut = len(form) > 1 and all(FIRST <= ord(char) <= LAST for char in form)
        if cut and times > max(known.get(form, 0), found.get(form, 0)):
            found[form] = times
    return dict(sorted(found.items()))


def write(target: Path = TARGET) -> None:
    """Write the table, as many words a line as fit."""
    rows = [""]
    for word, times in folded_words().items():
        pair = f"{word} {times} "
        if len(rows[-1]) + len(pair) + len(word) > WIDTH:  # Han characters are two wide
            rows.append("")
        rows[-1] += pair
    text = "\n".join(f'    "{row}"' for row in rows)
    target.write_text(
        f"{HEADER.format(version=jieba.__version__)}\nWORDS = (\n{text}\n)\n", encoding="utf-8"
    )


if __name__ == "__main__":
    write()
