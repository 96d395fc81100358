"""The manual pages and the tables in the docs are made from the declarations, and up to date."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from search.cli.flags.definitions import COMMANDS, TOP_LEVEL
from search.cli.flags.help import spelled
from search.model import errors
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def manual() -> ModuleType:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("manual", ROOT / "tools" / "manual.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "manual", module)
        spec.loader.exec_module(module)
    return module


def test_all_is_up_to_date(manual: ModuleType) -> None:
    assert manual.stale() == [], "python tools/manual.py"
    assert len(manual.wanted()) == 6


def test_what_is_out_of_date_is_named(manual: ModuleType, tmp_path: Path) -> None:
    for name in ("docs", "README.md", "README.zh-CN.md", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manual, "ROOT", tmp_path)
        assert manual.stale() == []
        readme = tmp_path / "README.md"
        readme.write_text(readme.read_text("utf-8").replace("| 130 |", "| 131 |"), "utf-8")
        (tmp_path / "docs" / "man" / "sou.1").unlink()
        assert manual.stale() == ["docs/man/sou.1", "README.md"]
        assert manual.main(["--check"]) == 1
        assert manual.main([]) == 0
        assert manual.stale() == []
        assert manual.main(["--check"]) == 0
        readme.write_text(readme.read_text("utf-8").replace("made by", "made for"), "utf-8")
        with pytest.raises(ValueError, match="the tables are"):
            manual.stale()


@pytest.mark.parametrize("name", ["docs/man/sou.1", "docs/man/zh_CN/sou.1"])
def test_a_page_names_every_command_flag_status_and_variable(name: str, manual: ModuleType) -> None:
    text = (ROOT / name).read_text("utf-8")
    flags = [flag for command in COMMANDS for flag in command.flags]
    for flag in (*flags, *TOP_LEVEL):
        assert manual.roff(spelled(flag)) in text
    for command in COMMANDS:
        assert f'.SS "sou {command.name} ' in text
    used = {
        found
        for path in (ROOT / "search").rglob("*.py")
        for found in re.findall(r"\"((?:SOU_|XDG_)[A-Z_]+)\"", path.read_text("utf-8"))
    }
    assert used >= {"SOU_INDEX", "SOU_LIMIT", "SOU_DEBUG", "XDG_STATE_HOME"}
    assert [variable for variable in sorted(used) if variable not in text] == []


def test_the_exit_statuses_are_those_there_are(manual: ModuleType) -> None:
    there = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    assert {int(each.name) for each in manual.STATUSES} == there


@pytest.mark.parametrize("name", ["docs/man/sou.1", "docs/man/zh_CN/sou.1"])
@pytest.mark.parametrize(
    "renderer",
    [
        ["groff", "-K", "utf8", "-man", "-Tutf8", "-ww", "-rLL=78n"],
        ["mandoc", "-T", "lint", "-W", "warning"],
        ["man", "--warnings=w", "-l"],
    ],
    ids=["groff", "mandoc", "man"],
)
def test_pages_are_rendered_without_a_warning(name: str, renderer: list[str]) -> None:
    if not shutil.which(renderer[0]):
        pytest.skip(f"{renderer[0]} is not installed")
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "GROFF_NO_SGR": "1"}
    done = subprocess.run(
        [*renderer, name], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    if renderer[0] == "mandoc":
        assert done.stdout == ""
    else:
        plain = re.sub(".\b", "", done.stdout)
        assert "sou eval" in plain
        assert "130" in plain


def test_the_wheel_installs_the_pages(manual: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {
        "docs/man/sou.1": "share/man/man1/sou.1",
        "docs/man/zh_CN/sou.1": "share/man/zh_CN/man1/sou.1",
    }
    assert shared.keys() == manual.PAGES.keys()
