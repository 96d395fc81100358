"""What the names of files and folders say: each form with its day, page, paper and issue."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.papers.path_fields import PathFields, fields_of_path


@pytest.mark.parametrize(
    ("path", "paper", "date", "page"),
    [
        ("papers/830512-3.txt", None, "1983-05-12", "3"),
        ("papers/23.8.22.txt", None, "2023-08-22", None),
        ("2003年/三月/十五日/第2版.txt", None, "2003-03-15", "2"),
        ("二〇〇三年/三月/十五日.txt", None, "2003-03-15", None),
        ("19830512_3.txt", None, "1983-05-12", "3"),
        ("青岚日报2023年8月22日第3版.txt", "青岚日报", "2023-08-22", "3"),
        ("望澜日报/2023/2023-04-24_01版.txt", "望澜日报", "2023-04-24", "1"),
        ("青岚日报_20230512_03.pdf", "青岚日报", "2023-05-12", "3"),
        ("青岚日报/1983/0512/A03.txt", "青岚日报", "1983-05-12", "A03"),
        ("content_20180613004006.htm", None, "2018-06-13", "4"),
        ("https://paper.example.cn/qlrb/20180613/html/c_20180613012001.htm", None, "2018-06-13", "12"),
        ("民国廿六年七月八日.txt", None, "1937-07-08", None),
        # 光绪三年八月初五 was 1877-09-11, 宣统元年正月十五 1909-02-05; 光绪四年 had no 闰五月.
        ("青岚旬报_光绪三年八月初五.txt", "青岚旬报", "1877-09-11", None),
        ("望澜大众/光緒三年/八月/初五_02.txt", "望澜大众", "1877-09-11", "2"),
        ("宣統元年正月十五日_03.txt", None, "1909-02-05", "3"),
        ("望澜大众/民国二十六年/七月八日.txt", "望澜大众", "1937-07-08", None),
        ("光绪四年闰五月初一.txt", None, None, None),
        ("青岚民报八三年五月十二日三版.txt", "青岚民报", "1983-05-12", "3"),
        ("望澜大众_20230512_03.txt", "望澜大众", "2023-05-12", "3"),
        ("青岚日报/2019/0705.txt", "青岚日报", "2019-07-05", None),
        ("青岚日报/2019年/7月5日.txt", "青岚日报", "2019-07-05", None),
        ("青岚日报/2019合订本/7-5-2.txt", "青岚日报", "2019-07-05", "2"),
        ("lanxi_20211030_a08.txt", None, "2021-10-30", "A08"),
        ("lanxi-20211030-p12.txt", None, "2021-10-30", "12"),
        ("望澜大众/1983/830512-3.txt", "望澜大众", "1983-05-12", "3"),
        ("望澜大众/1983年/五月/十二日/三版.txt", "望澜大众", "1983-05-12", "3"),
        ("旧报扫描/1983/830512-3.txt", None, "1983-05-12", "3"),
        ("望澜大众/简介.txt", None, None, None),
        ("大公报1936年12月13日.txt", "大公报", "1936-12-13", None),
        # What is nearest the end of the path counts.
        ("2001-01-01/2019-07-05/a.txt", None, "2019-07-05", None),
        ("2001年1月/2019年7月/a.txt", None, "2019-07", None),
        ("2001合订本/2019合订本/上册/7-5.txt", None, "2019-07-05", None),
        ("望澜晚报/青岚日报/20190705.txt", "青岚日报", "2019-07-05", None),
        ("20010101至20190705.txt", None, "2019-07-05", None),
        ("300512-3.txt", None, "1930-05-12", "3"),
        ("290512-3.txt", None, "2029-05-12", "3"),
        ("青岚日报_20230512_96.txt", "青岚日报", "2023-05-12", "96"),
        # What is no day, or no page.
        ("青岚日报_20230512_97.txt", "青岚日报", "2023-05-12", None),
        ("830512-3/a.txt", None, None, None),
        ("23.8.22/a.txt", None, None, None),
        ("2019-07-05/" + "a/" * 600 + "b.txt", None, None, None),
        ("content_20180613000006.htm", None, "2018-06-13", None),
        ("扫描_2023-05-12_10-30-15.txt", None, "2023-05-12", None),
        ("2023-05-12 10.30.15.jpg.hocr", None, "2023-05-12", None),
        ("青岚日报_2023-05-12_10-30.txt", "青岚日报", "2023-05-12", "10"),
        ("望澜大众/2019年7月/简介.txt", None, "2019-07", None),
        ("img20230822_101112.jpg.hocr", None, "2023-08-22", None),
        ("网格化管理经验_20230512.txt", None, "2023-05-12", None),
        ("001_983da729b5cc2af6.txt", None, None, None),
        ("scan_0001.txt", None, None, None),
        ("papers/230899.txt", None, None, None),
        ("v1.2.30.txt", None, None, None),
    ],
)  # fmt: skip
def test_paths(path: str, paper: str | None, date: str | None, page: str | None) -> None:
    found = fields_of_path(path)
    assert (found.paper, found.date, found.page) == (paper, date, page)


@pytest.mark.parametrize(
    ("path", "issue", "edition"),
    [
        ("青岚日报 总第763期 (2023-08-22).docx", "总第763期", None),
        ("望澜周报第十二期.txt", "第12期", None),
        ("青岚日报海外版2003年3月5日.txt", None, "海外版"),
        ("青岚日报(江北版)19361213.txt", None, "江北版"),
        ("青岚日报/城市版/2003-03-05.txt", None, "城市版"),
        ("青岚日报(第三版)2003年3月5日.txt", None, None),
        ("青岚日报(十三版)2003年3月5日.txt", None, None),
    ],
)
def test_issues_and_editions(path: str, issue: str | None, edition: str | None) -> None:
    found = fields_of_path(path)
    assert (found.issue, found.edition) == (issue, edition)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.integers(1, 48))
def test_what_a_form_writes_is_read_back(day: dt.date, page: int) -> None:
    for form in (
        f"青岚日报_{day:%Y%m%d}_{page:02}",
        f"青岚日报/{day:%Y}/{day.isoformat()}_{page:02}版",
        f"青岚日报{day.year}年{day.month}月{day.day}日第{page}版",
        f"青岚日报/{day:%Y}/{day:%m%d}/第{page}版",
        f"青岚日报/{day.year}年/{day.month}月/{day.day}日/{page:02}版",
    ):
        found = fields_of_path(f"扫描2021/{form}.txt")
        assert found == PathFields("青岚日报", day.isoformat(), str(page)), form


@given(st.text(max_size=80))
def test_nothing_raises(path: str) -> None:
    fields_of_path(path)
