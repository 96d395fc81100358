"""How likely a text is as Chinese, by how frequent its characters are.

The wrong reading of bytes gives characters that nobody writes: rare ones, parts of
characters, private uses. So of two readings of the same bytes the one is right whose
characters need fewer bits, which is the choice of the largest likelihood under a model of
single characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import cache

_TIERS = (16, 64, 128, 256, 512, 1024, 2048, 4096)
_TIER_BITS = (7.3, 8.3, 9.1, 9.7, 10.5, 11.8, 13.8, 16.5)
"""Bits of a character by its place among the frequent ones: jieba's counts, averaged."""

_TRADITIONAL_BITS = 1.0
"""What a traditional form costs beside its simplified one: several may share it."""

_BLOCKS = (
    # First character, and the bits of it and all up to the next.
    (0x0000, 28.0),  # controls
    (0x0020, 9.0),  # ASCII
    (0x007F, 28.0),
    (0x00A0, 14.0),  # accented letters, Greek, phonetic signs
    (0x0400, 14.0),  # Cyrillic
    (0x0530, 24.0),
    (0x2000, 14.0),  # punctuation and symbols
    (0x2E80, 18.0),  # radicals
    (0x3000, 14.0),  # Chinese punctuation
    (0x3040, 14.0),  # kana
    (0x3100, 14.0),  # phonetic letters, enclosed and squared signs
    (0x3400, 23.0),  # Han, extension A
    (0x4E00, 20.0),  # Han that is not frequent
    (0xA000, 26.0),
    (0xAC00, 20.0),  # Hangul
    (0xD7A4, 28.0),
    (0xE000, 26.0),  # private use
    (0xF900, 23.0),  # compatibility
    (0xFE30, 14.0),
    (0xFF00, 12.0),  # full width
    (0xFFF0, 28.0),
    (0x20000, 23.0),  # Han, further extensions
    (0x33480, 28.0),
)
_STARTS = tuple(start for start, _ in _BLOCKS)
_ASCII = frozenset(map(chr, range(0x80)))

_MARKS = {
    5.5: " \n，",
    7.0: "\u3000。、0123456789",
    9.0: "\t\r.:：；？！“”‘’（）《》「」『』—…·",
    11.0: "•‧・【】〈〉〔〕〖〗［］．－～─━│■□●○◆◇▲△★☆※→％",
}
"""Characters other than Han that are more frequent than their block."""


class _Bits(dict[str, float]):
    """The bits of each character; those that only their block tells are kept when asked for."""

    def __missing__(self, character: str) -> float:
        bits = _BLOCKS[bisect_right(_STARTS, ord(character)) - 1][1]
        if character <= "\uffff":  # the others are many and rare
            self[character] = bits
        return bits


def weigh(text: str) -> tuple[float, int, float]:
    """Return the bits that `text` needs, how many characters are not ASCII, and their bits."""
    bits = _bits()
    counts = Counter(text)
    total = sum([bits[character] * times for character, times in counts.items()])
    ascii_number, ascii_bits = 0, 0.0
    for character in _ASCII & counts.keys():
        ascii_number += counts[character]
        ascii_bits += bits[character] * counts[character]
    return total, len(text) - ascii_number, total - ascii_bits


def bits_of(character: str) -> float:
    """Return the bits of one character."""
    return _bits()[character]


@cache
def _bits() -> _Bits:
    """Return the bits of all characters; those more frequent than their block are in it."""
    # Needed for texts that are not UTF-8 only.
    from search.analysis.tables.simplified import SIMPLIFIED, TRADITIONAL
    from search.papers.encodings.frequent import FREQUENT

    table = _Bits()
    table |= {
        character: _TIER_BITS[bisect_right(_TIERS, place)]
        for place, character in enumerate(FREQUENT)
    }
    table |= {
        traditional: table[simplified] + _TRADITIONAL_BITS
        for traditional, simplified in zip(TRADITIONAL, SIMPLIFIED, strict=True)
        if simplified in table
    }
    for cost, characters in _MARKS.items():
        table |= dict.fromkeys(characters, cost)
    return table
