"""From what a person types to a query tree.

The grammar, from the loosest binding to the tightest:

    query  = or
    or     = and { ("OR" | "|" | "||") and }
    and    = not { ["AND" | "&&"] not }
    not    = { "NOT" | "-" } part
    part   = [ field ":" ] ( "(" or ")" | quoted | chunk )

Full-width operators, quotes and brackets mean what their ASCII twins do. Any text gives a
tree or one QueryError that points at the place; nothing is dropped in silence.

It is written by hand, as a list of tokens and one function a rule: the language is small,
half of it is telling apart Chinese text from operators, and a parser library would cost a
cold start more (lark: about as much as typer) than the whole of this.
"""

from __future__ import annotations

import re
from typing import NoReturn

from search.errors import QueryError
from search.query.dates import looks_like_range, read_range
from search.query.tree import (
    FIELDS,
    Bag,
    DateRange,
    Everything,
    Node,
    Not,
    Or,
    Phrase,
    Word,
    conjunction,
)
from search.record import record
from search.text.fold import fold

MAX_LENGTH = 20_000
"""Longest query, in characters; a longer text is a file given by mistake."""

MAX_DEPTH = 100
"""Deepest nesting of brackets and NOTs."""

FIELD_NAMES = {
    **{name: name for name in FIELDS},
    "authors": "author",
    "text": "body",
    "source": "paper",
    "date": "date",
    "标题": "title",
    "题目": "title",
    "正文": "body",
    "内容": "body",
    "作者": "author",
    "记者": "author",
    "报纸": "paper",
    "报": "paper",
    "来源": "paper",
    "栏目": "section",
    "版面": "section",
    "路径": "path",
    "文件": "path",
    "日期": "date",
    "since": "since",
    "until": "until",
}
"""Every name that may stand before a colon, folded, and the field it means."""

_CLOSING = {
    '"': '"“”＂',
    "＂": '"“”＂',
    "“": '"”＂',
    "”": '"“”＂',
    "「": "」",
    "『": "』",
    "‘": "’",
}
_OPEN, _CLOSE, _PIPE, _MINUS = "(（", ")）", "|｜", "-－−"
_SPECIAL = "".join(_CLOSING) + _OPEN + _CLOSE + _PIPE
_CHUNK = re.compile(rf"[^\s{re.escape(_SPECIAL)}]+")
_FIELD = re.compile(r"([^\W\d_]{1,8})[:：]")
_ASCII_NAME = re.compile(r"[a-z]+")
_URL_SCHEMES = {"http", "https", "ftp", "file", "mailto"}


@record
class _Token:
    """A piece of the query: `kind` is chunk, quoted, field, (, ), AND, OR, NOT or end."""

    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """Return the tree of a query.

    Raises QueryError, with the offsets of the place, for a text that cannot be read.
    """
    _check_length(text)
    return _Parser(text).parse()


def literal(text: str) -> Node:
    """Return the tree of a text that is one quoted string (`-F`)."""
    _check_length(text)
    return Phrase(_folded(text, text, 0, len(text)))


def plain_words(text: str) -> Node:
    """Return the tree of a text that is plain words, of which any is enough (`--any`)."""
    _check_length(text)
    return Bag(_folded(text, text, 0, len(text)))


def _check_length(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(text):,} characters; the most is {MAX_LENGTH:,}",
            text[:60] + "…",
            0,
            hint="for a whole text, search its headline or first sentence with --any",
        )


def _folded(text: str, query: str, start: int, end: int) -> str:
    """Fold a piece of the query; one in which nothing is left is an error."""
    folded = fold(text)
    if not folded:
        if query.strip():
            raise QueryError("there is nothing to search for here", query, start, end)
        raise QueryError("the query is empty", query, 0, hint="type a word: sou 志愿服务")
    return folded


def _tokens(query: str) -> list[_Token]:
    out: list[_Token] = []
    at = 0
    while at < len(query):
        char = query[at]
        if char.isspace():
            at += 1
        elif char in _CLOSING:
            out.append(_quoted(query, at))
            at = out[-1].end
        elif char in _OPEN or char in _CLOSE:
            out.append(_Token("(" if char in _OPEN else ")", char, at, at + 1))
            at += 1
        elif char in _PIPE:
            end = at + 2 if query[at + 1 : at + 2] in tuple(_PIPE) else at + 1
            out.append(_Token("OR", query[at:end], at, end))
            at = end
        elif char in _MINUS and not query[at + 1 : at + 2].isspace() and at + 1 < len(query):
            out.append(_Token("NOT", char, at, at + 1))
            at += 1
        else:
            match = _CHUNK.match(query, at)
            assert match is not None  # every other kind of character is dealt with above
            field = _FIELD.match(query, at, match.end())
            if field and _is_field(query, field):
                out.append(_Token("field", fold(field[1]), at, field.end()))
                at = field.end()
            else:
                out.append(_chunk(match))
                at = match.end()
    out.append(_Token("end", "", len(query), len(query)))
    return out


_QUOTE_HINT = "close it, or take the whole text literally with -F"


def _quoted(query: str, start: int) -> _Token:
    closing = _CLOSING[query[start]]
    for end in range(start + 1, len(query)):
        if query[end] in closing:
            return _Token("quoted", query[start + 1 : end], start, end + 1)
    raise QueryError("this quote is never closed", query, start, hint=_QUOTE_HINT)


def _chunk(match: re.Match[str]) -> _Token:
    operator = {"and": "AND", "&&": "AND", "or": "OR", "not": "NOT"}.get(fold(match[0]))
    plain = match[0].translate(_TO_ASCII)
    if operator and plain.upper() == plain:
        return _Token(operator, match[0], match.start(), match.end())
    return _Token("chunk", match[0], match.start(), match.end())


_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def _is_field(query: str, match: re.Match[str]) -> bool:
    """Tell whether a name before a colon is a field; an unknown Latin one is an error.

    Chinese text before a colon is text (曹县：…): only the known names are fields.
    """
    name = fold(match[1])
    if name in FIELD_NAMES:
        return True
    if not _ASCII_NAME.fullmatch(match[1]) or name in _URL_SCHEMES:
        return False
    known = ", ".join([*FIELDS, "date", "since", "until", "标题", "作者", "报纸", "日期"])
    raise QueryError(
        f"there is no field {match[1]!r}",
        query,
        match.start(),
        match.end(),
        hint=f"fields are {known}; for the text itself, quote it",
    )


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = _tokens(query)
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def parse(self) -> Node:
        if self.token.kind == "end":
            _folded("", self.query, 0, 0)
        node = self.either(None)
        if self.token.kind == ")":
            self.fail("this bracket was never opened", self.token)
        return node

    def fail(self, message: str, token: _Token, hint: str = "") -> NoReturn:
        raise QueryError(message, self.query, token.start, token.end, hint=hint)

    def either(self, field: str | None) -> Node:
        children = [self.both(field)]
        while self.token.kind == "OR":
            self.at += 1
            children.append(self.both(field))
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

    def operand_missing(self, token: _Token) -> NoReturn:
        """Complain of the operator that has nothing on one side, or of empty brackets."""
        before = self.tokens[self.at - 1] if self.at else None
        if before and before.kind in {"AND", "OR", "NOT"}:
            self.fail(f"nothing follows {before.text}", before, _OPERATOR_HINT)
        if before and before.kind == "field":
            self.fail(f"nothing follows {before.text}:", before)
        if token.kind in {"AND", "OR"}:
            self.fail(f"nothing stands before {token.text}", token, _OPERATOR_HINT)
        if token.kind == ")" and before:
            self.fail("there is nothing between these brackets", before)
        if before and before.kind == "(":
            self.fail("this bracket is never closed", before, _BRACKET_HINT)
        self.fail("something is missing here", token)

    def negation(self, field: str | None) -> Node:
        if self.token.kind != "NOT":
            return self.part(field)
        self.at += 1
        self.enter()
        child = self.negation(field)
        self.depth -= 1
        return child.child if isinstance(child, Not) else Not(child)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"brackets and NOTs are nested deeper than {MAX_DEPTH}", self.token)

    def part(self, field: str | None) -> Node:
        token = self.token
        if token.kind == "field":
            self.at += 1
            name = FIELD_NAMES[token.text]
            if name in {"date", "since", "until"}:
                return self.dates(name)
            if self.token.kind in {"field", "NOT"}:
                self.fail(f"a word, a quoted string or brackets follow {token.text}:", self.token)
            return self.part(name)
        if token.kind == "(":
            self.at += 1
            self.enter()
            node = self.either(field)
            if self.token.kind != ")":
                self.fail("this bracket is never closed", token, _BRACKET_HINT)
            self.at += 1
            self.depth -= 1
            return node
        if token.kind in {"AND", "OR", ")", "end"}:
            self.operand_missing(token)
        self.at += 1
        return self.leaf(token, field)

    def leaf(self, token: _Token, field: str | None) -> Node:
        if token.kind == "quoted":
            return Phrase(_folded(token.text, self.query, token.start, token.end), field)
        if token.text in {"*", "＊"} and field is None:
            return Everything()
        if field is None and looks_like_range(fold(token.text)):
            return self.range_of(token)
        if "*" in token.text or "＊" in token.text:
            self.fail("* is not understood inside a word yet", token, "quote it, or leave it out")
        text = _folded(token.text, self.query, token.start, token.end)
        return Word(text, field)

    def range_of(self, token: _Token) -> DateRange:
        found = read_range(fold(token.text)) if token.kind in {"chunk", "quoted"} else None
        if not found:
            self.fail("this is not a date", token, _DATE_HINT)
        if found.since > found.until:
            self.fail("this range ends before it begins", token, _DATE_HINT)
        return found

    def dates(self, name: str) -> Node:
        token = self.token
        found = self.range_of(token)
        if name != "date" and ".." in token.text:
            self.fail("this is a range, not a date", token, _DATE_HINT)
        self.at += 1
        if name == "since":
            return DateRange(since=found.since)
        if name == "until":
            return DateRange(until=found.until)
        return found


_BRACKET_HINT = "close it, or quote it"
_OPERATOR_HINT = "for the word itself, quote it"
_DATE_HINT = "write 2023, 2023-08, 2023-08-22, 2023-01..2023-08, 2020.. or ..2020"
