"""Carrying out a search for the command line. Without Typer: see `quick`."""

from __future__ import annotations

from pathlib import Path

from search.cli.flags import Flags
from search.cli.session import Session
from search.errors import EXIT_FOUND, EXIT_NOTHING, RequestError
from search.find import Question, find
from search.output.world import World
from search.record import record, replace
from search.results import Results

WITHOUT_SNIPPETS = {"paths", "count", "trec"}
ALL_BY_DEFAULT = {"paths", "count"}
ROWS = {"csv", "tsv"}
"""Formats in which every article has a row of its own, copies too."""


@record
class Call:
    """One call of `sou search`: the words, the flags and how the answer is to be written."""

    words: tuple[str, ...] = ()
    flags: Flags = Flags()
    format: str | None = None
    files: bool = False
    count: bool = False
    nul: bool = False
    index: Path | None = None


def search(world: World, call: Call) -> int:
    """Search, write the answer, and return the exit status."""
    session = Session(world, call.index)
    flags = call.flags
    name = format_name(call.format, files=call.files or call.nul, count=call.count)
    if flags.limit is None and name not in ALL_BY_DEFAULT:
        flags = replace(flags, limit=session.settings.limit)
    if name in ALL_BY_DEFAULT:  # they go to programs, which do not read notes
        flags = replace(flags, partial=False)
    if name in ROWS:
        flags = replace(flags, dedupe=False)
    question = flags.question(" ".join(call.words))
    question.tree()  # a query that cannot be read is said before an index is built
    engine = session.engine(build=True)
    try:
        if flags.explain:
            _explain(world, question)
        results = find(
            engine,
            question,
            dressed=name not in WITHOUT_SNIPPETS,
            counted=name == "count",
            files=name == "paths",
        )
    finally:
        engine.close()
    if results.partial:
        world.tell(
            "No article matches the whole query; these match parts of it (--no-partial: none)."
        )
    session.format(name, nul=call.nul).results(results)
    _say_what_is_left(world, results, name, asked=call.flags.limit is not None)
    return EXIT_FOUND if results.total else EXIT_NOTHING


def format_name(given: str | None, *, files: bool, count: bool) -> str | None:
    """Return the format that -f, -l, -0 and -c ask for together, or None for the default."""
    asked = {given} if given else set[str]()
    asked |= {"paths"} if files else set()
    asked |= {"count"} if count else set()
    if len(asked) > 1:
        raise RequestError(f"ask for one format, not {len(asked)}: {', '.join(sorted(asked))}")
    return next(iter(asked), None)


def _say_what_is_left(world: World, results: Results, name: str | None, *, asked: bool) -> None:
    """Say that a pipe got the first hits only, unless that was asked for."""
    shown = sum(1 + len(hit.also) for hit in results.hits)
    rest = results.total - shown
    if (
        rest > 0
        and results.hits
        and not asked
        and not world.terminal
        and name not in ALL_BY_DEFAULT
    ):
        world.tell(f"{shown} of {results.total} articles; -n 0 gives all.")


def _explain(world: World, question: Question) -> None:
    """Say how the query was read: its tree, and the words and pairs of each text."""
    from search.query.explain import explained

    for line in explained(question.tree()):
        world.tell(line)
