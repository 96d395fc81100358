"""Whoever wants to see how papers are read (`sou index --explain`).

Readers ask for the observer where they have something to tell, and mostly there is none. It is
known to the thread, so that it needs no place in every call, and to the process in which a
reader works (search.papers.readers.isolation), which hands on what it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Observer: TypeAlias = Callable[[list[str]], None]
"""Takes lines for people, in the order of the file."""

_observer: ContextVar[Observer | None] = ContextVar("observer", default=None)


def is_observed() -> bool:
    """Return whether anybody wants to see how papers are read."""
    return _observer.get() is not None


def show(lines: Iterable[str]) -> None:
    """Show lines to the observer, if there is one."""
    observer = _observer.get()
    if observer:
        observer(list(lines))


@contextmanager
def observed_by(observer: Observer) -> Iterator[None]:
    """Have what is read meanwhile, in this thread, shown to an observer."""
    before = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(before)
