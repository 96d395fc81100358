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
from search.engines.whoosh.rerank import CHARACTERS
from search.model.article import Article
from search.model.frozen import replace
from search.query.ast import And, Bag, DateRange, Node, Or, PathGlob, Phrase
from search.query.parser import plain_words
from search.query.question_words import asks
from tests.conftest import examples
from tests.engines.naive import FIELD_WEIGHTS, K1, B, idf
from tests.engines.test_contract import ENGINES, Opened, merged, whoosh, without_numpy
from tests.strategies import CHUNKS, LETTERS, corpora, plain_corpora

CHARACTER_WEIGHT = 0.2
"""docs/relevance.md, "A second look": 0.1 to 0.3 are alike."""

QUESTIONS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: re.search(r"\w", text))


def asked(engine: Engine, question: str) -> list[Scored]:
    """Return all that is found for a question, best first, explained."""
    request = SearchRequest(plain_words(question), Top(None, explain=True))
    return list(engine.search(request).hits)


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

    def worth(self, text: str, name: str) -> float:
        x = 0.0
        for field, value in self.texts[name].items():
            normal = 1 - B + B * len(value) / self.mean[field]
            x += FIELD_WEIGHTS[field] * value.count(text) / normal
        return self.rarity(text) * (K1 + 1) * x / (x + K1)

    def characters(self, question: str, name: str) -> float:
        han = Counter(re.findall("[\u3400-\u9fff\U00020000-\U0003ffff]", question))
        return sum(
            CHARACTER_WEIGHT * times * self.worth(char, name)
            for char, times in han.items()
            if char not in "谁哪吗"
        )


ASKED = "志愿服务会议管理网格谁的"


@settings(max_examples=examples(100))
@given(articles=corpora(), question=st.sampled_from([ASKED]) | QUESTIONS)
def test_what_is_added_is_what_the_formulas_say(articles: list[Article], question: str) -> None:
    articles = list({article.id: article for article in articles}.values())
    plain, question = Plain(articles), fold(question)
    with merged(articles) as engine:
        hits = asked(engine, question)
    for hit in hits:
        expected = plain.characters(question, hit.article.id)
        assert dict(hit.parts).get(CHARACTERS, 0.0) == pytest.approx(expected)


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


def test_an_article_with_more_of_the_characters_stands_higher() -> None:
    """Neither has a word of the question more; the one says 歌 and 剧, apart."""
    says = article("says", "望澜山的歌, 青山的剧, 都好听。" + REST)
    other = article("other", "望澜山的人, 青山的树, 都好看。" + REST)
    with merged([other, says, *SEEN]) as engine:
        hits = asked(engine, "望澜歌剧团")
    assert names(hits)[:2] == ["says", "other"]
    assert dict(hits[0].parts)[CHARACTERS] > dict(hits[1].parts)[CHARACTERS]


def test_of_a_book_only_the_beginning_is_read() -> None:
    late = article("late", "天气很好。" * rerank.READ + "皮影戏的唱腔。")
    with merged([late, *SEEN]) as engine:
        hits = asked(engine, "皮影戏的唱腔是怎样的")
    assert names(hits) == ["late"]
    assert CHARACTERS not in dict(hits[0].parts)
