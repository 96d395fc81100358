"""Answering a query tree from the segments of an index.

The tree becomes a set of documents in each segment; the terms of its positive leaves then
add up to the score of each. Postings come as sets or as numpy arrays, whichever is over
sooner.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from types import ModuleType
from typing import TYPE_CHECKING, Any

from search.analysis.fold import fold
from search.engines.port import Found, Scored, SearchRequest, spread
from search.engines.whoosh.bm25f import Term, normalisation, terms_of
from search.engines.whoosh.boolean import Evaluation
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.damage import faults_of, refusing_damage
from search.engines.whoosh.term_statistics import Places, Statistics, table
from search.model.article import Article
from search.query import query_terms
from search.query.ast import (
    META_FIELDS,
    PATTERNS,
    TEXTS,
    And,
    Bag,
    DateRange,
    Fuzzy,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Regex,
    TextLeaf,
    Word,
    leaves,
    positive_leaves,
    positive_patterns,
)

if TYPE_CHECKING:
    from search.engines.whoosh.rerank import Added
    from search.engines.whoosh.verification import Trial
    from search.model.facets import Facet, Value

FEW_BYTES = 1_000_000
"""Encoded postings up to which sets are over before numpy would be loaded (about 0.1 s)."""

KEPT_BYTES = 1 << 30
"""Bytes of segments that are kept in memory between searches. Unlike those of a mapped file, the
system cannot take them back by itself; it has them in its own cache besides."""

FIRST = 2
"""Searches of an engine that may do without numpy: that of a shell, and its partial matches.
One that is asked more often is worth loading it for."""

FEW_DOCUMENTS = 100_000
"""The same for a query that has to look at every document."""

Answer = tuple[Any, Evaluation]
"""The scores of the documents found in a segment, and how they were found."""

Weighed = list[tuple[Term, float, list[Places]]]
"""The terms of a leaf, each with its idf and its numbers in each segment."""

Place = tuple[int, int]
"""A document: the number of its segment, and its own there."""

Ranked = tuple[float, Place, list[Place]]
"""The score of a document found, its place, and the places of its copies."""


class WhooshEngine:
    """The segments of an index, opened for reading as they stand now."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = list(segments)
        self._statistics = Statistics(self._segments)
        self._asked = 0

    def search(self, request: SearchRequest) -> Found:
        """Return what the tree finds, ranked by BM25F over words and pairs.

        Raises IndexDamaged where it fails because the files are not what was written.
        """
        try:
            with refusing_damage(self._segments):
                return self._search(request)
        finally:
            self._forget_much()

    def _forget_much(self) -> None:
        """Give back what was read of the segments where it has become too much to keep."""
        if sum(segment.container.kept for segment in self._segments) > KEPT_BYTES:
            for segment in self._segments:
                segment.container.forget()

    def _search(self, request: SearchRequest) -> Found:
        module = self._postings(request.tree)
        ranked = request.limit != 0
        texts = [*positive_leaves(request.tree), *_fuzzy_texts(request.tree)] if ranked else []
        patterns = list(positive_patterns(request.tree)) if ranked else []
        total = 0
        answers: list[Answer] = []
        trial = _trial(request.tree)
        for segment in self._segments:
            evaluation = Evaluation(segment, module.Postings(segment), trial)
            documents = evaluation.documents(request.tree)
            if request.without:
                unwanted = evaluation.postings.of_numbers(set(segment.with_id(request.without)))
                documents = evaluation.postings.without(documents, unwanted)
            scores = module.Scores(segment, documents)
            total += scores.count()
            answers.append((scores, evaluation))
        if total and request.sort == "relevance":
            for leaf in texts:
                self._score(leaf, answers)
            for pattern in patterns:
                self._score_pattern(pattern, answers)
        found = [scores for scores, _ in answers]
        added: dict[Place, Added] = {}
        question = _question(texts, patterns) if total else None
        if question and request.sort == "relevance":
            added = self._rerank(question, found, request)
        best: list[Ranked]
        if request.sample:
            best = [(0.0, place, []) for place in self._sampled(answers, request.sample)]
        elif request.dedupe and total:
            from search.engines.collapse import folded  # for those who ask for it

            groups = folded(
                lambda most: self._best(found, most, request), self._signature, request, total
            )
            best = [(*group.place, [place for _, place in group.copies]) for group in groups]
        else:
            most = total if request.limit is None else request.offset + request.limit
            best = [
                (score, place, [])
                for score, place in self._best(found, most, request)[request.offset :]
            ]
        facets = tuple(self._facet(name, answers) for name in request.facets)
        return Found(total, tuple(self._shown(best, request, texts, answers, added)), facets)

    # Choosing.

    def _postings(self, tree: Node) -> ModuleType:
        """Return the module that will be over sooner: `plain` or `arrays`."""
        self._asked += 1
        first = self._asked <= FIRST and "numpy" not in sys.modules
        if first and self._is_small(tree):
            from search.engines.whoosh.codec import postings_python

            return postings_python
        from search.engines.whoosh.codec import postings_numpy

        return postings_numpy

    def _is_small(self, tree: Node) -> bool:
        many = self._statistics.total > FEW_DOCUMENTS
        if (many and _looks_at_everything(tree)) or _has_patterns(tree):
            return False
        seen = 0
        for leaf in [leaf for leaf in leaves(tree) if isinstance(leaf, TEXTS)]:
            for term in terms_of(leaf):
                for segment, places in zip(
                    self._segments, self._statistics.places(term), strict=True
                ):
                    for field, place in zip(term.fields, places, strict=True):
                        if place >= 0:
                            seen += table(segment, term.kind, field).size(place)
            if seen > FEW_BYTES:
                return False
        return True

    # Scoring.

    def _terms(self, leaf: TextLeaf) -> Iterator[tuple[Term, float, list[Places]]]:
        """Yield the terms of a leaf that stand somewhere, with idf and places."""
        for term in terms_of(leaf):
            places = self._statistics.places(term)
            idf = self._statistics.idf(term, places)
            if idf:
                yield term, idf, places

    def _score(self, leaf: TextLeaf, answers: list[Answer]) -> None:
        """Add what a leaf is worth to the documents found."""
        terms = list(self._terms(leaf))
        for term, idf, places in terms:
            for i, (scores, evaluation) in enumerate(answers):
                self._add(scores, evaluation, self._segments[i], term, places[i], idf)
        bonus = _bonus(leaf, terms)
        if bonus:
            for scores, evaluation in answers:
                scores.add_to(evaluation.standing(leaf.text, leaf.field), bonus)

    def _score_pattern(self, leaf: Pattern, answers: list[Answer]) -> None:
        """Add what a pattern is worth to the documents found."""
        from search.engines.whoosh.pattern_scoring import add, weight_of

        weight = weight_of(leaf, [part for _, part in answers], self._statistics)
        for scores, evaluation in answers:
            add(scores, evaluation, leaf, weight)

    def _add(
        self,
        scores: Any,
        evaluation: Evaluation,
        segment: Segment,
        term: Term,
        places: Places,
        idf: float,
    ) -> list[str]:
        """Add what a term is worth to the documents found in a segment (BM25F).

        Returns the fields in which any of them has it.
        """
        postings = evaluation.postings
        counts = {
            "word": postings.word_frequencies,
            "pair": postings.pair_counts,
            "character": postings.character_frequencies,
        }[term.kind]
        fields: list[str] = []
        parts: list[Any] = []
        for field, place in zip(term.fields, places, strict=True):
            if place < 0:
                continue
            found = counts(field, place, scores.found)
            if not len(found[0]):
                continue
            flat, steep = normalisation(field, self._statistics.average(term.kind, field))
            lengths = table(segment, term.kind, field).lengths
            parts.append(scores.normal(found, lengths, flat, steep))
            fields.append(field)
        if parts:
            scores.add(parts, scale=term.weight * idf * (term.k1 + 1), k1=term.k1)
        return fields

    def _rerank(
        self, question: Bag, found: list[Any], request: SearchRequest
    ) -> dict[Place, Added]:
        """Judge the best again by their texts. Returns what was added to the scores of each."""
        from search.engines.whoosh.rerank import POOL, READ, Candidate, fields_read, rerank

        best = self._best(found, POOL, request)
        fields = fields_read(question)
        candidates = []
        for score, (i, number) in best:
            article = self._segments[i].article(number)
            texts = {field: fold(getattr(article, field)[:READ]) for field in fields}
            candidates.append(Candidate(score, texts))
        added = {}
        parts_of_each = rerank(question, candidates, self._statistics)
        for (_, place), parts in zip(best, parts_of_each, strict=True):
            i, number = place
            found[i].raise_by(number, sum(worth for _, worth in parts))
            added[place] = parts
        return added

    # Ordering.

    def _best(
        self, answers: list[Any], most: int, request: SearchRequest
    ) -> list[tuple[float, Place]]:
        """Return score and place of the documents in the order asked for, at most `most`."""
        if request.sort == "relevance":
            found = [
                (-score, i, number)
                for i, scores in enumerate(answers)
                for score, number in scores.best(most)
            ]
            return [(-score, (i, number)) for score, i, number in nsmallest(most, found)]
        if request.sort == "source":
            named = [
                ((paths[of[number]], lines[number]), i, number)
                for i, (segment, scores) in enumerate(zip(self._segments, answers, strict=True))
                for numbers in [scores.numbers()]
                for paths, of, lines in [segment.places(len(numbers))]
                for number in numbers
            ]
            return [(0.0, (i, number)) for _, i, number in nsmallest(most, named)]
        newest = request.sort == "-date"
        dated = [
            (key, i, number)
            for i, scores in enumerate(answers)
            for key, number in scores.by_day(most, newest=newest)
        ]
        return [(0.0, (i, number)) for _, i, number in nsmallest(most, dated)]

    def _signature(self, ranked: tuple[float, Place]) -> bytes:
        """Return the signature of a document of a ranking."""
        i, number = ranked[1]
        return self._segments[i].signature(number)

    def _sampled(self, answers: list[Answer], most: int) -> list[Place]:
        """Return documents evenly spread over all found, in their order."""
        found = [
            (i, number) for i, (scores, _) in enumerate(answers) for number in scores.numbers()
        ]
        return spread(found, most)

    # Counting.

    def _facet(self, name: str, answers: list[Answer]) -> Facet:
        """Count the documents found by a field, over its columns."""
        from search.engines.whoosh.codec.facet_counts import count
        from search.model.facets import facet

        counts: dict[Value, int] = {}
        for segment, (scores, _) in zip(self._segments, answers, strict=True):
            for value, times in count(segment, scores, name):
                counts[value] = counts.get(value, 0) + times
        return facet(name, counts)

    # Showing.

    def _shown(
        self,
        best: list[Ranked],
        request: SearchRequest,
        texts: list[TextLeaf],
        answers: list[Answer],
        added: dict[Place, Added],
    ) -> Iterator[Scored]:
        weighed = [(leaf, list(self._terms(leaf))) for leaf in texts] if request.explain else []
        patterns = list(positive_patterns(request.tree)) if request.explain else []
        if request.files:
            best = self._first_of_each_path(best)
        for score, (i, number), copies in best:
            segment, (_, evaluation) = self._segments[i], answers[i]
            read = segment.outline if request.outlines else segment.article
            parts = [*self._parts(i, number, weighed, evaluation)] if weighed else []
            for pattern in patterns:
                parts += self._pattern_parts(i, number, pattern, answers)
            if request.explain:
                parts += added.get((i, number), ())
            also = tuple(self._segments[j].article(copy) for j, copy in copies)
            yield Scored(read(number), score, tuple(parts), also)

    def _first_of_each_path(self, best: list[Ranked]) -> list[Ranked]:
        """Return the first place of each path of a segment."""
        found: dict[tuple[int, int], Ranked] = {}
        for ranked in best:
            i, number = ranked[1]
            found.setdefault((i, self._segments[i].path_numbers()[number]), ranked)
        return list(found.values())

    def _parts(
        self, i: int, number: int, weighed: list[tuple[TextLeaf, Weighed]], evaluation: Evaluation
    ) -> Iterator[tuple[str, float]]:
        """Yield what the score of one document is made of, by scoring it again, part by part."""
        segment = self._segments[i]
        module = sys.modules[type(evaluation.postings).__module__]
        only = evaluation.postings.of_numbers({number})
        for leaf, terms in weighed:
            for term, idf, places in terms:
                scores = module.Scores(segment, only)
                fields = self._add(scores, evaluation, segment, term, places[i], idf)
                if fields:
                    yield f"{term} in {' and '.join(fields)}", scores.of(number)
            bonus = _bonus(leaf, terms)
            if bonus:
                scores = module.Scores(segment, only)
                scores.add_to(evaluation.standing(leaf.text, leaf.field), bonus)
                if scores.of(number):
                    yield f"stands as it is: {leaf.text}", bonus

    def _pattern_parts(
        self, i: int, number: int, leaf: Pattern, answers: list[Answer]
    ) -> Iterator[tuple[str, float]]:
        """Yield what a pattern adds to the score of one document."""
        from search.engines.whoosh.pattern_scoring import add, weight_of

        _, evaluation = answers[i]
        module = sys.modules[type(evaluation.postings).__module__]
        weight = weight_of(leaf, [part for _, part in answers], self._statistics)
        scores = module.Scores(self._segments[i], evaluation.postings.of_numbers({number}))
        fields = add(scores, evaluation, leaf, weight)
        if fields:
            yield f"pattern {leaf.written} in {' and '.join(fields)}", scores.of(number)

    # The rest of the port.

    def lookup(self, prefix: str) -> list[Article]:
        """Return the articles whose id begins with `prefix`. Raises IndexDamaged."""
        with refusing_damage(self._segments):
            found = [
                segment.article(number)
                for segment in self._segments
                for number in segment.with_id(prefix)
            ]
        return sorted(found, key=lambda article: article.id)

    def count(self) -> int:
        """Return the number of articles."""
        return sum(segment.live() for segment in self._segments)

    def having(self, words: list[str]) -> list[int]:
        """Return how many bodies have each word. Raises IndexDamaged."""
        with refusing_damage(self._segments):
            fields = [segment.words("body") for segment in self._segments]
            places = [[field.find(word) for field in fields] for word in words]
            return [
                sum(
                    field.count(place)
                    for field, place in zip(fields, of, strict=True)
                    if place >= 0
                )
                for of in places
            ]

    def bound(self, text: str, field: str | None = None) -> int:
        """Return a number of articles that a string cannot exceed. Raises IndexDamaged."""
        from search.engines.whoosh.codec.neighbours import bound

        names = (field,) if field else ("title", "body")
        with refusing_damage(self._segments):
            return sum(
                bound(segment.grams(name), text) for segment in self._segments for name in names
            )

    def between(self, before: str, after: str, field: str | None = None) -> list[str]:
        """Return the characters that stand behind one and, somewhere, before another.

        Raises IndexDamaged.
        """
        from search.engines.whoosh.codec.neighbours import between

        with refusing_damage(self._segments):
            grams = [segment.grams(field or "body") for segment in self._segments]
            counts = between(grams, before, after)
        return sorted(counts, key=lambda char: (-counts[char], char))

    def paths(self) -> dict[str, int]:
        """Return the paths of all articles, and how many each has. Raises IndexDamaged."""
        found: dict[str, int] = {}
        with refusing_damage(self._segments):
            for segment in self._segments:
                names = segment.paths()
                for i, number in enumerate(segment.path_numbers()):
                    if not segment.is_deleted(i):
                        found[names[number]] = found.get(names[number], 0) + 1
        return found

    def faults(self) -> list[str]:
        """Read everything and return what is wrong, a line each."""
        return [fault for segment in self._segments for fault in faults_of(segment)]

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()


def _bonus(leaf: TextLeaf, terms: Weighed) -> float:
    """Return what is added where a bare chunk of several words stands as it is.

    It is the most that its words could ever be worth, so that an exact occurrence outranks
    scattered words.
    """
    if not isinstance(leaf, Word) or len(query_terms.all_of(leaf.text)) < 2:
        return 0.0
    return sum(term.weight * idf * (term.k1 + 1) for term, idf, _ in terms)


def _question(texts: list[TextLeaf], patterns: list[Pattern]) -> Bag | None:
    """Return the question in plain words that is all there is to rank by, filters apart."""
    asked = [leaf for leaf in texts if leaf.field not in {"author", *META_FIELDS}]
    one = asked[0] if len(asked) == 1 and not patterns else None
    return one if isinstance(one, Bag) else None


def _has_patterns(tree: Node) -> bool:
    """Return whether a tree has leaves that load numpy in any case."""
    return any(isinstance(leaf, PATTERNS) for leaf in leaves(tree))


def _fuzzy_texts(tree: Node) -> Iterator[TextLeaf]:
    """Yield the strings of fuzzy patterns, which rank as strings besides: exact comes first."""
    for leaf in positive_patterns(tree):
        if isinstance(leaf, Fuzzy):
            yield Phrase(leaf.text, leaf.field, leaf.boost)


def _trial(tree: Node) -> Trial | None:
    """Return what the regular expressions of a tree may spend together."""
    if not any(isinstance(leaf, Regex) for leaf in leaves(tree)):
        return None
    from search.engines.whoosh.verification import Trial

    return Trial()


def _looks_at_everything(node: Node) -> bool:
    match node:
        case And(children) | Or(children):
            return any(_looks_at_everything(child) for child in children)
        case Not() | DateRange():
            return True
        case _:
            return not isinstance(node, TEXTS)
