"""Paths in commands that are told: as they are typed in a shell."""

from __future__ import annotations

import os
from shlex import quote


def typed(path: str | os.PathLike[str]) -> str:
    """Return a path as it is typed in a shell, from the working folder where it lies in that."""
    text = os.fspath(path)
    if os.path.isabs(text):  # noqa: PTH117
        with_own = os.path.join(os.path.realpath("."), "")  # noqa: PTH118
        text = text.removeprefix(with_own) or text
    if text.startswith("-"):
        text = f"./{text}"
    plain = all(char.isalnum() or char in "._-/+:@" for char in text)
    return text if plain and text else quote(text)
