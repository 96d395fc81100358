"""Dates and ranges of dates as people type them in a query or after --since and --until."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from search.model.article import date_bounds

if TYPE_CHECKING:
    import datetime as dt

# Not compiled, and nothing that reads dates imported, before a query has one: most have none.
_DOTS = r"(?P<since>.*?)\.\.\.?(?P<until>.*)"
_BETWEEN = "至|到|[-－—–~～]+"

_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "大前年": -3}
_MONTHS = {"本月": 0, "这个月": 0, "上月": -1, "上个月": -1}
_WEEKS = {"本周": 0, "这周": 0, "上周": -1, "上星期": -1}
_DAYS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2}
_LAST = r"(?:最近|近|过去)(\d{1,4}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|半)个?(天|日|周|星期|月|年)"
_MOST_CHARACTERS = 100

FIRST, LAST = 0, 99991231
"""The days, as in a range, that are before and after all others."""

Days = tuple[int, int]
"""The first and the last day that is meant, as YYYYMMDD."""

FORMS = "2023, 2023-08, 2023年8月22日, 民国三十八年, 光绪三年八月初五, 去年 or 近30天"
"""What may be typed for a day, a month or a year, for people."""

RANGES = "2023-01..2023-08, 2020.., ..2020 or 1938年3月5日至7日"
"""What may be typed for a range, for people."""


def looks_like_range(text: str) -> bool:
    """Return whether a text can only be meant as a range: digits on either side of two dots.

    So can two whole dates, with two dots between them, in whatever characters.

    >>> looks_like_range("2023-13.."), looks_like_range("..."), looks_like_range("a..b")
    (True, False, False)
    """
    if ".." not in text:
        return False
    match = re.fullmatch(_DOTS, text)
    if match is None:
        return False
    since, until = match["since"], match["until"]
    if re.fullmatch(r"[\d年月日/.-]*", text):
        return since[:1].isdigit() or until[:1].isdigit()
    return bool(since and until and _absolute(since) and _absolute(until))


def read_date(text: str, today: dt.date | None = None) -> Days | None:
    """Return the days that `2023-08`, `民国三十八年` or `去年` means; None when it is no date.

    Days that are counted from today on are so from `today`, by default that of the clock.

    >>> read_date("2023年8月22号"), read_date("昭和十五年"), read_date("2023-02-30")
    ((20230822, 20230822), (19400101, 19401231), None)
    """
    found = _absolute(text)
    if found:
        return found
    return _relative(text, today) if text and not text.isascii() else None


def read_range(text: str, today: dt.date | None = None) -> Days | None:
    """Return the days of a date, or of a range of dates.

    The second date of a range may leave out what it has in common with the first
    (`1938年3月5日至7日`, `民国26年至38年`). The days are not put in order.

    >>> read_range("2023-01..2023-08"), read_range("..2020"), read_range("1938年3月5日-4月2日")
    ((20230101, 20230831), (0, 20201231), (19380305, 19380402))
    """
    found = read_date(text, today)
    if found:
        return found
    match = re.fullmatch(_DOTS, text)
    if not match:
        return _between(text)
    if not (match["since"] or match["until"]):
        return None
    since = read_date(match["since"], today) if match["since"] else (FIRST, FIRST)
    until: Days | None = (LAST, LAST)
    if match["until"]:
        until = read_date(match["until"], today) or _completed(match["since"], match["until"])
    return (since[0], until[1]) if since and until else None


def _absolute(text: str) -> Days | None:
    """Return the days of a date that is not counted from today."""
    if len(text) > _MOST_CHARACTERS:
        return None
    from search.dates.forms import whole_date

    date = whole_date(text)
    if date:
        return date_bounds(date)
    if text.isascii():
        return None
    from search.dates.lunar import lunar_days

    days = lunar_days(text)
    return (_number(days[0]), _number(days[1])) if days else None


def _between(text: str) -> Days | None:
    """Return the days from one date to another, which may begin where the first one differs."""
    if len(text) > _MOST_CHARACTERS:
        return None
    for match in re.finditer(_BETWEEN, text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        since = _absolute(left)
        until = _completed(left, right) if since else None
        if since and until:
            return since[0], until[1]
    return None


def _completed(left: str, right: str) -> Days | None:
    """Return the days of the second date of a range, with what it has in common with the first."""
    whole = _absolute(right)
    if whole or not right:
        return whole
    from search.dates.eras import OF_THE_MOON, OF_THE_SUN, STATES

    era = re.match(rf"(?:{STATES})?(?:{OF_THE_SUN}|{OF_THE_MOON})", left)
    ends = [part.end() for part in re.finditer("[年月]", left)]
    ends += [part.end() for part in re.finditer("[-/.]", left)] if left.isascii() else []
    for end in [*reversed(ends), *([era.end()] if era else [])]:
        found = _absolute(left[:end] + right)
        if found and _precision(left) == _precision(left[:end] + right):
            return found
    return None


def _precision(text: str) -> int:
    """Return whether a date is a year, a month or a day: how many of these it names."""
    days = [day // 10000 * 372 + day // 100 % 100 * 31 + day % 100 for day in _absolute(text) or ()]
    length = days[-1] - days[0] if days else 0
    return 3 if not length else 2 if length < 40 else 1


def _relative(text: str, today: dt.date | None) -> Days | None:
    """Return the days that a word such as 去年, 上个月 or 近30天 means.

    Weeks begin on Monday; 近30天 are the thirty days that end today.
    """
    import datetime as dt

    today = today or dt.date.today()  # noqa: DTZ011  (the user's own day)
    if text in _YEARS:
        year = (today.year + _YEARS[text]) * 10000
        return year + 101, year + 1231
    if text in _MONTHS:
        month = today.year * 12 + today.month - 1 + _MONTHS[text]
        first = month // 12 * 10000 + (month % 12 + 1) * 100
        return first + 1, first + 31
    if text in _WEEKS:
        monday = today + dt.timedelta(7 * _WEEKS[text] - today.weekday())
        return _number(monday), _number(monday + dt.timedelta(6))
    if text in _DAYS:
        day = _number(today + dt.timedelta(_DAYS[text]))
        return day, day
    match = re.fullmatch(_LAST, text)
    if not match or (match[1] == "半" and match[2] not in "年月"):
        return None
    first_day = _before(today, match[1], match[2])
    return (_number(first_day), _number(today)) if first_day else None


def _before(today: dt.date, number: str, unit: str) -> dt.date | None:
    """Return the first of the last so many days, weeks, months or years."""
    import datetime as dt

    from search.dates.numerals import number_of

    if number == "半":
        number, unit = ("6", "月") if unit == "年" else ("15", "天")
    count = number_of(number)
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


def _number(day: dt.date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
