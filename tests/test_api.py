"""The Python API, as the README shows it."""

from pathlib import Path

import pytest

from search import open_index
from search.build import build
from search.errors import IndexMissing, QueryError
from search.store import IndexFolder, Source


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
