"""How an article is stored: as a JSON list of its fields, in their order.

Unlike a pickle, that can hold no code.
"""

from __future__ import annotations

import json

from search.article import Article
from search.record import fields

_AUTHORS = Article.__match_args__.index("authors")
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack(article: Article) -> bytes:
    """Return an article on one line of UTF-8 (half characters in path names included)."""
    return _TO_JSON(list(fields(article).values())).encode("utf-8", "surrogatepass")


def unpack(stored: bytes) -> Article:
    """Return the article that `pack` packed."""
    values = json.loads(stored.decode("utf-8", "surrogatepass"))
    values[_AUTHORS] = tuple(values[_AUTHORS])
    return Article(*values)
