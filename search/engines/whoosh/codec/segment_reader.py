"""A segment as it is read: where to find what, in arrays of its file.

Nothing here needs numpy: look-ups are binary searches over the arrays, which read of them only
what they look at. Decoding what they find is up to `postings_python` (few) or `postings_numpy` (many).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from search.engines.whoosh.codec import varint
from search.engines.whoosh.codec.checked_file import Array, File, Numbers
from search.engines.whoosh.codec.container import Container
from search.engines.whoosh.codec.docstore import Blocks
from search.engines.whoosh.codec.stored_fields import unpack
from search.engines.whoosh.codec.string_lists import Known, Strings
from search.model.article import ARTICLE, Article, Kind, is_id

if TYPE_CHECKING:
    from search.engines.whoosh.codec.array_types import Ints

_NOTHING = memoryview(b"")

SIGNATURE = 64
"""Bytes of a signature: `search.analysis.minhash.SIZE`, which most searches have no use for."""

_CHARACTERS = 0x110000
"""Different characters, at most."""

_POSITIONS = 8
"""Positions of a field for each byte of the file, at most. Each takes a byte of a list, but for
the ends of values."""


class _Lists:
    """Posting lists of a field: their bytes, and where each begins in them."""

    def __init__(self, container: Container, name: str, documents: int, count: int) -> None:
        """Find the lists called `name`: `count` of them, in a segment of so many documents."""
        self._container = container
        self._name = name
        self._documents = documents
        self.ends = container.array(f"{name}.ends", "IQ", count + 1)
        self.data = container.array(f"{name}.postings", "B")

    def _place(self, term: int) -> tuple[int, int]:
        begin, end = self.ends.pair(term)
        if not begin <= end <= len(self.data):
            raise self._container.wrong(f"{self._name}.ends does not rise within the postings")
        return begin, end

    def postings(self, term: int) -> memoryview:
        """Return the postings of a term, to be decoded (`posting_lists` says how)."""
        begin, end = self._place(term)
        return self.data.part(begin, end)

    def size(self, term: int) -> int:
        """Return the bytes of the postings of a term, which are not read."""
        begin, end = self._place(term)
        return end - begin

    def count(self, term: int) -> int:
        """Return the number of documents of a term, deleted ones included."""
        begin, end = self._place(term)
        head, stop = varint.one(self.data, begin)  # of the list no more is read
        found = head >> 2
        if found > self._documents or stop > end:
            raise self._container.wrong(f"{self._name} names more documents than there are")
        return found


def _total(container: Container, name: str) -> int:
    return int(container.array(f"{name}.total", "Q", 1)[0])


class WordField(_Lists):
    """The words of a field."""

    def __init__(self, container: Container, field: str, documents: int) -> None:
        name = f"words.{field}"
        self.terms = Strings(container, f"{name}.terms")
        super().__init__(container, name, documents, len(self.terms))
        self.lengths = container.array(f"{name}.lengths", "I", documents)
        self.total = _total(container, name)

    def find(self, word: str) -> int:
        """Return the number of a term, or -1."""
        return self.terms.find(word.encode())


class GramField(_Lists):
    """The pairs of characters of a field, and the single characters."""

    def __init__(self, container: Container, field: str, documents: int) -> None:
        name = f"grams.{field}"
        self.characters = container.array(f"{name}.characters", "I")
        self._known: Known[str] = Known()
        self._codes: dict[str, int] = {}
        self.firsts = container.array(f"{name}.firsts", "I", len(self.characters) + 1)
        self.seconds = container.array(f"{name}.seconds", "HI")
        super().__init__(container, name, documents, len(self.seconds))
        # Character 0 is END, of which there is no list.
        self.singles = _Lists(container, f"{name}.singles", documents, len(self.characters) - 1)
        self.at = container.array(f"{name}.at", "IQ", documents + 1)
        self.lengths = container.array(f"{name}.lengths", "I", documents)
        self.total = _total(container, name)
        if not 0 < len(self.characters) <= _CHARACTERS:
            raise container.wrong(f"{name}.characters are not the characters of a text")
        if self.at[0] or self.at[-1] > _POSITIONS * len(container):
            raise container.wrong(f"{name}.at names more positions than the file can hold")

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.seconds)

    def code(self, char: str) -> int:
        """Return the number of a character, or -1."""
        code = self._codes.get(char, -1)
        if code < 0:
            characters = self.characters.whole()  # a few blocks
            i = bisect_left(characters, ord(char))
            if i < len(characters) and characters[i] == ord(char):
                code = self._codes[char] = i
        return code

    def beginning_with(self, code: int) -> tuple[int, int]:
        """Return the number of the first pair that begins with a character, and that behind."""
        low, high = self.firsts.pair(code)
        if not low <= high <= len(self.seconds):
            raise self._container.wrong(f"{self._name}.firsts does not rise within the pairs")
        return low, high

    def find(self, pair: str) -> int:
        """Return the number of a pair, or -1."""
        found = self._known.get(pair)
        return self._known.keep(pair, self._find(pair)) if found is None else found

    def _find(self, pair: str) -> int:
        first, second = self.code(pair[0]), self.code(pair[1])
        if first < 0 or second < 0:
            return -1
        low, high = self.beginning_with(first)
        seconds = self.seconds.part(low, high)
        i = bisect_left(seconds, second)
        return low + i if i < len(seconds) and seconds[i] == second else -1

    def pair(self, term: int) -> str:
        """Return the pair of a number."""
        first = bisect_right(self.firsts, term) - 1
        return chr(self.characters[first]) + chr(self.characters[self.seconds[term]])

    def cover(self, text: str) -> list[tuple[int, int]]:
        """Return pairs that cover a text of two characters or more, the rarest first.

        Gives the offset of each in the text, and its number; nothing when one is unknown.
        Every other pair covers the text; the last pair covers an odd character at the end.
        """
        offsets = dict.fromkeys([*range(0, len(text) - 1, 2), len(text) - 2])
        pairs = [(offset, self.find(text[offset : offset + 2])) for offset in offsets]
        if any(term < 0 for _, term in pairs):
            return []
        return sorted(pairs, key=lambda item: self.size(item[1]))

    def rarity(self, text: str) -> int:
        """Return a number that is the smaller, the fewer documents a text can stand in."""
        if len(text) == 1:
            code = self.code(text)
            return self.singles.size(code - 1) if code > 0 else 0
        return min((self.size(term) for _, term in self.cover(text)), default=0)

    def single(self, char: str) -> memoryview:
        """Return the documents of a character, to be decoded; nothing where it is unknown."""
        code = self.code(char)
        if code < 1:  # unknown, or END
            return _NOTHING
        return self.singles.postings(code - 1)


class CharacterField:
    """The single characters of a field, as terms: `WordField` without frequencies."""

    def __init__(self, grams: GramField) -> None:
        self._grams = grams
        self.lengths, self.total = grams.lengths, grams.total

    def find(self, char: str) -> int:
        """Return the number of a character, or -1."""
        code = self._grams.code(char)
        return code if code > 0 else -1  # 0 is END

    def count(self, term: int) -> int:
        """Return the number of documents of a character, deleted ones included."""
        return self._grams.singles.count(term - 1)

    def postings(self, term: int) -> memoryview:
        """Return the documents of a character, to be decoded."""
        return self._grams.singles.postings(term - 1)

    def size(self, term: int) -> int:
        """Return the bytes of the documents of a character, which are not read."""
        return self._grams.singles.size(term - 1)


class Kept:
    """Arrays that `postings_numpy` and `pattern_postings` made of a file, and want again."""

    def __init__(self) -> None:
        self.starts: dict[str, Ints] = {}
        """Where each document begins among the positions of a field, and the last ends."""
        self.coarse: dict[str, Ints] = {}
        """The document of every so many positions of a field (`postings_numpy.coarse`)."""
        self.singles: dict[tuple[str, str], Ints] = {}
        """Where a character stands in a field."""
        self.words: dict[str, tuple[Ints, Ints]] = {}
        """Where each run of letters of a spaced script in a field begins, and ends."""


class Segment:
    """A segment file with the documents deleted from it since; all are of one `kind`."""

    def __init__(
        self,
        folder: Path,
        name: str,
        deleted: bytes = b"",
        kind: Kind = ARTICLE,
        file: File | None = None,
    ) -> None:
        """Open a segment; `deleted` is a bitmap, the lowest bit of each byte first.

        `file` is its file where that is open already.
        """
        self.name = name
        self.container = Container(file or folder / name)
        self.deleted = deleted
        self.kind = kind
        self.kept = Kept()
        self._words: dict[str, WordField] = {}
        self._grams: dict[str, GramField] = {}
        self._characters: dict[str, CharacterField] = {}
        try:
            self._find_columns()
        except BaseException:
            self.close()
            raise

    def _find_columns(self) -> None:
        array = self.container.array
        self.first = array("first", "I")
        self.count = count = len(self.first)
        self.last = array("last", "I", count)
        self.lines = array("lines", "I", count)
        self.ids = Strings(self.container, "ids", count)
        self.keys = Strings(self.container, "keys", count)
        self._order = array("ids.order", "I", count)
        self._paths = Strings(self.container, "paths")
        self._path_of = array("paths.of", "I", count)
        self._signatures = array("signatures", "B", SIGNATURE * count)
        if self.deleted and 8 * len(self.deleted) < count:
            raise self.container.wrong(f"the bitmap of its deleted articles is not of {count:,}")
        self.blocks = Blocks(self.container, count)

    def words(self, field: str) -> WordField:
        """Return the words of a field."""
        if field not in self._words:
            self._words[field] = WordField(self.container, field, self.count)
        return self._words[field]

    def grams(self, field: str) -> GramField:
        """Return the pairs of characters of a field."""
        if field not in self._grams:
            self._grams[field] = GramField(self.container, field, self.count)
        return self._grams[field]

    def characters(self, field: str) -> CharacterField:
        """Return the single characters of a field."""
        if field not in self._characters:
            self._characters[field] = CharacterField(self.grams(field))
        return self._characters[field]

    def is_deleted(self, number: int) -> bool:
        """Return whether a document is deleted."""
        return bool(self.deleted) and bool(self.deleted[number >> 3] >> (number & 7) & 1)

    def live(self) -> int:
        """Return the number of documents that are not deleted."""
        return self.count - sum(byte.bit_count() for byte in self.deleted)

    def packed(self, number: int) -> bytes:
        """Return a stored article as `pack` packed it."""
        return self.blocks[number]

    def article(self, number: int) -> Article:
        """Return a stored article."""
        packed = self.packed(number)
        try:
            return unpack(packed, self.kind)
        except ValueError as exc:
            raise self.container.wrong(f"article {number} is not valid: {exc}") from exc

    def outline(self, number: int) -> Article:
        """Return what is known of a document without reading it: id, key, path and line."""
        key = self.keys[number].decode("utf-8", "surrogatepass") or None
        path, line = self.path(number), self.lines[number]
        identity = self.ids[number].decode("ascii", "replace")
        if not is_id(identity):
            raise self.container.wrong(f"the id of article {number} is not valid")
        return Article(identity, "", "", path, line, line, key=key, kind=self.kind)

    def signature(self, number: int) -> bytes:
        """Return the signature of a document (`search.analysis.minhash`)."""
        return bytes(self._signatures[number * SIGNATURE : (number + 1) * SIGNATURE])

    def path(self, number: int) -> str:
        """Return the path of a document."""
        return self._paths[self._path_of[number]].decode("utf-8", "surrogatepass")

    def paths(self) -> list[str]:
        """Return the different paths; `path_numbers` says which document has which."""
        return [path.decode("utf-8", "surrogatepass") for path in self._paths.all()]

    def path_numbers(self) -> Array:
        """Return for each document the place of its path in `paths`."""
        return self._path_of

    def places(self, documents: int) -> tuple[list[str], Numbers, Numbers]:
        """Return the paths, and the path and the line of each document, of so many to be read."""
        of, lines = self._path_of.looked_up(documents), self.lines.looked_up(documents)
        return self.paths(), of, lines

    def labels(self, name: str) -> tuple[Array, Strings]:
        """Return the number of each document's value of a column, and the different values."""
        return self.container.array(f"{name}.of", "BHI", self.count), Strings(self.container, name)

    def with_id(self, prefix: str) -> list[int]:
        """Return the documents whose id begins with `prefix`, deleted ones left out."""
        wanted = prefix.encode()
        i = bisect_left(self._order, wanted, key=self.ids.__getitem__)
        found = []
        while i < len(self._order) and self.ids[self._order[i]].startswith(wanted):
            if not self.is_deleted(self._order[i]):
                found.append(self._order[i])
            i += 1
        return found

    def close(self) -> None:
        """Let go of the file, and of what was made of it."""
        self.container.close()
        self.kept = Kept()
