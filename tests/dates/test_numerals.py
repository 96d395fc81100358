"""Chinese numbers: what a speller of its own writes is read back, in every shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates.numerals import ZEROS_OF_OCR, number_of

PLAIN = "零一二三四五六七八九"
SETS = (
    (PLAIN, "十百千万亿"),
    ("〇一二三四五六七八九", "十百千万亿"),
    ("零壹贰叁肆伍陆柒捌玖", "拾佰仟万亿"),
    ("零壹貳參肆伍陸柒捌玖", "拾佰仟萬億"),
)


def spelled(number: int, digits: str = PLAIN, units: str = "十百千万亿") -> str:
    """Write a number as it is spoken: place by place, one zero for any number of empty places."""
    out, gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        inside, outside = place % 4, place // 4
        if digit:
            out += digits[0] if gap else ""
            out += digits[digit] + (units[inside - 1] if inside else "")
            gap = False
        else:
            gap = bool(out)
        if not inside and outside and number // 10**place % 10000:
            out += units[2 + outside]
            gap = False if digit else gap
    return out


def test_the_speller_spells() -> None:
    for number, words in (
        (7, "七"), (10, "一十"), (206, "二百零六"), (1206, "一千二百零六"), (10_050, "一万零五十"),
        (200_300, "二十万零三百"), (3_0000_0000, "三亿"), (1_0000_0001, "一亿零一"),
    ):  # fmt: skip
        assert spelled(number) == words


@given(st.integers(1, 9999_9999_9999), st.sampled_from(SETS))
def test_a_spelled_number_reads_back(number: int, signs: tuple[str, str]) -> None:
    digits, units = signs
    words = spelled(number, digits, units)
    assert number_of(words) == number, words
    if 10 <= number < 20:
        assert number_of(words[1:]) == number, "十二"


@given(st.integers(1, 10**12), st.lists(st.sampled_from(ZEROS_OF_OCR), min_size=13, max_size=13))
def test_figures_read_back_with_any_zero(number: int, zeros: list[str]) -> None:
    text = str(number)
    han = "".join(PLAIN[int(c)] if c != "0" else zeros[i] for i, c in enumerate(text))
    wide = "".join(chr(ord("０") + int(c)) for c in text)
    for form in (text, wide, han, " ".join(han)[:24] if len(text) < 12 else han):
        assert number_of(form) == number, form


@given(st.integers(20, 39), st.integers(0, 9))
def test_twenty_and_thirty_in_one_character(tens: int, hundreds: int) -> None:
    words = spelled(tens).replace("二十", "廿").replace("三十", "卅")
    before = f"{PLAIN[hundreds]}百" if hundreds else ""
    assert number_of(before + words) == hundreds * 100 + tens


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("元", 1), ("两千零八", 2008), ("兩百", 200), ("百二十", 120), ("一百另六", 106), ("2万", 20000),
        ("12万3000", 123000), ("３百", 300), ("三万万", 3_0000_0000), ("〇八", 8),
        ("", None), ("零", None), ("〇〇", None), ("0", None), ("二三十", None), ("十二百", None), ("万", None),
        ("一九三十八", None), ("十元", None), ("一点五", None), ("-3", None), ("①", None), ("一" * 30, None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: int | None) -> None:
    assert number_of(text) == number


@given(st.text("〇零一二九十廿卅百千万亿元两○O0１x ", max_size=40))
def test_any_text_is_a_number_above_zero_or_none(text: str) -> None:
    found = number_of(text)
    assert found is None or found > 0
