"""Lists of strings in a segment's file."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from search.engines.whoosh.codec.container import Container

_EVERY = 32
"""Strings of which one is kept as a sample."""

_OFTEN = 30
"""Strings asked for that are worth a sample."""


class Strings:
    """A list of strings in a container, as bytes."""

    def __init__(self, container: Container, name: str) -> None:
        self._blob = container.view(name)
        self._at = container.view(f"{name}.at")
        self._asked = 0
        self._sample: list[bytes] = []

    def __len__(self) -> int:
        return max(0, len(self._at) - 1)

    def __getitem__(self, i: int) -> bytes:
        return bytes(self._blob[self._at[i] : self._at[i + 1]])

    def all(self) -> list[bytes]:
        """Return every string."""
        blob, at = bytes(self._blob), self._at.tolist()
        return [blob[a:b] for a, b in pairwise(at)]

    def find(self, value: bytes) -> int:
        """Return the place of a value in a sorted list, or -1."""
        low, high = self._range(value)
        i = bisect_left(range(high), value, low, key=self.__getitem__)
        return i if i < len(self) and self[i] == value else -1

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
