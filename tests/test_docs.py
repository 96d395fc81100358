"""The documents tell the truth: their commands run, and print what is shown.

A ```sh block holds a command on each line; a ```console block holds commands after `$ ` and
what they print below them. Behind a command, two spaces and `# status 1` say that it exits
so. In what is printed, a line … stands for lines left out, and … at the end of a line for
its rest.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer

from search import open_index
from search.cli import run
from search.cli.flags.typer_app import app
from search.output.world import World
from tests.conftest import MODULES, ROOT, USER_FOLDERS

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
DOCUMENTS = [ENGLISH, CHINESE, *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in DOCUMENTS}

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s{2,}#\s.*$")
STATUS = re.compile(r"(?:status|状态) (\d+)")
SET_UP = re.compile(r"python3 -m venv |pip install ")
INTERACTIVE = re.compile(r"\bvim\b")
PROGRAMS = ("jq", "awk", "xargs", "cut", "uniq", "grep", "sed")
SHELL = re.compile(r"[|<>&;$~*\"`\\()]|^\w+=")
SECONDS = re.compile(r"\d+\.\d+ s\b")


@dataclass
class Step:
    """A command, the status it should exit with, and the lines shown below it."""

    command: str
    status: int = 0
    shown: list[str] = field(default_factory=list)


def steps(kind: str, block: str) -> list[Step]:
    """Return the commands of a block."""
    out: list[Step] = []
    for line in block.splitlines():
        if kind == "sh" or line.startswith("$ "):
            comment = COMMENT.search(line)
            status = STATUS.search(comment[0]) if comment else None
            command = COMMENT.sub("", line).removeprefix("$ ").strip()
            if command:
                out.append(Step(command, int(status[1]) if status else 0))
        else:
            out[-1].shown.append(line)
    return out


def scripts() -> Iterator[object]:
    """Return the blocks of commands of all documents, each different one once."""
    seen = []
    for name, text in TEXTS.items():
        for match in FENCE.finditer(text):
            if match[1] not in {"sh", "console"}:
                continue
            script = steps(match[1], match[2])
            if script not in seen:
                seen.append(script)
                line = text.count("\n", 0, match.start()) + 1
                yield pytest.param(script, id=f"{name}:{line}")


@dataclass(frozen=True)
class Place:
    """A folder to run commands in, and the environment of those that need a shell."""

    folder: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A copy of the corpus, indexed; a home with papers in it; and `sou` on PATH."""
    top = tmp_path_factory.mktemp("docs")
    folder, home, programs = top / "sou", top / "home", top / "bin"
    for made in (folder, home, programs):
        made.mkdir()
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    shutil.copytree(ROOT / "corpus" / "青岚报", home / "papers")
    wrapper = programs / "sou"
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m search "$@"\n', "utf-8")
    wrapper.chmod(0o755)
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": MODULES,
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
        **{name: os.environ[name] for name in USER_FOLDERS},
    }
    assert in_process("sou index", folder)[0] == 0
    return Place(folder, environment)


def in_process(command: str, folder: Path) -> tuple[int, str]:
    """Run sou here, on a terminal without colours; return its status and all it prints."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    before = Path.cwd()
    os.chdir(folder)
    try:
        status = run(shlex.split(command)[1:], World(stream, stream, terminal=True, width=80))
    finally:
        os.chdir(before)
    stream.flush()
    return status, stream.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def in_shell(command: str, folder: Path, place: Place) -> tuple[int, str, Path]:
    """Run a command in bash; return its status, all it prints, and the folder it ends in."""
    end = place.folder.parent / "pwd"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}\nstatus=$?; pwd > {end}; exit $status"],
        cwd=folder,
        env=place.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.decode("utf-8"), Path(end.read_text("utf-8").strip())


def missing(command: str) -> bool:
    """Return whether a command needs a program or a library that is not here."""
    if command.startswith("sou eval") and not find_spec("ir_measures"):
        return True
    names = [name for name in PROGRAMS if re.search(rf"\b{name}\b", command)]
    return not all(map(shutil.which, [*names, "bash"]))


def differs(shown: list[str], printed: str) -> str:
    """Return the first line shown that was not printed in its place; nothing if all were."""
    lines = [SECONDS.sub("0 s", line).rstrip() for line in printed.splitlines()]
    at, gap = 0, False
    for raw in shown:
        line = SECONDS.sub("0 s", raw).rstrip()
        if line == "…":
            gap = True
            continue
        start = line.removesuffix("…")
        end = len(lines) if gap else at + 1
        for i in range(at, min(end, len(lines))):
            if lines[i] == line or (start != line and lines[i].startswith(start)):
                at, gap = i + 1, False
                break
        else:
            return raw
    return "" if gap or at == len(lines) else f"nothing, where {lines[at]!r} is printed"


@pytest.mark.parametrize("script", list(scripts()))
def test_commands_do_what_is_written(script: list[Step], place: Place) -> None:
    folder = place.folder
    for step in script:
        if SET_UP.search(step.command) or INTERACTIVE.search(step.command):
            continue
        if missing(step.command):
            continue
        plain = re.sub(r"'[^']*'", "", step.command)
        if step.command.startswith("sou ") and not SHELL.search(plain):
            status, printed = in_process(step.command, folder)
        else:
            status, printed, folder = in_shell(step.command, folder, place)
        assert status == step.status, f"{step.command}\n{printed}"
        if step.shown:
            assert differs(step.shown, printed) == "", f"{step.command}\n{printed}"


def bare(text: str) -> list[tuple[str, str]]:
    """Return the kind and content of each block of a document, without its comments."""
    return [
        (match[1], "\n".join(COMMENT.sub("", line) for line in match[2].splitlines()))
        for match in FENCE.finditer(text)
    ]


def test_both_readmes_show_the_same() -> None:
    english, chinese = TEXTS[ENGLISH], TEXTS[CHINESE]
    assert bare(english) == bare(chinese)
    assert len(bare(english)) > 5
    levels = [re.findall(r"^#+", FENCE.sub("", text), re.MULTILINE) for text in (english, chinese)]
    assert levels[0] == levels[1]
    assert len(levels[0]) > 5
    rows = [len(re.findall(r"^\|", text, re.MULTILINE)) for text in (english, chinese)]
    assert rows[0] == rows[1]


def test_both_halves_of_the_query_language_show_the_same() -> None:
    english, chinese = TEXTS["docs/query.md"].split("\n# 查询语言\n")
    assert bare(english) == bare(chinese)
    assert len(bare(english)) > 2
    assert counted(english) == counted(chinese)
    assert len(counted(english)) > 10


def test_setting_up_is_what_ci_does() -> None:
    commands = [
        step.command
        for kind, block in bare(TEXTS[ENGLISH])
        if kind == "sh"
        for step in steps(kind, block)
        if SET_UP.search(step.command)
    ]
    assert len(commands) == 2
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    script = ci.read_text("utf-8")
    for part in ("-m venv", "pip install -q", "-m pytest"):
        assert part in commands[1]
        assert part in script
    # The same packages, in exact versions: tests/test_requirements.py.
    assert ".[dev]" in commands[1]
    assert "requirements/dev.lock" in script


def counted(text: str) -> list[tuple[str, int]]:
    """Return each query of a table of examples, and how many articles it is said to find."""
    rows = re.findall(r"^\| `(.+?)` \| (\d+) \|", text, re.MULTILINE)
    return [(query.replace("\\|", "|"), int(number)) for query, number in rows]


def test_the_examples_find_as_many_as_they_say(place: Place) -> None:
    examples = counted(TEXTS["docs/query.md"].split("\n# 查询语言\n")[0])
    assert len(examples) > 10
    with open_index(place.folder / "index_data") as index:
        found = [
            (query, index.search(query, partial=False, limit=1).total) for query, _ in examples
        ]
    assert found == examples


def test_the_limits_are_those_that_hold() -> None:
    from search.query import limits

    held = [
        *(limits.LENGTH, limits.DEPTH, limits.CLAUSES, limits.PATTERNS, limits.GAPS),
        *(limits.FUZZY_MOST, limits.NEAR_MOST, limits.SYLLABLES, int(limits.BOOST)),
        *(limits.PLACES, limits.CANDIDATES, int(limits.REGEX_SECONDS)),
        *(limits.REGEX_COST, limits.REGEX_DEPTH, limits.REGEX_TEXT, 1_000, 100_000),
    ]
    for half in TEXTS["docs/query.md"].split("\n# 查询语言\n"):
        table = half[half.rindex("|--:|") :]
        found = re.findall(r"\| ([\d,]+)(?:[,、 ][^|]*)? \|$", table, re.MULTILINE)
        assert [int(number.rstrip(",").replace(",", "")) for number in found] == held


def test_the_python_example_runs(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = [block for kind, block in bare(TEXTS[ENGLISH]) if kind == "python"]
    monkeypatch.chdir(place.folder)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, ENGLISH, "exec"), {})
    assert len(printed.getvalue().splitlines()) == 5


def test_every_option_is_written_about() -> None:
    everything = "\n".join(TEXTS.values())
    group = typer.main.get_command(app())
    commands = {"": group, **group.commands}  # type: ignore[attr-defined]
    unknown = [
        f"sou {name} {param.opts[-1]}"
        for name, command in commands.items()
        for param in command.params
        if param.param_type_name == "option"
        and not any(
            re.search(rf"(?<![\w-]){re.escape(spelling.strip())}(?![\w-])", everything)
            for spelling in [*param.opts, *param.secondary_opts]
            if spelling.strip()
        )
    ]
    assert unknown == []
    assert [name for name in commands if name and f"sou {name}" not in everything] == ["search"]


@pytest.mark.parametrize("name", [*DOCUMENTS, "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [t for t in targets if not ((ROOT / name).parent / t).exists()] == []
