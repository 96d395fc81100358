"""Numbers as people write them: 20000 is also 20,000 and 2万.

A bare number, nothing else beside it in its chunk, is looked for in each of these forms; a
quoted one as it stands. A year is left alone, and so is a number below 1,000. Behind it may
stand 余 or 多, which are looked for in each other's place: 30余 is also 30多. Numbers below
1,000 are in `written`.
"""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(
    r"(?P<digits>[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,17})(?P<part>\.\d{1,4})?"
    r"(?P<some>[余多])?(?P<unit>[万亿])?(?P<more>[余多])?"
)
_UNITS = {"": 1, "万": 10**4, "亿": 10**8}
FIGURES = "零一二三四五六七八九"
"""The Chinese figures, by their values."""

_MOST_SPELLED = 10**12
"""Numbers from here on are not looked for in words."""

YEARS = range(1800, 2100)
"""Numbers of four digits that are years."""


def forms(text: str) -> tuple[str, ...]:
    """Return the forms of a folded text that is a number, its own first; none of any other.

    >>> forms("20000"), forms("2.5万"), forms("30多"), forms("2023")
    (('20000', '20,000', '2万'), ('2.5万', '25000', '25,000'), ('30多', '30余'), ())
    """
    if not "1" <= text[:1] <= "9":  # most are not, and need no regular expression
        return ()
    match = _NUMBER.fullmatch(text)
    if not match or (match["some"] and match["more"]):
        return ()
    number = Decimal(match["digits"].replace(",", "") + (match["part"] or ""))
    some = match["some"] or match["more"]
    inside = match["some"] and match["unit"]
    ends = ("余", "多") if some else ("",)
    if inside:  # 20余万: how many more is not known
        written = [f"{number}{{}}{match['unit']}"]
    else:
        value = number * _UNITS[match["unit"] or ""]
        is_year = text.isdigit() and value in YEARS
        if is_year or (value < 1000 and not some):
            return ()
        written = [f"{form}{{}}" for form in _written(value)]
    found = [form.format(end) for form in written for end in ends]
    return tuple(dict.fromkeys([text, *found]))


def _written(value: Decimal) -> list[str]:
    """Return a value in digits, with thousands set off, in 万 and in 亿, where that is short."""
    plain = _plain(value)
    out = [plain]
    if value >= 1000:
        out.append(f"{value:,f}" if "." in plain else f"{int(value):,}")
    for name in ("万", "亿"):
        in_units = _plain(value / _UNITS[name])
        if value >= _UNITS[name] and len(in_units.partition(".")[2]) <= 2:
            out.append(in_units + name)
    if value == int(value) and value < _MOST_SPELLED:
        words = spelled(int(value))
        out.append(words)
        if words[0] == "二" and words[1:2] in {"千", "万", "亿"}:
            out.append("两" + words[1:])
    return out


def spelled(number: int) -> str:
    """Return a number below 10**12 in words, as it is said.

    >>> spelled(15), spelled(205), spelled(120000), spelled(12000), spelled(100000005)
    ('十五', '二百零五', '十二万', '一万二千', '一亿零五')
    """
    out, rest = "", number
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, rest = divmod(rest, unit)
        if group:
            out += ("零" if out and group < 1000 else "") + _below_ten_thousand(group) + name
    return (out.removeprefix("一") if out.startswith("一十") else out) or "零"


def _below_ten_thousand(number: int) -> str:
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // unit % 10
        if figure:
            out += ("零" if gap and out else "") + FIGURES[figure] + name
        gap = not figure
    return out


def _plain(value: Decimal) -> str:
    """Return a number in digits, without zeros at the end of its fraction."""
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
