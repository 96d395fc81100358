"""Finding the documents in which a string stands, from the pairs of its characters."""

from __future__ import annotations

from typing import Any

from search.engines.whoosh.schema import grams_of


def documents_with(reader: Any, field: str, text: str) -> set[int]:
    """Return the numbers of the documents in whose `field` the folded `text` stands.

    `reader` is the Whoosh reader of one segment; deleted documents are left out. A text of
    one character is found through all the pairs that it begins.
    """
    name = grams_of(field)
    if len(text) == 1:
        found: set[int] = set()
        for term in reader.expand_prefix(name, text):
            found.update(reader.postings(name, term).all_ids())
        return found
    # Every other pair covers the text; the last pair covers an odd character at the end.
    offsets = dict.fromkeys([*range(0, len(text) - 1, 2), len(text) - 2])
    pairs = [(offset, text[offset : offset + 2]) for offset in offsets]
    if any((name, pair) not in reader for _, pair in pairs):
        return set()
    pairs.sort(key=lambda item: reader.doc_frequency(name, item[1]))
    candidates = set(reader.postings(name, pairs[0][1]).all_ids())
    for _, pair in pairs[1:]:
        if not candidates:
            return candidates
        candidates.intersection_update(reader.postings(name, pair).all_ids())
    return candidates if len(pairs) == 1 else _in_place(reader, name, pairs, candidates)


def _in_place(
    reader: Any, name: str, pairs: list[tuple[int, str]], candidates: set[int]
) -> set[int]:
    """Return the candidates in which the pairs stand at their offsets from one start."""
    starts: dict[int, set[int]] = {}
    for offset, pair in pairs:
        matcher = reader.postings(name, pair)
        kept: dict[int, set[int]] = {}
        for number in sorted(candidates):
            matcher.skip_to(number)
            here = {place - offset for place in matcher.value_as("positions")}
            both = here & starts[number] if starts else here
            if both:
                kept[number] = both
        starts, candidates = kept, set(kept)
        if not candidates:
            break
    return candidates
