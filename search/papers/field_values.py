"""What columns hold, where that is more than a field: a citation of a paper in a column of dates.

Exports of databases write `申報 日期：1949-05-08 版次/卷期：02 版` where a date belongs, people
`《青岚日报》2023年8月22日第3版` where the name of a paper does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from search.dates.printed import find_date, parse_date
from search.papers.field_names import field_of
from search.papers.pages.names import HAN
from search.papers.pages.paper_names import begins_with_name
from search.papers.pages.printed import page_named, plain

_MOST = 200
"""Characters of the longest text that is looked at."""

_NUMBER = "〇○零一二三四五六七八九十百"
_PAGE = re.compile(
    rf"(?<![0-9A-Za-z])[A-Z]?[0-9]{{1,4}} ?[版页頁]|第 ?[A-Z]?[0-9]{{1,4}} ?[版页頁]|第? ?[{_NUMBER}]{{1,3}}版"
)
_ISSUE = re.compile(rf"(?:[总總] ?)?第 ?(?:[0-9]{{1,6}}|[{_NUMBER}千万]{{1,9}}) ?[期号號]")
_IN_BRACKETS = re.compile("《([^》]{1,30})》")
_LABEL = re.compile(
    "(?:文献|稿件|文章)?(?:来源|出处|报纸|报刊|媒体|刊名|报名)(?:名称)?:|(?:转载?自|原载于?|摘自|选自):?"
)
_OF_TEXT = re.compile("^(?:本[报報刊]|据|據)|[讯訊电電]$")
"""What stands before a date at the beginning of a report."""
_NAMED = re.compile(rf"[{HAN}]{{2,12}}")
_MORE = re.compile("[版页頁报報期号號《]")
"""What a column of dates holds only where it holds more than a date."""
_DATED = re.compile("[0-9]{4}|年|版")


def citation(text: str) -> dict[str, str]:
    """Return what a text says of a paper, its day, page and issue, as far as it says that.

    >>> citation("申報 日期：1949-05-08 版次/卷期：02 版")
    {'date': '1949-05-08', 'paper': '申報', 'page': '2'}
    """
    return dict(_citation(text[:_MOST]))  # (a column may hold whole texts: they are not kept)


@lru_cache(maxsize=4096)
def _citation(text: str) -> dict[str, str]:
    text = plain(text)
    date = find_date(text)
    if not date:
        return {}
    found = {"date": date}
    bracketed = _IN_BRACKETS.search(text)
    bare = text
    label = _LABEL.match(bare)
    if label:
        bare = bare[label.end() :].strip()  # 来源：青岚日报 2023-08-22
    named = begins_with_name(bare, likely=True)
    first = _NAMED.match(bare)
    if bracketed:
        found["paper"] = bracketed[1].strip()
    elif named:
        found["paper"] = named[0]
    elif first and re.match("[ ,(:]", bare[first.end() :]) and not _OF_TEXT.search(first[0]):
        found["paper"] = first[0]
    pages = [page for match in _PAGE.finditer(text) if (page := page_named(match[0]))]
    if pages:
        found["page"] = pages[-1]
    issue = _ISSUE.search(text)
    if issue:
        found["issue"] = issue[0].replace(" ", "")
    return found


def said_with(date: str, paper: str) -> dict[str, str]:
    """Return what columns of the date and of the paper say of other fields, or more exactly.

    The name of a paper is there only where the column of papers holds more than a name, or no
    name at all.
    """
    found: dict[str, str] = {}
    if date and _MORE.search(date):
        found = citation(date)
        if paper:
            found.pop("paper", None)
    if paper and _DATED.search(paper):
        told = citation(paper)
        if "paper" in told:
            found = {**told, **found, "paper": told["paper"]}
    return found


def values_of(record: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Return the fields that a row of a list has, and its date where that cannot be read."""
    texts: dict[str, tuple[int, str]] = {}
    for column, value in record.items():
        place = field_of(str(column))
        if place and value is not None and (text := str(value).strip()):
            name, rank = place
            if name not in texts or rank < texts[name][0]:
                texts[name] = rank, text
    found = {name: text for name, (_, text) in texts.items()}
    date = found.pop("date", "")
    more, read = _dated(date[:_MOST], found.get("paper", "")[:_MOST])
    if "page" in found:
        found["page"] = _page(found["page"][:_MOST]) or found["page"]
    if "paper" in more:
        found["paper"] = more["paper"]
    values = {**more, **found} | ({"date": read} if read else {})
    return values, "" if read else date


# A list has few days, papers and pages, each in many rows.
@lru_cache(maxsize=4096)
def _dated(date: str, paper: str) -> tuple[dict[str, str], str | None]:
    return said_with(date, paper), parse_date(date) if date else None


@lru_cache(maxsize=1024)
def _page(page: str) -> str | None:
    return page_named(page)
