"""The user's own words: one word each in a query, and words of the index besides jieba's.

In a text the longest of them counts at each place, from left to right. Cutting a query, each
is a word and jieba cuts what is between them. Among the words that rank, each is added to
those that jieba finds: so an index built without them is still right, but for their weight.

They hold for the whole process, as jieba's dictionary does.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

_words: frozenset[str] = frozenset()
_longest = 0

on_change: list[Callable[[], None]] = []
"""What is to be called when the words change: it forgets what was cut by the old ones."""


def use(words: frozenset[str]) -> None:
    """Take these folded words, in place of those there were."""
    global _words, _longest
    if words != _words:
        _words, _longest = words, max(map(len, words), default=0)
        for forget in on_change:
            forget()


def used() -> frozenset[str]:
    """Return the words in use."""
    return _words


def fingerprint(words: frozenset[str]) -> int:
    """Return a number that tells sets of words apart, 0 for none: an index remembers it."""
    return zlib.crc32("\n".join(sorted(words)).encode()) if words else 0


def parted(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a folded text in order, each with whether it is a word in use."""
    done = at = 0
    while at < len(text):
        for size in range(min(_longest, len(text) - at), 1, -1):
            if text[at : at + size] in _words:
                if done < at:
                    yield text[done:at], False
                yield text[at : at + size], True
                done = at = at + size
                break
        else:
            at += 1
    if done < at:
        yield text[done:], False


def added(text: str) -> list[str]:
    """Return the words in use that stand in a folded text, as often as they do."""
    return [piece for piece, own in parted(text) if own] if _words else []


def added_many(texts: str, end: str) -> list[str]:
    """Return those of many folded texts, each followed by `end`, with the ends among them."""
    import re

    return re.findall(f"{end}|{_pattern(sorted(_words))}", texts)


def _pattern(words: list[str]) -> str:
    """Return a regular expression of sorted words, the longest first at each place.

    Words that begin alike share what is compared: 1,000 take little longer than ten.
    """
    import re
    from itertools import groupby

    ends = words[:1] == [""]
    groups = groupby(words[1:] if ends else words, key=lambda word: word[0])
    parts = [re.escape(char) + _pattern([word[1:] for word in some]) for char, some in groups]
    if not parts:
        return ""
    return f"(?:{'|'.join(parts)})" + ("?" if ends else "")
