"""Pages that came by way of the web: HTML in Markdown, `<pre>`, what a digital paper prints around."""

from __future__ import annotations

import pytest

from search.model.article import Article
from tests.papers.reading import read

ROAD = "山口乡的路昨日通了车，老人们都到村口来看，孩子们跟着车跑了很远。"
FERRY = "望澜县的渡口明年要搬到下游去，听说新码头能停三条船，货物也多了。"


def articles(name: str, text: str) -> list[Article]:
    return [thing for thing in read(name, text) if isinstance(thing, Article)]


def test_headings_of_html_in_markdown_are_headings():
    text = f"""<div align="center"><h2>新路昨日通车</h2></div>

<p>本报讯（记者 林小雨）{ROAD}</p>

<h2 class="t">渡口&amp;码头搬迁</h2>
<p>作者：何田</p>
<p>&nbsp;&nbsp;{FERRY}<br/></p>
<!-- image -->
<img src="a.png" alt="x"/>
"""
    road, ferry = articles("a.md", text)
    assert [(each.title, each.authors, each.line) for each in (road, ferry)] == [
        ("新路昨日通车", ("林小雨",), 1),
        ("渡口&码头搬迁", ("何田",), 5),
    ]
    # The body stays as it stands in the source.
    assert road.body == f"<p>本报讯（记者 林小雨）{ROAD}</p>"
    assert f"<p>&nbsp;&nbsp;{FERRY}<br/></p>" in ferry.body


def test_the_rows_of_a_table_in_markdown_are_no_headlines():
    table = (
        "<table><tr><td>工种</td><td>姓名</td></tr><tr><td>车工</td><td>卜庆一</td></tr></table>"
    )
    (only,) = articles("a.md", f"# 新路昨日通车\n\n{ROAD}\n\n{table}\n\n{FERRY}\n")
    assert table in only.body
    assert only.title == "新路昨日通车"


PRE = f"""青岚日报 2023年5月12日 第1版

新路昨日通车

　　本报讯（记者 林小雨）{ROAD[:20]}
{ROAD[20:]}

渡口明年搬迁

　　本报讯（记者 何田）{FERRY}
"""


@pytest.mark.parametrize("menu", ["", "<p><a href='/'>首页</a></p>"])
def test_a_page_that_was_put_on_the_web_as_it_is(menu: str) -> None:
    source = (
        f"<html><head><title>青岚日报</title></head><body>{menu}\n<pre>\n{PRE}</pre></body></html>"
    )
    found = articles("a.html", source)
    assert [(each.title, each.authors, each.date, each.paper) for each in found] == [
        ("新路昨日通车", ("林小雨",), "2023-05-12", "青岚日报"),
        ("渡口明年搬迁", ("何田",), "2023-05-12", "青岚日报"),
    ]
    lines = source.split("\n")
    assert [lines[each.line - 1] for each in found] == ["新路昨日通车", "渡口明年搬迁"]


def test_code_on_a_web_page_is_no_page():
    source = (
        f"<html><body><h1>新路昨日通车</h1><p>{ROAD}</p><p>{FERRY}</p>"
        "<pre>1\n2\n3\n4\n5\n6\n7</pre></body></html>"
    )
    assert [each.title for each in articles("a.html", source)] == ["新路昨日通车"]


def test_what_a_digital_paper_prints_around_an_article():
    (only,) = articles(
        "a.txt",
        f"""您当前的位置：青岚日报 > 2023年05月12日 > 第02版：综合
上一篇  下一篇
新路昨日通车
作者：林小雨 来源：青岚日报 字数：320
放大 缩小 默认
　　{ROAD}
　　{FERRY}
分享到：
微信 微博
版权所有 青岚日报社 某ICP备00000000号
""",
    )
    assert (only.title, only.authors, only.date) == ("新路昨日通车", ("林小雨",), "2023-05-12")
    assert only.body.endswith(FERRY)
    assert not any(word in only.body for word in ("放大", "微博", "版权"))


def test_words_of_buttons_are_words_elsewhere():
    (only,) = articles("a.txt", f"微信\n\n{ROAD}\n村里人都用微信。\n{FERRY}\n")
    assert only.title == "微信"
