"""What is given of one file: fields, names of columns, names of papers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

FIELDS = ("paper", "date", "page", "issue", "edition", "section", "title", "authors", "url")


@dataclass(frozen=True, slots=True)
class Given:
    """What is given of a file: `fields` with where each comes from, for people.

    `columns` pairs names of columns, as they are compared, with the fields that they hold;
    `papers` are names of papers besides those that sou knows by rules.
    """

    fields: tuple[tuple[str, str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    papers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is given."""
        return bool(self.fields or self.columns or self.papers)

    @property
    def values(self) -> dict[str, str]:
        """The fields."""
        return {name: value for name, value, _ in self.fields}

    @property
    def where(self) -> dict[str, str]:
        """Where each field comes from."""
        return {name: place for name, _, place in self.fields}


NOTHING_GIVEN = Given()


def given_from(values: Mapping[str, Any]) -> Given:
    """Return what was given to another process, as JSON holds it."""
    return Given(
        tuple((name, value, where) for name, value, where in values["fields"]),
        tuple((column, field) for column, field in values["columns"]),
        tuple(values["papers"]),
    )


def mark_with(correction: str, given: Given) -> str:
    """Return what tells all that stands beside a paper from anything else.

    `correction` is what tells its correction; where nothing is given, that is all. Where a
    field comes from does not count, nor does the order of the papers.
    """
    if not given:
        return correction
    told = [correction, given.values, given.columns, sorted(given.papers)]
    text = json.dumps(told, sort_keys=True)
    return blake2b(text.encode("ascii"), digest_size=16).hexdigest()
