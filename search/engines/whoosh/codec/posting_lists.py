"""Posting lists: the documents of a term, or its positions, as bytes.

A list is a head and its steps: the number from which each value rises from the one before
it (the first, from 0). The head is a varint, four times the number of the list's documents
plus the kind of the steps: varints; bytes; or 16 bits each. Bytes and 16 bits are read many
times as fast, so a long list takes one of them where that takes hardly more room. Their
largest number stands for itself and says that more is to be added.

A list of words also says how often the word stands in each document: a step is twice the
rise, plus 1 where that is more than once. After the head stands the size in bytes of what
then follows the steps: for each of those documents the frequency less 2, a varint.

Lists are joined without decoding: of each but the first only the first step changes, see
`search.engines.whoosh.codec.posting_merge`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from search.engines.whoosh.codec import varint
from search.engines.whoosh.codec.posting_steps import BYTES, LONG, SHORTS, VARINTS, WIDEST, head

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from search.engines.whoosh.codec.array_types import Ints, Mask, Octets, Whole

Number = TypeVar("Number", bound="np.integer[Any]")
"""The type of numbers."""

_BLOCK = 1 << 14
"""Pieces gathered at once."""

_WORTH = 1.3
"""How much more room than varints a quicker kind of steps may take."""


@dataclass(slots=True)
class Lists:
    """Many lists, one behind the other."""

    data: Octets
    """Their bytes, shape (bytes,)."""
    at: Ints
    """Where each begins in them, and the last ends: shape (lists + 1,)."""
    lasts: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """The last value of each, shape (lists,); empty where they are not known."""


@dataclass(slots=True)
class Extras:
    """The frequencies above 1 of the documents of many lists."""

    values: Whole
    """Each less 2, list by list: shape (sum of `counts`,)."""
    counts: Ints
    """How many of them each list has, shape (lists,)."""


@dataclass(slots=True)
class Steps(Generic[Number]):
    """What lists are made of."""

    counts: Ints
    """How many steps each list has, shape (lists,)."""
    steps: NDArray[Number]
    """The steps, list by list: shape (sum of `counts`,)."""
    documents: Whole
    """Of how many documents each list is, shape (lists,)."""
    extras: Extras | None = None
    """None in lists without frequencies."""


def starts_of(counts: Ints) -> Ints:
    """Return where each of some runs begins, given how long they are."""
    return np.cumsum(counts) - counts


def places_in(starts: Ints, counts: Ints) -> Ints:
    """Return the places of runs, one after the other: `counts[i]` places from `starts[i]` on."""
    shift = np.repeat(starts - starts_of(counts), counts)
    shift += np.arange(len(shift))
    return shift


def gathered(data: Octets, starts: Ints, sizes: Ints) -> Octets:
    """Return pieces of some bytes, one after the other.

    A block at a time: the places of the bytes take eight times as much as the bytes do.
    """
    ends = np.cumsum(sizes)
    shift = starts - (ends - sizes)
    out = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for i in range(0, len(sizes), _BLOCK):
        low, high = (int(ends[i - 1]) if i else 0), int(ends[min(i + _BLOCK, len(ends)) - 1])
        places = np.repeat(shift[i : i + _BLOCK], sizes[i : i + _BLOCK])
        places += np.arange(low, high)
        np.take(data, places, out=out[low:high], mode="clip")
    return out


def run_starts(sorted_values: Whole) -> Ints:
    """Return where each run of equal values begins."""
    if not len(sorted_values):
        return np.empty(0, dtype=np.int64)
    changes = np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1
    return np.concatenate(([0], changes))


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """Return the different values, in order. `np.unique` hashes, which takes far longer."""
    values = np.sort(values)
    return values[run_starts(values)]


def different(starts: Ints, numbers: Whole) -> Ints:
    """Count the different numbers in each run; equal ones stand side by side."""
    if not len(starts):
        return np.empty(0, dtype=np.int64)
    new = np.ones(len(numbers), dtype=bool)
    new[1:] = numbers[1:] != numbers[:-1]
    new[starts] = True
    return np.add.reduceat(new, starts, dtype=np.int64)


def build(starts: Ints, values: Whole, documents: Ints, frequencies: Ints | None = None) -> Lists:
    """Encode lists of rising values, none of them empty.

    `starts` says where each list begins in `values`, and `documents` how many documents it
    has; `frequencies` belong to the values.
    """
    counts = np.diff(np.append(starts, len(values)))
    steps = np.empty_like(values)
    np.subtract(values[1:], values[:-1], out=steps[1:])
    steps[starts] = values[starts]  # whatever was there before, or wrapped
    lasts = values[starts + counts - 1].astype(np.int64)
    of = Steps(counts, steps, documents)
    if frequencies is not None:
        often = frequencies > 1
        of.steps = steps << 1
        of.steps |= often
        each = np.add.reduceat(often, starts, dtype=np.int64) if len(starts) else counts
        of.extras = Extras(frequencies[often] - 2, each)
    data, ends = encode(of)
    return Lists(data, np.concatenate([[0], ends]), lasts)


def reordered(of: Lists, order: Ints) -> Lists:
    """Return lists in another order."""
    sizes = np.diff(of.at)[order]
    data = gathered(of.data, of.at[order], sizes)
    return Lists(data, np.concatenate([[0], np.cumsum(sizes)]), of.lasts[order])


def absolute(counts: Ints, steps: Ints) -> Ints:
    """Return the values that the steps of lists lead to."""
    sums = np.cumsum(steps)
    starts = starts_of(counts)
    return sums - np.repeat(sums[starts] - steps[starts], counts)


def encode(of: Steps[Number]) -> tuple[Octets, Ints]:
    """Encode lists, none of them empty. Returns their bytes and where each ends."""
    kinds = _kinds(of)
    narrow = kinds == VARINTS
    head = 1 if of.extras is None else 2
    counts = np.where(narrow, of.counts, 0)
    sizes = head + counts
    if of.extras is not None:
        sizes += of.extras.counts
    at = starts_of(sizes)
    stream = np.empty(int(sizes.sum()), dtype=of.steps.dtype)
    stream[at] = of.documents << 2 | kinds
    steps = of.steps if narrow.all() else of.steps[np.repeat(narrow, of.counts)]
    if of.extras is None:
        inside = np.ones(len(stream), dtype=bool)
        inside[at] = False
        stream[inside] = steps
    else:
        bytes_before = np.concatenate(
            [[0], np.cumsum(varint.sizes(of.extras.values), dtype=np.int64)]
        )
        stream[at + 1] = np.diff(bytes_before[np.cumsum(of.extras.counts)], prepend=0)
        stream[places_in(at + 2, counts)] = steps
        stream[places_in(at + 2 + counts, of.extras.counts)] = of.extras.values
    data, ends = varint.encode(stream)
    if narrow.all():
        return data, ends[at + sizes - 1]
    return _with_wide(of, kinds, data, ends[at + head - 1], ends[at + sizes - 1])


def _with_wide(
    of: Steps[Number], kinds: Ints, data: Octets, behind: Ints, ends: Ints
) -> tuple[Octets, Ints]:
    """Put the steps that are not varints behind the heads of their lists."""
    wide = np.flatnonzero(kinds != VARINTS)
    bodies: dict[int, Octets] = {}
    for kind in (BYTES, SHORTS):
        chosen = np.flatnonzero(kinds == kind)
        steps = of.steps[np.repeat(kinds == kind, of.counts)]
        body, body_ends = encode_steps(steps, kind)
        cuts: Ints | list[int] = (
            body_ends[np.cumsum(of.counts[chosen])[:-1] - 1] if len(chosen) else []
        )
        bodies |= zip(chosen.tolist(), np.split(body, cuts), strict=False)
    pieces: list[Octets] = []
    done = 0
    for number, place in zip(wide.tolist(), behind[wide].tolist(), strict=True):
        pieces += [data[done:place], bodies[number]]
        done = place
    more = np.zeros(len(ends), dtype=np.int64)
    more[wide] = [len(bodies[number]) for number in wide.tolist()]
    return np.concatenate([*pieces, data[done:]]), ends + np.cumsum(more)


def _kinds(of: Steps[Number]) -> Ints:
    """Choose the kind of each list."""
    kinds = np.full(len(of.counts), VARINTS, dtype=np.int64)
    long = np.flatnonzero(of.counts >= LONG)
    if not len(long):
        return kinds
    counts = of.counts[long]
    steps = of.steps[places_in(starts_of(of.counts)[long], counts)]
    starts = starts_of(counts)
    needed = np.add.reduceat(varint.sizes(steps), starts, dtype=np.int64) * _WORTH
    shorts = 2 * (counts + _escapes(steps, starts, WIDEST[SHORTS]))
    kinds[long[shorts <= needed]] = SHORTS
    small = counts + _escapes(steps, starts, WIDEST[BYTES])
    kinds[long[small <= np.minimum(shorts, needed)]] = BYTES
    return kinds


def _escapes(steps: Whole, starts: Ints, widest: int) -> Ints:
    """Count for each list how many times its steps need the widest number first."""
    more = np.zeros(len(steps), dtype=np.int64)
    large = np.flatnonzero(steps >= widest)
    more[large] = steps[large] // widest
    return np.add.reduceat(more, starts)


def encode_steps(steps: Whole, kind: int) -> tuple[Octets, Ints]:
    """Encode steps as those of a kind. Returns the bytes and where each step ends."""
    if kind == VARINTS:
        return varint.encode(steps)
    unit, widest = (1, WIDEST[kind]) if kind == BYTES else (2, WIDEST[kind])
    if not len(steps) or int(steps.max()) < widest:
        data = steps.astype(f"<u{unit}").view(np.uint8)
        ends: Ints = np.arange(unit, unit * len(steps) + 1, unit)
        return data, ends
    more = steps // widest
    ends = np.cumsum(more + 1)
    out = np.full(int(ends[-1]), widest, dtype=f"<u{unit}")
    out[ends - 1] = steps - more * widest
    return out.view(np.uint8), ends * unit


def values(postings: memoryview) -> Ints:
    """Return the values of a list without frequencies, int64."""
    _, kind, begin = head(postings)
    if kind == VARINTS:
        return np.cumsum(varint.decode(postings[begin:]))
    raw = _raw(postings[begin:], kind)
    sums = np.cumsum(raw, dtype=np.int64)
    whole = raw != WIDEST[kind]
    return sums if whole.all() else sums[whole]


def with_frequencies(postings: memoryview, found: Mask | None = None) -> tuple[Ints, Ints]:
    """Return the documents of a list of a word, and how often it stands in each.

    With `found`, a mask over the documents of the segment, only those that are in it.
    """
    _, kind, begin = head(postings)
    size, begin = varint.one(postings, begin)
    end = len(postings) - size
    if end < begin:
        raise ValueError("the frequencies of a list begin before it does")
    steps = _steps(postings[begin:end], kind)
    numbers = np.cumsum(steps >> 1, dtype=np.int64)
    often = steps & 1
    kept = slice(None) if found is None else found[numbers]
    numbers, more = numbers[kept], often[kept]
    frequencies = 1 + more.astype(np.int64)
    if size:
        extras = varint.decode(postings[end:])
        which = np.cumsum(often, dtype=np.int64)[kept][more > 0] - 1
        frequencies[more > 0] += extras[which]
    return numbers, frequencies


def _raw(data: memoryview | Octets, kind: int) -> Whole:
    if kind == BYTES:
        return np.frombuffer(data, dtype=np.uint8)
    return np.frombuffer(data, dtype=np.dtype(np.uint16).newbyteorder("<"))


def _steps(data: memoryview | Octets, kind: int) -> Whole:
    """Decode steps of a kind, as numbers of whatever size."""
    if kind == VARINTS:
        return varint.decode(data)
    raw = _raw(data, kind)
    whole: Mask = raw != WIDEST[kind]
    if whole.all():
        return raw
    return np.diff(np.cumsum(raw, dtype=np.int64)[whole], prepend=0)


def decode(lists: Lists, *, frequencies: bool) -> Steps[np.int64]:
    """Decode many lists at once. Raises ValueError, or IndexError, for what is none."""
    data, at = lists.data, lists.at
    heads, size = varint.at(data, at[:-1])
    begins = at[:-1] + size
    extra_sizes = np.zeros(len(heads), dtype=np.int64)
    if frequencies:
        extra_sizes, size = varint.at(data, begins)
        begins = begins + size
    ends = at[1:] - extra_sizes
    kinds = heads & 3
    if (ends < begins).any() or (kinds > SHORTS).any():
        raise ValueError("a list is not valid")
    counts = np.zeros(len(heads), dtype=np.int64)
    parts = []
    for kind in (VARINTS, BYTES, SHORTS):
        chosen = np.flatnonzero(kinds == kind)
        if len(chosen):
            sizes = (ends - begins)[chosen]
            steps, counts[chosen] = _decoded(gathered(data, begins[chosen], sizes), sizes, kind)
            parts.append((chosen, steps))
    out = np.empty(int(counts.sum()), dtype=np.int64)
    starts = starts_of(counts)
    for chosen, steps in parts:
        out[places_in(starts[chosen], counts[chosen])] = steps
    found = Steps(counts, out, heads >> 2)
    if frequencies:
        behind = gathered(data, ends, extra_sizes)
        found.extras = Extras(*_decoded(behind, extra_sizes, VARINTS))
    return found


def _decoded(data: Octets, sizes: Ints, kind: int) -> tuple[Whole, Ints]:
    """Return the steps in the bytes of lists of one kind, and how many each has."""
    last = data < 128 if kind == VARINTS else _raw(data, kind) != WIDEST[kind]
    counted = np.concatenate([[0], np.cumsum(last)])
    ends = np.cumsum(sizes) // (2 if kind == SHORTS else 1)
    return _steps(data, kind), np.diff(counted[ends], prepend=0)
