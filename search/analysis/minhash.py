"""The signature of an article: 64 bytes that say whether two articles are the same text.

MinHash (Broder 1997) with one permutation (Li, Owen and Zhang, One Permutation Hashing, 2012):
the shingles of a text, every four characters of it, are hashed once; each hash belongs to one
of TEXT_LANES lanes, and a lane keeps the low byte of the smallest (Li and König, b-Bit Minwise
Hashing, 2010). The share of lanes in which two signatures agree is then about the share of
shingles that the texts have in common (Jaccard). A word repeated, or a paragraph, changes
nothing; each character misread by OCR changes four shingles.

Lists and reports of one frame (weather, stocks, notices of a court) have most of their text in
common and are not the same: what differs is their numbers. So numbers have lanes of their own.

Texts too short for that are the same only if equal.

    text lanes        38 bytes; 0 for a lane without a shingle
    number lanes      24 bytes; likewise
    length            uint16, little-endian: characters of the folded body, at most 65,535

Here it is for one article; `signature_bulk` does the same for many. What is here decides what
is in an index: a change of it is a change of `store.SCHEMA_VERSION`.
"""

from __future__ import annotations

from operator import eq
from struct import Struct

from search.analysis.fold import END

TEXT_LANES = 38
NUMBER_LANES = 24
LENGTH_AT = TEXT_LANES + NUMBER_LANES
SIZE = LENGTH_AT + 2

SHINGLE = 4
SHORT = 40
"""Characters below which a body is the same only if it is equal, and the title too."""

LONGEST = 0xFFFF
NUMERALS = "0123456789〇零一二三四五六七八九十百千廿卅"
"""What numbers are made of: those of one character are too common to tell anything."""

FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)
"""What the characters of a shingle are multiplied by, one after the other: any odd numbers."""

STEP = 0x01000193
"""The character of a number at place i is multiplied by this to the power of i + 1."""

CONTAINED = 0.62
"""The share of the shorter text that must stand in the longer one."""

ALIKE = 0.36
"""The share of all shingles of two texts that both must have."""

SHORTENED = 0.5
"""The least length of the shorter text, as a part of the longer one's."""

SLACK = 2
"""Number lanes that may differ though the text agrees: a dateline, a page."""

AGREEING = 0.9
"""What numbers need not do better than, however well the text agrees."""

_KEYS = Struct(f"<{TEXT_LANES // 2}H")
_BITS = 0xFFFFFFFF


def signature(title: str, body: str) -> bytes:
    """Return the signature of an article of this folded title and body."""
    if len(body) < SHORT:
        return digest(title, body)
    text = [0] * TEXT_LANES
    codes = [*map(ord, body)]
    for place in range(len(codes) - SHINGLE + 1):
        pairs = zip(codes[place : place + SHINGLE], FACTORS, strict=True)
        _keep(text, sum(code * factor for code, factor in pairs))
    import re  # not for those who only compare signatures

    numbers = [0] * NUMBER_LANES
    for match in re.finditer(f"[{NUMERALS}]{{2,}}", body):
        powers = enumerate(match[0], 1)
        _keep(numbers, sum(ord(char) * pow(STEP, i, 1 << 32) for i, char in powers))
    lanes = bytes((low & 255) % 255 + 1 if low else 0 for low in (*text, *numbers))
    return lanes + min(len(body), LONGEST).to_bytes(2, "little")


def _keep(lanes: list[int], value: int) -> None:
    """Keep the smallest hash of a lane."""
    value = mixed(value & _BITS)
    lane = (value >> 16) * len(lanes) >> 16
    if not lanes[lane] or value < lanes[lane]:
        lanes[lane] = value


def mixed(value: int) -> int:
    """Return a number of 32 bits of which each depends on all of the value's; never 0.

    The finalizer of MurmurHash3 (Appleby), with the constants of Wellons' hash prospector.
    """
    value ^= value >> 16
    value = value * 0x7FEB352D & _BITS
    value ^= value >> 15
    value = value * 0x846CA68B & _BITS
    return (value ^ value >> 16) or 1


def digest(title: str, body: str) -> bytes:
    """Return the signature of a short article: a digest. Without a body it is like none."""
    import hashlib  # 3 ms

    if not body:
        return bytes(SIZE)
    text = (title + END + body).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=LENGTH_AT).digest() + len(body).to_bytes(2, "little")


def keys(sign: bytes) -> tuple[int, ...]:
    """Return numbers of which signatures of the same text share one, nearly always.

    They are pairs of lanes: texts that have half of their shingles in common miss each other
    once in 200 times, and others meet about as rarely. 0 stands for two empty lanes.
    """
    return _KEYS.unpack_from(sign)


def agreement(one: bytes, other: bytes) -> int:
    """Return in how many lanes two signatures agree."""
    return sum(map(eq, one[:LENGTH_AT], other[:LENGTH_AT]))


def same_text(one: bytes, other: bytes) -> bool:
    """Return whether two signatures are of one text, noise and a third cut off allowed for.

    The thresholds are what `benchmarks/duplicates.py` found best.
    """
    agreeing, used = _agreement(one[:TEXT_LANES], other[:TEXT_LANES])
    lengths = sorted(int.from_bytes(sign[LENGTH_AT:], "little") for sign in (one, other))
    if not used or lengths[0] < lengths[1] * SHORTENED:
        return False
    alike = agreeing / used
    # The size of what two sets have in common, from Jaccard's measure and their sizes.
    common = alike / (1 + alike) * sum(lengths)
    if alike < ALIKE or common < lengths[0] * CONTAINED:
        return False
    agreeing, used = _agreement(one[TEXT_LANES:LENGTH_AT], other[TEXT_LANES:LENGTH_AT])
    return agreeing + SLACK >= used * min(alike, AGREEING)


def _agreement(one: bytes, other: bytes) -> tuple[int, int]:
    """Return how many lanes agree, and how many either uses."""
    size = len(one)
    first, second = int.from_bytes(one, "little"), int.from_bytes(other, "little")
    equal = (first ^ second).to_bytes(size, "little").count(0)
    empty = (first | second).to_bytes(size, "little").count(0)
    return equal - empty, size - empty
