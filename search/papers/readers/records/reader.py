"""The reader of records: JSON Lines, CSV, and JSON files that hold a list of records.

Records are read one by one, so the size of a file does not matter (a JSON list is read
whole, as a page is). A record that can't be read is a Problem with its line, and the
reading goes on with the next. JSON Lines can be read in pieces, each from line to line; a
quoted field of CSV may hold newlines, and where one is open only the lines before can tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO, TextIO

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.encodings.decode import decode, open_text, text_of
from search.papers.encodings.mixed import line_apart
from search.papers.observer import is_observed, show
from search.papers.problem import Problem
from search.papers.reader import Limits, Piece, Reader
from search.papers.readers.records.article_fields import RecordError, to_article
from search.papers.readers.records.columns import Columns, not_used
from search.papers.readers.records.delimited import read_rows
from search.papers.readers.records.no_articles import without_foreign
from search.papers.readers.records.slices import cut_lines, only_piece
from search.papers.readers.text import read_whole

_BROKEN = re.compile("[\udc80-\udcff]")
_LINES = frozenset({".jsonl", ".ndjson"})


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    """Read a file of records; whoever observes that sees what became of its columns."""
    columns = Columns() if is_observed() else None
    seen = _Seen({}, columns)
    for thing in without_foreign(_each(shown, stream, limits, seen)):
        seen.take(thing)
        yield thing
    yield from seen.unused_of(shown)
    if columns:
        show(columns.lines())


@dataclass(slots=True)
class _Seen:
    """What is seen of the columns of a file: those that became no field, and for people, all."""

    unused: dict[str, None]
    columns: Columns | None = None
    articles: bool = False

    def take(self, thing: Article | Problem) -> None:
        """See what a record became."""
        self.articles = self.articles or isinstance(thing, Article)
        if self.columns:
            self.columns.take(thing)

    def unused_of(self, shown: str) -> Iterator[Problem]:
        """Yield a remark if columns of articles were not used."""
        if self.unused and self.articles:
            yield not_used(shown, self.unused)


def _each(shown: str, stream: BinaryIO, limits: Limits, seen: _Seen) -> Iterator[Article | Problem]:
    """Read the records of a file by its extension."""
    extension = PurePath(shown).suffix.lower()
    if extension == ".json":
        yield from _read_list(shown, stream, limits, seen)
        return
    with open_text(stream) as text:
        if extension in {".csv", ".tsv"}:
            yield from _read_table(shown, text, limits, seen)
        else:
            yield from _read_lines(shown, text, limits, seen)


def _cut(shown: str, stream: BinaryIO, parts: int) -> list[Piece]:
    """Cut a file into pieces of about one size; only JSON Lines can be cut."""
    return cut_lines(stream, parts) if PurePath(shown).suffix.lower() in _LINES else []


def _read_piece(
    shown: str, stream: BinaryIO, limits: Limits, piece: Piece
) -> Iterator[Article | Problem]:
    """Read a piece of JSON Lines. Only the whole can tell whether its records are no articles."""
    seen = _Seen({})
    with only_piece(stream, piece) as part, text_of(part, piece.encoding) as text:
        for thing in _read_lines(shown, text, limits, seen, piece.line):
            seen.take(thing)
            yield thing
    yield from seen.unused_of(shown)


def _read_lines(
    shown: str, text: TextIO, limits: Limits, seen: _Seen, first: int = 1
) -> Iterator[Article | Problem]:
    """Read JSON Lines: one object a line; blank lines count but hold nothing."""
    for number, line in enumerate(_bounded_lines(text, limits.max_record_chars), first):
        if line is None:
            yield _too_long(shown, number, limits)
        elif line.strip():
            yield _record(shown, number, partial(_object, line, text.encoding), seen)


def _object(line: str, encoding: str) -> dict[str, Any]:
    """Return the JSON object on a line; raise RecordError saying why there is none."""
    return _as_object(_parse(_whole(line, encoding)))


def _row(row: dict[str, str], encoding: str) -> dict[str, Any]:
    """Return a row of a table; raise RecordError if bytes in it could not be decoded."""
    joined = "\x00".join(row.values())
    whole = _whole(joined, encoding)
    return dict(row) if whole is joined else dict(zip(row, whole.split("\x00"), strict=False))


def _whole(text: str, encoding: str) -> str:
    """Return a record's text, which may be in another encoding than the rest of its file.

    Raises RecordError if it is in none.
    """
    if text.isascii():
        return text
    broken = _BROKEN.search(text)
    if broken or encoding.lower() != "utf-8":
        apart = line_apart(text, encoding.lower())
        if apart is not None:
            return apart
    if broken:
        raise RecordError("broken bytes: in no encoding that is read (UTF-8, GB18030 or Big5)")
    return text


def _read_list(
    shown: str, stream: BinaryIO, limits: Limits, seen: _Seen
) -> Iterator[Article | Problem]:
    """Read a JSON file: a list of objects, or one object. All stand on line 1.

    Any other JSON file among the papers (settings, an index of pages) is somebody else's
    business, and no mistake: it holds no article.
    """
    decoded = decode(read_whole(stream, limits))
    text = decoded.text
    if not text.strip():
        return
    if decoded.complaint:
        yield Problem(shown, decoded.complaint, decoded.broken_line, lost=False)
    try:
        value = _parse(text)
    except RecordError as exc:
        raise PaperError(f"{exc}; a file with one record a line is named .jsonl") from exc
    if isinstance(value, list):
        for item in value:
            yield _record(shown, 1, partial(_as_object, item), seen)
    else:
        only = _record(shown, 1, partial(_as_object, value), seen)
        if isinstance(only, Article):
            yield only


def _read_table(
    shown: str, text: TextIO, limits: Limits, seen: _Seen
) -> Iterator[Article | Problem]:
    """Read CSV by its header."""
    for number, row in read_rows(text, limits.max_record_chars):
        if row is None:
            yield _too_long(shown, number, limits)
        else:
            yield _record(shown, number, partial(_row, row, text.encoding), seen)


def _record(
    shown: str, line: int, get: Callable[[], dict[str, Any]], seen: _Seen
) -> Article | Problem:
    try:
        record = get()
        if seen.columns:
            seen.columns.add(record)
        return to_article(record, shown, line, seen.unused)
    except RecordError as exc:
        return Problem(shown, str(exc), line)


def _as_object(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise RecordError("not a JSON object")


def _parse(text: str) -> object:
    """Return the JSON value `text` is; raise RecordError with its line and column if it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        place = (
            f"line {exc.lineno}, column {exc.colno}" if exc.lineno > 1 else f"column {exc.colno}"
        )
        raise RecordError(f"not valid JSON: {exc.msg} at {place}") from exc
    except RecursionError as exc:
        raise RecordError("not valid JSON: nested too deep") from exc
    except ValueError as exc:  # A number of thousands of digits.
        raise RecordError(f"not valid JSON: {exc}") from exc


def _bounded_lines(text: TextIO, limit: int) -> Iterator[str | None]:
    """Yield each line; None for a line longer than `limit` characters.

    A long line is passed over in steps, so it is never whole in memory.
    """
    while line := text.readline(limit + 1):
        if len(line) <= limit or line.endswith("\n"):
            yield line
            continue
        while rest := text.readline(limit + 1):
            if rest.endswith("\n"):
                break
        yield None


def _too_long(shown: str, line: int, limits: Limits) -> Problem:
    return Problem(shown, f"a record of more than {limits.max_record_chars:,} characters", line)


READER = Reader(_read, _cut, _read_piece)
