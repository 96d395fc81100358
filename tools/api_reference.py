"""Write docs/api.md: the reference of the Python API, made of its docstrings.

usage: python tools/api_reference.py [--check]

With --check nothing is written: it exits with 1 where the file is not what would be.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # this sou, and not one that is installed

import sou  # noqa: E402
from search.model.errors import SouError  # noqa: E402

TARGET = ROOT / "docs" / "api.md"

HEAD = """# Python

Made by tools/api_reference.py from the docstrings; do not edit. Every example is run by the tests.
"""

SECTIONS = (
    ("Functions", ("open", "build", "parse")),
    ("The index", ("Index",)),
    ("Answers", ("Results", "Hit", "Article", "Snippet", "Facet", "Suggestion")),
    ("What a build did", ("Report", "Problem")),
)
INTERNAL = {"named", "brief", "first_fields", "later_fields"}
"""Methods that are sou's own."""

TYPES = ("Names", "Words", "Synonyms", "Sort", "Mode", "TextField", "FacetName", "Progress", "Node")
HOMES = (
    "search/api/arguments.py",
    "search/api/own_words.py",
    "search/api/index.py",
    "search/api/build.py",
    "search/model/facets.py",
    "search/query/ast.py",
    "search/engines/port.py",
    "search/searching/search.py",
)
"""Where the types are: what stands below one in the source says what it is."""


def reference() -> str:
    """Return what is to be in docs/api.md."""
    parts = [HEAD, prose(inspect.getdoc(sou) or "", "##")]
    told: set[str] = set()
    for title, names in SECTIONS:
        parts.append(f"## {title}\n")
        for name in names:
            thing = getattr(sou, name)
            parts += [*of_class(name, thing)] if isinstance(thing, type) else [of_function(thing)]
        told.update(names)
    parts += ["## Errors\n", *errors()]
    told.update(each for each in sou.__all__ if is_error(getattr(sou, each)))
    parts += ["## Types\n", *types()]
    told.update(TYPES)
    left = set(sou.__all__) - told
    if left:
        raise SystemExit(f"nothing is written about {', '.join(sorted(left))}")
    return "\n".join(parts)


def prose(text: str, level: str = "") -> str:
    """Return a docstring as Markdown: its examples fenced, its headings on a level."""
    out: list[str] = []
    for block in re.split(r"\n\n", text.strip()):
        if block.startswith(">>>"):
            out.append(f"```pycon\n{block}\n```")
        elif block.startswith("# "):
            out.append(f"{level} {block[2:]}")
        else:
            out.append(
                " ".join(block.split("\n")).replace("docs/output.md", "[output.md](output.md)")
            )
    return "\n\n".join(out) + "\n"


def of_function(function: Any, owner: str = "sou") -> str:
    """Return the section of a function or a method."""
    level = "###" if owner == "sou" else "####"
    call = signature(function, f"{owner}.{function.__name__}")
    return f"{level} {owner}.{function.__name__}\n\n{call}\n{prose(inspect.getdoc(function) or '')}"


def signature(function: Any, name: str) -> str:
    """Return how a function is called, a parameter a line where there are many."""
    shown = inspect.signature(function)
    given = [p for p in shown.parameters.values() if p.name != "self"]
    lines: list[str] = []
    for parameter in given:
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in lines:
            lines.append("*")
        lines.append(str(parameter))
    bare = [re.sub(r": '([^']*)'", r": \1", line) for line in lines]
    result = str(shown.return_annotation).strip("'")
    call = f"{name}({', '.join(bare)}) -> {result}"
    if len(call) > 88:
        inner = "".join(f"    {line},\n" for line in bare)
        call = f"{name}(\n{inner}) -> {result}"
    return f"```python\n{call}\n```\n"


def of_class(name: str, cls: Any) -> Iterator[str]:
    """Yield the sections of a class: what it is, its attributes, its methods."""
    yield f"### sou.{name}\n\n{prose(inspect.getdoc(cls) or '')}"
    rows = [f"| `{field}` | `{kind}` | |" for field, kind in fields(cls)]
    methods = []
    for member, value in vars(cls).items():
        if isinstance(value, property) and not member.startswith("_"):
            kind = inspect.signature(value.fget).return_annotation.strip("'")  # type: ignore[arg-type]
            summary = " ".join((inspect.getdoc(value) or "").split("\n"))
            rows.append(f"| `{member}` | `{kind}` | {summary} |".replace(" | None`", " \\| None`"))
        elif (
            inspect.isfunction(value)
            and value.__name__ == member
            and not member.startswith("_")
            and member not in INTERNAL
        ):
            methods.append(value)
    if rows:
        yield (
            "| attribute | type | meaning, if not said above |\n|---|---|---|\n"
            + "\n".join(rows)
            + "\n"
        )
    for method in methods:
        yield of_function(method, name)


def fields(cls: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of a record, and their types."""
    for field in getattr(cls, "__match_args__", ()):
        yield field, str(annotations(cls)[field]).replace("|", "\\|")


def annotations(cls: Any) -> dict[str, str]:
    """Return the annotations of a class as they stand in its source: records forget them."""
    tree = ast.parse(
        Path(ROOT / Path(*cls.__module__.split("."))).with_suffix(".py").read_text("utf-8")
    )
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            return {
                each.target.id: ast.unparse(each.annotation)
                for each in node.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            }
    raise SystemExit(f"{cls.__name__} is not in {cls.__module__}")


def is_error(thing: Any) -> bool:
    """Return whether this is a class of errors."""
    return isinstance(thing, type) and issubclass(thing, BaseException)


def errors() -> Iterator[str]:
    """Yield the tree of errors, each with what it says and the status the command exits with."""
    yield (
        "`import sou` itself raises `ImportError` where a file of the program's own is called "
        "`search`. All others derive from `sou.Error`, and so tell of what is wrong outside of the program or in "
        "what it asks; any other exception is a fault of sou, or a `TypeError` for a keyword that "
        "there is not. `str(error)` and `error.message` say what happened, `error.hint` what to "
        "do (it may be empty), and `error.exit_code` is the status the command exits with.\n"
    )
    yield "| error | is also | exit status | meaning |\n|---|---|---|---|"
    names = {getattr(sou, name): name for name in sou.__all__ if is_error(getattr(sou, name))}
    rows = []
    for error, name in names.items():
        above = [f"`{names[base]}`" for base in error.__mro__[1:] if base in names]
        summary = " ".join((inspect.getdoc(error) or "").split("\n"))
        order = (len(error.__mro__), name)
        status = error.exit_code if error is not SouError else ""
        rows.append((order, f"| `{name}` | {', '.join(above)} | {status} | {summary} |"))
    yield "\n".join(row for _, row in sorted(rows)) + "\n"


def types() -> Iterator[str]:
    """Yield the names of types, each with what it is."""
    found: dict[str, tuple[str, str]] = {}
    for home in HOMES:
        body = ast.parse((ROOT / home).read_text("utf-8")).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            target = (
                node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            )
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and target.id in TYPES and value is not None:
                said = ""
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    said = " ".join(str(after.value.value).split())
                found[target.id] = ast.unparse(value), said
    yield "| type | is | meaning |\n|---|---|---|"
    for name in TYPES:
        what, said = found[name]
        escaped = what.replace("|", "\\|")
        yield f"| `{name}` | `{escaped}` | {said} |"


def main() -> None:
    """Write the reference, or compare it."""
    text = reference().rstrip() + "\n"
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text("utf-8") != text:
            sys.exit(f"{TARGET.relative_to(ROOT)} is not up to date: python tools/api_reference.py")
    else:
        TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
