"""Importing jieba, whose own ways of starting are slow, loud, and trust a file in /tmp."""

from __future__ import annotations

import sys
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
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


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
