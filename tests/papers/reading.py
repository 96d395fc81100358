"""Reading a paper that is given as bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

from search.model.article import Article
from search.papers import read_paper as reading
from search.papers.discover import PaperFile
from search.papers.formats import reader_here
from search.papers.problem import Problem
from search.papers.read_paper import Limits, read_paper


def read(name: str, data: bytes | str, **limits: int) -> list[Article | Problem]:
    """Return the articles and problems of a file of this name, read in this process.

    (The members of an archive are read in another, as each file is outside of the tests.)
    """
    return without_records(read_all(name, data, **limits))


def read_all(name: str, data: bytes | str, **limits: int) -> list[Article | Problem]:
    """Return the same, with the records of pages."""
    with mock.patch.object(reading, "reader_for", reader_here):
        return _read(name, data, **limits)


def read_contained(name: str, data: bytes | str, **limits: int) -> list[Article | Problem]:
    """Return the articles and problems of a file of this name, read as it always is."""
    return without_records(_read(name, data, **limits))


def _read(name: str, data: bytes | str, **limits: int) -> list[Article | Problem]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_paper(PaperFile(Path(name), name), io.BytesIO(data), Limits(**limits)))


def without_records(things: Iterable[Article | Problem]) -> list[Article | Problem]:
    """Return what is no record of a page."""
    return [each for each in things if isinstance(each, Problem) or each.kind == "article"]
