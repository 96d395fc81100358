"""Dates as papers and records have them: each form with its day, every day in every form."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates.forms import whole_date
from search.dates.printed import date_of_record, find_date, parse_date
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
        # The zero of Chinese figures.
        ("二ＯＯ八年三月五日", "2008-03-05"),
        ("二OO八年三月五日", "2008-03-05"),
        ("二◯◯八年三月五日", "2008-03-05"),
        ("二零零八年三月五日", "2008-03-05"),
        ("二００八年三月二０日", "2008-03-20"),
        ("二0○八年一0月三0日", "2008-10-30"),
        ("民國二０年三月三日", "1931-03-03"),
        ("2O23年8月22日", "2023-08-22"),
        ("2〇〇8 年 8 月 22 日", "2008-08-22"),
        ("二〇〇八年○月○日", None),
        # Other eras, in which months are Gregorian.
        ("昭和十五年三月五日", "1940-03-05"),
        ("滿洲帝國康德七年三月五日", "1940-03-05"),
        ("大同元年三月五日", "1932-03-05"),
        ("大正 三 年 三 月 五 日", "1914-03-05"),
        ("洪憲元年三月五日", "1916-03-05"),
        ("明治三年三月五日", None),
        ("昭和七十年三月五日", None),
        ("康德七年", None),
        # Of a few days the first.
        ("2023年2月1—3日", "2023-02-01"),
        ("2023年7月1、2日 星期六", "2023-07-01"),
        ("二〇二三年二月一日至三日", "2023-02-01"),
        # A weekday says which number is the month.
        ("02/12/2023 星期日", "2023-02-12"),
        ("（週日）02/12/2023", "2023-02-12"),
        ("02/12/2023 星期一", "2023-12-02"),
        ("02/12/2023", "2023-12-02"),
        ("08/22/2023", "2023-08-22"),
        # The moon beside the day, and before there was another.
        ("農曆二〇二三年八月十五日 2023年9月29日", "2023-09-29"),
        ("夏历：民国三十七年六月三日", None),
        ("大清光緒三年八月初五日 西曆1877年9月11日", "1877-09-11"),
        ("大清光緒三年八月初五日 第一千六百號", "1877-09-11"),
        ("大清同治壬申三月二十三日", "1872-04-30"),
        ("光绪三年八月", None),
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
        ("2019-07-05T08:30:00+08:00", "2019-07-05"),
        ("2019-7-5 0:00:00", "2019-07-05"),
        ("2019/7/5 08:30", "2019-07-05"),
        ("Fri, 05 Jul 2019 08:30:00 GMT", "2019-07-05"),
        ("Fri Jul  5 08:30:00 CST 2019", "2019-07-05"),
        ("July 5th, 2019", "2019-07-05"),
        ("Jul. 5 2019", "2019-07-05"),
        ("31 Jun 2019", None),
        ("望澜報 日期：1949-05-08 版次/卷期：02 版", "1949-05-08"),
        ("民国三十八年", "1949"),
        ("民國卅八年五月", "1949-05"),
        ("中华民国三十八年五月八日", "1949-05-08"),
        ("一千九百四十九年五月八日", "1949-05-08"),
        ("公元1949年", "1949"),
        ("昭和十五年", "1940"),
        ("康德七年三月", "1940-03"),
        ("光绪三年八月初五", "1877-09-11"),
        ("光绪三年八月", "1877"),
        ("光绪三年", "1877"),
        ("农历二〇一八年腊月初八", "2019-01-13"),
        ("2019年7⽉5⽇", "2019-07-05"),
        ("2019—07—05", "2019-07-05"),
        ("2019. 7. 5", "2019-07-05"),
        ("滿洲帝國康德七年三月", "1940-03"),
        # What is 00 is not known.
        ("1938-05-00", "1938-05"),
        ("19380500", "1938-05"),
        ("1938-00-00", "1938"),
        ("1938-05-00 00:00:00", "1938-05"),
        ("1938-00-05", None),
        ("1938-13-00", None),
        ("0000-00-00", None),
        ("1938年3月5日至7日", "1938-03-05"),
        ("1938年3月至1939年5月", "1938-03"),
        ("1562332800", None),
        ("第12期", None),
    ],
)
def test_dates_of_records(value, date):
    assert parse_date(value) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        # 5 July 2019, 0:00 in Beijing, and a second before.
        ("1562256000", "2019-07-05"),
        ("1562255999", "2019-07-04"),
        ("1562256000000", "2019-07-05"),
        ("1562256000.25", "2019-07-05"),
        # So programs in Beijing write the day 5 July in the time of Greenwich.
        ("2019-07-04T16:00:00.000Z", "2019-07-05"),
        ("2019-12-31 16:00:00+00:00", "2020-01-01"),
        ("2019-07-05T16:00:00+08:00", "2019-07-05"),
        ("2019-07-05T16:00:00", "2019-07-05"),
        ("2019-07-05T16:00:01Z", "2019-07-05"),
        ("2199-12-31T16:00:00Z", None),
        ("2019070508", "2019-07-05"),
        ("201907050830", "2019-07-05"),
        ("20190705083000", "2019-07-05"),
        ("20190705", "2019-07-05"),
        ("2019", "2019"),
        ("156225600", None),
        ("15622560000", None),
        ("99999999999999", None),
        ("昨天", None),
    ],
)
def test_numbers_in_records(value, date):
    assert date_of_record(value) == date


@given(st.dates(dt.date(2001, 9, 10), dt.date(2029, 12, 31)), st.integers(0, 86_399))
def test_seconds_since_1970_are_days_in_beijing(day, second):
    midnight = dt.datetime.combine(day, dt.time(), dt.timezone(dt.timedelta(hours=8)))
    stamp = int(midnight.timestamp()) + second
    for value in (str(stamp), f"{stamp}000", f"{stamp}.5"):
        assert date_of_record(value) == day.isoformat()


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
    for found in (find_date(text), date_of_record(text), parse_date(text), date_of_path(text)):
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


ERAS = {
    "民国": (dt.date(1912, 1, 1), dt.date(2100, 12, 31)),
    "中華民國": (dt.date(1912, 1, 1), dt.date(2100, 12, 31)),
    "昭和": (dt.date(1926, 12, 25), dt.date(1989, 1, 7)),
    "康德": (dt.date(1934, 3, 1), dt.date(1945, 8, 17)),
    "大正": (dt.date(1912, 7, 30), dt.date(1926, 12, 24)),
    "明治": (dt.date(1873, 1, 1), dt.date(1912, 7, 29)),
}
FIRST_YEARS = dict(zip(ERAS, (1912, 1912, 1926, 1934, 1912, 1868), strict=True))


@given(st.sampled_from(sorted(ERAS)), st.data())
def test_every_day_of_an_era_is_read(era, data):
    day = data.draw(st.dates(*ERAS[era]))
    number = day.year - FIRST_YEARS[era] + 1
    words = {100: "一百", 1: "元"}.get(number) or (
        f"一百{'零' if number % 100 < 10 else ''}{_tens(number % 100)}"
        if number > 100
        else _words(number)
    )
    for text in (
        f"{era}{words}年{_words(day.month)}月{_words(day.day)}日",
        f"{era}{number}年{day.month}月{day.day}號",
    ):
        assert find_date(text) == parse_date(text) == whole_date(text) == day.isoformat(), text


def _tens(number):
    return "一" + _words(number) if 10 <= number < 20 else _words(number)


@given(
    st.dates(dt.date(1850, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from("〇○ＯO◯零"),
    st.sampled_from("日号號"),
    st.sampled_from(["", " ", "\u3000"]),
)
def test_every_day_is_read_with_every_zero(day, zero, end, gap):
    year = "".join(f"{zero}一二三四五六七八九"[int(c)] for c in str(day.year))
    parts = (year, "年", _words(day.month), "月", _words(day.day), end)
    text = gap.join(parts)
    assert find_date(text) == parse_date(text) == whole_date(text) == day.isoformat()
    assert parse_date("".join(parts[:4])) == day.isoformat()[:7]
    assert parse_date("".join(parts[:2])) == day.isoformat()[:4]
    assert find_date(f"青岚日报 {text}　第12号 今日八版") == day.isoformat()


@pytest.mark.parametrize(
    "unit",
    ["2", "二", "民国", "民国三", "2023年", "2023-", "〇〇 ", " ", "光绪", "光绪三年", "2023年8月1、", "1/", "农历", "月 ", "年\t"],
)  # fmt: skip
def test_long_lines_take_linear_time(unit):
    """Ten times as much of anything takes no more than some ten times as long."""

    def spent(count):
        text = unit * count + "月日"
        start = time.process_time()
        for read in (find_date, date_of_record, whole_date):
            read(text)
        return time.process_time() - start

    spent(10)
    assert spent(40_000) < max(0.5, 40 * spent(4_000))


def _words(number):
    digits = "零一二三四五六七八九"
    tens, units = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else digits[tens] + "十"
    return ten + (digits[units] if units else "")
