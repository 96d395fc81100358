"""What must stand in an article for a bare chunk, where its words are too short to tell alone.

A word of two Han characters or more may stand anywhere. A *crumb* (one character, a figure,
a few letters) stands by chance in any long article: 10, 月, 1 and 日 of `10月1日`, the A of
`A股`. So crumbs that follow each other are one string, as they stand in the chunk; and a
crumb alone between words stands beside one of the two, whichever it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.analysis.fold import is_spaced

FUNCTION = frozenset(
    "的了着之所和与及或而且但在于是为以把被将对从向由给让因也都就又还已曾正很其这那此该有吗呢吧啊谁"
)
"""Characters that say how others belong together: nothing need stand for them."""

LETTERS = 3
"""Letters of a word in another script that tells alone, such as GDP."""

FIGURES = 4
"""Figures that tell alone, such as those of a year."""

_TIES = frozenset("+-#%&'._~/·")
"""Signs that hold what is no Han character to its neighbour: F-16, 3.15晚会, C++语言."""

_OF_FIGURES = frozenset(",:")
"""Signs that do so between two figures: 1,000, 8:30."""

_BEFORE, _BEHIND = "#$¥€£@", "+#%℃°"
"""Signs that belong to the crumb they stand at, whatever follows."""

Choice = tuple[str, ...]
"""Strings of which one is enough."""


def asked_of(text: str, words: Sequence[str]) -> tuple[Choice, ...]:
    """Return what must stand in an article, for a folded chunk and its words in order.

    Of each choice one string is enough. Nothing is asked where the chunk has no words.

    >>> asked_of("国庆10月1日", ["国庆", "10", "月", "1", "日"])
    (('国庆',), ('10月1日',))
    >>> asked_of("环保桥工程", ["环保", "桥", "工程"])
    (('环保',), ('环保桥', '桥工程'), ('工程',))
    """
    if not words:
        return ()
    return tuple(dict.fromkeys(_Chunk(text, words).choices())) or ((text,),)


class _Chunk:
    """A chunk and where its words stand in it."""

    def __init__(self, text: str, words: Sequence[str]) -> None:
        self.text = text
        self.words = words
        self.starts: list[int] = []
        at = 0
        for word in words:
            self.starts.append(text.index(word, at))
            at = self.starts[-1] + len(word)

    def choices(self) -> Iterator[Choice]:
        found: dict[int, Choice] = {}
        known: set[int] = set()  # words that stand where what their neighbour asks for does
        at = 0
        while at < len(self.words):
            first, last = at, self._last_of_run(at)
            at = last + 1
            if not _is_crumb(self.words[first]):
                found[first] = (self.words[first],)
                continue
            while first <= last and self.words[first] in FUNCTION:
                first += 1
            while first <= last and self.words[last] in FUNCTION:
                last -= 1
            if first > last:
                continue
            beside = [] if first < last or _tells(self.words[first]) else self._beside(first)
            found[first] = tuple(self._string(*ends) for ends in beside or [(first, last)])
            if len(beside) == 1:
                known.update(beside[0])
        known -= {i for i in known if _is_crumb(self.words[i])}
        return (choice for i, choice in found.items() if i not in known)

    def _last_of_run(self, at: int) -> int:
        """Return the last of the crumbs that follow each other from one on."""
        if _is_crumb(self.words[at]):
            while at + 1 < len(self.words) and _is_crumb(self.words[at + 1]) and self._tied(at):
                at += 1
        return at

    def _beside(self, i: int) -> list[tuple[int, int]]:
        """Return a crumb with the word before it, and with that behind it, where there is one.

        With a character of FUNCTION only where there is nothing else.
        """
        pairs = [(i - 1, i)] if i > 0 and self._tied(i - 1) else []
        pairs += [(i, i + 1)] if i + 1 < len(self.words) and self._tied(i) else []
        telling = [(a, b) for a, b in pairs if {self.words[a], self.words[b]}.isdisjoint(FUNCTION)]
        return telling or pairs

    def _tied(self, i: int) -> bool:
        """Return whether a word and the next stand beside each other."""
        end, start = self._end(i), self.starts[i + 1]
        if start - end > 2:
            return False
        signs = self.text[end:start]
        last, following = self.text[end - 1], self.text[start]
        if not signs:
            return True
        if signs in _OF_FIGURES:
            return last.isdigit() and following.isdigit()
        return _TIES.issuperset(signs) and (is_spaced(last) or is_spaced(following))

    def _end(self, i: int) -> int:
        return self.starts[i] + len(self.words[i])

    def _string(self, first: int, last: int) -> str:
        """Return the chunk from one word to another, with the signs that belong to these."""
        start, end = self.starts[first], self._end(last)
        if is_spaced(self.text[start]):
            while start > 0 and self.text[start - 1] in _BEFORE:
                start -= 1
        if is_spaced(self.text[end - 1]):
            while end < len(self.text) and self.text[end] in _BEHIND:
                end += 1
        return self.text[start:end]


def _is_crumb(word: str) -> bool:
    return len(word) == 1 or not any(char.isalnum() and not is_spaced(char) for char in word)


def _tells(word: str) -> bool:
    """Return whether a crumb tells by itself."""
    if not is_spaced(word[0]):
        return False
    letters = any(map(str.isalpha, word))
    return len(word) >= LETTERS if letters else sum(map(str.isdigit, word)) >= FIGURES
