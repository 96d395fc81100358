"""The list of segments that are the index: segments.json, and Whoosh's own table beside it.

segments.json is what sou reads; it is replaced atomically, and that is the commit. Whoosh's
table of contents names the same segments, so that Whoosh's `open_dir` reads the index too.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from search.record import record

NAME = "segments.json"


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
        """Read the list in a folder. Raises FileNotFoundError where there is none."""
        data = json.loads((folder / NAME).read_bytes())
        segments = [
            Listed(name, count, _unpacked(deleted, count))
            for name, count, deleted in data["segments"]
        ]
        return cls(folder, data["generation"], segments)

    def replace(self, segments: list[Listed]) -> None:
        """Make these the segments of the index, and clear away the files of others."""
        self.generation += 1
        self.segments = segments
        data = {
            "generation": self.generation,
            "segments": [[s.name, s.count, _packed(s.deleted)] for s in segments],
        }
        fresh = self.folder / f"{NAME}.new"
        with fresh.open("w", encoding="ascii") as file:
            json.dump(data, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / NAME)
        # The change is made. What is left is for Whoosh and for tidiness, and the next change
        # does it again: nothing that goes wrong here may look like a failure.
        with suppress(Exception):
            self._tell_whoosh()
            self.clear()

    def _tell_whoosh(self) -> None:
        from search.engines.whoosh.codec.adapter import write_contents

        write_contents(self.folder, self.generation, self.segments)

    def clear(self) -> None:
        """Remove the segment files and Whoosh tables that nothing names."""
        named = {segment.name for segment in self.segments}
        for path in self.folder.iterdir():
            stray = path.suffix == ".sou" and path.name not in named
            old = path.suffix == ".toc" and path.name != f"_MAIN_{self.generation}.toc"
            if stray or old:
                path.unlink(missing_ok=True)


def _packed(bitmap: bytes) -> str:
    return base64.b64encode(zlib.compress(bitmap)).decode() if bitmap else ""


def _unpacked(text: str, count: int) -> bytes:
    """Return a bitmap of `count` bits, and not a byte more, whatever the text says."""
    return (
        zlib.decompressobj().decompress(base64.b64decode(text), (count + 7) // 8) if text else b""
    )
