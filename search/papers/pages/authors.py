"""Who wrote an article: the credits at its start and its end, and in its headline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.papers.pages import byline
from search.papers.pages.byline import Byline, of_reader
from search.papers.pages.lines import Kind, Line
from search.papers.pages.unit import Unit

_MAX_CAPTION = 350
"""Characters of the longest text that a picture's credit is believed to be for."""

_LEAD = 14
"""Lines of the longest caption that stands between a headline and its dateline."""

_SHORT = 12
"""Characters of a last line that may have begun within a byline."""

_REMARK = re.compile(r"[（(][^（）()]{1,12}[)）]|[（(\[【〔]?[上下][转接轉].{1,12}")


def authors_of(lines: list[Line], unit: Unit) -> tuple[str, ...]:
    """Return the authors of a unit, those of the byline at its start before those at its end.

    Who took a picture counts only where the picture is the article.
    """
    body = [line for line in lines[unit.first : unit.last + 1] if line.kind is not Kind.FURNITURE]
    if not body:
        return ()
    found = [_opening(body)]
    # Below the letter of a reader stands the answer.
    signed = (line for line in body if line.kind is Kind.BYLINE)
    found += [line.credit for line in signed if line is body[-1] or not of_reader(line.text)]
    if body[-1].kind is not Kind.BYLINE:
        found.append(_ending(body))
    text = _names(credit for credit in found if credit and not credit.photo)
    named = text or _headlined(lines, unit)
    if named:
        return named
    if sum(line.length for line in body) > _MAX_CAPTION:
        return ()
    return _names(credit for credit in found if credit)


def _names(credits_: Iterable[Byline]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for credit in credits_ for name in credit.authors))


def _opening(body: list[Line]) -> Byline | None:
    """Return the byline at the start; a picture with its caption may stand before it."""
    # A byline may run over the end of a line, or of a column.
    found = byline.opening("\n".join(line.text for line in body[:3]))
    if found and found.authors and not found.photo:
        return found
    for index, line in enumerate(body[1:_LEAD], 1):
        if line.opening and line.opening.dateline:
            return byline.opening("\n".join(line.text for line in body[index : index + 3]))
    return found


def _ending(body: list[Line]) -> Byline | None:
    """Return the byline at the end, which may run over the end of a line.

    Below it may stand a remark: that a picture belongs to the article, or where it goes on.
    """
    last = len(body)
    while last > 1 and _REMARK.fullmatch(body[last - 1].text):
        if byline.ending(body[last - 1].text):
            break
        last -= 1
    text = body[last - 1].text
    found = byline.ending(text)
    if found is None and last > 1 and (body[last - 1].length <= _SHORT or _open(text)):
        found = byline.ending(body[last - 2].text + text)
    return found


def _open(text: str) -> bool:
    """Return whether a bracket closes that did not open."""
    return sum(map(text.count, "（(")) < sum(map(text.count, "）)"))


def _headlined(lines: list[Line], unit: Unit) -> tuple[str, ...]:
    """Return the authors in the last line of a headline that names any."""
    for index in reversed(unit.heads):
        line = lines[index]
        found = byline.headlined(line.text)
        if not found and index != unit.heads[0] and line.signed:
            found = line.signed.authors
        if found:
            return found
    return ()
