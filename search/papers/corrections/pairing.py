"""Which line of one text is which of another: equal lines, those beside each other first.

An alignment that keeps the order would lose what was moved, and takes quadratic time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence


def paired(wanted: Sequence[str], given: Sequence[str]) -> dict[int, int]:
    """Return for lines, by their places, the places of equal lines of another text, each once."""
    pairing = _Pairing(wanted, given)
    pairing.pair_single()
    pairing.pair_beside(1)
    pairing.pair_beside(-1)
    pairing.pair_rest()
    return pairing.taken


class _Pairing:
    """The pairs found so far, and which of the given lines are still free."""

    def __init__(self, wanted: Sequence[str], given: Sequence[str]) -> None:
        self.wanted = wanted
        self.given = given
        self.taken: dict[int, int] = {}
        self.free = [True] * len(given)

    def _take(self, index: int, at: int) -> None:
        self.taken[index] = at
        self.free[at] = False

    def pair_single(self) -> None:
        """Pair lines of which there is but one."""
        wanted, given = Counter(self.wanted), Counter(self.given)
        places = {text: at for at, text in enumerate(self.given)}
        for index, text in enumerate(self.wanted):
            if wanted[text] == given[text] == 1:
                self._take(index, places[text])

    def pair_beside(self, step: int) -> None:
        """Pair lines that stand below (1) or above (-1) what the line beside them is paired with."""
        order = range(len(self.wanted))
        for index in order if step > 0 else reversed(order):
            beside = self.taken.get(index - step)
            if beside is None or index in self.taken:
                continue
            at = beside + step
            if 0 <= at < len(self.given) and self.free[at] and self.given[at] == self.wanted[index]:
                self._take(index, at)

    def pair_rest(self) -> None:
        """Pair equal lines in their order."""
        places: dict[str, list[int]] = defaultdict(list)
        for at in range(len(self.given) - 1, -1, -1):
            if self.free[at]:
                places[self.given[at]].append(at)
        for index, text in enumerate(self.wanted):
            if index not in self.taken and places[text]:
                self._take(index, places[text].pop())
