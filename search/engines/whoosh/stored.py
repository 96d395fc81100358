"""How an article is stored: as a JSON list, which unlike a pickle can hold no code."""

from __future__ import annotations

import json
from operator import attrgetter

from search.article import Article

_STORED = (
    *("id", "title", "body", "path", "line", "end_line", "body_line"),
    *("key", "date", "paper", "authors", "section", "url"),
    *("part", "continued_from", "continued_on"),
)

_VALUES = attrgetter(*_STORED)
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack(article: Article) -> bytes:
    """Return an article on one line of UTF-8 (half characters in path names included)."""
    return _TO_JSON(_VALUES(article)).encode("utf-8", "surrogatepass")


def unpack(stored: bytes) -> Article:
    """Return the article that `pack` packed."""
    text = stored.decode("utf-8", "surrogatepass")
    values = dict(zip(_STORED, json.loads(text), strict=True))
    values["authors"] = tuple(values["authors"])
    return Article(**values)
