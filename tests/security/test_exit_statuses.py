"""Statuses say what they say: 1 is "nothing found" alone, 70 a fault of sou, 130 Ctrl-C."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search.cli import exit_status
from search.cli.commands import search as command
from search.model.errors import RequestError
from search.storage.index_folder import IndexFolder
from tests.cli.running import inside, sou
from tests.conftest import MODULES, ROOT


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two papers and their index. Not to be changed."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text("望澜桥修缮\n\n本报讯 望澜桥开始修缮。\n", "utf-8")
    (folder / "corpus" / "b.txt").write_text("图书馆开放\n\n本报讯 图书馆开放。\n", "utf-8")
    assert inside("index", cwd=folder).status == 0
    return folder


def broken(error: BaseException) -> Callable[..., int]:
    def fail(*_: object, **__: object) -> int:
        raise error

    return fail


UNFORESEEN = [
    TypeError("unsupported operand"),
    KeyError("title"),
    AssertionError(),
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    ModuleNotFoundError("No module named 'numpy'"),
    OSError(5, "Input/output error", "a\nb"),
    SystemExit(1),
    SystemExit("library says no"),
    GeneratorExit(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
    ValueError("two\nlines and \x1b[31m, and a \u202e"),
]


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("arguments", [("桥",), ("桥", "--explain"), ("list",)])
def test_what_nobody_foresaw_ends_with_70_and_a_line(
    town: Path, arguments: tuple[str, ...], error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOU_DEBUG", raising=False)
    monkeypatch.setattr(IndexFolder, "open_engine", broken(error))
    done = inside(*arguments, cwd=town)
    assert done.status == 70
    assert done.err.startswith(f"sou: an error in sou itself: {type(error).__name__}: ")
    assert "SOU_DEBUG=1" in done.err
    assert len(done.err.splitlines()) == 1
    assert done.err[:-1].isprintable()
    monkeypatch.setenv("SOU_DEBUG", "1")
    told = inside(*arguments, cwd=town).err.splitlines()
    assert told[0] == "Traceback (most recent call last):"
    assert any("broken" in line or "fail" in line for line in told)
    assert told[-1] + "\n" == done.err


def test_a_broken_dependency_is_no_empty_answer(town: Path, tmp_path: Path) -> None:
    for name, arguments in (("typer", ["--help"]), ("zstandard", ["桥"])):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.py").write_text("import no_such_library\n", "utf-8")
        env = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
        done = sou(*arguments, cwd=town, env=env)
        assert done.status == 70
        assert done.err.startswith("sou: an error in sou itself: ModuleNotFoundError: ")
        assert "reinstall" in done.err
        assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["search/cli/exit_status.py", "search/output/world.py"])
def test_a_damaged_installation_is_told_too(town: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "search", tmp_path / "search")
    (tmp_path / name).write_text("1 +", "utf-8")
    done = sou("桥", cwd=town, env={"PYTHONPATH": str(tmp_path)})
    assert done.status == 70
    assert done.err.startswith("sou: an error in sou itself: SyntaxError: ")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("桥",), 0),
        (("没有",), 1),
        (("show", "zzzz"), 1),
        (("--nothing",), 2),
        (("桥", "--sort", "x"), 2),
        (("show",), 2),
        (("list", "-n", "x"), 2),
        (("桥", "-n", "9" * 5000), 2),
        (("--help",), 0),
        (("index", "-h"), 0),
        (("--version",), 0),
        ((), 0),
    ],
)
def test_foreseen_ends_stay_what_they_were(town: Path, arguments, status: int) -> None:
    done = inside(*arguments, cwd=town)
    assert done.status == status
    assert "itself" not in done.err
    if status == 2:
        assert "Try 'sou" in done.err


@pytest.mark.skipif(os.name == "nt", reason="needs the pipes of POSIX")
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("桥",), ("list", "-h")])
def test_a_closed_pipe_is_silent(town: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    env = {"PATH": "", "HOME": str(town), "PYTHONPATH": MODULES}
    command = [sys.executable, "-m", "search", *arguments]
    done = subprocess.run(
        command, cwd=town, env=env, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("--help",), ("桥",)])
def test_help_that_cannot_be_written_is_an_error(town: Path, arguments: tuple[str, ...]) -> None:
    env = {"PATH": "", "HOME": str(town), "PYTHONPATH": MODULES}
    command = [sys.executable, "-m", "search", *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=town, env=env, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr.startswith(b"sou: cannot write the output")
    assert done.returncode == 2


# Ctrl-C comes at the n-th call of a function, counted from where sou begins: what came before
# is Python's own start.
SWEEP = """
import os, signal, sys
from search.cli import main
at, calls = int(sys.argv[1]), 0
sys.argv[1:2] = []
def count(frame, event, arg):
    global calls
    if event == "call":
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGINT)
sys.setprofile(count)
try:
    main()
finally:
    sys.setprofile(None)
    if not at:
        print(calls, file=sys.stderr)
"""


def swept(folder: Path, at: int, *arguments: str) -> tuple[int, list[str]]:
    env = {"PATH": "", "HOME": str(folder), "PYTHONPATH": MODULES}
    done = subprocess.run(
        [sys.executable, "-c", SWEEP, str(at), *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr.decode().splitlines()


@pytest.mark.skipif(os.name == "nt", reason="needs the signals of POSIX")
@pytest.mark.parametrize(
    "arguments",
    [
        ("桥", "-l"),
        ("show", "{id}"),
        ("similar", "{id}"),
        ("list",),
        ("--help",),
        ("batch", "queries"),
        ("index", "--rebuild"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_ctrl_c_is_one_line_whenever_it_comes(town: Path, arguments: tuple[str, ...]) -> None:
    (town / "queries").write_text("1\t桥\n2\t图书馆\n", "utf-8")
    ident = json.loads(inside("list", "-n", "1", "-f", "jsonl", cwd=town).out)["id"]
    arguments = tuple(argument.format(id=ident) for argument in arguments)
    swept(town, 0, *arguments)  # the first run may have caches to make
    status, told = swept(town, 0, *arguments)
    assert status == (1 if arguments[0] == "similar" else 0)  # the two papers are not alike
    done = status
    calls = int(told[-1])
    for at in (2, 3, 5, 12, 50, *(calls * i // 10 for i in range(1, 9))):
        status, told = swept(town, at, *arguments)
        assert status == 130, (at, calls, told)
        assert told[-1] == "sou: interrupted"
        notes = [line for line in told if line.startswith("Papers from ")]
        assert len(told) - len(notes) == 1, told
    status, told = swept(town, calls - 3, *arguments)  # when all is done
    assert (status, "sou: interrupted" in told) in {(done, False), (130, True)}
    assert "Traceback" not in "".join(told)


def test_what_a_library_makes_of_ctrl_c_is_still_an_interruption(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def importing(*_: object) -> int:
        try:
            exit_status._note(2, None)
        except KeyboardInterrupt:
            raise ImportError("numpy could not be imported") from None
        return 0

    def swallowing(*_: object) -> int:
        try:
            exit_status._note(2, None)
        except KeyboardInterrupt:
            return 0
        return 1

    hook = sys.unraisablehook
    for search in (importing, swallowing, broken(KeyboardInterrupt())):
        monkeypatch.setattr(exit_status, "_interrupted", False)
        monkeypatch.setattr(command, "carry_out", search)
        try:
            done = inside("桥", cwd=town)
        finally:
            sys.unraisablehook = hook
        assert (done.status, done.err) == (130, "sou: interrupted\n")
    monkeypatch.setattr(exit_status, "_interrupted", False)


@pytest.mark.skipif(os.name == "nt", reason="needs the signals of POSIX")
def test_who_ignores_ctrl_c_is_not_interrupted(town: Path) -> None:
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{SWEEP}"
    env = {"PATH": "", "HOME": str(town), "PYTHONPATH": MODULES}
    done = subprocess.run(
        [sys.executable, "-c", code, "500", "-c", "桥"],
        cwd=town,
        env=env,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"1\n", b"")


def test_errors_meant_for_people_are_not_faults_of_sou(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "carry_out", broken(RequestError("no", "do this")))
    assert inside("桥", cwd=town).err == "sou: no\n     do this\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
