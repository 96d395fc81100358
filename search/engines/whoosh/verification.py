"""Regular expressions and exact forms, tried on the articles that may match, as long as time allows."""

from __future__ import annotations

import time
from collections.abc import Iterable

from search.analysis.fold import fold
from search.engines.whoosh.codec.article_values import texts_of
from search.engines.whoosh.codec.segment_reader import Segment
from search.model.errors import LimitError
from search.query.ast import Exact, Regex, fields_of
from search.query.limits import CANDIDATES, EXACT_SECONDS, REGEX_SECONDS
from search.query.pattern_matching import occurrences


class TrialBudget:
    """What one query may spend on patterns that are tried on articles, over all segments."""

    def __init__(self) -> None:
        self._until = 0.0
        self._exact_until = 0.0
        self._tried = 0

    def counts(
        self, leaf: Regex | Exact, segment: Segment, numbers: Iterable[int]
    ) -> dict[str, dict[int, int]]:
        """Return for each field how often a pattern occurs in the documents that have it.

        Raises LimitError where there are too many, or it takes too long.
        """
        numbers = list(numbers)
        if isinstance(leaf, Regex):
            self._count(leaf, len(numbers))
            self._until = self._until or time.monotonic() + REGEX_SECONDS
        else:
            self._exact_until = self._exact_until or time.monotonic() + EXACT_SECONDS
        fields = fields_of(leaf)
        found: dict[str, dict[int, int]] = {field: {} for field in fields}
        for number in numbers:
            texts = texts_of(segment.article(number))
            for field in fields:
                values = texts[field] if isinstance(leaf, Exact) else map(fold, texts[field])
                times = sum(len(occurrences(leaf, value, self._until)) for value in values)
                if times:
                    found[field][number] = times
            if isinstance(leaf, Exact) and time.monotonic() > self._exact_until:
                raise LimitError(
                    f"{leaf.written} was stopped after {EXACT_SECONDS:g} s: many articles have it"
                    " in one form or another",
                    "add words, --paper or --since",
                )
        return found

    def _count(self, leaf: Regex, number: int) -> None:
        self._tried += number
        if self._tried > CANDIDATES:
            raise LimitError(
                f"the regular expression /{leaf.pattern}/ would have to be tried on more than"
                f" {CANDIDATES:,} articles",
                "put a string of two characters or more into it that every match contains, or add"
                " words, --paper or --since",
            )
