"""Making an index agree with what a test put into it: sizes and checksums, by other code.

Anybody who prepares an index can do the same; so what is asked of values is asked of these.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any


def parts(index: Path) -> tuple[Path, Path, Path]:
    """Return sou.json and the two lists of an index: of segments, of papers."""
    state = json.loads((index / "sou.json").read_bytes())
    folder, change = index / state["generation"], state["change"]
    return index / "sou.json", folder / f"segments.{change}.json", folder / f"files.{change}.json"


def put_state(index: Path, data: object) -> None:
    """Write sou.json, with the checksum that fits if it is a table."""
    text = json.dumps(data)
    if isinstance(data, dict):
        text = json.dumps({name: value for name, value in data.items() if name != "crc"})[:-1]
        text += f', "crc": {zlib.crc32(text.encode())}}}'
    (index / "sou.json").write_text(text)


def reseal(index: Path, *, segments: bool = True) -> None:
    """Have the lists tell of the segments that there are, and sou.json of the lists."""
    path, listed, files = parts(index)
    if segments:
        data = json.loads(listed.read_bytes())
        for entry in data["segments"]:
            whole = (listed.parent / entry[0]).read_bytes()
            entry[3] = len(whole)
            if len(whole) >= 8:
                [entry[4]] = struct.unpack("<I", whole[-8:-4])
        listed.write_text(json.dumps(data))
    state = json.loads(path.read_bytes())
    for name, file in (("segments", listed), ("files", files)):
        if file.is_file():
            state[name] = [file.stat().st_size, zlib.crc32(file.read_bytes())]
    put_state(index, state)


def change_state(index: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what sou.json says, by a function of it, and seal it."""
    data = json.loads((index / "sou.json").read_bytes())
    change(data)
    put_state(index, data)


def change_segments(index: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the list of segments, by a function of it, and seal it."""
    _, listed, _ = parts(index)
    data = json.loads(listed.read_bytes())
    change(data)
    listed.write_text(json.dumps(data))
    reseal(index, segments=False)
