"""Bylines: who wrote an article, from the credit printed at its start or its end.

Names are taken only from a credit: beside a role (记者, 通讯员, 摄…), or, in brackets that
close an article, when each begins with a surname. Ordinary brackets such as （试行） are
thus no authors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.papers.pages.names import HAN, is_name, split_names

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


def _words(text: str) -> str:
    """Return a pattern for any of the words, with the spaces OCR puts between characters."""
    # Not a class of its own: a hundred of them take half a second to compile.
    return "(?:" + "|".join(r"\s?".join(word) for word in text.split()) + ")"


_ROLE = _words(
    "记者 記者 通讯员 通訊員 报道员 報道員 报导员 实习生 實習生 撰稿人 撰稿 作者 撰文 采写 特约撰稿人"
)
_RANK = _words(
    "日报 晚报 晨报 早报 周报 周刊 日報 晚報 特约 特約 特派 见习 見習 实习 實習 首席 驻站 本报 本報 本刊 本台 本网 全媒体 全媒體 融媒体 融媒體 "
    "新华社 新華社 中新社 融媒"
)
_PHOTO = _words("摄影报道 攝影報道 摄影报导 攝影 摄影 摄 攝 供图 供圖 配图")
_REPORT = rf"(?:{_words('综合报道 文并摄 图文报道 报道 報道 报导 報導 文/图 图/文 文／图 图／文 专访 專訪 专稿 特稿')}|(?<=[\\s/／])[文图圖整]{{1,2}}理?)"
_PHOTO_REPORT = _words("摄影报道 攝影報道 摄影报导")
_GAP = r"\s{0,3}"
_LABEL = re.compile(
    rf"(?:[{HAN}]{{2,8}}(?:报|報|网|社|台|中心))?{_GAP}(?:{_RANK}{_GAP}){{0,3}}{_ROLE}{_GAP}[:：]?"
)
# Before the rank may stand the name of the paper, however it is called.
_STARTS_WITH_LABEL = re.compile(
    rf"(?:(?<![{HAN}])(?!{_RANK}|{_ROLE})[{HAN}]{{1,8}}?(?={_RANK}))?{_GAP}{_LABEL.pattern}"
)
_PICTURE_LABEL = re.compile(
    rf"(?:{_PHOTO}|[图圖])\s*[:：/／]|(?:本版|本文|本组)?(?:图片|圖片|照片|摄影)[:：\s]"
)
_TEXT_LABEL = re.compile(r"文\s*[:：/／]")
_PICTURE_END = re.compile(rf"[/／]?\s*{_PHOTO}$")
_REPORT_END = re.compile(rf"[/／]?\s*{_REPORT}$")

_MARKS = "■●◎□▲★◆○◇▌|△▼◢※"
_PLACE = rf"[{HAN}、0-9０-９]"
_DATELINE = re.compile(
    rf"\s*[{_MARKS}]?\s*[\[【（(]?\s*(?:"
    rf"本\s?[报報刊台网]\s?(?:{_PLACE}\s?){{0,14}}?[讯訊电電]"
    rf"|(?:新华社|新華社|中新社|中新网|中央社|人民网|[{HAN}]{{2,4}}(?:通讯社|日报|晚报))\s?"
    rf"(?:{_PLACE}\s?){{1,20}}?[电電讯訊]"
    rf"|[{HAN}]{{0,8}}[讯訊](?=\s{{0,3}}[（(]\s{{0,3}}(?:{_RANK}\s?){{0,3}}{_ROLE})"
    rf")\s*[\]】）)]?"
)
_BRACKETS = re.compile(rf"\s*[（(\[【]([^（）()\[\]【】]{{2,{_MAX_CREDIT}}})[)）\]】]")
_LAST_BRACKETS = re.compile(rf"[（(\[【]([^（）()\[\]【】。]{{2,{_MAX_CREDIT}}})[)）\]】]\s*$")
_REPORTED = re.compile(
    rf"\s*([^（）()。，,！？]{{4,40}}?)\s*{_words('报道 報道 报导 報導 电 摄影报道')}"
)
_NAME_LIST = re.compile(rf"[{HAN}·•・\s、,，;；/／&]+")
_CLOSERS = "。！？!?…”’\"'」』》)）."


def opening(text: str) -> Byline | None:
    """Return the byline `text`, the start of an article's body, begins with, or None.

    A dateline without a name (本报讯 8月20日…) is a byline without authors.
    """
    head = text[: _MAX_CREDIT * 2]
    if not _OPENING_HINT.search(head):
        return None
    dateline = _DATELINE.match(head)
    rest = dateline.end() if dateline else 0
    brackets = _BRACKETS.match(head, rest)
    if brackets:
        found = _credit(brackets[1], loose=True)
        if found is None and dateline:
            found = _signature(brackets[1])
        if found:
            return Byline(found.authors, found.photo, dateline is not None, 0, brackets.end())
    reported = _REPORTED.match(head, rest)
    if reported and _STARTS_WITH_LABEL.match(reported[1].strip()):
        found = _credit(reported[1])
        if found:
            return Byline(found.authors, dateline=True, end=reported.end())
    if dateline:
        return Byline((), dateline=True, end=dateline.end())
    return None


def alone(line: str) -> Byline | None:
    """Return the byline that is the whole of `line` (`■记者 甲乙 摄`), or None."""
    if len(line) > _MAX_CREDIT * 2 or not _ALONE_HINT.search(line):
        return None
    marked = _DATED.sub("", line.strip())
    text = _DOTTED.sub(r"\1", marked.lstrip(_MARKS).strip())
    brackets = _LAST_BRACKETS.fullmatch(text)
    found = _credit(brackets[1] if brackets else text)
    if found is None and (brackets or text != marked):
        found = _signature(brackets[1] if brackets else text)
    return Byline(found.authors, found.photo, end=len(line)) if found else None


def closing(text: str) -> Byline | None:
    """Return the byline `text`, the end of an article's body, ends with, or None.

    It stands in brackets, or after the end of a sentence, or after a space.
    """
    body = text.rstrip()
    brackets = (
        _LAST_BRACKETS.search(body, max(0, len(body) - _MAX_CREDIT))
        if body[-1:] in ")）]】"
        else None
    )
    if brackets:
        found = _credit(brackets[1])
        ended = body[: brackets.start()].rstrip()[-1:]
        if found is None and ended and ended in _CLOSERS:
            found = _signature(brackets[1])
        if found:
            return Byline(found.authors, found.photo, start=brackets.start(), end=len(text))
    first = max(1, len(body) - _MAX_CREDIT)
    if not _CREDIT_HINT.search(body, first):
        return None
    starts = [
        start
        for start in range(first, len(body) - 2)
        if body[start - 1] in _CLOSERS or body[start - 1].isspace() or body[start] in _MARKS
    ]
    for start in starts[-_MAX_STARTS:]:
        tail = body[start:].strip().lstrip(_MARKS).strip()
        found = _credit(tail)
        if found:
            return Byline(found.authors, found.photo, start=start, end=len(text))
    return None


def signed(line: str) -> Byline | None:
    """Return the byline of a line that is a name, after an office or not (`县中学 甲乙`).

    Only its place can tell such a line from a headline: the caller has to know it.
    """
    text = line.strip().strip("（()）").lstrip("—-― ")
    if len(text) > 30 or (len(text) > 9 and _ONE_WORD.fullmatch(text)):
        return None  # no name is that long
    if not _NAME_LIST.fullmatch(text):
        return None
    found = _signature(text)
    if found:
        return found
    parts = text.split()
    for first in range(1, len(parts)):
        found = _signature(" ".join(parts[first:]))
        # An office has more characters than a name, or is called by its last one.
        if found and (len(parts[first - 1]) > 3 or parts[first - 1][-1] in _OFFICE_ENDS):
            return found
    return None


def _signature(text: str) -> Byline | None:
    """Return the names in closing brackets that hold names and nothing else, or None."""
    if not _NAME_LIST.fullmatch(text) or len(text) > 30:
        return None
    office, _, rest = text.strip().partition(" ")
    if rest.strip() and len(office) == 2 and office[1] in _TWO_CHAR_OFFICES:
        text = rest  # 林场 何田
    names = split_names(text)
    letters = len(re.sub(rf"[^{HAN}]", "", text))
    if names and all(map(is_name, names)) and sum(map(len, names)) == letters:
        return Byline(names)
    return None


def _credit(text: str, *, loose: bool = False) -> Byline | None:
    """Return the credit that `text` is, or None if it is anything else.

    `loose` forgives words that are no names (the office of a correspondent), for text whose
    place, in brackets after a dateline, leaves no doubt.
    """
    text = text.strip()
    ends_in_photo = bool(_PICTURE_END.search(text))
    labelled = bool(_STARTS_WITH_LABEL.match(text) or _TEXT_LABEL.match(text))
    pictured = bool(_PICTURE_LABEL.match(text))
    reports = bool(_REPORT_END.search(text) or _PHOTO_REPORT_END.search(text))
    if not (labelled or pictured or ends_in_photo or (loose and _LABEL.search(text))):
        return None
    parts = _ALL_LABELS.sub("|", _TRAILING.sub("|", text))
    authors: list[str] = []
    for part in re.split(r"[:：|]+", parts):
        if not part.strip():
            continue
        names = split_names(part) if _NAME_LIST.fullmatch(part) else ()
        if loose and any(map(is_name, names)):
            # What stands before the correspondent's name is the office (通讯员 二中 甲乙).
            names = tuple(n for n in names if is_name(n) or n[-1] not in _OFFICE_ENDS)
        letters = len(re.sub(rf"[^{HAN}·•・]", "", part))
        if not loose and sum(map(len, names)) != letters:
            return None
        authors.extend(names)
    if not authors:
        return None
    photo = (pictured or ends_in_photo) and not reports
    if (
        not loose
        and not (labelled and _SPACED_LABEL.match(text))
        and not all(map(is_name, authors))
    ):
        return None
    return Byline(tuple(dict.fromkeys(authors)), photo)


# A rare surname is believed when the role stands apart: 记者走基层 is no byline.
_SPACED_LABEL = re.compile(rf"{_STARTS_WITH_LABEL.pattern}(?:(?<=[:：])|(?<=\s)|\s)")
# Some character of every role, of every word for a picture, and the marks before a name.
_ALONE_HINT = re.compile(rf"[者员員生稿文写影摄攝图圖片照（(\[【·•・{_MARKS}]")
_OPENING_HINT = re.compile(rf"[讯訊电電]|{_ROLE}")
_CREDIT_HINT = re.compile(rf"{_ROLE}|{_PHOTO}|[文图圖]\s?[/／:：]")
# The day of publication often stands beside the byline on a page saved from the web.
_DATED = re.compile(r"\s*\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2})?\s*$")
_DOTTED = re.compile(r"[·•・]\s*([^·•・]+?)\s*[·•・]")  # a name between dots
_TWO_CHAR_OFFICES = "场場厂廠局院校社站所队隊委办辦乡鄉镇鎮县縣区區"
_ONE_WORD = re.compile(rf"[{HAN}]+")
_OFFICE_ENDS = "台中局院部社校办站委厂队所乡镇村县市区组馆会处科系班团行司生员師师报報館廠隊辦學学"
_PHOTO_REPORT_END = re.compile(rf"{_PHOTO_REPORT}$")
_ALL_LABELS = re.compile(
    rf"{_STARTS_WITH_LABEL.pattern}|{_PICTURE_LABEL.pattern}|{_TEXT_LABEL.pattern}"
)
_TRAILING = re.compile(rf"[/／]?\s*(?:{_PHOTO}|{_REPORT})(?=\s|$)")
