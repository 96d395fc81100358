"""What a commit forces to the disk, and when: what is named is there before it is named."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from search.engines.whoosh import segment_list
from search.engines.whoosh.segment_list import Listed, Manifest
from search.model.errors import IndexUnwritable
from search.storage.commit import PROTOCOL
from tests.cli.running import inside
from tests.conftest import ROOT
from tests.reliability.failing import failing
from tests.reliability.test_commit import write_page

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no folder can be forced to the disk")

COMMANDS = {"update": ("index",), "rebuild": ("index", "--rebuild"), "first": ("index", "corpus")}

MAKING = {"open", "mkdir"}
"""The first such call of a path makes it."""


def calls_of(town: Path, kind: str) -> list[tuple[str, str]]:
    """Return the calls of a command that concern a town, with paths from there."""
    write_page(town / "corpus", "a.txt", "修缮")
    if kind != "first":
        assert inside("index", "corpus", cwd=town).status == 0
        write_page(town / "corpus", "c.txt", "开放")
    with failing(town, -1, OSError) as seen:
        assert inside(*COMMANDS[kind], cwd=town).status == 0
    return [(name, os.path.relpath(path, town)) for name, path in seen.log]


@pytest.mark.parametrize("kind", COMMANDS)
def test_all_that_sou_json_names_is_on_the_disk_before_it(tmp_path: Path, kind: str) -> None:
    town = tmp_path / "town"
    calls = calls_of(town, kind)
    [point] = [i for i, (n, p) in enumerate(calls) if (n, p) == ("replace", "index_data/sou.json")]
    before, after = calls[:point], calls[point + 1 :]
    synced = {path: i for i, (name, path) in enumerate(before) if name == "fsync"}
    made = {path: i for i, (name, path) in reversed([*enumerate(before)]) if name in MAKING}
    [generation] = (town / "index_data").glob("g*")
    folder = os.path.relpath(generation, town)
    new = [path for path in generation.iterdir() if f"{folder}/{path.name}" in made]
    kinds = {path.name.split(".")[0].split("_")[0] for path in new}
    assert kinds >= {"segments", "files", "MAIN"}
    for path in new:
        if not path.name.startswith("_MAIN") and (kind != "update" or "MAIN" not in path.name):
            name = f"{folder}/{path.name}"
            assert made[name] < synced[name] < synced[folder], path.name
    [(_, fresh)] = [c for c in before if c[0] == "fsync" and "/.sou.json." in c[1]]
    assert synced[fresh] > synced[folder]
    if kind != "update":
        assert made[folder] < synced["index_data"]
    if kind == "first":
        assert made["index_data"] < synced["."]
    # And it is on the disk itself before anything goes.
    last = after.index(("fsync", "index_data"))
    gone = [i for i, (name, _) in enumerate(after) if name in {"unlink", "rmdir"}]
    assert not [i for i in gone if i < last]
    tables = [i for i, (n, p) in enumerate(after) if n == "replace" and p.endswith(".toc")]
    assert tables
    assert min(tables) > last
    # Whoosh always finds one.
    assert not [i for i in gone if i < min(tables) and after[i][1].endswith(".toc")]


def test_the_steps_are_those_that_are_written_down() -> None:
    text = (ROOT / "docs" / "index-format.md").read_text("utf-8")
    text = text.partition("## How a change is made")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)) == PROTOCOL


def test_a_new_segment_of_an_update_is_on_the_disk(tmp_path: Path) -> None:
    calls = calls_of(tmp_path / "town", "update")
    [segment] = {p for n, p in calls if n == "fsync" and p.endswith(".sou")}
    assert calls.index(("fsync", segment)) < calls.index(("replace", "index_data/sou.json"))


def test_nothing_to_do_makes_a_change_last_that_was_killed_right_after(tmp_path: Path) -> None:
    town = tmp_path / "town"
    write_page(town / "corpus", "a.txt", "修缮")
    assert inside("index", "corpus", cwd=town).status == 0
    left = town / "index_data" / "g1" / "files.7.json"
    shutil.copy(town / "index_data" / "g1" / "files.1.json", left)
    with failing(town, -1, OSError) as seen:
        assert inside("index", cwd=town).status == 0
    assert seen.log.index(("fsync", str(town / "index_data"))) < seen.log.index(
        ("unlink", str(left))
    )


def test_a_list_of_segments_that_nobody_could_read_again_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = Manifest(7, (Listed("MAIN_0123456789abcdef0123.sou", 9, size=1, crc=1),))
    size = len(listed.listed())
    monkeypatch.setattr(segment_list, "MOST_BYTES", size)
    assert len(listed.listed()) == size
    monkeypatch.setattr(segment_list, "MOST_BYTES", size - 1)
    with pytest.raises(IndexUnwritable, match=r"segments\.7\.json"):
        listed.listed()
