"""Putting what is given of a file into its articles, where its pages do not do so themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from search.model.article import ARTICLE, Article
from search.model.frozen import replace
from search.papers.formats import ARCHIVES, RECORDS, extension_of, is_of_pages
from search.papers.given.given import Given
from search.papers.observer import is_observed, show
from search.papers.problem import Problem
from search.papers.readers.records.article_fields import split_authors


def applied(
    shown: str, things: Iterator[Article | Problem], given: Given, *, corrected: bool
) -> Iterator[Article | Problem]:
    """Yield what is read of a file, with what is given of it.

    Pages have the fields of a page by then. Of records, and of what is in an archive, it fills
    what they leave empty; of anything else it holds whatever the file says. Headline and authors
    are put in where the file is one article, and no record.
    """
    whole = {name: value for name, value in given.values.items() if name in _OF_ARTICLES}
    if not given.fields:
        yield from things
    elif is_of_pages(shown):
        yield from _of_one(things, {} if corrected else whole, given.values.get("url"))
    else:
        fills = extension_of(shown) in RECORDS | ARCHIVES
        if is_observed():
            behind = ", where there is none" if fills else ""
            show(f"{name}: {value} ({where}{behind})" for name, value, where in given.fields)
        if fills:
            for thing in things:
                yield filled(thing, given) if isinstance(thing, Article) else thing
        else:
            yield from _of_one(_all_put_in(things, given), whole, None)


_OF_ARTICLES = ("title", "authors")


def _of_one(
    things: Iterable[Article | Problem], values: dict[str, str], url: str | None
) -> Iterator[Article | Problem]:
    """Yield what is read of pages; if it is one article, with these fields."""
    held: list[Article | Problem] = []
    articles = 0
    for thing in things:
        if isinstance(thing, Article):
            articles += thing.kind == ARTICLE
            if url:
                thing = _changed(thing, {"url": url})  # noqa: PLW2901
        if values and articles < 2:
            held.append(thing)
            continue
        yield from held
        held.clear()
        yield thing
    for thing in held:
        only = isinstance(thing, Article) and thing.kind == ARTICLE
        yield _changed(thing, values) if only and isinstance(thing, Article) else thing


def _all_put_in(things: Iterable[Article | Problem], given: Given) -> Iterator[Article | Problem]:
    """Yield articles of which what is given of their file holds, whatever they say themselves."""
    values = {name: value for name, value in given.values.items() if name not in _OF_ARTICLES}
    for thing in things:
        yield _changed(thing, values) if isinstance(thing, Article) else thing


def filled(article: Article, given: Given) -> Article:
    """Return an article that has what is given where it says nothing itself."""
    empty = {name: value for name, value in given.values.items() if not getattr(article, name)}
    if "section" not in empty and article.section and article.section == article.page:
        empty |= {name: value for name, value in given.values.items() if name == "section"}
    return _changed(article, empty)


def _changed(article: Article, values: dict[str, str]) -> Article:
    if not values:
        return article
    changes: dict[str, Any] = dict(values)
    if "date" in values and (article.date or "").startswith(values["date"]):
        del changes["date"]  # the month is given, and the day is printed
    if "authors" in values:
        changes["authors"] = tuple(dict.fromkeys(filter(None, split_authors(values["authors"]))))
    return replace(article, **changes)
