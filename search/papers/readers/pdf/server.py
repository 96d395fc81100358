"""What the child process of search.papers.readers.pdf.reader does: it is given files and answers with pages.

PDFium is native code that reads what strangers wrote. A file that makes it crash, hang or
take all memory must cost that file and no more, and a call into it cannot be interrupted.
So it runs in a process of its own (search.papers.readers.isolation.server), which may be killed at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from search.papers.readers.isolation.server import bound_memory, serve
from search.papers.readers.pdf.pdfium import PdfError, count_pages, opened, read_page

_MAX_MEMORY = 2 << 30


def answers(
    file: BinaryIO | OSError, first: int, last: int, max_chars: int
) -> Iterator[dict[str, Any]]:
    """Yield the number of pages of a file, then the pages from `first` to `last`, from 1.

    The file is open; or it is given as what went wrong when it came.
    """
    if isinstance(file, OSError):
        yield {"error": f"there is no space to unpack it: {file.strerror}"}
        return
    try:
        with opened(file) as document:
            count = count_pages(document)
            yield {"pages": count}
            for index in range(first - 1, min(count, last)):
                page = read_page(document, index, max_chars)
                yield {
                    "page": index + 1,
                    "text": page.text.text,
                    "levels": list(page.text.levels.items()),
                    "sizes": list(page.text.sizes.items()),
                    "fault": page.fault,
                    "aside": page.aside,
                    "private": page.private,
                }
    except PdfError as exc:
        yield {"error": str(exc)}
        return
    yield {"end": True}


def answer(request: dict[str, Any], file: BinaryIO | OSError | None) -> Iterator[dict[str, Any]]:
    """Answer a request of search.papers.readers.pdf.reader."""
    assert file is not None
    return answers(file, **request)


def main() -> None:
    """Answer requests until there are no more."""
    bound_memory(_MAX_MEMORY)
    serve(answer)
