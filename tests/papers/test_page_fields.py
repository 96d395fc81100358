"""Where paper, day, page and issue of a page come from: each from where it is trusted most."""

from __future__ import annotations

import pytest

from search.model.article import Article
from tests.papers.reading import read

TEXT = """
新桥昨日通车
本报讯（记者 林小雨）望澜河上的新桥昨日通车，两岸居民不必再绕行十里。

粮站里来了画家
本报讯（记者 何田）三位画家住进了老粮站，把仓门画成了稻田。
"""


def only(name: str, head: str = "", text: str = TEXT) -> tuple[str | None, ...]:
    """Return what each article of a page has, which must be the same."""
    found = {
        (one.paper, one.date, one.page, one.issue, one.edition)
        for one in read(name, head + text)
        if isinstance(one, Article)
    }
    (same,) = found
    return same


@pytest.mark.parametrize(
    ("name", "head", "known"),
    [
        # A masthead wins over the path.
        (
            "青岚日报_20010101_02.txt",
            "望澜晚报\n2019年7月5日 星期五 总第763期\n第3版\n",
            ("望澜晚报", "2019-07-05", "3", "总第763期", None),
        ),
        # What a masthead does not say, the path does.
        ("20190705-3.txt", "望澜晚报\n", ("望澜晚报", "2019-07-05", "3", None, None)),
        ("青岚日报_20190705_A03.txt", "", ("青岚日报", "2019-07-05", "A03", None, None)),
        ("2019/青岚日报海外版/0705.txt", "", ("青岚日报", "2019-07-05", None, None, "海外版")),
        # A date by itself comes after the path, unless that tells a part of it only.
        ("青岚日报_20190705.txt", "2001年1月1日\n", ("青岚日报", "2019-07-05", None, None, None)),
        ("青岚日报2019年7月.txt", "2019年7月5日\n", ("青岚日报", "2019-07-05", None, None, None)),
        ("青岚日报2019年7月.txt", "2001年1月1日\n", ("青岚日报", "2019-07", None, None, None)),
        ("a.txt", "2019年7月5日\n", (None, "2019-07-05", None, None, None)),
        # Front matter says it outright.
        (
            "青岚日报_20010101_02.txt",
            "---\n报名: 望澜民报\n日期: 2019-07-05\n版次: 4\n期号: 总第9期\n版别: 城市版\n---\n",
            ("望澜民报", "2019-07-05", "4", "总第9期", "城市版"),
        ),
        # The name in the path is as people write it: a masthead may be in another script, or
        # be what OCR made of it; or be that of a supplement.
        ("青岚日报_20190705.txt", "青嵐日報\n", ("青岚日报", "2019-07-05", None, None, None)),
        (
            "青岚日报_20190705.txt",
            "青风日报\n2019年7月5日 星期五\n",
            ("青岚日报", "2019-07-05", None, None, None),
        ),
        (
            "青岚日报_20190705.txt",
            "科教周刊\n2019年7月5日 星期五\n",
            ("青岚日报", "2019-07-05", None, None, None),
        ),
        # Another paper is another paper; and front matter is as it is written.
        (
            "青岚日报_20190705.txt",
            "青山岚水日报\n2019年7月5日 星期五\n",
            ("青山岚水日报", "2019-07-05", None, None, None),
        ),
        (
            "望澜周刊_20190705.txt",
            "石桥周刊\n2019年7月5日 星期五\n",
            ("石桥周刊", "2019-07-05", None, None, None),
        ),
        (
            "青岚日报_20190705.txt",
            "---\n报名: 青嵐日報\n---\n",
            ("青嵐日報", "2019-07-05", None, None, None),
        ),
    ],
)
def test_what_is_trusted(name: str, head: str, known: tuple[str | None, ...]) -> None:
    assert only(name, head) == known


def test_the_date_of_a_letter_is_not_that_of_its_page() -> None:
    text = TEXT + "\n您的读者\n王安\n1998年4月3日\n"
    assert only("1999/青岚日报-1999-05-06.txt", "", text)[1] == "1999-05-06"


def test_what_a_page_does_not_say_is_that_of_the_page_before() -> None:
    first = f"青岚日报\n2019年7月5日 星期五 总第763期\n第1版\n{TEXT}"
    found = list(read("2001-01-01.txt", f"{first}\f第2版\n{TEXT}"))
    assert {(one.paper, one.date, one.issue) for one in found if isinstance(one, Article)} == {
        ("青岚日报", "2019-07-05", "总第763期")
    }
    assert [one.page for one in found if isinstance(one, Article)] == ["1", "1", "2", "2"]


def test_an_issue_of_another_day_is_not_carried_over() -> None:
    first = f"青岚日报\n2019年7月5日 星期五 总第763期\n{TEXT}"
    second = f"青岚日报\n2019年7月12日 星期五\n{TEXT}"
    found = list(read("a.txt", f"{first}\f{second}"))
    assert [(one.date, one.issue) for one in found if isinstance(one, Article)] == [
        *[("2019-07-05", "总第763期")] * 2,
        *[("2019-07-12", None)] * 2,
    ]


def pages_of(name: str, *pages: str) -> list[tuple[str | None, str | None, str | None]]:
    """Return the day, page and issue of the articles of each page, which are the same."""
    found: dict[str | None, set[tuple[str | None, str | None, str | None]]] = {}
    text = "\f".join(page + TEXT.replace("新桥", f"{n}号桥") for n, page in enumerate(pages))
    for one in read(name, text):
        if isinstance(one, Article):
            found.setdefault(one.part, set()).add((one.date, one.page, one.issue))
    assert all(len(each) == 1 for each in found.values())
    return [next(iter(each)) for each in found.values()]


def test_of_several_pages_the_path_numbers_the_first() -> None:
    first, second = pages_of("青岚日报_20190705_03.txt", "", "")
    assert (first, second) == (("2019-07-05", "3", None), ("2019-07-05", None, None))


def test_a_date_in_a_masthead_holds_for_all_pages_after_it() -> None:
    masthead = "青岚日报\n2019年7月5日 星期五\n"
    assert [day for day, *_ in pages_of("20010101.txt", masthead, "", "2000年3月4日\n", "")] == [
        "2019-07-05"
    ] * 4


def test_a_date_by_itself_holds_for_its_own_page() -> None:
    days = [day for day, *_ in pages_of("a.txt", "2019年7月5日\n", "2019年7月6日\n", "")]
    assert days == ["2019-07-05", "2019-07-06", "2019-07-06"]


def test_the_issue_in_a_path_is_that_of_its_first_day() -> None:
    first = "青岚日报\n2019年7月5日 星期五\n"
    second = "青岚日报\n2019年7月12日 星期五\n"
    assert [issue for *_, issue in pages_of("第12期.txt", first, "", second)] == [
        "第12期",
        "第12期",
        None,
    ]
