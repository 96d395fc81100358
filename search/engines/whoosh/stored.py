"""How an article is stored: as a JSON list of its fields, in their order.

Unlike a pickle, that can hold no code. It is read field by field: what may stand where is
known, so nothing else has to be taken apart, however deep or large it would become.
"""

from __future__ import annotations

import json
import re
from typing import Any

from search.article import Article, is_id
from search.record import fields

_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_STRING: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
"""Where a quote stands, this reads a string and nothing else."""

_FORMS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "title", "body", "path"), (str,)),
    **dict.fromkeys(("line", "end_line"), (int,)),
    "body_line": (int, type(None)),
    "authors": (tuple,),
}
_TYPES = tuple(_FORMS.get(name, (str, type(None))) for name in Article.__match_args__)

_NUMBER = re.compile(",(0|[1-9][0-9]{0,9})")
_MOST = 1 << 32
"""Numbers are below it: lines stand in columns of four bytes."""

_DATE = re.compile("[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")


def pack(article: Article) -> bytes:
    """Return an article on one line of UTF-8 (half characters in path names included)."""
    return _TO_JSON(list(fields(article).values())).encode("utf-8", "surrogatepass")


def unpack(stored: bytes) -> Article:
    """Return the article that `pack` packed. Raises ValueError for anything else."""
    text = stored.decode("utf-8", "surrogatepass")
    values: list[Any] = []
    value: Any
    at = 0
    for types in _TYPES:
        begins = text[at : at + 2]  # a comma, or the bracket, and what is behind it
        if begins == ',"':
            value, at = _STRING(text, at + 1)
        elif begins == ",n" and text.startswith("null", at + 1):
            value, at = None, at + 5
        elif begins == ",[":
            value, at = _names(text, at + 1)
        elif begins == '["' and not values:
            value, at = _STRING(text, at + 1)
        else:
            value, at = _number(text, at)
        if type(value) not in types:
            raise ValueError(f"its field {len(values)} is something else")
        values.append(value)
    if text[at:] != "]":
        raise ValueError("it does not end")
    article = Article(*values)
    if not is_id(article.id):
        raise ValueError("its id is none")
    if article.date is not None and not _DATE.fullmatch(article.date):
        raise ValueError("its date is none")
    return article


def names(text: str) -> tuple[str, ...]:
    """Return the names in a JSON list of them. Raises ValueError for anything else."""
    found, end = _names(text, 0)
    if end != len(text):
        raise ValueError("there is more than a list of names")
    return found


def _number(text: str, at: int) -> tuple[int, int]:
    """Return the number that stands behind a comma, and where it ends."""
    found = _NUMBER.match(text, at)
    value = int(found[1]) if found else _MOST
    if not found or value >= _MOST:
        raise ValueError(f"at character {at} stands no value of an article")
    return value, found.end()


def _names(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Return the list of strings that stands at a place, and where it ends."""
    if text.startswith("[]", at):
        return (), at + 2
    found: list[str] = []
    while not (found and text.startswith("]", at)):
        if not text.startswith(',"' if found else '["', at):
            raise ValueError(f"at character {at} stands no list of names")
        name, at = _STRING(text, at + 1)
        found.append(name)
    return tuple(found), at + 1
