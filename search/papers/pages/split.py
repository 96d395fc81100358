"""A page of a paper, as OCR or a person left it, to its articles.

`split` reads the lines (search.papers.pages.line_kinds), gathers them into units, a headline and what
follows it, and then repairs what the order of the lines does not say: subheadings, captions,
headlines that OCR put below their article (search.papers.pages.grouping). Everything on the page but
plain furniture ends up in some piece: a wrong split costs less than a lost line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from search.dates.printed import parse_date
from search.papers.field_names import field_of
from search.papers.pages import byline
from search.papers.pages.authors import authors_of
from search.papers.pages.continuation import (
    continued_from,
    continued_on,
    named_from,
    plain_headline,
    without_marker,
)
from search.papers.pages.grouping import find_units
from search.papers.pages.line_kinds import read_lines
from search.papers.pages.lines import Kind, Line
from search.papers.pages.mastheads import Masthead, read_masthead
from search.papers.pages.names import split_names
from search.papers.pages.paper_names import name_of_file
from search.papers.pages.unit import Unit

_MAX_TITLE = 40
"""Characters of a title made from the text of an article that has no headline."""

MAX_LINES = 150_000
"""Lines of a page that are told apart: a page of a paper has hundreds, a whole volume in
one file as many as this. What follows is one article: to tell a line costs 0.1 ms."""

_FRONT_KEY = re.compile(r"(?P<key>\w+)\s*[:：]\s*(?P<value>.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of a page.

    `body` is the text of the whole lines from `body_line` on, verbatim, the byline included;
    captions that are pieces of their own, and furniture between paragraphs, are blank lines in
    it, so that lines count as in the source. `line` and `end_line` are the first and last line
    of headline and body together; the headline may stand below the body. Lines count from 1.
    `body_line` is None where the lines of the body are not in the order of the source.
    `section` is the section the page says it is, or its number. `continued_from` and
    `continued_on` are pages as printed, in figures (`1`, `A3`).
    """

    title: str
    body: str
    authors: tuple[str, ...]
    line: int
    end_line: int
    body_line: int | None
    section: str | None = None
    continued_from: str | None = None
    continued_on: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, where it says it, and its articles in printed order.

    `unsplit` is the line at which the last of them begins where that is all that stood below
    the most lines that are told apart, or 0. `furniture` are the lines that are in no piece,
    by number and as they stand: what is printed beside the articles. `named` says that the page
    names its paper, and not only its file; `sure` that its date is that of a masthead, or was
    put there by hand, and not a date by itself.
    """

    paper: str | None
    date: str | None
    issue: str | None
    pieces: tuple[Piece, ...]
    section: str | None = None
    page: str | None = None
    unsplit: int = 0
    furniture: tuple[tuple[int, str], ...] = ()
    named: bool = False
    edition: str | None = None
    sure: bool = False


def split(
    text: str,
    *,
    markdown: bool = False,
    styled: bool = False,
    levels: Mapping[int, int] | None = None,
    stem: str = "",
) -> Page:
    r"""Return the articles of a page, given as decoded text with `\\n` newlines.

    `markdown` reads `#` headings as headlines, which `styled` says are told from subheadings
    by their levels; front matter is read in any page. `levels` tells, by their numbers, which
    lines are set as headlines (1 to 6) and which as text (0), where that is known. `stem`, the
    name of the file, is the title of last resort, and tells the paper where the page does not.
    A page on which nothing looks like an article is one article; a page without text has none.
    Never raises.
    """
    return page_of(read(text, markdown=markdown, styled=styled, levels=levels), stem)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lines of a page were taken for, and which of them are an article each.

    `source` are all lines as they stand, of which the first `told` are told apart. `front` are
    the fields of the front matter, and `skip` its lines.
    """

    source: list[str]
    told: int
    front: dict[str, str]
    skip: int
    lines: list[Line]
    units: list[Unit]


def read(
    text: str,
    *,
    markdown: bool = False,
    styled: bool = False,
    levels: Mapping[int, int] | None = None,
) -> Reading:
    """Tell the lines of a page apart and gather them; arguments as of `split`."""
    source = text.split("\n")
    told = _end_of_page(source)
    if told < len(source):
        text = "\n".join(source[:told])
    front, skip = _front_matter(text)
    lines = read_lines(text, markdown=markdown, styled=styled, levels=levels, skip=skip)
    if front.get("title") and sum(line.level in {1, 2} for line in lines) <= 1:
        units = []
    else:
        units = find_units(lines)
    if not units and lines:
        units = [_whole(lines)]
    return Reading(source, told, front, skip, lines, units)


def page_of(reading: Reading, stem: str) -> Page:
    """Return the page that was read: of each unit a piece, and of what was not told apart."""
    source, front, lines = reading.source, reading.front, reading.lines
    masthead = _masthead(lines, front)
    section = masthead.section or masthead.page
    pieces = tuple(_piece(lines, unit, source, section, stem) for unit in reading.units)
    if front and len(pieces) == 1:
        pieces = (_with_front(pieces[0], front),)
    unsplit = 0
    if reading.told < len(source):
        unsplit = reading.told + 1
        pieces += (_rest(source, reading.told, section, stem),)
    return Page(
        masthead.paper or name_of_file(stem),
        masthead.date,
        masthead.issue,
        pieces,
        masthead.section,
        masthead.page,
        unsplit,
        _furniture(reading, pieces),
        masthead.paper is not None,
        masthead.edition,
        masthead.sure,
    )


def _furniture(reading: Reading, pieces: tuple[Piece, ...]) -> tuple[tuple[int, str], ...]:
    """Return the lines that are in no unit, those of the front matter first.

    So are headlines of which a piece has not all in its title: what is left out is on the page.
    """
    lines, front = reading.lines, reading.source[: reading.skip]
    shown: set[int] = set()
    for unit, piece in zip(reading.units, pieces, strict=False):
        heads = [at for at in unit.heads if not lines[at].marker]
        left = unsaid([lines[at].text for at in heads], piece.title)
        shown.update(at for place, at in enumerate(heads) if place not in left)
        shown.update(_body_lines(unit))
    beside = [(line.number, line.raw) for index, line in enumerate(lines) if index not in shown]
    return (*((at, raw) for at, raw in enumerate(front, 1) if raw.strip()), *beside)


def unsaid(heads: Sequence[str], title: str) -> list[int]:
    """Return the places of the lines of a headline whose letters are not in its title.

    Each is counted once: `桥` is not said by a title in which it is a part of another line.
    """
    there = "".join(filter(str.isalnum, title))
    missing = []
    letters = ["".join(filter(str.isalnum, head)) for head in heads]
    for place in sorted(range(len(heads)), key=lambda place: -len(letters[place])):
        own = letters[place]
        if own not in there:
            missing.append(place)
        there = there.replace(own, "\n", 1) if own else there
    return sorted(missing)


def shown_lines(lines: list[Line], unit: Unit) -> Iterator[int]:
    """Yield the lines of a unit that are in its title or its body."""
    yield from (index for index in unit.heads if not lines[index].marker)
    yield from _body_lines(unit)


def _body_lines(unit: Unit) -> Iterator[int]:
    hidden = {index for start, end in unit.holes for index in range(start, end + 1)}
    yield from (index for index in range(unit.first, unit.last + 1) if index not in hidden)


def _end_of_page(source: list[str]) -> int:
    """Return how many of the lines are told apart: all, but of a page that is far too long."""
    if len(source) <= MAX_LINES:
        return len(source)
    some = (at for at, line in enumerate(source) if line and not line.isspace())
    return next(islice(some, MAX_LINES, None), len(source))


def _rest(source: list[str], start: int, section: str | None, stem: str) -> Piece:
    """Return all lines from one on as one article."""
    end = len(source)
    while end > start + 1 and not source[end - 1].strip():
        end -= 1
    body = "\n".join(source[start:end])
    return Piece(_made_title(body) or stem, body, (), start + 1, end, start + 1, section)


def _whole(lines: list[Line]) -> Unit:
    """Return all lines as one unit, the first of them its headline if it can be one."""
    headed = len(lines) > 1 and lines[0].kind is Kind.HEADLINE
    return Unit(heads=[0] if headed else [], first=1 if headed else 0, last=len(lines) - 1)


def _masthead(lines: list[Line], front: dict[str, str]) -> Masthead:
    printed = read_masthead(
        [line.text for line in lines if line.kind is Kind.FURNITURE and not line.lists]
    )
    return Masthead(
        front.get("paper") or printed.paper,
        (parse_date(front["date"]) if "date" in front else None) or printed.date,
        front.get("issue") or printed.issue,
        front.get("section") or printed.section,
        front.get("page") or printed.page,
        front.get("edition") or printed.edition,
        printed.sure or bool(parse_date(front.get("date", ""))),
    )


def _piece(
    lines: list[Line], unit: Unit, source: list[str], section: str | None, stem: str
) -> Piece:
    """Return a unit as a piece, its body cut from the source."""
    covered = [lines[index].number for index in (*unit.heads, unit.first, unit.last)]
    first = lines[unit.first].number
    body = "\n".join(_body(lines, unit, source))
    heads = [lines[index] for index in unit.heads]
    title = title_of(heads, body, stem)
    began = [named_from(line.text) or continued_from(line.text) for line in heads]
    return Piece(
        title,
        body,
        authors_of(lines, unit),
        min(covered),
        max(covered),
        first,
        section,
        next(filter(None, began), None) or continued_from(lines[unit.first].text),
        continued_on(lines[unit.last].text),
    )


def title_of(heads: list[Line], body: str, stem: str) -> str:
    """Return the title that the lines of a headline make, or the text, or the name of the file."""
    return _join_headline(heads) or _made_title(body) or stem


def _body(lines: list[Line], unit: Unit, source: list[str]) -> list[str]:
    """Return the lines of a unit's body, blank where they belong to no article or to another."""
    first, last = lines[unit.first].number, lines[unit.last].number
    body = source[first - 1 : last]
    for start, end in unit.holes:
        for index in range(start, end + 1):
            body[lines[index].number - first] = ""
    return body


def _join_headline(heads: list[Line]) -> str:
    """Join the lines of a headline by spaces; characters over from a full line join on.

    So do characters that stand one below the other, as OCR reads a vertical headline.
    """
    title = ""
    alone = False
    for line in heads:
        if line.marker:
            continue
        wrapped = title and ((not line.gap and line.length <= 2) or (alone and line.length == 1))
        alone = line.length == 1
        title += line.text if wrapped or not title else " " + line.text
    return plain_headline(title.strip())


def _made_title(body: str) -> str:
    """Return the first sentence of a body, shortened, for an article without a headline."""
    text = without_marker(re.sub(r"\s+", " ", body).strip())
    opened = byline.opening(text)
    if opened and text[opened.end :].strip():
        text = text[opened.end :].strip()
    sentence = re.split("(?<=[。！？!?；])", text, maxsplit=1)[0].rstrip("。；")
    sentence = sentence or text
    return sentence if len(sentence) <= _MAX_TITLE else sentence[: _MAX_TITLE - 1] + "…"


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the fields between two lines of `---` at the top, and how many lines they take."""
    lines = text[:10_000].split("\n")
    if lines[0].rstrip() != "---":
        return {}, 0
    fields: dict[str, str] = {}
    key = None
    for count, line in enumerate(lines[1:], 2):
        if line.rstrip() in {"---", "..."}:
            return fields, count
        match = _FRONT_KEY.match(line)
        item = re.match(r"\s+-\s+(.*)", line)
        if match:
            key = (field_of(match["key"]) or (None,))[0]
            if key and match["value"]:
                fields[key] = match["value"].strip("\"'[]")
        elif item and key:
            fields[key] = (fields.get(key, "") + "、" + item[1].strip("\"' ")).lstrip("、")
        elif line.strip():
            return {}, 0
    return {}, 0


def _with_front(piece: Piece, front: dict[str, str]) -> Piece:
    """Return the only piece of a page with the title and authors of its front matter."""
    authors = split_names(re.sub("[\"']", " ", front.get("authors", "")))
    return Piece(
        front.get("title") or piece.title,
        piece.body,
        tuple(dict.fromkeys((*authors, *piece.authors))),
        piece.line,
        piece.end_line,
        piece.body_line,
        piece.section,
        piece.continued_from,
        piece.continued_on,
    )
