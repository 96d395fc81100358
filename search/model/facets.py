"""Facets: how many of the articles found have each value of a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from search.model.article import Article, Record
from search.model.frozen import frozen

FacetName: TypeAlias = Literal[
    "paper", "year", "month", "author", "section", "page", "issue", "edition"
]
"""What articles can be counted by."""

FACETS: tuple[str, ...] = get_args(FacetName)

Value: TypeAlias = str | None
"""A value of a field; None stands for articles that have none."""


@frozen
class Facet:
    """The counts of one field over all articles found, not only those that are shown.

    Years and months come in order of time, other values by count and then by code points;
    what has no value comes last. An article of two authors counts under each.
    """

    name: str
    counts: tuple[tuple[Value, int], ...]


def counts_by_name(facets: Iterable[Facet]) -> Record:
    """Return the counts of facets as JSON has them: of each a list of value and count, in order."""
    return {
        facet.name: [{"value": value, "count": count} for value, count in facet.counts]
        for facet in facets
    }


def values_of(article: Article, name: str) -> set[Value]:
    """Return the values of a facet that an article counts under: one or more.

    A date that is known by its year alone counts in `month` under the year.
    """
    match name:
        case "paper":
            return {article.paper or None}
        case "section":
            return {article.section or None}
        case "page":
            return {article.page or None}
        case "issue":
            return {article.issue or None}
        case "edition":
            return {article.edition or None}
        case "author":
            return {author for author in article.authors if author} or {None}
        case "year":
            return {article.date[:4] if article.date else None}
        case "month":
            return {article.date[:7] if article.date else None}
        case _:
            raise ValueError(name)


def day_value(first: int, last: int, name: str) -> Value:
    """Return the year or month of an article, given its first and last day as YYYYMMDD.

    >>> day_value(20230801, 20230831, "month"), day_value(20230101, 20231231, "month")
    ('2023-08', '2023')
    """
    if not first:
        return None
    year = f"{first // 10000:04}"
    if name == "year" or first // 100 != last // 100:
        return year
    return f"{year}-{first // 100 % 100:02}"


def facet(name: str, counts: Mapping[Value, int]) -> Facet:
    """Return counts as a facet, in its order."""
    by_time = name in {"year", "month"}

    def place(item: tuple[Value, int]) -> tuple[bool, int, str]:
        value, count = item
        return value is None, 0 if by_time else -count, value or ""

    return Facet(name, tuple(sorted(counts.items(), key=place)))


def counted(names: Iterable[str], articles: Iterable[Article]) -> tuple[Facet, ...]:
    """Return the facets of some articles, by reading each."""
    from collections import Counter

    there = list(articles)
    return tuple(
        facet(name, Counter(value for article in there for value in values_of(article, name)))
        for name in names
    )
