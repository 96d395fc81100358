"""Carrying out a search for the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from search.cli.flags.search_flags import Flags
from search.cli.session import Session
from search.model.article import PAGE
from search.model.errors import EXIT_FOUND, EXIT_NOTHING, IndexMissing, RequestError
from search.model.frozen import frozen, replace
from search.model.results import Results
from search.model.told_commands import sou
from search.output.formats import default_format, filled, whole_matches
from search.output.safe import safe
from search.output.world import World
from search.query.ast import kind_of
from search.query.parser import read
from search.searching.search import Question, Wanted, find

if TYPE_CHECKING:
    from search.engines.port import Engine

BARE = {"paths", "count", "trec"}
"""Formats with no place for more than which articles there are: no passages, no facets."""
ALL_BY_DEFAULT = {"paths", "count"}
ROWS = {"csv", "tsv"}
"""Formats in which every article has a row of its own, copies too."""
MARKED = {"rich", "plain", "json", "jsonl"}
"""Formats that tell partial matches from whole ones: in these alone they stand together."""
FACETS_ALONE = {"plain", "csv", "tsv"}
"""Formats that write facets instead of hits: a table has one kind of row."""

Ask = Callable[[Session, "Engine", Question], Question]
"""Makes a question that needs the index out of the one that a call makes."""


@frozen
class Call:
    """One call of `sou search`: the words, the flags and how the answer is to be written."""

    words: tuple[str, ...] = ()
    flags: Flags = Flags()
    format: str | None = None
    files: bool = False
    count: bool = False
    nul: bool = False
    index: Path | None = None


def search(world: World, call: Call, ask: Ask | None = None) -> int:
    """Search, write the answer, and return the exit status.

    `ask` makes a question that needs the index out of the one that the call makes.
    """
    session = Session(world, call.index)
    flags = call.flags
    name = format_name(call.format, files=call.files or call.nul, count=call.count)
    if flags.limit is None and (ask or name not in ALL_BY_DEFAULT):
        flags = replace(flags, limit=session.settings.limit)
    if name in ALL_BY_DEFAULT:  # they go to programs, which do not read notes
        flags = replace(flags, no_partial=True)
    if name in ROWS:
        flags = replace(flags, no_dedupe=True)
    facets_alone = _facets_alone(world, flags, name)
    question = replace(flags.question(" ".join(call.words)), fill=is_marked(world, name))
    if not flags.no_synonyms and question.mode == "query" and not ask:
        question = replace(question, synonyms=session.synonyms())
    if not ask:
        question.tree()  # a query that cannot be read is said before an index is built
        _say_how_it_is_read(world, question)
    counted = name == "count" or facets_alone
    engine = session.engine() if ask else _opened(session)
    try:
        if ask:
            question = ask(session, engine, question)
        if flags.explain:
            _explain(world, question)
        results = find(engine, question, _wanted(name, counted=counted))
        if name not in ALL_BY_DEFAULT and not ask:
            from search.searching.suggest import with_suggestions

            results = with_suggestions(engine, question, results)
            _say_which_filters_are_empty(world, engine, question, results)
    finally:
        engine.close()
    _say_what_was_not_found(session, question, results, name or default_format(world))
    session.format(name, nul=call.nul).results(results)
    if not counted:
        _say_what_is_left(world, results, name, question, asked=call.flags.limit is not None)
    return EXIT_FOUND if results.total else EXIT_NOTHING


def _wanted(name: str | None, *, counted: bool) -> Wanted:
    """Return what a format shows of the articles found."""
    if counted:
        return "count"
    if name == "paths":
        return "paths"
    return "outlines" if name in BARE else "hits"


def is_marked(world: World, name: str | None) -> bool:
    """Return whether a format tells partial matches from whole ones."""
    return (name or default_format(world)) in MARKED


def _facets_alone(world: World, flags: Flags, name: str | None) -> bool:
    """Return whether counts are written instead of hits. Raises RequestError where they cannot."""
    if flags.facets and name in BARE:
        hint = "use rich, plain, json, jsonl, csv or tsv"
        raise RequestError(f"the format {name} cannot show the counts of --facet", hint)
    return bool(flags.facets) and (name or default_format(world)) in FACETS_ALONE


def format_name(given: str | None, *, files: bool, count: bool) -> str | None:
    """Return the format that -f, -l, -0 and -c ask for together, or None for the default."""
    asked = {given} if given else set[str]()
    asked |= {"paths"} if files else set()
    asked |= {"count"} if count else set()
    if len(asked) > 1:
        raise RequestError(f"give one output format, not {len(asked)}: {', '.join(sorted(asked))}")
    return next(iter(asked), None)


def _opened(session: Session) -> Engine:
    """Open the index, which is built first where there is a corpus and none yet."""
    try:
        return session.engine()
    except IndexMissing as exc:
        from search.cli.run_build import build_first

        build_first(session, exc)
    return session.engine()


def _say_which_filters_are_empty(
    world: World, engine: Engine, question: Question, results: Results
) -> None:
    """Say which filters, where nothing was found, let nothing through whatever is looked for."""
    if results.total or not question.filters():
        return
    from search.searching.empty_filters import empty_filters

    for line in empty_filters(engine, question):
        world.tell(line)


def _say_what_was_not_found(
    session: Session, question: Question, results: Results, name: str
) -> None:
    """Say what the hits are that do not match the whole query, and what may have been meant."""
    world = session.world
    if not results.total and kind_of(question.tree())[0] == PAGE:
        _say_which_have_no_record(session)
    if results.suggestions:
        meant = ", ".join(f"{safe(each.query)} ({each.total:,})" for each in results.suggestions)
        world.tell(f"Did you mean: {meant}?")
    if results.beside:
        world.tell("No article has it; it stands beside the articles of these pages.")
    if results.partial:
        world.tell(
            "No article matches the whole query; these match parts of it (--no-partial: none)."
        )
    if filled(results) and name != "rich":  # whose page says it
        match = "matches" if filled(results) == 1 else "match"
        world.tell(
            f"{whole_matches(results)}; {filled(results)} below {match} parts of it"
            " (--no-partial: none)."
        )


def _say_how_it_is_read(world: World, question: Question) -> None:
    if note := read_as_text(question):
        world.tell(note)


def read_as_text(question: Question) -> str:
    """Return what to say of a text with an odd quote or bracket, which was not read as a query."""
    if question.mode != "query" or not question.text.strip():
        return ""
    note = read(question.text)[1]
    how = "Read as plain text, without quotes and brackets"
    return note and f"{how}: {note} (-F: as one string)."


def _say_which_have_no_record(session: Session) -> None:
    """Say of how many papers the index holds no records of pages, being older than these."""
    files = session.folder.files(session.folder.state())
    unknown = [each.shown for each in files.values() if each.pages is None]
    if not unknown:
        return
    from search.papers.formats import may_hold_pages

    if older := sum(map(may_hold_pages, unknown)):
        papers = "1 paper was" if older == 1 else f"{older:,} papers were"
        session.world.tell(
            f"{papers} read before sou kept what is printed beside articles (in:page);"
            f" {sou('index --rebuild')} reads them again."
        )


def _say_what_is_left(
    world: World, results: Results, name: str | None, question: Question, *, asked: bool
) -> None:
    """Say that a pipe got the first hits only, unless that was asked for; or why it got none."""
    if not results.hits:
        say_it_is_past_the_last(world, question.offset, results.total)
        return
    shown = sum(1 + len(hit.also) for hit in results.hits if not hit.partial or results.partial)
    # Who pages on knows that there is more; and an offset counts no copies.
    rest = results.total > shown and not question.offset and not filled(results)
    if rest and not asked and not world.terminal and name not in ALL_BY_DEFAULT:
        noun = "pages" if results.hits[0].kind == PAGE else "articles"
        world.tell(f"{shown} of {results.total} {noun}; -n 0 gives all.")


def say_it_is_past_the_last(world: World, offset: int, total: int) -> None:
    """Say why nothing is shown though something was found: all of it was to be skipped."""
    if offset and total:
        found = f"{total:,} {'article was' if total == 1 else 'articles were'} found"
        copies = ", including copies" if offset < total else ""
        world.tell(f"--offset {offset} is past the last hit: {found}{copies}.")


def _explain(world: World, question: Question) -> None:
    """Say how the query was read: its tree, and the words and pairs of each text."""
    from search.query.explain import explained

    tree = question.tree()
    for line in explained(tree, question.looser()):
        world.tell(line)
    if question.synonyms and tree != replace(question, synonyms=None).tree():
        world.tell("with the synonyms in synonyms.txt (--no-synonyms leaves them out)")
