"""Dates as Chinese papers print them, to ISO 8601 (`2023-08-22`, or partial: `2023-08`, `2023`).

Years from 1800 to 2199 count; an impossible date (30 February) is no date. Nothing here
raises, whatever the text. Of a range of days it is the first; what is known to the month or
the year stays so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from search.dates.eras import OF_THE_SUN
from search.dates.forms import (
    GAP,
    OF_ERA,
    SHORT,
    YEAR_WORD,
    N,
    iso_date,
    iso_of,
    of_papers,
    whole_date,
)
from search.dates.lunar import MARK, imperial_day, lunar_days

DAYS_TO = r"[-－—–~～至到、,，和及]{1,2}"
"""What stands between the first and the last of a few days, as a pattern."""

_PRINTED = re.compile(
    rf"(?:(?P<era>{OF_THE_SUN}){GAP}(?P<of_era>{OF_ERA})|(?<![0-9０-９])(?P<year>{YEAR_WORD}))"
    rf"{GAP}年{GAP}(?P<month>{SHORT}){GAP}月(?:份)?(?!{GAP}初)"
    rf"(?:{GAP}(?P<day>{SHORT})(?:{GAP}{DAYS_TO}{GAP}{SHORT})?{GAP}[日号號])?"
)
# What follows is counted by the moon; so is a month with a day 初三.
_BY_THE_MOON = re.compile(rf"{MARK}[:：)）]?[^\S\n]?$")
_NUMERIC = re.compile(
    rf"(?<![0-9０-９.])(?P<year>{N}{{4}})(?P<sep>[-/.．／－])(?P<month>{N}{{1,2}})(?P=sep)"
    rf"(?P<day>{N}{{1,2}})(?![0-9０-９])"
)
_DAY_FIRST = re.compile(
    rf"(?<![0-9０-９.])(?P<day>{N}{{1,2}})(?P<sep>[-/.．／－])(?P<month>{N}{{1,2}})(?P=sep)"
    rf"(?P<year>{N}{{4}})(?![0-9０-９])"
)
_COMPACT = re.compile(r"(?<![0-9])(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])")
# PDFs have 8⽉22⽇ in characters of their own; those of mastheads are folded before.
_RADICALS = str.maketrans("\u2f49\u2f47\u2f00\u2f06\u2f0b\u2f17", "月日一二八十")
_UNKNOWN_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?P<sep>[-/.]?)(?:00|(?P<month>[0-9]{2}))(?P=sep)00(?:[ T][0:.]{1,12}Z?)?"
)
_WEEKDAYS = "一二三四五六日天"
_WEEKDAY = rf"(?:星期|周|週|[礼禮]拜)\s?(?P<weekday>[{_WEEKDAYS}])"
_WEEKDAY_BEHIND = re.compile(rf"[\s(（,，]{{0,3}}{_WEEKDAY}")
_WEEKDAY_BEFORE = re.compile(rf"{_WEEKDAY}[\s)）,，]{{0,3}}$")
_MOST_BESIDE = 12
"""Characters before a date that may say which day it is, or that of what."""

# The day on which a paper was founded or registered is printed beside its date.
_FOUNDING = "(?:创刊|創刊|创办|創辦|复刊|復刊|登记|登記)"
_AFTER_FOUNDING = re.compile(rf"{_FOUNDING}(?:日期)?(?:\s?[于於:：在]\s?)?(?:公元|中[华華])?$")
_BEFORE_FOUNDING = re.compile(rf"\s{{0,2}}{_FOUNDING}")

_BEIJING = 8 * 3600
# Programs write a day so that had no hour; an article that came out at this second is rare.
_MIDNIGHT_IN_BEIJING = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]16:00:00(?:\.0{1,9})? ?(?:Z|UTC|[+-]00:?00)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def find_date(text: str) -> str | None:
    """Return the first date printed in a masthead: a whole one if there is one, else a month.

    A bare year is not taken: on a masthead it numbers the issue (`2023年第63期`). Nor is the
    day on which the paper was founded (`1949年8月1日创刊`), or a day of the moon, which stands
    beside the other one; under an emperor it is the day.
    """
    months: list[str] = []
    for match in sorted(_matches(text), key=lambda match: match.start()):
        date = _day_or_month(match) if match.re is _DAY_FIRST else of_papers(iso_of(match))
        if date is None or _of_founding(match):
            continue
        if date.count("-") == 2:
            return date
        months.append(date)
    if months:
        return months[0]
    return imperial_day(text) if "月" in text else None


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield every date in a text that is not counted by the moon."""
    if "年" in text:
        for match in _PRINTED.finditer(text):
            if not _BY_THE_MOON.search(text, max(0, match.start() - 4), match.start()):
                yield match
    for form in (_NUMERIC, _COMPACT, _DAY_FIRST):
        yield from form.finditer(text)


def _of_founding(match: re.Match[str]) -> bool:
    text = match.string
    before = text[max(0, match.start() - _MOST_BESIDE) : match.start()]
    return bool(_BEFORE_FOUNDING.match(text, match.end()) or _AFTER_FOUNDING.search(before))


def _day_or_month(match: re.Match[str]) -> str | None:
    """Return the day of `02/12/2023`: the day stands first, if no weekday beside it says else."""
    year, one, other = (int(match[name]) for name in ("year", "day", "month"))
    days = [day for day in (iso_date(year, other, one), iso_date(year, one, other)) if day]
    if len(days) < 2 or one == other:
        return days[0] if days else None
    text = match.string
    before = text[max(0, match.start() - _MOST_BESIDE) : match.start()]
    beside = _WEEKDAY_BEHIND.match(text, match.end()) or _WEEKDAY_BEFORE.search(before)
    if beside:
        weekday = min(_WEEKDAYS.index(beside["weekday"]), 6)
        days.sort(key=lambda day: dt.date.fromisoformat(day).weekday() != weekday)
    return days[0]


def parse_date(value: str) -> str | None:
    """Return the date that a field holds: any form, a time after it or not, other text around it.

    A field holding a month or a year alone gives a partial date; so does one in which a day,
    or a month too, is 00 (`1938-05-00`), as databases write what is not known.
    """
    value = value.translate(_RADICALS).strip()
    date = whole_date(value)
    if date:
        return of_papers(date)
    match = _UNKNOWN_DAY.fullmatch(value)
    if match:
        return of_papers(whole_date("-".join(filter(None, match.group("year", "month")))))
    for form in (_PRINTED, _NUMERIC, _COMPACT):
        match = form.match(value)
        if match:
            return of_papers(iso_of(match))
    days = lunar_days(value)
    if days:
        return of_papers(_around(*days))
    return find_date(value) or _english(value)


def date_of_record(value: str) -> str | None:
    """Return the date in a field of a record, which programs may have written as a number.

    Seconds or milliseconds since 1970 are told by their 10 or 13 digits, and are a day in
    Beijing, where a midnight is the evening before in Greenwich: so is `2023-08-21T16:00:00Z`.
    """
    date = parse_date(value)
    if date:
        return (
            _next_day(date)
            if len(date) == len("2023-08-22") and _MIDNIGHT_IN_BEIJING.fullmatch(value.strip())
            else date
        )
    # 2019070508: no program wrote so of a paper before 1900, and 18… are seconds of 2027 and later.
    match = re.fullmatch(r"([0-9]{8})(?:[0-9]{2}){2,3}|((?:19|20)[0-9]{6})[0-9]{2}", value.strip())
    date = parse_date(match[1] or match[2]) if match else None
    match = re.fullmatch(r"([0-9]{10})(?:[0-9]{3})?(?:\.[0-9]+)?", value.strip())
    if date or not match:
        return date
    day = dt.date(1970, 1, 1) + dt.timedelta(seconds=int(match[1]) + _BEIJING)
    return iso_date(day.year, day.month, day.day)


def _next_day(date: str) -> str | None:
    day = dt.date.fromisoformat(date) + dt.timedelta(1)
    return iso_date(day.year, day.month, day.day)


def _around(first: dt.date, last: dt.date) -> str:
    """Return the day that two days are; else the year of the moon's month, or year, between them.

    A month of the moon lies in two of the calendar, so of it only the year is known; at the turn
    of the year, that in which most of it lies.
    """
    return first.isoformat() if first == last else str((first + (last - first) // 2).year)


def _english(value: str) -> str | None:
    """Return the date in `Tue, 22 Aug 2023 08:30:00 GMT` or `August 22, 2023`, as programs write."""
    if value.isascii() and any(month in value.lower() for month in _MONTHS):
        for form in _english_forms():
            match = form.search(value)
            if match:
                month = _MONTHS.index(match["month"].lower()[:3]) + 1
                return iso_date(int(match["year"]), month, int(match["day"]))
    return None


@cache
def _english_forms() -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
    day, year = r"\b(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<year>[0-9]{4})\b"
    time = r"(?:[0-9]{1,2}(?::[0-9]{2}){1,2} (?:[A-Z]{3,4} )?)?"
    return (
        re.compile(rf"{day}[ -]{month},?[ -]{year}", re.IGNORECASE),
        re.compile(rf"\b{month} {{1,2}}{day},? {time}{year}", re.IGNORECASE),
    )
