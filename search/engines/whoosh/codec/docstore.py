"""Stored articles, compressed in blocks by zstd.

Blocks are small, so that showing an article reads little else; what they have in common
goes into a dictionary, made of a sample of the first large batch that a process writes. A
segment holds the dictionaries of its blocks, so that merging copies blocks as they are.
"""

from __future__ import annotations

from _thread import get_ident
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from search.engines.whoosh.codec.container import Container, ContainerWriter
from search.engines.whoosh.codec.string_lists import Strings

BLOCK_BYTES = 4096
"""Bytes of articles from which on a block is full."""

LEVEL = 3
"""Of zstd. Higher ones take two to three times as long for a twentieth less room."""

DICTIONARY_BYTES = 1 << 16

SAMPLE_BYTES = 1 << 19
"""Bytes of articles that a dictionary is made of; a smaller batch goes without."""

MOST_BYTES = 1 << 27
"""Bytes of a block, unpacked: no article is as long (`search.papers.reader.Limits`)."""

RATIO, ANYWAY = 64, 1 << 16
"""How many times its own size a block may unpack to, and what any may. Papers pack to a third
or a tenth. What packs further (pages of dots) is filled up with zeros when it is written."""

KEPT_BYTES = 1 << 20
"""Bytes of unpacked blocks that are kept."""

_DECOMPRESSORS = 64
"""For each thread and dictionary one, of late."""


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
        from search.engines.whoosh.codec.doc_values import ends_of, write_strings

        out = self._out
        out.end()
        out.add_array("stored.at", ends_of(self._sizes))
        out.add("stored.firsts", "I", self._firsts)
        out.add("stored.which", "H", self._which)
        write_strings(out, "stored.dictionaries", list(self._dictionaries))


class Blocks:
    """The blocks of a segment, read."""

    def __init__(self, container: Container, count: int) -> None:
        self._container = container
        self._count = count
        self._firsts = container.array("stored.firsts", "I")
        self._blocks = Strings(container, "stored", len(self._firsts))
        self._dictionaries = Strings(container, "stored.dictionaries")
        self._which = container.array("stored.which", "H", len(self._firsts))
        self._kept: dict[int, list[bytes]] = {}
        self._sizes: dict[int, int] = {}
        self._decompressors: dict[tuple[int, int], Any] = {}

    def _decompressor(self, dictionary: int) -> Any:
        """Return what unpacks the blocks of a dictionary; no two threads may share one."""
        key = get_ident(), dictionary
        found = self._decompressors.get(key)
        if found is None:
            import zstandard

            data = self._dictionaries[dictionary]
            if len(data) > DICTIONARY_BYTES:
                raise self._container.wrong(f"dictionary {dictionary} of the articles is too large")
            known = zstandard.ZstdCompressionDict(data) if data else None
            for oldest in list(self._decompressors)[: -(_DECOMPRESSORS - 1)]:
                self._decompressors.pop(oldest, None)
            self._decompressors[key] = found = zstandard.ZstdDecompressor(dict_data=known)
        return found

    def _unpacked(self, block: int) -> bytes:
        """Return what a block unpacks to, which is looked at before it is."""
        import zstandard

        packed = self._blocks[block]
        try:
            size = zstandard.frame_content_size(packed)
            if not 0 <= size <= min(MOST_BYTES, ANYWAY + RATIO * len(packed)):
                raise self._container.wrong(f"block {block} of the articles is too large")
            text: bytes = self._decompressor(self._which[block]).decompress(
                packed,
                allow_extra_data=True,  # blocks that pack well are padded
            )
        except zstandard.ZstdError as exc:
            raise self._container.wrong(f"block {block} of the articles: {exc}") from exc
        return text

    def _keep(self, block: int) -> list[bytes]:
        """Return the packed articles of a block, and keep them, with others of late."""
        text = self._unpacked(block)
        behind = self._firsts[block + 1] if block + 1 < len(self._firsts) else self._count
        count = behind - self._firsts[block]
        articles = text.split(b"\n", max(0, count))
        if len(articles) != count:
            raise self._container.wrong(f"block {block} does not hold {count} articles")
        # Threads may do this at the same time: nothing here minds what another took out.
        size = len(text)
        for oldest in list(self._kept):
            if sum(list(self._sizes.values())) + size <= KEPT_BYTES:
                break
            self._kept.pop(oldest, None)
            self._sizes.pop(oldest, None)
        self._kept[block], self._sizes[block] = articles, size
        return articles

    def __getitem__(self, number: int) -> bytes:
        """Return the packed article of a document."""
        block = bisect_left(self._firsts, number + 1) - 1
        place = number - self._firsts[block]
        if block < 0 or place < 0:
            raise self._container.wrong("stored.firsts does not rise from 0")
        articles = self._kept.get(block) or self._keep(block)
        if place >= len(articles):
            raise self._container.wrong("stored.firsts does not rise from 0")
        return articles[place]

    def all(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield the number of documents, the bytes and the dictionary of each block."""
        edges = [*self._firsts.read(), self._count]
        dictionaries, which = self._dictionaries.all(), self._which.read()
        for i, block in enumerate(self._blocks.each()):
            yield edges[i + 1] - edges[i], block, dictionaries[which[i]]


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

    samples: list[Any] = packed[:: sum(map(len, packed)) // SAMPLE_BYTES]
    try:
        return zstandard.train_dictionary(DICTIONARY_BYTES, samples).as_bytes()
    except zstandard.ZstdError:
        return b""


@lru_cache(maxsize=2)
def _compressor(dictionary: bytes) -> Any:
    import zstandard

    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=known)
