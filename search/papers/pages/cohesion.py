"""Which paragraphs speak of the same things, told by the pairs of characters they share.

Used where the layout of a page is lost and only the words can say what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BETWEEN = re.compile(r"\W+")


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of adjacent characters in `text`, none across punctuation or spaces."""
    return frozenset(
        [part[i : i + 2] for part in _BETWEEN.split(text) for i in range(len(part) - 1)]
    )


def repeated_runs(page: str) -> frozenset[str]:
    """Return the runs of three characters that stand more than once in a text without spaces."""
    once: set[str] = set()
    again: set[str] = set()
    for run in map("".join, zip(page, page[1:], page[2:], strict=False)):
        (again if run in once else once).add(run)
    return frozenset(again)


def continues(before: str, after: str, repeated: frozenset[str]) -> bool:
    """Return whether a word of the page is cut where `before` ends and `after` begins.

    `repeated` are the runs that stand more than once on the page: a cut without a blank line
    is itself one of the places. Such a run of letters across the cut is taken as such a word.
    """
    left = "".join(before[-8:].split())[-2:]
    right = "".join(after[:8].split())[:2]
    if len(left) < 2 or len(right) < 2:
        return False
    return any(run in repeated and run.isalnum() for run in (left + right[0], left[1] + right))


def best_cut(paragraphs: Sequence[str], own: str, other: str, first: int = 1) -> tuple[int, float]:
    """Return where the paragraphs turn from the subject of `own` to that of `other`.

    Both are headlines. The result is the index of the first paragraph of `other` (at least
    `first`, at most the last; the later where the words do not say), and how strongly the words speak for it: 0 is not at all.
    """
    shared = pairs(own) & pairs(other)
    own_pairs, other_pairs = pairs(own) - shared, pairs(other) - shared
    leaning = [
        len(pairs(text) & other_pairs) / (len(other_pairs) or 1)
        - len(pairs(text) & own_pairs) / (len(own_pairs) or 1)
        for text in paragraphs
    ]
    best, best_score = len(paragraphs), 0.0
    before, after = sum(leaning[:first]), sum(leaning[first:])
    for cut in range(first, len(paragraphs)):
        score = after - before
        if best == len(paragraphs) or score >= best_score:
            best, best_score = cut, score
        before += leaning[cut]
        after -= leaning[cut]
    return best, sum(leaning[best:])
