"""Whether two texts that have most of their characters in common are one article or two.

Signatures (`minhash`) tell which texts are nearly the same. Notices of one frame are that too:
three obituaries, three auctions, the weather of three days. Names and numbers decide. The two
bodies are aligned, and looked at where a string of one stands in the place of one of the other:

- a name: the same string for the same other one, at two places or more, and neither is anywhere
  in the text of the other;
- numbers: two or more are others, and more than are misread by chance, which the single
  characters that differ tell; where half of many are others, nothing needs to be aligned.

What only one of them has says nothing (an end cut off, a paragraph of its own), nor does a
single character misread, nor a dateline, a byline or a page at the beginning and at the end. So
OCR and editors leave a copy a copy. This is tried on the few pairs that signatures take for
copies, and needs nothing of an index.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count
from typing import NamedTuple

from search.analysis.fold import END, fold
from search.analysis.minhash import NUMERALS

LONGEST = 20_000
"""Characters of a text that are compared."""

COARSE, FINE = 5, 2
"""Characters of what texts are aligned by, and then the gaps that this leaves."""

MARGIN = 24
"""Characters at either end of a text in which datelines, bylines and pages stand."""

MARGIN_PART = 6
"""No more of a short text than one part of so many."""

LONGEST_RUN = 60
"""Characters of the longest string whose numbers are compared: a longer one was written anew."""

LONGEST_NAME = 24
TIMES = 2
"""Places at which a name must stand for another. All the margins and the headlines are one."""

OWN = 2
"""Numbers that must differ, at least."""

OWN_PART = 0.1
"""The same, as a part of those that could."""

MANY, HALF = 12, 0.5
"""Numbers that differ without a doubt, wherever they stand, and as a part of all."""

MISREAD = 3
"""How many times as many as are misread by chance must differ besides."""

_NUMERALS = frozenset(NUMERALS)


class Run(NamedTuple):
    """A string of one text that stands in the place of another one of the other."""

    first: str
    second: str
    margin: bool


class Text:
    """The headline and the body of an article, folded, with what comparing takes, made once."""

    def __init__(self, title: str, body: str) -> None:
        self.title = fold(title[:LONGEST])
        self.body = fold(body[:LONGEST])

    @cached_property
    def places(self) -> dict[str, int]:
        """Where what texts are aligned by stands in the body."""
        return _places(self.body, COARSE)

    @cached_property
    def digits(self) -> int:
        """How many characters of the body are numerals."""
        return sum(map(self.body.count, NUMERALS))

    @cached_property
    def numbers(self) -> Counter[str]:
        """How often each number stands in the body."""
        return _counted(self.body)

    @cached_property
    def margin(self) -> int:
        """How many characters at either end are its margin."""
        return min(MARGIN, len(self.body) // MARGIN_PART)

    def has(self, name: str) -> bool:
        """Return whether a string stands in it."""
        return name in self.body or name in self.title


def one_article(one: Text, other: Text) -> bool:
    """Return whether two texts that are nearly the same are of one article."""
    if one.body == other.body:
        return True
    fewer = min(one.numbers.total(), other.numbers.total())
    own = fewer - (one.numbers & other.numbers).total()
    if own >= MANY and own >= HALF * fewer:
        return False
    one, other = sorted((one, other), key=lambda text: (text.body, text.title))
    runs = list(replaced(one, other))
    return not _other_numbers(one, other, runs, fewer) and not _other_names(one, other, runs)


def _other_names(one: Text, other: Text, runs: Sequence[Run]) -> bool:
    """Return whether the texts are of other persons, places or things."""
    headlines = Run(*trimmed(one.title, other.title)[2:], margin=True)
    times: Counter[tuple[str, str]] = Counter()
    for run in {headlines, *(run for run in runs if run.margin)}:
        times[run[:2]] = 1
    times.update(run[:2] for run in runs if not run.margin)
    return any(
        number >= TIMES
        and _like_a_name(first)
        and _like_a_name(second)
        and not other.has(first)
        and not one.has(second)
        for (first, second), number in times.items()
    )


def _like_a_name(text: str) -> bool:
    """Return whether a string may be a name: not a number, which has several notations."""
    if not FINE <= len(text) <= LONGEST_NAME or END in text:
        return False
    return any(char.isalpha() and char not in _NUMERALS for char in text)


def _other_numbers(one: Text, other: Text, runs: Sequence[Run], numbers: int) -> bool:
    """Return whether more of so many numbers differ than are misread."""
    own = sum(map(_differing, runs))
    if own < OWN:
        return False
    misread = sum(
        len(run.first) == len(run.second) == 1 and not _NUMERALS & {run.first, run.second}
        for run in runs
    )
    digits = min(one.digits, other.digits)
    chance = misread / max(1, min(len(one.body), len(other.body)) - digits)
    return own >= OWN + MISREAD * chance * digits and own >= OWN_PART * numbers


def _differing(run: Run) -> int:
    """Return how many numbers of a run stand in the place of others of the same notation."""
    if run.margin or max(len(run.first), len(run.second)) > LONGEST_RUN:
        return 0
    if {*run.first, *run.second} <= _NUMERALS:
        return run.first.isascii() == run.second.isascii()
    first, second = _counted(run.first), _counted(run.second)
    return sum(
        min(_of(first - second, arabic), _of(second - first, arabic)) for arabic in (True, False)
    )


def _of(numbers: Counter[str], arabic: bool) -> int:
    """Return how many numbers are written so."""
    return sum(times for number, times in numbers.items() if number.isascii() == arabic)


def _counted(text: str) -> Counter[str]:
    """Return how often each number stands in a text."""
    import re  # not for those who only compare signatures

    return Counter(re.findall(f"[0-9]+|[{NUMERALS}]{{2,}}", text))


def replaced(one: Text, other: Text) -> Iterator[Run]:
    """Yield what stands in one body in the place of something in the other."""
    ends = len(one.body) - one.margin, len(other.body) - other.margin
    for i, j, first, second in _differences(one.body, other.body, one.places, other.places, COARSE):
        margin = i < one.margin or j < other.margin
        margin = margin or i + len(first) > ends[0] or j + len(second) > ends[1]
        yield Run(first, second, margin)


def _differences(
    one: str, other: str, of_one: dict[str, int], of_other: dict[str, int], size: int
) -> Iterator[tuple[int, int, str, str]]:
    i = j = 0
    for at, there in [*anchors(of_one, of_other, size), (len(one), len(other))]:
        if i < at and j < there:
            before, behind, first, second = trimmed(one[i:at], other[j:there])
            i, j = i + before, j + behind
            if size > FINE and min(len(first), len(second)) > FINE:
                fine = _places(first, FINE), _places(second, FINE)
                for k, m, *strings in _differences(first, second, *fine, FINE):
                    yield i + k, j + m, strings[0], strings[1]
            elif first and second:
                yield i, j, first, second
        i, j = at + size, there + size


def anchors(of_one: dict[str, int], of_other: dict[str, int], size: int) -> list[tuple[int, int]]:
    """Return places at which two texts have the same shingle, in the order of both.

    It stands once in either; of all of them it is the longest row that rises in both texts
    (patience diff, Cohen); where shingles overlap, the first.
    """
    pairs = [(at, of_other[shingle]) for shingle, at in of_one.items() if shingle in of_other]
    after = i = 0
    kept: list[tuple[int, int]] = []
    for at, there in _rising(pairs):
        if at >= after and there >= i:
            kept.append((at, there))
            after, i = at + size, there + size
    return kept


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest row of pairs whose second numbers rise, of pairs whose first ones do."""
    seconds = [second for _, second in pairs]
    if seconds == sorted(seconds):
        return pairs
    lowest: list[int] = []  # the least last number of a row of each length
    last: list[int] = []  # the pair that it is of
    before: list[int] = []  # the pair before each in its row
    for i, second in enumerate(seconds):
        length = bisect_left(lowest, second)
        before.append(last[length - 1] if length else -1)
        lowest[length : length + 1] = [second]
        last[length : length + 1] = [i]
    row = []
    i = last[-1]
    while i >= 0:
        row.append(pairs[i])
        i = before[i]
    return row[::-1]


def _places(text: str, size: int) -> dict[str, int]:
    """Return where each shingle stands that stands in a text once, in their order."""
    shingles = [text[i : i + size] for i in range(len(text) - size + 1)]
    last = dict(zip(shingles, count()))
    if len(last) < len(shingles):
        for shingle, times in Counter(shingles).items():
            if times > 1:
                del last[shingle]
    return last


def trimmed(one: str, other: str) -> tuple[int, int, str, str]:
    """Return two strings without what they begin and end with alike, and where these begin."""
    most = min(len(one), len(other))
    start = next((i for i in range(most) if one[i] != other[i]), most)
    left = most - start
    end = next((i for i in range(left) if one[-1 - i] != other[-1 - i]), left)
    return start, start, one[start : len(one) - end], other[start : len(other) - end]
