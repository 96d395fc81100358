"""The strings that a chunk of text is made of, for finding and for ranking.

Finding compares strings, so that where jieba cut an article never hides it; ranking counts
words and pairs of characters, which are what the index keeps statistics of.
"""

from __future__ import annotations

import re

from search.text.fold import CJK
from search.text.segment import cut, segment

_LONE = re.compile(rf"[{CJK}]")
_PAIR_LETTERS = re.compile(r"\w+")


def all_of(text: str) -> list[str]:
    """Return the strings that must all stand in an article for a bare chunk to be found.

    They are the words of `text`, each once; none when it holds no letter or digit.
    """
    return list(dict.fromkeys(cut(text)))


def any_of(text: str) -> list[str]:
    """Return the strings of which one is enough for a bag of words to be found.

    Words of a single Han character are left out as long as there are others: 的 is in
    every article.
    """
    words = list(dict.fromkeys(segment(text)))
    return [word for word in words if not _LONE.fullmatch(word)] or words


def words(text: str) -> list[str]:
    """Return the words by which `text` is ranked, as often as they stand in it."""
    return segment(text)


def pairs(text: str) -> list[str]:
    """Return the pairs of adjacent letters or digits by which `text` is ranked."""
    return [run[i : i + 2] for run in _PAIR_LETTERS.findall(text) for i in range(len(run) - 1)]
