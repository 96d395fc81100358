"""Answering a query tree from a Whoosh index.

A tree becomes a set of documents by set algebra over its leaves; the terms of its positive
leaves then add up to the score of each. Whoosh gives postings, statistics and scorers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from whoosh.searching import Searcher

from search.article import Article
from search.engines.memory import path_matches
from search.engines.port import Found, Scored, SearchRequest, page
from search.engines.whoosh.schema import unpack
from search.engines.whoosh.scoring import K1, Bm25, Term, terms_of
from search.engines.whoosh.strings import documents_with
from search.query import units
from search.query.tree import (
    TEXT_FIELDS,
    And,
    Bag,
    DateRange,
    Node,
    Not,
    Or,
    PathGlob,
    Phrase,
    TextLeaf,
    Word,
    positive_leaves,
)

Documents = set[int]
"""Numbers of documents in the whole index."""


class WhooshEngine:
    """A Whoosh index, opened for reading as it stands now."""

    def __init__(self, index: Any) -> None:
        """Open a searcher on a Whoosh index object."""
        self._searcher: Searcher = index.searcher(weighting=Bm25())
        self._strings: dict[tuple[str, str], Documents] = {}

    def search(self, request: SearchRequest) -> Found:
        """Return what the tree finds, ranked by BM25 over words and pairs."""
        self._strings.clear()
        found = self._evaluate(request.tree)
        parts: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
        scores = dict.fromkeys(found, 0.0)
        if request.sort == "relevance" or request.limit is None or request.limit > 0:
            for leaf in positive_leaves(request.tree):
                self._score(leaf, scores, parts if request.explain else None)
        shown = [
            Scored(self._article(i), scores[i], tuple(parts[i]))
            for i in page(self._ordered(scores, request), request)
        ]
        return Found(len(found), tuple(shown))

    def lookup(self, prefix: str) -> list[Article]:
        """Return the articles whose id begins with `prefix`."""
        reader = self._searcher.reader()
        found = [
            self._article(number)
            for term in reader.expand_prefix("id", prefix)
            for number in reader.postings("id", term).all_ids()
        ]
        return sorted(found, key=lambda article: article.id)

    def count(self) -> int:
        """Return the number of articles."""
        return int(self._searcher.doc_count())

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()

    def _article(self, number: int) -> Article:
        return unpack(self._searcher.stored_fields(number)["article"])

    # From the tree to a set of documents.

    def _evaluate(self, node: Node) -> Documents:
        match node:
            case And(children):
                return self._every(list(children))
            case Or(children):
                return set().union(*(self._evaluate(child) for child in children))
            case Not(child):
                return self._everything() - self._evaluate(child)
            case Word(text, field):
                return self._standing(text, field) | self._all_standing(text, field)
            case Phrase(text, field):
                return self._standing(text, field)
            case Bag(text, field):
                some = units.any_of(text) or [text]
                return set().union(*(self._standing(unit, field) for unit in some))
            case DateRange():
                return self._dated(node)
            case PathGlob(pattern):
                found = self._everything()
                return {i for i in found if path_matches(self._article(i).path, pattern)}
            case _:
                return self._everything()

    def _every(self, children: list[Node]) -> Documents:
        """Intersect, what is left out last: that needs no complement of the whole index."""
        children.sort(key=lambda child: isinstance(child, Not))
        found = self._evaluate(children[0])
        for child in children[1:]:
            if not found:
                break
            if isinstance(child, Not):
                found = found - self._evaluate(child.child)
            else:
                found = found & self._evaluate(child)
        return found

    def _everything(self) -> Documents:
        return set(self._searcher.reader().all_doc_ids())

    def _standing(self, text: str, field: str | None) -> Documents:
        """Return the documents in which a string stands, in a field or in any text field."""
        if field is None:
            return set().union(*(self._standing(text, name) for name in TEXT_FIELDS))
        known = self._strings.get((text, field))
        if known is None:
            known = {
                number + offset
                for segment, offset in self._searcher.leaf_searchers()
                for number in documents_with(segment.reader(), field, text)
            }
            self._strings[text, field] = known
        return known

    def _all_standing(self, text: str, field: str | None) -> Documents:
        words = units.all_of(text)
        if not words:
            return set()
        found = self._standing(words[0], field)
        for word in words[1:]:
            if not found:
                break
            found = found & self._standing(word, field)
        return found

    def _dated(self, dates: DateRange) -> Documents:
        found = set()
        for number, first, last in self._days():
            if first <= dates.until and last >= dates.since:
                found.add(number)
        return found

    def _days(self) -> list[tuple[int, int, int]]:
        """Return number, first and last day of every dated document."""
        out = []
        for segment, offset in self._searcher.leaf_searchers():
            reader = segment.reader()
            if not (reader.has_column("first") and reader.has_column("last")):
                continue
            first, last = reader.column_reader("first"), reader.column_reader("last")
            out += [
                (number + offset, first[number], last[number])
                for number in reader.all_doc_ids()
                if 0 < first[number] < _NO_DAY  # what Whoosh gives for no value
            ]
        return out

    # From documents to a ranking.

    def _score(
        self,
        leaf: TextLeaf,
        scores: dict[int, float],
        parts: defaultdict[int, list[tuple[str, float]]] | None,
    ) -> None:
        """Add what a leaf is worth to the score of each document found.

        Where a bare chunk of several words stands as it is, the most that its words could
        ever be worth is added, so that an exact occurrence outranks scattered words.
        """

        def add(number: int, worth: float, why: str) -> None:
            scores[number] += worth
            if parts is not None:
                parts[number].append((why, worth))

        most = 0.0
        for term in terms_of(leaf):
            for number, worth in self._worths(term):
                if number in scores:
                    add(number, worth, f"{term.field} {term.text}")
            if self._searcher.doc_frequency(term.field, term.text):
                most += term.weight * self._searcher.idf(term.field, term.text) * (K1 + 1)
        if isinstance(leaf, Word) and len(units.all_of(leaf.text)) > 1:
            for number in self._standing(leaf.text, leaf.field) & scores.keys():
                add(number, most, f"stands as it is: {leaf.text}")

    def _worths(self, term: Term) -> Iterator[tuple[int, float]]:
        """Yield each document that has a term, and what the term is worth there."""
        for segment, offset in self._searcher.leaf_searchers():
            if (term.field, term.text) not in segment.reader():
                continue
            scorer = segment.weighting.scorer(segment, term.field, term.text)
            matcher = segment.postings(term.field, term.text, weighting=segment.weighting)
            while matcher.is_active():
                yield matcher.id() + offset, term.weight * scorer.score(matcher)
                matcher.next()

    def _ordered(self, scores: dict[int, float], request: SearchRequest) -> list[int]:
        if request.sort == "relevance":
            return sorted(scores, key=lambda i: (-scores[i], i))
        if request.sort == "source":
            articles = {i: self._article(i) for i in scores}
            return sorted(scores, key=lambda i: (articles[i].path, articles[i].line))
        sign = 1 if request.sort == "date" else -1
        days = {number: sign * first for number, first, _ in self._days()}
        return sorted(scores, key=lambda i: (i not in days, days.get(i, 0), -scores[i], i))


_NO_DAY = 2**31 - 1
