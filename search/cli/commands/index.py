"""sou index: build the index, or bring it up to date."""

from __future__ import annotations

from pathlib import Path

from search.cli.run_build import build_index, exit_status
from search.cli.session import Session
from search.output.world import World


def index(
    world: World,
    *,
    paths: list[Path],
    rebuild: bool,
    dry_run: bool,
    jobs: int | None,
    yes: bool,
    follow_links: bool,
    verbose: bool,
    index: Path | None,
) -> int:
    """Index papers: new and changed files are read, removed ones taken out.

    With no PATH, all that the index was made from, and the corpus/ beside it. --rebuild with
    a PATH keeps only what is there. Where much would leave the index, that is asked about.
    """
    session = Session(world, index)
    report = build_index(
        session,
        paths,
        rebuild=rebuild,
        dry_run=dry_run,
        verbose=verbose,
        jobs=jobs,
        yes=yes,
        follow_links=follow_links,
    )
    return exit_status(report)
