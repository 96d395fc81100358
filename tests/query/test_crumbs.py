"""What a bare chunk asks for: long words anywhere, short ones beside what they stand beside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.segment import cut
from search.query.ast import Word
from search.query.crumbs import FUNCTION, asked_of
from search.query.explain import explained
from search.query.query_terms import all_of
from tests.engines.naive import wanted_of

ASKED = [
    ("10月1日", "10 月 1 日", "10月1日"),
    ("国庆10月1日", "国庆 10 月 1 日", "国庆, 10月1日"),
    ("a股", "a 股", "a股"),
    ("f-16", "f 16", "f-16"),
    ("053-5551234", "053 5551234", "053-5551234"),
    ("3.15晚会", "3.15 晚会", "3.15晚会"),
    ("1,000人", "1 000 人", "1,000人"),
    ("8:30开会", "8 30 开会", "8:30, 开会"),
    ("c++", "c", "c++"),
    ("c++语言", "c 语言", "c++语言"),
    ("50%", "50", "50%"),
    ("$20", "20", "$20"),
    ("ai技术", "ai 技术", "ai技术"),
    ("gdp增长", "gdp 增长", "gdp, 增长"),
    ("2022春运", "2022 春运", "2022, 春运"),
    ("500强企业", "500 强 企业", "500强, 企业"),
    ("环保桥工程", "环保 桥 工程", "环保, 环保桥|桥工程, 工程"),
    ("环保桥", "环保 桥", "环保桥"),
    ("桥工程", "桥 工程", "桥工程"),
    ("青岚的桥", "青岚 的 桥", "青岚, 的桥"),
    ("青岚的天气", "青岚 的 天气", "青岚, 天气"),
    ("的了", "的 了", "的了"),
    ("桥、路", "桥 路", "桥, 路"),
    ("桥-路", "桥 路", "桥, 路"),
    ("甲:3", "甲 3", "甲, 3"),
    ("与王沈", "与 王 沈", "王沈"),
    ("。", "", ""),
]
"""A chunk, its words, and what it asks for: `,` for and, `|` for or."""


@pytest.mark.parametrize(("chunk", "words", "asked"), ASKED)
def test_what_a_chunk_asks_for(chunk: str, words: str, asked: str) -> None:
    found = asked_of(chunk, words.split())
    assert ", ".join("|".join(choice) for choice in found) == asked


CHUNKS = st.lists(
    st.sampled_from(
        [*"桥路月日1的在aA-.%+,:、#", "10", "2023", "AI", "GDP", "网格化", "服务", "管理", "望澜桥"]
    ),
    min_size=1,
    max_size=9,
).map("".join)


@given(CHUNKS)
def test_it_is_what_the_plain_rule_says(chunk: str) -> None:
    """The rule is said again in `wanted_of`, which names also what is asked for anyway."""
    text = fold(chunk)
    wanted = wanted_of(text)
    found = [set(choice) for choice in asked_of(text, cut(text))]
    assert [choice for choice in found if choice not in wanted] == []
    for left_out in (choice for choice in wanted if choice not in found):
        (word,) = left_out
        assert any(len(choice) == 1 and word in next(iter(choice)) for choice in found)


@given(CHUNKS, st.text("桥路月日1的在a服务", max_size=6))
def test_where_a_chunk_stands_all_that_it_asks_for_stands(chunk: str, more: str) -> None:
    text = fold(chunk)
    inside = f"{more}{text}{more}"
    assert all(any(string in inside for string in choice) for choice in all_of(text))


@given(CHUNKS)
def test_no_crumb_is_asked_for_alone_that_has_a_neighbour(chunk: str) -> None:
    text = fold(chunk.replace("、", ""))
    if len(cut(text)) > 1:
        for choice in all_of(text):
            assert len(choice) == 2 or choice[0] not in FUNCTION or text in {"", choice[0]}


def test_what_is_asked_for_is_explained() -> None:
    assert "'国庆10月1日': as it is, or all of '国庆', '10月1日'" in list(
        explained(Word("国庆10月1日"))
    )
    assert not any("all of" in line for line in explained(Word("10月1日")))
