"""Dates and date ranges as people type them in a query or after --since and --until."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from search.model.article import date_bounds
from search.query.ast import DateRange

if TYPE_CHECKING:
    import datetime as dt

# Not compiled before a query has a date: most have none, and each takes 1 ms.
_DATE = r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)"
_COMPACT = r"(\d{4})(\d{2})(\d{2})"
_RANGE = r"(?P<since>.*?)\.\.\.?(?P<until>.*)"

_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "大前年": -3}
_MONTHS = {"本月": 0, "这个月": 0, "上月": -1, "上个月": -1}
_WEEKS = {"本周": 0, "这周": 0, "上周": -1, "上星期": -1}
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2}
_LAST = r"(?:最近|近|过去)(\d{1,4}|[一二两三四五六七八九十]{1,3}|半)个?(天|日|周|星期|月|年)"


def read_date(text: str) -> str | None:
    """Return a day, month or year as ISO 8601, or None when `text` is none of them.

    >>> read_date("2023年8月"), read_date("20230822"), read_date("2023-02-30")
    ('2023-08', '2023-08-22', None)
    """
    match = re.fullmatch(_COMPACT, text) or re.fullmatch(_DATE, text)
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
    """Return whether a text can only be meant as a range: digits on either side of two dots.

    >>> looks_like_range("2023-13.."), looks_like_range("..."), looks_like_range("a..b")
    (True, False, False)
    """
    if ".." not in text or not re.fullmatch(r"[\d年月日/.-]*", text):
        return False
    match = re.fullmatch(_RANGE, text)
    assert match is not None
    return match["since"][:1].isdigit() or match["until"][:1].isdigit()


def read_range(text: str, today: dt.date | None = None) -> DateRange | None:
    """Return the range that `2023-08`, `2023-01..2023-08`, `2020..`, `..2020` or `去年` means.

    Days that are counted from today on are so from `today`, by default that of the clock.
    None when `text` is not a range: it is text then, or a mistake, as the caller knows.
    """
    match = re.fullmatch(_RANGE, text)
    if not match:
        return _read_one(text, today)
    nothing = DateRange()
    since, until = (
        _read_one(match[name], today) if match[name] else nothing for name in ("since", "until")
    )
    if since is None or until is None or not (match["since"] or match["until"]):
        return None
    return DateRange(since.since, until.until)


def _read_one(text: str, today: dt.date | None) -> DateRange | None:
    """Return the days of a date, absolute or relative."""
    date = read_date(text)
    if date:
        return DateRange(*date_bounds(date))
    return _read_relative(text, today) if text and not text.isascii() else None


def _read_relative(text: str, today: dt.date | None) -> DateRange | None:
    """Return the days that a word such as 去年, 上个月 or 近30天 means.

    Weeks begin on Monday; 近30天 are the thirty days that end today.
    """
    import datetime as dt

    today = today or dt.date.today()  # noqa: DTZ011  (the user's own day)
    if text in _YEARS:
        year = (today.year + _YEARS[text]) * 10000
        return DateRange(year + 101, year + 1231)
    if text in _MONTHS:
        month = today.year * 12 + today.month - 1 + _MONTHS[text]
        first = month // 12 * 10000 + (month % 12 + 1) * 100
        return DateRange(first + 1, first + 31)
    if text in _WEEKS:
        monday = today + dt.timedelta(7 * _WEEKS[text] - today.weekday())
        return DateRange(_day(monday), _day(monday + dt.timedelta(6)))
    if text in _DAYS:
        day = _day(today + dt.timedelta(_DAYS[text]))
        return DateRange(day, day)
    match = re.fullmatch(_LAST, text)
    if not match or (match[1] == "半" and match[2] not in "年月"):
        return None
    first_day = _before(today, match[1], match[2])
    return DateRange(_day(first_day), _day(today)) if first_day else None


def _before(today: dt.date, number: str, unit: str) -> dt.date | None:
    """Return the first of the last so many days, weeks, months or years."""
    import datetime as dt

    if number == "半":
        number, unit = ("6", "月") if unit == "年" else ("15", "天")
    count = int(number) if number.isdigit() else _number(number)
    if not count:
        return None
    try:
        if unit in "天日":
            return today - dt.timedelta(count - 1)
        if unit in {"周", "星期"}:
            return today - dt.timedelta(7 * count - 1)
        month = today.year * 12 + today.month - 1 - count * (12 if unit == "年" else 1)
        # The day after that of the same number, which not every month has.
        first = dt.date(month // 12, month % 12 + 1, 1) + dt.timedelta(today.day)
        return min(first, dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1))
    except (ValueError, OverflowError):  # before the year 1
        return None


def _number(text: str) -> int | None:
    """Return the value of a Chinese number below a hundred.

    >>> _number("三"), _number("十二"), _number("三十"), _number("二三")
    (3, 12, 30, None)
    """
    digits = "零一二三四五六七八九"
    text = text.replace("两", "二")
    if len(text) == 1 and text in digits:
        return digits.index(text)
    tens, ten, ones = text.partition("十")
    if not ten or len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def _day(day: dt.date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
