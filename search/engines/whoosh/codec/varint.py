"""Whole numbers in as many bytes as they need: seven bits a byte, the lowest first.

The top bit says that more follow (LEB128, as in DWARF 5, section 7.6). Gaps between
postings are small, so most take one byte or two. Two ways of decoding: of many numbers
with numpy, of few without loading it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.engines.whoosh.codec.array_types import Ints, Octets, Whole
    from search.engines.whoosh.codec.checked_file import Array

_MOST_BYTES = 5
"""Bytes of the largest number, 2**35 - 1: no segment holds more characters.

Longer ones are refused where they are read: a number of a million bytes would take hours."""

_LAST_SHIFT = 7 * (_MOST_BYTES - 1)

_BLOCK = 1 << 15
"""Numbers encoded at once: they stay in the processor's cache."""


def sizes(values: Whole) -> Octets:
    """Return how many bytes each number takes, uint8."""
    import numpy as np

    out = np.ones(len(values), dtype=np.uint8)
    most = int(values.max()) if len(values) else 0
    if most >> 7 * _MOST_BYTES:
        raise OverflowError(f"{most} is larger than any number of a segment")
    for k in range(1, _MOST_BYTES):
        if most >> 7 * k:
            out += values >= 1 << 7 * k
    return out


def encode(values: Whole) -> tuple[Octets, Ints]:
    """Encode an array of numbers below 2**35.

    Returns the bytes (uint8) and where each number ends in them (int64).
    """
    import numpy as np

    parts = [_packed(values[i : i + _BLOCK]) for i in range(0, len(values), _BLOCK)]
    if not parts:
        return np.empty(0, dtype=np.uint8), np.empty(0, dtype=np.int64)
    data, taken = (np.concatenate(part) for part in zip(*parts, strict=True))
    return data, np.cumsum(taken, dtype=np.int64)


def _packed(values: Whole) -> tuple[Octets, Octets]:
    """Return the bytes of some numbers, and how many each takes.

    Each number is spread over the bytes of a word, seven bits to a byte; the bytes used are
    then kept, which for all at once is quicker than to write each to its place.
    """
    import numpy as np

    count = sizes(values)
    width = int(count.max())
    word: type[np.uint32 | np.uint64] = np.uint32 if width <= 4 else np.uint64
    room = word().itemsize
    values = values.astype(word)
    spread = values & word(127)
    for k in range(1, width):
        values <<= word(1)
        spread |= values & word(127 << 8 * k)
    ones = [0x0101010101010101 & (1 << 8 * k) - 1 for k in range(width + 1)]
    follows: NDArray[np.uint32 | np.uint64] = np.array([one << 7 for one in ones[:-1]], dtype=word)
    spread |= follows[count - 1]  # more follows
    used = np.array(ones, dtype=word)[count].view(bool)
    return np.compress(used, spread.view(np.uint8)[: room * len(values)]), count


def at(data: Octets, places: Ints) -> tuple[Ints, Ints]:
    """Return the numbers that begin at some places, and how many bytes each takes."""
    import numpy as np

    first = data[places]
    values = (first & 127).astype(np.int64)
    count = np.ones(len(places), dtype=np.int64)
    longer = np.flatnonzero(first > 127)
    for k in range(1, _MOST_BYTES):
        if not len(longer):
            break
        byte = data[places[longer] + k]
        values[longer] |= (byte & 127).astype(np.int64) << 7 * k
        count[longer] += 1
        longer = longer[byte > 127]
    return values, count


def decode(data: memoryview | Octets) -> Ints:
    """Return the numbers in some bytes, as an int64 array. Raises ValueError."""
    import numpy as np

    data = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(data < 128)
    if len(data) and data[-1] > 127:
        raise ValueError("the last number does not end")
    if len(ends) == len(data):
        return data.astype(np.int64)
    sizes: Ints = np.empty_like(ends)
    sizes[:1] = ends[:1] + 1
    np.subtract(ends[1:], ends[:-1], out=sizes[1:])
    # The last byte of a number has its highest bits: go back from there.
    low = data & 127
    values = low[ends].astype(np.int64)
    widest = int(sizes.max(initial=1))
    if widest > _MOST_BYTES:
        raise ValueError(f"a number of {widest} bytes")
    for k in range(1, widest):
        values = np.where(sizes > k, values << 7 | low[ends - k], values)
    return values


def decode_few(data: Iterable[int]) -> list[int]:
    """Return the numbers in some bytes, as a list, without numpy. Raises ValueError."""
    out = []
    value = shift = 0
    for byte in data:
        if byte < 128:
            out.append(value | byte << shift)
            value = shift = 0
        else:
            value |= (byte & 127) << shift
            if shift == _LAST_SHIFT:
                raise ValueError(f"a number of more than {_MOST_BYTES} bytes")
            shift += 7
    if shift:
        raise ValueError("the last number does not end")
    return out


def one(data: Array | memoryview, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and where it ends.

    Raises ValueError, or IndexError where the data end before it does.
    """
    value = 0
    for shift in range(0, _LAST_SHIFT + 1, 7):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError(f"a number of more than {_MOST_BYTES} bytes")
