"""The command line. `main` is what the `sou` command runs."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.output.world import World

COMMANDS = frozenset(
    (
        *("search", "index", "show", "similar", "terms"),
        *("list", "status", "check", "analyze", "batch", "eval"),
    )
)
TOP_LEVEL = {"-h", "--help", "--version", "--install-completion", "--show-completion"}

_EXCLUDED = re.compile(
    r"-(?=[^-A-Za-z0-9])"  # -旅游, -"…"
    r"|-(?=[a-z]{4,7}[:：])"  # -title:…
    r"|-(?=[^-fnlcFh0][^-])"  # -PPT, -5G: no option begins so
)
"""A NOT that looks like an option."""


def main() -> None:
    """Run sou with the arguments of the process, and exit."""
    from search.output.world import World

    sys.exit(run(sys.argv[1:], World.of_process()))


def run(arguments: list[str], world: World) -> int:
    """Run sou in a world and return its exit status."""
    arguments = with_command(arguments, COMMANDS)
    if arguments[0] == "search" and "_SOU_COMPLETE" not in os.environ:
        from search.cli import quick, searching
        from search.cli.session import guarded

        call = quick.read(arguments[1:], os.environ.get("SOU_INDEX"))
        if call:
            return guarded(world, lambda: searching.search(world, call))
    import typer

    from search.cli.app import app

    command = typer.main.get_command(app)
    try:
        command.main(arguments, prog_name="sou", obj=world)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    return 0


def with_command(arguments: list[str], commands: frozenset[str]) -> list[str]:
    """Return the arguments with the command `search` put in where none is named.

    Also readies a query for an option parser: `-旅游` becomes `－旅游`, which the query
    language reads the same and the option parser does not take for options.
    """
    arguments = [_decoded(argument) for argument in arguments]
    if not arguments:
        return ["--help"]
    if arguments[0] in TOP_LEVEL or arguments[0].startswith("--show-completion"):
        return arguments
    arguments = _command_first(arguments, commands)
    if arguments[0] != "search":
        return arguments
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [
        _EXCLUDED.sub("－", argument, count=1) if _EXCLUDED.match(argument) else argument
        for argument in arguments[:end]
    ]
    return options + arguments[end:]


def _command_first(arguments: list[str], commands: frozenset[str]) -> list[str]:
    """Put the command first: `--index DIR` may stand before it, and search may be left out."""
    first = 0
    while first < len(arguments) and arguments[first].startswith("--index"):
        first += 1 if "=" in arguments[first] else 2
    if first < len(arguments) and arguments[first] in commands:
        return [arguments[first], *arguments[:first], *arguments[first + 1 :]]
    return ["search", *arguments]


def _decoded(argument: str) -> str:
    """Return an argument that the locale could not decode as the UTF-8 it surely is."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("utf-8", "replace")
    return argument
