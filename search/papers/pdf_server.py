"""What the child process of search.papers.pdf does: it is given files and answers with pages.

PDFium is native code that reads what strangers wrote. A file that makes it crash, hang or
take all memory must cost that file and no more, and a call into it cannot be interrupted.
So it runs in a process of its own, which may be killed at any time.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from search.papers.pdfium import PdfError, count_pages, opened, read_page

_MAX_MEMORY = 2 << 30
_BLOCK = 1 << 20
_IDLE = 60.0
"""Seconds after which a process with nothing to do ends; the next PDF starts another."""


def answers(
    file: str | BinaryIO | OSError, first: int, last: int, max_chars: int
) -> Iterator[dict[str, Any]]:
    """Yield the number of pages of a file, then the pages from `first` to `last`, from 1.

    The file is given by its path, or open; or as what went wrong when it came.
    """
    if isinstance(file, OSError):
        yield {"error": f"there is no room to unpack it: {file.strerror}"}
        return
    try:
        with opened(file) as document:
            count = count_pages(document)
            yield {"pages": count}
            for index in range(first - 1, min(count, last)):
                page = read_page(document, index, max_chars)
                yield {"page": index + 1, "text": page.text, "fault": page.fault}
    except PdfError as exc:
        yield {"error": str(exc)}
        return
    finally:
        if not isinstance(file, str):
            file.close()
    yield {"end": True}


def serve() -> None:
    """Answer the requests on standard input, until it ends: a line of JSON, or also a file."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    _bound_memory()
    # What a library prints must not come among the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        try:
            request = requests.get(timeout=_IDLE)
        except queue.Empty:
            return
        for answer in answers(**request):
            out.write(json.dumps(answer).encode() + b"\n")
            out.flush()


def _listen(requests: queue.Queue[dict[str, Any]]) -> None:
    """Hand on requests; end the process when no more can come, whatever it is doing."""
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "size" in request:
            request["file"] = _received(request.pop("size"))
        requests.put(request)
    os._exit(0)


def _received(size: int) -> BinaryIO | OSError:
    """Return the bytes that follow on standard input, in a file without a name.

    A file with one would stay when the processes are killed.
    """
    file: BinaryIO | OSError
    try:
        file = cast("BinaryIO", TemporaryFile())  # noqa: SIM115
    except OSError as exc:
        file = exc
    while size:
        block = sys.stdin.buffer.read(min(size, _BLOCK))
        if not block:
            os._exit(0)
        size -= len(block)
        if not isinstance(file, OSError):
            try:
                file.write(block)
                file.flush()
            except OSError as exc:  # what comes is still to be taken
                with suppress(OSError):  # to close it is to write what it holds
                    file.close()
                file = exc
    return file


def _bound_memory() -> None:
    """Have the system refuse memory beyond what any honest page needs, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = _MAX_MEMORY if hard == resource.RLIM_INFINITY else min(_MAX_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError):
        return
