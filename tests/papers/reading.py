"""Reading a paper that is given as bytes."""

from __future__ import annotations

import io
from pathlib import Path

from search.article import Article
from search.papers.problem import Problem
from search.papers.read import Limits, read_paper
from search.papers.walk import PaperFile


def read(name: str, data: bytes | str, **limits: int) -> list[Article | Problem]:
    """Return all that is in a file of this name."""
    data = data.encode() if isinstance(data, str) else data
    return list(read_paper(PaperFile(Path(name), name), io.BytesIO(data), Limits(**limits)))
