"""A change is made or not, whatever call of the system fails and wherever the process is killed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.cli.running import Done, inside
from tests.reliability.failing import Failing, Killed, failing

OLD = ["corpus/a.txt", "corpus/b.txt"]
NEW = ["corpus/a.txt", "corpus/c.txt"]


def write_page(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(f"{text}\n\n本报讯(记者 俞白)望澜桥今天{text}。\n", "utf-8")
    os.utime(folder / name, (1_000_000_000, 1_000_000_000))


Again = Callable[[], Path]


@pytest.fixture
def town(tmp_path: Path) -> Again:
    """Return a function that puts back two papers and their index, and a change to make."""
    place, first = tmp_path / "town", tmp_path / "first"
    write_page(place / "corpus", "a.txt", "修缮")
    write_page(place / "corpus", "b.txt", "通车")
    assert inside("index", "corpus", cwd=place).status == 0
    shutil.copytree(place, first)

    def again() -> Path:
        shutil.rmtree(place)
        shutil.copytree(first, place)
        (place / "corpus" / "b.txt").unlink()
        write_page(place / "corpus", "c.txt", "开放")
        return place

    return again


def papers(town: Path) -> list[str]:
    """Return the papers that a search finds; the index answers."""
    done = inside("望澜桥", "-l", cwd=town)
    assert done.status == 0, done.err
    return sorted(done.out.splitlines())


def is_well(town: Path) -> None:
    """Assert that the next update brings everything, that a check agrees, and nothing is left."""
    done = inside("index", cwd=town)
    assert done.status == 0, done.err
    assert papers(town) == NEW
    done = inside("check", cwd=town)
    assert (done.status, done.err) == (0, ""), done.out
    index = town / "index_data"
    change = max(int(path.name.split(".")[1]) for path in index.glob("g*/files.*.json"))
    [generation] = index.glob("g*")
    assert {path.name for path in index.iterdir()} == {"sou.json", "write.lock", generation.name}
    others = {path.name for path in generation.iterdir() if path.suffix != ".sou"}
    assert others == {f"files.{change}.json", f"segments.{change}.json", f"_MAIN_{change}.toc"}


COMMANDS = {"update": ("index",), "rebuild": ("index", "--rebuild"), "first": ("index", "corpus")}


def prepared(town: Again, kind: str) -> Path:
    place = town()
    if kind == "first":
        shutil.rmtree(place / "index_data")
    return place


def every_call(
    town: Again,
    kind: str,
    error: Callable[[], BaseException],
    *,
    once: bool,
    look: Callable[[Path, Done, Failing], None],
    first: int = 1,
    step: int = 1,
) -> None:
    """Fail every `step`-th call in turn, from the `first` on, and look at what came of it."""
    for at in count(first, step):
        place = prepared(town, kind)
        with failing(place / "index_data", at, error, once=once) as fault:
            done = inside(*COMMANDS[kind], cwd=place)
        if fault.count < at:
            assert at > 15  # it was something that there was to fail
            return
        try:
            look(place, done, fault)
            is_well(place)
        except AssertionError:
            print(f"call {at}: {fault.log[at - 1]}")  # noqa: T201
            raise


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize(
    ("number", "first"), [(errno.ENOSPC, 1), (errno.EIO, 2), (errno.EACCES, 3)]
)
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_call_that_fails_costs_one_line_and_no_article(
    town: Again, kind: str, number: int, first: int, once: bool
) -> None:
    def look(place: Path, done: Done, fault: Failing) -> None:
        assert done.status in {0, 2, 3}, done.err
        assert "Traceback" not in done.err
        assert "itself" not in done.err
        if kind == "first" and not (place / "index_data" / "sou.json").exists():
            assert done.status == 2
            assert "already answers" not in done.err
            assert "still answers" not in done.err
            if once and fault.log[fault.at - 1][0] not in {"unlink", "rmdir", "scandir"}:
                assert not (place / "index_data").exists()
            return
        found = papers(place)
        assert found in (OLD, NEW)
        if done.status == 0:
            assert found == NEW
        if "still answers" in done.err:
            assert found == OLD
        if "already answers" in done.err:
            assert found == NEW

    def error() -> OSError:
        return OSError(number, os.strerror(number))

    # All calls in all, each with one of the errors.
    every_call(town, kind, error, once=once, look=look, first=first, step=3)


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_kill_at_any_call_loses_nothing(town: Again, kind: str) -> None:
    seen = set()

    def look(place: Path, done: Done, fault: Failing) -> None:
        del done, fault
        if not (place / "index_data" / "sou.json").exists():
            assert kind == "first"
            return
        found = papers(place)
        assert found in (OLD, NEW)
        seen.add(tuple(found))

    every_call(town, kind, Killed, once=False, look=look)
    assert seen == ({tuple(NEW)} if kind == "first" else {tuple(OLD), tuple(NEW)})


@pytest.mark.parametrize("kind", COMMANDS)
def test_an_interruption_at_any_call_says_what_is_true(town: Again, kind: str) -> None:
    said = set()

    def look(place: Path, done: Done, fault: Failing) -> None:
        del fault
        made = "already answers" in done.err
        said.add(made)
        if not (place / "index_data" / "sou.json").exists():
            assert kind == "first"
            assert not made
            return
        found = papers(place)
        if done.status == 130:
            assert found == (NEW if made else OLD)

    every_call(town, kind, KeyboardInterrupt, once=True, look=look)
    assert True in said
