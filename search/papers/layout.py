"""The lines of a page, each with its kind: furniture, headline, byline or body.

OCR keeps little of a page's layout, so a headline is told by a score over what its line and
its neighbours look like. The weights were set by hand on pages of several kinds (a blank
line after every block, lines wrapped at the column, indented paragraphs); no feature names
the words of a particular paper.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from search.papers import byline
from search.papers.cohesion import continues
from search.papers.furniture import is_furniture, paper_name
from search.papers.names import HAN

MAX_HEADLINE = 50
"""Characters of the longest headline line, spaces not counted."""

_MAX_STANZA = 40
"""Lines of the longest block looked at as verse."""

_MAX_LOOKED_AT = 200_000
"""Characters of a page in which cut words are looked up: a page is ten times shorter."""

_HEADLINE_SCORE = 1.5
_ENDS = "。！？!?…"
_CLOSERS = "”’\"'」』》)）】〕"
_OPENERS = "“‘「『《（(【〔"
_BAD_END = re.compile(r"[。；;，,、：:]$")
_BAD_START = re.compile(r"[”’」』》)）】〕，。、；：？！,;:]")
_HANGING = re.compile(r"[的和与及在是将把被对为向从等或并]$")
_PAGE_REFERENCE = re.compile(
    r"[\s(（](?:见|下转|转|上接)?第?\s*[A-Z]?[0-9０-９一二三四五六七八九十]{1,2}\s*版[)）]?$"
)
_ENUMERATED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）、]|[.．](?!\d))")
_END_BRACKETS = re.compile(r"[（(][^（）()。！？]{1,30}[)）]$")
_MARKUP = re.compile(r"^>\s*|\*+|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")
_FRAGMENT = re.compile(r"[^，。、“\"‘「《（(！？!?]{1,5}[。！]")
_CAPTION = re.compile(r"[▲▼△↑↓←→]?\s*图\s*[为一二三四五①②③④]")
_TWO_PARTS = re.compile(rf"[{HAN}”\"」]\s+[{HAN}“\"「]")


class Kind(enum.Enum):
    """What a line is."""

    FURNITURE = enum.auto()
    HEADLINE = enum.auto()
    BYLINE = enum.auto()
    BODY = enum.auto()


@dataclass
class Line:
    """A line that is not blank: its number from 1, its text, the blank lines before it."""

    number: int
    raw: str
    gap: int
    kind: Kind = Kind.BODY
    markdown: bool = False
    level: int = 0
    """Of a Markdown heading, 1 to 6; 0 for any other line."""

    @cached_property
    def text(self) -> str:
        """The line without the spaces around it and the signs of Markdown, where it is that."""
        text = self.raw.strip()
        if self.markdown:
            text = _MARKUP.sub("", text[self.level :].strip().rstrip("#")).strip()
        return text

    @cached_property
    def length(self) -> int:
        """Characters, spaces not counted."""
        return len(re.sub(r"\s", "", self.text))

    @cached_property
    def indented(self) -> bool:
        """Whether the line begins as a printed paragraph does, two characters in."""
        return bool(re.match(r"\u3000{1,4}|[ \t]{2,8}", self.raw))

    @cached_property
    def opening(self) -> byline.Byline | None:
        """The dateline or byline the line begins with."""
        return byline.opening(self.text)

    @cached_property
    def closing(self) -> byline.Byline | None:
        """The byline the line ends with."""
        return byline.closing(self.text)

    @cached_property
    def credit(self) -> byline.Byline | None:
        """The byline the whole line is, for a line whose kind is that."""
        return byline.alone(self.text) or byline.signed(self.text)

    @cached_property
    def ends(self) -> bool:
        """Whether a sentence, and so perhaps an article, ends with the line."""
        text = _END_BRACKETS.sub("", self.text).rstrip(_CLOSERS)
        # OCR reads some full stops as dots.
        return (
            text[-1:] in _ENDS
            or bool(re.search(r"[^\x00-\x7f][.．｡]$", text))
            or self.closing is not None
        )


def read_lines(text: str, *, markdown: bool = False, skip: int = 0) -> list[Line]:
    r"""Return the lines of a page that are not blank, each with its kind.

    Lines are parted by `\\n` only, and the first `skip` (front matter) are left out.
    """
    lines: list[Line] = []
    gap = 0
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip() or number <= skip:
            gap += 1
            continue
        heading = re.match(r"(#{1,6})\s+\S", raw) if markdown else None
        lines.append(
            Line(number, raw, gap, markdown=markdown, level=len(heading[1]) if heading else 0)
        )
        gap = 0
    _classify(lines)
    return lines


def _classify(lines: list[Line]) -> None:
    """Set the kind of each line: what is sure first, then headlines by their score."""
    top = True
    for line in lines:
        if line.level:
            line.kind = Kind.FURNITURE if paper_name(line.text) else Kind.HEADLINE
        elif byline.alone(line.text):
            line.kind = Kind.BYLINE
        elif not re.search(r"\w", line.text) or is_furniture(line.text, top=top):
            line.kind = Kind.FURNITURE
        top = top and line.kind is Kind.FURNITURE
    page = _PageLook(lines)
    # What comes first on a page is likely its first headline.
    first = next((i for i, line in enumerate(lines) if line.kind is not Kind.FURNITURE), None)
    for index, line in enumerate(lines):
        enough = _HEADLINE_SCORE - 1 if index == first else _HEADLINE_SCORE
        if line.kind is Kind.BODY and page.headline_score(index) >= enough:
            line.kind = Kind.HEADLINE
    _settle_kickers(lines)
    _settle_signatures(lines)


def _settle_kickers(lines: Sequence[Line]) -> None:
    """Take a short line ending in a colon as part of the headline below it."""
    for line, below in pairwise(lines):
        if (
            line.kind is Kind.BODY
            and line.text[-1] in ":："
            and line.length <= 16
            and below.kind is Kind.HEADLINE
        ):
            line.kind = Kind.HEADLINE


def _settle_signatures(lines: Sequence[Line]) -> None:
    """Take a bare name under a headline, or after the last sentence, as a byline."""
    for index, line in enumerate(lines):
        if (
            line.kind not in {Kind.HEADLINE, Kind.BODY}
            or line.level
            or not byline.signed(line.text)
        ):
            continue
        above = lines[index - 1] if index else None
        below = lines[index + 1] if index + 1 < len(lines) else None
        if above is None:
            continue
        under_headline = (
            above.kind is Kind.HEADLINE
            and below is not None
            and below.kind in {Kind.BODY, Kind.HEADLINE}
            and not below.opening
        )
        at_the_end = above.kind is Kind.BODY and above.ends
        if under_headline or at_the_end:
            line.kind = Kind.BYLINE


class _PageLook:
    """What headlines are measured against: the look of the whole page."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        body = [line for line in lines if line.kind is Kind.BODY]
        self.width = _usual_length(body)
        together = sum(line.length for line in body if not line.gap)
        self.wrapped = together * 2 > sum(line.length for line in body) and self.width <= 60
        self.indents = sum(line.indented for line in body) * 8 >= len(body) > 0
        self.headed = sum(line.level > 0 for line in lines) > 1
        self.text = re.sub(r"\s", "", "".join(line.text for line in lines))[:_MAX_LOOKED_AT]

    def headline_score(self, index: int) -> float:
        """Return how much a line looks like a headline; a negative number is not at all."""
        line = self.lines[index]
        text = line.text
        if line.length > MAX_HEADLINE or _BAD_END.search(text) or re.search("[。；]", text):
            return -9
        if "\t" in text or self._in_verse(index):
            return -9  # A row of a table, a line of a poem.
        if line.opening or not re.search(rf"[{HAN}]", text) or _PAGE_REFERENCE.search(text):
            return -9
        if self.headed and not line.level:
            return -9  # The page says itself which lines are headlines.
        return self._shape(line) + self._above(index) + self._below(index)

    def _shape(self, line: Line) -> float:
        """Score a line by itself."""
        text = line.text
        score = 1.0 if line.length <= 25 else 0.5 if line.length <= 34 else -0.5
        score -= 0.7 * len(re.findall("[，,]", text))
        if _TWO_PARTS.search(text):
            score += 0.5
        if text.startswith(("——", "—", "--")):
            score += 1
        if _HANGING.search(text) or _ENUMERATED.match(text):
            score -= 1
        if _BAD_START.match(text) or _CAPTION.match(text):
            score -= 2
        if not _balanced(text):
            score -= 1.5
        if self.indents and line.indented:
            score -= 1.5
        return score

    def _above(self, index: int) -> float:
        """Score a line by what stands before it."""
        line = self.lines[index]
        above = self.lines[index - 1] if index else None
        if above is None or above.kind is not Kind.BODY:
            return 1
        if above.ends or (line.gap and self._is_verse(index - 1)):
            return 1.5 if line.gap else 1
        broken = -1.5 if line.gap else -3.5
        if line.gap and not self.wrapped and above.length < 0.4 * self.width:
            broken = -0.5  # A line of a list, rather than the end of a column.
        return broken - 3 * continues(above.text, line.text, self.text)

    def _is_verse(self, last: int) -> bool:
        """Tell whether a block of short lines ends here: it needs no full stop."""
        block = [self.lines[last]]
        while block[-1].gap == 0 and len(block) <= min(last, _MAX_STANZA):
            block.append(self.lines[last - len(block)])
        return len(block) > 1 and all(
            line.kind is Kind.BODY and line.length < 0.5 * self.width for line in block
        )

    def _in_verse(self, index: int) -> bool:
        """Tell whether a line is one of three or more short ones that stand together."""
        if self.wrapped or self.indents:
            return False
        first = last = index
        while first > 0 and self.lines[first].gap == 0 and index - first < _MAX_STANZA:
            first -= 1
        end = min(len(self.lines) - 1, index + _MAX_STANZA)
        while last < end and self.lines[last + 1].gap == 0:
            last += 1
        below = self.lines[last + 1] if last + 1 < len(self.lines) else None
        headed = below is not None and (below.kind is Kind.BYLINE or below.opening is not None)
        return last - first >= 2 and self._is_verse(last) and not headed

    def _below(self, index: int) -> float:
        """Score a line by what comes after it."""
        line = self.lines[index]
        if index + 1 == len(self.lines):
            return 0
        below = self.lines[index + 1]
        if below.kind is Kind.BYLINE or (below.opening and below.opening.dateline):
            return 3
        score = 0.5 if below.gap else 0
        if below.kind is Kind.BODY and continues(line.text, below.text, self.text):
            score -= 2
        if _FRAGMENT.match(below.text):
            score -= 1.5
        if self.indents and below.indented and not line.indented:
            score += 2
        elif self.wrapped and not below.gap:
            score += -1.5 if line.length >= 0.85 * self.width else 0.5
        return score


def _usual_length(lines: Sequence[Line]) -> int:
    """Return the length of the line on which the middle character stands.

    That is the width of a column, or of a paragraph, however many short lines there are.
    """
    lengths = sorted(line.length for line in lines)
    so_far = 0
    for length in lengths:
        so_far += length
        if so_far * 2 >= sum(lengths):
            return length
    return 0


def _balanced(text: str) -> bool:
    """Tell whether every quote and bracket that opens in `text` closes in it, and the reverse."""
    for opener, closer in ("“”", "‘’", "「」", "『』", "《》", "【】"):
        if text.count(opener) != text.count(closer):
            return False
    brackets = sum(map(text.count, "（(")) == sum(map(text.count, "）)"))
    return brackets and text.count('"') % 2 == 0
