"""One process writes to an index folder at a time, also where locks do not work.

The lock on `write.lock` decides. Some network folders give a lock to whoever asks (NFS without
a lock service, some SMB shares and WSL mounts). There `writer.json`, which a file system makes
for one process only, stands in for it: it cannot be told from what a killed process left, so
then the user decides. Who holds a real lock clears away what others left who held one, too.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from search.model.errors import IndexBusy, IndexUnwritable
from search.system.checksums import STATE, is_number
from search.system.files import Held, create, locked, read_json

LOCK = "write.lock"
WRITER = "writer.json"

_MOST_BYTES = 1 << 12
"""Of writer.json."""


@contextmanager
def hold(place: Path, shown: Path, seconds: float, prepare: Callable[[], object]) -> Iterator[str]:
    """Hold an index folder for writing; `shown` is what it is called in messages.

    Yields a remark for the user where locks do not work, otherwise an empty text. `prepare`
    makes the folder and says whether it may be used. A folder that in the end holds nothing
    but the lock loses that as well. Raises IndexBusy, or OSError.
    """
    who = place / WRITER
    try:
        with locked(place / LOCK, seconds, prepare) as why:
            signed = False
            try:
                _sign(who, shown, why)
                signed = True
                yield _remark(shown, why)
            finally:
                if signed:
                    with suppress(OSError):
                        who.unlink()
                with suppress(OSError):
                    others = {entry.name for entry in os.scandir(place)} - {LOCK}
                    if all(name.startswith(".") for name in others):
                        (place / LOCK).unlink()
    except Held as exc:
        raise IndexBusy(
            f"another process{_name(_read(who))} is writing to {shown}",
            "wait until it has finished, or stop it; searches can use the existing index meanwhile"
            if (place / STATE).exists()
            else "wait until it has finished, or stop it",
        ) from exc


def _sign(who: Path, shown: Path, why: str) -> None:
    """Write down who writes. Raises IndexBusy where somebody does for whom locks do not work."""
    there = os.path.lexists(who)
    other = _read(who) if there else {}
    if there and (why or other.get("locks") is False):
        cause = why or "the other one found that locks do not work there"
        raise IndexBusy(
            f"another process{_name(other)} is writing to {shown}, or was killed while it did",
            f"which of the two cannot be told: {cause}; if no sou is writing there, "
            f"remove {shown / WRITER}",
        )
    if there:
        who.unlink()
    mine = {"pid": os.getpid(), "host": _host(), "locks": not why}
    try:
        file = create(who)
    except FileExistsError as exc:
        raise Held(*exc.args) from exc
    try:
        with file:
            file.write(json.dumps(mine).encode())
    except BaseException:
        with suppress(OSError):
            who.unlink()
        raise


def _host() -> str:
    import platform

    return platform.node()[:100]


def _read(who: Path) -> dict[str, Any]:
    try:
        data = read_json(who, _MOST_BYTES)
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _name(other: dict[str, Any]) -> str:
    """Return who writes, as far as that is known and fit for a message."""
    pid, host = other.get("pid"), other.get("host")
    if not is_number(pid):
        return ""
    elsewhere = isinstance(host, str) and host.isprintable() and host not in {"", _host()}
    return f" (pid {pid} on {host:.100})" if elsewhere else f" (pid {pid})"


def _remark(shown: Path, why: str) -> str:
    if not why:
        return ""
    return (
        f"sou: locks do not work in {shown} ({why}); {WRITER} stands in for one, so another sou "
        "there is noticed, but after a run that was killed you have to remove that file"
    )


def why_unwritable(exc: OSError | IndexUnwritable, folder: Path) -> tuple[str, str]:
    """Return what went wrong in writing to an index, and what to do."""
    if isinstance(exc, IndexUnwritable):
        return exc.message, exc.hint
    name = f"{Path(exc.filename).name}: " if exc.filename else ""
    what = f"the index in {folder} cannot be written: {name}{exc.strerror or exc}"
    planted = exc.errno in {errno.ELOOP, errno.EINVAL, errno.EISDIR, errno.ENOTDIR}
    do = "move it away" if planted else "free some disk space, or get permission to write there"
    return what, do + ", or choose another folder with --index"
