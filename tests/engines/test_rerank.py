"""Questions in plain words: what is found, and how the best are judged again by their texts."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.article import Article
from search.engines.memory import MemoryEngine
from search.engines.port import Engine, Scored, SearchRequest
from search.engines.whoosh import rerank
from search.engines.whoosh.rerank import CHARACTER_WEIGHT, CHARACTERS, FEEDBACK
from search.engines.whoosh.scoring import FIELD_WEIGHTS, K1, B, idf
from search.query import units
from search.query.asking import asks
from search.query.parse import plain_words
from search.query.tree import Or, Phrase
from search.text.fold import fold
from tests.engines.test_contract import ENGINES, Opened, merged, whoosh, without_numpy
from tests.strategies import LETTERS, corpora

QUESTIONS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: re.search(r"\w", text))


def asked(engine: Engine, question: str) -> list[Scored]:
    """Return all that is found for a question, best first, explained."""
    request = SearchRequest(plain_words(question), None, explain=True)
    return list(engine.search(request).hits)


def feedback(hit: Scored) -> float:
    """Return what a score has by what the first articles share."""
    return sum(worth for part, worth in hit.parts if part.startswith(FEEDBACK))


def article(name: str, body: str, title: str = "") -> Article:
    return Article(name, title, body, f"{name}.txt")


@settings(max_examples=60)
@given(articles=corpora(), question=QUESTIONS)
def test_the_same_for_each_engine_and_however_held(articles: list[Article], question: str) -> None:
    oracle = sorted(hit.article.id for hit in asked(MemoryEngine(articles), question))
    with whoosh(articles) as one, without_numpy(articles) as other:
        first, second = asked(one, question), asked(other, question)
    assert [hit.article.id for hit in first] == [hit.article.id for hit in second]
    assert [hit.score for hit in first] == pytest.approx([hit.score for hit in second])
    assert sorted(hit.article.id for hit in first) == oracle
    for hit in first:
        assert sum(worth for _, worth in hit.parts) == pytest.approx(hit.score)


@settings(max_examples=60)
@given(articles=corpora(), question=QUESTIONS)
def test_characters_are_worth_what_the_formula_says(articles: list[Article], question: str) -> None:
    """BM25F of single characters, computed plainly from the folded texts."""
    texts = {a.id: {"title": fold(a.title), "body": fold(a.body)} for a in articles}
    folded, k1 = fold(question), K1["word"]
    mean = {
        field: sum(len(of[field]) for of in texts.values()) / len(texts) or 1.0
        for field in ("title", "body")
    }
    with merged(articles) as engine:
        hits = asked(engine, question)
    for hit in hits:
        expected = 0.0
        for char, times in Counter(
            re.findall("[\u3400-\u9fff\U00020000-\U0003ffff]", folded)
        ).items():
            having = max(
                sum(char in of[field] for of in texts.values()) for field in ("title", "body")
            )
            x = 0.0
            for field, text in texts[hit.article.id].items():
                normal = 1 - B + B * len(text) / mean[field]
                x += FIELD_WEIGHTS[field] * text.count(char) / normal
            rarity = 0.0 if asks(char) else idf(len(texts), having)
            expected += CHARACTER_WEIGHT * times * rarity * (k1 + 1) * x / (x + k1)
        assert dict(hit.parts).get(CHARACTERS, 0.0) == pytest.approx(expected)


@settings(max_examples=60)
@given(articles=corpora(), question=QUESTIONS)
def test_what_was_read_stays_above_what_was_not(articles: list[Article], question: str) -> None:
    bag = plain_words(question)
    with pytest.MonkeyPatch.context() as patch, merged(articles) as engine:
        patch.setattr(rerank, "POOL", 2)
        unread = Or((bag, Phrase("从未写过")))  # not a question alone
        before = [hit.article.id for hit in engine.search(SearchRequest(unread, None)).hits]
        after = [hit.article.id for hit in engine.search(SearchRequest(bag, None)).hits]
    assert set(before[:2]) == set(after[:2])
    assert before[2:] == after[2:]


REST = "各位居民早早出门, 站在路边等候。"
SEEN = [
    article("other", f"大桥正式通车, 市民前来观看。青岚渡的人也来了。9{REST}"),
    *(
        article(f"a{i}", f"大桥正式通车, 市民前来观看。望澜山的人也来了。{i}{REST}")
        for i in range(4)
    ),
    *(article(f"f{i}", f"今天天气很好, 大家都在家里看书。{i}") for i in range(200)),
]


def names(hits: list[Scored]) -> list[str]:
    return [hit.article.id for hit in hits]


def test_what_the_first_articles_share_counts() -> None:
    """All five say as much of the question; what four of them have beside it sets them above."""
    with merged(SEEN) as engine:
        hits = asked(engine, "大桥正式通车时市民观看吗")
    assert names(hits)[:5] == ["a0", "a1", "a2", "a3", "other"]
    assert all(feedback(hit) for hit in hits[:5])
    assert any("前来" in part for part, _ in hits[0].parts)  # what the question does not say


def test_nothing_is_added_to_a_question_of_few_words() -> None:
    with merged(SEEN) as engine:
        hits = asked(engine, "大桥通车")
    assert len(units.words("大桥通车")) < rerank.FEWEST_WORDS
    assert hits
    assert not any(feedback(hit) for hit in hits)


def test_one_article_far_ahead_is_what_was_meant() -> None:
    """What is learnt counts by how near the others come to the best one."""
    ahead = article("best", "望澜小学举行秋季运动会, 张青山打破校长跑纪录。")
    near = [article("n1", "小学放假。望澜下雨了。"), article("n2", "运动会改期。青山在。")]
    question = "望澜小学秋季运动会张青山打破纪录"
    with merged([ahead, *near, *SEEN]) as engine:
        clear = asked(engine, question)[0]
    with merged(SEEN) as engine:
        topic = asked(engine, "大桥正式通车时市民观看吗")[0]
    assert 0 < feedback(clear) / clear.score < feedback(topic) / topic.score


@ENGINES
@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("世界钛的发展", {"ti", "world"}),  # 钛 alone says enough
        ("钛的", {"ti"}),
        ("的", {"ti", "of", "asks"}),  # there is nothing else
        ("世界的", {"world"}),
    ],
)
def test_single_characters_that_say_something(
    opened: Opened, question: str, found: set[str]
) -> None:
    articles = [
        article("ti", "钛、镍产量上升的消息"),
        article("of", "别人的事"),
        article("world", "世界真大"),
        article("asks", "谁的书"),
    ]
    with opened(articles) as engine:
        assert {hit.article.id for hit in asked(engine, question)} == found


def test_words_that_ask_count_for_little() -> None:
    """Few articles ask, so that 谁 is rare; it is not what is looked for."""
    asking = article("asking", "谁来了？谁知道呢。")
    answer = article("answer", "馆长来了。")
    with merged([asking, answer, *SEEN]) as engine:
        assert names(asked(engine, "馆长是谁"))[0] == "answer"
