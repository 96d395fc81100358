"""Queries as they are pasted: invisible characters, quotes in quotes, halves of pairs."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.engines.port import SearchRequest, Top
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.model.errors import QueryError
from search.query.ast import And, Node, Phrase, Word, leaves
from search.query.parser import parse, read
from tests.strategies import PATTERN_QUERIES, QUERIES, TEXT, corpora

UNSEEN = "\u200b\u200d\ufeff\u00ad\u202e\u2060\x07"


@given(
    QUERIES | PATTERN_QUERIES | st.sampled_from(["甲 OR", "甲 -(乙", "titel:甲", "date:某天"]),
    st.data(),
)
def test_what_cannot_be_seen_changes_nothing(query: str, data: st.DataObject) -> None:
    given_text = list(query)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(given_text)))
        given_text.insert(place, data.draw(st.sampled_from(UNSEEN)))
    text = "".join(given_text)

    def tried(query: str) -> tuple[object, ...]:
        try:
            return (parse(query),)
        except QueryError as error:
            marked = error.query[error.start : error.end]
            return error.message, "".join(char for char in marked if char not in UNSEEN)

    assert tried(text) == tried(query)


def test_an_error_points_into_what_was_typed() -> None:
    with pytest.raises(QueryError) as caught:
        parse("\u200b甲\u200b OR\u200d")
    assert (caught.value.query, caught.value.start, caught.value.end) == (
        "\u200b甲\u200b OR\u200d",
        4,
        6,
    )


PAIRS = ["“”", "「」", "『』", "‘’"]
INSIDE = st.recursive(
    st.text("甲乙 丙，", min_size=1, max_size=3),
    lambda inner: st.tuples(st.sampled_from(PAIRS), inner, inner).map(
        lambda of: f"{of[0][0]}{of[1]}{of[0][1]}{of[2]}"
    ),
    max_leaves=6,
)


@given(st.sampled_from([*PAIRS, '""']), INSIDE, INSIDE)
def test_quotations_stand_in_quotations(pair: str, text: str, other: str) -> None:
    assume(fold(text) and fold(other))
    assume(pair != '""' or "“ " not in text + other)  # before a space it closes a straight one
    found = parse(f"{pair[0]}{text}{pair[1]} {pair[0]}{other}{pair[1]}")
    assert found == And((Phrase(fold(text)), Phrase(fold(other))))


@pytest.mark.parametrize(
    ("query", "strings"),
    [
        ('"坚持“四个自信”不动摇"', ["坚持“四个自信”不动摇"]),
        ('"“双减”"', ["“双减”"]),
        ('“坚持"四个自信"不动摇”', ['坚持"四个自信"不动摇']),
        ('“双减" "双增”', ["双减", "双增"]),
        ('"甲“ 乙', ["甲", None]),
        ('“甲"乙', ["甲", None]),
        ('“甲" 乙 “丙"', ["甲", None, "丙"]),
        ("”角瓜“", ["角瓜"]),
        ("“甲「乙” 丙", ["甲「乙", None]),
        ("“甲“乙” 丙", ["甲“乙", None]),
        ("『关心」下一代』", ["关心」下一代"]),
        ('「"甲"」', ['"甲"']),
    ],
)
def test_where_quotations_end(query: str, strings: list[str | None]) -> None:
    found = [leaf.text if isinstance(leaf, Phrase) else None for leaf in leaves(parse(query))]
    assert found == [text and fold(text) for text in strings]


@pytest.mark.parametrize(
    "query", ["““甲”" * 5000, "“" * 19_000, '"“' * 9000, "“「" * 9000, '“甲"' * 6000]
)
def test_any_quotes_are_read_in_time(query: str) -> None:
    """Each quote is not looked through to the end of the query: that would take minutes."""
    with pytest.raises(QueryError):
        parse(query + " OR")


AS_TEXT = [
    ("“孩子是最大的牵挂“——河北老人", ["孩子是最大的牵挂", "——河北老人"]),
    ("大道（）至路口是哪年铺设的？", ["大道", "至路口是哪年铺设的？"]),
    ("（快讯）新桥通车）", ["快讯", "新桥通车"]),
    ("新桥 “通车", ["新桥", "通车"]),
    ("新桥“”通车", ["新桥", "通车"]),
    ("（（新桥", ["新桥"]),
    ("降雨（30～60毫米", ["降雨", "30～60毫米"]),
]


@pytest.mark.parametrize(("query", "chunks"), AS_TEXT)
def test_half_a_pair_is_text(query: str, chunks: list[str]) -> None:
    tree, note = read(query)
    assert list(leaves(tree)) == [Word(fold(chunk)) for chunk in chunks]
    assert note
    assert read(" ".join(chunks)) == (tree, "")


@pytest.mark.parametrize(
    "query",
    [
        *(
            "(bridge",
            "“bridge",
            "()",
            "新桥 | (通车",
            "新桥 AND",
            "-新桥)",
            "标题:“新桥",
            "新桥* (通车",
        ),
        *("/新.桥/ (", "(新桥~", "新桥 NEAR (通车", "titel:新桥", "date:某天", "新桥 date:某天 ("),
    ],
)
def test_a_typing_error_stays_one(query: str) -> None:
    with pytest.raises(QueryError):
        read(query)


@given(
    st.text("新桥通车了，。 ", min_size=1, max_size=12),
    st.sampled_from('“”"「」（）()『’'),
    st.data(),
)
def test_any_odd_sign_in_a_text_is_read(text: str, sign: str, data: st.DataObject) -> None:
    assume(any(char in "新桥通车了" for char in text))
    place = data.draw(st.integers(0, len(text)))
    tree, note = read(text[:place] + sign + text[place:])
    assert all(isinstance(leaf, (Word, Phrase)) for leaf in leaves(tree))
    assert note or sign in "」』’"  # which close nothing here, and open nothing


def test_signs_right_behind_a_quotation_are_not_looked_for() -> None:
    assert parse("什么是“双减”？") == And((Word("什么是"), Phrase("双减")))
    assert parse("（新桥）。") == Word("新桥")
    assert parse("新桥 ？") == And((Word("新桥"), Word("?")))


@given(corpora(), TEXT)
def test_nothing_is_thrown_away_that_has_not_the_string(articles: list[Article], text: str) -> None:
    chunk = "".join(char for char in text if char not in ' \n　"“”(（-—')
    assume(fold(chunk))
    wanted = {
        each.id
        for each in articles
        if not any(fold(chunk) in fold(value) for value in (each.title, each.body, *each.authors))
    }

    def found(tree: Node) -> set[str]:
        hits = ReferenceEngine(articles).search(SearchRequest(tree, Top(None))).hits
        return {hit.article.id for hit in hits}

    assert found(parse(f"-{chunk}")) == found(parse(f"NOT (无此 | {chunk})")) == wanted
