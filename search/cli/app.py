"""The Typer app: a new command is one module and one line here."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search.cli import (
    analyze,
    batch,
    index,
    list_,
    search,
    show,
    similar,
    sources,
    status,
    terms,
)
from search.errors import EXIT_FOUND, EXIT_REQUEST

if TYPE_CHECKING:
    from search.output.world import World

_Misused: Any = typer.BadParameter.__base__
"""Typer's error for arguments that it cannot read (it has no public name)."""

app = typer.Typer(
    name="sou",
    help="Full-text search for Chinese newspaper archives.\n\nsou QUERY... is sou search QUERY...",
    add_completion=True,
    pretty_exceptions_enable=False,
    # Plain help: rich would cost half of what `sou --help` costs.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("search")(search.search)
app.command("index")(index.index)
app.command("show")(show.show)
app.command("similar")(similar.similar)
app.command("terms")(terms.terms)
app.command("list")(list_.list_)
app.command("status")(status.status)
app.command("sources")(sources.sources)
app.command("check")(status.check)
app.command("analyze")(analyze.analyze)
app.command("batch")(batch.batch)
app.command("eval")(batch.evaluate)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Full-text search for Chinese newspaper archives.

    sou QUERY... is the same as sou search QUERY...
    """
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"sou {installed('sou')}")
        raise typer.Exit


def run_app(arguments: list[str], world: World) -> int:
    """Run a command by Typer and return its exit status.

    What Typer would print itself (help, mistakes in the arguments) is written as all else is.
    Errors pass through: Typer's own entry would turn some into exit statuses.
    """
    command = typer.main.get_command(app)
    said = StringIO()
    try:
        with redirect_stdout(said):
            if "_SOU_COMPLETE" in os.environ:
                return _complete(command, arguments)
            try:
                context = command.make_context("sou", arguments, obj=world)
            except SystemExit as exc:  # so ends what shows or installs completion
                return exc.code if isinstance(exc.code, int) else EXIT_REQUEST
            with context:
                command.invoke(context)
    except typer.Exit as exc:
        return exc.exit_code
    except _Misused as exc:
        return _say_how_it_is_used(world, exc)
    finally:
        world.write(said.getvalue())
    return EXIT_FOUND


def _complete(command: Any, arguments: list[str]) -> int:
    """Print what a shell may complete, as Typer does it."""
    try:
        command.main(arguments, prog_name="sou")
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else EXIT_FOUND
    return EXIT_FOUND


def _say_how_it_is_used(world: World, error: Any) -> int:
    if error.ctx:
        usage = error.ctx.get_usage().split("\n")
        world.tell(*usage, f"Try '{error.ctx.command_path} -h' for help.", "")
    world.tell(f"Error: {error.format_message()}")
    return EXIT_REQUEST
