"""What of an article goes where: its texts into fields, its days and labels into columns.

What writes a segment and what reads one both ask here, so that they cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from search.analysis.page_numbers import issue_strings, page_strings
from search.model.article import Article, date_bounds


def texts_of(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the texts of an article by field."""
    return {
        "title": (article.title,),
        "body": (article.body,),
        "author": article.authors,
        "paper": (article.paper or "",),
        "section": (article.section or "",),
        "path": (article.inner_path,),
        "page": _strings(article.page, page_strings),
        "issue": _strings(article.issue, issue_strings),
        "edition": (article.edition or "",),
    }


def _strings(value: str | None, strings: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return strings(value) if value else ()


def days_of(article: Article) -> tuple[int, int]:
    """Return the first and the last day of an article as YYYYMMDD, 0 where there is none."""
    return date_bounds(article.date) if article.date else (0, 0)


def _text(value: str | None) -> bytes:
    return (value or "").encode("utf-8", "surrogatepass")


@lru_cache(1024)
def _names(values: tuple[str, ...]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


LABELS: dict[str, Callable[[Article], bytes]] = {
    "papers": lambda article: _text(article.paper),
    "sections": lambda article: _text(article.section),
    "pages": lambda article: _text(article.page),
    "issues": lambda article: _text(article.issue),
    "editions": lambda article: _text(article.edition),
    "bylines": lambda article: _names(article.authors),
}
"""Columns that articles are counted by. A byline is a JSON list: a name may hold anything."""
