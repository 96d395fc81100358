"""Lines gathered into articles: each headline with what follows it, and then the exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from search.papers.pages.cohesion import best_cut, pairs
from search.papers.pages.continuation import continued_from
from search.papers.pages.lines import Kind, Line
from search.papers.pages.names import HAN

_MAX_HEADS = 4
"""Lines of the longest headline: kicker, two lines of headline, subtitle."""

_MAX_CAPTION = 260
"""Characters of the longest caption: some tell a whole story."""

_NEWS_LEAD = re.compile(
    r"[“\"]?(?:近日|日前|昨[天日晚]|今[天日]|[0-9０-９一二三四五六七八九十]{1,3}月[0-9０-９一二三四五六七八九十]{1,3}日|连日来|记者|为[^，,]{4,30}[，,])"
)
_ENUMERATED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、]|\d{1,2}[、.．](?!\d)")


_CAPTION = re.compile(r"^[▲▼△↑↓←→]|[图圖][为為①②③④一二三四]|[上下左右][图圖]")
_HAS_HAN = re.compile(rf"[{HAN}]")
# An office, a teacher, a source: whatever stands in brackets after the last sentence.
_CLOSING_BRACKETS = re.compile(
    r"[。！？!?”][ \u3000]?[（(](?![^（）()]*[见版图转注])[^（）()。！？]{2,20}[)）]$"
)


@dataclass
class Unit:
    """An article in the making, as indices into the lines of the page.

    `heads` are the lines of its headline. The body runs from `first` to `last`, both
    included, but for `holes`, the first and last lines of furniture and of captions that are
    articles of their own; for a headline alone it is the headline.
    """

    heads: list[int] = field(default_factory=list)
    first: int = -1
    last: int = -1
    holes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is no body yet."""
        return self.first < 0

    def add(self, index: int) -> None:
        """Take one more line into the body."""
        self.first = index if self.empty else self.first
        self.last = index


def find_units(lines: list[Line]) -> list[Unit]:
    """Return the articles of a page. Every line that is not furniture is in one of them."""
    units = _gathered(lines)
    for _ in range(2):  # what a section is joined to may be one itself
        units = _join_sections(lines, units)
    for unit in units:
        if unit.empty:
            unit.first, unit.last = unit.heads[0], unit.heads[-1]
            if _count(lines, unit.heads) > _MAX_HEADS:
                unit.heads = unit.heads[:1]
    _leave_nothing(lines, units)
    for unit in units:
        unit.holes.extend(
            (index, index)
            for index in range(unit.first + 1, unit.last)
            if lines[index].kind is Kind.FURNITURE and _apart(lines, index)
        )
    return units


def _leave_nothing(lines: list[Line], units: list[Unit]) -> None:
    """Take every line that is not furniture into a unit: a wrong place costs less than none."""
    covered = {
        index for unit in units for index in (*unit.heads, *range(unit.first, unit.last + 1))
    }
    ends = {unit.last: unit for unit in units}
    above: Unit | None = None
    top: list[int] = []
    for index, line in enumerate(lines):
        above = ends.get(index, above)
        if line.kind is Kind.FURNITURE or index in covered:
            continue
        if above:
            above.last = index
        elif units:
            top.append(index)
    if top:
        units[0].heads[:0] = reversed(top)


def _apart(lines: list[Line], index: int) -> bool:
    """Return whether a line of furniture stands by itself, and not in the middle of a sentence."""
    above = lines[index - 1]
    gaps = bool(lines[index].gap and lines[index + 1].gap)
    return gaps or above.kind is not Kind.BODY or above.ends


def _gathered(lines: list[Line]) -> list[Unit]:
    """Return each headline with its text, sections not yet joined to their articles."""
    units = _place_orphans(lines, _part_captions(lines, _join_authors(lines, list(_gather(lines)))))
    _return_headlines(lines, units)
    return units


def _gather(lines: list[Line]) -> Iterator[Unit]:
    """Yield each headline with the lines up to the next one, in the order of the page."""
    unit = Unit()
    texted = False
    for index, line in enumerate(lines):
        if line.kind is Kind.FURNITURE:
            continue
        if line.kind is Kind.HEADLINE:
            if not unit.empty and unit.first == unit.last and lines[unit.last].marker == "from":
                unit = Unit([*unit.heads, unit.first])  # 上接一版 above the headline
            elif not unit.empty:
                yield unit
                unit = Unit()
            unit.heads.append(index)
            continue
        if texted and not unit.empty and _starts_article(line):
            yield unit
            unit = Unit()
        if unit.empty:
            texted = False
        if unit.empty and _count(lines, unit.heads) > _MAX_HEADS:
            # A list, a poem or a table of contents, and then perhaps a headline.
            kept = _own_heads(lines, unit.heads, line)
            listed = [head for head in unit.heads if head not in kept]
            yield Unit(listed[:1], listed[min(1, len(listed) - 1)], listed[-1])
            unit = Unit(kept)
        unit.add(index)
        texted = texted or _is_text(line)
    if unit.heads or not unit.empty:
        yield unit


def _count(lines: list[Line], heads: list[int]) -> int:
    """Return the number of lines of a headline; characters set one below the other are one."""
    return sum(lines[index].length > 1 for index in heads) or 1


def _own_heads(lines: list[Line], heads: list[int], below: Line) -> list[int]:
    """Return the last of many headline-like lines, those that belong to the article below."""
    if not (below.kind is Kind.BYLINE or below.opening):
        return heads[-1:]
    kept = heads[-1:]
    if lines[heads[-2]].gap <= lines[heads[-1]].gap or lines[heads[-1]].text.startswith("—"):
        kept = heads[-2:]
    return kept


def _starts_article(line: Line) -> bool:
    """Return whether a line begins an article or a part of one, whatever stands above it."""
    dated = line.opening is not None and line.opening.dateline
    return dated or continued_from(line.text) is not None


def _join_authors(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Join a headline with an author and no text to the text below its next headline.

    A serial, a cycle of poems or a feature has its first subheading right under the author.
    """
    joined: list[Unit] = []
    for unit in units:
        above = joined[-1] if joined else None
        if (
            above
            and above.heads
            and not (above.empty or unit.empty)
            and not _has_text(lines, above)
            and not _photo_credit(lines[above.last])
            and lines[above.last].kind is Kind.BYLINE
            and not _opens(lines, unit)
        ):
            above.last = unit.last
        else:
            joined.append(unit)
    return joined


def _has_text(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit has text; specks that OCR took for letters are none."""
    return any(_is_text(lines[index]) for index in range(unit.first, unit.last + 1))


def _is_text(line: Line) -> bool:
    return line.kind is Kind.BODY and (line.length > 6 or bool(_HAS_HAN.search(line.text)))


def _opens(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit begins with a byline, on its own line or in the first of the text."""
    first = lines[unit.first]
    return not unit.empty and (first.opening is not None or first.kind is Kind.BYLINE)


def _closes(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit ends with a byline that is not the one it begins with."""
    last = lines[unit.last]
    credit = last.credit if last.kind is Kind.BYLINE else last.closing
    if credit:
        own = unit.last > unit.first or credit.start > (last.opening.end if last.opening else 0)
        # The photographs of a long article are credited below it; that ends no article.
        return own and not (credit.photo and _is_long(lines, unit))
    return bool(_CLOSING_BRACKETS.search(last.text))


def _paragraphs(lines: list[Line], unit: Unit) -> list[int]:
    """Return the indices of the lines of a unit's body at which an article could begin."""
    return list(_each_paragraph(lines, unit))


def _each_paragraph(lines: list[Line], unit: Unit) -> Iterator[int]:
    for index in range(unit.first, unit.last + 1):
        if lines[index].kind is Kind.BODY and (
            index == unit.first or lines[index - 1].ends or lines[index - 1].kind is not Kind.BODY
        ):
            yield index


def _is_long(lines: list[Line], unit: Unit) -> bool:
    """Return whether a unit has more than two paragraphs. Of those of a long one, few are seen."""
    return len(list(islice(_each_paragraph(lines, unit), 3))) > 2


def _place_orphans(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Give headlines without a body the end of the body above, where that is theirs.

    OCR reads a photograph's or a column's headline after its text. The sign of it is a
    headline followed by a credit and then by another headline, or one at the end of the
    page below an article with two bylines.
    """
    placed: list[Unit] = []
    for unit in units:
        credited = not unit.empty and not _has_text(lines, unit)
        above = placed[-1] if placed else None
        if above is None or above.empty or not unit.heads or not (unit.empty or credited):
            placed.append(unit)
            continue
        if not above.heads and not _opens(lines, above):
            above.heads = unit.heads
            above.last = max(above.last, unit.last)
            continue
        cut = _orphan_cut(lines, above, unit, credited=credited)
        if cut is None:
            if unit is units[-1] and unit.empty and len(unit.heads) <= 2 and above.heads:
                above.heads = above.heads + unit.heads
            else:
                placed.append(unit)
            continue
        last = above.last
        above.last = cut - 1
        placed.append(Unit(unit.heads, cut, unit.last if credited else last))
    return placed


def _return_headlines(lines: list[Line], units: list[Unit]) -> None:
    """Give the first line of a headline back to the article above it, where it speaks of that.

    An article that has a dateline and no headline is missing one; any other takes a line only
    if it names what the article above is about, and not what the one below is.
    """
    for above, unit in pairwise(units):
        if len(unit.heads) < 2 or above.empty or unit.empty:
            continue
        head = lines[unit.heads[0]]
        if head.text.startswith("—"):
            continue
        missing = not above.heads and (_starts_article(lines[above.first]) or _closes(lines, above))
        if missing or _leaning(lines, head, above) > _leaning(lines, head, unit) + 0.3:
            above.heads = [*above.heads, unit.heads.pop(0)]


def _leaning(lines: list[Line], head: Line, unit: Unit) -> float:
    """Return how much of what a headline speaks of is spoken of in the body of `unit`."""
    subject = pairs(head.text)
    text = pairs("\n".join(line.text for line in lines[unit.first : unit.last + 1]))
    return len(subject & text) / (len(subject) or 1)


def _orphan_cut(lines: list[Line], above: Unit, unit: Unit, *, credited: bool) -> int | None:
    """Return the line of `above` at which the body of the headline `unit` begins, or None."""
    starts = _paragraphs(lines, above)
    if len(starts) < 2 or not (credited or (_opens(lines, above) and _closes(lines, above))):
        return None
    ends = [*starts[1:], above.last + 1]
    texts = [
        "".join(re.sub(r"\s", "", line.text) for line in lines[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    own = "\n".join(lines[index].text for index in above.heads)
    other = "\n".join(lines[index].text for index in unit.heads)
    # The text of a photograph is a paragraph or two.
    first = max(1, len(starts) - 2) if credited else 1
    cut, strength = best_cut(texts, own, other, first)
    if strength <= 0:
        if not credited:
            return None
        cut = len(starts) - 1
    return starts[cut]


def _part_captions(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Make credited captions within an article articles of their own.

    The article has a byline of its own, at its start or before the caption; a credit for its
    text, or for a picture that is all of the article, makes no caption. Below a caption the
    article may go on: then the caption is a hole in it.
    """
    parted: list[Unit] = []
    for unit in units:
        parted.append(unit)
        if unit.empty:
            continue
        starts = _paragraphs(lines, unit)
        if _opens(lines, unit) or not _all_captions(lines, unit, starts):
            _part_caption(lines, unit, starts, parted)
            continue
        last = unit.last
        for first in starts:
            if first > unit.first and _photo_credit(lines[first - 1]):
                parted[-1].last = first - 1
                parted.append(Unit([], first, last))
    return parted


def _part_caption(lines: list[Line], unit: Unit, starts: list[int], parted: list[Unit]) -> None:
    """Part the captions in an article from it, each as an article of its own."""
    for first, end in pairwise([*starts[1:], unit.last + 1]):
        last = end - 1
        if not _photo_credit(lines[last]):
            continue
        size = sum(line.length for line in lines[first:end])
        before = Unit(unit.heads, unit.first, first - 1)
        own = _opens(lines, unit) or _closes(lines, before)
        marked = bool(_CAPTION.search(lines[first].text))
        if size > _MAX_CAPTION or not (own or (marked and last < unit.last)):
            continue
        parted.append(Unit([], first, last))
        if last < unit.last:
            unit.holes.append((first, last))
        else:
            unit.last = first - 1


def _photo_credit(line: Line) -> bool:
    """Return whether a line is, or ends with, a credit for a picture."""
    credit = line.credit if line.kind is Kind.BYLINE else line.closing
    return credit is not None and credit.photo


def _all_captions(lines: list[Line], unit: Unit, starts: list[int]) -> bool:
    """Return whether a unit is nothing but captions: each short and ending with a credit."""
    ends = [end - 1 for end in starts[1:]] + [unit.last]
    credited = [end for end in ends if _photo_credit(lines[end])]
    if len(credited) < 2 or credited[-1] != unit.last:
        return False
    sizes = [
        sum(line.length for line in lines[before + 1 : end + 1])
        for before, end in pairwise([unit.first - 1, *credited])
    ]
    return max(sizes) <= _MAX_CAPTION


def _join_sections(lines: list[Line], units: list[Unit]) -> list[Unit]:
    """Join each unit that is a section of the article before it to that article.

    Rules, not a fitted model as for headlines: on pages that neither had seen, a logistic
    regression over forty features joined whole articles (docs/splitting.md).
    """
    joined: list[Unit] = []
    opened = closed = False
    for unit in units:
        opens = not unit.empty and _opens(lines, unit)
        closes = not unit.empty and _closes(lines, unit)
        above = joined[-1] if joined else None
        if above and not opens and _is_section(lines, above, unit, opened, closed or closes):
            above.last = unit.last if not unit.empty else unit.heads[-1]
            closed = closes
            continue
        joined.append(unit)
        opened, closed = opens, closes
    return joined


def _is_section(lines: list[Line], above: Unit, unit: Unit, opened: bool, closed: bool) -> bool:
    """Return whether `unit`, which has no byline at its start, is a section of `above`."""
    if not unit.heads or above.empty or not above.heads:
        return False
    head = lines[unit.heads[0]]
    if head.level or lines[above.heads[0]].level:
        return head.level > lines[above.heads[0]].level > 0 and not closed
    if closed:
        return False
    if _ENUMERATED.match(head.text):
        return True
    if not opened or unit.empty:
        return False
    score = -1.0
    score += 1.5 * any(
        line.kind is Kind.BYLINE and line.credit is not None and not line.credit.photo
        for line in lines[unit.first : unit.last + 1]
    )
    score += 1.2 * (sum(lines[index].length > 2 for index in unit.heads) > 1)
    score += 0.7 * bool(_NEWS_LEAD.match(lines[unit.first].text))
    score += 0.7 * (unit.heads[0] - above.last > 1)  # furniture between them
    score += 0.5 * (_share(lines, above, unit) < 0.25)
    return score <= 0


def _share(lines: list[Line], above: Unit, unit: Unit) -> float:
    """Return how much of what the headline above speaks of is spoken of in `unit`."""
    subject = pairs("\n".join(lines[index].text for index in above.heads))
    text = pairs("\n".join(line.text for line in lines[unit.first : unit.last + 1]))
    return len(subject & text) / (len(subject) or 1)
