"""Filters that let nothing through, and what to ask instead."""

from __future__ import annotations

from collections.abc import Iterator

from search.engines.port import Engine, SearchRequest
from search.model.frozen import replace
from search.query.ast import Everything, conjunction
from search.searching.search import Question

MOST_NAMED = 8
"""Papers that are named, those of most articles first."""


def barren(engine: Engine, question: Question) -> Iterator[str]:
    """Yield a line for each filter of a question that by itself finds no article."""
    alone = Question(mode="literal")
    for paper in question.papers:
        if _finds_nothing(engine, replace(alone, papers=(paper,))):
            yield f"No article is from a paper named {paper!r}.{_papers(engine)}"
    for author in question.authors:
        if _finds_nothing(engine, replace(alone, authors=(author,))):
            yield f"No article is by {author!r}."
    for path in question.paths:
        if _finds_nothing(engine, replace(alone, paths=(path,))):
            hint = (
                ""
                if "*" in path
                else f" The pattern must match the whole path; '*{path}*' matches it anywhere."
            )
            yield f"No article has a path that matches {path!r}.{hint}"
    dated = replace(alone, since=question.since, until=question.until)
    if dated.filters() and _finds_nothing(engine, dated):
        yield f"No article was published in that period.{_years(engine)}"


def _finds_nothing(engine: Engine, question: Question) -> bool:
    tree = conjunction(question.filters())
    return not engine.search(SearchRequest(tree, limit=0)).total


def _papers(engine: Engine) -> str:
    named = [value for value in _values(engine, "paper") if value]
    some = ", ".join(named[:MOST_NAMED])
    more = ", …" if len(named) > MOST_NAMED else ""
    return f" There are {some}{more}." if named else " No article has the name of a paper."


def _years(engine: Engine) -> str:
    years = [value for value in _values(engine, "year") if value]
    return (
        f" There are articles from {years[0]} to {years[-1]}."
        if years
        else " No article has a date."
    )


def _values(engine: Engine, name: str) -> list[str | None]:
    [facet] = engine.search(SearchRequest(Everything(), limit=0, facets=(name,))).facets
    return [value for value, _ in facet.counts]
