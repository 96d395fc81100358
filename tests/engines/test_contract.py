"""What every engine must do: one suite over all of them, the memory engine as the oracle."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.segment import segment
from search.engines import registry
from search.engines.port import (
    SORTS,
    Collector,
    Count,
    Engine,
    Found,
    Outlines,
    Paths,
    Sample,
    Scored,
    SearchRequest,
    Sort,
    Top,
)
from search.engines.reference import ReferenceEngine
from search.engines.whoosh.engine import WhooshEngine
from search.model.article import Article
from search.model.facets import FACETS
from search.model.frozen import replace
from search.query.ast import Everything, Node, Not, Pages, PathGlob, Phrase, Word, conjunction
from search.query.parser import parse
from tests.conftest import examples, ready
from tests.engines.alone import commit, engine_of, writer_of
from tests.strategies import (
    LETTERS,
    PLAIN_QUERIES,
    QUERIES,
    corpora,
    plain_corpora,
)

CORPORA = corpora() | plain_corpora()
ASKED = QUERIES | PLAIN_QUERIES
"""Of strange letters, which nearly nothing finds, and of words, which find some articles."""

Opened = Callable[[list[Article]], AbstractContextManager[Engine]]


@contextmanager
def memory(articles: list[Article]) -> Iterator[Engine]:
    yield ReferenceEngine(articles)


@contextmanager
def whoosh(articles: list[Article], tier: int = 8, plain: bool = False) -> Iterator[Engine]:
    """The articles in two segments, after a removal, as an index that is used has them."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.engines.whoosh.writer.TIER", tier)
        half = len(articles) // 2
        gone = Article("gone", "志愿服务", "志愿服务网格", "gone.txt")
        for removed, added in ((None, [*articles[:half], gone]), ("gone.txt", articles[half:])):
            writer = writer_of(Path(folder))
            if removed:
                writer.remove(removed)
            writer.add([(1, ready(added))])
            commit(Path(folder), writer)
        if plain:
            patch.setattr(WhooshEngine, "_is_over_before_numpy", lambda *_: True)
        engine = engine_of(Path(folder))
        try:
            yield engine
        finally:
            engine.close()


def merged(articles: list[Article]) -> AbstractContextManager[Engine]:
    """The same, the segments merged into one."""
    return whoosh(articles, tier=2)


def without_numpy(articles: list[Article]) -> AbstractContextManager[Engine]:
    """The same, answered without numpy."""
    return whoosh(articles, plain=True)


OPENERS: dict[str, list[Opened]] = {"whoosh": [whoosh, merged, without_numpy]}
"""For each engine of the registry, the ways in which it is opened for these tests."""

REGISTERED = [opened for entry in registry.ENGINES for opened in OPENERS[entry.name]]
ON_DISK = pytest.mark.parametrize("opened", REGISTERED)
ENGINES = pytest.mark.parametrize("opened", [memory, *REGISTERED])


def found(engine: Engine, tree: Node) -> list[str]:
    """Return the ids of everything that a tree finds, in order."""
    answer = engine.search(SearchRequest(tree, Top(None)))
    assert answer.total == len(answer.hits)
    return [hit.article.id for hit in answer.hits]


def assert_found_as_by_memory(opened: Opened, articles: list[Article], queries: list[str]) -> None:
    """Hold an engine against the memory engine: for each query, the same articles."""
    oracle = ReferenceEngine(articles)
    with opened(articles) as engine:
        for query in queries:
            tree = parse(query)
            assert sorted(found(engine, tree)) == sorted(found(oracle, tree)), query


@ON_DISK
@settings(max_examples=examples(100))
@given(articles=CORPORA, queries=st.lists(ASKED, min_size=1, max_size=6))
def test_the_same_articles_from_both(
    opened: Opened, articles: list[Article], queries: list[str]
) -> None:
    assert_found_as_by_memory(opened, articles, queries)


@ON_DISK
@settings(max_examples=examples(60))
@given(articles=corpora(), data=st.data())
def test_a_string_is_found_exactly_where_grep_finds_it(
    opened: Opened, articles: list[Article], data: st.DataObject
) -> None:
    texts = [fold(article.body) for article in articles]
    source = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, max(0, len(source) - 1)))
    text = fold(source[start : start + data.draw(st.integers(1, 8))])
    if not text:
        return
    expected = sorted(a.id for a, body in zip(articles, texts, strict=True) if text in body)
    with opened(articles) as engine:
        assert sorted(found(engine, Phrase(text, "body"))) == expected


@ENGINES
@settings(max_examples=examples(40))
@given(
    articles=CORPORA,
    texts=st.lists(
        st.sampled_from(["网", "格", "网格", "服务", "2023", "ppt"]), min_size=2, max_size=4
    ),
)
def test_a_text_is_found_in_any_of_its_forms(
    opened: Opened, articles: list[Article], texts: list[str]
) -> None:
    with opened(articles) as engine:
        alone = {text: set(found(engine, Phrase(text))) for text in texts}
        first, *forms = texts
        written = Phrase(first, forms=tuple(forms))
        assert set(found(engine, written)) == set().union(*alone.values())
        assert set(found(engine, Word(first, forms=tuple(forms)))) == set().union(*alone.values())
        everything = set(found(engine, Everything()))
        assert set(found(engine, Not(written))) == everything - set().union(*alone.values())


def article(number: int, title: str, body: str, **more: object) -> Article:
    return Article(f"id{number}", title, body, f"corpus/{number}.txt", **more)  # type: ignore[arg-type]


BRIDGE = [
    article(1, "修桥", "望澜桥开始修缮。", date="1956-10-01", paper="青岚报"),
    article(2, "防汛", "突\n\n发事件, 望澜\n桥封闭。", date="2021-07", authors=("喻春枝",)),
    article(3, "网格", "网格化服 务管理会议召\n开。PPT 2023", date="2023-05-12"),
    article(4, "无日期", "管理好每个网格, 服务好每户人。"),
]


@ENGINES
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("望澜桥", {"id1", "id2"}),
        ("突发事件", {"id2"}),
        ("会议召开", {"id3"}),
        ("網格", {"id3", "id4"}),
        ("网格服务", {"id3", "id4"}),  # not in one piece, but both words stand
        ("“网格服务”", set()),
        ("ｐｐｔ", {"id3"}),
        ("“。”", {"id1", "id2", "id3", "id4"}),
        ("开。ppt", {"id3"}),
        ("事", {"id2"}),
        ("作者:喻春", {"id2"}),
        ("喻春枝", {"id2"}),
        ("paper:青岚", {"id1"}),
        ("青岚", set()),  # the name of the paper is not in the text
        ("NOT 网格", {"id1", "id2"}),
        ("(望澜桥 NOT 封闭) OR 会议", {"id1", "id3"}),
        ("date:2021-07-31", {"id2"}),
        ("date:..2021", {"id1", "id2"}),
        ("path:corpus/3", {"id3"}),
        ("title:网格", {"id3"}),
        ("不在其中", set()),
    ],
)
def test_finding(opened: Opened, query: str, ids: set[str]) -> None:
    with opened(BRIDGE) as engine:
        assert set(found(engine, parse(query))) == ids


@ENGINES
def test_paging_covers_a_ranking_without_gaps(opened: Opened) -> None:
    with opened(BRIDGE) as engine:
        whole = found(engine, Everything())
        pages = [
            hit.article.id
            for offset in range(0, 6, 2)
            for hit in engine.search(SearchRequest(Everything(), Top(2, offset))).hits
        ]
        assert pages == whole
        nothing = engine.search(SearchRequest(Everything(), Top(0)))
        assert (nothing.total, nothing.hits) == (4, ())


@ENGINES
def test_sorting_by_date_puts_the_undated_last(opened: Opened) -> None:
    with opened(BRIDGE) as engine:

        def order(sort: str) -> list[str]:
            request = SearchRequest(Everything(), Top(sort=sort))  # type: ignore[arg-type]
            return [hit.article.id for hit in engine.search(request).hits]

        assert order("date") == ["id1", "id2", "id3", "id4"]
        assert order("-date") == ["id3", "id2", "id1", "id4"]
        assert order("path") == ["id1", "id2", "id3", "id4"]


LISTED = [
    Article("n1", "“重修”望澜桥", "", "乙/2.txt", 5, paper="青岚日报"),
    Article("n2", "岚山路灯", "", "乙/2.txt", 1, paper="青岚报"),
    Article("n3", "", "", "甲/1.txt", 9),
    Article("n4", "岚山：路灯", "", "b/1.txt", 1, paper="澜溪晚报"),
    Article("n5", "2023年大事", "", "a/1.txt", 1, paper="青岚日报"),
    Article("n6", "昌化县志", "", "a/1.txt", 7),
]


@ENGINES
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", "5 6 2 4 1 3"),
        ("-title", "1 2 4 6 5 3"),
        ("paper", "4 2 1 5 3 6"),
        ("-paper", "1 5 2 4 3 6"),
        ("path", "5 6 4 2 1 3"),
        ("-path", "3 2 1 4 5 6"),
    ],
)
def test_sorting_by_name_keeps_the_order_of_the_index(
    opened: Opened, sort: Sort, expected: str
) -> None:
    with opened(LISTED) as engine:
        ids = [f"n{number}" for number in expected.split()]
        for limit, offset in ((None, 0), (2, 0), (3, 2), (9, 5)):
            for collect in (Top(limit, offset, sort), Outlines(limit, offset, sort)):
                found = engine.search(SearchRequest(Everything(), collect)).hits
                end = None if limit is None else offset + limit
                assert [hit.article.id for hit in found] == ids[offset:end]


@ENGINES
def test_sorting_by_recent_weighs_age_against_the_words(opened: Opened) -> None:
    """A year takes a quarter of a score: less than twice the words, more than none."""
    rest = "其余从略, 天气也很好。"
    articles = [
        Article("new", "", f"望澜桥。{rest}", "a.txt", date="2023-08-01"),
        Article("old", "", f"望澜桥。{rest}", "b.txt", date="2022-08-01"),
        Article("undated", "", f"望澜桥。{rest}", "c.txt"),
        Article("about", "", "望澜桥望澜桥。" * 3, "d.txt", date="1998-01-01"),
    ]
    articles += [Article(f"f{i}", "", rest, f"f{i}.txt") for i in range(20)]
    with opened(articles) as engine:
        request = SearchRequest(parse("望澜桥"), Top(sort="recent", explain=True))
        recent = {hit.article.id: hit for hit in engine.search(request).hits}
        request = SearchRequest(parse("望澜桥"), Top())
        plain = {hit.article.id: hit.score for hit in engine.search(request).hits}
    kept = {"new": 1.0, "old": 0.75, "undated": 0.5, "about": 0.5}
    order = sorted(plain, key=lambda name: -kept[name] * plain[name])
    assert list(recent) == order
    for name, hit in recent.items():
        if hit.parts:  # the reference engine has none
            assert hit.score == pytest.approx(kept[name] * plain[name], rel=1e-3)
            assert sum(worth for _, worth in hit.parts) == pytest.approx(hit.score)


@ENGINES
def test_undated_articles_alone_are_sorted_by_recent_beside_dated_ones(opened: Opened) -> None:
    articles = [Article("undated", "", "望澜桥。", "a.txt"), Article("other", "", "桥。", "b.txt")]
    articles += [
        Article(f"d{i}", "", "从略。", f"{i}.txt", date=date)
        for i, date in enumerate(("0001", "2023-08-01", "9999-12-31"))
    ]
    with opened(articles) as engine:
        request = SearchRequest(parse("望澜桥"), Top(sort="recent"))
        assert [hit.article.id for hit in engine.search(request).hits] == ["undated"]


@ENGINES
def test_looking_up_and_counting(opened: Opened) -> None:
    with opened(BRIDGE) as engine:
        assert engine.count() == 4
        assert [a.id for a in engine.lookup("id")] == ["id1", "id2", "id3", "id4"]
        assert engine.lookup("id3") == [BRIDGE[2]]
        assert engine.lookup("x") == []


@ENGINES
def test_globs_match_a_path_or_what_follows_a_slash(opened: Opened) -> None:
    with opened(BRIDGE) as engine:
        assert set(found(engine, PathGlob("[12].txt"))) == {"id1", "id2"}
        assert set(found(engine, PathGlob("corpus/*"))) == {"id1", "id2", "id3", "id4"}
        assert found(engine, PathGlob("orpus/*")) == []


@ENGINES
def test_the_names_in_an_archive_are_part_of_a_path(opened: Opened) -> None:
    packed = [
        article(5, "雪", "路通了。", part="2019/雪后.zip › 第3版.txt"),
        article(6, "桥", "桥通了。", part="p. 2019"),
    ]
    with opened([*BRIDGE, *packed]) as engine:
        assert found(engine, parse("path:5.txt/2019/雪后.zip/第3版")) == ["id5"]
        assert found(engine, parse("path:2019")) == ["id5"]
        assert found(engine, PathGlob("5.txt")) == ["id5"]


@ENGINES
def test_an_article_comes_back_as_it_was(opened: Opened) -> None:
    odd = Article(
        "odd",
        "[red]标题\udcff",
        "𬱟\n\n",
        "a\udcfeb.txt",
        3,
        5,
        None,
        "键",
        "2023",
        "报",
        ("甲", "乙"),
        "一版",
        "http://example.org/",
    )
    with opened([odd]) as engine:
        assert engine.lookup("odd") == [odd]


@ENGINES
@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
@pytest.mark.parametrize(("limit", "offset"), [(3, 0), (3, 4), (None, 0), (0, 0)])
def test_paths_are_those_of_the_first_articles(
    opened: Opened, sort: Sort, limit: int | None, offset: int
) -> None:
    again = [replace(article, id=f"again-{article.id}", date="2024") for article in BRIDGE]
    with opened([*BRIDGE, *again]) as engine:
        whole = engine.search(SearchRequest(Everything(), Top(limit, offset, sort)))
        once = engine.search(SearchRequest(Everything(), Paths(limit, offset, sort)))
    wanted = list(dict.fromkeys(hit.article.path for hit in whole.hits))
    assert [hit.article.path for hit in once.hits] == wanted
    assert once.total == whole.total == 8


@ON_DISK
@settings(max_examples=examples(40))
@given(articles=corpora(), query=QUERIES, limit=st.integers(0, 4), offset=st.integers(0, 3))
def test_outlines_are_of_the_same_articles(
    opened: Opened, articles: list[Article], query: str, limit: int, offset: int
) -> None:
    with opened(articles) as engine:
        whole = engine.search(SearchRequest(parse(query), Top(limit, offset)))
        outlines = engine.search(SearchRequest(parse(query), Outlines(limit, offset)))

    def outlined(one: Scored) -> tuple[object, ...]:
        of = one.article
        return of.id, of.key or None, of.path, of.line, one.score

    assert list(map(outlined, outlines.hits)) == list(map(outlined, whole.hits))
    assert outlines.total == whole.total


@ENGINES
def test_a_count_is_of_all_and_has_no_article(opened: Opened) -> None:
    with opened(BRIDGE) as engine:
        for query, total in (("望澜桥", 2), ("不在其中", 0), ("NOT 网格", 2)):
            assert engine.search(SearchRequest(parse(query), Count())) == Found(total, ())


@ENGINES
@pytest.mark.parametrize(
    "collect", [Count(), Top(1), Top(1, collapse=True), Outlines(1), Paths(1), Sample(1)]
)
def test_counts_by_a_field_are_of_all_whatever_is_collected(
    opened: Opened, collect: Collector
) -> None:
    with opened(BRIDGE) as engine:
        found = engine.search(SearchRequest(Everything(), collect, ("paper",)))
    assert found.total == 4
    assert [facet.counts for facet in found.facets] == [(("青岚报", 1), (None, 3))]


@ON_DISK
@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_the_parts_of_a_score_are_told_where_they_are_asked_for(opened: Opened, sort: Sort) -> None:
    with opened(BRIDGE) as engine:
        told, not_told = (
            engine.search(SearchRequest(parse("望澜桥"), Top(sort=sort, explain=explain))).hits
            for explain in (True, False)
        )
    assert all(hit.parts for hit in told)
    assert not any(hit.parts for hit in not_told)
    assert [hit.article for hit in told] == [hit.article for hit in not_told]
    if sort == "relevance":
        sums = [sum(worth for _, worth in hit.parts) for hit in told]
        assert sums == pytest.approx([hit.score for hit in told])


@ON_DISK
@settings(max_examples=examples(60))
@given(articles=CORPORA, query=ASKED)
def test_the_same_counts_from_both(opened: Opened, articles: list[Article], query: str) -> None:
    request = SearchRequest(parse(query), Top(1), FACETS)
    expected = ReferenceEngine(articles).search(request).facets
    assert [facet.name for facet in expected] == list(FACETS)
    with opened(articles) as engine:
        assert engine.search(request).facets == expected


@ENGINES
def test_counting(opened: Opened) -> None:
    odd = article(5, "修桥", "", date="2021", authors=("喻春枝", "甲\0乙", "喻春枝", ""), paper="")
    odd = replace(odd, section="要\udcff闻")
    with opened([*BRIDGE, odd]) as engine:
        request = SearchRequest(Everything(), Count(), FACETS)
        counts = {facet.name: facet.counts for facet in engine.search(request).facets}
    assert counts == {
        "paper": (("青岚报", 1), (None, 4)),
        "year": (("1956", 1), ("2021", 2), ("2023", 1), (None, 1)),
        "month": (("1956-10", 1), ("2021", 1), ("2021-07", 1), ("2023-05", 1), (None, 1)),
        "author": (("喻春枝", 2), ("甲\0乙", 1), (None, 3)),
        "section": (("要\udcff闻", 1), (None, 4)),
        "page": ((None, 5),),
        "issue": ((None, 5),),
        "edition": ((None, 5),),
    }


@ON_DISK
@settings(max_examples=examples(40))
@given(articles=CORPORA, query=ASKED, data=st.data())
def test_one_can_be_left_out(
    opened: Opened, articles: list[Article], query: str, data: st.DataObject
) -> None:
    unwanted = data.draw(st.sampled_from(articles)).id
    request = SearchRequest(parse(query), Top(None), without=unwanted)
    expected = {hit.article.id for hit in ReferenceEngine(articles).search(request).hits}
    with opened(articles) as engine:
        answer = engine.search(request)
        assert {hit.article.id for hit in answer.hits} == expected
        assert answer.total == len(answer.hits)
        assert unwanted not in expected


@ON_DISK
@settings(max_examples=examples(40))
@given(articles=CORPORA, query=ASKED, most=st.integers(1, 4))
def test_a_sample_is_spread_over_what_is_found(
    opened: Opened, articles: list[Article], query: str, most: int
) -> None:
    request = SearchRequest(parse(query), Sample(most))
    expected = ReferenceEngine(articles).search(request)
    with opened(articles) as engine:
        answer = engine.search(request)
        assert answer.total == expected.total
        assert [h.article for h in answer.hits] == [h.article for h in expected.hits]
        assert len(answer.hits) == min(most, answer.total)


@settings(max_examples=examples(40))
@given(articles=CORPORA)
def test_bodies_that_have_a_word(articles: list[Article]) -> None:
    words = sorted({word for article in articles for word in segment(fold(article.body))})
    expected = ReferenceEngine(articles).having([*words, "鬱"])
    with merged(articles) as engine:
        assert engine.having([*words, "鬱"]) == expected


@settings(max_examples=examples(60))
@given(articles=corpora(), text=st.text(LETTERS, min_size=2, max_size=4).filter(fold))
def test_what_stands_beside_what(articles: list[Article], text: str) -> None:
    oracle, text = ReferenceEngine(articles), fold(text)
    if len(text) < 2:
        return
    with whoosh(articles) as engine:
        for field in (None, "title", "author"):
            assert engine.bound(text, field) >= oracle.bound(text, field)
            for before, after in ((text[0], text[1]), ("", text[1]), (text[0], "")):
                expected = set(oracle.between(before, after, field))
                found = engine.between(before, after, field)
                # What was removed is still counted until its segment is merged.
                assert expected <= set(found)
                assert set(found) - expected <= set("志愿服务网格")
    with merged(articles) as engine:
        assert set(engine.between(text[0], text[1])) == set(oracle.between(text[0], text[1]))
        assert engine.bound("鬱鬱") == 0


@settings(max_examples=examples(60))
@given(articles=CORPORA, query=ASKED)
def test_scores_do_not_depend_on_how_postings_are_held(articles: list[Article], query: str) -> None:
    request = SearchRequest(parse(query), Top(None))
    with whoosh(articles) as one, without_numpy(articles) as other:
        first = [(hit.article.id, hit.score) for hit in one.search(request).hits]
        second = [(hit.article.id, hit.score) for hit in other.search(request).hits]
    assert [name for name, _ in first] == [name for name, _ in second]
    assert [s for _, s in first] == pytest.approx([s for _, s in second])


# Records of pages: what is asked of articles, they are not there; asked of them, articles are not.


def _as_records(articles: list[Article], name: str = "page") -> list[Article]:
    """The same as records of pages, of paths and ids that no article has."""
    return [
        replace(each, id=f"{name}{i}", path=f"{name}/{each.path}", kind="page", authors=())
        for i, each in enumerate(articles)
    ]


def _told(engine: Engine, tree: Node) -> list[object]:
    """All that an engine tells of what a tree finds."""
    whole = engine.search(SearchRequest(tree, Top(None, explain=True), FACETS))
    once = engine.search(SearchRequest(tree, Top(None, collapse=True)))
    rest = [
        engine.search(SearchRequest(tree, collect))
        for collect in (Count(), Outlines(None), Paths(None), Sample(2), Top(2, 1, "-date"))
    ]
    return [whole, once, *rest]


@ENGINES
@settings(max_examples=examples(30))
@given(articles=CORPORA, others=CORPORA, queries=st.lists(ASKED, min_size=1, max_size=3))
def test_records_of_pages_change_nothing_that_is_told_of_articles(
    opened: Opened, articles: list[Article], others: list[Article], queries: list[str]
) -> None:
    half = len(articles) // 2  # so many of each in a segment, with records and without
    first, second = _as_records(others), _as_records(others, "more")
    mixed = [*articles[:half], *first, *articles[half:], *second]
    with opened(articles) as alone, opened(mixed) as both:
        for query in queries:
            tree = parse(query)
            assert _told(both, tree) == _told(alone, tree), query
        words = sorted({word for each in articles for word in segment(fold(each.body))})
        assert (both.count(), both.having(words)) == (alone.count(), alone.having(words))
        assert (both.paths(), both.bound("志愿")) == (alone.paths(), alone.bound("志愿"))
        assert both.between("志", "") == alone.between("志", "")
        assert both.lookup("") == alone.lookup("")


@ON_DISK
@settings(max_examples=examples(60))
@given(articles=CORPORA, others=CORPORA, queries=st.lists(ASKED, min_size=1, max_size=4))
def test_the_records_that_memory_finds(
    opened: Opened, articles: list[Article], others: list[Article], queries: list[str]
) -> None:
    records = _as_records(others)
    oracle = ReferenceEngine([*articles, *records])
    alone = ReferenceEngine([replace(each, kind="article") for each in records])
    with opened([*articles, *records]) as engine:
        for query in queries:
            tree = conjunction([Pages(), parse(query)])
            expected = sorted(found(alone, parse(query)))
            assert sorted(found(engine, tree)) == sorted(found(oracle, tree)) == expected, query
        assert engine.paths("page") == {each.path: 1 for each in records}
        for record in records:
            assert engine.lookup(record.id) == [record]


@settings(max_examples=examples(60))
@given(articles=CORPORA, others=CORPORA, queries=st.lists(ASKED, min_size=1, max_size=3))
def test_records_of_pages_are_ranked_as_articles_are(
    articles: list[Article], others: list[Article], queries: list[str]
) -> None:
    records = _as_records(others)
    told = []
    for documents, nodes in (
        ([replace(each, kind="article") for each in records], []),
        ([*articles, *records], [Pages()]),
    ):
        with tempfile.TemporaryDirectory() as folder:
            writer = writer_of(Path(folder))
            writer.add([(1, ready(documents))])
            commit(Path(folder), writer)
            engine = engine_of(Path(folder))
            told.append([_told(engine, conjunction([*nodes, parse(q)])) for q in queries])
            engine.close()
    assert repr(told[0]) == repr(told[1]).replace("kind='page'", "kind='article'")


@ENGINES
def test_the_beginning_of_an_id_means_an_article_before_a_page(opened: Opened) -> None:
    record = replace(BRIDGE[0], id="id1page", path="page.txt", kind="page")
    with opened([*BRIDGE, record]) as engine:
        assert engine.lookup("id1") == [BRIDGE[0]]
        assert engine.lookup("id1p") == [record]


@ENGINES
def test_an_index_without_records_finds_none(opened: Opened) -> None:
    with opened(BRIDGE) as engine:
        assert found(engine, Pages()) == []
        assert engine.paths("page") == {}
