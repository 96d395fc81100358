"""What is printed on a page beside its articles: the masthead, hotlines, page numbers.

Only what is plainly furniture is taken as such, for a line taken out here is in no article.
What a line is by itself is told here, and by the place it has on the page; which lines around
it make it a sentence, in search.papers.pages.surroundings.
"""

from __future__ import annotations

import enum
import re

from search.papers.pages.calendar_lines import is_bare_date, is_calendar
from search.papers.pages.mastheads import SECTION_NAME, name_of, printed_page
from search.papers.pages.names import HAN
from search.papers.pages.navigation import is_navigation
from search.papers.pages.printed import PLAIN_PAGE, SMALL, plain

_MAX_FURNITURE = 60
"""Characters of the longest line of furniture; longer ones are text that mentions such things."""

_MAX_LOOKED_AT = 2_000
"""Characters of the longest line looked at at all: an address on the web may have so many."""


class Place(enum.Enum):
    """Where on a page a line stands."""

    TOP = enum.auto()
    """Above all articles: nothing but furniture stands above it."""
    HEAD = enum.auto()
    """Among the first lines, where a masthead is, though something else stands above it."""
    INSIDE = enum.auto()
    FOOT = enum.auto()
    """Below all articles: nothing but furniture stands below it."""


# Every pattern is for text in NFKC: digits, letters, colons and brackets are ASCII.
_URL = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[\w.-]+\.(?:com|cn|net|org)(?:\.cn)?(?:/\S*)?", re.ASCII
)
_PAGE_NUMBER = re.compile(
    rf"[-—·.\s]*(?:第\s?)?{PLAIN_PAGE}\s?[版页頁][-—·.\s]*"
    r"|[A-Z]\s?0[0-9]|[-—·.]\s?[0-9]{1,3}\s?[-—·.]"
)
_JOB = (
    "(?:(?:本版|本期|值班|责任|責任|美术|美術|执行|執行|特约|文字|图片)?(?:编辑|編輯|责编|責編|美编|美編|校对|校對|版式|组版|排版|监印|主编|主編|总编辑)"
    "|值班(?:总编|主任|编委)|责任校对|执行主编)"
)
_PERSON = rf"[{HAN}]{{1,4}}(?:\s{{1,3}}[{HAN}]{{1,3}})?"
_STAFF = re.compile(
    rf"(?:{_JOB}\s?[\s:/]+{_PERSON}(?:[\s、,]+[{HAN}]{{2,4}}){{0,3}}[\s|]*)+"
    r"(?:(?:电话|電話|邮箱|热线)[\s:]*\S+)?"
)
_STAFF_COLON = re.compile(rf"{_JOB}\s?[:/]\s*{_PERSON}(?:$|[\s|电電邮郵热EQ])")
_OF_PAPER = "(?:新闻|新聞|报料|爆料|报纸|報紙|编辑部|编辑|采编|读者|订阅|訂閱|发行|發行|广告|廣告|投稿|投诉监督|图片|晚报|日报|周报|本报|本版|僑務|值班)"
_LABEL = re.compile(
    rf"[【\[]?\s*(?:主管(?:单位)?|国内统一(?:连续出版物号|刊号)|國內統一刊號|刊号|刊號|邮发代号|(?:24\s?小时|24\s?小時)?{_OF_PAPER}{{1,2}}(?:热线|熱線|专线)|"
    r"(?:图片)?(?:投稿|来稿)(?:电子)?(?:邮箱|信箱)"
    r")(?:电话|寻呼)?\s?:\s*\S"
)
_HOTLINE = re.compile(
    rf"(?:24\s?小时|24\s?小時)?\s?(?:[{HAN}]{{2,4}}(?:报|報|网)?)?{_OF_PAPER}{{1,2}}(?:热线|熱線|专线|电话|電話)[^,，。:]{{0,4}}[\s:][\s\d()—-]{{5,}}"
)
_EDGE_LABEL = re.compile(
    rf"(?:主办|主辦|承办|承辦|协办|协辦|出版|印刷|承印|发行|發行|社长|社長|总编|總編|社址|館址|馆址|社[{HAN}]址|零售|每份|定价|定價|[{HAN}]{{0,4}}(?:热线|熱線))(?:单位|單位|者|价)?[^:,。]{{0,3}}[\s:]\s*\S"
    r"|\S{0,8}印刷[厂廠]\s?承?印"
)
_TOP_LABEL = re.compile(
    r"(?:地址|总编室|编辑部|(?:联系)?电话|電話|邮箱|电子邮箱|电子信箱|邮编|邮政编码|传真|网址|订阅|微信公众号|官方微信|客户端|E-?mail|QQ)[^:]{0,12}:",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"(?:主管|主办|主辦|承印|印刷|发行|發行|社址|館址|总编室|廣告|广告部|邮编|郵編|准印证|邮发代号|零售|内部资料|免费交流|"
    r"编委|责编|責編|美编|校对|校對|责任编辑|组版|总编辑|(?:总|總)第)(?=[\s:：/(（每]|[0-9]|第|$)|机关报|機關報|新聞紙類|新闻纸类"
)
_IMPRINT_HINT = re.compile(r"[\s:\d]|[总總]第|机关报|機關報|新[聞闻][紙纸]")
_CONTACT = re.compile(r"(?:地址|电话|電話|邮箱|信箱|微信号|公众号|网址|E-?mail|热线|印刷)\s?[:：]?")
_INDEX = re.compile(
    rf"(?:…|\.{{3,}}|·{{3,}})\s*(?:第|见|見)?\s?{PLAIN_PAGE}\s?[版页頁]$"
    r"|^(?:(?:今日|今天|本期|本版|要闻|新闻|版面)\s?)?(?:导\s?读|導\s?讀|要\s?目|索\s?引)$"
)
_INDEX_ENTRY = re.compile(rf"[\s(（/….·](?:见|見)?第?\s?{PLAIN_PAGE}\s?[版页頁][)）]?$")
_SERIAL = re.compile(
    r"\bCN\s?\d\d\s?[-—]\s?\d{4}|\bISSN\s?\d{4}\s?[-—]\s?\d{3}[\dX]", re.IGNORECASE
)
_WEATHER = re.compile(
    r"℃|°C|^(?:今|明|昨|本市|我市|我县|市区)[^,。]{0,6}(?:晴|阴|多云|有雨|有雪|小雨|阵雨)|^天气\s?[:\s]"
)
_LUNAR_DAY = re.compile(r"[农農夏阴陰旧舊][历曆][^,。]{2,14}$")
_ORGAN = re.compile(
    r"[社心部委局报報会會](?:主管|主办|主辦|出版|编印|編印)$|(?:机关报|機關報)$"
    r"|^[报報刊][头頭名](?:题字|題字|题写|題寫)|(?:题写|題寫|书|書|题)[报報刊][头頭名]$"
    r"|(?:新聞紙|新闻纸)[类類]?$"
)
_ADDRESS = re.compile(rf"(?:社|館|馆|报社|報社)[地]?址\s?[{HAN}]{{2,20}}[号號樓楼]")
_LATIN = re.compile(r"[A-Za-z .·'&,-]*[A-Za-z]{3}[A-Za-z .·'&,-]*")
_LATIN_AND_SITE = re.compile(
    rf"[A-Za-z .·'&-]*[{HAN}]{{0,10}}\s?:?\s?(?:https?://|www\.)[\w./-]+", re.ASCII
)
_SOLD = re.compile(r"^[今本][日期][^,。]{1,8}[张張].{0,30}(?:[售元角分厘]|创刊|創刊)")
_CERTAIN_HINT = re.compile("[编編校版CＣcｃSＳ责責张張頁页]")
_SHEETS = re.compile(
    rf"(?:今日|今天|本期|本[报報])\s?[{SMALL}两兩]+\s?(?:[版页頁]|[大小全]?[张張])"
)
_TITLED = re.compile(r"《[^》]{2,12}》\s?\(?[\d年月日./-]{6,12}\)?")
_PAGE_AND_SITE = re.compile(rf"[A-Z]\d{{1,2}}\s?[{HAN}]{{0,8}}\s?(?:www\.|http)\S+", re.ASCII)
_STOPS = "。!?;"


def is_furniture(line: str, place: Place = Place.INSIDE) -> bool:
    """Return whether a whole line is plainly no part of an article.

    Above and below all articles more is plain: a printer, a section's name, a name in Latin
    letters. Among them these belong to a notice.
    """
    if len(line) > _MAX_LOOKED_AT:
        return False
    text = plain(line)
    if _URL.fullmatch(text) or is_navigation(text[: 4 * _MAX_FURNITURE]):
        return True
    if not text or text[-1] in _STOPS:
        return False
    if len(text) <= 2 * _MAX_FURNITURE and _is_imprint(text):
        return place is not Place.INSIDE or not re.search("[,。;]", text)
    if len(text) > _MAX_FURNITURE:
        return False
    if _PAGE_NUMBER.fullmatch(text) or is_certain(line):
        return True
    printed = printed_page(text)
    return bool(
        (printed and printed.plain)
        or is_calendar(text)
        or (_LABEL.match(text) and "," not in text)
        or _HOTLINE.match(text)
        or _INDEX.search(text)
        or name_of(text, likely=False)
        or _SHEETS.fullmatch(text)
        or (place is not Place.INSIDE and _EDGE_LABEL.match(text))
        or (place is Place.TOP and (_is_soft(text) or is_beside_masthead(line)))
    )


def is_certain(line: str) -> bool:
    """Return whether a line is furniture even where a sentence seems to run through it."""
    if len(line) > 2 * _MAX_FURNITURE or not _CERTAIN_HINT.search(line):
        return False
    text = plain(line)
    return bool(
        (
            _STAFF_COLON.match(text)
            or _STAFF.fullmatch(text)
            or _SERIAL.search(text)
            or _SHEETS.fullmatch(text)
        )
        and not re.search("[,。!?]", text)
    )


def is_beside_masthead(line: str) -> bool:
    """Return whether a line is furniture if that stands right beside it.

    A date may also end a letter, a number part an article, a name be a headline.
    """
    text = plain(line) if len(line) <= _MAX_FURNITURE else ""
    return bool(text) and bool(
        is_bare_date(text)
        or printed_page(text)
        or name_of(text, likely=True)
        or _PAGE_AND_SITE.fullmatch(text)
        or _SOLD.match(text)
        or _TITLED.fullmatch(text)
        or (name_of(text.split(" ")[0], likely=True) and _LATIN.search(text))
    )


def is_masthead(line: str) -> bool:
    """Return whether a line of furniture says the paper, the issue, the page or the section."""
    text = plain(line) if len(line) <= 2 * _MAX_FURNITURE else ""
    return bool(text) and bool(
        is_calendar(text)
        or is_bare_date(text)
        or name_of(text, likely=True)
        or printed_page(text)
        or _SHEETS.fullmatch(text)
        or _SERIAL.search(text)
    )


def is_index_entry(line: str) -> bool:
    """Return whether a line may be an entry of an index, a headline with its page (`… 2版`)."""
    if len(line) > _MAX_LOOKED_AT:
        return False
    text = plain(line)
    return len(text) <= _MAX_FURNITURE and bool(_INDEX_ENTRY.search(text))


def _is_soft(text: str) -> bool:
    """Return whether a line is part of a masthead if it stands in one."""
    return bool(
        _TOP_LABEL.match(text)
        or _LATIN.fullmatch(text)
        or _LATIN_AND_SITE.fullmatch(text)
        or SECTION_NAME.fullmatch(text)
        or _WEATHER.search(text)
        or _LUNAR_DAY.match(text)
        or _ADDRESS.match(text)
        or _ORGAN.search(text)
    )


def _is_imprint(text: str) -> bool:
    """Return whether a line says who makes the paper, by what words: two of them, one its own."""
    if not _IMPRINT_HINT.search(text):
        return False
    own = len(_IMPRINT.findall(text))
    return own > 1 or (own == 1 and bool(_CONTACT.search(text)))
