"""Joining the posting lists of several segments, mostly without decoding them.

Documents and positions of a segment follow those of the segment before. So of a term's
lists the first is copied, and of each later one only the first step is rewritten: from
the last value of the list before it. Lists of a term are decoded and encoded again where
their steps are of different kinds, or have become enough for another kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.engines.whoosh.codec import posting_lists, varint
from search.engines.whoosh.codec.posting_lists import Extras, Lists, Steps, starts_of
from search.engines.whoosh.codec.posting_steps import BYTES, LONG_BYTES, SHORTS, VARINTS, WIDEST

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints, Mask, Octets, Whole


@dataclass(slots=True)
class Part:
    """Lists of one segment, the rising numbers of their terms, and what their values rise by."""

    terms: Whole
    lists: Lists
    base: int


@dataclass(slots=True)
class _Entries:
    """Lists to be joined, sorted by term and then by segment. All arrays are as long."""

    new: Mask  # is the list the first of its term?
    kind: Ints
    documents: Ints
    first: Ints  # its first step, as it is to be
    begin: Ints  # where its other steps begin, as bytes of all lists
    end: Ints
    extras_end: Ints
    place: Ints  # where the list itself begins


def joined(parts: list[Part], *, frequencies: bool) -> tuple[Whole, Lists]:
    """Join lists. Returns the numbers of the terms that have one, and their lists."""
    source = np.concatenate([part.lists.data for part in parts])
    terms = np.concatenate([part.terms for part in parts])
    order = np.argsort(terms, kind="stable")
    terms = terms[order]
    new = np.ones(len(terms), dtype=bool)
    new[1:] = terms[1:] != terms[:-1]
    offsets = starts_of(np.array([len(part.lists.data) for part in parts]))
    place = np.concatenate([p.lists.at[:-1] + o for p, o in zip(parts, offsets, strict=True)])
    end = np.concatenate([p.lists.at[1:] + o for p, o in zip(parts, offsets, strict=True)])
    base = np.repeat([part.base for part in parts], [len(part.terms) for part in parts])[order]
    lasts = np.concatenate([part.lists.lasts for part in parts])[order] + base
    rise = base.copy()
    rise[1:] -= np.where(new[1:], 0, lasts[:-1])
    entries = _entries(source, place[order], end[order], new, rise, frequencies=frequencies)
    starts = np.flatnonzero(new)
    lasts = lasts[np.append(starts[1:], len(terms)) - 1]
    again = _again(entries, starts, lasts)
    data, ends = _assembled(source, entries, starts, again, frequencies=frequencies)
    return terms[starts], Lists(data, np.concatenate([[0], ends]), lasts)


def _entries(
    source: Octets, place: Ints, end: Ints, new: Mask, rise: Ints, *, frequencies: bool
) -> _Entries:
    """Read the head and the first step of lists; `rise` is added to the first step's rise."""
    head, size = varint.at(source, place)
    begin = place + size
    kind = head & 3
    extras_end = end
    if frequencies:
        extra_sizes, size = varint.at(source, begin)
        begin = begin + size
        end = extras_end - extra_sizes
        rise = rise << 1
    first = np.empty(len(place), dtype=np.int64)
    for which in (VARINTS, BYTES, SHORTS):
        chosen = np.flatnonzero(kind == which)
        first[chosen], size = _first(source, begin[chosen], which)
        begin[chosen] += size
    return _Entries(new, kind, head >> 2, first + rise, begin, end, extras_end, place)


def _first(source: Octets, places: Ints, kind: int) -> tuple[Ints, Ints]:
    """Return the steps of a kind that begin at some places, and how many bytes each takes."""
    if kind == VARINTS:
        return varint.at(source, places)
    values = np.zeros(len(places), dtype=np.int64)
    sizes = np.zeros(len(places), dtype=np.int64)
    more = np.arange(len(places))
    while len(more):
        at = places[more] + sizes[more]
        unit = source[at].astype(np.int64)
        if kind == SHORTS:
            unit |= source[at + 1].astype(np.int64) << 8
        values[more] += unit
        sizes[more] += 1 if kind == BYTES else 2
        more = more[unit == WIDEST[kind]]
    return values, sizes


_FAR = 16
"""Escapes with which a list may begin."""

_SPARSE = 1 << 15
"""Mean step above which 16 bits are seldom worth while."""


def _again(entries: _Entries, starts: Ints, lasts: Ints) -> Mask:
    """Tell for each term whether its lists are to be encoded again."""
    of = np.cumsum(entries.new) - 1
    kind = entries.kind[starts]
    same: Mask = np.logical_and.reduceat(entries.kind == kind[of], starts)
    # A list that begins far from the end of the one before would begin with many escapes.
    widest = np.array([1 << 50, WIDEST[BYTES], WIDEST[SHORTS]])[entries.kind]
    far: Mask = np.logical_or.reduceat(entries.first > _FAR * widest, starts)
    size = entries.end - entries.begin
    sizes = np.add.reduceat(size, starts)
    grown = (sizes >= LONG_BYTES) & (lasts < sizes // 2 * _SPARSE)  # about two bytes a step
    small: Mask = np.logical_and.reduceat((entries.kind == VARINTS) & (size < LONG_BYTES), starts)
    alone: Mask = np.diff(np.append(starts, len(entries.new))) == 1
    again: Mask = far | ~alone & (~same | (grown & small))
    return again


def _assembled(
    source: Octets, entries: _Entries, starts: Ints, again: Mask, *, frequencies: bool
) -> tuple[Octets, Ints]:
    """Put the lists of the terms together; returns their bytes and where each term ends."""
    of = np.cumsum(entries.new) - 1
    counts = np.diff(np.append(starts, len(of)))
    buffers, size = [source], len(source)
    froms = np.zeros((3, len(of)), dtype=np.int64)  # of first step, other steps, extras
    sizes = np.zeros((3, len(of)), dtype=np.int64)
    copied = ~again[of]
    for kind in (VARINTS, BYTES, SHORTS):
        chosen = np.flatnonzero(copied & (entries.kind == kind))
        data, ends = posting_lists.encode_steps(entries.first[chosen], kind)
        sizes[0, chosen] = np.diff(ends, prepend=0)
        froms[0, chosen] = size + ends - sizes[0, chosen]
        buffers.append(data)
        size += len(data)
    froms[1], sizes[1] = entries.begin, (entries.end - entries.begin) * copied
    froms[2], sizes[2] = entries.end, (entries.extras_end - entries.end) * copied
    # The heads; or the whole list, where it is encoded again.
    documents = np.add.reduceat(entries.documents, starts)
    heads = documents << 2 | entries.kind[starts]
    if frequencies:
        heads = np.column_stack([heads, np.add.reduceat(sizes[2], starts)]).ravel()
    data, ends = varint.encode(heads)
    head_sizes = np.diff(ends[1::2] if frequencies else ends, prepend=0)
    head_froms = size + np.cumsum(head_sizes) - head_sizes
    buffers.append(data)
    size += len(data)
    if again.any():
        data, ends = _encoded_again(source, entries, documents, again, frequencies=frequencies)
        head_sizes[again] = np.diff(ends, prepend=0)
        head_froms[again] = size + ends - head_sizes[again]
        buffers.append(data)
    # In order: the head of a term, the steps of all its lists, the extras of all its lists.
    each = 3 if frequencies else 2
    rows = 1 + counts * each
    at = starts_of(rows)
    piece_froms = np.empty(int(rows.sum()), dtype=np.int64)
    piece_sizes = np.empty(len(piece_froms), dtype=np.int64)
    piece_froms[at], piece_sizes[at] = head_froms, head_sizes
    within = np.arange(len(of)) - starts[of]
    first = at[of] + 1 + 2 * within
    for row, where in enumerate((first, first + 1, first + 2 * counts[of] - within)[:each]):
        piece_froms[where], piece_sizes[where] = froms[row], sizes[row]
    data = posting_lists.gathered(np.concatenate(buffers), piece_froms, piece_sizes)
    ends = np.cumsum(piece_sizes)[at + rows - 1]
    return data, ends


def _encoded_again(
    source: Octets, entries: _Entries, documents: Ints, again: Mask, *, frequencies: bool
) -> tuple[Octets, Ints]:
    """Encode the lists of some terms from their steps."""
    of = np.cumsum(entries.new) - 1
    chosen = np.flatnonzero(again[of])
    sizes = (entries.extras_end - entries.place)[chosen]
    at = np.concatenate([[0], np.cumsum(sizes)])
    some = Lists(posting_lists.gathered(source, entries.place[chosen], sizes), at)
    steps = posting_lists.decode(some, frequencies=frequencies)
    steps.steps[starts_of(steps.counts)] = entries.first[chosen]
    begins = np.flatnonzero(entries.new[chosen])
    whole = Steps(np.add.reduceat(steps.counts, begins), steps.steps, documents[again])
    if steps.extras:
        each = np.add.reduceat(steps.extras.counts, begins)
        whole.extras = Extras(steps.extras.values, each)
    return posting_lists.encode(whole)
