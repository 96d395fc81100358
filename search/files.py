"""Opening and writing files in folders that somebody else may have prepared.

Whoever made a folder (a `git clone`, an unpacked archive, another user of the machine) chose
what its names lead to: a link to a file of ours, a pipe on which a reader waits for ever, a
device. So what is read is looked at before it is opened and once more when it is, and what is
written gets a name that nobody can have foreseen, and is moved into place when it is whole.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

# Names that Windows, or other systems, do not have are 0 there: lstat has looked already.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_PLAIN = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_RANDOM_BYTES = 8
"""Of a name that nobody can foresee."""


def open_regular(path: Path | str, *, follow: bool = False) -> BinaryIO:
    """Open a regular file for reading: no pipe, socket or device, and no link unless `follow`.

    Raises OSError, with a `strerror` that says so where it is something else.
    """
    look = os.stat if follow else os.lstat
    _refuse_special(look(path), path)
    descriptor = os.open(path, os.O_RDONLY | _PLAIN | _NO_WAIT | (0 if follow else _NO_LINK))
    try:
        _refuse_special(os.fstat(descriptor), path)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path | str) -> bytes:
    """Return what is in a regular file. Raises OSError as `open_regular` does."""
    with open_regular(path) as file:
        return file.read()


def is_folder(path: Path | str) -> bool:
    """Return whether a path is a real folder, and not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def create(path: Path | str, mode: int = 0o666) -> BinaryIO:
    """Create a file for writing (and reading) where nothing is, not even a link.

    Raises FileExistsError. The process's umask applies to `mode`.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _PLAIN | _NO_LINK
    return os.fdopen(os.open(path, flags, mode), "w+b")


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Write a file that takes the place of `path` when it is whole and on the disk.

    Until then, and after an error, what was there stays. A link of that name is replaced,
    not followed. Raises OSError.
    """
    fresh = path.with_name(f".{path.name}.{os.urandom(_RANDOM_BYTES).hex()}{FRESH}")
    file = create(fresh, mode)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


FRESH = ".new"
"""What the names of files end with that `replacing` has not yet moved into place."""


def _refuse_special(status: os.stat_result, path: Path | str) -> None:
    """Raise OSError for what is no regular file."""
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "a link, which is not followed", os.fspath(path))
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "a folder", os.fspath(path))
    raise OSError(errno.EINVAL, "not a file (a pipe, a socket or a device)", os.fspath(path))
