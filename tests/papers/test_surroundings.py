"""Which lines of a page are text, and which are printed beside it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.papers.pages.split import split
from tests.papers.strategies import CHINESE

TEXT = (
    "山口乡的路通车以后，来赶集的人多了一倍。二〇一九年七月五日，第一班车从县城开出，"
    "司机说，他从2018年3月12日起就在等这一天。１９９３年５月，这里还是一条土路。"
    "老人们还记得，一九五六年七月大水之时，路断了三个月。第3版的照片就是那时拍的，"
    "编辑：当时没有留下名字。如今每逢星期三，集上卖菜、卖布、卖种子的有上百家！"
    "他们说，这是1999年10月1日以来最热闹的一年；明年1月1日，新站也要启用。"
)


def wrapped(text, width, indent="　　"):
    text = indent + text
    return [text[start : start + width] for start in range(0, len(text), width)]


def furniture(text, **options):
    return [line.strip() for _, line in split(text, **options).furniture]


@pytest.mark.parametrize("width", range(8, 31))
@pytest.mark.parametrize("head", [[], ["雪后第一班车"]])
def test_no_line_of_a_wrapped_text_is_furniture_or_dates_the_page(width, head):
    page = split("\n".join(head + wrapped(TEXT, width) + wrapped(TEXT[7:], width)))
    assert page.furniture == ()
    assert (page.date, page.issue, page.section, page.page) == (None,) * 4


@pytest.mark.parametrize(
    "line",
    [
        "一九九八年九月十八日",
        "（二〇一九年七月五日）",
        "山口乡敬老院　二〇一九年七月五日",
        "2019年7月",
        "2019年第3期",
        "2",
        "第3号",
        "主办：山口乡文化站",
        "联系电话：0000-5550110",
        "老人办起了画报",
        "第三版年画展出",
        "G20路公交改道",
    ],
)
def test_what_stands_among_articles_is_in_one_of_them(line):
    page = split(
        f"山城日报\n2020年1月2日 星期四\n雪后第一班车\n{TEXT}\n{line}\n又一班车\n{TEXT}\n{TEXT}"
    )
    assert page.date == "2020-01-02"
    assert [text for _, text in page.furniture] == ["山城日报", "2020年1月2日 星期四"]


def test_a_signature_and_its_date_end_the_letter():
    page = split(f"一封来信\n　　{TEXT}\n　　山口乡林某\n　　2019年7月5日\n又一封来信\n　　{TEXT}")
    assert [piece.title for piece in page.pieces] == ["一封来信", "又一封来信"]
    assert page.pieces[0].body.endswith("山口乡林某\n　　2019年7月5日")
    assert page.date is None


def test_a_date_below_the_headline_is_no_date_of_the_page():
    page = split(f"在茶话会上的讲话\n（二〇一九年一月一日）\n{TEXT}")
    assert page.date is None
    assert [piece.title for piece in page.pieces] == ["在茶话会上的讲话"]


def test_a_masthead_is_known_by_the_lines_beside_it():
    page = split(f"春 华\n山城报\n2019年7月5日\n第十二号\n雪后第一班车\n{TEXT}")
    assert (page.paper, page.date, page.issue) == ("山城报", "2019-07-05", "第12号")


@pytest.mark.parametrize("end", ["。", "！", "”。", "）", "……"])
def test_a_mark_alone_on_a_line_is_text(end):
    page = split(f"雪后第一班车\n　　{TEXT[:20]}\n{TEXT[20:40]}\n{end}\n又一班车\n　　{TEXT}")
    assert page.furniture == ()


def test_front_matter_is_kept_as_furniture():
    page = split(f"---\ntitle: 雪后第一班车\ndate: 2019-07-05\n---\n{TEXT}")
    assert [at for at, _ in page.furniture] == [1, 2, 3, 4]


def test_navigation_of_a_digital_paper_is_no_article():
    page = split(
        "通版阅读请点击:\n展开通版\n收缩通版\n当前版:04版\n发布日期:\n"
        f"山口的桥修好了\n{TEXT}\n上一篇 下一篇\n放大 缩小 默认\n返回目录\n"
        "2019-07-05 2 2 山城日报 content_12345.html 1 山口的桥修好了 /enpproperty-->"
    )
    assert [piece.title for piece in page.pieces] == ["山口的桥修好了"]
    assert (page.paper, page.date, page.section, page.page) == ("山城日报", "2019-07-05", None, "4")


def test_a_headline_for_another_page_is_a_piece_of_its_own():
    page = split(f"山城教育报\n2019年7月5日 星期五\n雪后第一班车\n　　{TEXT}\n怎样过冬\n详见第二版")
    assert [piece.title for piece in page.pieces] == ["雪后第一班车", "怎样过冬"]
    assert page.section is None


_PRINTED = st.sampled_from(
    [
        "山城日报",
        "山 城 晚 报 SHANCHENG WANBAO",
        "2021年3月4日 星期四 总第88期",
        "02/12/2023星期六",
        "农历辛丑年正月廿一 今日四版",
        "总第763期",
        "第06版:06",
        "第1版()",
        "A03",
        "3",
        "要闻",
        "今日导读",
        "雪后第一班车……第3版",
        "责任编辑：林小雨　校对：何田",
        "国内统一刊号：CN00-0000",
        "上一篇 下一篇",
        "当前版:04版",
        "***",
        "————",
        "。",
        "”。",
        "（二〇一九年一月一日）",
        "　　2019年7月5日",
        "　　山口乡林某",
        "上接第一版",
        "（下转第三版）",
        "详见第二版",
        "雪后第一班车",
        "——山口乡纪事",
        "山口的桥（上接A01版）",
        "本报讯（记者 甲乙）昨日，山里下了雪。",
        "　　老人说，路通了，人就回来了。",
        "　　１９９３年５月，海边有个小村，",
        "自１９９８年１月１日起",
        "■王小明 摄",
        "王小明",
        "# 山口周刊",
        "## 第一条路",
        "![](images/1.jpg)",
        "---",
        "",
        "   ",
    ]
)


@given(st.lists(st.one_of(_PRINTED, _PRINTED, CHINESE), max_size=40).map("\n".join), st.booleans())
def test_every_line_is_in_one_article_or_furniture(text, markdown):
    page = split(text, markdown=markdown)
    source = text.split("\n")
    beside = dict(page.furniture)
    assert len(beside) == len(page.furniture)
    bodies = {}
    titles = "".join(_letters(piece.title) for piece in page.pieces)
    for piece in page.pieces:
        for at, line in enumerate(piece.body.split("\n"), piece.body_line):
            if line.strip():
                assert line == source[at - 1]
                assert at not in bodies, "a line in two articles"
                bodies[at] = line
    for at, line in enumerate(source, 1):
        if at in beside:
            assert beside[at] == line
            assert at not in bodies
        elif line.strip() and at not in bodies:
            assert _letters(line) in titles, "the headline gives up more than signs of Markdown"


def _letters(text):
    return re.sub(r"[\W_]", "", text)
