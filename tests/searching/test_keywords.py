"""What articles are about, and which are like one."""

from __future__ import annotations

from collections import Counter
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import fold, segment
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.query.ast import Everything
from search.query.parser import parse
from search.searching.keywords import log_likelihood, of_article, of_set, words_of
from search.searching.more_like_this import similar
from search.searching.search import Question, find


def article(number: int, body: str, **more: object) -> Article:
    return Article(f"id{number}", "", body, f"{number}.txt", **more)  # type: ignore[arg-type]


FLOOD = [
    article(i, f"洪水漫过望澜桥，抢险队员加固河堤。今天第{i}天。", date="2021-07") for i in range(4)
]
BOOKS = [article(9 + i, f"图书馆今天开放，读者借书{i}册。", date="2022") for i in range(6)]
ENGINE = ReferenceEngine([*FLOOD, *BOOKS])


def test_a_month_is_about_what_sets_it_apart() -> None:
    about = of_set(ENGINE, parse("date:2021-07"))
    assert (about.articles, about.read) == (4, 4)
    words = [term.term for term in about.terms]
    assert "洪水" in words
    assert "今天" not in words  # stands everywhere
    assert "图书馆" not in words
    assert {term.count for term in about.terms} == {4}
    weights = [term.weight for term in about.terms]
    assert weights == sorted(weights, reverse=True)


def test_of_everything_the_words_that_are_not_everywhere() -> None:
    words = [term.term for term in of_set(ENGINE, Everything()).terms]
    assert "图书馆" in words
    assert "今天" not in words


def test_a_word_inside_another_is_left_out() -> None:
    words = [term.term for term in of_set(ENGINE, parse("date:2022"), None).terms]
    assert "图书馆" in words
    assert "图书" not in words


def test_one_article_by_its_own_words() -> None:
    about = of_article(ENGINE, FLOOD[0])
    assert "洪水" in {term.term for term in about.terms}
    assert of_article(ENGINE, FLOOD[3]).terms
    assert of_set(ENGINE, parse("第3天")) == of_article(ENGINE, FLOOD[3])


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_log_likelihood_is_that_of_the_two_models(a: int, b: int, c: int, d: int) -> None:
    """Against the ratio written down as Dunning does, of binomial likelihoods."""

    def likelihood(p: float, hits: int, of: int) -> float:
        misses = of - hits
        return (hits * log(p) if hits else 0) + (misses * log(1 - p) if misses else 0)

    size, others = a + c, b + d
    score = log_likelihood(a, size, a + b, size + others)
    if a * others <= b * size:
        assert score == 0
        return
    both = (a + b) / (size + others)
    apart = likelihood(a / size, a, size) + likelihood(b / others, b, others)
    together = likelihood(both, a, size) + likelihood(both, b, others)
    assert score == pytest.approx(2 * (apart - together))


def test_many_texts_are_cut_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [*FLOOD, *BOOKS, article(99, "㐀㐀 abc 12.5"), article(100, "")]
    expected = [Counter(segment.segment(fold.fold(f"{one.title}\n{one.body}"))) for one in articles]
    assert [Counter(words) for words in words_of(articles)] == expected
    monkeypatch.setattr("search.searching.keywords.FEW_CHARACTERS", 0)
    assert [Counter(words) for words in words_of(articles)] == expected


def test_similar_articles_come_without_the_one() -> None:
    found = find(ENGINE, similar(ENGINE, FLOOD[0], Question()))
    ids = [hit.article.id for hit in found.hits]
    assert set(ids[:3]) == {"id1", "id2", "id3"}
    assert "id0" not in ids
    assert found.hits[0].snippets[0].spans
    late = find(ENGINE, similar(ENGINE, FLOOD[0], Question(since="2022")))
    assert not {"id1", "id2", "id3"} & {hit.article.id for hit in late.hits}


def test_an_article_without_words_is_like_none() -> None:
    empty = article(50, "，。")
    engine = ReferenceEngine([empty, *FLOOD])
    assert find(engine, similar(engine, empty, Question())).total == 0
    assert of_article(engine, empty).terms == ()
