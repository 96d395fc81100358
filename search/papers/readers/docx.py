"""The reader of Word documents (.docx, Office Open XML).

The paragraphs are the lines of a page, headings are Markdown headings, and a row of a table
is a line with tabs: a document may hold one article or the articles of a page. The package is
a ZIP file whose relationships name the document and its styles (ECMA-376, part 2). The text is
read from the XML itself: libraries for it leave out text boxes, content controls and tracked
insertions, and nothing that is printed is to be missed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader

if TYPE_CHECKING:
    from zipfile import ZipFile

_ZIP = b"PK\x03\x04"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""A second form of what stands beside it: a text box for older programs."""

_MAX_TAGS = 4_000_000
"""Tags, of beginnings and of ends, of the longest document: a thousand pages have a quarter."""

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-6])", re.IGNORECASE)
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}
_OTHERS = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK})
"""What is not printed: what a reviser took out, the codes of fields."""


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    from search.papers.pages.document import articles_of

    body, levels = _open(stream, limits)
    lines: list[str] = []
    _lines(body, levels, lines)
    lines = [line for line in lines if line.strip()]
    if sum(map(len, lines)) > limits.max_page_bytes:
        raise PaperError(
            f"more than {limits.max_page_bytes:,} characters of text in one document; split it"
        )
    markdown = any(line.startswith("#") for line in lines)
    text = _joined(lines) if markdown else "\n".join(lines)
    yield from articles_of(shown, [(None, text)], markdown=markdown, styled=True)


def _joined(lines: list[str]) -> str:
    """Join paragraphs by a blank line, and the rows of a table by none."""
    text = "".join(
        line + ("\n" if "\t" in line and "\t" in below else "\n\n")
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
    )
    return text.rstrip("\n")


def _open(stream: BinaryIO, limits: Limits) -> tuple[Any, dict[str, int]]:
    """Return the body of a document, and the level of each style that is a heading.

    Raises PaperError for what is no document, or too large, or needs a library.
    """
    head = stream.read(len(_ZIP))
    stream.seek(0)
    if not head:
        raise PaperError("the file is empty")
    if head != _ZIP:
        raise PaperError(
            "not a .docx document (an old .doc, or text?); open it in Word or LibreOffice and "
            "save it as .docx"
        )
    from search.papers.readers.html.tree import lxml_etree
    from search.papers.readers.zips import check_zip, open_zip

    lxml_etree("DOCX")
    with open_zip(stream) as archive:
        check_zip(archive, limits, document=True)
        package = _Package(archive, 8 * limits.max_page_bytes)
        main = package.related("", "officeDocument", "word/document.xml")
        body = package.part(main).find(f"{_W}body")
        if body is None:
            raise PaperError("the document has no text")
        styles = package.related(main, "styles", "word/styles.xml")
        return body, _levels(package.part(styles)) if styles in package.names else {}


class _Package:
    """The parts of a document: XML files, in relations to one another that are files too."""

    def __init__(self, archive: ZipFile, most: int) -> None:
        self._archive = archive
        self._most = most
        self.names = set(archive.namelist())
        for info in archive.infolist():
            if info.filename.endswith(".xml") and info.file_size > most:
                raise PaperError(
                    f"{info.file_size:,} bytes of text, more than the {most:,} read as one "
                    "document; split it"
                )
        if "[Content_Types].xml" not in self.names:
            raise PaperError("the document is damaged: it is not a Word package")

    def part(self, name: str) -> Any:
        """Return the root element of a part; raise PaperError where it cannot be read."""
        from search.papers.readers.zips import read_member

        try:
            return _parsed(read_member(self._archive, name, self._most), name)
        except PaperError as exc:
            raise PaperError(f"the document is damaged: {exc.message}") from exc

    def related(self, source: str, kind: str, usual: str) -> str:
        """Return the name of the part to which another is in a relation, or else the usual one.

        The source of the relations of the package itself is "".
        """
        folder, name = posixpath.split(source)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        for relation in self.part(relations) if relations in self.names else ():
            target = relation.get("Target")
            if target and (relation.get("Type") or "").endswith(f"/{kind}"):
                return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        return usual


def _parsed(data: bytes, name: str) -> Any:
    """Return the root of a part: no entities, nothing from outside, and not too much of it."""
    from search.papers.readers.html.tree import lxml_etree, refuse_many_attributes
    from search.papers.readers.zips import reason_of

    etree = lxml_etree("DOCX")
    if data.count(b"<") > _MAX_TAGS:
        raise PaperError(f"more than {_MAX_TAGS:,} tags in {name}; split the document")
    refuse_many_attributes(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise PaperError(f"{name}: {reason_of(exc)}") from exc


def _levels(styles: Any) -> dict[str, int]:
    """Return the level of each style that is a heading, or is made from one, by its id."""
    levels: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in styles.iter(f"{_W}style"):
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


def _lines(element: Any, levels: dict[str, int], lines: list[str]) -> None:
    """Add the lines in an element that holds paragraphs and tables.

    A document is at most 256 elements deep: the parser refuses others.
    """
    for child in element:
        if child.tag == f"{_W}p":
            _paragraph(child, levels, lines)
        elif child.tag == f"{_W}tr":
            cells: list[str] = []
            _cells(child, cells)
            lines.append("\t".join(cells))
        elif isinstance(child.tag, str) and child.tag not in _OTHERS:
            _lines(child, levels, lines)


def _cells(row: Any, cells: list[str]) -> None:
    """Add the cells of a row, past the elements that may be between them."""
    for child in row:
        if child.tag == f"{_W}tc":
            lines: list[str] = []
            _lines(child, {}, lines)
            cells.append(" ".join(lines).replace("\n", " "))
        elif child.tag != f"{_W}tr":
            _cells(child, cells)


def _paragraph(paragraph: Any, levels: dict[str, int], lines: list[str]) -> None:
    """Add the lines of a paragraph, then those of the text boxes that hang on it."""
    parts: list[str] = []
    boxes: list[Any] = []
    _gather(paragraph, parts, boxes)
    text = "".join(parts).strip(" \t\n")
    if text:
        level = _level(paragraph, levels)
        lines.append(f"{'#' * level} {' '.join(text.split())}" if level else text)
    for box in boxes:
        _lines(box, levels, lines)


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
