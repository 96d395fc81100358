"""Packing articles into the blocks that `docstore` reads."""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import TYPE_CHECKING

from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.doc_values import ends_of, write_strings
from search.engines.whoosh.codec.docstore import ANYWAY, BLOCK_BYTES, DICTIONARY_BYTES, RATIO

if TYPE_CHECKING:
    from zstandard import ZstdCompressor

LEVEL = 3
"""Of zstd. Higher ones take two to three times as long for a twentieth less room."""

SAMPLE_BYTES = 1 << 19
"""Bytes of articles that a dictionary is made of; a smaller batch goes without."""


class BlockWriter:
    """Packs articles into blocks and writes them, as they come, into a segment's file."""

    def __init__(self, out: ContainerWriter) -> None:
        self._out = out
        self._sizes = array("Q")
        self._firsts = array("I")
        self._which = array("H")
        self._dictionaries = {b"": 0}
        out.begin("stored", "B")
        self._pending: list[bytes] = []
        self._size = 0
        self._count = 0
        self._dictionary = b""

    def add_all(self, packed: list[bytes], *, again: bool = False) -> None:
        """Add packed articles; `again` says that they were stored before.

        They then get a dictionary of their own: those there are may hold what was deleted.
        """
        if _is_large(packed):
            self._dictionary = _trained(packed) if again else _dictionary(packed)
        for article in packed:
            self._add(article)
        self._flush()
        self._dictionary = b""

    def _add(self, packed: bytes) -> None:
        if not self._pending:
            self._firsts.append(self._count)
        self._pending.append(packed)
        self._size += len(packed)
        self._count += 1
        if self._size >= BLOCK_BYTES:
            self._flush()

    def add_block(self, block: bytes, count: int, dictionary: bytes) -> None:
        """Add a block of another segment, with `count` articles, as it is."""
        self._firsts.append(self._count)
        self._append(block, dictionary)
        self._count += count

    def _append(self, block: bytes, dictionary: bytes) -> None:
        self._out.write(block)
        self._sizes.append(len(block))
        number = self._dictionaries.setdefault(dictionary, len(self._dictionaries))
        self._which.append(number)

    def _flush(self) -> None:
        if self._pending:
            text = b"\n".join(self._pending)
            block = _compressor(self._dictionary).compress(text)
            # What follows the frame is not read.
            self._append(block.ljust((len(text) - ANYWAY) // RATIO + 1, b"\0"), self._dictionary)
        self._pending, self._size = [], 0

    def end(self) -> None:
        """Write what is to be known of the blocks."""
        out = self._out
        out.end()
        out.add_array("stored.at", ends_of(self._sizes))
        out.add("stored.firsts", "I", self._firsts)
        out.add("stored.which", "H", self._which)
        write_strings(out, "stored.dictionaries", list(self._dictionaries))


_made: list[bytes] = []
"""The dictionary that this process has made for the index that it writes."""


def forget_dictionary() -> None:
    """Make a new dictionary for the next index: one has pieces of the texts of its own in it."""
    _made.clear()


def _is_large(packed: list[bytes]) -> bool:
    return sum(map(len, packed)) >= 4 * SAMPLE_BYTES


def _dictionary(packed: list[bytes]) -> bytes:
    """Return the dictionary of this process, made now of a large batch if there is none."""
    if not _made:
        _made.append(_trained(packed))
    return _made[0]


def _trained(packed: list[bytes]) -> bytes:
    """Make a dictionary of a sample of a large batch; an empty one of a few huge articles."""
    import zstandard

    samples: list[bytes | bytearray | memoryview] = [
        *packed[:: sum(map(len, packed)) // SAMPLE_BYTES]
    ]
    try:
        return zstandard.train_dictionary(DICTIONARY_BYTES, samples).as_bytes()
    except zstandard.ZstdError:
        return b""


@lru_cache(maxsize=2)
def _compressor(dictionary: bytes) -> ZstdCompressor:
    import zstandard

    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=known)
