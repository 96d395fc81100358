"""TOML files, which a stranger may have written: small, regular, and never a traceback."""

from __future__ import annotations

from typing import Any, BinaryIO

MOST_BYTES = 64 << 10
"""Of such a file: a longer one is given by mistake, and would take long to read."""


def read_toml(file: BinaryIO, most: int = MOST_BYTES) -> dict[str, Any]:
    """Return what a file of at most `most` bytes says.

    Raises ValueError, or OSError, which say what is wrong with it.
    """
    import tomllib

    data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"more than {most >> 10} kB")
    try:
        values: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise ValueError("this is not UTF-8; save the file as UTF-8") from exc
    except RecursionError as exc:
        raise ValueError("values are nested too deeply") from exc
    return values
