"""Regular expressions tried on the articles that may match, as long as time allows."""

from __future__ import annotations

import time
from collections.abc import Iterable

from search.analysis.fold import fold
from search.engines.whoosh.codec.article_values import texts_of
from search.engines.whoosh.codec.segment_reader import Segment
from search.model.errors import LimitError
from search.query.ast import Regex, fields_of
from search.query.limits import CANDIDATES, REGEX_SECONDS
from search.query.pattern_matching import occurrences


class RegexBudget:
    """What one query may spend on regular expressions, over all segments."""

    def __init__(self) -> None:
        self._until = 0.0
        self._tried = 0

    def counts(
        self, leaf: Regex, segment: Segment, numbers: Iterable[int]
    ) -> dict[str, dict[int, int]]:
        """Return for each field how often the expression occurs in the documents that have it.

        Raises LimitError where there are too many, or it takes too long.
        """
        numbers = list(numbers)
        self._tried += len(numbers)
        if self._tried > CANDIDATES:
            raise LimitError(
                f"the regular expression /{leaf.pattern}/ would have to be tried on more than"
                f" {CANDIDATES:,} articles",
                "put a string of two characters or more into it that every match contains, or add"
                " words, --paper or --since",
            )
        self._until = self._until or time.monotonic() + REGEX_SECONDS
        fields = fields_of(leaf)
        found: dict[str, dict[int, int]] = {field: {} for field in fields}
        for number in numbers:
            texts = texts_of(segment.article(number))
            for field in fields:
                values = map(fold, texts[field])
                times = sum(len(occurrences(leaf, value, self._until)) for value in values)
                if times:
                    found[field][number] = times
        return found
