"""The reader of hOCR: HTML in which an OCR program marks pages, blocks, lines and words.

http://kba.github.io/hocr-spec/1.2/: the class of an element says what it is (`ocr_page`,
`ocr_carea`, `ocr_par`, `ocr_line`, `ocrx_word`), its title where it stands (`bbox left top
right bottom`, in pixels). Blocks are put into reading order by their places.

HTML has no entities that a file declares itself, and the parser of the standard library
takes whatever comes: nothing here can be made to open a file or to swell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.encodings.decode import open_text
from search.papers.pages.document import PageText, in_time, numbered, read_pages
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader
from search.papers.readers.ocr.blocks import Block, make_line, text_of_blocks
from search.papers.readers.reading_order import spaced
from search.papers.readers.zips import reason_of

_CHUNK = 1 << 15
_MAX_DEPTH = 500
_PAGE_CLASS = re.compile(rb"""class\s*=\s*(["'])[^"']{0,200}?\bocr_page\b""", re.IGNORECASE)
_NUMBER = r"(-?\d{1,9}(?:\.\d{1,9})?)"
_BBOX = re.compile(rf"\bbbox\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}")
_KINDS = {
    "ocr_page": "page",
    "ocr_carea": "block",
    "ocrx_block": "block",
    "ocr_par": "par",
    "ocr_line": "line",
    "ocrx_line": "line",
    "ocr_header": "line",
    "ocr_footer": "line",
    "ocr_caption": "line",
    "ocr_textfloat": "line",
    "ocrx_word": "word",
    "ocr_word": "word",
}
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_SILENT = frozenset({"script", "style"})


def is_hocr(head: bytes) -> bool:
    """Return whether a file of HTML that begins so is hOCR."""
    return bool(_PAGE_CLASS.search(head))


def read_hocr(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    """Yield the articles of a file of hOCR, page by page, then what was not read of it."""
    problems: list[Problem] = []
    yield from read_pages(shown, numbered(_texts(shown, stream, limits, problems)), problems)


@contextmanager
def _refusing() -> Iterator[None]:
    """Raise PaperError for what Python's parser fails on: `<![x`, `&#` and 5,000 digits."""
    try:
        yield
    except (ValueError, AssertionError) as exc:
        raise PaperError(f"not readable as hOCR: {reason_of(exc)}") from exc


def _texts(
    shown: str, stream: BinaryIO, limits: Limits, problems: list[Problem]
) -> Iterator[PageText]:
    """Yield the text of each page; add what ends the reading early to the problems."""
    hocr = _Hocr(limits)
    try:
        with open_text(stream) as text:
            for chunk in in_time(iter(lambda: text.read(_CHUNK), ""), limits):
                hocr.feed(chunk)
                yield from hocr.take()
        hocr.close()
        hocr.end_page()
    except PaperError as exc:
        problems.append(Problem(shown, exc.message))
    yield from hocr.take()


class _Hocr(HTMLParser):
    """A parser that gathers the text of pages."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self._limits = limits
        self._open: list[tuple[str, str]] = []
        self._texts: list[PageText] = []
        self._pages = 0
        self._blocks: list[Block] | None = None
        self._words: list[str] = []
        self._word: list[str] = []
        self._place: tuple[float, float, float, float] | None = None
        self._in_word = False
        self._new_block = True
        self._chars = 0

    def take(self) -> list[PageText]:
        """Return the pages that have ended since the last call."""
        texts, self._texts = self._texts, []
        return texts

    def feed(self, data: str) -> None:
        """Parse more of the file."""
        with _refusing():
            super().feed(data)
        if len(self.rawdata) > self._limits.max_part_chars:
            raise PaperError(f"a tag of more than {self._limits.max_part_chars:,} characters")

    def close(self) -> None:
        """Parse what is left."""
        with _refusing():
            super().close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what an element is, if it is anything to hOCR."""
        if tag in _VOID:
            return
        given = dict(attrs)
        kind = next(filter(None, map(_KINDS.get, (given.get("class") or "").split())), "")
        self._open.append((tag, kind))
        if len(self._open) > _MAX_DEPTH:
            raise PaperError(f"HTML nested more than {_MAX_DEPTH} deep")
        if kind == "page":
            self._start_page()
        elif kind in {"block", "par", "line"}:
            self._end_line()
            # Paragraphs stand in their block in order; where there are no blocks, they are it.
            if kind == "block" or (kind == "par" and ("block" not in self._kinds())):
                self._new_block = True
            self._place = _place(given.get("title") or "") if kind == "line" else None
        elif kind == "word":
            self._end_word()
            self._in_word = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take no notice of an element without content."""

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those in it that were not."""
        if all(tag != opened for opened, _ in self._open):
            return
        while self._open:
            opened, kind = self._open.pop()
            if kind == "page":
                self.end_page()
            elif kind == "word":
                self._end_word()
            elif kind:
                self._end_line()
                self._new_block = self._new_block or kind == "block"
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take text within a page."""
        if self._blocks is None or (self._open and self._open[-1][0] in _SILENT):
            return
        if self._in_word:
            self._word.append(data.strip())
        else:
            self._words += data.split()
        self._chars += len(data)
        if self._chars > self._limits.max_part_chars:
            raise PaperError(f"a page of more than {self._limits.max_part_chars:,} characters")

    def end_page(self) -> None:
        """Keep what there is of a page."""
        if self._blocks is None:
            return
        self._end_line()
        self._texts.append(text_of_blocks(self._blocks))
        self._blocks = None

    def _end_word(self) -> None:
        """Keep the parts of a word as one. A line or a block that begins in it ends it too."""
        if self._in_word:
            self._words.append("".join(self._word))
        self._in_word = False
        self._word = []

    def _kinds(self) -> list[str]:
        return [kind for _, kind in self._open]

    def _start_page(self) -> None:
        self.end_page()
        self._pages += 1
        if self._pages > self._limits.max_parts:
            raise PaperError(f"more than {self._limits.max_parts:,} pages; the rest is not read")
        self._blocks = []
        self._new_block = True
        self._chars = 0

    def _end_line(self) -> None:
        """Keep the words since the last line as one."""
        self._end_word()
        text = spaced(word for word in self._words if word)
        place, self._place = self._place, None
        self._words = []
        if self._blocks is None or not text:
            return
        if self._new_block:
            self._blocks.append(Block())
            self._new_block = False
        self._blocks[-1].lines.append(make_line(text, place))


def _place(title: str) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom as the title of an element has them."""
    found = _BBOX.search(title)
    if not found:
        return None
    left, top, right, bottom = map(float, found.groups())
    return (left, top, right, bottom) if left < right and top < bottom else None


READER = Reader(read_hocr)
