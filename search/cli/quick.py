"""The commonest calls of `sou search`, read without loading Typer.

Typer takes 0.3 s of CPU before it calls a command, most of it for libraries that check the
types of options; a search in a pipe takes a third of that. So the flags that scripts use
are read here, and anything else at all, mistakes included, is left to Typer. A test holds
the two against each other.
"""

from __future__ import annotations

from pathlib import Path

from search.cli.flags import Flags
from search.cli.searching import Call

FORMATS = {"plain", "json", "jsonl", "csv", "tsv", "paths", "trec"}


def read(arguments: list[str], environ_index: str | None = None) -> Call | None:
    """Return the call that the arguments of `sou search` make; None leaves them to Typer."""
    words: list[str] = []
    on: set[str] = set()
    values: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        if argument in _FLAGS:
            on.add(_FLAGS[argument])
        elif argument in _VALUES:
            value = next(rest, None)
            if value is None or value.startswith("-") or _VALUES[argument] in values:
                return None
            values[_VALUES[argument]] = value
        elif argument.startswith("-"):
            return None
        else:
            words.append(argument)
    limit = values.get("limit")
    if not words or not (limit is None or (limit.isascii() and limit.isdigit())):
        return None
    if len(limit or "") > _DIGITS:
        return None
    if values.get("format") not in {None, *FORMATS}:
        return None
    index = values.get("index") or environ_index
    return Call(
        tuple(words),
        Flags(
            int(limit) if limit else None,
            any_="any" in on,
            literal="literal" in on,
            partial="no_partial" not in on,
            dedupe="no_dedupe" not in on,
            synonyms="no_synonyms" not in on,
        ),
        values.get("format"),
        "files" in on,
        "count" in on,
        "nul" in on,
        Path(index) if index else None,
    )


_DIGITS = 9
"""Of a number that is read here."""

_FLAGS = {
    "-l": "files",
    "--files": "files",
    "-c": "count",
    "--count": "count",
    "-0": "nul",
    "--null": "nul",
    "-F": "literal",
    "--literal": "literal",
    "--any": "any",
    "--no-partial": "no_partial",
    "--no-dedupe": "no_dedupe",
    "--no-synonyms": "no_synonyms",
}
_VALUES = {
    "-n": "limit",
    "--limit": "limit",
    "-f": "format",
    "--format": "format",
    "--index": "index",
}
