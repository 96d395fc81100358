"""The words and the pairs of characters of one field of a batch: sort with numpy, write.

Text is one array of characters, each value followed by END. A character's number is its
place among the different ones, END being 0, so a pair or a short word is one number that
sorts as its text does; with place or document in its lower bits, sorting numbers groups
the postings of all terms at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.fold import END
from search.engines.whoosh.codec import posting_lists
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.doc_values import (
    offsets,
    write_lengths,
    write_lists,
    write_pairs,
    write_strings,
)

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from search.engines.whoosh.codec.array_types import Ints, Whole

    Unsigned: TypeAlias = NDArray[np.uint32] | NDArray[np.uint64]

_CHARACTERS = 0x110000

_BETWEEN = "\x00"
"""Stands between words; folded text never holds it."""


class FieldText:
    """The folded values of a field of all documents of a batch."""

    def __init__(self, folded: str, documents: Sequence[int], count: int) -> None:
        """Take values, each followed by END, and the document of each, in order."""
        self.count = count
        self.documents = np.asarray(documents, dtype=np.int64)
        text = np.frombuffer(folded.encode("utf-32-le"), dtype="<u4")
        ends = np.flatnonzero(text == ord(END))
        sizes = np.diff(ends, prepend=-1)
        self.spans = np.bincount(self.documents, sizes, count).astype(np.int64)
        self.lengths = np.bincount(self.documents, sizes - 1, count).astype(np.int64)
        present = np.zeros(_CHARACTERS, dtype=bool)
        present[text] = True
        present[ord(END)] = True  # so that its number is 0
        self.characters = np.flatnonzero(present).astype(np.uint32)
        self.number = np.zeros(_CHARACTERS, dtype=np.uint32)
        self.number[self.characters] = np.arange(len(self.characters))
        self.codes = self.number[text]
        self.of = np.repeat(np.arange(count, dtype=np.uint32), self.spans)

    def write(self, out: ContainerWriter, name: str) -> None:
        """Write the pairs of characters with their positions, and the single characters."""
        keys, positions = _sorted_pairs(self.codes, len(self.documents))
        starts = posting_lists.run_starts(keys)
        documents = posting_lists.different(starts, self.of[positions])
        out.add(f"{name}.characters", "I", self.characters)
        half = keys.itemsize * 4
        write_pairs(out, name, keys[starts].astype(np.uint64), half, len(self.characters))
        write_lists(out, name, posting_lists.build(starts, positions, documents))
        out.add_array(f"{name}.at", offsets(np.cumsum(self.spans, dtype=np.uint64)))
        write_lengths(out, name, self.lengths)
        self._write_singles(out, f"{name}.singles")

    def _write_singles(self, out: ContainerWriter, name: str) -> None:
        bits = max(1, self.count.bit_length())
        kind = np.uint32 if len(self.characters) << bits < 1 << 32 else np.uint64
        keys = self.codes.astype(kind)
        keys <<= kind(bits)
        keys |= self.of
        keys.sort()
        keys = keys[len(self.documents) :]  # without END, which is the number 0
        keys = keys[posting_lists.run_starts(keys)]
        codes, numbers = keys >> kind(bits), keys & kind((1 << bits) - 1)
        starts = posting_lists.run_starts(codes)
        counts = np.diff(np.append(starts, len(codes)))
        write_lists(out, name, posting_lists.build(starts, numbers, counts))


def _sorted_pairs(codes: NDArray[np.uint32], ends: int) -> tuple[Unsigned, Whole]:
    """Return the pairs of characters that begin inside a text and their places, sorted.

    A pair is one number, its first character in the upper half; those that begin with one
    of the `ends` END sort first, and are left out. With few different characters pair and
    place fit into 64 bits, which sorts several times quicker.
    """
    count = max(0, len(codes) - 1)
    ends = max(0, ends - 1)  # the last begins none
    if codes.max(initial=0) >> 16:
        wide = codes.astype(np.uint64)
        keys = wide[:-1] << np.uint64(32) | wide[1:]
        order = np.argsort(keys, kind="stable")[ends:]
        return keys[order], order
    packed = np.empty(count, dtype=np.uint64)
    halves = packed.view("<u4").reshape(-1, 2)
    halves[:, 0] = np.arange(count, dtype=np.uint32)
    np.left_shift(codes[:-1], np.uint32(16), out=halves[:, 1])
    halves[:, 1] |= codes[1:]
    packed.sort()
    halves = halves[ends:]
    return halves[:, 1].copy(), halves[:, 0].copy()


class FieldWords:
    """The words of a field, as they come."""

    def __init__(self, text: FieldText) -> None:
        self._text = text
        self._number = text.number.copy()
        self._number[ord(" ")] = 0  # stands among words, and begins none
        self._bits = max(1, (len(text.characters) - 1).bit_length())
        self._document_bits = max(1, text.count.bit_length())
        self._short = min(8, (64 - self._document_bits) // self._bits)
        self._keys: list[NDArray[np.uint64]] = []
        self._long: defaultdict[str, int] = defaultdict()
        self._long.default_factory = self._long.__len__
        self._long_keys: list[NDArray[np.uint64]] = []

    def add(self, cut: Iterable[tuple[int, list[str]]]) -> None:
        """Add words; see `search.analysis.segment_batch.Cut`."""
        for first, words in cut:
            self._add(first, words)

    def _add(self, first: int, words: list[str]) -> None:
        text = np.frombuffer(_BETWEEN.join(["", *words, ""]).encode("utf-32-le"), dtype="<u4")
        edges = np.flatnonzero(text == ord(_BETWEEN))
        starts, sizes = edges[:-1] + 1, np.diff(edges) - 1
        begins = text[starts]
        value = first + np.cumsum(begins == ord(END))
        is_word = self._number[begins] > 0
        long = np.flatnonzero(is_word & (sizes > self._short))
        short = np.flatnonzero(is_word & (sizes <= self._short))
        documents = self._text.documents
        if len(long):
            numbers = [self._long[words[i]] for i in long.tolist()]
            of = documents[value[long]].astype(np.uint64)
            self._long_keys.append(np.array(numbers, dtype=np.uint64) << np.uint64(32) | of)
        codes = self._number[text].astype(np.uint64)
        sizes, starts = sizes[short], starts[short]
        keys = codes[starts]
        for i in range(1, self._short):
            keys <<= np.uint64(self._bits)
            inside = np.flatnonzero(sizes > i)
            keys[inside] |= codes[starts[inside] + i]
        keys <<= np.uint64(self._document_bits)
        keys |= documents[value[short]].astype(np.uint64)
        self._keys.append(keys)

    def write(self, out: ContainerWriter, name: str) -> None:
        """Write the words with their documents and frequencies."""
        keys, numbers, frequencies = _counted(self._keys, self._document_bits)
        starts = posting_lists.run_starts(keys)
        terms = self._texts(keys[starts])
        long_keys, long_numbers, long_frequencies = _counted(self._long_keys, 32)
        long_starts = posting_lists.run_starts(long_keys)
        terms += [word.encode() for word in self._long]
        starts = np.concatenate([starts, long_starts + len(keys)]).astype(np.int64)
        numbers = np.concatenate([numbers, long_numbers])
        frequencies = np.concatenate([frequencies, long_frequencies])
        counts = np.diff(np.append(starts, len(numbers)))
        built = posting_lists.build(starts, numbers, counts, frequencies)
        order = sorted(range(len(terms)), key=terms.__getitem__)  # two sorted runs, nearly
        write_strings(out, f"{name}.terms", [terms[i] for i in order])
        write_lists(out, name, posting_lists.reordered(built, np.array(order, dtype=np.int64)))
        write_lengths(out, name, np.bincount(numbers, frequencies, self._text.count).astype(int))

    def _texts(self, keys: NDArray[np.uint64]) -> list[bytes]:
        """Return the words of some keys."""
        if not len(keys):
            return []
        shifts = np.arange(self._short - 1, -1, -1, dtype=np.uint64) * np.uint64(self._bits)
        codes = keys[:, None] >> shifts & np.uint64((1 << self._bits) - 1)
        points = np.empty((len(keys), self._short + 1), dtype="<u4")
        points[:, :-1] = self._text.characters[codes]
        points[:, -1] = ord(END)
        used = np.ones(points.shape, dtype=bool)
        used[:, :-1] = codes > 0
        text: bytes = points[used].tobytes().decode("utf-32-le").encode()
        return text.split(END.encode())[:-1]


def _counted(keys: list[NDArray[np.uint64]], bits: int) -> tuple[NDArray[np.uint64], Ints, Ints]:
    """Return the different keys of words, without their documents, the documents, and counts."""
    every = np.concatenate([*keys, np.empty(0, dtype=np.uint64)])
    every.sort()
    starts = posting_lists.run_starts(every)
    frequencies = np.diff(np.append(starts, len(every)))
    every = every[starts]
    numbers = (every & np.uint64((1 << bits) - 1)).astype(np.int64)
    return every >> np.uint64(bits), numbers, frequencies
