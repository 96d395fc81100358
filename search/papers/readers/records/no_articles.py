"""Files of records that are a table of something else: told in one line, and no mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search.model.article import Article
from search.model.frozen import replace
from search.papers.problem import Problem
from search.papers.readers.records.article_fields import NO_TEXT


def without_foreign(things: Iterable[Article | Problem]) -> Iterator[Article | Problem]:
    """Yield what is in a file; one remark where each of its records lacks title and body.

    Then it is a table of something else, such as a list of the files that were delivered:
    nothing of it is lost, and no update should complain of each row. Beside articles, or
    beside records that are broken, such a record is one that went wrong.
    """
    strange: list[Problem] = []
    rest = iter(things)
    for thing in rest:
        if isinstance(thing, Problem) and thing.reason == NO_TEXT:
            strange.append(thing)
        elif isinstance(thing, Problem) and not thing.lost:
            yield thing
        else:
            yield from strange
            yield thing
            yield from rest
            return
    if strange:
        yield remark(strange[0], len(strange))


def remark(first: Problem, count: int) -> Problem:
    """Return what is told of a file in which no record is an article: what is wrong with one."""
    records = f"{count:,} records" if count > 1 else "1 record"
    why = f"no title and no body in any record of this file ({records}): not a list of articles"
    return replace(first, reason=why, lost=False)
