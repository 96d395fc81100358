"""Building an index from Python: what `sou index` does, without a word to the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Any, TypeAlias

from search.analysis import user_dictionary
from search.api.arguments import number, place, yes_or_no
from search.api.own_words import Words, words_of
from search.model.errors import ConsentNeeded, RequestError
from search.model.frozen import frozen
from search.model.path_spelling import shown
from search.papers.problem import Problem

if TYPE_CHECKING:
    from search.indexing.report import Loss
    from search.indexing.report import Report as Told
    from search.project.settings import Settings

Progress: TypeAlias = Callable[[int, int, str], object]
"""Called with the bytes of papers read, the bytes to read in all, and what was done so far, in a
few words for people ("1,204 articles"). What it returns does not matter; an error that it raises
stops the build, and the index stays as it was."""

_one_at_a_time = Lock()
"""Builds of one process share what compresses texts and the processes that read papers."""
_builder: list[int] = []
"""The thread whose build is at work, if there is one."""


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other thread builds. Raises RequestError in the middle of one's own build."""
    if get_ident() in _builder:
        raise RequestError(
            "a build cannot be started in the middle of another", "wait until that has returned"
        )
    with _one_at_a_time:
        _builder.append(get_ident())
        try:
            yield
        finally:
            _builder.clear()


@frozen
class Report:
    """What a build did, or would do. Names of files are spelled as the sources were given.

    `new`, `changed` and `removed` are files; `unchanged` counts the others. `failed` is what
    could not be read: a file, or a folder. `problems` are parts of files that could not, and
    remarks on others (`lost` tells them apart). `stopped` says which sources were not looked at
    and why (a disk that is not mounted), `held` what was not taken out of the index, as it
    would have been much; `kept` counts the files that these keep in it. `notes` says what else
    there is to say. `unfilled` tells of how many articles a field is not known (the date, the paper,
    the page, the issue); it is empty where the index is as it was. `total` is the number of articles that the index holds then (0 in a dry run), and
    `seconds` the wall time. `rebuilt` says that the index was made anew, and `complete` that all
    that was asked for was done: where not, `sou index` exits with 2.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    total: int = 0
    stopped: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    kept: int = 0
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    rebuilt: bool = False
    complete: bool = True
    unfilled: tuple[tuple[str, int], ...] = ()


def build(
    folder: str | os.PathLike[str],
    sources: str | os.PathLike[str] | Collection[str | os.PathLike[str]] = (),
    *,
    progress: Progress | None = None,
    rebuild: bool = False,
    jobs: int | None = None,
    dry_run: bool = False,
    follow_links: bool = False,
    yes: bool = False,
    words: Words = True,
) -> Report:
    """Bring the index in `folder` up to date with its papers, or make it, as `sou index` does.

    `sources` are files and folders of papers, one or several. They are added to those that the
    index was made from; with none, all of these are looked through again, and the corpus/
    beside the index. `rebuild` reads everything again and keeps only what is named now.
    `jobs` is the number of processes, by default as many as the work is worth; they run no code
    of the caller's, so no `if __name__ == "__main__"` is needed. `dry_run` says what would be
    done, and does nothing. `follow_links` reads also what links lead to outside of the sources.
    `words` are the user's own words, as of `sou.open`. `progress` is called now and then, in
    this thread, with `(done, total, what)`: bytes read, bytes in all, and what was done so far.

    Nothing is printed, and nobody is asked. What `sou index` asks about raises ConsentNeeded
    instead, says what it is, and changes nothing: papers that nobody named for this index and
    that do not lie beside it; and a large part of a source that would leave the index. With
    `yes` it is done. What is named here is remembered as named for this index, as the command
    remembers it. Whatever goes wrong, the index that was there stays.

    Raises RequestError where nothing can be done (no such folder, no papers in it), and
    IndexBusy, IndexUnwritable, IndexDamaged or IndexOutdated, all of them an IndexProblem. What
    cannot be read of the papers raises nothing: it is in the Report, and so are sources that are
    gone, whose articles stay. `Report.complete` says whether there is anything of these.

    Any thread may build; a second one that builds in the same process waits. An index that is
    open meanwhile, here or elsewhere, goes on to answer as before.
    """
    from search.indexing.said import Said
    from search.indexing.update import build as carry_out
    from search.project.consent import Consent, source_named
    from search.project.settings import load
    from search.storage.index_folder import IndexFolder

    path = place("folder", folder)
    named = [source_named(each) for each in _places(sources)]
    for keyword, given in (
        ("rebuild", rebuild),
        ("dry_run", dry_run),
        ("follow_links", follow_links),
        ("yes", yes),
    ):
        yes_or_no(keyword, given)
    if jobs is not None:
        number("jobs", jobs, "processes", 1)
    if progress is not None and not callable(progress):
        raise RequestError(f"progress: {progress!r} cannot be called")
    settings = load(path)
    notes = [settings.note] if settings.note else []
    own = words_of(words, lambda: settings, notes.append)
    how = "yes=True reads it"
    consent = Consent(
        settings, named, yes=yes, tell=lambda _: None, ask=None, how=how, words=words is True
    )

    def permit(loss: Loss) -> bool:
        if not yes and not dry_run:
            from search.indexing.report import described

            raise ConsentNeeded(
                f"this would take out {described(loss)}",
                "the index is as it was; if you mean it, run it again with yes=True",
            )
        return yes

    def tell(done: int, total: int, articles: int) -> None:
        if progress:
            progress(done, total, f"{articles:,} article{'' if articles == 1 else 's'}")

    with _alone(), user_dictionary.using(own):
        told = carry_out(
            IndexFolder(path),
            named,
            beside=settings.beside(),
            rebuild=rebuild,
            dry_run=dry_run,
            limits=settings.limits(),
            jobs=jobs,
            consent=consent,
            follow_links=follow_links,
            permit=permit,
            follow=lambda _: yes,
            corrections=_corrections(settings, notes),
            said=Said(settings.rules, settings.papers),
            progress=tell,
        )
        if not dry_run and (unkept := consent.keep()):
            notes.append(unkept)
    return _report(told, (*notes, *_notes(told)))


def _corrections(settings: Settings, notes: list[str]) -> str:
    """Return the folder of corrections, if there is one that may be used; note one that may not."""
    from search.project.settings import CORRECTIONS_NAME

    usable, note = settings.usable(settings.corrections, CORRECTIONS_NAME)
    if note and settings.corrections.exists():
        notes.append(note)
    return str(settings.corrections) if usable else ""


def _places(given: Any) -> list[Path]:
    """Return the sources, of which one or several are given."""
    several = (given,) if isinstance(given, str | os.PathLike) else given
    if not isinstance(several, Collection):
        raise RequestError(f"sources: {given!r:.60} are none", "give a path, or a list of them")
    return [place("sources", each) for each in several]


def _report(told: Told, notes: tuple[str, ...]) -> Report:
    """Return what a program is told of a build."""
    from search.indexing.report import described, unfollowed, why_stopped

    stopped = [why_stopped(each, told.sources, told.links, told.moved)[0] for each in told.stopped]
    met = {each.source.root for each in told.stopped}
    stopped += [unfollowed(each)[0] for each in told.moved if each.source.root not in met]
    return Report(
        new=tuple(told.new),
        changed=tuple(told.changed),
        removed=tuple(told.removed),
        unchanged=told.unchanged,
        failed=tuple(told.failed),
        problems=(*told.problems, *told.remarks),
        total=told.total,
        stopped=tuple(stopped),
        held=tuple(map(described, told.held)),
        kept=told.kept,
        notes=notes,
        seconds=told.seconds,
        rebuilt=told.rebuilt,
        complete=told.complete,
        unfilled=tuple(told.unfilled.items()),
    )


def _notes(told: Told) -> Iterator[str]:
    """Yield what else there is to say of a build."""
    if told.remark:
        yield told.remark
    if told.closed:
        yield "the folder of the index was open to people who may not read all of the papers"
    if told.reason:
        yield f"rebuilt: {told.reason}"
    if told.reread:
        yield f"read again, all of it: {told.reread}"
    if told.older:
        yield f"read by an older sou, and not anew: {told.older} papers"
    for moved in told.followed:
        yield f"{moved.place.root} is taken for {moved.source.shown}, which was {moved.source.root}"
    for link in told.links:
        yield f"{link}: a link that leads out of its folder, not followed"
    yield from _unread(told)


def _unread(told: Told) -> Iterator[str]:
    """Yield what of the papers, or beside them, was not read."""
    for columns, files in told.unused.items():
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        yield f"columns not used: {', '.join(columns)} ({shown(files[0])}{more})"
    for name in told.empty:
        yield f"{shown(name)}: nothing in it"
    for kind, times in told.skipped.items():
        yield f"not read: {times:,} {kind or 'files without extension'}"
