# For each of 100,000 papers, paths are cut by hand.
# ruff: noqa: PTH100, PTH111, PTH118, PTH206
"""Rules: what `[[source]]` of sou.toml and `--source` may say, and which papers they are about."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from search.model.frozen import replace
from search.model.source_rule import CONSTANTS, SourceRule
from search.papers.field_names import FIELDS
from search.papers.given.pattern import PatternError, parsed_pattern
from search.system.files import inside

KEYS = ("path", *CONSTANTS, "pattern", "columns")
MOST_RULES = 200
_MOST_CHARACTERS = 1_000
_MOST_STARS = 8
"""In a path."""


class RuleError(ValueError):
    """What is wrong with a rule."""


def parsed_rule(values: Mapping[str, Any], base: str, *, typed: bool = False) -> SourceRule:
    """Return the rule that a table of values says; its path is taken from the folder `base`.

    Raises RuleError, which says what is wrong.
    """
    unknown = next((key for key in values if key not in KEYS), None)
    if unknown is not None:
        raise RuleError(f"unknown key {unknown!r:.60}; the keys are {', '.join(KEYS)}")
    texts = {}
    for key in ("path", *CONSTANTS, "pattern"):
        value = values.get(key, "")
        if not isinstance(value, str) or "\0" in value or len(value) > _MOST_CHARACTERS:
            raise RuleError(f"{key} cannot be {value!r:.60}")
        texts[key] = value.strip()
    shown = texts.pop("path")
    if not shown:
        raise RuleError("it has no path; path is a file, a folder, or a glob such as 扫描/*.txt")
    rule = SourceRule("", shown, **texts, columns=_columns(values.get("columns", {})), typed=typed)
    if rule.pattern:
        try:
            parsed_pattern(rule.pattern)
        except PatternError as exc:
            raise RuleError(f"the pattern {rule.pattern!r:.80} is wrong: {exc}") from exc
    if shown.count("*") + shown.count("?") > _MOST_STARS:
        raise RuleError(f"its path has more than {_MOST_STARS} * and ?")
    return replace(rule, path=_place(shown, base))


def _columns(value: Any) -> tuple[tuple[str, str], ...]:
    """Return pairs of fields and columns; a field may have several, the first of them counts."""
    if not isinstance(value, Mapping):
        raise RuleError(f'columns cannot be {value!r:.60}; write columns = {{title = "题名"}}')
    pairs = []
    for field, names in value.items():
        if field not in FIELDS:
            raise RuleError(f"columns: {field!r:.40} is no field; they are {', '.join(FIELDS)}")
        for name in names if isinstance(names, list) and names else [names]:
            if not (isinstance(name, str) and name.strip() and len(name) <= _MOST_CHARACTERS):
                raise RuleError(f"columns: {field} cannot be {names!r:.60}")
            pairs.append((field, name.strip()))
    return tuple(pairs)


def _place(shown: str, base: str) -> str:
    """Return where a path is; of a glob the folders above the first `*` or `?` are real ones."""
    whole = os.path.abspath(os.path.join(base, os.path.expanduser(shown)))
    parts = whole.split(os.sep)
    fixed = next((i for i, part in enumerate(parts) if "*" in part or "?" in part), len(parts))
    real = os.path.realpath(os.sep.join(parts[:fixed]) or os.sep)
    return os.sep.join([real.rstrip(os.sep), *parts[fixed:]]) or os.sep


_TYPED = re.compile(r",(?=(?:path|paper|edition|section|pattern|columns\.[a-z]{2,9})=)")


def typed_rule(text: str, base: str) -> SourceRule:
    """Return the rule of a flag: `path=扫描,paper=青岚日报,pattern={date}_{page},columns.title=题名`.

    A comma that no key follows belongs to the value before it. Raises RuleError.
    """
    values: dict[str, Any] = {}
    columns: dict[str, list[str]] = {}
    for part in _TYPED.split(text):
        key, equals, value = part.partition("=")
        if not equals:
            raise RuleError(f"{part!r:.60} is no KEY=VALUE; the keys are {', '.join(KEYS)}")
        if key.startswith("columns."):
            columns.setdefault(key.removeprefix("columns."), []).append(value)
        elif key in values:
            raise RuleError(f"{key} stands in it twice")
        else:
            values[key] = value
    return parsed_rule(values | ({"columns": columns} if columns else {}), base, typed=True)


def is_about(rule: SourceRule, place: str) -> bool:
    """Return whether a rule is about the file at a place."""
    if not rule.is_glob:
        return inside(place, rule.path)
    wanted, there = rule.path.split(os.sep), place.split(os.sep)
    reached = {0}
    for name in wanted:
        if name == "**":
            reached = set(range(min(reached), len(there) + 1))
        else:
            bare = name.replace("[", "[[]")
            reached = {at + 1 for at in reached if at < len(there) and fnmatchcase(there[at], bare)}
        if not reached:
            return False
    return True


def most_specific(rules: Iterable[SourceRule]) -> list[SourceRule]:
    """Return rules in the order in which they count: that which names the longest path first.

    Of two with one path, that of a command line counts, then the later one.
    """
    order = [
        (len(re.sub(r"[*?]", "", rule.path)), not rule.is_glob, rule.typed, number, rule)
        for number, rule in enumerate(rules)
    ]
    return [rule for *_, rule in sorted(order, key=lambda each: each[:4], reverse=True)]


def with_typed(known: Sequence[SourceRule], typed: Iterable[SourceRule]) -> tuple[SourceRule, ...]:
    """Return the rules that an index remembers when others are given for it.

    One takes the place of that with its path; one that says nothing takes that away.
    """
    rules = {rule.path: rule for rule in known}
    for rule in typed:
        rules.pop(rule.path, None)
        if not rule.says_nothing:
            rules[rule.path] = rule
    return tuple(rules.values())


def described(rule: SourceRule) -> str:
    """Return what a rule says, on one line."""
    said = [(name, getattr(rule, name)) for name in (*CONSTANTS, "pattern")]
    said += [(f"columns.{field}", column) for field, column in rule.columns]
    return ", ".join(f"{name} {value}" for name, value in said if value)
