"""Dates and date ranges as people type them in a query or after --since and --until."""

from __future__ import annotations

import re

from search.article import date_bounds
from search.query.tree import DateRange

_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_RANGE = re.compile(r"(?P<since>[\d年月日/.-]*?)\.\.\.?(?P<until>[\d年月日/.-]*)")


def read_date(text: str) -> str | None:
    """Return a day, month or year as ISO 8601, or None when `text` is none of them.

    >>> read_date("2023年8月"), read_date("20230822"), read_date("2023-02-30")
    ('2023-08', '2023-08-22', None)
    """
    match = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if not match:
        return None
    import datetime as dt  # few queries hold a date

    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])


def looks_like_range(text: str) -> bool:
    """Tell whether a text can only be meant as a range: digits on either side of two dots.

    >>> looks_like_range("2023-13.."), looks_like_range("..."), looks_like_range("a..b")
    (True, False, False)
    """
    match = _RANGE.fullmatch(text)
    return bool(match and (match["since"][:1].isdigit() or match["until"][:1].isdigit()))


def read_range(text: str) -> DateRange | None:
    """Return the range that `2023-08`, `2023-01..2023-08`, `2020..` or `..2020` means.

    None when `text` is not a range: it is text then, or a mistake, as the caller knows.
    """
    match = _RANGE.fullmatch(text)
    if not match:
        date = read_date(text)
        return DateRange(*date_bounds(date)) if date else None
    since, until = (read_date(match[name]) if match[name] else "" for name in ("since", "until"))
    if since is None or until is None or not (since or until):
        return None
    return DateRange(
        date_bounds(since)[0] if since else 0, date_bounds(until)[1] if until else 99991231
    )
