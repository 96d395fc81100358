"""Queries that are read whole before they mean what they say: chunks under NOT, whole words."""

from __future__ import annotations

from search.analysis.fold import is_spaced
from search.model.errors import LimitError
from search.query.ast import And, Node, Not, Or, Phrase, WholeWord, Word, changed, leaves
from search.query.limits import PATTERNS
from search.query.query_terms import all_of


def strict(node: Node, *, negated: bool = False) -> Node:
    """Return `node` with each bare chunk under a NOT the string that it is.

    What is thrown away for its scattered words would never be seen. A NOT within a NOT asks
    for something again.
    """
    match node:
        case And(children) | Or(children):
            return type(node)(tuple(strict(child, negated=negated) for child in children))
        case Not(child):
            return Not(strict(child, negated=not negated))
        case Word(text, field, boost) if negated:
            return Phrase(text, field, boost, bare=True)
        case _:
            return node


def whole_words(node: Node, *, besides: frozenset[str] = frozenset()) -> Node:
    """Return `node` with all letters and figures of its chunks and strings as whole words.

    Patterns stay as they are, and so does what is asked of some fields `besides`. Raises
    LimitError where there are too many.
    """

    def whole(leaf: Node) -> Node:
        if not isinstance(leaf, (Word, Phrase)) or leaf.field in besides:
            return leaf
        if not any(map(is_spaced, leaf.text)):
            return leaf
        if isinstance(leaf, Phrase):
            return string(leaf.text, leaf)
        choices = all_of(leaf.text) or ((leaf.text,),)
        return _joined(And, [_joined(Or, [string(s, leaf) for s in some]) for some in choices])

    def string(text: str, of: Word | Phrase) -> Node:
        ends = is_spaced(text[0]) or is_spaced(text[-1])
        return (WholeWord if ends else Phrase)(text, of.field, of.boost)

    found = changed(node, whole)
    if sum(isinstance(leaf, WholeWord) for leaf in leaves(found)) > PATTERNS:
        raise LimitError(
            f"a query can have at most {PATTERNS} whole words",
            "ask in several queries: sou batch; or leave out --word",
        )
    return found


def _joined(kind: type[And | Or], nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))
