"""Lists of papers: a metadata.csv in a folder, which says of files there and below what they are.

Its columns are those of records (search.papers.field_names), and one that names the file, from
the folder of the list on, with its extension or without.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TextIO

from search.model.errors import PaperError
from search.papers.encodings.decode import open_text
from search.papers.field_names import field_of, plain_name
from search.papers.field_values import values_of
from search.papers.given.given import FIELDS
from search.papers.readers.records.delimited import read_rows
from search.system.files import open_regular

NAMES = ("metadata.csv", "metadata.tsv", "metadata.jsonl")
"""The names that lists have."""

_FILE_COLUMNS = [
    "path",
    "file",
    "filename",
    "file_name",
    "filepath",
    "文件名",
    "文件",
    "路径",
    "文件路径",
    "文件名称",
    "文档名",
    "文档路径",
]
MOST_ROWS = 1_000_000
_MOST_BYTES = 512 << 20
_MOST_CHARACTERS = 100_000
"""Of a row."""
_NAMED = 3
"""Rows that are named in a remark."""
_MOST_SHOWN = 40
"""Characters of a date that is named there."""

_APART = "\x1f"


@dataclass(slots=True)
class FileList:
    """A list: what it says of each file, by the file's name from the folder of the list on.

    `rows` are kept as bytes, a third of what they take as tables of text. `remarks` say what is
    wrong with it.
    """

    name: str
    rows: dict[bytes, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    met: set[bytes] = field(default_factory=set)

    def of(self, name: str) -> dict[str, str]:
        """Return what it says of the file with this name; of its whole name before its stem."""
        stem = _stem(name)
        for key in {name: 0, stem: 0, _stem(stem): 0}:
            row = self.rows.get(_key(key))
            if row is not None:
                self.met.add(_key(key))
                return _unpacked(row)
        return {}

    def of_no_file(self) -> list[str]:
        """Return the files that it names and that were not asked for."""
        return [key.decode() for key in self.rows if key not in self.met]


def read_list(place: str) -> FileList | str | None:
    """Return the list in a file; None where it holds records, with their texts, or is no list.

    A list that cannot be read is why, as text. Raises FileNotFoundError.
    """
    name = place.rpartition("/")[2].rpartition("\\")[2]
    made = FileList(name)
    try:
        with open_regular(place) as file:
            if file.seek(0, 2) > _MOST_BYTES:
                return f"more than {_MOST_BYTES >> 20} MB"
            file.seek(0)
            with open_text(file) as text:
                return made if _filled(made, _records(name, text)) else None
    except FileNotFoundError:
        raise
    except PaperError as exc:
        return exc.message
    except OSError as exc:
        return exc.strerror or str(exc)


def _records(name: str, text: TextIO) -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    """Yield rows by column, each with its line; None for one that cannot be read."""
    if not name.endswith(".jsonl"):
        yield from read_rows(text, _MOST_CHARACTERS)
        return
    number = 0
    while line := text.readline(_MOST_CHARACTERS):
        number += 1
        try:
            value = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError):
            value = None
        if value != {}:
            yield number, value if isinstance(value, dict) else None


def _filled(made: FileList, records: Iterator[tuple[int, Mapping[str, Any] | None]]) -> bool:
    """Take the rows of a list; return whether it is one, which its first row tells."""
    columns: tuple[str, ...] = ()
    wrong = _Wrong()
    for number, (line, record) in enumerate(records):
        if record is None:
            wrong.note(_WRONG, f"line {line}")
            continue
        if not columns:
            columns = _columns_of_files(record)
            if not columns:
                return False
        if number >= MOST_ROWS:
            made.remarks.append(f"more than {MOST_ROWS:,} rows: the rest is not used")
            break
        path = next((_named(record[c]) for c in columns if record.get(c)), "")
        if path:
            _take(made, path, record, line, wrong)
        elif any(str(value).strip() for value in record.values() if value is not None):
            # (Spreadsheets leave rows of empty cells below their tables.)
            wrong.note(_UNNAMED, f"line {line}")
    made.remarks += wrong.told()
    return bool(columns)


def _take(made: FileList, path: str, record: Mapping[str, Any], line: int, wrong: _Wrong) -> None:
    """Take a row that names a file."""
    values, undated = values_of(record)
    if any("\n" in each for each in (path, undated, *map(values.get, _OF_ONE_LINE)) if each):
        wrong.note(_BROKEN, f"line {line}")
        return
    if undated:
        wrong.note(_UNDATED, f"line {line}: {undated[:_MOST_SHOWN]}")
    key = _key(path)
    if key in made.rows:
        wrong.note(_TWICE, path)
    made.rows[key] = _packed(values)


class _Wrong:
    """The rows with which something is wrong: how many, and the first of them."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, list[str]] = {}

    def note(self, what: str, row: str) -> None:
        """Take one more; `row` names it."""
        self._counts[what] += 1
        if self._counts[what] <= _NAMED:
            self._first.setdefault(what, []).append(row)

    def told(self) -> Iterator[str]:
        """Yield what there is to say."""
        for what, end in _WHAT.items():
            count = self._counts[what]
            names = ", ".join(self._first.get(what, ())) + (", …" if count > _NAMED else "")
            if count:
                yield f"{_rows(count)} {what} ({names}){end}"


_WRONG, _UNNAMED = "that cannot be read", "that names no file at all"
_BROKEN = "with a line end in a cell"
_UNDATED, _TWICE = "whose date cannot be read", "of a file that was named before"
_WHAT = {
    _WRONG: "",
    _UNNAMED: "",
    _BROKEN: ", not used: is a quote not closed?",
    _UNDATED: "",
    _TWICE: ": the last counts",
}
"""What may be wrong with rows, and what is said of that."""

_OF_ONE_LINE = tuple(name for name in FIELDS if name != "title")


def _columns_of_files(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that name files; none where there is one of texts."""
    if any((place := field_of(str(c))) and place[0] == "body" for c in record):
        return ()
    return tuple(c for c in record if plain_name(str(c)) in _file_columns())


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


@lru_cache(maxsize=1)
def _file_columns() -> frozenset[str]:
    return frozenset(map(plain_name, _FILE_COLUMNS))


def _named(value: object) -> str:
    """Return the name of a file as a list gives it, from its folder on."""
    text = str(value).strip().replace("\\", "/")
    while text.startswith("./"):
        text = text[2:]
    return text.strip("/")


def _stem(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and "/" not in extension else name


def _key(name: str) -> bytes:
    return name.encode("utf-8", "backslashreplace")


def _packed(values: Mapping[str, str]) -> bytes:
    each = [values.get(name, "").replace(_APART, " ") for name in FIELDS]
    return _APART.join(each).rstrip(_APART).encode("utf-8", "backslashreplace")


def _unpacked(row: bytes) -> dict[str, str]:
    return {
        name: value
        for name, value in zip(FIELDS, row.decode().split(_APART), strict=False)
        if value
    }
