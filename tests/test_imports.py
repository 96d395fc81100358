"""The layout, as ARCHITECTURE.md describes it: rooms, one way between them, no circles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests import syntax
from tests.conftest import ROOT

ROOMS = (
    "model",
    "dates",
    "system",
    "analysis",
    "query",
    "papers",
    "engines",
    "storage",
    "searching",
    "output",
    "indexing",
    "project",
    "api",
    "cli",
    "__main__",
)
"""Each may import from those before it. Not all do: see SIDEWAYS."""

SIDEWAYS = {
    ("papers", "query"),
    ("papers", "analysis"),
    ("storage", "papers"),
    ("searching", "papers"),
    ("searching", "storage"),
    ("output", "engines"),
    ("output", "papers"),
    ("output", "query"),
    ("output", "storage"),
    ("indexing", "searching"),
    ("indexing", "output"),
}
"""Pairs that do not meet, though their order would allow it."""

ALLOWED = {
    # Names of columns and of papers are the same when a text is.
    ("search.papers.field_names", "search.analysis.fold"),
    ("search.papers.pages.page_fields", "search.analysis.fold"),
    ("search.papers.pages.known_papers", "search.analysis.fold"),
    # The encodings are told apart by how frequent a character is, in whichever script.
    ("search.papers.encodings.likelihood", "search.analysis.tables.simplified"),
}

MOST_LINES = 400
FEWEST_LINES = 30


@cache
def modules() -> dict[str, Path]:
    """Return the file of each module of the package."""
    found = {}
    for path in syntax.modules():
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, *, of_ours: bool) -> Iterator[str]:
    """Yield what a module imports anywhere in it, also inside functions and for types only.

    A name of ours is that of a module; of others, of whatever is imported.
    """
    for node in syntax.nodes(path):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name their modules in full"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules() else str(node.module) for name in whole]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name for name in names if (name.split(".")[0] == "search") == of_ours)


@cache
def imports() -> dict[str, set[str]]:
    """Return which modules of ours each module imports."""
    return {name: set(imported(path, of_ours=True)) - {name} for name, path in modules().items()}


def room(module: str) -> str:
    """Return the room of a module: the first name under the package."""
    return module.split(".")[1] if "." in module else "search"


def crossings() -> set[tuple[str, str]]:
    """Return the imports from one room to another."""
    return {
        (module, name)
        for module, names in imports().items()
        for name in names
        if room(module) != room(name)
    }


def test_the_graph_is_read() -> None:
    """What the other tests look through is there: they would hold of nothing too."""
    assert len(modules()) > 150
    assert sum(map(len, imports().values())) > 700
    assert ("search.cli.session", "search.storage.index_folder") in crossings()
    inner = "search.cli.run_build" in imports()["search.cli.run_search"]
    assert inner, "imports inside functions count"
    for_types = "search.engines.port" in imports()["search.cli.run_search"]
    assert for_types, "imports for type checkers count"


def test_every_module_is_in_a_room() -> None:
    rooms = {room(module) for module in modules()} - {"search"}
    assert rooms == set(ROOMS)


def test_rooms_see_only_rooms_before_them() -> None:
    upwards = {
        (module, name)
        for module, name in crossings()
        if module != "search" and ROOMS.index(room(name)) > ROOMS.index(room(module))
    }
    assert upwards == set()


def test_some_rooms_never_meet() -> None:
    met = {pair for pair in crossings() if (room(pair[0]), room(pair[1])) in SIDEWAYS}
    assert met == ALLOWED


def test_no_circles() -> None:
    """Modules can be put in an order in which each imports from those before it alone."""
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as exc:
        pytest.fail(" -> ".join(exc.args[1]))


def test_a_circle_would_be_seen() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({**imports(), "search.model.errors": {"search.cli"}}).prepare()


def test_modules_fit_in_the_head() -> None:
    """None is long; and a short one has several users, or is found by its name."""
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}
    assert {name for name, count in lines.items() if count > MOST_LINES} == set()
    users = {name: {m for m, names in imports().items() if name in names} for name in lines}
    packages = {name for name, path in modules().items() if path.name == "__init__.py"}
    named = ("search.cli.commands.", "search.analysis.tables.", "search.__main__")
    short = {
        name
        for name, count in lines.items()
        if count < FEWEST_LINES and len(users[name]) < 2 and not name.startswith(named)
    }
    assert short - packages == set()


HOMES = {
    "whoosh": "search/engines/whoosh/library.py",
    "jieba": "search/analysis/jieba_loader.py",
    "rjieba": "search/analysis/segment_batch.py",
    "rich": ("search/output/rich_page.py", "search/cli/progress.py"),
    "typer": "search/cli/flags/typer_app.py",
    "ir_measures": "search/searching/evaluation.py",
    "regex": ("search/query/regular_expressions.py", "search/query/chunk.py"),
    "pypinyin": "search/query/pinyin.py",
    "pypdfium2": "search/papers/readers/pdf/pdfium.py",
    "lxml": "search/papers/readers/html/tree.py",
    "zstandard": (
        "search/engines/whoosh/codec/docstore",
        "search/papers/readers/archives.py",
    ),
}
"""Where each foreign library is known."""


def test_foreign_libraries_stay_behind_their_adapters() -> None:
    met = set()
    for path in modules().values():
        for name in imported(path, of_ours=False):
            library = name.split(".")[0]
            if library in HOMES:
                met.add(library)
                assert str(path.relative_to(ROOT)).startswith(HOMES[library]), f"{path}: {name}"
    assert met == set(HOMES)


def test_the_map_names_every_room_and_what_is_in_it() -> None:
    """Every path that ARCHITECTURE.md names is there, and every module that its table names."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = text[text.index("## The map") : text.index("## The path of a page")]
    assert [name for name in ROOMS[:-1] if f"search/{name}" not in table] == []
    named = set(re.findall(r"`((?:search|tests|docs|tools|benchmarks)/[\w./-]+)`", text))
    assert len(named) > 15
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    known = {name.rpartition(".")[2] for name in modules()}
    parts = set(re.findall(r"`(\w+)`", table))
    assert len(parts) > 80
    assert sorted(parts - known - {"tables"}) == []
