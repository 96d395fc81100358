r"""The form in which a person puts a page right: plain text, its lines as they stand on the page.

What is no line of the page begins with `@`: `@#` a comment, `@page` the page's own record,
`@article` an article, `@headline` and `@text` its two parts, and `@authors: …` a field. A line
of the page that begins so has a `\` before it. Blank lines are free.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from search.papers.corrections.layout import Layout, Portion, Stretch, record_of

MOST_BYTES = 64 << 20
"""Of a form: four times as much as a page may have."""

_MOST_SHOWN = 40
_MOST_VALUE = 500
"""Characters of a field."""

_ESCAPED = re.compile(r"\\*@")
_MARK = re.compile(r"@[ \t\u3000]*(?P<name>[\w-]+)(?P<rest>.*)")
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What acts on a terminal or an editor, or shows nothing there: the form does without it."""

_BLOCKS = {
    "page": "page", "版面": "page", "article": "article", "文章": "article",
    "headline": "headline", "标题": "headline", "text": "text", "正文": "text",
}  # fmt: skip
_FIELDS = {
    "paper": "paper", "报纸": "paper", "date": "date", "日期": "date", "issue": "issue",
    "期号": "issue", "section": "section", "版名": "section", "page-number": "page", "版次": "page",
    "title": "title", "题目": "title", "authors": "authors", "作者": "authors",
    "continued-from": "continued_from", "上接": "continued_from",
    "continued-on": "continued_on", "下转": "continued_on", "edition": "edition", "版别": "edition",
}  # fmt: skip
_OF_PAGE = {"paper", "date", "issue", "section", "page", "edition"}
_OF_ARTICLE = {"title", "authors", "section", "continued_from", "continued_on"}
_SHOWN = {
    "paper": "paper 报纸", "date": "date 日期", "issue": "issue 期号",
    "section": "section 版名", "page": "page-number 版次", "title": "title 题目",
    "authors": "authors 作者", "continued_from": "continued-from 上接",
    "continued_on": "continued-on 下转", "edition": "edition 版别",
}  # fmt: skip

_HELP = """\
{name}：sou 读出的样子。请把各行移到该在的地方，然后保存、关闭。
  “@page”下是报头、日期、热线等不属于文章的行；每篇文章以“@article”开始，
  “@headline”下是标题，“@text”下是正文。以 @ 开头的行可以增删、移动、改写：
  加一行 @article 就是另起一篇；连同 @headline 删去，就与上一篇合并，标题归入正文。
  版面的字不要改，行不要增删；一行中标题和正文粘连的，可以断成两行。空行不计。
{name}, as sou reads it. Move the lines to where they belong, then save and close.
  Below "@page" is what belongs to no article; each article begins with "@article", its
  headline is below "@headline", its text below "@text". Lines with @ may be added, taken
  away, moved and changed: one more "@article" begins another article; without its "@article"
  and "@headline" an article goes on with the text of the one above.
  Let the words of the page be, and neither add nor delete lines; a line in which a headline
  is glued to its text may be broken in two. Blank lines do not count."""


@dataclass(slots=True)
class Lines:
    """Lines of a form that are lines of the page: number in the form, and text without escape."""

    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, number: int, text: str) -> None:
        """Take one more line."""
        self.numbers.append(number)
        self.texts.append(text)


@dataclass(slots=True)
class Draft:
    """The page or an article as a form has it; `place` is the line of its mark."""

    place: int
    fields: dict[str, str] = field(default_factory=dict)
    headline: Lines = field(default_factory=Lines)
    text: Lines = field(default_factory=Lines)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form; `line` is its own, 0 for what it lacks."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line} of the form: {self.reason}" if self.line else self.reason


def key(line: str) -> str:
    """Return a line as it is compared: white space folded, without what editors do not show."""
    return " ".join(_HIDDEN.sub("", line).split())


def written(
    layout: Layout, source: list[str], name: str, remarks: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the lines of the form of a page; `name` is what its file is called."""
    for line in (*_HELP.format(name=key(name)).split("\n"), *remarks):
        yield f"@# {line}"
    yield ""
    yield "@page 版面"
    for known in ("paper", "date", "issue", "section", "page"):
        yield _field(known, getattr(layout, known))
    if layout.edition:
        yield _field("edition", layout.edition)
    yield from _lines(record_of(layout, source), source)
    for portion in layout.portions:
        yield ""
        yield "@article 文章"
        yield from _fields(portion)
        yield "@headline 标题"
        yield from _lines(portion.headline, source)
        yield "@text 正文"
        yield from _lines(portion.below, source)


def _fields(portion: Portion) -> Iterator[str]:
    if portion.title:
        yield _field("title", portion.title)
    yield _field("authors", "、".join(portion.authors))
    for name in ("section", "continued_from", "continued_on"):
        if getattr(portion, name):
            yield _field(name, getattr(portion, name))


def _field(name: str, value: str | None) -> str:
    return f"@{_SHOWN[name]}: {key(value or '')}".rstrip()


def _lines(parts: list[Stretch] | tuple[Stretch, ...], source: list[str]) -> Iterator[str]:
    """Yield lines of the page as they stand, with a blank one where a cut would be glued again."""
    for part in parts:
        text = _HIDDEN.sub("", part.text(source)).rstrip()
        bare = text.lstrip()
        if _ESCAPED.match(bare):
            text = f"{text[: len(text) - len(bare)]}\\{bare}"
        if bare:
            yield text


def drafts(form: str) -> tuple[list[Draft], list[Fault]]:
    """Return what a form says, the page first, and what in it is no mark.

    Newlines of any system, a byte order mark and white space at the ends of lines are nothing.
    """
    parser = _Parser()
    for number, line in enumerate(re.split("\r\n|\n|\r", form.removeprefix("\ufeff")), 1):
        bare = line.strip()
        if not bare.startswith("@"):
            text = bare[1:] if _ESCAPED.match(bare) else bare
            if key(text):
                parser.part.add(number, text)
        elif not bare.startswith("@#"):
            reason = parser.mark(number, bare)
            if reason:
                parser.faults.append(Fault(number, reason))
    return parser.found, parser.faults


class _Parser:
    """What was read of a form so far: `part` is where lines go, `draft` where fields do."""

    def __init__(self) -> None:
        self.draft = Draft(0)
        self.found = [self.draft]
        self.part = self.draft.text
        self.faults: list[Fault] = []

    def mark(self, number: int, bare: str) -> str:
        """Read a line that begins with `@`; return what is wrong with it, if anything is."""
        match = _MARK.match(bare)
        if match is None:
            return _UNKNOWN.format(mark=bare[:_MOST_SHOWN])
        name = match["name"].lower()
        _, colon, value = match["rest"].replace("：", ":", 1).partition(":")
        if colon:
            return self._set(name, value.strip())
        block = _BLOCKS.get(name)
        page = self.found[0]
        if block == "page":
            self.draft, self.part = page, page.text
        elif block == "article":
            self.draft = Draft(number)
            self.found.append(self.draft)
            self.part = self.draft.text
        elif block is None:
            return _UNKNOWN.format(mark=bare[:_MOST_SHOWN])
        elif self.draft is page:
            return f"@{name} stands in no article: begin one with @article"
        else:
            self.part = self.draft.headline if block == "headline" else self.draft.text
        return ""

    def _set(self, name: str, value: str) -> str:
        """Write down a field; return what is wrong with it, if anything is."""
        known = _FIELDS.get(name)
        of_page = self.draft is self.found[0]
        possible = _OF_PAGE if of_page else _OF_ARTICLE
        if known is None or known not in possible:
            names = ", ".join(_SHOWN[each].split()[0] for each in _SHOWN if each in possible)
            whose = "the page" if of_page else "an article"
            return f"@{name[:_MOST_SHOWN]}: is no field of {whose}; there are {names}"
        if len(value) > _MOST_VALUE:
            return f"@{name}: has more than {_MOST_VALUE} characters"
        before = self.draft.fields.get(known)
        if known == "authors" and before and value:  # of articles that were joined
            value = f"{before}、{value}"
        elif before and before != value:
            return f"@{name}: is given twice"
        self.draft.fields[known] = value
        return ""


_UNKNOWN = "{mark} is no mark of a form; a line of the page that begins with @ is written with \\ before it"
