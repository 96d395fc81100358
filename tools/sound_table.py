"""Write search/analysis/tables/sounds.py: the characters of each syllable, whatever the tone.

usage: python tools/sound_table.py

The readings are facts taken from pypinyin (MIT), of the 6,763 characters of GB 2312, which
are those that people type. A table, because pypinyin takes 0.7 s to be imported, and a query
that finds nothing has to be answered at once.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import pypinyin

from search.analysis.fold import fold

ROWS = range(0xB0, 0xF8)
TARGET = Path(__file__).parent.parent / "search" / "analysis" / "tables" / "sounds.py"
HEADER = '''"""Characters of one sound, whatever the tone: a string a syllable, for GB 2312."""

# Made by tools/sound_table.py from pypinyin {version} (MIT); do not edit.
'''


def characters() -> list[str]:
    """Return the characters of GB 2312, those in frequent use first."""
    found = []
    for row in ROWS:
        for cell in range(0xA1, 0xFF):
            text = bytes([row, cell]).decode("gb2312", "ignore")
            if text and fold(text) == text:  # others stand in no folded text
                found.append(text)
    return found


def syllables() -> dict[str, str]:
    """Return the characters of each syllable that more than one character has."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for char in characters():
        [readings] = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)
        for syllable in dict.fromkeys(readings):
            groups[syllable].append(char)
    return {name: "".join(groups[name]) for name in sorted(groups) if len(groups[name]) > 1}


def write(target: Path = TARGET) -> None:
    """Write the table, a syllable on a line."""
    lines = [HEADER.format(version=version("pypinyin")).rstrip(), "SYLLABLES = ("]
    lines += [f'    "{text}",  # {name}' for name, text in syllables().items()]
    target.write_text("\n".join([*lines, ")"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
