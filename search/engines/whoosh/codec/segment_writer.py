"""Building a segment from articles.

Everything is done for the whole batch at once, which is what makes it quick. Memory is some
thirty times the characters of the batch, in bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.fold import END, fold
from search.analysis.fold_batch import fold_many
from search.analysis.minhash import SIZE, digest
from search.analysis.minhash_batch import signatures
from search.analysis.segment import segment
from search.analysis.segment_batch import Cut, cut_many
from search.engines.whoosh.codec.article_values import texts_of
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.doc_values import Columns
from search.engines.whoosh.codec.docstore import BLOCK_BYTES, MOST_BYTES
from search.engines.whoosh.codec.docstore_writer import BlockWriter
from search.engines.whoosh.codec.field_postings import FieldText, FieldWords
from search.engines.whoosh.codec.stored_fields import pack
from search.model.article import Article
from search.model.errors import RequestError
from search.query.ast import FIELDS, TEXT_FIELDS

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Octets

BATCH_CHARACTERS = 2_500_000
"""Characters of a batch: some 3,800 news articles, and few enough for words of four
characters to be numbers (`field_postings`)."""

FEW_CHARACTERS = 20_000
"""Characters below which a batch is cut by what queries are cut by."""


def write_batch(path: Path, articles: Sequence[Article]) -> int:
    """Write a segment of some articles and return their number."""
    columns = Columns()
    for article in articles:
        columns.add(article)
    # To load what cuts quickly takes as long as to cut a few pages slowly.
    few = sum(len(article.title) + len(article.body) for article in articles) < FEW_CHARACTERS
    cut = _cut_few if few else cut_many
    texts = [texts_of(article) for article in articles]
    with ContainerWriter(path) as out:
        stored = BlockWriter(out)
        stored.add_all([_packed(article) for article in articles])
        stored.end()
        for name in FIELDS:
            values = [value for of in texts for value in of[name] if value]
            documents = [i for i, of in enumerate(texts) for value in of[name] if value]
            folded = fold_many(values)
            if name == "body":
                columns.signatures.append(_signatures(folded, documents, articles))
            text = FieldText(folded, documents, len(articles))
            if name in TEXT_FIELDS:
                words = FieldWords(text)
                words.add(cut(folded))
                words.write(out, f"words.{name}")
            text.write(out, f"grams.{name}")
        columns.write(out)
    return len(articles)


def _packed(article: Article) -> bytes:
    """Return an article as it is stored. Raises RequestError for one that is too long."""
    packed = pack(article)
    if len(packed) > MOST_BYTES - BLOCK_BYTES:
        raise RequestError(
            f"{article.path}:{article.line}: an article of {len(packed) / 1e6:,.0f} MB is longer"
            " than an index can hold",
            "split it, or take the file away",
        )
    return packed


def _signatures(folded: str, documents: list[int], articles: Sequence[Article]) -> Octets:
    """Return the signature of each article, given the folded bodies and whose they are."""
    found: Octets
    found, short = signatures(folded)
    values = folded.split(END) if short else []
    for i in short:
        sign = digest(fold(articles[documents[i]].title), values[i])
        found[i] = np.frombuffer(sign, dtype=np.uint8)
    if len(documents) == len(articles):
        return found
    every = np.zeros((len(articles), SIZE), dtype=np.uint8)
    every[documents] = found
    return every


def _cut_few(texts: str) -> Iterator[Cut]:
    for number, text in enumerate(texts.split(END)[:-1]):
        yield number, segment(text)
