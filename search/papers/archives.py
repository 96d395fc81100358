"""The reader of archives: which files are some, and which of their members are read.

What unpacks them is in `unpacking`, which is loaded for a corpus that holds one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from search.model.article import Article
from search.papers.formats import ARCHIVES, accepts
from search.papers.problem import Problem
from search.papers.reader import Limits, Reader


def inner_name(name: str) -> str:
    """Return the name of what is packed in a .gz or its like."""
    return name[: -len(PurePosixPath(name).suffix)]


def is_archive(name: str) -> bool:
    """Tell whether a name is that of an archive of any kind."""
    return PurePosixPath(name).suffix.lower() in ARCHIVES


def is_paper(name: str) -> bool:
    """Tell whether a member is to be read: by its extension, and not hidden or a backup."""
    if any(part.startswith((".", "__MACOSX")) for part in name.split("/")) or name.endswith("~"):
        return False
    return accepts(name)


def _read(shown: str, stream: BinaryIO, limits: Limits) -> Iterator[Article | Problem]:
    from search.papers.unpacking import read_archive

    yield from read_archive(shown, stream, limits)


READER = Reader(_read)
