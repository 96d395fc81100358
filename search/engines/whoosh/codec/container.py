r"""The file of a segment: named arrays, one after the other, and a table of them at the end.

    magic               16 bytes: "sou segment 003\n"
    arrays              each at a multiple of 8 bytes, little-endian
    table               JSON: {name: [offset, bytes, type]}, types as in `array`
    sums                CRC-32 (uint32) of each BLOCK of what stands before the table
    tail                bytes of the file, offset of the table (2 x uint64), bytes of the table,
                        CRC-32 of all from the table to here (2 x uint32), "sou\n"

A file is whole when its tail is: the tail is written last. Nothing in it is used before it was
compared with its checksum (`checked`).
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self
from zlib import crc32

from search.engines.whoosh.codec.checked_file import (
    BLOCK,
    POWERS,
    Array,
    Checked,
    File,
    FormatError,
)
from search.system.files import create

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]  # Python 3.12

__all__ = ["Array", "Container", "ContainerWriter", "FormatError"]

MAGIC = b"sou segment 003\n"
_TAIL = struct.Struct("<QQI")
_END = struct.Struct("<I4s")
_LAST = b"sou\n"
_ALIGN = 8

_TABLE_BYTES = 1 << 16
"""Of a table, at most: that of a segment has 6 kB."""

_COPIED = 1 << 20
"""Items of an array that are copied at once."""


class ContainerWriter:
    """Writes a segment file. Nothing is a segment until `close`.

    It is not forced to the disk: most are merged away before anything depends on them.
    """

    def __init__(self, path: Path) -> None:
        """Begin a file where there is none. Raises OSError."""
        self._file: BinaryIO = create(path)
        self._table: dict[str, list[Any]] = {}
        self._sums = array("I")
        self._crc = self._size = 0
        self._open = ("", "", 0)
        self._put(MAGIC)

    def _put(self, data: Buffer) -> None:
        """Write bytes, and add them to the checksums of their blocks."""
        view = memoryview(data)
        if not view.nbytes:
            return
        self._file.write(view)
        view = view.cast("B")
        while len(view):
            part = view[: BLOCK - self._size % BLOCK]
            view = view[len(part) :]
            self._crc = crc32(part, self._crc)
            self._size += len(part)
            if self._size % BLOCK == 0:
                self._sums.append(self._crc)
                self._crc = 0

    def add(self, name: str, kind: str, data: Buffer) -> None:
        """Write a whole array; `kind` is its type code (B, H, I, Q)."""
        self.begin(name, kind)
        self.write(data)
        self.end()

    def add_array(self, name: str, values: Any) -> None:
        """Write an array of unsigned numbers of 4 or 8 bytes."""
        self.add(name, {4: "I", 8: "Q"}[values.itemsize], values)

    def begin(self, name: str, kind: str) -> None:
        """Begin an array that comes in parts."""
        self._put(bytes(-self._size % _ALIGN))
        self._open = (name, kind, self._size)

    def write(self, data: Buffer) -> None:
        """Write a part of the array begun."""
        self._put(data)

    def end(self) -> None:
        """End the array begun."""
        name, kind, start = self._open
        self._table[name] = [start, self._size - start, kind]

    def copy(self, other: Container) -> None:
        """Write all the arrays of another file."""
        for name, values in other.arrays():
            self.begin(name, values.kind)
            for i in range(0, len(values), _COPIED):
                self.write(values.read(i, i + _COPIED))
            self.end()

    def close(self) -> None:
        """Write the table and the checksums, and make the file whole."""
        if self._size % BLOCK:
            self._sums.append(self._crc)
        table = json.dumps(self._table).encode()
        rest = table + self._sums.tobytes()
        size = self._size + len(rest) + _TAIL.size + _END.size
        rest += _TAIL.pack(size, self._size, len(table))
        self._file.write(rest + _END.pack(crc32(rest), _LAST))
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make the file whole; after an error, leave it as it is: no segment."""
        if kind is None:
            self.close()
        else:
            self._file.close()


class Container:
    """A segment file, opened. `size` and `checksum` tell it from every other.

    The checksum is that of the table and of the checksums of all blocks.
    """

    def __init__(self, path: Path) -> None:
        """Open a file. Raises FormatError, RequestError, or FileNotFoundError."""
        self.name = path.name
        if sys.byteorder != "little":
            raise FormatError("segments can be read on little-endian machines only")
        self._file = File(path)
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
        tail = _TAIL.size + _END.size
        if read(0, len(MAGIC)) != MAGIC or size < len(MAGIC) + tail:
            raise self.wrong("it is not a segment of this version")
        ends = read(size - tail, tail)
        if len(ends) != tail or ends[-len(_LAST) :] != _LAST:
            raise self.wrong("it is cut off")
        whole, start, length = _TAIL.unpack_from(ends)
        self.checksum, _ = _END.unpack_from(ends, _TAIL.size)
        blocks = -(-start // BLOCK)
        if whole != size or start + length + 4 * blocks + tail != size:
            raise self.wrong("it is not as long as it was written")
        if length > _TABLE_BYTES:
            raise self.wrong("the table is too large")
        rest = read(start, size - start - _END.size)
        if crc32(rest) != self.checksum:
            raise self.wrong("the table does not match its checksum")
        sums = memoryview(rest)[length : length + 4 * blocks].cast("I")
        self._checked = Checked(self._file, start, sums)
        try:
            found = json.loads(rest[:length])
            self._table = {name: _entry(name, values, start) for name, values in found.items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as exc:
            raise self.wrong(f"the table is none: {exc}") from exc

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
    if start < 0 or size < 0 or start + size > room or start % _ALIGN or size % (1 << POWERS[kind]):
        raise ValueError(f"{name} is not inside the file")
    return start, size, kind
