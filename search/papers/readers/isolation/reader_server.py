"""What the child process of search.papers.readers.isolation.isolated does: it reads files, and tells what is in them.

A batch of articles makes a line: a line for each would cost more than many an article.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.asked import asked_from, reading
from search.papers.observer import observed_by
from search.papers.problem import Problem, unforeseen
from search.papers.reader import Limits, load
from search.papers.readers.isolation.server import LastAnswer, bound_memory, serve

_BATCH_CHARS = 30_000
_BATCH_SECONDS = 0.5


def answer(request: dict[str, Any], file: BinaryIO | OSError | None) -> Iterator[dict[str, Any]]:
    """Yield what a reader finds in a file, and at last the end or the error."""
    if isinstance(file, OSError):
        yield {"error": f"there is no space to unpack it: {file.strerror}"}
        return
    assert file is not None
    limits = Limits(**request["limits"])
    bound_memory(limits.max_memory_bytes)
    try:
        things = load(request["module"]).read(request["shown"], file, limits)
        if "asked" in request:
            things = reading(things, asked_from(request["asked"]))
        yield from _observed(things) if request.get("observed") else _batches(things)
    except Exception as exc:
        if isinstance(exc, OSError) and exc.strerror:  # of the disk
            error = PaperError(exc.strerror)
        else:
            error = exc if isinstance(exc, PaperError) else unforeseen(exc)
        yield {"error": error.message, "detail": error.detail}
        if isinstance(exc, MemoryError):
            raise LastAnswer from exc


def _observed(things: Iterator[Article | Problem]) -> Iterator[dict[str, Any]]:
    """Yield what is shown to an observer, and things as answers."""
    shown: list[str] = []
    with observed_by(shown.extend):
        for answer in _batches(things):
            yield {"shown": [*shown], **answer}
            shown.clear()


def _batches(things: Iterator[Article | Problem]) -> Iterator[dict[str, Any]]:
    """Yield articles and problems as answers, many of them at a time; the last is the end."""
    batch: list[Any] = []
    size, since = 0, time.monotonic()
    try:
        for thing in things:
            batch.append(_plain(thing))
            size += len(thing.title) + len(thing.body) if isinstance(thing, Article) else 100
            if size > _BATCH_CHARS or time.monotonic() - since > _BATCH_SECONDS:
                yield {"things": batch}
                batch, size, since = [], 0, time.monotonic()
    except Exception:
        yield {"things": batch}  # what was read is read
        raise
    yield {"things": batch, "end": True}


def _plain(thing: Article | Problem) -> Any:
    """Return what there is to tell of an article or a problem; all of them have one path."""
    if isinstance(thing, Article):
        _, title, body, _, *rest = thing.as_tuple()  # type: ignore[attr-defined]
        return (title, body, *rest)
    _, *values = thing.as_tuple()  # type: ignore[attr-defined]
    return {"problem": values}


def main() -> None:
    """Answer requests until there are no more."""
    serve(answer)
