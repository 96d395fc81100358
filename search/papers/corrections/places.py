"""Where the corrections of a paper are kept: beside it, or in a folder of corrections.

`1.txt.sou` is beside `1.txt`. Where nothing can be written beside a paper, it is in the folder of
corrections, under the way from the folder that holds the index, or under `@` and the whole path.
"""

# As in `discover`: asked of each of 100,000 papers.
# ruff: noqa: PTH100, PTH110, PTH113, PTH118

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from search.papers.corrections.kept import MOST_BYTES
from search.papers.discover import CORRECTION as SUFFIX
from search.papers.formats import accepts
from search.system.files import inside, read_regular

FOLDER_NAME = "corrections"
_ELSEWHERE = "@"


@dataclass(frozen=True, slots=True)
class Corrections:
    """The folder of corrections, which need not be there, and the folder that holds the index.

    Without one (an empty name), corrections are beside their papers alone.
    """

    folder: str
    beside: str

    def mirrored(self, paper: str) -> str:
        """Return where the correction of a paper is in the folder of corrections."""
        place = os.path.abspath(paper)
        if inside(place, self.beside):
            way = place[len(self.beside.rstrip(os.sep)) + 1 :]
        else:
            drive, rest = os.path.splitdrive(place)
            way = os.path.join(_ELSEWHERE, drive.replace(":", "").strip("\\/"), rest.lstrip(os.sep))
        return os.path.join(self.folder, way + SUFFIX)

    def places(self, paper: str) -> tuple[str, str]:
        """Return where the correction of a paper may be; the first that is there counts."""
        return paper + SUFFIX, self.mirrored(paper)

    def of(self, paper: str) -> str:
        """Return where the correction of a paper is, or an empty string."""
        places = self.places(paper) if self.folder else (paper + SUFFIX,)
        return next((place for place in places if os.path.lexists(place)), "")

    def mirrored_papers(self) -> dict[str, str]:
        """Return for each paper with a correction in the folder where that is."""
        found = {}
        for path in _below(self.folder):
            way = os.path.relpath(path, self.folder).removesuffix(SUFFIX)
            first, _, rest = way.partition(os.sep)
            # (Of a drive of Windows, as it is spelled in a path.)
            if first != _ELSEWHERE:
                paper = os.path.join(self.beside, way)
            elif os.name == "nt":
                paper = rest.replace(os.sep, ":" + os.sep, 1)
            else:
                paper = os.sep + rest
            found[paper] = path
        return found


def place_of(paper: str | os.PathLike[str]) -> str:
    """Return a path as the walk finds it: the folder that it really is in, and its own name."""
    folder, name = os.path.split(os.path.abspath(paper))
    return os.path.join(os.path.realpath(folder), name)


def beside_papers(root: str) -> dict[str, str]:
    """Return for each paper below a folder, or for a paper, the correction beside it."""
    if os.path.isfile(root) or not os.path.exists(root):
        return {root: root + SUFFIX} if os.path.lexists(root + SUFFIX) else {}
    return {path.removesuffix(SUFFIX): path for path in _below(root)}


def _below(root: str) -> Iterator[str]:
    """Yield files of corrections below a folder, in order; nothing hidden, and no link followed.

    A folder of such a name is among them: whoever is to read it says that it is one.
    """
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files + folders):
            if not name.startswith(".") and is_correction(name):
                yield os.path.join(folder, name)


def is_correction(name: str) -> bool:
    """Return whether a file is, by its name, the correction of a paper."""
    return name.endswith(SUFFIX) and accepts(name.removesuffix(SUFFIX))


def read(place: str) -> bytes:
    """Return what is in a file of corrections. Raises OSError, also for one that is too large."""
    return read_regular(place, MOST_BYTES)


def kept_at(place: str) -> tuple[str, str, str]:
    """Return what is in a file of corrections, what tells it from others, and why it cannot be used.

    Nothing is at an empty place.
    """
    if not place:
        return "", "", ""
    try:
        data = read(place)
    except OSError as exc:
        return "", "", f"its correction cannot be read: {exc.strerror or exc}"
    if not data:
        return "", mark_of(data), "its correction is not used: it is empty"
    try:
        return data.decode("utf-8"), mark_of(data), ""
    except UnicodeDecodeError:
        return "", mark_of(data), "its correction is not used: it is not UTF-8"


def mark(place: str) -> str:
    """Return what tells a file of corrections from any other; empty where none can be read."""
    if not place:
        return ""
    try:
        return mark_of(read(place))
    except OSError:
        return ""


def mark_of(data: bytes) -> str:
    """Return what tells a file of corrections from any other."""
    return blake2b(data, digest_size=16).hexdigest()
