"""Texts that are a date and nothing else, to ISO 8601; and what dates in Chinese texts consist of."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from search.dates.eras import COMMON, OF_THE_SUN, STATES, is_lunar, year_of
from search.dates.numerals import HAN_DIGITS, SMALL_UNITS, ZEROS_OF_OCR, number_of

MOST_CHARACTERS = 100
"""Of a text that is a date and nothing else: longer ones are none, and are not kept in memory."""

_FIRST_YEAR, _LAST_YEAR = 1800, 2199
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

HAN = ZEROS_OF_OCR + HAN_DIGITS + SMALL_UNITS
"""What a month, a day or a year of an era consists of, but for 0-9; for a character class."""

N = r"[0-9０-９]"
"""A figure of ours, as a pattern."""

FIGURE = f"[{ZEROS_OF_OCR}{HAN_DIGITS}]"
"""A figure of a Chinese number, as a pattern."""

# Spaces may stand anywhere inside a printed date, but not line breaks: those part columns.
GAP = r"[^\S\n]{0,4}"
"""White space in a date, as a pattern."""

# Of a year in our figures OCR makes 2O23: four figures with 年 behind them leave no doubt.
YEAR_WORD = (
    rf"(?:{N}(?:{GAP}{N}){{3}}|[12１２](?:{GAP}(?:{N}|[{ZEROS_OF_OCR}])){{3}}"
    rf"|{FIGURE}(?:{GAP}{FIGURE}){{3}})"
)
"""A year in four figures, as a pattern."""

SHORT = rf"(?:{N}(?:{GAP}{N})?|[{HAN}](?:{GAP}[{HAN}]){{0,2}})"
"""A month, or a day, as a pattern."""

OF_ERA = rf"(?:{N}{{1,3}}|[{HAN}](?:{GAP}[{HAN}]){{0,4}})"
"""A year of an era, as a pattern."""

_MARK = r"[-/.．／－‐‑–—−]"
_SPELLED_YEAR = rf"[一二两兩壹贰貳][千仟][百佰千仟{HAN}]{{0,6}}"


def whole_date(text: str) -> str | None:
    """Return the day, month or year that a text is and nothing else, in ISO 8601; or None.

    >>> whole_date("民国三十八年"), whole_date("二○○八年8月"), whole_date("2023-02-30")
    ('1949', '2008-08', None)
    """
    text = text.strip()
    return _whole_date(text) if len(text) <= MOST_CHARACTERS else None


@lru_cache(maxsize=4096)  # an archive has few dates, and each many times
def _whole_date(text: str) -> str | None:
    if len(text) == 8 and text.isascii() and text.isdecimal():
        return _iso_of(None, None, text[:4], text[4:6], text[6:])
    match = (_in_figures() if text.isascii() else _whole()).fullmatch(text)
    return iso_of(match) if match else None


@cache
def _in_figures() -> re.Pattern[str]:
    """Return the pattern of what is typed most; the other one takes much longer to compile."""
    return re.compile(
        r"(?P<year>[0-9]{4})(?: ?[-/.] ?(?P<month>[0-9]{1,2})(?: ?[-/.] ?(?P<day>[0-9]{1,2}))?)?"
    )


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{COMMON})?{GAP}"
        rf"(?:(?:{STATES})?(?P<era>{OF_THE_SUN}){GAP}(?P<of_era>{OF_ERA})"
        rf"|(?P<year>{YEAR_WORD}|{_SPELLED_YEAR}))"
        rf"(?:{GAP}(?:年|{_MARK}){GAP}(?P<month>{SHORT})"
        rf"(?:{GAP}(?:月|{_MARK}){GAP}(?P<day>{SHORT}){GAP}[日号號]?|{GAP}月?份?)"
        rf"|{GAP}年)?"
    )


def iso_of(match: re.Match[str]) -> str | None:
    """Return the ISO form of what a pattern found; None if there is no such day."""
    found = match.groupdict()
    return _iso_of(*map(found.get, ("era", "of_era", "year", "month", "day")))


@lru_cache(maxsize=4096)
def _iso_of(
    era: str | None, of_era: str | None, year: str | None, month: str | None, day: str | None
) -> str | None:
    if era:
        number = number_of(of_era or "")
        of_common = year_of(era, number) if number else None
        if of_common and month and is_lunar(era, of_common):
            return None
    else:
        of_common = number_of(year or "")
    if of_common is None:
        return None
    in_year = (number_of(month) or 0) if month else None
    in_month = (number_of(day) or 0) if day else None
    return _calendar_date(of_common, in_year, in_month)


def iso_date(year: int, month: int | None, day: int | None) -> str | None:
    """Return a day, a month or a year in ISO 8601; None where it is none, or no paper's."""
    return of_papers(_calendar_date(year, month, day))


def _calendar_date(year: int, month: int | None, day: int | None) -> str | None:
    if not 1 <= year <= 9999:
        return None
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= _LENGTHS[month - 1] - (month == 2 and not leap):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def of_papers(date: str | None) -> str | None:
    """Return an ISO date if a paper may have it."""
    return date if date and _FIRST_YEAR <= int(date[:4]) <= _LAST_YEAR else None
