"""The layers inside an engine: the codec knows nothing above it, least of all ranking; readers know
no writers. `tests/test_imports.py` holds the rooms apart, and finds circles.
"""

from __future__ import annotations

import ast

from tests.conftest import ROOT

WHOOSH = "search.engines.whoosh"
CODEC = f"{WHOOSH}.codec"

RANKING = {
    f"{WHOOSH}.{name}"
    for name in (
        "bm25f",
        "boolean",
        "engine",
        "matches",
        "pattern_scoring",
        "rerank",
        "scores",
        "scores_numpy",
        "scores_python",
        "scoring",
        "term_statistics",
    )
}

WRITERS = {
    f"{CODEC}.{name}"
    for name in (
        "container_writer",
        "doc_values",
        "docstore_writer",
        "field_postings",
        "posting_merge",
        "segment_merge",
        "segment_writer",
    )
} | {f"{WHOOSH}.writer", f"{WHOOSH}.workers"}
"""What is needed to write a segment, and for nothing else."""

STARTING = {f"{WHOOSH}.storage", f"{WHOOSH}.whoosh_table"}
"""What opens an index for whoever asks, writers too; and what Whoosh is given when it is written."""


def imports() -> dict[str, set[str]]:
    """Return which modules each module of the engines imports, for types and late ones too."""
    found = {}
    for path in sorted((ROOT / "search" / "engines").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        names = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
                names.add(str(node.module))
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
        found[module] = names - {module}
    return found


IMPORTS = imports()


def test_there_are_such_modules() -> None:
    assert IMPORTS.keys() >= RANKING | WRITERS | STARTING
    assert sum(name.startswith(CODEC + ".") for name in IMPORTS) > 15


def test_the_codec_ranks_nothing() -> None:
    for module, names in IMPORTS.items():
        if module.startswith(CODEC):
            assert not names & RANKING, module


def test_readers_do_not_import_writers() -> None:
    for module, names in IMPORTS.items():
        if module not in WRITERS | STARTING:
            assert not names & WRITERS, module


def test_the_codec_is_below_the_engine() -> None:
    """All it takes from the engine is what Whoosh is, and what Whoosh is told of the fields."""
    above = {name for name in IMPORTS if name.startswith(f"{WHOOSH}.") and CODEC not in name}
    for module, names in IMPORTS.items():
        if module.startswith(CODEC):
            assert names & above <= {f"{WHOOSH}.library", f"{WHOOSH}.schema"}, module
