"""Dates as people type them, also those counted from today."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates.typed import looks_like_range, read_date, read_range

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
LEAP = dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("今年", 20240101, 20241231),
        ("前年", 20220101, 20221231),
        ("本月", 20240201, 20240231),
        ("上月", 20240101, 20240131),
        ("今天", 20240229, 20240229),
        ("昨日", 20240228, 20240228),
        ("本周", 20240226, 20240303),
        ("上星期", 20240219, 20240225),
        ("近1天", 20240229, 20240229),
        ("近30天", 20240131, 20240229),
        ("近两周", 20240216, 20240229),
        ("过去三个月", 20231130, 20240229),
        ("最近十二个月", 20230301, 20240229),
        ("近一年", 20230301, 20240229),
        ("近半个月", 20240215, 20240229),
        ("近百年", None, None),
        ("近半天", None, None),
        ("近0天", None, None),
        ("近9999年", None, None),
        ("明天", None, None),
        ("2023..今年", 20230101, 20241231),
    ],
)
def test_days_counted_from_today(text: str, since: int | None, until: int | None) -> None:
    expected = (since, until) if since is not None else None
    assert read_range(text, LEAP) == expected


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2023", 20230101, 20231231),
        ("2023-08", 20230801, 20230831),
        ("2023年8月22号", 20230822, 20230822),
        ("2023年8月22", 20230822, 20230822),
        ("2023.8.22", 20230822, 20230822),
        ("20230822", 20230822, 20230822),
        ("0999", 9990101, 9991231),
        ("民国三十八年", 19490101, 19491231),
        ("民国38年1月", 19490101, 19490131),
        ("一九五六年八月", 19560801, 19560831),
        ("二○○八年", 20080101, 20081231),
        ("二oo八年", 20080101, 20081231),
        ("二00八年", 20080101, 20081231),
        ("二〇0八年五月二0日", 20080520, 20080520),
        ("民国二0年", 19310101, 19311231),
        ("2023. 8. 22", 20230822, 20230822),
        ("满洲国康德七年", 19400101, 19401231),
        ("昭和十五年", 19400101, 19401231),
        ("康德七年", 19400101, 19401231),
        ("洪宪元年三月", 19160301, 19160331),
        ("西历1877年9月11日", 18770911, 18770911),
        ("光绪三年八月初五", 18770911, 18770911),
        ("光绪三年八月", 18770907, 18771006),
        ("光绪三年", 18770213, 18780201),
        ("农历二〇二三年腊月初八", 20240118, 20240118),
    ],
)
def test_dates(text: str, since: int, until: int) -> None:
    assert read_date(text, LEAP) == read_range(text, LEAP) == (since, until)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2023-01..2023-08", 20230101, 20230831),
        ("2020..", 20200101, 99991231),
        ("...2020", 0, 20201231),
        ("民国26年..民国38年", 19370101, 19491231),
        ("民国26年至38年", 19370101, 19491231),
        ("民国三十八年..", 19490101, 99991231),
        ("1938年3月5日至7日", 19380305, 19380307),
        ("1938年3月5日-7日", 19380305, 19380307),
        ("1938年3月5日..7日", 19380305, 19380307),
        ("1938年3月5日~4月2日", 19380305, 19380402),
        ("1938年3月5日到1939年1月2日", 19380305, 19390102),
        ("1938年3月至1939年5月", 19380301, 19390531),
        ("1938年3月至5月", 19380301, 19380531),
        ("1938-1945", 19380101, 19451231),
        ("1938-03-05至07", 19380305, 19380307),
        ("光绪三年八月初五至初十", 18770911, 18770916),
        ("光绪三年十一月至四年正月", 18771205, 18780303),
    ],
)
def test_ranges(text: str, since: int, until: int) -> None:
    assert read_range(text, LEAP) == (since, until)
    assert read_date(text, LEAP) is None


@pytest.mark.parametrize(
    "text",
    [
        "某天", "2023-13", "2023-02-30", "1938-45", "1938-13", "56年8月", "五六年八月", "02/12/2023", "民国0年",
        "昭和七十年", "癸卯年", "农历己亥年六月初三", "一百二十", "近二三天", "1562256000", "202308", "..", "...",
        "至", "1938年3月5日至", "至1938年", "1938年3月5日至7月", "甲至乙", "2023" * 60, "-", "公元前221年", "2oo8", "1938-05-00", "二〇〇八年○月",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert read_date(text, LEAP) is None
    assert read_range(text, LEAP) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2023..2024", True),
        ("2023-13..", True),
        ("民国26年..民国38年", True),
        ("一九五六年...", False),
        ("去年..今年", False),
        ("甲..乙", False),
        ("至", False),
        ("1938年3月5日至7日", False),
    ],
)
def test_a_bare_text_is_a_range_only_if_it_can_be_nothing_else(text: str, is_one: bool) -> None:
    assert looks_like_range(text) is is_one


@given(DAYS, DAYS)
def test_the_second_date_may_leave_out_what_is_the_same(one: dt.date, other: dt.date) -> None:
    since, until = min(one, other), max(one, other)
    right = f"{until.year}年{until.month}月{until.day}日"
    if since.year == until.year:
        right = f"{until.month}月{until.day}日"
        if since.month == until.month:
            right = f"{until.day}日"
    for between in ("至", "到", "-", "~", ".."):
        found = read_range(f"{since.year}年{since.month}月{since.day}日{between}{right}")
        assert found
        assert (day(found[0]), day(found[1])) == (since, until)


def day(number: int) -> dt.date:
    return dt.date(number // 10000, number // 100 % 100, number % 100)


@given(DAYS, st.integers(1, 400))
def test_the_last_days_are_so_many_and_end_today(today: dt.date, count: int) -> None:
    found = read_range(f"近{count}天", today)
    assert found
    assert (day(found[1]) - day(found[0])).days == count - 1
    assert day(found[1]) == today


@given(DAYS, st.integers(1, 40))
def test_the_last_months_follow_each_other(today: dt.date, count: int) -> None:
    longer, shorter = read_range(f"近{count + 1}个月", today), read_range(f"近{count}个月", today)
    assert longer
    assert shorter
    assert 27 <= (day(shorter[0]) - day(longer[0])).days <= 32
    assert 0 <= day(shorter[0]).day - 1 <= 31


@given(st.text("近最去今前年月周天日半一十2.0-至初腊民国光绪", max_size=12), DAYS)
def test_any_text_is_a_range_or_none(text: str, today: dt.date) -> None:
    found = read_range(text, today)
    assert found is None or 0 <= found[0] <= 99991231
    assert read_date(text, today) in {None, found}
    assert looks_like_range(text) in {True, False}
