"""The list of segments that are the index.

Each change writes a list of its own, which sou.json then names. It tells of each segment the
size and the checksum of its table, so that no file can take the place of another. And it says
what is to be in Whoosh's own table (`whoosh_table`), which is written when the change is made.

Anybody may have written the list of an index that came from elsewhere: what it says is
looked at before it is believed, above all the names of files.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from search.engines.whoosh.codec.checked_file import File, unreadable
from search.engines.whoosh.codec.container import Container, FormatError
from search.engines.whoosh.codec.segment_reader import Segment
from search.model.article import ARTICLE, PAGE, Kind
from search.model.errors import IndexUnwritable
from search.model.frozen import frozen, replace
from search.system.checksums import (
    Stamp,
    Wrong,
    is_number,
    read_stamped,
    segments_name,
    stamp_of,
    table_of,
)
from search.system.files import parse_json

MOST_BYTES = 16 << 20
"""Of a list: the bitmaps of a hundred million documents of which any may be deleted."""

MOST_DOCUMENTS = 1 << 32


@frozen
class Listed:
    """A segment: its file, its documents, and a bitmap of the deleted ones (or nothing).

    Articles and records of pages are in segments apart: `kind` says what is in this one.

    `size` is that of the file, `crc` the checksum of the table at its end; a change that is
    not yet prepared has no size of its own segments.
    """

    name: str
    count: int
    deleted: bytes = b""
    size: int = 0
    crc: int = 0
    kind: Kind = ARTICLE

    @property
    def live(self) -> int:
        """The number of documents that are not deleted."""
        return self.count - sum(byte.bit_count() for byte in self.deleted)


@frozen
class Manifest:
    """The segments of an index after the change of a number, and the stamp of Whoosh's table.

    `segments` are those of articles, `pages` those of the records of pages, which Whoosh's table
    does not name.
    """

    number: int = 0
    segments: tuple[Listed, ...] = ()
    table: Stamp = Stamp()
    pages: tuple[Listed, ...] = ()

    @property
    def all(self) -> tuple[Listed, ...]:
        """The segments of either kind."""
        return self.segments + self.pages

    @property
    def table_name(self) -> str:
        """The name of Whoosh's table."""
        return f"_MAIN_{self.number}.toc"

    @property
    def names(self) -> frozenset[str]:
        """The names of the engine's files that count."""
        return frozenset({self.table_name, *(segment.name for segment in self.all)})

    def listed(self) -> bytes:
        """Return what the list says. Raises IndexUnwritable for more than can be read again."""
        data = {
            "change": self.number,
            "segments": [*map(_entry, self.segments)],
            "table": [*self.table.as_tuple()],  # type: ignore[attr-defined]
            "pages": [*map(_entry, self.pages)],
        }
        text = json.dumps(data).encode("ascii")
        if len(text) > MOST_BYTES:  # nobody could read it again
            name = segments_name(self.number)
            raise IndexUnwritable(f"{name} would have more than {MOST_BYTES >> 20} MB")
        return text


def read_manifest(path: Path, number: int, stamp: Stamp) -> Manifest:
    """Read the list in a file.

    Raises FileNotFoundError where there is none, FormatError for what is not the list that was
    stamped, or what sou did not write.
    """
    name = path.name
    if stamp.size > MOST_BYTES:
        raise FormatError(f"{name}: more than {MOST_BYTES >> 20} MB")
    try:
        data = parse_json(b"".join(read_stamped(path, stamp)))
        values = table_of(data, "it")
        if values.get("change") != number or type(values["change"]) is not int:
            raise Wrong("the number of its change is another")
        if not isinstance(values.get("segments"), list):
            raise Wrong("the list of segments is missing")
        pages = values.get("pages", [])  # an older list has none
        if not isinstance(pages, list):
            raise Wrong("the list of the segments of pages is none")
        segments = tuple(map(_listed, values["segments"]))
        of_pages = tuple(replace(_listed(entry), kind=PAGE) for entry in pages)
        if len({each.name for each in segments + of_pages}) != len(segments + of_pages):
            raise Wrong("a segment is named twice")
        return Manifest(number, segments, stamp_of(values.get("table"), "Whoosh"), of_pages)
    except FileNotFoundError:
        raise
    except OSError as exc:
        raise unreadable(name, exc) from exc
    except ValueError as exc:
        raise FormatError(f"{name}: {exc}") from exc


def seal(folder: Path, listed: Listed) -> Listed:
    """Return a segment with the size and the checksum of its file. Raises FormatError, OSError."""
    with Container(folder / listed.name) as container:
        return replace(listed, size=container.size, crc=container.checksum)


def open_segments(folder: Path, listed: Iterable[Listed]) -> list[Segment]:
    """Open segments, all or none. Raises FormatError or OSError."""
    return _opened(folder, ((one, None) for one in listed))


def _opened(folder: Path, files: Iterable[tuple[Listed, File | None]]) -> list[Segment]:
    """Open segments, all or none, each with its file where that is open already."""
    opened: list[Segment] = []
    try:
        for one, file in files:
            opened.append(Segment(folder, one.name, one.deleted, one.kind, file))
            _refuse_other(opened[-1], one)
    except BaseException:
        for segment in opened:
            segment.close()
        raise
    return opened


class Reserved:
    """Segments of which nothing is read before somebody asks for them.

    Their files are open: who asks later gets what was listed, whatever a writer does meanwhile.
    """

    def __init__(self, folder: Path, listed: Iterable[Listed]) -> None:
        """Open the files, all or none. Raises FormatError or OSError."""
        self._folder = folder
        self._files: list[tuple[Listed, File]] = []
        try:
            for one in listed:
                self._files.append((one, File(folder / one.name)))
        except BaseException:
            self.close()
            raise

    def open(self) -> list[Segment]:
        """Open the segments, which are then the caller's to close. Raises FormatError."""
        return _opened(self._folder, self._handed_over())

    def _handed_over(self) -> Iterator[tuple[Listed, File]]:
        """Yield each segment with its file, which from then on is not closed here."""
        while self._files:
            yield self._files.pop(0)

    def close(self) -> None:
        """Let go of the files of segments that nobody asked for."""
        for _, file in self._files:
            file.close()
        self._files.clear()


def _refuse_other(segment: Segment, listed: Listed) -> None:
    """Raise FormatError for a segment that is not the one listed."""
    container = segment.container
    if listed.size and (container.size, container.checksum) != (listed.size, listed.crc):
        raise container.wrong("it is another segment than the one listed")
    if segment.count != listed.count:
        raise container.wrong(f"it has {segment.count} articles, not {listed.count} as listed")


def is_segment(name: str) -> bool:
    """Return whether a name is one that the writer gives to a segment, and so no path."""
    middle = name[5:-4]
    return name == f"MAIN_{middle}.sou" and 20 <= len(middle) <= 32 and _only(middle, _HEX)


_HEX = "0123456789abcdef"


def _only(text: str, characters: str) -> bool:
    return not text.strip(characters)  # of what is left, the first and the last are others


def _is_number(value: object, end: int) -> bool:
    """Return whether a value is a whole number from 0 to `end` (and not True)."""
    return type(value) is int and 0 <= value < end


def _entry(segment: Listed) -> list[str | int]:
    """Return what the list is to say of a segment."""
    deleted = _packed(segment.deleted)
    return [segment.name, segment.count, deleted, segment.size, segment.crc]


def _listed(entry: object) -> Listed:
    """Return what the list says of a segment. Raises Wrong."""
    if not (isinstance(entry, list) and len(entry) == 5):
        raise Wrong("an entry is not a segment")
    name, count, deleted, size, crc = entry
    if not (isinstance(name, str) and is_segment(name)):
        raise Wrong("a segment has a name that sou does not give")
    if not _is_number(count, MOST_DOCUMENTS):
        raise Wrong(f"{name} has an impossible number of articles")
    if not isinstance(deleted, str):
        raise Wrong(f"the deleted articles of {name} are no text")
    if not (is_number(size) and size and _is_number(crc, 1 << 32)):
        raise Wrong(f"the size and checksum of {name} are none")
    return Listed(name, count, _unpacked(deleted, count, name), size, crc)


def _packed(bitmap: bytes) -> str:
    return base64.b64encode(zlib.compress(bitmap)).decode() if bitmap else ""


def _unpacked(text: str, count: int, name: str) -> bytes:
    """Return a bitmap of `count` bits. Raises Wrong for one of any other length."""
    if not text:
        return b""
    size = (count + 7) // 8
    unpacking = zlib.decompressobj()
    try:
        # One byte more than there should be is enough to see that there are too many.
        # (A limit of 0 would be none.)
        bitmap = unpacking.decompress(base64.b64decode(text, validate=True), size + 1)
    except (binascii.Error, ValueError, zlib.error) as exc:
        raise Wrong(f"the deleted articles of {name} cannot be read") from exc
    whole = unpacking.eof and len(bitmap) == size
    if not whole or (count & 7 and bitmap[-1] >> (count & 7)):
        raise Wrong(f"{name} has not as many articles as deletions tell of")
    return bitmap
