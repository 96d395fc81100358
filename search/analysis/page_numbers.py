"""When two pages, or two issues, are the same: `A03` and `第A3版`, `总第763期` and `763`.

What an index holds of a page is `第a3版`, of an issue `第763期`, however they are printed: so
they are found as strings, and `page:3` does not find page 13.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from search.analysis.fold import fold
from search.dates.numerals import ZEROS, number_of

MOST = 200
"""Pages or issues that a range may hold, and all that is printed in one place."""

_MOST_CHARACTERS = 1_000
"""Of what may name pages or issues; longer text is held as it is."""

_FIGURES = f"[0-9{ZEROS}一二三四五六七八九十百千万廿卅]{{1,9}}"
_PAGE = rf"(?P<letter>[a-z]{{0,2}})[ -]?(?P<number>{_FIGURES})"
_BESIDE_PAGE = re.compile("^第|[版页面]$")
_ISSUE = re.compile(rf"(?P<whole>[总總])? ?(?:第|no\.?|#)? ?(?P<number>{_FIGURES}) ?[期号號]?")
_WITHIN_YEAR = re.compile(r"^[0-9]{4}年(?=第)")
_APART = re.compile("[,，、;；/+&和及]")
_RANGE = re.compile(r"\.{2,3}|[-~—–至到]+")
_FRONT = {"头版": "1", "头": "1", "要闻头版": "1"}


def page_strings(page: str) -> tuple[str, ...]:
    """Return what an index holds of a page as printed: a string for each page that it names.

    >>> page_strings("A03"), page_strings("第三版"), page_strings("4-5"), page_strings("中缝")
    (('第a3版',), ('第3版',), ('第4版', '第5版'), ('中缝',))
    """
    return _strings(fold(page), _pages)


def _strings(text: str, each: Callable[[str], list[str]]) -> tuple[str, ...]:
    """Return the strings of all that a folded text names; the text where it names none, or too many."""
    if len(text) > _MOST_CHARACTERS:
        return (text,)
    found = dict.fromkeys(string for some in _APART.split(text) for string in each(some))
    return tuple(found) if found and "" not in found and len(found) <= MOST else (text,)


def _pages(text: str) -> list[str]:
    """Return the strings of a page or a range of them; an empty one for what is neither."""
    one = page_of(text)
    if one:
        return [_named(*one)]
    ends = [page_of(end) for end in _RANGE.split(text, maxsplit=2)]
    if len(ends) == 2 and ends[0] and ends[1]:
        (letter, first), (other, last) = ends[0], ends[1]
        if (other or letter) == letter and first <= last < first + MOST:
            return [_named(letter, number) for number in range(first, last + 1)]
    return [""]


def page_of(text: str) -> tuple[str, int] | None:
    """Return the letter and the number of a folded text that is one page, or None.

    >>> page_of("第三版"), page_of("a03"), page_of("要闻")
    (('', 3), ('a', 3), None)
    """
    text = _FRONT.get(text) or _BESIDE_PAGE.sub("", _BESIDE_PAGE.sub("", text.strip()))
    match = re.fullmatch(_PAGE, text)
    number = number_of(match["number"]) if match else None
    return (match["letter"], number) if match and number else None


def _named(letter: str, number: int) -> str:
    return f"第{letter}{number}版"


def issue_strings(issue: str) -> tuple[str, ...]:
    """Return what an index holds of the number of an issue as printed.

    >>> issue_strings("总第七百六十三号"), issue_strings("763"), issue_strings("创刊号")
    (('总第763期',), ('第763期',), ('创刊号',))
    """
    return _strings(fold(issue), _issues)


def _issues(text: str) -> list[str]:
    one = _issue(text)
    if one:
        return [f"{one[0]}第{one[1]}期"]
    ends = [_issue(end) for end in _RANGE.split(text, maxsplit=2)]
    if len(ends) == 2 and ends[0] and ends[1]:
        (whole, first), (_, last) = ends[0], ends[1]
        if first <= last < first + MOST:
            return [f"{whole}第{number}期" for number in range(first, last + 1)]
    return [""]


def _issue(text: str) -> tuple[str, int] | None:
    match = _ISSUE.fullmatch(_WITHIN_YEAR.sub("", text.strip()))
    number = number_of(match["number"]) if match else None
    return ("总" if match["whole"] else "", number) if match and number else None


def asked_strings(field: str, text: str) -> tuple[str, ...]:
    """Return the strings that a query for pages or issues asks for: any of them.

    Raises ValueError, which says what is wrong, for a range with dots that is none: it would
    find nothing.

    >>> asked_strings("page", "1..3"), asked_strings("page", "0")
    (('第1版', '第2版', '第3版'), ('第0版',))
    """
    for some in _APART.split(fold(text)):
        ends = re.split(r"\.{2,3}", some)
        if len(ends) == 2 and not all((_pages if field == "page" else _issues)(some)):
            _complain(*(page_of(end) or _issue(end) for end in ends))
    bare = fold(text)
    if bare.isdecimal() and not number_of(bare):  # as a string it would be found in 第10版
        return (f"第{bare}{'版' if field == 'page' else '期'}",)
    return STRINGS[field](text)


def _complain(first: tuple[str, int] | None, last: tuple[str, int] | None) -> None:
    """Raise ValueError for a range, by its ends, that cannot be asked for."""
    if not (first and last):
        raise ValueError("a range needs a number at both ends")
    if first[1] > last[1]:
        raise ValueError("this range ends before it begins")
    if last[1] - first[1] >= MOST:
        raise ValueError(f"a range holds at most {MOST}")
    raise ValueError("both ends of a range need the same letter")


FORMS = {"page": "3, A03 or 1..4", "issue": "763, 总第763期 or 760..770"}
"""How pages and issues are written, for people."""

STRINGS = {"page": page_strings, "issue": issue_strings}
"""What is held of each field of numbers."""
