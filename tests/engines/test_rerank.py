"""Questions in plain words: what is found, and how the best are judged again by their texts."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.engines.port import Engine, Scored, SearchRequest, Top
from search.engines.reference import ReferenceEngine
from search.engines.whoosh import rerank
from search.engines.whoosh.rerank import CHARACTERS, FEEDBACK
from search.model.article import Article
from search.model.frozen import replace
from search.query import query_terms
from search.query.ast import And, Bag, DateRange, Node, Or, PathGlob, Phrase
from search.query.parser import plain_words
from search.query.question_words import asks
from tests.conftest import examples
from tests.engines.naive import FIELD_WEIGHTS, K1, B, idf
from tests.engines.test_contract import ENGINES, Opened, merged, whoosh, without_numpy
from tests.strategies import CHUNKS, LETTERS, corpora, plain_corpora

CHARACTER_WEIGHT = 0.3
"""docs/relevance.md, "A second look": 0.2 to 0.4 are alike."""

TEACHERS = 5
"""docs/query.md, "Order": what the first five of them have in common."""

FEEDBACK_WEIGHT = 0.3
"""docs/relevance.md, "A second look"."""

FEWEST_WORDS = 4
"""docs/query.md, "Order": where the question has four words or more."""

QUESTIONS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: re.search(r"\w", text))


def asked(engine: Engine, question: str) -> list[Scored]:
    """Return all that is found for a question, best first, explained."""
    request = SearchRequest(plain_words(question), Top(None, explain=True))
    return list(engine.search(request).hits)


def feedback(hit: Scored) -> float:
    """Return what a score has by what the first articles share."""
    return sum(worth for part, worth in hit.parts if part.startswith(FEEDBACK))


def article(name: str, body: str, title: str = "") -> Article:
    return Article(name, title, body, f"{name}.txt")


@settings(max_examples=examples(60))
@given(articles=corpora() | plain_corpora(), question=QUESTIONS | CHUNKS)
def test_the_same_for_each_engine_and_however_held(articles: list[Article], question: str) -> None:
    oracle = sorted(hit.article.id for hit in asked(ReferenceEngine(articles), question))
    with whoosh(articles) as one, without_numpy(articles) as other:
        first, second = asked(one, question), asked(other, question)
    assert [hit.article.id for hit in first] == [hit.article.id for hit in second]
    assert [hit.score for hit in first] == pytest.approx([hit.score for hit in second])
    assert sorted(hit.article.id for hit in first) == oracle
    for hit in first:
        assert sum(worth for _, worth in hit.parts) == pytest.approx(hit.score)


class Plain:
    """What is added to scores, formula by formula, from the folded texts of all articles."""

    def __init__(self, articles: list[Article]) -> None:
        self.texts = {a.id: {"title": fold(a.title), "body": fold(a.body)} for a in articles}
        self.mean = {
            field: sum(len(of[field]) for of in self.texts.values()) / len(self.texts) or 1.0
            for field in ("title", "body")
        }

    def rarity(self, text: str) -> float:
        having = [
            sum(text in of[field] for of in self.texts.values()) for field in ("title", "body")
        ]
        return idf(len(self.texts), max(having))

    def worth(self, text: str, name: str, k1: float) -> float:
        x = 0.0
        for field, value in self.texts[name].items():
            normal = 1 - B + B * len(value) / self.mean[field]
            x += FIELD_WEIGHTS[field] * value.count(text) / normal
        return self.rarity(text) * (k1 + 1) * x / (x + k1)

    def pairs(self, name: str) -> Counter[str]:
        runs = [run for value in self.texts[name].values() for run in re.findall(r"\w+", value)]
        return Counter(run[i : i + 2] for run in runs for i in range(len(run) - 1))

    def characters(self, question: str, name: str) -> float:
        han = Counter(re.findall("[\u3400-\u9fff\U00020000-\U0003ffff]", question))
        return sum(
            CHARACTER_WEIGHT * times * self.worth(char, name, K1["character"])
            for char, times in han.items()
            if char not in "谁哪吗"
        )

    def feedback(self, question: str, scores: dict[str, float]) -> dict[str, float]:
        """Of each article found; `scores` are of these, their characters counted."""
        first = sorted(scores, key=lambda name: -scores[name])[:TEACHERS]
        weights: Counter[str] = Counter()
        for name in first:
            size = sum(map(len, self.texts[name].values())) / sum(self.mean.values())
            for pair, times in self.pairs(name).items():
                share = times / (times + 1 - B + B * size)
                weights[pair] += share * scores[name] ** 2  # type: ignore[assignment]
        told = {question[i : i + 2] for i in range(len(question) - 1)}
        learnt = {pair: w for pair, w in weights.items() if pair not in told and not pair.isascii()}
        sums = {
            name: sum(
                weight * self.rarity(pair) * self.worth(pair, name, K1["pair"])
                for pair, weight in learnt.items()
            )
            for name in scores
        }
        best, *others = (scores[name] for name in first)
        near = sum(other / best for other in others) / len(others)
        taught = sum(sums[name] for name in first)
        share = FEEDBACK_WEIGHT * near * (best + sum(others)) / taught if taught else 0.0
        return {name: share * worth for name, worth in sums.items()}


ASKED = "志愿服务会议管理网格谁的"


@settings(max_examples=examples(100))
@given(articles=corpora(), question=st.sampled_from([ASKED]) | QUESTIONS)
def test_what_is_added_is_what_the_formulas_say(articles: list[Article], question: str) -> None:
    articles = list({article.id: article for article in articles}.values())
    plain, question = Plain(articles), fold(question)
    with pytest.MonkeyPatch.context() as patch, merged(articles) as engine:
        for most in ("CANDIDATES", "FEEDBACK_TERMS"):  # of equal ones, no matter which
            patch.setattr(rerank, most, 10_000)
        hits = asked(engine, question)
    scores = {hit.article.id: hit.score - feedback(hit) for hit in hits}
    for hit in hits:
        expected = plain.characters(question, hit.article.id)
        assert dict(hit.parts).get(CHARACTERS, 0.0) == pytest.approx(expected)
    ties = len(set(scores.values())) < len(scores)
    if len(hits) > 1 and len(set(query_terms.words(question))) >= FEWEST_WORDS and not ties:
        added = plain.feedback(question, scores)
        assert {hit.article.id: feedback(hit) for hit in hits} == pytest.approx(added)


@settings(max_examples=examples(60))
@given(articles=corpora() | plain_corpora(), question=QUESTIONS | CHUNKS)
def test_what_was_read_stays_above_what_was_not(articles: list[Article], question: str) -> None:
    bag = plain_words(question)
    with pytest.MonkeyPatch.context() as patch, merged(articles) as engine:
        patch.setattr(rerank, "POOL", 2)
        unread = Or((bag, Phrase("从未写过")))  # not a question alone
        before = [hit.article.id for hit in engine.search(SearchRequest(unread, Top(None))).hits]
        after = [hit.article.id for hit in engine.search(SearchRequest(bag, Top(None))).hits]
    assert set(before[:2]) == set(after[:2])
    assert before[2:] == after[2:]


REST = "各位居民早早出门, 站在路边等候。"
SEEN = [
    article("other", f"大桥正式通车, 市民前来观看。青岚渡的人也来了。9{REST}"),
    *(
        article(f"a{i}", f"大桥正式通车, 市民前来观看。望澜山的人也来了。{i}{REST}")
        for i in range(4)
    ),
    *(article(f"f{i}", f"今天是晴天, 大家都在家里看书。{i}") for i in range(200)),
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
    assert len(query_terms.words("大桥通车")) < FEWEST_WORDS
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
        ("人的", {"of"}),  # both are common: as a pair they are more
        ("世界是谁", {"world"}),
    ],
)
def test_single_characters_that_say_something(
    opened: Opened, question: str, found: set[str]
) -> None:
    articles = [
        article("ti", "钛、镍产量上升的消息"),
        article("of", "别人的事"),
        article("man", "人人有责"),
        article("world", "世界真大"),
        article("asks", "谁的书"),
    ]
    with opened(articles) as engine:
        assert {hit.article.id for hit in asked(engine, question)} == found


def test_words_that_ask_count_for_little() -> None:
    """Few articles ask, so that 谁 is rare; it is not what is looked for."""
    asking = article("asking", "是谁？是谁？")
    answer = article("answer", "昨天上午馆长来看望各位老人, 同大家说了说话。")
    with merged([asking, answer, *SEEN]) as engine:
        assert names(asked(engine, "馆长是谁")) == ["answer", "asking"]


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        *((text, True) for text in ("谁", "是谁", "哪一年", "怎么办", "多少")),
        *((text, False) for text in ("哪吒", "鹿死谁手", "多", "里程")),
    ],
)
def test_what_asks(text: str, asking: bool) -> None:
    assert asks(text) is asking


FILTERS: dict[str, Node] = {
    "paper": Phrase("青岚日报", "paper"),
    "author": Phrase("王安", "author"),
    "date": DateRange(0, 99991231),
    "path": PathGlob("*.txt"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_all_pass_changes_no_score(name: str) -> None:
    with merged(
        [replace(a, paper="青岚日报", authors=("王安",), date="2023") for a in SEEN]
    ) as engine:
        bag = plain_words("大桥正式通车时市民观看吗")
        alone = engine.search(SearchRequest(bag, Top(None))).hits
        filtered = engine.search(SearchRequest(And((bag, FILTERS[name])), Top(None))).hits
    before, after = ({hit.article.id: hit.score for hit in hits} for hits in (alone, filtered))
    assert len(before) >= 5
    # A name is text too, and ranks by its words: nearly nothing, all having it.
    assert after == pytest.approx(before, abs=0.01)


def test_a_boost_changes_no_order() -> None:
    bag = plain_words("大桥正式通车时市民观看吗")
    assert isinstance(bag, Bag)
    with merged(SEEN) as engine:
        plain, boosted = (
            engine.search(SearchRequest(tree, Top(None))).hits
            for tree in (bag, replace(bag, boost=9.0))
        )
    assert names(list(plain)) == names(list(boosted))
    assert len(plain) >= 5
    assert [hit.score * 9 for hit in plain] == pytest.approx([hit.score for hit in boosted])


def test_of_a_book_only_the_beginning_is_read() -> None:
    late = article("late", "天气很好。" * rerank.READ + "皮影戏的唱腔。")
    with merged([late, *SEEN]) as engine:
        hits = asked(engine, "皮影戏的唱腔是怎样的")
    assert names(hits) == ["late"]
    assert CHARACTERS not in dict(hits[0].parts)
