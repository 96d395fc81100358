"""Sorted positions of a field, and the arithmetic on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from search.engines.whoosh.codec import posting_lists

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints

    Places: TypeAlias = Ints
    """Sorted positions of a field, shape (places,)."""

NONE = np.empty(0, dtype=np.int64)


def common(one: Places, other: Places) -> Places:
    """Return the positions that are in both."""
    small, large = (one, other) if len(one) < len(other) else (other, one)
    if not len(small):
        return NONE
    at = np.searchsorted(large, small)
    at[at == len(large)] = 0
    both: Places = small[large[at] == small]
    return both


def left_out(places: Places, some: Places) -> Places:
    """Return the positions that are not among some others."""
    kept: Places = places[~np.isin(places, some, assume_unique=True)]
    return kept


def union(parts: list[Places]) -> Places:
    """Return the positions that are in any of some."""
    return posting_lists.distinct(np.concatenate([NONE, *parts]))


def at_least(places: Places, wanted: Ints) -> Ints:
    """Return for each wanted position the first of some that is not before it, or -1."""
    at = np.searchsorted(places, wanted)
    return np.append(places, -1)[at]
