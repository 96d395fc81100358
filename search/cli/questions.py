"""Asking the person at the terminal: each question names what is at stake, and No is the default."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from search.indexing.report import described, unfollowed
from search.model.errors import RequestError
from search.project import ownership

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.indexing.report import Loss, Moved
    from search.output.world import World


def may_ask(world: World) -> bool:
    """Return whether a person sees a question and can answer it."""
    return world.stderr_terminal and sys.stdin is not None and sys.stdin.isatty()


def says_yes(world: World, question: str) -> bool:
    """Ask, and say whether the answer was yes."""
    world.tell(f"{question} [y/N]")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


class Questions:
    """What a build asks about besides what it may read: what is lost, and what has moved.

    `yes` answers all. Nobody is asked where there is nobody, and not for a `dry_run`: then the
    answer is no.
    """

    def __init__(self, world: World, *, yes: bool, dry_run: bool, verbose: bool = False) -> None:
        """Ask in a world; `verbose` names all files that are asked about."""
        self._world = world
        self._yes = yes
        self._verbose = verbose
        self.clear: Callable[[], None] = lambda: None
        """Takes away what stands where the question is to be."""
        self._asks = not dry_run and may_ask(world)

    def permit(self, loss: Loss) -> bool:
        """Return whether articles may leave the index."""
        if self._yes or not self._asks:
            return self._yes
        self.clear()
        what = described(loss, whole=self._verbose)
        self._world.tell(f"This would remove {what}.")
        return says_yes(self._world, "Remove them from the index? The papers are not touched.")

    def follow(self, moved: Moved) -> bool:
        """Return whether a source that is gone is where its papers are now."""
        if self._yes or not self._asks:
            return self._yes
        message, _ = unfollowed(moved)
        self._world.tell(f"{message}.")
        return says_yes(self._world, f"Use {ownership.shown(moved.place.root)} in its place?")

    def removal(self, names: str, articles: int) -> None:
        """Ask whether sources may go. Raises RequestError where they may not."""
        if self._yes or not articles:
            return
        what = f"the {articles:,} articles from {names}"
        if not self._asks:
            raise RequestError(
                f"{what} would leave the index; nothing was changed",
                "to remove them, run it again with --yes",
            )
        if not says_yes(self._world, f"Remove {what} from the index?"):
            raise RequestError("not removed: you did not answer yes", "nothing was changed")
