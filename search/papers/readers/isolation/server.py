"""The other end of search.papers.readers.isolation.child: a process that answers what it is asked.

It reads what strangers wrote, with native code. So it leaves no core behind, gets no more
memory than it is allowed, ends when nobody asks any more, and may be killed at any time.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import signal
import socket
import stat
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from search.papers.readers.isolation import heartbeat

_BLOCK = 1 << 20
_IDLE = 60.0
"""Seconds after which a process with nothing to do ends; the next file starts another."""

Handle = Callable[[dict[str, Any], BinaryIO | OSError | None], Iterable[dict[str, Any]]]
"""What is done with a request and its file: open, or what went wrong when it came."""


class LastAnswer(Exception):
    """Raised by a handle after an answer for which the process is better not kept."""


def serve(handle: Handle) -> None:
    """Answer the requests on standard input until it ends.

    The first answer to each is an empty one: the request has come. From then on, who asks
    knows that the end of this process is the fault of the file.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    _leave_no_core()
    # What a library prints must not come among the answers.
    out = os.fdopen(os.dup(1), "wb", _BLOCK)
    os.dup2(2, 1)
    requests: queue.Queue[tuple[dict[str, Any], BinaryIO | OSError | None]] = queue.Queue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()

    def tell(answer: dict[str, Any]) -> None:
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        out.write(text.encode("utf-8", "surrogatepass"))
        out.write(b"\n")
        out.flush()

    heartbeat.tell_by(lambda: tell({}))
    while True:
        try:
            request, file = requests.get(timeout=_IDLE)
        except queue.Empty:
            return
        tell({})
        try:
            for answer in handle(request, file):
                tell(answer)
        except LastAnswer:
            return
        finally:
            if file is not None and not isinstance(file, OSError):
                with suppress(OSError):
                    file.close()


def bound_memory(most: int) -> None:
    """Have the system refuse memory beyond so many bytes, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _leave_no_core() -> None:
    """Have a crash write no core: it would hold what is in the file."""
    try:
        import resource
    except ImportError:
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _listen(requests: queue.Queue[tuple[dict[str, Any], BinaryIO | OSError | None]]) -> None:
    """Hand on requests; end the process when no more can come, whatever it is doing."""
    taken = _Input()
    while True:
        request = json.loads(taken.line())
        file: BinaryIO | OSError | None = None
        if request.pop("descriptor", False):
            file = taken.file()
        elif "size" in request:
            file = taken.content(request.pop("size"))
        requests.put((request, file))


class _Input:
    """Standard input: lines, bytes, and, where it is a socket, descriptors."""

    def __init__(self) -> None:
        is_socket = stat.S_ISSOCK(os.fstat(0).st_mode)
        self._socket = socket.socket(fileno=os.dup(0)) if is_socket else None
        self._left = b""
        self._descriptors: list[int] = []

    def line(self) -> bytes:
        """Return the next line."""
        parts = [self._left]
        while b"\n" not in parts[-1]:
            parts.append(self._more())
        line, _, self._left = b"".join(parts).partition(b"\n")
        return line

    def file(self) -> BinaryIO | OSError:
        """Return the file whose descriptor came with a line; an error where it was lost.

        The system drops what would be one more open file than the process may have.
        """
        if not self._descriptors:
            return OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        file = os.fdopen(self._descriptors.pop(0), "rb")
        file.seek(0)
        return file

    def content(self, size: int) -> BinaryIO | OSError:
        """Return the bytes that follow, in a file without a name.

        A file with one would stay when the processes are killed.
        """
        file: BinaryIO | OSError
        try:
            file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115
        except OSError as exc:
            file = exc
        while size:
            data = self._left or self._more()
            block, self._left = data[:size], data[size:]
            size -= len(block)
            if not isinstance(file, OSError):
                try:
                    file.write(block)
                    if not size:
                        file.flush()
                except OSError as exc:  # what comes is still to be taken
                    with suppress(OSError):  # to close it is to write what it holds
                        file.close()
                    file = exc
        if not isinstance(file, OSError):
            file.seek(0)
        return file

    def _more(self) -> bytes:
        """Return what comes next; end the process when nothing does."""
        if self._socket:
            data, descriptors, _, _ = socket.recv_fds(self._socket, _BLOCK, 1)
            self._descriptors += descriptors
        else:
            data = os.read(0, _BLOCK)
        if not data:
            os._exit(0)
        return data
