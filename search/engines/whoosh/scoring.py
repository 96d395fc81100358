"""Scoring what was found: each leaf of a query adds what its terms are worth (`bm25f`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeAlias

from search.engines.whoosh.bm25f import (
    EXACT_WEIGHT,
    K1,
    LEAD,
    LEAD_WEIGHT,
    Term,
    normalisation,
    terms_of,
)
from search.engines.whoosh.codec.postings import Counts, Documents, Postings
from search.engines.whoosh.matches import DocAddress, Matches, SegmentMatches
from search.engines.whoosh.scores import Backend, Scores
from search.engines.whoosh.term_statistics import Places, Statistics, table
from search.query import query_terms
from search.query.ast import (
    META_FIELDS,
    Bag,
    Fuzzy,
    Node,
    Pattern,
    Phrase,
    TextLeaf,
    Word,
    positive_leaves,
    positive_patterns,
)

if TYPE_CHECKING:
    from search.engines.whoosh.pattern_scoring import Weight

WeighedTerm: TypeAlias = tuple[Term, float, list[Places]]
"""A term, its idf, and its numbers in each segment."""


class Scorer(Generic[Documents, Counts]):
    """What a query is worth in each of the documents it finds."""

    def __init__(
        self,
        tree: Node,
        matches: Matches[Documents, Counts],
        backend: Backend[Documents, Counts],
        statistics: Statistics,
    ) -> None:
        self._matches = matches.of_segments
        self._backend = backend
        self._statistics = statistics
        self.texts = [*positive_leaves(tree), *_fuzzy_texts(tree)]
        self.patterns = list(positive_patterns(tree))

    def score(self) -> None:
        """Add what the leaves are worth to the scores of the documents found."""
        for leaf in self.texts:
            self._score_text(leaf)
        for pattern in self.patterns:
            self._score_pattern(pattern)

    def plain_words(self) -> Bag | None:
        """Return the question in plain words that is all there is to rank by, filters apart."""
        asked = [leaf for leaf in self.texts if leaf.field not in {"author", *META_FIELDS}]
        one = asked[0] if len(asked) == 1 and not self.patterns else None
        return one if isinstance(one, Bag) else None

    def _weighed(self, leaf: TextLeaf) -> Iterator[WeighedTerm]:
        """Yield the terms of a leaf that stand somewhere, with idf and numbers."""
        for term in terms_of(leaf):
            places = self._statistics.places(term)
            idf = self._statistics.idf(term, places)
            if idf:
                yield term, idf, places

    def _score_text(self, leaf: TextLeaf) -> None:
        terms = list(self._weighed(leaf))
        for term, idf, places in terms:
            for match, numbers in zip(self._matches, places, strict=True):
                self._add(match.scores, match, term, numbers, idf)
        bonus = _bonus(leaf, terms)
        if bonus:
            for match in self._matches:
                match.scores.add_to(match.evaluation.standing(leaf.text, leaf.field), bonus)

    def _score_pattern(self, leaf: Pattern) -> None:
        from search.engines.whoosh.pattern_scoring import add

        weight = self._weight(leaf)
        for match in self._matches:
            add(match.scores, match.evaluation, leaf, weight)

    def _weight(self, leaf: Pattern) -> Weight:
        from search.engines.whoosh.pattern_scoring import weight_of

        return weight_of(leaf, [match.evaluation for match in self._matches], self._statistics)

    def _add(
        self,
        scores: Scores[Documents, Counts],
        match: SegmentMatches[Documents, Counts],
        term: Term,
        places: Places,
        idf: float,
    ) -> list[str]:
        """Add to scores what a term is worth in the documents that they are of (BM25F).

        `places` are its numbers in the fields of the segment. Returns the fields in which any
        of the documents has it.
        """
        fields: list[str] = []
        parts: list[Counts] = []
        for field, place in zip(term.fields, places, strict=True):
            if place < 0:
                continue
            found = _frequencies(match.evaluation.postings, term.kind, field, place, scores.found)
            if not len(found[0]):
                continue
            flat, steep = normalisation(field, self._statistics.average(term.kind, field))
            lengths = table(match.segment, term.kind, field).lengths
            parts.append(scores.normal(found, lengths, flat, steep))
            fields.append(field)
        if parts:
            scores.add(parts, scale=term.weight * idf * (K1 + 1), k1=K1)
        return fields

    def explained(self, found: list[DocAddress]) -> Iterator[list[tuple[str, float]]]:
        """Yield for each document what its score is made of, by scoring it again, part by part."""
        weighed = [(leaf, list(self._weighed(leaf))) for leaf in self.texts]
        weights = [self._weight(pattern) for pattern in self.patterns]
        for i, number in found:
            match = self._matches[i]
            only = match.evaluation.postings.of_numbers({number})
            parts: list[tuple[str, float]] = []
            for leaf, terms in weighed:
                parts += self._text_parts(leaf, terms, i, number, only)
            for pattern, weight in zip(self.patterns, weights, strict=True):
                parts += self._pattern_parts(pattern, weight, i, number, only)
            yield parts

    def _text_parts(
        self, leaf: TextLeaf, terms: list[WeighedTerm], i: int, number: int, only: Documents
    ) -> Iterator[tuple[str, float]]:
        """Yield what the terms of a leaf add to the score of one document."""
        match = self._matches[i]
        for term, idf, places in terms:
            scores = self._backend.scores(match.segment, only)
            fields = self._add(scores, match, term, places[i], idf)
            if fields:
                yield f"{term} in {' and '.join(fields)}", scores.of(number)
        bonus = _bonus(leaf, terms)
        if bonus:
            scores = self._backend.scores(match.segment, only)
            scores.add_to(match.evaluation.standing(leaf.text, leaf.field), bonus)
            if scores.of(number):
                yield f"stands as it is: {leaf.text}", bonus

    def _pattern_parts(
        self, leaf: Pattern, weight: Weight, i: int, number: int, only: Documents
    ) -> Iterator[tuple[str, float]]:
        """Yield what a pattern adds to the score of one document."""
        from search.engines.whoosh.pattern_scoring import add

        match = self._matches[i]
        scores = self._backend.scores(match.segment, only)
        fields = add(scores, match.evaluation, leaf, weight)
        if fields:
            yield f"pattern {leaf.written} in {' and '.join(fields)}", scores.of(number)


def _frequencies(
    postings: Postings[Documents, Counts], kind: str, field: str, term: int, found: Documents
) -> Counts:
    """Return those of the documents found that have a term, and what it counts for in each.

    That is how often it is there; a pair counts more in the lead of a body.
    """
    if kind == "word":
        return postings.word_frequencies(field, term, found)
    if kind == "character":
        return postings.character_frequencies(field, term, found)
    lead = LEAD if field == "body" else 0
    return postings.pair_frequencies(field, term, found, lead, LEAD_WEIGHT)


def _bonus(leaf: TextLeaf, terms: list[WeighedTerm]) -> float:
    """Return what is added where a bare chunk of several words stands as it is.

    It is a part of the most that its words could ever be worth: an exact occurrence outranks
    words that are scattered as often, and an article on the matter outranks a passing mention.
    """
    if not isinstance(leaf, Word) or len(set(query_terms.words(leaf.text))) < 2:
        return 0.0
    return EXACT_WEIGHT * sum(term.weight * idf * (K1 + 1) for term, idf, _ in terms)


def _fuzzy_texts(tree: Node) -> Iterator[TextLeaf]:
    """Yield the strings of fuzzy patterns, which rank as strings besides: exact comes first."""
    for leaf in positive_patterns(tree):
        if isinstance(leaf, Fuzzy):
            yield Phrase(leaf.text, leaf.field, leaf.boost)
