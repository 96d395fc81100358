"""Numbers as papers print them and people type them: in figures (一九五六) and in words (一百二十三)."""

from __future__ import annotations

import re
from functools import cache

ZEROS = "〇○◯零"
"""The zero of Chinese figures, in every shape that typists and OCR give it."""

ZEROS_OF_OCR = ZEROS + "⭕0０ＯｏOoΟο\N{CYRILLIC CAPITAL LETTER O}\N{CYRILLIC SMALL LETTER O}"
"""The same with the signs and letters typed for it (二００八年): a zero only where a number stands."""

HAN_DIGITS = "一二三四五六七八九壹贰貳叁參参肆伍陆陸柒捌玖"
"""The figures but zero, plain and as on bills."""

SMALL_UNITS = "十拾百佰廿卄卅卌元"
"""What makes a number below a thousand of figures; 元 is the first year or month."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys(ZEROS_OF_OCR + "另", "0"),
        **dict(zip(HAN_DIGITS, "1234567891223334566789", strict=True)),
        **dict.fromkeys("两兩", "2"),
        "幺": "1",
        **{chr(ord("０") + n): str(n) for n in range(10)},
        **dict(zip("拾佰仟萬億", "十百千万亿", strict=True)),
        "廿": "2十",
        "卄": "2十",
        "卅": "3十",
        "卌": "4十",
    }
)
_LARGE = (("亿", 10**8), ("万", 10**4))
_MOST_CHARACTERS = 24


def number_of(text: str) -> int | None:
    """Return a number in figures (`０３`, `二一八`) or in words (`一千二百零六`, `廿三`, `元`).

    White space within it does not count. None for zero, and for what is not written as numbers
    are: 十二百, 二三十.

    >>> number_of("二〇二三"), number_of("兩萬零五百"), number_of("卅一"), number_of("二三十")
    (2023, 20500, 31, None)
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    if text == "元":
        return 1
    return _value("".join(text.split()).translate(_PLAIN)) or None


def _value(text: str) -> int | None:
    """Return a number in digits and the units up to 亿."""
    if text.isdecimal():
        return int(text)
    for unit, weight in _LARGE:
        if unit in text:
            left, _, right = text.rpartition(unit)
            high, low = _value(left), _value(right) if right else 0
            return high * weight + low if high and low is not None and low < weight else None
    match = _below_ten_thousand().fullmatch(text) if text else None
    if not match:
        return None
    ones = int(match[4] or 0)
    return ones + sum(
        int(match[place] or 1) * weight
        for place, weight in ((1, 1000), (2, 100), (3, 10))
        if match[place] is not None
    )


@cache
def _below_ten_thousand() -> re.Pattern[str]:
    return re.compile(r"0*(?:([1-9]?)千)?0*(?:([1-9]?)百)?0*(?:([1-9]?)十)?0*([1-9]?)")
