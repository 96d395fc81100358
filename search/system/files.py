# Paths are handled with os: `readers` looks at 100,000 of them, and a Path for each is slow.
# ruff: noqa: PTH114, PTH116, PTH118, PTH119, PTH120
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
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from search.model.errors import RequestError

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
    return os.fdopen(open_descriptor(path, follow=follow), "rb")


def open_descriptor(path: Path | str, *, follow: bool = False) -> int:
    """Do what `open_regular` does, and return the descriptor, which the caller closes."""
    look = os.stat if follow else os.lstat
    _refuse_special(look(path), path)
    descriptor = os.open(path, os.O_RDONLY | _PLAIN | _NO_WAIT | (0 if follow else _NO_LINK))
    try:
        _refuse_special(os.fstat(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def lacking(exc: OSError, name: str) -> RequestError | None:
    """Return the error for what the system has no more of, which says nothing of the file."""
    if exc.errno in {errno.EMFILE, errno.ENFILE}:
        hint = "raise the limit (ulimit -n), or close what else is open"
    elif exc.errno == errno.ENOMEM:
        hint = "give it more memory"
    else:
        return None
    reason = exc.strerror or str(exc)
    return RequestError(f"{name} cannot be read: {reason[:1].lower()}{reason[1:]}", hint)


def read_regular(path: Path | str, most: int | None = None) -> bytes:
    """Return what is in a regular file, of at most `most` bytes.

    Raises OSError as `open_regular` does, and for a larger one.
    """
    with open_regular(path) as file:
        if most is None:
            return file.read()
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise _too_large(path, most)
        return file.read(size)


def read_json(path: Path | str, most: int) -> Any:
    """Return the JSON in a regular file of at most `most` bytes.

    Raises OSError as `read_regular` does, ValueError for what is no JSON.
    """
    return parse_json(read_regular(path, most))


def parse_json(data: bytes) -> Any:
    """Return what JSON says. Raises ValueError, also where it is nested too deeply to be read."""
    import json

    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _too_large(path: Path | str, most: int) -> OSError:
    return OSError(errno.EFBIG, f"more than {most >> 20} MB", os.fspath(path))


def sync(path: Path | str) -> None:
    """Have a regular file on the disk before anything depends on it. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | _PLAIN | _NO_WAIT | _NO_LINK)
    try:
        _refuse_special(os.fstat(descriptor), path)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path | str) -> None:
    """Have the names in a folder on the disk before anything depends on them. Raises OSError.

    Systems that cannot are let be: Windows has no such call, and some file systems refuse it.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _PLAIN)
    try:
        os.fsync(descriptor)
    except OSError as exc:
        if exc.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)


_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a file system says that cannot force a folder to the disk."""


class Held(OSError):
    """A lock that another process holds."""


@contextmanager
def locked(
    path: Path | str, seconds: float, prepare: Callable[[], object] = lambda: None
) -> Iterator[str]:
    """Hold a lock file alone; wait for another process for `seconds`.

    Yields why the lock keeps nobody out here, as on some network folders; empty where it does.
    The file is made if need be, stays, and is not written to: whatever it holds, or leads to
    by a hard link, is left alone. `prepare` is called before the file is opened, and again
    where whoever held it before took it away. Raises Held when another process holds it, and
    OSError as `open_regular` does.
    """
    descriptor, why = _held(path, time.monotonic() + seconds, prepare)
    try:
        yield why
    finally:
        os.close(descriptor)  # that lets go of the lock, as the end of the process does


def _held(path: Path | str, end: float, prepare: Callable[[], object]) -> tuple[int, str]:
    """Return an open file that is locked, and why that keeps nobody out, if it does not."""
    while True:
        prepare()
        try:
            descriptor = _open_lock(path)
        except FileNotFoundError:
            # Gone again with its folder: the process that made both came to nothing.
            if time.monotonic() >= end:
                raise
            continue
        keep = False
        try:
            try:
                got = _lock(descriptor)
                why = _why_not_alone(path) if got else ""
            except OSError as exc:
                if exc.errno not in _NO_LOCKS:
                    raise
                got, why = True, exc.strerror or str(exc)
            keep = got and _is_at(path, descriptor)
            if keep:
                return descriptor, why
        finally:
            if not keep:
                os.close(descriptor)
        if time.monotonic() >= end:
            raise Held(errno.EAGAIN, "another process holds it", os.fspath(path))
        time.sleep(_BETWEEN)


def _open_lock(path: Path | str) -> int:
    """Open a lock file, made if need be. Raises OSError, also for what is no regular file."""
    with suppress(FileNotFoundError):
        _refuse_special(os.lstat(path), path)  # where there is no O_NOFOLLOW
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _PLAIN | _NO_WAIT | _NO_LINK, 0o666)
    try:
        _refuse_special(os.fstat(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_at(path: Path | str, descriptor: int) -> bool:
    """Return whether an open file is still what a path leads to."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _why_not_alone(path: Path | str) -> str:
    """Return why a lock that is held keeps nobody out; empty where a second handle is refused.

    Or where there can be no second one, which proves nothing.
    """
    try:
        second = _open_lock(path)
    except OSError:
        return ""
    try:
        return "a lock that is held was given a second time" if _lock(second) else ""
    finally:
        with suppress(OSError):  # nothing was written through it
            os.close(second)


_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
"""What a file system says that has no locks, or a server that does not answer for them."""

_BETWEEN = 0.05
"""Seconds between two attempts at a lock."""


def _lock(descriptor: int) -> bool:
    """Lock an open file, and return whether that was possible at once."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        if exc.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
            return False
        raise
    return True


def is_empty(folder: str) -> bool | None:
    """Return whether a folder holds nothing, as a mount point does; None where there is none."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return None


def size_of_folder(folder: Path) -> int:
    """Return how many bytes the files of a folder have, 0 where it is not there."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return sum(
            entry.stat(follow_symlinks=False).st_size
            for entry in entries
            if entry.is_file(follow_symlinks=False)
        )
    return 0


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


def is_leftover(name: str) -> bool:
    """Return whether a name is one that `replacing` gives to a file it has not yet moved."""
    number = name[: -len(FRESH)].rpartition(".")[2]
    return (
        name.startswith(".")
        and name.endswith(FRESH)
        and len(number) == 2 * _RANDOM_BYTES
        and not number.strip("0123456789abcdef")
    )


def readers(paths: Iterable[Path | str], group: int) -> int:
    """Return who can read all of some files: a `group` (0o070), others (0o007), or neither.

    Files and folders of which nothing is known, since they are gone, are left out.
    """
    places = cache(os.path.realpath)  # of folders: many files are in one
    allowed = 0o077
    seen = set()
    for path in paths:
        file = os.path.join(places(os.path.dirname(path)), os.path.basename(path))
        if os.path.islink(file):
            file = os.path.realpath(file)
        allowed &= _lets(file, stat.S_IROTH, group)
        folder = os.path.dirname(file)
        while folder not in seen:
            seen.add(folder)
            allowed &= _lets(folder, stat.S_IXOTH, group)
            folder = os.path.dirname(folder)
        if not allowed:
            break
    return allowed


def _lets(path: str, bit: int, group: int) -> int:
    """Return to whom a file or folder gives a permission, of which `bit` is that of others."""
    try:
        status = os.stat(path)
    except OSError:
        return 0o077
    if status.st_mode & bit:
        return 0o077
    return 0o070 if status.st_gid == group and status.st_mode & bit << 3 else 0


def is_own(status: os.stat_result, *, or_root: bool = False) -> bool:
    """Return whether a file or folder is ours, and nobody else can write to it.

    `or_root` lets the system's administrator own it, who provides settings for users. Always
    so where there are no owners and modes (Windows).
    """
    if not hasattr(os, "geteuid"):
        return True
    owners = {os.geteuid(), 0} if or_root else {os.geteuid()}
    return status.st_uid in owners and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def inside(path: str, place: str) -> bool:
    """Return whether a path is a place or lies in it, by their names."""
    return path == place or path.startswith(place.rstrip("/" + os.sep) + os.sep)


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
