"""Names of papers, as they stand by themselves in a masthead.

Nothing tells a name from a headline but its last word and what stands beside it. After some
last words (日报, 晚报, 周刊) little else is likely; after others (报, 快报, 新闻, 通讯) it is a name
only where the page has a masthead around it.
"""

from __future__ import annotations

import re

from search.papers.pages.known_papers import begins_with_known, known
from search.papers.pages.names import HAN
from search.papers.pages.printed import plain

_GAP = r"\s{0,4}"


def _spaced(words: str) -> str:
    """Return a pattern for any of the words, with the spaces that set their characters apart."""
    return "(?:" + "|".join(_GAP.join(word) for word in words.split()) + ")"


_SURE = _spaced(
    "日报 日報 晚报 晚報 早报 早報 晨报 晨報 午报 午報 时报 時報 周报 週報 周報 周刊 週刊 商报 商報 "
    "都市报 都市報 青年报 青年報 晚刊 旬报 旬報"
)
_LIKELY = _spaced(
    "报 報 新闻 新聞 通讯 通訊 侨讯 僑訊 乡讯 鄉訊 简讯 簡訊 电讯 電訊 导刊 導刊 旬刊 周末 週末 消息 文摘"
)
# Papers of note that are not known by their last word. Each is no word of another use, and with
# more Han characters behind it another name (申报材料).
_BY_HEART = re.compile(
    _spaced(
        "申报 申報 万国公报 萬國公報 第一财经日报 每周评论 每週評論 红色中华 紅色中華 人民铁道 人民邮电 中国交通报 新清华 半月谈 环球人物"
        " 良友画报 良友畫報 点石斋画报 點石齋畫報 解放画报 人民画报"
    )
    + rf"(?![{HAN}])"
)
_MAX_STEM = 60
"""Characters of the name of a file that are looked at."""

_MAX_LIKELY = 8
"""Characters of the longest name whose last word has other uses: a headline is longer."""

_NAME = rf"(?P<name>[{HAN}](?:{_GAP}[{HAN}]){{0,11}}?{_GAP}"
SURE_NAME = re.compile(rf"{_NAME}{_SURE})(?![{HAN}]{{4}})")
"""A name that is one wherever it stands by itself in a masthead."""
_LIKELY_NAME = re.compile(rf"(?P<name>(?:[{HAN}]{_GAP}){{0,11}}[{HAN}]{_GAP}{_LIKELY})(?![{HAN}])")
_GLUED_NAME = re.compile(rf"{_NAME}[报報])(?=[总總]?第)")
_SHORT_NAME = re.compile(
    r"[^本该該各某此小大墙牆喜海电電书書年月日早晚午周週旬公简簡通汇匯党黨画畫学學快见見看读讀订訂办辦送卖賣上填回举舉预預申][报報]|申報"
)

_NO_NAME = re.compile(
    r"(?:^[本该各某此两]|(?<!^文)[汇匯]|[通上举舉预預海情警播填喜回墙牆季要见見看读讀订訂办辦卖賣送发發电電谎瞒瞞速呈小剪贴貼板捷]|(?<![读讀])[书書]|"
    r"(?<!大)公|(?<!青)(?<!少)(?<!老)(?<!成)年|(?<!文)(?<!科)(?<!医)(?<!醫)(?<!大)(?<!中)(?<!小)(?<!化)(?<!数)(?<!數)学|党|黨|机关|機關)[报報]$"
    r"|(?<!^)申[报報]$|[党黨]刊$"
    r"|[的了吗嗎呢哪谁誰着将將被把是这這我你他您它她在订訂]|第[一二三四五六七八九十]"
    r"|^(?:走[近进進]|访|訪|谈|談|致|看|读|讀|评|評|贺|賀|祝|给|給|为|為|在|从|從|订|訂|据|據)"
)
_KINDS_OF_NEWS = re.compile(
    r"^(?:综合|綜合|详细|詳細|主要|国内|國內|国际|國際|社会|社會|本地|本市|本省|本县|本縣|体育|體育|图片|圖片|经济|經濟|今日|时政|時政|"
    r"文化|教育|校园|校園|科技|财经|財經|娱乐|娛樂|简明|簡明|最新|一句话|视觉|視覺|法治|地方|热点|熱點|各地|省内|县内|市内|"
    r"城市|都市|民生|农村|農村|农业|工业|国防|军事|軍事|要目|重要|头条|頭條|影像|电视|電視|广播|廣播|专题|專題|"
    r"[图圖]文|读者|天下|全国|全國|港澳|台湾|两岸|兩岸|短|好|假|坏|看|做|写|问|首都|简要|要闻|工作|学习|生产|群众|读者来信|市场|信息|行业|企业|乡镇|部门|基层|一周|本周|每周){1,3}(?:新闻|新聞|消息|通讯|通訊|简讯|簡訊)$"
    r"|^(?:新闻|新聞|消息|通讯|通訊|简讯|簡訊|电讯|電訊|周末|週末|文摘|小通讯|快讯|[好坏]消息)$"
)


def bare(name: str) -> str:
    """Return a name without the spaces that set its characters apart."""
    return re.sub(r"\s", "", name)


def begins_with_name(text: str, *, likely: bool) -> tuple[str, str] | None:
    """Return the paper's name at the start of plain text and what follows it, or None.

    With `likely`, also a name whose last word has other uses: where that is asked, something
    else must say that the line is a masthead.
    """
    text = text.strip("《》【】#*◀▶◄►[] ")
    if listed := begins_with_known(text):
        return listed
    match = _BY_HEART.match(text)
    if match:
        return bare(match[0]), text[match.end() :]
    match = SURE_NAME.match(text)
    if match and _is_name(match["name"]) and (likely or len(bare(match["name"])) <= _MAX_LIKELY):
        return bare(match["name"]), text[match.end() :]
    match = _GLUED_NAME.match(text)
    if match and _is_name(match["name"]):
        return bare(match["name"]), text[match.end() :]
    match = (_LIKELY_NAME.match(text) or _SHORT_NAME.match(text)) if likely else None
    if match and _is_name(match[0]) and len(bare(match[0])) <= _MAX_LIKELY:
        after = text[match.end() :]
        if not re.match(rf"[{HAN}]", after):
            return bare(match[0]), after
    return None


def name_of_file(stem: str) -> str | None:
    """Return the paper that the name of a file begins with (`青岚日报_20230512_01`), or None."""
    text = plain(stem[:_MAX_STEM].replace("_", " "))
    named = begins_with_name(text, likely=True)
    return named[0] if named else None


def name_within(text: str) -> str | None:
    """Return a name that stands by itself somewhere in plain text that is a masthead for sure."""
    for part in re.split(r"[\s|·>:,()《》]+", text):
        if listed := known(part):
            return listed
        match = SURE_NAME.fullmatch(part) or _LIKELY_NAME.fullmatch(part)
        if match and _is_name(part) and len(part) <= _MAX_LIKELY:
            return part
    return None


def _is_name(name: str) -> bool:
    name = bare(name)
    return not (_NO_NAME.search(name) or _KINDS_OF_NEWS.search(name)) and (
        len(name) > 2 or bool(_SHORT_NAME.fullmatch(name))
    )
