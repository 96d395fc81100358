"""How an article is stored: as a JSON list of its fields, in their order.

Unlike a pickle, that can hold no code. What it does hold is looked at, type by type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from search.model.article import ARTICLE, Article, Kind, is_id

_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_STRING: Callable[[str, int], tuple[str, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
"""Where a quote stands, this reads a string and nothing else."""

_TYPES_OF: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("id", "title", "body", "path"), (str,)),
    **dict.fromkeys(("line", "end_line"), (int,)),
    "body_line": (int, type(None)),
    "authors": (list,),
}
_STORED = Article.__match_args__[:-1]
"""All fields but `kind`: what is in a segment is of one kind."""
_TYPES = tuple(_TYPES_OF.get(name, (str, type(None))) for name in _STORED)
_AUTHORS = Article.__match_args__.index("authors")

_NUMBER = re.compile("0|[1-9][0-9]{0,9}")
_MOST = 1 << 32
"""Numbers are below it: lines stand in columns of four bytes."""

_DATE = re.compile("[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")

_SHORT = 1 << 16
"""Characters up to which it does not matter what JSON holds. Of longer ones that hold other
things than an article, lists in lists, Python makes objects of twenty times their size."""


def pack(article: Article) -> bytes:
    """Return an article on one line of UTF-8 (half characters in path names included)."""
    values = article.as_tuple()[: len(_STORED)]  # type: ignore[attr-defined]
    return _TO_JSON(values).encode("utf-8", "surrogatepass")


def unpack(stored: bytes, kind: Kind = ARTICLE) -> Article:
    """Return the article that `pack` packed. Raises ValueError for anything else."""
    text = stored.decode("utf-8", "surrogatepass")
    try:
        values = json.loads(text) if len(text) <= _SHORT else _values(text)
    except RecursionError as exc:
        raise ValueError("lists in lists") from exc
    if type(values) is not list or len(values) != len(_TYPES):
        raise ValueError("it has other fields")
    for value, types in zip(values, _TYPES, strict=True):
        # Types exactly: a bool is an int as well.
        if type(value) not in types or (type(value) is int and not 0 <= value < _MOST):
            raise ValueError("a field is of another type, or too large")
    values[_AUTHORS] = _strings(values[_AUTHORS])
    article = Article(*[*values, kind])
    if not is_id(article.id):
        raise ValueError("its id is not valid")
    if article.date is not None and not _DATE.fullmatch(article.date):
        raise ValueError("its date is not valid")
    return article


def names(text: str) -> tuple[str, ...]:
    """Return the names in a JSON list of them. Raises ValueError for anything else."""
    found, end = _names(text, 0)
    if end != len(text):
        raise ValueError("there is more than a list of names")
    return tuple(found)


def _strings(values: list[object]) -> tuple[str, ...]:
    names = tuple(value for value in values if isinstance(value, str))  # JSON makes no other str
    if len(names) != len(values):
        raise ValueError("a name is not valid")
    return names


def _values(text: str) -> list[Any]:
    """Return the values of a list that holds nothing but what an article does."""
    values: list[Any] = []
    value: Any
    at = 0
    while len(values) < len(_TYPES):
        if not text.startswith("," if values else "[", at):
            raise ValueError("it has other fields")
        begins, at = text[at + 1 : at + 2], at + 1
        if begins == '"':
            value, at = _STRING(text, at)
        elif begins == "[":
            value, at = _names(text, at)
        elif text.startswith("null", at):
            value, at = None, at + 4
        elif number := _NUMBER.match(text, at):
            value, at = int(number[0]), number.end()
        else:
            raise ValueError("a field is of another type, or too large")
        values.append(value)
    if text[at:] != "]":
        raise ValueError("it does not end")
    return values


def _names(text: str, at: int) -> tuple[list[str], int]:
    """Return the list of strings that stands at a place, and where it ends."""
    if text.startswith("[]", at):
        return [], at + 2
    found: list[str] = []
    while not (found and text.startswith("]", at)):
        if not text.startswith(',"' if found else '["', at):
            raise ValueError("a list of names is not valid")
        name, at = _STRING(text, at + 1)
        found.append(name)
    return found, at + 1
