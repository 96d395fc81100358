"""sou status and sou check: what the index is, and whether it is whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.cli.session import Session
from search.model.errors import EXIT_FOUND, EXIT_INDEX, IndexOutdated
from search.model.path_spelling import bytes_fields, shown_raw
from search.model.told_commands import sou
from search.output.safe import safe, safe_path
from search.output.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.indexing.check import Checked


def status(world: World, *, format_: str | None, index: Path | None) -> int:
    """Say where the index is, what it was made from, and when."""
    session = Session(world, index)
    found = _status(session)
    if format_ == "json":
        from search.output.json_records import to_json

        world.write(to_json(found, unicode=world.unicode) + "\n")
    else:
        for line in _lines(found):
            world.write(f"{line}\n")
    if found["words_changed"]:
        session.world.tell(
            f"{session.settings.words.name} has changed since the index was built.",
            f"Queries use the new words; to use them in the ranking too: {sou('index --rebuild')}",
        )
    try:
        session.folder.current_state()
    except IndexOutdated as exc:
        session.world.tell(f"sou: {exc.message}", f"     {exc.hint}")
        return EXIT_INDEX
    return EXIT_FOUND


def _status(session: Session) -> dict[str, Any]:
    """Return what there is to say of an index (`sou.status/1`). Raises what `state` does."""
    from search.analysis import user_dictionary
    from search.papers.reading_version import read_by_older

    folder, settings = session.folder, session.settings
    state = folder.state()
    # Of an index of another version, nothing but what it was made from is known.
    files = folder.current(folder.files) if state.change else None
    records = (files or {}).values()
    synonyms, words = session.synonyms(), user_dictionary.used()
    return {
        "schema": "sou.status/1",
        "index": str(folder.path),
        "state": "current" if files is not None else "outdated",
        "articles": sum(record.articles for record in records) if files is not None else None,
        "files": len(files) if files is not None else None,
        "bytes": folder.size(state),
        "updated": state.updated,
        "sources": [
            {
                "path": shown_raw(source.shown),
                "root": shown_raw(source.root),
                # Path.exists raises for some names.
                "there": os.path.exists(source.root),  # noqa: PTH110
                **bytes_fields(path=source.shown, root=source.root),
            }
            for source in state.sources
        ],
        "analysis": {name: value for name, value in state.analysis.items() if name != "words"},
        "read_by_older": read_by_older((known.shown, known.reading) for known in records),
        "synonyms": {"path": str(settings.synonyms), "words": len(synonyms)} if synonyms else None,
        "words": {"path": str(settings.words), "words": len(words)} if words else None,
        "words_changed": state.analysis.get("words", 0) != user_dictionary.fingerprint(words),
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield what there is to say of an index, a line each."""
    from search.cli.run_build import read_by_older as told_older

    def number(name: str) -> str:
        return "not known" if found[name] is None else f"{found[name]:,}"

    size = found["bytes"]
    yield f"index     {safe_path(found['index'])}"
    yield f"articles  {number('articles')}"
    yield f"files     {number('files')}"
    yield f"size      {size / 1e6:,.1f} MB" if size > 1e6 else f"size      {size / 1e3:,.0f} kB"
    yield f"updated   {safe(found['updated'])}"
    for source in found["sources"]:
        yield f"source    {safe_path(source['path'])}{'' if source['there'] else '  (missing)'}"
    analysis = ", ".join(f"{name} {version}" for name, version in found["analysis"].items())
    yield f"analysis  {safe(analysis)}"
    if found["read_by_older"]:
        yield f"reading   {told_older(found['read_by_older'])}"
    if synonyms := found["synonyms"]:
        yield f"synonyms  {synonyms['words']:,} words in {safe_path(synonyms['path'])}"
    if words := found["words"]:
        yield f"words     {words['words']:,} in {safe_path(words['path'])}"


def check(world: World, *, repair: bool, yes: bool, index: Path | None) -> int:
    """Read the whole index and say whether it is sound; --repair repairs it from the papers."""
    from search.cli.progress import Meter
    from search.indexing.check import check_index

    session = Session(world, index)

    def look() -> Checked:
        with Meter(session.world, "checking") as meter:
            found = check_index(session.folder, meter.checked)
        _tell_faults(session, found)
        return found

    checked = look()
    if repair and (checked.faults or checked.untidy):
        from search.cli.run_build import build_index

        build_index(session, [], repair=True, yes=yes)
        checked = look()
    if checked.faults:
        session.world.tell(
            f"The index is damaged. Repair it from the papers: {sou('check --repair')}",
            f"Or rebuild it beside this one: {sou('index --rebuild')}",
        )
        return EXIT_INDEX
    session.world.write("The index is sound.\n")
    return EXIT_FOUND


def _tell_faults(session: Session, checked: Checked) -> None:
    for fault in checked.faults:
        session.world.write(f"{safe_path(fault)}\n")
    for remark in checked.untidy:
        session.world.tell(safe_path(remark))
