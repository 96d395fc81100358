"""Reading a command line by the declarations, in the ways that POSIX and GNU have made usual.

`-n5`, `-n 5`, `--limit=5`, `-l0`, flags between words, `--` before words that begin with `-`.
A flag that takes a value takes the next argument whatever it is: `--sort -date`, `--path -x`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from search.cli.flags.declaration import NUMBER, PATH, SWITCH, Command, Flag
from search.cli.flags.definitions import HELP as HELP_FLAG
from search.model.errors import RequestError
from search.model.path_spelling import shown_raw

HELP = HELP_FLAG.names

_MOST_DIGITS = 18


class Misused(RequestError):
    """Arguments that a command does not take."""


class HelpAsked(Exception):
    """The help of the command is asked for, and nothing else."""


def parse(
    command: Command, arguments: list[str], environ: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """Return what the arguments of a command give each keyword of its function.

    Raises Misused, and HelpAsked.
    """
    return _Reading(command, environ).read(arguments)


def usage(command: Command) -> str:
    """Return how a command is called, in a line."""
    words = [f"Usage: sou {command.name} [OPTIONS]"]
    return " ".join([*words, *(argument.shown for argument in command.arguments)])


class _Reading:
    """One command line, while it is read."""

    def __init__(self, command: Command, environ: Mapping[str, str]) -> None:
        self._command = command
        self._environ = environ
        self._flags = {name: flag for flag in command.flags for name in flag.names}
        self._off = {flag.off: flag for flag in command.flags if flag.off}
        self._values: dict[str, Any] = {}
        self._words: list[str] = []
        self._excluded = _excluded(self._flags) if command.asking else None

    def read(self, arguments: list[str]) -> dict[str, Any]:
        """Return what is given. Raises Misused, and HelpAsked."""
        self._rest = iter(arguments)
        for argument in self._rest:
            if argument == "--":
                self._words += self._rest
            elif self._excluded and self._excluded.match(argument):
                # As the query language reads it too: a full-width minus.
                self._words.append("－" + argument[1:])
            elif argument.startswith("--"):
                self._long(argument)
            elif argument.startswith("-") and argument != "-":
                self._short(argument)
            else:
                self._words.append(argument)
        given = self._arguments()
        for flag in self._command.flags:
            given[flag.name] = self._given(flag)
        return given

    def _long(self, argument: str) -> None:
        name, equals, value = argument.partition("=")
        if name in HELP:
            raise HelpAsked
        if name in self._off:
            flag, on = self._off[name], False
        elif name in self._flags:
            flag, on = self._flags[name], True
        else:
            raise self._misused(f"there is no option {name}", _alike(name, self._names()))
        if flag.kind != SWITCH:
            self._take(flag, name, value if equals else self._next(name))
        elif equals:
            raise self._misused(f"{name} takes no value")
        else:
            self._values[flag.name] = on

    def _short(self, argument: str) -> None:
        letters = argument[1:]
        while letters:
            name, letters = f"-{letters[0]}", letters[1:]
            if name in HELP:
                raise HelpAsked
            flag = self._flags.get(name)
            if not flag:
                raise self._misused(f"there is no option {name}")
            if flag.kind == SWITCH:
                self._values[flag.name] = True
            else:
                self._take(flag, name, letters or self._next(name))
                return

    def _next(self, name: str) -> str:
        value = next(self._rest, None)
        if value is None:
            raise self._misused(f"{name} needs a value")
        return value

    def _take(self, flag: Flag, name: str, text: str) -> None:
        if flag.kind != PATH:
            text = _text(text)
        if flag.choices and text not in flag.choices:
            raise self._misused(f"{name} {text}: it must be one of {', '.join(flag.choices)}")
        value: Any = text
        if flag.kind == NUMBER:
            value = self._number(flag, name, text)
        elif flag.kind == PATH:
            value = Path(text)
        if flag.many:
            self._values.setdefault(flag.name, []).append(value)
        else:
            self._values[flag.name] = value

    def _number(self, flag: Flag, name: str, text: str) -> int:
        digits = text.strip()
        if not re.fullmatch(r"[+-]?[0-9]+", digits) or len(digits) > _MOST_DIGITS:
            raise self._misused(f"{name} {text}: not a whole number")
        if int(digits) < flag.least:
            raise self._misused(f"{name} {text}: it must be {flag.least} or more")
        return int(digits)

    def _given(self, flag: Flag) -> Any:
        if flag.name in self._values:
            return self._values[flag.name]
        if flag.environ and (value := self._environ.get(flag.environ)):
            return Path(value) if flag.kind == PATH else value
        return False if flag.kind == SWITCH and flag.default is None else flag.default

    def _arguments(self) -> dict[str, Any]:
        """Return what the words are, one after the other; the last argument may be many."""
        words, given = self._words, dict[str, Any]()
        for argument in self._command.arguments:
            mine, words = (words, []) if argument.many else (words[:1], words[1:])
            if argument.needed and not mine:
                raise self._misused(f"{argument.metavar} is missing")
            values = [Path(word) if argument.kind == PATH else _text(word) for word in mine]
            given[argument.name] = values if argument.many else next(iter(values), None)
        if words:
            raise self._misused(f"unexpected argument: {words[0]}")
        return given

    def _names(self) -> list[str]:
        return [*self._flags, *self._off, *HELP]

    def _misused(self, what: str, hint: str = "") -> Misused:
        return Misused(what, hint or f"see sou {self._command.name} --help")


def _text(argument: str) -> str:
    """Return an argument that is no path as text: its bytes may be GB18030."""
    return shown_raw(argument).encode("utf-8", "replace").decode()


def _excluded(flags: Mapping[str, Flag]) -> re.Pattern[str]:
    """Return the pattern of a NOT that looks like an option."""
    letters = "".join(name[1] for name in (*flags, *HELP) if name[1] != "-")
    return re.compile(
        r"-(?=[^-A-Za-z0-9])"  # -旅游, -"…"
        r"|-(?=[a-z]{4,7}[:：])"  # -title:…
        rf"|-(?=[^-{letters}][^-])"  # -PPT, -5G: no option begins so
    )


def _alike(name: str, names: list[str]) -> str:
    """Return the options that may have been meant."""
    from difflib import get_close_matches

    meant = get_close_matches(name, [one for one in names if one.startswith("--")])
    return f"did you mean {' or '.join(meant)}?" if meant else ""
