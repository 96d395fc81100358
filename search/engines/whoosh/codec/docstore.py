"""Stored articles, compressed in blocks by zstd.

Blocks are small, so that showing an article reads little else; what they have in common
goes into a dictionary, made of a sample of the first large batch that a process writes. A
segment holds the dictionaries of its blocks, so that merging copies blocks as they are.
"""

from __future__ import annotations

from _thread import get_ident
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from search.engines.whoosh.codec.container import Container
from search.engines.whoosh.codec.string_lists import Strings

if TYPE_CHECKING:
    from zstandard import ZstdDecompressor

BLOCK_BYTES = 4096
"""Bytes of articles from which on a block is full."""

DICTIONARY_BYTES = 1 << 16

MOST_BYTES = 1 << 27
"""Bytes of a block, unpacked: no article is as long (`search.papers.reader.Limits`)."""

RATIO, ANYWAY = 64, 1 << 16
"""How many times its own size a block may unpack to, and what any may. Papers pack to a third
or a tenth. What packs further (pages of dots) is filled up with zeros when it is written."""

KEPT_BYTES = 1 << 20
"""Bytes of unpacked blocks that are kept."""

_DECOMPRESSORS = 64
"""For each thread and dictionary one, of late."""


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
        self._decompressors: dict[tuple[int, int], ZstdDecompressor] = {}

    def _decompressor(self, dictionary: int) -> ZstdDecompressor:
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
