"""Words of the user's own: a plain file in the format of jieba's user dictionary.

    # a word a line; jieba's frequency and tag may follow, and do not count
    望澜桥
    网格化服务管理 10 n

A line that cannot be read is left out and said, with its number; the rest holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from search.analysis.fold import CJK, fold
from search.system.user_file import Mistake, read_lines

LONGEST = 30
"""Characters of a word: a longer line is a text given by mistake."""


def read_words(path: Path) -> tuple[frozenset[str], list[Mistake]]:
    """Return the folded words of a file, and the lines that cannot be used with the reasons."""
    lines, mistakes = read_lines(path)
    words: dict[str, int] = {}
    for number, line in lines:
        word, *rest = line.split()
        folded = fold(word)
        wrong = _wrong(folded, rest)
        if not wrong and folded in words:
            wrong = f"this word is already in line {words[folded]}"
        if wrong:
            mistakes.append(Mistake(path, number, wrong))
        else:
            words[folded] = number
    return frozenset(words), mistakes


def own_words(words: Iterable[str]) -> frozenset[str]:
    """Return words, folded, that a program gives. Raises ValueError for what is none."""
    found = {word: fold(word) for word in words}
    for word, folded in found.items():
        wrong = _wrong(folded, [])
        if wrong:
            raise ValueError(f"{word!r:.60}: {wrong}")
    return frozenset(found.values())


def _wrong(word: str, rest: list[str]) -> str:
    """Return what is wrong with an entry, or an empty string."""
    if not word.isalnum():
        return "a word can have only letters, digits and Chinese characters"
    if len(word) < 2:
        return "one character is a word anyway"
    if len(word) > LONGEST:
        return f"a word can have at most {LONGEST} characters"
    if not re.search(f"[{CJK}]", word):
        return "without a Chinese character it is a word anyway"
    if len(rest) > 2 or (len(rest) == 2 and not rest[0].isdecimal()):
        return "only a frequency and a tag can follow the word"
    return ""
