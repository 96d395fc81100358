"""Readers in a process of their own, whose limits, and whose death, cost one file alone.

What parses the bytes of strangers with native code (libxml2, Expat, zlib, lzma, bz2, zstd)
may crash, take all memory, or never end, and a call into it cannot be interrupted. So it
runs in a child process (search.papers.readers.isolation.reader_server) that may be killed at any time. It is
given the open file, never its name, and tells the articles. It is kept for the next file:
starting it costs as much as reading ten pages.

A member of an archive is read by its own reader, so in a child of the child: where that
dies, it costs that member.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, TypeGuard

from search.model.article import KINDS, Article
from search.model.errors import PaperError
from search.papers.asked import NOTHING, asked
from search.papers.observer import is_observed, show
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader, load
from search.papers.readers.isolation.heartbeat import alive

if TYPE_CHECKING:
    from search.papers.readers.isolation.child import Child, ChildDied, ChildSilent

_NAME = (str, type(None))
# The fields of an article but for id and path, in their order.
_ARTICLE = (
    (str, str, int, int, (int, type(None)), _NAME, _NAME, _NAME, list) + (_NAME,) * 8 + (str,)
)
_AUTHORS = _ARTICLE.index(list) - 2
_PROBLEM = (str, (int, type(None)), bool, bool, str)

_SERVER = ("search.papers.readers.isolation.reader_server", "main")

_idle: list[Child] = []
"""The processes that wait for a file: one, or as many as were read from at a time."""


@lru_cache
def contained(module: str, least: int = 0) -> Reader:
    """Return the reader of a module of search.papers, at work in a process of its own.

    A file of fewer than `least` bytes is read in this one: it cannot take long.
    """
    return Reader(partial(_read, module, least))


def _read(
    module: str, least: int, shown: str, stream: BinaryIO, limits: Limits
) -> Iterator[Article | Problem]:
    size = stream.seek(0, 2)
    if size < least:
        stream.seek(0)
        yield from load(module).read(shown, stream, limits)
    else:
        yield from _asked(module, size, shown, stream, limits)


def _asked(
    module: str, size: int, shown: str, stream: BinaryIO, limits: Limits
) -> Iterator[Article | Problem]:
    """Yield what another process reads."""
    from search.papers.readers.isolation.child import ChildDied, ChildSilent

    request: dict[str, Any] = {"module": module, "shown": shown, "limits": _plain(limits)}
    if asked() is not NOTHING:
        request["asked"] = asdict(asked())
    if is_observed():
        request["observed"] = True
    # A large archive that is read well takes its time.
    seconds = max(limits.max_seconds, size / limits.min_bytes_per_second)
    child = _child()
    try:
        with closing(child.ask(request, limits.max_part_seconds, seconds, stream)) as answers:
            for answer in answers:
                alive()
                yield from _things(answer, shown)
    except ChildDied as exc:
        raise PaperError(_why_died(exc, shown)) from exc
    except ChildSilent as exc:
        raise PaperError(_why_silent(exc, limits, seconds)) from exc
    except OSError as exc:
        raise PaperError(f"the process to read it cannot be started: {exc}") from exc
    finally:
        _idle.append(child)


@lru_cache(maxsize=4)
def _plain(limits: Limits) -> dict[str, Any]:
    return asdict(limits)


def _child() -> Child:
    from search.papers.readers.isolation.child import Child

    with suppress(IndexError):
        return _idle.pop()
    return Child(*_SERVER)


def _things(answer: dict[str, Any], shown: str) -> Iterator[Article | Problem]:
    """Yield what an answer tells; raise PaperError where it tells an error, or nonsense."""
    if "error" in answer:
        raise PaperError(str(answer["error"]), detail=str(answer.get("detail", "")))
    things, lines = answer.get("things", []), answer.get("shown", [])
    if not (isinstance(things, list) and isinstance(lines, list)):
        raise _nonsense()
    if lines:
        show(map(str, lines))
    for thing in things:
        yield _problem(thing, shown) if isinstance(thing, dict) else _article(thing, shown)


def _article(values: Any, shown: str) -> Article:
    if not _are(values, _ARTICLE):
        raise _nonsense()
    title, body, *rest = values
    authors = rest[_AUTHORS]
    if not all(isinstance(name, str) for name in authors) or rest[-1] not in KINDS:
        raise _nonsense()
    rest[_AUTHORS] = tuple(authors)
    return Article("", title, body, shown, *rest)


def _problem(thing: dict[str, Any], shown: str) -> Problem:
    values: Any = thing.get("problem")
    if not _are(values, _PROBLEM):
        raise _nonsense()
    return Problem(shown, *values)


def _are(values: Any, kinds: tuple[Any, ...]) -> TypeGuard[list[Any]]:
    """Return whether a list has values of these types."""
    return (
        isinstance(values, list)
        and len(values) == len(kinds)
        and all(map(isinstance, values, kinds))
    )


def _nonsense() -> PaperError:
    return PaperError("the process that read it gave an invalid answer")


def _why_died(exc: ChildDied, shown: str) -> str:
    """Return what is known of the end of a process that read a file."""
    kind = f"the reader of {PurePosixPath(shown).suffix.lower()} files"
    if exc.status is None or exc.status == 0:
        return f"{kind} ended before it was read"
    if exc.status > 0:
        return f"{kind} failed on it (status {exc.status})"
    number = -exc.status
    name = str(number)
    with suppress(ValueError):
        name = signal.Signals(number).name
    if name == "SIGKILL":
        return f"{kind} was killed while reading it, as the system does when memory runs out"
    return f"{kind} crashed on it ({name})"


def _why_silent(exc: ChildSilent, limits: Limits, seconds: float) -> str:
    if exc.in_all:
        return f"not read within {seconds:,.0f} seconds, the limit for one file"
    return f"its reader made no progress for {limits.max_part_seconds:,.0f} seconds and was stopped"
