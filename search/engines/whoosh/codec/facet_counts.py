"""Counting the documents found in a segment by what its columns say of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.stored_fields import names as names_in
from search.model.facets import Value, day_value

COLUMNS = {"paper": "papers", "section": "sections", "author": "bylines"}
"""The column of each facet that is not one of time."""


def count(segment: Segment, scores: Any, name: str) -> Iterator[tuple[Value, int]]:
    """Yield values of a facet and how many of the documents found have each.

    `scores` are those of `plain` or `arrays`. A value may come several times.
    """
    if name not in COLUMNS:
        for (first, last), times in scores.tally(segment.first, segment.last):
            yield day_value(first, last, name), times
        return
    of, values = segment.labels(COLUMNS[name])
    for (number,), times in scores.tally(of):
        text = values[number].decode("utf-8", "surrogatepass")
        names: set[Value] = {text} if name != "author" else set(names_in(text))
        for value in names - {""} or {None}:
            yield value, times
