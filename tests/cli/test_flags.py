"""Every command line is read as Typer, which shares no code with us, reads it; and quickly."""

from __future__ import annotations

import contextlib
import inspect
import io
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from search.cli import TOP_LEVEL as AT_THE_TOP
from search.cli.commands.sources import _WRITERS
from search.cli.flags import choosing
from search.cli.flags.declaration import NUMBER, PATH, SWITCH, Command
from search.cli.flags.definitions import BY_NAME, COMMANDS, TOP_LEVEL
from search.cli.flags.help import help_of, overview
from search.cli.flags.parse import HelpAsked, Misused, parse, usage
from search.cli.flags.search_flags import Flags
from search.cli.flags.typer_app import app, is_chinese
from search.model.frozen import fields
from search.output.formats import FORMATS
from search.output.world import World
from search.output.wrap import display_width
from tests.cli.running import inside
from tests.conftest import MODULES, examples

NAMES = [*BY_NAME]


def by_typer(command: Command, arguments: list[str]) -> dict[str, Any] | None:
    """Return what Typer gives a command; None where it makes an error, or shows help."""
    got: list[dict[str, Any]] = []

    def keep(_command: object, _world: object, given: dict[str, Any]) -> int:
        got.append(given)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.cli.flags.typer_app.carry_out", keep)
        patch.delenv("SOU_INDEX", raising=False)
        quiet = io.StringIO()
        patch.setattr("sys.stdout", quiet)
        patch.setattr("sys.stderr", quiet)
        with contextlib.suppress(SystemExit):
            made = typer.main.get_command(app())
            made.main([command.name, *arguments], prog_name="sou", obj=World(quiet, quiet))
    if not got:
        return None
    lists = {argument.name for argument in command.arguments if argument.many}
    return {k: v or [] if k in lists else v for k, v in got[0].items()}


def by_us(command: Command, arguments: list[str]) -> dict[str, Any] | None:
    try:
        return parse(command, arguments, {})
    except (Misused, HelpAsked):
        return None


@st.composite
def command_lines(draw: st.DrawFn) -> tuple[Command, list[str]]:
    """Flags of a command in all ways in which they can be written, with words in between."""
    command = draw(st.sampled_from(COMMANDS))
    word = st.sampled_from(["桥", "志愿服务", "5", "0", "a", "-", "--", "date", "", "a=b"])
    arguments: list[str] = []
    # Typer forgives a wrong value that another one overrules; we do not.
    some = st.lists(st.sampled_from(command.flags or (None,)), max_size=5, unique=True)
    for flag in filter(None, draw(some)):
        name = draw(st.sampled_from(flag.names))
        values = ["-x", "--no", "-5", "", "-date"]
        if flag.choices:
            values = [*flag.choices, "other"]
        elif flag.kind == NUMBER:
            values = ["0", "7", "1", "x", "-1", "007", "+3"]
        value = draw(st.sampled_from(values))
        if flag.kind == SWITCH:
            more = draw(
                st.sampled_from([[name], [name], [f"{name}=1"], [f"{name}x"], [flag.off or name]])
            )
        else:
            joined = f"{name}={value}" if name.startswith("--") else f"{name}{value}"
            more = draw(st.sampled_from([[name, value], [name, value], [joined], [name]]))
        arguments += [*draw(st.lists(word, max_size=1)), *more]
    needed = sum(argument.needed for argument in command.arguments)
    arguments += draw(st.lists(word, min_size=needed, max_size=3))
    return command, arguments


def is_not(command: Command, argument: str) -> bool:
    """Whether an argument is what is not to be found, which Typer knows nothing of."""
    return command.asking and argument[:1] == "-" and argument[1:2] not in {"", "-"}


@settings(max_examples=examples(300), deadline=None)
@given(command_lines())
def test_all_is_read_as_typer_reads_it(line: tuple[Command, list[str]]) -> None:
    command, arguments = line
    ours = by_us(command, arguments)
    if any("x" in one for one in arguments if is_not(command, one)):
        return  # `-lx`, `-nx`: an error for Typer, as for us, or else an excluded word
    assert ours == by_typer(command, arguments)


def test_enough_of_that_is_read_without_an_error() -> None:
    """So that the test above does not hold because nothing is ever read."""
    seen = dict.fromkeys(NAMES, 0)

    @settings(max_examples=200, deadline=None, database=None)
    @given(command_lines())
    def count(line: tuple[Command, list[str]]) -> None:
        seen[line[0].name] += by_us(*line) is not None

    count()
    assert sum(seen.values()) > 50, seen


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_functions_take_what_is_declared(command: Command) -> None:
    module, _, name = command.function.partition(":")
    taken = inspect.signature(getattr(import_module(module), name)).parameters
    declared = {one.name for one in (*command.arguments, *command.flags)}
    by_name = {n for n, p in taken.items() if p.kind == p.KEYWORD_ONLY}
    assert by_name <= declared
    if any(p.kind == p.VAR_KEYWORD for p in taken.values()):
        assert declared - by_name <= fields(Flags()).keys()
    else:
        assert declared == by_name


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_all_is_explained_in_both_languages(command: Command) -> None:
    for one in (command, *command.arguments, *command.flags, *TOP_LEVEL):
        assert one.help.endswith("."), one.name
        assert "一" <= one.chinese[0] <= "鿿", one.name
        assert one.chinese.endswith("。"), one.name
    names = [name for flag in command.flags for name in flag.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("chinese", [False, True], ids=["english", "chinese"])
@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_help_names_all_and_fits_the_terminal(command: Command, chinese: bool) -> None:
    shown = help_of(command, 80, chinese=chinese)
    for flag in command.flags:
        for name in (*flag.names, flag.off):
            assert name in shown
        for text in (*flag.choices, flag.environ):
            assert text in shown
    for argument in command.arguments:
        assert f"  {argument.shown}" in shown
    assert all(display_width(line) <= 80 for line in shown.splitlines())
    languages = {"Usage: ", "Options:", "用法：", "选项："}
    assert {word for word in languages if word in shown} == (
        {"用法：", "选项："} if chinese else {"Usage: ", "Options:"}
    )


@pytest.mark.parametrize("chinese", [False, True], ids=["english", "chinese"])
def test_the_overview_names_every_command_and_what_typer_knows_without_one(chinese: bool) -> None:
    shown = overview(80, chinese=chinese)
    assert [name for name in NAMES if f"\n  {name} " not in shown] == []
    assert all(display_width(line) <= 80 for line in shown.splitlines())
    group = typer.main.get_command(app())
    known = {name for param in group.get_params(typer.Context(group)) for name in param.opts}
    known.add("-h")  # which it knows by its settings
    assert known == {name for flag in TOP_LEVEL for name in flag.names}
    assert known == set(AT_THE_TOP)
    assert [name for name in known if name not in shown] == []


# As the docs print it.


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--sort", "-date"], "2024"),
        (["--sort=-date"], "2024"),
        (["--sort", "date"], "1987"),
    ],
)
def test_hits_come_in_the_order_asked_for(dated: Path, arguments: list[str], first: str) -> None:
    for words in (["望澜桥", *arguments], [*arguments, "望澜桥"], ["list", *arguments]):
        done = inside(*words, "-l", cwd=dated)
        assert (done.status, done.err) == (0, "")
        lines = done.out.splitlines()
        assert len(lines) == 3
        assert lines[0] == f"corpus/{first}.txt"


@pytest.fixture
def dated(tmp_path: Path) -> Path:
    for year in (1987, 2024, 2001):
        path = tmp_path / "corpus" / f"{year}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"青岚日报 {year}年5月4日\n\n望澜桥修缮\n\n本报讯 望澜桥开始修缮。\n", "utf-8"
        )
    assert inside("index", "corpus", cwd=tmp_path).status == 0
    return tmp_path


@pytest.mark.parametrize("flag", ["--path", "--paper", "--author", "--since"])
def test_a_value_is_a_value_whatever_it_begins_with(flag: str) -> None:
    name = BY_NAME["search"]
    given = parse(name, ["桥", flag, "-旅游", "-旅游"], {})
    assert given["query"] == ["桥", "－旅游"]
    assert "-旅游" in str(given[flag[2:]])


@pytest.mark.parametrize("command", ["search", "terms"])
@pytest.mark.parametrize(
    "word", ["-旅游", '-"夜市"', "-title:桥", "-PPT", "-5G", "-author：林", "-*桥", "-date:2023"]
)
def test_what_is_not_to_be_found_is_no_flag(command: str, word: str) -> None:
    assert parse(BY_NAME[command], ["桥", word], {})["query"] == ["桥", "－" + word[1:]]
    assert parse(BY_NAME[command], ["--", "桥", word], {})["query"] == ["桥", word]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["桥", "--limti", "5"], "no option --limti\n     did you mean --limit"),
        (["桥", "-n"], "-n needs a value"),
        (["桥", "-nfive"], "-n five: not a whole number"),
        (["桥", "-n", "-1"], "-n -1: it must be 0 or more"),
        (["桥", "-n", "9" * 5000], "not a whole number"),
        (
            ["桥", "--sort", "size"],
            "--sort size: it must be one of relevance, recent, date, -date, title",
        ),
        (["桥", "--any=yes"], "--any takes no value"),
        (["桥", "-lq"], "no option -q"),
        (["show"], "ID is missing"),
        (["status", "now"], "unexpected argument: now"),
    ],
)
def test_a_mistake_is_said_with_what_is_right(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = inside(*arguments, cwd=tmp_path)
    assert done.status == 2
    assert done.out == ""
    assert said in done.err
    assert done.err.startswith("Usage: sou ")


def test_usage_is_as_typer_writes_it_but_for_its_own_marks() -> None:
    assert usage(BY_NAME["search"]) == "Usage: sou search [OPTIONS] [QUERY]..."
    assert usage(BY_NAME["batch"]) == "Usage: sou batch [OPTIONS] FILE"
    assert usage(BY_NAME["eval"]) == "Usage: sou eval [OPTIONS] [FILE] [QRELS]"


def test_the_index_may_come_from_the_environment() -> None:
    environ = {"SOU_INDEX": "elsewhere"}
    assert parse(BY_NAME["status"], [], environ)["index"] == Path("elsewhere")
    assert parse(BY_NAME["status"], ["--index", "x"], environ)["index"] == Path("x")
    assert parse(BY_NAME["status"], [], {"SOU_INDEX": ""})["index"] is None


@pytest.mark.parametrize("arguments", [["-h"], ["show", "-h"], ["index", "corpus", "--help"]])
def test_help_asks_for_nothing_else(tmp_path: Path, arguments: list[str]) -> None:
    done = inside(*arguments, cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Usage: sou ")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, False),
        ({"LC_MESSAGES": "zh_TW", "LANG": "de"}, True),
        ({}, False),
    ],
)
def test_the_language_of_help_is_that_of_the_locale(environ: dict[str, str], chinese: bool) -> None:
    assert is_chinese(environ) is chinese


HEAVY = {"jieba", "rjieba", "whoosh", "numpy", "typer", "rich", "pydantic", "inspect"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["-l", "志愿服务"],
        ["志愿服务", "--since", "2020", "-n5", "--sort", "-date", "-l"],
        ["list", "--paper", "青岚", "-c"],
        ["status"],
    ],
    ids=["search", "flags", "list", "status"],
)
def test_a_command_loads_only_what_it_needs(archive: Path, arguments: list[str]) -> None:
    code = (
        f"import sys\nfrom search.cli import main\nsys.argv = ['sou', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as exc:\n    assert exc.code == 0\n"
        f"heavy = {HEAVY!r}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=archive,
        env={"PYTHONPATH": MODULES, "HOME": str(Path.home()), "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_paths_and_numbers_are_what_functions_expect() -> None:
    for command in COMMANDS:
        for flag in command.flags:
            if flag.kind in {NUMBER, PATH} and not flag.choices:
                name = flag.names[0]
                words = ["a"] * sum(argument.needed for argument in command.arguments)
                [value] = [parse(command, [*words, name, "7"], {})[flag.name]]
                value = value[0] if flag.many else value
                assert value == (7 if flag.kind == NUMBER else Path("7"))


def test_what_can_be_chosen_is_what_there_is() -> None:
    from typing import get_args

    from search.engines.port import Sort
    from search.model.facets import FACETS as THERE

    assert {*choosing.FORMATS, "count"} == set(FORMATS)
    assert choosing.FACETS == THERE
    assert {*choosing.SORTS} == set(get_args(Sort))
    [shown] = [flag for flag in BY_NAME["sources"].flags if flag.name == "format_"]
    assert set(shown.choices) == set(_WRITERS)
