"""Text files that hold several pages, or whole issues, one below the other."""

from __future__ import annotations

import pytest

from search.model.article import Article
from tests.papers.reading import read

_STORY = (
    "　　本报讯（记者 {who}）昨日，{what}在望澜县城南开工。施工人员清理了河道两侧的淤泥，更换了破损的栏杆，"
    "预计两个月内完工。附近的居民说，夜里路灯亮了，走路踏实多了。\n"
    "　　{what}是今年十件实事之一，由县里和镇上共同出资，工程队来自邻县，已经做过三处这样的活。\n"
    "　　负责此事的同志表示，完工之后将请群众代表前来查看，有不满意的地方随时返工，并把账目贴在村口。\n"
)
_THINGS = [
    "老桥修缮",
    "河堤加固",
    "书屋扩建",
    "泵站改造",
    "果园滴灌",
    "校车更新",
    "粮仓翻修",
    "渡口搬迁",
]


def story(number: int, more: int = 0) -> str:
    """Return an article with its headline, which is told by its number."""
    what = _THINGS[number % len(_THINGS)]
    body = _STORY.format(who="甘小禾", what=what)
    return f"{what}惠及第{number}村群众\n\n{body}" + body * more


def articles(name: str, text: str) -> list[Article]:
    found = read(name, text)
    assert all(isinstance(thing, Article) for thing in found), found
    return [thing for thing in found if isinstance(thing, Article)]


def dated(name: str, text: str) -> list[tuple[str | None, str | None, str | None]]:
    """Return part, date and paper of each article."""
    return [(each.part, each.date, each.paper) for each in articles(name, text)]


def check_lines(text: str, found: list[Article]) -> None:
    """Each article stands in the file where it says it does."""
    lines = text.replace("\f", "\n").split("\n") if "\n\f" not in text else text.split("\n")
    for article in found:
        assert article.title in lines[article.line - 1], article
        assert article.body_line is not None
        body = article.body.split("\n")
        assert [line.strip("\f") for line in lines[article.body_line - 1 :][: len(body)]] == body


def test_issues_one_below_the_other():
    text = (
        f"青岚日报\n2023年5月12日 星期五 第1203期\n第1版 要闻\n\n{story(0)}\n{story(1)}\n"
        f"青岚日报\n2023年5月13日 星期六 第1204期\n第1版 要闻\n\n{story(2)}\n{story(3)}"
    )
    found = articles("合订.txt", text)
    assert [(each.part, each.date, each.paper) for each in found] == [
        ("p. 1", "2023-05-12", "青岚日报"),
        ("p. 1", "2023-05-12", "青岚日报"),
        ("p. 2", "2023-05-13", "青岚日报"),
        ("p. 2", "2023-05-13", "青岚日报"),
    ]
    check_lines(text, found)


@pytest.mark.parametrize(
    "head",
    [
        "青岚日报 2023年5月{day}日 第2版",
        "2023年5月{day}日 星期三 青岚日报",
        "青岚日报　２０２３年５月{day}日　星期三",
        "2023年5月{day}日\n第2版",
        "2023年5月{day}日 A2 | 新闻",
        "第2版 综合 2023年5月{day}日 星期三 青岚日报",
        "青岚日报\n二〇二三年五月十{han}日\n总第{day}期",
    ],
)
def test_a_masthead_in_the_middle_begins_a_page(head: str) -> None:
    heads = [head.format(day=day, han=han) for day, han in ((12, "二"), (13, "三"), (15, "五"))]
    text = "\n\n".join(f"{above}\n\n{story(at)}" for at, above in enumerate(heads))
    found = articles("x.txt", text)
    assert [each.date for each in found] == ["2023-05-12", "2023-05-13", "2023-05-15"]
    assert [each.part for each in found] == ["p. 1", "p. 2", "p. 3"]


def test_pages_of_one_day_have_a_running_head_each():
    text = "\n".join(f"青岚日报 2023年5月12日 第{page}版\n\n{story(page)}" for page in (1, 2, 3))
    assert dated("x.txt", text) == [(f"p. {page}", "2023-05-12", "青岚日报") for page in (1, 2, 3)]


def test_a_form_feed_begins_a_page_which_is_of_the_day_before_it():
    text = f"青岚日报 2023年5月12日 星期五\n\n{story(0)}\f{story(1)}\f\f{story(2)}\f"
    assert dated("x.txt", text) == [
        ("p. 1", "2023-05-12", "青岚日报"),
        ("p. 2", "2023-05-12", "青岚日报"),
        ("p. 4", "2023-05-12", "青岚日报"),
    ]
    check_lines(text, articles("x.txt", text))


def test_a_form_feed_at_the_end_makes_no_page():
    assert dated("x.txt", f"{story(0)}\f\n") == [(None, None, None)]
    assert [each.line for each in articles("x.txt", f"\f\n{story(0)}")] == [2]


def test_the_front_matter_of_a_file_holds_for_all_of_its_pages():
    text = f"---\n报纸: 青岚日报\n日期: 2023-05-12\n---\n# 甲事\n\n{story(0)}\f# 乙事\n\n{story(1)}"
    assert {(date, paper) for _, date, paper in dated("x.md", text)} == {("2023-05-12", "青岚日报")}


def test_a_page_may_end_in_the_middle_of_a_sentence():
    text = (
        f"青岚日报 2023年5月12日 第1版\n\n{story(0)}　　老桥两侧的树也重新栽过，来散步的人比往年多，卖水的老人说生意比去年好了不少，家里人\n"
        f"青岚日报 2023年5月12日 第2版\n\n{story(1)}"
    )
    assert [part for part, *_ in dated("x.txt", text)] == ["p. 1", "p. 2"]


def test_a_number_alone_begins_the_next_page():
    text = f"青岚日报\n2023年5月12日 第1版\n\n{story(0, 2)}\n第2版\n\n{story(1, 2)}\n第3版 综合\n\n{story(2, 2)}"
    assert {part for part, *_ in dated("x.txt", text)} == {"p. 1", "p. 2", "p. 3"}


def test_a_heading_of_markdown_may_be_a_masthead():
    text = f"# 青岚日报 2023年5月12日 第1版\n\n## {story(0)}\n# 青岚日报 2023年5月12日 第2版\n\n## {story(1)}"
    found = articles("x.md", text)
    assert [(each.part, each.date) for each in found] == [
        ("p. 1", "2023-05-12"),
        ("p. 2", "2023-05-12"),
    ]
    assert [each.title for each in found] == ["老桥修缮惠及第0村群众", "河堤加固惠及第1村群众"]


# What looks like a masthead, and is none.


def one_page(text: str) -> None:
    assert {part for part, *_ in dated("x.txt", text)} == {None}, dated("x.txt", text)


def test_a_masthead_that_stands_in_the_middle_of_its_page():
    one_page(f"{story(0)}\n青岚日报 2023年5月12日 第3版\n\n{story(1)}")
    one_page(f"青岚日报 2023年5月12日 第3版\n\n{story(0)}\n第3版 2023年5月12日\n\n{story(1)}")
    one_page(
        f"青岚日报 2023年5月12日 星期五\n\n{story(0)}\n{story(1)}\n青岚日报 2023年5月12日 第3版\n"
    )


def test_cuttings_with_their_sources():
    """Above the source stands the headline, which is no end of a page."""
    below = "\n".join(
        story(at).replace("\n\n", f"\n\n青岚日报 2023年5月1{at}日 第{at + 1}版\n\n", 1)
        for at in range(5)
    )
    one_page(below)
    one_page(below.replace("群众\n", "群众！\n"))


def test_cuttings_with_their_sources_at_the_end():
    one_page("\n".join(f"{story(at)}（青岚日报 2023年5月1{at}日 第{at}版）\n" for at in range(4)))
    one_page("\n".join(f"{story(at)}青岚日报 2023年5月1{at}日 第{at}版\n" for at in range(4)))


def test_letters_and_datelines():
    letter = "望澜县教育局\n2023年5月{day}日\n\n"
    one_page(
        "青岚日报 2023年5月15日 第3版\n\n"
        + "\n".join(story(at) + letter.format(day=10 + at) for at in range(4))
    )
    one_page(
        "青岚日报 2023年5月15日 第3版\n\n"
        + "\n".join(story(at).replace("本报讯", f"本报望澜2023年5月1{at}日电") for at in range(4))
    )


def test_an_index_of_pages():
    teasers = "\n\n".join(f"{story(at)[:60]}。\n\n第{at}版" for at in range(2, 6))
    one_page(f"青岚日报 2023年5月15日 第1版\n\n{teasers}\n\n{story(1, 3)}\n{story(2, 3)}")


def test_dates_inside_sentences():
    lines = "\n".join(
        f"他说那是\n2023年5月1{day}日 青岚日报\n登过的事情，大家都记得很清楚，谁也没有忘记过"
        for day in range(5)
    )
    one_page(f"青岚日报 2023年5月15日 第3版\n\n{story(1)}\n{lines}。\n{story(2)}")
