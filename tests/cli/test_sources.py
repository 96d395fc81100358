"""`sou sources`, and what `sou index` says and asks about sources that are gone or shrunk."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path

import pytest

from search.cli import run
from search.output.world import World
from tests.cli.running import asked, inside
from tests.sealing import change_state


def fill(folder: Path, numbers: range) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        text = f"第{number}号\n\n本报讯(记者 俞白){folder.name}第{number}条消息。\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """An index of two folders beside it."""
    fill(tmp_path / "a", range(3))
    fill(tmp_path / "b", range(15))
    assert inside("index", "a", "b", cwd=tmp_path).status == 0
    return tmp_path


def count(top: Path) -> int:
    return int(inside("list", "-c", cwd=top).out)


def lines(top: Path) -> list[str]:
    return inside("sources", cwd=top).out.splitlines()


def test_sources_are_listed_with_their_state(top: Path) -> None:
    fill(top / "c", range(1))
    assert inside("index", "c", cwd=top).status == 0
    shutil.rmtree(top / "b")
    (top / "c" / "0.txt").unlink()
    rows = [("a", "there", 3, 3), ("b", "gone", 15, 15), ("c", "empty", 1, 1)]
    assert lines(top) == ["\t".join([*map(str, row), str(top / row[0])]) for row in rows]
    objects = [
        {
            "schema": "sou.source/1",
            "path": name,
            "root": str(top / name),
            "state": state,
            "papers": papers,
            "articles": articles,
        }
        for name, state, papers, articles in rows
    ]
    done = inside("sources", "-f", "jsonl", cwd=top)
    assert [json.loads(line) for line in done.out.splitlines()] == objects
    whole = json.loads(inside("sources", "-f", "json", cwd=top).out)
    assert whole == {"schema": "sou.source-list/1", "sources": objects}
    shown = inside("sources", cwd=top, terminal=True).out
    assert "15 papers  15 articles  b  (gone)" in shown
    assert inside("sources", "-f", "csv", cwd=top).status == 2


def test_the_index_among_its_papers_is_none_of_them(tmp_path: Path) -> None:
    fill(tmp_path, range(1))
    assert inside("index", ".", cwd=tmp_path).status == 0
    assert lines(tmp_path)[0].split("\t")[1] == "there"
    (tmp_path / "0.txt").unlink()
    assert lines(tmp_path)[0].split("\t")[1] == "empty"


def test_without_an_index_there_are_none(tmp_path: Path) -> None:
    assert inside("sources", cwd=tmp_path).status == 3


def test_sources_are_added_and_removed_at_once(top: Path) -> None:
    fill(top / "c", range(2))
    assert inside("sources", "--add", "c", cwd=top).status == 0
    assert count(top) == 20
    done = inside("sources", "--remove", "b", cwd=top)
    assert done.status == 2
    assert (
        f"the 15 articles from b ({top / 'b'}) would leave the index; nothing was changed"
        in done.err
    )
    assert "--yes" in done.err
    assert count(top) == 20
    done = inside("sources", "--remove", "./b/", "--yes", "-v", cwd=top)
    assert done.status == 0
    assert "  - b/3.txt" in done.err
    assert count(top) == 5
    assert [line.split("\t")[0] for line in lines(top)] == ["a", "c"]
    assert inside("sources", "--remove", "a", "--remove", "c", "--yes", cwd=top).status == 2
    fill(top / "d", range(1))
    both = ("--add", "d", "--remove", "a", "--remove", str(top / "c"), "--yes")
    assert inside("sources", *both, cwd=top).status == 0
    assert [line.split("\t")[0] for line in lines(top)] == ["d"]
    assert count(top) == 1
    assert inside("index", cwd=top).status == 0
    assert count(top) == 1


def test_a_source_that_is_gone_can_be_removed(top: Path) -> None:
    shutil.rmtree(top / "b")
    assert inside("index", cwd=top).status == 2
    assert inside("sources", "--remove", "b", "--yes", cwd=top).status == 0
    assert count(top) == 3
    done = inside("index", cwd=top)
    assert (done.status, "b" in done.err.replace(str(top), "")) == (0, False)


def test_removing_changes_nothing_else(top: Path) -> None:
    (top / "a" / "0.txt").unlink()
    fill(top / "a", range(7, 9))
    assert inside("sources", "--remove", "b", "--yes", cwd=top).status == 0
    assert count(top) == 3


@pytest.mark.parametrize(("answer", "left"), [("y\n", 3), ("n\n", 18), ("", 18)])
def test_removing_is_asked_about(
    answer: str, left: int, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asked(answer, "sources", "--remove", "b", cwd=top, monkeypatch=monkeypatch)
    assert f"Remove the 15 articles from b ({top / 'b'}) from the index? [y/N]" in done.err
    assert (done.status, count(top)) == (0 if left == 3 else 2, left)


@pytest.mark.parametrize(
    ("name", "said"),
    [("c", "the sources are: a, b"), ("b/1.txt", "part of the source b"), ("", "the sources are")],
)
def test_what_is_no_source_is_not_removed(name: str, said: str, top: Path) -> None:
    done = inside("sources", "--remove", name, "--yes", cwd=top)
    assert done.status == 2
    assert said in done.err
    assert count(top) == 18


def test_the_corpus_beside_it_comes_back_and_that_is_said(town: Path) -> None:
    fill(town / "a", range(1))
    assert inside("index", cwd=town).status == 0
    assert inside("index", "a", cwd=town).status == 0
    done = inside("sources", "--remove", "corpus", "--yes", cwd=town)
    assert done.status == 0
    assert "The next sou index reads corpus again" in done.err
    assert inside("index", cwd=town).status == 0
    assert count(town) == 3
    (town / "sou.toml").write_text("corpus = []", "utf-8")
    assert inside("sources", "--remove", "corpus", "--yes", cwd=town).status == 0
    assert inside("index", cwd=town).status == 0
    assert count(town) == 1


@pytest.mark.parametrize("more", [[], ["--rebuild"]])
def test_without_a_path_all_that_is_remembered_is_read(more: list[str], top: Path) -> None:
    fill(top / "corpus", range(2))
    fill(top / "b", range(15, 17))
    done = inside("index", *more, cwd=top)
    assert done.status == 0
    assert count(top) == 22
    assert [line.split("\t")[0] for line in lines(top)] == ["a", "b", "corpus"]


def test_a_loss_is_asked_about_on_a_terminal(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (top / "b" / f"{number}.txt").unlink()
    fill(top / "b", range(20, 21))
    done = asked("n\n", "index", cwd=top, monkeypatch=monkeypatch)
    assert done.status == 2
    assert "This would remove 12 of 15 articles from b" in done.err
    assert done.err.count("[y/N]") == 1
    assert "not taken out" in done.err
    assert count(top) == 19
    dry = asked("y\n", "index", "--dry-run", cwd=top, monkeypatch=monkeypatch)
    assert dry.status == 2
    assert "[y/N]" not in dry.err
    assert "would not be taken out" in dry.err
    done = asked("y\n", "index", cwd=top, monkeypatch=monkeypatch)
    assert done.status == 0
    assert "12 removed" in done.err
    assert count(top) == 7


def test_a_loss_needs_a_yes_in_a_pipe(top: Path) -> None:
    for number in range(12):
        (top / "b" / f"{number}.txt").unlink()
    done = inside("index", "-v", cwd=top)
    assert done.status == 2
    assert "not taken out: 12 of 15 articles from b" in done.err
    assert all(f"b/{number}.txt" in done.err for number in range(12))
    assert "12 kept as they were" in done.err
    assert "  - " not in done.err
    assert count(top) == 18
    done = inside("index", "--rebuild", cwd=top)
    assert done.status == 2
    assert "the index is as it was" in done.err
    assert inside("index", "--yes", "--dry-run", cwd=top).status == 0
    done = inside("index", "-v", "--yes", cwd=top)
    assert done.status == 0
    assert "  - b/0.txt" in done.err
    assert count(top) == 6


def test_what_is_only_left_out_is_not_called_gone(top: Path) -> None:
    done = inside("index", "--rebuild", "a", cwd=top)
    assert done.status == 2
    assert "15 of 15 articles from b, not named now: b/0.txt" in done.err
    assert "gone" not in done.err


def moved_to(place: Path, tmp_path: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(tmp_path / "far" / "tea", place)


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """An index with a source that does not lie beside it, and was given by its absolute path."""
    home = tmp_path / "home"
    home.mkdir()
    fill(tmp_path / "far" / "tea", range(12))
    assert inside("index", str(tmp_path / "far" / "tea"), cwd=home).status == 0
    return home


@pytest.mark.parametrize("empty", [False, True], ids=["gone", "an empty mount point"])
def test_a_source_found_beside_the_index_by_its_name_is_asked_about(
    empty: bool, far: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved_to(far / "tea", tmp_path)
    if empty:
        (tmp_path / "far" / "tea").mkdir()
    done = inside("index", cwd=far)
    assert done.status == 2
    state = "empty" if empty else "gone"
    assert f"is {state}; 12 of its 12 papers are in {far / 'tea'}" in done.err
    assert f"sou index {far / 'tea'} --yes" in done.err
    assert asked("n\n", "index", cwd=far, monkeypatch=monkeypatch).status == 2
    assert count(far) == 12
    done = asked("y\n", "index", cwd=far, monkeypatch=monkeypatch)
    assert (done.status, count(far)) == (0, 12)
    assert f"{far / 'tea'} is used as" in done.err
    assert "12 unchanged" in inside("index", cwd=far).err


def test_an_empty_mount_point_and_its_papers_elsewhere_are_no_two_sources(
    far: Path, tmp_path: Path
) -> None:
    moved_to(tmp_path / "disk3" / "tea", tmp_path)
    (tmp_path / "far" / "tea").mkdir()
    done = inside("index", str(tmp_path / "disk3" / "tea"), cwd=far)
    assert done.status == 2
    assert "is empty; 12 of its 12 papers are in" in done.err
    assert count(far) == 12
    done = inside("index", str(tmp_path / "disk3" / "tea"), "--yes", cwd=far)
    assert (done.status, count(far)) == (0, 12)
    assert "is used as" in done.err


def test_a_place_for_a_moved_source_is_named_in_a_pipe_too(far: Path, tmp_path: Path) -> None:
    """Where nothing else can be done, and so the run ends."""
    moved_to(far / "corpus", tmp_path)
    done = inside("index", cwd=far)
    assert done.status == 2
    assert f"12 of its 12 papers are in {far / 'corpus'}" in done.err


def test_the_question_keeps_nobody_waiting(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (top / "b" / f"{number}.txt").unlink()

    class Other(io.StringIO):
        """Somebody else's sou index runs while the question stands there."""

        def isatty(self) -> bool:
            return True

        def readline(self, _size: int | None = -1, /) -> str:
            monkeypatch.setattr("sys.stdin", io.StringIO())
            fill(top / "a", range(5, 6))
            assert "1 new" in inside("index", "a", cwd=top).err
            return "y\n"

    monkeypatch.setattr("sys.stdin", Other())
    monkeypatch.chdir(top)
    world = World(io.StringIO(), io.StringIO(), stderr_terminal=True)
    assert run(["index"], world) == 0
    assert count(top) == 7


def test_yes_does_not_give_up_a_source_that_is_gone(top: Path) -> None:
    shutil.rmtree(top / "b")
    for more in ([], ["--rebuild"], ["--dry-run"]):
        done = inside("index", "--yes", *more, cwd=top)
        assert done.status == 2
        assert f"b ({top / 'b'}) is gone" in done.err
        assert "sou sources --remove b" in done.err
    assert count(top) == 18


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 2)])
def test_a_moved_source_is_asked_about_on_a_terminal(
    answer: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "disk", range(12))
    (tmp_path / "top").mkdir()
    assert inside("index", "../disk", cwd=tmp_path / "top").status == 0
    ids = inside("list", cwd=tmp_path / "top").out
    (tmp_path / "disk").rename(tmp_path / "disk2")
    new = str(tmp_path / "disk2")
    done = inside("index", new, cwd=tmp_path / "top")
    assert done.status == 2
    assert f"sou index {new} --yes" in done.err
    done = asked(answer, "index", new, cwd=tmp_path / "top", monkeypatch=monkeypatch)
    assert f"12 of its 12 papers are in {new}" in done.err
    assert f"Use {new} in its place? [y/N]" in done.err
    assert done.status == status
    assert inside("list", cwd=tmp_path / "top").out == ids
    assert (inside("index", cwd=tmp_path / "top").status == 0) == (status == 0)


def test_a_search_takes_nothing_out(top: Path) -> None:
    shutil.rmtree(top / "b")
    for number in range(3):
        (top / "a" / f"{number}.txt").unlink()
    fill(top / "corpus", range(1))
    assert inside("消息", "-c", cwd=top).out == "18\n"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_an_index_of_a_stranger_reads_nothing_to_see_whether_it_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    fill(tmp_path / "clone" / "a", range(2))
    fill(tmp_path / "private", range(2))
    clone = tmp_path / "clone"
    assert inside("index", "a", cwd=clone).status == 0
    for shown in ("../private", "x/../../private", ".git", str(tmp_path / "private")):
        change_state(
            clone / "index_data",
            lambda data, shown=shown: data.update(sources=[{"root": "/nowhere/a", "shown": shown}]),
        )
        done = inside("index", "--yes" if shown == ".git" else "-v", cwd=clone)
        assert done.status == 2
        assert "papers are in" not in done.err


@pytest.mark.parametrize("whole", ["update", "rebuild", "first"])
@pytest.mark.parametrize(
    ("folder", "named"),
    [
        (".", "papers"),
        (".", "./papers/"),
        ("papers", "."),
        ("papers/2023", "../../papers"),
        (".", "{here}/papers"),
        ("papers/2023", "{here}/papers"),
        ("..", "town/papers"),
        (".", "link"),
    ],
)
def test_ids_do_not_depend_on_how_a_source_is_named(
    tmp_path: Path, folder: str, named: str, whole: str
) -> None:
    """Nor on the folder one is in: for an update, a rebuild, and an index made from nothing."""
    town = tmp_path / "town"
    (town / "papers" / "2023").mkdir(parents=True)
    for name in ("2023/一版.txt", "二版.txt"):
        (town / "papers" / name).write_text(
            f"望澜桥通车\n\n{name}上说，望澜桥昨日通车。\n", "utf-8"
        )
    (town / "link").symlink_to("papers")

    def ids() -> set[str]:
        listed = inside("list", "--index", "index_data", cwd=town)
        assert listed.status == 0, listed.err
        return {line.split("\t")[0] for line in listed.out.splitlines()}

    assert inside("index", "papers", "--index", "index_data", "--yes", cwd=town).status == 0
    before = ids()
    assert len(before) == 2
    if whole == "first":
        shutil.rmtree(town / "index_data")
    elif whole == "update":  # so that they are read again
        for path in (town / "papers").rglob("*.txt"):
            path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    rebuild = ["--rebuild"] if whole == "rebuild" else []
    index = str(town / "index_data")
    name = named.format(here=town)
    done = inside("index", name, "--index", index, "--yes", *rebuild, cwd=town / folder)
    assert done.status == 0, done.err
    assert ids() == before


def ids_of(index: Path) -> list[str]:
    listed = inside("list", "--index", str(index), cwd=index.parent)
    assert listed.status == 0, listed.err
    return [line.split("\t")[0] for line in listed.out.splitlines()]


@pytest.mark.parametrize("named", ["papers", "{here}/papers"])
@pytest.mark.parametrize("moved", ["the papers", "the index"])
def test_ids_outlast_a_move_and_a_rebuild_after_it(tmp_path: Path, named: str, moved: str) -> None:
    town = tmp_path / "town"
    (town / "papers").mkdir(parents=True)
    for name in ("一版.txt", "二版.txt"):
        (town / "papers" / name).write_text(
            f"望澜桥通车\n\n{name}上说，望澜桥昨日通车。\n", "utf-8"
        )
    index = town / "index_data"
    assert inside("index", named.format(here=town), "--index", str(index), cwd=town).status == 0
    before = ids_of(index)
    assert len(set(before)) == 2
    if moved == "the papers":
        (town / "papers").rename(town / "archive")
        papers = "archive"
    else:
        (tmp_path / "elsewhere").mkdir()
        index = index.rename(tmp_path / "elsewhere" / "index_data")
        papers = str(town / "papers")
    for more in ([papers, "--yes"], ["--rebuild", "--yes"]):
        done = inside("index", *more, "--index", str(index), cwd=town)
        assert done.status == 0, done.err
        assert ids_of(index) == before


def test_two_sources_never_share_an_id(tmp_path: Path) -> None:
    """One is beside the index, and another has the same name from where the user stands."""
    for place in ("town/corpus", "other/corpus", "other/cwd"):
        (tmp_path / place).mkdir(parents=True)
    for place in ("town", "other"):
        path = tmp_path / place / "corpus" / "a.txt"
        path.write_text("望澜桥通车\n\n望澜桥昨日通车。\n", "utf-8")
    index = tmp_path / "town" / "index_data"
    for cwd, name in (("other/cwd", "../../town/corpus"), ("other", "corpus")):
        done = inside("index", name, "--index", str(index), "--yes", cwd=tmp_path / cwd)
        assert done.status == 0, done.err
    assert len(ids_of(index)) == len(set(ids_of(index))) == 2
