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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, count
from typing import NamedTuple

from search.analysis.fold import fold
from search.analysis.minhash import NUMERALS

LONGEST = 20_000
"""Characters of a text that are compared."""

STOPS = ",.;:!?。、"
CLAUSE, COARSE, FINE = 4, 5, 2
"""Characters of what texts are aligned by: clauses of so many or more; then, in what is left
between them, any so many characters; and then any two."""

SMALL = 40
"""Characters of a gap that only the last is tried on."""

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
        self.given = title[:LONGEST], body[:LONGEST]

    @cached_property
    def title(self) -> str:
        """The headline, folded."""
        return fold(self.given[0])

    @cached_property
    def body(self) -> str:
        """The body, folded."""
        return fold(self.given[1])

    @cached_property
    def clauses(self) -> list[str]:
        """The clauses of the body, all of it."""
        import re  # not for those who only compare signatures

        return re.findall(f"[^{STOPS}]*[{STOPS}]?", self.body)

    @cached_property
    def once(self) -> dict[str, int]:
        """Where each clause stands that stands in the body once."""
        once = _once(self.clauses, accumulate(map(len, self.clauses), initial=0))
        return {clause: at for clause, at in once.items() if len(clause) >= CLAUSE}

    def signs(self, other: Text) -> list[str]:
        """Return the two characters that come twice where the other text does not have them.

        The name of who or what only this text is of has some of these.
        """
        clauses = {*self.clauses}.difference(other.clauses, [other.title])
        clauses.add(self.title)
        pairs = Counter([clause[i : i + 2] for clause in clauses for i in range(len(clause) - 1)])
        return [pair for pair, times in pairs.items() if times >= TIMES and not other.has(pair)]

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
    if one.given[1] == other.given[1] or one.body == other.body:
        return True
    fewer = min(one.numbers.total(), other.numbers.total())
    own = fewer - (one.numbers & other.numbers).total()
    if own >= MANY and own >= HALF * fewer:
        return False
    one, other = sorted((one, other), key=lambda text: (text.body, text.title))
    by_numbers = own >= max(OWN, OWN_PART * fewer)
    mine = one.signs(other)
    theirs = other.signs(one) if mine or by_numbers else []
    if not by_numbers and not theirs:
        return True

    def worth_it(first: str, second: str) -> bool:
        """Return whether strings may have other names or numbers in them."""
        return by_numbers or (
            any(map(first.__contains__, mine)) and any(map(second.__contains__, theirs))
        )

    names, runs = _Names(one, other), []
    for run in replaced(one, other, worth_it):
        if names.differ(run):
            return False
        runs.append(run)
    return not (by_numbers and _other_numbers(one, other, runs, fewer))


class _Names:
    """What stands in the place of what, and how often."""

    def __init__(self, one: Text, other: Text) -> None:
        self._texts = one, other
        self._times: dict[tuple[str, str], int] = {}
        self._in_margins: set[tuple[str, str]] = set()
        self.differ(Run(*trimmed(one.title, other.title)[1:], margin=True))

    def differ(self, run: Run) -> bool:
        """Return whether, with this one, a name stands for another at places enough."""
        first, second, margin = run
        if not (FINE <= len(first) <= LONGEST_NAME and FINE <= len(second) <= LONGEST_NAME):
            return False
        if margin:
            if (first, second) in self._in_margins:
                return False
            self._in_margins.add((first, second))
        times = self._times[first, second] = self._times.get((first, second), 0) + 1
        return (
            times == TIMES
            and _like_a_name(first)
            and _like_a_name(second)
            and not self._texts[1].has(first)
            and not self._texts[0].has(second)
        )


def _like_a_name(text: str) -> bool:
    """Return whether a string may be a name: not a number, which has several notations."""
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
    if _NUMERALS.isdisjoint(run.first) or _NUMERALS.isdisjoint(run.second):
        return 0
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

    return Counter(re.findall(f"[0-9]+|[{NUMERALS[10:]}]+", text))


def replaced(
    one: Text, other: Text, worth_it: Callable[[str, str], bool] = lambda *_: True
) -> Iterator[Run]:
    """Yield what stands in one body in the place of something in the other.

    Strings that are not worth it are not aligned in their turn.
    """
    ends = len(one.body) - one.margin, len(other.body) - other.margin
    for i, j, first, second in _differences(one.body, other.body, one.once, other.once, worth_it):
        margin = i < one.margin or j < other.margin
        margin = margin or i + len(first) > ends[0] or j + len(second) > ends[1]
        yield Run(first, second, margin)


def _differences(
    one: str,
    other: str,
    of_one: dict[str, int],
    of_other: dict[str, int],
    worth_it: Callable[[str, str], bool],
    size: int = 0,
) -> Iterator[tuple[int, int, str, str]]:
    """Yield strings that stand in the place of each other, and where, between anchors."""
    i = j = 0
    for at, there, length in [*anchors(of_one, of_other), (len(one), len(other), 0)]:
        if i < at and j < there:
            same, first, second = trimmed(one[i:at], other[j:there])
            i, j = i + same, j + same
            least = min(len(first), len(second))
            if size != FINE and least > FINE and worth_it(first, second):
                finer = FINE if size or least < SMALL else COARSE
                places = _shingles(first, finer), _shingles(second, finer)
                for k, m, *strings in _differences(first, second, *places, worth_it, finer):
                    yield i + k, j + m, strings[0], strings[1]
            elif first and second:
                yield i, j, first, second
        i, j = at + length, there + length


def anchors(of_one: dict[str, int], of_other: dict[str, int]) -> list[tuple[int, int, int]]:
    """Return places at which two texts have the same string, and its length, in their order.

    The string stands once in either; of all of them it is the longest row that rises in both
    texts (patience diff, Cohen); where they overlap, the first.
    """
    pairs = [(at, of_other[text], len(text)) for text, at in of_one.items() if text in of_other]
    i = j = 0
    kept: list[tuple[int, int, int]] = []
    for at, there, length in _rising(pairs):
        if at >= i and there >= j:
            kept.append((at, there, length))
            i, j = at + length, there + length
    return kept


def _rising(pairs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the longest row whose second numbers rise, of one whose first ones do."""
    seconds = [second for _, second, _ in pairs]
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


def _shingles(text: str, size: int) -> dict[str, int]:
    """Return where each string of a size stands that stands in a text once."""
    return _once([text[i : i + size] for i in range(len(text) - size + 1)], count())


def _once(strings: list[str], places: Iterable[int]) -> dict[str, int]:
    """Return the places of strings that come once, in their order."""
    at = dict(zip(strings, places))  # noqa: B905 (places may have no end)
    if len(at) < len(strings):
        for string, times in Counter(strings).items():
            if times > 1:
                del at[string]
    return at


def trimmed(one: str, other: str) -> tuple[int, str, str]:
    """Return what two strings begin with alike, in length, and both without what ends alike."""
    most = min(len(one), len(other))
    start = next((i for i in range(most) if one[i] != other[i]), most)
    left = most - start
    end = next((i for i in range(left) if one[-1 - i] != other[-1 - i]), left)
    return start, one[start : len(one) - end], other[start : len(other) - end]
