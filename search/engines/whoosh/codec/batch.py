"""Building a segment from articles: collect, sort with numpy, write.

Terms are numbers while articles come in; sorting and encoding happen at once for the whole
batch, which is what makes it quick. Memory is a few times the text of the batch.
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from search.article import Article, date_bounds
from search.engines.whoosh.codec import encode
from search.engines.whoosh.codec.container import ContainerWriter
from search.engines.whoosh.stored import END, pack
from search.query.tree import FIELDS, TEXT_FIELDS
from search.text.bulk import segment_bulk
from search.text.fold import fold
from search.text.segment import segment

BATCH_CHARACTERS = 1_500_000
"""Characters of a batch: some 2,000 articles, and about 150 MB while it is sorted."""

FEW_CHARACTERS = 20_000
"""Characters below which a batch is cut by what queries are cut by."""

BLOCK_BYTES = 16_384
"""Stored articles compressed together: larger is smaller, and slower to read one from."""


class _Words:
    """The words of a field: numbered as they come."""

    def __init__(self) -> None:
        self.vocabulary: defaultdict[str, int] = defaultdict()
        self.vocabulary.default_factory = self.vocabulary.__len__
        self.tokens = array("I")
        self.lengths = array("I")

    def add(self, words: list[str]) -> None:
        self.tokens.extend(map(self.vocabulary.__getitem__, words))
        self.lengths.append(len(words))

    def write(self, out: ContainerWriter, name: str) -> None:
        by_bytes = sorted((word.encode(), number) for word, number in self.vocabulary.items())
        rank = np.empty(len(by_bytes), dtype=np.uint64)
        rank[[number for _, number in by_bytes]] = np.arange(len(by_bytes))
        lengths = np.frombuffer(self.lengths, dtype=np.uint32)
        of = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
        keys = rank[np.frombuffer(self.tokens, dtype=np.uint32)] << np.uint64(32) | of
        keys.sort()
        starts = encode.run_starts(keys)
        frequencies = np.diff(np.append(starts, len(keys)))
        keys = keys[starts]
        terms = (keys >> np.uint64(32)).astype(np.int64)
        numbers = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
        data, ends, counts = encode.words(terms, numbers, frequencies)
        write_strings(out, f"{name}.terms", [word for word, _ in by_bytes])
        out.add(f"{name}.counts", "I", counts.astype(np.uint32))
        out.add_array(f"{name}.ends", encode.offsets(ends))
        out.add(f"{name}.postings", "B", data)
        write_lengths(out, name, lengths)


class _Grams:
    """The characters of a field."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.spans = array("I")
        self.lengths = array("I")

    def add(self, values: Iterable[str]) -> None:
        kept = [value for value in values if value]
        self.texts += [value + END for value in kept]
        self.lengths.append(sum(map(len, kept)))
        self.spans.append(self.lengths[-1] + len(kept))

    def write(self, out: ContainerWriter, name: str) -> None:
        text = np.frombuffer("".join(self.texts).encode("utf-32-le"), dtype=np.uint32)
        spans = np.frombuffer(self.spans, dtype=np.uint32)
        present = np.zeros(0x110000, dtype=bool)
        present[text] = True
        present[ord(END)] = True  # so that its number is 0
        characters = np.flatnonzero(present).astype(np.uint32)
        number = np.zeros(0x110000, dtype=np.uint64)
        number[characters] = np.arange(len(characters))
        codes = number[text]
        of = np.repeat(np.arange(len(spans), dtype=np.uint32), spans)
        keys, positions = _sorted_pairs(codes, small=len(characters) <= 1 << 16)
        starts = encode.run_starts(keys)
        terms = encode.ranks(len(keys), starts)
        numbers = of[positions]
        data, ends = encode.grams(terms, positions, numbers)
        out.add(f"{name}.characters", "I", characters)
        out.add_array(f"{name}.keys", keys[starts])
        out.add_array(f"{name}.ends", encode.offsets(ends))
        out.add(f"{name}.postings", "B", data)
        out.add_array(f"{name}.at", encode.offsets(np.cumsum(spans, dtype=np.uint64)))
        write_lengths(out, name, np.frombuffer(self.lengths, dtype=np.uint32))
        data, ends = encode.singles(keys >> encode.half(keys), numbers, len(characters))
        out.add_array(f"{name}.single_ends", encode.offsets(ends))
        out.add(f"{name}.singles", "B", data)


def _sorted_pairs(codes: Any, *, small: bool) -> tuple[Any, Any]:
    """Return the pairs of characters that begin inside a text and their places, sorted.

    A pair is one number, its first character in the upper half. With few different
    characters pair and place fit into 64 bits, which sorts several times quicker.
    """
    places = np.flatnonzero(codes[:-1])  # END has the number 0
    if not small:
        keys = (codes[:-1] << np.uint64(32) | codes[1:])[places]
        order = np.argsort(keys, kind="stable")
        return keys[order], places[order]
    packed = (codes[:-1] << np.uint64(48) | codes[1:] << np.uint64(32))[places]
    packed |= places.astype(np.uint64)
    packed.sort()
    keys = (packed >> np.uint64(32)).astype(np.uint32)
    return keys, (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)


def write_lengths(out: ContainerWriter, name: str, lengths: Any) -> None:
    """Write the length of the field in each document, and their sum."""
    out.add(f"{name}.lengths", "I", lengths)
    out.add(f"{name}.total", "Q", np.array([lengths.sum()], dtype=np.uint64))


def write_strings(out: ContainerWriter, name: str, values: list[bytes]) -> None:
    """Write strings as one array of bytes and one of offsets."""
    sizes = np.fromiter(map(len, values), dtype=np.uint64, count=len(values))
    out.add_array(f"{name}.at", encode.offsets(np.cumsum(sizes)))
    out.add(name, "B", b"".join(values))


class Stored:
    """Articles as they are, packed in blocks."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._firsts = array("I")
        self._pending: list[bytes] = []
        self._size = 0
        self._count = 0

    def add(self, packed: bytes) -> None:
        """Add a packed article."""
        if not self._pending:
            self._firsts.append(self._count)
        self._pending.append(packed)
        self._size += len(packed)
        self._count += 1
        if self._size >= BLOCK_BYTES:
            self._flush()

    def add_block(self, block: bytes, count: int) -> None:
        """Add a block of another segment, with `count` articles, as it is."""
        self._flush()
        self._firsts.append(self._count)
        self._blocks.append(block)
        self._count += count

    def _flush(self) -> None:
        if self._pending:
            self._blocks.append(zlib.compress(b"\n".join(self._pending), 6))
        self._pending, self._size = [], 0

    def write(self, out: ContainerWriter) -> None:
        """Write the blocks."""
        self._flush()
        out.add("stored.firsts", "I", self._firsts)
        write_strings(out, "stored", self._blocks)


class Columns:
    """What is known of each document without reading it: id, key, path, line and days."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self.keys: list[bytes] = []
        self.paths: list[bytes] = []
        self.numbers = {name: array("I") for name in ("lines", "first", "last")}

    def add(self, article: Article) -> None:
        """Add a document."""
        self.ids.append(article.id.encode())
        self.keys.append((article.key or "").encode("utf-8", "surrogatepass"))
        self.paths.append(article.path.encode("utf-8", "surrogatepass"))
        days = date_bounds(article.date) if article.date else (0, 0)
        for name, value in zip(self.numbers, (article.line, *days), strict=True):
            self.numbers[name].append(value)

    def write(self, out: ContainerWriter) -> None:
        """Write the columns; ids also in order, and each different path once."""
        write_strings(out, "ids", self.ids)
        order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        out.add("ids.order", "I", array("I", order))
        write_strings(out, "keys", self.keys)
        table = {path: number for number, path in enumerate(dict.fromkeys(self.paths))}
        write_strings(out, "paths", list(table))
        out.add("paths.of", "I", array("I", [table[path] for path in self.paths]))
        for name, values in self.numbers.items():
            out.add(name, "I", values)


def write_batch(path: Path, articles: Sequence[Article]) -> int:
    """Write a segment of some articles and return their number."""
    words = {name: _Words() for name in TEXT_FIELDS}
    grams = {name: _Grams() for name in FIELDS}
    stored, columns = Stored(), Columns()
    count = 0
    # To load what cuts quickly takes as long as to cut a few pages slowly.
    cut = segment if sum(len(a.body) for a in articles) < FEW_CHARACTERS else segment_bulk
    for article in articles:
        for name, values in texts_of(article).items():
            folded = [fold(value) for value in values]
            grams[name].add(folded)
            if name in words:
                words[name].add([word for value in folded for word in cut(value)])
        stored.add(pack(article))
        columns.add(article)
        count += 1
    with ContainerWriter(path) as out:
        stored.write(out)
        columns.write(out)
        for name in TEXT_FIELDS:
            words[name].write(out, f"words.{name}")
        for name in FIELDS:
            grams[name].write(out, f"grams.{name}")
    return count


def texts_of(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the texts of an article by field."""
    return {
        "title": (article.title,),
        "body": (article.body,),
        "author": article.authors,
        "paper": (article.paper or "",),
        "section": (article.section or "",),
        "path": (article.path,),
    }
