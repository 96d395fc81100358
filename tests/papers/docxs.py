"""Word documents, written by hand: the parts of the package that a reader needs."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)


def paragraph(text: str, style: str = "") -> str:
    """Return a paragraph of one run, of a style by its id."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(*rows: list[str]) -> str:
    """Return a table of rows of cells, each given as the XML in it."""
    inside = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/>{inside}</w:tbl>"


def style(identity: str, name: str, *, based: str = "", outline: int | None = None) -> str:
    """Return the definition of a style of paragraphs."""
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    level = "" if outline is None else f'<w:pPr><w:outlineLvl w:val="{outline}"/></w:pPr>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f"{parent}{level}</w:style>"
    )


STYLES = style("Heading1", "heading 1", outline=0) + style("Heading2", "heading 2", outline=1)


def document(*body: str, styles: str = STYLES, start: str = "", folder: str = "word") -> bytes:
    """Return a document with a body given as XML; `start` comes before its root element."""
    parts = {
        "[Content_Types].xml": _TYPES.replace("/word/", f"/{folder}/"),
        "_rels/.rels": _relations(officeDocument=f"{folder}/document.xml"),
        f"{folder}/_rels/document.xml.rels": _relations(styles="styles.xml"),
        f"{folder}/document.xml": (
            f"{start}<w:document {W}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
        ),
        f"{folder}/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _relations(**targets: str) -> str:
    inside = "".join(
        f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'
