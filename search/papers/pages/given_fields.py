"""What is given of a paper, put over what its pages say of themselves."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Any

from search.papers.given.given import Given
from search.papers.pages.page_fields import FIELDS, PageFields


def with_given(
    known: PageFields, given: Given, *, first: bool, right: Container[str]
) -> PageFields:
    """Return what is known of a page with what is given of its paper, which wins.

    `first` says that it is the first page of its file, of which alone the number is given;
    `right` names the fields that a person put right: these stay. A month that is given
    does not take away the day that is printed.
    """
    if not given.fields:
        return known
    where = dict(known.where)
    changes: dict[str, Any] = {}
    for name, value, place in given.fields:
        if name not in FIELDS or (name == "page" and not first):
            continue
        if name in right:
            continue
        if name == "date" and known.date and known.date.startswith(value) and known.date != value:
            continue
        changes[name] = value
        where[name] = place
    return replace(known, **changes, where=where) if changes else known
