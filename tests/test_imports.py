"""Imports point one way: cli, use cases, engines and formats and papers, text and models."""

from __future__ import annotations

import ast

from tests.conftest import ROOT

LAYERS = [
    {
        "search.model.article",
        "search.model.errors",
        "search.model.facets",
        "search.model.results",
        "search",
    },
    {"search.system.module_path"},
    {"search.system.processes"},
    {"search.analysis"},
    {"search.query"},
    {"search.papers"},
    {"search.engines.port"},
    {"search.engines.collapse"},
    {"search.engines.reference"},
    {"search.engines.whoosh"},
    {"search.engines"},
    {"search.output"},
    {"search.cli.trust.ownership", "search.system.user_file"},
    {
        "search.storage.commit",
        "search.storage.index_folder",
        "search.cli.settings",
        "search.searching.snippets",
        "search.searching.synonyms",
        "search.searching.user_words",
    },
    {"search.searching.keywords"},
    {"search.output.keyword_tables"},
    {
        "search.indexing.update",
        "search.indexing",
        "search.searching.search",
        "search.indexing.check",
        "search.searching.evaluation",
    },
    {
        "search.searching.more_like_this",
        "search.searching.suggest",
        "search.searching.empty_filters",
        "search.searching.continuations",
    },
    {"search.api"},
    {"search.cli"},
    {"search.__main__"},
]
SIDEWAYS = {("search.papers", "search.query"), ("search.output", "search.engines")}
"""Pairs that may not see each other, though the order of the layers would allow it."""


def layer(module: str) -> int:
    """Return the number of the layer of a module, by the longest name that fits."""
    fits = [
        (len(name), number)
        for number, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(name + ".")
    ]
    return max(fits)[1]


def imports() -> list[tuple[str, str]]:
    out = []
    for path in sorted((ROOT / "search").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            out += [(module, name) for name in names if name.split(".")[0] == "search"]
    return out


def test_imports_point_down() -> None:
    upwards = [
        (module, name)
        for module, name in imports()
        if module != "search" and layer(name) > layer(module)
    ]
    assert upwards == []


def test_some_never_meet() -> None:
    met = [
        (module, name)
        for module, name in imports()
        for one, other in SIDEWAYS
        if module.startswith(one) and name.startswith(other)
    ]
    assert met == []


def test_foreign_libraries_stay_behind_their_adapters() -> None:
    homes = {
        "whoosh": "search/engines/whoosh/library.py",
        "jieba": "search/analysis/jieba_loader.py",
        "rich": ("search/output/rich_page.py", "search/cli/progress.py"),
        "typer": "search/cli",
        "ir_measures": "search/searching/evaluation.py",
        "regex": ("search/query/regular_expressions.py", "search/query/chunk.py"),
        "pypinyin": "search/query/pinyin.py",
        "pypdfium2": "search/papers/readers/pdf/pdfium.py",
        "lxml": "search/papers/readers/html/tree.py",
    }
    for path in sorted((ROOT / "search").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                home = homes.get(name.split(".")[0])
                if home:
                    assert str(path.relative_to(ROOT)).startswith(home), f"{path}: {name}"
