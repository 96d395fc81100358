"""Arrays that are written alike by `segment_writer` and `segment_merge`: strings, offsets, lists, columns."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from search.engines.whoosh.codec.article_values import LABELS, days_of
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.posting_lists import Lists
from search.model.article import Article

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.engines.whoosh.codec.array_types import Ints, Octets, Whole


def compact(numbers: Whole) -> NDArray[np.uint32 | np.uint64]:
    """Return whole numbers in four bytes each, or in eight where four do not hold the largest."""
    large = np.asarray(numbers, dtype=np.uint64)
    return large.astype(np.uint32) if int(large.max(initial=0)) < 1 << 32 else large


def offsets(ends: Whole) -> NDArray[np.uint32 | np.uint64]:
    """Return ends as offsets that begin with 0."""
    return compact(np.concatenate([[0], np.asarray(ends, dtype=np.uint64)]))


def ends_of(sizes: array[int]) -> NDArray[np.uint32 | np.uint64]:
    """Return the offsets of things of some sizes."""
    return offsets(np.cumsum(np.frombuffer(sizes, dtype=np.uint64)))


def write_strings(out: ContainerWriter, name: str, values: list[bytes]) -> None:
    """Write strings as one array of bytes and one of offsets."""
    out.add_array(f"{name}.at", ends_of(array("Q", map(len, values))))
    out.add(name, "B", b"".join(values))


def write_lists(out: ContainerWriter, name: str, lists: Lists) -> None:
    """Write posting lists: their bytes, their offsets, and the last value of each."""
    out.add(f"{name}.postings", "B", lists.data)
    out.add_array(f"{name}.ends", compact(lists.at))
    out.add_array(f"{name}.lasts", compact(lists.lasts))


def write_pairs(
    out: ContainerWriter, name: str, keys: NDArray[np.uint64], half: int, count: int
) -> None:
    """Write pairs of characters, numbers of `half` bits each, of `count` characters, sorted.

    The first character of a pair is known by where its pairs begin, so only the second is
    written for each.
    """
    firsts = np.arange(count + 1, dtype=np.uint64) << np.uint64(half)
    out.add(f"{name}.firsts", "I", np.searchsorted(keys, firsts).astype(np.uint32))
    seconds = keys & np.uint64((1 << half) - 1)
    small = half == 16
    out.add(f"{name}.seconds", "H" if small else "I", seconds.astype("<u2" if small else "<u4"))


def write_lengths(out: ContainerWriter, name: str, lengths: Ints) -> None:
    """Write the length of a field in each document, and their sum."""
    out.add(f"{name}.lengths", "I", lengths.astype(np.uint32))
    out.add(f"{name}.total", "Q", np.array([lengths.sum()], dtype=np.uint64))


def write_distinct(
    out: ContainerWriter, name: str, values: list[bytes], kind: str | None = None
) -> None:
    """Write each different string once, and for each document the number of its own.

    The numbers are of a type, or of the smallest that holds them.
    """
    table = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if kind is None:
        kind = "B" if len(table) <= 1 << 8 else "H" if len(table) <= 1 << 16 else "I"
    write_strings(out, name, list(table))
    out.add(f"{name}.of", kind, array(kind, [table[value] for value in values]))


class Columns:
    """What is known of each document without reading it: its place, days, labels, signature."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self.keys: list[bytes] = []
        self.paths: list[bytes] = []
        self.labels: dict[str, list[bytes]] = {name: [] for name in LABELS}
        self.numbers = {name: array("I") for name in ("lines", "first", "last")}
        self.signatures: list[Octets] = []  # shape (documents, SIZE), each

    def add(self, article: Article) -> None:
        """Add a document."""
        self.ids.append(article.id.encode())
        self.keys.append((article.key or "").encode("utf-8", "surrogatepass"))
        self.paths.append(article.path.encode("utf-8", "surrogatepass"))
        for name, of in LABELS.items():
            self.labels[name].append(of(article))
        for name, value in zip(self.numbers, (article.line, *days_of(article)), strict=True):
            self.numbers[name].append(value)

    def write(self, out: ContainerWriter) -> None:
        """Write the columns; ids also in order, and each different path once."""
        write_strings(out, "ids", self.ids)
        order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        out.add("ids.order", "I", array("I", order))
        write_strings(out, "keys", self.keys)
        write_distinct(out, "paths", self.paths, "I")
        for name, labels in self.labels.items():
            write_distinct(out, name, labels)
        for name, values in self.numbers.items():
            out.add(name, "I", values)
        out.begin("signatures", "B")
        for some in self.signatures:
            out.write(np.ascontiguousarray(some))
        out.end()
