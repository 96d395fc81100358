"""Numbers as papers print them: pages (`第三版`, `A03`) and issues (`第一千二百零六号`)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from search.dates.numerals import HAN_DIGITS, SMALL_UNITS, ZEROS, number_of

MAX_MASTHEAD = 400
"""Characters of the longest line that may tell the paper or its date."""

FIGURES = f"0-9{ZEROS}另{HAN_DIGITS}{SMALL_UNITS}千仟万萬"
"""What a number consists of, for a regular expression class."""

SMALL = f"0-9{ZEROS}一二三四五六七八九十百廿"
"""What the number of a page consists of, for a regular expression class."""

PLAIN_PAGE = rf"(?:[A-Z]?\s?[{SMALL}]{{1,3}}|[A-Z]\s?[0-9]{{4}})"
"""A page without 第 and 版, as a pattern for plain text."""

_MOST_KEPT = 1_000
"""Characters of the longest line that is remembered in that form."""

_PAGE = re.compile(rf"第?\s*(?:([A-Z]?)\s*([{SMALL}]{{1,3}})|([A-Z])\s*([0-9]{{4}}))\s*[版页頁]?")


def plain(line: str) -> str:
    """Return a line as all patterns for furniture expect it: in NFKC, without space around it.

    Digits, letters, colons and brackets are then ASCII.
    """
    return _kept(line) if len(line) <= _MOST_KEPT else unicodedata.normalize("NFKC", line).strip()


@lru_cache(maxsize=256)  # a line is looked at by several modules, one after the other
def _kept(line: str) -> str:
    return unicodedata.normalize("NFKC", line).strip()


def page_number(text: str) -> str | None:
    """Return a page as printed (`第三版`, `A03版`, `2`) in figures without zeros: `3`, `A3`, `2`."""
    match = _PAGE.fullmatch(plain(text))
    number = number_of(match[2] or match[4]) if match else None
    return f"{match[1] or match[3] or ''}{number}" if match and number else None


def issue_named(match: re.Match[str]) -> str | None:
    """Return an issue in figures, with how it is counted: `总第763期` of `總第七百六十三期`.

    The match has the groups `whole` (总, or nothing), `number` and `unit` (期 or 号).
    """
    number = number_of(match["number"])
    return f"{'总' if match['whole'] else ''}第{number}{match['unit']}" if number else None


def page_named(text: str) -> str | None:
    """Return a page as it is named: `3` of `第三版`, and `A03` of `A03版`, whose zero is printed."""
    number = page_number(text)
    zeros = re.search(r"[A-Z]\s*(0*)", plain(text)) if number else None
    return f"{number[0]}{zeros[1]}{number[1:]}" if number and zeros else number
