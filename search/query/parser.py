"""From what a person types to a query tree.

The grammar, from the loosest binding to the tightest:

    query  = or
    or     = and { ("OR" | "|" | "||") and }
    and    = not { ["AND" | "&&"] not }
    not    = { "NOT" | "-" } near
    near   = part { ("NEAR" | "ADJ") ["/" number] part }
    part   = [ field ":" ] ( "(" or ")" | quoted | regex | chunk ) [ "~" ] [ "^" number ]
           | "word" ":" part | "=" ( quoted | chunk ) | "in" ":" place

`tokens` finds the operators, `chunk` reads what has wildcards or other signs in it. Any text
gives a tree or one QueryError that points at the place; nothing is dropped in silence.

It is written by hand, a function a rule (ARCHITECTURE.md says why).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from search.analysis.fold import fold
from search.model.article import PAGE
from search.model.errors import QueryError, Unpaired
from search.model.frozen import replace
from search.query import limits
from search.query.ast import (
    META_FIELDS,
    PATTERNS,
    Bag,
    DateRange,
    Everything,
    Exact,
    Known,
    Node,
    Not,
    Or,
    Pages,
    Phrase,
    Word,
    boosted,
    conjunction,
    leaves,
    within,
)
from search.query.given_text import as_plain_text, check_length, folded, visible
from search.query.lexer import FIELD_NAMES, PLACES, SIGNS, Token, is_plain, tokens
from search.query.nearness import near_each_other
from search.query.rewriting import strict, whole_words

if TYPE_CHECKING:
    import datetime as dt

    from search.query.chunk import Reader


def parse(text: str, today: dt.date | None = None, *, exact: bool = False) -> Node:
    """Return the tree of a query; 去年 is counted from `today`, by default that of the clock.

    With `exact`, words and strings are found in the script and form in which they are typed.
    Raises QueryError, with the offsets of the place, for a text that cannot be read.
    """
    return read(text, today, exact=exact)[0]


def read(text: str, today: dt.date | None = None, *, exact: bool = False) -> tuple[Node, str]:
    """Return the tree of a query, and a note where it was not read as a query but as text."""
    check_length(text)
    seen = visible(text)
    if not seen.text:
        folded(text, text, 0, len(text))
    try:
        return strict(_Parser(seen.text, today, exact).parse()), ""
    except QueryError as exc:
        error = seen.placed(exc)
        plain = as_plain_text(seen.text) if isinstance(exc, Unpaired) else None
    if plain:
        with suppress(QueryError):
            tree = _Parser(plain, today, exact).parse()
            if all(isinstance(leaf, (Word, Phrase, Exact)) for leaf in leaves(tree)):
                return tree, error.message
    raise error


def literal(text: str, *, exact: bool = False) -> Node:
    """Return the tree of a text that is one quoted string (`-F`)."""
    check_length(text)
    string = folded(text, text, 0, len(text))
    return Exact(string, text.strip()) if exact else Phrase(string)


def plain_words(text: str) -> Node:
    """Return the tree of a text that is plain words, of which any is enough (`--any`)."""
    check_length(text)
    return Bag(folded(text, text, 0, len(text)))


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, query: str, today: dt.date | None, exact: bool) -> None:
        self.query = query
        self.today = today
        self.exact = exact
        self.tokens = tokens(query)
        self.at = 0
        self.depth = 0
        self.clauses = 0
        self.patterns = 0
        self.places: list[tuple[Token, str]] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def parse(self) -> Node:
        if self.token.kind == "end":
            folded("", self.query, 0, 0)
        node = self.either(None)
        if self.token.kind == ")":
            self.fail("this bracket was never opened", self.token, kind=Unpaired)
        return self.placed(node)

    def placed(self, node: Node) -> Node:
        """Return the whole query looking where an `in:` of it says."""
        for token, place in self.places[1:]:
            if place != self.places[0][1]:
                self.fail("a query can look in one place only", token, _PLACE_HINT)
        if not self.places:
            return node
        token, place = self.places[0]
        if place == PAGE:
            return conjunction([Pages(), node])
        if isinstance(node, Everything):
            self.fail(f"there is nothing to search for in the {place}", token)
        return within(node, place)

    def fail(
        self, message: str, token: Token, hint: str = "", kind: type[QueryError] = QueryError
    ) -> NoReturn:
        raise kind(message, self.query, token.start, token.end, hint=hint)

    def either(self, field: str | None) -> Node:
        before = len(self.places)
        children = [self.both(field)]
        while self.token.kind == "OR":
            self.at += 1
            children.append(self.both(field))
        self.refuse_place(before, inside=len(children) > 1)
        return children[0] if len(children) == 1 else Or(tuple(children))

    def both(self, field: str | None) -> Node:
        children: list[Node] = []
        needed = True
        while True:
            kind = self.token.kind
            if kind == "AND":
                if needed:
                    self.operand_missing(self.token)
                needed = True
                self.at += 1
            elif kind in {"OR", ")", "end"}:
                if needed:
                    self.operand_missing(self.token)
                return conjunction(children)
            else:
                children.append(self.negation(field))
                needed = False

    def operand_missing(self, token: Token) -> NoReturn:
        """Complain of the operator that has nothing on one side, or of empty brackets."""
        before = self.tokens[self.at - 1] if self.at else None
        if before and before.kind in _OPERATORS:
            self.fail(f"nothing follows {self.shown(before)}", before, _OPERATOR_HINT)
        if before and before.kind == "field":
            self.fail(f"nothing follows {before.text}:", before)
        if token.kind in _OPERATORS:
            self.fail(f"nothing stands before {self.shown(token)}", token, _OPERATOR_HINT)
        if token.kind == ")":
            if not before:
                self.fail("this bracket was never opened", token, kind=Unpaired)
            self.fail("there is nothing between these brackets", before, kind=Unpaired)
        if before and before.kind == "(":
            self.fail("this bracket is never closed", before, _BRACKET_HINT, Unpaired)
        self.fail("something is missing here", token)

    def shown(self, token: Token) -> str:
        return self.query[token.start : token.end]

    def negation(self, field: str | None) -> Node:
        if self.token.kind != "NOT":
            return self.near(field)
        self.at += 1
        self.enter()
        before = len(self.places)
        child = self.negation(field)
        self.refuse_place(before, inside=True)
        self.depth -= 1
        return child.child if isinstance(child, Not) else Not(child)

    def place(self, token: Token, field: str | None) -> Node:
        """Read the place behind `in:`; it is part of no clause, but holds for all of them."""
        said = self.token
        place = PLACES.get(fold(said.text)) if said.kind == "chunk" else None
        if place is None:
            self.fail(
                f"{token.text}: must be followed by page, title, body or author",
                said if said.kind == "chunk" else token,
                "for the text itself, quote it",
            )
        self.at += 1
        self.places.append((replace(token, end=said.end), place))
        self.refuse_place(len(self.places) - 1, inside=field is not None)
        return Everything()

    def refuse_place(self, before: int, *, inside: bool) -> None:
        """Complain of an `in:` that was read since, where it would be for a part of the query."""
        if inside and len(self.places) > before:
            self.fail("in: is for the whole query", self.places[before][0], _PLACE_HINT)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > limits.DEPTH:
            self.fail(f"brackets and NOTs are nested deeper than {limits.DEPTH}", self.token)

    def near(self, field: str | None) -> Node:
        first = self.token
        node = self.part(field)
        if self.token.kind not in _NEAR:
            return node
        operator = self.token
        sides = [(first, node)]
        operators = []
        while self.token.kind in _NEAR:
            operators.append(self.token)
            self.at += 1
            sides.append((self.token, self.part(field)))
        self.count_pattern(operator)
        return near_each_other(self.query, sides, operators)

    def part(self, field: str | None) -> Node:
        token = self.token
        if token.kind == "field":
            self.at += 1
            name = FIELD_NAMES[token.text]
            if name in {"date", "since", "until"}:
                return self.dates(name)
            if name == "in":
                return self.place(token, field)
            inner = self.token
            of_leaf = {"py"} if name == "word" else {"py", "word"}
            is_field = inner.kind == "field" and FIELD_NAMES[inner.text] not in of_leaf
            if is_field or inner.kind == "NOT":
                self.fail(
                    f"{token.text}: must be followed by a word, a quoted string or brackets", inner
                )
            if name == "word":
                return self.whole(field)
            return self.pinyin(field) if name == "py" else self.part(name)
        if token.kind == "(":
            self.at += 1
            self.enter()
            node = self.either(field)
            if self.token.kind != ")":
                self.fail("this bracket is never closed", token, _BRACKET_HINT, Unpaired)
            self.at += 1
            self.depth -= 1
            return self.with_suffix(node, token)
        if token.kind in {*_OPERATORS, ")", "end"}:
            self.operand_missing(token)
        self.at += 1
        self.count_clause(token)
        node = self.leaf(token, field)
        if isinstance(node, PATTERNS):
            self.count_pattern(token)
        return node

    def whole(self, field: str | None) -> Node:
        """Read what follows `word:`: words, quoted strings, or brackets around such."""
        token = self.token
        node = self.part(field)
        if not all(isinstance(leaf, (Word, Phrase)) for leaf in leaves(node)):
            self.fail("only words and quoted strings can follow word:", token)
        node = whole_words(node)
        for _ in range(sum(isinstance(leaf, PATTERNS) for leaf in leaves(node))):
            self.count_pattern(token)
        return node

    def count_clause(self, token: Token) -> None:
        self.clauses += 1
        if self.clauses > limits.CLAUSES:
            self.fail(
                f"a query can have at most {limits.CLAUSES:,} words, strings and dates",
                token,
                "ask in several queries: sou batch; or in plain words: --any",
            )

    def count_pattern(self, token: Token) -> None:
        self.patterns += 1
        if self.patterns > limits.PATTERNS:
            self.fail(
                f"a query can have at most {limits.PATTERNS} wildcards, ~, NEAR, ADJ, =, word:, py: and /…/",
                token,
                "ask in several queries: sou batch",
            )

    def leaf(self, token: Token, field: str | None) -> Node:
        if field in {"page", "issue"} and is_plain(token):
            return self.with_suffix(self.reader(token, field).numbered(), token)
        if token.kind in _EXACT or (self.exact and is_plain(token) and not self.is_range(token)):
            return self.with_suffix(self.reader(token, field).exact(), token)
        if token.kind == "quoted":
            text = fold(token.text)
            if not text:
                self.fail("there is nothing to search for here", token, kind=Unpaired)
            return self.with_suffix(Phrase(text, field), token, field)
        if token.kind == "regex":
            return self.with_suffix(self.reader(token, field).regex(1.0), token)
        if field is None and self.is_range(token):
            return self.reader(token, None).days(self.today)
        text = fold(token.text)
        if SIGNS.isdisjoint(token.text):
            if not text:
                folded(token.text, self.query, token.start, token.end)
            return _number(text, field) or Word(text, field)
        node = self.reader(token, field).chunk()
        if isinstance(node, Word):
            number = _number(node.text, field)
            return boosted(number, node.boost) if number else node
        return node

    def is_range(self, token: Token) -> bool:
        """Return whether a chunk is a range of dates: `1998..2021`."""
        if token.kind != "chunk" or ".." not in (text := fold(token.text)):
            return False
        from search.dates.typed import looks_like_range

        return looks_like_range(text)

    def reader(self, token: Token, field: str | None) -> Reader:
        from search.query.chunk import Reader

        return Reader(self.query, token, field)

    def with_suffix(self, node: Node, token: Token, field: str | None = None) -> Node:
        """Return what a quoted string, an expression or brackets are with what follows them."""
        if self.token.kind != "suffix":
            return node
        suffix = self.reader(token, field).suffix(self.token)
        if suffix.edits:
            if not isinstance(node, Phrase) or token.kind != "quoted":
                self.fail("~ must follow a word or a quoted string", self.token, _OPERATOR_HINT)
            node = self.reader(token, field).fuzzy(node.text, suffix)
        else:
            node = boosted(node, suffix.boost)
        self.at += 1
        return node

    def pinyin(self, field: str | None) -> Node:
        token = self.token
        if token.kind not in {"chunk", "quoted"}:
            self.fail("py: must be followed by letters", token, "write py:wanggehua")
        self.at += 1
        self.count_clause(token)
        self.count_pattern(token)
        node = self.reader(token, field).pinyin()
        return self.with_suffix(node, token)

    def dates(self, name: str) -> Node:
        token = self.token
        self.count_clause(token)
        if name == "date" and token.kind == "chunk" and token.text == "*":
            self.at += 1
            return Known(name)
        found = self.reader(token, None).days(self.today, within=name == "date")
        self.at += 1
        if name == "since":
            return DateRange(since=found.since)
        if name == "until":
            return DateRange(until=found.until)
        return found


def _number(text: str, field: str | None) -> Node | None:
    """Return the forms in which a number is written, where a text is one that has several."""
    if not "1" <= text[:1] <= "9" or field in META_FIELDS:
        return None
    from search.query.numerals import forms

    found = forms(text)
    return Or(tuple(Phrase(form, field) for form in found)) if len(found) > 1 else None


_NEAR, _EXACT = {"NEAR", "ADJ"}, {"=", '="'}
_OPERATORS = {"AND", "OR", "NOT", *_NEAR}
_BRACKET_HINT = "close it, or quote it"
_OPERATOR_HINT = "for the word itself, quote it"
_PLACE_HINT = "write it once, beside the rest: in:page (总第763期 OR 总第764期)"
