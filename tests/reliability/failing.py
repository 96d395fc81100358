"""Calls to the system that fail, in this process: the k-th that concerns a folder, or from it on.

What is written through an open file is not among them; `tests/faults` has those, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CALLS = ("open", "fsync", "replace", "unlink", "mkdir", "rmdir", "scandir", "listdir", "chmod")


class Killed(BaseException):
    """The process is gone: nothing that it would do after this is done."""


class Failing:
    """Counts calls, and fails one of them or all from there on."""

    def __init__(self, folder: Path, at: int, error: Callable[[], BaseException], once: bool):
        self.folder = os.fspath(folder)
        self.at = at
        self.error = error
        self.once = once
        self.count = 0
        self.log: list[tuple[str, str]] = []
        self.opened: dict[int, str] = {}

    def wrapped(self, name: str) -> Callable[..., Any]:
        original = getattr(os, name)

        def call(*arguments: Any, **more: Any) -> Any:
            if self._concerns(name, arguments):
                self.count += 1
                of = arguments[1] if name == "replace" else arguments[0]
                path = self.opened[of] if name == "fsync" else os.fspath(of)
                self.log.append((name, path))
                if self.count == self.at or (self.count > self.at and not self.once):
                    raise self.error()
            done = original(*arguments, **more)
            if name == "open" and self._concerns(name, arguments):
                self.opened[done] = os.fspath(arguments[0])
            return done

        return call

    def _concerns(self, name: str, arguments: tuple[Any, ...]) -> bool:
        if name == "fsync":
            return arguments[0] in self.opened
        if not arguments or isinstance(arguments[0], int):
            return False
        path = os.path.abspath(os.fspath(arguments[0]))  # noqa: PTH100
        return path == self.folder or path.startswith(self.folder + os.sep)


@contextmanager
def failing(
    folder: Path, at: int, error: Callable[[], BaseException], *, once: bool = True
) -> Iterator[Failing]:
    """Have the call of a number fail that concerns a folder or what is in it."""
    it = Failing(folder, at, error, once)
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, it.wrapped(name))
        yield it
