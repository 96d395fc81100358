"""The reader of pages: text and Markdown files that hold the articles of a page or of several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.encodings.decode import decode
from search.papers.pages.document import articles_of
from search.papers.pages.page_breaks import is_marked_up, text_pages
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader

_MARKDOWN = frozenset({".md", ".markdown"})


def read_whole(stream: BinaryIO, limits: Limits) -> bytes:
    """Return the bytes of a file that has to be read at once; raise PaperError if it is too large."""
    data = stream.read(limits.max_page_bytes + 1)
    if len(data) <= limits.max_page_bytes:
        return data
    size = stream.seek(0, 2)
    raise PaperError(
        f"the file has {size:,} bytes, more than the limit of {limits.max_page_bytes:,} for one page; "
        "split it into smaller files"
    )


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    decoded = decode(read_whole(stream, limits))
    if decoded.complaint:
        yield Problem(shown, decoded.complaint, decoded.broken_line, lost=False)
    markdown = is_marked_up(decoded.text, markdown=is_markdown(shown))
    yield from articles_of(shown, text_pages(decoded.text, markdown=markdown), markdown=markdown)


def is_markdown(name: str) -> bool:
    """Return whether a file of this name is Markdown."""
    return PurePosixPath(name).suffix.lower() in _MARKDOWN


def is_page(name: str) -> bool:
    """Return whether a file of this name is a page of text or Markdown."""
    return is_markdown(name) or PurePosixPath(name).suffix.lower() == ".txt"


READER = Reader(_read)
