"""One file to its articles, whatever its format: what the index builder calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from typing import BinaryIO

from search.model.article import ARTICLE, Article, article_id
from search.model.errors import PaperError
from search.papers.asked import Asked, reading
from search.papers.corrections.in_force import changed
from search.papers.discover import PaperFile
from search.papers.formats import is_of_pages, reader_for
from search.papers.given.applied import applied
from search.papers.given.given import NOTHING_GIVEN, Given
from search.papers.problem import Problem
from search.papers.reader import Limits, Piece, Reader
from search.papers.readers.records.article_fields import clean

__all__ = ["Limits", "Piece", "cut_paper", "read_paper"]

_LOOK = (
    "correct the page that has its text now (sou correct FILE --page N), "
    "or take all back: sou correct FILE --remove"
)

_PAGE_KEY = "\x00page"
"""Stands for the key of a record of a page where its id is made: no article has such a key."""


def read_paper(
    file: PaperFile,
    stream: BinaryIO,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    piece: Piece | None = None,
    seen: Counter[str] | None = None,
    kept: str = "",
    given: Given = NOTHING_GIVEN,
) -> Generator[Article | Problem, None, None]:
    """Yield the articles of an open file, and a Problem for each record that can't be read.

    An empty file yields nothing. Raises PaperError, at the first step or later, when the
    file as a whole can't be read: too large, binary, or in no known encoding. Errors of the
    stream itself pass through: the caller opened it. `stream` has to be binary and seekable.

    With a `piece` of `cut_paper`, only that is read. `seen` counts the articles of the file
    by the ids that they would have if none were equal: given what came before a piece, the
    ids of its articles are those that they have when the file is read in one go. `kept` is
    the file of its corrections: of what cannot be used of that there is a Problem too. `given`
    is what is told of it from outside, by which it is read.
    """
    reader = _reader(file)
    if seen is None:
        seen = Counter()
    if piece is None:
        items = reader.read(file.shown, stream, limits)
        if kept:
            items = _corrected(file.shown, items, kept, given)
        elif given:
            items = reading(items, Asked(given=given))
    else:
        assert reader.read_piece is not None
        items = reader.read_piece(file.shown, stream, limits, piece)
        if given:
            items = reading(items, Asked(given=given))
    if given:
        items = applied(file.shown, items, given, corrected=bool(kept))
    for item in items:
        yield item if isinstance(item, Problem) else _with_id(item, file.named or file.shown, seen)


def _corrected(
    shown: str, items: Iterator[Article | Problem], kept: str, given: Given
) -> Iterator[Article | Problem]:
    """Yield what a reader reads as the corrections of the paper have it, as far as they hold."""
    from search.papers.corrections.kept import parsed

    why, corrections = "", []
    if is_of_pages(shown):
        try:
            corrections = parsed(kept.encode("utf-8", "surrogatepass"))
        except ValueError as exc:
            why = str(exc)
    else:
        why = "papers of this format cannot be corrected"
    if why:
        yield Problem(shown, f"its correction is not used: {why}", lost=False)
        yield from reading(items, Asked(given=given))
        return
    met: set[str | None] = set()
    # All of a page may be the end of an article that begins on the page before it.
    remarks = {changed(each.part): each.part for each in corrections}
    for item in reading(items, Asked(kept, given=given)):
        if isinstance(item, Article):
            met.add(item.part)
        elif item.reason in remarks:
            met.add(remarks[item.reason])
        yield item
    for each in corrections:
        if each.part not in met and each.layout.portions:
            name = each.part or "the whole of it as one page"
            yield Problem(
                shown, f"{name} was corrected and is not there any more; {_LOOK}", lost=False
            )


def cut_paper(file: PaperFile, stream: BinaryIO, parts: int) -> list[Piece]:
    """Return about `parts` pieces of a file that can each be read alone, or none.

    Raises PaperError as `read_paper` does.
    """
    reader = _reader(file)
    return reader.cut(file.shown, stream, parts) if reader.cut else []


def _reader(file: PaperFile) -> Reader:
    reader = reader_for(file.shown)
    if reader is None:
        raise PaperError("no reader accepts this kind of file")
    return reader


def _with_id(article: Article, named: str, seen: Counter[str]) -> Article:
    """Return an article with clean text and its id; `seen` counts the equal ones of the file.

    `named` is the name of the file for ids.
    """
    title, body = clean(article.title), clean(article.body)
    # No record of a page is the equal of an article: the ids of these are as they would be alone.
    key = article.key if article.kind == ARTICLE else _PAGE_KEY
    identity = article_id(named, key, title, body)
    nth = seen[identity]
    seen[identity] += 1
    if nth:
        identity = article_id(named, key, title, body, nth)
    return article.named(identity, title, body)
