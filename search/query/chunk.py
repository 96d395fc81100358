"""A chunk of a query that is more than plain text: wildcards, `~`, `^`, regex and pinyin.

Loaded only for queries that have one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from search.analysis.fold import CJK, fold
from search.model.errors import QueryError, RequestError
from search.model.frozen import frozen
from search.query import limits
from search.query.ast import (
    DateRange,
    Everything,
    Exact,
    Fuzzy,
    Known,
    Node,
    Or,
    PathGlob,
    Phrase,
    Pinyin,
    Regex,
    Wildcard,
    Word,
)
from search.query.lexer import TO_ASCII, Token

if TYPE_CHECKING:
    import datetime as dt

_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_TILDE = re.compile(r"(?<=.)~$|(?<=[^\d~])~(\d+)$", re.DOTALL)
_TIMES = re.compile(r"\d{1,3}(?:\.\d{1,3})?|\.\d{1,3}")
_QUOTE_IT = "for the sign itself, quote it or put a backslash before it"


@frozen
class Suffix:
    """What stands behind a text: how many characters may be wrong, and its boost."""

    edits: int = 0
    boost: float = 1.0


class Reader:
    """Reads one token of a query; what is wrong with it is an error at its place."""

    def __init__(self, query: str, token: Token, field: str | None) -> None:
        self.query = query
        self.token = token
        self.field = field

    def fail(self, message: str, hint: str = "") -> NoReturn:
        """Raise the error that points at the token."""
        raise QueryError(message, self.query, self.token.start, self.token.end, hint)

    def folded(self, text: str) -> str:
        """Fold a text; one of which nothing is left is an error."""
        return fold(text) or self.fail("there is nothing to search for here")

    def chunk(self) -> Node:
        """Read a chunk."""
        text, signs = _unescaped(self.token.text)
        if self.field != "path":
            signs = _punctuated(text, signs)
        body, suffix = self.suffix_of(signs)
        text, signs = text[: len(body)], body
        if suffix.edits:
            if "*" in signs or "?" in signs:
                self.fail("~ cannot be combined with * or ?", _QUOTE_IT)
            return self.fuzzy(text, suffix)
        if "*" in signs and self.field == "path":
            return PathGlob(text)
        if signs.strip("*") == "":
            if self.field is None:
                return Everything()
            if self.field not in {"title", "body"}:
                return Known(self.field)
        return self._wildcards(text, signs, suffix.boost)

    def exact(self) -> Node:
        """Read a text that is to be found in the script and form in which it is typed."""
        typed, suffix = self.token.text, Suffix()
        if self.token.kind in {"=", "chunk"}:
            typed, signs = _unescaped(typed)
            body, suffix = self.suffix_of(signs)
            typed = typed[: len(body)]
        if suffix.edits:
            self.fail("~ cannot be combined with =", _QUOTE_IT)
        return Exact(self.folded(typed), typed.strip(), self.field, suffix.boost)

    def numbered(self) -> Node:
        """Read a page or an issue, or several: `A03`, `第三版`, `1..4`, `总第763期`, `3^2`."""
        from search.analysis.page_numbers import FORMS, asked_strings

        text, boost = self.token.text, 1.0
        if self.token.kind == "chunk":
            text, suffix = self.suffix_of(text.translate(TO_ASCII))
            boost = suffix.boost
        self.folded(text)
        assert self.field is not None
        try:
            strings = asked_strings(self.field, text)
        except ValueError as exc:
            self.fail(str(exc), f"write {FORMS[self.field]}")
        nodes = tuple(Phrase(each, self.field, boost) for each in strings)
        return nodes[0] if len(nodes) == 1 else Or(nodes)

    def suffix(self, token: Token) -> Suffix:
        """Read a suffix that is a token of its own."""
        rest, suffix = Reader(self.query, token, None).suffix_of(f"x{token.text}")
        if rest != "x":
            raise QueryError(
                "neither ~ nor ^ with a number",
                self.query,
                token.start,
                token.end,
                _QUOTE_IT,
            )
        return suffix

    def suffix_of(self, signs: str) -> tuple[str, Suffix]:
        """Divide the signs of a chunk into those of its text, and its suffix, read."""
        body, caret, times = signs.partition("^")
        boost = 1.0
        if caret:
            boost = float(times) if _TIMES.fullmatch(times) else 0.0
            if not body or not 0 < boost <= limits.BOOST:
                self.fail(
                    f"^ must be followed by a number above 0 and up to {limits.BOOST:g}",
                    _QUOTE_IT,
                )
        tilde = _TILDE.search(body)
        if not tilde:
            return body, Suffix(boost=boost)
        if tilde[1] not in {None, "1", "2"}:
            self.fail("~ allows one wrong character, or with ~2 two", "write ~ or ~2")
        return body[: tilde.start()], Suffix(int(tilde[1] or 1), boost)

    def fuzzy(self, text: str, suffix: Suffix) -> Node:
        """Read a text of which one character may be wrong, or two."""
        folded, two = self.folded(text), suffix.edits == 2
        least = limits.FUZZY_TWO_LEAST if two else limits.FUZZY_LEAST
        if not least <= len(folded) <= limits.FUZZY_MOST:
            self.fail(
                f"{'~2' if two else '~'} needs {least} to {limits.FUZZY_MOST} characters; "
                f"this has {len(folded)}",
                f"leave out the {'2' if two and len(folded) < least else '~'}, or " + _QUOTE_IT,
            )
        return Fuzzy(folded, self.field, suffix.boost, suffix.edits)

    def _wildcards(self, text: str, signs: str, boost: float) -> Node:
        """Read a text with * and ?, those at its ends left out or taken as text."""
        begin = len(signs) - len(signs.lstrip("*"))
        end = max(begin, len(signs.rstrip("*")))
        starred = end - begin < len(signs)
        text, signs = text[begin:end], signs[begin:end]
        inner = signs.strip("?")
        lead = len(signs) - len(signs.lstrip("?"))
        signs = "x" * lead + inner + "x" * (len(signs) - lead - len(inner))
        if not text:
            self.fail("there are only wildcards here: they would find everything")
        runs = list(re.finditer(r"[*?]+", signs))
        if not runs:
            folded = self.folded(text)
            return Phrase(folded, self.field, boost) if starred else Word(folded, self.field, boost)
        if len(runs) > limits.GAPS:
            self.fail(
                f"a pattern can have * and ? in at most {limits.GAPS} places", "leave some out"
            )
        edges = [0, *(edge for run in runs for edge in run.span()), len(text)]
        pieces = [self.folded(text[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        gaps = []
        for run in runs:
            least = run[0].count("?")
            gaps.append((least, least + (limits.GAP if "*" in run[0] else 0)))
        if max(least for least, _ in gaps) > limits.GAP:
            self.fail(
                f"at most {limits.GAP} ? can stand side by side", "write NEAR/20 for a longer gap"
            )
        return Wildcard(tuple(pieces), tuple(gaps), self.field, boost)

    def days(self, today: dt.date | None, *, within: bool = True) -> DateRange:
        """Read the days of a date, or of a range of dates if this may stand `within`."""
        from search.dates.typed import FORMS, RANGES, read_date, read_range

        hint = f"write {FORMS}" + (f"; {RANGES}" if within else "")
        text = fold(self.token.text) if self.token.kind in {"chunk", "quoted"} else ""
        found = read_range(text, today)
        if not found:
            self.fail("this is not a date", hint)
        if not (within or read_date(text, today)):
            self.fail("this is a range, not a date", hint)
        if found[0] > found[1]:
            self.fail("this range ends before it begins", hint)
        return DateRange(*found)

    def regex(self, boost: float) -> Node:
        """Read a regular expression."""
        import regex

        from search.query.regular_expressions import folded_pattern, matches_nothing
        from search.query.scan import Refused, scan

        text = self.token.text
        if len(text) > limits.REGEX_LENGTH:
            self.fail(f"a regular expression can have at most {limits.REGEX_LENGTH} characters")
        first = self.token.start + 1
        pattern = folded_pattern(text)
        try:
            scan(text)  # before the folded one, for the places
            empty = matches_nothing(pattern)
        except Refused as exc:
            start, end = first + exc.start, first + exc.end
            raise QueryError(exc.message, self.query, start, end, exc.hint) from exc
        except regex.error as exc:
            self.fail(f"not a valid regular expression: {exc}", "if it is text, quote it")
        if empty:
            self.fail(
                "this regular expression matches the empty string and would find everything",
                "write + instead of *, or {1,} instead of {0,}",
            )
        return Regex(pattern, self.field, boost)

    def pinyin(self) -> Node:
        """Read pinyin."""
        from search.query.pinyin import readings

        text, suffix = self.token.text, Suffix()
        if self.token.kind == "chunk":
            text, suffix = self.suffix_of(text.translate(TO_ASCII))
        try:
            found = readings(text)
        except RequestError as exc:
            self.fail(exc.message, exc.hint)
        if isinstance(found, str) or suffix.edits:
            self.fail(
                found if isinstance(found, str) else "~ cannot be combined with py:",
                'write py:wanggehua, py:wang3ge2hua4, py:"wáng gé huà" or py:wgh',
            )
        return Pinyin(found, self.field, suffix.boost)


def _punctuated(text: str, signs: str) -> str:
    """Return the signs of a chunk with full-width ？ and ＊ left to the text beside Chinese.

    There they are punctuation, and mean what their ASCII twins do only elsewhere. At the ends
    of a chunk it makes no difference.
    """
    kept = list(signs)
    for run in re.finditer("[？＊?*]+", text):
        start, end = run.span()
        beside = text[max(0, start - 1) : start], text[end : end + 1]
        if start and end < len(text) and any(map(_is_chinese, beside)):
            for i in range(start, end):
                kept[i] = "x" if text[i] in "？＊" else kept[i]
    return "".join(kept)


def _is_chinese(char: str) -> bool:
    """Return whether a character is of Chinese, be it a sign or in full width."""
    return bool(re.match(f"[{CJK}\u2018-\u201d\u3001-\u3020\uff01-\uff0f\uff1a-\uff1f]", char))


def _unescaped(raw: str) -> tuple[str, str]:
    """Return the text of a chunk, and its signs: as long, each as its ASCII twin.

    An escaped sign stands among the signs as a letter.
    """
    text, signs = [], []
    at = 0
    while at < len(raw):
        if _ESCAPE.match(raw, at):
            text.append(raw[at + 1])
            signs.append("x")
            at += 2
        else:
            text.append(raw[at])
            signs.append(raw[at].translate(TO_ASCII))
            at += 1
    return "".join(text), "".join(signs)
