"""The Whoosh schema: what is indexed of an article, and how it is stored.

Each field of text is indexed twice. `title`, `body` and `author` hold words with their
frequencies, for ranking. `title_grams` and so on hold every pair of adjacent characters
with its positions, for finding any string. Whoosh pickles a schema by the names of its
classes, so these must stay importable from here.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from whoosh import fields, formats
from whoosh.system import pack_uint

from search.article import Article, date_bounds
from search.engines.whoosh.stored import END, pack
from search.query.tree import FIELDS, TEXT_FIELDS
from search.text.fold import fold
from search.text.segment import segment

Posting = tuple[bytes, int, float, bytes]
"""A term as bytes, its frequency in a document, its weight, and its encoded value."""


class Words(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a list of words; keeps the frequency of each."""

    def __init__(self) -> None:
        super().__init__(format=formats.Frequency(), analyzer=None, scorable=True)

    def index(self, value: list[str], **_: object) -> Iterator[Posting]:
        """Yield a posting for each different word."""
        for word, count in Counter(value).items():
            yield word.encode(), count, float(count), pack_uint(count)


class Grams(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a list of folded texts; keeps the positions of each pair."""

    def __init__(self) -> None:
        super().__init__(format=formats.Positions(), analyzer=None, scorable=True)

    def index(self, value: list[str], **_: object) -> Iterator[Posting]:
        """Yield a posting for each different pair, positions counting characters."""
        encode = self.format.encode
        text = END.join([*value, ""])
        places: defaultdict[str, list[int]] = defaultdict(list)
        for position, pair in enumerate(map("".join, pairwise(text))):
            places[pair].append(position)
        for pair, found in places.items():
            if not pair.startswith(END):
                yield pair.encode(), len(found), float(len(found)), encode(found)


def grams_of(field: str) -> str:
    """Return the name of the field that keeps the pairs of `field`."""
    return f"{field}_grams"


def schema() -> fields.Schema:
    """Return the schema of every index."""
    columns = {name: fields.NUMERIC(int, bits=32, sortable=True) for name in ("first", "last")}
    return fields.Schema(
        id=fields.ID(stored=True),
        source=fields.ID(),
        article=fields.STORED(),
        **{name: Words() for name in TEXT_FIELDS},
        **{grams_of(name): Grams() for name in FIELDS},
        **columns,
    )


def source_key(path: str) -> str:
    """Return the term that stands for a path, which may hold bytes that are no text."""
    data = path.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def document(article: Article) -> dict[str, Any]:
    """Return the Whoosh document of an article: values by field name."""
    texts = {
        "title": [fold(article.title)],
        "body": [fold(article.body)],
        "author": [fold(author) for author in article.authors],
        "paper": [fold(article.paper or "")],
        "section": [fold(article.section or "")],
        "path": [fold(article.path)],
    }
    made: dict[str, Any] = {
        "id": article.id,
        "source": source_key(article.path),
        "article": pack(article).decode("utf-8", "backslashreplace"),
    }
    for name, values in texts.items():
        kept = [value for value in values if value]
        if kept:
            made[grams_of(name)] = kept
            if name in TEXT_FIELDS:
                made[name] = [word for value in kept for word in segment(value)]
    if article.date:
        made["first"], made["last"] = date_bounds(article.date)
    return made
