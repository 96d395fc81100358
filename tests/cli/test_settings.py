"""Settings: which index, which corpus, which limits, and by whose word."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search.model.errors import RequestError
from search.project.settings import Settings, load
from tests.cli.running import inside, sou
from tests.conftest import MODULES, ROOT, USER_FOLDERS


def paper(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        text = f"望澜桥{name}\n\n本报讯(记者 俞白)望澜桥{name}。\n"
        (folder / f"{name}.txt").write_text(text, "utf-8")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder with an index of one paper that is found by itself, and elsewhere one of two."""
    paper(tmp_path / "home" / "corpus", "甲")
    paper(tmp_path / "other" / "papers", "乙", "丙")
    assert inside("index", "corpus", cwd=tmp_path / "home").status == 0
    assert inside("index", "papers", cwd=tmp_path / "other").status == 0
    return tmp_path


def test_the_environment_names_the_index(two: Path) -> None:
    home, other = two / "home", two / "other" / "index_data"
    assert sou("望澜桥", "-c", cwd=home).out == "1\n"
    for value in (str(other), "../other/index_data"):
        env = {"SOU_INDEX": value}
        assert sou("望澜桥", "-c", cwd=home, env=env).out == "2\n"
        assert sou("list", "-c", cwd=home, env=env).out == "2\n"
        assert sou("望澜桥", "-c", "--index", "index_data", cwd=home, env=env).out == "1\n"
    assert sou("望澜桥", "-c", cwd=home, env={"SOU_INDEX": ""}).out == "1\n"
    done = sou("望澜桥", "-c", cwd=home, env={"SOU_INDEX": "../nowhere/i"})
    assert (done.status, done.out) == (3, "")
    assert "/nowhere/i\n" in done.err


def test_an_index_that_the_environment_names_is_named(tmp_path: Path) -> None:
    found = load(None, tmp_path, {"SOU_INDEX": "elsewhere"})
    assert (found.index, found.named) == (tmp_path / "elsewhere", True)
    assert load(Path("x"), tmp_path, {"SOU_INDEX": "elsewhere"}).index == tmp_path / "x"
    for environ in ({}, {"SOU_INDEX": ""}):
        found = load(None, tmp_path, environ)
        assert (found.index, found.named) == (tmp_path / "index_data", False)
    found = load(None, tmp_path, {"SOU_INDEX": str(tmp_path / "a")})
    assert found.index == tmp_path / "a"
    assert found.corpus == ((tmp_path / "corpus", "corpus"),)  # beside the index


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert load(None, tmp_path, {}) == Settings(
        tmp_path / "index_data",
        ((tmp_path / "corpus", "corpus"),),
        limit=10,
        max_page_mb=16.0,
        max_record_mb=8.0,
        synonyms=tmp_path / "synonyms.txt",
        words=tmp_path / "words.txt",
        corrections=tmp_path / "corrections",
        named=False,
        project=(tmp_path,),
        note="",
    )


def test_what_sou_toml_says_holds_below_it(tmp_path: Path) -> None:
    (tmp_path / "sou.toml").write_text(
        'index = "my/index"\ncorpus = ["a", "b"]\nlimit = 3\nsynonyms = "s.txt"\n'
        'words = "w.txt"\ncorrections = "c"\nmax_page_mb = 1.5\nmax_record_mb = 2\n',
        "utf-8",
    )
    below = tmp_path / "x" / "y"
    below.mkdir(parents=True)
    assert load(None, below, {}) == Settings(
        tmp_path / "my" / "index",
        ((tmp_path / "a", "a"), (tmp_path / "b", "b")),
        limit=3,
        max_page_mb=1.5,
        max_record_mb=2,
        synonyms=tmp_path / "s.txt",
        words=tmp_path / "w.txt",
        corrections=tmp_path / "c",
        named=False,
        project=(tmp_path,),
        note="",
    )
    found = load(None, below, {"SOU_LIMIT": "7", "SOU_INDEX": "z"})
    assert (found.limit, found.index, found.named) == (7, below / "z", True)
    assert found.project == (tmp_path, below)
    assert found.corpus[0] == (tmp_path / "a", "a")
    (below / "sou.toml").write_text("", "utf-8")  # the nearest counts
    assert load(None, below, {}).limit == 10


def test_an_index_above_is_found_and_a_folder_without_one_passed_by(tmp_path: Path) -> None:
    below = tmp_path / "x" / "y"
    below.mkdir(parents=True)
    (tmp_path / "index_data").mkdir()
    (tmp_path / "index_data" / "sou.json").touch()
    (tmp_path / "x" / "index_data").mkdir()
    found = load(None, below, {})
    assert found.index == tmp_path / "index_data"
    assert found.corpus == ((tmp_path / "corpus", "corpus"),)


@pytest.mark.parametrize(
    "text",
    [
        "limit = true",
        'limit = "3"',
        "limit = -1",
        f"limit = {(1 << 30) + 1}",
        "max_page_mb = 40.5",
        "max_record_mb = 41",
        "corpus = [1]",
        'index = "a\\u0000b"',
        "colour = 1",
        "limit",
    ],
)
def test_what_is_no_setting_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "sou.toml").write_text(text, "utf-8")
    with pytest.raises(RequestError, match=r"sou\.toml"):
        load(None, tmp_path, {})


@pytest.mark.parametrize("text", [f"limit = {1 << 30}", "max_page_mb = 40", "limit = 0"])
def test_the_most_is_allowed(text: str, tmp_path: Path) -> None:
    (tmp_path / "sou.toml").write_text(text, "utf-8")
    name, value = text.split(" = ")
    assert getattr(load(None, tmp_path, {}), name) == int(value)


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "1234567890", "³"])
def test_a_limit_of_the_environment_is_a_number(value: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="SOU_LIMIT"):
        load(None, tmp_path, {"SOU_LIMIT": value})
    assert load(None, tmp_path, {"SOU_LIMIT": "123456789"}).limit == 123456789


# No test sees what lies above the folder in which all tests work.


def test_nothing_is_found_above_the_tests(tmp_path: Path) -> None:
    """The one that is run below a folder that is full of traps, by the next."""
    found = load(None, tmp_path, {})
    assert (found.index, found.limit) == (tmp_path / "index_data", 10)
    assert found.corpus == ((tmp_path / "corpus", "corpus"),)
    assert found.synonyms == tmp_path / "synonyms.txt"
    for run in (inside, sou):
        done = run("望澜桥", cwd=tmp_path)
        assert (done.status, done.out) == (3, ""), done
        assert "no index in " in done.err
    paper(tmp_path / "corpus", "丁", "戊")
    for run in (inside, sou):
        done = run("望澜桥", "-l", cwd=tmp_path)
        assert (done.status, sorted(done.out.split())) == (0, ["corpus/丁.txt", "corpus/戊.txt"])
        shutil.rmtree(tmp_path / "index_data")


@pytest.mark.parametrize("trap", ["sou.toml", "index_data"])
def test_traps_above_the_tests_catch_nobody(trap: str, two: Path) -> None:
    home = two / "home"
    text = 'limit = 1\nindex = "index_data"\n' if trap == "sou.toml" else "limit = 9\n"
    (home / "sou.toml").write_text(text, "utf-8")  # the nearest, whatever is above the tests
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    command += [
        f"--basetemp={home / 'tests'}",
        f"{__file__}::{test_nothing_is_found_above_the_tests.__name__}",
    ]
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", *USER_FOLDERS) if name in os.environ
    }
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 passed" in done.stdout
    # The traps are some: a process without the tests' modules goes into them.
    (home / "tests" / "x").mkdir()
    for modules, found in ((str(ROOT), "甲"), (MODULES, "")):
        done = subprocess.run(
            [sys.executable, "-m", "search", "望澜桥", "-l"],
            cwd=home / "tests" / "x",
            env={**kept, "PYTHONPATH": modules},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, found in done.stdout) == (0 if found else 3, True)
