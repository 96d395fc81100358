"""What a query tree finds in the segments of an index: counted, ordered, sampled, tallied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from heapq import nsmallest
from typing import TYPE_CHECKING, Generic, TypeAlias

from search.analysis.fold import fold
from search.engines.port import BY_SCORE, Sort, spread
from search.engines.whoosh.boolean import Evaluation
from search.engines.whoosh.codec.postings import Counts, Documents
from search.engines.whoosh.scores import Backend, Scores
from search.model.frozen import frozen
from search.query.ast import TRIED, And, Node, leaves

if TYPE_CHECKING:
    from search.engines.whoosh.codec.segment_reader import Segment
    from search.engines.whoosh.verification import TrialBudget
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
        beyond: Node | None = None,
    ) -> None:
        """Find them, but for the article whose id is `without`, and what `beyond` finds."""
        budget = _budget(And((tree, beyond)) if beyond else tree)
        self.above: list[DocAddress] = []
        """What `beyond` finds."""
        self.of_segments: list[SegmentMatches[Documents, Counts]] = []
        for i, segment in enumerate(segments):
            postings = backend.postings(segment)
            evaluation = Evaluation(segment, postings, budget)
            found = evaluation.documents(tree)
            if without:
                unwanted = postings.of_numbers(set(segment.with_id(without)))
                found = postings.without(found, unwanted)
            if beyond:
                above = evaluation.documents(beyond)
                found = postings.without(found, above)
                self.above += [(i, number) for number in postings.listed(above)]
            scores = backend.scores(segment, found)
            self.of_segments.append(SegmentMatches(segment, evaluation, scores))
        self._orders: dict[Sort, list[tuple[float, DocAddress]]] = {}
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
        if sort in {"path", "-path"}:
            return self._by_path(reverse=sort == "-path")[:most]
        if sort not in {"date", "-date"}:
            return self._by_name(sort)[:most]
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

    def _by_path(self, *, reverse: bool) -> list[tuple[float, DocAddress]]:
        """Return the documents by path and line; with `reverse` the last path first."""
        found = sorted(self._places(), key=lambda each: (each[0][1], each[1:]))
        found.sort(key=lambda each: each[0][0], reverse=reverse)
        return _unscored(found)

    def _by_name(self, sort: Sort) -> list[tuple[float, DocAddress]]:
        """Return the documents by paper or, once they are read, by headline."""
        if sort not in self._orders:
            from search.analysis.collation import collation_key  # for those who ask for it

            @cache
            def key(name: str) -> str:
                return collation_key(fold(name))

            names = self._papers() if sort.endswith("paper") else self._titles()
            found = [(key(name), i, number) for name, i, number in names]
            known = [each for each in found if each[0]]
            known.sort(key=lambda each: each[0], reverse=sort.startswith("-"))
            unknown = [each for each in found if not each[0]]
            self._orders[sort] = _unscored(known + unknown)
        return self._orders[sort]

    def _papers(self) -> Iterator[tuple[str, int, int]]:
        for i, each in enumerate(self.of_segments):
            of, values = each.segment.labels(COLUMNS["paper"])
            for number in each.scores.numbers():
                yield values[of[number]].decode("utf-8", "surrogatepass"), i, number

    def _titles(self) -> Iterator[tuple[str, int, int]]:
        for i, each in enumerate(self.of_segments):
            for number in each.scores.numbers():
                yield each.segment.article(number).title, i, number

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


def _budget(tree: Node) -> TrialBudget | None:
    """Return what the patterns of a tree that are tried on articles may spend."""
    if not any(isinstance(leaf, TRIED) for leaf in leaves(tree)):
        return None
    from search.engines.whoosh.verification import TrialBudget

    return TrialBudget()


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
