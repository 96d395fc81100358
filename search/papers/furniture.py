"""What is printed on a page beside its articles: the masthead, hotlines, page numbers.

Only what is plainly furniture is taken as such, for a line taken out here is in no article.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from search.papers.dates import find_date
from search.papers.names import HAN

_MAX_FURNITURE = 60
"""Characters of the longest line of furniture; longer ones are text that mentions such things."""

# Every pattern is for text in NFKC: digits, letters, colons and brackets are ASCII.
_D = "[0-9〇○零一二三四五六七八九十百]"
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
_NUMBER = re.compile(rf"(?:总|總)?\s*第\s*{_D}+\s*(?:期|号|號)")
_ISSUE = re.compile(r"(?:总|總)?第?\s*(\d+)\s*[期号號]")
_ISSUE_OF_PAPER = re.compile(rf"(?:总|總)\s*第\s*{_D}+\s*期|年\s*第\s*{_D}+\s*期")
_SERIAL = re.compile(r"(?:CN|ISSN)\s*[\d-]+(?:/\w)?", re.IGNORECASE)
_CALENDAR = re.compile(
    r"[0-9]{2,4}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}\s*日?"
    rf"|(?:中华民国|中華民國|民[国國]|公元)?\s*(?:{_D}\s*){{1,5}}年\s*(?:{_D}\s*){{1,3}}月\s*(?:(?:{_D}\s*){{1,3}}[日号號])?"
    r"|(?:星期|周|週|礼拜)\s*[一二三四五六日天]|[甲乙丙丁戊己庚辛壬癸]\s?[子丑寅卯辰巳午未申酉戌亥]\s*年?"
    r"|(?:农历|農曆|夏历|夏曆|阴历)|(?:闰|閏)?[正一二三四五六七八九十冬腊臘]{1,2}月\s*(?:初|十|廿|卅|三十|二十)?[一二三四五六七八九十]?(?!日)"
    rf"|(?:今日|本期|共)\s*{_D}+\s*[版页]|每份\S{{1,4}}|[0-9]{{4}}年第{_D}+期|(?:总|總)?第?\s*{_D}+\s*[期号號]"
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


def is_furniture(line: str, *, top: bool = False) -> bool:
    """Tell whether a whole line is plainly no part of an article.

    At the top of the page, above every article, more is plain: an address, a name in Latin
    letters. Further down these belong to a notice.
    """
    text = _plain(line)
    if _URL.fullmatch(text) or _PAGE_NUMBER.fullmatch(text):
        return True
    if not text or len(text) > _MAX_FURNITURE or text[-1] in "。!?;":
        return False
    if top and (_LABELS_AT_TOP.match(text) or re.fullmatch(r"[A-Za-z .·]+", text)):
        return True
    return bool(
        _LABELS_ANYWHERE.match(text)
        or _STAFF.fullmatch(text)
        or _SERIAL.search(text)
        or _is_calendar(text)
        or _section_of(text, top=top)
        or _paper_name(text, top=top)
    )


def paper_name(line: str) -> str | None:
    """Return the paper's name if a line at the top of a page is one.

    An issue number, a date or a section may follow it.
    """
    return _paper_name(_plain(line), top=True)


def read_masthead(lines: list[str]) -> Masthead:
    """Return what a page's lines of furniture say; the first to speak wins."""
    paper = date = issue = section = None
    for line in map(_plain, lines):
        name = _paper_name(line, top=True)
        calendar = _is_calendar(line)
        paper = paper or name or (_name_within(line) if calendar else None)
        if calendar or name:
            date = date or find_date(line)
        number = _NUMBER.search(line)
        found = _ISSUE.search(line[number.start() :]) if number else None
        issue = issue or (found[1] if found else None)
        section = section or _section_of(line, top=True)
        if name and not section:
            rest = _PAPER_NAME.sub("", line.strip("《》【】 "), count=1)
            section = _section_of(rest.strip(" |·"), top=True)
    return Masthead(paper, date, issue, section)


def _plain(line: str) -> str:
    return unicodedata.normalize("NFKC", line).strip()


def _is_calendar(text: str) -> bool:
    """Tell whether a line is a date or an issue number with little else (`星期二 总第9期`)."""
    if not (find_date(text) or _NUMBER.search(text)):
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
