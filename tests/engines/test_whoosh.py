"""An index of sou is an index of Whoosh: its own reader and searcher answer from it.

The Whoosh that is installed makes the index; the first on PYTHONPATH opens it. So `.ci/run`
sees that whoosh3 opens what Whoosh made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engines.whoosh.library import index
from tests.conftest import ROOT

ARTICLES = {
    "a": ("网格化服务管理", "1998-05-01", "全区推行网格化服务管理, 网格员上门。"),
    "b": ("望澜桥修缮", "2003-11-20", "望澜桥开始修缮。"),
    "c": ("志愿服务", "2021-03-05", "网格员与志愿者一起上门。"),
}
LATER = {**ARTICLES, "b": ("旧桥", "2003-11-20", "桥修好了。")}
"""The second time, one article is another: its old text stays behind, deleted."""


def lines_of(articles: dict[str, tuple[str, str, str]]) -> str:
    return "".join(
        json.dumps({"id": key, "title": title, "date": date, "body": body}) + "\n"
        for key, (title, date, body) in articles.items()
    )


def quiet_python(python: str, *arguments: str, cwd: Path, compiled: Path) -> str:
    """Run a Python to which every warning is an error, and which has compiled nothing yet."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    done = subprocess.run(
        [python, "-W", "error", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an index by the command, changed once; return where Whoosh finds its parts."""
    base = tmp_path_factory.mktemp("archive")
    (base / "papers").mkdir()
    for articles in (ARTICLES, LATER):
        for key, article in articles.items():
            (base / "papers" / f"{key}.jsonl").write_text(lines_of({key: article}), "utf-8")
        subprocess.run(
            [sys.executable, "-I", "-m", "search", "index", "papers"],
            cwd=base,
            check=True,
            capture_output=True,
        )
    return base / "index_data" / "g1"


@pytest.fixture
def searcher(folder: Path) -> Iterator[Any]:
    with index.open_dir(str(folder)).searcher() as opened:
        yield opened


def keys(searcher: Any, documents: Any) -> list[str]:
    """Return the keys of documents, by the titles in what is stored of them."""
    stored = [searcher.stored_fields(number)["article"] for number in documents]
    return [next(key for key, (title, _, _) in LATER.items() if title in text) for text in stored]


def test_whoosh_reads_the_articles(searcher: Any) -> None:
    reader = searcher.reader()
    assert (reader.doc_count(), reader.doc_count_all()) == (3, 4)
    assert sorted(keys(searcher, reader.all_doc_ids())) == ["a", "b", "c"]


def test_whoosh_reads_the_postings(searcher: Any) -> None:
    reader = searcher.reader()
    assert ("body", "网格") in reader
    assert ("body", "网络") not in reader
    assert reader.doc_frequency("body", "网格") == 2
    assert "上门".encode() in list(reader.lexicon("body"))
    postings = reader.postings("body_grams", "网格")
    places = {}
    while postings.is_active():
        [key] = keys(searcher, [postings.id()])
        places[key] = list(postings.value_as("positions"))
        postings.next()
    assert places == {"a": [4, 12], "c": [0]}


def test_whoosh_searches(searcher: Any) -> None:
    from whoosh import query

    def found(asked: Any, **options: Any) -> list[str]:
        return keys(searcher, [hit.docnum for hit in searcher.search(asked, **options)])

    # 网格化 stands in one article only; 望澜桥 in none that is not deleted.
    assert found(query.Term("body", "上门"), sortedby="first") == ["a", "c"]
    assert found(query.Term("body", "上门"), sortedby="first", reverse=True) == ["c", "a"]
    assert found(query.Phrase("body_grams", ["网格", "格化"])) == ["a"]
    assert found(query.Phrase("body_grams", ["望澜", "澜桥"])) == []
    assert found(query.Or([query.Term("title", "志愿"), query.Term("body", "网格化")]))[0] in "ac"


def test_whoosh_is_imported_without_a_word(tmp_path: Path) -> None:
    script = "import search.engines.whoosh.codec.adapter"
    assert quiet_python(sys.executable, "-c", script, cwd=ROOT, compiled=tmp_path) == ""


def test_whooshs_table_is_written_where_warnings_are_errors(tmp_path: Path) -> None:
    # Nothing that goes wrong in writing it is told, so that it is there says it all.
    (tmp_path / "papers.jsonl").write_text(lines_of(ARTICLES), "utf-8")
    quiet_python(
        sys.executable,
        *("-P", "-m", "search", "index", "papers.jsonl"),
        cwd=tmp_path,
        compiled=tmp_path / "compiled",
    )
    assert index.exists_in(str(tmp_path / "index_data" / "g1"))
