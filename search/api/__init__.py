"""The Python API: an index as an object, and building one. Programs import it as `sou`."""

from __future__ import annotations

from search.api.arguments import Names
from search.api.build import Progress, Report, build
from search.api.index import Index, TextField, open, parse  # noqa: A004
from search.api.own_words import Synonyms, Words
from search.engines.port import Sort
from search.searching.search import Mode

__all__ = [
    "Index",
    "Mode",
    "Names",
    "Progress",
    "Report",
    "Sort",
    "Synonyms",
    "TextField",
    "Words",
    "build",
    "open",
    "parse",
]
