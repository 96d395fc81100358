"""Words that ask: they say what is wanted of an article, not what stands in it.

An article that answers 县长是谁 need not say 谁; and since few articles ask, their rarity
would make such words count for much.
"""

from __future__ import annotations

_ASKING = frozenset(
    [
        *("什么", "甚么", "为什么", "怎么", "怎样", "怎么样", "怎么办", "怎么回事"),
        *("如何", "何以", "是否", "吗", "呢"),
        *("为何", "何时", "何地", "何人", "何处", "何种", "何年"),
        *("多少", "几多", "多久", "多大", "多高", "多长", "多远"),
        *("几", "几个", "几次", "几年", "几月", "几日", "几时", "几点"),
    ]
)
_ALWAYS = "哪谁啥咋"
_LONGEST = 3
"""Characters up to which a word with one of these asks; in longer ones it is a saying
(鹿死谁手) or a name."""


def asks(text: str) -> bool:
    """Return whether a word, or a pair of characters, asks.

    >>> asks("哪里"), asks("是谁"), asks("里程")
    (True, True, False)
    """
    if text in _ASKING:
        return True
    short = len(text) <= _LONGEST and "哪吒" not in text
    return short and any(char in text for char in _ALWAYS)
