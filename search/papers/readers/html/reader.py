"""The reader of saved web pages: HTML, XHTML, and MHTML, in which a browser saves all of one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from search.model.article import Article
from search.model.errors import PaperError
from search.model.path_spelling import shown as readable
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader
from search.papers.readers.ocr.hocr import is_hocr, read_hocr
from search.papers.readers.text import read_whole

_MAX_HEADER = 10_000
"""Characters of the longest header: the library reads its parameters in quadratic time."""

_CONTENT_TYPE = re.compile(
    rb"^content-type\s*:.*+(?:[\r\n]++[ \t].*+)*+", re.IGNORECASE | re.MULTILINE
)
_MHTML = frozenset({".mhtml", ".mht"})


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    from search.papers.pages.document import articles_of
    from search.papers.readers.html.metadata import read_metadata
    from search.papers.readers.html.page import articles_of_page
    from search.papers.readers.html.preformatted import preformatted
    from search.papers.readers.html.tree import parse

    data = read_whole(stream, limits)
    name = PurePosixPath(shown)
    charset = None
    if name.suffix.lower() in _MHTML:
        data, charset = _page_of(data)
    if is_hocr(data):
        yield from read_hocr(shown, io.BytesIO(data), limits)
        return
    root = parse(data, charset)
    if root is None:
        return
    pages = preformatted(root, read_metadata(root))
    if pages:
        yield from articles_of(shown, pages)
    else:
        yield from articles_of_page(root, shown, readable(name.stem))


def _page_of(data: bytes) -> tuple[bytes, str | None]:
    """Return the page in a web archive (RFC 2557), and its encoding if that is given."""
    import email
    import email.policy

    if any(len(header[0]) > _MAX_HEADER for header in _CONTENT_TYPE.finditer(data)):
        raise PaperError(f"a header of more than {_MAX_HEADER:,} characters in this web archive")
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
                page = part.get_payload(decode=True)
                if isinstance(page, bytes):
                    return page, part.get_content_charset()
    except RecursionError as exc:
        raise PaperError("parts nested too deep in this web archive") from exc
    raise PaperError("this web archive holds no HTML page; save the page as HTML")


READER = Reader(_read)
