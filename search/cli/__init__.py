"""The command line. `main` is what the `sou` command runs."""

# No more is imported here: what is could come from the working folder (search/path.py), and
# while it is imported, Ctrl-C is not yet expected.
import os
import sys

TYPE_CHECKING = False  # as type checkers know it without `typing`
if TYPE_CHECKING:
    from search.output.world import World

COMMANDS = frozenset(
    (
        *("search", "index", "show", "similar", "terms"),
        *("list", "status", "sources", "check", "analyze", "batch", "eval"),
    )
)
TOP_LEVEL = {"-h", "--help", "--version", "--install-completion", "--show-completion"}

_EXCLUDED = (
    r"-(?=[^-A-Za-z0-9])"  # -旅游, -"…"
    r"|-(?=[a-z]{4,7}[:：])"  # -title:…
    r"|-(?=[^-fnlcFh0][^-])"  # -PPT, -5G: no option begins so
)
"""A NOT that looks like an option."""


def main() -> None:
    """Run sou with the arguments of the process, and exit."""
    try:
        if "PYTHONPATH" in os.environ:  # else the folder is not on the path of a command
            from search.path import forget_working_folder

            forget_working_folder()
        from search.cli.ending import ignore_interruptions, watch_for_interruptions

        watch_for_interruptions()
        from search.output.world import World

        status = run(sys.argv[1:], World.of_process())
        ignore_interruptions()
    except BaseException as exc:  # noqa: BLE001  (it is told)
        status = _not_begun(exc)
    sys.exit(status)


def _not_begun(error: BaseException) -> int:
    """Say what stopped sou before it could say anything, and return the exit status."""
    if isinstance(error, KeyboardInterrupt):
        line, status = "sou: interrupted", 130
    else:
        line, status = f"sou: an error of sou itself: {type(error).__name__}: {error}", 70
    if sys.stderr:
        sys.stderr.write(f"{line}\n")
    return status


def run(arguments: list[str], world: "World") -> int:
    """Run sou in a world and return its exit status."""
    from search.cli.ending import guarded

    return guarded(world, lambda: _run(with_command(arguments, COMMANDS), world))


def _run(arguments: list[str], world: "World") -> int:
    if arguments[0] == "search" and "_SOU_COMPLETE" not in os.environ:
        from search.cli import quick

        call = quick.read(arguments[1:], os.environ.get("SOU_INDEX"))
        if call:
            from search.cli import searching

            return searching.search(world, call)
    from search.cli.app import run_app

    return run_app(arguments, world)


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
    import re

    excluded = re.compile(_EXCLUDED)
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [
        excluded.sub("－", argument, count=1) if excluded.match(argument) else argument
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
