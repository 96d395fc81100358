"""Lines of a masthead that say when a paper came out, and which issue it is.

A date stands in many sentences, and OCR may end a line behind it. So a line counts by what
stands beside its date: the weekday, the day of the moon, the number of the issue, and no word
that is none of these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.dates.eras import COMMON, CYCLE, OF_THE_MOON, OF_THE_SUN
from search.dates.forms import HAN as HAN_NUMBER
from search.dates.lunar import MARK
from search.dates.printed import DAYS_TO, find_date
from search.papers.pages.names import HAN
from search.papers.pages.paper_names import begins_with_name, name_within
from search.papers.pages.printed import FIGURES, MAX_MASTHEAD, PLAIN_PAGE, SMALL

_DAY = f"[0-9{HAN_NUMBER}]"
_ERA = f"(?:中[华華]民[国國]|(?:大?[满滿][洲州](?:帝[国國]|[国國]))?(?:{OF_THE_SUN})|{COMMON})"
_REIGN = f"大清(?:{OF_THE_MOON})|{OF_THE_MOON}"
_STEMS, _BRANCHES = "[甲乙丙丁戊己庚辛壬癸]", "[子丑寅卯辰巳午未申酉戌戍亥]"
_TERMS = (
    "立春 雨水 惊蛰 驚蟄 春分 清明 谷雨 穀雨 立夏 小满 小滿 芒种 芒種 夏至 小暑 大暑 立秋 处暑 處暑 白露 秋分 "
    "寒露 霜降 立冬 小雪 大雪 冬至 小寒 大寒 元旦 春节 春節 元宵 端午 中秋 重阳 重陽 除夕 腊八"
)
_NUMBER = re.compile(rf"(?P<whole>[总總]\s*)?第\s*(?P<number>[{FIGURES}]+)\s*(?P<unit>[期号號])")
# None begins with spaces: tried from each, a line of spaces takes quadratic time.
_ITEMS = {
    "founded": r"(?:本[报報刊])?(?:创刊|創刊|创办|創辦|复刊|復刊)(?:日期)?[于於:]?(?=[0-9中公民一二])"
    r"|(?:创刊|創刊|创办|創辦|复刊|復刊)",
    "date": r"[0-9]{4}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}\s*日?|(?<!\d)[0-9]{8}(?!\d)"
    r"|(?<!\d)[0-9]{1,2}(?P<mark>[-./])[0-9]{1,2}(?P=mark)[0-9]{4}(?!\d)"
    rf"|(?:{_ERA}\s*)?(?:{_DAY}\s*){{1,5}}年\s*(?:{_DAY}\s*){{1,3}}月(?!\s*初)\s*(?:份|(?:{_DAY}\s*){{1,3}}(?:{DAYS_TO}\s*(?:{_DAY}\s*){{1,3}})?[日号號])?"
    rf"|(?:{_REIGN})\s*(?:{_DAY}{{1,4}}\s*年|{CYCLE})\s*年?\s*[闰閏]?\s*[正冬腊臘{_DAY[1:-1]}]{{1,3}}\s*月[大小]?\s*初?\s*{_DAY}{{1,3}}\s*日?",
    "year": rf"{_ERA}\s*(?:{_DAY}\s*){{1,5}}年",
    "weekday": r"(?:星期|周|週|礼拜|禮拜)\s*[一二三四五六日天](?![一二三四五六日天、])",
    "moon": rf"(?:{MARK}\s*)?{_STEMS}\s?{_BRANCHES}\s*年?|{MARK}"
    r"|[闰閏]?\s?[正一二三四五六七八九十冬腊臘]{1,2}月[大小]?\s*(?:初|十|廿|卅|三十|二十)?[一二三四五六七八九十]?日?",
    "term": "(?:今日|明日|昨日)?(?:" + "|".join(_TERMS.split()) + ")",
    "published": r"(?:每|逢)?(?:逢)?(?:星期|周|週)[一二三四五六日天](?:[、,\s]*[一二三四五六日天])*[日]?(?:出版|发行|發行)?"
    r"|(?:每[日周週旬月]|双日|雙日)[出刊]?[版刊]?(?:出版)?|[周週]刊|季刊|月刊|旬刊|[贈赠][閱阅]|出版(?=\s?[)）]?$)",
    "sheets": rf"(?:今日|今天|本期|本[报報]|共)\s*(?:出|共)?\s*[{SMALL}两兩]+\s*(?:[版页頁]|[大小全]?\s?[张張])",
    "price": rf"(?:每[份張张]|定价|定價|零售价?|售价|售價|零售|售|(?<!\S))(?:[国國][币幣]|港[币幣]|大洋|人民[币幣])?\s?[{_DAY[1:-1]}.两兩半]+\s?[元角分厘釐仙]"
    rf"(?:[{_DAY[1:-1]}.半]+[角分厘釐仙])?(?:[{_DAY[1:-1]}]+[厘釐])?|(?:每份|定价|定價|零售)\S{{1,4}}",
    "issue": rf"[0-9]{{4}}年第[{SMALL}]+期|(?:[总總]\s*|[总總]?第\s*)?[{FIGURES}]+\s*[期号號]",
}
_ITEM = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ITEMS.items()))
_HINT = re.compile(r"[年期号號月]|\d[-./]\d|\d{8}")
_SENTENCE = re.compile(r"[,。、;!?\"“”‘’「」『』]")
_PAGE = re.compile(rf"(?:第?\s?{PLAIN_PAGE}\s?[版页頁]|(?<![^\s|])[A-Z]?\s?[0-9]{{1,3}}(?![^\s|]))")
_SITE = re.compile(r"https?://\S+|www\.\S+|[\w.-]+\.(?:com|cn|net|org)\b\S*", re.ASCII)
_MAX_SIGNER = 16
"""Characters before a date of the longest name, or office, that signs."""

_DATE_AT_END = re.compile(rf"\s{_DAY}[^\s]{{0,12}}[日号號]$")
_CONTACTS = re.compile(
    r"\s\S{0,8}(?:热线|熱線|电话|電話|邮箱|责编|責編|编辑|編輯|校对|校對|主办|主辦|主管|社址|刊号|刊號|准印证|准印證|邮发代号|郵發代號)号?[\s:/].*$"
)
_FIGURE_AS_WORDS = 5
"""Characters that a figure counts for: one left over is of a date that was cut, or of an hour."""

_MAX_MOTTO = 10
"""Characters of the longest motto, or names of sections, that stand beside a date."""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """What a line with a date or the number of an issue holds.

    `beside` counts what stands beside the date (weekday, moon, issue …), `words` the
    characters that are none of it. `whole` says that the issue is counted from the first one
    (`总第9期`), `sentence` that there are marks of a sentence.
    """

    date: str | None
    number: bool
    beside: int
    words: int
    whole: bool
    sentence: bool


def read_calendar(text: str) -> CalendarLine | None:
    """Return what a line of plain text holds, or None if nothing in it is of a calendar."""
    if len(text) > MAX_MASTHEAD or not _HINT.search(text):
        return None
    date, number = find_date(text), _NUMBER.search(text)
    kinds: list[str] = []

    def take(match: re.Match[str]) -> str:
        kinds.append(match.lastgroup or "")
        return " "

    text = _CONTACTS.sub(" ", text)
    rest = _ITEM.sub(take, text)
    if not (date or number or {"weekday", "moon"} <= set(kinds)):
        return None
    named = begins_with_name(rest.strip(), likely=True)
    name = named[0] if named else name_within(rest)
    sentence = bool(_SENTENCE.search(rest))
    if name:
        rest = (
            re.sub(r"\s", "", rest).replace(name, " ", 1) if named else rest.replace(name, " ", 1)
        )
    rest = _PAGE.sub(" ", _SITE.sub(" ", rest))
    words = len(re.findall(rf"[{HAN}]", rest)) + _FIGURE_AS_WORDS * len(re.findall("[0-9]", rest))
    beside = len(set(kinds) - {"date", "year", *([] if date else ["issue"])}) + bool(name)
    beside += kinds.count("issue") > 1
    whole = bool(number and number["whole"])
    return CalendarLine(date, bool(number), beside, words, whole, sentence)


def without_calendar(text: str) -> str:
    """Return plain text with a space for each date, weekday, issue and so on."""
    return _ITEM.sub(" ", text)


def is_calendar(text: str) -> bool:
    """Return whether a line of plain text is the date of a paper, or its issue, wherever it is.

    A motto or the names of sections may stand beside it, if enough else does.
    """
    line = read_calendar(text)
    # 《山城日报》2019年7月5日 may say where an article was printed first.
    if line is None or line.sentence or "《" in text:
        return False
    if line.date:
        return bool(line.beside) and line.words <= (_MAX_MOTTO if line.beside > 1 else 4)
    if line.whole:
        return line.words <= (_MAX_MOTTO if line.beside else 4)
    return line.words == 0 and line.beside > (not line.number)


def is_bare_date(text: str) -> bool:
    """Return whether a line of plain text is nothing but a date, or but the number of an issue.

    So are the end of a letter, and the words below a headline: only the lines around it tell.
    """
    line = read_calendar(text)
    return line is not None and not line.sentence and line.words == 0


def ends_in_date(text: str) -> bool:
    """Return whether plain text is a date, or a few words and then a date (who signs, and when)."""
    line = read_calendar(text)
    if line is None or not line.date or line.sentence:
        return False
    return line.words == 0 or (line.words <= _MAX_SIGNER and bool(_DATE_AT_END.search(text)))


def issue_numbers(text: str) -> list[re.Match[str]]:
    """Return where numbers of issues stand in plain text, those counted from the first before."""
    found = [
        match
        for match in _NUMBER.finditer(text)
        if match["whole"] or text[: match.start()][-1:] != "年"
    ]
    return [match for match in found if match["whole"]] or found
