"""A line of a page, with what it shows by itself."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from html import unescape
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from search.papers.pages import byline
from search.papers.pages.continuation import marker

_ENDS = "。！？!?…"
_CLOSERS = "”’\"'」』》)）】〕"
_END_BRACKETS = re.compile(r"[（(][^（）()。！？]{1,30}[)）]$")
_BOLD = re.compile(r"(?:#{1,6}\s+)?[-*•]?\s*(?:\*\*|__)(?:(?!\*\*|__).)+(?:\*\*|__)")
_MARKUP = re.compile(
    r"^>\s*|</?(?:p|strong|b|em|i|u|br|span|div|font|center|h[1-6]|su[bp]|s|del|ins|"
    r"mark|small|big|a|hr|section|article|header|footer|main|blockquote|figure|figcaption|details|summary|pre)\b[^<>]{0,200}>"
    r"|<!--(?:(?!-->).){0,200}-->|\*+|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])"
)


Value = TypeVar("Value")

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property(Generic[Value]):  # noqa: N801
        """`functools.cached_property` without the lock that it takes before Python 3.12.

        A page has ten of them a line, each asked for once: half of their cost was the lock.
        """

        def __init__(self, function: Callable[[Any], Value]) -> None:
            self._function = function
            update_wrapper(self, function)

        def __get__(self, of: Any, _kind: type) -> Value:
            value = of.__dict__[self._function.__name__] = self._function(of)
            return value


class Kind(enum.Enum):
    """What a line is."""

    FURNITURE = enum.auto()
    HEADLINE = enum.auto()
    BYLINE = enum.auto()
    BODY = enum.auto()


@dataclass
class Line:
    """A line that is not blank: its number from 1, its text, the blank lines before it."""

    number: int
    raw: str
    gap: int
    kind: Kind = Kind.BODY
    markdown: bool = False
    level: int = 0
    """Of a Markdown heading, or a line that is set as one, 1 to 6; 0 for any other line."""
    styled: bool = False
    """Whether somebody chose its level: OCR gives headlines and subheadings the same."""
    lists: bool = False
    """Whether the line is furniture that names articles of the page, and so nothing of the paper."""
    plain: bool = False
    """Whether the line is certainly set as text, and so no headline."""

    @cached_property
    def text(self) -> str:
        """The line without the spaces around it and the signs of Markdown, where it is that."""
        text = self.raw.strip()
        if self.markdown:
            if text.startswith("#"):
                text = text[self.level :].strip().rstrip("#")
            text = _MARKUP.sub("", text).strip()
            if "&" in text:
                text = unescape(text).strip()
        return text

    @cached_property
    def bold(self) -> bool:
        """Whether the whole line is set in bold, as Markdown writes it."""
        return self.markdown and bool(_BOLD.fullmatch(self.raw.strip()))

    @cached_property
    def length(self) -> int:
        """Characters, spaces not counted."""
        return len("".join(self.text.split()))

    @cached_property
    def indented(self) -> bool:
        """Whether the line begins as a printed paragraph does, two characters in."""
        return bool(re.match(r"\u3000{1,4}|[ \t]{2,8}", self.raw))

    @cached_property
    def marker(self) -> str | None:
        """`from`, `on` or `see` for a line that only says where the article is (`下转第三版`)."""
        return marker(self.text)

    @cached_property
    def opening(self) -> byline.Byline | None:
        """The dateline or byline the line begins with."""
        return byline.opening(self.text)

    @cached_property
    def closing(self) -> byline.Byline | None:
        """The byline the line ends with."""
        return byline.closing(self.text)

    @cached_property
    def alone(self) -> byline.Byline | None:
        """The byline the whole line is, with a role or a mark."""
        return byline.alone(self.text)

    @cached_property
    def credit(self) -> byline.Byline | None:
        """The byline the whole line is, for a line whose kind is that."""
        return self.alone or self.signed or self.office

    @cached_property
    def signed(self) -> byline.Byline | None:
        """The byline of a line that is a name, or an office and a name."""
        return byline.signed(self.text)

    @cached_property
    def office(self) -> byline.Byline | None:
        """The byline of a line that is the office that wrote an article."""
        return byline.organisation(self.text)

    @cached_property
    def ends(self) -> bool:
        """Whether a sentence, and so perhaps an article, ends with the line."""
        text = self.text
        if text[-1:] in _CLOSERS:
            text = _END_BRACKETS.sub("", text).rstrip(_CLOSERS + " \u3000")
        # OCR reads some full stops as dots.
        return (
            text[-1:] in _ENDS
            or self.marker is not None
            or (text[-1:] in ".．｡" and not text[-2:-1].isascii())
            or self.closing is not None
        )
