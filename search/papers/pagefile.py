"""The reader of pages: text and Markdown files that hold the articles of one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from search.article import Article
from search.errors import PaperError
from search.papers.dates import date_of_path
from search.papers.decode import decode
from search.papers.pages import split
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
        f"the file has {size:,} bytes, more than the {limits.max_page_bytes:,} read as one page; "
        "divide it into smaller files"
    )


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    decoded = decode(read_whole(stream, limits))
    if decoded.complaint:
        yield Problem(shown, decoded.complaint, decoded.broken_line, lost=False)
    name = PurePosixPath(shown)
    page = split(decoded.text, markdown=name.suffix.lower() in _MARKDOWN, stem=name.stem)
    date = page.date or date_of_path(shown)
    for piece in page.pieces:
        yield Article(
            id="",
            title=piece.title,
            body=piece.body,
            path=shown,
            line=piece.line,
            end_line=piece.end_line,
            body_line=piece.body_line,
            date=date,
            paper=page.paper,
            authors=piece.authors,
            section=piece.section,
        )


READER = Reader(frozenset({".txt"}) | _MARKDOWN, _read)
