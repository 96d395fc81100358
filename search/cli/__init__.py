"""The command line. `main` is what the `sou` command runs."""

from __future__ import annotations

import os
import re
import sys

TOP_LEVEL = {"-h", "--help", "--version", "--install-completion", "--show-completion"}

_EXCLUDED = re.compile(r"-(?=[^-A-Za-z0-9\s])|-(?=[a-z]{4,7}[:：])")
"""A NOT that looks like an option: `-旅游`, `-"…"`, `-title:…`."""


def main() -> None:
    """Run sou with the arguments of the process, and exit."""
    from search.output.world import World

    sys.exit(run(sys.argv[1:], World.of_process()))


def run(arguments: list[str], world: object) -> int:
    """Run sou in a world and return its exit status."""
    import typer

    from search.cli.app import COMMANDS, app

    command = typer.main.get_command(app)
    try:
        command.main(with_command(arguments, COMMANDS), prog_name="sou", obj=world)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    return 0


def with_command(arguments: list[str], commands: frozenset[str | None]) -> list[str]:
    """Return the arguments with the command `search` put in where none is named.

    Also readies a query for an option parser: `-旅游` becomes `－旅游`, which the query
    language reads the same and the option parser does not take for options.
    """
    arguments = [_decoded(argument) for argument in arguments]
    if not arguments:
        return ["--help"]
    if arguments[0] in TOP_LEVEL or arguments[0].startswith("--show-completion"):
        return arguments
    if arguments[0] not in commands:
        arguments = ["search", *arguments]
    if arguments[0] != "search":
        return arguments
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [
        _EXCLUDED.sub("－", argument, count=1) if _EXCLUDED.match(argument) else argument
        for argument in arguments[:end]
    ]
    return options + arguments[end:]


def _decoded(argument: str) -> str:
    """Return an argument that the locale could not decode as the UTF-8 it surely is."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("utf-8", "replace")
    return argument
