"""The processes that read, analyse and merge, and that end with the one that began them.

Each has a pipe of its own. An executor of the standard library shares its queues among all
processes, and waits for ever if one dies at the wrong moment; here, a process that died is a
pipe that ended, and one that is not to go on is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

Key = TypeVar("Key")
Made = TypeVar("Made")


class WorkerDied(RuntimeError):
    """A process ended in the middle of its work: killed, or out of memory."""


class Workers:
    """Processes to give work to. They are begun for the first work, and wait for more."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._processes: list[BaseProcess] = []
        self._idle: list[Connection] = []

    def run(self, works: Iterable[tuple[Key, Callable[[], Made]]]) -> Iterator[tuple[Key, Made]]:
        """Yield what each work returns under its key, in the order in which they finish.

        An error of the work is raised here; WorkerDied if there is no telling. Of the works,
        no more are taken than there are processes, and one to go on with.
        """
        rest = iter(works)
        busy: dict[Connection, Key] = {}
        first = list(islice(rest, self._jobs))
        while len(self._idle) < len(first):
            # All are begun before any is given work: they take a while to be ready for it.
            self._idle.append(self._begin())
        for key, call in first:
            pipe = self._idle.pop()
            _give(pipe, call)
            busy[pipe] = key
        while busy:
            spare = next(rest, None)
            ended = wait(list(busy))
            for pipe in [pipe for pipe in busy if pipe in ended]:
                done = busy.pop(pipe)
                made: Made = _answer(pipe)
                if work := spare or next(rest, None):
                    _give(pipe, work[1])
                    busy[pipe], spare = work[0], None
                else:
                    self._idle.append(pipe)
                yield done, made

    def _begin(self) -> Connection:
        # Spawned, not forked: a progress bar draws from a thread of its own.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        theirs.close()  # now the pipe ends when the process does
        self._processes.append(process)
        return ours

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()
        self._processes, self._idle = [], []


def _give(pipe: Connection, call: Callable[[], object]) -> None:
    try:
        pipe.send(call)
    except ConnectionError as exc:
        raise WorkerDied("a worker process died") from exc


def _answer(pipe: Connection) -> Any:
    """Return what a process made, or raise what went wrong with it."""
    try:
        made, error, told = pipe.recv()
    except (EOFError, ConnectionError) as exc:
        raise WorkerDied("a worker process died") from exc
    if error is not None:
        raise error from RuntimeError(f"in a worker process:\n{told}")
    return made


def _serve(pipe: Connection) -> None:
    """Do what comes through a pipe until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives the work
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return
        answer: tuple[object, Exception | None, str]
        try:
            answer = work(), None, ""
        except Exception as exc:  # noqa: BLE001  (raised where the work came from)
            answer = None, exc, traceback.format_exc()
        pipe.send(answer)


def _end_with_parent() -> None:
    """End this process when the one that gives it work is gone, whatever it is doing."""
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)
