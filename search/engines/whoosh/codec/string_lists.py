"""Lists of strings in a segment's file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeVar

from search.engines.whoosh.codec.container import Container, FormatError

Key = TypeVar("Key", bytes, str)

_EVERY = 32
"""Strings of which one is kept as a sample."""

_OFTEN = 30
"""Strings asked for that are worth a sample."""

_KNOWN = 1_000

_AT_ONCE = 1 << 20
"""Bytes of strings that are read at once where they are read one after the other."""


class Known(dict[Key, int]):
    """The numbers of some things that were looked up of late: a query asks for each twice."""

    def keep(self, key: Key, number: int) -> int:
        """Keep a number, and return it."""
        if len(self) >= _KNOWN:
            self.clear()
        self[key] = number
        return number


class Strings:
    """A list of strings in a container, as bytes."""

    def __init__(self, container: Container, name: str, count: int = -1) -> None:
        """Find the list called `name`, of `count` strings if that is known."""
        self._container = container
        self._name = name
        self._blob = container.array(name, "B")
        self._at = container.array(f"{name}.at", "IQ", -1 if count < 0 else count + 1)
        self._known: Known[bytes] = Known()
        self._asked = 0
        self._sample: list[bytes] = []

    def __len__(self) -> int:
        return max(0, len(self._at) - 1)

    def __getitem__(self, i: int) -> bytes:
        begin, end = self._at.pair(i)
        if not begin <= end <= len(self._blob):
            raise self._wrong()
        return bytes(self._blob.part(begin, end))

    def _wrong(self) -> FormatError:
        return self._container.wrong(f"{self._name}.at does not rise within {self._name}")

    def all(self) -> list[bytes]:
        """Return every string."""
        blob, at = bytes(self._blob.read()), self._at.read().tolist()
        # Offsets that went back could make of one blob as many copies as there are strings.
        if at and (at[-1] > len(blob) or at != sorted(at)):
            raise self._wrong()
        return [blob[a:b] for a, b in pairwise(at)]

    def each(self) -> Iterator[bytes]:
        """Yield every string, of many that are large: a part of them is in memory at a time."""
        at = self._at.read().tolist()
        low = 0
        while low < len(self):
            high = max(low + 1, bisect_right(at, at[low] + _AT_ONCE) - 1)
            if not at[low] <= at[high] <= len(self._blob):
                raise self._wrong()
            part = bytes(self._blob.read(at[low], at[high]))
            for a, b in pairwise(at[low : high + 1]):
                if not at[low] <= a <= b <= at[high]:
                    raise self._wrong()
                yield part[a - at[low] : b - at[low]]
            low = high

    def find(self, value: bytes) -> int:
        """Return the place of a value in a sorted list, or -1."""
        found = self._known.get(value)
        return self._known.keep(value, self._find(value)) if found is None else found

    def _find(self, value: bytes) -> int:
        low, high = self._range(value)
        while high - low > _EVERY:
            middle = (low + high) // 2
            if self[middle] < value:
                low = middle + 1
            else:
                high = middle
        # The rest is taken out at once: each look at an array costs as much as comparing ten.
        edges = self._at[low : high + 2].tolist()
        begin, end = (edges[0], edges[-1]) if edges else (0, 0)
        if not begin <= end <= len(self._blob):
            raise self._wrong()
        text = bytes(self._blob.part(begin, end))
        first = low
        while low < high:
            middle = (low + high) // 2
            i = middle - first
            if text[edges[i] - begin : edges[i + 1] - begin] < value:
                low = middle + 1
            else:
                high = middle
        i = low - first
        found = i + 1 < len(edges) and text[edges[i] - begin : edges[i + 1] - begin] == value
        return low if found else -1

    def _range(self, value: bytes) -> tuple[int, int]:
        """Return between which places a value would stand.

        Once many have been asked for, by a sample of the strings: comparing those is quicker.
        """
        self._asked += 1
        if self._asked < _OFTEN or len(self) < _EVERY:
            return 0, len(self)
        if not self._sample:
            self._sample = [self[i] for i in range(0, len(self), _EVERY)]
        i = bisect_left(self._sample, value) * _EVERY
        return max(0, i - _EVERY), min(len(self), i + 1)
