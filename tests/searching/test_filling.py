"""A page that whole matches leave room on is filled with partial ones, each article once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.minhash import same_text, signature
from search.engines.port import Engine, Found, Outlines, SearchRequest, Top
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.model.errors import LimitError
from search.model.frozen import replace
from search.model.results import Results
from search.output.formats import filled
from search.query.ast import Bag
from search.searching.search import Question, find
from tests.conftest import examples
from tests.engines.test_contract import ENGINES, Opened
from tests.strategies import PLAIN_QUERIES, plain_corpora

BRIDGE = "望澜桥昨日开始修缮，工期九十天。"
ARTICLES = [
    Article("a1", "望澜桥修缮", BRIDGE, "1.txt"),
    Article(
        "a2", "图书馆开放", "图书馆昨日开放，望澜桥老照片同时展出。", "2.txt", authors=("沈秋",)
    ),
    Article("a3", "路灯修缮", "北山公路的路灯开始修缮。", "3.txt", date="1984-08-14"),
    Article("a4", "晒书节", "晒书节今年照办。", "4.txt"),
    Article("p1", "望澜县报", "望澜县报 总第763期", "1.txt", kind="page"),
]


def asked(text: str, articles: list[Article] = ARTICLES, **more: object) -> Results:
    return find(ReferenceEngine(articles), replace(Question(text), **more))


def ids(results: Results) -> list[tuple[str, bool]]:
    return [(hit.id, hit.partial) for hit in results]


def test_partial_matches_follow_whole_ones_and_are_marked() -> None:
    found = asked("望澜桥 修缮")
    assert ids(found) == [("a1", False), ("a3", True), ("a2", True)]
    assert [hit.rank for hit in found] == [1, 2, 3]
    assert (found.total, found.partial, filled(found)) == (1, False, 2)
    assert [hit["partial"] for hit in found.to_dict()["hits"]] == [False, True, True]  # type: ignore[index,union-attr]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("望澜桥 修缮", {"partial": False}),
        ("望澜桥 修缮", {"fill": False}),
        ("望澜桥 修缮", {"sort": "date"}),
        ("望澜桥 修缮", {"limit": None}),  # all that match were asked for
        ("望澜桥 修缮", {"limit": 1}),
        ('"望澜桥昨日"', {}),  # one string
        ("望澜桥昨日", {"mode": "literal"}),
        ("望澜桥 修缮", {"mode": "any"}),  # a1, a2 and a3 match whole
        ("修缮", {}),  # one word
        ("修?", {}),
        ("修*缮", {}),
        ("", {"authors": ("沈秋",)}),
        ("in:page 县报 763", {}),
        ("总第763期", {}),  # beside the articles
        ("防汛", {}),
    ],
)
def test_what_is_not_filled(text: str, more: dict[str, object]) -> None:
    assert not filled(asked(text, **more))


def test_a_word_with_filters_has_no_parts() -> None:
    assert not filled(asked("修缮", papers=("甲报", "乙报")))
    named = [replace(each, paper="甲报") for each in ARTICLES]
    assert ids(asked("修缮", named, papers=("甲报", "乙报"))) == [("a1", False), ("a3", False)]


def test_filters_and_exclusions_hold_for_partial_matches() -> None:
    assert ids(asked("望澜桥 修缮 -图书馆")) == [("a1", False), ("a3", True)]
    assert ids(asked("望澜桥 修缮 date:1984")) == [("a3", True)]
    dated = [*(replace(each, date="1984") for each in ARTICLES[:2]), *ARTICLES[2:]]
    assert ids(asked("望澜桥 修缮", dated, since="1984")) == [
        ("a1", False),
        ("a3", True),
        ("a2", True),
    ]


@pytest.mark.parametrize("wanted", ["count", "paths"])
def test_counts_and_paths_are_of_whole_matches(wanted: str) -> None:
    found = find(ReferenceEngine(ARTICLES), Question("望澜桥 修缮"), wanted)  # type: ignore[arg-type]
    assert (found.total, filled(found)) == (1, 0)


def test_facets_count_whole_matches() -> None:
    found = asked("望澜桥 修缮", facets=("author",))
    assert filled(found) == 2
    assert [facet.counts for facet in found.facets] == [((None, 1),)]


def test_what_would_take_too_much_work_fills_nothing() -> None:
    class Strict(ReferenceEngine):
        def search(self, request: SearchRequest) -> Found:
            if request.beyond:
                raise LimitError("too much")
            return super().search(request)

    found = find(Strict(ARTICLES), Question("望澜桥 修缮"))
    assert ids(found) == [("a1", False)]


def test_a_full_page_is_searched_once() -> None:
    times = 0

    class Counting(ReferenceEngine):
        def search(self, request: SearchRequest) -> Found:
            nonlocal times
            times += 1
            return super().search(request)

    find(Counting(ARTICLES), Question("望澜桥 修缮", limit=1))
    assert times == 1


LONG = (
    "望澜桥昨日开始修缮，工期九十天，施工期间行人可走下游便桥，车辆请绕行北山公路。桥面加宽两米。"
    * 2
)


def test_a_copy_of_what_is_shown_does_not_come_again() -> None:
    copy = LONG.replace("修缮", "修膳")  # read wrongly
    articles = [
        Article("a1", "桥", LONG, "1.txt"),
        Article("a2", "桥", copy, "2.txt"),
        Article("a3", "路灯", "北山公路的路灯", "3.txt"),
    ]
    assert ids(asked("望澜桥 修缮", articles)) == [("a1", False)]
    assert ids(asked("望澜桥 修缮", articles, offset=1)) == []
    assert ids(asked("望澜桥 修缮", articles, dedupe=False)) == [("a1", False), ("a2", True)]


def parts_of(engine: Engine, question: Question) -> tuple[list[str], set[str]]:
    """The ids of whole matches in order, and of articles that match a part only."""
    tree, looser = question.tree(), question.looser()
    every = Outlines(None)
    whole = [hit.article.id for hit in engine.search(SearchRequest(tree, every)).hits]
    if looser is None or looser == tree or not whole:
        return whole, set()
    some = {hit.article.id for hit in engine.search(SearchRequest(looser, every)).hits}
    return whole, some - set(whole)


@settings(max_examples=examples(60), deadline=None)
@given(plain_corpora(), PLAIN_QUERIES, st.integers(1, 4))
def test_pages_of_whole_and_partial_matches_fit_together(
    articles: list[Article], text: str, limit: int
) -> None:
    engine = ReferenceEngine(articles)
    question = Question(text, limit=limit, dedupe=False, beside=False)
    whole, some = parts_of(engine, question)
    shown: list[tuple[str, bool]] = []
    for offset in range(0, len(articles) + limit, limit):
        found = find(engine, replace(question, offset=offset))
        if not whole:
            return
        assert found.total == len(whole)
        assert [hit.rank for hit in found] == [offset + 1 + i for i in range(len(found))]
        shown += ids(found)
    assert [one for one, partial in shown if not partial] == whole
    assert [partial for _, partial in shown] == sorted(partial for _, partial in shown)
    rest = [one for one, partial in shown if partial]
    assert len(set(rest)) == len(rest)
    assert set(rest) <= some
    assert set(rest) in (some, set())  # nothing where a query is one word


@ENGINES
def test_every_engine_leaves_out_what_is_shown_and_its_copies(opened: Opened) -> None:
    texts = [LONG, LONG.replace("行人", "行入"), LONG[:80], "北山公路的路灯", "望澜桥的路灯"]
    articles = [Article(f"a{i}", "", text, f"{i}.txt") for i, text in enumerate(texts)]
    signs = [signature("", fold(text)) for text in texts]
    whole = Question("行人").tree()
    with opened(articles) as engine:
        request = SearchRequest(Bag("北山公路望澜桥"), Top(), beyond=whole)
        apart = engine.search(request)
        together = engine.search(replace(request, collect=Top(collapse=True)))
    assert {hit.article.id for hit in apart.hits} == {"a1", "a3", "a4"}
    assert apart.total == together.total == 3
    assert same_text(signs[0], signs[1])
    assert {hit.article.id for hit in together.hits} == {"a3", "a4"}


@ENGINES
def test_pages_fit_together_over_copies(opened: Opened) -> None:
    """Whole and partial matches with copies of both kinds: none is lost but copies of whole ones."""
    texts = [
        f"{place}的望澜桥第{number}次{what}，{body}"
        for number, (place, what) in enumerate(
            [("县城", "修缮"), ("乡里", "修缮"), ("山北", "加宽"), ("水南", "重建")], 11
        )
        for body in (LONG[5 * number :], LONG[5 * number :].replace("便桥", "使桥"))
    ]
    articles = [Article(f"a{i}", "", text, f"{i}.txt") for i, text in enumerate(texts)]
    with opened(articles) as engine:
        for limit in (1, 2, 3, 10):
            pages = [
                find(engine, Question("望澜桥 加宽两米 县城 OR 乡里", limit=limit, offset=offset))
                for offset in range(0, 12, limit)
            ]
            hits = [hit for page in pages for hit in page]
            seen = [one.id for hit in hits for one in (hit.article, *hit.also)]
            assert len(seen) == len(set(seen))
            assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
            if limit == 1:
                expected = [(hit.id, hit.partial) for hit in hits]
            assert [(hit.id, hit.partial) for hit in hits] == expected
