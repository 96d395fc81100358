"""Answering a query tree from the segments of an index.

The tree becomes a set of documents in each segment; the terms of its positive leaves then
add up to the score of each. Postings come as sets or as numpy arrays, whichever is over
sooner.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING

from search.analysis.fold import fold
from search.engines.port import (
    BY_SCORE,
    Count,
    Found,
    Outlines,
    Paths,
    Ranked,
    Sample,
    Scored,
    SearchRequest,
    Sort,
    Top,
)
from search.engines.recency import RECENCY
from search.engines.whoosh.bm25f import terms_of
from search.engines.whoosh.codec.postings import Counts, Documents
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.damage import faults_of, refusing_damage
from search.engines.whoosh.matches import DocAddress, Matches
from search.engines.whoosh.scores import Backend
from search.engines.whoosh.scoring import Scorer
from search.engines.whoosh.term_statistics import Statistics, table
from search.model.article import ARTICLE, PAGE, Article, Kind
from search.model.frozen import replace
from search.query.ast import (
    PATTERNS,
    TEXTS,
    And,
    Bag,
    DateRange,
    Known,
    Node,
    Not,
    Or,
    kind_of,
    leaves,
)

if TYPE_CHECKING:
    from search.engines.whoosh.segment_list import Reserved

FEW_BYTES = 1_000_000
"""Encoded postings up to which sets are over before numpy would be loaded (about 0.1 s)."""

KEPT_BYTES = 1 << 30
"""Bytes of segments that are kept in memory between searches. Unlike those of a mapped file, the
system cannot take them back by itself; it has them in its own cache besides."""

FIRST = 2
"""Searches of an engine that may do without numpy: that of a shell, and its partial matches.
One that is asked more often is worth loading it for."""

READ_ONCE = 64
"""Articles of a page that are kept while it is made: to be compared with others, and shown."""

FEW_DOCUMENTS = 100_000
"""The same for a query that has to look at every document."""


class WhooshEngine:
    """The segments of an index, opened for reading as they stand now."""

    def __init__(self, segments: Sequence[Segment], pages: Reserved | None = None) -> None:
        """Answer from segments of articles; `pages` has those of the records of pages.

        These are an engine of their own, opened when something is asked of it: so no statistics
        of articles are changed by them, and nothing is spent on them.
        """
        self._segments = list(segments)
        self._reserved = pages
        self._of_pages: WhooshEngine | None = None
        self._statistics = Statistics(self._segments)
        self._asked = 0

    def search(self, request: SearchRequest) -> Found:
        """Return what the tree finds, ranked by BM25F over words and pairs.

        Raises IndexDamaged where it fails because the files are not what was written.
        """
        kind, tree = kind_of(request.tree)
        if kind == PAGE:
            return self._pages().search(replace(request, tree=tree))
        with self._reading():
            return self._search(request)

    def _pages(self) -> WhooshEngine:
        """Return the engine of the records of pages. Raises IndexDamaged."""
        if self._of_pages is None:
            with refusing_damage(()):
                self._of_pages = WhooshEngine(self._reserved.open() if self._reserved else ())
        return self._of_pages

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raise IndexDamaged for what fails since the files are not what was written.

        What was read of the segments is given back where it has become too much to keep.
        """
        try:
            with refusing_damage(self._segments):
                yield
        finally:
            if sum(segment.container.kept for segment in self._segments) > KEPT_BYTES:
                for segment in self._segments:
                    segment.container.forget()

    def _search(self, request: SearchRequest) -> Found:
        self._asked += 1
        whole = And((request.tree, request.beyond)) if request.beyond else request.tree
        if self._is_over_before_numpy(whole):
            from search.engines.whoosh.scores_python import PYTHON

            return self._answer(request, PYTHON)
        from search.engines.whoosh.scores_numpy import NUMPY

        return self._answer(request, NUMPY)

    def _is_over_before_numpy(self, tree: Node) -> bool:
        """Return whether sets are over before numpy would be loaded, and it is not yet."""
        first = self._asked <= FIRST and "numpy" not in sys.modules
        return first and self._is_small(tree)

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

    # Answering.

    def _answer(self, request: SearchRequest, backend: Backend[Documents, Counts]) -> Found:
        matches = Matches(self._segments, request.tree, request.without, backend, request.beyond)
        hits: tuple[Scored, ...] = ()
        match request.collect:
            case Count():
                pass
            case Sample(size):
                hits = tuple(Scored(self._article(of), 0.0) for of in matches.sampled(size))
            case asked:
                if matches.total and asked.limit != 0:
                    scorer = Scorer(request.tree, matches, backend, self._statistics)
                    hits = tuple(self._ranked(asked, matches, scorer))
        facets = tuple(matches.facet(name) for name in request.facets)
        return Found(matches.total, hits, facets)

    def _ranked(
        self,
        asked: Ranked,
        matches: Matches[Documents, Counts],
        scorer: Scorer[Documents, Counts],
    ) -> Iterator[Scored]:
        """Yield the part of a ranking that is asked for."""
        added = self._score(asked, matches, scorer) if asked.sort in BY_SCORE else {}
        article: Callable[[DocAddress], Article] = self._article
        if isinstance(asked, Top) and asked.collapse:
            from search.engines.collapse import Reader, folded, text_of  # for those who ask for it

            article = lru_cache(READ_ONCE)(article)
            groups = folded(
                lambda most: matches.first(most, asked.sort),
                Reader(self._signature, lambda ranked: text_of(article(ranked[1]))),
                asked,
                matches.total,
                ((0.0, of) for of in matches.above),
            )
            best = [each.place for each in groups]
            copies = [[of for _, of in each.copies] for each in groups]
        else:
            most = matches.total if asked.limit is None else asked.offset + asked.limit
            best = matches.first(most, asked.sort)[asked.offset :]
            copies = [[]] * len(best)
        match asked:
            case Top(explain=explain):
                parts = scorer.explained([of for _, of in best]) if explain else repeat([])
                for (score, of), also, why in zip(best, copies, parts, strict=False):
                    more = _more(score, why, added.get(of, []), asked.sort) if explain else ()
                    yield Scored(article(of), score, (*why, *more), tuple(map(article, also)))
            case Outlines():
                for score, of in best:
                    yield Scored(self._outline(of), score)
            case Paths():
                for of in matches.one_of_each_path([of for _, of in best]):
                    yield Scored(self._outline(of), 0.0)

    def _score(
        self,
        asked: Ranked,
        matches: Matches[Documents, Counts],
        scorer: Scorer[Documents, Counts],
    ) -> dict[DocAddress, list[tuple[str, float]]]:
        """Score what was found. Returns what was added by reading the best of it."""
        scorer.score()
        question = scorer.plain_words()
        added = self._rerank(question, matches) if question else {}
        if asked.sort == "recent":
            matches.fade()
        return added

    def _rerank(
        self, question: Bag, matches: Matches[Documents, Counts]
    ) -> dict[DocAddress, list[tuple[str, float]]]:
        """Judge the best again by their texts. Returns what was added to the scores of each."""
        from search.engines.whoosh.rerank import CHARACTERS, POOL, READ, fields_read, rerank

        best = matches.first(POOL, "relevance")
        fields = fields_read(question)
        candidates = []
        for _, of in best:
            article = self._article(of)
            candidates.append({field: fold(getattr(article, field)[:READ]) for field in fields})
        added = {}
        worths = rerank(question, candidates, self._statistics)
        for (_, (i, number)), worth in zip(best, worths, strict=True):
            matches.of_segments[i].scores.raise_by(number, worth)
            added[i, number] = [(CHARACTERS, worth)] if worth else []
        return added

    def _article(self, of: DocAddress) -> Article:
        return self._segments[of[0]].article(of[1])

    def _outline(self, of: DocAddress) -> Article:
        return self._segments[of[0]].outline(of[1])

    def _signature(self, ranked: tuple[float, DocAddress]) -> bytes:
        """Return the signature of a document of a ranking."""
        i, number = ranked[1]
        return self._segments[i].signature(number)

    # The rest of the port.

    def lookup(self, prefix: str) -> list[Article]:
        """Return the articles whose id begins with `prefix`. Raises IndexDamaged."""
        with self._reading():
            found = [
                segment.article(number)
                for segment in self._segments
                for number in segment.with_id(prefix)
            ]
        if not found and self._reserved:  # a beginning that means an article goes on to mean it
            return self._pages().lookup(prefix)
        return sorted(found, key=lambda article: article.id)

    def count(self) -> int:
        """Return the number of articles."""
        return sum(segment.live() for segment in self._segments)

    def having(self, words: list[str]) -> list[int]:
        """Return how many bodies have each word. Raises IndexDamaged."""
        with self._reading():
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
        with self._reading():
            return sum(
                bound(segment.grams(name), text) for segment in self._segments for name in names
            )

    def between(self, before: str, after: str, field: str | None = None) -> list[str]:
        """Return the characters that stand behind one and, somewhere, before another.

        Raises IndexDamaged.
        """
        from search.engines.whoosh.codec.neighbours import between

        with self._reading():
            grams = [segment.grams(field or "body") for segment in self._segments]
            counts = between(grams, before, after)
        return sorted(counts, key=lambda char: (-counts[char], char))

    def paths(self, kind: Kind = ARTICLE) -> dict[str, int]:
        """Return the paths of all articles, and how many each has. Raises IndexDamaged."""
        if kind == PAGE:
            return self._pages().paths()
        found: dict[str, int] = {}
        with self._reading():
            for segment in self._segments:
                names = segment.paths()
                for i, number in enumerate(segment.path_numbers()):
                    if not segment.is_deleted(i):
                        found[names[number]] = found.get(names[number], 0) + 1
        return found

    def faults(self) -> list[str]:
        """Read everything and return what is wrong, a line each."""
        faults = [fault for segment in self._segments for fault in faults_of(segment)]
        return faults + (self._pages().faults() if self._reserved else [])

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()
        if self._of_pages:
            self._of_pages.close()
        if self._reserved:
            self._reserved.close()


def _more(
    score: float, why: list[tuple[str, float]], added: list[tuple[str, float]], sort: Sort
) -> list[tuple[str, float]]:
    """Return the parts of a score beside those of the terms."""
    if sort != "recent":
        return added
    whole = sum(worth for _, worth in (*why, *added))
    return [*added, (RECENCY, score - whole)]


def _has_patterns(tree: Node) -> bool:
    """Return whether a tree has leaves that load numpy in any case."""
    return any(isinstance(leaf, PATTERNS) for leaf in leaves(tree))


def _looks_at_everything(node: Node) -> bool:
    match node:
        case And(children) | Or(children):
            return any(_looks_at_everything(child) for child in children)
        case Not() | DateRange() | Known():
            return True
        case _:
            return not isinstance(node, TEXTS)
