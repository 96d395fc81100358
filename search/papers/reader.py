"""What a reader of a file format is, and the limits it keeps to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from search.model.article import Article
from search.papers.problem import Problem


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at once, so that one strange file can't fill the memory.

    `max_page_bytes` is the size of the largest file that is read whole: a page, or a JSON
    list. `max_record_chars` is the length of the longest record, one line of JSON Lines or
    one row of CSV. Of a file of many pages (PDF, ALTO, hOCR), `max_parts` are read, and of
    these each that has at most `max_part_chars`; `max_seconds` is the time for the whole of
    it, `max_part_seconds` for each page.

    A reader in a process of its own gets `max_memory_bytes` of it; there `max_seconds` is for
    any file, or a second for each `min_bytes_per_second` of one so large that this is more,
    and `max_part_seconds` is how long it may tell nothing.

    Of an archive, `max_unpacked_bytes` may come out in all, `max_unpacked_ratio` times its own
    size (text packs to a tenth or a fiftieth; small ones may unpack to a page whatever they
    are), from `max_members` files, in archives at most `max_archive_depth` in one another.
    `max_document_bytes` is for a document that is a ZIP file inside (DOCX, EPUB).
    """

    max_page_bytes: int = 16 * 1024 * 1024
    max_record_chars: int = 4_000_000
    max_parts: int = 20_000
    max_part_chars: int = 500_000
    max_seconds: float = 1_800.0
    max_part_seconds: float = 60.0
    min_bytes_per_second: int = 100_000
    max_memory_bytes: int = 2 * 1024**3
    max_unpacked_bytes: int = 8 * 1024**3
    max_unpacked_ratio: int = 250
    max_members: int = 200_000
    max_archive_depth: int = 2
    max_document_bytes: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file that can be read without the rest: bytes `start` up to `end`.

    `line` is the number of its first line; the encoding is that of the whole file.
    """

    start: int
    end: int
    line: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Reader:
    """How a format is read; `formats` says which files are of it.

    `read` takes the path as shown to the user, the open file and the limits. It yields
    articles whose id is still empty, and problems, and raises PaperError when nothing in
    the file can be read.

    A format whose files can be read in pieces, by several processes, says how: `cut` takes
    the path, the open file and how many pieces are wanted, and returns them in order, or
    none where this file has to be read in one go; it raises PaperError as `read` does.
    `read_piece` is `read` for one of them; all the pieces together give what `read` gives,
    once they have passed `records.no_articles.without_foreign` together.
    """

    read: Callable[[str, BinaryIO, Limits], Iterator[Article | Problem]]
    cut: Callable[[str, BinaryIO, int], list[Piece]] | None = None
    read_piece: Callable[[str, BinaryIO, Limits, Piece], Iterator[Article | Problem]] | None = None


def load(name: str) -> Reader:
    """Return the reader of a module of search.papers.readers, which is imported now."""
    reader: Reader = import_module(f"search.papers.readers.{name}").READER
    return reader
