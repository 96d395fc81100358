"""Filters that let nothing through, and what to ask instead."""

from __future__ import annotations

from collections.abc import Iterator

from search.engines.port import Count, Engine, SearchRequest
from search.model.frozen import replace
from search.query.ast import Everything, conjunction
from search.searching.search import Question

MOST_NAMED = 8
"""Papers that are named, those of most articles first."""


def empty_filters(engine: Engine, question: Question) -> Iterator[str]:
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
    yield from _places_of_none(engine, question, alone)
    dated = replace(alone, since=question.since, until=question.until)
    if dated.filters() and _finds_nothing(engine, dated):
        yield f"No article was published in that period.{_years(engine)}"


def _finds_nothing(engine: Engine, question: Question) -> bool:
    tree = conjunction(question.filters())
    return not engine.search(SearchRequest(tree, Count())).total


def _papers(engine: Engine) -> str:
    named = [value for value in _values(engine, "paper") if value]
    some = ", ".join(named[:MOST_NAMED])
    more = ", …" if len(named) > MOST_NAMED else ""
    return f" There are {some}{more}." if named else " No article has the name of a paper."


def _places_of_none(engine: Engine, question: Question, alone: Question) -> Iterator[str]:
    """Yield a line for each page, issue or edition that no article has, with some that there are."""
    for name in ("page", "issue", "edition"):
        for value in getattr(question, f"{name}s"):
            if _finds_nothing(engine, replace(alone, **{f"{name}s": (value,)})):
                known = [text for text in _values(engine, name) if text]
                some = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
                there = f"There are {some}." if known else f"Of no article the {name} is known."
                yield f"No article is of {name} {value!r}. {there}"


def _years(engine: Engine) -> str:
    years = [value for value in _values(engine, "year") if value]
    return (
        f" There are articles from {years[0]} to {years[-1]}."
        if years
        else " No article has a date."
    )


def _values(engine: Engine, name: str) -> list[str | None]:
    [facet] = engine.search(SearchRequest(Everything(), Count(), (name,))).facets
    return [value for value, _ in facet.counts]
