"""Days counted by the moon, to days of the Gregorian calendar: 光绪三年八月初五, 民国廿年腊月初八.

A date is of the moon where that is said (农历), where it is under an emperor, and where its
words are of the moon: 正月, 冬月, 腊月, a leap month, 初五.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache

from search.dates.eras import (
    CYCLE,
    OF_THE_MOON,
    OF_THE_SUN,
    STATES,
    cycle_of,
    is_lunar,
    year_of,
    year_of_cycle,
)
from search.dates.forms import FIGURE, GAP, HAN, MOST_CHARACTERS, N
from search.dates.numerals import number_of

MARK = "[农農夏阴陰旧舊][历曆]"
"""What says that a date is of the moon, as a pattern."""

_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_SMALL = f"(?:{N}{{1,2}}|[{HAN}]{{1,4}})"

_MONTH_AND_DAY = (
    rf"(?:{GAP}(?P<moon>{MARK}))?(?:{GAP}(?P<beside>{CYCLE}){GAP}年?)?"
    rf"{GAP}(?P<leap>[闰閏])?{GAP}(?P<month>[正冬腊臘]|{_SMALL}){GAP}月[大小]?"
    rf"(?:{GAP}(?P<first>初)?{GAP}(?P<day>{_SMALL}){GAP}日?)?"
)
_YEAR = rf"(?P<year>{N}{{4}}|{FIGURE}{{4}}){GAP}年"


def _under(eras: str) -> str:
    """Return the pattern of a year under one of these eras."""
    return (
        rf"(?P<era>{eras}){GAP}(?:(?P<number>{N}{{1,3}}|[{HAN}]{{1,5}})"
        rf"{GAP}年|(?P<cycle>{CYCLE}){GAP}年?)"
    )


@cache
def _whole() -> re.Pattern[str]:
    """Return the pattern of a text that is a date of the moon, its month, or its year."""
    era = _under(f"{OF_THE_MOON}|{OF_THE_SUN}")
    return re.compile(
        rf"(?:(?P<said>{MARK})[:：]?)?{GAP}(?:{STATES})?(?:{era}|{_YEAR})(?:{_MONTH_AND_DAY})?"
    )


@cache
def _under_an_emperor() -> re.Pattern[str]:
    """Return the pattern of a day under an emperor, wherever it stands."""
    return re.compile(_under(OF_THE_MOON) + _MONTH_AND_DAY)


def lunar_days(text: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of a text that is a day, month or year of the moon.

    None where it is none, or none that there was, or beyond the years of the table.

    >>> lunar_days("光绪三年八月初五")[0].isoformat(), lunar_days("民国廿年")
    ('1877-09-11', None)
    """
    text = text.strip()
    return _lunar_days(text) if len(text) <= MOST_CHARACTERS else None


@lru_cache(maxsize=1024)
def _lunar_days(text: str) -> tuple[dt.date, dt.date] | None:
    match = _whole().fullmatch(text)
    return _days(match) if match else None


def imperial_day(text: str) -> str | None:
    """Return the first day under an emperor that a text names, in ISO 8601.

    >>> imperial_day("大清光緒三年八月初五日 第一千六百號"), imperial_day("光绪三年八月")
    ('1877-09-11', None)
    """
    for match in _under_an_emperor().finditer(text):
        days = _days(match) if match["day"] else None
        if days:
            return days[0].isoformat()
    return None


def _days(match: re.Match[str]) -> tuple[dt.date, dt.date] | None:
    found = match.groupdict()
    year = _year(found)
    if year is None:
        return None
    era = found.get("era")
    imperial = bool(era) and is_lunar(str(era), year)
    if era == "明治" and imperial:
        return None  # Japan counted its own moons
    of_moon = imperial or any(found.get(name) for name in ("said", "moon", "leap", "first"))
    month = found["month"]
    if not (of_moon or month in _MONTHS):
        return None
    if found["beside"] and found["beside"] != cycle_of(year):
        return None
    if not month:
        first, end = day_of_moon(year, 1, 1), day_of_moon(year + 1, 1, 1)
        return (first, end - dt.timedelta(1)) if first and end else None
    in_year = _MONTHS.get(month) or number_of(month) or 0
    leap = bool(found["leap"])
    if found["day"]:
        in_month = number_of(found["day"])
        if in_month is None or (found["first"] and in_month > 10):
            return None
        day = day_of_moon(year, in_year, in_month, leap=leap)
        return (day, day) if day else None
    first = day_of_moon(year, in_year, 1, leap=leap)
    last = day_of_moon(year, in_year, 30, leap=leap) or day_of_moon(year, in_year, 29, leap=leap)
    return (first, last) if first and last else None


def _year(found: dict[str, str | None]) -> int | None:
    era, number = found.get("era"), found.get("number")
    if era and number:
        value = number_of(number)
        return year_of(era, value) if value else None
    if era:
        return year_of_cycle(era, str(found["cycle"]))
    return number_of(found.get("year") or "")


def day_of_moon(year: int, month: int, day: int, *, leap: bool = False) -> dt.date | None:
    """Return the Gregorian day of a day of the moon; None for one that the calendar has not.

    >>> day_of_moon(2023, 1, 1), day_of_moon(2023, 2, 1, leap=True), day_of_moon(2022, 2, 1, leap=True)
    (datetime.date(2023, 1, 22), datetime.date(2023, 3, 22), None)
    """
    from search.dates.lunar_years import FIRST, YEARS

    if not (0 <= year - FIRST < len(YEARS) and 1 <= month <= 12):
        return None
    number = YEARS[year - FIRST]
    leap_month = number >> 13 & 15
    if leap and month != leap_month:
        return None
    before = month - 1 + (leap or 0 < leap_month < month)
    lengths = [29 + (number >> 12 - place & 1) for place in range(before + 1)]
    if not 1 <= day <= lengths[before]:
        return None
    begin = dt.date(year, 1, 21) + dt.timedelta(number >> 17)
    return begin + dt.timedelta(sum(lengths[:before]) + day - 1)
