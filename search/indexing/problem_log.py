"""What could not be read of a paper: some told one by one, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from search.papers.problem import Problem
from search.papers.readers.records.article_fields import NO_TEXT
from search.papers.readers.records.no_articles import remark

Told = tuple[int | None, str, bool, str]
"""The line of a problem, its reason, whether something was lost, and its detail."""

MOST = 1000
"""Problems of a paper that are told one by one, and remembered: a packed one can have millions."""


@dataclass(slots=True)
class Problems:
    """The problems of a paper, or of a piece of one, in their order.

    Of the first MOST of them each is kept, of all how many there are: `count`, `lost` (in which
    something was lost), `strange` (records that lack title and body).
    """

    first: list[Told] = field(default_factory=list)
    count: int = 0
    lost: int = 0
    strange: int = 0

    def add(self, problem: Problem) -> None:
        """Add one that comes next."""
        self._keep((problem.line, problem.short, problem.lost, problem.detail))
        self.count += 1
        self.lost += problem.lost
        self.strange += problem.reason == NO_TEXT

    def extend(self, others: Problems) -> None:
        """Add those of the next piece."""
        for told in others.first:
            self._keep(told)
        self.count += others.count
        self.lost += others.lost
        self.strange += others.strange

    def _keep(self, told: Told) -> None:
        if len(self.first) < MOST:
            self.first.append(told)

    def of_no_article(self) -> Problems:
        """Return what is told of a file without articles: see `without_foreign`."""
        if not self.strange or self.strange < self.lost:
            return self
        others = [told for told in self.first if told[1] != NO_TEXT]
        line = next((line for line, why, _, _ in self.first if why == NO_TEXT), None)
        made = Problems(others, self.count - self.strange)
        made.add(remark(Problem("", NO_TEXT, line), self.strange))
        return made

    def __iter__(self) -> Iterator[Told]:
        """Yield those that are told one by one, and how many more there are."""
        yield from self.first
        left = self.count - len(self.first)
        if left:
            yield None, f"and {left:,} more problems", True, ""

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.count)
