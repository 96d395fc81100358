"""sou status and sou check: what the index is, and whether it is whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from search.cli.session import Session
from search.model.errors import EXIT_FOUND, EXIT_INDEX, IndexOutdated
from search.output.safe import safe, safe_path
from search.output.world import World
from search.storage.state import State

if TYPE_CHECKING:
    from search.indexing.check import Checked


def status(world: World, *, index: Path | None) -> int:
    """Say where the index is, what it was made from, and when."""
    from search.cli.run_build import read_by_older as told_older
    from search.papers.reading_version import read_by_older

    session = Session(world, index)
    folder, write = session.folder, session.world.write
    state = folder.state()
    # Of an index of another version, nothing but what it was made from is known.
    files = folder.current(folder.files) if state.change else {}
    size = folder.size(state)
    write(f"index     {safe_path(str(folder.path))}\n")
    write(f"articles  {sum(record.articles for record in files.values()):,}\n")
    write(f"files     {len(files):,}\n")
    write(
        f"size      {size / 1e6:,.1f} MB\n" if size > 1e6 else f"size      {size / 1e3:,.0f} kB\n"
    )
    write(f"updated   {safe(state.updated)}\n")
    for source in state.sources:
        # Path.exists raises for some names.
        missing = "" if os.path.exists(source.root) else "  (missing)"  # noqa: PTH110
        write(f"source    {safe_path(source.shown)}{missing}\n")
    versions = (item for item in state.analysis.items() if item[0] != "words")
    analysis = ", ".join(f"{name} {version}" for name, version in versions)
    write(f"analysis  {safe(analysis)}\n")
    if older := read_by_older((known.shown, known.reading) for known in files.values()):
        write(f"reading   {told_older(older)}\n")
    _user_files(session, state)
    try:
        folder.current_state()
    except IndexOutdated as exc:
        session.world.tell(f"sou: {exc.message}", f"     {exc.hint}")
        return EXIT_INDEX
    return EXIT_FOUND


def _user_files(session: Session, state: State) -> None:
    """Say which words and synonyms of the user's own hold, and when a rebuild would help."""
    from search.analysis import user_dictionary

    write, settings = session.world.write, session.settings
    if synonyms := session.synonyms():
        write(f"synonyms  {len(synonyms):,} words in {safe_path(str(settings.synonyms))}\n")
    words = user_dictionary.used()
    if words:
        write(f"words     {len(words):,} in {safe_path(str(settings.words))}\n")
    if state.analysis.get("words", 0) != user_dictionary.fingerprint(words):
        session.world.tell(
            f"{settings.words.name} has changed since the index was built.",
            "Queries use the new words; to use them in the ranking too: sou index --rebuild",
        )


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
            "The index is damaged. Repair it from the papers: sou check --repair",
            "Or rebuild it beside this one: sou index --rebuild",
        )
        return EXIT_INDEX
    session.world.write("The index is sound.\n")
    return EXIT_FOUND


def _tell_faults(session: Session, checked: Checked) -> None:
    for fault in checked.faults:
        session.world.write(f"{safe_path(fault)}\n")
    for remark in checked.untidy:
        session.world.tell(safe_path(remark))
