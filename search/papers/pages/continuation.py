"""Articles that go on on another page: `上接第一版`, `（下转3版）`, `轉第三版`."""

from __future__ import annotations

import re

from search.papers.pages.printed import page_number

_PAGE = r"(?P<page>第?\s?[A-Za-zＡ-Ｚ]?\s?[0-9０-９〇零一二三四五六七八九十]{1,3}\s?[版页頁])"
_FROM = re.compile(rf"(?:[上紧緊文續续承]\s?[接自]|接|[续續])\s?(?:本报|本報|今日)?\s?{_PAGE}")
_ON = re.compile(rf"(?:下\s?[转轉接]|[转轉]接?|文\s?[转轉])\s?(?:本报|本報|今日)?\s?{_PAGE}")
_OPENED = r"[\s（(\[【〔▶►▷◀◄△▲★※→←]*"
_CLOSED = r"[\s）)\]】〕▶►▷◀◄△▲★※→←。]*"
_ALONE_FROM = re.compile(rf"{_OPENED}{_FROM.pattern}{_CLOSED}")
_ALONE_ON = re.compile(rf"{_OPENED}{_ON.pattern}{_CLOSED}")
_SEE = re.compile(rf"{_OPENED}(?:[详詳]|全文)[见見]\s?(?:本报|本報|今日)?\s?{_PAGE}{_CLOSED}")
_STARTS = re.compile(rf"{_OPENED}{_FROM.pattern}[^）)\]】〕]{{0,40}}?{_CLOSED}")
_ENDS = re.compile(rf"[（(\[【〔▶►▷△▲★※→\s]{_ON.pattern}{_CLOSED}$")
# From the first of some spaces alone: tried from each, a line of spaces takes quadratic time.
_BRACKETED = re.compile(rf"(?<!\s)\s*+[（(\[【〔]\s*{_FROM.pattern}\s*[）)\]】〕]")
_HINT = re.compile(r"[版页頁]")
_MAX_MARKER = 30


def marker(line: str) -> str | None:
    """Return `from`, `on` or `see` if a line does nothing but send the reader to another page.

    `see` is for a headline whose article is on another page (`详见第二版`).
    """
    if len(line) > _MAX_MARKER or not _HINT.search(line):
        return None
    if _ALONE_FROM.fullmatch(line):
        return "from"
    if _ALONE_ON.fullmatch(line):
        return "on"
    return "see" if _SEE.fullmatch(line) else None


def continued_from(text: str) -> str | None:
    """Return the page on which an article that begins with `text` began, or None."""
    match = _STARTS.match(text)
    return page_number(match["page"].upper()) if match else None


def continued_on(text: str) -> str | None:
    """Return the page on which an article that ends with `text` goes on, or None."""
    match = _ENDS.search("\n" + text[-2 * _MAX_MARKER :])
    return page_number(match["page"].upper()) if match else None


def named_from(headline: str) -> str | None:
    """Return the page named anywhere in a headline (`《…》（上接A01版）`), or None."""
    match = _BRACKETED.search(headline)
    return page_number(match["page"].upper()) if match else None


def plain_headline(headline: str) -> str:
    """Return a headline without the page on which the article began."""
    return _BRACKETED.sub("", headline).strip() or headline


def without_marker(text: str) -> str:
    """Return the start of an article without the words that say where it began."""
    match = _STARTS.match(text)
    return text[match.end() :].lstrip() if match else text
