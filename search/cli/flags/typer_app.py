"""The commands as a Typer app: help, the version, and completion in shells.

What is typed is read by `parse`, which takes a hundredth of the time; a test holds the two
against each other.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from search.cli.flags.declaration import NUMBER, PATH, SWITCH, Argument, Command, Flag
from search.cli.flags.definitions import (
    ABOUT,
    ABOUT_IN_CHINESE,
    BY_NAME,
    COMMANDS,
    HELP,
    TOP_LEVEL,
    carry_out,
    version_line,
)
from search.cli.flags.help import brief, help_of, overview
from search.cli.flags.parse import Misused
from search.model.errors import EXIT_FOUND

if TYPE_CHECKING:
    from search.output.world import World

_Misused: Any = typer.BadParameter.__base__
"""Typer's error for arguments that it cannot read (it has no public name)."""

_TYPES: dict[str, type] = {NUMBER: int, PATH: Path, SWITCH: bool}


def app(*, chinese: bool = False) -> typer.Typer:
    """Return the app, with help in English or Chinese."""
    made = typer.Typer(
        name="sou",
        help=ABOUT_IN_CHINESE if chinese else ABOUT,
        add_completion=True,
        pretty_exceptions_enable=False,
        cls=_group(chinese=chinese),
        # Plain help: rich would cost half of what `sou --help` costs.
        rich_markup_mode=None,
        context_settings={"help_option_names": list(HELP.names)},
    )
    one = _command(chinese=chinese)
    for command in COMMANDS:
        about = brief(command, chinese=chinese)  # which shells show beside a completion
        made.command(command.name, cls=one, help=about)(_function(command, chinese=chinese))

    made.callback(invoke_without_command=True)(_version(chinese=chinese))
    return made


def _group(*, chinese: bool) -> type[TyperGroup]:
    """Return the kind of a group that shows our help."""

    class Group(TyperGroup):
        def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
            formatter.write(overview(formatter.width, chinese=chinese))

    return Group


def _command(*, chinese: bool) -> type[TyperCommand]:
    """Return the kind of a command that shows our help."""

    class One(TyperCommand):
        def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
            assert self.name
            formatter.write(help_of(BY_NAME[self.name], formatter.width, chinese=chinese))

    return One


def _version(*, chinese: bool) -> Callable[..., None]:
    """Return what takes the flags that stand before a command."""

    def show(version: bool = False) -> None:
        if version:
            typer.echo(version_line())
            raise typer.Exit

    flag = TOP_LEVEL[0]
    about = flag.chinese if chinese else flag.help
    show.__annotations__ = {"version": Annotated[bool, typer.Option(flag.long, help=about)]}
    return show


def run_app(arguments: list[str], world: World) -> int:
    """Show help or the version, or complete a command line; return the exit status.

    What Typer would print itself, mistakes in the arguments too, is written as all else is.
    Errors pass through: Typer's own entry would turn some into exit statuses.
    """
    command = typer.main.get_command(app(chinese=is_chinese(os.environ)))
    said = StringIO()
    try:
        with redirect_stdout(said):
            status = command.main(arguments, prog_name="sou", obj=world, standalone_mode=False)
    except SystemExit as exc:  # so ends what shows, installs or uses completion
        status = exc.code
    except _Misused as exc:
        raise Misused(exc.format_message(), "see sou --help") from exc
    finally:
        world.write(said.getvalue())
    return status if isinstance(status, int) else EXIT_FOUND


def is_chinese(environ: Any) -> bool:
    """Return whether messages are to be Chinese, as the locale has it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return bool(environ[name].lower().startswith("zh"))
    return False


def _function(command: Command, *, chinese: bool) -> Callable[..., None]:
    """Return a function whose signature tells Typer what a command takes."""

    def run(ctx: typer.Context, **given: Any) -> None:
        raise typer.Exit(carry_out(command, ctx.obj, _plain(given)))

    taken = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    ]
    kinds = [(one.name, *_argument(one, chinese)) for one in command.arguments]
    kinds += [(one.name, *_flag(one, chinese)) for one in command.flags]
    taken += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, kind, default in kinds
    ]
    run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in taken}
    return run


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    """Return what Typer has read as `parse` would have given it."""
    return {
        name: list(map(_bare, value)) if isinstance(value, list) else _bare(value)
        for name, value in given.items()
    }


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _argument(argument: Argument, chinese: bool) -> tuple[Any, Any]:
    """Return the annotation and the default of a parameter."""
    metavar = argument.metavar if argument.needed else f"[{argument.metavar}]"
    info = typer.Argument(
        metavar=f"{metavar}..." if argument.many else metavar,
        help=(argument.chinese if chinese else argument.help) or None,
        show_default=False,
    )
    kind: Any = _TYPES.get(argument.kind, str)
    if argument.many:
        kind = list[kind]
    if argument.needed:
        return Annotated[kind, info], inspect.Parameter.empty
    return Annotated[kind | None, info], None


def _flag(flag: Flag, chinese: bool) -> tuple[Any, Any]:
    """Return the annotation and the default of a parameter."""
    names = (*flag.names[:-1], f"{flag.long}/{flag.off}" if flag.off else flag.long)
    info = typer.Option(
        *names,
        metavar=flag.metavar or None,
        help=flag.chinese if chinese else flag.help,
        envvar=flag.environ or None,
        min=flag.least if flag.kind == NUMBER else None,
    )
    typed: Any = _TYPES.get(flag.kind, str)
    default: Any = flag.default
    if flag.choices:
        typed = _choice(flag.choices)
        default = default and typed(default)
    if flag.kind == SWITCH:
        default = bool(default)
    elif flag.many:
        typed = list[typed] | None
    elif default is None:
        typed = typed | None
    return Annotated[typed, info], default


def _choice(values: tuple[str, ...]) -> Any:
    """Return an enumeration of some values, as Typer takes what can be chosen."""
    make: Any = StrEnum
    return make("Choice", {value: value for value in values})
