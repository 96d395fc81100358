"""The order of headlines and names in a list: as a dictionary has it, by pinyin.

GB 2312 holds its commoner half by pinyin, so its order tells of a character with several
readings by which one it is listed; the rarer half, which it holds by radicals, is put in its
place by the table of sounds. So the order needs no library, and is the same everywhere.
"""

from __future__ import annotations

from functools import cache

_FIRST_HAN = 0x2E80
_LAST_HAN = 0x3FFFF
_BEHIND = 0x80000
"""Added to the code points of Han characters that are not in GB 2312: they come last."""


def collation_key(folded: str) -> str:
    """Return what a folded text is sorted by: letters and figures, then Han by pinyin.

    Marks do not count, but where there is nothing else.

    >>> sorted(["晚报", "日报", "“晨报”", "ABC报"], key=collation_key)
    ['ABC报', '“晨报”', '日报', '晚报']
    """
    places = _places()
    telling = [char for char in folded if char.isalnum()]
    return "".join(places.get(char) or _unlisted(char) for char in telling or folded)


def _unlisted(char: str) -> str:
    return chr(ord(char) + _BEHIND) if _FIRST_HAN <= ord(char) <= _LAST_HAN else char


@cache
def _places() -> dict[str, str]:
    """Return for each Han character of GB 2312 the character that sorts in its place."""
    from search.analysis.tables.sounds import SYLLABLES

    common, rarer = _rows(0xB0, 0xD7), _rows(0xD8, 0xF7)
    syllables: dict[str, list[int]] = {}
    for number, chars in enumerate(SYLLABLES):
        for char in chars:
            syllables.setdefault(char, []).append(number)
    # Those of one syllable tell where it is. A few are listed by another, so the middle one counts.
    found: list[list[int]] = [[] for _ in SYLLABLES]
    for place, char in enumerate(common):
        of = syllables.get(char, [])
        if len(of) == 1:
            found[of[0]].append(place)
    middle: list[int] = []
    for number, places in enumerate(found):
        before = found[number - 1] or middle[-1:] or [0]
        middle.append(places[len(places) // 2] if places else before[-1])
    order = [(place, 0, char) for place, char in enumerate(common)]
    for place, char in enumerate(rarer, 1):
        behind = middle[syllables[char][0]] if char in syllables else len(common)
        order.append((behind, place, char))
    return {char: chr(_FIRST_HAN + place) for place, (*_, char) in enumerate(sorted(order))}


def _rows(first: int, last: int) -> str:
    """Return the characters of some rows of GB 2312."""
    codes = (bytes((row, cell)) for row in range(first, last + 1) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes)
