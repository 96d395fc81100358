"""Merging segments into one, by arrays: no document is read or analysed again.

Deleted documents are left out for good. Terms are merged a slice at a time, so that memory
is bounded but for the tables of terms.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.minhash import SIZE
from search.engines.whoosh.codec import posting_lists, postings_numpy
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.doc_values import (
    Columns,
    compact,
    offsets,
    write_lengths,
    write_pairs,
    write_strings,
)
from search.engines.whoosh.codec.docstore_writer import BlockWriter
from search.engines.whoosh.codec.posting_lists import Lists
from search.engines.whoosh.codec.posting_merge import Part, joined
from search.engines.whoosh.codec.segment_reader import GramField, Segment
from search.query.ast import FIELDS, TEXT_FIELDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.engines.whoosh.codec.array_types import Ints, Octets, Whole

SLICE_BYTES = 2_500_000
"""Encoded postings merged at once: they take some thirty times as much while they are."""

_REPACKED = 10_000
"""Articles packed again at once."""

SHARES = ({"pairs.body"}, {"words.body"})
"""Parts of a merge that are worth a process of their own; with the rest they take as long as
55, 30 and 15 in a hundred."""


def merge(
    segments: list[Segment], path: Path, *, last: bool = False, parts: Container[str] | None = None
) -> int:
    """Write the live documents of some segments as one; return their number.

    `last` says that the segment is not soon to be merged again: it then goes without the
    last values of its lists, and lists are decoded when it is. With `parts`, only those of
    PARTS are written; all of them together are the segment.
    """
    sources = []
    base = 0
    for segment in segments:
        kept = np.flatnonzero(postings_numpy.Postings(segment).everything())
        sources.append(_Source(segment, kept, base))
        base += len(kept)
    with ContainerWriter(path) as out:
        for part in PARTS:
            if parts is None or part in parts:
                kind, _, field = part.partition(".")
                _WRITERS[kind](sources, field, out, last)
    return base


def shares(count: int) -> list[set[str]]:
    """Divide PARTS among at most `count` processes."""
    own = list(SHARES[: count - 1])
    return [*own, set(PARTS).difference(*own)]


class _Source:
    """A segment to be merged, and how its documents are numbered among its live ones."""

    def __init__(self, segment: Segment, kept: Ints, base: int) -> None:
        self.segment = segment
        self.kept = kept
        self.base = base
        self.whole = len(kept) == segment.count
        self.renumbered = np.full(segment.count, -1, dtype=np.int64)
        self.renumbered[kept] = np.arange(len(kept))

    def array(self, name: str) -> Ints:
        """Return an array of the segment's file as int64."""
        return self.read(name).astype(np.int64)

    def read(self, name: str, begin: int = 0, end: int | None = None) -> Whole:
        """Return items of an array of the segment's file as they are there."""
        items = self.segment.container.array(name)
        return np.frombuffer(items.read(begin, end), dtype=f"<u{items.itemsize}")

    def octets(self, name: str, begin: int = 0, end: int | None = None) -> Octets:
        """Return bytes of an array of bytes."""
        return np.frombuffer(self.segment.container.array(name, "B").read(begin, end), np.uint8)

    def has(self, name: str) -> bool:
        """Return whether the segment's file has an array that is not empty."""
        return len(self.segment.container.array(name)) > 0


def _stored(sources: list[_Source], _: str, out: ContainerWriter, __: bool) -> None:
    """Copy the blocks of whole segments; pack the articles of others again.

    Those that are deleted would else live on, in the dictionaries of the blocks.
    """
    stored = BlockWriter(out)
    for source in sources:
        if source.whole:
            for count, block, dictionary in source.segment.blocks.all():
                stored.add_block(block, count, dictionary)
            continue
        for i in range(0, len(source.kept), _REPACKED):
            numbers = source.kept[i : i + _REPACKED].tolist()
            stored.add_all([source.segment.packed(number) for number in numbers], again=True)
    stored.end()


def _columns(sources: list[_Source], _: str, out: ContainerWriter, __: bool) -> None:
    columns = Columns()
    for source in sources:
        segment, numbers = source.segment, source.kept.tolist()
        paths = [path.encode("utf-8", "surrogatepass") for path in segment.paths()]
        of = segment.path_numbers().read()
        ids, keys = segment.ids.all(), segment.keys.all()
        columns.ids += [ids[number] for number in numbers]
        columns.keys += [keys[number] for number in numbers]
        columns.paths += [paths[of[number]] for number in numbers]
        for name, labels in columns.labels.items():
            which, texts = segment.labels(name)
            known, places = texts.all(), which.read()
            labels += [known[places[number]] for number in numbers]
        for name, values in columns.numbers.items():
            values.frombytes(source.array(name)[source.kept].astype(np.uint32).tobytes())
        signatures = source.octets("signatures").reshape(-1, SIZE)
        columns.signatures.append(signatures if source.whole else signatures[source.kept])
    columns.write(out)


def _lengths(sources: list[_Source], name: str, out: ContainerWriter) -> None:
    lengths = [source.array(f"{name}.lengths")[source.kept] for source in sources]
    write_lengths(out, name, np.concatenate(lengths))


def _slices(costs: Ints) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms of about SLICE_BYTES each."""
    total = np.cumsum(costs)
    start = 0
    while start < len(costs):
        spent = total[start - 1] if start else 0
        end = int(np.searchsorted(total, spent + SLICE_BYTES, side="right"))
        end = max(end, start + 1)
        yield start, end
        start = end


class _Postings:
    """The posting lists of one field of all segments, to be merged."""

    def __init__(
        self, sources: list[_Source], name: str, terms: Sequence[Whole], count: int
    ) -> None:
        """`terms` holds the numbers, rising, of the terms of each segment; there are `count`."""
        self.name = name
        self.sources = sources
        self.terms = terms
        self.count = count
        self.frequencies = name.startswith("words")
        self.starts: list[_Starts] = []  # of documents among positions, for pairs of characters

    def write(self, out: ContainerWriter, *, last: bool) -> Ints:
        """Write the merged lists; return the numbers of the terms that still have one."""
        costs = np.zeros(self.count, dtype=np.int64)
        for source, terms in zip(self.sources, self.terms, strict=True):
            costs[terms] += np.diff(source.read(f"{self.name}.ends"))
        kept, ends, lasts = [], [np.zeros(1, dtype=np.int64)], []
        written = 0
        out.begin(f"{self.name}.postings", "B")
        for low, high in _slices(costs):
            parts = [part for i in range(len(self.sources)) if (part := self._part(i, low, high))]
            if not parts:
                continue
            terms, merged = joined(parts, frequencies=self.frequencies)
            out.write(merged.data)
            kept.append(terms)
            ends.append(merged.at[1:] + written)
            lasts.append(merged.lasts)
            written += len(merged.data)
        out.end()
        out.add_array(f"{self.name}.ends", compact(np.concatenate(ends)))
        if not last:
            out.add_array(
                f"{self.name}.lasts", compact(np.concatenate([*lasts, np.empty(0, dtype=np.int64)]))
            )
        return np.concatenate([*kept, np.empty(0, dtype=np.int64)])

    def _part(self, i: int, low: int, high: int) -> Part | None:
        """Return the lists of a range of terms in a segment, live documents only."""
        source, terms, name = self.sources[i], self.terms[i], self.name
        # Numbers of another type would have the whole array converted.
        edges = np.searchsorted(terms, np.array([low, high], dtype=terms.dtype))
        begin, end = edges.tolist()
        if begin == end or not len(source.kept):
            return None
        at = source.read(f"{name}.ends", begin, end + 1).astype(np.int64)
        data = source.octets(f"{name}.postings", int(at[0]), int(at[-1]))
        found = Lists(data, at - at[0])
        base = self.starts[i].base if self.starts else source.base
        if source.whole and source.has(f"{name}.lasts"):
            found.lasts = source.read(f"{name}.lasts", begin, end).astype(np.int64)
            return Part(terms[begin:end], found, base)
        return self._again(i, terms[begin:end], found, base)

    def _again(self, i: int, terms: Whole, found: Lists, base: int) -> Part | None:
        """Encode lists again, without the documents that are deleted."""
        source = self.sources[i]
        steps = posting_lists.decode(found, frequencies=self.frequencies)
        of = np.repeat(np.arange(len(terms)), steps.counts)
        frequencies = None
        if steps.extras:
            often = steps.steps & 1
            frequencies = 1 + often
            frequencies[often > 0] += steps.extras.values
            values = posting_lists.absolute(steps.counts, steps.steps >> 1)
        else:
            values = posting_lists.absolute(steps.counts, steps.steps)
        numbers = self.starts[i].documents(values) if self.starts else values
        live = source.renumbered[numbers] >= 0
        of, numbers, values = of[live], numbers[live], values[live]
        if not len(of):
            return None
        values = (
            self.starts[i].moved(values, numbers) if self.starts else source.renumbered[numbers]
        )
        starts = posting_lists.run_starts(of)
        documents = posting_lists.different(starts, numbers)
        if frequencies is not None:
            frequencies = frequencies[live]
        return Part(
            terms[of[starts]], posting_lists.build(starts, values, documents, frequencies), base
        )


def _words(sources: list[_Source], name: str, out: ContainerWriter, last: bool) -> None:
    whole = f"words.{name}"
    known = [source.segment.words(name).terms.all() for source in sources]
    terms = list(dict.fromkeys(sorted(chain(*known))))  # sorted runs, which sorting makes use of
    place = dict(zip(terms, range(len(terms)), strict=True))
    places = [
        np.fromiter(map(place.__getitem__, some), dtype=np.uint32, count=len(some))
        for some in known
    ]
    del known, place  # a hundred bytes a term
    kept = _Postings(sources, whole, places, len(terms)).write(out, last=last)
    write_strings(out, f"{whole}.terms", [terms[i] for i in kept.tolist()])
    _lengths(sources, whole, out)


class _Starts:
    """Where the documents of a segment begin among the positions of a field."""

    def __init__(self, source: _Source, field: GramField, base: int) -> None:
        self.base = base
        self._at = postings_numpy.whole_numbers(field.at.read())
        self.spans = np.diff(self._at)[source.kept]
        self._source = source

    @cached_property
    def _moved(self) -> Ints:
        moved = np.zeros(self._source.segment.count, dtype=np.int64)
        moved[self._source.kept] = posting_lists.starts_of(self.spans)
        return moved

    def documents(self, positions: Ints) -> Ints:
        """Return the document of each position."""
        return np.searchsorted(self._at, positions, side="right") - 1

    def moved(self, positions: Ints, documents: Ints) -> Ints:
        """Return where positions in live documents are once the others are gone."""
        return positions - self._at[documents] + self._moved[documents]


class _Characters:
    """The characters of a field of several segments, with their numbers in the merged one."""

    def __init__(self, sources: list[_Source], name: str) -> None:
        self.name = f"grams.{name}"
        self.fields: list[GramField] = [source.segment.grams(name) for source in sources]
        old = [np.frombuffer(field.characters.read(), dtype=np.uint32) for field in self.fields]
        self.characters = np.unique(np.concatenate(old))
        self.half = 16 if len(self.characters) <= 1 << 16 else 32
        self.new = [np.searchsorted(self.characters, some) for some in old]

    def pairs(self, i: int) -> NDArray[np.uint64]:
        """Return the pairs of a segment with the characters' new numbers: still sorted."""
        new = self.new[i].astype(np.uint64)
        pairs = np.diff(postings_numpy.whole_numbers(self.fields[i].firsts.read()))
        seconds = postings_numpy.whole_numbers(self.fields[i].seconds.read())
        return np.repeat(new, pairs) << np.uint64(self.half) | new[seconds]


def _pairs(sources: list[_Source], name: str, out: ContainerWriter, last: bool) -> None:
    of = _Characters(sources, name)
    keys = [of.pairs(i) for i in range(len(sources))]
    every = posting_lists.distinct(np.concatenate(keys))
    places = [np.searchsorted(every, some).astype(np.uint32) for some in keys]
    del keys
    postings = _Postings(sources, of.name, places, len(every))
    base = 0
    for source, field in zip(sources, of.fields, strict=True):
        postings.starts.append(_Starts(source, field, base))
        base += int(postings.starts[-1].spans.sum())
    kept = every[postings.write(out, last=last)]
    # A character that stands anywhere begins a pair, if only with END; the others are gone.
    used = np.zeros(len(of.characters), dtype=bool)
    used[:1] = True  # END
    first = (kept >> np.uint64(of.half)).astype(np.int64)
    second = (kept & np.uint64((1 << of.half) - 1)).astype(np.int64)
    used[first] = True
    new = np.cumsum(used) - 1
    pairs = new[first] << of.half | new[second]
    out.add(f"{of.name}.characters", "I", of.characters[used].astype(np.uint32))
    write_pairs(out, of.name, pairs.astype(np.uint64), of.half, int(used.sum()))
    spans = np.concatenate([starts.spans for starts in postings.starts])
    out.add_array(f"{of.name}.at", offsets(np.cumsum(spans)))
    _lengths(sources, of.name, out)


def _singles(sources: list[_Source], name: str, out: ContainerWriter, last: bool) -> None:
    of = _Characters(sources, name)
    codes = [new[1:] for new in of.new]  # all but END
    _Postings(sources, f"{of.name}.singles", codes, len(of.characters)).write(out, last=last)


_WRITERS = {
    "stored": _stored,
    "columns": _columns,
    "words": _words,
    "pairs": _pairs,
    "singles": _singles,
}

PARTS = (
    *("stored", "columns"),
    *(f"words.{field}" for field in TEXT_FIELDS),
    *(f"{kind}.{field}" for field in FIELDS for kind in ("pairs", "singles")),
)
"""What a segment is made of."""
