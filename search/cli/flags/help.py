"""The help of a command, or of all, as it is shown on a terminal, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from search.cli.flags.declaration import NUMBER, Command, Flag
from search.cli.flags.definitions import ABOUT, ABOUT_IN_CHINESE, COMMANDS, HELP, TOP_LEVEL
from search.output.wrap import display_width, wrapped

_INDENT = 2
_NAMES = 24
"""Columns for what is explained; what is longer has a line to itself."""


def help_of(command: Command, width: int, *, chinese: bool) -> str:
    """Return the help of a command."""
    words = [f"sou {command.name}", "[选项]" if chinese else "[OPTIONS]"]
    words += [argument.shown for argument in command.arguments]
    return "\n".join(
        [
            *_head(" ".join(words), command.chinese if chinese else command.help, width, chinese),
            *_section(
                "参数：" if chinese else "Arguments:",
                [(one.shown, one.chinese if chinese else one.help) for one in command.arguments],
                width,
            ),
            *_flags((*command.flags, HELP), width, chinese),
            "",
        ]
    )


def overview(width: int, *, chinese: bool) -> str:
    """Return the help of sou without a command."""
    usage = "sou [选项] 命令 [参数]..." if chinese else "sou [OPTIONS] COMMAND [ARGS]..."
    about = ABOUT_IN_CHINESE if chinese else ABOUT
    commands = [(one.name, brief(one, chinese=chinese)) for one in COMMANDS]
    more = "各命令的说明：sou 命令 -h" if chinese else "Help on a command: sou COMMAND -h"
    return "\n".join(
        [
            *_head(usage, about, width, chinese),
            *_flags(TOP_LEVEL, width, chinese),
            *_section("命令：" if chinese else "Commands:", commands, width),
            "",
            more,
            "",
        ]
    )


def brief(command: Command, *, chinese: bool) -> str:
    """Return what a command does, in a sentence."""
    return (command.chinese if chinese else command.help).partition("\n\n")[0]


def spelled(flag: Flag) -> str:
    """Return how a flag is typed: its names, and what stands for its value."""
    names = f"{', '.join(flag.names)}{f' / {flag.off}' if flag.off else ''}"
    return f"{names} {flag.value}".rstrip()


def explained(flag: Flag, *, chinese: bool) -> str:
    """Return what a flag does, its default, and what else holds for its value."""
    said = flag.chinese if chinese else flag.help
    notes = []
    if flag.many:
        notes.append("可重复" if chinese else "may be repeated")
    if flag.kind == NUMBER and flag.least:
        notes.append(f"至少为 {flag.least}" if chinese else f"at least {flag.least}")
    if flag.default is not None:
        value = flag.long if flag.default is True else flag.default
        notes.append(f"默认：{value}" if chinese else f"default: {value}")
    if flag.environ:
        notes.append(f"环境变量：{flag.environ}" if chinese else f"environment: {flag.environ}")
    if not notes:
        return said
    return f"{said}[{'；'.join(notes)}]" if chinese else f"{said} [{'; '.join(notes)}]"


def _head(usage: str, about: str, width: int, chinese: bool) -> Iterator[str]:
    yield f"{'用法：' if chinese else 'Usage: '}{usage}"
    for paragraph in about.split("\n\n"):
        yield ""
        yield from _lines(paragraph, width, _INDENT)


def _flags(flags: tuple[Flag, ...], width: int, chinese: bool) -> Iterator[str]:
    rows = [(spelled(flag), explained(flag, chinese=chinese)) for flag in flags]
    return _section("选项：" if chinese else "Options:", rows, width)


def _section(title: str, rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield a title and, below it, rows of a name and what it means."""
    if not rows:
        return
    yield ""
    yield title
    names = min(_NAMES, max(len(name) for name, _ in rows) + 2)
    for name, meaning in rows:
        first, *rest = _lines(meaning, width, _INDENT + names)
        if len(name) + 2 > names:
            yield f"{' ' * _INDENT}{name}"
            yield first
        else:
            yield f"{' ' * _INDENT}{name:<{names}}{first.lstrip()}"
        yield from rest


def _lines(text: str, width: int, indent: int) -> list[str]:
    """Return a text in lines, indented. One with spaces is broken there, not in its examples."""
    room = max(width - indent, 20)
    if "。" in text:
        return [f"{' ' * indent}{text[a:b]}" for a, b in wrapped(text, room)]
    lines: list[str] = []
    for word in text.split():
        if lines and display_width(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [f"{' ' * indent}{line}" for line in lines]
