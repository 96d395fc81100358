"""The version of how papers are read: by rules that get better.

An index remembers it of each paper, and says which were read by an older one; it is not rebuilt
for that. The number is raised with every change after which the same file gives other articles.
(No other module of papers is needed to ask for it: `sou status` does.)
"""

from __future__ import annotations

from collections.abc import Iterable

_PAGES = 3
_RECORDS = 4  # never the number of pages, so that one cannot be taken for the other

_RECORD_FILES = frozenset({"jsonl", "ndjson", "json", "csv", "tsv"})
_PACKED = frozenset({"gz", "xz", "bz2", "zst"})


def reading_version(path: str) -> int:
    """Return the version of how a file of this name is read; 1 is what was before versions.

    Records are not read by rules: new ones for pages are no news to a file of them.
    """
    stem, _, extension = path.lower().rpartition(".")
    if extension in _PACKED:
        extension = stem.rpartition(".")[2]
    return _RECORDS if extension in _RECORD_FILES else _PAGES


def read_by_older(papers: Iterable[tuple[str, int]]) -> int:
    """Return how many papers, each a name and a version, were read by older rules than these."""
    return sum(version < reading_version(path) for path, version in papers)
