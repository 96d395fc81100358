"""What is pinned for development and checks is what pyproject.toml asks for, and nothing else."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]
ASKED = {
    "dev": [*PROJECT["project"]["dependencies"], *EXTRAS["dev"]],
    "build": GROUPS["build"],
    "whoosh3": GROUPS["whoosh3"],
}
TEXTS = {name: (ROOT / "requirements" / f"{name}.lock").read_text("utf-8") for name in ASKED}
PYTHONS = ("3.11", "3.12", "3.13")

PINNED = re.compile(
    r"^(\S+==[^\\\n]+?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
DIRECT = re.compile(
    r"^(\S+)==.*\\\n(?:    --hash.*\n)+(?:    #.*\n)*?    #.* sou \(pyproject", re.MULTILINE
)


def pinned(name: str) -> list[Requirement]:
    return [Requirement(line) for line, _ in PINNED.findall(TEXTS[name])]


def place(python: str) -> dict[str, Any]:
    return {**default_environment(), "python_version": python, "python_full_version": f"{python}.0"}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("python", PYTHONS)
def test_what_is_asked_for_is_pinned_in_range(name: str, python: str) -> None:
    here = place(python)
    versions = {
        canonicalize_name(it.name): next(iter(it.specifier)).version
        for it in pinned(name)
        if it.marker is None or it.marker.evaluate(here)
    }
    assert ASKED[name]
    for text in ASKED[name]:
        asked = Requirement(text)
        if asked.marker is None or asked.marker.evaluate(here):
            version = versions.get(canonicalize_name(asked.name))
            assert version, f"{text} is not in requirements/{name}.lock"
            assert asked.specifier.contains(version, prereleases=True), f"{text}: {version}"


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_pinned_that_nobody_asks_for_any_more(name: str) -> None:
    direct = {canonicalize_name(found) for found in DIRECT.findall(TEXTS[name])}
    assert direct == {canonicalize_name(Requirement(text).name) for text in ASKED[name]}


@pytest.mark.parametrize("name", ASKED)
def test_each_line_is_a_version_with_its_digests_from_no_place_in_particular(name: str) -> None:
    rest = re.sub(r"^    #.*\n", "", PINNED.sub("", TEXTS[name]), flags=re.MULTILINE)
    assert rest == ""
    assert "://" not in TEXTS[name]
    for it in pinned(name):
        assert [specifier.operator for specifier in it.specifier] == ["=="], it


def test_the_tests_have_what_every_extra_asks_for() -> None:
    dev = {Requirement(text).name for text in EXTRAS["dev"]}
    assert len(EXTRAS) > 5
    for name, extra in EXTRAS.items():
        assert {Requirement(text).name for text in extra} <= dev, name


def test_the_build_packages_are_those_of_the_build_system() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= set(ASKED["build"])


def test_versions_of_python_are_told_alike_everywhere() -> None:
    classifiers = PROJECT["project"]["classifiers"]
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert [it[-4:] for it in classifiers if "Python :: 3." in it] == list(PYTHONS)
    assert PROJECT["tool"]["mypy"]["python_version"] == PYTHONS[0]
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    for name in ("README.md", "README.zh-CN.md"):
        assert f"Python {PYTHONS[0]}" in (ROOT / name).read_text("utf-8")
