"""The reader of PDF files.

Pages come from a child process (search.papers.pdf_server), so that a page on which PDFium
crashes or never ends costs that page only. The process is kept for the next file: starting
it takes as long as reading several pages.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO

from search.article import Article
from search.errors import PaperError
from search.papers.paged import articles_of, name_pages
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader

if TYPE_CHECKING:
    from search.papers.child import Child

_FAULTS = {
    "scan": "a picture without a text layer; let an OCR program add one (ocrmypdf, for example)",
    "unmapped": "text in a font that does not tell its characters; let an OCR program read it",
    "long": "more text than is read as one page",
    "damaged": "damaged",
    "died": "PDFium crashed on it",
    "silent": "not read within the time limit",
}
_MAX_RESTARTS = 3
"""Pages of a file on which PDFium may crash or hang before the rest is given up."""


@dataclass(slots=True)
class _Reading:
    """What has been learned of a file so far."""

    pages: int = 0
    next: int = 1
    faults: dict[str, list[int]] = field(default_factory=dict)
    restarts: int = 0
    stopped: str = ""

    def fault(self, kind: str) -> None:
        """Note what is wrong with the page read last."""
        self.faults.setdefault(kind, []).append(self.next)


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the articles of a PDF page by page, then a Problem for each kind of bad page."""
    if not stream.read(1):
        return
    stream.seek(0)
    if importlib.util.find_spec("pypdfium2") is None:
        raise PaperError("reading PDF files needs pypdfium2: pip install 'sou[pdf]'")
    reading = _Reading()
    found = False
    with _on_disk(stream) as path:
        for article in articles_of(shown, _texts(path, limits, reading)):
            found = True
            yield article
    problems = [f"{name_pages(pages)}: {_FAULTS[kind]}" for kind, pages in reading.faults.items()]
    if reading.stopped:
        problems.append(reading.stopped)
    if problems and not found:
        raise PaperError(f"no text in {_count(reading.pages)}; " + "; ".join(problems))
    for problem in problems:
        yield Problem(shown, problem)


def _texts(path: str, limits: Limits, reading: _Reading) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each page that has any; raise PaperError for the file."""
    from search.papers.child import ChildDied, ChildSilent

    seconds = limits.max_seconds
    while True:
        try:
            yield from _told(path, limits, seconds, reading)
        except ChildDied:
            kind = "died"
        except ChildSilent:
            kind = "silent"
            seconds -= limits.max_part_seconds
        else:
            break
        if not reading.pages:
            why = "PDFium crashed on it" if kind == "died" else "it can't be opened in time"
            raise PaperError(f"no PDF that can be read: {why}")
        reading.fault(kind)
        reading.next += 1
        reading.restarts += 1
        if reading.next > min(reading.pages, limits.max_parts):
            break
        if reading.restarts > _MAX_RESTARTS or seconds <= 0:
            reading.stopped = f"given up at page {reading.next} of {reading.pages}"
            return
    if reading.pages > limits.max_parts:
        reading.stopped = (
            f"of {_count(reading.pages)}, the first {limits.max_parts:,} are read; divide the file"
        )


def _told(
    path: str, limits: Limits, seconds: float, reading: _Reading
) -> Iterator[tuple[str, str]]:
    """Yield what the child process tells, from the next page on."""
    from contextlib import closing

    request = {
        "path": path,
        "first": reading.next,
        "last": limits.max_parts,
        "max_chars": limits.max_part_chars,
    }
    try:
        with closing(_child().ask(request, limits.max_part_seconds, seconds)) as answers:
            for answer in answers:
                if "error" in answer:
                    raise PaperError(answer["error"])
                if "pages" in answer:
                    reading.pages = answer["pages"]
                elif "page" in answer:
                    reading.next = answer["page"]
                    if answer["fault"]:
                        reading.fault(answer["fault"])
                    if answer["text"]:
                        yield f"p. {answer['page']}", answer["text"]
                    reading.next += 1
    except OSError as exc:
        raise PaperError(f"no process to read PDF files can be started: {exc}") from exc
    if not reading.pages:
        raise PaperError("a PDF without pages")


def _count(pages: int) -> str:
    return "1 page" if pages == 1 else f"{pages:,} pages"


@lru_cache(maxsize=1)
def _child() -> Child:
    from search.papers.child import Child

    return Child("search.papers.pdf_server", "serve")


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[str]:
    """Give the path of an open file, or of a copy of one that is part of another."""
    name = getattr(stream, "name", None)
    if isinstance(name, str) and os.path.isfile(name) and _same(stream, name):  # noqa: PTH113
        yield os.path.abspath(name)  # noqa: PTH100  (links are followed by the system)
        return
    import shutil
    import tempfile

    # By name: on Windows another process can't open what is open here.
    handle, path = tempfile.mkstemp(suffix=".pdf")
    try:
        with os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(stream, copy)
        yield path
    finally:
        os.unlink(path)  # noqa: PTH108


def _same(stream: BinaryIO, name: str) -> bool:
    """Tell whether a stream is the file of that name, and not a part of it or a namesake."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), os.stat(name))  # noqa: PTH116
    except (OSError, AttributeError, ValueError):
        return False


READER = Reader(frozenset({".pdf"}), _read)
