"""sou QUERY: ranked articles with highlighted snippets."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from search.cli import options
from search.cli.session import Session, command
from search.errors import EXIT_FOUND, EXIT_NOTHING, RequestError
from search.find import Question, find
from search.output.world import World
from search.query.tree import positive_leaves, relaxed, render
from search.results import Results

WITHOUT_SNIPPETS = {"paths", "count", "trec"}
ALL_BY_DEFAULT = {"paths", "count"}


@command
def search(
    ctx: typer.Context,
    query: Annotated[
        Optional[list[str]], typer.Argument(metavar="[QUERY]...", show_default=False)
    ] = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    sort: options.Sort = options.SortName.relevance,
    field: options.In = None,
    since: options.Since = None,
    until: options.Until = None,
    paper: options.Paper = None,
    author: options.Author = None,
    path: options.PathGlob = None,
    any_: options.Any_ = False,
    literal: options.Literal_ = False,
    no_partial: options.NoPartial = False,
    explain: options.Explain = False,
    format_: options.Format = None,
    files: options.PathsOnly = False,
    count: options.Count = False,
    nul: options.Nul = False,
    index: options.Index = None,
) -> int:
    """Search the papers: sou 志愿服务, sou '"会议召开" -旅游', sou 马拉松 --since 2023.

    Words are ANDed; OR, NOT, -, (), "strings", title: author: paper: date: work as they do
    elsewhere, in full width too. See docs/query.md.
    """
    session = Session(ctx.obj, index)
    name = format_name(format_, files=files or nul, count=count)
    limit_given = limit is not None
    if not limit_given and name not in ALL_BY_DEFAULT:
        limit = session.settings.limit
    flags = options.Flags(
        limit,
        offset,
        sort,
        field,
        since,
        until,
        papers=paper,
        authors=author,
        paths=path,
        any_=any_,
        literal=literal,
        # A list of files and a count go to programs, which do not read notes.
        partial=not no_partial and name not in ALL_BY_DEFAULT,
        explain=explain,
    )
    question = flags.question(" ".join(query or []))
    question.tree()  # a query that cannot be read is said before an index is built
    engine = session.engine(build=True)
    try:
        if explain:
            _explain(session.world, question)
        results = find(
            engine, question, dressed=name not in WITHOUT_SNIPPETS, counted=name == "count"
        )
    finally:
        engine.close()
    if results.partial:
        session.world.tell(
            "No article matches the whole query; these match parts of it (--no-partial: none)."
        )
    session.format(name, nul=nul).results(results)
    _say_what_is_left(session.world, results, name, asked=limit_given)
    return EXIT_FOUND if results.total else EXIT_NOTHING


def format_name(given: options.FormatName | None, *, files: bool, count: bool) -> str | None:
    """Return the format that -f, -l, -0 and -c ask for together, or None for the default."""
    asked = {given.value} if given else set[str]()
    asked |= {"paths"} if files else set()
    asked |= {"count"} if count else set()
    if len(asked) > 1:
        raise RequestError(f"ask for one format, not {len(asked)}: {', '.join(sorted(asked))}")
    return next(iter(asked), None)


def _say_what_is_left(world: World, results: Results, name: str | None, *, asked: bool) -> None:
    """Say that a pipe got the first hits only, unless that was asked for."""
    rest = results.total - len(results.hits)
    if (
        rest > 0
        and results.hits
        and not asked
        and not world.terminal
        and name not in ALL_BY_DEFAULT
    ):
        world.tell(f"{len(results.hits)} of {results.total} articles; -n 0 gives all.")


def _explain(world: World, question: Question) -> None:
    """Say how the query was read: its tree, and the words and pairs of each text."""
    from search.query import units

    tree = question.tree()
    world.tell("The query was read as")
    for line in render(tree):
        world.tell(f"  {line}")
    for leaf in positive_leaves(tree):
        world.tell(f"{leaf.text!r}: words {' '.join(units.words(leaf.text)) or '-'}")
    if looser := relaxed(tree):
        world.tell("and if no article matches that, as")
        for line in render(looser):
            world.tell(f"  {line}")
