"""Do the tests notice when a module is wrong? Mutate it, and run the tests that belong to it.

    python tools/mutation.py --module boolean --sample 25

makes small mistakes in the modules of a group, one at a time: `<` becomes `<=`, a call is left
out, a number is one more. A mutant is killed when a test fails or needs far more time than
before. One that survives is a mistake that no test notices: either a test is missing, or the
mistake makes no difference. It is run by hand: all mutants of a group take hours.

The tree is copied and only the copy is changed, so nothing is left broken whatever happens. The
copy has an environment of its own, through which every process of the tests finds `search` in
the copy, also those that sou starts itself, which take no PYTHONPATH. Unix only.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Group:
    """Modules that belong together, and the tests of them, the quickest first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS = {
    "boolean": Group(
        ("search/engines/whoosh/boolean.py",),
        (
            "tests/engines/test_naive.py",
            "tests/engines/test_patterns.py",
            "tests/engines/test_contract.py",
        ),
    ),
    "scoring": Group(
        (
            "search/engines/whoosh/bm25f.py",
            "search/engines/whoosh/scores_numpy.py",
            "search/engines/whoosh/scores_python.py",
        ),
        (
            "tests/engines/test_scores.py",
            "tests/engines/test_naive.py",
            "tests/engines/test_ranking.py",
            "tests/engines/test_contract.py",
        ),
    ),
    "parser": Group(
        ("search/query/parser.py", "search/query/chunk.py", "search/query/lexer.py"),
        ("tests/query",),
    ),
    "postings": Group(
        (
            "search/engines/whoosh/codec/posting_lists.py",
            "search/engines/whoosh/codec/postings_python.py",
            "search/engines/whoosh/codec/postings_numpy.py",
        ),
        ("tests/engines/test_postings.py", "tests/engines/test_codec.py"),
    ),
    "copies": Group(
        ("search/engines/collapse.py", "search/analysis/minhash.py"),
        (
            "tests/analysis/test_same_text.py",
            "tests/analysis/test_minhash.py",
            "tests/engines/test_naive.py",
        ),
    ),
    "snippets": Group(("search/searching/snippets.py",), ("tests/searching/test_snippets.py",)),
    "grouping": Group(
        (
            "search/papers/pages/grouping.py",
            "search/papers/pages/captions.py",
            "search/papers/pages/sections.py",
            "search/papers/pages/unit.py",
        ),
        (
            "tests/papers/test_grouping.py",
            "tests/papers/test_continuation.py",
            "tests/papers/test_pages.py",
        ),
    ),
    "folder": Group(
        (
            "search/storage/index_folder.py",
            "search/storage/state.py",
            "search/storage/privacy.py",
            "search/storage/commit.py",
        ),
        (
            "tests/reliability/test_first.py",
            "tests/reliability/test_order.py",
            "tests/indexing/test_update.py",
            "tests/storage/test_index_folder.py",
            "tests/reliability/test_losses.py",
            "tests/security/test_index_folder.py",
        ),
    ),
    "plan": Group(
        ("search/indexing/plan.py",),
        (
            "tests/indexing/test_plan.py",
            "tests/indexing/test_sources.py",
            "tests/cli/test_sources.py",
        ),
    ),
}
"""The modules that can be mutated. The one place to change when a module or a test moves."""


# The mutants of a module.


@dataclass(frozen=True)
class Mutant:
    """A mistake in a module: the bytes from `start` to `end` replaced by `new`."""

    module: str
    line: int
    kind: str
    start: int
    end: int
    new: str

    def of(self, source: bytes) -> bytes:
        """Return the module with the mistake."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def diff(self, source: bytes) -> str:
        """Return the lines that differ, as they were and as they are."""
        before, after = source.decode().split("\n"), self.of(source).decode().split("\n")
        while before and after and before[-1] == after[-1]:
            del before[-1], after[-1]
        first = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
        return "\n".join(
            [*(f"- {line}" for line in before[first:]), *(f"+ {line}" for line in after[first:])]
        )


COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_TWINS = (
    ("min", "max"),
    ("any", "all"),
    ("bisect_left", "bisect_right"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("union", "intersection"),
    ("union1d", "intersect1d"),
    ("issubset", "issuperset"),
    ("startswith", "endswith"),
    ("find", "rfind"),
    ("lstrip", "rstrip"),
    ("removeprefix", "removesuffix"),
)
NAMES = {a: b for pair in _TWINS for a, b in (pair, pair[::-1])}
"""Functions and methods, and those that are called in their place."""

DEFAULTS = {"bool": ("True", "False"), "int": ("0",), "float": ("0.0",), "str": ("''",)} | {
    kind: (f"{kind}()",) for kind in ("list", "tuple", "dict", "set", "frozenset")
}
"""What a function returns by default, by the type that it says it returns."""

SEQUENCES = (ast.List, ast.Tuple, ast.JoinedStr)


class Finder(ast.NodeVisitor):
    """Gathers the mutants of a module.

    What is left alone changes nothing that a program does (docstrings, annotations, what is for
    type checkers, assertions), or only what it tells (the messages of exceptions).
    """

    def __init__(self, module: str, source: bytes) -> None:
        self.module = module
        self.found: list[Mutant] = []
        self._returns: list[str] = [""]
        self._starts = [0]
        for line in source.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def _offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _replace(self, node: Any, kind: str, new: str) -> None:
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno, node.end_col_offset)
        self.found.append(Mutant(self.module, node.lineno, kind, start, end, new))

    def _changed(self, node: ast.expr, kind: str, **fields: Any) -> None:
        other = copy.copy(node)
        for name, value in fields.items():
            setattr(other, name, value)
        self._replace(node, kind, f"({ast.unparse(other)})")

    def _all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # What is passed over.

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Neither annotations nor decorators."""
        self._all([*node.args.defaults, *node.args.kw_defaults])
        self._returns.append(ast.unparse(node.returns) if node.returns else "")
        self._all(node.body)
        self._returns.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Only the body."""
        self._all(node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Only the value."""
        self._all([node.value])

    def visit_Raise(self, node: ast.Raise) -> None:
        """Not what is raised: mostly it is a message."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Not at all: assertions narrow types."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Not at all: places inside of them are wrong before Python 3.12."""

    def visit_MatchValue(self, node: ast.MatchValue) -> None:
        """Not at all: a pattern takes no expression."""

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        """Not at all."""

    # Statements.

    def visit_If(self, node: ast.If) -> None:
        """The test turned round."""
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self._condition(node.test)
            self._all(node.body)
        self._all(node.orelse)

    def visit_While(self, node: ast.While) -> None:
        """The test turned round."""
        self._condition(node.test)
        self._all([*node.body, *node.orelse])

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """The test turned round."""
        self._condition(node.test)
        self._all([node.body, node.orelse])

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """The tests turned round."""
        self.visit(node.iter)
        for test in node.ifs:
            self._condition(test)

    def visit_match_case(self, node: ast.match_case) -> None:
        """The guard turned round."""
        if node.guard:
            self._condition(node.guard)
        self._all(node.body)

    def _condition(self, test: ast.expr) -> None:
        single = isinstance(test, ast.Compare) and not isinstance(test.ops[0], ORDERS)
        fixed = isinstance(test, ast.Constant)
        if not single and not fixed and not isinstance(test, ast.UnaryOp):
            self._replace(test, "condition", f"(not ({ast.unparse(test)}))")
        self.visit(test)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call that is a statement, left out; what a generator yields, too."""
        if isinstance(node.value, ast.Constant):
            return  # a docstring
        if isinstance(node.value, ast.Call):
            self._replace(node, "call dropped", "pass")
        elif isinstance(node.value, ast.Yield | ast.YieldFrom):
            self._replace(node, "yield dropped", "yield from ()")
        self.visit(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        """A default in place of what is returned."""
        if node.value is None:
            return
        said = self._returns[-1]
        plain = said.partition("[")[0]
        for new in DEFAULTS.get(plain, ("None",)):
            if new != ast.unparse(node.value):
                self._replace(node.value, "return", new)
        self.visit(node.value)

    def visit_Break(self, node: ast.Break) -> None:
        """Go on."""
        self._replace(node, "break", "continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        """Stop."""
        self._replace(node, "continue", "break")

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """The other operator."""
        if (new := OPERATORS.get(type(node.op))) and not isinstance(node.value, SEQUENCES):
            self._replace(
                node, "operator", ast.unparse(ast.AugAssign(node.target, new(), node.value))
            )
        self.visit(node.value)

    # Expressions.

    def visit_Compare(self, node: ast.Compare) -> None:
        """Each comparison."""
        for number, operator in enumerate(node.ops):
            ops = [*node.ops]
            ops[number] = COMPARISONS[type(operator)]()
            self._changed(node, "comparison", ops=ops)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """`and` for `or`."""
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self._changed(node, "and/or", op=other)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """The other operator, where both sides can be numbers or sets."""
        sides = (node.left, node.right)
        text = any(
            isinstance(side, SEQUENCES)
            or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
            for side in sides
        )
        if (new := OPERATORS.get(type(node.op))) and not text:
            self._changed(node, "operator", op=new())
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Left out."""
        if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
            self._replace(node, "unary", f"({ast.unparse(node.operand)})")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Numbers by one or by a quarter, names with something added; no sentences."""
        value = node.value
        if isinstance(value, bool):
            self._replace(node, "constant", str(not value))
        elif isinstance(value, int):
            for other in {value + 1, max(value - 1, 0)} - {value}:
                self._replace(node, "constant", f"({other})" if other < 0 else str(other))
        elif isinstance(value, float):
            self._replace(node, "constant", repr(value * 1.25 or 1.0))
        elif isinstance(value, str) and " " not in value.strip():
            self._replace(node, "constant", repr(value + "x"))

    def visit_Name(self, node: ast.Name) -> None:
        """The other function."""
        if node.id in NAMES:
            self._replace(node, "function", NAMES[node.id])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """The other method."""
        if node.attr in NAMES:
            self._replace(node, "function", f"{ast.unparse(node.value)}.{NAMES[node.attr]}")
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """How is sorted, left out."""
        for number, keyword in enumerate(node.keywords):
            if keyword.arg in {"key", "reverse"}:
                rest = node.keywords[:number] + node.keywords[number + 1 :]
                self._changed(node, "keyword dropped", keywords=rest)
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        """Each bound left out."""
        for name in ("lower", "upper", "step"):
            if getattr(node, name) is not None:
                other = copy.copy(node)
                setattr(other, name, None)
                self._replace(node, "slice", ast.unparse(other))
        self.generic_visit(node)


def mutants(module: str, source: bytes) -> list[Mutant]:
    """Return the mutants of a module that are programs, each once."""
    finder = Finder(module, source)
    tree = ast.parse(source)
    finder.visit(tree)
    known = {ast.dump(tree)}
    found = []
    for mutant in sorted(finder.found, key=lambda one: (one.start, one.end, one.new)):
        with suppress(SyntaxError):
            shape = ast.dump(ast.parse(mutant.of(source)))
            if shape not in known:
                known.add(shape)
                found.append(mutant)
    return found


# The copy, and the tests in it.

ZYGOTE = """
import json, os, resource, signal, sys, time, traceback
import hypothesis.strategies, numpy, pytest, regex, zstandard
# `search` itself is imported after the fork: it is what changes.
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if not child:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (order["cpu"], order["cpu"]))
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1), os.dup2(out, 2)
        status = 70
        try:
            status = int(pytest.main(order["arguments"]))
            sys.stdout.flush()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    end = time.monotonic() + 4 * order["cpu"] + 30
    done = 0
    while not done and time.monotonic() < end:
        done, status, used = os.wait4(child, os.WNOHANG)
        time.sleep(0.02)
    try:
        os.killpg(child, signal.SIGKILL)
    except OSError:
        pass
    if not done:
        _, status, used = os.wait4(child, 0)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps([os.waitstatus_to_exitcode(status), cpu]), flush=True)
"""
"""A process that has loaded what never changes, and forks one that runs tests at each order."""


@dataclass
class Copy:
    """A copy of the tree, and a process that runs tests in it."""

    folder: Path
    zygote: subprocess.Popen[str]
    clock: int = 1_600_000_000

    def run(self, tests: Iterable[str], seconds: int) -> tuple[int, float]:
        """Run tests; return pytest's status and the CPU seconds of it."""
        shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)
        arguments = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--tb=line"]
        arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # hypothesis is loaded
        arguments += [
            "--hypothesis-profile=unshrunk",
            f"--basetemp={self.folder.parent / 'tests'}",
            *tests,
        ]
        order = {"cpu": seconds, "out": str(self.output), "arguments": arguments}
        assert self.zygote.stdin and self.zygote.stdout  # noqa: PT018
        self.zygote.stdin.write(json.dumps(order) + "\n")
        self.zygote.stdin.flush()
        status, cpu = json.loads(self.zygote.stdout.readline())
        return status, cpu

    @property
    def output(self) -> Path:
        """What the last tests printed."""
        return self.folder.parent / "output"

    def put(self, module: str, source: bytes) -> None:
        """Write a module, with a time of its own, lest Python takes what it compiled before."""
        path = self.folder / module
        path.write_bytes(source)
        self.clock += 2
        os.utime(path, (self.clock, self.clock))


def _files() -> list[str]:
    """Return the files of the tree: what git knows, and what is new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted({name for name in done.stdout.split("\0") if name})


@contextmanager
def copied() -> Iterator[Copy]:
    """Make a copy of the tree with an environment in which `search` is that of the copy."""
    with tempfile.TemporaryDirectory(prefix="sou-mutation-") as name:
        work = Path(name).resolve()
        folder = work / "tree"
        for file in _files():
            if (ROOT / file).is_file():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, folder / file)
        python = _environment(work, folder)
        variables = {
            **{name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
            "SOU_EXAMPLES": os.environ.get("SOU_EXAMPLES", "10"),
            "PYTHONHASHSEED": "0",
            "OPENBLAS_NUM_THREADS": "1",
        }
        _same_everywhere(python, work, folder)
        zygote = subprocess.Popen(
            [python, "-c", ZYGOTE],
            cwd=folder,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Copy(folder, zygote)
        finally:
            zygote.kill()
            zygote.communicate()


def _environment(work: Path, folder: Path) -> Path:
    """Make an environment with the packages of this one, but for `search`; return its Python.

    What a `.pth` file names is only put on the path: that sou is installed here for development
    is said by another one, in the folder that is named, and this is not read.
    """
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    site = work / "env" / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (work / "env" / "bin").mkdir()
    base = Path(sys.base_prefix) / "bin" / version
    python = work / "env" / "bin" / "python"
    python.symlink_to(base)
    (work / "env" / "pyvenv.cfg").write_text(f"home = {base.parent}\n", "utf-8")
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "copy.pth").write_text("\n".join([str(folder), *sorted(packages)]) + "\n", "utf-8")
    return python


def _same_everywhere(python: Path, work: Path, folder: Path) -> None:
    """See that `search` is the copy's: without PYTHONPATH, and in a process that sou starts."""
    program = (
        "import search, sys; from search.system.processes import start\n"
        "print(search.__file__)\n"
        "if len(sys.argv) < 2: exit()\n"
        "import probe\n"
        "process = start('probe', 'tell')\n"
        "print(process.communicate()[0].decode(), end='')\n"
    )
    probe = work / "env" / "lib" / "probe.py"
    probe.write_text("def tell():\n    import search\n    print(search.__file__)\n", "utf-8")
    program = f"import sys; sys.path.append({str(probe.parent)!r})\n{program}"
    done = subprocess.run(
        [python, "-c", program, "too"], cwd=work, env={}, capture_output=True, text=True, check=True
    )
    if done.stdout.split() != [str(folder / "search" / "__init__.py")] * 2:
        raise SystemExit(f"the tests would not see the mutants, but: {done.stdout}")


# What is done with them.


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: `killed` by a test or by time, or not."""

    mutant: Mutant
    killed: str
    diff: str


@dataclass(frozen=True)
class Row:
    """The score of a group."""

    group: str
    possible: int
    fates: tuple[Fate, ...] = ()
    seconds: float = 0.0

    @property
    def killed(self) -> int:
        """How many mutants were killed."""
        return sum(bool(fate.killed) for fate in self.fates)

    def __str__(self) -> str:
        tried = len(self.fates)
        score = f"{100 * self.killed / tried:5.1f} %" if tried else "    - "
        return f"{self.group:10}{self.possible:8}{tried:8}{self.killed:8}{score:>10}{self.seconds:8.0f}"


def judge(tree: Copy, name: str, chosen: list[Mutant], row: Row) -> Row:
    """Run the tests of a group on some of its mutants."""
    group = GROUPS[name]
    status, cpu = tree.run(group.tests, 3600)
    if status:
        raise SystemExit(f"the tests of {name} fail without a mutant:\n{tree.output.read_text()}")
    total, fates = cpu, []
    limit = int(3 * cpu) + 20
    for mutant in chosen:
        source = (ROOT / mutant.module).read_bytes()
        tree.put(mutant.module, mutant.of(source))
        status, cpu = tree.run(group.tests, limit)
        tree.put(mutant.module, source)
        total += cpu
        killed = "" if not status else "test" if status > 0 else "time"
        fates.append(Fate(mutant, killed, mutant.diff(source)))
        what = killed or "SURVIVES"
        print(f"{mutant.module}:{mutant.line} {mutant.kind}: {what} ({cpu:.1f} s)", file=sys.stderr)
    return replace(row, fates=tuple(fates), seconds=total)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--module", action="append", help="a group, or part of a module's path")
    parser.add_argument("--sample", type=int, metavar="N", help="only N mutants of each group")
    parser.add_argument("--seed", type=int, default=0, help="another sample")
    parser.add_argument("--again", type=Path, help="only what survived, by the JSON of a run")
    parser.add_argument("--json", type=Path, help="write the outcome there too")
    return parser.parse_args()


def _chosen(asked: argparse.Namespace) -> Iterator[tuple[str, int, list[Mutant]]]:
    """Yield the groups that are asked for, how many mutants each has, and those to try."""
    survived: set[tuple[str, str]] = set()
    if asked.again:
        for row in json.loads(asked.again.read_text("utf-8")):
            survived |= {
                (fate["mutant"]["module"], fate["diff"])
                for fate in row["fates"]
                if not fate["killed"]
            }
    for name, group in GROUPS.items():
        every = []
        for module in group.modules:
            if asked.module and not any(one == name or one in module for one in asked.module):
                continue
            source = (ROOT / module).read_bytes()
            some = mutants(module, source)
            if asked.again:
                some = [one for one in some if (module, one.diff(source)) in survived]
            every += some
        few = every
        if asked.sample and asked.sample < len(every):
            few = random.Random(asked.seed).sample(every, asked.sample)
            few.sort(key=lambda one: (one.module, one.start))
        if few:
            yield name, len(every), few


def main() -> None:
    """Mutate, test, and tell."""
    asked = _arguments()
    rows = []
    with copied() as tree:
        for name, possible, few in _chosen(asked):
            rows.append(judge(tree, name, few, Row(name, possible)))
            if asked.json:
                text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
                asked.json.write_text(text + "\n", "utf-8")
    for row in rows:
        for fate in row.fates:
            if not fate.killed:
                print(f"{fate.mutant.module}:{fate.mutant.line} {fate.mutant.kind}\n{fate.diff}\n")
    print(f"{'group':10}{'mutants':>8}{'tried':>8}{'killed':>8}{'score':>10}{'CPU s':>8}")
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
