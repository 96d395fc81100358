"""The reader of ALTO, in which OCR programs describe pages of newspapers; versions 1 to 4.

https://www.loc.gov/standards/alto/: `Page` holds `TextBlock`s (at any depth), these
`TextLine`s, these a `String` for each word. The reading order is that of `ReadingOrder`
(4.3) where it is given, else by layout and `IDNEXT`. Any other XML file among the papers (METS,
settings) is somebody else's, and holds no articles.

The file is parsed as it is read, by Expat, which opens no other file and no connection. What
can make it costly is refused: entities that a file declares for itself ("billion laughs"),
one element of many megabytes, deep nesting (https://docs.python.org/3/library/xml.html).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO
from xml.parsers import expat

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.pages.document import PageText, in_time, numbered, read_pages
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader
from search.papers.readers.ocr.blocks import Block, make_line, text_of_blocks
from search.papers.readers.reading_order import spaced

_CHUNK = 1 << 16
_MAX_DEPTH = 100
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_KNOWN_TO_EXPAT = frozenset({"utf-8", "utf8", "utf-16", "iso-8859-1", "us-ascii"})


class _NotAlto(Exception):
    """The file is XML of another kind."""


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    problems: list[Problem] = []
    texts = _texts(shown, stream, limits, problems)
    yield from read_pages(shown, numbered(texts), problems)


def _texts(
    shown: str, stream: BinaryIO, limits: Limits, problems: list[Problem]
) -> Iterator[PageText]:
    """Yield the text of each page; add what ends the reading early to the problems."""
    alto = _Alto(limits)
    try:
        for chunk in in_time(_utf8(stream), limits):
            alto.feed(chunk)
            yield from alto.take()
        alto.feed(b"", last=True)
    except _NotAlto:
        return
    except expat.ExpatError as exc:
        if not alto.begun:
            return
        # Most often a file cut off: what was read of the page is worth having.
        alto.end_page()
        why = f"not well-formed XML: {expat.errors.messages[exc.code]}"
        problems.append(Problem(shown, why, exc.lineno))
    except PaperError as exc:
        problems.append(Problem(shown, exc.message, alto.line))
    yield from alto.take()


def _utf8(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a file in chunks, recoded if it is in an encoding Expat does not know (GB, Big5)."""
    import codecs

    chunk = stream.read(_CHUNK)
    declared = _ENCODING.match(chunk.lstrip())
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in _KNOWN_TO_EXPAT:
        while chunk:
            yield chunk
            chunk = stream.read(_CHUNK)
        return
    if name.startswith("gb"):
        name = "gb18030"
    try:
        with suppress(UnicodeDecodeError):
            b"<".decode(name)  # a LookupError for zlib, hex and the like, which are codecs too
        decoder = codecs.getincrementaldecoder(name)()
        while chunk:
            text = decoder.decode(chunk)
            if declared:
                text = text.replace(declared[1].decode("ascii"), "utf-8", 1)
                declared = None
            yield text.encode()
            chunk = stream.read(_CHUNK)
    except LookupError:
        raise PaperError(f"XML in an unknown encoding: {name}") from None
    except UnicodeDecodeError as exc:
        if not isinstance(exc.object, bytes):  # some of Python's codecs
            raise PaperError(f"not readable as {name.upper()}") from exc
        raise PaperError(
            f"looks like {name.upper()}, but {exc.object[exc.start]:#x} is not"
        ) from exc


class _Alto:
    """A parser that gathers the text of pages."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        self.begun = False
        self._fed = 0
        self._depth = 0
        self._texts: list[PageText] = []
        self._pages = 0
        self._order: dict[str, int] = {}
        self._within: list[str] = []
        self._blocks: list[Block] | None = None
        self._block: Block | None = None
        self._line: _Line | None = None
        self._chars = 0
        self._whole_word = ""

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Parse more of the file."""
        try:
            self._parser.Parse(data, last)
        except ValueError as exc:  # of the library: "multi-byte encodings are not supported"
            raise PaperError(f"not readable as ALTO: {exc}") from exc
        self._fed += len(data)
        if self._fed - self._parser.CurrentByteIndex > self._limits.max_page_bytes:
            raise PaperError(f"an element of more than {self._limits.max_page_bytes:,} bytes")

    def take(self) -> list[PageText]:
        """Return the pages that have ended since the last call."""
        texts, self._texts = self._texts, []
        return texts

    @property
    def line(self) -> int:
        """The line of the file that is being parsed."""
        return self._parser.CurrentLineNumber

    def end_page(self) -> None:
        """Keep what there is of a page."""
        if self._blocks is None:
            return
        if self._line:
            self._end_line()
        self._texts.append(text_of_blocks(self._blocks, self._order))
        self._blocks = self._block = self._line = None

    def _doctype(self, name: str, *_: object) -> None:
        if name.rpartition(":")[2].lower() != "alto":
            raise _NotAlto

    def _entity(self, *_: object) -> None:
        raise PaperError("XML that declares entities is not read: they can grow without limit")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if not self._depth:
            if name.lower() != "alto":
                raise _NotAlto
            self.begun = True
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise PaperError(f"XML nested more than {_MAX_DEPTH} deep")
        if name == "ElementRef":
            for reference in attributes.get("REF", "").split():
                self._order.setdefault(reference, len(self._order))
        elif name == "Page":
            self._start_page()
        elif self._blocks is not None:
            self._start_in_page(name, attributes)

    def _start_page(self) -> None:
        self._pages += 1
        if self._pages > self._limits.max_parts:
            raise PaperError(f"more than {self._limits.max_parts:,} pages; the rest is not read")
        self._blocks = []
        self._chars = 0
        self._whole_word = ""

    def _start_in_page(self, name: str, attributes: dict[str, str]) -> None:
        if name == "ComposedBlock":
            self._within.append(attributes.get("ID", ""))
        elif name == "TextBlock":
            self._block = self._new_block((attributes.get("ID", ""), *self._within))
            self._block.next = attributes.get("IDNEXT", "")
        elif name == "TextLine":
            self._line = _Line(_place(attributes))
            if self._block and "ID" in attributes:
                self._block.names += (attributes["ID"],)
        elif self._line is not None:
            if name == "String":
                self._word(attributes, self._line)
            elif name == "SP":
                self._line.pieces.append(" ")
            elif name == "HYP" and not self._whole_word:
                self._line.hyphen(attributes.get("CONTENT", ""))

    def _new_block(self, names: tuple[str, ...] = ()) -> Block:
        assert self._blocks is not None
        block = Block(names)
        self._blocks.append(block)
        return block

    def _word(self, attributes: dict[str, str], line: _Line) -> None:
        """Take a word; one that is broken is taken whole where it begins."""
        content = attributes.get("CONTENT", "")
        whole = attributes.get("SUBS_CONTENT", "")
        kind = attributes.get("SUBS_TYPE", "")
        if kind == "HypPart1" and whole:
            self._whole_word = content = whole
        elif kind == "HypPart2" and whole and whole == self._whole_word:
            self._whole_word = ""
            return
        else:
            self._whole_word = ""
        self._chars += len(content) + 1
        if self._chars > self._limits.max_part_chars:
            raise PaperError(f"a page of more than {self._limits.max_part_chars:,} characters")
        line.words += 1
        line.pieces.append(content)
        line.widen(_place(attributes))

    def _end(self, tag: str) -> None:
        self._depth -= 1
        name = tag.rpartition(" ")[2]
        if name == "TextLine" and self._line is not None:
            self._end_line()
        elif name == "TextBlock":
            self._block = None
        elif name == "ComposedBlock" and self._within:
            self._within.pop()
        elif name == "Page":
            self.end_page()

    def _end_line(self) -> None:
        line, self._line = self._line, None
        assert line is not None
        assert self._blocks is not None
        text = line.text()
        if text:
            (self._block or self._new_block()).lines.append(make_line(text, line.place))


Place = tuple[float, float, float, float]


class _Line:
    """A line in the making."""

    def __init__(self, place: Place | None) -> None:
        self.place = place
        self.pieces: list[str] = []
        self.words = 0
        self._given = place is not None

    def widen(self, place: Place | None) -> None:
        """Have the line, if it has no place of its own, enclose that of a word."""
        if self._given or place is None:
            return
        if self.place is None:
            self.place = place
        else:
            ours, theirs = self.place, place
            self.place = (
                min(ours[0], theirs[0]),
                min(ours[1], theirs[1]),
                max(ours[2], theirs[2]),
                max(ours[3], theirs[3]),
            )

    def hyphen(self, sign: str) -> None:
        """Put the sign that breaks a word behind it."""
        if self.pieces:
            self.pieces[-1] += sign

    def text(self) -> str:
        """Return the words, with spaces where the file has them, or between all if nowhere."""
        if " " in self.pieces:
            return spaced("".join(self.pieces).split())
        return spaced(piece for piece in self.pieces if piece)


def _place(attributes: dict[str, str]) -> Place | None:
    """Return left, top, right and bottom, or None where they are not all given."""
    try:
        left, top, width, height = (
            float(attributes[key]) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT")
        )
    except (KeyError, ValueError):
        return None
    if not all(map(math.isfinite, (left, top, width, height))) or width <= 0 or height <= 0:
        return None
    return left, top, left + width, top + height


READER = Reader(_read)
