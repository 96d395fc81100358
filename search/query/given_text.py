"""The text of a query before it is read: what cannot be seen in it, and what was pasted.

A headline that was cut, or copied with half a pair of quotes, is no query with a typing error:
it has Chinese in it, a quote or bracket without its other half, and no operator.
"""

from __future__ import annotations

import re
import unicodedata

from search.analysis.fold import DASHES, HAN, WAVES, fold
from search.model.errors import QueryError
from search.model.frozen import frozen
from search.query import limits
from search.query.lexer import SIGNS, tokens

_SINGLE = re.compile('["＂“”「」『』‘’()（）]')
"""Signs that are of no use without their other half."""


def check_length(text: str) -> None:
    """Refuse a text that is too long for a query."""
    if len(text) > limits.LENGTH:
        raise QueryError(
            f"the query has {len(text):,} characters; the limit is {limits.LENGTH:,}",
            text[:60] + "…",
            0,
            hint="for a whole text, search its headline or first sentence with --any",
        )


def folded(text: str, query: str, start: int, end: int) -> str:
    """Fold a piece of the query; one in which nothing is left is an error."""
    found = fold(text)
    if not found:
        if query.strip():
            raise QueryError("there is nothing to search for here", query, start, end)
        raise QueryError("the query is empty", query, 0, hint="type a word: sou 志愿服务")
    return found


@frozen
class Visible:
    """What can be seen of a text, and where each of its characters stands in that."""

    text: str
    given: str
    places: tuple[int, ...]

    def placed(self, error: QueryError) -> QueryError:
        """Return an error about what is seen as one about what was given."""
        if self.text == self.given:
            return error
        start = self.places[error.start] if error.start < len(self.text) else len(self.given)
        last = min(error.end, len(self.text)) - 1
        end = self.places[last] + 1 if last >= error.start else start + 1
        return QueryError(error.message, self.given, start, end, error.hint)


def visible(text: str) -> Visible:
    """Return a text without its invisible characters (zero-width, direction, control)."""
    if text.isprintable():
        return Visible(text, text, ())
    places = tuple(i for i, char in enumerate(text) if not _is_invisible(char))
    return Visible("".join(text[i] for i in places), text, places)


def _is_invisible(char: str) -> bool:
    hidden = not char.isspace() and unicodedata.category(char) in {"Cc", "Cf"}
    return hidden and not fold(char)


def as_plain_text(text: str) -> str | None:
    """Return a text that cannot be read as a query without its quotes and brackets.

    None where they all have their other half, or where anything else in it is more than text.
    """
    if not re.search(f"[{HAN}]", text):
        return None
    plain = _SINGLE.sub(" ", text)
    if plain == text:
        return None
    try:
        found = tokens(plain)
    except QueryError:
        return None
    kinds = {token.kind for token in found}
    marks = SIGNS - set("?？＊" + WAVES)
    signs = [token.text in DASHES or not marks.isdisjoint(token.text) for token in found[:-1]]
    if kinds != {"chunk", "end"} or any(signs):
        return None
    return " ".join(token.text for token in found if any(map(str.isalnum, token.text))) or None
