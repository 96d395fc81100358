"""Segmentation in bulk: the words of `segment`, as fast as this computer gives them.

Building an index cuts every article, and jieba's own loop is most of the time that takes.
Here the words come from rjieba (jieba's algorithm and dictionary in Rust, MIT) where it is
installed, many texts in one call. Otherwise from jieba's dictionary through a tighter loop,
`search.analysis.jieba_algorithm`, which `search.analysis.jieba_dictionary` shares for queries.

Only U+4E00 to U+9FD5 are cut by jieba; other Han characters are words of their own to it.
rjieba joins those (`㐀㐀` is one word to it), so it is given runs of known characters only.
On those it is equal: no difference in every word of the dictionary, in 3,000 news articles
and in millions of random runs (jieba 0.42.1, rjieba 0.2.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from math import log
from typing import Any

import numpy as np

from search.analysis import user_dictionary
from search.analysis.fold import END
from search.analysis.jieba_algorithm import FIRST, LAST, NEVER, STATES, Cutter, Levels
from search.analysis.jieba_loader import folded_words, import_jieba, load_jieba

TESTED = {("0.42.1", "0.2.2")}
"""Pairs of versions of jieba and rjieba of which it is known that they give the same words."""

Cut = tuple[int, list[str]]
"""The number of a text, and words from it on; each END among them leads to the next text,
and spaces among them are no words."""

Segmenter = Callable[[str], Iterator[Cut]]

PIECE = 4096
"""Characters given to rjieba at once: with more the words leave the processor's cache."""

PART = 1 << 15
"""Characters whose words are handed on at once."""

_SPACE = 32


def cut_many(texts: str) -> Iterator[Cut]:
    """Yield the words of `search.analysis.segment.segment` for many texts, each followed by END.

    They come in an order of no meaning, and for a text in several parts.
    """
    yield from _segmenter()(texts)
    if user_dictionary.used():
        yield 0, user_dictionary.added_many(texts, END)


@cache
def _segmenter() -> Segmenter:
    return with_rjieba() or with_jieba()


def with_rjieba() -> Segmenter | None:
    """Return a segmenter over rjieba; None when it is missing or of an untested version.

    Another version may bring another dictionary, and then a query's words, which are cut by
    jieba's, would not be those of the index. What the dictionary is given besides is given to
    rjieba of the whole process: a dictionary of our own would be loaded a second time.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        if (version("jieba"), version("rjieba")) not in TESTED:
            return None
        import rjieba
    except (ImportError, PackageNotFoundError):
        return None
    for word, frequency in folded_words():
        rjieba.add_word(word, frequency, None)
    cut: Callable[[str], list[str]] = rjieba.cut_for_search
    others = _words_outside().findall

    def segment(texts: str) -> Iterator[Cut]:
        known, rest = _parted(texts)
        number = 0
        for part in _pieces(known, PART):
            words: list[str] = []
            for piece in _pieces(part, PIECE):
                words += cut(piece)
            yield number, words
            number += part.count(END)
        yield 0, others(rest)

    return segment


def with_jieba() -> Segmenter:
    """Return a segmenter over the dictionary that jieba itself has loaded."""
    search = _Loaded(load_jieba(), import_jieba().finalseg).search_block
    others = _words_outside().findall

    def segment(texts: str) -> Iterator[Cut]:
        known, rest = _parted(texts)
        for number, text in enumerate(known.split(END)):
            for block in text.split():
                yield number, search(block)
        yield 0, others(rest)

    return segment


def _parted(texts: str) -> tuple[str, str]:
    """Return texts without what jieba does not know, and without what it does.

    What is left out leaves a space; the texts' ends are in both.
    """
    codes = np.frombuffer(texts.encode("utf-32-le"), dtype="<u4")
    known = (codes >= FIRST) & (codes <= LAST)
    end = codes == ord(END)
    in_words = _in_words()
    low = np.minimum(codes, len(in_words) - 1)
    return _without(codes, ~(known | end)), _without(codes, known | ~in_words[low])


_LOW = 0x3100
"""Punctuation is mostly below it. Of what is above, none is left out."""


@cache
def _in_words() -> Any:
    """Tell of each character up to _LOW whether it can stand in a word, or is END."""
    word = _words_outside().match
    found = [char in f".{END}" or word(char) is not None for char in map(chr, range(_LOW))]
    return np.array([*found, True])


def _without(codes: Any, unwanted: Any) -> str:
    """Return characters with a space for each run of those unwanted."""
    kept = ~unwanted
    kept[1:] |= unwanted[1:] & ~unwanted[:-1]
    kept[:1] = True
    text: str = np.where(unwanted, np.uint32(_SPACE), codes)[kept].tobytes().decode("utf-32-le")
    return text


def _pieces(text: str, size: int) -> Iterator[str]:
    """Cut a text at spaces into pieces of about `size` characters."""
    start = 0
    while start < len(text):
        end = text.find(" ", start + size) + 1 or len(text)
        yield text[start:end]
        start = end


@cache
def _words_outside() -> re.Pattern[str]:
    """Return what finds the words of texts without known characters, and their ENDs."""
    from search.analysis.segment import OTHERS  # one place says what the words outside Han are

    return re.compile(f"{END}|{OTHERS}")


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
