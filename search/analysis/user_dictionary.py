"""The user's own words: one word each in a query, and words of the index besides jieba's.

In a text the longest of them counts at each place, from left to right. Cutting a query, each
is a word and jieba cuts what is between them. Among the words that rank, each is added to
those that jieba finds: so an index built without them is still right, but for their weight.

They hold for what is done within `using`, or after `use`: in this thread, or in this task of
asyncio, and nowhere else. So two indexes of one process can each have their own, and neither
the tree of a query nor an engine needs to carry them. What is lazy (a generator) sees those of
whoever takes its next value, so what cuts has to be over when `using` ends.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_used: ContextVar[tuple[frozenset[str], int]] = ContextVar("words", default=(frozenset(), 0))
"""The words, and the length of the longest."""


def use(words: frozenset[str]) -> None:
    """Take these folded words from here on, in place of those there were."""
    _used.set((words, max(map(len, words), default=0)))


@contextmanager
def using(words: frozenset[str]) -> Iterator[None]:
    """Take these folded words for a while."""
    before = _used.get()
    use(words)
    try:
        yield
    finally:
        _used.set(before)


def used() -> frozenset[str]:
    """Return the words in use."""
    return _used.get()[0]


def fingerprint(words: frozenset[str]) -> int:
    """Return a number that tells sets of words apart, 0 for none: an index remembers it."""
    return zlib.crc32("\n".join(sorted(words)).encode()) if words else 0


def parted(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a folded text in order, each with whether it is a word in use."""
    words, longest = _used.get()
    done = at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), 1, -1):
            if text[at : at + size] in words:
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
    return [piece for piece, own in parted(text) if own] if used() else []


def added_many(texts: str, end: str) -> list[str]:
    """Return those of many folded texts, each followed by `end`, with the ends among them."""
    import re

    return re.findall(f"{end}|{_pattern(sorted(used()))}", texts)


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
