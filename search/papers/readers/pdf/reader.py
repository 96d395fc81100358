"""The reader of PDF files.

Pages come from a child process (search.papers.readers.pdf.server), so that a page on which PDFium
crashes or never ends costs that page only. The process is kept for the next file: starting
it takes as long as reading several pages.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.pages.document import PageText, name_pages, name_part, read_pages
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader
from search.papers.readers.isolation.heartbeat import alive

if TYPE_CHECKING:
    from search.papers.readers.isolation.child import Child

_FAULTS = {
    "scan": "an image without a text layer; add one with an OCR program (ocrmypdf, for example)",
    "unmapped": "text in a font that does not identify its characters; run an OCR program on it",
    "long": "more text than the limit for one page",
    "damaged": "damaged",
    "died": "PDFium crashed on it",
    "silent": "not read within the time limit",
}
_MAX_RESTARTS = 3
"""Pages of a file on which PDFium may crash or hang before the rest is given up."""


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the articles of a PDF page by page, then a Problem for each kind of bad page."""
    if not stream.read(1):
        return
    stream.seek(0)
    if importlib.util.find_spec("pypdfium2") is None:
        raise PaperError("reading PDF files needs pypdfium2: pip install 'sou[pdf]'")
    reading = _Reading(shown, stream, limits)
    yield from read_pages(shown, reading.texts(), reading.problems)


class _Reading:
    """The reading of one file, by one child process or several.

    The child gets the file as it is open here. Of one that is part of another it gets the
    bytes, and keeps them where nothing is left of them, whoever is killed.
    """

    def __init__(self, shown: str, file: BinaryIO, limits: Limits) -> None:
        self.problems: list[Problem] = []
        self._shown = shown
        self._file = file
        self._limits = limits
        self._seconds = limits.max_seconds
        self._pages = 0
        self._next = 1
        self._faults: dict[str, list[int]] = {}
        self._private = 0

    def texts(self) -> Iterator[tuple[str, PageText]]:
        """Yield the name and the text of each page that has any, then set the problems.

        Raises PaperError if the file can't be read at all.
        """
        stopped = ""
        restarts = 0
        while fault := (yield from self._told()):
            if not self._pages:
                raise PaperError(f"not a readable PDF: {_FAULTS[fault]}")
            self._faults.setdefault(fault, []).append(self._next)
            self._next += 1
            restarts += 1
            if self._next > min(self._pages, self._limits.max_parts):
                break
            if restarts > _MAX_RESTARTS or self._seconds <= 0:
                stopped = f"stopped before page {self._next:,} of {self._pages:,}"
                break
        if not stopped and self._pages > self._limits.max_parts:
            stopped = f"only the first {self._limits.max_parts:,} of {self._pages:,} pages are read"
        reasons = [f"{name_pages(at)}: {_FAULTS[fault]}" for fault, at in self._faults.items()]
        self.problems += [Problem(self._shown, why) for why in [*reasons, stopped] if why]
        if self._private:
            why = f"{self._private:,} characters that only its own font knows are kept as they are"
            self.problems.append(Problem(self._shown, why, lost=False))

    def _told(self) -> Generator[tuple[str, PageText], None, str]:
        """Yield what a child process tells, from the next page on; return how it failed, if so."""
        from search.papers.readers.isolation.child import ChildDied, ChildSilent

        limits = self._limits
        request = {
            "first": self._next,
            "last": limits.max_parts,
            "max_chars": limits.max_part_chars,
        }
        asked = _child().ask(request, limits.max_part_seconds, self._seconds, self._file)
        try:
            with closing(asked) as answers:
                for answer in answers:
                    alive()
                    yield from self._page(answer)
        except ChildDied:
            return "died"
        except ChildSilent as exc:
            self._seconds -= exc.waited
            return "silent"
        except OSError as exc:
            raise PaperError(f"the process to read PDF files cannot be started: {exc}") from exc
        return ""

    def _page(self, answer: dict[str, Any]) -> Iterator[tuple[str, PageText]]:
        """Yield the page an answer tells of, if it has text; note what else it says."""
        if "error" in answer:
            raise PaperError(answer["error"])
        if "pages" in answer:
            self._pages = answer["pages"]
            if not self._pages:
                raise PaperError("a PDF without pages")
        elif "page" in answer:
            self._next = answer["page"] + 1
            if answer["fault"]:
                self._faults.setdefault(answer["fault"], []).append(answer["page"])
            self._private += answer.get("private", 0)
            levels, sizes = (dict(answer.get(name, ())) for name in ("levels", "sizes"))
            page = PageText(answer["text"], levels, sizes=sizes)
            text = _with_aside(page, answer.get("aside", ""))
            if text.text:
                yield name_part(answer["page"]), text


def _with_aside(page: PageText, aside: str) -> PageText:
    """Return the text of a page, and below it what runs another way, no line of it a headline."""
    if not aside:
        return page
    before = page.text + "\n\n" if page.text else ""
    first = before.count("\n") + 1
    levels = {**page.levels, **dict.fromkeys(range(first, first + aside.count("\n") + 1), 0)}
    return PageText(before + aside, levels, sizes=page.sizes)


@lru_cache(maxsize=1)
def _child() -> Child:
    from search.papers.readers.isolation.child import Child

    return Child("search.papers.readers.pdf.server", "main")


READER = Reader(_read)
