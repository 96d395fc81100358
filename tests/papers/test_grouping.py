"""Which lines of a page belong together, whatever the kind of each was taken from.

`page_units.txt` has pages in little: of each line its kind (H of a headline, with the level of a
Markdown heading; B of text, Y a byline, F furniture) and what it says, and then the units that
are made of them. They were looked for until each mistake that can be made in the module, one
condition or number at a time, spoils one of them, as far as it spoils anything; and were looked
at then. Whoever changes a rule looks at those that it changes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from search.papers.pages.grouping import find_units
from search.papers.pages.lines import Kind, Line
from search.papers.pages.unit import Unit

CASES = (Path(__file__).parents[1] / "data" / "page_units.txt").read_text("utf-8")
PAGES = [page.strip("\n").rpartition("\n= ")[::2] for page in CASES.split("====\n") if page]
KINDS = {"H": Kind.HEADLINE, "B": Kind.BODY, "Y": Kind.BYLINE, "F": Kind.FURNITURE}


def lines_of(page: str) -> list[Line]:
    """Return the lines of a page in little."""
    lines: list[Line] = []
    gap = 0
    for row in page.split("\n"):
        if not row:
            gap += 1
            continue
        code, _, text = row.partition(" ")
        level = int(code[1:] or 0)
        raw = f"{'#' * level} {text}" if level else text
        lines.append(Line(len(lines) + 1, raw, gap, KINDS[code[0]], bool(level), level))
        gap = 0
    return lines


def written(unit: Unit) -> str:
    """Return a unit as the file has it: its headline, its text, and the holes in that."""
    heads = " ".join(map(str, unit.heads)) or "-"
    holes = "".join(f" without {first}..{last}" for first, last in sorted(unit.holes))
    return f"{heads}: {unit.first}..{unit.last}{holes}"


@pytest.mark.parametrize(("page", "units"), PAGES)
def test_lines_are_gathered_into_units(page: str, units: str) -> None:
    assert " | ".join(map(written, find_units(lines_of(page)))) == units


def test_there_are_pages() -> None:
    assert len(PAGES) > 70
    assert sum("without" in units for _, units in PAGES) > 5
