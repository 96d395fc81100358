"""Ranking by the Whoosh engine: its scores are Whoosh's own, its order is what readers want."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from search.engines.port import Scored, SearchRequest, Top
from search.model.article import Article
from search.query.ast import Node, Or, Phrase
from search.query.parser import parse, plain_words
from tests.conftest import examples, ready
from tests.engines.alone import commit, engine_of, writer_of
from tests.engines.naive import K1, PAIR, idf
from tests.engines.oracle import whoosh_scores
from tests.strategies import corpora


def ranked(articles: list[Article], tree: Node) -> list[Scored]:
    with tempfile.TemporaryDirectory() as folder:
        writer = writer_of(Path(folder))
        writer.add([(1, ready(articles))])
        commit(Path(folder), writer)
        engine = engine_of(Path(folder))
        try:
            return list(engine.search(SearchRequest(tree, Top(None, explain=True))).hits)
        finally:
            engine.close()


@settings(max_examples=examples(60))
@given(corpora())
def test_scores_are_those_of_whooshs_own_searcher(articles: list[Article]) -> None:
    bag = plain_words("志愿服务网格化管理")
    tree = Or((bag, Phrase("从未写过")))  # no question alone: nothing is judged again
    with tempfile.TemporaryDirectory() as folder:
        half = len(articles) // 2
        for part in (articles[:half], articles[half:]):
            writer = writer_of(Path(folder))
            writer.add([(1, ready(part))])
            commit(Path(folder), writer)
        expected = whoosh_scores(Path(folder), bag)
        engine = engine_of(Path(folder))
        hits = engine.search(SearchRequest(tree, Top(None))).hits
        engine.close()
    for hit in hits:
        assert hit.score == pytest.approx(expected.get(hit.article.id, 0.0), abs=1e-5)


def article(name: str, title: str, body: str) -> Article:
    return Article(name, title, body, f"{name}.txt")


FILLER = [article(f"f{i}", "别的事", "今天天气很好, 大家都在家里看书。" * 3) for i in range(8)]


def order(articles: list[Article], query: str) -> list[str]:
    return [hit.article.id for hit in ranked([*FILLER, *articles], parse(query))]


def test_an_exact_occurrence_outranks_words_scattered_as_often() -> None:
    rest = "其余从略。" * 20
    scattered = article("a", "会议", f"{rest}讨论了管理、服务, 以及网格化的事。")
    exact = article("b", "会议", f"{rest}讨论了很多, 以及网格化服务管理的事。")
    assert order([scattered, exact], "网格化服务管理") == ["b", "a"]


def test_an_article_on_the_matter_outranks_a_passing_mention() -> None:
    """The one says it in other words, in its headline and throughout; the other once, at the end."""
    matter = article("a", "老年人的助餐点", "老年人来到助餐点吃饭。老年食堂办助餐。" * 4)
    passing = article("b", "会议", "其余从略。" * 60 + "还有老年助餐。")
    assert order([passing, matter], "老年助餐") == ["a", "b"]


def test_a_word_in_the_headline_counts_more() -> None:
    body = article("a", "县里的事", "马拉松比赛上周日举行。")
    title = article("b", "马拉松比赛", "县里上周日举行的事。")
    assert order([body, title], "马拉松") == ["b", "a"]


def test_a_word_in_the_lead_counts_more() -> None:
    rest = "其余从略, 天气也很好。" * 20
    late = article("a", "事", f"{rest}台风来了。")
    early = article("b", "事", f"台风来了。{rest}")
    assert order([late, early], "台风") == ["b", "a"]


def test_what_a_headline_repeats_does_not_count_twice() -> None:
    """Of two words, both once, more is said than of one in headline and text."""
    one = article("a", "马拉松", "马拉松" + "从略。" * 20)
    both = article("b", "消息", "马拉松报名" + "从略。" * 20)
    hits = ranked([*FILLER, one, both], plain_words("马拉松报名"))
    assert hits[0].article.id == "b"


def test_no_part_of_a_score_is_above_its_bound() -> None:
    """Of which an exact occurrence adds a part: weight, idf, k1 + 1, however often it stands."""
    often = article("a", "网格网格网格", "网格" * 500)
    total = len(FILLER) + 1
    [hit] = ranked([*FILLER, often], plain_words("网格"))
    assert {part.split()[0] for part, _ in hit.parts} >= {"word", "pair"}
    for part, worth in hit.parts:
        kind = part.split()[0]
        if kind not in {"word", "pair"}:
            continue  # what was read off the text
        weight = PAIR if kind == "pair" else 1.0
        assert worth < weight * idf(total, 1) * (K1 + 1)


def test_a_name_that_jieba_does_not_know_is_found_by_plain_words() -> None:
    name = article("a", "祭遵传", "祭遵少好经书。")
    other = article("b", "哪里", "这里是哪里。")
    hits = ranked([*FILLER, name, other], plain_words("祭遵是哪里人"))
    assert {hit.article.id for hit in hits} == {"a", "b"}


def test_a_character_counts_also_where_it_is_part_of_a_word() -> None:
    """jieba cuts 大桥 as one word: 桥 is none there, and yet it is what the headline is about."""
    word = article("a", "大桥通车", "市民来看。" * 5)
    lone = article("b", "消息", "过了桥就到。" + "其余从略。" * 20)
    assert order([lone, word], "桥") == ["a", "b"]


def test_rare_words_outweigh_common_ones() -> None:
    common = article("a", "事", "天气天气天气天气很好, 大家看书。")
    rare = article("b", "事", "天气很好, 大家看皮影戏。")
    hits = ranked([*FILLER, common, rare], plain_words("天气皮影戏"))
    assert hits[0].article.id == "b"


def test_the_parts_of_an_explanation_add_up_to_the_score() -> None:
    hits = ranked([*FILLER, article("a", "网格", "网格化服务管理")], parse("网格管理 OR 天气"))
    assert len(hits) == len(FILLER) + 1
    for hit in hits:
        assert hit.parts
        assert sum(worth for _, worth in hit.parts) == pytest.approx(hit.score)
