"""Run a command and say what it cost: CPU of all its processes, wall time, peak memory.

CPU is user + system of the process and of every child that it waited for, as the kernel
counted them. Peak memory is exact for one process (its resident set). For several it is the
largest sum of proportional set sizes seen by a sampler, so that pages which forked workers
share count once. This module imports nothing heavy: a child starts with the peak of the
process that started it.
"""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """What a command cost, and what it said."""

    cpu: float
    wall: float
    peak_mb: float
    status: int
    out: str
    err: str


def run(command: Sequence[str], env: dict[str, str] | None = None, limit: float = 7200) -> Cost:
    """Run a command to its end, with its output in a pipe; kill it after `limit` seconds."""
    with tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=env)
        sampler = _Sampler(process.pid)
        timer = threading.Timer(limit, process.kill)
        timer.start()
        sampler.start()
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        sampler.stop()
        process.stdout.close()
        errors.seek(0)
        err = errors.read()
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        peak_mb=max(usage.ru_maxrss * _MAXRSS_UNIT / 1e6, sampler.peak / 1e6),
        status=process.returncode,
        out=out.decode("utf-8", "replace"),
        err=err.decode("utf-8", "replace"),
    )


_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class _Sampler(threading.Thread):
    """Sums the memory of a process and its descendants now and then, when it has any."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            family = list(_family(self.pid))
            if len(family) > 1:
                self.peak = max(self.peak, sum(map(_proportional, family)))

    def stop(self) -> None:
        """End the sampling."""
        self._done.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in bytes, 0 when it is gone."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def yardstick() -> float:
    """Return the CPU milliseconds of a fixed piece of work: how fast the machine is now."""
    begun = time.process_time()
    total = 0
    for i in range(200_000):
        total += i * i % 7
    return (time.process_time() - begun) * 1e3


def floor_mb() -> float:
    """Return the peak of this process: a child that needs less than that cannot be told."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT / 1e6


def machine() -> dict[str, object]:
    """Say on what this runs."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "system": platform.platform(),
        "yardstick_ms": round(yardstick(), 2),
        "floor_mb": round(floor_mb(), 1),
    }


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all the files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
