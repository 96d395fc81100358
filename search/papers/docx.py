"""The reader of Word documents (.docx, Office Open XML).

The paragraphs are the lines of a page, headings are Markdown headings, and a row of a table
is a line with tabs: a document may hold one article or the articles of a page. python-docx
opens the package and knows the styles; the text is read from the XML itself, because its
`Paragraph.text` leaves out text boxes, content controls and tracked insertions, and nothing
that is printed is to be missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from search.article import Article
from search.errors import PaperError
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader

_ZIP = b"PK\x03\x04"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""A second form of what stands beside it: a text box for older programs."""

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-6])", re.IGNORECASE)
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_OTHERS = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK})
"""What is not printed: what a reviser took out, the codes of fields."""


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    from search.papers.paged import articles_of

    document = _open(stream, limits)
    body = document.element.body
    levels = _levels(document)
    try:
        lines = [line for line in _lines(body, levels) if line.strip()]
    except RecursionError as exc:
        raise PaperError("nested too deep; save the document anew, or as text") from exc
    markdown = any(line.startswith("#") for line in lines)
    text = _joined(lines) if markdown else "\n".join(lines)
    yield from articles_of(shown, [(None, text)], markdown=markdown)


def _joined(lines: list[str]) -> str:
    """Join paragraphs by a blank line, and the rows of a table by none."""
    text = "".join(
        line + ("\n" if "\t" in line and "\t" in below else "\n\n")
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
    )
    return text.rstrip("\n")


def _open(stream: BinaryIO, limits: Limits) -> Any:
    """Return the document; raise PaperError for what is none, or too large, or needs a library."""
    head = stream.read(len(_ZIP))
    stream.seek(0)
    if not head:
        raise PaperError("the file is empty")
    if head != _ZIP:
        raise PaperError(
            "not a .docx document (an old .doc, or text?); open it in Word or LibreOffice and "
            "save it as .docx"
        )
    from search.papers.zips import check_zip, open_zip, reason_of

    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError as exc:
        raise PaperError("reading DOCX needs python-docx: pip install 'sou[docx]'") from exc
    with open_zip(stream) as archive:
        check_zip(archive, limits, document=True)
        for info in archive.infolist():
            if info.filename.endswith(".xml") and info.file_size > 8 * limits.max_page_bytes:
                raise PaperError(
                    f"{info.file_size:,} bytes of text, more than the "
                    f"{8 * limits.max_page_bytes:,} read as one document; divide it"
                )
    stream.seek(0)
    try:
        document = docx.Document(stream)
    except MemoryError:
        raise
    except PackageNotFoundError as exc:
        raise PaperError("the document is damaged") from exc
    except Exception as exc:  # what a broken package makes python-docx raise is not written down
        raise PaperError(f"the document is damaged: {reason_of(exc)}") from exc
    if document.element.body is None:
        raise PaperError("the document has no text")
    return document


def _levels(document: Any) -> dict[str, int]:
    """Return the level of each style that is a heading, or is made from one, by its id."""
    levels: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in document.styles.element.iter(f"{_W}style"):
        identity = style.get(f"{_W}styleId")
        if not identity:
            continue
        name = _value(style, "name") or ""
        outline = _value(style, "outlineLvl")
        match = _HEADING.match(name)
        if match:
            levels[identity] = int(match[1])
        elif name.lower() == "title":
            levels[identity] = 1
        elif outline and outline.isdigit() and int(outline) < 6:
            levels[identity] = int(outline) + 1
        parent = _value(style, "basedOn")
        if parent:
            based[identity] = parent
    for style in based:
        at, steps = style, 0
        while at not in levels and at in based and steps < 20:
            at, steps = based[at], steps + 1
        if at in levels:
            levels[style] = levels[at]
    return levels


def _value(element: Any, name: str) -> str | None:
    found = next(element.iter(_W + name), None)
    value = None if found is None else found.get(f"{_W}val")
    return value if isinstance(value, str) else None


def _lines(element: Any, levels: dict[str, int]) -> Iterator[str]:
    """Yield the lines in an element that holds paragraphs and tables."""
    for child in element:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, levels)
        elif child.tag == f"{_W}tr":
            cells = [
                " ".join(_lines(cell, {})) for cell in child.iter(f"{_W}tc") if _row(cell) is child
            ]
            yield "\t".join(cell.replace("\n", " ") for cell in cells)
        elif isinstance(child.tag, str) and child.tag not in _OTHERS:
            yield from _lines(child, levels)


def _row(cell: Any) -> Any:
    """Return the row a cell stands in, past the elements that may be between them."""
    row = cell.getparent()
    while row is not None and row.tag != f"{_W}tr":
        row = row.getparent()
    return row


def _paragraph(paragraph: Any, levels: dict[str, int]) -> Iterator[str]:
    """Yield the lines of a paragraph, then those of the text boxes that hang on it."""
    parts: list[str] = []
    boxes: list[Any] = []
    _gather(paragraph, parts, boxes)
    text = "".join(parts).strip(" \t\n")
    if text:
        level = _level(paragraph, levels)
        yield f"{'#' * level} {' '.join(text.split())}" if level else text
    for box in boxes:
        yield from _lines(box, levels)


def _gather(element: Any, parts: list[str], boxes: list[Any]) -> None:
    for child in element:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in _OTHERS:
            _gather(child, parts, boxes)


def _level(paragraph: Any, levels: dict[str, int]) -> int:
    """Return the level of a heading, by its own outline or its style; 0 for any other."""
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return 0
    outline = _value(properties, "outlineLvl")
    if outline and outline.isdigit() and int(outline) < 6:
        return int(outline) + 1
    return levels.get(_value(properties, "pStyle") or "", 0)


READER = Reader(_read)
