"""From a query tree to the documents of one segment, by set algebra over its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from search.engines.whoosh.codec.postings import Counts, Documents, Postings
from search.engines.whoosh.codec.segment_reader import Segment
from search.model.path_spelling import shown
from search.query import query_terms
from search.query.ast import (
    PATTERNS,
    TEXT_FIELDS,
    TRIED,
    And,
    Bag,
    DateRange,
    Exact,
    Known,
    Node,
    Not,
    Or,
    PathGlob,
    Pattern,
    Phrase,
    Regex,
    Word,
    fields_of,
    leaves,
    path_matches,
)
from search.query.crumbs import Choice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.engines.whoosh.codec.pattern_postings import Patterns
    from search.engines.whoosh.verification import TrialBudget


class Evaluation(Generic[Documents, Counts]):
    """The evaluation of one query over one segment.

    Strings are looked up once however often they stand in the tree. `budget` is needed for a
    tree with patterns that are tried on articles.
    """

    def __init__(
        self,
        segment: Segment,
        postings: Postings[Documents, Counts],
        budget: TrialBudget | None = None,
    ) -> None:
        self.segment = segment
        self.postings = postings
        self._budget = budget
        self._known: dict[tuple[str, str], Documents] = {}
        self._patterns: Patterns | None = None
        self._occurrences: dict[
            tuple[Pattern, str], tuple[NDArray[np.int64], NDArray[np.int64]]
        ] = {}
        self._tried: dict[Regex | Exact, tuple[Documents, dict[str, dict[int, int]]]] = {}

    def documents(self, node: Node) -> Documents:
        """Return the documents that a tree finds, deleted ones left out."""
        return self.postings.without_deleted(self._evaluate(node))

    def _evaluate(self, node: Node, among: Documents | None = None) -> Documents:
        """Return what a tree finds: right for the documents `among` which it is asked."""
        match node:
            case And(children):
                return self._every(children, among)
            case Or(children):
                return self._some([self._evaluate(child, among) for child in children])
            case Not(child):
                everything = self.postings.everything()
                return self.postings.without(everything, self._evaluate(child, among))
            case Regex() | Exact():
                return self._matching(node, among)
            case _ if isinstance(node, PATTERNS):
                return self._some([self._occurring(node, name) for name in fields_of(node)])
            case _:
                return self._leaf(node)

    def _leaf(self, node: Node) -> Documents:
        postings = self.postings
        match node:
            case Word(text, field):
                return self._written(node) | self._all_standing(text, field)
            case Phrase():
                return self._written(node)
            case Bag(text, field):
                return self._any_standing(query_terms.any_of(text) or (text,), fields_of(node))
            case DateRange(since, until):
                return postings.dated(since, until)
            case Known(field):
                return postings.dated(0, 99991231) if field == "date" else postings.known(field)
            case PathGlob(pattern):
                paths = enumerate(self.segment.paths())
                wanted = {i for i, path in paths if path_matches(shown(path), pattern)}
                return postings.of_paths(wanted)
            case _:
                return postings.everything()

    def _written(self, leaf: Word | Phrase) -> Documents:
        """Return where the text of a leaf stands, in any of its forms."""
        return self._some([self.standing(text, leaf.field) for text in (leaf.text, *leaf.forms)])

    def _any_standing(self, strings: tuple[str, ...], fields: tuple[str, ...]) -> Documents:
        """Return where any of some strings stands, which may be thousands: none is remembered."""
        found = self.postings.nothing()
        for text in strings:
            for field in query_terms.fields_for(text, fields):
                found = found | self.postings.standing(field, text)
        return found

    def _every(self, children: tuple[Node, ...], among: Documents | None) -> Documents:
        """Intersect. What is excluded comes last: then it needs no complement.

        Regular expressions come behind all else: fewer articles are left to try them on.
        """
        wanted = [child for child in children if not isinstance(child, Not)]
        excluded = [child.child for child in children if isinstance(child, Not)]
        wanted.sort(key=_tries)
        found = among
        for child in wanted:
            some = self._evaluate(child, found)
            found = some if found is None else found & some
        if found is None:
            found = self.postings.everything()
        for unwanted in sorted(excluded, key=_tries):
            found = self.postings.without(found, self._evaluate(unwanted, found))
        return found

    def _some(self, sets: list[Documents]) -> Documents:
        found = self.postings.nothing()
        for other in sets:
            found = found | other
        return found

    def standing(self, text: str, field: str | None) -> Documents:
        """Return where a string stands: in a field, or in any field of the text."""
        if field is None:
            return self._some([self.standing(text, name) for name in TEXT_FIELDS])
        if (text, field) not in self._known:
            self._known[text, field] = self.postings.standing(field, text)
        return self._known[text, field]

    def occurrences(self, leaf: Pattern, field: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the documents in whose field a pattern occurs, and how often.

        Two arrays of the shape (documents,). Of a pattern that is tried on articles, among the
        documents on which it was.
        """
        if isinstance(leaf, TRIED):
            import numpy as np

            times = self._tried[leaf][1][field]
            return np.array(list(times), dtype=np.int64), np.array(
                list(times.values()), dtype=np.int64
            )
        if (leaf, field) not in self._occurrences:
            if self._patterns is None:
                from search.engines.whoosh.codec.pattern_postings import Patterns

                self._patterns = Patterns(self.segment, self.postings)
            self._occurrences[leaf, field] = self._patterns.occurrences(leaf, field)
        return self._occurrences[leaf, field]

    def _occurring(self, leaf: Pattern, field: str) -> Documents:
        return self.postings.of_array(self.occurrences(leaf, field)[0])

    def _matching(self, leaf: Regex | Exact, among: Documents | None) -> Documents:
        """Try a pattern on the documents that hold what it needs."""
        assert self._budget is not None
        postings = self.postings
        nothing: tuple[Documents, dict[str, dict[int, int]]] = (
            postings.nothing(),
            {name: {} for name in fields_of(leaf)},
        )
        done, times = self._tried.setdefault(leaf, nothing)
        needed = [self._evaluate(_needed(leaf, name)) for name in fields_of(leaf)]
        candidates = postings.without_deleted(self._some(needed))
        if among is not None:
            candidates = candidates & among
        candidates = postings.without(candidates, done)
        for name, new in self._budget.counts(
            leaf, self.segment, postings.listed(candidates)
        ).items():
            times[name].update(new)
        self._tried[leaf] = done | candidates, times
        return self._some([postings.of_numbers(set(some)) for some in times.values()])

    def _all_standing(self, text: str, field: str | None) -> Documents:
        """Return where one string of each choice stands that a bare chunk asks for."""
        choices = query_terms.all_of(text)
        if not choices or choices == ((text,),):
            return self.postings.nothing()
        grams = self.segment.grams(field or "body")

        def rarity(choice: Choice) -> int:
            return sum(map(grams.rarity, choice))

        first, *rest = sorted(choices, key=rarity)  # the rarest leaves least to look at
        found = self._some([self.standing(string, field) for string in first])
        for choice in rest:
            found = self._some([self._among(found, string, field) for string in choice])
        return found

    def _among(self, found: Documents, text: str, field: str | None) -> Documents:
        """Return those of some documents in which a string stands."""
        if (text, field or TEXT_FIELDS[0]) in self._known:
            return found & self.standing(text, field)
        fields = (field,) if field else TEXT_FIELDS
        return self._some([self.postings.among(found, name, text) for name in fields])


def _tries(node: Node) -> bool:
    """Return whether a tree holds a pattern that is tried on articles."""
    return any(isinstance(leaf, TRIED) for leaf in leaves(node))


def _needed(leaf: Regex | Exact, field: str) -> Node:
    """Return a tree that finds whatever can have a pattern in a field."""
    if isinstance(leaf, Exact):
        return Phrase(leaf.text, field)
    from search.query.regular_expressions import required

    return required(leaf.pattern, field)
