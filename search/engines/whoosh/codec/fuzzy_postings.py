"""Where a string of two wrong characters stands in a segment.

Of its thirds one is as it is. Its places tell where the string would begin; what is there is
read from the articles. Where these are many, it is looked up first whether enough characters
of the string are there, the rarest of them first.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from search.analysis.fold import END
from search.engines.whoosh.codec import posting_lists
from search.engines.whoosh.codec.positions import NONE, at_least, union
from search.engines.whoosh.codec.postings_numpy import starts_of
from search.engines.whoosh.codec.segment_reader import Segment
from search.model.errors import LimitError
from search.query.limits import FUZZY_ARTICLES
from search.query.pattern_matching import fuzzy_by_two, thirds

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints
    from search.engines.whoosh.codec.positions import Places

_FEW = 200
"""Articles that are read sooner than the places of a character are looked up."""


class Source(Protocol):
    """What is known of a segment."""

    segment: Segment

    def starts(self, field: str, text: str) -> Places:
        """Return where a string begins."""

    def documents_at(self, field: str, places: Places) -> Ints:
        """Return the document of each position."""

    def text(self, field: str, number: int) -> str:
        """Return the folded values of a document's field, each followed by END."""


def fuzzy_places(source: Source, text: str, field: str) -> Places:
    """Return where a text occurs that two edits may have changed. Raises LimitError."""
    grams = source.segment.grams(field)
    begins = union([source.starts(field, piece) - offset for offset, piece in thirds(text)])
    # A match is at least two characters behind where it would begin; and there is its document.
    begins = begins[(begins >= -2) & (begins + 2 < int(grams.at[-1]))]
    missing = np.zeros(len(begins), dtype=np.int64)
    for i in sorted(range(len(text)), key=lambda i: grams.rarity(text[i])):
        if len(posting_lists.distinct(source.documents_at(field, begins + 2))) <= _FEW:
            break
        there = at_least(source.starts(field, text[i]), begins + (i - 2))
        missing += (there < 0) | (there > begins + (i + 2))
        begins, missing = begins[missing <= 2], missing[missing <= 2]
    return _read(source, text, field, begins)


def _read(source: Source, text: str, field: str, begins: Places) -> Places:
    """Return where a text occurs near the places where it would begin."""
    if not len(begins):
        return NONE
    numbers = source.documents_at(field, begins + 2)
    edges = [*posting_lists.run_starts(numbers).tolist(), len(begins)]
    if len(edges) - 1 > FUZZY_ARTICLES:
        raise LimitError(
            f"{text}~2 may stand in more than {FUZZY_ARTICLES:,} articles, too many to be read",
            f"make it longer, or allow one wrong character: {text}~",
        )
    found: list[int] = []
    at = starts_of(source.segment, field)
    for low, high in pairwise(edges):
        number = int(numbers[low])
        start = int(at[number])
        near = begins[low:high] - start
        for value in source.text(field, number).split(END):
            within = near[(near >= -2) & (near < len(value))].tolist()
            found += [start + begin for begin, _ in fuzzy_by_two(text, value, within)]
            start, near = start + len(value) + 1, near - len(value) - 1
    return np.array(sorted(found), dtype=np.int64)
