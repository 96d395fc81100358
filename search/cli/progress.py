"""How far a build is, on stderr: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from search.output.world import World

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 0.5
"""Seconds before there is anything to see: what is quicker needs no bar."""

LINE_EVERY = 10.0
"""Seconds between two lines where stderr is no terminal."""


class Meter:
    """A progress callback for `search.indexing.update`, and the bar it moves; `checked` is for a check."""

    def __init__(self, world: World, what: str = "indexing") -> None:
        self.world = world
        self.what = what
        self.started = time.monotonic()
        self.shown = self.started + PATIENCE
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the bar away; it comes back with the next step."""
        if self.bar:
            self.bar.stop()
            self.bar = None

    def __call__(self, done: int, total: int, articles: int) -> None:
        """Show that `done` of `total` bytes were read and `articles` added."""
        now = time.monotonic()
        finishing = done >= total and now - self.started > PATIENCE
        if now < self.shown and not finishing:
            return
        if self.world.stderr_terminal:
            self.shown = now + 0.1
            self._draw(done, total, articles)
        elif now - self.started > LINE_EVERY:
            self.shown = now + LINE_EVERY
            read = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB, {articles:,} articles"
            if self.what != "indexing":
                read = f"{self.what}: {done:,} of {total:,} articles"
            self.world.tell(read)

    def checked(self, done: int, total: int) -> None:
        """Show that `done` of `total` articles were looked at."""
        self(done, total, done)

    def _draw(self, done: int, total: int, articles: int) -> None:
        if self.bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%  {task.fields[articles]:,} articles"),
                TextColumn("{task.fields[rate]:,.0f}/s"),
                TimeRemainingColumn(),
                console=Console(
                    file=self.world.stderr, width=self.world.width, no_color=not self.world.colour
                ),
                transient=True,
            )
            self.bar.start()
            self.task = self.bar.add_task(self.what, total=total, articles=0, rate=0.0)
        assert self.task is not None
        # All was read; the last articles are being analysed, and segments merged.
        what = "finishing" if done >= total else self.what
        rate = articles / max(time.monotonic() - self.started, 1e-3)
        self.bar.update(
            self.task, description=what, completed=done, total=total, articles=articles, rate=rate
        )
