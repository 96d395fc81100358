"""What parts of sou must not do to one another."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from search.engines.reference import ReferenceEngine
from search.model.article import Article
from search.model.errors import LimitError
from search.query.ast import Or, Word
from search.query.parser import parse
from search.searching.search import Question, find
from search.searching.suggest import suggest
from search.searching.synonyms import widen
from tests.cli.running import inside

ARTICLES = [Article(f"a{i}", "", f"志愿服务第{i}期", f"{i}.txt") for i in range(9)]


class Limited(ReferenceEngine):
    """An engine for which everything but the whole query asks too much."""

    def __init__(self, whole: str) -> None:
        super().__init__(ARTICLES)
        self.whole = parse(whole)

    def search(self, request):
        if request.tree != self.whole:
            raise LimitError("too much", "ask for less")
        return super().search(request)


def test_nothing_found_stays_that_where_partial_matches_would_ask_too_much() -> None:
    query = "魑魅魍魉 志愿服务"
    results = find(Limited(query), Question(query))
    assert (results.total, results.partial) == (0, False)


def test_proposals_that_would_ask_too_much_are_none() -> None:
    assert suggest(Limited("志原服务"), Question("志原服务")) == ()


def test_a_synonym_has_the_boost_of_the_word() -> None:
    tree = widen(parse("title:电脑^0.1"), {"电脑": ("计算机",)})
    assert tree == Or((Word("电脑", "title", 0.1), Word("计算机", "title", 0.1)))


def test_synonyms_that_stand_nowhere_do_not_silence_a_proposal() -> None:
    table = {"志愿服务": ("甲乙丙丁戊", "己庚辛壬癸", "魑魅魍魉")}
    articles = [*ARTICLES, Article("b", "", "志愿服务马拉松", "b.txt")]
    found = suggest(ReferenceEngine(articles), Question("志愿服务 马拉讼", synonyms=table))
    assert [each.query for each in found] == ["志愿服务 马拉松"]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "corpus" / "a.zip"
    path.parent.mkdir()
    return path


def test_a_remark_on_a_member_is_no_loss(archive: Path) -> None:
    text = ("秋收现场会在柳溪镇召开\n\n本报讯 九月二十日，全县秋收现场会召开。\n" * 9).encode()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a.txt", text + b"\xff")
    done = inside("index", "corpus", cwd=archive.parent.parent)
    assert (done.status, "1 broken byte was replaced" in done.err) == (0, True)
    assert "cannot read" not in done.err


def test_a_member_that_failed_is_tried_again(archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a.txt", "秋收现场会在柳溪镇召开。" * 9)
        out.writestr("b.pdf", b"no PDF")
    os.utime(archive, (time.time() - 100,) * 2)
    for expected in ("1 new", "1 changed"):
        done = inside("index", "corpus", cwd=archive.parent.parent)
        assert (done.status, expected in done.err) == (2, True), done.err
        assert "a.zip: b.pdf: " in done.err
