"""Which columns of records became which fields, for people who look how a file is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from search.model.article import Article
from search.papers.field_names import FIELDS
from search.papers.problem import Problem
from search.papers.readers.records.article_fields import clean, columns_of

NOT_USED = "columns not used: "
"""What a remark on the columns of a file begins with; their names follow."""

_MOST = 200
"""Columns that are counted; records may have a name of their own for each value."""

_LONGEST = 40
"""Characters of the longest name of a column that is told whole."""


class Columns:
    """The columns of the records of one file, counted."""

    def __init__(self) -> None:
        self._records = 0
        self._articles = 0
        self._dated = 0
        self._used: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
        self._unused: Counter[str] = Counter()

    def add(self, record: Mapping[str, Any]) -> None:
        """Count the columns of a record that hold something."""
        self._records += 1
        for column, name in columns_of(record).items():
            counts = self._used[name] if name else self._unused
            if column in counts or len(counts) < _MOST:
                counts[column] += 1

    def take(self, thing: object) -> None:
        """Count what a record became."""
        if isinstance(thing, Article):
            self._articles += 1
            self._dated += thing.date is not None

    def lines(self) -> Iterator[str]:
        """Yield what there is to say."""
        yield f"{_many(self._records, 'record')}, {_many(self._articles, 'article')}"
        for name in FIELDS:
            counts = self._used[name]
            said = _listed(counts) if counts else "none of its columns"
            if name == "date" and self._dated < counts.total():
                said += f"; in {self._dated:,} of these a date could be read"
            yield f"{name}: {said}"
        yield f"not used: {_listed(self._unused) if self._unused else 'none'}"


def not_used(shown: str, names: Iterable[str]) -> Problem:
    """Return the remark on columns that became no field."""
    clipped = (name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…" for name in names)
    return Problem(shown, NOT_USED + ", ".join(map(_one_line, clipped)), lost=False)


def _one_line(name: str) -> str:
    """Return the name of a column on one line, without what parts it from the next."""
    return " ".join(clean(name).replace(", ", ",").split()) or repr(name)


def names_not_used(problem: Problem) -> list[str]:
    """Return the columns of such a remark; nothing for any other problem.

    Of a file in an archive it begins with the name of that.
    """
    before, told, names = problem.reason.partition(NOT_USED)
    if problem.lost or not told or not (not before or before.endswith(": ")):
        return []
    return names.split(", ")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{column} ({number:,})" for column, number in _often(counts))


def _often(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    return counts.most_common(20)


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
