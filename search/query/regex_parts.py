"""A regular expression taken apart, as far as it takes to know what its matches must contain.

Python's own parser is private and changes; `regex` has none that can be asked. This one knows
the characters, sets, groups, branches and counts of the two. It need not know more: what is
unknown is a part of which nothing is known, or makes the whole expression `Unknown`.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from search.model.frozen import frozen
from search.query.scan import COMMENT, COUNT, FLAGS, KEPT, REFERENCE, SET


class Unknown(Exception):
    """An expression that is read in another way than is known here, if it is one at all."""


@frozen
class Characters:
    """One character, which may be any of some."""

    ways: tuple[str, ...]


@frozen
class Place:
    """A place between characters, such as `^` and `$`."""


@frozen
class Group:
    """Parts one after the other, in a group that keeps its text, has flags, or is atomic."""

    parts: Parts
    atomic: bool = False


@frozen
class Branch:
    """One of several."""

    ways: tuple[Parts, ...]


@frozen
class Repeat:
    """Parts that come `least` times or more."""

    parts: Parts
    least: int


@frozen
class Other:
    """What matches one knows not what."""


Part: TypeAlias = Characters | Place | Group | Branch | Repeat | Other
Parts: TypeAlias = tuple[Part, ...]

_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODE = r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))"
_PLAIN_SET = r"\[(\]?(?:\\[^A-Za-z0-9]|[^\\\]\[^&|~-])*)\](?<!\[\])"
_OPENING = (
    rf"(?P<kept>{KEPT})|\(\?(?:(?P<plain>:)|(?P<flags>[ims]*(?:-[ims]+)?:)|(?P<atomic>>)"
    r"|(?P<around><?[=!])|(?P<choice>\(\w+\)))"
)
_TIMES = rf"([*+?])|{COUNT}"


def parts_of(pattern: str) -> Parts:
    """Take an expression apart that `regex` can compile. Raises Unknown."""
    reader = _Reader(pattern)
    found = reader.branches()
    if reader.at < len(pattern):
        raise Unknown
    return found


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def takes(self, what: str) -> re.Match[str] | None:
        """Read what stands here, if it is of some kind."""
        match = re.compile(what, re.DOTALL).match(self.pattern, self.at)
        if match:
            self.at = match.end()
        return match

    def branches(self) -> Parts:
        """Read up to the end of a group. What all branches begin with is read before them."""
        ways = [self.sequence()]
        while self.takes(r"\|"):
            ways.append(self.sequence())
        if len(ways) == 1:
            return ways[0]
        shared = 0
        while all(len(way) > shared and way[shared] == ways[0][shared] for way in ways):
            shared += 1
        return (*ways[0][:shared], Branch(tuple(way[shared:] for way in ways)))

    def sequence(self) -> Parts:
        found: list[Part] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            if self.takes(COMMENT) or self.takes(FLAGS):
                continue
            found += self.repeated(self.item())
        return tuple(found)

    def repeated(self, parts: Parts) -> Parts:
        """Return parts, as often as they are to come."""
        match = self.takes(_TIMES)
        if not match:
            return parts
        self.takes(r"[?+]")  # lazy, or possessive
        return (Repeat(parts, int(match[2] or 0) if not match[1] else match[1] == "+"),)

    def item(self) -> Parts:
        """Read one item."""
        char = self.pattern[self.at]
        if char == "(":
            return self.group()
        if char == "[":
            return (self.set(),)
        if char == "\\":
            return (self.escape(),)
        if self.takes(_TIMES):  # it repeats what stands before a comment or a flag, or is a mistake
            raise Unknown
        self.at += 1
        if char == ".":
            return (Other(),)
        return (Place(),) if char in "^$" else (Characters((char,)),)

    def group(self) -> Parts:
        if self.takes(rf"\(\?P=\w+\)|(?:{REFERENCE})\w+>"):
            return (Other(),)
        opening = self.takes(_OPENING)
        if not opening:
            raise Unknown
        inner = self.branches()
        if not self.takes(r"\)"):
            raise Unknown
        if opening["plain"]:
            return inner
        if opening["around"] or opening["choice"]:
            return (Other(),)
        return (Group(inner, atomic=bool(opening["atomic"])),)

    def set(self) -> Part:
        if match := self.takes(_PLAIN_SET):
            return Characters(
                tuple(dict.fromkeys(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL)))
            )
        if not self.takes(SET):
            raise Unknown
        return Other()

    def escape(self) -> Part:
        if match := self.takes(_CODE):
            code = int(match[match.lastindex or 0], 16)
            return Characters((chr(code),)) if code < 0x110000 else Other()
        if self.takes(r"\\[dDsSwW]|\\\d+|\\g<\w+>"):
            return Other()
        if self.takes(r"\\[bBAZ]"):
            return Place()
        char = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if char in _CONTROL:
            return Characters((_CONTROL[char],))
        if not char or (char.isascii() and char.isalnum()):
            raise Unknown
        return Characters((char,))
