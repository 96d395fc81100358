"""The words and signs of the query language, one by one, and its limits to the last place."""

from __future__ import annotations

from itertools import product

import pytest

from search.analysis.fold import fold
from search.model.errors import QueryError
from search.query.ast import (
    And,
    DateRange,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Pinyin,
    Regex,
    Wildcard,
    Word,
)
from search.query.lexer import tokens
from search.query.parser import literal, parse, plain_words

FIELDS = {
    "title": "title 标题 题目 TITLE ｔｉｔｌｅ 標題",
    "body": "body text 正文 内容 內容",
    "author": "author authors 作者 记者 記者",
    "paper": "paper source 报纸 报 来源 報",
    "section": "section 栏目 版面 欄目",
    "path": "path 路径 文件",
    "edition": "edition 版别",
}
"""docs/query.md, "Fields"; a field is folded as every text is."""


@pytest.mark.parametrize(
    ("field", "name"), [(f, name) for f, names in FIELDS.items() for name in names.split()]
)
def test_names_of_fields(field: str, name: str) -> None:
    for colon in ":：":
        assert parse(f"{name}{colon}桥") == Word("桥", field)
        assert parse(f"{name} {colon}桥") != Word("桥", field)


@pytest.mark.parametrize("name", ["date", "日期", "since", "起", "until", "止"])
def test_names_of_dates(name: str) -> None:
    until = name in {"until", "止"}
    since = name in {"since", "起"}
    expected = DateRange(0 if until else 20230801, 99991231 if since else 20230831)
    assert parse(f"{name}:2023-08") == expected


@pytest.mark.parametrize("name", ["py", "pinyin", "拼音"])
def test_names_of_pinyin(name: str) -> None:
    pytest.importorskip("pypinyin")
    assert parse(f"{name}:wangge") == Pinyin((("wang", "ge"),))


@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "file", "mailto"])
def test_addresses_are_text(scheme: str) -> None:
    assert parse(f"{scheme}://a.b") == Word(f"{scheme}://a.b")


def test_a_name_of_nine_letters_is_no_field() -> None:
    """Only up to eight letters are looked at: anything longer before a colon is text."""
    assert parse("abcdefghi:x") == Word("abcdefghi:x")
    with pytest.raises(QueryError, match="no field 'abcdefgh'"):
        parse("abcdefgh:x")
    with pytest.raises(QueryError) as caught:
        parse("桥 titel:x")
    assert (caught.value.start, caught.value.end) == (2, 8)
    assert (
        "author, paper, section, path, page, issue, edition, date, since, until, py, 标题"
        in caught.value.hint
    )


QUOTES = {'"': '"“”＂', "＂": '"“”＂', "“": '"”＂', "”": '"“”＂', "「": "」", "『": "』", "‘": "’"}
"""What opens a quotation, and what closes it: OCR and keyboards mix the double ones."""


def test_quotes() -> None:
    every = set("".join(QUOTES.values()))
    for opening, closing in product(QUOTES, sorted(every)):
        text = f"{opening}甲 乙{closing}"
        if closing in QUOTES[opening]:
            assert parse(text) == Phrase("甲乙")
        else:
            with pytest.raises(QueryError, match="never closed") as caught:
                parse(f"{text} OR 丙")
            assert caught.value.start == 0


@pytest.mark.parametrize("opening", QUOTES)
def test_no_letter_closes_a_quotation(opening: str) -> None:
    inside = "甲xX1。,'" if opening != "‘" else "甲xX1。,"
    assert parse(f"{opening}{inside}{QUOTES[opening][0]}") == Phrase(fold(inside))


def test_signs_and_their_twins() -> None:
    assert parse("甲 || 乙 ｜｜ 丙 |｜ 丁") == Or(tuple(map(Word, "甲乙丙丁")))
    assert parse("（甲｜乙)丙") == And((Or((Word("甲"), Word("乙"))), Word("丙")))
    for sign in "-－−":
        assert parse(f"甲 {sign}乙") == And((Word("甲"), Not(Phrase("乙", bare=True))))
    assert parse("甲 ＡＮＤ 乙 ＆＆ 丙") == And(tuple(map(Word, "甲乙丙")))
    assert parse("a＊b") == Wildcard(("a", "b"), ((0, 8),))
    assert parse("甲*乙") == Wildcard(("甲", "乙"), ((0, 8),))
    assert parse("甲乙丙～") == parse("甲乙丙~") == parse("甲乙丙〜") == Fuzzy("甲乙丙")
    assert parse("甲＾２") == parse("甲^2") == Word("甲", None, 2.0)
    assert parse("甲^.5") == Word("甲", None, 0.5)
    # The first and the last of the signs that have full-width twins.
    assert parse("(甲 乙)＾２") == parse("(甲 乙)^2")
    assert parse(r"甲\~乙丙") == Word("甲~乙丙")


def test_where_tokens_stand() -> None:
    found = [(t.kind, t.text, t.start, t.end) for t in tokens(" 甲 ｜｜“乙”^2 NEAR/7 title:(/丙/)")]
    assert found == [
        ("chunk", "甲", 1, 2),
        ("OR", "｜｜", 3, 5),
        ("quoted", "乙", 5, 8),
        ("suffix", "^2", 8, 10),
        ("NEAR", "7", 11, 17),
        ("field", "title", 18, 24),
        ("(", "(", 24, 25),
        ("regex", "丙", 25, 28),
        (")", ")", 28, 29),
        ("end", "", 29, 29),
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("甲 |“乙", 3, 4),
        ("甲 AND", 2, 5),
        ("|| 甲", 0, 2),
        ("甲 |()", 3, 4),
        ("(-甲", 0, 1),
        ("-甲 )", 3, 4),
        ("甲 title:", 2, 8),
        ("甲 date:明天", 7, 9),
        ("甲 -“”", 3, 5),
        ("甲 NEAR/x 乙", 2, 8),
        ("甲 NEAR 乙?丙", 7, 10),
        ("title:甲 NEAR body:乙", 8, 12),
        ("甲 /网(格/", 2, 7),
        ("甲 /(?R)/", 3, 7),
        ("甲 乙丙~", 2, 5),
        ("甲 乙^x", 2, 5),
        ("title:author:甲", 6, 13),
        ("py:/甲/", 3, 6),
        ("甲 since:2020..2021", 8, 18),
    ],
)
def test_errors_mark_what_is_wrong(text: str, start: int, end: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.start, caught.value.end) == (start, end), caught.value.message


@pytest.mark.parametrize("make", [parse, literal, plain_words])
def test_nothing_is_no_query(make) -> None:
    for text in ("", " \u3000\n"):
        with pytest.raises(QueryError, match="the query is empty") as caught:
            make(text)
        assert caught.value.start == 0
    for text in ("\u200b", "\u200b\u200b\u200b"):
        with pytest.raises(QueryError, match="nothing to search for") as caught:
            make(text)
        assert (caught.value.start, caught.value.end) == (0, len(text))


def test_how_deep_a_query_may_be() -> None:
    """docs/query.md: 100 levels. What was closed is not counted."""
    assert parse("(" * 100 + "桥" + ")" * 100) == Word("桥")
    assert parse("(" * 50 + "-" * 50 + "桥" + ")" * 50) == Word("桥")
    for text in ("(" * 101 + "桥" + ")" * 101, "-" * 101 + "桥", "(" * 50 + "-" * 51 + "桥"):
        with pytest.raises(QueryError, match="deeper than 100"):
            parse(text)
    parse("((桥)) " * 200)
    parse("--桥 (-路) " * 200)
    parse("(" * 99 + "(桥) -路" + ")" * 99)
    for text in (
        "(" * 99 + "(桥) (-路)" + ")" * 99,
        "(桥) " * 50 + "(" * 101 + "桥" + ")" * 101,
        "-桥 " * 50 + "(" * 101 + "桥" + ")" * 101,
    ):
        with pytest.raises(QueryError, match="deeper than 100"):
            parse(text)


ONE_CLAUSE = [
    "桥",
    "“桥”",
    "title:桥",
    "2023",
    "2023..",
    "date:2023",
    "since:2020",
    "/ab/",
    "甲*乙",
    "py:xian",
]


@pytest.mark.parametrize("clause", ONE_CLAUSE)
def test_how_much_a_query_may_ask(clause: str) -> None:
    """docs/query.md: 1,000 words, strings, patterns and dates."""
    if "py" in clause:
        pytest.importorskip("pypinyin")
    parse("桥 " * 999 + clause)
    parse(clause + " 桥" * 999)
    for text in ("桥 " * 1000 + clause, clause + " 桥" * 1000):
        with pytest.raises(QueryError, match="at most 1,000"):
            parse(text)


@pytest.mark.parametrize(
    "pattern", ["/ab/", "甲*乙", "甲乙丙~", "“甲乙丙”~", "甲 NEAR 乙", "py:xian"]
)
def test_how_many_patterns_a_query_may_have(pattern: str) -> None:
    """docs/query.md: 32."""
    if "py" in pattern:
        pytest.importorskip("pypinyin")
    parse(f"({pattern}) " * 32)
    with pytest.raises(QueryError, match="at most 32"):
        parse(f"({pattern}) " * 33)


def test_how_long_parts_of_a_query_may_be() -> None:
    parse(f"甲{'?' * 8}乙")
    parse("*".join("abcdefghi"))
    parse("甲 NEAR/1000 乙")
    assert parse("甲" * 32 + "~") == Fuzzy("甲" * 32)
    assert parse("/" + "a" * 500 + "/") == Regex("a" * 500)
    for text in (
        f"甲{'?' * 9}乙",
        "*".join("abcdefghij"),
        "甲 NEAR/1001 乙",
        "甲" * 33 + "~",
        "/" + "a" * 501 + "/",
        "甲^100.1",
    ):
        with pytest.raises(QueryError):
            parse(text)
    assert parse("甲^100") == Word("甲", None, 100.0)


def test_boosts_of_strings_near_each_other_multiply() -> None:
    assert parse("甲^3 NEAR/2 乙^0.5 NEAR 丙") == Near(
        (("甲",), ("乙",), ("丙",)), (2, 10), None, 1.5
    )
    assert parse("(甲^5 NEAR/2 乙)^3") == Near((("甲",), ("乙",)), (2,), None, 15.0)


def test_only_words_and_strings_stand_beside_near() -> None:
    assert parse("(甲|“乙”) NEAR 丙") == Near((("甲", "乙"), ("丙",)), (10,))
    assert parse("(甲|(“乙”|丁)) NEAR 丙") == Near((("甲", "乙", "丁"), ("丙",)), (10,))
    forms = ("甲", "1000", "1,000", "一千")  # a number in an OR is an OR
    assert parse("(甲|1000) NEAR 丙") == Near((forms, ("丙",)), (10,))
    for side in ("(甲|乙*丙)", "(甲|(乙 丙))", "/甲/", "date:2023", "(甲 乙)", "*"):
        with pytest.raises(QueryError, match="can stand beside NEAR"):
            parse(f"{side} NEAR 丙")


def test_numbers_have_forms_whatever_their_first_digit() -> None:
    for digit in "123456789":
        forms = parse(f"{digit}0000")
        assert isinstance(forms, Or), digit
        assert Phrase(f"{digit}万") in forms.children
    assert parse("0000") == Word("0000")
    for field in ("paper", "section", "path"):
        assert parse(f"{field}:50000") == Word("50000", field)
    assert isinstance(parse("body:50000"), Or)
    assert parse("500") == Word("500")  # written in one way only


def test_a_suffix_belongs_to_what_stands_right_before_it() -> None:
    assert parse("“甲乙丙”~^3") == Fuzzy("甲乙丙", None, 3.0)
    assert parse("/ab/^2") == Regex("ab", None, 2.0)
    for text in ("(甲乙丙)~", "(“甲乙丙”)~"):
        with pytest.raises(QueryError, match="~ must follow a word or a quoted string"):
            parse(text)
    with pytest.raises(QueryError):
        parse("“甲乙丙” ~^x")


def test_what_follows_pinyin_is_letters() -> None:
    pytest.importorskip("pypinyin")
    assert parse("title:py:“wang ge”^2") == Pinyin((("wang", "ge"),), "title", 2.0)
    for text in ("py:(wangge)", "py:/wangge/", "py:", "py: "):
        with pytest.raises(QueryError, match="follow"):
            parse(text)
    with pytest.raises(QueryError, match="title: must be followed"):
        parse("title:-桥")
    for text, message in (
        ("py:wangge~", "~ cannot be combined with py:"),
        ("py:q7", "'q7' does not consist of pinyin syllables"),
        ("py:iu~", "'iu' does not consist of pinyin syllables, nor of their initials"),
        ("py:wáx", "'wa2x' does not consist of pinyin syllables"),
        ("py:qq", "initials occur in nearly every article"),
        ("py:zh", "initials occur in nearly every article"),
        ("py:zhshzhshzhsh", "more than 16 ways"),
        ("py:" + "b" * 13, "more than 12 syllables"),
        ("py:wang", "a single syllable"),
    ):
        with pytest.raises(QueryError, match=message):
            parse(text)


def test_gaps_of_several_signs() -> None:
    for signs, gap in (
        ("*", (0, 8)),
        ("?*", (1, 9)),
        ("*?", (1, 9)),
        ("??*?", (3, 11)),
        ("**", (0, 8)),
    ):
        assert parse(f"x{signs}x") == Wildcard(("x", "x"), (gap,)), signs
    assert parse("x?x*x") == Wildcard(("x", "x", "x"), ((1, 1), (0, 8)))
    assert parse("?x*x?") == Wildcard(("?x", "x?"), ((0, 8),))
