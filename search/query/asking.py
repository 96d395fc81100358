"""Words that ask: they say what is wanted of an article, not what stands in it.

An article that answers 县长是谁 need not say 谁; and since few articles ask, their rarity
would make such words count for much.
"""

from __future__ import annotations

_ASKING = frozenset(
    [
        *("什么", "甚么", "为什么", "怎么", "怎样", "怎么样", "如何", "是否", "吗", "呢"),
        *("为何", "何时", "何地", "何人", "何处", "何种", "何年"),
        *("多少", "多久", "多大", "多高", "多长", "多远"),
        *("几", "几个", "几次", "几年", "几月", "几日", "几时", "几点"),
    ]
)
_ALWAYS = "哪谁啥"
_NAMES = frozenset({"哪吒"})


def asks(text: str) -> bool:
    """Tell whether a word, or a pair of characters, asks.

    >>> asks("哪里"), asks("是谁"), asks("里程")
    (True, True, False)
    """
    return text in _ASKING or (any(char in text for char in _ALWAYS) and text not in _NAMES)
