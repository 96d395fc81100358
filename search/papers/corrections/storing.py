"""Keeping and taking back the corrections of one paper."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shlex import quote

from search.model.errors import RequestError
from search.model.path_spelling import kept as spelling_of
from search.model.path_spelling import shown as people
from search.model.path_spelling import shown_raw
from search.model.told_commands import sou
from search.papers.corrections.kept import MOST_BYTES, Correction, dumped, parsed
from search.papers.corrections.places import Corrections, read
from search.system.files import replacing


def stored(paper: str, places: Corrections) -> list[Correction]:
    """Return the corrections of a paper. Raises RequestError where their file cannot be used."""
    place = places.of(paper)
    if not place:
        return []
    try:
        return parsed(read(place))
    except OSError as exc:
        raise RequestError(
            f"{place} cannot be read: {exc.strerror or exc}", _take_back(paper)
        ) from exc
    except ValueError as exc:
        raise RequestError(f"{place}: {exc}", _take_back(paper)) from exc


def _take_back(paper: str) -> str:
    return f"mend it, or take it back: {sou(f'correct {quote(shown_raw(paper))} --remove')}"


def store(corrections: Sequence[Correction], paper: str, places: Corrections) -> str:
    """Keep the corrections of a paper beside it, or else in the folder; return where.

    Raises RequestError where neither can be written.
    """
    data = dumped(corrections, people(spelling_of(Path(paper).name))).encode()
    if len(data) > MOST_BYTES:
        raise RequestError(
            f"its corrections have more than {MOST_BYTES >> 20} MB", "split it into smaller files"
        )
    try:
        parsed(data)
    except ValueError as exc:
        raise RequestError(f"the correction would not be read again: {exc}") from exc
    beside, mirrored = map(Path, places.places(paper))
    # Who may not read the paper does not read its headlines either.
    mode = Path(paper).stat().st_mode & 0o666
    try:
        _write(beside, data, mode)
    except OSError as exc:
        if os.path.lexists(beside):
            raise RequestError(
                f"{beside} is there and cannot be replaced: {exc.strerror or exc}",
                "make its folder writable, or remove it",
            ) from exc
        try:
            mirrored.parent.mkdir(parents=True, exist_ok=True)
            _write(mirrored, data, mode)
        except OSError as exc:
            raise RequestError(
                f"the correction cannot be kept: {mirrored}: {exc.strerror or exc}",
                "give the paper a shorter name"
                if exc.errno == errno.ENAMETOOLONG
                else 'name a folder that can be written: corrections = "FOLDER" in sou.toml',
            ) from exc
        return str(mirrored)
    with suppress(OSError):  # what was kept while the paper's folder could not be written
        mirrored.unlink()
    return str(beside)


def _write(place: Path, data: bytes, mode: int) -> None:
    with replacing(place, mode | 0o600) as file:
        file.write(data)


def remove(paper: str, places: Corrections) -> list[str]:
    """Take back the corrections of a paper; return what was there. Raises RequestError."""
    there = [place for place in places.places(paper) if os.path.lexists(place)]
    for place in there:
        try:
            Path(place).unlink()
        except OSError as exc:
            raise RequestError(f"{place} cannot be removed: {exc.strerror or exc}") from exc
    return there
