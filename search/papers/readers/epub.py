"""The reader of books (EPUB): each chapter, in the order of reading, is a part.

An EPUB is a ZIP file of XHTML pages; the package document names them in the order of reading
(EPUB 3.3, 5.7 and 6). They are read as web pages are, without a search for their main text:
a book has no menus. ebooklib reads no more of it and is under the AGPL, which sou is not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote

from search.model.article import Article
from search.model.errors import PaperError
from search.model.frozen import replace
from search.papers.observer import show
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader
from search.papers.readers.isolation.heartbeat import alive

_CONTAINER = "META-INF/container.xml"
_MAX_XML = 4 * 1024 * 1024
"""Bytes of the longest package document."""

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


@dataclass(frozen=True, slots=True)
class _Book:
    """What a package document says: the chapters in order, and what the book is."""

    chapters: list[str]
    title: str | None
    date: str | None
    authors: tuple[str, ...]


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    from search.papers.readers.html.metadata import Said
    from search.papers.readers.html.page import articles_of_chapter
    from search.papers.readers.html.tree import lxml_etree, parse
    from search.papers.readers.zips import check_zip, open_zip, read_member

    lxml_etree("EPUB")
    with open_zip(stream) as archive:
        check_zip(archive, limits, document=True)
        try:
            book = _book(archive)
        except UnicodeDecodeError as exc:  # lxml lets halves of characters into its trees
            raise PaperError("it is damaged: its XML contains what is not text") from exc
        for chapter in book.chapters:
            alive()
            try:
                data = read_member(archive, chapter, limits.max_page_bytes)
                root = parse(data, what="EPUB")
            except PaperError as exc:
                yield Problem(shown, f"{chapter}: {exc.message}")
                continue
            if root is None:
                continue
            show([f"{chapter}:"])
            said = Said(date=book.date, paper=book.title, authors=book.authors)
            try:
                for article in articles_of_chapter(root, said, shown, PurePosixPath(chapter).stem):
                    yield replace(article, part=chapter)
            except UnicodeDecodeError:
                yield Problem(shown, f"{chapter}: it contains what is not text")


def _book(archive: Any) -> _Book:
    """Return what the package document of a book says; raise PaperError where there is none."""
    container = _xml(archive, _CONTAINER)
    place = next(
        (e.get("full-path") for e in _all(container, "rootfile") if e.get("full-path")), None
    )
    if not place:
        raise PaperError("it is damaged: its container names no package document")
    package = _xml(archive, place)
    folder = posixpath.dirname(place)
    pages = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        for item in _all(package, "item")
        if item.get("media-type") in _PAGES and "nav" not in (item.get("properties") or "").split()
    }
    spine = [pages.get(item.get("idref")) for item in _all(package, "itemref")]
    from search.dates.printed import parse_date

    date = next((parse_date(text) for text in _texts(package, "date")), None)
    return _Book(
        list(dict.fromkeys(chapter for chapter in spine if chapter)),
        next(iter(_texts(package, "title")), None),
        date,
        tuple(dict.fromkeys(_texts(package, "creator"))),
    )


def _xml(archive: Any, name: str) -> Any:
    """Return the root of an XML member: no entities, nothing from outside."""
    from search.papers.readers.html.tree import lxml_etree, refuse_many_attributes
    from search.papers.readers.zips import read_member, reason_of

    etree = lxml_etree("EPUB")
    data = read_member(archive, name, _MAX_XML)
    refuse_many_attributes(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise PaperError(f"it is damaged: {name}: {reason_of(exc)}") from exc
    if root is None:
        raise PaperError(f"it is damaged: {name} is not XML")
    return root


def _all(root: Any, name: str) -> Iterator[Any]:
    """Yield the elements of a name, in whatever namespace."""
    return iter(root.iter(f"{{*}}{name}", name))


def _texts(root: Any, name: str) -> list[str]:
    return [" ".join(e.text.split()) for e in _all(root, name) if e.text and e.text.strip()]


READER = Reader(_read)
