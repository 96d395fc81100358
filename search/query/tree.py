"""The query as a tree: what the parser makes, the engines answer and `--explain` shows.

Texts in the tree are folded (`search.text.fold`). A leaf without a field looks in every
field of `TEXT_FIELDS`.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from typing import TypeAlias

from search.record import record, replace

TEXT_FIELDS = ("title", "body", "author")
"""Fields in which a leaf without a field looks: all that a reader of the page would see."""

META_FIELDS = ("paper", "section", "path")
"""Fields that say where an article stands."""

FIELDS = (*TEXT_FIELDS, *META_FIELDS)
"""Every field that can be named in a query, besides dates."""


@record
class Word:
    """A bare chunk: found where the text stands, or where all of its words do."""

    text: str
    field: str | None = None


@record
class Phrase:
    """A quoted string: found exactly where it stands."""

    text: str
    field: str | None = None


@record
class Bag:
    """Plain words, of which any is enough and more rank higher."""

    text: str
    field: str | None = None


@record
class PathGlob:
    """Articles whose path, or a trailing part of it, matches a shell pattern."""

    pattern: str


@record
class DateRange:
    """Articles of the days from `since` to `until`, YYYYMMDD integers, inclusive.

    An article known only by its month or year is found when any of its days is in range.
    """

    since: int = 0
    until: int = 99991231


@record
class Everything:
    """All articles."""


@record
class And:
    """Articles that every child finds."""

    children: tuple[Node, ...]


@record
class Or:
    """Articles that any child finds."""

    children: tuple[Node, ...]


@record
class Not:
    """Articles that the child does not find."""

    child: Node


Leaf: TypeAlias = Word | Phrase | Bag | PathGlob | DateRange | Everything
Node: TypeAlias = Leaf | And | Or | Not
TextLeaf: TypeAlias = Word | Phrase | Bag


def path_matches(path: str, pattern: str) -> bool:
    """Tell whether a path, or what follows one of its slashes, matches a shell pattern."""
    return fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"*/{pattern}")


def conjunction(nodes: list[Node]) -> Node:
    """Return the AND of some nodes: everything for none, the node itself for one."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, And) else [node])
    flat = [node for node in flat if not isinstance(node, Everything)] or flat[:1]
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def positive_leaves(node: Node) -> Iterator[TextLeaf]:
    """Yield the text leaves that speak for an article, not those under a NOT, in order."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from positive_leaves(child)
    elif isinstance(node, Word | Phrase | Bag):
        yield node


def relaxed(node: Node) -> Node | None:
    """Return the query that parts of `node` are enough for, or None if it has no parts.

    Of an AND, any of the text parts is enough, while NOTs, dates and named authors, papers,
    sections and paths hold as before; of a bare chunk, any of its words. A quoted string
    has no parts.
    """
    children = node.children if isinstance(node, And) else (node,)
    optional: list[Node] = []
    strict: list[Node] = []
    for child in children:
        if isinstance(child, Word | Phrase | Bag) and child.field not in {None, "title", "body"}:
            strict.append(child)
        elif isinstance(child, Word):
            optional.append(Bag(child.text, child.field))
        elif isinstance(child, Phrase | Bag | Or):
            optional.append(child)
        else:
            strict.append(child)
    if not optional or (len(optional) == 1 and not isinstance(optional[0], Bag)):
        return None
    any_part = optional[0] if len(optional) == 1 else Or(tuple(optional))
    return conjunction([any_part, *strict])


def within(node: Node, field: str) -> Node:
    """Return `node` with every leaf that names no field looking in `field` alone."""
    if isinstance(node, And | Or):
        return type(node)(tuple(within(child, field) for child in node.children))
    if isinstance(node, Not):
        return Not(within(node.child, field))
    if isinstance(node, Word | Phrase | Bag) and node.field is None:
        return replace(node, field=field)
    return node


def render(node: Node, indent: int = 0) -> list[str]:
    """Return the tree as indented lines, for people."""
    pad = "  " * indent
    if isinstance(node, And | Or):
        name = type(node).__name__.upper()
        return [pad + name, *(line for kid in node.children for line in render(kid, indent + 1))]
    if isinstance(node, Not):
        return [pad + "NOT", *render(node.child, indent + 1)]
    if isinstance(node, DateRange):
        return [f"{pad}date {_day(node.since)}..{_day(node.until)}"]
    if isinstance(node, PathGlob):
        return [f"{pad}path {node.pattern}"]
    if isinstance(node, Everything):
        return [pad + "everything"]
    kinds = {Word: "words", Phrase: "string", Bag: "any of the words"}
    where = f" in {node.field}" if node.field else ""
    return [f"{pad}{kinds[type(node)]} {node.text!r}{where}"]


def _day(day: int) -> str:
    """Return YYYYMMDD as an ISO date; an open end as nothing."""
    if day in {0, 99991231}:
        return ""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
