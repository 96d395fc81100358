"""Synonyms of the user's own: what the file says, and what a tree becomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.query.ast import And, Not, Or, Phrase, Word, leaves
from search.query.parser import parse
from search.searching.search import Question, find
from search.searching.synonyms import read_synonyms, widen
from tests.strategies import PLAIN_QUERIES, QUERIES, corpora, plain_corpora

TABLE = {"志愿服务": ("义工服务",), "义工服务": ("志愿服务",), "网格": ("管理",)}


def read(tmp_path: Path, text: str | bytes) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    path = tmp_path / "synonyms.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    table, mistakes = read_synonyms(path)
    return table, [str(mistake).replace(str(tmp_path), "") for mistake in mistakes]


def test_groups_and_one_way(tmp_path: Path) -> None:
    text = (
        "\ufeff# 说明\r\n志愿服务 = 義工服务＝志工服务  # 三个\r\n\r\n"
        "电脑 => 计算机 微机\n手机 ＝＞ 移动 电话 = ＰＨＯＮＥ\n志愿服务=志愿"
    )
    assert read(tmp_path, text) == (
        {
            "志愿服务": ("义工服务", "志工服务", "志愿"),
            "义工服务": ("志愿服务", "志工服务"),
            "志工服务": ("志愿服务", "义工服务"),
            "电脑": ("计算机", "微机"),
            "手机": ("移动电话", "phone"),
            "志愿": ("志愿服务",),
        },
        [],
    )


def test_mistakes_name_their_line_and_the_rest_holds(tmp_path: Path) -> None:
    table, mistakes = read(tmp_path, "甲 乙\n甲 = \n甲 => 乙 => 丙\n桥 = 橋\n甲 = 。\n\n车 = 船\n")
    assert table == {"车": ("船",), "船": ("车",)}
    assert [mistake.split(": ")[0] for mistake in mistakes] == [
        f"/synonyms.txt:{line}" for line in range(1, 6)
    ]
    assert len({mistake.split(": ", 1)[1] for mistake in mistakes}) == 5


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    table, [mistake] = read(tmp_path, "甲 = 乙\n车 = 船".encode("gbk"))
    assert table == {}
    assert mistake.startswith("/synonyms.txt:1: this is not UTF-8")
    (tmp_path / "folder").mkdir()
    assert read_synonyms(tmp_path / "folder")[1]
    assert "MB" in read(tmp_path, b"#" * (5 << 20))[1][0]


def test_trees() -> None:
    wide = Or((Word("志愿服务"), Word("义工服务")))
    assert widen(parse("志願服務"), TABLE) == wide
    strings = Or((Phrase("志愿服务", bare=True), Phrase("义工服务", bare=True)))
    assert widen(parse("-志愿服务 桥"), TABLE) == And((Not(strings), Word("桥")))
    assert widen(parse("-“志愿服务” 桥"), TABLE) == parse("-“志愿服务” 桥")
    assert widen(parse("“志愿服务” 志愿服务队"), TABLE) == parse("“志愿服务” 志愿服务队")
    assert widen(parse("title:网格"), TABLE) == Or((Word("网格", "title"), Word("管理", "title")))
    assert widen(Phrase("网格"), TABLE) == Phrase("网格")


@given(articles=corpora() | plain_corpora(), query=QUERIES | PLAIN_QUERIES)
def test_a_synonym_finds_what_either_finds(articles: list[Article], query: str) -> None:
    """Against asking for each, and excluding both where one is excluded."""
    engine = ReferenceEngine(articles)

    def ids(text: str, **more: object) -> set[str]:
        found = find(engine, Question(text, limit=None, partial=False, **more))  # type: ignore[arg-type]
        return {hit.article.id for hit in found.hits}

    both = ids(f"({query}) 网格", synonyms=TABLE)
    assert both == ids(query, synonyms=TABLE) & (ids("网格") | ids("管理"))
    assert ids("-网格", synonyms=TABLE) == ids("-网格") & ids("-管理")


def test_snippets_mark_the_synonym_found() -> None:
    engine = ReferenceEngine([Article("a", "", "这里有义工服务站。", "a.txt")])
    [hit] = find(engine, Question("志愿服务", synonyms=TABLE)).hits
    [snippet] = hit.snippets
    assert [snippet.text[a:b] for a, b in snippet.spans] == ["义工服务"]


@pytest.mark.parametrize("query", ["志愿服务", "志愿服务 桥"])
def test_partial_matches_are_those_there_were(query: str) -> None:
    engine = ReferenceEngine([Article("a", "", "只有服务。", "a.txt")])
    found = find(engine, Question(query, synonyms=TABLE))
    assert found.partial
    assert found.total == 1


@given(st.binary(max_size=60) | st.text("甲乙=＝>＞#＃ \n\r,、。", max_size=40).map(str.encode))
def test_any_bytes_give_a_table_and_mistakes(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        table, _ = read(Path(folder), data)
    for text, others in table.items():
        assert text
        assert others
        assert text not in others


def test_a_synonym_has_none_of_the_forms_of_what_it_stands_for() -> None:
    tree = Question("AI桥 -5G", synonyms={"ai桥": ("智能桥",), "5g": ("快网",)}).tree()
    strings = {leaf.text: leaf.forms for leaf in leaves(tree) if isinstance(leaf, (Word, Phrase))}
    assert strings == {"ai桥": ("a i桥",), "智能桥": (), "5g": (), "快网": ()}
