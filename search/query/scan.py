r"""A look through a regular expression before it is compiled: what it asks for, what it costs.

`regex` writes out what has to come several times, so three counts inside each other make a
gigabyte of a line. And it can do more than docs/query.md promises: expressions that
call themselves or match what is nearly right, flags that exclude each other. These are
refused here, at their place; whatever else is wrong, `regex` says itself.
"""

from __future__ import annotations

import re

from search.analysis.fold import fold_character
from search.model.frozen import frozen
from search.query.limits import REGEX_COST, REGEX_DEPTH


class Refused(Exception):
    """A regular expression that is not tried; `start` and `end` are offsets into it."""

    def __init__(self, message: str, start: int, end: int, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


@frozen
class Seen:
    """What there is to know of an expression.

    `groups` are the places where groups begin whose text is kept, `refers` says whether the
    expression itself makes use of it.
    """

    groups: tuple[tuple[int, int], ...]
    refers: bool


def scan(pattern: str) -> Seen:
    """Look through an expression. Raises Refused."""
    return _Scanner(pattern).scan()


COUNT = r"\{(\d*)(?:(,)(\d*))?\}"
SET = r"\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"
REFERENCE = r"\(\?P=|\(\?\(\w+\)|\\[1-9]|\\g<"
KEPT = r"\((?![?*])|\(\?P?<(?![=!])\w*>"
_PLAIN = r"\(\?(?:[:=!>|]|<[=!]|[ims]*(?:-[ims]+)?:)"
FLAGS = r"\(\?[ims]+\)"
COMMENT = r"\(\?#[^)]*\)"

_REFUSED = (
    (
        r"\(\?(?:R|P>|&|[+-]?\d)[^()]*\)?",
        "an expression cannot call itself, or a part of itself",
        "write the part again where it is needed",
    ),
    (
        r"\(\?[A-Za-z0-9-]+[:)]",
        "the only flags are i, m and s, at the beginning or before a colon",
        "leave it out; case is ignored anyway",
    ),
    (
        r"\(\?\(|\(\*",
        "this kind of group cannot be used in a query",
        "for the bracket itself, put a backslash before it",
    ),
    (r"\\L<", "named lists cannot be used in a query", "write the words with | between them"),
    (
        r"\{",
        "not a number of repetitions",
        r"write {2}, {2,} or {2,5}; \{ for the brace itself; for a wrong character: 望澜侨~",
    ),
)


class _Scanner:
    """One pass over an expression, with the cost of each group that is open."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.open = [0]  # what stands in each open group costs so far
        self.last = 0  # what the last item costs: a count multiplies it
        self.counted = False  # whether one did
        self.groups: list[tuple[int, int]] = []
        self.refers = False
        self.readers = {
            "\\": self.escape,
            "[": self.set,
            "(": self.group,
            ")": self.close,
            "{": self.count,
            "|": self.branch,
            **dict.fromkeys("*+?", self.sign),
        }

    def scan(self) -> Seen:
        while self.at < len(self.pattern):
            self.step()
        return Seen(tuple(self.groups), self.refers)

    def step(self) -> None:
        """Read one item, or what stands before or behind one."""
        char = self.pattern[self.at]
        if self.takes(REFERENCE):
            self.refers = True
            if char == "(":
                self.enter()
            else:
                self.item(1)
        elif char in self.readers:
            self.readers[char]()
        else:
            self.skip(1)
            self.item(max(1, len(fold_character(char))))

    def set(self) -> None:
        start = self.at
        if not self.takes(SET):  # it has no end, which `regex` will say
            self.skip(1)
        self.item(self.at - start)

    def close(self) -> None:
        self.skip(1)
        self.item(1 + (self.open.pop() if len(self.open) > 1 else 0))

    def sign(self) -> None:
        plus = self.pattern[self.at] == "+"
        self.skip(1)
        if plus and not self.counted:  # a second one asks for no more
            self.times(self.at - 1, 2)
        self.counted = True

    def branch(self) -> None:
        self.skip(1)

    def skip(self, length: int) -> None:
        self.at += length

    def takes(self, what: str) -> re.Match[str] | None:
        """Read what stands here, if it is of some kind."""
        match = re.compile(what, re.DOTALL).match(self.pattern, self.at)
        if match:
            self.at = match.end()
        return match

    def item(self, cost: int) -> None:
        self.last = cost
        self.counted = False
        self.open[-1] += cost
        self.check(self.at - 1)

    def escape(self) -> None:
        self.refuse()
        if not self.takes(r"\\[pPN]\{[^}]*\}"):
            self.skip(2)
        self.item(1)

    def group(self) -> None:
        start = self.at
        if self.takes(KEPT):
            self.groups.append((start, self.at))
            self.enter()
        elif self.takes(_PLAIN):
            self.enter()
        elif not (self.takes(FLAGS) or self.takes(COMMENT)):
            self.refuse()
            self.skip(1)
            self.enter()  # whatever it is, `regex` will say that it is none

    def enter(self) -> None:
        self.open.append(0)
        if len(self.open) > REGEX_DEPTH:
            raise Refused(
                f"brackets in an expression are nested deeper than {REGEX_DEPTH}",
                self.at - 1,
                self.at,
                "leave out the brackets that are not needed",
            )

    def count(self) -> None:
        """Read how many times the last item is to come."""
        start = self.at
        match = self.takes(COUNT)
        if match and (match[1] or match[3]):
            least = int(match[1] or 0)
            self.times(start, least if match[2] is None else least + 1)
            self.counted = True
        else:
            self.at = start
            self.refuse()

    def times(self, start: int, times: int) -> None:
        """Multiply the last item: `a+` is written out as aa*, `a{2,9}` as aaa{0,7}."""
        more = self.last * max(0, times - 1)
        self.last += more
        self.open[-1] += more
        self.check(start)

    def check(self, start: int) -> None:
        if sum(self.open) > REGEX_COST:
            raise Refused(
                f"written out, this expression has more than {REGEX_COST:,} parts",
                start,
                self.at,
                "ask for fewer repetitions, or for *, which adds none",
            )

    def refuse(self) -> None:
        """Raise Refused if what stands here is not for queries."""
        for what, message, hint in _REFUSED:
            start = self.at
            if self.takes(what):
                raise Refused(message, start, self.at, hint)
