"""The Whoosh schema: what Whoosh is told of the fields of an index.

Each field of text is indexed twice. `title`, `body` and `author` hold words with their
frequencies, for ranking. `title_grams` and so on hold every pair of adjacent characters
with its positions, for finding any string. Whoosh pickles a schema by the names of its
classes, so these must stay importable from here.
"""

from __future__ import annotations

from search.engines.whoosh.library import fields, formats
from search.query.ast import FIELDS, TEXT_FIELDS


class Words(fields.FieldType):  # type: ignore[misc]
    """A field of words; the frequency of each is kept."""

    def __init__(self) -> None:
        super().__init__(format=formats.Frequency(), analyzer=None, scorable=True)


class Grams(fields.FieldType):  # type: ignore[misc]
    """A field of pairs of characters; the positions of each are kept."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=None, scorable=True)


def grams_of(field: str) -> str:
    """Return the name of the field that keeps the pairs of `field`."""
    return f"{field}_grams"


def schema() -> fields.Schema:
    """Return the schema of every index."""
    columns = {name: fields.NUMERIC(int, bits=32, sortable=True) for name in ("first", "last")}
    return fields.Schema(
        id=fields.ID(stored=True),
        article=fields.STORED(),
        **{name: Words() for name in TEXT_FIELDS},
        **{grams_of(name): Grams() for name in FIELDS},
        **columns,
    )
