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


def continues(before: str, after: str, page: str) -> bool:
    """Tell whether a word of the page is cut where `before` ends and `after` begins.

    `page` is the text without spaces. A run of three characters across the cut that stands
    elsewhere on the page, whole, is taken as such a word.
    """
    left = "".join(before[-8:].split())[-2:]
    right = "".join(after[:8].split())[:2]
    if len(left) < 2 or len(right) < 2:
        return False
    for run in (left + right[0], left[1] + right):
        # A cut without a blank line is itself one of the places where the run stands.
        first = page.find(run) if run.isalnum() else -1
        if first >= 0 and page.find(run, first + 1) > 0:
            return True
    return False


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
