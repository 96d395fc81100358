"""Lists that disagree, segments that are broken, and what a check and a repair make of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import inside
from tests.reliability.test_commit import write_page
from tests.sealing import parts

ALL = ["corpus/a.txt", "corpus/b.txt", "corpus/c.txt"]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Three papers, in two segments: `a` and `b`, and `c`."""
    town = tmp_path / "town"
    write_page(town / "corpus", "a.txt", "修缮")
    write_page(town / "corpus", "b.txt", "通车")
    assert inside("index", "corpus", cwd=town).status == 0
    write_page(town / "corpus", "c.txt", "开放")
    assert inside("index", cwd=town).status == 0
    return town


def papers(town: Path) -> list[str]:
    done = inside("望澜桥", "-l", cwd=town)
    assert done.status == 0, done.err
    return sorted(done.out.splitlines())


def flip(path: Path, at: int = -1) -> None:
    data = bytearray(path.read_bytes())
    data[at if at >= 0 else len(data) // 2] ^= 1
    path.write_bytes(data)


def files_of(town: Path) -> dict[str, Path]:
    """Return the files of an index by what they are."""
    state, segments, files = parts(town / "index_data")
    names = [entry[0] for entry in json.loads(segments.read_bytes())["segments"]]
    [table] = segments.parent.glob("*.toc")
    return {
        "sou.json": state,
        "segments": segments,
        "files": files,
        "first": segments.parent / names[0],
        "second": segments.parent / names[1],
        "table": table,
    }


def lost(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


KINDS: list[Callable[[Path], None]] = [lost, cut, longer, flip]


@pytest.mark.parametrize("damage", KINDS)
@pytest.mark.parametrize("what", ["sou.json", "segments", "files", "first", "second", "table"])
def test_a_check_names_what_is_damaged(
    town: Path, what: str, damage: Callable[[Path], None]
) -> None:
    path = files_of(town)[what]
    damage(path)
    done = inside("check", cwd=town)
    if (what, damage) == ("table", lost):  # as behind a commit that was killed there
        assert done.status == 0
        assert f"{path.name} is not there" in done.err
        assert inside("index", cwd=town).status == 0
        assert files_of(town)["table"].is_file()  # of the change that made it
        assert inside("check", cwd=town).err == ""
        return
    assert done.status == 3
    said = done.out + done.err
    assert "sou index" in said
    assert path.name in said
    if what not in {"table", "files"}:
        found = inside("望澜桥", "-l", cwd=town)
        assert found.status == 3 or (damage is flip and found.out.split() == ALL)
    else:
        assert papers(town) == ALL


@pytest.mark.parametrize("damage", [lost, cut])
def test_without_sou_json_no_source_is_forgotten_in_silence(
    town: Path, damage: Callable[[Path], None]
) -> None:
    """Which sources there were is not known then, but which papers is, more or less."""
    for number in range(11):
        write_page(town / "other", f"{number}.txt", "航标")
    assert inside("index", "other", cwd=town).status == 0
    damage(town / "index_data" / "sou.json")
    for words in (["航标"], ["index"], ["index", "corpus"], ["index", "--rebuild"]):
        done = inside(*words, cwd=town)
        assert done.status == 3, words
        assert "sou.json" in done.err
        assert "all folders of its papers: sou index --rebuild FOLDER" in done.err
    done = inside("index", "--rebuild", "corpus", cwd=town)
    assert done.status == 2
    assert "11 of 14 articles" in done.err
    assert "not named now: other/0.txt" in done.err
    assert inside("index", "--rebuild", "corpus", "other", cwd=town).status == 0
    assert len(papers(town)) == 3 + 11
    assert inside("check", cwd=town).status == 0


@pytest.mark.parametrize("at", range(0, 300, 7))
def test_a_flip_in_sou_json_is_damage_wherever_it_is(town: Path, at: int) -> None:
    path = town / "index_data" / "sou.json"
    before = path.read_bytes()
    flip(path, at % len(before))
    assert inside("status", cwd=town).status == 3
    done = inside("index", cwd=town)
    assert done.status == 3
    assert "sou.json" in done.err
    assert "--rebuild" in done.err


def test_segments_cannot_take_each_others_place(town: Path) -> None:
    files = files_of(town)
    one, other = files["first"].read_bytes(), files["second"].read_bytes()
    files["first"].write_bytes(other)
    files["second"].write_bytes(one)
    assert inside("望澜桥", cwd=town).status == 3


@pytest.mark.parametrize("what", ["segments", "files"])
def test_a_list_of_an_earlier_change_cannot_take_the_place_of_one(town: Path, what: str) -> None:
    path = files_of(town)[what]
    (town / "corpus" / "a.txt").unlink()
    before = path.read_bytes()
    assert inside("index", cwd=town).status == 0
    files_of(town)[what].write_bytes(before)
    assert inside("check", cwd=town).status == 3


@pytest.mark.parametrize("damage", KINDS)
def test_a_damaged_list_of_papers_takes_no_article_out(
    town: Path, damage: Callable[[Path], None]
) -> None:
    good = (town / "corpus" / "a.txt").read_bytes()
    (town / "corpus" / "a.txt").write_bytes(b"%PDF-1.4")  # it cannot be read now
    write_page(town / "corpus", "b.txt", "封闭")
    damage(files_of(town)["files"])
    done = inside("index", cwd=town)
    assert done.status == 2  # because of a.txt
    assert papers(town) == ALL
    assert inside("封闭", "-l", cwd=town).out == "corpus/b.txt\n"
    assert inside("通车", "-c", cwd=town).out == "0\n"
    assert inside("check", cwd=town).status == 0
    (town / "corpus" / "a.txt").write_bytes(good.replace("修缮".encode(), "重建".encode()))
    assert inside("index", cwd=town).status == 0
    assert papers(town) == ALL
    assert inside("修缮", "-c", cwd=town).out == "0\n"
    assert inside("check", cwd=town).status == 0


def test_papers_that_a_damaged_list_named_leave_when_they_are_gone(town: Path) -> None:
    flip(files_of(town)["files"])
    (town / "corpus" / "a.txt").unlink()
    assert inside("index", cwd=town).status == 0
    assert papers(town) == ALL  # nothing tells yet whether it was there
    assert inside("index", cwd=town).status == 0
    assert papers(town) == ALL[1:]


@pytest.mark.parametrize("what", ["segments", "files", "first", "second", "table"])
@pytest.mark.parametrize("damage", KINDS)
def test_a_repair_brings_everything_back(
    town: Path, what: str, damage: Callable[[Path], None]
) -> None:
    damage(files_of(town)[what])
    done = inside("check", "--repair", cwd=town)
    assert done.status == 0, done.err
    assert papers(town) == ALL
    assert inside("check", cwd=town).out == "The index is sound.\n"
    assert (town / "index_data" / "g2").exists() == (what == "segments")


@pytest.mark.parametrize(("what", "gone"), [("first", "a.txt"), ("segments", "b.txt")])
def test_a_repair_asks_before_articles_are_lost_for_good(town: Path, what: str, gone: str) -> None:
    flip(files_of(town)[what])
    (town / "corpus" / gone).unlink()
    before = {path: path.read_bytes() for path in (town / "index_data").rglob("*.*")}
    done = inside("check", "--repair", cwd=town)
    assert done.status == 2
    assert f"1 of corpus/{gone}" in done.err
    assert "--yes" in done.err
    assert {path: path.read_bytes() for path in (town / "index_data").rglob("*.*")} == before
    done = inside("check", "--repair", "--yes", cwd=town)
    assert done.status == 0
    assert f"corpus/{gone}: 1 article given up" in done.err
    assert papers(town) == [name for name in ALL if not name.endswith(gone)]


def test_a_repair_takes_out_nothing_that_it_can_read(town: Path) -> None:
    flip(files_of(town)["first"])
    (town / "corpus" / "c.txt").unlink()  # gone, but its segment is sound
    assert inside("check", "--repair", cwd=town).status == 0
    assert papers(town) == ALL


def test_what_is_left_over_goes_also_when_there_is_nothing_to_do(town: Path) -> None:
    index = town / "index_data"
    folder = files_of(town)["files"].parent
    ours = [
        *("_MAIN_1.toc", "_MAIN_99.toc", "_MAIN_3.toc.1690000000.25", "files.1.json"),
        *("segments.77.json", f"MAIN_{'0a' * 12}.sou", ".files.3.json.0123456789abcdef.new"),
    ]
    theirs = ["_MAIN_x.toc", "files.x.json", "notes.txt", "segments.01.json", "MAIN_.sou", ".x.new"]
    for name in (*ours, *theirs):
        (folder / name).write_text("")
    (index / "g7").mkdir()
    (index / "writer.json").write_text("{}")
    done = inside("check", cwd=town)
    assert done.status == 0
    for name in (*ours, "g7"):
        assert f"{name} is left over" in done.err
    for name in theirs:
        assert name not in done.err
    assert inside("index", cwd=town).status == 0
    assert not [name for name in ours if (folder / name).exists()]
    assert not (index / "g7").exists()
    assert not (index / "writer.json").exists()
    assert [name for name in theirs if (folder / name).exists()] == theirs
    assert inside("check", cwd=town).err == ""
