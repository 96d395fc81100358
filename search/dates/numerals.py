"""Temporary: until the room of dates is there."""

from __future__ import annotations

_FORMAL = str.maketrans(
    "○零另ＯO◯壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬", "〇〇〇〇〇〇一二二三三四五六六七八九十百千万"
)
_DIGITS = "〇一二三四五六七八九"


def number_of(text: str) -> int | None:
    """Return a number in figures or words, or None."""
    if text == "元":
        return 1
    text = text.replace("廿", "二十").replace("卅", "三十")
    total = section = digit = 0
    spelled = False
    for char in text.translate(_FORMAL):
        value = _DIGITS.find(char) if char in _DIGITS else int(char) if char.isdecimal() else -1
        if value >= 0:
            digit = digit * 10 + value
        elif char in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit, spelled = 0, True
        elif char == "万":
            total += (section + digit) * 10000
            section, digit, spelled = 0, 0, True
        else:
            return None
    return (total + section + digit if spelled else digit) or None
