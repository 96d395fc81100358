"""The table of cases: what is the same text, what is not, and why (same.tsv, which see)."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.analysis.fold import END, fold, fold_with_map
from search.analysis.fold_batch import fold_many

TABLE = Path(__file__).parent / "same.tsv"
LINES = [
    (number, line.split("\t"))
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1)
    if line.strip() and not line.startswith("#")
]


def read(text: str) -> str:
    r"""Return what a cell says: `\n`, `\t`, `\uXXXX` and `\UXXXXXXXX` are characters."""
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")


@pytest.mark.parametrize(("number", "cells"), LINES, ids=[f"line {n}" for n, _ in LINES])
def test_the_table_of_cases(number: int, cells: list[str]) -> None:
    one, other, verdict, why = cells
    assert verdict in {"same", "different"}, f"same.tsv, line {number}"
    assert why, f"same.tsv, line {number}: say why"
    one, other = read(one), read(other)
    assert one != other, f"same.tsv, line {number}: the two are one"
    assert (fold(one) == fold(other)) == (verdict == "same"), f"{fold(one)!r}, {fold(other)!r}"
    for text in (one, other):
        assert fold_with_map(text).text == fold(text)
        assert fold_many([text]) == fold(text) + END


def test_there_are_enough_cases_of_both_kinds_and_none_twice() -> None:
    verdicts = [cells[2] for _, cells in LINES]
    assert len(LINES) >= 500
    assert verdicts.count("different") >= 120
    pairs = [frozenset(map(read, cells[:2])) for _, cells in LINES]
    assert len(set(pairs)) == len(pairs)
