"""Bylines: who wrote an article, from the credit printed at its start or its end.

Names are taken only from a credit: beside a role (记者, 通讯员, 摄…), or where authors stand
without one, in brackets or bare after the last sentence, when each begins with a surname.
Ordinary brackets such as （试行） are thus no authors. A byline may be without authors: a
dateline, or the office that wrote an article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.papers.pages import datelines
from search.papers.pages.credits import (
    NAME_LIST,
    OFFICE_ENDS,
    PHOTO,
    ROLE,
    STARTS_WITH_LABEL,
    Credit,
    credit,
    unclosed,
)
from search.papers.pages.datelines import CLOSERS, DATELINE, MARKS, OPENERS
from search.papers.pages.names import HAN, is_name, is_pen_name, may_be_name, split_names

_MAX_CREDIT = 80
"""Characters of the longest credit: two roles with four names each, with spaces."""

_MAX_STARTS = 30
"""Places in a line at which a credit may begin: a long one with a space after each character
has as many."""


@dataclass(frozen=True, slots=True)
class Byline:
    """A credit: its authors in printed order, and what kind of credit it is.

    `photo` is true when nothing but a picture is credited. `dateline` is true when the
    credit follows the name of the paper or agency (本报讯), as only the first line of an
    article does. `start` and `end` are offsets into the text the byline was found in.
    """

    authors: tuple[str, ...]
    photo: bool = False
    dateline: bool = False
    start: int = 0
    end: int = 0


_BRACKETS = re.compile(
    rf"\s*[{OPENERS}]([^{OPENERS}{CLOSERS}。！？]{{2,{_MAX_CREDIT}}})[{CLOSERS}]"
)
_LAST_BRACKETS = re.compile(
    rf"[{OPENERS}]([^{OPENERS}{CLOSERS}。]{{2,{_MAX_CREDIT}}})[{CLOSERS}]\s*$"
)
_REPORTED = re.compile(
    r"\s*([^（）()。！？]{4,80}?)\s*(?:[报報][道导導]|[电電](?!台|臺|视|視|力|话|話)|[摄攝]影[报報][道导導])"
)
_ENDS = "。！？!?…”’\"'」』》)）."


def opening(text: str) -> Byline | None:
    """Return the byline `text`, the start of an article's body, begins with, or None.

    A dateline without a name (本报讯 8月20日…) is a byline without authors.
    """
    head = text[: _MAX_CREDIT * 2]
    if not _OPENING_HINT.search(head):
        return None
    dateline = DATELINE.match(head)
    rest = dateline.end() if dateline else 0
    found, end = _after_dateline(head, rest, dated=dateline is not None)
    if found:
        reported = not dateline and not _BRACKETS.match(head)
        return Byline(found.authors, found.photo, dateline is not None or reported, 0, end)
    if dateline and not _CLOSES.fullmatch(text.strip()):
        return Byline((), dateline=True, end=dateline.end())
    return None


def _after_dateline(head: str, rest: int, *, dated: bool) -> tuple[Credit | None, int]:
    """Return the credit that stands at `rest`, where a dateline ends or a text begins."""
    brackets = _BRACKETS.match(head, rest)
    if brackets:
        found = credit(brackets[1], loose=True)
        if found is None and dated:
            found = _signature(brackets[1])
        if found:
            return found, brackets.end()
    reported = _REPORTED.match(head, rest)
    if reported and STARTS_WITH_LABEL.match(reported[1].strip()):
        found = credit(reported[1], reported=True)
        if found:
            return found, reported.end()
    return (dated and unclosed(head, rest)) or (None, rest)


def alone(line: str) -> Byline | None:
    """Return the byline that is the whole of `line` (`■记者 甲乙 摄`), or None."""
    if len(line) > _MAX_CREDIT * 2 or "。" in line or not _ALONE_HINT.search(line):
        return None
    marked = _DATED.sub("", line.strip())
    if line.lstrip().startswith("作者"):
        marked = _LABELLED.sub("", marked).strip()
    text = _DOTTED.sub(r"\1", marked.lstrip(MARKS).strip())
    brackets = _LAST_BRACKETS.fullmatch(text)
    inner = brackets[1] if brackets else text
    found = credit(inner, mended=True)
    if found is None and not brackets:
        found = credit(_BESIDE.sub("", inner).strip("".join(_STRAY)), mended=True)
    if found is None and (brackets or text != marked):
        found = _signature(inner)
    if found:
        return Byline(found.authors, found.photo, end=len(line))
    sent = datelines.sent_picture(inner)
    if sent is not None:
        return Byline((sent,) if is_name(sent) else (), photo=True, end=len(line))
    if datelines.taken_from(inner):
        return Byline((), end=len(line))
    pictured = _PICTURED.fullmatch(inner)
    named = signed(pictured[1]) if pictured else None
    return Byline(named.authors, photo=True, end=len(line)) if named else None


def closing(text: str) -> Byline | None:
    """Return the byline `text`, the end of an article's body, ends with, or None.

    It stands in brackets, or after the end of a sentence, or after a space. A dateline, an
    office or a source in brackets after the last sentence is a byline without authors.
    """
    body = text.rstrip()
    brackets = (
        _LAST_BRACKETS.search(body, max(0, len(body) - _MAX_CREDIT))
        if body[-1:] in _CLOSING_CHARS
        else None
    )
    if brackets:
        found = credit(brackets[1])
        ended = body[: brackets.start()].rstrip()[-1:]
        after_sentence = bool(ended) and ended in _ENDS
        if found is None and after_sentence:
            found = _signature(brackets[1], loose=True)
        if found:
            return Byline(found.authors, found.photo, start=brackets.start(), end=len(text))
        dated = datelines.closing(brackets[1]) if after_sentence or ended in "、，," else None
        if dated is not None:
            return Byline((), dateline=dated, start=brackets.start(), end=len(text))
    return _unbracketed(body, len(text))


def _unbracketed(body: str, end: int) -> Byline | None:
    """Return the credit with a role that a text ends with, without brackets around it."""
    first = max(1, len(body) - _MAX_CREDIT)
    if not _CREDIT_HINT.search(body, first):
        return None
    starts = [
        start
        for start in range(first, len(body) - 2)
        if body[start - 1] in _ENDS or body[start - 1].isspace() or body[start] in MARKS
    ]
    for start in starts[-_MAX_STARTS:]:
        found = credit(body[start:].strip().lstrip(MARKS).strip("（( "))
        if found:
            return Byline(found.authors, found.photo, start=start, end=end)
    return None


def ending(text: str) -> Byline | None:
    """Return the byline an article ends with: as `closing`, or bare names after its last sentence.

    Only the end of an article can have such names: `text` has to be that, no line within it.
    Pen names (春玉) are believed there too.
    """
    found = closing(text)
    if found:
        return found
    body = text.rstrip()
    tail = _TAIL.search(body, max(0, len(body) - _MAX_TAIL))
    if tail is None:
        return None
    bare = tail["bare"] or tail["bracketed"]
    if _ROLE_HINT.search(bare):
        return None
    names = _signature(bare, loose=True)
    credited = Byline(names.authors) if names else signed(bare)
    if credited is None and tail["end"] in _SENTENCE_ENDS and is_pen_name(bare):
        credited = Byline((bare,))
    return credited and Byline(credited.authors, start=tail.start("rest"), end=len(text))


def headlined(text: str) -> tuple[str, ...]:
    """Return the authors named in a headline: in brackets or behind a mark at its end."""
    text = text.strip()[-_MAX_CREDIT:]
    found = alone(text) or _unbracketed(text, len(text))
    if found:
        return () if found.photo else found.authors
    named = _HEADLINED.search(text)
    if named:
        name = named["bracketed"] or named["marked"] or named["serial"]
        sent = bool(named["sent"])
        if is_name(name) or ((sent or named["bracketed"]) and is_pen_name(name)):
            return (name,)
    return ()


def signed(line: str) -> Byline | None:
    """Return the byline of a line that is a name, after an office or not (`县中学 甲乙`).

    Only its place can tell such a line from a headline: the caller has to know it.
    """
    text = line.strip().strip("（()）").lstrip("—-― ")
    if len(text) > 30:
        return None
    if len(text) > 9 and _ONE_WORD.fullmatch(text):
        return _titled(text)  # no name is that long
    if not NAME_LIST.fullmatch(text):
        return None
    found = _signature(text)
    if found:
        return Byline(found.authors)
    parts = text.split()
    for first in range(1, len(parts)):
        found = _signature(" ".join(parts[first:]))
        # An office has more characters than a name, or is called by its last one.
        office = parts[first - 1]
        if found and (len(office) > 3 or office[-1] in OFFICE_ENDS or office in _SIGNERS):
            return Byline(found.authors)
    return _titled("".join(parts))


def of_reader(line: str) -> bool:
    """Return whether a line is the signature of a letter to the paper."""
    return line.split(maxsplit=1)[0].lstrip("（(") in _SIGNERS


def organisation(line: str) -> Byline | None:
    """Return the byline of a line that is the office that wrote an article; it names no author.

    As with `signed`, the caller has to know its place.
    """
    return Byline((), end=len(line)) if datelines.organisation(line) else None


def _titled(text: str) -> Byline | None:
    """Return the name behind a rank (`县中学教师甲乙`), or None."""
    ranked = _RANKED.fullmatch(text)
    if ranked and is_name(ranked["name"]) and not _ABOUT.search(_NO_ACT.sub("", ranked["office"])):
        return Byline((ranked["name"],))
    return None


def _signature(text: str, *, loose: bool = False) -> Credit | None:
    """Return the names in closing brackets that hold names and nothing else, or None.

    `loose` believes a second name whose surname is not known, or was misread.
    """
    if not NAME_LIST.fullmatch(text) or len(text) > 30 or _LONG_WORD.search(text):
        return None
    office, *rest = text.split(maxsplit=1)
    if rest and len(office) == 2 and office[1] in _TWO_CHAR_OFFICES:
        text = rest[0]  # 林场 何田
    names = split_names(text)
    letters = len(re.sub(rf"[^{HAN}]", "", text))
    lost = bool(len(names) > 1 and _CUT_OFF.search(text))
    known = [is_name(name) or (loose and may_be_name(name) and len(name) < 4) for name in names]
    if (
        names
        and is_name(names[0])
        and all(known)
        and sum(map(len, names)) in {letters, letters - lost}
    ):
        return Credit(names)
    return None


# Some character of every role, of every word for a picture, and the marks before a name.
_LABELLED = re.compile(
    r"(?<!\S)(?:来源|來源|出处|字数|字數|版次|版面|日期|时间|阅读量?|浏览量?|点击量?)[:：][ \u3000]?[^\s:：]{1,20}"
)
"""What a digital paper has beside the author (`作者：甲乙 来源：青岚日报 字数：320`)."""

_ALONE_HINT = re.compile(rf"[者员員生稿文写影摄攝图圖片照老音发發据據综{OPENERS}·•・{MARKS}]")
_OPENING_HINT = re.compile(rf"[讯訊电電]|{ROLE}|[{OPENERS}]")
_CREDIT_HINT = re.compile(rf"{ROLE}|{PHOTO}|[文图圖]\s?[/／:：]")
# The day of publication often stands beside the byline on a page saved from the web.
_DATED = re.compile(r"\s*\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2})?\s*$")
_DOTTED = re.compile(r"[·•・]\s*([^·•・]+?)\s*[·•・]")  # a name between dots
_ROLE_HINT = re.compile(rf"{ROLE}|校对|校對|[编編][辑輯]")
_SENTENCE_ENDS = "。！？!?…｡.．"
_CLOSES = re.compile(r"[（(][^（）()]{4,40}[日號号][^（）()]{0,6}[)）]")  # （新华社山口1月1日电）
_PICTURED = re.compile(r"([^。，,]{2,30})\s[摄攝]")  # 宣传科 甲乙 摄
_STRAY = "（()）[]【】〔〕 "
_CLOSING_CHARS = ("）", ")", "]", "】", "〕", "］")
# What an author is stands in brackets behind the name.
_BESIDE = re.compile(r"[（(][^（）()]{2,20}[)）]$")
_SIGNERS = frozenset(
    [
        "读者",
        "讀者",
        "听众",
        "聽眾",
        "观众",
        "觀眾",
        "网友",
        "網友",
        "市民",
        "居民",
        "村民",
        "农民",
        "農民",
        "工人",
        "社员",
        "社員",
        "战士",
        "戰士",
        "学生",
        "學生",
        "教师",
        "教師",
    ]
)
"""Who writes a letter to a paper."""
_TWO_CHAR_OFFICES = "科场場厂廠局院校社站所队隊委办辦乡鄉镇鎮县縣区區"
_ONE_WORD = re.compile(rf"[{HAN}]+")
_LONG_WORD = re.compile(rf"[{HAN}]{{7}}")  # no two names together are that long
_CUT_OFF = re.compile(rf"\s[{HAN}]$")

_MAX_TAIL = 40
_TAIL = re.compile(
    rf"(?P<end>[。！？!?”」』》）)…%％｡]|(?<![0-9A-Za-z])[.．])(?P<rest>\s*(?:"
    rf"(?P<bare>[{HAN}][{HAN}\s、，·]{{0,28}}[{HAN}])|[（(](?P<bracketed>[{HAN}]{{2,3}})[)）]))$"
)
_RANKED = re.compile(
    rf"(?P<office>[{HAN}、]{{0,22}})(?:主席|书记|書記|总理|總理|部长|部長|省长|省長|市长|市長|县长|縣長|主任|委员|委員|社长|社長|校长|校長"
    r"|局长|局長|厅长|廳長|院长|院長|司令员?|政委|教授|研究员|研究員|院士|战士|戰士|学生|學生|工人|社员|社員|教师|教師|队长|队员|干部|幹部|红卫兵|紅衛兵|编辑|編輯|主编)"
    rf"(?P<name>[{HAN}]{{2,4}})"
)
_NO_ACT = re.compile("[员員协協][会會]|[书書][记記]")
_ABOUT = re.compile(r"[访訪见見会會记記与與和对對给給向致悼祝贺賀迎送同的]")
_HEADLINED = re.compile(
    rf"(?:[（(](?P<bracketed>[{HAN}]{{2,3}})(?P<sent>自[{HAN}]{{2,4}}寄|[作著譯译撰])?[)）]"
    rf"|\s[·•・]?\s*(?<=[\s·•・])(?P<marked>[{HAN}]{{2,3}})"
    rf"|[{HAN}]{{2,8}}(?:傳|外史|演義|演义|传奇|傳奇)(?P<serial>[{HAN}]{{3}}))$"
)
