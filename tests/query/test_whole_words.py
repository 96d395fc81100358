"""Whole words of letters and figures: `word:AI`, `-w`, and \\b in regular expressions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.engines.port import SearchRequest, Top
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.model.errors import LimitError, QueryError
from search.query import limits
from search.query.ast import And, Near, Node, Not, Or, Phrase, WholeWord, Wildcard, Word
from search.query.parser import literal, parse
from search.query.pattern_matching import occurrences
from search.query.regular_expressions import spans
from search.query.rewriting import whole_words
from search.searching.search import Question, find
from tests.strategies import PATTERN_QUERIES, QUERIES, corpora

AI = WholeWord("ai")

READ = [
    ("word:AI", AI),
    ("整词：ＡＩ", AI),
    ("word:“New York”", WholeWord("new york")),
    ("title:word:AI^2", WholeWord("ai", "title", 2.0)),
    ("word:(AI | GPT) -word:PPT", And((Or((AI, WholeWord("gpt"))), Not(WholeWord("ppt"))))),
    ("word:AI技术", WholeWord("ai技术")),
    ("word:智能AI技术", Or((WholeWord("智能ai"), WholeWord("ai技术")))),
    ("word:GDP增长", And((WholeWord("gdp"), Phrase("增长")))),
    ("word:技术", Word("技术")),
    ("paper:word:AI", WholeWord("ai", "paper")),
    ("page:word:3", Phrase("第3版", "page")),
    (
        "word:20000",
        Or(
            (
                WholeWord("20000"),
                WholeWord("20,000"),
                WholeWord("2万"),
                Phrase("二万"),
                Phrase("两万"),
            )
        ),
    ),
]


@pytest.mark.parametrize(("query", "tree"), READ)
def test_how_words_are_asked_for(query: str, tree: Node) -> None:
    found = parse(query)
    if "智能" in query:
        assert isinstance(found, And)
        assert tree in found.children
    else:
        assert found == tree


@pytest.mark.parametrize(
    "query", ["word:", "word:甲*乙", "word:/ai/", "word:title:AI", "word:-AI", "word:date:2023"]
)
def test_what_is_no_word(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


def test_all_of_a_query_may_be_whole_words() -> None:
    assert whole_words(parse("AI 桥 -GPT")) == And((AI, Word("桥"), Not(WholeWord("gpt"))))
    assert whole_words(literal("AI 2.0")) == WholeWord("ai 2.0")
    for same in ("gov*ment", "AI NEAR 桥", "paper:PPT", "桥 2023..", "path:a/*"):
        assert whole_words(parse(same), besides=frozenset({"paper"})) == parse(same)
    assert whole_words(parse("paper:PPT")) == WholeWord("ppt", "paper")
    assert isinstance(parse("gov*ment"), Wildcard)
    assert isinstance(parse("AI NEAR 桥"), Near)


LETTERS = "aiAI1２_甲，- é"


@given(st.text(LETTERS, min_size=1, max_size=3), st.text(LETTERS, max_size=14))
def test_an_occurrence_is_a_whole_word(text: str, value: str) -> None:
    """Compared with a text in which words are set apart by hand."""
    text, value = fold(text), fold(value)
    if not text:
        return
    expected = []
    for at in range(len(value) - len(text) + 1):
        around = value[max(0, at - 1) : at], value[at + len(text) : at + len(text) + 1]
        joins = [
            re.fullmatch("[a-z0-9_é]{2}", pair)
            for pair in (around[0] + text[0], text[-1] + around[1])
        ]
        if value[at : at + len(text)] == text and not any(joins):
            expected.append((at, at + len(text)))
    assert occurrences(WholeWord(text), value) == expected


@given(corpora(), QUERIES | PATTERN_QUERIES)
def test_whole_words_find_no_more_and_of_chinese_the_same(
    articles: list[Article], query: str
) -> None:
    if "NOT" in query or "/" in query:
        return
    engine = ReferenceEngine(articles)

    def found(tree: Node) -> set[str]:
        return {hit.article.id for hit in engine.search(SearchRequest(tree, Top(None))).hits}

    tree = parse(query)
    assert found(whole_words(tree)) <= found(tree)


@pytest.mark.parametrize("kind", ["word:a", "word:(a {})", "-w"])
def test_whole_words_are_patterns_of_which_a_query_can_have_so_many(kind: str) -> None:
    def asked(number: int) -> None:
        words = [f"a{i}" for i in range(number)]
        if kind == "word:a":
            parse(" OR ".join(f"word:{word}" for word in words))
        elif kind == "-w":
            Question(" OR ".join(words), word=True).tree()
        else:
            parse(f"word:({' OR '.join(words)})")

    asked(limits.PATTERNS)
    with pytest.raises((QueryError, LimitError), match=f"at most {limits.PATTERNS}"):
        asked(limits.PATTERNS + 1)


def test_a_question_for_whole_words() -> None:
    bodies = ["AI技术", "main line", "他用AI。", "email"]
    articles = [Article(f"id{i}", "", body, f"{i}.txt") for i, body in enumerate(bodies)]
    engine = ReferenceEngine(articles)
    found = find(engine, Question("AI", word=True))
    assert [hit.id for hit in found] == ["id0", "id2"]
    assert [snippet.spans for hit in found for snippet in hit.snippets] == [((0, 2),), ((2, 4),)]
    assert find(engine, Question("AI")).total == 4


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        (r"\bai\b", "用ai技术", [(1, 3)]),
        (r"\bai\b", "main", []),
        (r"\bai\b", "ai2", []),
        (r"\Bai", "main", [(1, 3)]),
        (r"\Bai", "用ai", []),
        (r"\\b", r"a\b", [(1, 3)]),
        (r"技\b", "ai技术", []),
        (r"术\b", "ai技术。", [(3, 4)]),
        (r"[\w]\b[。]", "术。", [(0, 2)]),
    ],
)
def test_chinese_is_no_part_of_a_word_of_letters(
    pattern: str, value: str, expected: list[tuple[int, int]]
) -> None:
    assert spans(pattern, value, None) == expected
