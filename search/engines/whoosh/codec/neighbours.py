"""Which characters stand between two others, and how often a string can stand at most.

Look-ups in the tables of pairs alone: no list of postings is read but for its head.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from search.engines.whoosh.codec.segment import GramField


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


def between(field: GramField, before: str, after: str) -> Iterator[tuple[str, int]]:
    """Yield the characters that stand behind one character and, somewhere, before another.

    An empty string asks for no character on that side. Each comes with the documents of the
    rarer of its two pairs.
    """
    firsts, seconds = field.firsts, field.seconds
    first, last = field.code(before) if before else 0, field.code(after) if after else 0
    if first < 0 or last < 0:
        return
    low = firsts[first] if before else 0
    codes = seconds[low : firsts[first + 1]].tolist() if before else range(len(field.characters))
    for behind, code in enumerate(codes, low):
        if not code:  # the end mark
            continue
        ahead = -1
        if after:
            high = firsts[code + 1]
            ahead = bisect_left(seconds, last, firsts[code], high)
            if ahead == high or seconds[ahead] != last:
                continue
        counts = [field.count(term) for term in (behind if before else -1, ahead) if term >= 0]
        yield chr(field.characters[code]), min(counts, default=0)
