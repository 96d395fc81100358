"""sou sources: the files and folders that an index is made from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from search.cli.session import Session
from search.model.errors import EXIT_FOUND, EXIT_NOTHING, RequestError
from search.model.path_spelling import bytes_fields, shown_raw
from search.model.source_rule import CONSTANTS, SourceRule
from search.model.told_commands import sou
from search.output.world import World
from search.system.files import inside

if TYPE_CHECKING:
    from search.indexing.source_status import SourceStatus
    from search.model.article import Record
    from search.storage.state import Source

Rules: TypeAlias = tuple[SourceRule, ...]
"""What sou.toml and the index say of papers."""


def sources(
    world: World,
    *,
    add: list[Path] | None,
    remove: list[str] | None,
    yes: bool,
    verbose: bool,
    format_: str | None,
    index: Path | None,
) -> int:
    """List the files and folders that the index is made from; add some, or remove them.

    Both take effect at once. Papers are only read: none is ever removed from its folder.
    """
    from search.output.formats import default_format

    session = Session(world, index)
    if add or remove:
        return _change(session, add or [], remove or [], yes=yes, verbose=verbose)
    name = format_ or default_format(session.world)
    if name not in _WRITERS:
        raise RequestError(f"sources cannot be written as {name}", f"use {', '.join(_WRITERS)}")
    from search.indexing.source_status import statuses

    found = statuses(session.folder)
    rules = (*session.settings.rules, *session.folder.state().rules)
    _WRITERS[name](session.world, found, rules)
    return EXIT_FOUND if found else EXIT_NOTHING


def _change(
    session: Session, add: list[Path], remove: list[str], *, yes: bool, verbose: bool
) -> int:
    """Add and remove sources, in one change to the index."""
    from search.cli.questions import Questions
    from search.cli.run_build import build_index, exit_status

    forget = _chosen(session, remove) if remove else []
    if forget and not add and len(forget) == len(session.folder.state().sources):
        raise RequestError(
            "this would remove every source of the index; nothing was changed",
            "add the source that is to replace them: --add PATH",
        )
    if forget:
        from search.indexing.report import named
        from search.indexing.source_status import statuses

        articles = sum(each.articles for each in statuses(session.folder) if each.source in forget)
        names = ", ".join(map(named, forget))
        Questions(session.world, yes=yes, dry_run=False).removal(names, articles)
    report = build_index(session, add, forget=forget, yes=yes, verbose=verbose)
    for source in session.corpus():
        if any(source.root == gone.root for gone in forget):
            session.world.tell(
                f"The next {sou('index')} reads {source.shown} again, since it lies beside the index: "
                "move it away, or write corpus = [] in sou.toml."
            )
    return exit_status(report)


def _chosen(session: Session, names: list[str]) -> list[Source]:
    """Return the sources of the index that are meant, by the name or the place of each."""
    known = session.folder.state().sources
    chosen = []
    for name in names:
        bare = name.rstrip("/" + os.sep) or name
        places = {os.path.abspath(bare), os.path.realpath(bare)}  # noqa: PTH100  (it may be gone)
        found = [source for source in known if source.shown.rstrip("/") == bare]
        here = [source for source in known if source.root in places]
        if found and here and found != here:
            raise RequestError(
                f"{name} is the name of one source and the place of another",
                f"name one of them in full: {found[0].root} or {here[0].root}",
            )
        found = found or here
        if not found:
            raise RequestError(f"{name} is not a source of this index", _hint(known, places))
        chosen += [source for source in found if source not in chosen]
    return chosen


def _hint(known: tuple[Source, ...], places: set[str]) -> str:
    for source in known:
        if any(inside(place, source.root) for place in places):
            return f"it is part of the source {source.shown}, and only whole sources can be removed"
    return f"the sources are: {', '.join(source.shown for source in known)}"


def _rules_of(each: SourceStatus, rules: Rules) -> list[SourceRule]:
    """Return what is said of papers in a source."""
    root = each.source.root
    return [
        rule
        for rule in rules
        if not rule.says_nothing and (inside(rule.path, root) or inside(root, rule.path))
    ]


def _said(rule: SourceRule) -> Record:
    told = {name: getattr(rule, name) for name in (*CONSTANTS, "pattern")}
    columns: dict[str, list[str]] = {}
    for field, column in rule.columns:
        columns.setdefault(field, []).append(column)
    where = "--source" if rule.typed else "sou.toml"
    some = {name: value for name, value in told.items() if value}
    return {"path": rule.shown, **some, **({"columns": columns} if columns else {}), "in": where}


def _record(each: SourceStatus, rules: Rules) -> Record:
    said = [_said(rule) for rule in _rules_of(each, rules)]
    return {
        "schema": "sou.source/1",
        "path": shown_raw(each.source.shown),
        "root": shown_raw(each.source.root),
        "state": each.state,
        "papers": each.papers,
        "articles": each.articles,
        **bytes_fields(path=each.source.shown, root=each.source.root),
    } | ({"said": said} if said else {})


def _json(world: World, found: list[SourceStatus], rules: Rules) -> None:
    from search.output.json_records import to_json

    whole: Record = {
        "schema": "sou.source-list/1",
        "sources": [_record(each, rules) for each in found],
    }
    world.write(to_json(whole, unicode=world.unicode) + "\n")


def _lines(world: World, found: list[SourceStatus], rules: Rules) -> None:
    from search.output.json_records import to_json

    for each in found:
        world.write(to_json(_record(each, rules), unicode=world.unicode) + "\n")


def _plain(world: World, found: list[SourceStatus], rules: Rules) -> None:
    from search.output.safe import safe_path

    for each in found:
        shown, root = (safe_path(shown_raw(text)) for text in (each.source.shown, each.source.root))
        said = "; ".join(_described(rule) for rule in _rules_of(each, rules))
        more = f"\t{safe_path(said)}" if said else ""
        world.write(f"{shown}\t{each.state}\t{each.papers}\t{each.articles}\t{root}{more}\n")


def _page(world: World, found: list[SourceStatus], rules: Rules) -> None:
    from search.output.safe import safe_path

    rows = [(f"{each.papers:,}", f"{each.articles:,}", each) for each in found]
    papers = max((len(row[0]) for row in rows), default=0)
    articles = max((len(row[1]) for row in rows), default=0)
    for number, parts, each in rows:
        name = safe_path(shown_raw(each.source.shown))
        state = "" if each.state == "there" else f"  ({each.state})"
        world.write(f"{number:>{papers}} papers  {parts:>{articles}} articles  {name}{state}\n")
        if each.source.root != each.source.shown:
            world.write(
                f"{' ' * (papers + articles + 19)}{safe_path(shown_raw(each.source.root))}\n"
            )
        for rule in _rules_of(each, rules):
            world.write(f"{' ' * (papers + articles + 19)}{safe_path(_described(rule))}\n")


def _described(rule: SourceRule) -> str:
    from search.papers.given.rules import described

    return f"{rule.name}: {described(rule)}"


_WRITERS: dict[str, Callable[[World, list[SourceStatus], Rules], None]] = {
    "rich": _page,
    "plain": _plain,
    "json": _json,
    "jsonl": _lines,
}
