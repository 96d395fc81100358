"""Snippets: they show what matched, repaired, with spans that are right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from search.analysis.fold import fold
from search.engines.port import Count, SearchRequest
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.query.ast import positive_leaves, positive_patterns
from search.query.parser import parse, plain_words
from search.searching.snippets import WIDTH, mark, needles, snippets
from tests.conftest import ROOT
from tests.strategies import QUERIES, articles


def made(body: str, query: str, **more: object) -> list[tuple[str, list[str], int]]:
    article = Article("id", "题", body, "p.txt", **more)  # type: ignore[arg-type]
    shown = snippets(article, needles(parse(query), "body"))
    return [(s.text, [s.text[a:b] for a, b in s.spans], s.line) for s in shown]


def test_ocr_breaks_are_repaired_and_marked_whole() -> None:
    [(text, marked, _)] = made("大会决定开展志愿服\n\n务 活动。", "志愿服务")
    assert text == "大会决定开展志愿服务活动。"
    assert marked == ["志愿服务"]


def test_the_original_script_and_width_are_shown() -> None:
    [(text, marked, _)] = made("２０２３年，志願服務隊成立。", "志愿服务 2023")
    assert text == "２０２３年，志願服務隊成立。"
    assert marked == ["２０２３", "志願服務"]


def test_the_longest_match_wins_and_neighbours_merge() -> None:
    [(_, marked, _)] = made("网格化服务管理与网格、服务。", "网格化服务管理")
    assert marked == ["网格化服务管理", "服务"]


def test_spaces_between_latin_words_stay() -> None:
    [(text, marked, _)] = made("他说 hello  big\nworld 然后走了", '"big world"')
    assert text == "他说hello big world然后走了"
    assert marked == ["big world"]


def test_control_characters_are_gone() -> None:
    [(text, marked, _)] = made("开展志愿\x1b[31m服务", "志愿")
    assert "\x1b" not in text
    assert marked == ["志愿"]


def test_the_line_is_that_of_the_source() -> None:
    body = "第一段。\n" * 30 + "这里有皮影戏演出。\n" + "最后一段。\n" * 30
    [(text, marked, line)] = made(body, "皮影戏", line=5, body_line=7)
    assert marked == ["皮影戏"]
    assert line - 7 == body[: body.index("皮影戏")].count("\n") - text[
        : text.index("皮影戏")
    ].count("第一段。")


def test_the_best_cluster_is_shown_first_to_the_reader() -> None:
    body = "网格。" + "无关的话。" * 60 + "网格化服务管理会议召开。" + "无关的话。" * 60
    shown = made(body, "网格化服务管理 会议")
    assert any("网格化服务管理会议召开" in text for text, _, _ in shown)
    assert all(len(text) < 130 for text, _, _ in shown)


def test_an_article_that_matched_in_its_title_shows_its_beginning() -> None:
    [(text, marked, _)] = made("开头的一句话。第二句。", "不在正文")
    assert (text, marked) == ("开头的一句话。第二句。", [])


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("网格*会", ["网格化服务会"]),
        ("会?召", ["会议召"]),
        ("网格花~", ["网格"]),
        ("下一袋人~", ["下一代人"]),
        ("服务 NEAR/3 网格", ["网格", "服务"]),
        ("/[服会]./", ["服务会。会议"]),
        ("正文:/^网./", ["网格"]),
        ("title:网?化", []),
        ("NOT 网?化", []),
    ],
)
def test_patterns_mark_where_they_occur(query: str, marked: list[str]) -> None:
    body = "网格化服\n务会。会议召开。下一代人。"
    [(_, found, _)] = made(body, query)
    assert found == marked


def test_pinyin_marks_characters() -> None:
    pytest.importorskip("pypinyin")
    assert made("这里有網 格员。", "py:wangge")[0][1] == ["網格"]


def test_titles_keep_their_spaces() -> None:
    title, spans = mark("水退了  书还\n在", ["书还在"])
    assert title == "水退了 书还 在"
    assert [title[a:b] for a, b in spans] == ["书还 在"]


@given(articles(), QUERIES)
def test_spans_mark_what_was_asked_for(article: Article, query: str) -> None:
    tree = parse(query)
    strings = needles(tree, "body")
    for snippet in snippets(article, strings):
        assert "\n" not in snippet.text
        last = 0
        for start, end in snippet.spans:
            assert last <= start < end <= len(snippet.text)
            last = end
            marked = fold(snippet.text[start:end])
            cut_off = snippet.text[:1] == "…" or snippet.text[-1:] == "…"
            assert cut_off or any(string in marked for string in strings)
        assert article.line <= snippet.line <= article.line + article.body.count("\n") + 1


@given(articles(), QUERIES)
def test_a_match_in_the_body_is_always_shown(article: Article, query: str) -> None:
    tree = parse(query)
    found = ReferenceEngine([article]).search(SearchRequest(tree, Count())).total
    strings = needles(tree, "body")
    stands = any(string in fold(article.body) for string in strings)
    shown = snippets(article, strings)
    if found and stands and list(positive_leaves(tree)):
        assert any(snippet.spans for snippet in shown)


def test_the_passages_of_a_book_full_of_matches_are_chosen_among_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("search.searching.snippets.MOST_MATCHES", 20)
    body = "会议。" * 60 + "代表召开会议。"
    [(_, marked, _)] = made(body, "会议 召开")
    assert marked == ["会议"] * 20


PASSAGES = json.loads((ROOT / "tests" / "data" / "passages.json").read_text("utf-8"))
"""Bodies, as texts and how often each stands there, and the passages that are shown of them.
They were looked for until each mistake that can be made in the module spoils one."""


@pytest.mark.parametrize("case", PASSAGES, ids=range(len(PASSAGES)))
def test_where_passages_begin_and_end(case: dict[str, Any]) -> None:
    body = "".join(text * times for text, times in case["body"])
    article = Article("id", "题", body, "p", case["line"], 99, case["body_line"])
    shown = snippets(article, needles(parse(case["query"]), "body"))
    assert [[s.text, [list(span) for span in s.spans], s.line] for s in shown] == case["passages"]


def test_two_passages_at_most_and_each_shows_something_else() -> None:
    far = "晴" * 200
    shown = made(f"会议{far}网格{far}服务{far}会议", "会议 网格 服务")
    assert [marked for _, marked, _ in shown] == [["会议"], ["网格"]]
    assert [marked for _, marked, _ in made(f"会议{far}会议", "会议")] == [["会议"]]


def test_a_second_passage_may_begin_where_the_first_ends() -> None:
    body = f"会议{'晴' * (WIDTH - 2)}网格{'晴' * 200}"
    assert len(made(body, "会议 网格")) == 2
    assert len(made(body.replace("晴", "", 1), "会议 网格")) == 1


@pytest.mark.parametrize(
    ("query", "clusters", "best"),
    [
        ("会议", ["会议", "会议会议"], 1),  # more of the same is a little better
        ("会议", ["会议" * 8, "会议" * 9], 1),
        ("会议", ["会议" * 9, "会议" * 12], 0),  # up to nine
        ("会议 网格", ["会议" * 9, "会议晴网格"], 1),  # and worse than another word
        ("“一二三四五” “甲乙丙” “丁戊己”", ["甲乙丙晴丁戊己", "一二三四五"], 1),
        ("“一二三四” “甲乙丙” “丁戊”", ["一二三四", "甲乙丙晴丁戊"], 1),
        ("/始.{95}终/ 会议 网格", ["会议晴网格", f"始{'雨' * 95}终"], 1),  # wider than a passage
        ("会议", ["会议", "会议"], 0),
    ],
)
def test_the_best_passage(
    query: str, clusters: list[str], best: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worth are the strings in it, each by its length to the power of 1.5, and how many."""
    monkeypatch.setattr("search.searching.snippets.MOST", 1)
    [(text, _, _)] = made(("晴" * 200).join(["", *clusters, ""]), query)
    assert clusters[best][:50] in text
    assert clusters[1 - best] not in text or clusters[1 - best] in clusters[best]


def test_what_is_sought_comes_longest_first() -> None:
    assert needles(parse("桥 望澜 “望澜桥修缮” /x+/ 服务?"), "body") == [
        "望澜桥修缮",
        "服务?",
        "望澜",
        "服务",
        "桥",
        *positive_patterns(parse("/x+/")),
    ]
    assert needles(plain_words("网格化管理"), "body")[0] == "网格化管理"
    assert needles(parse("title:桥 body:路 author:水"), "title") == ["桥"]
    assert needles(parse("title:桥 body:/x/"), "body") == [*positive_patterns(parse("body:/x/"))]


def test_matches_that_overlap_are_one_mark() -> None:
    [(_, marked, _)] = made("晴网格化服务晴服务管", "/网格化服务/ “格化” “服务” “务管”")
    assert marked == ["网格化服务", "服务管"]


def test_an_empty_body_has_no_passage() -> None:
    assert made("", "桥") == []
    assert made(" \n\u3000", "桥") == []
    assert snippets(Article("id", "题", "", "p"), ["桥"]) == ()
