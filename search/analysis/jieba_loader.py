"""Importing jieba, whose own ways of starting are slow, loud, and trust a file in /tmp.

Its dictionary is read here, with the folded forms of its words, for all that cut by it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from search.system.whole_process import CHANGING


@cache
def load_jieba() -> Any:
    """Load jieba with its dictionary: quietly, and without its cache.

    jieba reads its cache with `marshal`, which is not safe against data made up by others, and by
    default from /tmp; and a log line on every start is not what a pipe wants. To read the
    dictionary takes a second more of CPU.
    """
    import logging

    jieba = import_jieba()
    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = read_dictionary(tokenizer)
    tokenizer.initialized = True
    return tokenizer


def read_dictionary(tokenizer: Any) -> tuple[dict[str, int], int]:
    """Return the frequencies of jieba's words and of their folded forms, and the sum of all.

    As jieba keeps them: what words begin with has the frequency 0.
    """
    frequencies: dict[str, int]
    frequencies, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    for word, frequency in folded_words():
        total += frequency - frequencies.get(word, 0)
        frequencies[word] = frequency
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    return frequencies, total


def folded_words() -> Iterator[tuple[str, int]]:
    """Yield what jieba is to know besides, and its frequency in place of any it has.

    Folding makes 着名 of 著名, and the dictionary has the words as they are written.
    """
    from search.analysis.tables.folded_words import WORDS

    parts = iter(WORDS.split())
    return zip(parts, map(int, parts), strict=True)


def import_jieba() -> Any:
    """Import jieba, without letting it import pkg_resources, which costs more than jieba.

    Its source warns of its own escape sequences when Python 3.12 compiles it; that is no
    news to the user.
    """
    import warnings

    with CHANGING:
        known = "pkg_resources" in sys.modules
        if not known:
            sys.modules["pkg_resources"] = None  # type: ignore[assignment]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import jieba
        finally:
            if not known:
                del sys.modules["pkg_resources"]
        return jieba
