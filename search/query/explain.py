"""How a query was read, in lines for people: its tree, and what each leaf looks for."""

from __future__ import annotations

from collections.abc import Iterator

from search.query import query_terms
from search.query.ast import (
    PATTERNS,
    TEXTS,
    And,
    Bag,
    DateRange,
    Everything,
    Exact,
    Fuzzy,
    Known,
    Near,
    Node,
    Not,
    Or,
    Pages,
    PathGlob,
    Pattern,
    Phrase,
    Pinyin,
    Regex,
    WholeWord,
    Wildcard,
    Word,
    leaves,
)


def explained(tree: Node, looser: Node | None = None) -> Iterator[str]:
    """Yield the lines of an explanation; `looser` is the tree of partial matches."""
    yield "The query was read as"
    yield from (f"  {line}" for line in render(tree))
    for leaf in dict.fromkeys(leaves(tree)):
        if isinstance(leaf, TEXTS):
            words, pairs = query_terms.words(leaf.text), query_terms.pairs(leaf.text)
            yield (f"{leaf.text!r}: words {' '.join(words) or '-'}; pairs {' '.join(pairs) or '-'}")
            if isinstance(leaf, Word) and (parts := _parts(leaf.text)):
                yield f"{leaf.text!r}: as it is, or all of {parts}"
        elif isinstance(leaf, PATTERNS):
            yield from (f"{leaf.written!r}: {line}" for line in _meant(leaf))
    if looser:
        yield "and for partial matches, as"
        yield from (f"  {line}" for line in render(looser))


def _parts(text: str) -> str:
    """Return the strings that a bare chunk is found by where it does not stand as it is."""
    choices = query_terms.all_of(text)
    if choices in {(), ((text,),)}:
        return ""
    return ", ".join(" or ".join(map(repr, choice)) for choice in choices)


def _meant(leaf: Pattern) -> Iterator[str]:
    """Yield what a pattern looks for, where it does not say so itself."""
    if isinstance(leaf, Pinyin):
        from search.query.pinyin import characters

        for reading in leaf.readings:
            sizes = (f"{syllable} ({len(characters(syllable))} characters)" for syllable in reading)
            yield " ".join(sizes)
    elif isinstance(leaf, Regex):
        from search.query.regular_expressions import required

        needed = required(leaf.pattern, leaf.field)
        if isinstance(needed, Everything):
            yield "no string is known that every match contains, so it is tried on every article"
        else:
            yield "tried on the articles that contain"
            yield from (f"  {line}" for line in render(needed))


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
    if isinstance(node, Known):
        return [f"{pad}{node.field} is known"]
    if isinstance(node, Everything):
        return [pad + "everything"]
    if isinstance(node, Pages):
        return [pad + "in the records of pages"]
    kind, text = _KINDS[type(node)], node.text if isinstance(node, TEXTS) else node.written
    where = f" in {node.field}" if node.field else ""
    times = f" times {node.boost:g}" if node.boost != 1 else ""
    forms = node.forms if isinstance(node, (Word, Phrase)) else ()
    written = "".join(f" or {form!r}" for form in forms)
    return [f"{pad}{kind} {text!r}{written}{where}{times}"]


_KINDS: dict[type, str] = {
    Word: "words",
    Phrase: "string",
    Bag: "any of the words",
    Wildcard: "wildcards",
    Fuzzy: "nearly",
    WholeWord: "whole words",
    Near: "near each other",
    Pinyin: "read as",
    Regex: "regular expression",
    Exact: "exactly",
}


def _day(day: int) -> str:
    """Return YYYYMMDD as an ISO date; an open end as nothing."""
    if day in {0, 99991231}:
        return ""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
