"""Dates as Chinese papers print them, to ISO 8601 (`2023-08-22`, or partial: `2023-08`, `2023`).

Years from 1800 to 2199 count; an impossible date (30 February) is no date. Nothing here
raises, whatever the text.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

_FIRST_YEAR, _LAST_YEAR = 1800, 2199
_REPUBLIC_OFFSET = 1911
"""民國元年 is 1912."""

_DIGITS = {
    **{chr(ord("０") + n): str(n) for n in range(10)},
    **dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True)),
    # OCR and typists write the round zero in several ways.
    **dict.fromkeys("Ｏ◯", "0"),
    **dict(zip("壹贰貳叁參肆伍陆陸柒捌玖", "122334566789", strict=True)),
}
_TO_DIGITS = str.maketrans(_DIGITS)

_N = r"[0-9０-９]"
_HAN_NUMBER = "〇○零ＯO◯一二三四五六七八九十廿卅元百壹贰貳叁參肆伍陆陸柒捌玖拾佰"
# Spaces may stand anywhere inside a printed date, but not line breaks: those part columns.
_GAP = r"[^\S\n]{0,4}"
# What follows is counted by the moon; so is a month with a day 初三.
_LUNAR = "[农農夏阴陰旧舊][历曆]"
_YEAR_WORD = rf"(?:{_N}(?:{_GAP}{_N}){{3}}|[{_HAN_NUMBER}](?:{_GAP}[{_HAN_NUMBER}]){{3}})"
_SHORT = rf"(?:{_N}(?:{_GAP}{_N})?|[{_HAN_NUMBER}](?:{_GAP}[{_HAN_NUMBER}]){{0,2}})"
_REPUBLIC_YEAR = rf"(?:{_N}{{1,3}}|[{_HAN_NUMBER}]{{1,5}})"

_PRINTED = re.compile(
    rf"(?<!{_LUNAR})(?<!{_LUNAR}[^\S\n])"
    rf"(?:民[国國]{_GAP}(?P<republic>{_REPUBLIC_YEAR})|(?<![0-9０-９])(?P<year>{_YEAR_WORD}))"
    rf"{_GAP}年{_GAP}(?P<month>{_SHORT}){_GAP}月(?:份)?(?!{_GAP}初)"
    rf"(?:{_GAP}(?P<day>{_SHORT}){_GAP}[日号號])?"
)
_NUMERIC = re.compile(
    rf"(?<![0-9０-９.])(?P<year>{_N}{{4}})(?P<sep>[-/.．／－])(?P<month>{_N}{{1,2}})(?P=sep)"
    rf"(?P<day>{_N}{{1,2}})(?![0-9０-９])"
)
_DAY_FIRST = re.compile(
    rf"(?<![0-9０-９.])(?P<day>{_N}{{1,2}})(?P<sep>[-/.．／－])(?P<month>{_N}{{1,2}})(?P=sep)"
    rf"(?P<year>{_N}{{4}})(?![0-9０-９])"
)
_COMPACT = re.compile(r"(?<![0-9])(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])")
# The day on which a paper was founded or registered is printed beside its date.
_FOUNDING = "(?:创刊|創刊|创办|創辦|复刊|復刊|登记|登記)"
_AFTER_FOUNDING = re.compile(rf"{_FOUNDING}(?:日期)?(?:\s?[于於:：在]\s?)?(?:公元|中[华華])?$")
_BEFORE_FOUNDING = re.compile(rf"\s{{0,2}}{_FOUNDING}")
_MAX_FOUNDING = 12
"""Characters before a date that may say that it is the day of the founding."""

_PARTIAL = re.compile(
    rf"(?:民[国國](?P<republic>{_REPUBLIC_YEAR})|(?P<year>{_YEAR_WORD}))"
    rf"(?:[-/.年](?P<month>{_SHORT})月?|年)?"
)


def find_date(text: str) -> str | None:
    """Return the first date printed in a masthead: a whole one if there is one, else a month.

    A bare year is not taken: on a masthead it numbers the issue (`2023年第63期`). Nor is the
    day on which the paper was founded (`1949年8月1日创刊`).
    """
    months: list[str] = []
    forms = (_PRINTED, _NUMERIC, _COMPACT, _DAY_FIRST)
    matches = [match for form in forms for match in form.finditer(text)]
    for match in sorted(matches, key=lambda match: match.start()):
        date = _iso(match)
        if date is None or _of_founding(match):
            continue
        if date.count("-") == 2:
            return date
        months.append(date)
    return months[0] if months else None


def _of_founding(match: re.Match[str]) -> bool:
    text = match.string
    before = text[max(0, match.start() - _MAX_FOUNDING) : match.start()]
    return bool(_BEFORE_FOUNDING.match(text, match.end()) or _AFTER_FOUNDING.search(before))


def parse_date(value: str) -> str | None:
    """Return the date in a record's field: any form `find_date` knows, a time after it or not.

    A field holding a month or a year alone gives a partial date.
    """
    value = value.strip()
    for form in (_PRINTED, _NUMERIC, _COMPACT):
        match = form.match(value)
        if match:
            return _iso(match)
    match = _PARTIAL.fullmatch(value)
    return _iso(match) if match else find_date(value)


def _iso(match: re.Match[str]) -> str | None:
    """Return the ISO form of a match with groups year or republic, month, day; None if impossible."""
    groups = match.groupdict()
    return _iso_of(*map(groups.get, ("republic", "year", "month", "day")))


def iso_date(year: int, month: int | None, day: int | None) -> str | None:
    """Return a day, a month or a year in ISO 8601; None where it is none, or no paper's."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04d}-{month:02d}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


@lru_cache(maxsize=4096)  # an archive has few dates, and each many times
def _iso_of(
    republic: str | None, year: str | None, month: str | None, day: str | None
) -> str | None:
    if republic:
        of_republic = _number(republic)
        number = of_republic + _REPUBLIC_OFFSET if of_republic else None
    else:
        number = _number(year or "")
    if number is None or not _FIRST_YEAR <= number <= _LAST_YEAR:
        return None
    if not month:
        return f"{number:04d}"
    in_year = _number(month)
    if in_year is None or not 1 <= in_year <= 12:
        return None
    if not day:
        return f"{number:04d}-{in_year:02d}"
    in_month = _number(day)
    if in_month is None or not 1 <= in_month <= calendar.monthrange(number, in_year)[1]:
        return None
    return f"{number:04d}-{in_year:02d}-{in_month:02d}"


def _number(text: str) -> int | None:
    """Return the number written in digits (２０２３, 二〇二三) or in words (二十二, 一百一十二, 元)."""
    text = re.sub(r"\s", "", text).replace("廿", "二十").replace("卅", "三十")
    text = text.replace("拾", "十").replace("佰", "百")
    if text == "元":
        return 1
    if "十" in text or "百" in text:
        return _spelled_number(text)
    digits = text.translate(_TO_DIGITS).replace("O", "0")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _spelled_number(text: str) -> int | None:
    """Return a number below 1000 spelled with 十 and 百."""
    match = re.fullmatch(r"(?:(.)百)?[零〇]?(?:([^百十]?)(十))?([^百十]?)", text)
    if not match:
        return None
    hundreds, tens, ten, units = match.groups()
    total = 0
    for digit, weight in ((hundreds, 100), ((tens or "一") if ten else None, 10), (units, 1)):
        if digit:
            value = digit.translate(_TO_DIGITS)
            if not (value.isascii() and value.isdigit()):
                return None
            total += int(value) * weight
    return total
