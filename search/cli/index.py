"""sou index: build the index, or bring it up to date."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from search.cli import options
from search.cli.options import command
from search.cli.session import Session
from search.errors import EXIT_FOUND, EXIT_REQUEST, RequestError

if TYPE_CHECKING:
    from search.build import Report
    from search.cli.progress import Meter
    from search.store import Source

MOST_LISTED = 20
"""Lines of problems printed; the rest are counted. All of them with --verbose."""


@command
def index(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...", help="Files and folders of papers.", show_default=False
        ),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Read everything anew, beside the running index.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, help="Processes; default: one a core.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Name every file that was touched.")
    ] = False,
    index: options.Index = None,
) -> int:
    """Index papers: new and changed files are read, removed ones taken out.

    With no PATH, the folders that the index was made from, and the corpus/ beside it.
    --rebuild with a PATH keeps only what is there.
    """
    session = Session(ctx.obj, index)
    report = build_index(
        session, paths or [], rebuild=rebuild, dry_run=dry_run, verbose=verbose, jobs=jobs
    )
    lost = any(problem.lost for problem in report.problems)
    return EXIT_REQUEST if report.failed or lost else EXIT_FOUND


def build_index(
    session: Session,
    paths: list[Path],
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    verbose: bool = False,
    jobs: int | None = None,
) -> Report:
    """Build with a progress bar and print what was done to stderr."""
    from search.build import build
    from search.papers.read import Limits

    settings = session.settings
    sources = [_source(path) for path in paths] or session.corpus()
    limits = Limits(
        max_page_bytes=int(settings.max_page_mb * 2**20),
        max_record_chars=int(settings.max_record_mb * 2**20),
    )
    with _meter(session, quiet=dry_run) as meter:
        report = build(
            session.folder,
            sources,
            rebuild=rebuild,
            dry_run=dry_run,
            limits=limits,
            jobs=jobs,
            **({"progress": meter} if meter else {}),
        )
    _summary(session, report, dry_run=dry_run, verbose=verbose)
    return report


def _meter(session: Session, *, quiet: bool) -> AbstractContextManager[Meter | None]:
    if quiet:
        return nullcontext()
    from search.cli.progress import Meter

    return Meter(session.world)


def _source(path: Path) -> Source:
    from search.store import Source

    if not path.exists():
        raise RequestError(f"no such file or folder: {path}")
    return Source(os.path.realpath(path), str(path))


def _summary(session: Session, report: Report, *, dry_run: bool, verbose: bool) -> None:
    tell = session.world.tell
    if report.reason:
        tell(f"{'Would be built' if dry_run else 'Built'} anew: {report.reason}.")
    if verbose or dry_run:
        for sign, names in (("+", report.new), ("~", report.changed), ("-", report.removed)):
            for name in names:
                tell(f"  {sign} {name}")
    for name in report.empty:
        tell(f"  {name}: nothing in it")
    listed = report.failed + report.problems
    most = len(listed) if verbose else MOST_LISTED
    for problem in listed[:most]:
        tell(f"  cannot read {problem}" if problem.lost else f"  {problem}")
    if len(listed) > most:
        tell(f"  ... and {len(listed) - most} more; --verbose names all")
    counts = [
        f"{len(report.new)} new",
        f"{len(report.changed)} changed",
        f"{len(report.removed)} removed",
        f"{report.unchanged} unchanged",
        f"{len(report.failed)} failed",
    ]
    lost = sum(problem.lost for problem in report.problems)
    if lost:
        counts.append(f"{lost} records unreadable")
    line = f"Files: {', '.join(counts)}."
    if dry_run:
        tell(f"{line} Nothing was done (--dry-run).")
    else:
        articles = f"{report.total:,} articles in {session.folder.path}"
        tell(f"{line} {articles}, {report.seconds:.1f} s.")
