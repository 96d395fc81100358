"""The commit: how a change becomes the index, in an order that any failure may interrupt.

`sou.json` is the one commit point. Until it is replaced every file of a change has a name of
its own that nothing leads to; from then on the change is the index. Each thing that another
depends on is forced to the disk before that other is written: files, and the names of files
in their folders. docs/index-format.md says what a reader may see after each step.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from search.engines.port import Prepared, Writer
from search.engines.registry import storage_of
from search.model.errors import IndexBusy, IndexUnwritable
from search.model.told_commands import sou
from search.storage.lock import LOCK, WRITER
from search.system.checksums import (
    MOST_BYTES_OF_STATE,
    STATE,
    Stamp,
    files_name,
    is_generation,
    segments_name,
    write_new,
)
from search.system.files import is_folder, is_leftover, read_regular, replacing, sync, sync_folder

PROTOCOL = (
    "sync_segments",
    "write_segments",
    "write_files",
    "sync_generation",
    "sync_place",
    "replace_state",
    "sync_state",
    "tell_others",
    "clear",
)
"""The steps of a commit, in their order: each is a method of `Commit`."""


class Commit:
    """One change to an index, made by `run`: all of it, or nothing.

    `state` returns sou.json, given the stamps of the two lists. `before` is what sou.json said
    when the change began, if it could be read: it must still say that, or somebody else has
    changed the index.
    `fresh` are folders that were made for it, outermost first.
    """

    def __init__(
        self,
        place: Path,
        generation: str,
        number: int,
        *,
        writer: Writer,
        files: Iterable[bytes],
        state: Callable[[Stamp, Stamp], bytes],
        before: bytes | None,
        fresh: Sequence[Path] = (),
    ) -> None:
        self._place = place
        self._folder = place / generation
        self._number = number
        self._writer = writer
        self._files = files
        self._state = state
        self._before = before
        self._fresh = fresh
        self._written: list[Path] = []
        self._prepared = Prepared()
        self._text = b""
        self._over = False
        self._segments = self._listed = Stamp()

    def run(self) -> None:
        """Make the change.

        Raises OSError, IndexUnwritable or IndexBusy; `made` then says whether it is made.
        """
        try:
            self._prepared = self._writer.prepare(self._number)
            for step in PROTOCOL:
                getattr(self, step)()
            self._over = True
        except BaseException:
            if self.made() is False:
                for path in self._written:
                    with suppress(OSError):
                        path.unlink()
            raise

    def made(self) -> bool | None:
        """Return whether the change is the index now; None where that cannot be told."""
        if self._over:
            return True
        if not self._text:
            return False
        try:
            return read_regular(self._place / STATE, MOST_BYTES_OF_STATE) == self._text
        except FileNotFoundError:
            return False
        except OSError:
            return None

    # The steps.

    def sync_segments(self) -> None:
        """Have what the engine wrote on the disk."""
        for path in self._prepared.fresh:
            sync(path)

    def write_segments(self) -> None:
        """Write the list of the engine's files, and have it on the disk."""
        self._segments = self._write(segments_name(self._number), [self._prepared.listed])

    def write_files(self) -> None:
        """Write the list of papers, and have it on the disk."""
        self._listed = self._write(files_name(self._number), self._files)

    def _write(self, name: str, parts: Iterable[bytes]) -> Stamp:
        path = self._folder / name
        try:
            stamp = write_new(path, parts)
        except FileExistsError as exc:
            raise self._overtaken(f"{path.name} is there already") from exc
        self._written.append(path)
        return stamp

    def sync_generation(self) -> None:
        """Have the names of all these files on the disk."""
        sync_folder(self._folder)

    def sync_place(self) -> None:
        """Have the names of the folders on the disk that were made for this change."""
        for folder in self._fresh:
            sync_folder(folder.parent)
        sync_folder(self._place)

    def replace_state(self) -> None:
        """Replace sou.json: from here on the change is the index."""
        self._text = self._state(self._segments, self._listed)
        if len(self._text) > MOST_BYTES_OF_STATE:
            raise IndexUnwritable(f"{STATE} would have more than {MOST_BYTES_OF_STATE >> 20} MB")
        if self._before is not None and self._now() != self._before:
            raise self._overtaken(f"{STATE} was replaced meanwhile")
        with replacing(self._place / STATE) as file:
            file.write(self._text)

    def _now(self) -> bytes:
        """Return what sou.json holds; nothing where there is none. Raises OSError."""
        try:
            return read_regular(self._place / STATE, MOST_BYTES_OF_STATE)
        except FileNotFoundError:
            return b""

    def sync_state(self) -> None:
        """Have that on the disk before what the index was before is taken away."""
        try:
            sync_folder(self._place)
        except OSError as exc:
            raise IndexUnwritable(
                f"the change is made, but a power cut could undo it: {exc.strerror or exc}",
                f"when the disk works again, {sou('index')} makes it permanent",
            ) from exc

    def tell_others(self) -> None:
        """Write what other programs read; nothing that goes wrong here is a failure of sou."""
        with suppress(Exception):
            self._writer.commit()

    def clear(self) -> None:
        """Take away what nothing names any more; what cannot go now goes with the next change."""
        with suppress(Exception):
            clear(self._place, self._folder.name, self._number, self._prepared.names)

    def _overtaken(self, what: str) -> IndexBusy:
        return IndexBusy(
            f"another process has changed the index while this one did: {what}",
            f"what the other one wrote is the index; run {sou('index')} again, one at a time",
        )


def glance(path: Path) -> bytes | None:
    """Return what sou.json holds; nothing where there is none, None where it cannot be read."""
    try:
        return read_regular(path, MOST_BYTES_OF_STATE)
    except FileNotFoundError:
        return b""
    except OSError:
        return None


# What is left over.


def leftovers(place: Path, generation: str, number: int, names: frozenset[str]) -> Iterator[Path]:
    """Yield what has a name of ours and is named by nothing.

    `names` are the engine's files of the current generation that count. Links are no folders
    of ours, and what has no name of ours is not touched.
    """
    is_ours = storage_of(str(place)).is_ours

    for path in place.iterdir():
        if is_leftover(path.name) or _is_old(path, generation):
            yield path
    named = {*names, segments_name(number), files_name(number)}
    for path in (place / generation).iterdir():
        ours = _LISTS.fullmatch(path.name) or is_ours(path.name) or is_leftover(path.name)
        if ours and path.name not in named:
            yield path


def is_unfinished(place: Path) -> bool:
    """Return whether a folder holds what a first build left, and nothing else.

    A power cut may keep any part of what was written, without the lock too.
    """
    is_ours = storage_of(str(place)).is_ours

    for path in place.iterdir():
        if path.name in {LOCK, WRITER} or is_leftover(path.name):
            continue
        if not _is_old(path, ""):
            return False
        names = [entry.name for entry in path.iterdir()]
        if not all(_LISTS.fullmatch(name) or is_ours(name) or is_leftover(name) for name in names):
            return False
    return True


def foreign(folder: Path) -> list[str]:
    """Return the names of what lies in a folder that is no index; none of an empty one.

    Hidden files do not count: file managers leave them everywhere. Raises OSError.
    """
    names = {entry.name for entry in folder.iterdir()}
    if {STATE, "write.lock"} & names or is_unfinished(folder):
        return []
    return sorted(name for name in names if not name.startswith("."))


def was_index(place: Path) -> bool:
    """Return whether a folder without sou.json once had one.

    Whoosh's table tells that, which is written behind the commit, and so do lists of a second
    change: the first was over before they were written.
    """
    proves_commit = storage_of(str(place)).proves_commit

    return any(number > 1 for number, _ in _lists(place)) or any(
        proves_commit(path.name) for path in _in_generations(place)
    )


def lists_of_papers(place: Path) -> list[Path]:
    """Return the lists of papers in all generations, the last first."""
    found = [(number, path) for number, path in _lists(place) if path.name.startswith("files")]
    return [path for _, path in sorted(found, reverse=True)]


def _lists(place: Path) -> Iterator[tuple[int, Path]]:
    """Yield the lists in all generations, with the number of the change that made each."""
    for path in _in_generations(place):
        if known := _LISTS.fullmatch(path.name):
            yield int(known["number"] or 0), path


def _in_generations(place: Path) -> Iterator[Path]:
    with suppress(OSError):
        for folder in place.iterdir():
            if _is_old(folder, ""):
                yield from folder.iterdir()


def clear(place: Path, generation: str, number: int, names: frozenset[str]) -> None:
    """Remove what is left over. Raises OSError where the folders cannot be looked through."""
    for path in [*leftovers(place, generation, number, names)]:
        remove(path)


def clear_all(place: Path) -> None:
    """Remove all generations, and files not yet in place, where there is no sou.json."""
    for path in [*place.iterdir()]:
        if is_leftover(path.name) or _is_old(path, ""):
            remove(path)


def clear_fresh(place: Path) -> None:
    """Remove files not yet in place from an index folder."""
    for path in [*place.iterdir()]:
        if is_leftover(path.name):
            remove(path)


def remove(path: Path) -> None:
    """Remove a file or a folder as far as that can be."""
    if is_folder(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108


def _is_old(path: Path, current: str) -> bool:
    return is_generation(path.name) and path.name != current and is_folder(path)


_LISTS = re.compile(r"(?:segments|files)(?:\.(?P<number>[1-9][0-9]{0,18}))?\.json")
"""Names of lists, those of earlier formats among them."""
