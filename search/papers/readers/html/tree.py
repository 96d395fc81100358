"""From the bytes of a web page to its tree, under limits.

The parser is libxml2's, through lxml: it takes whatever a browser takes, in linear time, and
stops at a depth of 2,048. (The parsers of HTML 5 that were tried, lexbor's, need minutes for
100,000 nested elements.) A page is decoded here, not there: libxml2 replaces what does not
fit the encoding named by the page, and a replaced character is a lost one.
"""

from __future__ import annotations

import re
from typing import Any

from search.model.errors import PaperError
from search.papers.encodings.decode import decode

Element = Any
"""An element of lxml, which has no types."""

_HEAD = 4096
"""Bytes in which the encoding is named. Browsers look at 1,024; saved pages begin with more."""

_MAX_TAGS = 1_000_000
"""Tags of the largest page that is parsed: each takes 200 bytes of memory or more."""

_MAX_ATTRIBUTES = 10_000
"""Attributes of one element: libxml2 compares each with all before it."""

_TOO_FEW = 100_000
"""Bytes of a page that cannot hold enough attributes to matter."""

# A tag as libxml2 reads it: a quote opens a value only behind an equals sign.
_ATTRIBUTE = rb"""[\s/]++[^\s=>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']*+))?+"""
_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+((?:" + _ATTRIBUTE + rb")*+)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)

_DECLARED = (
    re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE),
    re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE),
)


def parse(data: bytes, charset: str | None = None, what: str = "HTML") -> Element | None:
    """Return the root of a page, None if there is nothing in it; `charset` comes before its own.

    Raises PaperError where it is nested too deep, is no text, or lxml is missing.
    """
    etree = lxml_etree(what)
    if data.count(b"<") > _MAX_TAGS:
        raise PaperError(f"more than {_MAX_TAGS:,} tags on one page; split it into smaller ones")
    text = text_of(data, charset)
    # As bytes: lxml refuses text with an XML declaration.
    plain = text.replace("\x00", "\ufffd").encode("utf-8", "replace")
    refuse_many_attributes(plain)
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(plain, parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError as exc:
        if "empty" in str(exc).lower() or not text.strip():
            return None
        raise PaperError(f"not readable as {what}: {exc}") from exc
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise PaperError(
            "HTML nested more than 2,048 deep; open it in a browser and save it as text"
        )
    return root


def refuse_many_attributes(data: bytes) -> None:
    """Raise PaperError for a page of HTML or XML with an element of very many attributes."""
    if len(data) < _TOO_FEW:
        return
    for tag in _TAG.finditer(data):
        start, end = tag.span(1)
        if end - start > 2 * _MAX_ATTRIBUTES:
            count = sum(1 for _ in _ATTRIBUTES.finditer(data, start, end))
            if count > _MAX_ATTRIBUTES:
                raise PaperError(f"more than {_MAX_ATTRIBUTES:,} attributes on one element")


def text_of(data: bytes, charset: str | None = None) -> str:
    """Return the text of a page by its mark, the charset given or declared, or its bytes."""
    return decode(data, charset or declared(data)).text


def declared(data: bytes) -> str | None:
    """Return the encoding a page names in its XML declaration or a `meta` element."""
    head = data[:_HEAD]
    for form in _DECLARED:
        match = form.search(head)
        if match:
            return match[1].decode("ascii", "replace")
    return None


def lxml_etree(what: str) -> Any:
    """Return lxml.etree; raise PaperError naming the extra that reads `what` if it is missing."""
    try:
        from lxml import etree
    except ImportError as exc:
        raise PaperError(f"reading {what} needs lxml: pip install 'sou[{what.lower()}]'") from exc
    return etree
