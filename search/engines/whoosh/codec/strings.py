"""Lists of strings in a segment's file."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from search.engines.whoosh.codec.container import Container


class Strings:
    """A list of strings in a container, as bytes."""

    def __init__(self, container: Container, name: str) -> None:
        self._blob = container.view(name)
        self._at = container.view(f"{name}.at")

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
        i = bisect_left(range(len(self)), value, key=self.__getitem__)
        return i if i < len(self) and self[i] == value else -1
