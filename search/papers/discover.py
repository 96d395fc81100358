# Files are handled with os: a Path for each of 100,000 entries is slow, and Path.resolve would
# follow links the user means to name.
# ruff: noqa: PTH100, PTH112, PTH116, PTH119
"""From a file or folder named by the user to the paper files in it."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from search.model.errors import RequestError
from search.model.path_spelling import kept
from search.papers.formats import EXTENSIONS, PACKED, accepts
from search.papers.problem import Problem
from search.system.files import inside

_Identity = tuple[int, int]
_Child = tuple[str, str, bool, bool, bool]
"""Where an entry of a folder is, how it is shown, whether it is a paper by its name, whether it
is a link, and whether a correction is beside it."""

CORRECTION = ".sou"
"""What the name of a paper's correction has more than that of the paper."""


@dataclass(frozen=True, slots=True)
class PaperFile:
    r"""A file to read: `path` is absolute and usable, `shown` is spelled as the user gave it.

    Bytes of a file name that are not UTF-8 are written `\\xNN` in `shown`, so that it can be
    stored and printed anywhere. `status` is what the walk saw of it, if one was made. `named`
    is what the ids of its articles are made of, where that is not how it is shown. `corrected`
    says that a correction is beside it.
    """

    place: str | os.PathLike[str]
    shown: str
    status: os.stat_result | None = field(default=None, compare=False)
    named: str = ""
    corrected: bool = field(default=False, compare=False)

    @property
    def path(self) -> Path:
        """Where it is."""
        # Made when it is asked for: 100,000 of them take a second.
        return Path(self.place)


@dataclass(frozen=True, slots=True)
class LinkOut:
    """A link that leads out of the folder that is walked, and was not followed."""

    place: str
    shown: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A correction, and beside it no paper of its name: that was renamed, moved or removed."""

    paper: str
    shown: str


Found = PaperFile | Problem | LinkOut | Stray


def walk(
    root: Path,
    shown: str,
    *,
    follow_links: bool = False,
    skipped: Counter[tuple[str, str]] | None = None,
) -> Iterator[Found]:
    """Return the paper files under `root`, in the same sorted order every time.

    Hidden names (leading dot) and editor backups (trailing `~`) are skipped, and so is
    everything with an extension no reader accepts; `root` itself may be hidden, or a link.
    Links below it are followed where they lead to something in `root`; one that leads out of
    it, and that would be read, is a LinkOut, for whoever made the folder may have chosen what
    it leads to. With `follow_links` all are followed. Files and folders are known by device
    and inode, so a link back to a folder already read ends there, and no file is listed twice.
    Nothing is opened, so a pipe or a device can't block the walk. What cannot be reached
    becomes a Problem; a correction whose paper is not beside it is a Stray; a `root` that is
    not there raises RequestError, at the call rather than at the first item. `skipped` counts,
    by folder and kind, the files that are of no kind that is read.
    """
    top = os.path.abspath(root)
    shown = kept(shown)
    try:
        status = os.stat(top)
    except (FileNotFoundError, NotADirectoryError):
        raise RequestError(
            f"no such file or folder: {shown}",
            "check the spelling, and that its disk is mounted",
        ) from None
    except OSError as exc:
        return iter([Problem(shown, _reason(exc))])
    if stat.S_ISDIR(status.st_mode):
        within = "" if follow_links else os.path.realpath(top)
        return _walk_folder(top, shown.rstrip("/" + os.sep), status, within, skipped)
    return iter([_named_file(top, shown, status)])


def _named_file(path: str, shown: str, status: os.stat_result) -> PaperFile | Problem:
    """Return the file the user named, or why it is not read: silence would puzzle."""
    if not stat.S_ISREG(status.st_mode):
        return Problem(shown, "not a file that can be read (a pipe, a socket or a device)")
    if not accepts(os.path.basename(path)):
        return Problem(shown, f"not a kind of file sou reads ({' '.join(sorted(EXTENSIONS))})")
    return PaperFile(path, shown, status, corrected=os.path.lexists(path + CORRECTION))


def _walk_folder(
    top: str,
    shown: str,
    status: os.stat_result,
    within: str,
    skipped: Counter[tuple[str, str]] | None,
) -> Iterator[Found]:
    """Walk depth first, by name, following links that lead to something in `within`, if any.

    Not to what is hidden there: a link would show what the walk leaves out.

    The stack holds what is still to visit, the next one last.
    """
    seen: set[_Identity] = {(status.st_dev, status.st_ino)}
    stack: list[_Child] = []
    yield from _push_children(stack, top, shown, skipped)
    while stack:
        path, name, paper, link, corrected = stack.pop()
        if link and within and not is_open_in(within, os.path.realpath(path)):
            if paper or os.path.isdir(path):
                yield LinkOut(path, name)
            continue
        try:
            # What was no link when it was listed is not followed if it has become one.
            status = os.stat(path, follow_symlinks=link)
        except OSError as exc:
            yield Problem(name, _reason(exc, link=link))
            continue
        identity = (status.st_dev, status.st_ino)
        if identity in seen:
            continue
        if stat.S_ISDIR(status.st_mode):
            seen.add(identity)
            yield from _push_children(stack, path, name, skipped)
        elif paper and stat.S_ISREG(status.st_mode):
            seen.add(identity)
            yield PaperFile(path, name, status, corrected=corrected)
        elif skipped is not None and not paper and not _is_ours(os.path.basename(path)):
            folder, base = os.path.split(path)
            skipped[folder, kind_of(base)] += 1  # behind a link


def is_open_in(place: str, path: str) -> bool:
    """Return whether a real path lies in a folder, and in nothing that is hidden there."""
    if not inside(path, place):
        return False
    return f"{os.sep}." not in path[len(place.rstrip(os.sep)) :]


def _push_children(
    stack: list[_Child],
    folder: str,
    shown: str,
    skipped: Counter[tuple[str, str]] | None,
) -> Iterator[Problem | Stray]:
    """Put what may be read in `folder` on the stack; yield a Problem if it cannot be listed."""
    children: list[tuple[str, str, bool, bool]] = []
    notes: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") or name.endswith("~"):
                    continue
                if name.endswith(CORRECTION):
                    notes.add(name)
                # Only plain files of another kind can be left out here; a link may lead anywhere.
                paper = accepts(name)
                link = entry.is_symlink()
                if paper or link or entry.is_dir(follow_symlinks=False):
                    children.append((name, entry.path, paper, link))
                elif skipped is not None and not _is_ours(name):
                    skipped[folder, kind_of(name)] += 1
    except OSError as exc:
        yield Problem(shown or "/", _reason(exc))
        notes = set()
    if notes:
        names = {child[0] for child in children}
        for known in sorted({note.removesuffix(CORRECTION) for note in notes} - names):
            place = os.path.join(folder, known)  # noqa: PTH118
            if accepts(known) and not os.path.isdir(place + CORRECTION):
                yield Stray(place, f"{shown}/{kept(known)}{CORRECTION}")
    children.sort(reverse=True)
    stack.extend(
        (path, f"{shown}/{kept(name)}", paper, link, f"{name}{CORRECTION}" in notes)
        for name, path, paper, link in children
    )


_KIND = re.compile(r"\.[a-z0-9_-]{1,10}")
_OURS = frozenset({"sou.toml", "Thumbs.db", "desktop.ini"})


def _is_ours(name: str) -> bool:
    """Return whether a file is no paper that is passed over: settings, a correction, a listing."""
    return name.endswith(CORRECTION) or name in _OURS


def kind_of(name: str) -> str:
    """Return the extension of a file as it is counted, or an empty string: `.jpg`, `.log.gz`."""
    stem, dot, extension = name.rpartition(".")
    kind = f"{dot}{extension.lower()}"
    if not stem or not _KIND.fullmatch(kind):
        return ""
    return kind_of(stem) + kind if kind in PACKED else kind


def _reason(exc: OSError, *, link: bool = False) -> str:
    if link and isinstance(exc, FileNotFoundError):
        return "a broken link"
    return (exc.strerror or str(exc)).lower()
