"""The package as syntax, parsed once for all tests of a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.conftest import ROOT


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def modules() -> tuple[Path, ...]:
    """Return the files of the package."""
    return tuple(sorted((ROOT / "search").rglob("*.py")))
