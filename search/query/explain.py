"""How a query was read, in lines for people: its tree, and what each leaf looks for."""

from __future__ import annotations

from collections.abc import Iterator

from search.query import query_terms
from search.query.ast import (
    PATTERNS,
    TEXTS,
    Everything,
    Node,
    Pattern,
    Pinyin,
    Regex,
    Word,
    leaves,
    render,
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
