"""Commands that messages tell the user to type: they work as they are printed.

They name the index that the user named, on the command line or in the environment; it is known to
the thread, so that it needs no place in every call that may end in a message.
"""

from __future__ import annotations

from contextvars import ContextVar

_index: ContextVar[str] = ContextVar("index", default="")


def name_index(typed: str) -> None:
    """Have commands name this index, as it is typed in a shell; an empty name is none."""
    _index.set(typed)


def sou(command: str) -> str:
    """Return a command and its arguments as they are typed: `sou index --rebuild` for the last two.

    `--index DIR` stands behind the name of the command, where the user named an index.
    """
    name, _, rest = command.partition(" ")
    index = _index.get()
    return " ".join(filter(None, ("sou", name, index and f"--index {index}", rest)))
