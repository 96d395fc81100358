"""Segmentation: the words of a folded text, by jieba's search mode.

Words rank; they never hide anything (any string is found through pairs of characters), so
no word is dropped: no stop words, no stemming, single characters and numbers kept. Only
runs of Han characters go through jieba. Runs of other letters and digits are one word each,
which jieba would cut letter by letter outside ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from search.analysis import user_dictionary
from search.analysis.fold import CJK, HAN, LATER

VERSION = 2
"""Raised with every change that cuts any text differently: indexes remember it."""

_DIGITS = rf"[^\D{LATER}]+"
OTHERS = rf"{_DIGITS}(?:\.{_DIGITS})+|[^\W_{CJK}{LATER}]+|[{CJK}]"
"""The words that jieba does not cut, as a regular expression. A Han character that jieba
does not know is one for itself."""


@cache
def _runs() -> re.Pattern[str]:
    """Return what finds the words; runs of Han characters are group 1."""
    return re.compile(rf"([{HAN}]+)|{OTHERS}")


def segment(folded: str) -> list[str]:
    """Return the words of a folded text in order, as jieba's search mode gives them.

    Each long word is preceded by the shorter dictionary words inside it. The user's own words
    come behind them all.

    >>> segment("网格化服务管理2023")
    ['网格', '网格化', '服务', '管理', '2023']
    """
    return _segmented(folded) + user_dictionary.added(folded)


def _segmented(folded: str) -> list[str]:
    """Return the words of a folded text as jieba's dictionary gives them."""
    if _all_known(folded):
        return _ask("cut_for_search", folded)
    words: list[str] = []
    for run in _runs().finditer(folded):
        if run[1]:
            words += _ask("cut_for_search", run[1])
        else:
            words.append(run[0])
    return words


def cut(folded: str) -> list[str]:
    """Return the words of a folded text without those inside longer ones.

    >>> cut("网格化服务管理2023")
    ['网格化', '服务', '管理', '2023']
    """
    if not user_dictionary.used():
        return _cut(folded)
    words: list[str] = []
    for piece, known in user_dictionary.parted(folded):
        words += [piece] if known else _cut(piece)
    return words


def _cut(folded: str) -> list[str]:
    """Return the words of a folded text by jieba's dictionary alone, without those inside."""
    if _all_known(folded):
        return _ask("cut", folded)
    words: list[str] = []
    for run in _runs().finditer(folded):
        if run[1]:
            words += _ask("cut", run[1])
        else:
            words.append(run[0])
    return words


def _all_known(text: str) -> bool:
    """Return whether a text is one run that jieba cuts: most queries are, and need no more.

    (To compile the regular expression takes 4 ms.)
    """
    return all("\u4e00" <= char <= "\u9fd5" for char in text)


def positions(folded: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of `segment` with its start and end in the folded text."""
    yield from _positions(folded)
    at = 0
    for piece, known in user_dictionary.parted(folded):
        if known:
            yield piece, at, at + len(piece)
        at += len(piece)


def _positions(folded: str) -> Iterator[tuple[str, int, int]]:
    for run in _runs().finditer(folded):
        if not run[1]:
            yield run[0], run.start(), run.end()
            continue
        words = iter(_ask("cut_for_search", run[1]))
        at = run.start()
        for whole in _ask("cut", run[1]):
            word, place = next(words), -1
            while word != whole:  # the shorter words inside it, by length and then by place
                place = whole.index(word, place + 1)
                yield word, at + place, at + place + len(word)
                size, word = len(word), next(words)
                place = place if len(word) == size else -1
            yield whole, at, at + len(whole)
            at += len(whole)


def _ask(how: str, run: str) -> list[str]:
    """Return what the cutter makes of a run by its method `how`.

    Where the compiled dictionary turns out to be damaged it is made again, and where that does
    not help, jieba itself is asked.
    """
    from search.analysis.jieba_dictionary import DamagedLexicon, lexicon_path

    try:
        return list(getattr(_cutter(), how)(run))
    except DamagedLexicon:
        path = lexicon_path()
    with suppress(OSError):
        if path:
            path.unlink()
    _cutter.cache_clear()
    try:
        return list(getattr(_cutter(), how)(run))
    except DamagedLexicon:
        from search.analysis.jieba_loader import load_jieba

        return list(getattr(load_jieba(), how)(run))


@cache
def _cutter() -> Any:
    """Return what cuts a query: the compiled dictionary, made now if it is missing.

    Where it cannot be kept, jieba itself, at a second of CPU for each process.
    """
    from search.analysis.jieba_dictionary import (
        Lexicon,
        compile_lexicon,
        lexicon_path,
        open_lexicon,
    )
    from search.analysis.jieba_loader import load_jieba

    path = lexicon_path()
    if path is None:
        return load_jieba()
    try:
        lexicon = open_lexicon()
        if lexicon is None:
            compile_lexicon(path)
            lexicon = Lexicon.open(path)
    except (OSError, ValueError):
        return load_jieba()
    return lexicon
