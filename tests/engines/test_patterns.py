"""Patterns: every engine finds what comparing strings finds, and ranks by one formula."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.port import SearchRequest, Top
from search.engines.reference import _Entry
from search.engines.whoosh.engine import WhooshEngine
from search.model.article import Article
from search.model.errors import LimitError
from search.query import ast, limits
from search.query.ast import (
    META_FIELDS,
    Fuzzy,
    Near,
    Pattern,
    Pinyin,
    Regex,
    Wildcard,
    fields_of,
    positive_patterns,
)
from search.query.parser import parse
from search.query.pattern_matching import marked, occurrences
from tests.conftest import examples, ready
from tests.engines.alone import commit, engine_of, writer_of
from tests.engines.naive import FIELD_WEIGHTS, K1, B, idf
from tests.engines.test_contract import (
    ENGINES,
    ON_DISK,
    Opened,
    article,
    assert_found_as_by_memory,
    found,
    merged,
)
from tests.strategies import LETTERS, PATTERN_QUERIES, PATTERNS, corpora

pytest.importorskip("pypinyin")

# What a pattern is, said in another way.

FEW = "甲乙丙 ,"
VALUES = st.text(FEW, max_size=14).map(lambda s: s.replace(" ", "").strip())


def edits(one: str, other: str) -> int:
    """The edit distance of Levenshtein."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, above = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(row[-1] + 1, above[j] + 1, above[j - 1] + (a != b)))
    return row[-1]


@given(st.text("甲乙丙丁", min_size=3, max_size=5), VALUES)
def test_a_fuzzy_string_occurs_where_one_edit_away_stands(text: str, value: str) -> None:
    pieces = [value[i:j] for i in range(len(value)) for j in range(i + 1, len(value) + 1)]
    expected = any(edits(text, piece) <= 1 for piece in pieces)
    assert bool(occurrences(Fuzzy(text), value)) is expected


@settings(max_examples=examples(300))
@given(st.text("甲乙丙丁", min_size=6, max_size=8), st.text(FEW.strip(), max_size=20))
def test_two_edits_are_found_wherever_they_are(text: str, value: str) -> None:
    pieces = {(i, j) for i in range(len(value)) for j in range(i + 1, len(value) + 1)}
    within = {(i, j): edits(text, value[i:j]) for i, j in pieces}
    ends = {j for (_, j), away in within.items() if away <= 2}
    found = occurrences(Fuzzy(text, edits=2), value)
    runs = [j for j in ends if j + 1 not in ends]  # one for those that end side by side
    assert len(found) == len(runs)
    for (start, end), last in zip(found, sorted(runs), strict=True):
        first = next(j for j in range(last, -1, -1) if j - 1 not in ends)
        nearest = min(away for (_, j), away in within.items() if first <= j <= last)
        assert within[start, end] == nearest
        assert first <= end <= last


def test_where_two_edits_stand() -> None:
    value = "县关心了下一代工组委会,关心下一代工作委员会"
    assert occurrences(Fuzzy("关心下一代工作委员会", edits=2), value) == [(12, 22)]
    assert occurrences(Fuzzy("关心下一代工作", edits=2), value) == [(1, 8), (12, 19)]
    assert occurrences(Fuzzy("关心下一代工作委会", edits=2), value) == [(1, 11), (12, 20)]


@ON_DISK
def test_a_string_of_two_wrong_characters_is_looked_for_in_so_many_articles(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = ["关心下一代的工作", "关心下一代,工作", "关心下一楼的事", "下一代,关心工作", "别的"]
    articles = [Article(f"a{i}", "", body, f"{i}.txt") for i, body in enumerate(bodies * 3)]
    query = "关心下一代工作~2"
    with opened(articles) as engine:
        expected = {f"a{i}" for i in range(15) if i % 5 < 2}
        assert set(found(engine, parse(query))) == expected
        monkeypatch.setattr("search.engines.whoosh.codec.fuzzy_postings._FEW", 0)
        assert set(found(engine, parse(query))) == expected
        monkeypatch.setattr("search.engines.whoosh.codec.fuzzy_postings.FUZZY_ARTICLES", 2)
        with pytest.raises(LimitError, match="too many to be read"):
            found(engine, parse(query))
        assert not found(engine, parse("上山下乡运动~2"))


@given(
    st.lists(st.text("甲乙丙", min_size=1, max_size=2), min_size=2, max_size=4),
    st.lists(st.sampled_from([(0, 8), (1, 1), (2, 10)]), min_size=3, max_size=3),
    VALUES,
)
def test_a_wildcard_is_a_regular_expression(
    pieces: list[str], gaps: list[tuple[int, int]], value: str
) -> None:
    gaps = gaps[: len(pieces) - 1]
    between = [f".{{{a},{b}}}" for a, b in gaps]
    pattern = "".join(
        re.escape(piece) + gap for piece, gap in zip(pieces, [*between, ""], strict=True)
    )
    starts = [m.start() for m in re.finditer(f"(?={pattern})", value)]
    assert [a for a, _ in occurrences(Wildcard(tuple(pieces), tuple(gaps)), value)] == starts
    for start, end in occurrences(Wildcard(tuple(pieces), tuple(gaps)), value):
        assert re.fullmatch(pattern, value[start:end])


@given(
    st.lists(st.text("甲乙丙", min_size=1, max_size=2), min_size=2, max_size=3),
    st.integers(0, 4),
    st.sets(st.integers(0, 1)),
    VALUES,
)
def test_near_is_some_choice_of_occurrences(
    texts: list[str], gap: int, ordered: set[int], value: str
) -> None:
    spans = [
        [(i, i + len(text)) for i in range(len(value)) if value.startswith(text, i)]
        for text in texts
    ]
    chains = [
        chain
        for chain in product(*spans)
        if all(0 <= max(a, b)[0] - min(a, b)[1] <= gap for a, b in pairwise(chain))
        and all(a < b for i, (a, b) in enumerate(pairwise(chain)) if i in ordered)
    ]
    gaps = (gap,) * (len(texts) - 1)
    leaf = Near(tuple((text,) for text in texts), gaps, ordered=frozenset(ordered))
    assert occurrences(leaf, value) == sorted({chain[-1] for chain in chains})
    assert marked(leaf, value) == sorted({span for chain in chains for span in chain})


@pytest.mark.parametrize(
    ("query", "value", "spans"),
    [
        ("青?捡跑", "青年捡跑青捡跑青年,捡跑", [(0, 4)]),
        ("网格*管理", "网格化服务管理。管理", [(0, 7)]),
        ("网格*管理", "网格" + "一" * 9 + "管理", []),
        ("gov*ment", "government gov a ment", [(0, 10)]),
        ("20*3", "2023年20,3", [(0, 4)]),
        ("关工委~", "关丁委", [(0, 3)]),
        ("关工委~", "关委", [(0, 2)]),
        ("关心下一代~", "关心了下一代", [(0, 6)]),
        ("志愿 NEAR/2 服务", "服务、志愿", [(0, 2)]),
        ("志愿 ADJ/2 服务", "服务、志愿", []),
        ("志愿 ADJ 服务", "服务、志愿、服务", [(6, 8)]),
        ("桥 ADJ/1 桥 NEAR/0 路", "桥桥路桥", [(2, 3)]),
        ("会议 NEAR/0 会议", "会议", []),
        ("会议 NEAR/0 会议", "会议会议", [(0, 2), (2, 4)]),
        ("py:wanggehua", "网格化", [(0, 3)]),
        ("py:xian", "西安,先", [(0, 2)]),
        ("py:guan4li", "管理,惯例", [(3, 5)]),
        ("py:guǎnlǐ", "管理,惯例", [(0, 2)]),
        ("py:guǎnli", "管理,馆里,惯例", [(0, 2), (3, 5)]),
        ("py:wgh", "王格化,网格化,网络员", [(0, 3), (4, 7)]),
        ("py:zhgh", "张国华,总工会", [(0, 3)]),
        ("py:zgh", "张国华,总工会", [(0, 3), (4, 7)]),
        ("py:“zhang gh”", "张国华,总工会", [(0, 3)]),
        ("/网格.?化/", "网格员化网格化", [(0, 4), (4, 7)]),
        ("/x*y/", "yxy", [(0, 1), (1, 3)]),
    ],
)
def test_where_patterns_occur(query: str, value: str, spans: list[tuple[int, int]]) -> None:
    [leaf] = positive_patterns(parse(query))
    assert occurrences(leaf, value) == spans


# Engines.


@ON_DISK
@settings(max_examples=examples(120))
@given(articles=corpora(), queries=st.lists(PATTERN_QUERIES, min_size=1, max_size=6))
def test_the_same_articles_from_both(
    opened: Opened, articles: list[Article], queries: list[str]
) -> None:
    assert_found_as_by_memory(opened, articles, queries)


GONE = Article("gone", "志愿服务", "志愿服务网格", "gone.txt")
"""The article that engines of the contract may hold deleted: then statistics count it."""


def expected_scores(articles: list[Article], leaf: Pattern) -> Counter[str]:
    """Return what a pattern adds to each article, by id, as docs/query.md says."""
    entries = [_Entry.of(a) for a in articles]
    sums: Counter[str] = Counter()
    having = 0
    for field in fields_of(leaf):
        if field in META_FIELDS:
            continue
        times = [sum(len(occurrences(leaf, v)) for v in e.fields[field]) for e in entries]
        lengths = [sum(map(len, e.fields[field])) for e in entries]
        having = max(having, sum(map(bool, times)))
        mean = sum(lengths) / len(entries) or 1.0
        for entry, tf, length in zip(entries, times, lengths, strict=True):
            sums[entry.article.id] += FIELD_WEIGHTS[field] * tf / (1 - B + B * length / mean)
    rarity = 1.0 if isinstance(leaf, Regex) else idf(len(entries), having)
    k1 = K1
    scores = {one: leaf.boost * rarity * (k1 + 1) * x / (x + k1) for one, x in sums.items()}
    return Counter(scores)


@ON_DISK
@settings(max_examples=examples(60))
@given(articles=corpora(), query=PATTERNS)
def test_a_pattern_ranks_as_a_word_would(
    opened: Opened, articles: list[Article], query: str
) -> None:
    tree = parse(query)
    if not isinstance(tree, ast.PATTERNS) or isinstance(tree, Fuzzy):
        return  # a fuzzy string ranks by its words besides
    [leaf] = positive_patterns(tree)
    with opened(articles) as engine:
        assert isinstance(engine, WhooshEngine)
        counted = [*articles, GONE][: engine._statistics.total]
        expected = expected_scores(counted, leaf)
        hits = engine.search(SearchRequest(tree, Top(None, explain=True))).hits
    for hit in hits:
        assert hit.score == pytest.approx(expected[hit.article.id], rel=1e-6, abs=1e-9)
        assert sum(worth for _, worth in hit.parts) == pytest.approx(hit.score)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


@ENGINES
def test_an_exact_occurrence_comes_before_a_near_one(opened: Opened) -> None:
    articles = [article(1, "事", "关丁委开会。"), article(2, "事", "关工委开会。")]
    with opened(articles) as engine:
        assert found(engine, parse("关工委~")) == ["id2", "id1"]


@ENGINES
def test_a_boost_multiplies_what_a_leaf_adds(opened: Opened) -> None:
    articles = [article(1, "事", "皮影戏。"), article(2, "事", "马拉松。")]
    with opened(articles) as engine:
        assert found(engine, parse("皮影戏 OR 马拉松^2")) == ["id2", "id1"]
        assert found(engine, parse("皮影戏^2 OR 马拉松")) == ["id1", "id2"]
        assert found(engine, parse("皮?戏^2 OR 马*松"))[0] == "id1"
        [once, twice] = [
            engine.search(SearchRequest(parse(f"皮影戏^{n}"), Top())).hits[0].score for n in (1, 2)
        ]
        assert twice == pytest.approx(2 * once)


@ENGINES
def test_no_pattern_runs_from_one_author_into_the_next(opened: Opened) -> None:
    with opened([article(1, "事", "", authors=("王安", "志愿"))]) as engine:
        for query in ("王*愿", "安?愿", "王安志愿~", "王安 NEAR/9 志愿", "/安.?志/"):
            assert found(engine, parse(f"author:({query})")) == [], query
        assert found(engine, parse("author:py:zhiyuan")) == ["id1"]


# Limits.


def archive(folder: Path, number: int, body: str) -> None:
    writer = writer_of(folder)
    articles = [Article(f"a{i}", "题", f"{body}{i}", f"{i}.txt") for i in range(number)]
    writer.add([(1, ready(articles))])
    commit(folder, writer)


def test_a_regular_expression_is_tried_on_few_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.verification.CANDIDATES", 20)
    archive(tmp_path, 30, "大家看书")
    engine = engine_of(tmp_path)
    with pytest.raises(LimitError, match="more than 20 articles") as caught:
        found(engine, parse("/[书本]/"))
    assert "add words" in caught.value.hint
    assert found(engine, parse("/看书29/")) == ["a29"]
    assert found(engine, parse("“看书7” /.书7/")) == ["a7"]
    assert found(engine, parse("“看书7” -/本/")) == ["a7"]
    engine.close()


@ENGINES
def test_an_expression_that_explodes_is_given_up(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (
        "search.query.limits",
        "search.engines.whoosh.verification",
        "search.query.regular_expressions",
    ):
        monkeypatch.setattr(f"{module}.REGEX_SECONDS", 0.2)
    with (
        opened([article(1, "题", "志" * 5000 + "愿")]) as engine,
        pytest.raises(LimitError, match="was stopped after"),
    ):
        found(engine, parse("/(志+志+)+x?$/"))


def test_a_pattern_of_common_characters_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.codec.pattern_postings.PLACES", 500)
    archive(tmp_path, 30, "的" * 100 + "是德")
    engine = engine_of(tmp_path)
    for query in ("的*是", "的的的~", "的 NEAR/5 是", "py:dede"):
        with pytest.raises(LimitError, match="too many places") as caught:
            found(engine, parse(query))
        assert caught.value.hint
    assert found(engine, parse("题目*的")) == []  # 题目 stands nowhere: 的 is not looked up
    engine.close()


def test_a_thousand_alternatives_are_answered(tmp_path: Path) -> None:
    archive(tmp_path, 30, "大家看书")
    engine = engine_of(tmp_path)
    query = " OR ".join(f"书{i}" for i in range(limits.CLAUSES))
    assert len(found(engine, parse(query))) == 30
    engine.close()


@given(st.text(LETTERS, max_size=30))
def test_pinyin_is_a_choice_of_characters(value: str) -> None:
    from search.query.pinyin import characters

    starts = [
        i
        for i in range(len(value) - 1)
        if value[i] in characters("fu") and value[i + 1] in characters("wu")
    ]
    assert [a for a, _ in occurrences(Pinyin((("fu", "wu"),)), value)] == starts


def test_near_where_the_positions_fill_a_table_to_its_end() -> None:
    """64 positions with the ends: of a position that is none, the last document was asked."""
    articles = [Article(f"a{n}", "1" * n, "", f"{n}.txt") for n in (1, 2, 5, 7, 20, 23)]
    assert sum(len(article.title) + 1 for article in articles) == 64
    assert_found_as_by_memory(merged, articles, ["1 NEAR/0 1"])
