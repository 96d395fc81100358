"""Folding copies: an article that was printed twice is found once, under its best copy.

A ranking is walked from the best on. An article whose signature says that its text is that of
a better one goes with that one, as long as this one is at most REACH places above it, and the
two texts do not tell that it is another notice of the same frame (`search.analysis.frames`);
any other stands for itself. So what goes with what depends on the ranking alone, not on the page
that is asked for: pages have no gaps, and every article is on one page, once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from search.analysis.frames import Text, one_article
from search.analysis.minhash import agreement, keys, same_text
from search.engines.port import Top
from search.model.article import Article

REACH = 30
"""Places of the ranking below an article among which its copies are looked for. With no limit
every page would have to walk all that was found."""

TRIES, BEHIND = 2, 1
"""Texts with which that of an article is compared: so many whose signatures agree best, with so
many lanes less than the best at most. There may be REACH of one frame, and a copy agrees more."""

KEPT = 2 * REACH
"""Texts that are kept for comparing."""

Place = TypeVar("Place", bound=Hashable)


class Group(Generic[Place]):
    """An article, the rank it was found at, from 0 on, and its copies, best first."""

    def __init__(self, place: Place, rank: int, signature: bytes) -> None:
        self.place = place
        self.rank = rank
        self.signature = signature
        self.copies: list[Place] = []


def text_of(article: Article) -> Text:
    """Return the text of an article, to be compared with others."""
    return Text(article.title, article.body)


class Reader(Generic[Place]):
    """What is known of the articles of a ranking: signatures, and texts where these are alike."""

    def __init__(self, signature: Callable[[Place], bytes], text: Callable[[Place], Text]) -> None:
        self.signature = signature
        known = lru_cache(KEPT)(text)

        def compared(one: Place, other: Place) -> bool:
            return one_article(known(one), known(other))

        # A ranking may be walked twice. (A method would hold this, and with it the index open.)
        self._is_copy = lru_cache(TRIES * KEPT)(compared)

    def copied(
        self, place: Place, sign: bytes, others: Iterable[Group[Place]]
    ) -> Group[Place] | None:
        """Return which of some articles, the best first, an article is a copy of."""
        alike = [
            (agreement(other.signature, sign), other)
            for other in others
            if same_text(other.signature, sign)
        ]
        alike.sort(key=lambda pair: -pair[0])
        for lanes, other in alike[:TRIES]:
            near = lanes + BEHIND >= alike[0][0]
            if near and self._is_copy(other.place, place):
                return other
        return None


def folded(
    ranking: Callable[[int], Sequence[Place]],
    reader: Reader[Place],
    top: Top,
    total: int,
    shown: Iterable[Place] = (),
) -> list[Group[Place]]:
    """Return the part of a ranking that is asked for, with the copies of each article.

    `ranking` gives the best, as many as it is asked for; `total` is how many there are. An
    article that is a copy of one that is `shown` is left out, wherever it ranks.
    """
    above = Known(reader)
    for place in shown:
        above.add(Group(place, 0, reader.signature(place)))
    if top.limit is None:
        return _groups(ranking(total), reader, total, above)[0][top.offset :]
    wanted = top.offset + top.limit
    most = wanted + REACH
    while True:
        found, whole = _groups(ranking(min(most, total)), reader, wanted, above)
        if whole or most >= total:
            return found[top.offset :]
        most *= 2


class Known(Generic[Place]):
    """Articles, by the keys of their signatures."""

    def __init__(self, reader: Reader[Place]) -> None:
        self._reader = reader
        self._known: dict[int, list[Group[Place]]] = {}

    def add(self, group: Group[Place]) -> None:
        """Add an article that others may be copies of."""
        for pair in keys(group.signature):
            if pair:  # not a pair of empty lanes
                self._known.setdefault(pair, []).append(group)

    def copied(
        self, place: Place, sign: bytes, pairs: Sequence[int], least: int = 0
    ) -> Group[Place] | None:
        """Return which article an article of a signature, whose keys are given, is a copy of.

        One with a rank below the least will not be asked for again.
        """
        if self._known.keys().isdisjoint(pairs):
            return None
        near: dict[int, Group[Place]] = {}
        for pair in pairs:
            if pair in self._known:
                self._known[pair] = [of for of in self._known[pair] if of.rank >= least]
                near |= {id(of): of for of in self._known[pair]}
        others = sorted(near.values(), key=lambda of: of.rank)
        return self._reader.copied(place, sign, others)


def _groups(
    places: Sequence[Place], reader: Reader[Place], wanted: int, above: Known[Place]
) -> tuple[list[Group[Place]], bool]:
    """Return the first groups of a ranking, and whether more of it would add nothing to them."""
    groups: list[Group[Place]] = []
    if not wanted:
        return groups, True
    known = Known(reader)
    for rank, place in enumerate(places):
        if len(groups) == wanted and rank > groups[-1].rank + REACH:
            return groups, True
        sign = reader.signature(place)
        pairs = keys(sign)
        if above.copied(place, sign, pairs):
            continue
        if better := known.copied(place, sign, pairs, rank - REACH):
            better.copies.append(place)
        elif len(groups) < wanted:
            groups.append(Group(place, rank, sign))
            known.add(groups[-1])
    return groups, len(groups) == wanted and len(places) > groups[-1].rank + REACH
