"""Dates as people type them, also those counted from today."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates.typed import read_range

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


@given(st.text("近最去今前年月周天日半一十2.0-", max_size=8), DAYS)
def test_any_text_is_a_range_or_none(text: str, today: dt.date) -> None:
    found = read_range(text, today)
    assert found is None or 0 <= found[0] <= 99991231
