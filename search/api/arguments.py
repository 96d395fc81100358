"""What a program gives, looked at: types may be those of a program that nobody has checked.

Each function raises RequestError for what is not as it should be, and names the keyword.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any, TypeAlias

from search.model.errors import RequestError

Names: TypeAlias = str | Collection[str]
"""One name, or several."""


def text_of(keyword: str, given: Any) -> str:
    """Return a text."""
    if not isinstance(given, str):
        raise RequestError(f"{keyword} is of type {type(given).__name__}, not str")
    return given


def names(keyword: str, given: Any) -> tuple[str, ...]:
    """Return names, of which one or several are given."""
    several = (given,) if isinstance(given, str) else given
    if not isinstance(several, Collection) or not all(isinstance(name, str) for name in several):
        raise RequestError(f"{keyword} are no names: {given!r}", "give a string, or a list of them")
    return tuple(several)


def one_of(keyword: str, given: Any, known: Collection[Any]) -> None:
    """See that something is known."""
    if given not in known:
        raise RequestError(
            f"{keyword}: {given!r} is not known", f"one of {', '.join(map(repr, known))}"
        )


def number(keyword: str, given: Any, what: str, least: int = 0) -> None:
    """See that a whole number is given, and no smaller one than may be."""
    if type(given) is not int or given < least:
        raise RequestError(f"{keyword}: {given!r} is not a number of {what}", f"{least}, or more")


def yes_or_no(keyword: str, given: Any) -> None:
    """See that True or False is given."""
    if not isinstance(given, bool):
        raise RequestError(f"{keyword}: {given!r} is neither True nor False")


def place(keyword: str, given: Any) -> Path:
    """Return the path of a file or folder."""
    if not isinstance(given, str | os.PathLike):
        raise RequestError(
            f"{keyword}: {given!r} is not a path", "give a string, or a pathlib.Path"
        )
    path = os.fspath(given)
    if not isinstance(path, str) or not path or "\0" in path:
        raise RequestError(
            f"{keyword}: {given!r} is not a path", "give a string, or a pathlib.Path"
        )
    return Path(path)
