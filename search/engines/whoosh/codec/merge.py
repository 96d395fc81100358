"""Merging segments into one, by arrays: no document is read or analysed again.

Deleted documents are left out for good. Terms are merged a slice at a time, so that memory
is bounded whatever the segments' size.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from search.engines.whoosh.codec import arrays, encode
from search.engines.whoosh.codec.batch import Columns, Stored, write_lengths, write_strings
from search.engines.whoosh.codec.container import ContainerWriter
from search.engines.whoosh.codec.segment import GramField, Segment, WordField
from search.engines.whoosh.codec.varint import decode
from search.query.tree import FIELDS, TEXT_FIELDS

SLICE_BYTES = 6_000_000
"""Encoded postings merged at once: they take some thirty times as much while they are."""


def merge(segments: list[Segment], path: Path) -> int:
    """Write the live documents of some segments as one; return their number."""
    kept = [np.flatnonzero(arrays.Postings(segment).everything()) for segment in segments]
    with ContainerWriter(path) as out:
        _stored(segments, kept, out)
        _columns(segments, kept, out)
        for name in TEXT_FIELDS:
            _Words(segments, kept, name).write(out)
        for name in FIELDS:
            _Grams(segments, kept, name).write(out)
    return sum(map(len, kept))


def _stored(segments: list[Segment], kept: list[Any], out: ContainerWriter) -> None:
    """Copy the blocks of which every article is kept; pack the others anew."""
    stored = Stored()
    for segment, numbers in zip(segments, kept, strict=True):
        for first, count, block in segment.blocks():
            a, b = np.searchsorted(numbers, [first, first + count])
            if b - a == count:
                stored.add_block(block, count)
            else:
                for number in numbers[a:b]:
                    stored.add(segment.packed(int(number)))
    stored.write(out)


def _columns(segments: list[Segment], kept: list[Any], out: ContainerWriter) -> None:
    columns = Columns()
    for segment, numbers in zip(segments, kept, strict=True):
        paths = [path.encode("utf-8", "surrogatepass") for path in segment.paths()]
        of = segment.path_numbers()
        for number in numbers.tolist():
            columns.ids.append(segment.ids[number])
            columns.keys.append(segment.keys[number])
            columns.paths.append(paths[of[number]])
        for name, values in columns.numbers.items():
            chosen = segment.container.array(name)[numbers]
            values.frombytes(chosen.astype(np.uint32).tobytes())
    columns.write(out)


class _Field:
    """One field of several segments: how their documents are numbered in the merged one."""

    def __init__(self, segments: list[Segment], kept: list[Any]) -> None:
        self.renumbered = []
        base = 0
        for segment, numbers in zip(segments, kept, strict=True):
            new = np.full(segment.count, -1, dtype=np.int64)
            new[numbers] = np.arange(base, base + len(numbers))
            self.renumbered.append(new)
            base += len(numbers)


def _slices(costs: Any, edges: Any) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms of about SLICE_BYTES each that begin and end at `edges`."""
    total = np.cumsum(costs)
    start = 0
    while start < len(costs):
        spent = total[start - 1] if start else 0
        end = int(np.searchsorted(total, spent + SLICE_BYTES, side="right"))
        later = edges[np.searchsorted(edges, max(end, start + 1)) :]
        end = int(later[0]) if len(later) else len(costs)
        yield start, end
        start = end


def _values(postings: memoryview, ends: Any, low: int, high: int) -> tuple[Any, Any]:
    """Decode the terms `low` to `high` and return the numbers and how many each term has."""
    data = np.frombuffer(postings[int(ends[low]) : int(ends[high])], dtype=np.uint8)
    counted = np.concatenate(([0], np.cumsum(data < 128)))
    at = ends[low : high + 1] - ends[low]
    return decode(data), np.diff(counted[at])


def _positions(postings: memoryview, ends: Any, low: int, high: int) -> tuple[Any, Any]:
    """Decode pairs `low` to `high`: for each position the place of its pair, and itself."""
    data = np.frombuffer(postings[int(ends[low]) : int(ends[high])], dtype=np.uint8)
    at = ends[low : high + 1] - ends[low]
    wide = np.flatnonzero(data[at[:-1]] & 1)
    whole = [encode.places_of(data[at[i] : at[i + 1]]) for i in wide.tolist()]
    lengths = np.diff(at)
    lengths[wide] = 0
    narrow = np.flatnonzero(lengths)
    data = data[np.repeat(np.isin(np.arange(len(lengths)), wide, invert=True), np.diff(at))]
    counted = np.concatenate(([0], np.cumsum(data < 128)))
    sizes = np.diff(counted[np.concatenate(([0], np.cumsum(lengths[narrow])))])
    values = decode(data)
    starts = np.cumsum(sizes) - sizes
    values[starts] = 0  # the heads
    inside = np.ones(len(values), dtype=bool)
    inside[starts] = False
    positions = _summed(values, starts, sizes)[inside]
    of = [np.repeat(narrow, sizes - 1), np.repeat(wide, [len(part) for part in whole])]
    return np.concatenate(of), np.concatenate([positions, *whole])


def _summed(steps: Any, starts: Any, sizes: Any) -> Any:
    """Add up the steps of each run, which begin at `starts` and have `sizes`."""
    sums = np.cumsum(steps)
    before = sums[starts] - steps[starts]
    return sums - np.repeat(before, sizes)


class _Grams(_Field):
    def __init__(self, segments: list[Segment], kept: list[Any], name: str) -> None:
        super().__init__(segments, kept)
        self.name = f"grams.{name}"
        self.kept = kept
        self.fields: list[GramField] = [segment.grams(name) for segment in segments]
        old = [np.frombuffer(field.characters, dtype=np.uint32) for field in self.fields]
        self.characters = np.unique(np.concatenate(old))
        small = len(self.characters) <= 1 << 16
        self.half = 16 if small else 32
        self.keys = [self._renamed(f, c) for f, c in zip(self.fields, old, strict=True)]
        self.at = [arrays.whole_numbers(field.at) for field in self.fields]
        self.ends = [arrays.whole_numbers(field.ends) for field in self.fields]

    def _renamed(self, field: GramField, old: Any) -> Any:
        """Return the keys of a segment with the characters' new numbers: still sorted."""
        new = np.searchsorted(self.characters, old).astype(np.uint64)
        keys = np.frombuffer(field.keys, dtype=f"u{field.keys.itemsize}").astype(np.uint64)
        half = field.keys.itemsize * 4
        first, second = keys >> np.uint64(half), keys & np.uint64((1 << half) - 1)
        return new[first.astype(np.int64)] << np.uint64(self.half) | new[second.astype(np.int64)]

    def write(self, out: ContainerWriter) -> None:
        spans = np.concatenate(
            [np.diff(at)[numbers] for at, numbers in zip(self.at, self.kept, strict=True)]
        )
        self.new_at = np.concatenate(([0], np.cumsum(spans)))
        every = np.sort(np.concatenate(self.keys))  # np.unique hashes, which takes longer
        every = every[encode.run_starts(every)]
        costs = np.zeros(len(every), dtype=np.int64)
        for keys, ends in zip(self.keys, self.ends, strict=True):
            costs[np.searchsorted(every, keys)] += np.diff(ends)
        coarse = arrays.coarse(self.new_at)
        edges = encode.run_starts(every >> np.uint64(self.half))
        kept_keys, kept_ends, single_data = [], [], []
        single_ends = np.zeros(len(self.characters), dtype=np.int64)
        written = 0
        out.begin(f"{self.name}.postings", "B")
        for low, high in _slices(costs, edges):
            keys, positions = self._slice(every[low:high])
            starts = encode.run_starts(keys)
            numbers = arrays.documents_at(coarse, self.new_at, positions)
            data, ends = encode.grams(encode.ranks(len(keys), starts), positions, numbers)
            out.write(data)
            kept_keys.append(keys[starts])
            kept_ends.append(ends + written)
            written += len(data)
            codes = (keys >> np.uint64(self.half)).astype(np.int64)
            data, ends = encode.singles(codes, numbers, len(self.characters))
            single_data.append(data)
            single_ends += ends
        out.end()
        dtype = np.uint32 if self.half == 16 else np.uint64
        merged = np.concatenate([*kept_keys, np.empty(0, dtype=np.uint64)]).astype(dtype)
        out.add(f"{self.name}.characters", "I", self.characters.astype(np.uint32))
        out.add_array(f"{self.name}.keys", merged)
        out.add_array(f"{self.name}.ends", encode.offsets(np.concatenate([*kept_ends, []])))
        out.add_array(f"{self.name}.at", encode.offsets(self.new_at[1:]))
        out.add_array(f"{self.name}.single_ends", encode.offsets(single_ends))
        out.add(f"{self.name}.singles", "B", b"".join(part.tobytes() for part in single_data))
        lengths = [
            np.frombuffer(field.lengths, dtype=np.uint32)[numbers]
            for field, numbers in zip(self.fields, self.kept, strict=True)
        ]
        write_lengths(out, self.name, np.concatenate(lengths))

    def _slice(self, every: Any) -> tuple[Any, Any]:
        """Return keys and new positions of a range of keys, sorted by both."""
        all_keys, all_positions = [], []
        for i, keys in enumerate(self.keys):
            low, high = np.searchsorted(keys, [every[0], every[-1] + np.uint64(1)])
            if low == high:
                continue
            which, positions = _positions(self.fields[i].data, self.ends[i], low, high)
            of = keys[low:high][which]
            if len(self.kept[i]) == len(self.at[i]) - 1:  # nothing deleted: all move together
                positions += self.new_at[self.renumbered[i][0]] if len(self.kept[i]) else 0
            else:
                numbers = np.searchsorted(self.at[i], positions, side="right") - 1
                new = self.renumbered[i][numbers]
                live = new >= 0
                shift = self.new_at[new[live]] - self.at[i][numbers[live]]
                of, positions = of[live], positions[live] + shift
            all_keys.append(of)
            all_positions.append(positions)
        keys, positions = np.concatenate(all_keys), np.concatenate(all_positions)
        # Each segment is sorted and lies behind the one before: a stable sort by key is all.
        order = np.argsort(keys, kind="stable")
        return keys[order], positions[order]


class _Words(_Field):
    def __init__(self, segments: list[Segment], kept: list[Any], name: str) -> None:
        super().__init__(segments, kept)
        self.name = f"words.{name}"
        self.kept = kept
        self.fields: list[WordField] = [segment.words(name) for segment in segments]
        lists = [field.terms.all() for field in self.fields]
        self.terms = sorted(set().union(*lists))
        place = {term: i for i, term in enumerate(self.terms)}
        self.places = [np.array([place[t] for t in terms], dtype=np.int64) for terms in lists]
        self.ends = [arrays.whole_numbers(field.ends) for field in self.fields]

    def write(self, out: ContainerWriter) -> None:
        costs = np.zeros(len(self.terms), dtype=np.int64)
        for places, ends in zip(self.places, self.ends, strict=True):
            costs[places] += np.diff(ends)
        kept_terms, kept_counts, kept_ends = [], [], []
        written = 0
        out.begin(f"{self.name}.postings", "B")
        for low, high in _slices(costs, np.arange(len(self.terms))):
            terms, numbers, frequencies = self._slice(low, high)
            starts = encode.run_starts(terms)
            data, ends, counts = encode.words(
                encode.ranks(len(terms), starts), numbers, frequencies
            )
            out.write(data)
            kept_terms += [self.terms[i] for i in terms[starts].tolist()]
            kept_counts.append(counts)
            kept_ends.append(ends + written)
            written += len(data)
        out.end()
        write_strings(out, f"{self.name}.terms", kept_terms)
        counts = np.concatenate([*kept_counts, []]).astype(np.uint32)
        out.add(f"{self.name}.counts", "I", counts)
        out.add_array(f"{self.name}.ends", encode.offsets(np.concatenate([*kept_ends, []])))
        lengths = [
            np.frombuffer(field.lengths, dtype=np.uint32)[numbers]
            for field, numbers in zip(self.fields, self.kept, strict=True)
        ]
        write_lengths(out, self.name, np.concatenate(lengths))

    def _slice(self, low: int, high: int) -> tuple[Any, Any, Any]:
        """Return term, new document and frequency of a range of terms, sorted."""
        parts = []
        for i, places in enumerate(self.places):
            a, b = np.searchsorted(places, [low, high])
            if a == b:
                continue
            field = self.fields[i]
            values, sizes = _values(field.data, self.ends[i], a, b)
            counts = np.frombuffer(field.counts, dtype=np.uint32)[a:b].astype(np.int64)
            within = np.arange(len(values)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            heads = within < np.repeat(counts, sizes)
            steps = values[heads]
            frequencies = np.ones(len(steps), dtype=np.int64)
            frequencies[steps & 1 == 1] = values[~heads] + 2
            numbers = _summed(steps >> 1, np.cumsum(counts) - counts, counts)
            new = self.renumbered[i][numbers]
            live = new >= 0
            terms = np.repeat(places[a:b], counts)
            parts.append((terms[live], new[live], frequencies[live]))
        terms, numbers, frequencies = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.argsort(terms, kind="stable")
        return terms[order], numbers[order], frequencies[order]
