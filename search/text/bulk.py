"""Segmentation in bulk: the words of `segment`, as fast as this computer gives them.

Building an index cuts every article, and jieba's own loop is most of the time that takes.
Here the words come from rjieba (jieba's algorithm and dictionary in Rust, MIT) where it is
installed, all Han text of an article in one call. Otherwise from jieba's dictionary through
a tighter loop, `Cutter`, which `search.text.lexicon` shares for queries.

How jieba cuts (`jieba/__init__.py` and `jieba/finalseg/__init__.py`, MIT): the dictionary
words that start at each character form a graph (DAG); the most probable way through it is
found from the end backwards, by log(frequency / total). Stretches of single characters that
are not a word together are cut by a hidden Markov model (begin, middle, end of a word,
single; the Viterbi algorithm). `Cutter` does the same additions in the same order, so that
rounding and ties fall as they do there: an index and a query must agree.

Only U+4E00 to U+9FD5 are cut by jieba; other Han characters are words of their own to it.
rjieba joins those (`㐀㐀` is one word to it), so it is given runs of known characters only.
On those it is equal: no difference in every word of the dictionary, in 3,000 news articles
and in millions of random runs (jieba 0.42.1, rjieba 0.2.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from math import log
from typing import Any

FIRST, LAST = 0x4E00, 0x9FD5
"""The first and the last of the characters jieba cuts."""

TESTED = {("0.42.1", "0.2.2")}
"""Pairs of versions of jieba and rjieba of which it is known that they give the same words."""

STATES = "BEMS"
_ALLOWED = ("BE", "BM", "EB", "ES", "MM", "ME", "SB", "SS")

Levels = tuple[float, float, float, float]
NEVER: Levels = (-3.14e100, -3.14e100, -3.14e100, -3.14e100)
"""What jieba takes for the log-probability of a character its model has never seen."""


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


def _pieces(run: str) -> Iterator[tuple[bool, str]]:
    """Split a run where jieba does, without a regular expression (1 ms to compile)."""
    for known, chars in groupby(run, lambda char: FIRST <= ord(char) <= LAST):
        yield known, "".join(chars)


class Cutter:
    """jieba's way of cutting, over whatever knows the words and the model."""

    def __init__(self, start: Levels, steps: dict[str, float]) -> None:
        self._start = start
        self._steps = tuple(steps[pair] for pair in _ALLOWED)

    def _ends(self, block: str) -> list[int]:
        """Return for each character of a block where the best word from there ends."""
        raise NotImplementedError

    def _frequency(self, word: str) -> int:
        """Return the frequency of a word of known characters, 0 when it is none."""
        raise NotImplementedError

    def _levels(self, char: str) -> Levels:
        """Return the log-probabilities of a character in the states B, E, M, S."""
        raise NotImplementedError

    def cut(self, run: str) -> list[str]:
        """Return the words of a run of Han characters, as `jieba.cut` gives them."""
        words: list[str] = []
        for known, piece in _pieces(run):
            words.extend(self.cut_block(piece) if known else piece)
        return words

    def cut_for_search(self, run: str) -> list[str]:
        """Return the words of a run, the shorter ones inside a long one before it."""
        words: list[str] = []
        for known, piece in _pieces(run):
            words.extend(self.search_block(piece) if known else piece)
        return words

    def search_block(self, block: str) -> list[str]:
        """Do the same for a block, all of whose characters jieba cuts."""
        words: list[str] = []
        frequency = self._frequency
        for word in self.cut_block(block):
            size = len(word)
            for inner in (2, 3) if size > 3 else (2,) if size > 2 else ():
                for at in range(size - inner + 1):
                    gram = word[at : at + inner]
                    if frequency(gram):
                        words.append(gram)
            words.append(word)
        return words

    def cut_block(self, block: str) -> list[str]:
        """Cut a block, all of whose characters jieba cuts."""
        words: list[str] = []
        ends = self._ends(block)
        at = loose = 0  # loose: where the single characters before `at` begin
        while at < len(block):
            end = ends[at]
            if end - at > 1:
                if loose < at:
                    self._cut_loose(block[loose:at], words)
                words.append(block[at:end])
                loose = end
            at = end
        if loose < at:
            self._cut_loose(block[loose:at], words)
        return words

    def _cut_loose(self, stretch: str, words: list[str]) -> None:
        """Add the words of a stretch in which the dictionary found single characters only."""
        if len(stretch) == 1 or self._frequency(stretch):
            words.extend(stretch)
            return
        begin = 0
        for at, state in enumerate(self._viterbi(stretch)):
            if state == "B":
                begin = at
            elif state == "E":
                words.append(stretch[begin : at + 1])
            elif state == "S":
                words.append(stretch[at])

    def _viterbi(self, stretch: str) -> list[str]:
        """Return the most probable states; of equal ones the later letter, as jieba does."""
        be, bm, eb, es, mm, me, sb, ss = self._steps
        first = self._levels(stretch[0])
        b, e, m, s = (p + level for p, level in zip(self._start, first, strict=True))
        before = []
        for char in stretch[1:]:
            in_b, in_e, in_m, in_s = self._levels(char)
            b_e, b_s = e + eb + in_b, s + sb + in_b
            e_b, e_m = b + be + in_e, m + me + in_e
            m_b, m_m = b + bm + in_m, m + mm + in_m
            s_e, s_s = e + es + in_s, s + ss + in_s
            to_b, to_s = "S" if b_s >= b_e else "E", "S" if s_s >= s_e else "E"
            to_e, to_m = "M" if e_m >= e_b else "B", "M" if m_m >= m_b else "B"
            before.append((to_b, to_e, to_m, to_s))  # as in STATES
            b, e, m, s = max(b_s, b_e), max(e_m, e_b), max(m_m, m_b), max(s_s, s_e)
        states = ["S" if s >= e else "E"]
        for choice in reversed(before):
            states.append(choice[STATES.index(states[-1])])
        return states[::-1]


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
