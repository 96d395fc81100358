"""What a pattern matches in a folded text: the definition, in plain comparing of strings.

The memory engine finds by it and snippets mark by it; an index that finds another way must
find the same. A pattern occurs at a place where it begins, and occurs once there.

- Wildcard: the pieces stand one after the other, each gap as long as its bounds allow. A
  gap that may vary (a `*`) between two letters of a script written with spaces runs over
  such letters alone: inside one word.
- Fuzzy: a variant stands there. Variants are the text without one of its characters; with
  any other in the place of one, but for the first and the last; with any other between two,
  but for the first two and the last two. What is left out here holds another variant, so it
  is found all the same. Where the text itself stands, two variants do.
  Of a text in which two characters may be wrong, the stretches at most two edits away are
  gathered by where they end: of those that end side by side, the nearest is the occurrence,
  and of these the first.
- WholeWord: the text stands there, and neither before nor behind it goes on what it begins or
  ends with, if that is a letter or digit of a script written with spaces.
- Near: an occurrence of the last string, reached by a chain in which each string stands
  within the gap of one before it, on either side or, if ordered, behind it, and not over it.
- Pinyin: each character can be read as its syllable.
- Regex: as `regex.finditer` gives them, those of no characters left out.
- Exact: its characters stand there as typed, in the text as it is and not folded. White space
  may stand between two wherever folding would drop it, and so may what cannot be seen.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from search.analysis.fold import fold, is_spaced
from search.model.errors import LimitError
from search.query.ast import Exact, Fuzzy, Near, Pattern, Pinyin, Regex, WholeWord, Wildcard

Span = tuple[int, int]

_UNSEEN = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    r"\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""What cannot be seen, and may stand between any two characters: what folding drops. For use
inside a regular expression's brackets."""

_MARKING = 0.5
"""Seconds for the marks of a regular expression in one text."""


def occurrences(leaf: Pattern, value: str, until: float | None = None) -> list[Span]:
    """Return start and end of each occurrence in a folded value, in order.

    Exact is looked for in a value that is not folded.

    `until` is the `time.monotonic()` at which a regular expression is given up, by an error
    that says so (LimitError).
    """
    match leaf:
        case Wildcard():
            return _wildcard(leaf, value)
        case Fuzzy(text, edits=2):
            return _fuzzy_by_two(text, value)
        case Fuzzy(text):
            return _fuzzy(text, value)
        case WholeWord(text):
            return [
                (at, at + len(text)) for at in places(value, text) if _is_whole(value, at, text)
            ]
        case Near():
            return _near(leaf, value)[0]
        case Pinyin(readings):
            return _pinyin(readings, value)
        case Regex(pattern):
            return _regex(pattern, value, until)
        case Exact():
            return [match.span(1) for match in _as_typed(leaf.typed).finditer(value)]


def marked(leaf: Pattern, value: str) -> list[Span]:
    """Return the stretches of a value to mark for a pattern: of Near, all that take part.

    None, where a regular expression takes longer than a reader would wait.
    """
    if isinstance(leaf, Near):
        return _near(leaf, value)[1]
    if isinstance(leaf, Exact):  # where only the folded text is at hand
        return [(at, at + len(leaf.text)) for at in places(value, leaf.text)]
    try:
        return occurrences(leaf, value, time.monotonic() + _MARKING)
    except LimitError:
        return []


def places(value: str, text: str) -> Iterator[int]:
    """Yield each place at which a text begins in a value, overlapping ones too."""
    at = value.find(text)
    while at >= 0:
        yield at
        at = value.find(text, at + 1)


def stays_in_word(leaf: Wildcard, i: int) -> bool:
    """Return whether a gap of a wildcard runs over the letters of one word alone."""
    least, most = leaf.gaps[i]
    return most > least and is_spaced(leaf.pieces[i][-1]) and is_spaced(leaf.pieces[i + 1][0])


def _is_whole(value: str, at: int, text: str) -> bool:
    before, behind = value[at - 1 : at], value[at + len(text) : at + len(text) + 1]
    goes_back = is_spaced(text[0]) and before != "" and is_spaced(before)
    return not goes_back and not (is_spaced(text[-1]) and behind != "" and is_spaced(behind))


def variants(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield the variants of a fuzzy text: a head, 0 or 1 characters of any kind, a tail."""
    for i in range(len(text)):
        yield text[:i], 0, text[i + 1 :]
        if 0 < i < len(text) - 1:
            yield text[:i], 1, text[i + 1 :]
        if 1 < i < len(text) - 1:
            yield text[:i], 1, text[i:]


def _wildcard(leaf: Wildcard, value: str) -> list[Span]:
    """From the last piece to the first: where the rest begins, and ends at the earliest."""
    last = leaf.pieces[-1]
    rest = {place: place + len(last) for place in places(value, last)}
    for i in reversed(range(len(leaf.gaps))):
        least, most = leaf.gaps[i]
        piece, in_word = leaf.pieces[i], stays_in_word(leaf, i)
        here: dict[int, int] = {}
        for place in places(value, piece):
            end = place + len(piece)
            ends = [
                rest[end + gap]
                for gap in range(least, most + 1)
                if end + gap in rest
                and not (in_word and not all(map(is_spaced, value[end : end + gap])))
            ]
            if ends:
                here[place] = min(ends)
        rest = here
    return sorted(rest.items())


def _fuzzy(text: str, value: str) -> list[Span]:
    found = {place: place + len(text) for place in places(value, text)}
    for head, gap, tail in variants(text):
        for place in places(value, head or tail):
            then = place + len(head) + gap if head else place
            if then <= len(value) and (not head or value.startswith(tail, then)):
                end = then + len(tail) if tail else place + len(head)
                found[place] = max(end, found.get(place, 0))
    return sorted(found.items())


def thirds(text: str) -> list[tuple[int, str]]:
    """Return three pieces of a text, of which two edits leave one as it is, and their places."""
    cuts = [len(text) * i // 3 for i in range(4)]
    return [(a, text[a:b]) for a, b in pairwise(cuts)]


def _fuzzy_by_two(text: str, value: str) -> list[Span]:
    begins = {at - offset for offset, piece in thirds(text) for at in places(value, piece)}
    return fuzzy_by_two(text, value, sorted(begins))


def fuzzy_by_two(text: str, value: str, begins: Sequence[int]) -> list[Span]:
    """Return where a text occurs with two edits, from where it would begin by its thirds.

    What is within two edits begins and ends at most two characters from there.
    """
    found: list[Span] = []
    low = high = 0
    for begin in begins:
        first, last = max(0, begin - 2), min(len(value), begin + len(text) + 2)
        if first > high:
            found += _nearest(text, value, low, high)
            low = first
        high = max(high, last)
    return found + _nearest(text, value, low, high)


def _nearest(text: str, value: str, low: int, high: int) -> list[Span]:
    """Return the occurrences within a stretch of a value (Sellers 1980)."""
    found: list[Span] = []
    # For each length of the text: edits, and where what is that far away begins.
    column = [(i, low) for i in range(len(text) + 1)]
    best: tuple[int, int, int] | None = None
    for end in range(low, high + 1):
        if end > low:
            above = column
            column = [(0, end)]
            for i, char in enumerate(text, 1):
                same = above[i - 1][0] + (char != value[end - 1]), above[i - 1][1]
                more = above[i][0] + 1, above[i][1]
                less = column[-1][0] + 1, column[-1][1]
                column.append(min(same, more, less))
        edits, start = column[-1]
        if edits <= 2 and start < end:
            best = min(best or (3, 0, 0), (edits, start, end))
        elif best:
            found.append(best[1:])
            best = None
    return [*found, best[1:]] if best else found


def _near(leaf: Near, value: str) -> tuple[list[Span], list[Span]]:
    """Return what ends a chain, and all that takes part in one."""
    parts = [
        sorted({(at, at + len(text)) for text in texts for at in places(value, text)})
        for texts in leaf.parts
    ]
    reached = [parts[0]]
    for i, (gap, spans) in enumerate(zip(leaf.gaps, parts[1:], strict=True)):
        sides = (True, i not in leaf.ordered)
        reached.append(_near_any(spans, reached[-1], gap, sides))
    part = reached[-1]
    taking = set(part)
    for i in reversed(range(len(leaf.gaps))):
        part = _near_any(reached[i], part, leaf.gaps[i], (i not in leaf.ordered, True))
        taking.update(part)
    return reached[-1], sorted(taking)


def _near_any(
    spans: list[Span], others: list[Span], gap: int, sides: tuple[bool, bool]
) -> list[Span]:
    """Return the spans that have one of some others near, on the `sides` that count.

    These are before and behind them.
    """
    starts, ends = sorted(a for a, _ in others), sorted(b for _, b in others)
    found = []
    for start, end in spans:
        i, j = bisect_left(starts, end), bisect_right(ends, start) - 1
        behind = i < len(starts) and starts[i] - end <= gap
        before = j >= 0 and start - ends[j] <= gap
        if (before and sides[0]) or (behind and sides[1]):
            found.append((start, end))
    return found


def _pinyin(readings: tuple[tuple[str, ...], ...], value: str) -> list[Span]:
    found: dict[int, int] = {}
    for reading in readings:
        for match in _read_so(reading).finditer(value):
            found[match.start()] = max(match.end(1), found.get(match.start(), 0))
    return sorted(found.items())


@lru_cache(maxsize=64)
def _read_so(reading: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds every place where characters can be read as some syllables."""
    from search.query.pinyin import characters

    sets = (f"[{re.escape(''.join(sorted(characters(syllable))))}]" for syllable in reading)
    return re.compile(f"(?=({''.join(sets)}))")


@lru_cache(maxsize=64)
def _as_typed(typed: str) -> re.Pattern[str]:
    """Return what finds every place where a text stands in this script and form."""
    parts: list[str] = []
    before, apart = "", False
    for char in re.sub(f"[{_UNSEEN}]", "", typed):
        if char.isspace():
            apart = True
            continue
        here = fold(char)
        if not (before and here and is_spaced(before[-1]) and is_spaced(here[0])):
            between = rf"[\s{_UNSEEN}]*"  # folding drops white space here
        elif apart:
            between = rf"[{_UNSEEN}]*\s[\s{_UNSEEN}]*"
        else:
            between = f"[{_UNSEEN}]*"
        parts += [between, re.escape(char)]
        before, apart = here, False
    return re.compile(f"(?=({''.join(parts[1:])}))")


def _regex(pattern: str, value: str, until: float | None) -> list[Span]:
    from search.query.regular_expressions import spans

    found = spans(pattern, value, None if until is None else until - time.monotonic())
    return [(start, end) for start, end in found if end > start]
