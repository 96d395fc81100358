"""What a command, an argument and a flag are: the words in which all of them are declared."""

from __future__ import annotations

from search.model.frozen import frozen

SWITCH, TEXT, NUMBER, PATH = "switch", "text", "number", "path"
"""What a flag takes: nothing, a string, a whole number, the name of a file or folder."""


@frozen
class Flag:
    """A flag of a command, and the keyword by which the command's function takes it.

    `names` are as they are typed, the long one last. `choices` are the only values there are,
    if there are any; a number is not less than `least`. One that is `many` may be given again
    and is a list, or None. `off` is the flag that takes a switch back. `environ` names the
    variable that is taken where the flag is not given.
    """

    name: str
    names: tuple[str, ...]
    help: str
    chinese: str
    kind: str = SWITCH
    metavar: str = ""
    choices: tuple[str, ...] = ()
    default: str | int | bool | None = None
    least: int = 0
    many: bool = False
    off: str = ""
    environ: str = ""

    @property
    def long(self) -> str:
        """The name that says what it is."""
        return self.names[-1]

    @property
    def value(self) -> str:
        """What stands for the value in help; nothing for a switch."""
        return self.metavar or "|".join(self.choices) or ("N" if self.kind == NUMBER else "")


@frozen
class Argument:
    """What a command takes by position. One that is `many` is a list."""

    name: str
    metavar: str
    help: str
    chinese: str
    kind: str = TEXT
    many: bool = False
    needed: bool = True

    @property
    def shown(self) -> str:
        """How it is written in a usage line."""
        word = self.metavar if self.needed else f"[{self.metavar}]"
        return f"{word}..." if self.many else word


@frozen
class Command:
    """A command: the function of a module that carries it out, and what it takes.

    The first paragraph of `help` says what it does, in a sentence. Words of a query that begin
    with `-` are what is not to be found, in a command that is `asking`.
    """

    name: str
    function: str
    help: str
    chinese: str
    arguments: tuple[Argument, ...] = ()
    flags: tuple[Flag, ...] = ()
    asking: bool = False
