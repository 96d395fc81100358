"""The shipped corpus, indexed once for all the tests that only search it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.running import inside
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped corpus and its index. Not to be changed."""
    folder = tmp_path_factory.mktemp("archive")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    assert inside("index", cwd=folder).status == 0
    return folder


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with a small corpus of its own, to be changed at will."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("望澜桥修缮\n\n本报讯(记者 俞白)望澜\n桥开始修缮。\n", "utf-8")
    (corpus / "b.txt").write_text("图书馆开放\n\n本报讯(记者 沈秋)图书馆开放。\n", "utf-8")
    return tmp_path
