"""What is printed on a page beside its articles: the masthead, hotlines, page numbers.

Only what is plainly furniture is taken as such, for a line taken out here is in no article.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from search.papers.pages.dates import find_date
from search.papers.pages.names import HAN

_MAX_FURNITURE = 60
"""Characters of the longest line of furniture; longer ones are text that mentions such things."""

_MAX_LOOKED_AT = 2_000
"""Characters of the longest line looked at at all: an address on the web may have so many."""

_MAX_MASTHEAD = 400
"""Characters of the longest line that may tell the paper or its date."""

# Every pattern is for text in NFKC: digits, letters, colons and brackets are ASCII.
_N = "[0-9〇○零一二三四五六七八九十百千万萬]"
_D = "[0-9〇○零一二三四五六七八九十百]"
_DD = "[0-9〇○零一二三四五六七八九十百廿卅元]"
_PLAIN_PAGE = rf"[A-Z]?\s?{_D}{{1,3}}"
_URL = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[\w.-]+\.(?:com|cn|net|org)(?:\.cn)?(?:/\S*)?", re.ASCII
)
_PAGE_NUMBER = re.compile(
    rf"[-—·.\s]*(?:(?:第\s?)?{_PLAIN_PAGE}\s?[版页頁]|[A-Z]?\s?[0-9]{{1,3}})[-—·.\s]*"
)
_SECTION = re.compile(
    rf"(?:第\s?{_PLAIN_PAGE}\s?版|{_PLAIN_PAGE}\s?版|[A-Z]\s?[0-9]{{1,2}}|0[0-9])[\s:·|]*(?P<after>[{HAN}·]{{2,8}})?"
    rf"|(?P<before>[{HAN}·]{{2,6}})[\s:·|]*(?:第\s?)?{_PLAIN_PAGE}\s?版"
)
_NUMBERED_SECTION = re.compile(rf"[0-9]{{1,2}}[\s:·|]+(?P<after>[{HAN}·]{{2,6}})")
_LABELS_ANYWHERE = re.compile(
    rf"[【\[]?\s*(?:主管|主办|主辦|承办|承辦|协办|出版(?:单位)?|[{HAN}]{{0,4}}(?:热线|熱線)|(?:投稿|投稿电子)(?:邮箱|信箱)|"
    r"国内统一(?:连续出版物号|刊号)|刊号|邮发代号|零售价?|每份|定价|"
    r"(?:本版|本期|值班|责任|責任|美术|执行)?(?:编辑|編輯|责编|責編|美编|校对|校對|版式|组版|排版|监印|总编辑)|值班(?:总编|主任)"
    r")[^:]{0,3}:\s*\S",
)
_LABELS_AT_TOP = re.compile(
    r"(?:社长|社址|地址|总编室|(?:联系)?电话|電話|邮箱|电子邮箱|邮编|邮政编码|传真|网址|印刷|发行|订阅|微信公众号|官方微信|客户端|E-?mail|QQ)[^:]{0,12}:",
    re.IGNORECASE,
)
_STAFF = re.compile(
    rf"(?:(?:本版|本期|值班|责任|責任|美术|执行)?(?:编辑|編輯|责编|責編|美编|校对|校對|版式|组版)[\s:/]+[{HAN}]{{1,4}}(?:\s[{HAN}]{{1,3}})?[\s|]*)+"
    r"(?:(?:电话|電話|邮箱|热线)[\s:]*\S+)?"
)
_CALENDAR_HINT = re.compile(r"[年期号號]|\d[-./．]\d|\d{8}")
_NUMBER = re.compile(rf"(?:总|總)?\s*第\s*({_N}+)\s*(?:期|号|號)")
_ISSUE_OF_PAPER = re.compile(rf"(?:总|總)\s*第\s*{_N}+\s*期|年\s*第\s*{_D}+\s*期")
_IMPRINT = re.compile(
    r"(?:主管|主办|主辦|承印|印刷|发行|發行|社址|总编室|廣告|广告部|邮编|郵編|准印证|邮发代号|零售|内部资料|免费交流|"
    r"编委|责编|責編|美编|校对|校對|责任编辑|组版|总编辑|(?:总|總)第)(?=[\s:：/(（每]|[0-9]|第|$)|机关报|機關報"
)
_IMPRINT_HINT = re.compile(r"[\s:\d]|[总總]第|机关报|機關報")
_CONTACT = re.compile(r"(?:地址|电话|電話|邮箱|信箱|微信号|公众号|网址|E-?mail|热线|印刷)\s?[:：]?")
_HOTLINE = re.compile(r"[^,，。;；:]{0,12}(?:热线|熱線|专线)[^,，。:]{0,4}[\s:][\s\d()-]{5,}")
_INDEX = re.compile(
    rf"(?:…|\.{{3,}}|·{{3,}})\s*(?:第|见|見)?\s?{_PLAIN_PAGE}\s?[版页頁]$"
    r"|^(?:(?:今日|今天|本期|本版|要闻|新闻|版面)\s?)?(?:导\s?读|導\s?讀|要\s?目|索\s?引)$"
)
_INDEX_ENTRY = re.compile(rf"[\s(（/….·](?:见|見)?第?\s?{_PLAIN_PAGE}\s?[版页頁][)）]?$")
_SECTION_WORD = (
    "(?:要闻|要聞|新闻|新聞|综合|綜合|国内|國內|国际|國際|社会|社會|民生|城事|时政|時政|政务|经济|經濟|财经|"
    "农村|农业|工业|教育|科技|科教|文化|文艺|体育|體育|健康|卫生|生活|旅游|法治|理论|理論|评论|評論|副刊|副刋|"
    "专题|專題|专版|專版|特刊|广告|廣告|读者|连载|影像|视觉|视界|影視|娱乐|地方|本地|都市|周刊|人物|深度|综艺)"
)
_SECTION_NAME = re.compile(rf"{_SECTION_WORD}(?:[\s·/]*{_SECTION_WORD}){{0,2}}版?")
_WEATHER = re.compile(
    r"℃|°C|^(?:今|明|昨|本市|我市|我县|市区)[^,，。]{0,6}(?:晴|阴|多云|有雨|有雪|小雨|阵雨)|^天气"
)
_LUNAR_DAY = re.compile(r"[农農夏阴陰旧舊][历曆][^,，。]{2,12}$")
_ORGAN = re.compile(r"[社心部委局报報会會](?:主管|主办|主辦|出版|编印|編印)$|(?:机关报|機關報)$")
_DIGITS = "〇一二三四五六七八九"
_PAGE_LINE = re.compile(
    rf"[-—·.\s]*(?:(?!今日|今天|本期|共|每)[{HAN}·]{{2,6}}[\s:·|]*)?(?P<page>第\s?{_PLAIN_PAGE}\s?[版页頁]|{_PLAIN_PAGE}\s?[版页頁]|[A-Z]?\s?[0-9]{{1,2}})"
    rf"(?:[\s:·|]*[{HAN}·]{{2,8}})?[-—·.\s]*"
)
_SERIAL = re.compile(r"(?:CN|ISSN)\s*[\d-]+(?:/\w)?", re.IGNORECASE)
_CALENDAR = re.compile(
    r"[0-9]{2,4}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}\s*日?"
    rf"|(?:中华民国|中華民國|民[国國]|公元)?\s*(?:{_DD}\s*){{1,5}}年\s*(?:{_DD}\s*){{1,3}}月\s*(?:(?:{_DD}\s*){{1,3}}[日号號])?"
    rf"|(?:中华民国|中華民國|民[国國])\s*(?:{_DD}\s*){{1,5}}年"
    r"|(?:星期|周|週|礼拜)\s*[一二三四五六日天]|[甲乙丙丁戊己庚辛壬癸]\s?[子丑寅卯辰巳午未申酉戌亥]\s*年?"
    r"|(?:农历|農曆|夏历|夏曆|阴历|陰曆)|(?:闰|閏)?[正一二三四五六七八九十冬腊臘]{1,2}月\s*(?:初|十|廿|卅|三十|二十)?[一二三四五六七八九十]?(?!日)"
    rf"|(?:今日|本期|共)\s*{_D}+\s*[版页頁]|(?:每份|定价|定價|零售)\S{{1,4}}|[0-9]{{4}}年第{_D}+期|(?:总|總)?第?\s*{_N}+\s*[期号號]"
)
_PAPER_NAME = re.compile(
    rf"(?P<name>[{HAN}](?:\s?[{HAN}]){{1,11}}?\s?(?:[日晚早时時]?[报報]|[周週][报報]|[周週]刊|[訊讯](?=\s|$)))(?![{HAN}]{{4}})"
)
_NOT_PAPERS = re.compile(
    r"(?:本|汇|匯|通|简|公|预|申|上|举|海|捷|情|警|战|电|播|填|见|見|喜|快|回|学|画|墙|小|大|年|月|季|要|简|短)[报報讯訊]$"
)


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the furniture of a page says: each is None where it says nothing."""

    paper: str | None = None
    date: str | None = None
    issue: str | None = None
    section: str | None = None
    page: str | None = None


def is_furniture(line: str, *, top: bool = False) -> bool:
    """Return whether a whole line is plainly no part of an article.

    At the top of the page, above every article, more is plain: an address, a name in Latin
    letters. Further down these belong to a notice.
    """
    if len(line) > _MAX_LOOKED_AT:
        return False
    text = _plain(line)
    if _URL.fullmatch(text) or _PAGE_NUMBER.fullmatch(text):
        return True
    if not text or text[-1] in "。!?;":
        return False
    if len(text) <= 2 * _MAX_FURNITURE and _is_imprint(text):
        return True
    if len(text) > _MAX_FURNITURE:
        return False
    if top and (
        _LABELS_AT_TOP.match(text)
        or re.fullmatch(r"[A-Za-z .·]+", text)
        or _SECTION_NAME.fullmatch(text)
        or _WEATHER.search(text)
        or _LUNAR_DAY.match(text)
        or _ORGAN.search(text)
    ):
        return True
    return bool(
        _LABELS_ANYWHERE.match(text)
        or _HOTLINE.match(text)
        or _INDEX.search(text)
        or _STAFF.fullmatch(text)
        or _SERIAL.search(text)
        or _is_calendar(text)
        or _section_of(text, top=top)
        or _paper_name(text, top=top)
    )


def is_index_entry(line: str) -> bool:
    """Return whether a line may be an entry of an index, a headline with its page (`… 2版`)."""
    if len(line) > _MAX_LOOKED_AT:
        return False
    text = _plain(line)
    return len(text) <= _MAX_FURNITURE and bool(_INDEX_ENTRY.search(text))


def paper_name(line: str) -> str | None:
    """Return the paper's name if a line at the top of a page is one.

    An issue number, a date or a section may follow it.
    """
    return _paper_name(_plain(line), top=True) if len(line) <= _MAX_MASTHEAD else None


def read_masthead(lines: list[str]) -> Masthead:
    """Return what a page's lines of furniture say; the first to speak wins."""
    paper = date = issue = section = page = None
    for line in [_plain(line) for line in lines if len(line) <= _MAX_MASTHEAD]:
        name = _paper_name(line, top=True)
        calendar = _is_calendar(line)
        paper = paper or name or (_name_within(line) if calendar or _is_imprint(line) else None)
        if calendar or name:
            date = date or find_date(line)
        issue = issue or _issue_of(line, calendar=calendar)
        named = _section_of(line, top=True) or (line if _SECTION_NAME.fullmatch(line) else None)
        section = section or (named if named and not _PAPER_NAME.fullmatch(named) else None)
        page = page or _page_of(line)
        if name:
            rest = _PAPER_NAME.sub("", line.strip("《》【】 "), count=1).strip(" |·")
            section = section or _section_of(rest, top=True)
            page = page or _page_of(rest)
    return Masthead(paper, date, issue, section, page)


def _issue_of(line: str, *, calendar: bool) -> str | None:
    """Return the number of the issue: `总第763期`, or `第12期` beside a date."""
    found = [
        match
        for match in _NUMBER.finditer(line)
        if not re.match("[年]", line[: match.start()][-1:])
    ]
    whole = [match for match in found if match[0].lstrip()[0] in "总總"]
    for match in whole or (found if calendar else []):
        number = _figures(match[1])
        if number:
            return str(number)
    return None


def _page_of(line: str) -> str | None:
    """Return the number of the page in a line that holds that and perhaps a section."""
    match = _PAGE_LINE.fullmatch(line) if len(line) <= _MAX_FURNITURE else None
    return page_number(match["page"]) if match else None


def page_number(text: str) -> str | None:
    """Return a page as printed (`第三版`, `A03版`, `2`) in figures without zeros: `3`, `A3`, `2`."""
    match = re.fullmatch(rf"第?\s*([A-Z]?)\s*({_D}{{1,3}})\s*[版页頁]?", _plain(text))
    number = _figures(match[2]) if match else None
    return f"{match[1]}{number}" if match and number else None


def _figures(text: str) -> int | None:
    """Return a number in figures (`０３`, `二一八`) or in words (`一千二百零六`), or None."""
    total = section = digit = 0
    spelled = False
    for char in text.replace("○", "〇").replace("零", "〇"):
        value = _DIGITS.find(char) if char in _DIGITS else int(char) if char.isdecimal() else -1
        if value >= 0:
            # In words a digit stands by itself; digits in a row are figures.
            digit = digit * 10 + value
        elif char in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit, spelled = 0, True
        elif char in "万萬":
            total += (section + digit) * 10000
            section, digit, spelled = 0, 0, True
        else:
            return None
    return (total + section + digit if spelled else digit) or None


def _is_imprint(text: str) -> bool:
    """Return whether a line says who makes the paper, by what words: two of them, one its own."""
    if not _IMPRINT_HINT.search(text):
        return False
    own = len(_IMPRINT.findall(text))
    return own > 1 or (own == 1 and bool(_CONTACT.search(text)))


def _plain(line: str) -> str:
    return unicodedata.normalize("NFKC", line).strip()


def _is_calendar(text: str) -> bool:
    """Return whether a line is a date or an issue number with little else (`星期二 总第9期`)."""
    if not _CALENDAR_HINT.search(text) or not (find_date(text) or _NUMBER.search(text)):
        return False
    rest = _CALENDAR.sub("", re.split(rf"\s(?={_LABELS_ANYWHERE.pattern})", text)[0])
    rest = _PAPER_NAME.sub("", rest)
    rest = _STAFF.sub("", rest.strip())
    # A motto or the names of sections may follow, set apart by dots or spaces.
    rest = re.sub(r"[^\w]|[0-9A-Za-z]", "", rest)
    if find_date(text) or _ISSUE_OF_PAPER.search(text):
        return len(rest) <= 10
    # 第二号 may number a notice.
    return len(rest) <= (0 if re.search("[号號]", text) else 4)


def _paper_name(text: str, *, top: bool) -> str | None:
    """Return the paper's name if `text` is one. `第一次看报` may be that, but not down the page."""
    text = text.strip("《》【】#* ")
    match = _PAPER_NAME.match(text)
    if not match or _NOT_PAPERS.search(match["name"]):
        return None
    rest = text[match.end() :].strip(" |·-—,、》】")
    if not rest and not top and not re.search("[日晚早时時周週][报報]$|[周週]刊$", match["name"]):
        return None
    if rest and not (
        _is_calendar(rest) or _section_of(rest, top=True) or _PAGE_NUMBER.fullmatch(rest)
    ):
        return None
    return re.sub(r"\s", "", match["name"])


def _name_within(text: str) -> str | None:
    """Return a name that stands by itself in a line of furniture, after the date."""
    for part in re.split(r"[\s|·]+", text):
        match = _PAPER_NAME.match(part)
        if match and not _NOT_PAPERS.search(match["name"]):
            return match["name"]
    return None


def _section_of(text: str, *, top: bool) -> str | None:
    """Return the section a line such as `第2版 要闻` names; a page number is not one.

    `3 要闻` counts at the top of a page only: elsewhere it may be a headline.
    """
    match = _SECTION.fullmatch(text)
    if match:
        return match["after"] or match["before"]
    match = _NUMBERED_SECTION.fullmatch(text) if top else None
    return match["after"] if match else None
