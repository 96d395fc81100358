"""Calls read without Typer are read as Typer reads them."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from search.cli import COMMANDS, quick
from search.cli.app import app
from search.cli.searching import Call
from search.output.world import World
from tests.conftest import ROOT

PIECES = st.sampled_from(
    [
        "-l",
        "-c",
        "-0",
        "-F",
        "--any",
        "--files",
        "--count",
        "--null",
        "--literal",
        "--no-partial",
        "--no-dedupe",
        "桥",
        "志愿服务",
        "-n",
        "5",
        "0",
        "--limit",
        "-f",
        "json",
        "plain",
        "paths",
        "rich",
        "xml",
        "--index",
        "ix",
        "--format",
        "csv",
        "-x",
        "--since",
        "2023",
        "--",
        "-lc",
    ]
)


def by_typer(arguments: list[str]) -> Call | None:
    """Return the call that Typer makes of some arguments; None where it makes an error."""
    made: list[Call] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.cli.search.carry_out", lambda _, call: made.append(call) or 0)
        with contextlib.suppress(SystemExit):
            world = World(io.StringIO(), io.StringIO())
            typer.main.get_command(app).main(["search", *arguments], prog_name="sou", obj=world)
    return made[0] if made else None


@given(st.lists(PIECES, max_size=6))
def test_both_read_the_same(arguments: list[str]) -> None:
    call = quick.read(arguments)
    if call is not None:
        assert call == by_typer(arguments)


@pytest.mark.parametrize("arguments", [["桥"], ["-l", "桥"], ["-c", "-F", "桥", "--index", "x"]])
def test_the_commonest_calls_are_quick(arguments: list[str]) -> None:
    assert quick.read(arguments) == by_typer(arguments)
    assert quick.read(arguments) is not None


def test_the_index_may_come_from_the_environment() -> None:
    call = quick.read(["桥"], "elsewhere")
    assert call is not None
    assert call.index == Path("elsewhere")


def test_the_commands_are_those_of_the_app() -> None:
    assert {info.name for info in app.registered_commands} == COMMANDS


def test_a_search_in_a_pipe_loads_only_what_it_needs(archive: Path) -> None:
    code = (
        "import sys\nfrom search.cli import main\nsys.argv = ['sou', '-l', '志愿服务']\n"
        "try:\n    main()\nexcept SystemExit as exc:\n    assert exc.code == 0\n"
        "heavy = {'jieba', 'rjieba', 'whoosh', 'numpy', 'typer', 'rich', 'pydantic', 'inspect'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=archive,
        env={"PYTHONPATH": str(ROOT), "HOME": str(Path.home()), "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
