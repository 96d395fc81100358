"""The documents tell the truth: their commands run, and print what is shown.

A ```sh block holds a command on each line; a ```console block holds commands after `$ ` and
all that they print below them. Behind a command, two spaces and `# status 1` say that it exits
so. In what is printed, a line … stands for a line or more left out, and … at the end of a line
for its rest.
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
from dataclasses import dataclass
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
    """A command, the status it should exit with, and the lines shown below it, if any are."""

    command: str
    status: int = 0
    shown: list[str] | None = None


def steps(kind: str, block: str) -> list[Step]:
    """Return the commands of a block."""
    out: list[Step] = []
    for line in block.splitlines():
        if kind == "sh" or line.startswith("$ "):
            comment = COMMENT.search(line)
            status = STATUS.search(comment[0]) if comment else None
            command = COMMENT.sub("", line).removeprefix("$ ").strip()
            if command:
                shown = None if kind == "sh" else list[str]()
                out.append(Step(command, int(status[1]) if status else 0, shown))
        else:
            shown = out[-1].shown
            assert shown is not None
            shown.append(line)
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
    shutil.copytree(folder / "index_data", top / "samples")  # commands of the docs add to it
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
            at += 1  # a line at least
            continue
        start = line.removesuffix("…")
        end = len(lines) if gap else at + 1
        for i in range(at, min(end, len(lines))):
            if lines[i] == line or (start != line and lines[i].startswith(start)):
                at, gap = i + 1, False
                break
        else:
            return raw
    if at > len(lines):
        return "…, where nothing is printed"
    return "" if gap or at == len(lines) else f"nothing, where {lines[at]!r} is printed"


@pytest.mark.parametrize(
    ("shown", "printed", "holds"),
    [
        ([], "", True),
        ([], "a\n", False),
        (["a"], "", False),
        (["…"], "", False),
        (["…"], "a\n", True),
        (["a", "…"], "a\n", False),
        (["a", "…"], "a\nb\nc\n", True),
        (["a", "…", "c"], "a\nc\n", False),
        (["a", "…", "c"], "a\nb\nc\n", True),
        (["a…"], "ab\n", True),
        (["a…"], "b\n", False),
        (["0.1 s"], "12.00 s\n", True),
        (["a"], "a\nb\n", False),
    ],
)
def test_what_differs_is_noticed(shown: list[str], printed: str, holds: bool) -> None:
    assert (differs(shown, printed) == "") is holds


def test_every_document_for_users_shows_commands_that_are_run() -> None:
    """So that nothing below holds because no command was found."""
    found = [str(one.id).partition(":")[0] for one in scripts()]  # type: ignore[attr-defined]
    assert len(found) > 20
    # What the Chinese README shows is what the English one does, but for the comments.
    assert {*found} >= {
        *(ENGLISH, "docs/commands.md", "docs/exploring.md", "docs/output.md"),
        *("docs/query.md", "docs/sources.md"),
    }


@pytest.mark.parametrize("script", list(scripts()))
def test_commands_do_what_is_written(script: list[Step], place: Place) -> None:
    assert script
    left_out = 0
    folder = place.folder
    for step in script:
        if SET_UP.search(step.command) or INTERACTIVE.search(step.command):
            continue
        if missing(step.command):
            left_out += 1
            continue
        plain = re.sub(r"'[^']*'", "", step.command)
        if step.command.startswith("sou ") and not SHELL.search(plain):
            status, printed = in_process(step.command, folder)
        else:
            status, printed, folder = in_shell(step.command, folder, place)
        assert status == step.status, f"{step.command}\n{printed}"
        if step.shown is not None:
            assert differs(step.shown, printed) == "", f"{step.command}\n{printed}"
    if left_out == len(script):
        pytest.skip("what these commands need is not installed")


def bare(text: str) -> list[tuple[str, str]]:
    """Return the kind and content of each block of a document, without its comments."""
    return [
        (match[1], "\n".join(COMMENT.sub("", line) for line in match[2].splitlines()))
        for match in FENCE.finditer(text)
    ]


def halves(name: str) -> tuple[str, str]:
    """Return the English and the Chinese half of a document."""
    [link] = re.findall(r"^\*\[中文在后半部分\]\(#(.+)\)\*$", TEXTS[name], re.MULTILINE)
    titles = re.findall(r"^#+ [一-鿿].*\n", FENCE.sub("", TEXTS[name]), re.MULTILINE)
    assert re.sub(r"[#，、\s]", "", titles[0]) == link
    english, chinese = TEXTS[name].split(titles[0])
    return english, chinese


@pytest.mark.parametrize(
    ("english", "chinese", "least"),
    [
        pytest.param(TEXTS[ENGLISH], TEXTS[CHINESE], (15, 10, 30), id="README"),
        pytest.param(*halves("docs/query.md"), (3, 7, 60), id="query"),
        pytest.param(*halves("docs/commands.md"), (1, 14, 60), id="commands"),
        pytest.param(*halves("docs/exploring.md"), (6, 6, 5), id="exploring"),
        pytest.param(*halves("docs/sources.md"), (2, 4, 10), id="sources"),
    ],
)
def test_both_languages_show_the_same(
    english: str, chinese: str, least: tuple[int, int, int]
) -> None:
    shown, levels, rows = parts(english)
    for there, few in zip((shown, levels, rows), least, strict=True):
        assert len(there) >= few
    ours = parts(chinese)
    assert without_comments(shown) == without_comments(ours[0])
    assert levels == ours[1]
    assert rows == ours[2]


def parts(text: str) -> tuple[list[tuple[str, str]], list[str], list[int]]:
    """Return the blocks of a document, the levels of its headings, the cells of its tables."""
    plain = FENCE.sub("", text)
    levels = re.findall(r"^##+", plain, re.MULTILINE)
    rows = [len(re.split(r"(?<!\\)\|", row)) for row in re.findall(r"^\|.*", plain, re.MULTILINE)]
    return bare(text), levels, rows


def without_comments(blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return blocks without lines that are remarks in files of settings."""
    return [(kind, re.sub(r"^#.*", "#", block, flags=re.MULTILINE)) for kind, block in blocks]


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
    examples, ours = map(counted, halves("docs/query.md"))
    assert len(examples) > 20
    assert examples == ours
    with open_index(place.folder.parent / "samples") as index:
        found = [
            (query, index.search(query, partial=False, limit=1).total) for query, _ in examples
        ]
    assert found == examples


def test_the_limits_are_those_that_hold() -> None:
    from search.query import limits

    held = [
        *(limits.LENGTH, limits.DEPTH, limits.CLAUSES, limits.PATTERNS, limits.GAPS),
        *(limits.FUZZY_MOST, limits.NEAR_MOST, limits.FUZZY_ARTICLES),
        *(limits.SYLLABLES, int(limits.BOOST)),
        *(limits.PLACES, limits.CANDIDATES, int(limits.REGEX_SECONDS), int(limits.EXACT_SECONDS)),
        *(limits.REGEX_COST, limits.REGEX_DEPTH, limits.REGEX_TEXT, 1_000, 100_000),
    ]
    for half in halves("docs/query.md"):
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
    # In a sentence or an example: that docs/commands.md lists them all is no news.
    everything = "\n".join(text for name, text in TEXTS.items() if name != "docs/commands.md")
    group = typer.main.get_command(app())
    commands = {"": group, **group.commands}  # type: ignore[attr-defined]
    assert sum(len(command.params) for command in commands.values()) > 100
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


LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]+))?\)")


def anchors(text: str) -> set[str]:
    """Return the names by which GitHub lets one link to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("name", [*DOCUMENTS, "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target, anchor in LINK.findall(FENCE.sub("", text)):
        path = (ROOT / name).parent / target if target else ROOT / name
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path.read_text("utf-8")), anchor


def test_there_are_links() -> None:
    links = [link for text in TEXTS.values() for link in LINK.findall(text)]
    assert len(links) > 60
    assert sum(bool(anchor) for _, anchor in links) > 15
