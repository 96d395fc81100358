"""The command line. `main` is what the `sou` command runs."""

# No more is imported here: what is could come from the working folder (search/system/module_path.py), and
# while it is imported, Ctrl-C is not yet expected.
import os
import sys

TYPE_CHECKING = False  # as type checkers know it without `typing`
if TYPE_CHECKING:
    from search.output.world import World

TOP_LEVEL = {"-h", "--help", "--version", "--install-completion", "--show-completion"}


def main() -> None:
    """Run sou with the arguments of the process, and exit."""
    try:
        if "PYTHONPATH" in os.environ:  # else the folder is not on the path of a command
            from search.system.module_path import forget_working_folder

            forget_working_folder()
        from search.cli.exit_status import ignore_interruptions, watch_for_interruptions

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
        line, status = f"sou: an error in sou itself: {type(error).__name__}: {error}", 70
    if sys.stderr:
        sys.stderr.write(f"{line}\n")
    return status


def run(arguments: list[str], world: "World") -> int:
    """Run sou in a world and return its exit status."""
    from search.cli.exit_status import guarded

    return guarded(world, lambda: _run(with_command(arguments), world))


def _run(arguments: list[str], world: "World") -> int:
    from search.cli.flags import definitions, parse

    command = definitions.BY_NAME.get(arguments[0])
    if command and "_SOU_COMPLETE" not in os.environ:
        try:
            given = parse.parse(command, arguments[1:])
        except parse.HelpAsked:
            arguments = [command.name, "--help"]
        except parse.Misused:
            world.tell(parse.usage(command), f"Try 'sou {command.name} -h' for help.", "")
            raise
        else:
            return definitions.carry_out(command, world, given)
    if arguments == ["--version"]:
        world.write(f"{definitions.version_line()}\n")
        return 0
    from search.cli.flags.typer_app import run_app

    return run_app(arguments, world)


def with_command(arguments: list[str]) -> list[str]:
    """Return the arguments with the command `search` put in where none is named."""
    arguments = [_decoded(argument) for argument in arguments]
    if not arguments:
        return ["--help"]
    if arguments[0] in TOP_LEVEL or arguments[0].startswith("--show-completion"):
        return arguments
    return _command_first(arguments)


def _command_first(arguments: list[str]) -> list[str]:
    """Put the command first: `--index DIR` may stand before it, and search may be left out."""
    from search.cli.flags.definitions import BY_NAME

    first = 0
    while first < len(arguments) and arguments[first].startswith("--index"):
        first += 1 if "=" in arguments[first] else 2
    if first < len(arguments) and arguments[first] in BY_NAME:
        return [arguments[first], *arguments[:first], *arguments[first + 1 :]]
    return ["search", *arguments]


def _decoded(argument: str) -> str:
    """Return an argument that the locale could not decode as the UTF-8 it surely is.

    What is none may be the name of a file, and stays as it is.
    """
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("utf-8", "surrogateescape")
    return argument
