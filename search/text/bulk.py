"""Segmentation in bulk: the words of `segment`, as fast as this computer gives them.

Building an index cuts every article, and jieba's own loop is most of the time that takes.
Here the words come from rjieba (jieba's algorithm and dictionary in Rust, MIT) where it is
installed, all Han text of an article in one call. Otherwise from jieba's dictionary through
a tighter loop, `search.text.cutter`, which `search.text.lexicon` shares for queries.

Only U+4E00 to U+9FD5 are cut by jieba; other Han characters are words of their own to it.
rjieba joins those (`㐀㐀` is one word to it), so it is given runs of known characters only.
On those it is equal: no difference in every word of the dictionary, in 3,000 news articles
and in millions of random runs (jieba 0.42.1, rjieba 0.2.2).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import log
from typing import Any

from search.text.cutter import FIRST, LAST, NEVER, STATES, Cutter, Levels

TESTED = {("0.42.1", "0.2.2")}
"""Pairs of versions of jieba and rjieba of which it is known that they give the same words."""


def segment_bulk(folded: str) -> list[str]:
    """Return the words of `search.text.segment.segment`, in an order of no meaning."""
    return _segmenter()(folded)


@cache
def _segmenter() -> Callable[[str], list[str]]:
    return with_rjieba() or with_jieba()


def with_rjieba() -> Callable[[str], list[str]] | None:
    """Return a segmenter over rjieba; None when it is missing or of an untested version.

    Another version may bring another dictionary, and then a query's words, which are cut by
    jieba's, would not be those of the index.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        if (version("jieba"), version("rjieba")) not in TESTED:
            return None
        import rjieba
    except (ImportError, PackageNotFoundError):
        return None
    cut: Callable[[str], list[str]] = rjieba.cut_for_search
    split, others = _splitter(), _others()

    def segment(folded: str) -> list[str]:
        pieces = split(folded)
        words = [word for word in cut("\n".join(pieces[1::2])) if word != "\n"]
        words += others("\n".join(pieces[::2]))
        return words

    return segment


def with_jieba() -> Callable[[str], list[str]]:
    """Return a segmenter over the dictionary that jieba itself has loaded."""
    from search.text.segment import _import_jieba, _jieba

    search = _Loaded(_jieba(), _import_jieba().finalseg).search_block
    split, others = _splitter(), _others()

    def segment(folded: str) -> list[str]:
        pieces = split(folded)
        words = others("\n".join(pieces[::2]))
        for block in pieces[1::2]:
            words += search(block)
        return words

    return segment


def _splitter() -> Callable[[str], list[str]]:
    """Return what splits a text: known characters at the odd places of the list."""
    import re

    return re.compile(f"([{chr(FIRST)}-{chr(LAST)}]+)").split


def _others() -> Callable[[str], list[str]]:
    """Return what finds the words of a text without known characters."""
    from search.text.segment import _RUNS  # one place says what the words outside Han are

    def others(rest: str) -> list[str]:
        words: list[str] = []
        for run in _RUNS.finditer(rest):
            if run[1]:  # Han that jieba does not know, each character for itself
                words.extend(run[1])
            else:
                words.append(run[0])
        return words

    return others


class _Loaded(Cutter):
    """jieba's loaded dictionary, with the look-ups and the sums in one loop."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        pairs = {a + b: model.trans_P[a].get(b, model.MIN_FLOAT) for a in STATES for b in STATES}
        begin, end, middle, single = (model.start_P[state] for state in STATES)
        super().__init__((begin, end, middle, single), pairs)
        self._words: dict[str, int] = tokenizer.FREQ
        self._log_total = log(tokenizer.total)
        self._emissions = [model.emit_P[state] for state in STATES]

    def _ends(self, block: str) -> list[int]:
        find, log_total, size = self._words.get, self._log_total, len(block)
        best = [0.0] * (size + 1)
        ends = list(range(1, size + 1))
        for at in range(size - 1, -1, -1):
            top = float("-inf")
            for end in range(at + 1, size + 1):
                frequency = find(block[at:end])
                if frequency:
                    score = log(frequency) - log_total + best[end]
                    if score >= top:  # of equal routes the one with the longer word
                        top, ends[at] = score, end
                elif frequency is None:  # nor does any word begin so
                    break
            best[at] = top if top > float("-inf") else 0.0 - log_total + best[at + 1]
        return ends

    def _frequency(self, word: str) -> int:
        return self._words.get(word, 0)

    def _levels(self, char: str) -> Levels:
        b, e, m, s = self._emissions
        never = NEVER[0]
        return b.get(char, never), e.get(char, never), m.get(char, never), s.get(char, never)
