import time
from pathlib import Path

import pytest

from search.model.errors import PaperError
from search.papers.readers.html.tree import parse, text_of
from tests.papers.reading import read

pytest.importorskip("lxml")

PAGES = Path(__file__).parent / "html_pages"


def page(name):
    return read(name, (PAGES / name).read_bytes())


# What the article of each page is: title, date, paper, authors, address.
SAID = {
    "news_site.html": (
        "山口乡通了第一班客车",
        "2021-03-04",
        "山城新闻网",
        ("林小雨", "何田"),
        "https://news.shancheng.example/2021/03/04/first-bus.html",
    ),
    "old_table.html": (
        "渡口撤了，大桥通了",
        "2003-09-17",
        "河边晚报",
        ("高野",),
        "http://www.hebian.example/gb/content/2003-09/17/content_88.htm",
    ),
    "digital_paper.html": ("麦田里来了新机手", "2018-06-11", "平原日报", ("田麦", "沈秋"), None),
    "portal.html": ("水库冬捕第一网出了八万斤鱼", "2019-12-28", "北岭日报", ("乔木",), None),
    "mobile.html": (
        "在旧书店里遇见一封没有寄出的信",
        "2022-10-09",
        "拾光副刊",
        ("白杨",),
        "https://m.shiguang.example/s/abc",
    ),
    "big5.html": ("港邊老戲院重新開幕", "2007-11-03", "海風日報", ("江海",), None),
    "xhtml.xhtml": ("采石场改成了花园", "2016-04-02", "石桥报", (), None),
}

# The paragraphs of each, by their first characters, and what stands beside the article.
TEXT = {
    "news_site.html": (
        "三月四日清早 这条路修了两年。全长 村民在晒谷场 等车的人 七十三岁 司机姓陈 短句。 路通了， 客车每天",
        "网友 县里今年 版权 阅读 分享 首页 备案",
    ),
    "old_table.html": ("本报讯（记者 大桥长 吴师傅也 渡口的牌子", "早市 版权 首页 责任编辑 09:12"),
    "digital_paper.html": (
        "三夏一线 ——河东村 本报记者 六月的风 “师傅， 今年春上 到昨天傍晚",
        "第01版 夏粮 上一篇 放大 版权",
    ),
    "portal.html": (
        "原标题： 北岭日报讯 凌晨四点 鱼把头在收网 “八万斤， 水库管理处",
        "房产 雪后 一座小站 关于我们 看着就香 登录 责任编辑 QQ",
    ),
    "mobile.html": ("那本诗集 翻到第四十七页 店主说 我把信", "脚本 留言 2022"),
    "big5.html": ("〔記者江海 港邊的老戲院 老放映師 戲院保留", "上一則 回首頁"),
    "xhtml.xhtml": ("石桥镇的 从前运 看园子", "2016"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_a_page_says_of_its_article(name):
    (article,) = page(name)
    said = (article.title, article.date, article.paper, article.authors, article.url)
    assert said == SAID[name]


@pytest.mark.parametrize("name", TEXT)
def test_the_article_is_all_there_and_nothing_beside_it(name):
    (article,) = page(name)
    begins, beside = (part.split() for part in TEXT[name])
    lines = [line for line in article.body.split("\n") if len(begins) and line]
    wanted = iter(lines)
    for begin in begins:  # in this order
        assert any(line.startswith(begin) for line in wanted), begin
    assert len(lines) <= len(begins) + 1
    for word in beside:
        assert word not in article.body


def test_a_page_of_a_paper_holds_several_articles():
    first, second, third = page("page_of_articles.html")
    assert [a.title for a in (first, second, third)] == [
        "菜场装了电子秤",
        "夜校开了缝纫班",
        "湖边小路亮了灯",
    ]
    assert {(a.paper, a.date) for a in (first, second, third)} == {("湖畔周报", "2012-05-20")}
    assert (first.authors, second.authors, third.authors) == (("杜若",), ("柳青",), ())
    assert first.line < second.line < third.line


def test_headings_in_an_article_do_not_part_it():
    text = "".join(f"<h2>小标题{n}</h2><p>这是第{n}段，写的是路。</p>" for n in range(4))
    (article,) = read("a.html", f"<title>路</title><h1>山里修路的人们</h1><div>{text}</div>")
    assert article.title == "山里修路的人们"
    assert article.body.count("小标题") == 4


def test_lines_are_those_of_the_source():
    (article,) = page("news_site.html")
    source = (PAGES / "news_site.html").read_text("utf-8").split("\n")
    assert "<h1" in source[article.line - 1]
    assert "末班车" in source[article.end_line - 1]
    assert article.body_line is None


def test_a_frameset_holds_no_article():
    assert page("frames.html") == []


@pytest.mark.parametrize("data", [b"", b"  \n", b"<!-- -->", b"<html></html>", b"<p></p>"])
def test_a_page_without_text_yields_nothing(data):
    assert read("a.html", data) == []


def test_verse_has_no_sentences_and_is_kept():
    (article,) = read(
        "a.html",
        "<title>雪</title><div><a href=x>首页</a></div><div>雪落山口<br>路白如纸<br>人归</div>",
    )
    assert article.body == "雪落山口\n路白如纸\n人归"


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("gb18030", '<meta charset="gb2312">'),
        ("gbk", '<META http-equiv=Content-Type content="text/html; charset=GBK">'),
        ("big5", "<meta charset=big5>"),
        ("utf-8", "<meta charset=utf-8>"),
        ("utf-8", ""),
        ("utf-8-sig", "<meta charset=gb2312>"),
        ("utf-16", ""),
        ("shift_jis", "<meta charset=shift_jis>"),
        ("utf-8", "<meta charset=no-such-thing>"),
        ("utf-8", "<meta charset=ascii>"),
    ],
)
def test_the_encoding_is_the_one_a_page_names_if_it_fits(encoding, says):
    text = f"<html><head>{says}</head><body><p>山口在東方，今日通車。</p></body></html>"
    assert "山口在東方，今日通車。" in text_of(text.encode(encoding))


def test_the_encoding_of_an_xml_declaration():
    text = (
        '<?xml version="1.0" encoding="Big5"?><html><body><p>港邊的老戲院，昨晚。</p></body></html>'
    )
    assert "老戲院" in text_of(text.encode("big5"))


def test_a_page_in_a_web_archive():
    body = "<title>雪</title><p>路通了，人就回来了。</p>".encode("gbk")
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/html; charset=gbk\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body + b"\r\n--x--\r\n"
    )
    (article,) = read("a.mhtml", data)
    assert article.body == "路通了，人就回来了。"
    with pytest.raises(PaperError, match="no HTML page"):
        read("a.mht", b"MIME-Version: 1.0\r\n\r\nabc")


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "font"])
def test_nesting_100_000_deep_is_refused_at_once(tag):
    begun = time.monotonic()
    with pytest.raises(PaperError, match=r"more than 2,048 deep; open it in a browser"):
        read("a.html", f"<{tag}>" * 100_000 + "<p>路通了，人就回来了。</p>")
    assert time.monotonic() - begun < 10


def test_nesting_as_broken_pages_have_it_is_read():
    (article,) = read("a.html", "<font><b>" * 600 + "路通了，人就回来了。")
    assert article.body == "路通了，人就回来了。"


def test_a_page_that_is_something_else_says_so():
    with pytest.raises(PaperError, match="this is a PDF"):
        read("a.html", b"%PDF-1.4")


def test_entities_are_not_multiplied():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
    )
    root = parse(f"<?xml version='1.0'?>{bomb}]><html><body><p>&k;</p></body></html>".encode())
    assert len("".join(root.itertext())) < 2000


def test_control_characters_and_nuls_do_no_harm():
    (article,) = read("a.html", "<p>路通了，\x1b[31m人就回来了。&#0;&#xD800;</p>")
    assert article.body.startswith("路通了，")
    assert "\x00" not in article.body


def test_without_lxml_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "lxml", None)
    with pytest.raises(PaperError, match=r"reading HTML needs lxml: pip install 'sou\[html\]'"):
        read("a.html", "<p>路</p>")


def test_too_many_paragraphs_are_refused_at_once():
    begun = time.monotonic()
    with pytest.raises(PaperError, match=r"more than 100,000 paragraphs on one page; split it"):
        read("a.html", "<p>路" * 200_000)
    with pytest.raises(PaperError, match=r"more than 1,000,000 tags on one page"):
        read("a.html", "<p>" * 1_000_001)
    assert time.monotonic() - begun < 20
