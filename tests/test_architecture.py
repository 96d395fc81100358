"""What ARCHITECTURE.md claims of the code, where a program can tell."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable

from search.storage.state import SCHEMA_VERSION
from tests import syntax
from tests.conftest import ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def places(found: Callable[[ast.AST], bool]) -> set[str]:
    """Return the files of the package in which a piece of syntax is found."""
    return {
        str(path.relative_to(ROOT / "search"))
        for path in syntax.modules()
        if any(map(found, syntax.nodes(path)))
    }


def calls(*names: str) -> Callable[[ast.AST], bool]:
    """Return what finds calls of functions, by the names that they are called by."""
    ends = {name.rpartition(".")[2] for name in names}

    def found(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        last = getattr(node.func, "attr", getattr(node.func, "id", None))
        return last in ends and ast.unparse(node.func) in names  # slow: only of likely ones

    return found


def claims(sentence: str) -> None:
    """See that the text says what is tested: a test of what nobody claims tells nothing."""
    assert sentence in TEXT


def test_errors_become_exit_statuses_in_one_place() -> None:
    claims("`search.cli.exit_status.guarded` is the only place that turns errors into one")
    reads = places(lambda node: isinstance(node, ast.Attribute) and node.attr == "exit_code")
    assert reads == {"cli/exit_status.py"}
    assert places(calls("sys.exit", "exit", "quit")) == {"cli/__init__.py"}
    # Processes that have no exit status that anybody reads.
    workers = {"engines/whoosh/workers.py", "papers/readers/isolation/server.py"}
    assert places(calls("os._exit")) == workers


def test_one_function_folds() -> None:
    claims("**One function folds.**")
    assert places(calls("unicodedata.normalize")) == {
        "analysis/fold.py",
        # Neither compares texts: a running head is recognised, a glyph of a PDF named, and the
        # tones of pinyin are taken off.
        "papers/pages/printed.py",
        "papers/readers/pdf/pdfium.py",
        "query/pinyin.py",
    }
    assert places(lambda node: isinstance(node, ast.Attribute) and node.attr == "casefold") == {
        "analysis/fold.py"
    }


def test_nothing_that_is_read_can_run() -> None:
    claims("**Nothing sou reads from an index is a pickle**")
    modules = {"pickle", "marshal", "shelve", "dill"}

    def imports_one(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            return any(alias.name in modules for alias in node.names)
        return isinstance(node, ast.ImportFrom) and node.module in modules

    # Between the processes of one build, which trust each other.
    assert places(imports_one) == {"engines/whoosh/workers.py"}
    assert places(calls("eval", "exec", "compile")) == set()


def test_output_goes_through_a_world() -> None:
    claims("An output format writes `Results` to a `World`.")
    assert places(calls("print")) == set()


def test_the_format_is_the_one_described() -> None:
    claims("The format is in `docs/index-format.md`.")
    text = (ROOT / "docs" / "index-format.md").read_text("utf-8")
    assert re.findall(r"this page describes version (\d+)", text) == [str(SCHEMA_VERSION)]


def test_no_module_works_when_it_is_imported() -> None:
    """Nor does any part but those that are made of a library load it."""
    code = (
        "import sys, importlib, pkgutil, search\n"
        "names = [m.name for m in pkgutil.walk_packages(search.__path__, 'search.')]\n"
        "names = [n for n in names if '.whoosh.' not in n and not n.endswith(\n"
        "    ('__main__', 'rich_page', 'typer_app', 'pdfium', 'segment_batch', 'fold_batch',\n"
        "     'minhash_batch'))]\n"
        "assert len(names) > 120, names\n"
        "for name in names: importlib.import_module(name)\n"
        "heavy = {'numpy', 'jieba', 'rjieba', 'whoosh', 'typer', 'rich', 'lxml', 'pypdfium2',\n"
        "         'pypinyin', 'ir_measures', 'zstandard', 'regex'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
