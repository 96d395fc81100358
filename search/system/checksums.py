"""What binds the files of an index together: sizes and checksums, told by those that name them.

`sou.json` ends with the checksum of all that stands before it, and holds a stamp of each list
that it names. A list is written once, under a name that was not used before, and never replaced.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.model.frozen import frozen
from search.system.files import create, open_regular, parse_json

if TYPE_CHECKING:
    from typing import BinaryIO, TypeGuard

STATE = "sou.json"
"""The file that makes a folder an index."""

MOST_BYTES_OF_STATE = 16 << 20
"""Some hundred thousand sources."""

_BLOCK = 1 << 18
"""Bytes that are read at once."""

_MARK = b', "crc": '


@frozen
class Stamp:
    """The size of a file and the CRC-32 of what is in it."""

    size: int = 0
    crc: int = 0


class Wrong(ValueError):
    """Something in a file that sou did not write there. The message says what."""


class Other(Wrong):
    """A file that is not the one that its stamp was taken of. The message says in what."""


def sealed(values: dict[str, Any]) -> bytes:
    """Return a table as JSON whose last member is the checksum of all before it."""
    text = json.dumps(values).encode("ascii").removesuffix(b"}")
    return text + _MARK + b"%d}" % zlib.crc32(text)


def unsealed(data: bytes) -> tuple[Any, bool]:
    """Return what JSON says, and whether it bears its checksum (an old one bears none).

    Raises Other where the checksum is another, ValueError for what is no JSON.
    """
    values = parse_json(data)
    if not isinstance(values, dict) or "crc" not in values:
        return values, False
    text = data[: data.rfind(_MARK)]
    if data != text + _MARK + b"%d}" % zlib.crc32(text):
        raise Other("it does not match its checksum")
    return values, True


def write_new(path: Path, parts: Iterable[bytes]) -> Stamp:
    """Write a file where nothing is, force it to the disk, and return its stamp.

    Raises FileExistsError, or OSError after which there is no such file, as far as that can be.
    """
    size = crc = 0
    file = create(path)
    try:
        with file:
            for part in parts:
                file.write(part)
                size, crc = size + len(part), zlib.crc32(part, crc)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return Stamp(size, crc)


def read_stamped(path: Path, stamp: Stamp) -> Iterator[bytes]:
    """Yield what is in a file, a block at a time.

    Raises OSError, and Other where the file is not the one that was stamped: at the beginning
    for another size, at the end for another checksum. Until then nothing of it is proven.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size != stamp.size:
            raise Other(f"it has {size:,} bytes, not {stamp.size:,}")
        crc = 0
        for block in _blocks(file):
            size, crc = size - len(block), zlib.crc32(block, crc)
            yield block
        if size or crc != stamp.crc:
            raise Other("it does not match its checksum")


def read_unproven(path: Path) -> Iterator[bytes]:
    """Yield what is in a file of which no stamp is known, a block at a time. Raises OSError."""
    with open_regular(path) as file:
        yield from _blocks(file)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


# Looking at values that anybody may have written.


NUMBERS = 1 << 63


def is_number(value: Any) -> bool:
    """Return whether a value is a whole number that is not negative (and not True)."""
    return type(value) is int and 0 <= value < NUMBERS


def is_path(value: Any) -> TypeGuard[str]:
    """Return whether a value can be a path: some text, without the character none can have."""
    return isinstance(value, str) and bool(value) and "\0" not in value


def table_of(data: Any, what: str) -> dict[str, Any]:
    """Return a table of names. Raises Wrong for anything else, called `what`."""
    if not isinstance(data, dict):
        raise Wrong(f"{what} is not a table of names")
    return data


def stamp_of(data: Any, what: str) -> Stamp:
    """Return the stamp of a list called `what`. Raises Wrong."""
    if not (isinstance(data, list) and len(data) == 2 and all(map(is_number, data))):
        raise Wrong(f"the size and checksum of the list of {what} are not valid")
    return Stamp(*data)


LAST_GENERATION = 10**18 - 1


def is_generation(name: str) -> bool:
    """Return whether a name is one that sou gives to a generation, and so no path."""
    digits = name[1:]
    return (
        name[:1] == "g"
        and digits.isascii()
        and digits.isdigit()
        and digits[0] != "0"
        and len(digits) <= len(str(LAST_GENERATION))
    )


def segments_name(number: int) -> str:
    """Return the name of the list of the engine's files after the change of a number."""
    return f"segments.{number}.json"


def files_name(number: int) -> str:
    """Return the name of the list of papers after the change of a number."""
    return f"files.{number}.json"
