"""What is told is told in lines of ours, whatever names and arguments hold."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from search.cli.exit_status import complain
from search.model.errors import QueryError, RequestError
from search.output.world import World
from tests.cli.running import inside, sou

FORGED = "Files: 0 failed. All is well."
BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
ACTING = ["\x1b[2K", "\x9b2K", "\x07", "\x08", "\u202e", "\u2066", "\u200b", "\x7f", "\U000e0041"]


def told(*lines: str) -> str:
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    World(io.StringIO(), err).tell(*lines)
    return err.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


@pytest.mark.parametrize("char", BREAKS + ACTING)
def test_a_line_stays_one_and_acts_on_nothing(char: str) -> None:
    line = told(f"sou: a{char}{FORGED}")
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    assert len(line.splitlines()) == 1
    assert FORGED in line.replace("[2K", "").replace("2K", "")


def test_a_line_break_in_a_name_is_shown_and_lines_given_apart_stay_apart() -> None:
    assert told("a\nb\r\nc", "d\u2028e") == "a␊b␊c\nd␊e\n"


def test_errors_stay_in_their_lines() -> None:
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    world = World(io.StringIO(), err)
    complain(world, RequestError(f"no such file: a\n{FORGED}", f"or\n{FORGED}"))
    complain(world, QueryError(f"no\n{FORGED}", f"桥\n{FORGED}\x1b[2K", 2, 3, f"or\n{FORGED}"))
    lines = err.buffer.getvalue().decode("utf-8").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2 + 4
    assert not any(line.strip().startswith("Files") for line in lines)


@pytest.mark.parametrize("char", ["\n", "\r", "\x1b[2K", "\u202e", "\u2028"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("--no{0}{1}",),
        ("桥", "--sort", "x{0}{1}"),
        ("桥", "-n", "{0}{1}"),
        ("桥", "--since", "x{0}{1}"),
        ("date:「x{0}{1}」",),
        ("show", "x{0}{1}"),
        ("similar", "x{0}{1}"),
        ("status", "--index", "no{0}{1}"),
        ("index", "no{0}{1}"),
        ("batch", "no{0}{1}"),
        ("eval", "no{0}{1}", "no{0}{1}"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_no_argument_makes_a_line_of_its_own(
    town: Path, arguments: tuple[str, ...], char: str
) -> None:
    done = inside(*(part.format(char, FORGED) for part in arguments), cwd=town)
    assert done.status in {1, 2, 3}
    assert done.err
    assert all(line.isprintable() for line in done.err.split("\n"))
    assert not any(line.strip().startswith(FORGED[:5]) for line in done.err.splitlines())


NAMES = [f"a\n{FORGED}\nz", f"b\r{FORGED}", "c\x1b[2K\u202e", f"d\u2028{FORGED}"]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("望澜桥修缮\n\n本报讯 望澜桥修缮。\n", "utf-8")
    assert inside("index", cwd=tmp_path).status == 0
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_makes_a_line_of_its_own(tmp_path: Path, name: str) -> None:
    folder = tmp_path / f"papers{name}"
    try:
        folder.mkdir()
        (folder / f"{name}.pdf").write_bytes(b"no PDF")
        (folder / f"{name}.txt").write_text("望澜桥修缮\n\n本报讯 望澜桥修缮。\n", "utf-8")
        (folder / f"{name}.jsonl").write_text('{"title": \n', "utf-8")
        (folder / f"{name}.html").write_text("", "utf-8")
    except OSError:
        pytest.skip("this system has no such names")
    for status, *command in (
        (2, "index", folder.name, "-v"),  # some of it cannot be read
        (0, "index", "--dry-run"),
        (1, "桥", "--path", name),
        (0, "status"),
        (0, "check"),
        (0, "桥"),
        (1, "show", "zz"),
    ):
        done = inside(*command, cwd=tmp_path)
        assert done.status == status, (command, done)
        lines = (done.out + done.err).split("\n")
        assert not any(line.strip().startswith(FORGED) for line in lines), command
        told = done.err.split("\n") + (done.out.split("\n") if command[0] == "status" else [])
        assert all(line.isprintable() for line in told), command


def test_names_in_settings_and_in_their_files(town: Path) -> None:
    (town / "sou.toml").write_text(
        f'synonyms = "no\\n{FORGED}"\nwords = "mine\\n{FORGED}"\n', "utf-8"
    )
    try:
        (town / f"mine\n{FORGED}").write_text("x\n望澜桥\n", "utf-8")
    except OSError:
        pytest.skip("this system has no such names")
    done = inside("status", cwd=town)
    assert "␊" in done.err
    for line in (done.out + done.err).splitlines():
        assert not line.startswith(FORGED)


def test_a_process_tells_the_same(town: Path) -> None:
    name = f"--no\n{FORGED}\u202e"
    done = sou(name, cwd=town)
    assert done.status == 2
    lines = done.err.splitlines()
    assert f"sou: there is no option --no␊{FORGED}" in lines
    assert all(line.isprintable() for line in lines)
    done = sou("--version", name, cwd=town)  # which Typer reads, and shows in its own way
    assert (done.status, done.out) == (2, "")
    assert all(line.isprintable() for line in done.err.splitlines())
    assert f"\n{FORGED}" not in done.err
    assert "--no" in done.err
