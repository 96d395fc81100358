"""The record of a page: what stands on it and in no article stands there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.article import Article, article_id
from search.papers.pages.document import articles_of
from search.papers.pages.page_fields import NOTHING
from search.papers.pages.page_record import page_record
from search.papers.pages.split import MAX_LINES, Page
from tests.conftest import ROOT
from tests.papers.reading import read_all
from tests.papers.strategies import CHINESE

PAGE = """\
望澜县报
第3版 要闻
2021年7月24日 星期六 总第763期

望澜桥开始修缮

本报讯（记者 俞白）望澜桥昨日开始修缮，工期三个月。
修缮期间，行人从下游便桥通过。

责任编辑：沈秋 热线：0000-5550123
"""

PRINTED = st.sampled_from(
    [
        *PAGE.splitlines(),
        *("三年过去", "王小明", "■王小明 摄", "下转3版", "上接第一版", "今日导读", "》", "１"),
        *("文明花开（上接A01版）", "老人说，路通了，人就回来了。", "---", "title: 甲", "", "　　"),
        *("（本报记者 俞白）", "http://example.org/1", "2 综合新闻", "# ", ">", "清新 温润 向上"),
    ]
)
TEXTS = st.lists(PRINTED | PRINTED | CHINESE | st.text(max_size=12), max_size=40).map("\n".join)


def ink(text: str) -> Counter[str]:
    return Counter(char for char in text if not char.isspace())


def things(text: str, *, markdown: bool = False) -> list[Article]:
    found = [*articles_of("a.txt", [(None, text)], markdown=markdown)]
    return [thing for thing in found if isinstance(thing, Article)]


def record_of(text: str) -> Article:
    [record] = [thing for thing in things(text) if thing.kind == "page"]
    return record


def assert_all_is_kept(text: str, found: list[Article]) -> None:
    lacking = ink(text) - ink("".join(each.title + each.body for each in found))
    assert not lacking


@given(TEXTS)
def test_every_character_is_in_an_article_or_in_the_record(text: str) -> None:
    if len(re.findall(r"(?m)^#{1,6}[^\S\n]+\S", text)) < 2:  # else the signs of Markdown go
        assert_all_is_kept(text, things(text))


@given(TEXTS)
def test_of_markdown_only_its_signs_are_in_neither(text: str) -> None:
    plain = re.sub(r"<[^<>]*>|[#*_>]", "", text)
    assert_all_is_kept(plain, things(text, markdown=True))


@pytest.mark.parametrize("path", sorted((ROOT / "corpus").rglob("*.txt")), ids=lambda p: p.name)
def test_every_character_of_the_corpus_is_kept(path: Path) -> None:
    found = [each for each in read_all(path.name, path.read_bytes()) if isinstance(each, Article)]
    for encoding in ("utf-8-sig", "gb18030", "big5", "utf-16"):
        try:
            text = path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    assert_all_is_kept(text, found)


@given(TEXTS)
def test_lines_stand_in_the_record_where_they_stand_on_the_page(text: str) -> None:
    source = text.split("\n")
    for record in things(text):
        assert record.body_line is not None
        if record.kind == "page":
            lines = record.body.split("\n")
            assert lines[0].strip()
            assert lines[-1].strip()
            assert record.line == record.body_line
            assert record.end_line == record.line + len(lines) - 1
            for number, line in enumerate(lines, record.line):
                assert line in {"", source[number - 1]}


def test_a_record_is_of_the_page_and_says_so() -> None:
    record = record_of(PAGE)
    assert record.title == "望澜县报 2021-07-24 第3版 要闻"
    assert (record.paper, record.date, record.section) == ("望澜县报", "2021-07-24", "要闻")
    assert (record.line, record.end_line, record.authors) == (1, 10, ())
    assert record.body.split("\n") == [
        *("望澜县报", "第3版 要闻", "2021年7月24日 星期六 总第763期"),
        *("", "", "", "", "", "", "责任编辑：沈秋 热线：0000-5550123"),
    ]


def test_the_page_on_which_a_headline_began_is_in_the_record() -> None:
    text = "文明花开（上接A01版）\n\n本报讯（记者 俞白）老人说，路通了，人就回来了。\n"
    article, record = things(text)
    assert article.title == "文明花开"
    assert record.body == "文明花开（上接A01版）"
    assert record.title == "文明花开（上接A01版）"  # nothing else is known of the page


def test_a_page_without_furniture_has_no_record() -> None:
    assert [each.kind for each in things("修桥\n\n望澜桥开始修缮。\n")] == ["article"]


def test_a_record_has_paper_and_day_of_the_pages_before() -> None:
    pages = [("p. 1", PAGE), ("p. 2", "热线：0000-5550123\n\n防汛\n\n大坝昨日合龙。\n")]
    found = [each for each in articles_of("a.pdf", pages) if isinstance(each, Article)]
    last = found[-1]
    assert (last.kind, last.part, last.title) == ("page", "p. 2", "望澜县报 2021-07-24 p. 2")


def test_the_ids_of_articles_are_what_they_are_without_records() -> None:
    article, record = (each for each in read_all("a.txt", PAGE) if isinstance(each, Article))
    assert article.id == article_id("a.txt", None, article.title, article.body)
    assert record.id != article_id("a.txt", None, record.title, record.body)


def test_a_page_of_nothing_but_furniture_is_bounded() -> None:
    text = "热线：0000-5550123\n" * MAX_LINES
    found = things(text)
    assert sum(len(each.body) for each in found) <= len(text)
    assert_all_is_kept(text, found)


def test_a_line_whose_middle_is_in_an_article_is_whole_in_the_record():
    page = Page("望澜县报", None, None, (), furniture=((1, "甲"), (3, "乙 "), (3, " 丙")))
    record = page_record(page, "a.txt", None, NOTHING)
    assert record
    assert [line.split() for line in record.body.split("\n")] == [["甲"], [], ["乙", "丙"]]
