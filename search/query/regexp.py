r"""Regular expressions over folded text: compiled by `regex`, which can stop in time.

`re` cannot be stopped: `(a|a)*b` keeps it busy for ever. The index cannot run an expression,
but it can say which articles hold the strings that every match must contain: `required`.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

from search.errors import LimitError
from search.query.limits import REGEX_SECONDS
from search.query.tree import And, Everything, Node, Or, Phrase
from search.text.fold import fold_character

_WAYS = 16
"""Strings that are looked for one by one, where a part of an expression matches only these."""


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Any:
    """Return a folded pattern compiled. Raises `regex.error`, also for one far too large."""
    import regex

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of set operations that may come one day
        try:
            return regex.compile(pattern, regex.VERSION0)
        except (RecursionError, OverflowError, MemoryError) as exc:
            raise regex.error("it is too large") from exc


def too_slow(pattern: str) -> LimitError:
    """Return the error that says that an expression took too long."""
    return LimitError(
        f"the regular expression /{pattern}/ was given up after {REGEX_SECONDS:g} s",
        "put a string of two characters or more into it that every match has, add a word that"
        " the articles must have, or leave out a * or + inside another",
    )


def folded_pattern(pattern: str) -> str:
    r"""Fold the text in a pattern, and leave its signs as they are.

    >>> folded_pattern(r"網格\S+Ａ")
    '网格\\S+a'
    """
    out: list[str] = []
    after = ""
    for char in pattern:
        if after == "\\" or out[-2:] == ["(", "?"]:  # \S is not \s, and (?P not (?p
            out.append(char)
            after = ""
            continue
        after = char
        if char.isascii():
            out.append(char.lower() if char.isalpha() else char)
            continue
        folded = fold_character(char)
        # A full-width sign is text: it stands for the character that it folds to.
        out += [f"\\{c}" if c.isascii() and not c.isalnum() and c != " " else c for c in folded]
    return "".join(out)


def required(pattern: str, field: str | None) -> Node:
    """Return a tree that finds every article in which the pattern can match.

    Everything, where nothing is known for certain.
    """
    if not _is_common(pattern):
        return Everything()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parser, sre = _parser()
            parsed = parser.parse(pattern)
        except (sre.error, RecursionError, OverflowError):
            return Everything()
    return _required(parsed, field)


def _parser() -> tuple[Any, Any]:
    """Return Python's own parser of regular expressions, and `re`."""
    import re
    from re import _parser as parser  # type: ignore[attr-defined]

    return parser, re


def _is_common(pattern: str) -> bool:
    """Tell whether `re` and `regex` read a pattern in the same way.

    Not where it has a class such as [[:alpha:]], or braces that are no number of times, which
    `regex` takes for how many mistakes it may make.
    """
    import re

    braces = re.sub(r"\\.|\{\d+(?:,\d*)?\}", "", pattern)
    return "{" not in braces and "[:" not in pattern and "[[" not in pattern


def _required(items: Any, field: str | None) -> Node:
    """Return what a sequence needs: its runs of characters, and what its parts need."""
    found: list[Node] = []
    run = [""]
    for name, value in items:
        kind = str(name)
        if kind == "AT":  # a place, not a character
            continue
        exact = _exact(kind, value)
        if exact and len(exact) * len(run) <= _WAYS:
            run = [before + more for before in run for more in exact]
        else:
            found += [_any_of(run, field), _required_by(kind, value, field)]
            run = [""]
    found.append(_any_of(run, field))
    wanted = tuple(node for node in found if not isinstance(node, Everything))
    if not wanted:
        return Everything()
    return wanted[0] if len(wanted) == 1 else And(wanted)


def _exact(kind: str, value: Any) -> list[str]:
    """Return all strings that an item matches; none where they are not few and known."""
    if kind == "LITERAL":
        return [_character(value)]
    if kind == "IN":
        known = all(str(name) == "LITERAL" for name, _ in value)
        return [_character(code) for _, code in value] if known else []
    if kind == "SUBPATTERN":
        return _exact_all(value[3])
    if kind == "BRANCH":
        ways = [_exact_all(branch) for branch in value[1]]
        return [way for branch in ways for way in branch] if all(ways) else []
    return []


def _character(code: int) -> str:
    r"""Return a character as it stands in folded text, where alone it can match.

    So flags need no thought: under (?i), `\x41` matches a; without, it matches nothing.
    """
    return fold_character(chr(code)) or chr(code)


def _exact_all(items: Any) -> list[str]:
    """Return all strings that a sequence matches; none where they are not few and known."""
    found = [""]
    for name, value in items:
        exact = _exact(str(name), value)
        if not exact or len(exact) * len(found) > _WAYS:
            return []
        found = [before + more for before in found for more in exact]
    return found


def _any_of(strings: list[str], field: str | None) -> Node:
    if not all(strings):
        return Everything()
    found = tuple(Phrase(string, field) for string in dict.fromkeys(strings))
    return found[0] if len(found) == 1 else Or(found)


def _required_by(kind: str, value: Any, field: str | None) -> Node:
    """Return what one item needs that is no character."""
    if kind == "SUBPATTERN":
        return _required(value[3], field)
    if kind == "ATOMIC_GROUP":
        return _required(value, field)
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and value[0] > 0:
        return _required(value[2], field)
    if kind == "BRANCH":
        return _either([_required(branch, field) for branch in value[1]])
    return Everything()


def _either(branches: list[Node]) -> Node:
    if any(isinstance(branch, Everything) for branch in branches):
        return Everything()
    return Or(tuple(branches))
