"""The query language: what is read how, and what is said of what cannot be read."""

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.model.errors import QueryError
from search.query.ast import (
    And,
    Bag,
    DateRange,
    Everything,
    Fuzzy,
    Near,
    Not,
    Or,
    Pages,
    PathGlob,
    Phrase,
    Pinyin,
    Regex,
    Wildcard,
    Word,
    relaxed,
)
from search.query.explain import explained
from search.query.parser import literal, parse, plain_words
from tests.conftest import ROOT, examples
from tests.strategies import PATTERN_QUERIES, QUERIES

TWENTY_THOUSAND = ("20000", "20,000", "2万", "二万", "两万")

READ = [
    ("志愿服务", Word("志愿服务")),
    ("網格　２０２３", And((Word("网格"), Word("2023")))),
    ("台风 受灾 OR 暴雨", Or((And((Word("台风"), Word("受灾"))), Word("暴雨")))),
    ("台风 ＯＲ 暴雨", Or((Word("台风"), Word("暴雨")))),
    ("台风｜暴雨", Or((Word("台风"), Word("暴雨")))),
    ("台风 || 暴雨 && 雪", Or((Word("台风"), And((Word("暴雨"), Word("雪")))))),
    ("会议 -旅游", And((Word("会议"), Not(Phrase("旅游", bare=True))))),
    ("会议 －旅游", And((Word("会议"), Not(Phrase("旅游", bare=True))))),
    ("-(甲 | 作者:乙)", Not(Or((Phrase("甲", bare=True), Phrase("乙", "author", bare=True))))),
    ("-(甲 -乙)", Not(And((Phrase("甲", bare=True), Not(Word("乙")))))),
    ("-甲^2 丙", And((Not(Phrase("甲", None, 2.0, bare=True)), Word("丙")))),
    ("-20000", Not(Or(tuple(map(Phrase, TWENTY_THOUSAND))))),
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
    # Wildcards.
    ("网格*管理", Wildcard(("网格", "管理"), ((0, 8),))),
    ("青?捡跑", Wildcard(("青", "捡跑"), ((1, 1),))),
    ("青？捡跑", Word("青?捡跑")),
    ("长期鼻塞？？警惕＊偏曲？", Word("长期鼻塞??警惕*偏曲?")),
    ("ａ？ｂ", Wildcard(("a", "b"), ((1, 1),))),
    ("为什么》？专家", Word("为什么》?专家")),
    ("青？捡?跑", Wildcard(("青?捡", "跑"), ((1, 1),))),
    ("a??b", Wildcard(("a", "b"), ((2, 2),))),
    ("標題?*了", Wildcard(("标题", "了"), ((1, 9),))),
    ("网格*", Phrase("网格")),
    ("*管理", Phrase("管理")),
    ("＊网*格＊", Wildcard(("网", "格"), ((0, 8),))),
    ("为什么？", Word("为什么?")),
    ("??", Word("??")),
    (r"3\*5", Word("3*5")),
    (r"怎么\?办", Word("怎么?办")),
    ("“网格*”", Phrase("网格*")),
    ("title:网格*员", Wildcard(("网格", "员"), ((0, 8),), "title")),
    ("path:*/2023/*.txt", PathGlob("*/2023/*.txt")),
    (r"C:\papers", Word(r"c:\papers")),
    # Fuzzy.
    ("关工委~", Fuzzy("关工委")),
    ("关工委～1", Fuzzy("关工委")),
    ("关心下一代人～2", Fuzzy("关心下一代人", edits=2)),
    ("“关心 下一代人”~2^3", Fuzzy("关心下一代人", None, 3.0, 2)),
    ("“关工 委”~", Fuzzy("关工委")),
    ("title:關工委~^2", Fuzzy("关工委", "title", 2.0)),
    ("5~8", Word("5~8")),
    ("1997～1", Word("1997~1")),
    (r"网格\~", Word("网格~")),
    # NEAR.
    ("志愿 NEAR/5 服务", Near((("志愿",), ("服务",)), (5,))),
    ("志愿 ＮＥＡＲ／３ “服务”", Near((("志愿",), ("服务",)), (3,))),
    ("志愿 NEAR 服务", Near((("志愿",), ("服务",)), (10,))),
    ("(甲 | 乙) NEAR/1 丙 NEAR/2 丁", Near((("甲", "乙"), ("丙",), ("丁",)), (1, 2))),
    ("title:(甲 NEAR/1 乙)", Near((("甲",), ("乙",)), (1,), "title")),
    ("-甲 NEAR/1 乙 丙", And((Not(Near((("甲",), ("乙",)), (1,))), Word("丙")))),
    ("near", Word("near")),
    ("志愿 ADJ/5 服务", Near((("志愿",), ("服务",)), (5,), ordered=frozenset({0}))),
    ("志愿 ＡＤＪ 服务", Near((("志愿",), ("服务",)), (10,), ordered=frozenset({0}))),
    (
        "甲 NEAR/2 乙 ADJ/3 丙",
        Near((("甲",), ("乙",), ("丙",)), (2, 3), ordered=frozenset({1})),
    ),
    ("adj", Word("adj")),
    # Boosts.
    ("会议^2", Word("会议", None, 2.0)),
    ("“会议”^0.5", Phrase("会议", None, 0.5)),
    ("(甲 乙^2)＾３", And((Word("甲", None, 3.0), Word("乙", None, 6.0)))),
    (r"a\^b", Word("a^b")),
    # Pinyin.
    ("py:wangge", Pinyin((("wang", "ge"),))),
    ("拼音:wang3ge2", Pinyin((("wang3", "ge2"),))),
    ("title:py:“nü ren”^2", Pinyin((("nv", "ren"),), "title", 2.0)),
    ("py:xian", Pinyin((("xi", "an"),))),
    ("py:wángge", Pinyin((("wang2", "ge"),))),
    ("py:ＹÍNHÁNG", Pinyin((("yin2", "hang2"),))),
    ("py:xīān", Pinyin((("xi1", "an1"),))),
    ("py:“lǜ nu:rén”", Pinyin((("lv4", "nv", "ren2"),))),
    ("py:wgh", Pinyin((("w*", "g*", "h*"),))),
    ("py:zhjl", Pinyin((("zh*", "j*", "l*"), ("z*", "h*", "j*", "l*")))),
    ("py:ayh", Pinyin((("a*", "y*", "h*"),))),
    ("py:“wang gh”", Pinyin((("wang", "g*", "h*"),))),
    ("py:zhl", Pinyin((("z*", "h*", "l*"),))),
    # Regular expressions.
    ("/網格\\S{2}/", Regex(r"网格\S{2}")),
    ("title:/Ａ b|c/^2 x", And((Regex("a b|c", "title", 2.0), Word("x")))),
    ("/usr/bin", Word("/usr/bin")),
    ("path:/usr/", Word("/usr/", "path")),
    ("2023/8/22", Word("2023/8/22")),
    # Dates, counted from the first of May 2024.
    ("date:去年", DateRange(20230101, 20231231)),
    ("date:上個月", DateRange(20240401, 20240431)),
    ("起:近30天", DateRange(20240402, 99991231)),
    ("until:前天", DateRange(0, 20240429)),
    ("date:去年..本月", DateRange(20230101, 20240531)),
    ("date:最近一周", DateRange(20240425, 20240501)),
    ("date:近半年", DateRange(20231102, 20240501)),
    ("去年", Word("去年")),
    # Numbers.
    ("2023", Word("2023")),
    ("20000", Or(tuple(map(Phrase, TWENTY_THOUSAND)))),
    (
        "title:２万^2",
        Or(tuple(Phrase(x, "title", 2.0) for x in ("2万", "20000", "20,000", "二万", "两万"))),
    ),
    ("30余", Or(tuple(map(Phrase, ("30余", "30多", "三十余", "三十多"))))),
    ("“20000”", Phrase("20000")),
    ("30余人", Word("30余人")),
    ("path:20000", Word("20000", "path")),
    ("甲 NEAR/3 1000", Near((("甲",), ("1000", "1,000", "一千")), (3,))),
]

MAY = dt.date(2024, 5, 1)


@pytest.mark.parametrize(("text", "tree"), READ)
def test_reading(text: str, tree: object) -> None:
    if "py:" in text or "拼音" in text:
        pytest.importorskip("pypinyin")
    assert parse(text, MAY) == tree


UNREADABLE = [
    ('"-志愿', 0, "never closed"),
    ("志愿 (-服务", 3, "never closed"),
    ("-志愿)", 3, "never opened"),
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
    ("会议 -“”", 4, "nothing to search for"),
    ("(", 0, "never closed"),
    ("2023-13..2024", 0, "not a date"),
    ("2024..2023", 0, "ends before"),
    ("since:2020..2021", 6, "not a date"),
    ("会议 title:*", 9, "only wildcards"),
    ("网格~", 0, "~ needs 3 to 32 characters; this has 2"),
    ("关工委~4", 0, "one wrong character"),
    ("关工*委~", 0, "cannot be combined with"),
    ("(关工委 会议)~", 8, "must follow a word"),
    ("网格^", 0, "must be followed by a number"),
    ("网格^0", 0, "must be followed by a number"),
    ("网格^101", 0, "must be followed by a number"),
    ("“网格”^x", 4, "must be followed by a number"),
    ("“网格”~x", 4, "neither ~ nor"),
    ("a*b*c*d*e*f*g*h*i*j", 0, "at most 8 places"),
    ("甲?????????乙", 0, r"at most 8 \? can stand"),
    ("志愿 NEAR/x 服务", 3, "a number of characters"),
    ("志愿 NEAR/5", 3, "nothing follows NEAR/5"),
    ("志愿 ADJ/1001 服务", 3, "ADJ/ must be followed"),
    ("志愿 ADJ", 3, "nothing follows ADJ"),
    ("志愿 ADJ 服?务", 7, "beside ADJ"),
    ("甲乙丙丁戊~2", 0, "~2 needs 6 to 32 characters; this has 5"),
    ("甲乙丙丁戊己~3", 0, "~ allows one wrong character, or with ~2 two"),
    ("NEAR 志愿", 0, "nothing stands before NEAR"),
    ("志愿 NEAR (甲 乙)", 8, "only words"),
    ("志愿 NEAR title:服务", 3, "in one field"),
    ("/网(格/", 0, "not a valid regular expression"),
    ("会议 /网*/", 3, "matches the empty string"),
    ("/" + "a" * 501 + "/", 0, "at most 500"),
    ("会议 " * 1001, 3000, "at most 1,000"),
    ("甲?乙 " * 33, 128, "at most 32 wildcards"),
]


@pytest.mark.parametrize(("text", "start", "message"), UNREADABLE)
def test_errors_point_at_the_place(text: str, start: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        parse(text)
    assert caught.value.start == start
    assert caught.value.start < caught.value.end


SIGNS = '志愿服务 "“”()（）|-－:：*?？~～^.,/\\\\1万余「」'
TOKENS = st.sampled_from(
    [
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "title:",
        "作者：",
        "date:",
        "去年",
        "py:",
        "wangge",
        "/a+/",
        "^2",
    ]
)


@settings(max_examples=examples(1000))
@given(
    st.text(SIGNS, max_size=30)
    | st.lists(TOKENS | st.sampled_from(SIGNS), max_size=12).map("".join)
    | st.text(max_size=30)
)
@example("(" * 5000)
@example("-" * 5000)
@example("”")
@example("/(" + "(a{1000}" * 60 + "){1000}" * 60 + ")/")
@example("1" * 5000)
@example("甲" + "*" * 5000 + "乙")
@example("\\\\" * 5000)
@example("py:" + "xian" * 40)
@example("date:近9999年..")
def test_any_text_gives_a_tree_or_one_clear_error(text: str) -> None:
    error = None
    try:
        assert list(explained(parse(text)))
    except QueryError as caught:
        error = caught
    if error:
        assert error.message
        assert 0 <= error.start < error.end
        assert error.start <= len(error.query)


@given(QUERIES | PATTERN_QUERIES)
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
            Not(Phrase("旅游", bare=True)),
            Word("王安", "author"),
            DateRange(20200101, 99991231),
        )
    )
    assert relaxed(parse("“台风”")) is None
    assert relaxed(parse("title:网格化管理")) == Bag("网格化管理", "title")
    assert relaxed(parse("author:王安")) is None


def test_patterns_are_parts_of_a_partial_match() -> None:
    assert relaxed(parse("台风 网格*管理 author:王?安")) == And(
        (
            Or((Bag("台风"), parse("网格*管理"))),
            parse("author:王?安"),
        )
    )
    assert relaxed(parse("台风^2 洪水")) == Or((Bag("台风", None, 2.0), Bag("洪水")))


def test_an_explanation_says_what_is_looked_for() -> None:
    lines = list(explained(parse("网格化^2 /水[库位]/ -/\\d+/")))
    assert "  words '网格化' times 2" in " \n".join(lines)
    assert "'网格化': words 网格化; pairs 网格 格化" in lines
    assert any(line.endswith("string '水库'") for line in lines)
    assert any("tried on every article" in line for line in lines)


def test_plain_queries_load_nothing_for_patterns() -> None:
    code = (
        "import sys\n"
        "from search.query.parser import parse\n"
        "parse('志愿服务 OR (网格 -\"会议\") title:桥')\n"
        "names = ('chunk', 'match', 'numbers', 'pinyin', 'regexp', 'explain')\n"
        "loaded = {f'search.query.{n}' for n in names} | {'regex', 'pypinyin', 'decimal'}\n"
        "assert not loaded & set(sys.modules), loaded & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("in:page", Pages()),
        ("in:page 总第763期", And((Pages(), Word("总第763期")))),
        ("总第763期 in：page", And((Pages(), Word("总第763期")))),
        ("IN:版面 「甲」", And((Pages(), Phrase("甲")))),
        ("in:page in:page 甲", And((Pages(), Word("甲")))),
        ("in:page (甲 OR 乙)", And((Pages(), Or((Word("甲"), Word("乙")))))),
        ("(in:page 甲) 乙", And((Pages(), Word("甲"), Word("乙")))),
        ("in:page -甲", And((Pages(), Not(Phrase("甲", bare=True))))),
        ("in:title 甲 正文:乙", And((Word("甲", "title"), Word("乙", "body")))),
        ("in:作者 甲 OR 乙", None),
        ("in:作者 (甲 OR 乙)", Or((Word("甲", "author"), Word("乙", "author")))),
    ],
)
def test_where_a_whole_query_looks(query, tree):
    if tree is None:
        with pytest.raises(QueryError, match="for the whole query"):
            parse(query)
    else:
        assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        ("in:page 甲 | 乙", (0, 7), "for the whole query"),
        ("甲 | in:page 乙", (4, 11), "for the whole query"),
        ("甲 (乙 | in:page)", (7, 14), "for the whole query"),
        ("甲 -in:page", (3, 10), "for the whole query"),
        ("NOT (甲 in:page)", (7, 14), "for the whole query"),
        ("标题:(甲 in:page)", (6, 13), "for the whole query"),
        ("in:page in:title 甲", (8, 16), "one place only"),
        ("in:title", (0, 8), "nothing to search for"),
        ("in:报纸 甲", (3, 5), "must be followed by page"),
        ("in:「page」", (0, 3), "must be followed by page"),
        ("甲 in:", (2, 5), "must be followed by page"),
        ("标题:in:page", (0, 3), "must be followed by"),
    ],
)
def test_a_place_that_is_not_for_the_whole_query(query, place, message):
    with pytest.raises(QueryError, match=message) as caught:
        parse(query)
    if not query.startswith("标题:in"):
        assert (caught.value.start, caught.value.end) == place


@pytest.mark.parametrize("query", ["page:第三版^2", "page:3^2", "page:３＾２", 'page:"03版"^2'])
def test_a_page_may_count_more_and_is_the_same_page(query):
    assert parse(query) == Phrase("第3版", "page", 2.0)


@pytest.mark.parametrize("query", ["page:1..9999", "page:3..1", "page:1..", "issue:..9"])
def test_a_range_of_pages_that_is_none_is_pointed_at(query):
    with pytest.raises(QueryError, match="range") as found:
        parse(query)
    assert query[found.value.start :] == query.partition(":")[2]
