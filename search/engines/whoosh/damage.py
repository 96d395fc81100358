"""Telling a damaged index from a fault of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from search.engines.whoosh.codec.checked_file import FormatError, UnreadableError
from search.model.errors import IndexDamaged, SouError
from search.model.told_commands import sou

if TYPE_CHECKING:
    from search.engines.whoosh.codec.segment_reader import Segment


def how_to_repair() -> str:
    """Say what to do about a damaged index."""
    repair, rebuild = sou("check --repair"), sou("index --rebuild")
    return f"repair it from the papers: {repair}; or rebuild it: {rebuild}"


@contextmanager
def refusing_damage(segments: Sequence[Segment]) -> Iterator[None]:
    """Raise IndexDamaged, naming the file, where reading some segments fails because of them.

    Whatever else goes wrong makes us read them whole: if they are sound, the error is ours.
    """
    try:
        yield
    except (SouError, OSError, ImportError):  # reading a segment raises no OSError
        raise
    except FormatError as exc:
        raise refused(exc) from exc
    except Exception as exc:
        for segment in segments:
            if faults := faults_of(segment):
                raise damaged(faults[0]) from exc
        raise


def faults_of(
    segment: Segment, *, stored: bool = True, tick: Callable[[int], None] = lambda _: None
) -> list[str]:
    """Read a segment whole and return what is wrong with it, a line each that names the file.

    Without `stored`, the articles are not taken apart; `tick` is told how many more have been.
    """
    try:
        broken = segment.container.faults()
    except FormatError as exc:
        return [str(exc)]
    if not broken:
        from search.engines.whoosh.codec.verify import verify

        broken = verify(segment, stored=stored, tick=tick)
    return [f"{segment.name}: {fault}" for fault in broken]


def refused(exc: FormatError) -> IndexDamaged:
    """Return the error that says why a segment is not believed, or cannot be read."""
    if not isinstance(exc, UnreadableError):
        return damaged(str(exc))
    return IndexDamaged(
        f"the index cannot be read: {exc}",
        "look at the disk and at who may read the file; if it stays so, rebuild the index"
        f" from the papers: {sou('index --rebuild')}",
    )


def damaged(what: str) -> IndexDamaged:
    """Return the error that says what is wrong with an index."""
    return IndexDamaged(f"the index is damaged: {what}", how_to_repair())
