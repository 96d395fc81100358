r"""The file of a segment: named arrays, one after the other, and a table of them at the end.

    magic               16 bytes: "sou segment 002\n"
    arrays              each at a multiple of 8 bytes, little-endian
    table               JSON: {name: [offset, bytes, type, CRC-32]}, types as in `array`
    tail                offset and length of the table (2 x uint64), its CRC-32 (uint32),
                        "sou\n"

A file is whole when its tail is: the tail is written last.
"""

from __future__ import annotations

import json
import mmap
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from search.files import create, open_regular

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]  # Python 3.12

MAGIC = b"sou segment 002\n"
_TAIL = struct.Struct("<QQI4s")
_END = b"sou\n"
_ALIGN = 8

_SIZES = {"B": 1, "H": 2, "I": 4, "Q": 8}
"""The types of arrays, and the bytes of an item of each."""

_TABLE_BYTES = 1 << 16
"""Of a table, at most: that of a segment has 7 kB."""


class FormatError(ValueError):
    """A file that is no segment, not a whole one, or of another version, or says what cannot be.

    The message names the file.
    """


class ContainerWriter:
    """Writes a segment file. Nothing is a segment until `close`.

    It is not forced to the disk: most are merged away before anything depends on them.
    """

    def __init__(self, path: Path) -> None:
        """Begin a file where there is none. Raises OSError."""
        self._file: BinaryIO = create(path)
        self._file.write(MAGIC)
        self._table: dict[str, list[Any]] = {}
        self._open: tuple[str, str, int, int] | None = None

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
        self._file.write(bytes(-self._file.tell() % _ALIGN))
        self._open = (name, kind, self._file.tell(), 0)

    def write(self, data: Buffer) -> None:
        """Write a part of the array begun."""
        assert self._open is not None
        name, kind, start, crc = self._open
        self._file.write(data)
        self._open = (name, kind, start, zlib.crc32(data, crc))

    def end(self) -> None:
        """End the array begun."""
        assert self._open is not None
        name, kind, start, crc = self._open
        self._table[name] = [start, self._file.tell() - start, kind, crc]
        self._open = None

    def copy(self, other: Container) -> None:
        """Write all the arrays of another file."""
        for name, (data, kind, crc) in other.arrays():
            self._file.write(bytes(-self._file.tell() % _ALIGN))
            self._table[name] = [self._file.tell(), len(data), kind, crc]
            self._file.write(data)

    def close(self) -> None:
        """Write the table and make the file whole."""
        start = self._file.tell()
        table = json.dumps(self._table).encode()
        self._file.write(table)
        self._file.write(_TAIL.pack(start, len(table), zlib.crc32(table), _END))
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
    """A segment file, mapped. Arrays are views of the map: no copy, no parsing."""

    def __init__(self, path: Path) -> None:
        """Map a file. Raises FormatError, or FileNotFoundError where there is none."""
        self.name = path.name
        if sys.byteorder != "little":
            raise FormatError("segments can be read on little-endian machines only")
        try:
            with open_regular(path) as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise
        except OSError as exc:
            raise self.wrong(f"it cannot be read: {exc.strerror or exc}") from exc
        except ValueError as exc:
            raise self.wrong("it is empty") from exc
        self._view = memoryview(self._map)
        try:
            self._table = self._read_table()
        except BaseException:
            self.close()
            raise

    def __len__(self) -> int:
        """Return the bytes of the file."""
        return len(self._view)

    def wrong(self, what: str) -> FormatError:
        """Return an error that names the file and says what is wrong with it."""
        return FormatError(f"{self.name}: {what}")

    def _read_table(self) -> dict[str, tuple[int, int, Any, int]]:
        size = len(self._view)
        if self._view[: len(MAGIC)] != MAGIC or size < len(MAGIC) + _TAIL.size:
            raise self.wrong("it is not a segment of this version")
        start, length, crc, end = _TAIL.unpack(self._view[size - _TAIL.size :])
        if end != _END or start + length > size:
            raise self.wrong("it is cut off")
        if length > _TABLE_BYTES:
            raise self.wrong("the table is too large")
        table = self._view[start : start + length]
        if zlib.crc32(table) != crc:
            raise self.wrong("the table does not match its checksum")
        self.crc: int = crc
        try:
            found = json.loads(bytes(table))
            return {name: _entry(name, values, size) for name, values in found.items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as exc:
            raise self.wrong(f"the table is none: {exc}") from exc

    def view(self, name: str, kinds: str = "BHIQ", length: int = -1) -> memoryview:
        """Return an array as a memoryview of its type; an empty one where there is none.

        Raises FormatError for one that is of none of `kinds`, or not of a `length` asked for.
        """
        start, size, kind, _ = self._table.get(name, (0, 0, kinds[0], 0))
        if kind not in kinds:
            raise self.wrong(f"{name} is of type {kind}, not {' or '.join(kinds)}")
        found: memoryview = self._view[start : start + size].cast(kind)
        if length not in {-1, len(found)}:
            raise self.wrong(f"{name} has {len(found):,} items, not {length:,}")
        return found

    def arrays(self) -> Iterator[tuple[str, tuple[memoryview, str, int]]]:
        """Yield the bytes, the type and the checksum of each array, by name."""
        for name, (start, size, kind, crc) in self._table.items():
            yield name, (self._view[start : start + size], kind, crc)

    def faults(self) -> list[str]:
        """Read everything and name the arrays that do not match their checksum."""
        return [
            name
            for name, (start, size, _, crc) in self._table.items()
            if zlib.crc32(self._view[start : start + size]) != crc
        ]

    def forget(self) -> None:
        """Give back the memory of what was read; it is read again where it is used again."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """Let go of the file; while an array of it is in use, it closes with that."""
        with suppress(BufferError):
            self._view.release()
            self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _entry(name: str, values: object, room: int) -> tuple[int, int, Any, int]:
    """Return what a table says of an array. Raises ValueError or TypeError for what cannot be."""
    if not name.replace(".", "").isalpha() or not name.isascii():
        raise ValueError(f"{name!a} is not a name")
    if not isinstance(values, list):
        raise TypeError(f"{name} is not a list")
    start, size, kind, crc = values
    # Types exactly: a bool is an int as well.
    if {type(start), type(size), type(crc)} != {int} or kind not in _SIZES:
        raise TypeError(f"{name} is not described by numbers and a type")
    if start < 0 or size < 0 or start + size > room or start % _ALIGN or size % _SIZES[kind]:
        raise ValueError(f"{name} is not inside the file")
    return start, size, kind, crc
