"""The list of the papers that are in an index, and what is remembered of each.

JSON in which each paper has a line to itself, so that a reader looks at some before it reads
more. Anybody may have written the list of an index that came from elsewhere: each value is
looked at where it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from search.model.frozen import fields, frozen
from search.storage.relative_paths import leads_out
from search.system.checksums import NUMBERS, Wrong, is_number, is_path, table_of
from search.system.files import parse_json

MOST_BYTES_A_FILE = 64 << 20
"""Of what is remembered of a file: some hundred thousand problems."""


@frozen
class FileRecord:
    """What is remembered of a paper: if size and times are the same, it is unchanged.

    Times are in nanoseconds. `digest` is empty when the file was not at rest while it was
    read, so that the next update reads it again. `problems` are lines and reasons,
    and whether something was lost. `reading` is the version of the rules by which it was read
    (its version), 1 where none is told. `pages` is how many records of pages were read of it,
    None for a paper that was read before there were any. `corrected` tells the file of
    corrections that it was read with from others; it is empty where there was none.
    """

    shown: str
    size: int
    mtime: int
    ctime: int
    digest: str
    articles: int
    problems: Sequence[tuple[int | None, str, bool]] = ()
    reading: int = 1
    pages: int | None = None
    corrected: str = ""


def lines(files: dict[str, FileRecord]) -> Iterator[bytes]:
    """Yield the list, a line at a time.

    What is no index of ours takes no more memory than some lines do.
    """
    yield b"{"
    between = ""
    for path, known in files.items():
        told = list(fields(known).values())
        # An index without corrections is as it always was.
        values = json.dumps(told if known.corrected else told[:-1])
        yield f"{between}\n{json.dumps(path)}: {values}".encode("ascii")
        between = ","
    yield b"\n}\n"


def records(blocks: Iterable[bytes]) -> Iterator[tuple[str, FileRecord]]:
    """Yield the papers that a list tells of; whole lines are taken as they are read.

    Raises ValueError for what is no list of ours.
    """
    text = b""
    begun = opened = False
    for block in blocks:
        text += block
        if not opened and len(text) > 1:
            if text[:2] != b"{\n":
                raise Wrong("it does not begin as it should")
            text, opened = text[2:], True
        end = text.rfind(b",\n")
        if end >= 0:
            yield from _parsed(text[:end] + b"}")
            text, begun = text[end + 2 :], True
        elif len(text) > MOST_BYTES_A_FILE:
            raise Wrong("an entry has too many values")
    if begun and text == b"}\n":
        raise Wrong("entries are missing at its end")
    if not opened:
        raise Wrong("it is empty")
    yield from _parsed(text)


def _parsed(text: bytes) -> Iterator[tuple[str, FileRecord]]:
    """Yield the files of some lines, without the brace before the first."""
    for path, values in table_of(parse_json(b"{" + text), "it").items():
        if not is_path(path) or leads_out(path):
            raise Wrong("an entry has no path")
        yield path, _file(values)


def _file(values: Any) -> FileRecord:
    """Return what is remembered of a file."""
    if not (isinstance(values, list) and 7 <= len(values) <= 10):
        raise Wrong("an entry is incomplete")
    shown, size, mtime, ctime, digest, articles, problems = values[:7]
    # A list made before ends there, and that of a paper without corrections before the last.
    later: list[Any] = values[7:]
    reading, pages, corrected = later + [1, None, ""][len(later) :]
    if not (
        is_path(shown)
        and is_number(size)
        and is_number(articles)
        and type(mtime) is type(ctime) is int
        and abs(mtime) < NUMBERS > abs(ctime)
        and _is_digest(digest)
        and _is_digest(corrected)
        and isinstance(problems, list)
        and is_number(reading)
        and (pages is None or is_number(pages))
    ):
        raise Wrong("a value in an entry is not valid")
    told = [*map(_problem, problems)]
    return FileRecord(shown, size, mtime, ctime, digest, articles, told, reading, pages, corrected)


def _is_digest(value: Any) -> bool:
    """Return whether a value is a digest, or empty."""
    return isinstance(value, str) and len(value) in {0, 32} and not value.strip("0123456789abcdef")


def _problem(data: Any) -> tuple[int | None, str, bool]:
    if not (isinstance(data, list) and len(data) == 3):
        raise Wrong("a problem is incomplete")
    line, why, lost = data
    known = line is None or is_number(line)
    if not (known and isinstance(why, str) and isinstance(lost, bool)):
        raise Wrong("a problem is not valid")
    return line, why, lost
