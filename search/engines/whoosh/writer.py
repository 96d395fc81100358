"""Changing an index: new segments, deletions and merges, all at once or not at all."""

from __future__ import annotations

import multiprocessing
import secrets
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

from search.article import Article
from search.engines.whoosh.codec import arrays
from search.engines.whoosh.codec.batch import BATCH_CHARACTERS, write_batch
from search.engines.whoosh.codec.merge import merge
from search.engines.whoosh.codec.segment import Segment
from search.engines.whoosh.manifest import Listed, Manifest
from search.errors import RequestError

Made = TypeVar("Made")

TIER = 8
"""Segments of about one size that are merged into one of the next size."""

SMALLEST = 1 << 20
"""Bytes below which a segment counts as of the smallest size."""


class WhooshWriter:
    """One change to an index; nothing of it is seen before `commit`."""

    def __init__(self, folder: Path, *, jobs: int = 1) -> None:
        """Begin a change to the index in `folder`; `jobs` processes analyse articles."""
        self._folder = folder
        empty = not any(folder.iterdir())
        self._manifest = Manifest(folder) if empty else Manifest.read(folder)
        self._old = [
            Segment(folder, listed.name, listed.deleted) for listed in self._manifest.segments
        ]
        self._removed: set[str] = set()
        self._batch: list[Article] = []
        self._size = 0
        self._new: list[Listed] = []
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._running: set[Future[Listed]] = set()
        self._began = 0
        self._names: list[str] = []

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles."""
        for article in articles:
            self._batch.append(article)
            self._size += len(article.body) + len(article.title)
            if self._size >= BATCH_CHARACTERS:
                self._flush()

    def _flush(self) -> None:
        """Write the batch as a segment, here or in a worker process."""
        if not self._batch:
            return
        batch, self._batch, self._size = self._batch, [], 0
        name = f"MAIN_{secrets.token_hex(8)}.sou"
        self._names.append(name)
        if self._jobs == 1:
            self._new.append(self._made(lambda: _write(self._folder, name, batch)))
            return
        if self._pool is None:
            # Spawned, not forked: a progress bar draws from a thread of its own.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._jobs, context, _ignore_interrupts)
        while len(self._running) > self._jobs:  # one batch each, and one to go on with
            self._collect(*wait(self._running, return_when=FIRST_COMPLETED))
        pool = self._pool
        self._running.add(self._made(lambda: pool.submit(_write, self._folder, name, batch)))

    def _collect(self, done: set[Future[Listed]], rest: set[Future[Listed]]) -> None:
        self._running = rest
        self._new += [self._made(future.result) for future in done]

    def _made(self, make: Callable[[], Made]) -> Made:
        """Return what `make` returns; what stops it stops the change, not one paper of it."""
        try:
            return make()
        except (OSError, BrokenExecutor, MemoryError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else ""
            raise RequestError(
                f"the index cannot be written: {reason or exc or type(exc).__name__}",
                "nothing was changed; give it room and memory (fewer --jobs take less)",
            ) from exc

    def remove(self, path: str) -> None:
        """Remove the articles of a path that the index holds."""
        self._removed.add(path)

    def _deleted(self, segment: Segment) -> bytes:
        """Return the bitmap of the deleted documents of a segment after this change."""
        paths = enumerate(segment.paths()) if self._removed else ()
        gone = {number for number, path in paths if path in self._removed}
        if not gone:
            return segment.deleted
        bits = bytearray(segment.deleted or bytes((segment.count + 7) // 8))
        for number in arrays.Scores(segment, arrays.Postings(segment).of_paths(gone)).numbers():
            bits[number >> 3] |= 1 << (number & 7)
        return bytes(bits)

    def commit(self) -> None:
        """Make the change: finish the segments, merge what has become many, name them."""
        self._flush()
        if self._pool:
            self._collect(*wait(self._running))
            self._pool.shutdown()
            self._pool = None
        order = {name: i for i, name in enumerate(self._names)}
        self._new.sort(key=lambda listed: order[listed.name])
        old = [Listed(s.name, s.count, self._deleted(s)) for s in self._old]
        for segment in self._old:
            segment.close()
        current = [listed for listed in old if listed.live]
        merged = self._merged(current + self._new, whole=not self._old)
        self._manifest.replace(merged)

    def _merged(self, segments: list[Listed], *, whole: bool) -> list[Listed]:
        """Merge neighbours until fewer than TIER of any size are left.

        `whole` makes one of all: an index just built is searched more than it is changed.
        """
        while True:
            all_ = whole and len(segments) > 1
            chosen = range(len(segments)) if all_ else _crowd(self._folder, segments)
            if not chosen:
                return segments
            opened = [Segment(self._folder, segments[i].name, segments[i].deleted) for i in chosen]
            name = f"MAIN_{secrets.token_hex(8)}.sou"
            self._names.append(name)
            count = merge(opened, self._folder / name, last=all_)
            for segment in opened:
                segment.close()
            segments[chosen.start : chosen.stop] = [Listed(name, count)]
            for segment in opened:
                if segment.name in self._names:
                    (self._folder / segment.name).unlink()

    def cancel(self) -> None:
        """Forget the change."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        for segment in self._old:
            segment.close()
        try:
            listed = {segment.name for segment in Manifest.read(self._folder).segments}
        except FileNotFoundError:
            listed = set()
        for name in set(self._names) - listed:  # what is listed was committed after all
            (self._folder / name).unlink(missing_ok=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that gave out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write(folder: Path, name: str, batch: list[Article]) -> Listed:
    return Listed(name, write_batch(folder / name, batch))


def _crowd(folder: Path, segments: list[Listed]) -> range:
    """Return the first TIER neighbours of one size or less, or an empty range.

    A segment most of which is deleted is a crowd by itself.
    """
    for i, listed in enumerate(segments):
        if listed.live * 2 < listed.count:
            return range(i, i + 1)
    sizes = [_tier(folder / listed.name, listed) for listed in segments]
    for i in range(len(sizes) - TIER + 1):
        if max(sizes[i : i + TIER]) == sizes[i]:
            return range(i, i + TIER)
    return range(0)


def _tier(path: Path, listed: Listed) -> int:
    size, tier = path.stat().st_size * listed.live // max(1, listed.count), 0
    while size > SMALLEST:
        size //= TIER
        tier += 1
    return tier
