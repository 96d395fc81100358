"""The codec as Whoosh knows it: its searchers read our segments through these classes.

Reading only. Segments are written whole, by `segment_writer` and `segment_merge`; Whoosh's own
writer would write them posting by posting. Whoosh pickles `SouSegment` by its name, so it must
stay importable from here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from search.engines.whoosh.codec import postings_numpy
from search.engines.whoosh.codec.checked_file import Array
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.library import (
    ColumnReader,
    ListMatcher,
    TermInfo,
    base,
)
from search.engines.whoosh.schema import grams_of
from search.query.ast import FIELDS, TEXT_FIELDS


class SouSegment(base.Segment):  # type: ignore[misc]
    """What Whoosh's table of contents says of a segment."""

    def __init__(self, name: str, count: int, deleted: bytes) -> None:
        """Describe the segment in a file: its documents, and a bitmap of the deleted ones."""
        self.indexname = "MAIN"
        self.segid = name.removesuffix(".sou").removeprefix("MAIN_")
        self.compound = False
        self._count = count
        self._deleted = deleted

    def codec(self) -> SouCodec:
        """Return the codec that reads this segment."""
        return SouCodec()

    def open(self, storage: Any) -> Segment:
        """Open the segment's file."""
        return Segment(Path(storage.folder), f"{self.segment_id()}.sou", self._deleted)

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._count

    def deleted_docs(self) -> set[int]:
        """Return the numbers of the deleted documents."""
        return {i for i in range(self._count) if self.is_deleted(i)}

    def deleted_count(self) -> int:
        """Return how many documents are deleted."""
        return sum(byte.bit_count() for byte in self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return bool(self._deleted) and bool(self._deleted[docnum >> 3] >> (docnum & 7) & 1)

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:
        """Refuse: sou deletes."""
        _read_only()

    def set_doc_count(self, doccount: int) -> NoReturn:
        """Refuse: sou writes segments."""
        _read_only()


def _read_only() -> NoReturn:
    raise NotImplementedError("segments of sou are written by sou alone: sou index")


class SouCodec(base.Codec):  # type: ignore[misc]
    """Reads segments; see `search.engines.whoosh.codec.segment_writer` for how they are written."""

    def terms_reader(self, storage: Any, segment: SouSegment) -> SouTerms:
        """Return the terms and postings of a segment."""
        return SouTerms(segment.open(storage))

    def per_document_reader(self, storage: Any, segment: SouSegment) -> SouDocuments:
        """Return the lengths, columns and stored fields of a segment."""
        return SouDocuments(segment.open(storage), segment)

    def per_document_writer(self, storage: Any, segment: Any) -> NoReturn:
        """Refuse: sou writes segments."""
        _read_only()

    def field_writer(self, storage: Any, segment: Any) -> NoReturn:
        """Refuse: sou writes segments."""
        _read_only()

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        """Refuse: sou writes segments."""
        _read_only()

    def postings_reader(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: postings are read through `terms_reader`."""
        _read_only()

    def new_segment(self, storage: Any, indexname: str) -> NoReturn:
        """Refuse: sou makes segments."""
        _read_only()


_GRAMS = {grams_of(name): name for name in FIELDS}


class _Terms:
    """The terms of one field by number, in the order of their bytes."""

    def __init__(self, segment: Segment, fieldname: str) -> None:
        self.segment = segment
        self.is_grams = fieldname in _GRAMS
        self.field = _GRAMS.get(fieldname, fieldname)
        self.table: Any = segment.grams(self.field) if self.is_grams else segment.words(self.field)

    def __len__(self) -> int:
        return len(self.table if self.is_grams else self.table.terms)

    def __getitem__(self, number: int) -> bytes:
        found: bytes = (
            self.table.pair(number).encode() if self.is_grams else self.table.terms[number]
        )
        return found

    def find(self, text: bytes) -> int:
        """Return the number of a term; the length of the list where it is not."""
        i = bisect_left(range(len(self)), text, key=self.__getitem__)
        return i if i < len(self) and self[i] == text else -1

    def postings(self, number: int) -> tuple[Any, Any]:
        """Return documents and frequencies of a term, deleted documents included."""
        postings = postings_numpy.Postings(self.segment)
        every = ~postings.nothing()
        read = postings.pair_frequencies if self.is_grams else postings.word_frequencies
        return read(self.field, number, every)

    def positions(self, number: int, documents: Any) -> list[list[int]]:
        """Return the positions of a pair in each of its documents, from their beginning."""
        places = postings_numpy.Postings(self.segment).places(self.field, number)
        at = postings_numpy.starts_of(self.segment, self.field)
        return [
            (places[low:high] - at[i]).tolist()
            for i, low, high in zip(
                documents,
                places.searchsorted(at[documents]),
                places.searchsorted(at[documents + 1]),
                strict=True,
            )
        ]


class SouTerms(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def _field(self, fieldname: str) -> _Terms | None:
        known = fieldname in TEXT_FIELDS or fieldname in _GRAMS
        return _Terms(self._segment, fieldname) if known else None

    def _find(self, fieldname: str, text: bytes) -> tuple[_Terms, int]:
        terms = self._field(fieldname)
        number = terms.find(text) if terms else -1
        if terms is None or number < 0:
            raise KeyError((fieldname, text))
        return terms, number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        try:
            self._find(*term)
        except KeyError:
            return False
        return True

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        return sorted([*TEXT_FIELDS, *_GRAMS])

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield field and text of every term, in order."""
        for name in self.indexed_field_names():
            yield from self.terms_from(name, b"", within=True)

    def terms_from(
        self, fieldname: str, prefix: bytes, *, within: bool = False
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the terms from `prefix` on, also those of later fields unless `within`."""
        terms = self._field(fieldname)
        if terms:
            for i in range(
                bisect_left(range(len(terms)), prefix, key=terms.__getitem__), len(terms)
            ):
                yield fieldname, terms[i]
        if not within:
            for name in self.indexed_field_names():
                if name > fieldname:
                    yield from self.terms_from(name, b"", within=True)

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield every term with what is known of it."""
        for name, text in self.terms():
            yield (name, text), self.term_info(name, text)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield the terms from `prefix` on with what is known of them."""
        for name, text in self.terms_from(fieldname, prefix):
            yield (name, text), self.term_info(name, text)

    def term_info(self, fieldname: str, text: bytes) -> Any:
        """Return the statistics of a term. Raises KeyError."""
        terms, number = self._find(fieldname, text)
        documents, frequencies = terms.postings(number)
        lengths = terms.table.lengths
        of = [lengths[i] for i in documents.tolist()]
        return TermInfo(
            weight=float(frequencies.sum()),
            df=len(documents),
            minlength=min(of),
            maxlength=max(of),
            maxweight=float(frequencies.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return the number of documents of a term."""
        terms, number = self._find(fieldname, text)
        return int(terms.table.count(number))

    def cursor(self, fieldname: str, fieldobj: Any) -> NoReturn:
        """Refuse: nothing of sou walks Whoosh's automata."""
        _read_only()

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        """Return a matcher over the postings of a term."""
        terms, number = self._find(fieldname, text)
        documents, frequencies = terms.postings(number)
        values = None
        if terms.is_grams:
            values = [format_.encode(places) for places in terms.positions(number, documents)]
        return ListMatcher(
            documents.tolist(),
            frequencies.astype(float).tolist(),
            values=values,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._segment.close()


class _Days(ColumnReader):  # type: ignore[misc]
    """A column of days."""

    def __init__(self, values: Array) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])


class SouDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """What a segment knows of its documents."""

    def __init__(self, segment: Segment, known: SouSegment) -> None:
        self._segment = segment
        self._known = known

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return self._known.doc_count_all() - self._known.deleted_count()

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._known.doc_count_all()

    def has_deletions(self) -> bool:
        """Return whether documents are deleted."""
        return self._known.deleted_count() > 0

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a document is deleted."""
        return self._known.is_deleted(docnum)

    def deleted_docs(self) -> set[int]:
        """Return the deleted documents."""
        return self._known.deleted_docs()

    def supports_columns(self) -> bool:
        """Say that there are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field has a column."""
        return fieldname in {"first", "last"}

    def column_reader(self, fieldname: str, column: Any) -> _Days:
        """Return the column of a field."""
        del column
        return _Days(getattr(self._segment, fieldname))

    def _lengths(self, fieldname: str) -> Any:
        if fieldname in _GRAMS:
            return self._segment.grams(_GRAMS[fieldname])
        return self._segment.words(fieldname) if fieldname in TEXT_FIELDS else None

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field in a document, in terms."""
        table = self._lengths(fieldname)
        return int(table.lengths[docnum]) if table else default

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field over all documents, in terms."""
        table = self._lengths(fieldname)
        return int(table.total) if table else 0

    def min_field_length(self, fieldname: str) -> int:
        """Return the shortest length of a field."""
        table = self._lengths(fieldname)
        return int(min(table.lengths, default=0)) if table else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the longest length of a field."""
        table = self._lengths(fieldname)
        return int(max(table.lengths, default=0)) if table else 0

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """Return the article as it is stored, and its id."""
        packed = self._segment.packed(docnum).decode("utf-8", "backslashreplace")
        return {"article": packed, "id": self._segment.ids[docnum].decode()}

    def close(self) -> None:
        """Let go of the file."""
        self._segment.close()
