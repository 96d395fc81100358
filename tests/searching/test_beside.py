"""Pages on which something stands beside the articles: found where no article has it, and then only."""

from __future__ import annotations

import pytest

from search.engines.port import Engine
from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.model.frozen import replace
from search.searching.search import Question, find

ARTICLES = [
    Article(
        "a1", "望澜桥修缮", "望澜桥昨日开始修缮。", "1.txt", date="2021-07-24", paper="望澜县报"
    ),
    Article("a2", "图书馆开放", "图书馆昨日开放，桥头有路牌。", "2.txt", authors=("沈秋",)),
]
RECORDS = [
    Article(
        "p1",
        "望澜县报 2021-07-24",
        "望澜县报\n\n\n总第763期 热线：0000-5550123",
        "1.txt",
        date="2021-07-24",
        paper="望澜县报",
        kind="page",
    ),
    Article("p2", "2.txt", "总第764期\n责任编辑：沈秋 热线：0000-5550123", "2.txt", kind="page"),
]


@pytest.fixture
def engine() -> Engine:
    return ReferenceEngine([*ARTICLES, *RECORDS])


def ids(engine: Engine, text: str = "", **more: object) -> tuple[list[str], bool, bool]:
    results = find(engine, replace(Question(text), **more))
    return [hit.id for hit in results.hits], results.beside, results.partial


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("总第763期", ["p1"]),
        ("热线", ["p1", "p2"]),
        ("热线 764", ["p2"]),
        ("总第763期 OR 总第764期", ["p1", "p2"]),
        ("热线 -764", ["p1"]),
        ("热线 date:2021", ["p1"]),
        ("热线 报纸:望澜", ["p1"]),
        ("/总第7\\d+期/", ["p1", "p2"]),
        ("总第76?期", ["p1", "p2"]),
        ("正文:总第763期", ["p1"]),
    ],
)
def test_what_no_article_has_is_found_beside_them(
    engine: Engine, text: str, found: list[str]
) -> None:
    assert ids(engine, text, partial=False) == (found, True, False)
    for wanted in ("paths", "outlines", "count"):
        results = find(engine, Question(text), wanted)  # type: ignore[arg-type]
        assert (results.total, results.beside) == (len(found), True)


@pytest.mark.parametrize(
    "text",
    [
        "望澜",  # an article has it
        "沈秋",  # as the author of one
        "763期总第",  # its characters stand there, but not as they are
        "标题:望澜县报",  # no headline
        "作者:热线",
        "报纸:总第763期",  # no text is looked for
        "-桥 -昨日",  # nor here
        "since:2030",
        "总第763期 总第764期",  # not on one page
    ],
)
def test_what_finds_no_page(engine: Engine, text: str) -> None:
    found, beside, _ = ids(engine, text, partial=False)
    assert (set(found) & {"p1", "p2"}, beside) == (set(), False)


def test_a_page_that_has_all_comes_before_articles_that_have_some(engine: Engine) -> None:
    assert ids(engine, "望澜县报 总第763期") == (["p1"], True, False)
    assert ids(engine, "望澜桥 总第763期")[1:] == (False, True)
    assert ids(engine, "望澜县报 总第763期", beside=False)[1:] == (False, True)


def test_a_question_about_pages_finds_them_and_nothing_else(engine: Engine) -> None:
    assert ids(engine, "in:page 热线") == (["p1", "p2"], False, False)
    assert ids(engine, "热线", field="page") == (["p1", "p2"], False, False)
    assert ids(engine, field="page") == (["p1", "p2"], False, False)
    assert ids(engine, field="page", since="2021") == (["p1"], False, False)
    assert ids(engine, "in:page 桥") == ([], False, False)
    assert ids(engine, "in:page 763 桥") == (["p1"], False, True)


def test_records_that_are_alike_are_not_copies(engine: Engine) -> None:
    alike = replace(RECORDS[0], id="p3", path="3.txt")
    engine = ReferenceEngine([*ARTICLES, *RECORDS, alike])
    assert ids(engine, "in:page 763") == (["p1", "p3"], False, False)


def test_lines_of_a_record_stay_apart_in_a_passage(engine: Engine) -> None:
    [hit] = find(engine, Question("总第763期")).hits
    [passage] = hit.snippets
    assert passage.text == "望澜县报 总第763期 热线：0000-5550123"
    [(start, end)] = passage.spans
    assert passage.text[start:end] == "总第763期"
    assert passage.line == 1
