import io
from pathlib import Path

import pytest

from search.model.article import Article, article_id
from search.model.errors import PaperError
from search.papers.discover import PaperFile, walk
from search.papers.pages.document import articles_of
from search.papers.problem import Problem
from search.papers.read_paper import Limits, read_paper
from tests.papers.reading import without_records

PAGE = """山城日报
2019年7月5日 星期五

雪后第一班车

本报讯（记者 林小雨）昨日，山口乡的路通了。

老人说，路通了，人就回来了。
"""


def read(name, text, **limits):
    data = text if isinstance(text, bytes) else text.encode()
    file = PaperFile(Path(name), name)
    return without_records(read_paper(file, io.BytesIO(data), Limits(**limits)))


def test_a_page():
    (article,) = read("p/a.txt", PAGE)
    assert article.title == "雪后第一班车"
    assert article.body.startswith("本报讯（记者 林小雨）")
    assert (article.date, article.paper, article.authors) == ("2019-07-05", "山城日报", ("林小雨",))
    assert (article.path, article.line, article.body_line, article.end_line) == ("p/a.txt", 4, 6, 8)
    assert article.id == article_id("p/a.txt", None, article.title, article.body)


def test_broken_bytes_of_a_page_are_told_and_cost_no_article():
    data = PAGE.encode().replace("昨日".encode(), b"\xe6\x98\xff\xff", 1)
    problem, article = read("p/a.txt", data)
    assert problem == Problem(
        "p/a.txt", "4 broken bytes were replaced; first at line 6", 6, lost=False
    )
    assert "）\ufffd，山口乡的路通了。" in article.body
    assert article.title == "雪后第一班车"


def test_the_date_of_the_file_is_second_to_that_of_the_page():
    assert read("2001-01-01.txt", PAGE)[0].date == "2019-07-05"
    assert read("2001-01-01.txt", "雪后第一班车\n路通了。")[0].date == "2001-01-01"


def test_equal_articles_of_a_file_have_ids_of_their_own():
    record = '{"title": "雪", "body": "路通了。"}\n'
    first, second, third = read("a.jsonl", record * 3)
    assert len({first.id, second.id, third.id}) == 3
    assert first.id == read("a.jsonl", record)[0].id


@pytest.mark.parametrize("text", ["", " \n\u3000\n\t", "\ufeff"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_an_empty_file_yields_nothing(name, text):
    assert read(name, text) == []


def test_a_page_that_is_too_large_says_what_to_do():
    with pytest.raises(PaperError, match=r"1,000 bytes, more than the limit of 100 for.*split it"):
        read("a.txt", b"a" * 1000, max_page_bytes=100)
    assert read("a.txt", b"a" * 100, max_page_bytes=100)


def test_binary_data_in_a_text_file_raises():
    with pytest.raises(PaperError, match="this is a PDF"):
        read("a.txt", b"%PDF-1.4")


def test_a_kind_without_a_reader_raises():
    with pytest.raises(PaperError, match="no reader"):
        read("a.odt", b"x")


def test_every_page_of_the_corpus_is_read():
    root = Path(__file__).parents[2] / "corpus"
    files = list(walk(root, "corpus"))
    assert len(files) > 10
    for file in files:
        with file.path.open("rb") as stream:
            articles = list(read_paper(file, stream))
        assert articles, file.shown
        for article in articles:
            assert article.date, file.shown
            assert article.paper, file.shown
            assert len(article.title) <= 120, article.title


def test_a_paper_that_a_page_prints_is_of_that_page_though_the_file_is_named_after_it() -> None:
    """The name of the file counts where no page has printed one yet, and no more than that."""
    text = "新桥通车了\n\n新桥昨日通车，老人都来看桥。\n"
    pages = [text, f"澜溪晚报 2019年7月5日\n\n{text}", f"青岚日报 2019年7月6日\n\n{text}", text]
    found = articles_of("青岚日报_1.pdf", [(f"p. {at}", page) for at, page in enumerate(pages, 1)])
    papers = [(thing.part, thing.paper) for thing in found if isinstance(thing, Article)]
    assert list(dict.fromkeys(papers)) == [
        *(("p. 1", "青岚日报"), ("p. 2", "澜溪晚报"), ("p. 3", "青岚日报"), ("p. 4", "青岚日报"))
    ]
