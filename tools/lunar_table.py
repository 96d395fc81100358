"""Write search/dates/lunar_years.py: when each year of the moon begins, and how long its months are.

usage: python tools/lunar_table.py

The facts are taken from lunar_python (MIT), which computes them and corrects what was printed
otherwise at the time. A table, because lunar_python has no wheel, and one version must not
read another day out of a paper than the next. It ends where those who compute still agree: in
2057 a new moon is within seconds of midnight.
"""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from pathlib import Path

from lunar_python import Lunar, LunarYear

FIRST, LAST = 1800, 2050
TARGET = Path(__file__).parent.parent / "search" / "dates" / "lunar_years.py"
HEADER = '''"""The years of the moon: when each begins, and how long its months are."""

# Made by tools/lunar_table.py from lunar_python {version} (MIT); do not edit.

FIRST = {first}
"""The first year of the table."""

YEARS = (
'''
FOOTER = ''')  # fmt: skip
"""A number a year: the days from 21 January to its first (5 bits), the month after which there is
a leap month (4 bits, 0 for none), and for each of its 12 or 13 months, the first in the highest
bit, whether it has 30 days and not 29 (13 bits)."""
'''


def number(year: int) -> int:
    """Return a year as the table has it."""
    begin = Lunar.fromYmd(year, 1, 1).getSolar()
    day = dt.date(begin.getYear(), begin.getMonth(), begin.getDay())
    months = [(m.getMonth(), m.getDayCount()) for m in LunarYear.fromYear(year).getMonthsInYear()]
    leap = next((-month for month, _ in months if month < 0), 0)
    long = sum((days == 30) << (12 - place) for place, (_, days) in enumerate(months))
    return ((day - dt.date(year, 1, 21)).days << 17) | (leap << 13) | long


def write(target: Path = TARGET) -> None:
    """Write the table, ten years on a line."""
    lines = []
    for decade in range(FIRST, LAST + 1, 10):
        years = range(decade, min(decade + 10, LAST + 1))
        lines.append(
            "    " + " ".join(f"0x{number(year):06X}," for year in years) + f"  # {decade}"
        )
    text = HEADER.format(version=version("lunar_python"), first=FIRST)
    target.write_text(text + "\n".join(lines) + "\n" + FOOTER, encoding="utf-8")


if __name__ == "__main__":
    write()
