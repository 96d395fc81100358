"""How a run ends: what stopped it becomes one line on stderr, and an exit status.

Ctrl-C is noted when it comes. What then arrives here may be something else: a library that
was just being imported says ImportError, another swallows it. Whatever arrives after a
Ctrl-C is an interruption.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from search.model.errors import EXIT_BUG, EXIT_INTERRUPTED, QueryError, SouError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from search.output.world import World

_LONGEST = 500
"""Characters of the message of an error that nobody wrote for people."""

_interrupted = False


def guarded(world: World, work: Callable[[], int]) -> int:
    """Return the exit status of `work`: the one place where errors become exit statuses."""
    from search.output.world import until_closed

    try:
        status = until_closed(world, work)
    except BaseException as exc:  # noqa: BLE001  (it is told)
        return _failed(world, exc)
    return _failed(world, KeyboardInterrupt()) if _interrupted else status


def complain(world: World, error: SouError) -> None:
    """Print an error once: what happened, where, and what to do next."""
    world.tell(f"sou: {error.message}")
    if isinstance(error, QueryError):
        from search.output.wrap import caret

        world.tell(*caret(error.query, error.start, error.end, world.width))
    if error.hint:
        world.tell(f"     {error.hint}")


def _failed(world: World, error: BaseException) -> int:
    if _interrupted or isinstance(error, KeyboardInterrupt):
        ignore_interruptions()
        known = isinstance(error, KeyboardInterrupt) and error.args
        world.tell(f"sou: interrupted; {error.args[0]}" if known else "sou: interrupted")
        return EXIT_INTERRUPTED
    if isinstance(error, SouError):
        complain(world, error)
        return error.exit_code
    if os.environ.get("SOU_DEBUG", "0") not in {"", "0"}:
        from traceback import format_exception

        world.tell(*"".join(format_exception(error)).rstrip("\n").split("\n"))
    world.tell(described(error))
    return EXIT_BUG


def described(error: BaseException) -> str:
    """Say what an error is that nobody foresaw, and what to do about it."""
    what = f"{type(error).__name__}: {error}"[:_LONGEST]
    if isinstance(error, ImportError):
        todo = "reinstall sou and its dependencies; SOU_DEBUG=1 shows where it happened"
    else:
        todo = "please report it, with the output of SOU_DEBUG=1"
    return f"sou: an error in sou itself: {what} ({todo})"


def watch_for_interruptions() -> None:
    """Note Ctrl-C when it comes, unless this process is to ignore it (`nohup`, `&`)."""
    signal = _signals()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _note)


def ignore_interruptions() -> None:
    """Let Ctrl-C pass from here on: what is left to do takes no time."""
    signal = _signals()
    if signal.getsignal(signal.SIGINT) is _note:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _signals() -> Any:
    """Return `signal` without the enumerations of all there are, which take 1 ms to make."""
    import _signal  # type: ignore[import-not-found]

    return _signal


def _note(_number: int, _frame: FrameType | None) -> None:
    """Note an interruption; nothing that it stops on its way has anything more to say."""
    global _interrupted  # noqa: PLW0603  (a process has one)
    _interrupted = True
    sys.unraisablehook = _say_nothing
    threading: Any = sys.modules.get("threading")
    if threading:
        threading.excepthook = _say_nothing
    raise KeyboardInterrupt


def _say_nothing(_: object) -> None:
    pass
