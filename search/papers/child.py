"""A child process that answers requests, and that may die or fall silent.

Requests and answers are lines of JSON; bytes may follow a request. The child is a Python that
runs one function of this package, with the modules this process would find. It sees that its
input ends when this process does, however that happens.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Generator
from typing import Any, BinaryIO

from search import processes

_AHEAD = 8
"""Answers that are taken from the child before they are asked for."""

_MAX_LINE = 64 << 20
_BLOCK = 1 << 20


class ChildDied(Exception):
    """The child ended before its answer was complete."""


class ChildSilent(Exception):
    """The child did not answer in time, and was ended; `waited` is the time spent on it."""

    waited = 0.0


class Child:
    """A process that is started for the first request and kept for those that follow."""

    def __init__(self, module: str, function: str) -> None:
        self._module, self._function = module, function
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._lock = threading.Lock()

    def ask(
        self, request: dict[str, Any], silence: float, total: float, data: BinaryIO | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Yield the answers up to the one that has an `end` or an `error`.

        With `data`, a file, the request also tells its `size`, and what is in it follows.
        Raises ChildSilent when none comes for `silence` seconds or `total` seconds have been
        spent waiting, ChildDied when the child ends; OSError if none can be started. If the
        caller turns away before the end, the child is ended.
        """
        with self._lock:
            complete = False
            left = total
            try:
                line = self._first_answer(request, data, min(silence, total))
                while True:
                    answer: dict[str, Any] = json.loads(line)
                    complete = "end" in answer or "error" in answer
                    yield answer
                    if complete:
                        return
                    since = time.monotonic()
                    line = self._next(min(silence, left))
                    left -= time.monotonic() - since
            except ChildSilent as exc:
                exc.waited = total - left + min(silence, left)
                raise
            finally:
                if not complete:
                    self.stop()

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        atexit.unregister(self.stop)
        process.kill()
        process.wait()
        assert process.stdin
        # What was not yet written can't be any more.
        with contextlib.suppress(OSError):
            process.stdin.close()

    def _first_answer(
        self, request: dict[str, Any], data: BinaryIO | None, patience: float
    ) -> bytes:
        """Send a request, to a new child if the old one has ended since; return the answer."""
        fresh = self._process is None
        try:
            self._send(request, data)
            return self._next(patience)
        except (ChildDied, OSError):
            self.stop()
            if fresh:
                raise
        self._send(request, data)
        return self._next(patience)

    def _send(self, request: dict[str, Any], data: BinaryIO | None) -> None:
        if self._process is None:
            self._start()
        assert self._process
        assert self._process.stdin
        if data:
            request = request | {"size": data.seek(0, os.SEEK_END)}
            data.seek(0)
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            if data:
                shutil.copyfileobj(data, self._process.stdin, _BLOCK)
            self._process.stdin.flush()
        except ConnectionError as exc:
            raise ChildDied from exc

    def _start(self) -> None:
        self._process = processes.start(self._module, self._function, quiet=True)
        atexit.register(self.stop)
        self._answers = queue.Queue(_AHEAD)
        threading.Thread(target=_gather, args=(self._process, self._answers), daemon=True).start()

    def _next(self, patience: float) -> bytes:
        try:
            line = self._answers.get(timeout=max(patience, 0.001))
        except queue.Empty:
            raise ChildSilent from None
        if not line.endswith(b"\n"):
            raise ChildDied
        return line


def _gather(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
    """Queue the lines that come, and at last one without an end."""
    assert process.stdout
    with process.stdout as lines:
        while line := lines.readline(_MAX_LINE):
            while process.returncode is None:
                try:
                    answers.put(line, timeout=1)
                except queue.Full:
                    continue
                break
            else:
                return
    with contextlib.suppress(queue.Full):
        answers.put(b"", timeout=60)
