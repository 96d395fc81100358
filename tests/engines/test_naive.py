"""Every engine against an oracle that shares nothing with any of them (tests/engines/naive.py)."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.port import SearchRequest, Top
from search.engines.whoosh.engine import WhooshEngine
from search.model.article import Article
from search.model.facets import FACETS
from search.model.frozen import replace
from search.query.ast import Bag, Everything, Node, Or, Phrase, Word
from search.query.parser import parse, plain_words
from tests.analysis.test_minhash import misread, story
from tests.conftest import examples
from tests.engines import naive
from tests.engines.test_contract import ENGINES, ON_DISK, Opened, found, merged, whoosh
from tests.engines.test_patterns import GONE
from tests.strategies import (
    CHUNKS,
    PATTERN_QUERIES,
    PLAIN_QUERIES,
    QUERIES,
    corpora,
    plain_corpora,
)

pytest.importorskip("pypinyin")


def assert_found(opened: Opened, articles: list[Article], trees: list[tuple[str, Node]]) -> int:
    """Hold an engine against the oracle; return how many articles were found in all."""
    number = 0
    with opened(articles) as engine:
        for query, tree in trees:
            expected = sorted(a.id for a in articles if naive.finds(tree, a))
            assert sorted(found(engine, tree)) == expected, query
            number += len(expected)
    return number


@ENGINES
@settings(max_examples=examples(60))
@given(articles=plain_corpora(), queries=st.lists(PLAIN_QUERIES, min_size=4, max_size=10))
def test_plain_queries(opened: Opened, articles: list[Article], queries: list[str]) -> None:
    assert_found(opened, articles, [(query, parse(query)) for query in queries])


@ENGINES
@settings(max_examples=examples(40))
@given(articles=plain_corpora(), questions=st.lists(CHUNKS, min_size=2, max_size=6))
def test_questions_in_plain_words(
    opened: Opened, articles: list[Article], questions: list[str]
) -> None:
    assert_found(opened, articles, [(text, plain_words(text)) for text in questions])


@ENGINES
@settings(max_examples=examples(60))
@given(
    articles=corpora(),
    queries=st.lists(PATTERN_QUERIES | PATTERN_QUERIES | QUERIES, min_size=3, max_size=8),
)
def test_patterns(opened: Opened, articles: list[Article], queries: list[str]) -> None:
    assert_found(opened, articles, [(query, parse(query)) for query in queries])


TOWN = [
    Article("a", "网格", "服务。管理。", "a.txt"),
    Article("b", "管理", "服务。", "b.txt"),
    Article("c", "网格", "管理。", "c.txt"),
    Article("d", "服务", "", "d.txt", authors=("网格管理",)),
    Article("e", "网格服务管理", "", "e.txt"),
    Article("f", "会议", "", "f.txt"),
    Article("g", "", "服务管理", "g.txt"),
    Article("h", "服务", "网格化", "h.txt"),
]


@ENGINES
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("网格服务管理", "ade"),
        ("网格服务管理 网格服务", "ade"),
        ("服务管理", "abdeg"),
        ("服务 服务管理 管理", "abdeg"),
        ("网格服务 会议", ""),
        ("title:网格服务管理", "e"),
        ("body:服务管理", "ag"),
        ("body:网格服务 OR 会议", "f"),
        ("网格 NOT 服务管理", "acdh"),
        ("网格 NOT (服务 管理)", "ch"),
        ("NOT (网格 OR 服务)", "f"),
        ("author:网格管理 OR title:会议", "df"),
        # Words that were looked for before, beside what tells nothing.
        ("(服务 会议) OR (网格 会议) OR 网格服务", "adeh"),
        ("(title:服务 会议) OR (title:网格 会议) OR title:网格服务", "e"),
        ("(服务 会议) OR (网格 会议) OR (管理 会议) OR 网格服务管理", "ade"),
    ],
)
def test_words_that_stand_in_several_fields(opened: Opened, query: str, ids: str) -> None:
    """All words are asked for, of articles of which each has only some."""
    with opened(TOWN) as engine:
        assert "".join(sorted(found(engine, parse(query)))) == ids
        assert "".join(a.id for a in TOWN if naive.finds(parse(query), a)) == ids


@ENGINES
@settings(max_examples=examples(60))
@given(articles=plain_corpora() | corpora(), query=PLAIN_QUERIES | st.just("*"))
def test_counts(opened: Opened, articles: list[Article], query: str) -> None:
    tree = parse(query)
    expected = naive.counts(a for a in articles if naive.finds(tree, a))
    with opened(articles) as engine:
        facets = engine.search(SearchRequest(tree, Top(1), FACETS)).facets
    assert [facet.name for facet in facets] == list(FACETS)
    for facet in facets:
        assert dict(facet.counts) == dict(expected[facet.name])
        assert len(facet.counts) == len(expected[facet.name])
        known = [(value, number) for value, number in facet.counts if value is not None]
        by_time = facet.name in {"year", "month"}
        assert known == sorted(known, key=lambda item: (0 if by_time else -item[1], item[0]))
        if None in expected[facet.name]:
            assert facet.counts[-1][0] is None


LONG = st.sampled_from(["", "", "晴天。" * 20, "晴天。" * 32, "晴天。" * 33, "晴天。" * 40])


@ON_DISK
@settings(max_examples=examples(60))
@given(
    articles=plain_corpora(),
    before=LONG,
    text=st.sampled_from(["桥", "谁", "谁管理", "服务服务管理", "志愿服务桥"]) | CHUNKS,
    field=st.sampled_from([None, None, "title", "body"]),
)
def test_scores(
    opened: Opened, articles: list[Article], before: str, text: str, field: str | None
) -> None:
    articles = [
        replace(a, body=before + a.body if i % 2 else a.body) for i, a in enumerate(articles)
    ]
    # Not alone: a question alone is judged again by the texts of the best.
    leaves = (Word(text, field), Bag(text, field))
    trees = [Or((leaf, Phrase("从未写过"))) for leaf in leaves]
    with opened(articles) as engine:
        assert isinstance(engine, WhooshEngine)
        # A removed article counts until its segment is merged.
        counted = [*articles, GONE][: engine._statistics.total]
        found = [engine.search(SearchRequest(tree, Top(None))).hits for tree in trees]
    for leaf, hits in zip(leaves, found, strict=True):
        expected = naive.scores(counted, leaf)
        for hit in hits:
            assert hit.score == pytest.approx(expected[hit.article.id], rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    "query",
    [
        "“书7” /.书7/",
        "/.书7/ “书7”",
        "(/.书7/ OR /书7.?$/) “书7”",
        "/[0-9]$/ “书7”",  # which has no string that every match must have
        "(/[0-9]$/ OR /x[0-9]/) “书7”",
        "大家 -/[0-9]{3}/ " + " ".join(f"-“书{i}”" for i in range(1, 9)),
        "“书7” -/书8/",
        "-/书8/ “书7” -“书8”",
    ],
)
def test_expressions_are_tried_last_wherever_they_stand(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the articles that all else leaves: there may be far more of them than can be tried."""
    monkeypatch.setattr("search.engines.whoosh.verification.CANDIDATES", 25)
    articles = [Article(f"a{i}", "题", f"大家看书{i}", f"{i}.txt") for i in range(100)]
    for opened in (whoosh, merged):
        with opened(articles) as engine:
            expected = sorted(a.id for a in articles if naive.finds(parse(query), a))
            assert len(expected) in {11, 12}
            assert sorted(found(engine, parse(query))) == expected


@ON_DISK
@pytest.mark.parametrize("place", [0, 98, 99, 100, 101])
def test_where_the_lead_of_a_body_ends(opened: Opened, place: int) -> None:
    """docs/query.md: one among the first hundred characters counts as more than one."""
    articles = [
        Article("a", "题", "晴" * place + "台风" + "晴" * 50, "a.txt"),
        *(Article(f"f{i}", "别的事", "今天天气很好。", f"f{i}.txt") for i in range(5)),
    ]
    leaf = Bag("台风")
    with opened(articles) as engine:
        assert isinstance(engine, WhooshEngine)
        counted = [*articles, GONE][: engine._statistics.total]
        [hit] = engine.search(SearchRequest(Or((leaf, Phrase("从未写过"))), Top(None))).hits
    scores = [
        naive.scores([replace(articles[0], body=body), *counted[1:]], leaf)["a"]
        for body in (articles[0].body, "晴" * 100 + "台风" + "晴" * (place - 50))
    ]
    assert hit.score == pytest.approx(scores[0], rel=1e-6)
    if place >= 50:  # as long, and the typhoon behind the lead
        assert (hit.score > scores[1] * 1.01) == (place < 100)


def archive(kinds: list[tuple[int, int]]) -> list[Article]:
    """Return articles that are versions of some stories: as it was, misread, or cut short."""
    out = []
    for number, (kind, version) in enumerate(kinds):
        body = story(kind, 300)
        text = (body, misread(body, 0.005, number), body[:280])[version]
        out.append(Article(f"{number:03}-{kind}", "题", text, f"{number:03}.txt"))
    return out


@ENGINES
@settings(max_examples=examples(15))
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=20, max_size=70),
)
def test_copies(opened: Opened, kinds: list[tuple[int, int]]) -> None:
    articles = archive(kinds)
    same = {}
    for one, other in combinations(articles, 2):
        share = naive.alike(one, other)
        assert share > 0.7 or share < 0.1  # nothing here is in doubt
        same[frozenset((one.id, other.id))] = share > 0.7
    expected = naive.folded(articles, same)
    with opened(articles) as engine:
        request = SearchRequest(Everything(), Top(None, sort="path", collapse=True))
        hits = engine.search(request).hits
    assert [[hit.article.id, *(copy.id for copy in hit.copies)] for hit in hits] == expected


def test_what_is_drawn_tells_something() -> None:
    """Two empty answers agree, whatever is wrong: so most queries find some and not all."""
    seen: Counter[str] = Counter()

    @settings(max_examples=100, derandomize=True, database=None)
    @given(articles=plain_corpora(), query=PLAIN_QUERIES)
    def draw(articles: list[Article], query: str) -> None:
        number = sum(naive.finds(parse(query), article) for article in articles)
        seen["none" if not number else "all" if number == len(articles) else "some"] += 1

    draw()
    assert seen["some"] > 40, seen
