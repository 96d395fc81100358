"""What sou.json says: read with distrust, and written."""

from __future__ import annotations

import os
from typing import Any

from search.model.frozen import fields, frozen, replace
from search.model.source_rule import CONSTANTS, SourceRule
from search.storage.relative_paths import found, kept, leads_out
from search.system.checksums import (
    Stamp,
    Wrong,
    is_generation,
    is_number,
    is_path,
    sealed,
    stamp_of,
    table_of,
)

FORMAT = "sou.index/1"


def analysis() -> dict[str, int]:
    """Return the versions of everything that decides what is in an index."""
    from search.analysis import fold, segment

    return {"fold": fold.VERSION, "segment": segment.VERSION, "schema": SCHEMA_VERSION}


SCHEMA_VERSION = 6
"""Raised with every change of what the engine writes (docs/index-format.md)."""


@frozen
class Source:
    """A file or folder that an index is made from: where it is, and as it was given.

    `root` is absolute. In sou.json, what lies beside the index is relative to the folder that
    holds the index (`beside`), so that the two can be moved and copied together.

    `named` is what the ids of its articles are made of, where that is not `shown`. It is set
    when a source is new, and stays wherever the source or the index goes (`named_for_ids`).
    """

    root: str
    shown: str
    named: str = ""


@frozen
class State:
    """What sou.json says. `updated` is the UTC time of the last change, ISO 8601.

    `change` is the number of that change, which the names of the two lists have in them;
    `segments` and `files` are the stamps of these. An index of another version has none.
    `rules` is what was said of papers with `--source`.
    """

    generation: str
    analysis: dict[str, int]
    sources: tuple[Source, ...]
    updated: str
    change: int = 0
    segments: Stamp = Stamp()
    files: Stamp = Stamp()
    rules: tuple[SourceRule, ...] = ()


def next_state(
    before: State | None,
    generation: str,
    sources: tuple[Source, ...],
    rules: tuple[SourceRule, ...],
    words: int,
) -> State:
    """Return what sou.json is to say after the next change; `words` tells the user's own words."""
    from datetime import UTC, datetime

    updated = datetime.now(UTC).isoformat(timespec="seconds")
    versions = {**analysis(), "words": words}
    change = (before.change if before else 0) + 1
    return State(generation, versions, sources, updated, change, rules=rules)


_MOST_CHANGES = 1 << 53
_MOST_RULES = 1_000
_LONGEST = 4_000
"""Characters of a text in what is said of a source."""
_TEXTS_OF_RULE = (*CONSTANTS, "pattern")


class OtherFormat(Wrong):
    """A sou.json of another format than ours."""


def encoded(state: State, beside: str) -> bytes:
    """Return sou.json of an index that lies in the folder `beside`."""
    sources = [
        {"root": kept(s.root, beside), "shown": s.shown} | ({"named": s.named} if s.named else {})
        for s in state.sources
    ]
    whole = {"schema": FORMAT, **fields(state), "sources": sources}
    whole["rules"] = [_kept_rule(rule, beside) for rule in state.rules]
    if not state.rules:  # an index without any is as it was
        del whole["rules"]
    stamps = {"segments": state.segments, "files": state.files}
    return sealed(whole | {name: [stamp.size, stamp.crc] for name, stamp in stamps.items()})


def decoded(data: Any, beside: str, *, bears: bool) -> State:
    """Return what sou.json says of an index that lies in the folder `beside`."""
    values = table_of(data, "what is in it")
    schema = values.get("schema")
    family = FORMAT[: FORMAT.index("/") + 1]
    if not (isinstance(schema, str) and schema.startswith(family) and schema.isprintable()):
        raise Wrong("it does not say its format")
    if schema != FORMAT:
        raise OtherFormat(schema[:40])
    missing = {"generation", "analysis", "sources", "updated"} - values.keys()
    if missing:
        raise Wrong(f"it lacks {min(missing)}")
    sources, updated = values["sources"], values["updated"]
    if not (isinstance(values["generation"], str) and is_generation(values["generation"])):
        raise Wrong("the name of the generation is not valid")
    if not isinstance(sources, list):
        raise Wrong("the list of sources is missing")
    if not (isinstance(updated, str) and _shape(updated) == "0000-00-00T00:00:00+00:00"):
        raise Wrong("the time of its last change is not a time")
    versions = _versions(values["analysis"])
    places = tuple(_source(source, beside) for source in sources)
    rules = _rules(values.get("rules", []), beside)
    state = State(values["generation"], versions, places, updated, rules=rules)
    if versions.get("schema") != SCHEMA_VERSION:
        return state  # to be rebuilt: what it was made from is enough
    if not bears:
        raise Wrong("it lacks its checksum")
    if not (is_number(values.get("change")) and 0 < values["change"] < _MOST_CHANGES):
        raise Wrong("the number of its last change is not valid")
    return replace(
        state,
        change=values["change"],
        segments=stamp_of(values.get("segments"), "segments"),
        files=stamp_of(values.get("files"), "files"),
    )


def _versions(data: Any) -> dict[str, int]:
    """Return the versions of an analysis by the names of what they are of."""
    values = table_of(data, "analysis")
    for name, version in values.items():
        # Words of ASCII letters: they are printed.
        if not (name.isascii() and name.isidentifier() and len(name) < 40 and is_number(version)):
            raise Wrong("a version of its analysis is not a number, or has no name")
    return values


def _source(data: Any, beside: str) -> Source:
    values = table_of(data, "a source")
    root, shown = values.get("root"), values.get("shown")
    if not (is_path(root) and is_path(shown) and _can_be_named(root) and _can_be_named(shown)):
        raise Wrong("a source has no name")
    if os.path.normpath(root) != root or leads_out(root):
        raise Wrong("a source is not a folder")
    named = values.get("named", "")
    if named != "" and not (is_path(named) and _can_be_named(named)):
        raise Wrong("the name of a source for ids is not valid")
    return Source(found(root, beside), shown, named)


def _rules(data: Any, beside: str) -> tuple[SourceRule, ...]:
    """Return what is said of some papers; an index need not say anything."""
    if not isinstance(data, list) or len(data) > _MOST_RULES:
        raise Wrong("what is said of its sources is no list")
    return tuple(_rule(rule, beside) for rule in data)


def _kept_rule(rule: SourceRule, beside: str) -> dict[str, Any]:
    told = {name: value for name, value in fields(rule).items() if value and name != "typed"}
    return told | {"path": kept(rule.path, beside)}


def _rule(data: Any, beside: str) -> SourceRule:
    """Return what is said of some papers. Whether its pattern is one is seen where it is used."""
    values = table_of(data, "what is said of a source")
    texts = {name: values.get(name, "") for name in (*_TEXTS_OF_RULE, "path", "shown")}
    columns = values.get("columns", [])
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts.values()):
        raise Wrong("what is said of a source is no text")
    path = texts["path"]
    if not (is_path(path) and is_path(texts["shown"]) and _can_be_named(path)) or leads_out(path):
        raise Wrong("a source of which something is said has no name")
    if not (
        isinstance(columns, list)
        and len(columns) <= _MOST_RULES
        and all(isinstance(pair, list) and len(pair) == 2 for pair in columns)
        and all(
            isinstance(name, str) and len(name) <= _LONGEST for pair in columns for name in pair
        )
    ):
        raise Wrong("the columns of a source are not valid")
    pairs = tuple((field, column) for field, column in columns)
    rest = {name: texts[name] for name in _TEXTS_OF_RULE}
    return SourceRule(found(path, beside), texts["shown"], **rest, columns=pairs, typed=True)


def _can_be_named(text: str) -> bool:
    """Return whether a file system takes a text: JSON can also hold what none does."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _shape(text: str) -> str:
    """Return a text with a 0 for each digit."""
    return "".join("0" if char in "0123456789" else char for char in text)
