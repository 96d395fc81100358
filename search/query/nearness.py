"""What stands on the sides of NEAR and ADJ, put together."""

from __future__ import annotations

from collections.abc import Sequence

from search.model.errors import QueryError
from search.query.ast import Near, Node, strings_of
from search.query.lexer import Token


def near_each_other(
    query: str, sides: Sequence[tuple[Token, Node]], operators: Sequence[Token]
) -> Near:
    """Return the pattern of some sides, each with the token it begins with, and what joins them.

    Raises QueryError where a side is no string, or the sides look in several fields.
    """
    name = operators[0].kind
    parts, boost = [], 1.0
    fields: set[str | None] = set()
    for token, side in sides:
        found = strings_of(side)
        if not found:
            message = f"only words, quoted strings or an OR of them can stand beside {name}"
            raise QueryError(message, query, token.start, token.end)
        parts.append(tuple(dict.fromkeys(leaf.text for leaf in found)))
        fields.update(leaf.field for leaf in found)
        boost *= found[0].boost
    if len(fields) > 1:
        raise QueryError(
            f"{name} searches within one field",
            query,
            operators[0].start,
            operators[0].end,
            f"write title:(志愿 {name}/5 服务)",
        )
    gaps = tuple(int(each.text) for each in operators)
    ordered = frozenset(i for i, each in enumerate(operators) if each.kind == "ADJ")
    return Near(tuple(parts), gaps, fields.pop(), boost, ordered)
