"""From a query tree to the documents of one segment, by set algebra over its leaves."""

from __future__ import annotations

from typing import Any

from search.engines.whoosh.codec.segment import Segment
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
    Word,
    path_matches,
)

Documents = Any
"""A set of documents of a segment, as the postings module in use has them."""


class Evaluation:
    """The evaluation of one query over one segment.

    `postings` are those of `codec.plain` or of `codec.arrays`: the same methods over sets,
    or over masks. Strings are looked up once however often they stand in the tree.
    """

    def __init__(self, segment: Segment, postings: Any) -> None:
        self.segment = segment
        self.postings = postings
        self._known: dict[tuple[str, str], Documents] = {}

    def documents(self, node: Node) -> Documents:
        """Return the documents that a tree finds, deleted ones left out."""
        return self.postings.without_deleted(self._evaluate(node))

    def _evaluate(self, node: Node) -> Documents:
        postings = self.postings
        match node:
            case And(children):
                return self._every(children)
            case Or(children):
                return self._some([self._evaluate(child) for child in children])
            case Not(child):
                return postings.without(postings.everything(), self._evaluate(child))
            case Word(text, field):
                return self.standing(text, field) | self._all_standing(text, field)
            case Phrase(text, field):
                return self.standing(text, field)
            case Bag(text, field):
                some = units.any_of(text) or (text,)
                return self._some([self.standing(unit, field) for unit in some])
            case DateRange(since, until):
                return postings.dated(since, until)
            case PathGlob(pattern):
                paths = enumerate(self.segment.paths())
                wanted = {i for i, path in paths if path_matches(path, pattern)}
                return postings.of_paths(wanted)
            case _:
                return postings.everything()

    def _every(self, children: tuple[Node, ...]) -> Documents:
        """Intersect. What is excluded comes last: then it needs no complement."""
        wanted = [child for child in children if not isinstance(child, Not)]
        excluded = [child.child for child in children if isinstance(child, Not)]
        found = self._evaluate(wanted[0]) if wanted else self.postings.everything()
        for child in wanted[1:]:
            found = found & self._evaluate(child)
        for unwanted in excluded:
            found = self.postings.without(found, self._evaluate(unwanted))
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

    def _all_standing(self, text: str, field: str | None) -> Documents:
        words = units.all_of(text)
        if not words or words == (text,):
            return self.postings.nothing()
        grams = self.segment.grams(field or "body")
        first, *rest = sorted(words, key=grams.rarity)  # the rarest leaves least to look at
        found = self.standing(first, field)
        for word in rest:
            if (word, field or TEXT_FIELDS[0]) in self._known:
                found = found & self.standing(word, field)
            else:
                fields = (field,) if field else TEXT_FIELDS
                found = self._some([self.postings.among(found, name, word) for name in fields])
        return found
