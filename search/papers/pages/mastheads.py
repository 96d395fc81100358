"""What the furniture of a page says: the paper, its date, the issue, the section, the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.dates.printed import find_date
from search.papers.pages.calendar_lines import (
    is_bare_date,
    is_calendar,
    issue_numbers,
    without_calendar,
)
from search.papers.pages.names import HAN
from search.papers.pages.navigation import is_navigation
from search.papers.pages.paper_names import begins_with_name, name_within
from search.papers.pages.printed import MAX_MASTHEAD, PLAIN_PAGE, issue_named, page_named, plain

_MAX_SECTION = 60
"""Characters of the longest line that may be a section or a page."""

_NEAR = 2
"""Lines between the date and what says that it is that of a masthead, at most."""

_SECTION_WORD = (
    "(?:要闻|要聞|新闻|新聞|综合|綜合|国内|國內|国际|國際|社会|社會|民生|城事|时政|時政|政务|经济|經濟|财经|財經|"
    "农村|农业|工业|教育|科技|科教|文化|文艺|文藝|体育|體育|健康|卫生|生活|旅游|法治|理论|理論|评论|評論|副刊|副刋|"
    "专题|專題|专版|專版|特刊|广告|廣告|读者|连载|连載|影像|视觉|视界|影視|娱乐|娛樂|地方|本地|本市|市场|市場|"
    "都市|周刊|人物|深度|综艺|僑社|港闻|港聞|時事|时事|重点|关注|看点|时局|公益|天下|人间)"
)
SECTION_NAME = re.compile(rf"{_SECTION_WORD}(?:[\s·/]*{_SECTION_WORD}){{0,2}}版?")
"""A section by its name alone."""

_NO_SECTION = re.compile(
    "^(?:详见|詳見|见|見|[下上]?[转轉接]|文[转轉]|今日|今天|本期|共|每|第|至|出|改|增|扩|再|重|原|新)"
    "|(?:详见|詳見|出|[转轉接]|推|到|达|至|第)$"
)
_PRINTED_PAGE = (
    rf"(?:第\s?{PLAIN_PAGE}\s?[版页頁]|{PLAIN_PAGE}\s?[版页頁]|[A-Z]\s?[0-9]{{1,2}}|0[0-9])"
)
_PAGE_AND_SECTION = re.compile(
    rf"[-—·.\s]*(?:(?P<before>[{HAN}·]{{2,6}})(?P<gap>[\s:·|]*))?(?P<page>{_PRINTED_PAGE})"
    rf"(?:(?P<parted>[\s:·|]*)(?P<after>[{HAN}·]{{2,8}}))?[-—·.\s]*"
)
_NUMBER_AND_SECTION = re.compile(
    rf"(?P<page>[0-9]{{1,2}})(?P<parted>[\s:·|]+)(?P<after>[{HAN}·]{{2,6}})"
)
_PAGE_TWICE = re.compile(
    rf"(?P<page>第\s?{PLAIN_PAGE}\s?[版页頁])\s*:\s*(?:第?\s?{PLAIN_PAGE}\s?[版页頁]?)?(?:\(\s?\))?"
    rf"|(?P<empty>第\s?{PLAIN_PAGE}\s?[版页頁])\s*\(\s?\)\s*(?:专栏\s?:)?"
)
_PAGE_BESIDE = re.compile(
    rf"第\s?{PLAIN_PAGE}\s?[版页頁]|(?<![\w.])[A-Z]\s?[0-9]{{1,2}}\s?[版页頁]?(?!\w)|(?<![\w.-])0[0-9]\s?[版页頁](?!\w)"
)
"""A page in a line that has the date, and perhaps the name: `4版` there says how many there are."""

_RUNNING_HEAD = re.compile(rf"[A-Z]\s?[0-9]{{1,2}}(?=[{HAN}\s][^,。、]{{0,20}}www\.)")
"""A page at the start of a line with the address of the paper: `A13要聞信報www…`."""

_PAGE_ALONE = re.compile(r"[-—·.\s]*(?P<page>[A-Z]?\s?[0-9]{1,3})[-—·.\s]*")
_CURRENT = re.compile(rf"(?:当前版|當前版|版面)\s?:\s?第?(?P<page>{PLAIN_PAGE})\s?版")
_REGISTERED = re.compile(r"\bCN\s?\d\d|刊号|刊號|邮发代号|[总總]第|准印|登记|登記")


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the furniture of a page says: each is None where it says nothing.

    `sure` says that the date has beside it what only a masthead has: the paper, the weekday,
    the issue. A date by itself may be that of a letter, or of an event.
    """

    paper: str | None = None
    date: str | None = None
    issue: str | None = None
    section: str | None = None
    page: str | None = None
    edition: str | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A line that is the number of a page, and the section that may stand beside it.

    `plain` is true for one that is no headline either, wherever it stands.
    """

    page: str
    section: str | None
    plain: bool


def paper_name(line: str) -> str | None:
    """Return the paper's name if a line at the top of a page is one.

    An issue number, a date, a section, or the name in Latin letters may follow it.
    """
    return name_of(plain(line), likely=True) if len(line) <= MAX_MASTHEAD else None


def name_of(text: str, *, likely: bool) -> str | None:
    """Return the name of a paper if plain text is that, and what masthead may follow it."""
    found = begins_with_name(text, likely=likely)
    if not found:
        return None
    name, after = found
    after = re.sub(r"https?://\S+|www\.\S+", "", after, flags=re.ASCII).strip(" |·-—,、》】])>《")
    if not after or re.fullmatch(r"[A-Za-z .·'&]+", after) or is_navigation(after):
        return name
    if not likely and text.startswith("《") and after:
        return None  # where an article was printed first
    if is_calendar(after) or is_bare_date(after) or SECTION_NAME.fullmatch(after):
        return name
    return name if printed_page(after) else None


def read_masthead(lines: list[str]) -> Masthead:
    """Return what a page's lines of furniture say; the first to speak wins."""
    paper = date = issue = section = page = edition = None
    dated_at = None
    certain: list[int] = []  # lines that only a masthead has
    for at, line in enumerate(plain(line) for line in lines if len(line) <= MAX_MASTHEAD):
        name = name_of(line, likely=True)
        calendar = is_calendar(line)
        dated = calendar or is_bare_date(line) or line.startswith("《")
        registered = bool(_REGISTERED.search(line))
        within = name_within(without_calendar(line))
        if name or calendar or within:
            certain.append(at)
        paper = paper or name or (within if dated or registered else None)
        if dated or name or is_navigation(line) or registered:
            day = find_date(line)
            if day and date is None:
                date, dated_at = day, at
            issue = issue or _issue_of(line)
            paper = paper or (within if day else None)
        rest = (begins_with_name(line, likely=True) or ("", line))[1].strip(" |·") if name else line
        found = _page_and_section(line, rest, dated=dated)
        page, section = page or found[0], section or found[1]
        edition = edition or edition_in(line)
    sure = dated_at is not None and any(abs(at - dated_at) <= _NEAR for at in certain)
    return Masthead(paper, date, issue, section, page, edition, sure)


def _page_and_section(line: str, rest: str, *, dated: bool) -> tuple[str | None, str | None]:
    """Return the page and the section in a line; `rest` is what the name of the paper leaves."""
    current = _CURRENT.search(line)
    if current:
        return page_named(current["page"]), None
    printed = printed_page(rest)
    if printed:
        return printed.page, printed.section
    if SECTION_NAME.fullmatch(rest):
        return None, rest
    beside = _PAGE_BESIDE.search(line) if dated or find_date(rest) else _RUNNING_HEAD.match(line)
    return (page_named(beside[0]) if beside else None), None


def printed_page(text: str) -> PrintedPage | None:
    """Return the page, and the section, that is all there is in a line of plain text."""
    if len(text) > _MAX_SECTION:
        return None
    match = _PAGE_TWICE.fullmatch(text)
    if match:
        number = page_named(match["page"] or match["empty"])
        return PrintedPage(number, None, plain=True) if number else None
    match = _PAGE_AND_SECTION.fullmatch(text)
    if match:
        number = page_named(match["page"])
        before, after = match["before"], match["after"]
        if not number or (before and _NO_SECTION.search(before)):
            return None
        glued = (before and not match["gap"]) or (after and not match["parted"])
        words = before or after
        known = not words or bool(SECTION_NAME.fullmatch(words)) or "·" in words
        named = match["page"][-1] in "版页頁" or match["page"][0].isalpha()
        return PrintedPage(number, words, plain=named and known and not glued)
    match = _NUMBER_AND_SECTION.fullmatch(text)
    if match:
        number = page_named(match["page"])
        return PrintedPage(number, match["after"], plain=False) if number else None
    match = _PAGE_ALONE.fullmatch(text)
    number = page_named(match["page"]) if match else None
    return PrintedPage(number, None, plain=False) if number else None


def _issue_of(line: str) -> str | None:
    """Return the issue in figures: `总第763期`, or `第12期` beside a date."""
    return next(filter(None, map(issue_named, issue_numbers(line))), None)


_EDITION = re.compile(
    r"(?<![^\s(《【〔\[|·报報])(?P<edition>(?:海外|国内|國內|城市|城乡|城鄉|农村|農村|地方|航空|上午|下午|[早晚晨午日夜]"
    r"|周末|週末|香港|重庆|重慶|汉口|漢口|桂林|上海|西北|华北|華北|东北|東北)[版刊]|号外|號外|增刊)(?![^\s)》】〕\]|·0-9_第])"
    rf"|(?<=[报報][(（〔【])(?!第|[〇一二三四五六七八九十]+版)(?P<place>[{HAN}]{{2,4}}版)(?=[)）〕】])"
)
"""An edition: what is printed for other readers, or at another hour, under the same name."""


def edition_in(line: str) -> str | None:
    """Return the edition that stands by itself in a line of a masthead (`海外版`), or None."""
    match = _EDITION.search(line)
    return match[match.lastgroup] if match and match.lastgroup else None
