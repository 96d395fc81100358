"""The reader of archives: the papers in a .gz or .zip are read as if it had been unpacked.

A member is read by its own extension, and its articles say in `part` where they stand; the
path stays that of the archive. What is unpacked goes to a temporary file, so that a reader
can seek in it, and never under the name that the archive gives it. Each limit is on what
comes out, whatever the archive says of itself.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Self, cast

from search.model.article import WITHIN, Article
from search.model.errors import PaperError
from search.model.frozen import replace
from search.papers.formats import ARCHIVES, TARS, accepts, reader_for
from search.papers.observer import show
from search.papers.problem import Problem, unforeseen
from search.papers.reader import Limits, Reader
from search.papers.readers.isolation.heartbeat import alive
from search.papers.readers.zips import check_zip, is_encrypted, member_name, open_zip, reason_of

_IN_MEMORY = 4 * 1024 * 1024
_BLOCK = 1 << 18

_Open = Callable[[BinaryIO], IO[bytes]]


class _Zstd(io.RawIOBase):
    """A stream of Zstandard, unpacked. The library's own ends a file that is cut off in silence."""

    _STEP = 2048
    """Bytes unpacked at once: 128 KB may come from four of them."""

    def __init__(self, stream: BinaryIO) -> None:
        import zstandard

        self._stream = stream
        self._library = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        self._frame = self._library.decompressobj()
        self._whole = False
        self._left = b""

    def read(self, _size: int = -1) -> bytes:
        """Return what comes next, b"" at the end; raise EOFError where a frame is cut off."""
        while data := self._left or self._stream.read(self._STEP):
            if self._whole:
                self._frame = self._library.decompressobj()
            block = self._frame.decompress(data)
            self._whole = self._frame.eof
            self._left = self._frame.unused_data if self._whole else b""
            if block:
                return block
        if not self._whole:
            raise EOFError("it is cut off")
        return b""


_UNPACK: dict[str, _Open] = {
    ".gz": lambda stream: cast("IO[bytes]", gzip.GzipFile(fileobj=stream)),
    ".xz": lzma.open,
    ".bz2": bz2.open,
    ".zst": lambda stream: cast("IO[bytes]", _Zstd(stream)),
}
"""What unpacks a file, by its extension."""

_BROKEN = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,  # of zipfile: a password is wanted
    ValueError,  # of tarfile and zipfile: fields that are no numbers
    OSError,  # of gzip and bz2: not in that format
)


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked of one file on disk: bytes, and members."""

    limits: Limits
    packed: int
    done: int = 0
    members: int = 0

    def count(self, size: int) -> None:
        """Count bytes that came out; raise PaperError where they are too many."""
        self.done += size
        most = self.limits.max_unpacked_bytes
        if self.done > most:
            raise TooMuch(
                f"more than {most:,} bytes when unpacked, the limit for one file; "
                "unpack it and index the folder"
            )
        ratio = self.limits.max_unpacked_ratio
        if self.done > max(self.packed * ratio, self.limits.max_page_bytes):
            raise TooMuch(
                f"unpacks to more than {ratio} times its size, which text does not; if it is one, "
                "unpack it and index the folder"
            )

    def member(self) -> None:
        """Count a member; raise PaperError where they are too many."""
        self.members += 1
        if self.members > self.limits.max_members:
            raise TooMuch(
                f"more than {self.limits.max_members:,} files in one archive; "
                "unpack it and index the folder"
            )


class TooMuch(PaperError):
    """A limit that ends the reading of the file on disk, however deep it was met."""


def read_archive(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the articles in an archive, and a Problem for each member that can't be read."""
    size = stream.seek(0, 2)
    stream.seek(0)
    yield from _unpacked(shown, stream, _Budget(limits, size), 0)


def _unpacked(
    shown: str, stream: BinaryIO, budget: _Budget, depth: int
) -> Iterator[Article | Problem]:
    """Yield what is in an archive, by its extension."""
    extension = PurePosixPath(shown).suffix.lower()
    if depth >= budget.limits.max_archive_depth:
        raise PaperError(
            f"archives nested {depth + 1} deep; unpack the outer ones and index the folder"
        )
    if extension == ".zip":
        yield from _zip(shown, stream, budget, depth)
    elif extension == ".tar":
        yield from _tar(shown, stream, budget, depth)
    elif extension in TARS:
        with _opened(_UNPACK[TARS[extension]], stream, budget) as plain:
            yield from _tar(shown, plain, budget, depth)
    else:
        inner = inner_name(shown)
        # A packed tar is one archive, anything else that is packed twice is two.
        own = PurePosixPath(inner).suffix.lower() == ".tar"
        with _opened(_UNPACK[extension], stream, budget) as plain:
            for thing in _member(inner, plain, budget, depth if own else depth + 1):
                yield replace(thing, path=shown)


def _zip(shown: str, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Article | Problem]:
    with open_zip(stream) as archive:
        check_zip(archive, budget.limits)
        for info in archive.infolist():
            name = member_name(info)
            if name.endswith("/") or not is_paper(name):
                continue
            budget.member()
            if is_encrypted(info):
                yield Problem(shown, f"{name} is encrypted; unpack it with its password")
                continue
            yield from _part(shown, name, partial(archive.open, info), budget, depth)


class _TarMember(tarfile.TarInfo):
    """A header of a member that is of no absurd size.

    Behind a negative one, tarfile goes back and reads the same headers for ever (CVE-2025-8194).
    A header that only names the next member is read whole.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Return what a header says. Raises tarfile.ReadError."""
        member = super().frombuf(buf, encoding, errors)
        cls.refuse_negative(member)
        if member.type in _NAMING and member.size > _MOST_NAMING:
            raise tarfile.ReadError("a name of impossible length")
        return member

    @staticmethod
    def refuse_negative(member: tarfile.TarInfo) -> None:
        """Raise tarfile.ReadError for a member of fewer than no bytes."""
        if member.size < 0:
            raise tarfile.ReadError("a negative size")


_NAMING = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)
_MOST_NAMING = 1 << 20
"""Bytes of what names a member, at most: paths end at 4 kB, attributes at 64 kB each."""


def _tar(shown: str, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Article | Problem]:
    try:
        archive = tarfile.open(  # noqa: SIM115
            fileobj=stream, mode="r:", errors="surrogateescape", tarinfo=_TarMember
        )
    except _BROKEN as exc:
        raise _damaged(exc) from exc
    with archive:
        while info := _next(archive):
            name = _tar_name(info.name)
            budget.member()
            if info.isreg() and is_paper(name):
                yield from _part(shown, name, partial(_extract, archive, info), budget, depth)


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    """Return the next member; raise PaperError where the archive is damaged behind the last."""
    try:
        member = archive.next()
        if member:
            _TarMember.refuse_negative(member)  # its size may also have come from another header
    except _BROKEN as exc:
        raise _damaged(exc) from exc
    return member


def _part(
    shown: str,
    name: str,
    get: Callable[[], IO[bytes]],
    budget: _Budget,
    depth: int,
) -> Iterator[Article | Problem]:
    """Yield what is in a member, as a part of the archive; what is wrong with it is a Problem."""
    try:
        with _opened(lambda _: get(), cast("BinaryIO", None), budget) as plain:
            inside = f"{shown}/{name}"
            show([f"{name}:"])
            for thing in _member(inside, plain, budget, depth + 1):
                if isinstance(thing, Problem):
                    place = "" if thing.line is None else f" line {thing.line}"
                    yield replace(
                        thing, path=shown, reason=f"{name}{place}: {thing.reason}", line=None
                    )
                else:
                    part = f"{name}{WITHIN}{thing.part}" if thing.part else name
                    yield replace(thing, path=shown, part=part)
    except TooMuch:
        raise
    except Exception as exc:  # noqa: BLE001  (whatever it is, it costs this member)
        error = exc if isinstance(exc, PaperError) else unforeseen(exc)
        yield Problem(shown, f"{name}: {error.message}", again=True, detail=error.detail)


def _member(
    shown: str, plain: BinaryIO, budget: _Budget, depth: int
) -> Iterator[Article | Problem]:
    """Yield what is in an unpacked file, by its name; its path is given back as it is shown."""
    if is_archive(shown):
        yield from _unpacked(shown, plain, budget, depth)
        return
    reader = reader_for(shown)
    if reader is None:
        raise PaperError(f"no reader accepts what is in it ({PurePosixPath(shown).name})")
    yield from reader.read(shown, plain, budget.limits)


@contextlib.contextmanager
def _opened(unpack: _Open, stream: BinaryIO, budget: _Budget) -> Iterator[BinaryIO]:
    """Give the unpacked bytes of a stream as a file that can be sought in."""
    # A SpooledTemporaryFile is no file for a TextIOWrapper before Python 3.11.
    plain: BinaryIO = io.BytesIO()
    try:
        size = 0
        for block in _blocks(unpack, stream):
            budget.count(len(block))
            size += len(block)
            if size > _IN_MEMORY and isinstance(plain, io.BytesIO):
                before, plain = plain, cast("BinaryIO", TemporaryFile())  # noqa: SIM115
                plain.write(before.getbuffer())
            plain.write(block)
        plain.seek(0)
        yield plain
    finally:
        plain.close()


def _blocks(unpack: _Open, stream: BinaryIO) -> Iterator[bytes]:
    """Yield what comes out, a block at a time; raise PaperError where nothing more does."""
    try:
        with unpack(stream) as packed:
            while block := packed.read(_BLOCK):
                alive()
                yield block
    except _BROKEN as exc:
        raise _damaged(exc) from exc
    except Exception as exc:
        if type(exc).__name__ != "ZstdError":  # a module that need not be loaded to say so
            raise
        raise _damaged(exc) from exc


def _damaged(exc: Exception) -> PaperError:
    return PaperError(f"the archive is damaged or of another kind: {reason_of(exc)}")


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    member = archive.extractfile(info)
    assert member is not None  # it is a file
    return member


def _tar_name(name: str) -> str:
    """Return the name of a member of a tar, whose bytes have no encoding of their own."""
    data = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return posixpath.normpath(data.decode(encoding))
    return data.decode("utf-8", "backslashreplace")


def inner_name(name: str) -> str:
    """Return the name of what is packed in a .gz or its like."""
    return name[: -len(PurePosixPath(name).suffix)]


def is_archive(name: str) -> bool:
    """Return whether a name is that of an archive of any kind."""
    return PurePosixPath(name).suffix.lower() in ARCHIVES


def is_paper(name: str) -> bool:
    """Return whether a member is to be read: by its extension, and not hidden or a backup."""
    if any(part.startswith((".", "__MACOSX")) for part in name.split("/")) or name.endswith("~"):
        return False
    return accepts(name)


READER = Reader(read_archive)
