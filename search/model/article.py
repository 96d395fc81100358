"""The article: what is indexed, found and shown."""

from __future__ import annotations

from typing import Literal, TypeAlias

from search.model.frozen import frozen
from search.model.path_spelling import path_bytes, raw, shown

Record: TypeAlias = dict[str, object]
"""An object that other programs rely on. Within a schema version fields are added at the end,
never removed, renamed or given another meaning; docs/output.md says what each one means."""

ID_LENGTH = 10
"""Characters of an article id: 50 bits, so that among a million articles the chance
of any two sharing an id is below one in two thousand."""


Kind: TypeAlias = Literal["article", "page"]
"""An article, or the record of a page: what is printed on it beside its articles."""

ARTICLE: Kind = "article"
PAGE: Kind = "page"
KINDS = (ARTICLE, PAGE)

_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_SHIFTS = range(5 * ID_LENGTH - 10, -1, -10)


WITHIN = " › "
"""Stands in `Article.part` between the names of an archive, of what is in it, and of a page."""


def _has_extension(part: str) -> bool:
    """Return whether a part is the name of a file in an archive: `p. 3` is a page."""
    _, dot, extension = part.rpartition(".")
    return bool(dot) and extension.isalnum()


@frozen
class Article:
    r"""One article of a paper, as it stands in its source.

    `body` is the text between this article's headline and the next one, verbatim: line
    breaks, OCR spaces and byline included. `date` is ISO 8601, possibly partial (`2023`,
    `2023-08`, `2023-08-22`). `path` is spelled as it was given to `sou index`, with `\xNN` for
    bytes that are not UTF-8: `shown_path` is for people, `raw_path` opens it. `line` and
    `end_line` count from 1 in the decoded file. `body_line` is the line on which the body
    begins, or None where the source is a record (JSON Lines, CSV) and every character of
    it stands on `line`.

    `part` names the part of the file the article stands in, or begins in: the page of a PDF
    (`p. 3`), the chapter of a book, the file in an archive; lines then count within it. In a
    text that holds several pages they count in the whole file. Of an article that runs over
    the end of a page, lines count on as if the next page stood right below. `continued_from`
    and `continued_on` are the pages on which the paper prints the rest of it, as numbers
    without zeros in front (`上接一版` gives `1`).

    `page` is the page of the paper as printed, without `第` and `版` and in figures (`3`, `A03`),
    `issue` its number in figures with what says how it is counted (`总第763期`, `第12期`), `edition`
    the edition by its name (`海外版`).

    `kind` is `page` for what is no article but the record of a page: every line that stands
    beside its articles (masthead, page number, hotline, motto), verbatim. Its title says which
    page it is. Only searches that look in pages find it.
    """

    id: str
    title: str
    body: str
    path: str
    line: int = 1
    end_line: int = 1
    body_line: int | None = None
    key: str | None = None
    date: str | None = None
    paper: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    url: str | None = None
    part: str | None = None
    continued_from: str | None = None
    continued_on: str | None = None
    page: str | None = None
    issue: str | None = None
    edition: str | None = None
    kind: Kind = ARTICLE

    @property
    def shown_path(self) -> str:
        """The path for people: a name in GBK is read as that."""
        return shown(self.path)

    @property
    def inner_path(self) -> str:
        """The path for people, with the names in an archive behind it: `1983.zip/05/12.txt`."""
        names = [part for part in (self.part or "").split(WITHIN) if _has_extension(part)]
        return "/".join([self.shown_path, *names])

    @property
    def raw_path(self) -> str:
        """The path as the system takes it, whatever the bytes of its names."""
        return raw(self.path)

    @property
    def chars(self) -> int:
        """The number of characters of the body."""
        return len(self.body)

    def to_dict(self, *, body: bool = False) -> Record:
        """Return the object that JSON has of the article (`sou.article/1`), with `body` the text.

        `sou list -f jsonl` prints the one without, docs/output.md says what is in it.
        """
        record: Record = {
            "schema": "sou.article/1",
            **self.first_fields(self.title),
            "chars": self.chars,
            "url": self.url,
            **self.later_fields(),
            "kind": self.kind,
            **self.place_fields(),
            **self.bytes_field(),
        }
        if body:
            record["body"] = self.body
        return record

    def brief(self) -> Record:
        """Return what tells this from an article that a record is of, and where it is."""
        names = ("id", "key", "title", "date", "paper", "path", "line")
        values = {name: getattr(self, name) for name in names}
        return values | {"path": self.shown_path} | self.bytes_field()

    def first_fields(self, title: str) -> Record:
        """Return the fields that a hit and an article share, in their order."""
        return {
            "id": self.id,
            "key": self.key,
            "title": title,
            "date": self.date,
            "paper": self.paper,
            "authors": list(self.authors),
            "section": self.section,
            "path": self.shown_path,
            "line": self.line,
            "end_line": self.end_line,
        }

    def later_fields(self) -> Record:
        """Return the fields that came later, behind those that were there before."""
        return {
            "part": self.part,
            "continued_from": self.continued_from,
            "continued_on": self.continued_on,
        }

    def place_fields(self) -> Record:
        """Return the fields that came after these: where in the paper it is."""
        return {"page": self.page, "issue": self.issue, "edition": self.edition}

    def bytes_field(self) -> Record:
        """Return the bytes of the path in base64, where it is not UTF-8; else no field."""
        data = path_bytes(self.path)
        return {} if data is None else {"path_bytes": data}

    def named(self, identity: str, title: str, body: str) -> Article:
        """Return the article with its id and its clean text."""
        # `dataclasses.replace` would take five times as long, for every article of a build.
        return Article(
            identity,
            title,
            body,
            self.path,
            self.line,
            self.end_line,
            self.body_line,
            self.key,
            self.date,
            self.paper,
            self.authors,
            self.section,
            self.url,
            self.part,
            self.continued_from,
            self.continued_on,
            self.page,
            self.issue,
            self.edition,
            self.kind,
        )


def article_id(path: str, key: str | None, title: str, body: str, nth: int = 0) -> str:
    """Return the id of an article: the same as long as path, key, title and body are.

    `nth` tells apart articles of one file that are equal in all of these (0 for the first).
    Line numbers are left out on purpose: an edit further up the page changes no id.
    """
    import hashlib  # 3 ms, which a search has better use for

    parts = (path, key or "", title, body, str(nth))
    data = "\x00".join(parts).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=8).digest()
    number = int.from_bytes(digest, "big") >> 64 - 5 * ID_LENGTH
    # Base 32, as `base64.b32encode` has it, in a tenth of its time.
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def is_id(text: str) -> bool:
    """Return whether a text can be an id: a few letters, digits and hyphens, and nothing else.

    That is more than `article_id` makes use of, and nothing that a terminal obeys.
    """
    return text.isascii() and text.replace("-", "0").isalnum() and len(text) <= ID_LENGTH


def date_bounds(date: str) -> tuple[int, int]:
    """Return the first and last day of an ISO date, partial or not, as YYYYMMDD integers.

    >>> date_bounds("2023-08")
    (20230801, 20230831)
    """
    parts = [int(part) for part in date.split("-")]
    year = parts[0] * 10000
    if len(parts) == 1:
        return year + 101, year + 1231
    month = year + parts[1] * 100
    if len(parts) == 2:
        return month + 1, month + 31
    return month + parts[2], month + parts[2]
