"""Whole numbers in as many bytes as they need: seven bits a byte, the lowest first.

The top bit says that more follow (LEB128, as in DWARF 5, section 7.6). Gaps between
postings are small, so most take one byte or two. Two ways of decoding: of many numbers
with numpy, of few without loading it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_MOST_BYTES = 5
"""Bytes of the largest number, 2**35 - 1: no segment holds more characters."""


def sizes(values: Any) -> Any:
    """Return how many bytes each number takes, int64."""
    import numpy as np

    out = np.ones(len(values), dtype=np.int64)
    for k in range(1, _MOST_BYTES):
        out += values >= 1 << 7 * k
    return out


def encode(values: Any) -> tuple[Any, Any]:
    """Encode an array of numbers below 2**35.

    Returns the bytes (uint8) and where each number ends in them (int64).
    """
    import numpy as np

    values = np.ascontiguousarray(values, dtype=np.uint64)
    sizes = np.ones(len(values), dtype=np.uint8)
    for k in range(1, _MOST_BYTES):
        sizes += values >= np.uint64(1 << 7 * k)
    ends = np.cumsum(sizes, dtype=np.int64)
    out = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    starts = ends - sizes
    chosen: Any = slice(None)
    for k in range(_MOST_BYTES):
        rest = values[chosen] >> np.uint64(7 * k)
        more = sizes[chosen] > k + 1
        out[starts[chosen] + k] = (rest & np.uint64(127)).astype(np.uint8) | (
            more.astype(np.uint8) << 7
        )
        chosen = np.flatnonzero(sizes > k + 1)
        if not len(chosen):
            break
    return out, ends


def decode(data: Any) -> Any:
    """Return the numbers in some bytes, as an int64 array."""
    import numpy as np

    data = np.frombuffer(data, dtype=np.uint8)
    last = data < 128
    ends = np.flatnonzero(last)
    if len(ends) == len(data):
        return data.astype(np.int64)
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1] + 1
    sizes = ends - starts
    values = (data[starts] & 127).astype(np.int64)
    chosen = np.flatnonzero(sizes)
    for k in range(1, _MOST_BYTES):
        if not len(chosen):
            break
        values[chosen] |= (data[starts[chosen] + k] & 127).astype(np.int64) << 7 * k
        chosen = chosen[sizes[chosen] > k]
    return values


def decode_few(data: Iterable[int]) -> list[int]:
    """Return the numbers in some bytes, as a list, without numpy."""
    out = []
    value = shift = 0
    for byte in data:
        if byte < 128:
            out.append(value | byte << shift)
            value = shift = 0
        else:
            value |= (byte & 127) << shift
            shift += 7
    return out


def decode_one(data: Any) -> int:
    """Return the first number in some bytes."""
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        if byte < 128:
            break
        shift += 7
    return value
