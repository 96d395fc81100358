r"""The file of a segment: named arrays, one after the other, and a table of them at the end.

    magic               16 bytes: "sou segment 003\n"
    arrays              each at a multiple of 8 bytes, little-endian
    table               JSON: {name: [offset, bytes, type]}, types as in `array`
    sums                CRC-32 (uint32) of each BLOCK of what stands before the table
    tail                bytes of the file, offset of the table (2 x uint64), bytes of the table,
                        CRC-32 of all from the table to here (2 x uint32), "sou\n"

A file is whole when its tail is: the tail is written last. Nothing in it is used before it was
compared with its checksum (`checked_file`).
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from zlib import crc32

from search.engines.whoosh.codec.checked_file import (
    BLOCK,
    POWERS,
    Array,
    Checked,
    File,
    FormatError,
)

__all__ = ["Array", "Container", "FormatError"]

MAGIC = b"sou segment 003\n"
TAIL = struct.Struct("<QQI")
END = struct.Struct("<I4s")
LAST = b"sou\n"
ALIGN = 8

_TABLE_BYTES = 1 << 16
"""Of a table, at most: that of a segment has 6 kB."""


class Container:
    """A segment file, opened. `size` and `checksum` tell it from every other.

    The checksum is that of the table and of the checksums of all blocks.
    """

    def __init__(self, of: Path | File) -> None:
        """Open a file, or take one that is open. Raises FormatError, RequestError, or FileNotFoundError."""
        self.name = of.name
        if sys.byteorder != "little":
            raise FormatError("segments can be read on little-endian machines only")
        self._file = File(of) if isinstance(of, Path) else of
        self.size = self._file.size
        try:
            self._read_tail()
        except BaseException:
            self._file.close()
            raise

    def __len__(self) -> int:
        """Return the bytes of the file."""
        return self.size

    def wrong(self, what: str) -> FormatError:
        """Return an error that names the file and says what is wrong with it."""
        return FormatError(f"{self.name}: {what}")

    def _read_tail(self) -> None:
        """Read and check all that stands behind the arrays."""
        size, read = self.size, self._file.read
        tail = TAIL.size + END.size
        if read(0, len(MAGIC)) != MAGIC or size < len(MAGIC) + tail:
            raise self.wrong("it is not a segment of this version")
        ends = read(size - tail, tail)
        if len(ends) != tail or ends[-len(LAST) :] != LAST:
            raise self.wrong("it is cut off")
        whole, start, length = TAIL.unpack_from(ends)
        self.checksum, _ = END.unpack_from(ends, TAIL.size)
        blocks = -(-start // BLOCK)
        if whole != size or start + length + 4 * blocks + tail != size:
            raise self.wrong("it is not as long as it was written")
        if length > _TABLE_BYTES:
            raise self.wrong("the table is too large")
        rest = read(start, size - start - END.size)
        if crc32(rest) != self.checksum:
            raise self.wrong("the table does not match its checksum")
        sums = memoryview(rest)[length : length + 4 * blocks].cast("I")
        self._checked = Checked(self._file, start, sums)
        try:
            found = json.loads(rest[:length])
            self._table = {name: _entry(name, values, start) for name, values in found.items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as exc:
            raise self.wrong(f"the table is not valid: {exc}") from exc

    def array(self, name: str, kinds: str = "BHIQ", length: int = -1) -> Array:
        """Return an array of which nothing is read yet; an empty one where there is none.

        Raises FormatError for one that is of none of `kinds`, or not of a `length` asked for.
        """
        start, size, kind = self._table.get(name, (0, 0, kinds[0]))
        if kind not in kinds:
            raise self.wrong(f"{name} is of type {kind}, not {' or '.join(kinds)}")
        found = self._checked.array(start, size, kind)
        if length not in {-1, len(found)}:
            raise self.wrong(f"{name} has {len(found):,} items, not {length:,}")
        return found

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Yield the arrays by name."""
        for name in self._table:
            yield name, self.array(name)

    def faults(self) -> list[str]:
        """Read everything and say which blocks do not match their checksum, and what is in them."""
        return [self._fault(begin) for begin in self._checked.faults()]

    def _fault(self, begin: int) -> str:
        names = [
            name
            for name, (start, size, _) in self._table.items()
            if start < begin + BLOCK and begin < start + size
        ]
        return (
            f"bytes {begin:,} to {begin + BLOCK - 1:,} do not match their checksum"
            f" ({', '.join(names) or 'no array'})"
        )

    @property
    def kept(self) -> int:
        """The bytes of it that are in memory, about."""
        return self._checked.kept

    def forget(self) -> None:
        """Give back the memory of what was read; it is read again where it is used again."""
        self._checked.forget()

    def close(self) -> None:
        """Let go of the file. Raises nothing; to use it again is a RequestError."""
        self._checked.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _entry(name: str, values: object, room: int) -> tuple[int, int, str]:
    """Return what a table says of an array. Raises ValueError or TypeError for what cannot be."""
    if not name.replace(".", "").isalpha() or not name.isascii():
        raise ValueError(f"{name!a} is not a name")
    if not isinstance(values, list):
        raise TypeError(f"{name} is not a list")
    start, size, kind = values
    # Types exactly: a bool is an int as well.
    if type(start) is not int or type(size) is not int or kind not in POWERS:
        raise TypeError(f"{name} is not described by numbers and a type")
    if start < 0 or size < 0 or start + size > room or start % ALIGN or size % (1 << POWERS[kind]):
        raise ValueError(f"{name} is not inside the file")
    return start, size, kind
