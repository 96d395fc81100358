"""Which characters stand between two others, and how often a string can stand at most.

Look-ups in the tables of pairs alone: no list of postings is read but for its head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.engines.whoosh.codec.segment_reader import GramField


def bound(field: GramField, text: str) -> int:
    """Return a number of documents that a string of two characters or more cannot exceed."""
    least = -1
    for i in range(len(text) - 1):
        term = field.find(text[i : i + 2])
        if term < 0:
            return 0
        count = field.count(term)
        least = count if least < 0 else min(least, count)
    return max(least, 0)


def between(fields: Sequence[GramField], before: str, after: str) -> dict[str, int]:
    """Return the characters that stand behind one character and, somewhere, before another.

    `fields` are those of all segments: the two may stand in different ones. An empty string
    asks for no character on that side. Each comes with the documents of the rarer pair.
    """
    sides = []
    if before:
        sides.append(_behind(fields, before))
    if after:
        chars: Iterable[str] = sides[0] if sides else _all(fields)
        sides.append({char: n for char in chars if (n := _together(fields, char + after))})
    if not sides:
        return dict.fromkeys(_all(fields), 0)
    return {char: min(side[char] for side in sides) for char in sides[-1]}


def _behind(fields: Sequence[GramField], before: str) -> dict[str, int]:
    """Return the characters that stand behind one, and in how many documents each does."""
    found: dict[str, int] = {}
    for field in fields:
        first = field.code(before)
        if first < 0:
            continue
        low, high = field.beginning_with(first)
        characters = field.characters.whole()
        for term, code in enumerate(field.seconds[low:high], low):
            if code:  # else the end mark
                char = chr(characters[code])
                found[char] = found.get(char, 0) + field.count(term)
    return found


def _all(fields: Sequence[GramField]) -> dict[str, None]:
    """Return every character, without the end mark."""
    return {chr(code): None for field in fields for code in field.characters[1:]}


def _together(fields: Sequence[GramField], pair: str) -> int:
    """Return the number of documents that have a pair."""
    places = [(field, field.find(pair)) for field in fields]
    return sum(field.count(place) for field, place in places if place >= 0)
