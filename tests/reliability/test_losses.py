"""What nobody said yes to stays in the index: what a stern reader of the guard lost all the same."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from search.indexing.check import check_index
from search.storage.index_folder import IndexFolder
from tests.cli.running import Done, inside
from tests.reliability.test_damage import cut, flip
from tests.sealing import parts

needs_bytes = pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")


def paper(path: Path, number: int, mark: str = "茶") -> Path:
    """Write so many articles."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        {"title": f"{mark}会第{i}号", "body": f"{mark}会第{i}次，望澜桥头。"} for i in range(number)
    )
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def sou(top: Path, *words: str) -> Done:
    return inside(*words, cwd=top)


def count(top: Path) -> int:
    done = inside("list", "-c", cwd=top)
    assert done.status == 0, done.err
    return int(done.out)


def spoil_list(top: Path) -> None:
    with parts(top / "index_data")[2].open("ab") as file:
        file.write(b"x\n")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Three papers of forty articles each."""
    for name in "abc":
        paper(tmp_path / "papers" / f"{name}.jsonl", 40, name)
    assert sou(tmp_path, "index", "papers").status == 0
    return tmp_path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of an index whose one source, of one paper, lies beside that folder."""
    home = tmp_path / "home"
    home.mkdir()
    paper(tmp_path / "old" / "a.jsonl", 40)
    assert sou(home, "index", "../old").status == 0
    return home


# A repair counts what it restores.


@pytest.mark.parametrize("left", [0, 5])
@pytest.mark.parametrize("what", ["segment", "segments"])
def test_a_repair_gives_up_nothing_that_the_paper_does_not_hold_any_more(
    top: Path, left: int, what: str
) -> None:
    if what == "segment":
        flip(next((top / "index_data" / "g1").glob("MAIN*")))
    else:
        cut(parts(top / "index_data")[1])
    paper(top / "papers" / "a.jsonl", left, "a")
    done = sou(top, "check", "--repair")
    assert done.status == 2
    assert f"{40 - left} of papers/a.jsonl" in done.err
    assert sou(top, "check").status == 3
    done = sou(top, "check", "--repair", "--yes")
    assert done.status == 0
    assert f"papers/a.jsonl: {40 - left} articles given up" in done.err
    assert count(top) == 80 + left


@pytest.mark.parametrize("extra", [True, False], ids=["too many", "too few"])
def test_a_repair_mends_what_the_lists_disagree_in(
    top: Path, extra: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each list is whole, and they do not fit: a fault of ours, or somebody's hand."""
    from search.engines.whoosh.writer import WhooshWriter

    if extra:
        monkeypatch.setattr(WhooshWriter, "remove", lambda *_: None)
        (top / "papers" / "a.jsonl").unlink()
        assert sou(top, "index", "--yes").status == 0
    else:
        whole = WhooshWriter.remove
        monkeypatch.setattr(WhooshWriter, "remove", lambda self, _: whole(self, "papers/b.jsonl"))
        paper(top / "papers" / "a.jsonl", 40, "z")
        assert sou(top, "index").status == 0
    monkeypatch.undo()
    assert sou(top, "check").status == 3
    done = sou(top, "check", "--repair")
    assert done.status == 0, done.err
    assert "The index is sound." in done.out


# A damaged list of papers switches nothing off.


def test_a_rebuild_asks_though_the_list_of_papers_is_damaged(top: Path) -> None:
    paper(top / "other" / "o.jsonl", 30, "o")
    assert sou(top, "index", "other").status == 0
    spoil_list(top)
    done = sou(top, "index", "--rebuild", "papers")
    assert done.status == 2
    assert "30 of 30 articles from other, not named now" in done.err
    (top / "papers" / "a.jsonl").unlink()
    done = sou(top, "index", "--rebuild")
    assert done.status == 2
    assert "40 of 120 articles from papers" in done.err
    assert count(top) == 150
    assert sou(top, "index", "--rebuild", "--yes").status == 0
    assert count(top) == 110


def test_an_update_asks_though_the_list_of_papers_is_damaged(top: Path) -> None:
    spoil_list(top)
    paper(top / "papers" / "a.jsonl", 5, "a")
    for words in (["--dry-run"], []):
        done = sou(top, "index", *words)
        assert done.status == 2
        assert "35 of 120 articles from papers" in done.err
    assert count(top) == 120
    assert sou(top, "index", "--yes").status == 0
    assert count(top) == 85
    assert sou(top, "check").status == 0


def test_a_source_that_moved_is_known_though_the_list_of_papers_is_damaged(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "old").rename(tmp_path / "new")
    spoil_list(home)
    done = sou(home, "index", "../new")
    assert done.status == 2
    assert "1 of its 1 papers" in done.err
    assert sou(home, "index", "../new", "--yes").status == 0
    assert count(home) == 40
    assert sou(home, "check").status == 0


# Names.

GBK = os.fsdecode(b"\xb1\xa8.jsonl")


@needs_bytes
def test_two_names_are_never_one(tmp_path: Path) -> None:
    paper(tmp_path / "papers" / GBK, 3, "甲")
    paper(tmp_path / "papers" / "\\xb1\\xa8.jsonl", 4, "乙")
    assert sou(tmp_path, "index", "papers").status == 0
    assert count(tmp_path) == 7
    assert sou(tmp_path, "check").status == 0
    paper(tmp_path / "papers" / GBK, 5, "丙")
    assert sou(tmp_path, "index").status == 0
    assert count(tmp_path) == 9
    assert sou(tmp_path, "check").status == 0


@needs_bytes
def test_a_name_that_is_no_text_is_found_again_without_the_list(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    paper(papers / "a.jsonl", 40, "a")
    paper(papers / GBK, 40, "乙")
    assert sou(tmp_path, "index", "papers").status == 0
    spoil_list(tmp_path)
    (papers / GBK).rename(tmp_path / "aside")
    sou(tmp_path, "index")
    (tmp_path / "aside").rename(papers / GBK)
    for words in ([], ["--yes"], []):
        done = sou(tmp_path, "index", *words)
        assert done.status == 0, done.err
        assert "80 articles" in done.err
        assert count(tmp_path) == 80
        assert sou(tmp_path, "check").status == 0


# Places.


@pytest.mark.parametrize("command", [["望澜桥", "-c"], ["index"], ["check", "--repair"]])
def test_nothing_is_built_where_sou_json_was_lost(top: Path, command: list[str]) -> None:
    shutil.move(top / "papers", top / "corpus")
    before = sorted((top / "index_data" / "g1").iterdir())
    (top / "index_data" / "sou.json").unlink()
    done = sou(top, *command)
    assert done.status == 3
    assert "sou.json no longer exists" in done.err
    assert sorted((top / "index_data" / "g1").iterdir()) == before


def test_what_is_left_goes_only_when_a_new_index_answers(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "index_data" / "sou.json").unlink()

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("search.storage.commit.Commit.replace_state", fail)
        assert sou(top, "index", "--rebuild", "papers").status == 2
    assert [*(top / "index_data" / "g1").glob("files.*.json")]
    assert sou(top, "index", "--rebuild", "papers").status == 0
    assert count(top) == 120
    assert not (top / "index_data" / "g1").exists()


def test_a_link_in_the_old_place_makes_no_second_source(home: Path, tmp_path: Path) -> None:
    (tmp_path / "old").rename(tmp_path / "new")
    (tmp_path / "old").symlink_to(tmp_path / "nowhere")
    done = sou(home, "sources")
    assert done.status == 0
    assert "\tgone\t" in done.out
    assert "1 of its 1 papers" in sou(home, "index", "../new").err
    (tmp_path / "old").unlink()
    (tmp_path / "old").symlink_to(tmp_path / "new")
    assert sou(home, "index", "../new", "--yes").status == 0
    assert count(home) == 40
    assert sou(home, "index", "--yes").status == 0
    assert count(home) == 40


def test_a_folder_above_the_new_places_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in "ab":
        paper(tmp_path / "m" / name / f"{name}.jsonl", 40, name)
    assert sou(home, "index", "../m/a", "../m/b").status == 0
    (tmp_path / "m").rename(tmp_path / "media")
    assert sou(home, "index", "../media").status == 2
    assert sou(home, "index", "../media", "--yes").status == 0
    assert count(home) == 80
    assert "80 articles" in sou(home, "index").err
    assert sou(home, "check").status == 0


def test_a_hidden_source_is_not_covered_by_the_folder_around_it(tmp_path: Path) -> None:
    paper(tmp_path / "papers" / ".scan" / "h.jsonl", 10, "h")
    paper(tmp_path / "papers" / "a.jsonl", 40, "a")
    assert sou(tmp_path, "index", "papers/.scan").status == 0
    assert sou(tmp_path, "index", "papers").status == 0
    assert count(tmp_path) == 50
    paper(tmp_path / "papers" / ".scan" / "i.jsonl", 10, "i")
    assert sou(tmp_path, "index").status == 0
    assert count(tmp_path) == 60
    assert sou(tmp_path, "index", "--rebuild").status == 0
    assert count(tmp_path) == 60


def test_a_paper_renamed_to_another_kind_is_a_loss(top: Path) -> None:
    (top / "papers" / "a.jsonl").rename(top / "papers" / "a.html")
    done = sou(top, "index")
    assert done.status == 2
    assert "40 of 12" in done.err
    assert count(top) >= 120
    (top / "papers" / "a.html").rename(top / "papers" / "z.jsonl")
    assert sou(top, "index").status == 0
    assert count(top) == 120


def test_a_name_that_means_two_sources_removes_none(tmp_path: Path) -> None:
    for name, number in (("A", 40), ("B", 30)):
        paper(tmp_path / name / "papers" / "p.jsonl", number, name)
    assert sou(tmp_path / "A", "index", "papers").status == 0
    index = ["--index", str(tmp_path / "A" / "index_data")]
    assert sou(tmp_path / "B", "index", "papers", *index).status == 0
    done = sou(tmp_path / "B", "sources", "--remove", "papers", "--yes", *index)
    assert done.status == 2
    for name in "AB":
        assert str(tmp_path / name / "papers") in done.err
    place = str(tmp_path / "B" / "papers")
    assert sou(tmp_path / "B", "sources", "--remove", place, "--yes", *index).status == 0
    assert count(tmp_path / "A") == 40


def test_what_is_left_over_goes_though_every_source_is_gone(top: Path) -> None:
    (top / "papers").rename(top / "aside")
    left = top / "index_data" / "g1" / "files.7.json"
    left.touch()
    assert sou(top, "index").status == 2
    assert not left.exists()
    assert count(top) == 120


def test_what_may_not_be_read_is_not_taken_for_damage(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))

    paper(top / "other" / "o.jsonl", 5)  # so few leave unasked
    assert sou(top, "index", "other").status == 0
    with monkeypatch.context() as patch:
        patch.setattr("search.storage.index_folder.read_regular", refuse)
        done = sou(top, "index", "--rebuild", "papers")
    assert done.status == 3
    assert "Permission denied" in done.err
    assert count(top) == 125


def test_a_check_tells_how_far_it_is(top: Path) -> None:
    told: list[tuple[int, int]] = []
    check_index(IndexFolder(top / "index_data"), lambda *far: told.append(far))
    assert told[-1] == (120, 120)
    assert told == sorted(told)
