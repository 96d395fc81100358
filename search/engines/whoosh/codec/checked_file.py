"""The bytes of a segment's file, of which none is believed before it was checked.

The file is divided into blocks, and has a CRC-32 for each. What is asked for is read block by
block, compared, and only then put into memory of our own. The file is not mapped: a mapping
shows whatever becomes of the file later, and ends the process where the file was cut.

Nothing waits for a lock, so threads do not wait for one another, and a process that is forked
cannot inherit a lock that nobody opens. Two threads may read the same block at once: both put
the same bytes where they are already.
"""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias, overload
from zlib import crc32

from search.model.errors import RequestError
from search.system.files import lacking, open_descriptor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHIFT = 13
BLOCK = 1 << SHIFT
"""Bytes that are checked at once. docs/index-format.md says what other sizes cost."""

AT_ONCE = 8
"""Blocks that are read at once into memory that is kept. They stay in a processor's cache; and
for more, malloc asks the system for memory each time."""

_SEEN = b"\1" * AT_ONCE

POWERS = {"B": 0, "H": 1, "I": 2, "Q": 3}
"""The types of arrays, and the bytes of an item of each as a power of two."""


class FormatError(ValueError):
    """A file that is no segment, not a whole one, or of another version, or says what cannot be.

    The message names the file.
    """


class UnreadableError(FormatError):
    """A file that the system does not read, whatever is in it. The message names the file."""


def unreadable(name: str, exc: OSError, where: str = "") -> RequestError | FormatError:
    """Return the error for a file that the system does not open or read."""
    if lack := lacking(exc, name):
        return lack
    reason = exc.strerror or str(exc) or type(exc).__name__
    # What `search.system.files` refuses: something else in its place.
    if exc.errno in {errno.ELOOP, errno.EINVAL, errno.EISDIR, errno.EFBIG}:
        return FormatError(f"{name}: {reason}")
    return UnreadableError(f"{name} cannot be read{where}: {reason[:1].lower()}{reason[1:]}")


class _Memory:
    """What was read of a file and found right: `seen` is 1 for each block that is there.

    Nothing is ever taken out of it. To forget is to begin another one: what still looks into
    this one keeps it. `room` is where it is put, and `views` are what others may see of it.
    """

    __slots__ = ("room", "seen", "views")

    def __init__(self, blocks: int) -> None:
        self.seen = bytearray(blocks)
        self.views: dict[str, memoryview] = {}
        self.room = memoryview(b"")

    @classmethod
    def with_room(cls, blocks: int) -> _Memory:
        """Reserve memory for so many blocks; the system gives what of it is written to."""
        made, size = cls(blocks), blocks << SHIFT
        if sys.platform == "win32":
            room = mmap.mmap(-1, size)
        else:  # without flags, processes that are forked would share it
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _no_reserve()
            room = mmap.mmap(-1, size, flags=flags)
            # A large page is filled with zeros, 2 MB of them, for each place that is touched.
            with suppress(OSError, AttributeError):  # a system without them
                room.madvise(mmap.MADV_NOHUGEPAGE)
        made.room = memoryview(room)
        shown = made.room.toreadonly()
        made.views = {kind: _cast(shown, kind) for kind in POWERS}
        return made


def _cast(view: memoryview, kind: str) -> memoryview:
    """Return bytes as numbers of a type."""
    # What type checkers know of `cast` names each type by itself.
    return view.cast(kind)  # type: ignore[call-overload,no-any-return]


def _no_reserve() -> int:
    """Return the flag without which some systems refuse to map more than there is memory."""
    known = sys.platform == "linux" and os.uname().machine in {"x86_64", "aarch64", "riscv64"}
    return getattr(mmap, "MAP_NORESERVE", 0x4000 if known else 0)  # Python has it since 3.13


class File:
    """A file, open for reading at any place, until it is closed or used no more.

    A place is that of one call: threads, and processes that were forked, share the one that
    the file has.
    """

    def __init__(self, path: Path) -> None:
        """Open a regular file. Raises FileNotFoundError, FormatError or RequestError."""
        self.name = path.name
        self._descriptor = -1
        try:
            self._descriptor = open_descriptor(path)
            self.size = os.fstat(self._descriptor).st_size
        except FileNotFoundError:
            raise
        except OSError as exc:
            raise unreadable(self.name, exc) from exc

    def read(self, begin: int, size: int) -> bytes:
        """Return bytes; fewer where the file ends. Raises FormatError, RequestError if closed."""
        try:
            data = _read_at(self._descriptor, begin, size)
            while len(data) < size and (more := self._more(begin, size, data)):
                data += more
        except OSError as exc:
            self.require()
            raise unreadable(self.name, exc, f" at byte {begin:,}") from exc
        return data

    def _more(self, begin: int, size: int, data: bytes) -> bytes:
        """Read what a system may leave out of what is much; nothing at the end of the file."""
        return _read_at(self._descriptor, begin + len(data), size - len(data))

    def require(self) -> None:
        """Raise RequestError for a file that was closed, maybe by another thread."""
        if self._descriptor < 0:
            raise RequestError("the index is closed", "open it again")

    def close(self) -> None:
        """Let go of the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    __del__ = close


if sys.platform == "win32":
    from threading import Lock

    _reading = Lock()

    def _read_at(descriptor: int, begin: int, size: int) -> bytes:
        with _reading:
            os.lseek(descriptor, begin, os.SEEK_SET)
            return os.read(descriptor, size)

else:

    def _read_at(descriptor: int, begin: int, size: int) -> bytes:
        return os.pread(descriptor, size, begin)


class Checked:
    """The first bytes of an open file, and the CRC-32 of each block of them."""

    def __init__(self, file: File, size: int, sums: Sequence[int]) -> None:
        self._file = file
        self._size = size
        self._sums = sums
        self._memory = _Memory(len(sums))
        self.kept = 0
        """Bytes that are in memory, about: threads may count a block twice."""

    def array(self, start: int, size: int, kind: str) -> Array:
        """Return an array, given the place of its first byte and its bytes. Reads nothing."""
        return Array(self, start >> POWERS[kind], size >> POWERS[kind], kind)

    def forget(self) -> None:
        """Begin with nothing in memory; what is used of it goes when it is used no more."""
        self.kept = 0
        self._memory = _Memory(len(self._sums))

    def close(self) -> None:
        """Let go of the file and of memory."""
        self._file.close()
        self.forget()

    def load(self, first: int, end: int) -> _Memory:
        """Return memory in which some blocks are. Raises FormatError."""
        memory = self._memory
        if not memory.views:
            memory = self._with_room()
        seen = memory.seen
        while (low := seen.find(0, first, end)) >= 0:
            high = min(end, low + AT_ONCE)
            data = self.blocks(low, high)
            begin = low << SHIFT
            # What is there already is overwritten with the same.
            memory.room[begin : begin + len(data)] = data
            seen[low:high] = _SEEN[: high - low]
            self.kept += len(data)
        return memory

    def _with_room(self) -> _Memory:
        self._file.require()
        try:
            memory = _Memory.with_room(len(self._sums))
        except OSError as exc:
            raise unreadable(self._file.name, exc) from exc
        self._memory = memory  # whole: another thread may be doing the same
        return memory

    def blocks(self, first: int, end: int) -> bytes:
        """Read some blocks and check them; nothing is kept. Raises FormatError."""
        begin = first << SHIFT
        size = min(end << SHIFT, self._size) - begin
        data = self._file.read(begin, size)
        if len(data) != size:
            raise self._wrong(begin + len(data), "is gone: the file was cut")
        at = 0
        view = memoryview(data) if end - first > 1 else data
        for crc in self._sums[first:end]:
            if crc32(view[at : at + BLOCK]) != crc:
                raise self._wrong(begin + at, "does not match its checksum")
            at += BLOCK
        return data

    def faults(self) -> Iterator[int]:
        """Read everything and yield where each block begins that is not what was written."""
        for number in range(len(self._sums)):
            try:
                self.blocks(number, number + 1)
            except UnreadableError:
                raise
            except FormatError:
                yield number << SHIFT

    def _wrong(self, begin: int, what: str) -> FormatError:
        self._file.require()  # closed while it was read, its number may be that of another file
        return FormatError(f"{self._file.name}: what it holds from byte {begin:,} on {what}")


class Array:
    """An array of unsigned numbers in a segment's file, checked as far as it is looked at."""

    __slots__ = ("_count", "_file", "_first", "_shift", "itemsize", "kind")

    def __init__(self, file: Checked, first: int, count: int, kind: str) -> None:
        """Take `count` items from the `first` on, were the whole file of this kind."""
        self.kind = kind
        self.itemsize = 1 << POWERS[kind]
        self._file = file
        self._first = first
        self._count = count
        self._shift = SHIFT - POWERS[kind]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> memoryview: ...

    def __getitem__(self, at: int | slice) -> int | memoryview:
        """Return an item, or items that stand one after the other."""
        count = self._count
        if isinstance(at, slice):
            begin, end, step = at.indices(count)
            return self.part(begin, end)[::step]
        if not -count <= at < count:
            raise IndexError(at)
        place = self._first + (at if at >= 0 else at + count)
        block = place >> self._shift
        memory = self._file._memory  # noqa: SLF001  (of one piece with it)
        if not memory.seen[block]:
            memory = self._file.load(block, block + 1)
        return memory.views[self.kind][place]

    def pair(self, at: int) -> tuple[int, int]:
        """Return an item and the one behind it: where something begins and ends."""
        if not 0 <= at < self._count - 1:
            raise IndexError(at)
        place = self._first + at
        block, last = place >> self._shift, place + 1 >> self._shift
        memory = self._file._memory  # noqa: SLF001
        if not (memory.seen[block] and memory.seen[last]):
            memory = self._file.load(block, last + 1)
        items = memory.views[self.kind]
        return items[place], items[place + 1]

    def __iter__(self) -> Iterator[int]:
        return iter(self.whole())

    def part(self, begin: int, end: int) -> memoryview:
        """Return the items between two places, none of them negative or beyond the end."""
        if not 0 <= begin < end <= self._count:
            if begin < end:
                raise IndexError(end)
            return _cast(_NOTHING, self.kind)
        low, high = self._first + begin, self._first + end
        first, last = low >> self._shift, (high - 1 >> self._shift) + 1
        memory = self._file._memory  # noqa: SLF001
        if memory.seen.find(0, first, last) >= 0:
            memory = self._file.load(first, last)
        return memory.views[self.kind][low:high]

    def whole(self) -> memoryview:
        """Return all of it."""
        return self.part(0, self._count)

    def looked_up(self, times: int) -> Array | memoryview:
        """Return what is quicker for so many look-ups: this, or all of it."""
        first, end = self._first >> self._shift, (self._first + self._count >> self._shift) + 1
        return self.whole() if times >= end - first else self

    def read(self, begin: int = 0, end: int | None = None) -> memoryview:
        """Return items that are needed once: they are read again, and not kept."""
        begin, end, _ = slice(begin, end).indices(self._count)
        if begin >= end:
            return _cast(_NOTHING, self.kind)
        low, high = self._first + begin, self._first + end
        first, last = low >> self._shift, (high - 1 >> self._shift) + 1
        data = memoryview(self._file.blocks(first, last))
        skipped = low - (first << self._shift)
        size = self.itemsize
        part = data[skipped * size : (skipped + high - low) * size]
        return _cast(part, self.kind)


Numbers: TypeAlias = Array | memoryview
"""What items are taken from."""

_NOTHING = memoryview(b"")
