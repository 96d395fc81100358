"""Articles that go on on another page: which articles of the index are the parts of one.

A paper prints `下转三版` under the first part and `上接一版` over the second, often with a
shorter headline. The parts stand in one issue: the same paper and day, or the same folder
where these are not known. Which of an issue's parts belong together is told by the pages
they name and by their titles.
"""

from __future__ import annotations

import posixpath

from search.analysis.fold import fold
from search.analysis.page_numbers import page_of
from search.engines.port import Engine, SearchRequest, Top
from search.model.article import Article, date_bounds
from search.model.results import Parts
from search.query.ast import DateRange, Node, PathGlob, Phrase, conjunction

_ALIKE = 0.5
"""Share of the shorter title that has to stand in the longer one."""

_MOST = 500
"""Articles of an issue looked at: more than a day's paper has."""


def parts_of(engine: Engine, article: Article) -> Parts:
    """Return the parts that go before and after an article, as far as the index has them."""
    if not (article.continued_from or article.continued_on):
        return Parts()
    issue = engine.search(SearchRequest(_issue(article), Top(_MOST, sort="path"))).hits
    others = [hit.article for hit in issue if hit.article.id != article.id]
    begins = goes_on = None
    if article.continued_from:
        begins = _best(article, [other for other in others if _joins(other, article)])
    if article.continued_on:
        goes_on = _best(article, [other for other in others if _joins(article, other)])
    return Parts(begins, goes_on)


def _issue(article: Article) -> Node:
    """Return the tree that finds the articles of the same issue."""
    nodes: list[Node] = []
    paper = fold(article.paper or "")
    if article.date and article.date.count("-") == 2:
        nodes.append(DateRange(*date_bounds(article.date)))
        if paper:
            nodes.append(Phrase(paper, "paper"))
    if not nodes:
        folder = posixpath.dirname(article.shown_path)
        nodes.append(PathGlob(f"{_literal(folder)}/*" if folder else _literal(article.shown_path)))
    return conjunction(nodes)


def _literal(path: str) -> str:
    """Return a shell pattern that matches a path only."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)


def _joins(first: Article, second: Article) -> bool:
    """Return whether the pages that two articles name allow that one goes on in the other."""
    named = (first.continued_on, second.continued_from)
    standing = (first.page or first.section, second.page or second.section)
    on, back, here, there = (page_of(fold(name or "")) for name in (*named, *standing))
    if not on or not back:
        return False
    return (not there or on == there) and (not here or back == here)


def _best(article: Article, others: list[Article]) -> Article | None:
    """Return the article whose title is most like another's; the only one need not be like."""
    ranked = sorted(others, key=lambda other: -_likeness(article.title, other.title))
    if not ranked:
        return None
    sure = len(ranked) == 1 or _likeness(article.title, ranked[0].title) >= _ALIKE
    return ranked[0] if sure else None


def _likeness(one: str, other: str) -> float:
    """Return which share of the shorter title stands in the longer one, in matching runs."""
    from difflib import SequenceMatcher

    one, other = fold(one), fold(other)
    shorter = min(len(one), len(other))
    if not shorter:
        return 0.0
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / shorter
