"""Pages of PDF files as text, by PDFium: the only module that knows the library."""

from __future__ import annotations

import ctypes
import math
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from search.papers.pages.document import PageText
from search.papers.readers.ocr.layout import has_headlines, laid_out
from search.papers.readers.pdf.glyphs import Glyph, lines_of, with_spread_joined
from search.papers.readers.pdf.left_out import LeftOut
from search.papers.readers.reading_order import joined, page_text, parted, reading_order, rows

_FEW = 50
"""Characters that a scanner or a library stamps on a picture; a page of text has more."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Cn"})
_ASLANT = math.radians(10)
"""How far a character leans from the others if it is of a watermark or a note at the side."""

_PASSWORD, _SECURITY = 4, 5
_SPACES = frozenset({0x09, 0x20, 0xA0, 0x3000})
_NO_WIDTH = 0.01
_MAX_THINGS = 100_000
_MAX_NESTED = 8
_MAX_FRAMES = 100


_NO_TEXT = PageText("")


class PdfError(Exception):
    """A file that cannot be read at all; the message is the reason."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page: its text, and what is wrong with it: `scan`, `unmapped`, `long`, `damaged` or ``.

    `aside` is text that runs another way than the page: a watermark, a note at the side.
    `private` counts characters that only the font of the file knows (of a private use area).
    """

    text: PageText
    fault: str = ""
    aside: str = ""
    private: int = 0


def count_pages(document: Any) -> int:
    """Return the number of pages of an open document."""
    import pypdfium2.raw as pdfium

    return int(pdfium.FPDF_GetPageCount(document))


@contextmanager
def opened(file: BinaryIO) -> Iterator[Any]:
    """Open a document that is given as an open file; raise PdfError if it is none."""
    import pypdfium2.raw as pdfium

    access = _access(file)  # has to live as long as the document, which reads through it
    document = pdfium.FPDF_LoadCustomDocument(access, None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        if error in {_PASSWORD, _SECURITY}:
            raise PdfError("the PDF is encrypted; save a copy that opens without a password")
        raise PdfError("not a readable PDF: damaged, cut off, or of another kind")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _access(file: BinaryIO) -> Any:
    """Return what PDFium reads an open file through (FPDF_FILEACCESS of fpdfview.h)."""
    import pypdfium2.raw as pdfium

    def get_block(_: object, position: int, buffer: Any, size: int) -> int:
        file.seek(position)
        data = file.read(size)
        ctypes.memmove(buffer, data, len(data))
        return int(len(data) == size)

    get = dict(pdfium.FPDF_FILEACCESS._fields_)["m_GetBlock"](get_block)
    return pdfium.FPDF_FILEACCESS(m_FileLen=file.seek(0, os.SEEK_END), m_GetBlock=get)


def read_page(document: Any, index: int, max_chars: int) -> PdfPage:
    """Return a page of a document, the first having index 0."""
    import pypdfium2.raw as pdfium

    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return PdfPage(_NO_TEXT, "damaged")
    try:
        left_out = _give_width(page)
        chars = pdfium.FPDFText_LoadPage(page)
        if not chars:
            return PdfPage(_NO_TEXT, "damaged")
        try:
            if pdfium.FPDFText_CountChars(chars) > max_chars:
                return PdfPage(_NO_TEXT, "long")
            glyphs, others, unknown = _glyphs(chars, left_out)
        finally:
            pdfium.FPDFText_ClosePage(chars)
        private = sum(_is_private(glyph.text) for glyph in chain(glyphs, others))
        if unknown + private > len(glyphs) + len(others) - private:
            return PdfPage(_NO_TEXT, "unmapped")
        count = len(glyphs) + len(others)
        scan = count < _FEW and _is_picture(page, any_ink=not count)
        fault = "scan" if scan else ""
        return PdfPage(text_of_glyphs(glyphs), fault, _in_turn(others), private)
    finally:
        pdfium.FPDF_ClosePage(page)


def text_of_glyphs(glyphs: list[Glyph]) -> PageText:
    """Return the text of a page in reading order, and which lines are headlines by their type."""
    boxes, _ = lines_of(glyphs)
    lines = with_spread_joined(boxes)
    if has_headlines(lines):
        return page_text(laid_out([line] for line in lines))
    return page_text([joined(row) for row in rows(group)] for group in reading_order(boxes))


def _in_turn(glyphs: list[Glyph]) -> str:
    """Return glyphs that stand at other angles than the page in the order they are drawn."""
    text = ""
    before: Glyph | None = None
    for glyph in glyphs:
        if before:
            far = max(abs(glyph.middle - before.middle), abs(glyph.centre - before.centre))
            if far > 2 * max(glyph.size, before.size):
                text += "\n"
            elif glyph.spaced and parted(before.text, glyph.text):
                text += " "
        text += glyph.text
        before = glyph
    return text


def _is_private(text: str) -> bool:
    return unicodedata.category(text[0]) == "Co"


def _glyphs(chars: Any, left_out: LeftOut) -> tuple[list[Glyph], list[Glyph], int]:
    """Return the characters of a page: those that stand as most do, and the others.

    The third value is how many there are of which the font does not tell what they are. The
    page is turned so that most characters stand upright: not all scanners turn it. What was
    `left_out` is where it was, as what it repeats.
    """
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(chars)
    rotation = _direction(chars, count)
    rectangle, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    # Looked up once: this runs for every character of an archive.
    box_of, origin_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
    place, at_x, at_y = ctypes.byref(rectangle), ctypes.byref(x), ctypes.byref(y)
    glyphs: list[Glyph] = []
    others: list[Glyph] = []
    by_number: dict[int, Glyph] = {}
    matrix = pdfium.FS_MATRIX()
    matrix_of, turn = pdfium.FPDFText_GetMatrix, ctypes.byref(matrix)
    upright = rotation * math.pi / 2
    unknown = 0
    height = size = -1.0
    for index, text, spaced in _characters(chars, count):
        if not text:
            unknown += 1
            continue
        if not box_of(chars, index, place):
            continue
        left, top, right, bottom = _shown(rectangle, rotation)
        if matrix_of(chars, index, turn) and _leans(matrix.a, matrix.b, upright):
            others.append(Glyph(text, left, top, right, bottom, _size(chars, index), spaced))
            continue
        if bottom - top != height:
            height = bottom - top
            size = _size(chars, index) or height
        origin_of(chars, index, at_x, at_y)
        start, base = _turned(x.value, y.value, rotation)
        if base > (top + bottom) / 2:
            # Set across. The box reaches back over the character before, and its height is
            # that of the font: the point on the base line is what lines have in common.
            left, top, bottom = min(start, right), base - 0.88 * size, base + 0.12 * size
        glyphs.append(Glyph(text, left, top, right, bottom, size, spaced))
        if left_out:
            by_number[index] = glyphs[-1]
    for numbers, right_by, up_by in _left_out(chars, left_out):
        x_by, y_by = _turned(right_by, up_by, rotation)
        glyphs += [by_number[number].moved(x_by, y_by) for number in numbers if number in by_number]
    return glyphs, others, unknown


def _left_out(chars: Any, texts: LeftOut) -> list[tuple[list[int], float, float]]:
    """Return what PDFium left out of a page, as `LeftOut.found` does."""
    import pypdfium2.raw as pdfium

    if not texts:
        return []
    text_of = pdfium.FPDFText_GetTextObject
    own: dict[int, list[int]] = {}
    for index in range(pdfium.FPDFText_CountChars(chars)):
        if text := text_of(chars, index):
            own.setdefault(ctypes.addressof(text.contents), []).append(index)
    return texts.found(own, {text: _size(chars, numbers[0]) for text, numbers in own.items()})


def _leans(a: float, b: float, upright: float) -> bool:
    """Return whether the base line of a character runs in another direction."""
    if not (a or b):
        return False
    angle = math.atan2(b, a) - upright
    return abs(math.remainder(angle, 2 * math.pi)) > _ASLANT


def _characters(chars: Any, count: int) -> Iterator[tuple[int, str, bool]]:
    """Yield the number of each character, its text, and whether a space comes before it.

    The text is empty where the font does not tell the character.
    """
    import pypdfium2.raw as pdfium

    unicode_of = pdfium.FPDFText_GetUnicode
    spaced = False
    high = 0
    for index in range(count):
        code = unicode_of(chars, index)
        if code in _SPACES:
            spaced = True
        elif code == 0:
            yield index, "", False
        elif code == 2:  # how PDFium tells a hyphen at the end of a line
            yield index, "-", spaced
            spaced = False
        elif 0xD800 <= code < 0xDC00:
            high = code
        elif code > 0x20:
            if high and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            high = 0
            yield index, _character(code), spaced
            spaced = False


def _give_width(page: Any) -> LeftOut:
    """Make characters readable that PDFium would pass over; return the places of all texts.

    PDFium leaves out text without width. A string of one character has none if its font
    is neither in the file nor on this computer, as is common with Chinese PDFs. An outline
    gives it some, and moving it by nothing has that seen. Nothing is written to the file.
    """
    import pypdfium2.raw as pdfium

    here = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    texts = LeftOut()
    for thing in _things(page):
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
        x, y = left.value, bottom.value
        texts.meet(ctypes.addressof(thing.contents), x, y, right.value - x, top.value - y)
        if right.value - left.value < _NO_WIDTH:
            if pdfium.FPDFTextObj_GetTextRenderMode(thing) == pdfium.FPDF_TEXTRENDERMODE_CLIP:
                continue
            pdfium.FPDFTextObj_SetTextRenderMode(thing, pdfium.FPDF_TEXTRENDERMODE_STROKE)
            pdfium.FPDFPageObj_SetStrokeWidth(thing, 1.0)
            pdfium.FPDFPageObj_TransformF(thing, here)
    return texts


def _things(page: Any) -> Iterator[Any]:
    """Yield the objects of a page, those inside of others too."""
    import pypdfium2.raw as pdfium

    todo = [
        (pdfium.FPDFPage_GetObject(page, index), 0)
        for index in range(min(pdfium.FPDFPage_CountObjects(page), _MAX_THINGS))
    ]
    seen = len(todo)
    while todo:
        thing, depth = todo.pop()
        yield thing
        if depth == _MAX_NESTED or pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_FORM:
            continue
        count = max(0, min(pdfium.FPDFFormObj_CountObjects(thing), _MAX_THINGS - seen))
        seen += count
        todo += [(pdfium.FPDFFormObj_GetObject(thing, index), depth + 1) for index in range(count)]


def _character(code: int) -> str:
    """Return the text of a code, empty where that is no character.

    PDF fonts of Chinese systems often name the radical instead of the character (⽇ for 日):
    the same outline, and a text that nobody can search.
    """
    if code < 0x2E80:
        return "" if unicodedata.category(chr(code)) in _DROPPED else chr(code)
    if 0x2E80 <= code < 0x2FE0:
        return unicodedata.normalize("NFKC", chr(code))
    if code > 0x10FFFF or code == 0xFFFD:
        return ""
    if 0xD800 <= code < 0xF900 or code >= 0xFE00:
        return "" if unicodedata.category(chr(code)) in _DROPPED else chr(code)
    return chr(code)


def _direction(chars: Any, count: int) -> int:
    """Return the quarter turns, counter-clockwise, that most characters have on the page."""
    import pypdfium2.raw as pdfium

    turns = [0, 0, 0, 0]
    matrix = pdfium.FS_MATRIX()
    for index in range(0, count, max(1, count // 40)):
        if pdfium.FPDFText_GetMatrix(chars, index, matrix) and (matrix.a or matrix.b):
            turns[round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4] += 1
    return turns.index(max(turns))


def _turned(x: float, y: float, rotation: int) -> tuple[float, float]:
    """Return a point, its second number growing up, as right and down on the page as shown."""
    if rotation == 1:
        return y, x
    if rotation == 2:
        return -x, y
    if rotation == 3:
        return -y, -x
    return x, -y


def _shown(rectangle: Any, rotation: int) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a rectangle on the page as shown."""
    one = _turned(rectangle.left, rectangle.top, rotation)
    other = _turned(rectangle.right, rectangle.bottom, rotation)
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return left, top, right, bottom


def _size(chars: Any, index: int) -> float:
    """Return the size of the type a character is set in."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(chars, index))
    if not pdfium.FPDFText_GetMatrix(chars, index, matrix):
        return size
    scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    return abs(size * scale)


def _is_picture(page: Any, *, any_ink: bool) -> bool:
    """Return whether pictures cover most of a page, or, with `any_ink`, whether there is any."""
    import pypdfium2.raw as pdfium

    paths = 0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    whole = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    for thing in _things(page):
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            if any_ink:
                return True
            pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
            if (right.value - left.value) * (top.value - bottom.value) > 0.5 * whole:
                return True
    # Letters drawn as outlines; a few paths are rules and frames.
    return any_ink and paths > _MAX_FRAMES
