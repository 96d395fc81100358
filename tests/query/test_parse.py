"""The query language: what is read how, and what is said of what cannot be read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import QueryError
from search.query.parse import literal, parse, plain_words
from search.query.tree import (
    And,
    Bag,
    DateRange,
    Everything,
    Not,
    Or,
    Phrase,
    Word,
    relaxed,
    render,
)
from tests.strategies import QUERIES

READ = [
    ("志愿服务", Word("志愿服务")),
    ("網格　２０２３", And((Word("网格"), Word("2023")))),
    ("台风 受灾 OR 暴雨", Or((And((Word("台风"), Word("受灾"))), Word("暴雨")))),
    ("台风 ＯＲ 暴雨", Or((Word("台风"), Word("暴雨")))),
    ("台风｜暴雨", Or((Word("台风"), Word("暴雨")))),
    ("台风 || 暴雨 && 雪", Or((Word("台风"), And((Word("暴雨"), Word("雪")))))),
    ("会议 -旅游", And((Word("会议"), Not(Word("旅游"))))),
    ("会议 －旅游", And((Word("会议"), Not(Word("旅游"))))),
    ("NOT NOT 会议", Word("会议")),
    ('-"机密 文件"', Not(Phrase("机密文件"))),
    ("“关心 下一代”", Phrase("关心下一代")),
    ("「关心下一代」", Phrase("关心下一代")),
    ("『关心」下一代』", Phrase('关心"下一代')),
    ("（台风）", Word("台风")),
    ("标题：会议", Word("会议", "title")),
    ("title:(会议 | 大会)", Or((Word("会议", "title"), Word("大会", "title")))),
    ('author:"王 安冉"', Phrase("王安冉", "author")),
    ("date:2023-08", DateRange(20230801, 20230831)),
    ("日期：2023年8月", DateRange(20230801, 20230831)),
    ("2023-01..2023-08", DateRange(20230101, 20230831)),
    ("2015..", DateRange(20150101, 99991231)),
    ("..2015", DateRange(0, 20151231)),
    ("since:2020-02", DateRange(20200201, 99991231)),
    ("until:2020-02", DateRange(0, 20200231)),
    ("*", Everything()),
    ("and or not", And((Word("and"), Word("or"), Word("not")))),
    ("曹县：大会", Word("曹县:大会")),
    ("http://example.com", Word("http://example.com")),
    ("8:30", Word("8:30")),
    ("e-mail", Word("e-mail")),
    ("。", Word("。")),
    ("...", Word("...")),
    ("时间：上午", Word("时间:上午")),
    ("PPT:汇报", Word("ppt:汇报")),
]


@pytest.mark.parametrize(("text", "tree"), READ)
def test_reading(text: str, tree: object) -> None:
    assert parse(text) == tree


UNREADABLE = [
    ('"志愿', 0, "never closed"),
    ("志愿 (服务", 3, "never closed"),
    ("志愿)", 2, "never opened"),
    ("志愿 OR", 3, "nothing follows OR"),
    ("AND 志愿", 0, "nothing stands before AND"),
    ("志愿 AND AND 服务", 3, "nothing follows AND"),
    ("()", 0, "nothing between"),
    ("NOT", 0, "nothing follows NOT"),
    ("titel:志愿", 0, "no field 'titel'"),
    ("title:", 0, "nothing follows"),
    ("date:某日", 5, "not a date"),
    ("date:2023-13", 5, "not a date"),
    ("", 0, "empty"),
    (" \u3000", 0, "empty"),
    ("会议 “”", 3, "nothing to search for"),
    ("(", 0, "never closed"),
    ("2023-13..2024", 0, "not a date"),
    ("2024..2023", 0, "ends before"),
    ("since:2020..2021", 6, "not a date"),
]


@pytest.mark.parametrize(("text", "start", "message"), UNREADABLE)
def test_errors_point_at_the_place(text: str, start: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        parse(text)
    assert caught.value.start == start
    assert caught.value.start < caught.value.end


@given(st.text('志a "“”()（）|-－:：*.OANDRT「」', max_size=30) | st.text(max_size=30))
@example("(" * 5000)
@example("-" * 5000)
@example("”")
def test_any_text_gives_a_tree_or_one_clear_error(text: str) -> None:
    error = None
    try:
        assert render(parse(text))
    except QueryError as caught:
        error = caught
    if error:
        assert error.message
        assert 0 <= error.start < error.end
        assert error.start <= len(error.query)


@given(QUERIES)
def test_made_queries_are_readable(query: str) -> None:
    parse(query)


def test_a_query_may_be_long_but_not_a_file() -> None:
    assert parse("网格" * 5000) == Word("网格" * 5000)
    with pytest.raises(QueryError, match="20,000"):
        parse("网" * 20001)


def test_literal_and_plain_words_know_no_operators() -> None:
    assert literal('网格 OR "服务') == Phrase('网格or"服务')
    assert plain_words("网格 -服务") == Bag("网格-服务")


def test_relaxing_keeps_filters_and_exclusions() -> None:
    assert relaxed(parse("台风 受灾 -旅游 author:王安 2020..")) == And(
        (
            Or((Bag("台风"), Bag("受灾"))),
            Not(Word("旅游")),
            Word("王安", "author"),
            DateRange(20200101, 99991231),
        )
    )
    assert relaxed(parse("“台风”")) is None
    assert relaxed(parse("title:网格化管理")) == Bag("网格化管理", "title")
    assert relaxed(parse("author:王安")) is None
