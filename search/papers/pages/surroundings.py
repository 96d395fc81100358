"""Which lines of a page are furniture, by themselves and by the lines around them.

OCR and old files break a text where a line ends, so that any line may look like furniture: a
date, a number, a full stop alone. A line that goes on what the line above began is text. What
could be furniture or text (a bare date) is furniture only in the masthead, or right beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from search.dates.printed import find_date
from search.papers.pages.furniture import (
    Place,
    is_beside_masthead,
    is_certain,
    is_furniture,
    is_index_entry,
    is_masthead,
)
from search.papers.pages.lines import Line
from search.papers.pages.mastheads import paper_name

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>")
_ORNAMENT = re.compile(r"[\s\-—–─━═=_~～〜*＊×#·•●○◎◆◇★☆■□▲△▼▽※→←↑↓|│/\\+<>^◀▶◄►☉⊙]*")
_UNFINISHED = re.compile(r"[。！？!?：:；;…”’」』》)）】]$")
_HEAD = 12
"""Lines at the top among which the masthead is looked for, as long as no text has begun."""
_TEXT = 30
"""Characters of a line that is text for certain."""
_COLUMN = 45
"""Characters of the longest line of a column; where lines are longer, they are paragraphs."""
_NARROW = 12
"""Characters of a line of a narrow column: the others end where it ends, but for a mark."""
_SHORT_NAME = 6
"""Characters of the longest name that is one though the page has no other masthead."""
_AROUND = 4
"""Lines above and below by which the width of a column is measured."""


def find_furniture(lines: Sequence[Line]) -> list[bool]:
    """Tell of each line whether it is furniture."""
    page = _Page(lines)
    page.read_top()
    page.read_inside()
    page.read_foot()
    page.read_masthead()
    page.read_beside()
    return page.told


class _Page:
    """The lines of a page, and which of them are told to be furniture so far."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.told = [False] * len(lines)
        self.credits = [line.marker is not None or line.alone is not None for line in lines]
        self.entries = [is_index_entry(line.text) for line in lines]
        self.extents = [len(line.raw.rstrip()) for line in lines]
        self.wrapped = self._is_wrapped()
        self.gap = self._usual_gap()
        self.top = 0

    def _is_wrapped(self) -> bool:
        """Return whether lines end where a column does, and not only where a paragraph does."""
        long = [line for line in self.lines if line.length >= 6]
        broken = sum(not _UNFINISHED.search(line.text) for line in long if line.length <= _COLUMN)
        return broken * 5 > len(long) * 2

    def _usual_gap(self) -> int:
        """Return the blank lines that stand between any two lines: OCR may add some to each."""
        gaps = Counter(
            below.gap
            for above, below in pairwise(self.lines)
            if 6 <= above.length <= _COLUMN and not _UNFINISHED.search(above.text)
        )
        usual = gaps.most_common(1)
        return usual[0][0] if usual and usual[0][1] * 4 >= len(self.lines) else 0

    def _width(self, index: int) -> int:
        """Return the length of the longest of the lines around a line, without itself."""
        near = self.extents[max(0, index - _AROUND) : index]
        return max(near + self.extents[index + 1 : index + _AROUND + 1], default=0)

    def goes_on(self, index: int) -> bool:
        """Return whether a line goes on what the line above began."""
        line = self.lines[index]
        if index == 0 or self.told[index - 1] or line.gap > self.gap or not self.wrapped:
            return False
        width = max(self._width(index), self.extents[index])
        full = self.extents[index - 1] >= width - (1 if width <= _NARROW else 2)
        return full and not line.indented and not self.lines[index - 1].ends

    def runs_over(self, index: int) -> bool:
        """Return whether a line begins what the line below goes on."""
        if index + 1 == len(self.lines) or not self.wrapped:
            return False
        below = self.lines[index + 1]
        if below.gap > self.gap or abs(self.extents[index] - self._width(index)) > 1:
            return False
        return not is_furniture(below.text, Place.TOP)

    def read_top(self) -> None:
        """Tell the lines above all articles. A line that is soft needs a firm one among them."""
        index = 0
        while index < len(self.lines) and self._is_at(index, Place.TOP):
            index += 1
        if _is_firm([line.text for line in self.lines[:index]]):
            self.top = index
            self.told[:index] = [True] * index

    def _is_at(self, index: int, place: Place) -> bool:
        line = self.lines[index]
        if self.credits[index]:
            return False
        if not self._by_itself(index, place):
            return False
        # A page may begin in the middle of an article.
        sure = place is not Place.TOP or (not line.indented and is_furniture(line.text))
        return sure or not self.runs_over(index)

    def _by_itself(self, index: int, place: Place) -> bool:
        line = self.lines[index]
        if not re.search(r"\w", line.text):
            return bool(_ORNAMENT.fullmatch(line.text))
        return bool(
            is_furniture(line.text, place)
            or self._in_index(index)
            or (line.markdown and _IMAGE.fullmatch(line.text))
        )

    def _in_index(self, index: int) -> bool:
        """Return whether a line is an entry of an index: several stand one below the other."""
        near = self.entries[max(0, index - 1) : index + 2]
        return self.entries[index] and sum(near) > 1

    def read_inside(self) -> None:
        """Tell the lines among the articles that are furniture wherever they stand."""
        head = True
        for index in range(self.top, len(self.lines)):
            line = self.lines[index]
            head = head and index < _HEAD and line.length < _TEXT and not line.ends
            if self.credits[index]:
                continue
            if not re.search(r"\w", line.text):
                self.told[index] = bool(_ORNAMENT.fullmatch(line.text))
            elif self.goes_on(index) or (
                self._may_begin(line, head=head) and self.runs_over(index)
            ):
                self.told[index] = is_certain(line.text)
            else:
                place = Place.HEAD if head else Place.INSIDE
                self.told[index] = self._by_itself(index, place)

    @staticmethod
    def _may_begin(line: Line, *, head: bool) -> bool:
        """Return whether a line is a paragraph's first by its look, or a name as in a sentence."""
        return line.indented or (
            not head and paper_name(line.text) is not None and not find_date(line.text)
        )

    def read_foot(self) -> None:
        """Tell the lines below all articles."""
        for index in range(len(self.lines) - 1, self.top - 1, -1):
            if self.told[index]:
                continue
            if self.goes_on(index) or not self._is_at(index, Place.FOOT):
                break
            self.told[index] = True

    def read_masthead(self) -> None:
        """Tell two or more lines among the first that are a masthead together: a name, a date."""
        index = self.top
        while index < min(_HEAD, len(self.lines)):
            last = index
            while last < len(self.lines) and self._may_stand_beside(last):
                last += 1
            texts = [self.lines[at].text for at in range(index, last)]
            names = [paper_name(text) is not None for text in texts]
            if any(names) and not all(names) and any(map(find_date, texts)):
                self.told[index:last] = [True] * (last - index)
            index = last + 1

    def read_beside(self) -> None:
        """Tell the lines that are furniture because a masthead stands right beside them."""
        marks = [
            told and is_masthead(line.text)
            for told, line in zip(self.told, self.lines, strict=True)
        ]
        order = range(self.top, len(self.lines))
        for step, indices in ((-1, order), (1, reversed(order))):
            for index in indices:
                beside = index + step
                if self.told[index] or not 0 <= beside < len(self.lines) or not marks[beside]:
                    continue
                if self._is_beside(index, below=step > 0):
                    self.told[index] = marks[index] = True

    def _may_stand_beside(self, index: int) -> bool:
        if self.credits[index] or not is_beside_masthead(self.lines[index].text):
            return False
        return not (self.goes_on(index) or self.runs_over(index))

    def _is_beside(self, index: int, *, below: bool) -> bool:
        line = self.lines[index]
        if not self._may_stand_beside(index):
            return False
        # Above a masthead may stand the date at the end of a letter.
        signed = below and index > 0 and not line.gap and not self.told[index - 1]
        return not signed or index < _HEAD


def _is_firm(texts: list[str]) -> bool:
    """Return whether lines at the top are a masthead, and no headline that looks like one."""
    for text in texts:
        name = paper_name(text)
        if is_furniture(text) or (is_beside_masthead(text) and not name):
            return True
        if name and (len(texts) > 1 or (len(name) <= _SHORT_NAME and name[-1] in "报報")):
            return True
    return False
