"""The processes that read, analyse and merge, and that end with the one that began them.

Each has pipes of its own. An executor of the standard library shares its queues among all
processes, and waits for ever if one dies at the wrong moment; here, a process that died is a
pipe that ended, and one that is not to go on is killed.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import IO, Any, TypeVar

from search.system import processes

Key = TypeVar("Key")
Made = TypeVar("Made")

_HEAD = 8
"""Bytes that say how long what follows in a pipe is."""

_PATIENCE = 1.0
"""Seconds to wait before looking up: on Windows, waiting hears of no Ctrl-C."""

_Process = subprocess.Popen[bytes]
_Answers = queue.SimpleQueue[tuple[_Process, bytes]]


class WorkerDied(RuntimeError):
    """A process ended in the middle of its work: killed, or out of memory."""


class Workers:
    """Processes to give work to. They are begun for the first work, and wait for more."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._processes: list[_Process] = []
        self._idle: list[_Process] = []
        self._answers: _Answers = queue.SimpleQueue()

    def run(self, works: Iterable[tuple[Key, Callable[[], Made]]]) -> Iterator[tuple[Key, Made]]:
        """Yield what each work returns under its key, in the order in which they finish.

        An error of the work is raised here; WorkerDied if there is no telling. Of the works,
        no more are taken than there are processes, and one to go on with.
        """
        rest = iter(works)
        busy: dict[_Process, Key] = {}
        first = list(islice(rest, self._jobs))
        while len(self._idle) < len(first):
            # All are begun before any is given work: they take a while to be ready for it.
            self._idle.append(self._begin())
        for key, call in first:
            process = self._idle.pop()
            _give(process, call)
            busy[process] = key
        while busy:
            spare = next(rest, None)
            process, answer = self._next()
            if process not in busy:  # all that an idle one can tell is that it ended
                raise WorkerDied("a worker process died")
            done = busy.pop(process)
            made: Made = _made(answer)
            if spare:
                _give(process, spare[1])
                busy[process] = spare[0]
            else:
                self._idle.append(process)
            yield done, made

    def _begin(self) -> _Process:
        process = processes.start(__name__, serve.__name__)
        self._processes.append(process)
        threading.Thread(target=_gather, args=(process, self._answers), daemon=True).start()
        return process

    def _next(self) -> tuple[_Process, bytes]:
        while True:
            with suppress(queue.Empty):
                return self._answers.get(timeout=_PATIENCE)

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            assert process.stdin
            with suppress(OSError):  # what was not yet written can't be any more
                process.stdin.close()
        self._processes, self._idle = [], []
        self._answers = queue.SimpleQueue()


def _give(process: _Process, call: Callable[[], object]) -> None:
    assert process.stdin
    try:
        _send(process.stdin, pickle.dumps(call))
    except ConnectionError as exc:
        raise WorkerDied("a worker process died") from exc


def _gather(process: _Process, answers: _Answers) -> None:
    """Queue what a process answers, and at last nothing."""
    assert process.stdout
    with process.stdout as pipe:
        while answer := _take(pipe):
            answers.put((process, answer))
    answers.put((process, b""))


def _made(answer: bytes) -> Any:
    """Return what a process made, or raise what went wrong with it."""
    if not answer:
        raise WorkerDied("a worker process died")
    made, error, told = pickle.loads(answer)  # noqa: S301  (from a process of our own)
    if error is not None:
        raise error from RuntimeError(f"in a worker process:\n{told}")
    return made


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_HEAD, "little"))
    pipe.write(data)
    pipe.flush()


def _take(pipe: IO[bytes]) -> bytes:
    """Return what was sent through a pipe; nothing where it ended, even half way."""
    size = int.from_bytes(pipe.read(_HEAD), "little")
    data = pipe.read(size)
    return data if len(data) == size else b""


def serve() -> None:
    """Do what comes through standard input until it ends: what a process runs."""
    answers = os.fdopen(os.dup(1), "wb")
    _redirect_output()
    works: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(works,), daemon=True).start()
    while True:
        _send(answers, _done(works.get()))


def _redirect_output() -> None:
    """Have what anything prints go to stderr: it is no answer."""
    try:
        os.dup2(2, 1)
    except OSError:  # there is no stderr
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _done(work: bytes) -> bytes:
    """Return what a piece of work makes, or its error and where it came from."""
    try:
        return pickle.dumps((pickle.loads(work)(), None, ""))  # noqa: S301  (from our parent)
    except Exception as exc:  # noqa: BLE001  (raised where the work came from)
        told = traceback.format_exc()
        try:
            return pickle.dumps((None, exc, told))
        except Exception:  # noqa: BLE001  (an error that cannot be sent)
            return pickle.dumps((None, RuntimeError(f"{type(exc).__name__}: {exc}"), told))


def _receive(works: queue.SimpleQueue[bytes]) -> None:
    """Queue what comes; end this process, whatever it is doing, when its parent is gone."""
    while work := _take(sys.stdin.buffer):
        works.put(work)
    os._exit(0)
