"""Rows of a CSV file with a header, under a limit, without the module's own failures."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

_DELIMITERS = ",\t;"


def read_rows(text: TextIO, limit: int) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Yield each row below the header, by column name, and the line it begins on.

    None stands for a row of more than `limit` characters. The delimiter (comma, tab or
    semicolon) is the one the header holds most of. A quoted field may run over lines.
    """
    first = text.readline(limit + 1)
    before = 1
    while first and not first.strip():
        first = text.readline(limit + 1)
        before += 1
    delimiter = max(_DELIMITERS, key=first.count)
    header = _cells(first, delimiter, limit)
    for number, raw in _raw_rows(text, delimiter, limit):
        if raw is None:
            yield before + number, None
        elif raw.strip():
            cells = _cells(raw, delimiter, limit)
            yield before + number, dict(zip(header, cells, strict=False))


def _raw_rows(text: TextIO, delimiter: str, limit: int) -> Iterator[tuple[int, str | None]]:
    """Yield the text of each row, None if it is too long, and the line it begins on."""
    parts: list[str] = []
    number, begun, size, quoted = 0, 1, 0, False
    while line := text.readline(limit + 1):
        size += len(line)
        if size <= limit:
            parts.append(line)
        else:
            parts.clear()
        quoted = _quoted_after(line, delimiter, quoted=quoted)
        ended = line.endswith("\n")
        number += ended
        if ended and not quoted:
            yield begun, "".join(parts) if size <= limit else None
            parts.clear()
            begun, size = number + 1, 0
    if size:
        yield begun, "".join(parts) if size <= limit else None


def _quoted_after(line: str, delimiter: str, *, quoted: bool) -> bool:
    """Return whether a quoted field is still open at the end of a line.

    A quote opens a field only as its first character, as for the csv module: quotes in the
    middle of a text are plain.
    """
    at = 0
    while True:
        if quoted:
            quote = line.find('"', at)
            if quote < 0:
                return True
            if line.startswith('"', quote + 1):
                at = quote + 2
                continue
            quoted, at = False, quote + 1
        elif line.startswith('"', at):
            quoted, at = True, at + 1
            continue
        at = line.find(delimiter, at) + 1
        if at == 0:
            return False


def _cells(raw: str, delimiter: str, limit: int) -> list[str]:
    """Return the cells of one row."""
    # The module's limit is one for the whole process; no row here is longer than ours.
    csv.field_size_limit(max(limit + 1, csv.field_size_limit()))
    # A NUL is no text.
    return next(csv.reader([raw.replace("\x00", "\ufffd")], delimiter=delimiter), [])
