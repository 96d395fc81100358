"""Patterns of paths: `{paper}/{date}_{page}版` reads the paper, day and page off the path of a file.

A pattern is compared with the end of a path, without the extension of the file: as many of its
last names as the pattern has, each whole. `{date}` and the other fields stand for what is there,
`*` for anything, also for nothing. Nothing here is a regular expression, and looking at a name
ends after a number of steps, so that no pattern can take long, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

# What reads dates and pages is imported where paths are compared: every search that finds a
# sou.toml with patterns looks at how they are written, and compares none.

FIELDS = ("paper", "date", "page", "issue", "edition", "section", "title", "authors")
_PARTS_OF_DATE = ("year", "month", "day")
NAMES = (*FIELDS, *_PARTS_OF_DATE)

_MOST_CHARACTERS = 200
_MOST_TOKENS = 24
_MOST_STEPS = 20_000
"""Places of a name that are looked at, for one file: a name has 255 bytes at most."""

_LONGEST_DATE = 24
_BRACES = re.compile(r"\{([^{}]*)\}")


class PatternError(ValueError):
    """What is wrong with a pattern."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a pattern: text as it stands, or a field; neither for a `*`."""

    text: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern: for each name of a path its pieces."""

    segments: tuple[tuple[_Token, ...], ...]

    def read(self, path: str) -> dict[str, str] | None:
        """Return the fields that a path has, or None where it does not fit.

        The date is in ISO 8601, the page as it is known of pages; all else is as it stands there.
        """
        names = _without_extension(path).strip("/").split("/")
        if len(names) < len(self.segments):
            return None
        found: dict[str, str] = {}
        ends = names[-len(self.segments) :]
        for tokens, name in zip(self.segments, ends, strict=True):
            part = _Matching(tokens, name).fields()
            if part is None:
                return None
            found |= part
        return _values(found)


@lru_cache(maxsize=128)
def parsed_pattern(text: str) -> Pattern:
    """Return the pattern that is written so. Raises PatternError, which says what is wrong."""
    if len(text) > _MOST_CHARACTERS:
        raise PatternError(f"it is longer than {_MOST_CHARACTERS} characters")
    if (
        text.startswith("/")
        or text.endswith("/")
        or "//" in text
        or "\\" in text
        or {".", ".."} & {*text.split("/")}
    ):
        raise PatternError("it is the end of a path, names with one / between them")
    name = text.rpartition("/")[2]
    if "." in name and not name.endswith("}"):
        _refuse_extension(name)
    segments = tuple(tuple(_tokens(part)) for part in text.split("/"))
    fields = [token.field for tokens in segments for token in tokens if token.field]
    if not fields:
        raise PatternError(f"it has no field; the fields are {_listed()}")
    twice = next((field for field in fields if fields.count(field) > 1), None)
    if twice:
        raise PatternError(f"{{{twice}}} stands in it twice; * is anything")
    if "date" in fields and set(fields) & set(_PARTS_OF_DATE):
        raise PatternError("it has {date} and a part of a date")
    if {"month", "day"} & set(fields) and "year" not in fields:
        raise PatternError("it has {month} or {day}, and no {year}")
    if "day" in fields and "month" not in fields:
        raise PatternError("it has {day}, and no {month}")
    if sum(map(len, segments)) > _MOST_TOKENS:
        raise PatternError(f"it has more than {_MOST_TOKENS} parts")
    return Pattern(segments)


def _refuse_extension(name: str) -> None:
    from search.papers.formats import accepts

    if accepts(name):
        extension = name.rpartition(".")[2]
        raise PatternError(f"leave .{extension} away: the extension of a file is not compared")


def _listed() -> str:
    return " ".join(f"{{{name}}}" for name in NAMES)


def _tokens(part: str) -> Iterator[_Token]:
    """Yield the pieces of one name of a pattern."""
    at = 0
    for match in _BRACES.finditer(part):
        yield from _texts(part[at : match.start()])
        if match[1] not in NAMES:
            raise PatternError(f"{{{match[1]}}} is no field; the fields are {_listed()}")
        yield _Token(field=match[1])
        at = match.end()
    yield from _texts(part[at:])


def _texts(text: str) -> Iterator[_Token]:
    if "{" in text or "}" in text:
        raise PatternError("a { or } stands alone")
    for number, piece in enumerate(re.split(r"\*+", text)):
        if number:
            yield _Token()
        if piece:
            yield _Token(piece)


def _without_extension(path: str) -> str:
    from search.papers.formats import PACKED

    folder, slash, name = path.replace("\\", "/").rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if stem and f".{extension.lower()}" in PACKED:
        stem = stem.rpartition(".")[0] or stem
    return folder + slash + (stem if dot and stem else name)


class _Matching:
    """One name of a path, while it is compared with the pieces for it."""

    def __init__(self, tokens: tuple[_Token, ...], name: str) -> None:
        self._tokens = tokens
        self._name = name
        self._failed: set[tuple[int, int]] = set()
        self._steps = 0

    def fields(self) -> dict[str, str] | None:
        """Return what each field stands for, or None."""
        found = self._from(0, 0)
        return dict(found) if found is not None else None

    def _from(self, number: int, at: int) -> list[tuple[str, str]] | None:
        """Return the fields of the pieces from one on, which begin at a place."""
        if number == len(self._tokens):
            return [] if at == len(self._name) else None
        if (number, at) in self._failed:
            return None
        token = self._tokens[number]
        for end in self._ends(number, at):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return None
            rest = self._from(number + 1, end)
            if rest is not None:
                own = [(token.field, self._name[at:end])] if token.field else []
                return own + rest
        self._failed.add((number, at))
        return None

    def _ends(self, number: int, at: int) -> Iterator[int]:
        """Yield where a piece that begins at a place may end, the likeliest first."""
        token, name = self._tokens[number], self._name
        if token.text:
            if name.startswith(token.text, at):
                yield at + len(token.text)
            return
        fits = _FITS.get(token.field)
        if fits:
            # A number goes on as long as it can; what is behind it takes what it must.
            for end in range(min(len(name), at + _LONGEST_DATE), at, -1):
                if fits(name[at:end]):
                    yield end
            return
        after = self._tokens[number + 1].text if number + 1 < len(self._tokens) else ""
        least = at + bool(token.field)
        if number + 1 == len(self._tokens):
            if len(name) >= least:
                yield len(name)
        elif after:
            end = name.find(after, least)
            while end >= 0:
                yield end
                end = name.find(after, end + 1)
        else:
            yield from range(least, len(name) + 1)


@cache
def _of_dates() -> dict[str, re.Pattern[str]]:
    """Return the patterns of what a date, a year, and a month or a day are written with."""
    from search.dates.eras import OF_THE_MOON, OF_THE_SUN, STATES
    from search.dates.forms import FIGURE, HAN, OF_ERA, N

    eras = f"{OF_THE_SUN}|{OF_THE_MOON}"
    return {
        "date": re.compile(rf"(?:{STATES}|{eras}|[{HAN}0-9０-９年月日号號份正冬腊臘闰閏初./ -])+"),
        "year": re.compile(rf"(?:{N}{{4}}|{FIGURE}{{4}}|(?:{OF_THE_SUN}){OF_ERA})年?"),
        "small": re.compile(rf"(?:{N}{{1,2}}|[{HAN}]{{1,3}})[月日号號]?"),
    }


@lru_cache(maxsize=4096)
def _date(text: str) -> str | None:
    if not _of_dates()["date"].fullmatch(text) or text != text.strip(" ./-"):
        return None
    from search.dates.printed import parse_date
    from search.papers.path_fields import date_of_path

    return parse_date(text) or date_of_path(text)


def _year(text: str) -> object:
    return _of_dates()["year"].fullmatch(text)


def _small(text: str) -> object:
    return _of_dates()["small"].fullmatch(text)


def _page(text: str) -> str | None:
    from search.papers.pages.printed import page_named

    return page_named(text)


_FITS: dict[str, Callable[[str], object]] = {
    "date": _date,
    "page": _page,
    "year": _year,
    "month": _small,
    "day": _small,
}
"""What tells whether a text can be a field that is no free text."""


def _values(found: dict[str, str]) -> dict[str, str] | None:
    """Return fields as articles have them; None where the date is none, or a field is blank."""
    values = {name: text.strip() for name, text in found.items() if name in FIELDS}
    if not all(values.values()):
        return None
    if "page" in values:
        values["page"] = _page(values["page"]) or values["page"]
    date = _date(found["date"]) if "date" in found else _of_parts(found)
    if ("date" in found or "year" in found) and date is None:
        return None
    return values | ({"date": date} if date else {})


def _of_parts(found: dict[str, str]) -> str | None:
    """Return the date of a year, and a month and a day where they are there; None where it is none."""
    if "year" not in found:
        return None
    from search.dates.forms import of_papers, whole_date

    whole = "".join(
        found[name].rstrip("年月日号號") + mark for name, mark in _MARKS if name in found
    )
    return of_papers(whole_date(whole))


_MARKS = (("year", "年"), ("month", "月"), ("day", "日"))
