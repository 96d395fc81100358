"""One record, whatever it was read from, to an article."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from search.dates.printed import date_of_record
from search.model.article import Article
from search.papers.asked import asked
from search.papers.field_names import field_of, plain_name
from search.papers.field_values import said_with
from search.papers.pages.names import HAN, split_names
from search.papers.pages.printed import page_named
from search.papers.readers.records.own_headline import own_headline

_SURROGATES = re.compile("[\ud800-\udfff]")

NO_TEXT = "a record without title and body"
"""Why a record is no article that is none of ours, as far as can be seen from it alone."""

Fields = dict[str, tuple[int, str, Any]]
"""For each field the rank of the key it was found under, the key, and what it holds."""


class RecordError(ValueError):
    """A record that is no article; the message is the reason."""


MOST_UNUSED = 100
"""Columns that are named as not used; records may have a name of their own for each value."""


def to_article(
    record: Mapping[str, Any], shown: str, line: int, unused: dict[str, None] | None = None
) -> Article:
    """Return the article in a record, its id still empty; raise RecordError if there is none.

    Keys are those that were given for the file, then those of `search.papers.field_names`; others
    that hold something are added to `unused`. Title or body may be missing, not both. A date that
    can't be read is left out: the article is worth more than its date. Without a title, the
    headline that the body itself begins with is it (`own_headline`). A date or a paper may be
    a whole citation; what it says of other fields counts where the record has none.
    """
    fields = _fields(record, {} if unused is None else unused)
    title, body = _text(fields, "title"), _text(fields, "body")
    if not (title.strip() or body.strip()):
        raise RecordError(NO_TEXT)
    if not title.strip():
        title = own_headline(body)
    printed = _text(fields, "page").strip()
    date, paper = _text(fields, "date"), _text(fields, "paper").strip()
    more = said_with(date, paper)
    page = page_named(printed) or printed or more.get("page")
    return Article(
        id="",
        title=title.strip(),
        body=body,
        path=shown,
        line=line,
        end_line=line,
        key=_text(fields, "id").strip() or None,
        date=date_of_record(date) or more.get("date"),
        paper=more.get("paper") or paper or None,
        authors=_authors(fields),
        section=_text(fields, "section").strip() or printed or None,
        url=_text(fields, "url").strip() or None,
        page=page,
        issue=_text(fields, "issue").strip() or more.get("issue"),
        edition=_text(fields, "edition").strip() or None,
    )


def clean(text: str) -> str:
    """Return text that any index and terminal can take: no lone surrogates, no NULs.

    Each becomes one U+FFFD, so that offsets stay what they were.
    """
    text = text.replace("\x00", "\ufffd")
    try:
        text.encode()  # sooner done than to look for surrogates
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def _fields(record: Mapping[str, Any], unused: dict[str, None]) -> Fields:
    """Return for each field the first of its keys that holds something, and what it holds."""
    columns = asked().given.columns
    given = _given_places(columns) if columns else None
    found: Fields = {}
    for written, value in record.items():
        if value is None or value == "":
            continue
        name = str(written)
        place = (given.get(plain_name(name)) if given else None) or field_of(name)
        if place:
            field, rank = place
            if field not in found or rank <= found[field][0]:
                found[field] = rank, name, value
        elif name not in unused and len(unused) < MOST_UNUSED:
            unused[name] = None
    return found


@lru_cache(maxsize=16)
def _given_places(columns: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, int]]:
    """Return for each column that was given its field, and a rank before all known names."""
    return {column: (field, rank - len(columns)) for rank, (column, field) in enumerate(columns)}


def columns_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of a record that hold something, each with the field it became, or ""."""
    taken = {key: name for name, (_, key, _) in _fields(record, {}).items()}
    return {
        str(written): taken.get(str(written), "")
        for written, value in record.items()
        if value is not None and value != ""
    }


def _text(fields: Fields, name: str) -> str:
    """Return a field as text, empty if it is missing; numbers count as text, nothing else."""
    if name not in fields:
        return ""
    _, key, value = fields[name]
    if isinstance(value, str):
        text = clean(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else str(value)
    raise RecordError(f"{key!r} is not text: {type(value).__name__}")


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return the authors, given as a list or as text with 、,; or spaces between Han names."""
    if "authors" not in fields:
        return ()
    _, key, value = fields["authors"]
    if isinstance(value, str):
        names = split_authors(clean(value))
    elif isinstance(value, list) and all(isinstance(name, str) for name in value):
        names = [clean(name).strip() for name in value]
    else:
        raise RecordError(f"{key!r} is not a name or a list of names")
    return tuple(dict.fromkeys(name for name in names if name))


def split_authors(text: str) -> list[str]:
    """Return the names in a field. What is not plainly Han names is left as it was written."""
    names: list[str] = []
    for part in re.split(r"[、,，;；/|\n]", text):
        name = part.strip()
        spaced = re.fullmatch(rf"[{HAN}]+(?:\s+[{HAN}]+)+", name)
        names.extend((split_names(name) if spaced else ()) or (name,))
    return names
