"""Did you mean: what is proposed finds something, and is one mistake away."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.tables.shapes import GROUPS
from search.analysis.tables.sounds import SYLLABLES
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.query.ast import positive_leaves
from search.searching.search import Question, find
from search.searching.suggest import alike, suggest

BODIES = [
    "全县网格化服务管理会议召开，志愿者代表发言。",
    "望澜桥开始修缮，志愿服务队在桥头设点。",
    "ChatGPT 写的新闻稿，记者改了三遍。",
    "图书馆已经开放，读者排队。",
]
ENGINE = ReferenceEngine([Article(f"id{i}", "", b, f"{i}.txt") for i, b in enumerate(BODIES)])


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("忘澜桥", "望澜桥"),  # one sound
        ("望蓝桥", "望澜桥"),
        ("“己经开放”", "“已经开放”"),  # one shape
        ("志服愿务", "志愿服务"),  # changed places
        ("书图馆", "图书馆"),
        ("“图馆”", "“图书馆”"),  # left out
        ("“图书书馆”", "“图书馆”"),  # too many
        ("“网络化服务”", "“网格化服务”"),  # any other
        ("chatgtp", "chatgpt"),
        ("chatpt", "chatgpt"),
        ("作者:李 OR 忘澜桥", "作者:李 OR 望澜桥"),
        ("志愿者 忘澜蕎", ""),
        ("修缮 忘澜桥", "修缮 望澜桥"),
        ("忘瀾橋", "望澜桥"),
    ],
)
def test_one_mistake(query: str, meant: str) -> None:
    assert find(ENGINE, Question(query, partial=False)).total == 0
    found = suggest(ENGINE, Question(query))
    if not meant:
        assert found == ()
        return
    assert found[0].query == meant
    for each in found:
        assert find(ENGINE, Question(each.query, partial=False)).total == each.total > 0


@pytest.mark.parametrize(
    "query", ["鬱鬱鬱", "桥", "图书馆 -开放", "-桥", "图书馆 ChatGPT", "a", "(("]
)
def test_nothing_to_propose(query: str) -> None:
    assert suggest(ENGINE, Question(query)) == ()


def test_filters_hold_and_modes_stay() -> None:
    assert suggest(ENGINE, Question("忘澜桥", paths=("0.txt",))) == ()
    [found] = suggest(ENGINE, Question("忘澜桥", mode="literal"))
    assert (found.query, found.total) == ("望澜桥", 1)
    [found] = suggest(ENGINE, Question("忘澜桥", paths=("1.txt",)))
    assert found.total == 1


@given(data=st.data(), source=st.sampled_from(BODIES))
def test_what_is_proposed_is_found(data: st.DataObject, source: str) -> None:
    text = fold(source)
    start = data.draw(st.integers(0, len(text) - 3))
    piece = text[start : start + data.draw(st.integers(3, 6))]
    at = data.draw(st.integers(0, len(piece) - 1))
    like = alike(piece[at])
    assume(like)
    typed = piece[:at] + data.draw(st.sampled_from(like)) + piece[at + 1 :]
    question = Question(typed, mode="literal", partial=False)
    assume(typed.isalnum() and fold(typed) == typed and not find(ENGINE, question).total)
    found = suggest(ENGINE, question)
    # Mistakes of sound and shape are of the first kind; nothing hides the text meant.
    assert piece in [each.query for each in found] or len(found) == 3
    for each in found:
        total = find(ENGINE, Question(each.query, mode="literal", partial=False)).total
        assert total == each.total > 0


def test_tables_hold_folded_characters() -> None:
    for group in (*SYLLABLES, *GROUPS.split()):
        assert len(group) == len(set(group)) > 1, group
    for group in GROUPS.split():
        assert fold(group) == group
    assert "格" in alike("各")
    assert "已" in alike("己")
    assert "格" not in alike("格")


def test_sounds_are_those_of_pypinyin() -> None:
    pypinyin = pytest.importorskip("pypinyin")
    from tools.sound_table import characters

    readings = {
        char: set(pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)[0])
        for char in characters()
    }
    for group in SYLLABLES:
        assert set.intersection(*(readings[char] for char in group)), group
    assert sum(map(len, SYLLABLES)) > 9000


def test_a_leaf_is_all_that_is_corrected() -> None:
    question = Question("标题:图书馆 忘澜桥")
    assert len(list(positive_leaves(question.tree()))) == 2
    assert suggest(ENGINE, question) == ()  # the title cannot be corrected
