"""The shim: built once, told what is to go wrong, and asked what it saw.

`Zygote` is a Python under the shim that has imported sou and forks for each run: a run is a
process of its own, that dies, exits and holds locks like any, and takes a twentieth of the time.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

CREATE, WRITE, SYNC, RENAME, LINK, UNLINK = 1, 2, 4, 8, 16, 32
MKDIR, RMDIR, TRUNCATE, CLOSE, READ, LOOK = 64, 128, 256, 512, 1024, 2048
CHANGES = 1023
"""The kinds of calls that change something; READ and LOOK (opening to read) do not."""

NAMES = {
    CREATE: "create",
    WRITE: "write",
    SYNC: "fsync",
    RENAME: "rename",
    LINK: "link",
    UNLINK: "unlink",
    MKDIR: "mkdir",
    RMDIR: "rmdir",
    TRUNCATE: "truncate",
    CLOSE: "close",
    READ: "read",
    LOOK: "open",
}
NOTHING, KILL, FAIL, SHORT, TORN = range(5)
"""TORN writes a part and then kills the process."""


class _Control(ctypes.Structure):
    """`struct control` of shim.c."""

    _fields_ = (
        ("calls", ctypes.c_uint64),
        ("at", ctypes.c_uint64),
        ("injected", ctypes.c_uint64),
        ("action", ctypes.c_uint32),
        ("error", ctypes.c_uint32),
        ("onwards", ctypes.c_uint32),
        ("kinds", ctypes.c_uint32),
        ("tracing", ctypes.c_uint32),
        ("hit_kind", ctypes.c_uint32),
        ("busy", ctypes.c_uint32),
        ("watched", ctypes.c_char * 512),
        ("log", ctypes.c_char * 512),
        ("hit", ctypes.c_char * 512),
    )


class _Entry(ctypes.Structure):
    """`struct entry` of shim.c."""

    _fields_ = (
        ("kind", ctypes.c_uint32),
        ("process", ctypes.c_uint32),
        ("file", ctypes.c_uint64),
        ("offset", ctypes.c_uint64),
        ("length", ctypes.c_uint64),
        ("fresh", ctypes.c_uint32),
        ("path", ctypes.c_uint32),
        ("other", ctypes.c_uint32),
        ("failed", ctypes.c_uint32),
    )


@dataclass(frozen=True)
class Call:
    """A call that changed something: which file (by number), where, and what was written."""

    kind: int
    file: int
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""

    def __str__(self) -> str:
        name = NAMES[self.kind]
        more = f" -> {Path(self.other).name}" if self.other else ""
        size = f" ({len(self.data)} bytes)" if self.kind == WRITE else ""
        return _plain(f"{name} {Path(self.path).name}") + _plain(more) + size


@dataclass(frozen=True)
class Fault:
    """What is to go wrong: at the call of that number, once or from there on."""

    at: int
    action: int
    error: int = 0
    onwards: bool = False
    kinds: int = CHANGES

    def __str__(self) -> str:
        if self.action == FAIL:
            what = errno_name(self.error) + (" from there on" if self.onwards else " once")
        else:
            what = {KILL: "kill", SHORT: "short write", TORN: "kill amid a write"}[self.action]
        return f"{what} at call {self.at}"


def _plain(name: str) -> str:
    """Return a name without what is random in it, so that like can be counted with like."""
    import re

    name = re.sub(r"[0-9a-f]{16,32}", "*", name)
    return re.sub(r"(?<=[._g])\d+(?=[.]|$)", "N", name)


def errno_name(number: int) -> str:
    import errno

    return errno.errorcode.get(number, str(number))


def why_not() -> str:
    """Return why there can be no shim on this machine, or nothing."""
    if not sys.platform.startswith("linux"):
        return "faults are injected on Linux only"
    if not shutil.which("gcc"):
        return "gcc, which builds the shim, is not installed"
    if sys.maxsize < 1 << 32:
        return "the shim is for 64 bits"
    return ""


@cache
def library() -> Path:
    """Build the shim, once a process, and return where it is."""
    folder = Path(tempfile.mkdtemp(prefix="sou-shim-"))
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    built = folder / "shim.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O2", "-o", built, HERE / "shim.c", "-ldl"], check=True
    )
    return built


def quick_folder() -> Path:
    """Return a new folder, in memory where that is possible: nothing there need ever be kept."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    return Path(os.path.realpath(tempfile.mkdtemp(prefix="sou-faults-", dir=place)))


class Shim:
    """The control of the shim for the processes that are started with `environment()`."""

    def __init__(self, folder: Path, watched: Path) -> None:
        """Put the control's files into a folder outside of the watched one."""
        self.path = folder / "control"
        self.log = folder / "trace"
        self.path.write_bytes(bytes(ctypes.sizeof(_Control)))
        with self.path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._control = _Control.from_buffer(self._map)
        self._control.watched = os.fsencode(os.path.realpath(watched))
        self._control.log = os.fsencode(self.log)

    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(library()), "SOU_FAULTS_CONTROL": str(self.path)}

    def set(self, fault: Fault | None = None, *, tracing: bool = False, more: bool = False) -> None:
        """Count from 1 again; `fault` is what is to go wrong.

        `more` lets a trace go on where the one before ended.
        """
        control = self._control
        control.calls = control.injected = control.hit_kind = control.busy = 0
        control.at = fault.at if fault else 0
        control.action = fault.action if fault else NOTHING
        control.error = fault.error if fault else 0
        control.onwards = bool(fault and fault.onwards)
        control.kinds = fault.kinds if fault else CHANGES
        control.tracing = tracing
        if tracing and not more:
            self.log.write_bytes(b"")

    def off(self) -> None:
        """Let all calls pass, and count none."""
        self._control.at = self._control.tracing = self._control.kinds = 0

    @property
    def calls(self) -> int:
        return int(self._control.calls)

    @property
    def injected(self) -> int:
        return int(self._control.injected)

    @property
    def hit(self) -> str:
        """What the first call was that went wrong."""
        if not self._control.hit_kind:
            return ""
        name = Path(os.fsdecode(self._control.hit)).name
        return f"{NAMES[self._control.hit_kind]} {_plain(name)}"

    def trace(self) -> list[Call]:
        """Return the calls that were traced, each file by a number that is its alone."""
        data = self.log.read_bytes()
        calls: list[Call] = []
        numbers: dict[int, int] = {}
        at = 0
        while at < len(data):
            entry = _Entry.from_buffer_copy(data, at)
            at += ctypes.sizeof(_Entry)
            path = os.fsdecode(data[at : at + entry.path])
            at += entry.path
            other = os.fsdecode(data[at : at + entry.other])
            at += entry.other
            size = entry.length if entry.kind == WRITE else 0
            if entry.fresh:  # systems give the number of a file that is gone to a new one
                numbers[entry.file] = len(calls) + 1
            file = numbers.get(entry.file, -entry.file)
            calls.append(Call(entry.kind, file, path, other, entry.offset, data[at : at + size]))
            at += size
        return calls


@dataclass(frozen=True)
class Ended:
    """What a run of sou left: its exit status (minus a signal's number), and what it printed."""

    status: int
    out: str
    err: str


class Zygote:
    """A process under the shim from which runs of sou are forked."""

    def __init__(self, shim: Shim, folder: Path) -> None:
        self.shim = shim
        self._out, self._err = folder / "out", folder / "err"
        environment = {
            **os.environ,
            **shim.environment(),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
        }
        for name in ("SOU_INDEX", "SOU_LIMIT"):
            environment.pop(name, None)
        shim.off()
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(HERE / "zygote.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def start(self, *arguments: str, cwd: Path, patches: dict[str, Any] | None = None) -> int:
        """Start a run of sou, and return the process's id."""
        job = [list(arguments), str(cwd), str(self._out), str(self._err), patches or {}]
        return int(self._ask(["start", job]))

    def wait(self) -> Ended:
        """Wait for the run that was started."""
        status = int(self._ask(["wait", None]))
        out, err = (path.read_text("utf-8", "replace") for path in (self._out, self._err))
        return Ended(status, out, err)

    def run(self, *arguments: str, cwd: Path, patches: dict[str, Any] | None = None) -> Ended:
        self.start(*arguments, cwd=cwd, patches=patches)
        return self.wait()

    def _ask(self, what: list[Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process from which runs are forked has died"
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@contextmanager
def under_shim(place: Path) -> Iterator[Zygote]:
    """Yield what runs sou under the shim in a town at `place`; its own files are beside it."""
    beside = place.with_name(place.name + ".shim")
    beside.mkdir()
    try:
        with Zygote(Shim(beside, place), beside) as zygote:
            yield zygote
    finally:
        shutil.rmtree(beside, ignore_errors=True)
