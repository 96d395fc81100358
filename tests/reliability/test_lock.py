"""One writer at a time, also where locks do not work; and a first build that comes to nothing."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search.cli.settings import load
from search.model.errors import IndexBusy
from search.storage.index_folder import IndexFolder
from search.storage.state import State
from search.system import files
from tests.cli.running import inside
from tests.conftest import ROOT
from tests.reliability.test_commit import write_page


@pytest.fixture
def town(tmp_path: Path) -> Path:
    write_page(tmp_path / "town" / "corpus", "a.txt", "修缮")
    assert inside("index", "corpus", cwd=tmp_path / "town").status == 0
    return tmp_path / "town"


def refuse(number: int) -> object:
    def lock(_: int) -> bool:
        raise OSError(number, os.strerror(number))

    return lock


LOCKS = [lambda _: True, refuse(errno.ENOLCK), refuse(errno.EOPNOTSUPP), refuse(errno.ENOSYS)]


@pytest.mark.parametrize("lock", LOCKS)
def test_where_locks_do_not_work_one_writes_all_the_same(
    town: Path, monkeypatch: pytest.MonkeyPatch, lock: object
) -> None:
    monkeypatch.setattr(files, "_lock", lock)
    done = inside("index", cwd=town)
    assert done.status == 0
    assert "locks do not work" in done.err
    assert not (town / "index_data" / "writer.json").exists()
    folder = IndexFolder(town / "index_data")
    with folder.lock():
        done = inside("index", cwd=town)
    assert done.status == 4
    assert f"(pid {os.getpid()})" in done.err
    assert "writer.json" in done.err
    # What a killed run left cannot be told from a run that goes on elsewhere.
    text = json.dumps({"pid": 7, "host": "another", "locks": False})
    (town / "index_data" / "writer.json").write_text(text)
    done = inside("index", cwd=town)
    assert done.status == 4
    assert "(pid 7 on another)" in done.err
    assert (town / "index_data" / "writer.json").read_text() == text
    (town / "index_data" / "writer.json").unlink()
    assert inside("index", cwd=town).status == 0


def test_a_lock_that_works_heeds_a_writer_for_whom_it_does_not(town: Path) -> None:
    who = town / "index_data" / "writer.json"
    who.write_text(json.dumps({"pid": 7, "host": "another", "locks": False}))
    done = inside("index", cwd=town)
    assert done.status == 4
    assert who.exists()
    who.write_text(json.dumps({"pid": 7, "host": "another", "locks": True}))  # it was killed
    assert inside("index", cwd=town).status == 0
    assert not who.exists()


def test_a_second_writer_that_no_lock_kept_out_harms_nothing(town: Path) -> None:
    """Two changes of one number: the second to write a list, or to replace sou.json, gives up."""
    one, other = (IndexFolder(town / "index_data") for _ in range(2))
    with one.lock():
        state = one.state()
        known = one.files(state)
        aim = State(state.generation, state.analysis, state.sources, state.updated, 2)
        writer = one.writer(state.generation, state)
        (town / "index_data" / state.generation / "segments.2.json").write_text("theirs")
        with pytest.raises(IndexBusy, match=r"segments\.2\.json"):
            one.commit(aim, known, writer)
        assert one.made() is False
        assert (town / "index_data" / state.generation / "segments.2.json").read_text() == "theirs"
    assert other.state() == state
    assert inside("index", cwd=town).status == 0
    with one.lock():
        (town / "index_data" / "write.lock").rename(town / "index_data" / "lock")
        (town / "index_data" / "writer.json").unlink()
        write_page(town / "corpus", "b.txt", "通车")
        assert inside("index", cwd=town).status == 0  # it has its own lock
        late = State(state.generation, state.analysis, state.sources, state.updated, 9)
        with pytest.raises(IndexBusy, match=r"sou\.json"):
            one.commit(late, known, one.writer(state.generation, state := one.state()))
    assert inside("望澜桥", "-c", cwd=town).out == "2\n"
    assert not list((town / "index_data").rglob("*.9.json"))
    assert inside("check", cwd=town).status == 0


def test_a_folder_that_vanished_while_it_was_waited_for_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"
    made = []

    def prepare() -> None:
        path.parent.mkdir(exist_ok=True)
        made.append(1)
        if len(made) == 1:
            path.parent.rmdir()

    with files.locked(path, 5, prepare) as why:
        assert why == ""
        assert path.exists()
    assert len(made) == 2


# A first build that comes to nothing.


def failing_builds(town: Path) -> list[tuple[str, ...]]:
    (town / "empty").mkdir(parents=True)
    (town / "bad").mkdir()
    (town / "bad" / "a.txt").write_bytes(b"%PDF-1.4")
    return [("index", "empty"), ("index", "bad"), ("index", "bad", "--index", "deep/er/index")]


def test_a_first_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    town = tmp_path / "town"
    for call in failing_builds(town):
        done = inside(*call, cwd=town)
        assert done.status == 2
        assert sorted(path.name for path in town.iterdir()) == ["bad", "empty"]


def test_a_folder_of_the_users_own_stays(tmp_path: Path) -> None:
    town = tmp_path / "town"
    calls = failing_builds(town)
    (town / "index_data").mkdir()
    (town / "deep" / "er").mkdir(parents=True)
    (town / "index_data" / ".gitkeep").write_text("")
    for call in calls:
        assert inside(*call, cwd=town).status == 2
    assert [path.name for path in (town / "index_data").iterdir()] == [".gitkeep"]
    assert list((town / "deep" / "er").iterdir()) == []


def test_a_search_that_cannot_build_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_bytes(b"%PDF-1.4")
    assert inside("望澜桥", cwd=tmp_path).status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_first_build_that_is_stopped_captures_nothing(tmp_path: Path, number: int) -> None:
    lines = [json.dumps({"title": f"{i}", "body": f"第{i}座桥。" * 60}) for i in range(30_000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    write_page(tmp_path / "below" / "papers", "a.txt", "修缮")
    with subprocess.Popen(
        [sys.executable, "-m", "search", "index", "many.jsonl"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("index_data/g1/*.sou")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
    assert process.returncode in {130, -number}  # it was not done before
    assert (tmp_path / "index_data").exists() == (number == signal.SIGKILL)
    assert inside("index", "papers", cwd=tmp_path / "below").status == 0
    assert (tmp_path / "below" / "index_data" / "sou.json").exists()
    (tmp_path / "many.jsonl").write_text(lines[0], "utf-8")
    assert inside("index", "many.jsonl", cwd=tmp_path).status == 0
    left = {path.name for path in (tmp_path / "index_data").iterdir()}
    assert {"sou.json", "write.lock"} < left
    assert len(left) == 3


def test_the_nearest_index_is_one(tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "index_data").mkdir(parents=True)
    (tmp_path / "a" / "index_data").mkdir()
    here = tmp_path / "a" / "b"
    assert load(cwd=here, environ={}).index == here / "index_data"
    (tmp_path / "a" / "index_data" / "sou.json").write_text("{}")
    assert load(cwd=here, environ={}).index == tmp_path / "a" / "index_data"


# An index of the version before.


def test_an_index_of_the_version_before_is_brought_up_to_date(town: Path) -> None:
    index = town / "index_data"
    root = str(town / "corpus")
    for path in [*(index / "g1").iterdir()]:
        path.unlink()
    (index / "g1" / "segments.json").write_text('{"generation": 1, "segments": []}')
    (index / "g1" / "files.json").write_text("{\n\n}\n")
    old = {
        "schema": "sou.index/1",
        "generation": "g1",
        "analysis": {"fold": 2, "segment": 1, "schema": 4, "words": 0},
        "sources": [{"root": root, "shown": "corpus"}],
        "updated": "2025-01-31T10:59:00+00:00",
    }
    (index / "sou.json").write_text(json.dumps(old))
    for command in (["望澜桥"], ["check"], ["list"]):
        done = inside(*command, cwd=town)
        assert done.status == 3
        assert "bring it up to date: sou index" in done.err
    assert inside("status", cwd=town).status == 3
    assert inside("index", cwd=town).status == 0
    assert inside("望澜桥", "-l", cwd=town).out == "corpus/a.txt\n"
    assert {path.name for path in index.iterdir()} == {"sou.json", "write.lock", "g2"}
    assert inside("check", cwd=town).status == 0
