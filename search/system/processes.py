"""Processes of sou's own: Pythons that run one function of this package.

They find the modules this process finds, and none in the working folder, in which they are
started: not by Python's own first look there (`-P`), nor by an empty entry of PYTHONPATH, nor
as the `sitecustomize` that Python runs by itself (`-S`). `multiprocessing` does all of these,
and runs the caller's main module again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from search.system.module_path import without_working_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from {} import {} as f; f()"

_BUFFER = 1 << 20
"""Bytes gathered of what such a process answers: articles come by the hundred."""


def start(
    module: str, function: str, *, stdin: int = subprocess.PIPE, quiet: bool = False
) -> subprocess.Popen[bytes]:
    """Start a process that runs a function, with pipes to its input and from its output.

    `stdin` is the descriptor of something else to be its input. Ctrl-C does not reach it:
    that is for the process that started it, whose end it sees as the end of its input.
    `quiet` drops what it writes to stderr. Raises OSError.
    """
    program = _PROGRAM.format(module, function)
    path = without_working_folder(sys.path)
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    with _interruptions_held_back():
        return subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, *_flags(), "-c", program, *path],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            bufsize=_BUFFER,
            env=environment,
            # Windows alone has this; a group of its own gets no Ctrl-C.
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def _flags() -> list[str]:
    """Return Python's flags: no site, no working folder, and those this process was given."""
    flags = ["-S", "-P"]
    flags += ["-E"] if sys.flags.ignore_environment else []
    flags += ["-B"] if sys.dont_write_bytecode else []
    flags += ["-X", "utf8"] if sys.flags.utf8_mode else []
    return flags + [f"-W{option}" for option in sys.warnoptions]


@contextmanager
def _interruptions_held_back() -> Iterator[None]:
    """Keep SIGINT from this thread, and for good from a process that it starts meanwhile.

    A signal that comes is held back and not lost: it arrives when the process was started.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
