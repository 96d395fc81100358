"""The signatures of many articles at once: the same as `signature` gives, as arrays."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from search.analysis.fold import END
from search.analysis.minhash import (
    FACTORS,
    LENGTH_AT,
    LONGEST,
    NUMBER_LANES,
    NUMERALS,
    SHINGLE,
    SHORT,
    SIZE,
    STEP,
    TEXT_LANES,
)

_CHARACTERS = 0x110000
_NONE = 0xFFFFFFFF
"""Stands in a lane that has no hash."""

_STRETCH = 1 << 15
"""Characters hashed at once: few enough to stay in the cache of a processor."""


def signatures(folded: str) -> tuple[Any, list[int]]:
    """Return the signatures of folded bodies, each followed by END, as bytes: (bodies, SIZE).

    Gives also which of them are too short for one: `digest` makes those.
    """
    text = np.frombuffer(folded.encode("utf-32-le"), dtype="<u4")
    ends = np.flatnonzero(text == ord(END))
    lengths = np.diff(ends, prepend=-1) - 1
    found = np.empty((len(ends), SIZE), dtype=np.uint8)
    of = np.repeat(np.arange(len(ends)), lengths + 1)
    found[:, :TEXT_LANES] = _lows(_text_lanes(text, ends, of))
    found[:, TEXT_LANES:LENGTH_AT] = _lows(_number_lanes(text, of, len(ends)))
    found[:, LENGTH_AT:] = np.minimum(lengths, LONGEST).astype("<u2").view(np.uint8).reshape(-1, 2)
    short: list[int] = np.flatnonzero(lengths < SHORT).tolist()
    return found, short


def _text_lanes(text: Any, ends: Any, of: Any) -> Any:
    """Return the smallest hash of a shingle in each lane of each body."""
    # One lane more, behind the others, takes the shingles that stand in no body.
    lanes = np.full(len(ends) * TEXT_LANES + 1, _NONE, dtype=np.uint32)
    first = of * TEXT_LANES
    first[(ends - np.arange(SHINGLE)[:, None]).clip(0)] = len(lanes) + _CHARACTERS
    for begin in range(0, len(text) - SHINGLE + 1, _STRETCH):
        some = text[begin : begin + _STRETCH + SHINGLE - 1]
        count = len(some) - SHINGLE + 1
        values = some[:count] * np.uint32(FACTORS[0])
        for i in range(1, SHINGLE):
            values += some[i : i + count] * np.uint32(FACTORS[i])
        _mix(values)
        lane = values >> np.uint32(16)
        lane *= np.uint32(TEXT_LANES)
        lane >>= np.uint32(16)
        places = first[begin : begin + count] + lane
        np.minimum.at(lanes, np.minimum(places, len(lanes) - 1), values)
    return lanes[:-1].reshape(-1, TEXT_LANES)


def _number_lanes(text: Any, of: Any, count: int) -> Any:
    """Return the smallest hash of a number in each lane of each body."""
    lanes = np.full(count * NUMBER_LANES, _NONE, dtype=np.uint32)
    places = np.flatnonzero(_numerals()[text])
    begins = np.flatnonzero(np.diff(places, prepend=-2) > 1)
    sizes = np.diff(begins, append=len(places))
    if len(places):
        at: Any = np.arange(len(places)) - np.repeat(begins, sizes)
        values = np.add.reduceat(text[places] * _powers(int(at.max()))[at], begins)
        values = values.astype(np.uint32)[sizes > 1]
        _mix(values)
        lane = (values >> np.uint32(16)) * np.uint32(NUMBER_LANES) >> np.uint32(16)
        np.minimum.at(lanes, of[places[begins[sizes > 1]]] * NUMBER_LANES + lane, values)
    return lanes.reshape(-1, NUMBER_LANES)


def _mix(values: Any) -> None:
    """Do as `signature.mixed`, in place."""
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x7FEB352D)
    values ^= values >> np.uint32(15)
    values *= np.uint32(0x846CA68B)
    values ^= values >> np.uint32(16)
    np.maximum(values, 1, out=values)


def _lows(lanes: Any) -> Any:
    """Return what a signature keeps of the smallest hashes: a byte from 1 on, 0 for none."""
    return np.where(lanes == _NONE, 0, (lanes & np.uint32(255)) % np.uint32(255) + np.uint32(1))


@cache
def _numerals() -> Any:
    """Return for each character whether it is of a number."""
    table = np.zeros(_CHARACTERS, dtype=bool)
    table[[*map(ord, NUMERALS)]] = True
    return table


def _powers(most: int) -> Any:
    """Return the powers of STEP from the first on."""
    return np.cumprod(np.full(most + 1, STEP, dtype=np.uint32), dtype=np.uint32)
