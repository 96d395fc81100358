r"""Regular expressions over folded text: compiled by `regex`, which can stop in time.

`re` cannot be stopped: `(a|a)*b` keeps it busy for ever. The index cannot run an expression,
but it can say which articles hold the strings that every match must contain: `required`.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from search.analysis.fold import CJK, DOTS_LEFT, fold_character
from search.model.errors import LimitError
from search.query.ast import And, Everything, Node, Or, Phrase
from search.query.limits import REGEX_SECONDS, REGEX_TEXT
from search.query.regex_parts import (
    Branch,
    Characters,
    Group,
    Part,
    Parts,
    Place,
    Repeat,
    Unknown,
    parts_of,
)
from search.query.scan import COMMENT, SET, scan
from search.system.whole_process import CHANGING

if TYPE_CHECKING:
    import regex

_AT_ONCE = 0.5
"""Seconds to try an expression on an empty text."""

_SPACED = rf"[^\W{CJK}]"
_BOUNDARY = rf"\b|(?<={_SPACED})(?=[{CJK}])|(?<=[{CJK}])(?={_SPACED})"
_BOUNDARIES = {r"\b": f"(?:{_BOUNDARY})", r"\B": f"(?!{_BOUNDARY})"}

_WAYS = 16
"""Strings that are looked for one by one, where a part of an expression matches only these."""


@lru_cache(maxsize=64)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return a folded pattern compiled. Raises Refused, or `regex.error` for all else."""
    import regex

    pattern = _with_boundaries(_without_memory(pattern))
    with CHANGING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of set operations that may come one day
        try:
            return regex.compile(pattern, regex.VERSION0)
        except regex.error:
            raise
        except Exception as exc:  # a parser of another's has many ways to fail
            raise regex.error(str(exc) or "it is too large") from exc


def _without_memory(pattern: str) -> str:
    """Return a pattern whose groups keep no text that nobody asks for.

    In a repeated group, `regex` keeps every text there was.
    """
    seen = scan(pattern)
    if seen.refers:
        return pattern
    for start, end in reversed(seen.groups):
        pattern = f"{pattern[:start]}(?:{pattern[end:]}"
    return pattern


def _with_boundaries(pattern: str) -> str:
    r"""Return a pattern whose \b also stands between Chinese and letters of another script.

    To `regex` both are letters of one word: AI技术.
    """
    if "\\b" not in pattern.lower():
        return pattern

    def meant(match: re.Match[str]) -> str:
        return _BOUNDARIES.get(match[0], match[0])

    return re.sub(rf"{COMMENT}|{SET}|\\.", meant, pattern, flags=re.DOTALL)


def matches_nothing(pattern: str) -> bool:
    """Return whether a pattern matches an empty text. Raises as `compiled` does.

    One that cannot say so at once is no expression that can be used.
    """
    import regex

    try:
        return compiled(pattern).match("", timeout=_AT_ONCE) is not None
    except (TimeoutError, MemoryError) as exc:
        raise regex.error("there are too many ways to match it") from exc


def spans(pattern: str, value: str, seconds: float | None) -> list[tuple[int, int]]:
    """Return where a pattern matches, also the empty places. Raises LimitError."""
    if len(value) > REGEX_TEXT:
        raise LimitError(
            f"the regular expression /{pattern}/ would have to be tried on a text of"
            f" {len(value):,} characters; the limit is {REGEX_TEXT:,}",
            "leave such texts out with --path, --paper or --since, or search for words instead",
        )
    if seconds is not None and seconds <= 0:
        raise too_slow(pattern)
    try:
        return [match.span() for match in compiled(pattern).finditer(value, timeout=seconds)]
    except TimeoutError as exc:
        raise too_slow(pattern) from exc
    except MemoryError as exc:
        raise LimitError(
            f"the regular expression /{pattern}/ takes too much memory",
            "leave out a * or + inside another, or a group inside one",
        ) from exc


def too_slow(pattern: str) -> LimitError:
    """Return the error that says that an expression took too long."""
    return LimitError(
        f"the regular expression /{pattern}/ was stopped after {REGEX_SECONDS:g} s",
        "add a string of two characters or more that every match contains, add a word that"
        " the articles must have, or leave out a * or + inside another",
    )


def folded_pattern(pattern: str) -> str:
    r"""Fold the text in a pattern, and leave its signs as they are.

    A square bracket that is text (`\[`) is what it folds to, a round one; and of dashes or dots
    in a row, as many are left as of those in a text.

    >>> folded_pattern(r"網格\S+Ａ"), folded_pattern(r"\[[0-9]+】——")
    ('网格\\S+a', '\\([0-9]+\\)\\-')
    """
    import re

    out: list[str] = []
    begin = 0  # where the set begins that is open: a ] right there is text
    for item in re.findall(r"(?s:\(\?.|\\.|\[:\^?\w+:\]|\[\^?|.)", pattern):
        if item == "]" and begin and len(out) > begin:
            out.append(item)
            begin = 0
        elif item[0] == "[" and not begin:
            out.append(item)
            begin = 0 if item[-1] == "]" else len(out)
        else:
            out += _folded_item(item)
        if not begin:
            _shorten(out)
    return "".join(out)


def _folded_item(item: str) -> list[str]:
    """Fold an item of a pattern that neither begins nor ends a set."""
    sign, rest = item[0], item[1:]
    if not item.isascii() and (len(item) == 1 or sign == "\\"):
        # A full-width sign is text: it stands for the character that it folds to.
        return [f"\\{c}" if _is_sign(c) else c for c in fold_character(item[-1])]
    if sign == "\\" and rest:
        return [sign + _TEXT.get(rest, rest)]  # \S is not \s
    if item in _TEXT:
        return [f"\\{_TEXT[item]}"]
    if item == "[^":
        return [f"\\{_TEXT[sign]}", rest]
    return [item if rest else item.lower()]  # (?P is not (?p


_TEXT = {"[": "(", "]": ")", "'": '"', "`": '"'}
"""What signs of ASCII fold to, that mean themselves."""


def _is_sign(char: str) -> bool:
    return char.isascii() and not char.isalnum() and char != " "


def _shorten(out: list[str]) -> None:
    """Drop the last of dashes or dots in a row that folding does not leave in a text."""
    if out[-2:-1] in (["-"], ["\\-"]) and out[-1] in {"-", "\\-"}:
        out.pop()
    while out[-DOTS_LEFT - 1 :] == ["\\."] * (DOTS_LEFT + 1):
        out.pop()


def required(pattern: str, field: str | None) -> Node:
    """Return a tree that finds every article in which the pattern can match.

    Everything, where nothing is known for certain.
    """
    if not _is_common(pattern):
        return Everything()
    try:
        parts = parts_of(pattern)
    except Unknown:  # then nothing is known
        return Everything()
    return _required(parts, field)


def _is_common(pattern: str) -> bool:
    """Return whether a pattern is one that `regex_parts` can read as `regex` does.

    Not where it has a class such as [[:alpha:]], or braces that are no number of times, which
    `regex` takes for how many mistakes it may make.
    """
    braces = re.sub(r"\\.|\{\d+(?:,\d*)?\}", "", pattern)
    return "{" not in braces and "[:" not in pattern and "[[" not in pattern


def _required(parts: Parts, field: str | None) -> Node:
    """Return what a sequence needs: its runs of characters, and what its parts need."""
    found: list[Node] = []
    run = [""]
    for part in parts:
        if isinstance(part, Place):
            continue
        exact = _exact(part)
        if exact and len(exact) * len(run) <= _WAYS:
            run = [before + more for before in run for more in exact]
        else:
            found += [_any_of(run, field), _required_by(part, field)]
            run = [""]
    found.append(_any_of(run, field))
    wanted = tuple(node for node in found if not isinstance(node, Everything))
    if not wanted:
        return Everything()
    return wanted[0] if len(wanted) == 1 else And(wanted)


def _exact(part: Part) -> list[str]:
    """Return all strings that a part matches; none where they are not few and known."""
    match part:
        case Characters(characters):
            return [_character(char) for char in characters]
        case Group(parts, False):
            return _exact_all(parts)
        case Branch(branches):
            ways = [_exact_all(branch) for branch in branches]
            return [way for branch in ways for way in branch] if all(ways) else []
        case _:
            return []


def _character(char: str) -> str:
    r"""Return a character as it stands in folded text, where alone it can match.

    So flags need no thought: under (?i), `\x41` matches a; without, it matches nothing.
    """
    return fold_character(char) or char


def _exact_all(parts: Parts) -> list[str]:
    """Return all strings that a sequence matches; none where they are not few and known."""
    found = [""]
    for part in parts:
        exact = _exact(part)
        if not exact or len(exact) * len(found) > _WAYS:
            return []
        found = [before + more for before in found for more in exact]
    return found


def _any_of(strings: list[str], field: str | None) -> Node:
    if not all(strings):
        return Everything()
    found = tuple(Phrase(string, field) for string in dict.fromkeys(strings))
    return found[0] if len(found) == 1 else Or(found)


def _required_by(part: Part, field: str | None) -> Node:
    """Return what one part needs that is no character."""
    match part:
        case Group(parts):
            return _required(parts, field)
        case Repeat(parts, least) if least:
            return _required(parts, field)
        case Branch(branches):
            return _either([_required(branch, field) for branch in branches])
        case _:
            return Everything()


def _either(branches: list[Node]) -> Node:
    if any(isinstance(branch, Everything) for branch in branches):
        return Everything()
    return Or(tuple(branches))
