"""Pinyin in queries: letters to syllables, and syllables to the characters read so.

The readings are those of pypinyin's table, every reading of a character alike: which one a
word has is not asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache

from search.analysis.fold import fold_character
from search.model.errors import RequestError
from search.query.limits import READINGS, SYLLABLES
from search.system.whole_process import CHANGING

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_RAISED = {"1": "¹", "2": "²", "3": "³", "4": "⁴"}
_DIGITS = str.maketrans({raised: digit for digit, raised in _RAISED.items()})

ANY = "*"
"""Stands behind an initial in a reading: for any syllable that begins so."""

INITIALS = 3
"""Characters of a text of which only the initials are known, at least."""

_NO_PHRASES = "PYPINYIN_NO_PHRASES"
_VOWELS = set("aeiouv")

_LONGEST = 6
"""Letters of the longest syllable, zhuang."""


@cache
def table() -> dict[str, frozenset[str]]:
    """Return the folded characters of each syllable, with its tone (`wang3`) and without.

    The neutral tone is 5, ü is v. Raises RequestError where pypinyin is not installed.
    """
    import os

    # It would load its table of phrases too, which takes three times as long as the rest.
    with CHANGING:
        before = os.environ.get(_NO_PHRASES)
        os.environ[_NO_PHRASES] = "true"
        try:
            from pypinyin.pinyin_dict import pinyin_dict
        except ImportError as exc:
            raise RequestError(
                "py: needs the package pypinyin", "install it: pip install 'sou[pinyin]'"
            ) from exc
        finally:
            if before is None:
                del os.environ[_NO_PHRASES]
            else:
                os.environ[_NO_PHRASES] = before
    found: defaultdict[str, set[str]] = defaultdict(set)
    known: dict[str, tuple[str, str]] = {}
    for code, readings in pinyin_dict.items():
        char = fold_character(chr(code))
        if len(char) != 1:
            continue
        for reading in readings.split(","):
            if reading not in known:
                known[reading] = toned(reading)
            letters, tone = known[reading]
            found[letters].add(char)
            found[letters + tone].add(char)
    # Interjections without a vowel (m, ng) would divide other syllables.
    return {name: frozenset(chars) for name, chars in found.items() if _VOWELS & set(name)}


def toned(reading: str) -> tuple[str, str]:
    """Return a syllable without its mark, ü as v, and the number of its tone.

    >>> toned("wǎng"), toned("lǜ"), toned("de")
    (('wang', '3'), ('lv', '4'), ('de', '5'))
    """
    letters, tone = "", "5"
    for char in unicodedata.normalize("NFD", reading):
        if char in _TONES:
            tone = _TONES[char]
        elif char == "\u0308":
            letters = letters[:-1] + "v"
        elif char.isascii() and char.isalpha():
            letters += char
        else:
            letters += {"\u0261": "g", "\u0251": "a"}.get(char, "")
    return letters, tone


@cache
def characters(syllable: str) -> frozenset[str]:
    """Return the folded characters that can be read as a syllable, or as any that begins so."""
    if not syllable.endswith(ANY):
        return table().get(syllable, frozenset())
    initial = syllable.removesuffix(ANY)
    of = (chars for name, chars in table().items() if name.startswith(initial))
    return frozenset().union(*of)


def readings(text: str) -> tuple[tuple[str, ...], ...] | str:
    """Return the ways to read letters as syllables, two or more, or what is wrong with them.

    Spaces, apostrophes and tones divide syllables; what stands between is divided in every
    way there is. What cannot be is read as initials (`zjl`).
    """
    pieces = [piece for piece in re.split(r"(?<=[1-5])|[\s'’\"·.-]+", _plain(text)) if piece]
    found: list[tuple[str, ...]] = [()]
    for piece in pieces:
        ways = _divided(piece) or _initials(piece)
        if not ways:
            shown = piece.translate(_DIGITS)
            return f"{shown!r} does not consist of pinyin syllables, nor of their initials"
        found = [before + way for before in found for way in ways]
        if len(found) > READINGS:
            return f"there are more than {READINGS} ways to divide this into syllables"
        if len(found[0]) > SYLLABLES:
            return f"this has more than {SYLLABLES} syllables"
    least = INITIALS if any(name.endswith(ANY) for name in found[0]) else 2
    found = [reading for reading in found if len(reading) >= least]
    if not found and least > 2:
        return f"initials occur in nearly every article: write {least} or more characters"
    return tuple(found) or "a single syllable occurs in nearly every article: write two or more"


def _plain(text: str) -> str:
    """Return letters without marks, ü as v, each followed by its tone as a raised digit."""
    out = ""
    for char in unicodedata.normalize("NFD", text.lower()):
        if char == "\u0308":
            out = out.removesuffix("u") + "v"
        else:
            out += _RAISED[_TONES[char]] if char in _TONES else char
    return out.replace("u:", "v")


def _initials(piece: str) -> list[tuple[str, ...]]:
    """Return the ways to read letters as initials, of a character each: zh as one or as two."""
    if not re.fullmatch("[a-hj-tw-z]+", piece):  # no syllable begins with i, u or v
        return []
    ways: list[tuple[str, ...]] = [()]
    at = 0
    while at < len(piece):
        one = piece[at : at + 2]
        if one in {"zh", "ch", "sh"}:
            split = [(*way, one[0] + ANY, "h" + ANY) for way in ways]
            ways = ([(*way, one + ANY) for way in ways] + split)[: READINGS + 1]
            at += 2
        else:
            ways = [(*way, piece[at] + ANY) for way in ways]
            at += 1
    return ways


def _divided(piece: str) -> list[tuple[str, ...]]:
    """Return the ways to divide letters into syllables: those of the fewest first."""
    known = table()
    letters = re.findall(f".[{''.join(_RAISED.values())}]?", piece, re.DOTALL)
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST - 1), end):
            some = letters[start:end]
            tone = "".join(letter[1:] for letter in some).translate(_DIGITS)
            syllable = "".join(letter[0] for letter in some) + tone
            if syllable in known and syllable.isascii():
                ways[end] += [(*way, syllable) for way in ways[start]][: READINGS + 1]
        ways[end] = sorted(ways[end], key=len)[: READINGS + 1]
    return ways[-1]
