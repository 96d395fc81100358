"""A posting list taken apart without numpy: its head, and the kinds of its steps.

`posting_lists` says what a list is, and does the same for many with numpy.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate

from search.engines.whoosh.codec import varint

VARINTS, BYTES, SHORTS = 0, 1, 2

WIDEST = {BYTES: 0xFF, SHORTS: 0xFFFF}
"""The number that stands for itself and says that more is to be added."""

LONG = 50
"""Steps from which on another kind than varints is thought of."""

LONG_BYTES = 256
"""Bytes of varints that are LONG for certain."""


def head(postings: memoryview) -> tuple[int, int, int]:
    """Return the documents of a list, the kind of its steps, and where the head ends."""
    value, size = varint.one(postings, 0)
    return value >> 2, value & 3, size


def values(postings: memoryview) -> list[int]:
    """Return the values of a list without frequencies (`posting_lists` says what it is)."""
    if not len(postings):
        return []
    _, kind, begin = head(postings)
    if kind == VARINTS:
        return list(accumulate(varint.decode_few(postings[begin:])))
    units, widest = _units(postings[begin:], kind), WIDEST[kind]
    sums = accumulate(units)
    if widest not in units:
        return list(sums)
    return [value for value, unit in zip(sums, units, strict=True) if unit != widest]


def with_frequencies(postings: memoryview) -> tuple[list[int], list[int]]:
    """Return the documents of a list of a word, and how often it stands in each."""
    _, kind, begin = head(postings)
    size, begin = varint.one(postings, begin)
    end = len(postings) - size
    if end < begin:
        raise ValueError("the frequencies of a list begin before it does")
    steps = _steps(postings[begin:end], kind)
    extras = iter(varint.decode_few(postings[end:]))
    frequencies = [next(extras) + 2 if step & 1 else 1 for step in steps]
    return list(accumulate(step >> 1 for step in steps)), frequencies


def _units(data: memoryview, kind: int) -> array[int] | bytes:
    return bytes(data) if kind == BYTES else array("H", bytes(data))


def _steps(data: memoryview, kind: int) -> Sequence[int]:
    """Decode steps of a kind."""
    if kind == VARINTS:
        return varint.decode_few(data)
    units, widest = _units(data, kind), WIDEST[kind]
    if widest not in units:
        return units
    steps, more = [], 0
    for unit in units:
        more += unit
        if unit != widest:
            steps.append(more)
            more = 0
    return steps
