"""Days of the moon: against days that history books give in both calendars, and a library."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates import lunar_years
from search.dates.lunar import day_of_moon, imperial_day, lunar_days

NEW_YEARS = [
    "1851-02-01",
    "1861-02-10",
    "1877-02-13",
    "1900-01-31",
    "1912-02-18",
    "1921-02-08",
    "1937-02-11",
    "1938-01-31",
    "1945-02-13",
    "1949-01-29",
    "1950-02-17",
    "1956-02-12",
    "1966-01-21",
    "1967-02-09",
    "1976-01-31",
    "1984-02-02",
    "1985-02-20",
    "1997-02-07",
    "2000-02-05",
    "2008-02-07",
    "2012-01-23",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2033-01-31",
    "2034-02-19",
]


@pytest.mark.parametrize("day", NEW_YEARS)
def test_new_years(day: str) -> None:
    year = int(day[:4])
    assert str(day_of_moon(year, 1, 1)) == day
    eve = day_of_moon(year - 1, 12, 30) or day_of_moon(year - 1, 12, 29)
    assert eve
    assert eve + dt.timedelta(1) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        # What history books date in both ways.
        ("道光二十二年七月廿四", "1842-08-29"),
        ("道光三十年十二月初十", "1851-01-11"),
        ("咸丰十一年七月十七日", "1861-08-22"),
        ("同治十一年三月廿三日", "1872-04-30"),
        ("同治壬申三月二十三日", "1872-04-30"),
        ("同治十一年壬申三月二十三日", "1872-04-30"),
        ("光绪二十年八月十八", "1894-09-17"),
        ("光緒廿四年四月廿三日", "1898-06-11"),
        ("光绪二十四年八月初六", "1898-09-21"),
        ("光绪三十四年十月廿一日", "1908-11-14"),
        ("宣統三年八月十九日", "1911-10-10"),
        ("大清宣统三年十二月廿五日", "1912-02-12"),
        # Festivals.
        ("农历二〇二三年腊月初八", "2024-01-18"),
        ("2023年农历七月初七", "2023-08-22"),
        ("农历2020年五月初五", "2020-06-25"),
        ("農曆二○二○年八月十五日", "2020-10-01"),
        ("二〇二三年闰二月十五", "2023-04-05"),
        ("农历二〇三三年八月十五", "2033-09-08"),
        ("2023年癸卯年正月十五", "2023-02-05"),
        ("民国廿年腊月初八", "1932-01-15"),
        ("民国三十八年正月初一", "1949-01-29"),
        ("阴历民国三十八年正月 初一", "1949-01-29"),
        ("康德七年旧历正月初一", "1940-02-08"),
    ],
)
def test_days(text: str, day: str) -> None:
    found = lunar_days(text)
    assert found
    assert [str(one) for one in found] == [day, day]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("光绪三年", "1877-02-13", "1878-02-01"),
        ("农历二〇二三年", "2023-01-22", "2024-02-09"),
        ("2023年正月", "2023-01-22", "2023-02-19"),
        ("光绪三年八月", "1877-09-07", "1877-10-06"),
        ("2023年闰二月", "2023-03-22", "2023-04-19"),
    ],
)
def test_months_and_years_are_their_days(text: str, first: str, last: str) -> None:
    found = lunar_days(text)
    assert found
    assert [str(one) for one in found] == [first, last]


@pytest.mark.parametrize(
    "text",
    [
        "2023年8月", "民国三十八年", "2023年八月十五日", "民国三十八年八月十五日",  # of the other calendar
        "农历己亥年六月初三",  # one of many years
        "光绪三十五年正月初一", "光绪三年八月卅日甲", "光绪四年八月初十一", "2022年闰二月初一", "明治三年三月初三",
        "农历二〇二三年十三月初一", "农历二〇二三年七月三十一", "2023年甲子年正月初一", "同治癸卯三月初三", "腊月初八",
        "农历一七九九年正月初一", "农历二〇九九年正月初一", "农历", "",
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_moon(text: str) -> None:
    assert lunar_days(text) is None


def test_the_day_under_an_emperor_is_found_in_a_masthead() -> None:
    line = "大清光緒三年八月初五日 禮拜二 第一千六百四十七號"
    assert imperial_day(line) == "1877-09-11"
    assert dt.date(1877, 9, 11).strftime("%a") == "Tue"
    assert imperial_day("光绪三年八月 光緒三年八月初六") == "1877-09-12"
    assert imperial_day("民國三年八月初五") is None


def test_the_table_follows_on_itself() -> None:
    """Each year ends where the next one begins."""
    years = range(lunar_years.FIRST, lunar_years.FIRST + len(lunar_years.YEARS) - 1)
    assert len(years) == 250
    for year in years:
        end = lunar_days(f"农历{year}年")
        assert end
        assert end[1] + dt.timedelta(1) == day_of_moon(year + 1, 1, 1)
        last = day_of_moon(year, 12, 30) or day_of_moon(year, 12, 29)
        assert last == end[1]


def test_the_table_is_what_its_tool_makes() -> None:
    from tools.lunar_table import FIRST, number

    assert list(lunar_years.YEARS) == [number(FIRST + n) for n in range(len(lunar_years.YEARS))]


@given(st.dates(dt.date(1801, 1, 1), dt.date(2050, 12, 31)))
def test_every_day_is_that_of_the_library(day: dt.date) -> None:
    from lunar_python import Solar

    moon = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = moon.getMonth()
    found = day_of_moon(moon.getYear(), abs(month), moon.getDay(), leap=month < 0)
    assert found == day
    text = f"农历{moon.getYear()}年{moon.getMonthInChinese()}月{moon.getDayInChinese()}"
    assert lunar_days(text) == (day, day), text
