"""From the text of a query to its tokens: where operators, quotes and fields are.

Full-width operators, quotes and brackets mean what their ASCII twins do. A backslash before
a sign of ASCII makes the sign text.
"""

from __future__ import annotations

import re

from search.analysis.fold import WAVES, fold
from search.model.article import PAGE
from search.model.errors import QueryError, Unpaired
from search.model.frozen import frozen, replace
from search.query.ast import FIELDS, TEXT_FIELDS
from search.query.limits import NEAR, NEAR_MOST
from search.query.quotes import CLOSING, Quotes

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
    "版次": "page",
    "期号": "issue",
    "期数": "issue",
    "版别": "edition",
    "路径": "path",
    "文件": "path",
    "日期": "date",
    "since": "since",
    "起": "since",
    "until": "until",
    "止": "until",
    "py": "py",
    "pinyin": "py",
    "拼音": "py",
    "in": "in",
    "word": "word",
    "整词": "word",
}
"""Every name that may stand before a colon, folded, and the field it means; `in`, `word` and
the dates are none."""

PLACES = {
    **{name: field for name, field in FIELD_NAMES.items() if field in TEXT_FIELDS},
    **dict.fromkeys(("page", "pages", "版", "页", "版面"), PAGE),
}
"""What may follow `in:`, and `--in`: where the whole query looks."""

_OPEN, _CLOSE, _PIPE, _MINUS, _EXACT = "(（", ")）", "|｜", "-－−", "=＝"
SPECIAL = "".join(CLOSING) + _OPEN + _CLOSE
"""Quotes that open, and brackets."""
_SPECIAL = re.escape(SPECIAL + _PIPE)
_CHUNK = re.compile(rf"(?:\\[!-/:-@\[-`{{-~]|[^\s{_SPECIAL}])+")
# Compiled when a query needs them, which takes 1 ms each.
_FIELD = r"([^\W\d_]{1,8})[:：]"
_FIELD_LENGTH = 9
_REGEX = rf"(?s:/((?:[^/\\]|\\.)+)/(?=[\s{_SPECIAL}^＾]|$))"
_SUFFIX = rf"[\^＾{WAVES}][^\s{_SPECIAL}]*"
_URL_SCHEMES = {"http", "https", "ftp", "file", "mailto"}

_PUNCTUATION = frozenset("。，、；：？！…—")
"""Signs that are no chunk where they stand right behind a quotation or a bracket."""

SIGNS = frozenset("*＊?？^＾\\" + WAVES)
"""Characters of which a chunk that has none is plain text."""

TO_ASCII = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, WAVES), ord("~")),
}
"""The ASCII twins of full-width signs."""


@frozen
class Token:
    """A piece of the query.

    `kind` is chunk, quoted, = and =" (what is to be found exactly, quoted or not), regex,
    suffix (of what stands before it), field, (, ), AND, OR, NOT, NEAR, ADJ or end; `text` is without quotes, of NEAR and ADJ the number.
    """

    kind: str
    text: str
    start: int
    end: int


def is_plain(token: Token) -> bool:
    """Return whether a token is a text without signs, but for the boost at its end."""
    if token.kind != "chunk":
        return token.kind == "quoted"
    return SIGNS.isdisjoint(token.text.replace("＾", "^").partition("^")[0])


def tokens(query: str) -> list[Token]:
    """Return the tokens of a query, the last of kind end. Raises QueryError."""
    out: list[Token] = []
    quotes = Quotes(query)
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        before = out[-1] if out else None
        adjacent = before if before and before.end == at else None
        token = _suffix(query, at, adjacent) or _next(query, at, adjacent, quotes)
        at = token.end
        behind = adjacent and adjacent.kind in {"quoted", ")"}
        if not (behind and _PUNCTUATION.issuperset(token.text) and token.kind == "chunk"):
            out.append(token)
    out.append(Token("end", "", len(query), len(query)))
    return out


def _suffix(query: str, at: int, before: Token | None) -> Token | None:
    """Return the suffix that stands at a place, right behind a token that can have one."""
    if not before or before.kind not in {"quoted", "regex", ")", '="'}:
        return None
    match = re.compile(_SUFFIX).match(query, at)
    return Token("suffix", match[0].translate(TO_ASCII), at, match.end()) if match else None


def _next(query: str, at: int, before: Token | None, quotes: Quotes) -> Token:
    """Return the token that begins at a place, right behind another or not."""
    char, following = query[at], query[at + 1 : at + 2]
    if char in CLOSING:
        return _quoted(query, at, quotes)
    if char in _OPEN or char in _CLOSE:
        return Token("(" if char in _OPEN else ")", char, at, at + 1)
    if char in _PIPE:
        end = at + 2 if following in tuple(_PIPE) else at + 1
        return Token("OR", query[at:end], at, end)
    if char in _MINUS and following and not following.isspace():
        return Token("NOT", char, at, at + 1)
    if char == "/" and not (before and before.kind == "field" and _is_path(before)):
        match = re.compile(_REGEX).match(query, at)
        if match:
            return Token("regex", match[1], at, match.end())
    # A field first: looking for the end of the chunk it begins would take as long again for
    # each field of a row of them.
    if not {":", "："}.isdisjoint(query[at : at + _FIELD_LENGTH]):
        field = re.compile(_FIELD).match(query, at)
        if field and _is_field(query, field):
            return Token("field", fold(field[1]), at, field.end())
    if char in _EXACT and (token := _exact(query, at, quotes)):
        return token
    return _chunk(query, at)


def _exact(query: str, at: int, quotes: Quotes) -> Token | None:
    """Return the text behind a `=`, quoted or not."""
    if query[at + 1 : at + 2] in CLOSING:
        return replace(_quoted(query, at + 1, quotes), kind='="', start=at)
    match = _CHUNK.match(query, at + 1)
    if match is None or match[0][0] in _EXACT:
        return None
    return Token("=", match[0], at, match.end())


_QUOTE_HINT = "close it, or search for the whole text as it is with -F"


def _quoted(query: str, start: int, quotes: Quotes) -> Token:
    end = quotes.end(start)
    if end < 0:
        raise Unpaired("this quote is never closed", query, start, hint=_QUOTE_HINT)
    return Token("quoted", query[start + 1 : end], start, end + 1)


def _chunk(query: str, at: int) -> Token:
    match = _CHUNK.match(query, at)
    assert match is not None  # every other kind of character is dealt with before
    text, start, end = match[0], match.start(), match.end()
    if len(text) > 12:  # longer than any operator
        return Token("chunk", text, start, end)
    plain = text.translate(TO_ASCII)
    if plain in {"AND", "&&", "OR", "NOT"}:
        return Token("AND" if plain == "&&" else plain, text, start, end)
    name, slash, number = plain.partition("/")
    if name in {"NEAR", "ADJ"}:
        number = number if slash else str(NEAR)
        if not (number.isascii() and number.isdigit() and int(number) <= NEAR_MOST):
            raise QueryError(
                f"{name}/ must be followed by a number of characters",
                query,
                start,
                end,
                f"write 志愿 {name}/5 服务; the limit is {NEAR_MOST:,}",
            )
        return Token(name, number, start, end)
    return Token("chunk", text, start, end)


def _is_path(token: Token) -> bool:
    return FIELD_NAMES[token.text] == "path"


def _is_field(query: str, match: re.Match[str]) -> bool:
    """Return whether a name before a colon is a field; an unknown Latin one is an error.

    Chinese text before a colon is text (曹县：…): only the known names are fields.
    """
    name = fold(match[1])
    if name in FIELD_NAMES:
        return True
    if not re.fullmatch("[a-z]+", match[1]) or name in _URL_SCHEMES:
        return False
    known = ", ".join(
        [
            *FIELDS,
            "date",
            "since",
            "until",
            "py",
            "标题",
            "作者",
            "报纸",
            "日期",
            "版次",
            "期号",
            "in",
            "word",
        ]
    )
    raise QueryError(
        f"there is no field {match[1]!r}",
        query,
        match.start(),
        match.end(),
        hint=f"the fields are {known}; for the text itself, quote it",
    )
