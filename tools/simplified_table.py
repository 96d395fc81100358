"""Write search/analysis/tables/simplified.py: each traditional character and its simplified form.

usage: python tools/simplified_table.py

The pairs are facts taken from OpenCC's t2s conversion (Apache-2.0), one character at a time.
They are kept as a table, not asked of OpenCC at run time, because an index is only valid as
long as the folding that built it: an upgrade of a library must not change what is found.
"""

from __future__ import annotations

from pathlib import Path

import opencc

HAN = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)]
TARGET = Path(__file__).parent.parent / "search" / "analysis" / "tables" / "simplified.py"
HEADER = '''"""Traditional characters and their simplified forms, pairwise by position.

Made by tools/simplified_table.py from OpenCC {version} (Apache-2.0); do not edit.
"""

# ruff: noqa: E501
'''


def pairs() -> dict[str, str]:
    """Return every Han character whose simplified form, by itself, is another character."""
    converter = opencc.OpenCC("t2s")
    characters = [chr(code) for first, last in HAN for code in range(first, last + 1)]
    simplified = converter.convert("\n".join(characters)).split("\n")
    table = {a: b for a, b in zip(characters, simplified, strict=True) if a != b}
    # A few go through two steps; folding must be at rest after one.
    return {a: table.get(b, b) for a, b in table.items()}


def write(target: Path = TARGET) -> None:
    """Write the table as two strings of equal length, 60 characters a line."""
    table = pairs()
    lines = [HEADER.format(version=opencc.__version__)]
    for name, text in (("TRADITIONAL", "".join(table)), ("SIMPLIFIED", "".join(table.values()))):
        rows = [f'    "{text[i : i + 60]}"' for i in range(0, len(text), 60)]
        lines += [f"{name} = (", *rows, ")"]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
