"""What a query tree finds in the segments of an index: counted, ordered, sampled, tallied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING, Generic, TypeAlias

from search.engines.port import BY_SCORE, Sort, spread
from search.engines.whoosh.boolean import Evaluation
from search.engines.whoosh.codec.postings import Counts, Documents
from search.engines.whoosh.scores import Backend, Scores
from search.model.frozen import frozen
from search.query.ast import Node, Regex, leaves

if TYPE_CHECKING:
    from search.engines.whoosh.codec.segment_reader import Segment
    from search.engines.whoosh.verification import RegexBudget
    from search.model.facets import Facet, Value

DocAddress: TypeAlias = tuple[int, int]
"""A document of an index: the number of its segment, and its own there."""

COLUMNS = {
    "paper": "papers",
    "section": "sections",
    "author": "bylines",
    "page": "pages",
    "issue": "issues",
    "edition": "editions",
}
"""The column of each facet that is not one of time."""


@frozen
class SegmentMatches(Generic[Documents, Counts]):
    """The documents found in a segment: how they were found, and their scores."""

    segment: Segment
    evaluation: Evaluation[Documents, Counts]
    scores: Scores[Documents, Counts]


class Matches(Generic[Documents, Counts]):
    """The documents that a tree finds in an index."""

    def __init__(
        self,
        segments: Sequence[Segment],
        tree: Node,
        without: str,
        backend: Backend[Documents, Counts],
    ) -> None:
        """Find them, but for the article whose id is `without`."""
        budget = _budget(tree)
        self.of_segments: list[SegmentMatches[Documents, Counts]] = []
        for segment in segments:
            postings = backend.postings(segment)
            evaluation = Evaluation(segment, postings, budget)
            found = evaluation.documents(tree)
            if without:
                unwanted = postings.of_numbers(set(segment.with_id(without)))
                found = postings.without(found, unwanted)
            scores = backend.scores(segment, found)
            self.of_segments.append(SegmentMatches(segment, evaluation, scores))
        self.total = sum(each.scores.count() for each in self.of_segments)

    def first(self, most: int, sort: Sort) -> list[tuple[float, DocAddress]]:
        """Return score and address of the first documents in an order, at most `most`.

        The score is 0 in any order but those by score.
        """
        if sort in BY_SCORE:
            found = [
                (-score, i, number)
                for i, each in enumerate(self.of_segments)
                for score, number in each.scores.best(most)
            ]
            return [(-score, (i, number)) for score, i, number in nsmallest(most, found)]
        if sort == "source":
            return _unscored(nsmallest(most, self._places()))
        newest = sort == "-date"
        dated = [
            (key, i, number)
            for i, each in enumerate(self.of_segments)
            for key, number in each.scores.by_day(most, newest=newest)
        ]
        return _unscored(nsmallest(most, dated))

    def fade(self) -> None:
        """Take from the scores what the age of each document takes."""
        newest = max((each.scores.newest() for each in self.of_segments), default=0)
        for each in self.of_segments:
            each.scores.fade(newest)

    def _places(self) -> Iterator[tuple[tuple[str, int], int, int]]:
        """Yield path and line of each document, and its address."""
        for i, each in enumerate(self.of_segments):
            numbers = each.scores.numbers()
            paths, of, lines = each.segment.places(len(numbers))
            for number in numbers:
                yield (paths[of[number]], lines[number]), i, number

    def sampled(self, size: int) -> list[DocAddress]:
        """Return documents evenly spread over all found, in their order."""
        found = [
            (i, number)
            for i, each in enumerate(self.of_segments)
            for number in each.scores.numbers()
        ]
        return spread(found, size)

    def facet(self, name: str) -> Facet:
        """Count the documents found by a field, over its columns."""
        from search.model.facets import facet

        counts: dict[Value, int] = {}
        for each in self.of_segments:
            for value, times in _tallied(each.segment, each.scores, name):
                counts[value] = counts.get(value, 0) + times
        return facet(name, counts)

    def one_of_each_path(self, places: list[DocAddress]) -> list[DocAddress]:
        """Return the first document of each path."""
        of_segments: dict[tuple[int, int], DocAddress] = {}  # by number, which costs no look-up
        for i, number in places:
            path = self.of_segments[i].segment.path_numbers()[number]
            of_segments.setdefault((i, path), (i, number))
        found: dict[str, DocAddress] = {}
        for i, number in of_segments.values():
            found.setdefault(self.of_segments[i].segment.path(number), (i, number))
        return list(found.values())


def _unscored(found: Sequence[tuple[object, int, int]]) -> list[tuple[float, DocAddress]]:
    return [(0.0, (i, number)) for _, i, number in found]


def _budget(tree: Node) -> RegexBudget | None:
    """Return what the regular expressions of a tree may spend together."""
    if not any(isinstance(leaf, Regex) for leaf in leaves(tree)):
        return None
    from search.engines.whoosh.verification import RegexBudget

    return RegexBudget()


def _tallied(
    segment: Segment, scores: Scores[Documents, Counts], name: str
) -> Iterator[tuple[Value, int]]:
    """Yield values of a facet and how many of the documents found have each.

    A value may come several times.
    """
    from search.engines.whoosh.codec.stored_fields import names as names_in
    from search.model.facets import day_value

    if name not in COLUMNS:
        for (first, last), times in scores.tally(segment.first, segment.last):
            yield day_value(first, last, name), times
        return
    of, values = segment.labels(COLUMNS[name])
    for (number,), times in scores.tally(of):
        text = values[number].decode("utf-8", "surrogatepass")
        names: set[Value] = {text} if name != "author" else set(names_in(text))
        for value in names - {""} or {None}:
            yield value, times
