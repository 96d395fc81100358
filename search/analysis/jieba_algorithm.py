"""jieba's way of cutting, over whatever knows its words and its model.

How jieba cuts (`jieba/__init__.py` and `jieba/finalseg/__init__.py`, MIT): the dictionary
words that start at each character form a graph (DAG); the most probable way through it is
found from the end backwards, by log(frequency / total). Stretches of single characters that
are not a word together are cut by a hidden Markov model (begin, middle, end of a word,
single; the Viterbi algorithm). `Cutter` does the same additions in the same order, so that
rounding and ties fall as they do there: an index and a query must agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

FIRST, LAST = 0x4E00, 0x9FD5
"""The first and the last of the characters jieba cuts."""

STATES = "BEMS"
_ALLOWED = ("BE", "BM", "EB", "ES", "MM", "ME", "SB", "SS")

Levels = tuple[float, float, float, float]
NEVER: Levels = (-3.14e100, -3.14e100, -3.14e100, -3.14e100)
"""What jieba takes for the log-probability of a character its model has never seen."""


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
