"""From sorted postings to the arrays of a segment. Used by building and by merging alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from search.engines.whoosh.codec import varint


def run_starts(sorted_values: Any) -> Any:
    """Return where each run of equal values begins."""
    if not len(sorted_values):
        return np.empty(0, dtype=np.int64)
    changes = np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1
    return np.concatenate(([0], changes))


def ranks(size: int, starts: Any) -> Any:
    """Return for each place the number of the run it is in, from 0 on."""
    out = np.zeros(size, dtype=np.int64)
    out[starts[1:]] = 1
    return np.cumsum(out)


def half(keys: Any) -> int:
    """Return the bits of one character in the keys of pairs: 16 in uint32, 32 in uint64."""
    return int(keys.itemsize) * 4


def gaps(values: Any, starts: Any) -> Any:
    """Return the step from each value to the next; the first of each run as it is."""
    steps = np.empty(len(values), dtype=np.int64)
    steps[:1] = 0
    np.subtract(values[1:], values[:-1], out=steps[1:], dtype=np.int64, casting="unsafe")
    steps[starts] = values[starts]
    return steps


def grams(terms: Any, positions: Any, documents: Any) -> tuple[Any, Any]:
    """Encode the positions of terms, sorted by (term, position).

    `terms` are numbers without gaps from 0 on; `documents` are those of the positions. A
    term becomes a head, twice the number of its documents plus 1 if it is wide, and the
    gaps between its positions: numbers of 16 bits for a wide term, which are quicker to
    read and for a frequent one no larger (see `_steps`), else of seven bits a byte.
    Returns the bytes and where each term ends in them.
    """
    starts = run_starts(terms)
    if not len(starts):
        return np.empty(0, dtype=np.uint8), starts
    counts = np.diff(np.append(starts, len(terms)))
    new = np.ones(len(terms), dtype=np.int64)
    new[1:] = documents[1:] != documents[:-1]
    new[starts] = 1
    steps = gaps(positions, starts)
    sizes = np.add.reduceat(varint.sizes(steps), starts)
    wide_sizes = 2 * (counts + np.add.reduceat(steps // WIDEST, starts))
    wide = (counts >= 256) & (wide_sizes <= sizes * 1.1)
    heads = np.add.reduceat(new, starts) << 1 | wide
    # The heads of all terms and the gaps of those that are not wide ...
    narrow = ~np.repeat(wide, counts)
    kept = np.where(wide, 0, counts)
    at = np.cumsum(kept + 1) - kept - 1
    stream = np.empty(len(starts) + int(kept.sum()), dtype=np.int64)
    stream[at] = heads
    inner = np.ones(len(stream), dtype=bool)
    inner[at] = False
    stream[inner] = steps[narrow]
    data, ends = varint.encode(stream)
    ends = ends[at + kept]
    if not wide.any():
        return data, ends
    # ... make room between them for those that are.
    moved = np.cumsum(np.where(wide, wide_sizes, 0))
    out = np.empty(len(data) + int(moved[-1]), dtype=np.uint8)
    before = np.concatenate(([0], moved[:-1]))
    free = np.ones(len(out), dtype=bool)
    where = ends[wide] + before[wide]
    room = np.repeat(where - (np.cumsum(wide_sizes[wide]) - wide_sizes[wide]), wide_sizes[wide])
    room += np.arange(len(room))
    free[room] = False
    out[free] = data
    out[room] = _steps(steps[~narrow]).view(np.uint8)
    return out, ends + moved


WIDEST = 0xFFFF


def _steps(steps: Any) -> Any:
    """Encode gaps in 16 bits: WIDEST stands for itself and says that more is to be added."""
    more = steps // WIDEST
    out = np.full(len(steps) + int(more.sum()), WIDEST, dtype="<u2")
    out[np.cumsum(more + 1) - 1] = steps % WIDEST
    return out


def places_of(postings: Any) -> Any:
    """Return the positions of a term from its postings, as `grams` encoded it, int64."""
    if not postings[0] & 1:
        return np.cumsum(varint.decode(postings)[1:])
    head = 1
    while postings[head - 1] > 127:
        head += 1
    steps = np.frombuffer(postings[head:], dtype="<u2")
    places = np.cumsum(steps, dtype=np.int64)
    return places[steps != WIDEST]


def documents(terms: Any, numbers: Any) -> tuple[Any, Any]:
    """Encode the documents of terms, sorted by (term, document), each once, as gaps.

    Returns the bytes and where each term ends in them.
    """
    starts = run_starts(terms)
    data, ends = varint.encode(gaps(numbers, starts))
    last = np.append(starts[1:], len(terms)) - 1
    return data, ends[last] if len(starts) else starts


def words(terms: Any, numbers: Any, frequencies: Any) -> tuple[Any, Any, Any]:
    """Encode the documents and frequencies of terms, sorted by (term, document).

    A term becomes, for each document, twice the gap plus one if the word stands there more
    than once; then, for those documents, the frequency less two. Returns the bytes, where
    each term ends in them, and the number of documents of each term.
    """
    starts = run_starts(terms)
    often = frequencies > 1
    counts = np.diff(np.append(starts, len(terms)))
    extra = np.add.reduceat(often.astype(np.int64), starts) if len(starts) else starts
    before = np.cumsum(extra) - extra
    stream = np.empty(len(terms) + int(extra.sum()), dtype=np.int64)
    stream[np.arange(len(terms)) + before[terms]] = gaps(numbers, starts) << 1 | often
    which = np.flatnonzero(often)
    ends_of_documents = starts + counts + before
    within = np.arange(len(which)) - before[terms[which]]
    stream[ends_of_documents[terms[which]] + within] = frequencies[which] - 2
    data, ends = varint.encode(stream)
    last = ends_of_documents + extra - 1
    return data, ends[last] if len(starts) else starts, counts


def singles(codes: Any, numbers: Any, size: int) -> tuple[Any, Any]:
    """Encode the documents of each single character, from the pairs that it begins.

    `codes` and `numbers` are the first characters and the documents of pairs; `size` is the
    number of characters. Returns the bytes and where each character ends in them.
    """
    both = codes.astype(np.uint64) << np.uint64(32) | numbers.astype(np.uint64)
    both.sort()  # and not np.unique, which hashes, and takes ten times as long
    both = both[run_starts(both)]
    codes = (both >> np.uint64(32)).astype(np.int64)
    starts = run_starts(codes)
    data, ends = documents(
        ranks(len(codes), starts), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)
    )
    sizes = np.zeros(size, dtype=np.int64)
    sizes[codes[starts]] = np.diff(ends, prepend=0)
    return data, np.cumsum(sizes)


def offsets(ends: Any) -> Any:
    """Return ends as offsets that begin with 0, in the fewest bytes that hold them."""
    ends = np.asarray(ends, dtype=np.uint64)
    small = not len(ends) or int(ends[-1]) < 1 << 32
    out = np.zeros(len(ends) + 1, dtype=np.uint32 if small else np.uint64)
    out[1:] = ends
    return out
