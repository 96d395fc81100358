"""All commands: what reads, explains or completes a command line is made of these.

Every command, argument and flag is declared once, in `choosing`, `searching` and `building`.
`parse` reads a command line by it, `help` writes the help, `typer_app` is what Typer knows of
it, and tools/manual.py makes the manual pages and docs/commands.md. Nothing heavy is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from search.cli.flags import building, searching
from search.cli.flags.declaration import Command, Flag

if TYPE_CHECKING:
    from search.output.world import World

ABOUT = """\
Full-text search for Chinese newspaper archives.

sou QUERY... is short for sou search QUERY..."""
ABOUT_IN_CHINESE = """\
中文报纸档案全文检索。

sou QUERY... 是 sou search QUERY... 的简写。"""

COMMANDS = (
    searching.SEARCH,
    building.BUILD,
    searching.SHOW,
    searching.SIMILAR,
    searching.TERMS,
    searching.LIST,
    building.STATUS,
    building.SOURCES,
    building.CORRECT,
    building.CHECK,
    searching.ANALYZE,
    searching.BATCH,
    searching.EVAL,
)
BY_NAME = {command.name: command for command in COMMANDS}

HELP = Flag("help", ("-h", "--help"), "Show this help and exit.", "显示此帮助后退出。")
"""What every command takes, and sou without one."""
TOP_LEVEL = (
    Flag("version", ("--version",), "Show the version and exit.", "显示版本后退出。"),
    Flag(
        "install_completion",
        ("--install-completion",),
        "Install completion of commands and options for your shell.",
        "为当前 shell 安装命令和选项的补全。",
    ),
    Flag(
        "show_completion",
        ("--show-completion",),
        "Print the completion script instead of installing it.",
        "只打印补全脚本，不安装。",
    ),
    HELP,
)
"""What sou takes without a command."""


def carry_out(command: Command, world: World, given: dict[str, Any]) -> int:
    """Call the function of a command, which is loaded now, and return its exit status."""
    module, _, name = command.function.partition(":")
    return int(getattr(import_module(module), name)(world, **given))


def version_line() -> str:
    """Return what `--version` says."""
    from importlib.metadata import version

    return f"sou {version('sou')}"
