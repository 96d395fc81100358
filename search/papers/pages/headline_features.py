"""What a headline is told by: the features of lines and of what stands around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from search.papers.pages.cohesion import continues, repeated_runs
from search.papers.pages.lines import Kind, Line
from search.papers.pages.names import HAN

MAX_HEADLINE = 50
"""Characters of the longest headline line, spaces not counted."""

_MAX_STANZA = 40
"""Lines of the longest block looked at as verse."""

_MAX_LOOKED_AT = 200_000
"""Characters of a page in which cut words are looked up: a page is ten times shorter."""

_MAX_COLUMN = 45
"""Characters of the longest line of a column; where lines are longer, they are paragraphs."""

_MAX_NAME = 20
"""Characters of the longest line looked at as a name and an office."""

_MAX_SALUTATION = 12
"""Characters of the longest salutation of a letter."""

_LENGTHS = (
    (2, "1-2"),
    (4, "3-4"),
    (8, "5-8"),
    (14, "9-14"),
    (20, "15-20"),
    (28, "21-28"),
    (36, "29-36"),
)

_FILLS = ((0.5, "half"), (0.8, "most"), (0.93, "nearly"), (1.1, "full"), (1.4, "over"))

_INSIDE = re.compile("[。；]")

_BAD_START = re.compile(r"[”’」』》)）】〕，。、；：？！,;:]")

_HANGING = re.compile(r"[的和与及在是将把被对为向从等或并]$")

_ENUMERATED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）、]|[.．](?!\d))")

_FRAGMENT = re.compile(r"[^，。、“\"‘「《（(！？!?]{1,5}[。！]")

_CAPTION = re.compile(r"[▲▼△↑↓←→]?\s*[图圖]\s*[为為一二三四五①②③④]")

_TWO_PARTS = re.compile(rf"[{HAN}”\"」]\s+[{HAN}“\"「]")

_HAS_HAN = re.compile(rf"[{HAN}]")

_SPACED = re.compile(rf"[{HAN}](?:\s+[{HAN}]){{1,6}}")

_IN_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")

_DASH = ("——", "—", "--")


class PageLook:
    """What headlines are measured against: the look of the whole page."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        body = [line for line in lines if line.kind is Kind.BODY]
        self.width = _usual_length(body)
        self.base = self._usual_gap()
        total = sum(line.length for line in body)
        together = sum(line.length for line in body if line.gap <= self.base)
        self.wrapped = self.width <= _MAX_COLUMN and together * 2 > total
        self.indents = sum(line.indented for line in body) * 8 >= len(body) > 0
        self.headed = sum(line.level > 0 for line in lines) > 1
        self._measure_blocks()

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The runs of characters that stand more than once on the page."""
        text = "".join("".join(line.text for line in self.lines).split())
        return repeated_runs(text[:_MAX_LOOKED_AT])

    def _usual_gap(self) -> int:
        """Return the blank lines that stand between any two lines: 0 but for OCR that adds some.

        They are seen where a full line without an end goes on in the next.
        """
        if self.width > _MAX_COLUMN:
            return 0
        gaps = Counter(
            min(below.gap, 3)
            for above, below in pairwise(self.lines)
            if above.kind is below.kind is Kind.BODY
            and above.length >= 0.8 * self.width
            and above.text[-1] not in "。！？!?”"
        )
        usual = gaps.most_common(1)[0] if gaps else (0, 0)
        return usual[0] if usual[1] * 3 >= len(self.lines) else 0

    def fill(self, line: Line) -> float:
        """Return what part of the column a line fills, its indentation counted."""
        indent = 2 if self.indents and line.indented else 0
        return (line.length + indent) / (self.width or 1)

    def _block_below(self, index: int) -> int:
        """Return the length of the lines that follow without a gap; 0 if there are not two."""
        below = self.lines[index + 1 : index + 4]
        lengths = []
        for line in below:
            if line.gap > self.base or line.kind is not Kind.BODY:
                break
            lengths.append(line.length)
        return max(lengths) if len(lengths) > 1 else 0

    def is_heading(self, index: int) -> bool:
        """Return whether a line is a heading of Markdown, and so a headline for certain."""
        line = self.lines[index]
        return line.level > 0 and line.kind is not Kind.BYLINE

    def may_be_headline(self, index: int) -> bool:
        """Return whether a line could be a headline at all."""
        if self.is_heading(index):
            return True
        line = self.lines[index]
        text = line.text
        return not (
            line.kind is not Kind.BODY
            or line.plain
            or line.length > MAX_HEADLINE
            or _INSIDE.search(text)
            or "\t" in text  # a row of a table
            or not _HAS_HAN.search(text)
            or line.opening
            or line.marker
            or _IN_BRACKETS.fullmatch(text)
            or self._in_verse(index)
        )

    def shape(self, index: int) -> list[str]:  # noqa: C901, PLR0912, PLR0915  (a line a feature)
        """Return the features of a headline by itself."""
        line = self.lines[index]
        text = line.text
        names = ["headline"]
        if line.length <= _MAX_NAME and line.signed:
            names.append("name")
        for most, name in _LENGTHS:
            if line.length <= most:
                names.append(f"length {name}")
                break
        else:
            names.append("length 37-")
        if line.level:
            names.append("heading")
        elif line.bold:
            names.append("bold")
        elif self.headed:
            names.append("plain among headings")
        if self.wrapped:
            fill = self.fill(line)
            names.append(
                "fill " + next((name for most, name in _FILLS if fill <= most), "far over")
            )
        block = self._block_below(index)
        if block:
            fill = line.length / block
            names.append(
                "block " + next((name for most, name in _FILLS if fill <= most), "far over")
            )
        commas = text.count("，") + text.count(",")
        if commas:
            names.append("comma" if commas == 1 else "commas")
        if "、" in text:
            names.append("list comma")
        if text[-1] in "，、,":
            names.append("ends in comma")
        elif text[-1] in ":：":
            names.append("ends in colon")
        elif text[-1] in "？！?!":
            names.append("asks")
        elif text[-1] == "…":
            names.append("trails off")
        if _SPACED.fullmatch(text):
            names.append("spaced")
        elif _TWO_PARTS.search(text):
            names.append("two parts")
        if text.startswith(_DASH):
            names.append("dash")
        if _HANGING.search(text):
            names.append("hanging")
        if _ENUMERATED.match(text):
            names.append("enumerated")
        if _BAD_START.match(text):
            names.append("bad start")
        if _CAPTION.match(text):
            names.append("caption")
        if not _balanced(text):
            names.append("unbalanced")
        if self.indents:
            names.append("indented" if line.indented else "not indented")
        return names

    def above(self, above: int | None, index: int) -> list[str]:
        """Return the features of the first line of a headline, by what stands before it."""
        if above is None:
            return ["above: top"]
        line, before = self.lines[index], self.lines[above]
        gap = line.gap > self.base
        names = []
        if index - above > 1:
            names.append("above: furniture")
        if before.kind is Kind.BYLINE:
            names.append("above: byline")
        elif before.ends:
            names.append("above: end, gap" if gap else "above: end")
        elif gap and self._is_verse(above):
            names.append("above: verse")
        else:
            fill = self.fill(before)
            if not gap:
                names.append(
                    "above: broken" if fill > 0.8 or not self.wrapped else "above: broken, short"
                )
            elif self.wrapped:
                names.append("above: broken, gap" if fill > 0.8 else "above: broken, short, gap")
            else:
                names.append("above: broken, gap" if fill > 0.4 else "above: list, gap")
            if continues(before.text, line.text, self.repeated):
                names.append("above: cut word")
        return names

    def within(self, above: int, index: int) -> list[str]:  # noqa: C901  (a line a feature)
        """Return the features of a further line of a headline."""
        line, before = self.lines[index], self.lines[above]
        names = ["within", "within: gap" if line.gap > self.base else "within: no gap"]
        if line.gap > before.gap:
            names.append("within: wider gap")
        if index - above > 1:
            names.append("within: furniture")
        if before.text[-1] in ":：":
            names.append("within: after colon")
        if before.text[-1] in "，、,":
            names.append("within: after comma")
        if line.level and before.level:
            names.append(
                "within: headings" if line.level != before.level else "within: same heading"
            )
        elif line.level or before.level:
            names.append("within: plain, heading" if line.level else "within: heading, plain")
        if line.text.startswith(_DASH):
            names.append("within: dash")
        if before.text.startswith(_DASH):
            names.append("within: after dash")
        if before.length <= 4 or line.length <= 4:
            names.append("within: short")
        if self.wrapped and before.length >= 0.85 * self.width:
            names.append("within: after full")
        if continues(before.text, line.text, self.repeated):
            names.append("within: cut word")
        return names

    def below(self, above: int, index: int) -> list[str]:  # noqa: C901, PLR0912  (a line a feature)
        """Return the features of a headline's last line, `above`, by the text after it."""
        line, below = self.lines[above], self.lines[index]
        if below.kind is Kind.BYLINE or below.marker == "see":
            return ["below: byline"]
        if below.opening:
            return ["below: dateline" if below.opening.dateline else "below: credit"]
        if below.length <= _MAX_NAME and below.signed:
            return ["below: name"]
        names = ["below: gap" if below.gap > self.base else "below: no gap"]
        if index - above > 1:
            names.append("below: furniture")
        if line.text[-1] in ":：":
            names.append("below: after colon")
        elif line.text[-1] in "，、,":
            names.append("below: after comma")
        if continues(line.text, below.text, self.repeated):
            names.append("below: cut word")
        if below.length <= _MAX_SALUTATION and below.text[-1] in ":：":
            names.append("below: salutation")
        if _FRAGMENT.match(below.text):
            names.append("below: fragment")
        if _BAD_START.match(below.text):
            names.append("below: bad start")
        if self.indents:
            names.append("below: indented" if below.indented else "below: not indented")
        if self.wrapped:
            if self.fill(below) >= 0.85:
                names.append("below: full")
        elif below.length >= 2 * line.length:
            names.append("below: longer")
        if below.ends and below.length <= MAX_HEADLINE:
            names.append("below: sentence")
        return names

    def _measure_blocks(self) -> None:
        """Measure for each line what verse is told by: how far the block around it reaches.

        A block is looked at from each of its lines; to walk through it each time would take
        as many steps as it has lines.
        """
        lines = self.lines
        # How many lines that are not short stand before each, and how many lines before it
        # stand together with it: nearly (`_joined_above`), or without any gap.
        self._long_before = [0]
        self._joined_above: list[int] = []
        self._close_above: list[int] = []
        joined = close = 0
        for line in lines:
            short = line.kind is Kind.BODY and line.length < 0.5 * self.width
            self._long_before.append(self._long_before[-1] + (not short))
            joined = joined + 1 if line.gap <= self.base else 0
            close = close + 1 if line.gap == 0 else 0
            self._joined_above.append(joined)
            self._close_above.append(close)
        self._close_below = [0] * len(lines)
        for index in range(len(lines) - 2, -1, -1):
            if lines[index + 1].gap == 0:
                self._close_below[index] = self._close_below[index + 1] + 1

    def _is_verse(self, last: int) -> bool:
        """Return whether a block of short lines ends here: it needs no full stop."""
        above = min(last, _MAX_STANZA, self._joined_above[last])
        return above > 0 and self._long_before[last + 1] == self._long_before[last - above]

    def _in_verse(self, index: int) -> bool:
        """Return whether a line is one of three or more short ones that stand together."""
        if self.wrapped or self.indents:
            return False
        first = index - min(index, _MAX_STANZA, self._close_above[index])
        last = index + min(_MAX_STANZA, self._close_below[index])
        below = self.lines[last + 1] if last + 1 < len(self.lines) else None
        headed = below is not None and (below.kind is Kind.BYLINE or below.opening is not None)
        return last - first >= 2 and self._is_verse(last) and not headed


def _usual_length(lines: Sequence[Line]) -> int:
    """Return the length of the line on which the middle character stands.

    That is the width of a column, or of a paragraph, however many short lines there are.
    """
    lengths = sorted(line.length for line in lines)
    total, so_far = sum(lengths), 0
    for length in lengths:
        so_far += length
        if so_far * 2 >= total:
            return length
    return 0


def _balanced(text: str) -> bool:
    """Return whether every quote and bracket that opens in `text` closes in it, and the reverse."""
    for opener, closer in ("“”", "‘’", "「」", "『』", "《》", "【】"):
        if text.count(opener) != text.count(closer):
            return False
    brackets = sum(map(text.count, "（(")) == sum(map(text.count, "）)"))
    return brackets and text.count('"') % 2 == 0
