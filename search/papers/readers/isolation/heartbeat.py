"""Signs of life: long work that goes on says so, for who waits for it elsewhere.

A reader in a process of its own (search.papers.readers.isolation.isolated) is ended when it has been silent
for long. What takes its time before the first article (unpacking, a book of many chapters)
calls `alive` as it goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY = 1.0
"""Seconds between two signs."""


class _Signs:
    """How signs are given in this process, and when the last was."""

    give: Callable[[], None] | None = None
    last = 0.0


def alive() -> None:
    """Say that the work goes on."""
    if _Signs.give is None:
        return
    now = time.monotonic()
    if now - _Signs.last >= _EVERY:
        _Signs.last = now
        _Signs.give()


def tell_by(give: Callable[[], None]) -> None:
    """Have signs of life given by a function."""
    _Signs.give = give
