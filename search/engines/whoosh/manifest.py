"""The list of segments that are the index: segments.json, and Whoosh's own table beside it.

segments.json is what sou reads; it is replaced atomically, and that is the commit. Whoosh's
table of contents names the same segments, so that Whoosh's `open_dir` reads the index too.

Anybody may have written the list of an index that came from elsewhere: what it says is
looked at before it is believed, above all the names of files.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from search.engines.whoosh.codec.container import FormatError
from search.engines.whoosh.codec.segment import Segment
from search.files import is_leftover, read_json, write_json
from search.record import record

NAME = "segments.json"

MOST_BYTES = 16 << 20
"""Of segments.json: the bitmaps of a hundred million documents of which any may be deleted."""

MOST_DOCUMENTS = 1 << 32
MOST_CHANGES = 1 << 53


@record
class Listed:
    """A segment: its file, its documents, and a bitmap of the deleted ones (or nothing)."""

    name: str
    count: int
    deleted: bytes = b""

    @property
    def live(self) -> int:
        """The number of documents that are not deleted."""
        return self.count - sum(byte.bit_count() for byte in self.deleted)


class Manifest:
    """The segments of an index. `generation` counts its changes."""

    def __init__(self, folder: Path, generation: int = 0, segments: Sequence[Listed] = ()) -> None:
        self.folder = folder
        self.generation = generation
        self.segments = list(segments)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the list in a folder.

        Raises FileNotFoundError where there is none, FormatError for what sou did not write.
        """
        try:
            data = read_json(folder / NAME, MOST_BYTES)
        except ValueError as exc:
            raise FormatError(f"{NAME}: {exc}") from exc
        generation, listed = _field(data, "generation"), _field(data, "segments")
        if not _is_number(generation, MOST_CHANGES):
            raise FormatError(f"{NAME}: the number of its changes is wrong")
        if not isinstance(listed, list):
            raise FormatError(f"{NAME}: there is no list of segments")
        segments = [_listed(entry) for entry in listed]
        if len({segment.name for segment in segments}) != len(segments):
            raise FormatError(f"{NAME}: a segment is named twice")
        return cls(folder, generation, segments)

    def replace(self, segments: list[Listed]) -> None:
        """Make these the segments of the index, and clear away the files of others."""
        self.generation += 1
        self.segments = segments
        data = {
            "generation": self.generation,
            "segments": [[s.name, s.count, _packed(s.deleted)] for s in segments],
        }
        write_json(self.folder / NAME, data, MOST_BYTES)
        # The change is made. What is left is for Whoosh and for tidiness, and the next change
        # does it again: nothing that goes wrong here may look like a failure.
        with suppress(Exception):
            self._tell_whoosh()
        with suppress(Exception):
            self.clear()

    def _tell_whoosh(self) -> None:
        from search.engines.whoosh.codec.adapter import write_contents

        write_contents(self.folder, self.generation, self.segments)

    def clear(self) -> None:
        """Remove the segment files and Whoosh tables that nothing names, and what a crash left."""
        named = {f"_MAIN_{self.generation}.toc", *(segment.name for segment in self.segments)}
        for path in self.folder.iterdir():
            name = path.name
            ours = is_segment(name) or _is_table(name) or is_leftover(name)
            if ours and name not in named:
                with suppress(OSError):
                    path.unlink()


def open_segments(folder: Path, listed: Iterable[Listed]) -> list[Segment]:
    """Open segments, all or none. Raises FormatError or OSError."""
    opened: list[Segment] = []
    try:
        for one in listed:
            opened.append(Segment(folder, one.name, one.deleted))
            _refuse_other(opened[-1], one)
    except BaseException:
        for segment in opened:
            segment.close()
        raise
    return opened


def _refuse_other(segment: Segment, listed: Listed) -> None:
    """Raise FormatError for a segment that is not the one listed."""
    if segment.count != listed.count:
        raise FormatError(
            f"{listed.name} has {segment.count} articles, but {listed.count} by {NAME}"
        )


def is_segment(name: str) -> bool:
    """Return whether a name is one that the writer gives to a segment, and so no path."""
    middle = name[5:-4]
    return name == f"MAIN_{middle}.sou" and 20 <= len(middle) <= 32 and _only(middle, _HEX)


def _is_table(name: str) -> bool:
    """Return whether a name is one that Whoosh gives to its table of contents."""
    middle = name[6:-4]
    return name == f"_MAIN_{middle}.toc" and bool(middle) and _only(middle, "0123456789")


_HEX = "0123456789abcdef"


def _only(text: str, characters: str) -> bool:
    return not text.strip(characters)  # of what is left, the first and the last are others


def _is_number(value: object, end: int) -> bool:
    """Return whether a value is a whole number from 0 to `end` (and not True)."""
    return type(value) is int and 0 <= value < end


def _field(data: Any, name: str) -> Any:
    if not isinstance(data, dict) or name not in data:
        raise FormatError(f"{NAME} lacks {name}")
    return data[name]


def _listed(entry: Any) -> Listed:
    """Return what the list says of a segment. Raises FormatError."""
    if not (isinstance(entry, list) and len(entry) == 3):
        raise FormatError(f"{NAME}: an entry is no segment")
    name, count, deleted = entry
    if not (isinstance(name, str) and is_segment(name)):
        raise FormatError(f"{NAME}: a segment has a name that sou does not give")
    if not _is_number(count, MOST_DOCUMENTS):
        raise FormatError(f"{NAME}: {name} has an impossible number of articles")
    if not isinstance(deleted, str):
        raise FormatError(f"{NAME}: the deleted articles of {name} are no text")
    return Listed(name, count, _unpacked(deleted, count, name))


def _packed(bitmap: bytes) -> str:
    return base64.b64encode(zlib.compress(bitmap)).decode() if bitmap else ""


def _unpacked(text: str, count: int, name: str) -> bytes:
    """Return a bitmap of `count` bits. Raises FormatError for one of any other length."""
    if not text:
        return b""
    size = (count + 7) // 8
    unpacking = zlib.decompressobj()
    try:
        # One byte more than there should be is enough to see that there are too many.
        # (A limit of 0 would be none.)
        bitmap = unpacking.decompress(base64.b64decode(text, validate=True), size + 1)
    except (binascii.Error, ValueError, zlib.error) as exc:
        raise FormatError(f"{NAME}: the deleted articles of {name} cannot be read") from exc
    whole = unpacking.eof and len(bitmap) == size
    if not whole or (count & 7 and bitmap[-1] >> (count & 7)):
        raise FormatError(f"{NAME}: {name} has not as many articles as deletions tell of")
    return bitmap
