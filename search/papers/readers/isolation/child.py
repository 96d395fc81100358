"""A child process that answers requests, and that may die or fall silent.

Requests and answers are lines of JSON. With a request may come a file: its descriptor, or,
where it has none or the system cannot send it, its bytes; never its name, behind which there
may be another file by then. The child is a Python that runs one function of this package,
with the modules this process would find (search.papers.readers.isolation.server is the other end). It sees
that its input ends when this process does, however that happens.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Generator
from typing import Any, BinaryIO

from search.system import processes

_AHEAD = 8
"""Answers that are taken from the child before they are asked for."""

_MAX_LINE = 128 << 20
_BLOCK = 1 << 20
_LAST_WORD = 2.0
"""Seconds in which a process that has closed its answers is seen to have ended."""


class ChildDied(Exception):
    """The child ended, or answered nonsense, before its answer was complete.

    `status` is that with which it ended: minus the number of the signal that ended it, None
    where it had not ended by itself.
    """

    status: int | None = None


class ChildSilent(Exception):
    """The child did not answer in time, and was ended.

    `waited` is the time spent on it; `in_all` says whether that was all there was, or
    whether no answer came for long.
    """

    waited = 0.0
    in_all = False


class Child:
    """A process that is started for the first request and kept for those that follow."""

    def __init__(self, module: str, function: str) -> None:
        self._module, self._function = module, function
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: _Pipe | _Socket | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._lock = threading.Lock()

    def ask(
        self, request: dict[str, Any], silence: float, total: float, file: BinaryIO | None = None
    ) -> Generator[dict[str, Any], None, None]:
        """Yield the answers up to the one that has an `end` or an `error`.

        Raises ChildSilent when none comes for `silence` seconds or `total` seconds have been
        spent waiting, ChildDied when the child ends; OSError if none can be started. If the
        caller turns away before the end, the child is ended. A child that has ended before
        its first answer, having had nothing to do for long, is started again.
        """
        with self._lock:
            complete = False
            left = total
            try:
                line = self._first_answer(request, file, min(silence, total))
                while True:
                    answer = _read(line)
                    complete = "end" in answer or "error" in answer
                    yield answer
                    if complete:
                        return
                    since = time.monotonic()
                    line = self._next(min(silence, left))
                    left -= time.monotonic() - since
            except ChildSilent as exc:
                exc.waited = total - left + min(silence, left)
                exc.in_all = left <= silence
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
        assert self._requests
        # What was not yet written can't be any more.
        with contextlib.suppress(OSError):
            self._requests.close()

    def _first_answer(
        self, request: dict[str, Any], file: BinaryIO | None, patience: float
    ) -> bytes:
        """Send a request, to a new child if the old one has ended since; return the answer."""
        fresh = self._process is None
        try:
            self._send(request, file, patience)
            return self._next(patience)
        except (ChildDied, OSError):
            self.stop()
            if fresh:
                raise
        self._send(request, file, patience)
        return self._next(patience)

    def _send(self, request: dict[str, Any], file: BinaryIO | None, patience: float) -> None:
        if self._process is None:
            self._start()
        assert self._requests
        try:
            self._requests.send(request, file, patience)
        except TimeoutError as exc:
            raise ChildSilent from exc
        except ConnectionError as exc:
            raise ChildDied from exc

    def _start(self) -> None:
        ours, theirs = _pair()
        try:
            self._process = processes.start(
                self._module,
                self._function,
                stdin=theirs.fileno() if theirs else subprocess.PIPE,
                quiet=True,
            )
        except BaseException:
            if ours:
                ours.close()
            raise
        finally:
            if theirs:
                theirs.close()
        self._requests = _Socket(ours) if ours else _Pipe(self._process)
        atexit.register(self.stop)
        self._answers = queue.Queue(_AHEAD)
        threading.Thread(target=_gather, args=(self._process, self._answers), daemon=True).start()

    def _next(self, patience: float) -> bytes:
        try:
            line = self._answers.get(timeout=max(patience, 0.001))
        except queue.Empty:
            raise ChildSilent from None
        if not line.endswith(b"\n"):
            died = ChildDied()
            if self._process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    died.status = self._process.wait(_LAST_WORD)
            raise died
        return line


class _Socket:
    """Requests to a child over a socket, which also carries descriptors."""

    def __init__(self, ours: socket.socket) -> None:
        self._socket = ours

    def send(self, request: dict[str, Any], file: BinaryIO | None, patience: float) -> None:
        """Send a request and its file; raise TimeoutError if the child does not take it."""
        self._socket.settimeout(max(patience, 0.001))
        number = None if file is None else _descriptor(file)
        if file is None or number is None:
            line, blocks = _with_bytes(request, file)
            self._socket.sendall(line)
            for block in blocks:
                self._socket.sendall(block)
            return
        line, _ = _with_bytes(request | {"descriptor": True}, None)
        sent = socket.send_fds(self._socket, [line], [number])
        self._socket.sendall(line[sent:])

    def close(self) -> None:
        """Send no more."""
        self._socket.close()


class _Pipe:
    """Requests to a child where there are no such sockets (Windows): files are sent as bytes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin
        self._stdin = process.stdin

    def send(self, request: dict[str, Any], file: BinaryIO | None, _patience: float) -> None:
        """Send a request and its file."""
        line, blocks = _with_bytes(request, file)
        self._stdin.write(line)
        for block in blocks:
            self._stdin.write(block)
        self._stdin.flush()

    def close(self) -> None:
        """Send no more."""
        self._stdin.close()


def _pair() -> tuple[socket.socket, socket.socket] | tuple[None, None]:
    """Return the two ends of a socket that carries descriptors; nothing where there are none."""
    if not hasattr(socket, "send_fds"):
        return None, None
    return socket.socketpair()


def _descriptor(file: BinaryIO) -> int | None:
    """Return the descriptor of an open file, what was written to it being there; None without one."""
    try:
        number = file.fileno()
    except (OSError, AttributeError, ValueError):
        return None
    file.flush()
    return number


def _with_bytes(
    request: dict[str, Any], file: BinaryIO | None
) -> tuple[bytes, Generator[bytes, None, None]]:
    """Return the line of a request, and what is in the file that follows it, its `size` told."""

    def blocks() -> Generator[bytes, None, None]:
        if file is not None:
            file.seek(0)
            while block := file.read(_BLOCK):
                yield block

    if file is not None:
        request = request | {"size": file.seek(0, os.SEEK_END)}
    return json.dumps(request).encode() + b"\n", blocks()


def _read(line: bytes) -> dict[str, Any]:
    """Return an answer; raise ChildDied for what is none."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise ChildDied from exc
    if not isinstance(answer, dict):
        raise ChildDied
    return answer


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
