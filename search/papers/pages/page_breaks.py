"""Where pages begin in a text that holds several of them, or whole issues, one below the other.

A form feed begins one: programs that print pages as text put it there. So does a masthead: a
date with the paper, the page or the issue beside it, on lines that hold nothing else. It is
told from the source below a headline, and from a date that ends a letter, by what stands above
it; and from the foot of the same page by what it says. A number alone (`第2版`) begins a page
where it is the next one and whole articles stand on either side, for an index has such lines
too. In doubt nothing is cut: a page is then read as it always was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from search.dates.printed import find_date
from search.papers.pages.calendar_lines import is_bare_date, is_calendar, without_calendar
from search.papers.pages.document import PageText, name_part
from search.papers.pages.furniture import Place, is_furniture, is_masthead
from search.papers.pages.line_kinds import has_headings
from search.papers.pages.lines import Line
from search.papers.pages.mastheads import printed_page, read_masthead
from search.papers.pages.names import HAN
from search.papers.pages.printed import PLAIN_PAGE, page_number, plain
from search.papers.readers.isolation.heartbeat import alive

_MAX_LINE = 80
"""Characters of the longest line of a masthead that begins a page."""
_MAX_HEAD = 5
"""Lines of a masthead that are looked at above the date, and below it."""
_TOP = 12
"""Lines at the top of a file among which its own masthead is looked for."""
_LONG = 40
"""Characters of a line that is text, and no headline."""
_COLUMN_LINES = 3
"""Lines of one length that are text wrapped to a column, and no headline."""
_LEAST_TEXT = 40
"""Characters of the shortest page below a masthead that stands in the middle of a file."""
_LEAST_PAGE = 400
"""The same where nothing but its number begins a page: what an index says of one is shorter."""

_HINT = re.compile(r"[年月]|\d[-./．／－]\d|\d{8}")
_PAGE_HINT = re.compile(r"[版页頁]")
_PAGE = re.compile(
    rf"第\s?(?P<page>{PLAIN_PAGE})\s?[版页頁]|(?<![A-Za-z\d])(?P<plain>[A-Z]\s?\d{{1,2}})(?![\d.])"
)
_ENDED = re.compile(r"[。….｡][”’」』》）)\]】]*$|[)）\]】〕]$")
_CALLED = re.compile(r"[！？!?][”’」』》）)]*$")
_OPENED = re.compile(r"[（(\[【〔《—–-]")
_MARKUP = re.compile(r"[#>*_\s]+|[*_\s]+$")
_SENTENCE = re.compile("[，。；！？]")


@dataclass(frozen=True, slots=True)
class _Head:
    """A masthead: its lines, from the first up to `end`, and what they say."""

    first: int
    end: int
    date: str
    paper: str | None = None
    page: str | None = None
    issue: str | None = None

    @property
    def numbered(self) -> bool:
        return bool(self.page or self.issue)


def text_pages(text: str, *, markdown: bool = False) -> list[tuple[str | None, PageText]]:
    """Return the pages of a text with their names; one that is the only page has none.

    Lines of a page count from where it begins in the text.
    """
    numbered: list[tuple[int, PageText]] = []
    number, line = 1, 1
    for sheet in text.split("\f"):
        if sheet.strip():
            for page in _cut(sheet, line, markdown=markdown):
                if page.text.strip():
                    numbered.append((number, page))
                    number += 1
        else:
            number += 1  # a page without text has its number too
        line += sheet.count("\n")
    if len(numbered) < 2:
        return [(None, page) for _, page in numbered]
    return [(name_part(number), page) for number, page in numbered]


def is_marked_up(text: str, *, markdown: bool) -> bool:
    """Return whether each page of a text is to be read as Markdown: all are, or none."""
    return markdown or has_headings(text)


def _cut(text: str, line: int, *, markdown: bool) -> Iterator[PageText]:
    """Yield the pages of a text between two form feeds, whose first line has that number."""
    lines = text.split("\n")
    starts = _Breaks(lines, markdown=markdown).starts()
    if len(starts) < 2:
        yield PageText(text, first=line)
        return
    for (start, date), end in zip(starts, [*(at for at, _ in starts[1:]), len(lines)], strict=True):
        yield PageText("\n".join(lines[start:end]), first=line + start, date=date)


class _Breaks:
    """The lines of a text, and where pages begin among them."""

    def __init__(self, lines: Sequence[str], *, markdown: bool) -> None:
        self._lines = lines
        self._markdown = markdown

    def starts(self) -> list[tuple[int, str | None]]:
        """Return the indices of lines that begin a page, and the date that is printed there."""
        heads = list(self._heads())
        top = current = self._top(heads)
        begun = current is not None
        found: list[_Head] = []
        last = current.end if current else 0
        ends = [*(head.first for head in heads), len(self._lines)][1:]
        for head, end in zip(heads, ends, strict=True):
            if current and head.first <= current.first:
                continue
            between, below = self._chars(last, head.first), self._chars(head.end, end)
            if min(between, below) >= _LEAST_TEXT and self._begins(head, current, begun=begun):
                found.append(head)
                current, last = head, head.end
        if not begun and len(found) < 2:
            return []  # the masthead of the one page, which OCR found in the middle of it
        dated = [(head.first, head.date) for head in found]
        numbers = [(at, None) for at in self._by_number(top, found)]
        return sorted([(0, top.date if top else None), *dated, *numbers])

    def _text(self, index: int) -> str:
        """Return a line in plain text, without the signs of Markdown around it."""
        line = self._lines[index]
        if len(line) > 2 * _MAX_LINE:
            return ""
        return _MARKUP.sub("", plain(line)) if line[:1] in "#>*_" else plain(line)

    def _heads(self) -> Iterator[_Head]:
        """Yield the mastheads with a date in the order of the text."""
        end = 0
        for index, line in enumerate(self._lines):
            if index < end or len(line) > 2 * _MAX_LINE or not _HINT.search(line):
                continue
            text = self._text(index)
            if _is_dated(text):
                first = self._reach(index, -1)
                end = self._reach(index, 1) + 1
                head = self._head(first, end)
                alive()
                if head:
                    yield head

    def _reach(self, index: int, step: int) -> int:
        """Return the last line in a direction that is of the same masthead as a line."""
        reached, blank = index, 0
        for _ in range(2 * _MAX_HEAD):
            index += step
            if not 0 <= index < len(self._lines) or blank > 1:
                break
            text = self._text(index)
            if not text:
                if self._lines[index].strip():
                    break
                blank += 1
            elif len(text) <= _MAX_LINE and is_masthead(text) and not _SENTENCE.search(text):
                reached, blank = index, 0
            else:
                break
        return reached

    def _head(self, first: int, end: int) -> _Head | None:
        """Return the masthead on some lines, if a date and more is there."""
        texts = [self._text(at) for at in range(first, end) if self._lines[at].strip()]
        said = read_masthead(texts)
        date = said.date or next(filter(None, map(find_date, texts)), None)
        if date is None or date.count("-") < 2:
            return None
        page = said.page or next(filter(None, map(_page_in, texts)), None)
        if not (said.paper or page or said.issue):
            return None
        return _Head(first, end, date, said.paper, page, said.issue)

    def _top(self, heads: Sequence[_Head]) -> _Head | None:
        """Return the masthead at the top of all, if there is one: a date at least."""
        count = 0
        for index, line in enumerate(self._lines):
            if not line.strip():
                continue
            head = next((head for head in heads if head.first <= index < head.end), None)
            if head:
                return head
            text = self._text(index)
            count += 1
            if count > _TOP or not text or len(text) > _MAX_LINE or _SENTENCE.search(text):
                return None
            date = find_date(text)
            if date and date.count("-") == 2 and len(re.findall(f"[{HAN}]", _rest(text))) <= 4:
                said = read_masthead([text])
                return _Head(index, index + 1, date, said.paper, _page_in(text), said.issue)
        return None

    def _begins(self, head: _Head, current: _Head | None, *, begun: bool) -> bool:
        """Return whether a masthead begins another page than the one that is being read.

        `begun` says that the text begins with a masthead, so that they stand above their pages.
        """
        ended = self._ended_above(head.first)
        first = self._text(head.first)
        if _OPENED.match(first) or not (ended or self._runs_above(head.first)):
            return False
        if not begun and not self._blank_above(head.first):
            return False
        if current is None:
            return head.numbered or bool(head.paper)
        if is_bare_date(first) and not head.paper and head.date != current.date:
            return self._blank_above(head.first) and head.numbered
        if head.date != current.date:
            same = not (head.paper and current.paper) or head.paper == current.paper
            return head.numbered if not ended else same or head.numbered
        if head.page is None:
            return False
        if current.page is None:
            return ended and head.page not in {"1", "A1"}
        return head.page != current.page and (ended or _follows(current.page, head.page))

    def _by_number(self, top: _Head | None, found: Sequence[_Head]) -> Iterator[int]:
        """Yield the lines that hold the number of the next page, and begin it."""
        starts = [*([top] if top else []), *found]
        for head, below in zip(starts, [*starts[1:], None], strict=True):
            page = head.page or ("1" if head.paper and head.issue else None)
            end = below.first if below else len(self._lines)
            last = head.end
            for index in range(head.end, end):
                number = self._number(index)
                if not (page and number and _follows(page, number)):
                    continue
                if not self._blank_above(index) or not self._ended_above(index):
                    continue
                if min(self._chars(last, index), self._chars(index, end)) >= _LEAST_PAGE:
                    yield index
                    page, last = number, index

    def _number(self, index: int) -> str | None:
        """Return the page that a line is the number of, as it heads one."""
        line = self._lines[index]
        if len(line) > _MAX_LINE or not _PAGE_HINT.search(line):
            return None
        printed = printed_page(self._text(index))
        return printed.page if printed and printed.plain else None

    def _above(self, index: int) -> int | None:
        """Return the last line above one that is text, or None."""
        for at in range(index - 1, -1, -1):
            line = self._lines[at]
            if line.strip() and not is_furniture(line, Place.FOOT):
                return at
            if index - at > 4 * _MAX_HEAD:
                break
        return None

    def _blank_above(self, index: int) -> bool:
        """Return whether a blank line, or a line of furniture, stands above a line."""
        above = self._lines[index - 1] if index else ""
        return not above.strip() or is_furniture(above, Place.FOOT)

    def _ended_above(self, index: int) -> bool:
        """Return whether what stands above a line ends there, as an article does."""
        at = self._above(index)
        if at is None:
            return True
        text = self._lines[at].strip()
        if _CALLED.search(text):  # so ends a headline, too
            return len(text) >= _LONG or self._runs_above(at + 1)
        if _ENDED.search(text):
            return True
        tail = text[-2 * _MAX_LINE :]
        return Line(at, tail, 0, markdown=self._markdown).closing is not None

    def _runs_above(self, index: int) -> bool:
        """Return whether text in the middle of a sentence stands above a line, and no headline."""
        at = self._above(index)
        if at is None:
            return False
        if len(self._lines[at].strip()) >= _LONG:
            return True
        column = [len(line.rstrip()) for line in self._lines[max(0, at - _COLUMN_LINES) : at]]
        width = max(column, default=0)
        return len(column) == _COLUMN_LINES and width > 5 and min(column) >= width - 2

    def _chars(self, first: int, end: int) -> int:
        """Return how many characters of text stand on some lines."""
        return self._so_far[end] - self._so_far[first]

    @cached_property
    def _so_far(self) -> list[int]:
        """The characters of text above each line, and last of all."""
        texts = (0 if is_furniture(line) else len(line.strip()) for line in self._lines)
        return list(accumulate(texts, initial=0))


def _is_dated(text: str) -> bool:
    """Return whether a line of plain text is a date, and whatever else a masthead has beside it."""
    if not text or len(text) > _MAX_LINE or _SENTENCE.search(text) or not find_date(text):
        return False
    return is_calendar(text) or is_bare_date(text) or printed_page(_rest(text)) is not None


def _rest(text: str) -> str:
    return without_calendar(text).strip(" |·:-")


def _page_in(text: str) -> str | None:
    """Return the number of the page that stands somewhere in a line of a masthead."""
    match = _PAGE.search(without_calendar(text))
    return page_number(match["page"] or match["plain"]) if match else None


def _follows(page: str, other: str) -> bool:
    """Return whether a page is the one behind another: `2` behind `1`, `A3` behind `A2`."""
    letter, number = re.fullmatch(r"([A-Z]?)(\d+)", page), re.fullmatch(r"([A-Z]?)(\d+)", other)
    if not (letter and number):
        return False
    return letter[1] == number[1] and int(letter[2]) + 1 == int(number[2])
