"""The words of `sou terms`, in the formats that suit a table of three columns."""

from __future__ import annotations

from collections.abc import Callable

from search.model.article import Record
from search.model.errors import RequestError
from search.model.results import DIGITS
from search.output.json_records import to_json
from search.output.safe import safe
from search.output.world import World
from search.searching.keywords import About, Term

COLUMNS = ("term", "count", "weight")


def write_terms(world: World, name: str, about: About) -> None:
    """Write the words of a set of articles in a format. Raises RequestError for others."""
    if name not in _WRITERS:
        raise RequestError(f"words cannot be written as {name}", f"use {', '.join(_WRITERS)}")
    _WRITERS[name](world, about)


def about_record(about: About) -> Record:
    """Return the words of a set of articles as `sou.terms/1`."""
    return {
        "schema": "sou.terms/1",
        "articles": about.articles,
        "read": about.read,
        "terms": [_values(term) for term in about.terms],
    }


def term_record(term: Term) -> Record:
    """Return a word as `sou.term/1`."""
    return {"schema": "sou.term/1", **_values(term)}


def _values(term: Term) -> Record:
    return {"term": term.term, "count": term.count, "weight": round(term.weight, DIGITS)}


def _json(world: World, about: About) -> None:
    world.write(to_json(about_record(about), unicode=world.unicode) + "\n")


def _lines(world: World, about: About) -> None:
    for term in about.terms:
        world.write(to_json(term_record(term), unicode=world.unicode) + "\n")


def _plain(world: World, about: About, between: str = "\t") -> None:
    for term in about.terms:
        columns = (safe(term.term), str(term.count), f"{term.weight:.{DIGITS}f}")
        world.write(between.join(columns) + "\n")


def _table(between: str) -> Callable[[World, About], None]:
    def write(world: World, about: About) -> None:
        world.write(between.join(COLUMNS) + "\n")
        _plain(world, about, between)  # a word holds no comma, no quote and no tab

    return write


def _page(world: World, about: About) -> None:
    wide = max((len(f"{term.count:,}") for term in about.terms), default=0)
    for term in about.terms:
        world.write(f"    {term.count:,}".rjust(4 + wide) + f"  {safe(term.term)}\n")


_WRITERS: dict[str, Callable[[World, About], None]] = {
    "rich": _page,
    "plain": _plain,
    "json": _json,
    "jsonl": _lines,
    "csv": _table(","),
    "tsv": _table("\t"),
}
