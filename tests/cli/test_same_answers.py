"""The Python API gives what `sou -f json` gives."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

import sou
from tests.cli.running import inside
from tests.conftest import examples

QUERIES = [
    *(
        "志愿服务",
        "网格 服务",
        "望澜桥",
        "义工",
        "帮工 OR 桥",
        '"服务队"',
        "志愿服务 -学校",
        "标题:桥",
    ),
    *(
        "桥",
        "修*桥",
        "志愿服務隊",
        "望兰桥",
        "志愿 NEAR 服务",
        "2023年 志愿",
        "图书馆 开放时间",
    ),
    *("志愿服务队成立三年", "记者 桥", "青岚", "渡船 晚报", "志远服务"),
]
FLAGS: list[tuple[list[str], dict[str, Any]]] = [
    (["-n", "3"], {"limit": 3}),
    (["-n", "0"], {"limit": None}),
    (["--offset", "2"], {"offset": 2}),
    (["--sort", "date"], {"sort": "date"}),
    (["--sort", "-date"], {"sort": "-date"}),
    (["--in", "title"], {"field": "title"}),
    (["--any"], {"mode": "any"}),
    (["-F"], {"mode": "literal"}),
    (["-w"], {"word": True}),
    (["--since", "2022-03"], {"since": "2022-03"}),
    (["--until", "2023"], {"until": "2023"}),
    (["--paper", "青岚日报"], {"papers": "青岚日报"}),
    (["--paper", "晚报", "--paper", "周刊"], {"papers": ["晚报", "周刊"]}),
    (["--path", "corpus/qing*"], {"paths": "corpus/qing*"}),
    (["--no-partial"], {"partial": False}),
    (["--no-dedupe"], {"dedupe": False}),
    (["--no-synonyms"], {"synonyms": False}),
    (["--explain"], {"explain": True}),
    (["--facet", "year", "--facet", "paper"], {"facets": ["year", "paper"]}),
]
SEPARATE = ({"mode", "word"}, {"since", "until"})
"""Keywords of which one is given at most: the flags exclude each other, or leave nothing."""


@pytest.fixture(scope="module")
def personal(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus, indexed with words of the user's own, and with synonyms."""
    folder = tmp_path_factory.mktemp("personal")
    shutil.copytree(archive / "corpus", folder / "corpus")
    (folder / "words.txt").write_text("志愿服务队\n望澜桥\n开放时间\n写 错 了 的\n", "utf-8")
    (folder / "synonyms.txt").write_text("义工 = 志愿者 = 志愿服务\n帮工 => 渡船\n错\n", "utf-8")
    assert inside("index", cwd=folder).status == 0
    return folder


@pytest.fixture(scope="module", params=["archive", "personal"])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[Path, sou.Index]]:
    """An archive, and its index opened from Python."""
    folder: Path = request.getfixturevalue(request.param)
    with sou.open(folder / "index_data") as index:
        yield folder, index


def printed(folder: Path, *arguments: str) -> Any:
    """Return what the command line prints as JSON, without the time it took.

    In a context of its own: the words that it takes are not to be there for the index.
    """
    flags = ["-f", "json", "--index", "index_data"]
    done = copy_context().run(inside, *arguments, *flags, cwd=folder)
    assert done.status in {0, 1}
    return timeless(json.loads(done.out))


def timeless(record: Any) -> Any:
    record.pop("seconds")
    return record


def given(results: sou.Results) -> Any:
    return timeless(json.loads(json.dumps(results.to_dict())))


def test_own_words_and_synonyms_are_those_of_the_command_line(personal: Path) -> None:
    with sou.open(personal / "index_data") as index:
        assert index.words == {"志愿服务队", "望澜桥", "开放时间"}
        assert index.synonyms["帮工"] == ("渡船",)
        told = inside("桥", "-l", cwd=personal).err.splitlines()
        assert [note.rpartition("/")[2] for note in index.notes] == [
            line.rpartition("/")[2] for line in told
        ]
        assert len(told) == 2
        found = index.search("帮工", partial=False).total
        assert found == index.search("渡船", partial=False).total > 0
        assert index.search("帮工", partial=False, synonyms=False).total == 0
        why = " ".join(index.search("志愿服务队", explain=True)[0].why)
        assert "word 志愿服务队 " in why  # which the build cut, too


def test_every_query_is_answered_alike(both: tuple[Path, sou.Index]) -> None:
    folder, index = both
    found = proposed = 0
    for query in QUERIES:
        results = index.search(query)
        assert given(results) == printed(folder, query), query
        found += results.total > 0
        proposed += len(results.suggestions) > 0
    assert found >= len(QUERIES) - 2
    assert proposed


def test_every_flag_is_answered_alike(both: tuple[Path, sou.Index]) -> None:
    folder, index = both
    for flags, keywords in FLAGS:
        found = 0
        for query in QUERIES[:6]:
            results = index.search(query, **keywords)
            assert given(results) == printed(folder, query, *flags), (query, flags)
            found += len(results) > 0
        assert found, flags


def test_flags_together_are_answered_alike(both: tuple[Path, sou.Index]) -> None:
    folder, index = both
    chance = random.Random(20230504)
    tried, found = examples(60), 0
    for _ in range(tried):
        query = chance.choice(QUERIES)
        flags: list[str] = []
        keywords: dict[str, Any] = {}
        for words, keyword in chance.sample(FLAGS, 3):
            apart = next((each for each in SEPARATE if each & keyword.keys()), keyword.keys())
            if not apart & keywords.keys():
                flags += words
                keywords |= keyword
        results = index.search(query, **keywords)
        assert given(results) == printed(folder, query, *flags), (query, flags)
        found += len(results) > 0
    assert found > tried // 3


def test_filters_alone_and_likeness_are_answered_alike(both: tuple[Path, sou.Index]) -> None:
    folder, index = both
    results = index.search(papers="晚报", limit=None)
    assert results
    assert given(results) == printed(folder, "--paper", "晚报", "-n", "0")
    for hit in results[:5]:
        alike = index.similar(hit, limit=5, facets="paper")
        flags = ["-n", "5", "--facet", "paper"]
        assert given(alike) == printed(folder, "similar", hit.id, *flags)
        assert alike
        shown = json.loads(inside("show", hit.id, "-f", "json", cwd=folder).out)
        article = index.show(hit.id.upper())
        assert article
        assert shown == article.to_dict(body=True) | {
            key: shown[key] for key in ("begins", "goes_on")
        }


def test_what_is_wrong_is_said_alike(both: tuple[Path, sou.Index]) -> None:
    folder, index = both
    for query, keywords, flags in (
        ("-(桥", {}, []),
        ("桥", {"since": "昨日黄花"}, ["--since", "昨日黄花"]),
        ("", {}, []),
        ("桥", {"papers": "  "}, ["--paper", "  "]),
    ):
        done = inside(query, *flags, "-f", "json", cwd=folder)
        with ExitStack() as stack:
            caught = stack.enter_context(pytest.raises(sou.Error))
            index.search(query, **keywords)
        assert done.status == caught.value.exit_code == 2
        assert f"sou: {caught.value.message}" in done.err
