"""Folding copies: an article that was printed twice is found once, under its best copy.

A ranking is walked from the best on. An article whose signature says that its text is that of
a better one goes with that one, as long as this one is at most REACH places above it; any
other stands for itself. So what goes with what depends on the ranking alone, not on the page
that is asked for: pages have no gaps, and every article is on one page, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from search.analysis.minhash import keys, same_text
from search.engines.port import Top

REACH = 30
"""Places of the ranking below an article among which its copies are looked for. With no limit
every page would have to walk all that was found."""

Place = TypeVar("Place")


class Group(Generic[Place]):
    """An article, the rank it was found at, from 0 on, and its copies, best first."""

    def __init__(self, place: Place, rank: int, signature: bytes) -> None:
        self.place = place
        self.rank = rank
        self.signature = signature
        self.copies: list[Place] = []


def folded(
    ranking: Callable[[int], Sequence[Place]],
    signature: Callable[[Place], bytes],
    top: Top,
    total: int,
    shown: Iterable[bytes] = (),
) -> list[Group[Place]]:
    """Return the part of a ranking that is asked for, with the copies of each article.

    `ranking` gives the best, as many as it is asked for; `total` is how many there are. An
    article that is a copy of one with a signature `shown` is left out, wherever it ranks.
    """
    above = Signatures(shown)
    if top.limit is None:
        return _groups(ranking(total), signature, total, above)[0][top.offset :]
    wanted = top.offset + top.limit
    most = wanted + REACH
    while True:
        found, whole = _groups(ranking(min(most, total)), signature, wanted, above)
        if whole or most >= total:
            return found[top.offset :]
        most *= 2


class Signatures:
    """Signatures of articles, and which others are of copies of these."""

    def __init__(self, signatures: Iterable[bytes]) -> None:
        self._known: dict[int, list[bytes]] = {}
        for sign in signatures:
            for pair in keys(sign):
                if pair:  # not a pair of empty lanes
                    self._known.setdefault(pair, []).append(sign)

    def have(self, pairs: Sequence[int], sign: bytes) -> bool:
        """Return whether a signature, whose keys are given, is that of a copy."""
        return any(same_text(other, sign) for pair in pairs for other in self._known.get(pair, ()))


def _groups(
    places: Sequence[Place],
    signature: Callable[[Place], bytes],
    wanted: int,
    above: Signatures,
) -> tuple[list[Group[Place]], bool]:
    """Return the first groups of a ranking, and whether more of it would add nothing to them."""
    groups: list[Group[Place]] = []
    if not wanted:
        return groups, True
    known: dict[int, list[Group[Place]]] = {}
    seen: set[int] = set()  # its keys, in which a set looks three times as fast
    for rank, place in enumerate(places):
        if len(groups) == wanted and rank > groups[-1].rank + REACH:
            return groups, True
        sign = signature(place)
        pairs = keys(sign)
        if above.have(pairs, sign):
            continue
        better = None if seen.isdisjoint(pairs) else _better(known, pairs, sign, rank)
        if better:
            better.copies.append(place)
        elif len(groups) < wanted:
            group = Group(place, rank, sign)
            groups.append(group)
            for pair in pairs:
                known.setdefault(pair, []).append(group)
            seen.update(pairs)
            seen.discard(0)  # a pair of empty lanes
    return groups, len(groups) == wanted and len(places) > groups[-1].rank + REACH


def _better(
    known: dict[int, list[Group[Place]]], pairs: Sequence[int], sign: bytes, rank: int
) -> Group[Place] | None:
    """Return the best article within reach that has the text of a signature."""
    near: dict[int, Group[Place]] = {}
    for pair in pairs:
        if pair and pair in known:
            # Those out of reach will not come back into it.
            known[pair] = [group for group in known[pair] if group.rank + REACH >= rank]
            near |= {group.rank: group for group in known[pair]}
    return next((near[i] for i in sorted(near) if same_text(near[i].signature, sign)), None)
