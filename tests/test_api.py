"""The Python API, as the README shows it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search import open_index
from search.api import Index
from search.indexing.update import build
from search.model.errors import IndexMissing, QueryError, RequestError
from search.storage.index_folder import IndexFolder
from search.storage.state import Source


def test_searching_from_python(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("望澜桥\n\n本报讯(记者 俞白)望澜\n桥开始修缮。\n", "utf-8")
    build(IndexFolder(tmp_path / "i"), [Source(str(corpus), "corpus")])
    with open_index(tmp_path / "i") as index:
        assert len(index) == 1
        results = index.search("望澜桥", limit=5)
        assert results.total == 1
        [hit] = results.hits
        assert index.show(hit.article.id[:5]) == hit.article
        assert list(index.articles()) == [hit.article]
        assert index.similar(hit.article).total == 0  # there is no other
        [facet] = index.search("望澜桥", facets=("author",)).facets
        assert facet.counts == (("俞白", 1),)
        assert index.search("大桥", synonyms={"大桥": ("望澜桥",)}).total == 1
        with pytest.raises(QueryError):
            index.search("(")
    with pytest.raises(IndexMissing):
        open_index(tmp_path / "nowhere")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Index]:
    """Five articles of two papers."""
    for number in range(5):
        path = tmp_path / "corpus" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        paper = "青岚日报" if number < 3 else "澜溪晚报"
        text = f"{paper} 202{number}年5月4日\n\n望澜桥{number}号\n\n本报讯 望澜桥修缮{number}。\n"
        path.write_text(text, "utf-8")
    build(IndexFolder(tmp_path / "i"), [Source(str(tmp_path / "corpus"), "corpus")])
    with open_index(tmp_path / "i") as index:
        yield index


def test_one_name_is_a_name_and_no_letters(opened: Index) -> None:
    assert opened.search("望澜桥", papers="青岚日报").total == 3
    assert opened.search("望澜桥", papers=["青岚日报"]).total == 3
    assert opened.search(papers="晚报").total == 2
    [facet] = opened.search("望澜桥", facets="year").facets
    assert facet.counts == tuple((f"202{number}", 1) for number in range(5))


def test_results_are_a_list_of_hits(opened: Index) -> None:
    results = opened.search("望澜桥", limit=2, sort="-date")
    assert (len(results), results.total) == (2, 5)
    assert [hit.article.path for hit in results] == ["corpus/4.txt", "corpus/3.txt"]
    assert results[0] is results.hits[0]
    assert results[-1] is results.hits[-1]
    assert not opened.search("航标", partial=False)
    assert opened.search("望澜桥", limit=0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sort": "rank"}, "sort: 'rank' is none"),
        ({"mode": "fuzzy"}, "mode: 'fuzzy' is none"),
        ({"field": "url"}, "field: 'url' is none"),
        ({"facets": "years"}, "facets: 'years' is none"),
        ({"facets": ["year", "day"]}, "facets: 'day' is none"),
        ({"papers": 3}, "papers are no names: 3"),
        ({"authors": [None]}, "authors are no names"),
        ({"limit": -1}, "limit: -1"),
        ({"limit": "5"}, "limit: '5'"),
        ({"limit": True}, "limit: True"),
        ({"offset": None}, "offset: None"),
    ],
)
def test_what_cannot_be_asked_is_said(opened: Index, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=re.escape(said)):
        opened.search("望澜桥", **options)
    if options.keys().isdisjoint({"mode", "field"}):
        [hit, *_] = opened.search("望澜桥")
        with pytest.raises(RequestError, match=re.escape(said)):
            opened.similar(hit.article, **options)


def test_an_option_that_is_misspelled_is_no_option(opened: Index) -> None:
    with pytest.raises(TypeError, match="limti"):
        opened.search("望澜桥", limti=5)  # type: ignore[call-arg]
    with pytest.raises(RequestError, match="the text"):
        opened.search(b"bridge")  # type: ignore[arg-type]
