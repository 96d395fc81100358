"""The strings that a chunk of text is made of, for finding and for ranking.

Finding compares strings, so that where jieba cut an article never hides it; ranking counts
words and pairs of characters, which are what the index keeps statistics of. What was cut is
remembered, by the words of the user's own that it was cut with: one query asks several times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps

from search.analysis import user_dictionary
from search.analysis.fold import CJK
from search.analysis.segment import cut, segment
from search.analysis.tables.common import COMMON
from search.query.crumbs import Choice, asked_of
from search.query.question_words import asks

_REMEMBERED = 256

Cut = Callable[[str], tuple[str, ...]]


def _remembered(cut: Cut) -> Cut:
    """Have a function that cuts remember what it did, for each set of the user's own words."""

    @lru_cache(_REMEMBERED)
    def known(text: str, _words: frozenset[str]) -> tuple[str, ...]:
        return cut(text)

    @wraps(cut)
    def asked(text: str) -> tuple[str, ...]:
        return known(text, user_dictionary.used())

    return asked


def all_of(text: str) -> tuple[Choice, ...]:
    """Return what must all stand in an article for a bare chunk to be found.

    Of each choice one string is enough. They are the words of `text`, and what those too short
    to tell alone stand beside (`crumbs`); none when it holds no letter or digit.
    """
    return _choices(text, user_dictionary.used())


@lru_cache(_REMEMBERED)
def _choices(text: str, _words: frozenset[str]) -> tuple[Choice, ...]:
    return asked_of(text, cut(text))


@_remembered
def any_of(text: str) -> tuple[str, ...]:
    """Return the strings of which one is enough for a bag of words to be found.

    They are its pairs of Han characters, so that a name which jieba does not know, and joins
    to its neighbours, hides nothing; and its words that are no Han characters, or a single
    one. A common one, such as 的, and one that asks count only when there is nothing else.
    """
    strings = shown_of(text)
    found = tuple(dict.fromkeys(pair for pair in pairs(text) if _is_han(pair)))
    others = (word for word in strings if not _is_han(word) or _tells_alone(word))
    return (*others, *found) if found else strings


@_remembered
def shown_of(text: str) -> tuple[str, ...]:
    """Return the words by which a bag of words is seen in an article, also inner ones."""
    return telling(tuple(dict.fromkeys(segment(text))))


def _is_han(text: str) -> bool:
    return re.search(f"[{CJK}]", text) is not None


def _tells_alone(word: str) -> bool:
    return len(word) == 1 and word not in COMMON and not asks(word)


@_remembered
def words(text: str) -> tuple[str, ...]:
    """Return the words by which `text` is ranked, as often as they stand in it.

    Those inside longer ones are left out: the pairs stand for them.
    """
    return tuple(cut(text))


@lru_cache(_REMEMBERED)
def pairs(text: str) -> tuple[str, ...]:
    """Return the pairs of adjacent letters or digits by which `text` is ranked."""
    return tuple(pairs_of(text))


def pairs_of(text: str) -> Iterator[str]:
    """Yield the same for a text that is too long to be remembered."""
    for run in re.findall(r"\w+", text):
        yield from (run[i : i + 2] for i in range(len(run) - 1))


def fields_for(text: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields in which one of the strings of `any_of` is looked for, of some.

    A single character is no name: in the bylines it stands by chance.
    """
    if len(text) == 1 and len(fields) > 1:
        return tuple(field for field in fields if field != "author")
    return fields


def telling(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without those that are one common character, unless there are no others."""
    return tuple(word for word in found if word not in COMMON) or found
