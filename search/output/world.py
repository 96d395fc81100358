"""The world sou writes to: two streams, and what the one who reads them can take.

It is a parameter of everything that prints, so that a test can pass a terminal of its own.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from io import StringIO
from typing import TextIO

from search.model.errors import EXIT_FOUND, RequestError
from search.model.frozen import frozen
from search.model.path_spelling import shown_raw
from search.output.safe import named_harmlessly, safe_line, safe_path

_MARKED = {"utf-8-sig", "utf-16", "utf-32"}
"""Encodings that begin with a byte order mark: Python's text layer writes it just once."""


class ClosedPipeError(Exception):
    """The program that reads our output has stopped reading; there is no one to tell.

    Its own class, because a BrokenPipeError may also come from a worker that died, and
    that must not pass in silence.
    """


_WIDTH = 80
"""Columns where there is no terminal."""


def _width() -> int:
    import shutil  # takes 7 ms, which a pipe need not wait for

    return shutil.get_terminal_size().columns


@frozen
class World:
    """Where output goes. `styles` allows escape sequences at all, `colour` those of colour."""

    stdout: TextIO
    stderr: TextIO
    terminal: bool = False
    stderr_terminal: bool = False
    width: int = 80
    styles: bool = False
    colour: bool = False
    links: bool = False

    @classmethod
    def of_process(cls, environ: Mapping[str, str] = os.environ) -> World:
        """Return the world this process was started in.

        `NO_COLOR` takes colour away, and `FORCE_COLOR` allows it outside of a terminal.
        """
        # Python has no stdout when it was started with the descriptor closed.
        stdout, stderr = sys.stdout or StringIO(), sys.stderr or StringIO()
        terminal = stdout.isatty()
        forced = environ.get("FORCE_COLOR", "").lower() not in {"", "0", "false"}
        styles = forced or (terminal and _knows_escapes(environ))
        return cls(
            stdout=stdout,
            stderr=stderr,
            terminal=terminal,
            stderr_terminal=stderr.isatty(),
            width=_width() if terminal or "COLUMNS" in environ else _WIDTH,
            styles=styles,
            colour=styles and not environ.get("NO_COLOR"),
            # The Linux console has no pointer to follow a link with, and may print its address.
            links=styles and terminal and environ.get("TERM") != "linux",
        )

    @property
    def encoding(self) -> str:
        """The name of stdout's encoding, as Python spells it."""
        return codecs.lookup(self.stdout.encoding or "utf-8").name

    @property
    def unicode(self) -> bool:
        """Whether stdout is UTF-8, which is what a JSON reader expects."""
        return self.encoding == "utf-8"

    def path(self, path: str, *, exact: bool = False) -> str:
        """Return a path for a program, or for a terminal: there it is always made harmless.

        With `exact`, a program gets it whatever it holds.
        """
        if self.terminal:
            return safe_path(path)
        return path if exact else named_harmlessly(path)

    def write(self, text: str) -> None:
        """Write data. What stdout cannot encode is written as a backslash escape.

        A byte of a file name that is no text goes to a program as it is; on a terminal it is
        an escape too, for on some the byte 9B alone begins a control sequence.

        What is written are bytes of our own, not those of Python's text layer: no locale turns
        a newline into two characters or raises UnicodeEncodeError.
        """
        encoding = self.encoding
        data = text.encode(encoding, "sou-show" if self.terminal else "sou-escape")
        buffer = getattr(self.stdout, "buffer", None)
        try:
            if buffer is None or encoding in _MARKED:  # no buffer: a StringIO, a notebook
                self.stdout.write(data.decode(encoding, "backslashreplace"))
            else:
                rest = memoryview(data)
                while rest:  # unbuffered (python -u), a write may stop half way
                    rest = rest[buffer.write(rest) or 0 :]
        except OSError as exc:
            self._give_up(exc)

    def flush(self) -> None:
        """Hand everything written so far to the reader."""
        try:
            self.stdout.flush()
        except OSError as exc:
            self._give_up(exc)

    def tell(self, *lines: str) -> None:
        """Write a note or an error to stderr, on a terminal below the data before it.

        Each line stays one, whatever the names in it hold.
        """
        if self.terminal:
            self.flush()
        encoding = self.stderr.encoding or "utf-8"
        data = "\n".join(safe_line(shown_raw(line)) for line in lines).encode(
            encoding, "backslashreplace"
        )
        with suppress(OSError):
            self.stderr.write(data.decode(encoding) + "\n")
            self.stderr.flush()

    def _give_up(self, exc: OSError) -> None:
        """Turn a failed write into our own error.

        Stdout is pointed at nothing first; otherwise Python would try to flush what is
        left in it at exit, fail again, and print a complaint of its own.
        """
        with suppress(OSError, AttributeError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self.stdout.fileno())
            os.close(nothing)
        # Windows reports a closed pipe as an invalid argument.
        closed = exc.errno == errno.EPIPE or (os.name == "nt" and exc.errno == errno.EINVAL)
        if closed:
            raise ClosedPipeError from exc
        raise RequestError(f"cannot write the output: {exc.strerror or exc}") from exc


def until_closed(world: World, work: Callable[[], int]) -> int:
    """Return the exit status of `work`, whose output is then flushed.

    When the reader closes the pipe, as `head` does, the work ends there: it got all it
    wanted, so the status is that of success.
    """
    try:
        status = work()
        world.flush()
    except ClosedPipeError:
        return EXIT_FOUND
    return status


def _knows_escapes(environ: Mapping[str, str]) -> bool:
    """Return whether a terminal obeys escape sequences rather than printing them."""
    if os.name == "nt":
        return any(name in environ for name in ("WT_SESSION", "TERM", "ANSICON", "ConEmuANSI"))
    return environ.get("TERM", "") not in {"", "dumb", "unknown"}


def _escape(error: UnicodeError, *, exact: bool) -> tuple[str | bytes, int]:
    """Encode one character that the codec cannot: an escape, or `exact` the original byte."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    start = error.start
    code = ord(error.object[start])
    if 0xDC80 <= code <= 0xDCFF:
        if not exact:
            return f"\\x{code - 0xDC00:02x}", start + 1
        # UTF-16 and UTF-32 have no room for a lone byte.
        if not error.encoding.startswith(("utf-16", "utf-32")):
            return bytes([code - 0xDC00]), start + 1
    one = UnicodeEncodeError(error.encoding, error.object, start, start + 1, error.reason)
    return codecs.backslashreplace_errors(one)


codecs.register_error("sou-escape", partial(_escape, exact=True))
codecs.register_error("sou-show", partial(_escape, exact=False))
