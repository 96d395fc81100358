"""Credits: a role (记者, 通讯员, 摄 …) with the names beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.papers.pages.names import HAN, is_name, may_be_name, split_names


@dataclass(frozen=True, slots=True)
class Credit:
    """The names in a credit, and whether it is for nothing but a picture."""

    authors: tuple[str, ...]
    photo: bool = False


def _words(text: str) -> str:
    """Return a pattern for any of the words, with the spaces OCR puts between characters."""
    # Not a class of its own: a hundred of them take half a second to compile.
    return "(?:" + "|".join(r"\s?".join(word) for word in text.split()) + ")"


ROLE = _words(
    "记者 記者 通讯员 通訊員 报道员 報道員 报导员 实习生 實習生 撰稿人 撰稿 作者 撰文 采写 特约撰稿人 特派员 特派員"
)
_RANK = _words(
    "日报 晚报 晨报 早报 周报 周刊 日報 晚報 特约 特約 特派 见习 見習 实习 實習 首席 驻站 本报 本報 本刊 本台 本网 全媒体 全媒體 融媒体 融媒體 "
    "新华社 新華社 中新社 融媒 广播电台 廣播電台 电视台"
)
PHOTO = _words("摄影报道 攝影報道 摄影报导 攝影 摄影 摄 攝 供图 供圖 配图")
_REPORT = rf"(?:{_words('综合报道 文并摄 图文报道 报道 報道 报导 報導 文/图 图/文 文／图 图／文 专访 專訪 专稿 特稿')}|(?<=[\\s/／])[文图圖整]{{1,2}}理?)"
_PHOTO_REPORT = _words("摄影报道 攝影報道 摄影报导")
_GAP = r"\s{0,3}"
_LABEL = re.compile(
    rf"(?:[{HAN}]{{2,8}}(?:报|報|网|社|台|中心))?{_GAP}(?:{_RANK}{_GAP}){{0,3}}{ROLE}{_GAP}[:：]?"
)
# Before the rank may stand the name of the paper, however it is called.
STARTS_WITH_LABEL = re.compile(
    rf"(?:(?<![{HAN}])(?!{_RANK}|{ROLE})(?P<before>[{HAN}]{{1,8}}?)(?={_RANK}))?{_GAP}{_LABEL.pattern}"
)
_PICTURE_LABEL = re.compile(
    rf"(?:{PHOTO}|[图圖])\s*[:：/／]|(?:本版|本文|本组)?(?:图片|圖片|照片|摄影)[:：\s]"
)
_TEXT_LABEL = re.compile(r"文\s*[:：/／]")
_PICTURE_END = re.compile(rf"[/／]?\s*{PHOTO}$")
_REPORT_END = re.compile(rf"[/／]?\s*{_REPORT}$")
_PHOTO_REPORT_END = re.compile(rf"{_PHOTO_REPORT}$")
_ALL_LABELS = re.compile(
    rf"{STARTS_WITH_LABEL.pattern}|{_PICTURE_LABEL.pattern}|{_TEXT_LABEL.pattern}"
)
_TRAILING = re.compile(rf"[/／]?\s*(?:{PHOTO}|{_REPORT})(?=\s|$)")
# A rare surname is believed when the role stands apart: 记者走基层 is no byline.
_SPACED_LABEL = re.compile(rf"{STARTS_WITH_LABEL.pattern}(?:(?<=[:：])|(?<=\s)|\s)")
NAME_LIST = re.compile(rf"[{HAN}·•・\s、,，;；/／&]+")
OFFICE_ENDS = (
    "台中局院部社校办站委厂队所乡镇村县市区组馆会处科系班团行司生员師师报報館廠隊辦學学网網"
)


# Some character of every role, misread or not, and of every word for a picture or a text.
_HINT = re.compile(
    r"[记記者]|[讯訊]\s?[员員]?|[员員]|[实實]\s?[习習]|[撰采]|作\s?者|[摄攝]|[供配]\s?[图圖]|[图圖文照影]\s?[片]?\s*[:：/／\s]"
)


def credit(
    text: str, *, loose: bool = False, mended: bool = False, reported: bool = False
) -> Credit | None:
    """Return the credit that `text` is, or None if it is anything else.

    `loose` forgives words that are no names (the office of a correspondent), for text whose
    place, in brackets after a dateline, leaves no doubt. `mended` forgives what OCR does to
    a role. Of what was `reported`, the place may stand last (记者 甲乙 青岛报道).
    """
    if not _HINT.search(text):
        return None
    text = _EDITORS.sub(" ", text).strip()
    if loose or mended:
        text = mend(text)
    ends_in_photo = bool(_PICTURE_END.search(text))
    labelled = bool(STARTS_WITH_LABEL.match(text) or _TEXT_LABEL.match(text))
    pictured = bool(_PICTURE_LABEL.match(text))
    reports = bool(_REPORT_END.search(text) or _PHOTO_REPORT_END.search(text))
    if not (labelled or pictured or ends_in_photo or _LABEL.search(text)):
        return None
    authors = _names_in(text, loose=loose)
    if not authors:
        return None
    if (reports or reported) and len(authors) > 1 and not is_name(authors[-1]):
        authors.pop()
    photo = (pictured or ends_in_photo) and not reports
    if (
        not loose
        and not (labelled and _SPACED_LABEL.match(text))
        and not all(map(is_name, authors))
    ):
        return None
    return Credit(tuple(dict.fromkeys(authors)), photo)


def _names_in(text: str, *, loose: bool) -> list[str]:
    """Return the names beside the roles of a credit; none if it holds anything else."""
    authors: list[str] = []
    for part in re.split(r"[:：|]+", _without_labels(text)):
        if not part.strip():
            continue
        names = split_names(part) if NAME_LIST.fullmatch(part) else ()
        if loose and any(map(is_name, names)):
            # What stands before the correspondent's name is the office (通讯员 二中 甲乙).
            names = tuple(n for n in names if is_name(n) or n[-1] not in OFFICE_ENDS)
        letters = len(re.sub(rf"[^{HAN}·•・]", "", part))
        if not loose and sum(map(len, names)) != letters:
            return []
        authors.extend(n for n in names if _possible(n))
    return authors


def _without_labels(text: str) -> str:
    """Return a credit with a stroke for each role in it."""
    return _ALL_LABELS.sub("|", _TRAILING.sub("|", _PAPER_BEFORE.sub(_apart, text)))


def _apart(match: re.Match[str]) -> str:
    """Return what stands before a role apart from it if it is a name, else nothing of it."""
    before = match[0]
    if is_name(before):
        return before + " "
    named = is_name(before[:3]) or is_name(before[:2])
    return before if named and not _OF_A_PAPER.search(before) else " "


# A name before the role of another (王小明本报记者李大川), or the name of a paper.
_PAPER_BEFORE = re.compile(rf"(?<![{HAN}])(?:(?!{ROLE})[{HAN}]){{2,8}}?(?=(?:{_RANK}\s?)?{ROLE})")
_OF_A_PAPER = re.compile(r"(?:新[闻聞]|[报報社台臺网網]|[视視][频頻]|[财財][经經]|客户端|中心)$")
_EDITORS = re.compile(
    rf"(?:[责責]任|流程|[实實][习習]|本版)?(?:[编編][辑輯审審]|[责責][编編]|[校审審][对對校核])\s?[:：]?\s?[{HAN}]{{2,4}}?(?=[责責流校审審编編]|[来來]源|{ROLE}|[^{HAN}]|$)"
)


def _possible(name: str) -> bool:
    """Return whether a word beside a role can be a name: 环球网 cannot."""
    return may_be_name(name) or not _SHORT.fullmatch(name)


_SHORT = re.compile(rf"[{HAN}]{{2,4}}")


def mend(text: str) -> str:
    """Put right a role of which OCR misread or lost one character."""
    for wrong, right in _MISREAD:
        text = wrong.sub(right, text)
    return _CORRESPONDENT.sub(_correspondent, text)


_MISREAD = (
    (re.compile(r"[记記]\s?[老音煮署著耆昔省]|[己讠汜计讦讯记]者(?<!记者)"), "记者"),
    (
        re.compile(rf"(?<![{HAN}])[{HAN}](?<![通记])[讯訊][员員]|通[迅汛信讥讽说询](?=[员員])"),
        "通讯",
    ),
    (re.compile(r"通讯(?=[员員])[员員]|通.[员員]"), "通讯员"),
    (re.compile(r"本[推极根板报撤摄]\s?(?=[记記]\s?者)"), "本报"),
)
_CORRESPONDENT = re.compile(rf"通\s?[讯訊](?!\s?[员員])(\s?)([{HAN}]{{0,4}})")


def _correspondent(match: re.Match[str]) -> str:
    """Return 通讯员 and the name after it, for 通讯 with another character, or with none."""
    after = match[2]
    if is_name(after) or match[1]:
        return "通讯员 " + after
    return "通讯员 " + after[1:] if len(after) != 1 or match.end() < len(match.string) else match[0]


def unclosed(text: str, start: int) -> tuple[Credit, int] | None:
    """Return the credit at `start` that the text goes on behind, and where it ends, or None.

    Its brackets were lost. The end of a name that runs on into the text is told by what
    follows: a time or a place.
    """
    role = _ROLE_AFTER.match(text, start)
    if role is None:
        return None
    region = _STOP.split(text[role.end() : role.end() + _MAX_REGION], maxsplit=1)[0]
    authors: list[str] = []
    for token in re.split(r"[\s、|]+", _without_labels(mend(region.replace("\n", "")))):
        name = token if is_name(token) else _leading_name(token)
        if name:
            authors.append(name)
        if token and name != token:
            break
    if not authors:
        return None
    at = max(text.find(name, role.end()) + len(name) for name in authors)
    return Credit(tuple(dict.fromkeys(authors))), max(role.end(), at)


def _leading_name(token: str) -> str | None:
    for length in (3, 2):
        if is_name(token[:length]) and _GOES_ON.match(token, length):
            return token[:length]
    return None


_MAX_REGION = 60
_ROLE_AFTER = re.compile(
    rf"\s{{0,3}}[（(]?\s{{0,3}}(?:{STARTS_WITH_LABEL.pattern}|通[讯訊][员員]?|[记記][老音煮署著耆昔])"
)
_STOP = re.compile(r"[，,。：:；;！？!?“”‘’《（(）)…—]")
_GOES_ON = re.compile(
    r"近[日年来期几]|日前|[昨今明当當][天日年晨晚]|目前|去年|前[天日年]|[上本][周月年半午届市省县縣报]|[我全][国國省市县縣区區州乡镇]"
    r"|[由从從在据據]|[获獲]悉|[报報][道导導]|[专專][访訪]|综合|[0-9０-９“《]"
    r"|北京|上海|天津|重[庆慶]|河[北南]|山[西东東]|[辽遼]宁|吉林|黑[龙龍]江|江[苏蘇西]|浙江|安徽|福建|湖[北南]|[广廣][东東西州]"
    r"|海南|四川|[贵貴]州|[云雲]南|西藏|[陕陝]西|甘[肃肅]|青海|[宁寧]夏|新疆|[内內]蒙古|香港|澳[门門]|[台臺][湾灣]|南京|武[汉漢]"
    r"|中[国國共央]|[美英法德泰][国國]|[韩韓]国|日本|俄[罗羅]|[苏蘇][联聯]|朝[鲜鮮]|印度|[联聯]合[国國]|[国國][务務家]"
    rf"|[{HAN}]{{2,3}}[省市县縣区區镇鎮]"
)
