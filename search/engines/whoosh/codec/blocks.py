"""Stored articles, compressed in blocks by zstd.

Blocks are small, so that showing an article reads little else; what they have in common
goes into a dictionary, made of a sample of the first large batch that a process writes. A
segment holds the dictionaries of its blocks, so that merging copies blocks as they are.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from search.engines.whoosh.codec.container import Container, ContainerWriter
from search.engines.whoosh.codec.strings import Strings

BLOCK_BYTES = 4096
"""Bytes of articles from which on a block is full."""

LEVEL = 3
"""Of zstd. Higher ones take two to three times as long for a twentieth less room."""

DICTIONARY_BYTES = 1 << 16

SAMPLE_BYTES = 1 << 19
"""Bytes of articles that a dictionary is made of; a smaller batch goes without."""

_NONE = 0


class BlockWriter:
    """Packs articles into blocks."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._firsts = array("I")
        self._which = array("B")
        self._dictionaries: dict[bytes, int] = {b"": _NONE}
        self._pending: list[bytes] = []
        self._size = 0
        self._count = 0
        self._dictionary = b""

    def add_all(self, packed: list[bytes]) -> None:
        """Add the packed articles of a batch."""
        self._dictionary = _dictionary_for(packed)
        for article in packed:
            self.add(article)

    def add(self, packed: bytes) -> None:
        """Add a packed article."""
        if not self._pending:
            self._firsts.append(self._count)
        self._pending.append(packed)
        self._size += len(packed)
        self._count += 1
        if self._size >= BLOCK_BYTES:
            self._flush()

    def add_block(self, block: bytes, count: int, dictionary: bytes) -> None:
        """Add a block of another segment, with `count` articles, as it is."""
        self._flush()
        self._firsts.append(self._count)
        self._append(block, dictionary)
        self._count += count

    def _append(self, block: bytes, dictionary: bytes) -> None:
        self._blocks.append(block)
        number = self._dictionaries.setdefault(dictionary, len(self._dictionaries))
        self._which.append(number)

    def _flush(self) -> None:
        if self._pending:
            block = _compressor(self._dictionary).compress(b"\n".join(self._pending))
            self._append(block, self._dictionary)
        self._pending, self._size = [], 0

    def write(self, out: ContainerWriter) -> None:
        """Write the blocks."""
        from search.engines.whoosh.codec.columns import write_strings

        self._flush()
        out.add("stored.firsts", "I", self._firsts)
        write_strings(out, "stored", self._blocks)
        write_strings(out, "stored.dictionaries", list(self._dictionaries))
        out.add("stored.which", "B", self._which)


class Blocks:
    """The blocks of a segment, read."""

    def __init__(self, container: Container, count: int) -> None:
        self._count = count
        self._firsts = container.view("stored.firsts")
        self._blocks = Strings(container, "stored")
        self._dictionaries = Strings(container, "stored.dictionaries")
        self._which = container.view("stored.which")
        self._block = lru_cache(maxsize=64)(self._read)
        self._decompressor = cache(self._open)

    def _open(self, dictionary: int) -> Any:
        import zstandard

        data = self._dictionaries[dictionary]
        known = zstandard.ZstdCompressionDict(data) if data else None
        return zstandard.ZstdDecompressor(dict_data=known)

    def _read(self, block: int) -> list[bytes]:
        packed = self._decompressor(self._which[block]).decompress(self._blocks[block])
        return packed.split(b"\n")  # type: ignore[no-any-return]

    def __getitem__(self, number: int) -> bytes:
        """Return the packed article of a document."""
        block = bisect_left(self._firsts, number + 1) - 1
        return self._block(block)[number - self._firsts[block]]

    def all(self) -> Iterator[tuple[int, int, bytes, bytes]]:
        """Yield first document, number of documents, bytes and dictionary of each block."""
        edges = [*self._firsts, self._count]
        dictionaries = self._dictionaries.all()
        for i, block in enumerate(self._blocks.all()):
            yield edges[i], edges[i + 1] - edges[i], block, dictionaries[self._which[i]]


_made: list[bytes] = []
"""The dictionary that this process has made."""


def _dictionary_for(packed: list[bytes]) -> bytes:
    """Return the dictionary for a batch; the empty one for a small batch."""
    size = sum(map(len, packed))
    if size < 4 * SAMPLE_BYTES:
        return b""
    if not _made:
        import zstandard

        samples: list[Any] = packed[:: size // SAMPLE_BYTES]
        try:
            _made.append(zstandard.train_dictionary(DICTIONARY_BYTES, samples).as_bytes())
        except zstandard.ZstdError:  # too few articles, however long
            return b""
    return _made[0]


@lru_cache(maxsize=2)
def _compressor(dictionary: bytes) -> Any:
    import zstandard

    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=known)
