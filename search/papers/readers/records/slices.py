"""Cutting a file of lines into pieces that are read one without the other.

A cut is behind a newline byte. In UTF-8, GB18030 and Big5 that byte is never part of another
character, and no character, broken or whole, goes on behind it: the pieces decode to what
the file decodes to. In UTF-16 and UTF-32 it may be half of a character; such files stay whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from search.papers.encodings.decode import find_encoding
from search.papers.reader import Piece

_BLOCK = 1 << 20
_CUTTABLE = frozenset({"utf-8", "gb18030", "cp950", "big5hkscs"})


def cut_lines(stream: BinaryIO, parts: int) -> list[Piece]:
    """Cut a seekable stream into about `parts` pieces of one size, each of whole lines.

    Returns none where that can't be done: in other encodings, or with too few lines. The
    whole file is looked at, in blocks: that is how its encoding is known and lines counted.
    """
    encoding, skip = find_encoding(stream)
    if encoding not in _CUTTABLE:
        return []
    size = (stream.seek(0, io.SEEK_END) - skip + parts - 1) // parts
    stream.seek(skip)
    pieces: list[Piece] = []
    at, begun, line, first, after = skip, skip, 1, 1, b""
    while block := stream.read(_BLOCK):
        done = 0
        # The newline that ends a piece is the first with which it has the size wanted.
        while (cut := block.find(b"\n", max(done, begun + size - 1 - at))) >= 0:
            line += _lines(block[done : cut + 1], after)
            done, after = cut + 1, b"\n"
            pieces.append(Piece(begun, at + done, first, encoding))
            begun, first = at + done, line
        line += _lines(block[done:], after)
        at, after = at + len(block), block[-1:]
    if begun < at:
        pieces.append(Piece(begun, at, first, encoding))
    return pieces if len(pieces) > 1 else []


def _lines(data: bytes, after: bytes) -> int:
    r"""Return how many lines end in `data`, by `\\n`, `\\r` or both; `after` stands before it."""
    both = data.count(b"\r\n") + (after == b"\r" and data[:1] == b"\n")
    return data.count(b"\n") + data.count(b"\r") - both


@contextmanager
def only_piece(stream: BinaryIO, piece: Piece) -> Iterator[BinaryIO]:
    """Give a stream of the bytes of a piece and no more; the file is left open."""
    stream.seek(piece.start)
    with io.BufferedReader(_Window(stream, piece.end - piece.start)) as part:
        yield cast("BinaryIO", part)


class _Window(io.RawIOBase):
    """The next `left` bytes of a stream."""

    def __init__(self, stream: BinaryIO, left: int) -> None:
        self._stream = stream
        self._left = left

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next."""
        data = self._stream.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)
