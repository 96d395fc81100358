"""Writing the file of a segment; `container` says what it looks like."""

from __future__ import annotations

import json
from array import array
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self
from zlib import crc32

from search.engines.whoosh.codec.checked_file import BLOCK
from search.engines.whoosh.codec.container import ALIGN, END, LAST, MAGIC, TAIL, Container
from search.system.files import create

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Data: TypeAlias = bytes | bytearray | memoryview | array[int] | NDArray[np.generic]

_COPIED = 1 << 20
"""Items of an array that are copied at once."""


class ContainerWriter:
    """Writes a segment file. Nothing is a segment until `close`.

    It is not forced to the disk: most are merged away before anything depends on them.
    """

    def __init__(self, path: Path) -> None:
        """Begin a file where there is none. Raises OSError."""
        self._file: BinaryIO = create(path)
        self._table: dict[str, tuple[int, int, str]] = {}
        self._sums = array("I")
        self._crc = self._size = 0
        self._open = ("", "", 0)
        self._put(MAGIC)

    def _put(self, data: Data) -> None:
        """Write bytes, and add them to the checksums of their blocks."""
        view = memoryview(data)  # type: ignore[arg-type]  # numpy's types know it from 3.12 on
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

    def add(self, name: str, kind: str, data: Data) -> None:
        """Write a whole array; `kind` is its type code (B, H, I, Q)."""
        self.begin(name, kind)
        self.write(data)
        self.end()

    def add_array(self, name: str, values: NDArray[np.uint32 | np.uint64]) -> None:
        """Write an array of unsigned numbers of 4 or 8 bytes."""
        self.add(name, {4: "I", 8: "Q"}[values.itemsize], values)

    def begin(self, name: str, kind: str) -> None:
        """Begin an array that comes in parts."""
        self._put(bytes(-self._size % ALIGN))
        self._open = (name, kind, self._size)

    def write(self, data: Data) -> None:
        """Write a part of the array begun."""
        self._put(data)

    def end(self) -> None:
        """End the array begun."""
        name, kind, start = self._open
        self._table[name] = start, self._size - start, kind

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
        size = self._size + len(rest) + TAIL.size + END.size
        rest += TAIL.pack(size, self._size, len(table))
        self._file.write(rest + END.pack(crc32(rest), LAST))
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
