"""What is asked of the reading of a paper, and given of that paper, while it is under way.

Readers are given an open file and no more, and those of strangers' formats work in another
process. So what holds is in a context variable, set for each step of a reading alone, and goes
to the other process with the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from search.papers.given.given import NOTHING_GIVEN, Given, given_from


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a reading: `kept` is a file of corrections, `whole` asks for whole pages.

    `given` is what is told of the paper from outside of it.
    """

    kept: str = ""
    whole: bool = False
    given: Given = NOTHING_GIVEN


NOTHING = Asked()
_asked: ContextVar[Asked] = ContextVar("asked", default=NOTHING)

Thing = TypeVar("Thing")


def asked() -> Asked:
    """Return what is asked of the reading under way."""
    return _asked.get()


def asked_from(values: Mapping[str, Any]) -> Asked:
    """Return what was asked of another process, as JSON holds it."""
    return Asked(values["kept"], values["whole"], given_from(values["given"]))


def reading(things: Iterator[Thing], what: Asked) -> Iterator[Thing]:
    """Yield what a reading yields, of which something is asked while it is at work."""
    while True:
        token = _asked.set(what)
        try:
            thing = next(things)
        except StopIteration:
            return
        finally:
            _asked.reset(token)
        yield thing
