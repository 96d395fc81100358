import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates.printed import find_date, parse_date
from search.papers.path_fields import date_of_path


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019年7月5日", "2019-07-05"),
        ("２０１９ 年 7 月 05 日　星期五", "2019-07-05"),
        ("二〇一九年七月五日", "2019-07-05"),
        ("二○一九年十二月三十一日", "2019-12-31"),
        ("二零一九年十月二十日", "2019-10-20"),
        ("一九五八年十月一日", "1958-10-01"),
        ("1958年10月", "1958-10"),
        ("2019-07-05", "2019-07-05"),
        ("2019/7/5", "2019-07-05"),
        ("2019.7.5", "2019-07-05"),
        ("20190705", "2019-07-05"),
        ("民國108年7月5日", "2019-07-05"),
        ("中華民國一百零八年七月五日", "2019-07-05"),
        ("民国三十七年十一月廿三日", "1948-11-23"),
        ("民國元年元月一日", "1912-01-01"),
        ("总第88期 2019年第12期 2019年7月5日", "2019-07-05"),
        ("2019年13月5日 2019年7月5日", "2019-07-05"),
        ("2019年7月5日 农历己亥年六月初三", "2019-07-05"),
        ("农历己亥年六月初三", None),
        ("农历二〇一九年六月初三", None),
        ("民国三十七年六月初三", None),
        ("中華民國七十五年 一九八六年十月廿二日 夏曆丙寅年九月十九日", "1986-10-22"),
        ("2019年第12期", None),
        ("02/12/2023星期六", "2023-12-02"),
        ("31.12.2019", "2019-12-31"),
        ("32/12/2019", None),
        ("民國貳拾捌年肆月叁拾日", "1939-04-30"),
        ("貳〇壹玖年柒月伍日", "2019-07-05"),
        ("1949年8月1日创刊 2019年7月5日", "2019-07-05"),
        ("本報創刊於民國八年三月三日", None),
        ("创刊日期：1949年8月1日", None),
        ("2019年2月29日", None),
        ("9019年2月2日", None),
        ("电话 0000-5551234", None),
        ("版本 1.2019.7.5", None),
        ("", None),
    ],
)
def test_dates_of_mastheads(text, date):
    assert find_date(text) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2019-07-05T08:30:00Z", "2019-07-05"),
        ("2019-07-05 08:30", "2019-07-05"),
        ("2019年07月05日 08:30", "2019-07-05"),
        ("2019", "2019"),
        ("2019年", "2019"),
        ("2019-07", "2019-07"),
        ("2019/7", "2019-07"),
        ("二〇一九年七月", "2019-07"),
        ("发布于 2019-07-05", "2019-07-05"),
        ("2019-02-30", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_dates_of_records(value, date):
    assert parse_date(value) == date


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("papers/2019-07-05-01.txt", "2019-07-05"),
        ("papers/2019/0705/01.txt", "2019-07-05"),
        ("papers/2019/07/05/a.txt", "2019-07-05"),
        ("papers/山城日报_20190705_A02.txt", "2019-07-05"),
        ("papers/2019年7月5日第2版.txt", "2019-07-05"),
        ("papers/2019-07/3.txt", "2019-07"),
        ("scans-2021-01-01/2019-07-05.txt", "2019-07-05"),
        ("papers/2019.txt", None),
        ("papers/12345678.txt", None),
        ("papers/a81f2019.txt", None),
    ],
)
def test_dates_of_file_names(path, date):
    assert date_of_path(path) == date


@given(st.text(alphabet="2019０一二十廿〇元百年月日民国 -/.\n雪", max_size=60))
def test_nothing_raises_and_what_is_found_is_a_date(text):
    for found in (find_date(text), parse_date(text), date_of_path(text)):
        if found:
            parts = [int(part) for part in found.split("-")]
            assert dt.date(*parts, *[1] * (3 - len(parts))).year >= 1800


@given(st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31)))
def test_every_day_is_read_in_every_spelling(day):
    printed = f"{day.year}年{day.month}月{day.day}日"
    wide = printed.translate({ord("0") + n: chr(ord("０") + n) for n in range(10)})
    words = "".join("〇一二三四五六七八九"[int(c)] for c in str(day.year))
    spelled = f"{words}年{_words(day.month)}月{_words(day.day)}日"
    for text in (printed, wide, spelled, day.isoformat(), day.strftime("%Y%m%d").zfill(8)):
        assert find_date(text) == day.isoformat()
        assert parse_date(text) == day.isoformat()


def _words(number):
    digits = "零一二三四五六七八九"
    tens, units = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else digits[tens] + "十"
    return ten + (digits[units] if units else "")
