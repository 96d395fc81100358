"""What the path of a file says of the page in it: the paper, its day, the page, the issue.

Archives name their files so: `青岚日报_20230512_03`, `青岚日报/2023/2023-05-12_03版`, `830512-3`,
`青岚日报2003年/三月/十五日/第3版`. Whatever is nearest the end of the path counts: folders further up
may say when the files were scanned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from search.dates.eras import OF_THE_MOON, OF_THE_SUN, year_of
from search.dates.forms import iso_date
from search.dates.numerals import SMALL_UNITS, ZEROS_OF_OCR, number_of
from search.dates.printed import parse_date
from search.model.frozen import frozen
from search.model.path_spelling import shown
from search.papers.pages.known_papers import known_papers
from search.papers.pages.mastheads import edition_in
from search.papers.pages.names import HAN
from search.papers.pages.paper_names import name_of_file
from search.papers.pages.printed import issue_named, page_named, plain

IN_PATH = "in the path of the file"
"""Where what a path says comes from, for people."""

_MAX_PATH = 1_000
"""Characters of the end of a path that are looked at."""

_LAST_PAGE = 96
"""The number of a page that has neither letter nor 版 beside it is not above it."""

_CENTURY = 30
"""Years of two digits below it are of this century: no archive is older than its papers."""

_HAN = f"{ZEROS_OF_OCR}一二三四五六七八九{SMALL_UNITS}"
_N = f"(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})"
_DIGIT = r"(?<![0-9])"
_PRINTED = (
    rf"(?:(?P<era>{OF_THE_SUN})|(?<![0-9{_HAN}]))(?P<y>[0-9]{{1,4}}|[{_HAN}]{{1,5}})\s?年?(?:度|卷|份)?[-_/ ]*"
    rf"(?P<m>{_N})\s?月份?[-_/ ]*(?P<d>{_N})\s?[日号號]?(?![0-9])"
)
_MOON = re.compile(
    rf"(?:{OF_THE_MOON})(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})年[-_/ ]?[闰閏]?(?:[0-9]{{1,2}}|[{_HAN}正冬腊臘]{{1,2}})月"
    rf"[-_/ ]?初?{_N}日?"
)
"""A day of the moon, as papers under an emperor have it."""
_ANYWHERE = (
    re.compile(rf"{_DIGIT}(?P<y>[12][0-9]{{3}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?![0-9])"),
    # A digital paper numbers its pages and articles behind the day.
    re.compile(rf"{_DIGIT}(?P<y>[12][0-9]{{3}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})(?=[0-9]{{6}}(?![0-9]))"),
    re.compile(rf"{_DIGIT}(?P<y>[12][0-9]{{3}})(?P<s>[-_./ ])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})(?![0-9])"),
    re.compile(rf"{_DIGIT}(?P<y>[12][0-9]{{3}})/?[-_]?(?P<m>[0-9]{{2}})[-_/]?(?P<d>[0-9]{{2}})(?![0-9])"),
    re.compile(_PRINTED),
)  # fmt: skip
_IN_NAME = (
    *_ANYWHERE,
    re.compile(rf"{_DIGIT}(?P<y>[0-9]{{2}})(?P<s>[-.])(?P<m>[0-9]{{1,2}})(?P=s)(?P<d>[0-9]{{1,2}})(?![0-9])"),
    re.compile(r"(?:^|(?<=[^0-9A-Za-z]))(?P<y>[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?=$|[-_ ]\(?[0-9]{1,2}\)?$|第|[-_ ][A-Z])"),
)  # fmt: skip
"""Years of two figures are years in the name of a file alone."""
_MONTH = re.compile(
    rf"{_DIGIT}(?P<y>[12][0-9]{{3}})\s?(?:[-_./年]\s?|年\s?/\s?)(?P<m>[0-9]{{1,2}}|[{_HAN}]{{1,3}})月?(?![0-9])"
)
_YEAR = re.compile("(?P<y>1[89][0-9]{2}|20[0-9]{2})年?(?:[份度]|合订本|合訂本)?")
_IN_YEAR = re.compile(
    rf"(?:(?P<m>[01][0-9])[-_.]?(?P<d>[0-3][0-9])(?![0-9])|(?P<m2>{_N})[月.-](?P<d2>{_N})(?:[日号號]|(?![0-9])))"
)
"""A day of the year that a folder is named after, at the start of a file's name."""

_PAGE = re.compile(
    rf"(?P<page>第\s?(?:[A-Z]?\s?[0-9]{{1,4}}|[{_HAN}]{{1,3}})\s?[版页頁]"
    rf"|(?<![0-9A-Za-z])[A-Z]?[0-9]{{1,4}}\s?[版页頁]|(?<![{_HAN}])[{_HAN}]{{1,3}}版)"
)
_LETTERED = re.compile(r"(?<![0-9A-Za-z])(?P<page>[A-Z][0-9]{1,4})(?![0-9A-Za-z])")
_LOWER = re.compile(r"[-_ .](?:p(?P<page>[0-9]{1,3})|(?P<lettered>[a-h][0-9]{1,4}))(?=$|[-_. ])")
_TIME = r"[-_ ]{1,2}[0-2][0-9](?P<t>[-_.:])[0-5][0-9](?P=t)[0-5][0-9](?![0-9])"
_BEHIND = re.compile(rf"(?!{_TIME})[-_ .(（]{{0,2}}(?P<page>[0-9]{{1,3}})[)）]?(?=$|[-_ .])")
"""A number behind the day that is no hour: cameras and programs for scanning write one there."""
_DIGITAL = re.compile(r"[-_]?(?P<page>0[0-9]{2})0[0-9]{2}(?=$|[-_.])")
_ISSUE = re.compile(
    rf"(?P<whole>[总總])?第\s?(?P<number>[0-9]{{1,6}}|[{_HAN}千万]{{1,9}})\s?(?P<unit>[期号號])"
)
_DAY = len("2023-08-22")
_OF_TIME = re.compile(
    rf"(?:{OF_THE_MOON}|{OF_THE_SUN}|[0-9{_HAN}年月日号號第版期份正冬腊臘闰閏初._ -])+"
)
_GENERIC = re.compile(
    "报纸|報紙|报刊|報刊|资料|資料|档案|檔案|文件|文档|文本|文字|全文|正文|扫描|掃描|图片|圖片|数据|數據|新建|备份|備份|下载|下載|整理|校对|校對|"
    "识别|識別|原文|原始|样本|樣本|合订|合訂|民国|民國|版面|新闻|新聞|文章|旧报|舊報|老报|语料|語料|测试|桌面|我的|来源|目录|索引|其他|历年|年度|[上中下一二三四五六七八九十][册冊辑輯]|[上下]半年|季度|已|未"
)
"""What a folder is called that is of no paper."""

_EXTENSION = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,7}){1,2}$")


@frozen
class PathFields:
    """What a path says; None where it says nothing. `date` is ISO 8601, perhaps a part."""

    paper: str | None = None
    date: str | None = None
    page: str | None = None
    issue: str | None = None
    edition: str | None = None


def fields_of_path(path: str) -> PathFields:
    """Return what a path, or the address of a web page, says of the page of a paper in it."""
    return _fields_of_path(shown(path[-_MAX_PATH:]), known_papers())


@lru_cache(maxsize=64)  # asked for each page of a file
def _fields_of_path(path: str, _papers: tuple[str, ...]) -> PathFields:
    text = plain(path.replace("\\", "/"))
    text = _EXTENSION.sub("", text)
    name = text.rpartition("/")[2]
    date, begin, end = _date(text, name)
    page = _page(text, name, end)
    return PathFields(
        _first(text, name_of_file)
        or (_heading(name[:begin]) if page and begin > 0 else None)
        or (_folder_of_days(text) if date and len(date) == _DAY else None),
        date,
        page,
        _first(text, _issue),
        _first(text, edition_in),
    )


def date_of_path(path: str) -> str | None:
    """Return the date in a file's name or, failing that, in its folders, or None."""
    return fields_of_path(path).date


def _first(text: str, find: Callable[[str], str | None]) -> str | None:
    """Return what the part of a path says that is the nearest to its end."""
    return next(filter(None, map(find, reversed(text.split("/")))), None)


def _heading(text: str) -> str | None:
    """Return what stands before a day and a page in the name of a file, if it can be a paper."""
    words = _ISSUE.sub("", text).strip("-_ .·")
    return words if re.fullmatch(rf"[{HAN}]{{2,10}}", words) else None


def _folder_of_days(text: str) -> str | None:
    """Return the folder that holds the folders of years, or the days themselves, as a paper's."""
    *folders, _ = text.split("/")
    while folders and _OF_TIME.fullmatch(folders[-1]):
        folders.pop()
    name = folders[-1].strip() if folders else ""
    return name if re.fullmatch(rf"[{HAN}]{{2,8}}", name) and not _GENERIC.search(name) else None


def _date(text: str, name: str) -> tuple[str | None, int, int]:
    """Return the day, else the month, and where in the name it begins and ends (-1: elsewhere)."""
    for part, forms in ((name, _IN_NAME), (text, _ANYWHERE)):
        for form in (*forms, _MOON):
            found = [(day, match) for match in form.finditer(part) if (day := _day(match))]
            if found:
                day, match = found[-1]
                above = len(part) - len(name)
                return day, match.start() - above, match.end() - above
    of_year = _day_of_year(text, name)
    if of_year:
        return of_year
    for part in (name, text):
        months = [month for match in _MONTH.finditer(part) if (month := _day(match))]
        if months:
            return months[-1], -1, -1
    return None, -1, -1


def _day_of_year(text: str, name: str) -> tuple[str, int, int] | None:
    """Return the day that a name begins with, of the year that a folder above it is named after."""
    match = _IN_YEAR.match(name)
    years = [year for part in text.split("/")[:-1] if (year := _YEAR.fullmatch(part))]
    if not match or not years:
        return None
    month, day = match["m"] or match["m2"], match["d"] or match["d2"]
    found = iso_date(int(years[-1]["y"]), number_of(month), number_of(day))
    return (found, match.start(), match.end()) if found else None


def _day(match: re.Match[str]) -> str | None:
    if match.re is _MOON:
        day = parse_date(re.sub("[-_/ ]", "", match[0]))
        return day if day and len(day) == _DAY else None
    found = match.groupdict()
    year = number_of(found["y"])
    if year is not None and found.get("era"):
        year = year_of(found["era"], year)
    if year is None:
        return None
    if not found.get("era") and len(found["y"]) == 2 and "十" not in found["y"] and year < 100:
        year += 2000 if year < _CENTURY else 1900
    return iso_date(year, number_of(found["m"]), number_of(found["d"]) if "d" in found else None)


def _page(text: str, name: str, end: int) -> str | None:
    """Return the page; `end` is where in the name its date ends."""
    if end >= 0:
        match = _DIGITAL.match(name, end)
        if match and int(match["page"]):
            return str(int(match["page"]))
    for part in reversed(text.split("/")):
        for form in (_PAGE, _LETTERED):
            found = [page for match in form.finditer(part) if (page := page_named(match["page"]))]
            if found:
                return found[-1]
        if part == name:
            lower = _LOWER.match(name, end) if end >= 0 else None
            if lower:
                return page_named((lower["page"] or lower["lettered"]).upper())
            match = _BEHIND.match(name, end) if end >= 0 else None
            if match and 0 < int(match["page"]) <= _LAST_PAGE:
                return str(int(match["page"]))
    return None


def _issue(part: str) -> str | None:
    return next(filter(None, map(issue_named, _ISSUE.finditer(part))), None)
