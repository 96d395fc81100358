"""Building for a command: with a progress bar and questions, and a summary of what was done."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from search.cli.session import Session
from search.model.errors import EXIT_FOUND, EXIT_REQUEST, IndexMissing
from search.model.path_spelling import shown
from search.model.told_commands import sou
from search.project import ownership

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.indexing.report import Report
    from search.model.source_rule import SourceRule
    from search.papers.problem import Problem
    from search.storage.state import Source

MOST_LISTED = 20
"""Lines of problems printed; the rest are counted. All of them with --verbose."""

COLUMNS_LISTED = 12
"""Columns named that were not used; all of them with --verbose."""

KINDS_NAMED = 8
"""Kinds of files named that were skipped; the rest are counted. All of them with --verbose."""

_PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".djvu"}

LINKS_LISTED = 3
"""Links named that were not followed; the rest are counted. All of them with --verbose."""


def exit_status(report: Report) -> int:
    """Return the exit status of a build: all that was asked for was done, or it was not."""
    return EXIT_FOUND if report.complete else EXIT_REQUEST


def build_index(
    session: Session,
    paths: list[Path],
    *,
    forget: list[Source] | None = None,
    rebuild: bool = False,
    dry_run: bool = False,
    verbose: bool = False,
    jobs: int | None = None,
    yes: bool = False,
    follow_links: bool = False,
    repair: bool = False,
    typed: Sequence[SourceRule] = (),
) -> Report:
    """Build with a progress bar and print what was done to stderr."""
    from search.cli.progress import Meter
    from search.cli.questions import Questions, may_ask, says_yes
    from search.cli.unfilled import tell_unfilled
    from search.indexing.said import Said
    from search.indexing.update import build
    from search.project.consent import Consent, source_named

    settings = session.settings
    if not settings.named:
        ownership.require(settings.index)
    named = [source_named(path) for path in paths]
    questions = Questions(session.world, yes=yes, dry_run=dry_run, verbose=verbose)
    consent = Consent(
        settings,
        named,
        yes=yes,
        tell=session.world.tell,
        ask=partial(says_yes, session.world) if may_ask(session.world) else None,
    )
    with nullcontext() if dry_run else Meter(session.world) as meter:
        if meter:
            questions.clear = meter.clear
        report = build(
            session.folder,
            named,
            beside=session.corpus(),
            forget=forget,
            rebuild=rebuild,
            dry_run=dry_run,
            limits=settings.limits(),
            jobs=jobs,
            consent=consent,
            follow_links=follow_links,
            repair=repair,
            give_up=yes,
            permit=questions.permit,
            follow=questions.follow,
            corrections=session.corrections(),
            said=Said(settings.rules, settings.papers, tuple(typed)),
            progress=meter or (lambda *_: None),
        )
    if not dry_run:
        if unkept := consent.keep():
            session.world.tell(unkept)
        if not settings.named:
            _warn_of_owners(session)
    if report.remark:
        session.world.tell(report.remark)
    if report.closed:
        session.world.tell(
            f"{session.folder.path} could be read by people who may not read all of the papers; it "
            "is closed to them now (chmod opens it again)."
        )
    _summary(session, report, dry_run=dry_run, verbose=verbose)
    tell_unfilled(session, report, verbose=verbose)
    return report


def build_first(session: Session, missing: IndexMissing) -> None:
    """Build an index that is missing from the corpus that goes with it.

    Raises IndexMissing where there is no corpus, or none that may be read unasked.
    """
    sources = session.corpus()
    if not sources:
        raise missing
    from search.project.consent import why_not_by_itself

    reason = why_not_by_itself(session.settings, sources)
    if reason:
        message = f"{missing.message}, and none is built automatically: {reason}"
        raise IndexMissing(message, missing.hint)
    names = ", ".join(source.shown for source in sources)
    session.world.tell(f"There is no index yet: building one from {names}")
    build_index(session, [])


def _summary(session: Session, report: Report, *, dry_run: bool, verbose: bool) -> None:
    from search.indexing.problem_log import MOST

    tell = session.world.tell
    _of_damage(session, report, dry_run=dry_run)
    if verbose or dry_run:
        for sign, names in (("+", report.new), ("~", report.changed), ("-", report.removed)):
            for name in names:
                tell(f"  {sign} {shown(name)}")
    for remark in _remarks(report, all_=verbose):
        tell(remark)
    _problems(session, report.failed + report.problems + report.remarks, verbose=verbose)
    _unused(session, report, verbose=verbose)
    _left(session, report, dry_run=dry_run, verbose=verbose)
    counts = [
        f"{len(report.new)} new",
        f"{len(report.changed)} changed",
        f"{len(report.removed)} removed",
        f"{report.unchanged} unchanged",
        f"{len(report.failed)} failed",
    ]
    if report.kept:
        counts.append(f"{report.kept} kept as they were")
    lost = sum(problem.lost for problem in report.problems)
    if lost:
        # More than are told one by one are one problem of many.
        several = " or more" if lost > MOST else ""
        records = "record" if lost == 1 else "records"
        counts.append(f"{lost}{several} {records} unreadable")
    line = f"Files: {', '.join(counts)}."
    if dry_run:
        tell(f"{line} Nothing was done (--dry-run).")
    else:
        articles = f"{report.total:,} articles in {session.folder.path}"
        tell(f"{line} {articles}, {report.seconds:.1f} s.")
    if report.older:
        tell(read_by_older(report.older))


def read_by_older(number: int) -> str:
    """Say how many papers were read by an older sou, and how they are read anew."""
    papers = "1 paper was" if number == 1 else f"{number:,} papers were"
    return f"{papers} read by an older sou; to read all anew: {sou('index --rebuild')}"


def _of_damage(session: Session, report: Report, *, dry_run: bool) -> None:
    """Say why more was read than has changed, and what could not be restored."""
    tell = session.world.tell
    if report.reason:
        tell(f"{'Would be rebuilt' if dry_run else 'Rebuilt'}: {report.reason}.")
    from search.indexing.report import articles

    if report.reread:
        tell(f"{'Would be read' if dry_run else 'Read'} again, all of it: {report.reread}.")
    for name, number in report.lost:
        tell(
            f"  {shown(name)}: {articles(number)} given up; {sou('index')} brings back what it finds there again"
        )


def _left(session: Session, report: Report, *, dry_run: bool, verbose: bool) -> None:
    """Say which sources were not looked at, and what was not taken out of the index."""
    from search.indexing.report import described, why_stopped

    tell = session.world.tell
    for moved in report.followed:
        took = "would be used" if dry_run else "is used"
        tell(f"{moved.place.root} {took} as {moved.source.shown}, which was {moved.source.root}.")
    for stopped in report.stopped:
        message, hint = why_stopped(stopped, report.sources, report.links, report.moved)
        tell(f"sou: {message}", f"     {hint}")
    for loss in report.held:
        kept = "would not be taken out" if dry_run else "not taken out"
        tell(f"sou: {kept}: {described(loss, whole=verbose)}", f"     {KEPT}")


KEPT = (
    "new files are read all the same; to take these articles out, run it again and answer yes, "
    "or use --yes where nobody is asked"
)


def _warn_of_owners(session: Session) -> None:
    """Say so where what sou has made belongs to somebody else: it would be refused next time."""
    whose = ownership.other_owner(session.settings.index)
    if whose:  # NFS with root_squash, a folder of Windows under WSL
        session.world.tell(
            f"sou: this file system says that the new index belongs to another user ({whose}), so "
            f"it will be refused where it is found; {ownership.how_to_trust(session.settings.index)}"
        )


def _remarks(report: Report, *, all_: bool) -> Iterator[str]:
    """Yield what there is to say of what is no paper, or an empty one."""
    if report.links:
        yield _links(report, all_=all_)
    if report.strays:
        yield _strays(report, all_=all_)
    for name in report.empty:
        yield f"  {shown(name)}: empty"
    if report.skipped:
        yield _skipped(report.skipped, all_=all_)


def _skipped(kinds: dict[str, int], *, all_: bool) -> str:
    """Return the remark about files of kinds that are not read."""
    most = len(kinds) if all_ else KINDS_NAMED
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(
        f"{number:,} {kind or 'without extension'}" for kind, number in ordered[:most]
    )
    if len(ordered) > most:
        more = len(ordered) - most
        named += f" and {more} more kind{'s' if more > 1 else ''}"
    hint = "; pictures have no text before OCR" if _PICTURES & kinds.keys() else ""
    return f"  skipped: {named} (hidden files are not counted){hint}"


def _links(report: Report, *, all_: bool) -> str:
    """Return the remark about links that were not followed."""
    from search.output.safe import safe_path

    number = len(report.links)
    named = report.links[: number if all_ else LINKS_LISTED]
    names = ", ".join(safe_path(shown(name)) for name in named)
    if number > len(named):
        names += f" and {number - len(named)} more (-v lists all)"
    subject = (
        "1 link leads out of its folder and is"
        if number == 1
        else (f"{number} links lead out of their folders and are")
    )
    lost = report.unlinked
    left = f"{lost} files that were read through links leave the index; " if lost else ""
    if lost == 1:
        left = "1 file that was read through a link leaves the index; "
    return f"  {subject} not followed: {names} ({left}--follow-links reads them)"


def _strays(report: Report, *, all_: bool) -> str:
    """Return the remark about corrections whose papers are not there."""
    from search.cli.typed import typed
    from search.output.safe import safe_path

    number = len(report.strays)
    first, *others = report.strays
    remove = sou(f"correct {safe_path(typed(first.paper))} --remove")
    how = "if that was renamed, rename this to match it; if it is gone, take this back"
    if not others:
        return f"  {safe_path(shown(first.shown))}: its paper is not there; {how}: {remove}"
    named = report.strays[: number if all_ else LINKS_LISTED]
    names = ", ".join(safe_path(shown(each.shown)) for each in named)
    if number > len(named):
        names += f" and {number - len(named)} more (-v lists all)"
    how = "rename them to match their papers, or take each back"
    return f"  {number} corrections are of papers that are not there: {names}; {how}: {remove}"


def _unused(session: Session, report: Report, *, verbose: bool) -> None:
    """Say which columns of records became no field, a line for all files with the same."""
    from search.output.safe import safe_path

    each = list(report.unused.items())
    for columns, files in each if verbose else each[:MOST_LISTED]:
        shown = len(columns) if verbose else COLUMNS_LISTED
        names = ", ".join(columns[:shown]) + (", …" if len(columns) > shown else "")
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        session.world.tell(
            f"  columns not used: {names} ({safe_path(files[0])}{more}); "
            "name them in [[source]] columns = {…}"
        )
    if len(each) > MOST_LISTED and not verbose:
        session.world.tell(
            f"  ... and other columns of {len(each) - MOST_LISTED} more; --verbose lists all"
        )


def _problems(session: Session, listed: list[Problem], *, verbose: bool) -> None:
    """Print what could not be read; with --verbose all of it, and where in sou readers failed."""
    tell = session.world.tell
    most = len(listed) if verbose else MOST_LISTED
    for problem in listed[:most]:
        tell(f"  cannot read {problem}" if problem.lost else f"  {problem}")
        for line in problem.detail.splitlines() if verbose else ():
            tell(f"    {line}")
    if len(listed) > most:
        tell(f"  ... and {len(listed) - most} more; --verbose lists all")
