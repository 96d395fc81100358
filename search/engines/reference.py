"""The engine that reads every article and compares strings: slow, and obviously right.

It is the oracle against which the others are tested, and small enough to be believed. Its
ranking is a plain count of occurrences: only its sets of articles are a reference.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from search.analysis.collation import collation_key
from search.analysis.fold import fold
from search.analysis.minhash import signature
from search.analysis.page_numbers import issue_strings, page_strings
from search.analysis.segment import segment
from search.engines.collapse import Reader, folded, text_of
from search.engines.port import (
    BY_SCORE,
    Count,
    Found,
    Outlines,
    Paths,
    Prepared,
    Ranked,
    Reading,
    Sample,
    Scored,
    SearchRequest,
    Sort,
    Told,
    Top,
    page,
    spread,
    taken,
)
from search.engines.recency import share
from search.model.article import ARTICLE, PAGE, Article, Kind, date_bounds
from search.model.facets import counted
from search.model.frozen import replace
from search.query import limits, query_terms
from search.query.ast import (
    PATTERNS,
    TEXT_FIELDS,
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
    Word,
    fields_of,
    kind_of,
    path_matches,
    positive_leaves,
    positive_patterns,
)
from search.query.pattern_matching import occurrences


@dataclass(frozen=True, slots=True)
class _Entry:
    """An article and, for each field, its folded values."""

    article: Article
    fields: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, article: Article) -> _Entry:
        return cls(
            article,
            {
                "title": (fold(article.title),),
                "body": (fold(article.body),),
                "author": tuple(fold(author) for author in article.authors),
                "paper": (fold(article.paper or ""),),
                "section": (fold(article.section or ""),),
                "path": (fold(article.inner_path),),
                "page": page_strings(article.page) if article.page else (),
                "issue": issue_strings(article.issue) if article.issue else (),
                "edition": (fold(article.edition or ""),),
            },
        )

    def has(self, text: str, field: str | None) -> bool:
        """Return whether a folded text stands in a field, or in any field of the text."""
        names = (field,) if field else TEXT_FIELDS
        return any(text in value for name in names for value in self.fields[name])

    def count(self, leaf: Pattern, until: float | None = None) -> int:
        """Return how often a pattern occurs in its fields."""
        if isinstance(leaf, Exact):
            of = self.article
            own: dict[str, tuple[str, ...]] = {
                name: (getattr(of, name) or "",) for name in fields_of(leaf) if name != "author"
            }
            own |= {"author": of.authors, "path": (of.inner_path,)}
            values = [value for name in fields_of(leaf) for value in own[name]]
        else:
            values = [value for name in fields_of(leaf) for value in self.fields[name]]
        return sum(len(occurrences(leaf, value, until)) for value in values)


def _matches(node: Node, entry: _Entry, until: float | None = None) -> bool:
    match node:
        case And(children):
            return all(_matches(child, entry, until) for child in children)
        case Or(children):
            return any(_matches(child, entry, until) for child in children)
        case Not(child):
            return not _matches(child, entry, until)
        case _ if isinstance(node, PATTERNS):
            return entry.count(node, until) > 0
        case _:
            return _leaf_matches(node, entry)


def _leaf_matches(node: Node, entry: _Entry) -> bool:
    match node:
        case Word(text, field):
            choices = query_terms.all_of(text)
            everywhere = bool(choices) and all(
                any(entry.has(string, field) for string in choice) for choice in choices
            )
            return everywhere or any(entry.has(form, field) for form in (text, *node.forms))
        case Phrase(text, field):
            return any(entry.has(form, field) for form in (text, *node.forms))
        case Bag(text):
            return any(
                entry.has(word, field)
                for word in query_terms.any_of(text) or (text,)
                for field in query_terms.fields_for(word, fields_of(node))
            )
        case DateRange(since, until):
            if entry.article.date is None:
                return False
            first, last = date_bounds(entry.article.date)
            return first <= until and last >= since
        case Known(field):
            return bool(entry.article.date) if field == "date" else any(entry.fields[field])
        case PathGlob(pattern):
            return path_matches(entry.article.shown_path, pattern)
        case _:
            return True


class ReferenceEngine:
    """Articles in a list. Both an engine and its own writer."""

    portion = 1 << 20

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._entries = [_Entry.of(article) for article in articles]
        self._added: dict[int, list[_Entry]] = {}

    def add(
        self,
        readings: Iterable[tuple[int, Reading[Told]]],
        tell: Callable[[int, Told], None] = lambda *_: None,
    ) -> None:
        """Add the articles of readings, one reading after the other."""
        for number, reading in readings:
            told: list[Told] = []
            self._added[number] = [_Entry.of(article) for article in taken(reading, told)]
            tell(number, told[0])

    def remove(self, path: str) -> None:
        """Remove the articles of a path that were there before, at once."""
        self._entries = [entry for entry in self._entries if entry.article.path != path]

    def prepare(self, number: int) -> Prepared:
        """Do nothing: there are no files."""
        del number
        return Prepared()

    def commit(self) -> None:
        """Put what was added behind what was there."""
        for _, entries in sorted(self._added.items()):
            self._entries += entries
        self._added = {}

    def cancel(self) -> None:
        """Forget what was added; what was removed is gone."""
        self._added = {}

    def search(self, request: SearchRequest) -> Found:
        """Return what the tree matches; the score counts occurrences of its texts."""
        until = time.monotonic() + limits.REGEX_SECONDS
        kind, tree = kind_of(request.tree)
        request = replace(request, tree=tree)
        found = [
            i
            for i, entry in enumerate(self._entries)
            if entry.article.kind == kind
            and _matches(tree, entry, until)
            and entry.article.id != request.without
        ]
        above: list[int] = []
        if request.beyond:
            above = [
                i
                for i, entry in enumerate(self._entries)
                if entry.article.kind == kind and _matches(request.beyond, entry, until)
            ]
            found = [i for i in found if i not in above]
        hits = tuple(self._collected(found, request, above))
        return Found(
            len(found), hits, counted(request.facets, [self._entries[i].article for i in found])
        )

    def _collected(
        self, found: list[int], request: SearchRequest, above: list[int]
    ) -> Iterable[Scored]:
        """Return what is collected of the entries found, which come in the order of the index."""
        match request.collect:
            case Count():
                return []
            case Sample(size):
                return [self._scored(i, request.tree) for i in spread(found, size)]
            case Top(collapse=True) as top:
                order = self._sorted(found, request.tree, top)
                reader = Reader(self._signature, lambda i: text_of(self._entries[i].article))
                groups = folded(lambda most: order[:most], reader, top, len(order), above)
                return [self._scored(each.place, request.tree, each.copies) for each in groups]
            case Paths() as paths:
                order = page(self._sorted(found, request.tree, paths), paths)
                first = {self._entries[i].article.path: i for i in reversed(order)}
                return [self._scored(i, request.tree) for i in order if i in first.values()]
            case Top() | Outlines() as asked:
                order = page(self._sorted(found, request.tree, asked), asked)
                return [self._scored(i, request.tree) for i in order]

    def _scored(self, i: int, tree: Node, copies: Iterable[int] = ()) -> Scored:
        also = tuple(self._entries[copy].article for copy in copies)
        return Scored(self._entries[i].article, self._score(i, tree), copies=also)

    def _sorted(self, found: list[int], tree: Node, asked: Ranked) -> list[int]:
        if asked.sort.strip("-") in {"title", "paper", "path"}:
            return self._by_name(found, asked.sort)
        scores = {i: self._score(i, tree) for i in found}
        if asked.sort == "recent":
            newest = max(map(self._day, found), default=0)
            scores = {i: score * share(self._day(i), newest) for i, score in scores.items()}
        return sorted(found, key=lambda i: self._order(i, scores[i], asked.sort))

    def _by_name(self, found: list[int], sort: Sort) -> list[int]:
        """Return articles by headline, paper or path, the same ones in the order of the index."""
        if sort.endswith("path"):
            by_line = sorted(found, key=lambda i: self._entries[i].article.line)
            return sorted(
                by_line, key=lambda i: self._entries[i].article.path, reverse=sort[0] == "-"
            )
        names = {i: self._entries[i].fields[sort.strip("-")][0] for i in found}
        known = [i for i in found if names[i]]
        known.sort(key=lambda i: collation_key(names[i]), reverse=sort[0] == "-")
        return known + [i for i in found if not names[i]]

    def _signature(self, i: int) -> bytes:
        fields = self._entries[i].fields
        return signature(fields["title"][0], fields["body"][0])

    def _score(self, i: int, tree: Node) -> float:
        fields = self._entries[i].fields
        texts = sum(
            leaf.boost * value.count(leaf.text)
            for leaf in positive_leaves(tree)
            for name in fields_of(leaf)
            for value in fields[name]
        )
        patterns = [leaf.boost * self._entries[i].count(leaf) for leaf in positive_patterns(tree)]
        return texts + sum(patterns)

    def _day(self, i: int) -> int:
        date = self._entries[i].article.date
        return date_bounds(date)[0] if date else 0

    def _order(self, i: int, score: float, sort: Sort) -> tuple[object, ...]:
        if sort in BY_SCORE:
            return (-score, i)
        day = self._day(i)
        if not day:
            return (1, 0, -score, i)
        return (0, day if sort == "date" else -day, -score, i)

    def lookup(self, prefix: str) -> list[Article]:
        """Return the articles whose id begins with `prefix`, or else the records of pages."""
        for entries in (self._of(ARTICLE), self._of(PAGE)):
            if found := [e.article for e in entries if e.article.id.startswith(prefix)]:
                return sorted(found, key=lambda article: article.id)
        return []

    def _of(self, kind: Kind) -> list[_Entry]:
        return [entry for entry in self._entries if entry.article.kind == kind]

    def count(self) -> int:
        """Return the number of articles."""
        return len(self._of(ARTICLE))

    def having(self, words: list[str]) -> list[int]:
        """Return how many bodies each word is among the words of."""
        bodies = [set(segment(entry.fields["body"][0])) for entry in self._of(ARTICLE)]
        return [sum(word in body for body in bodies) for word in words]

    def bound(self, text: str, field: str | None = None) -> int:
        """Return in how many articles a string stands."""
        names = (field,) if field else ("title", "body")
        return sum(any(entry.has(text, name) for name in names) for entry in self._of(ARTICLE))

    def between(self, before: str, after: str, field: str | None = None) -> list[str]:
        """Return the characters that stand behind one and, somewhere, before another."""
        articles = self._of(ARTICLE)
        texts = [text for entry in articles for text in entry.fields[field or "body"]]
        pairs = {text[i : i + 2] for text in texts for i in range(len(text) - 1)}
        behind = {pair[1] for pair in pairs if pair[0] == before}
        ahead = {pair[0] for pair in pairs if pair[1] == after}
        every = {char for text in texts for char in text}
        return sorted((behind if before else every) & (ahead if after else every))

    def paths(self, kind: Kind = ARTICLE) -> dict[str, int]:
        """Return the paths of all articles, and how many articles each has."""
        return Counter(entry.article.path for entry in self._of(kind))

    def faults(self) -> list[str]:
        """Find no fault: there are no files."""
        return []

    def close(self) -> None:
        """Do nothing."""
