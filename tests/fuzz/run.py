"""Replays the seeds, changes them for a while, and keeps what fails.

    python tests/fuzz/run.py                         all seeds, and nothing more
    python tests/fuzz/run.py --seconds 60 -j 2       a minute of each target, two at a time
    python tests/fuzz/run.py query index --seconds 600 --random 7
    python tests/fuzz/run.py query --input FILE      one input, with the traceback
    python tests/fuzz/run.py html --grow             does time grow faster than the input?

Each target runs in a process of its own, whose memory is limited. A failure is an exception
that a target lets through, an input that takes too much CPU time or memory, or one of which the
process dies. Input n of a run depends on the number of the run and on n alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mmap
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

HERE = Path(__file__).resolve().parent
OPEN = frozenset((HERE / "found" / "open.txt").read_text("utf-8").split())
"""Inputs whose faults are known and not yet repaired; a test asks that they still fail."""
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

MEMORY = 3 << 30
"""Bytes of address space of a process: what asks for more gets a MemoryError."""

HANGS = 60.0
"""Seconds on one input after which a process is killed: native code hears no signals."""

SHRINKING = 8.0
"""Seconds of CPU for making an input that fails smaller."""

_HEAD = struct.Struct("<QQQ")
"""What a process shares: the number of the input, how many were tried, the size of this one."""

_ROOM = 1 << 22


class TooSlowError(BaseException):
    """An input takes more CPU time than the target allows. Not an Exception: none may catch it."""


@dataclass
class Failure:
    """A kind of failure: what and where, the smallest input, how often it came."""

    key: str
    data: bytes
    trace: str
    times: int = 1


@dataclass
class Outcome:
    """What a run of one target came to."""

    target: str
    executions: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    peak: int = 0
    failures: dict[str, Failure] = field(default_factory=dict)

    def add(self, key: str, data: bytes, trace: str, times: int = 1) -> None:
        """Count a failure, and keep the smallest input of its kind."""
        known = self.failures.setdefault(key, Failure(key, data, trace, 0))
        known.times += times
        if len(data) < len(known.data):
            known.data, known.trace = data, trace


# In the process of a target.


def key_of(exc: BaseException) -> str:
    """Return what tells a failure from others: the error, and the line of sou it came from."""
    frames = traceback.extract_tb(exc.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(str(ROOT / "search"))]
    at = (ours or frames)[-1]
    place = f"{at.filename.removeprefix(str(ROOT) + os.sep)}:{at.lineno}"
    said = str(exc).split("\n")[0][:120] if isinstance(exc, AssertionError) else ""
    said = "".join("#" if char.isdigit() else char for char in said).split(":")[0]
    return f"{type(exc).__name__} at {place}" + (f" ({said})" if said else "")


class Watched:
    """A target with its limits: `try_` says how an input fails, if it does."""

    def __init__(self, name: str) -> None:
        from tests.fuzz.targets import TARGETS

        self.name = name
        self.target = TARGETS[name]
        self.seconds = 0.0
        self.tell: Callable[[bytes], None] = lambda _: None
        signal.signal(signal.SIGPROF, self._late)

    def _late(self, _signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"more than {self.target.seconds:g} s of CPU")

    def try_(self, data: bytes) -> tuple[str, str] | None:
        """Run an input; return the kind of its failure and the traceback, or None."""
        self.tell(data)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()
        failed: BaseException | None = None
        try:
            signal.setitimer(signal.ITIMER_PROF, self.target.seconds)
            try:
                self.target.fuzz(data)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        except KeyboardInterrupt:
            raise
        except BaseException as exc:  # noqa: BLE001  (that is what is looked for)
            failed = exc
        self.seconds = time.process_time() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        if failed is not None:
            trace = "".join(traceback.format_exception(failed, limit=-12))
            return key_of(failed), trace
        if self.seconds > self.target.seconds:  # native code, which no signal interrupts
            return "TooSlowError in native code", f"{self.seconds:.1f} s of CPU\n"
        if grown > self.target.megabytes:
            return "TooMuchMemory", f"the process grew by {grown:,} MB\n"
        return None

    def shrunk(self, data: bytes, key: str) -> bytes:
        """Return a smaller input that fails in the same way."""
        until = time.process_time() + SHRINKING
        size = len(data) // 2
        while size and time.process_time() < until:
            at = 0
            while at < len(data) and time.process_time() < until:
                shorter = data[:at] + data[at + size :]
                failed = self.try_(shorter)
                if failed and failed[0] == key:
                    data = shorter
                else:
                    at += size
            size //= 2
        return data


def work(name: str, seconds: float, random: int, first: int, executions: int, shared: Path) -> None:
    """Run a target; write what happens to standard output, a line of JSON each."""
    from tests.fuzz.mutate import mutated

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a target prints is no answer
    os.chdir(tempfile.gettempdir())
    with shared.open("r+b") as file, mmap.mmap(file.fileno(), 0) as now:
        watched = Watched(name)
        target = watched.target
        seeds = [path.read_bytes() for path in inputs_of(name)]
        with suppress(BaseException):  # what is loaded and built at first is nobody's time
            target.fuzz(seeds[0])
        tried = count()
        number = first

        def tell(data: bytes) -> None:
            now[_HEAD.size : _HEAD.size + len(data)] = data
            now[: _HEAD.size] = _HEAD.pack(number, next(tried), len(data))

        watched.tell = tell
        slowest, known = (0.0, 0), set()
        until = time.monotonic() + seconds
        while number < len(seeds) or (
            time.monotonic() < until if not executions else number < executions
        ):
            if number < len(seeds):
                data = seeds[number]
            else:
                data = mutated(Random(f"{random}:{number}"), seeds, target.tokens, target.most)
            number += 1
            failed = watched.try_(data)
            if watched.seconds > slowest[0]:
                slowest = watched.seconds, len(data)
            if failed:
                key, trace = failed
                if key not in known and "Too" not in key:
                    known.add(key)
                    data = watched.shrunk(data, key)
                report = {"key": key, "data": data.hex(), "trace": trace}
                out.write(json.dumps(report) + "\n")
                out.flush()
            if failed or number % 100 == 0 or number <= len(seeds):
                _tell(out, number, slowest)
        _tell(out, number, slowest)


def _tell(out: Any, number: int, slowest: tuple[float, int]) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    out.write(json.dumps({"done": number, "slowest": slowest, "peak": peak}) + "\n")
    out.flush()


def grow(name: str) -> Iterator[str]:
    """Repeat each token, and pairs of them; yield those for which time grows as a square does."""
    watched = Watched(name)
    target = watched.target
    seeds = [path.read_bytes() for path in inputs_of(name)]
    random = Random(name)
    pieces: list[tuple[bytes, bytes, bytes]] = []
    for token in target.tokens:
        seed = random.choice(seeds)
        at = random.randrange(len(seed) + 1)
        pieces += [(b"", token, b""), (seed[:at], token, seed[at:])]
        for _ in range(3):
            pieces.append((seed[:at], token + random.choice(target.tokens), seed[at:]))
    for seed in seeds:
        lines = seed.split(b"\n")
        pieces += [(b"", seed, b""), *((b"", line + b"\n", b"") for line in lines[:20] if line)]
        pieces += [(b"", line.replace(b"\n", b""), b"") for line in lines[:20] if line]
    for before, token, after in pieces:
        times = []
        for size in (1 << 15, 1 << 17):
            data = before + token * (size // len(token)) + after
            failed = watched.try_(data)
            times.append(watched.seconds)
            if failed and "Too" in failed[0]:
                times[-1] = max(times[-1], target.seconds)
            if times[-1] > target.seconds / 2 and size == 1 << 15:
                break
        if times[-1] > 0.3 and (len(times) == 1 or times[1] > 9 * times[0]):
            shown = " ".join(f"{seconds:.2f}" for seconds in times)
            yield f"{name}: {before[-20:]!r} + {token!r} x n + {after[:20]!r}: {shown} s"


# In the process that watches over them.


def inputs_of(name: str) -> list[Path]:
    """Return the seeds of a target, and the inputs that failed once."""
    folders = [HERE / "seeds" / name, HERE / "found" / name]
    return [
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix != ".txt" and f"{name}/{path.name}" not in OPEN
    ]


def watch(name: str, options: argparse.Namespace) -> Outcome:
    """Run a target in processes of its own until its time is over."""
    outcome = Outcome(name)
    until = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory(prefix="sou-fuzz-") as folder:
        shared = Path(folder) / "now"
        shared.write_bytes(bytes(_HEAD.size + _ROOM))
        first, deaths = 0, 0
        while deaths < 20:
            _done, how = _one_process(
                outcome, shared, first, max(0.0, until - time.monotonic()), options
            )
            if not how:
                break
            deaths += 1
            with shared.open("rb") as file:
                number, _, size = _HEAD.unpack(file.read(_HEAD.size))
                data = file.read(size)
            outcome.add(how, data, how + "\n")
            outcome.executions = max(outcome.executions, number)
            if number <= first:  # it died before its first input
                break
            first = number
    return outcome


def _one_process(
    outcome: Outcome, shared: Path, first: int, seconds: float, options: argparse.Namespace
) -> tuple[int, str]:
    """Run a process; return how many inputs are done, and how it died, if it did."""
    with tempfile.TemporaryDirectory(prefix="sou-fuzz-") as scratch:
        process = subprocess.Popen(
            [
                sys.executable, __file__, outcome.target, "--work", str(shared), "--first", str(first),
                "--seconds", str(seconds), "--random", str(options.random), "--runs", str(options.runs),
            ],
            stdout=subprocess.PIPE,
            env=os.environ | {"TMPDIR": scratch, "PYTHONHASHSEED": "0"},
            text=True,
        )  # fmt: skip
        killed = threading.Event()
        over = threading.Event()
        watchman = threading.Thread(target=_guard, args=(process, shared, killed, over))
        watchman.start()
        done = first
        assert process.stdout
        for line in process.stdout:
            told = json.loads(line)
            if "key" in told:
                outcome.add(told["key"], bytes.fromhex(told["data"]), told["trace"])
            else:
                done = told["done"]
                outcome.executions = max(outcome.executions, done)
                outcome.slowest = max(outcome.slowest, tuple(told["slowest"]))
                outcome.peak = max(outcome.peak, told["peak"])
        status = process.wait()
        over.set()
        watchman.join()
    if killed.is_set():
        return done, f"Hang of more than {HANGS:g} s"
    return done, f"Death of the process, status {status}" if status else ""


def _guard(
    process: subprocess.Popen[str], shared: Path, killed: threading.Event, over: threading.Event
) -> None:
    """Kill a process that has been on one input for too long."""
    last, since = -1, time.monotonic()
    with shared.open("rb") as file:
        while not over.wait(0.5):
            # Not file.read: that would give what it has in its buffer.
            _, tried, _ = _HEAD.unpack(os.pread(file.fileno(), _HEAD.size, 0))
            if tried != last:
                last, since = tried, time.monotonic()
            elif time.monotonic() - since > HANGS:
                killed.set()
                process.kill()
                return


def save(outcome: Outcome, folder: Path) -> list[str]:
    """Save the input of each failure; return a line for each."""
    lines = []
    for failure in sorted(outcome.failures.values(), key=lambda each: len(each.data)):
        name = hashlib.blake2b(failure.key.encode(), digest_size=5).hexdigest()
        place = folder / outcome.target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(failure.data)
        trace = failure.trace.replace(f"{ROOT}{os.sep}", "")
        place.with_suffix(".txt").write_text(trace, "utf-8", "backslashreplace")
        last = failure.trace.strip().split("\n")[-1][:200]
        lines.append(
            f"FAILED {outcome.target}: {failure.key}: {last}\n"
            f"       {place} ({len(failure.data):,} bytes, {failure.times} times)"
        )
    return lines


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run what the command line asks for; return 1 where something failed."""
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="those to run; by default, all"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.0, help="of changed inputs for each target"
    )
    parser.add_argument(
        "--runs", type=int, default=0, help="inputs of each target, in place of --seconds"
    )
    parser.add_argument("-j", "--jobs", type=int, default=1, help="targets at a time")
    parser.add_argument("--random", type=int, default=1, help="the number of the run")
    parser.add_argument(
        "--found", type=Path, default=HERE / "found", help="where failures are saved"
    )
    parser.add_argument("--input", type=Path, help="run this input alone, and show how it fails")
    parser.add_argument("--grow", action="store_true", help="look for time that grows too fast")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.targets) - TARGETS.keys()
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}; they are {', '.join(TARGETS)}")
    names = options.targets or list(TARGETS)
    if options.work:
        work(names[0], options.seconds, options.random, options.first, options.runs, options.work)
        return 0
    if options.input:
        watched = Watched(names[0])
        failed = watched.try_(options.input.read_bytes())
        _say(failed[1] if failed else f"no failure; {watched.seconds:.2f} s of CPU")
        return 1 if failed else 0
    if options.grow:
        found = 0
        for line in (line for name in names for line in grow(name)):
            _say(line)
            found += 1
        _say(f"{found} that grow too fast")
        return 1 if found else 0
    _say(f"random {options.random}, Python {sys.version.split()[0]}")
    failed_targets = 0
    with ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for outcome in pool.map(lambda name: watch(name, options), names):
            took, size = outcome.slowest
            _say(
                f"{outcome.target}: {outcome.executions:,} executions, "
                f"{len(outcome.failures)} failures, slowest {took:.2f} s ({size:,} bytes), "
                f"peak {outcome.peak:,} MB"
            )
            for line in save(outcome, options.found):
                _say(line)
            failed_targets += bool(outcome.failures)
    _say(f"{len(names) - failed_targets} passed, {failed_targets} failed")
    return 1 if failed_targets else 0


if __name__ == "__main__":
    sys.exit(main())
