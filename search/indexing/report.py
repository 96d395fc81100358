"""What a build tells: how far it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from shlex import quote

from search.model.path_spelling import shown
from search.model.told_commands import sou
from search.papers.discover import Stray
from search.papers.problem import Problem
from search.storage.state import Source

GONE = "gone"
"""Why a source was not looked at: nothing is where it was."""

EMPTY = "empty"
"""Why a source was not looked at: there is no paper in it any more."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A source that was not looked at, why (GONE, EMPTY or an error), and what it has there.

    `articles` is how many the index holds from it, and goes on to hold; None where that is not
    known.
    """

    source: Source
    why: str
    articles: int | None


def named(source: Source) -> str:
    """Name a source as it was given, and where that is."""
    return source.shown if source.shown == source.root else f"{source.shown} ({source.root})"


def articles(number: int) -> str:
    """Say how many articles."""
    return "1 article" if number == 1 else f"{number:,} articles"


def why_stopped(
    stopped: Stopped,
    sources: Iterable[Source],
    links: Sequence[str] = (),
    moved: Sequence[Moved] = (),
) -> tuple[str, str]:
    """Say why a source was not looked at, and what to do, as the message and hint of an error.

    `sources` are those of the index, `links` the links that were not followed, `moved` the
    sources that are gone and whose papers are elsewhere.
    """
    source, top = stopped.source, stopped.source.shown
    for each in moved:
        if each.source.root == source.root:
            return unfollowed(each)
    holds = "the index holds what it held"
    if stopped.articles is not None:
        holds = f"the index holds {articles(stopped.articles)} from there"
    if stopped.why not in {GONE, EMPTY}:
        return f"{top}: {stopped.why}; {holds}", "make it readable, and run it again"
    hint = "if its disk is not mounted, mount it"
    if source in sources:
        hint += f"; if it has moved, name its new place: {sou('index PLACE')}"
        remove = sou(f"sources --remove {quote(top)}")
        hint += f"; if it is wanted no more: {remove}"
    else:  # a part of one
        hint += f"; if it is gone for good: {sou('index')}, which asks"
    if stopped.why == GONE:
        return f"{named(source)} is gone; {holds}", hint
    behind = ""
    if links:
        behind = f" but behind links that lead out of it, such as {links[0]}"
        hint = f"--follow-links reads those; {hint}"
    return f"there are no papers in {top} any more{behind}; {holds}", hint


def all_stopped(
    stopped: Sequence[Stopped],
    sources: Iterable[Source],
    links: Sequence[str],
    moved: Sequence[Moved],
) -> tuple[str, str]:
    """Return the message and hint where nothing can be done because of these sources."""
    known = tuple(sources)
    why = [why_stopped(each, known, links, moved) for each in stopped]
    return "; ".join(message for message, _ in why) + "; nothing was changed", why[0][1]


def nothing_read(sources: tuple[Source, ...], problems: list[Problem]) -> str:
    """Return what to say where there are papers and not one article."""
    where = ", ".join(source.shown for source in sources)
    reasons = "; ".join(map(str, problems[:3]))
    return f"no article could be read in {where}" + (f": {reasons}" if reasons else "")


def no_papers(sources: Iterable[Source], links: Sequence[str]) -> tuple[str, str]:
    """Return the message and hint for sources in which there is nothing to read."""
    message = f"there are no papers in {', '.join(source.shown for source in sources)}"
    if links:
        message += f" but behind links that lead out of it, such as {links[0]}"
    return (
        message,
        "papers are .txt, .md, .jsonl, .csv, .html, .pdf, .docx, .epub files and others (README)",
    )


@dataclass(frozen=True, slots=True)
class Loss:
    """Articles of a source that would leave the index, of how many, and in which files.

    They would since these files are gone, or hold fewer articles than they did. `unread` are
    those that are there, but cannot be read: a rebuild would lose what they held. `paths`
    are the files as they are found on this machine; `files` as they are shown. `unnamed` says that
    they are there as they were, but were left out of what is to be read.
    """

    shown: str
    articles: int
    of: int
    files: tuple[str, ...]
    paths: frozenset[str]
    unread: tuple[str, ...] = ()
    unnamed: bool = False


FILES_NAMED = 3
"""Files named in a message; of the rest, how many."""


def described(loss: Loss, *, whole: bool = False) -> str:
    """Say what would leave the index, and name some of the files, or the `whole` of them."""
    most = len(loss.files) if whole else FILES_NAMED
    names = ", ".join(map(shown, loss.files[:most]))
    if len(loss.files) > most:
        names += f" and {len(loss.files) - FILES_NAMED:,} more"
    why = "with files that are gone or hold less"
    if loss.unread:
        why = "with files that are gone or cannot be read"
    if loss.unnamed:
        why = "not named now"
    return f"{loss.articles:,} of {loss.of:,} articles from {loss.shown}, {why}: {names}"


def refusal(held: Sequence[Loss]) -> tuple[str, str]:
    """Return the message and hint for an index that cannot be rebuilt without a loss."""
    lost = "; ".join(map(described, held))
    return (
        f"rebuilt, the index would lose {lost}",
        "the index is as it was; if you mean it, run it again with --yes",
    )


MOST_NAMED = 20
"""Papers named whose articles would be lost."""


def given_up(lost: Sequence[tuple[str, int]], *, untold: bool) -> tuple[str, str]:
    """Return the message and hint for an index that cannot be repaired without a loss.

    `lost` says how many articles of which papers; `untold` that there may be more.
    """
    what = [f"{number:,} of {shown(paper)}" for paper, number in lost]
    named = "; ".join(what[:MOST_NAMED])
    if len(what) > MOST_NAMED:
        named += f"; and of {len(what) - MOST_NAMED:,} more papers"
    if untold:
        named += f"{'; and ' if named else ''}whatever else it held, which nothing tells"
    message = f"not all articles can be read again, since papers are gone or unreadable: {named}"
    hint = (
        "the index is as it was; bring the papers back, or give these articles up: "
        f"{sou('check --repair --yes')}"
    )
    return message, hint


@dataclass(frozen=True, slots=True)
class Moved:
    """A source that is gone, and a place in which its papers are: so many of so many."""

    source: Source
    place: Source
    same: int
    of: int
    empty: bool = False
    """Whether a folder is there yet, with nothing in it."""


def unfollowed(moved: Moved, given: Source | None = None) -> tuple[str, str]:
    """Return the message and hint for a place that holds the papers of a source that is gone.

    `given` is the folder that was named, where that is not the place itself.
    """
    source, place = moved.source, moved.place
    state = "empty" if moved.empty else "gone"
    command = sou(f"index {quote((given or place).root)} --yes")
    return (
        f"{named(source)} is {state}; {moved.same:,} of its {moved.of:,} papers are in {place.root}",
        f"to use it in its place: {command}",
    )


Progress = Callable[[int, int, int], None]
"""Called with bytes read, bytes to read in all, and articles added so far."""


@dataclass(slots=True)
class Report:
    """What a build did, or would do. Counts are of files, but for `articles` and `total`.

    `links` are those that were not followed, because they lead out of their source;
    `unlinked` counts the files removed that were read through such a link before. `reread`
    says why everything was read again, `lost` how many articles of which paths repairing gave up,
    `remark` what there is to say about the folder. `stopped` are sources that were not looked
    at; `held` is what would have left the index, had somebody said yes to that; `kept` counts
    the files that both of these keep in it, and those that could not be looked at. `moved` are
    sources that are gone, and where their papers seem to be; `followed` those that were taken
    for moved.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    links: list[str] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    """Corrections whose papers are not there."""
    skipped: dict[str, int] = field(default_factory=dict)
    """How many files are of a kind that is not read, by extension; empty: without one."""
    unlinked: int = 0
    stopped: list[Stopped] = field(default_factory=list)
    held: list[Loss] = field(default_factory=list)
    kept: int = 0
    moved: list[Moved] = field(default_factory=list)
    followed: list[Moved] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    """Those of the index."""
    empty: list[str] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    articles: int = 0
    total: int = 0
    seconds: float = 0.0
    rebuilt: bool = False
    lost: list[tuple[str, int]] = field(default_factory=list)
    reread: str = ""
    remark: str = ""
    closed: bool = False
    """Whether the folder of the index was open to people who may not read the papers."""
    reason: str = ""
    unused: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    """Columns of records that became no field, and the files read now that have them."""
    remarks: list[Problem] = field(default_factory=list)
    """What there is to say of patterns and lists of papers."""
    unfilled: dict[str, int] = field(default_factory=dict)
    """Of how many articles of the index the date, the paper, the page or the issue is not known."""
    older: int = 0
    """Papers in the index that were read by an older version of sou, which reads otherwise."""

    @property
    def complete(self) -> bool:
        """Whether all that was asked for was done."""
        lost = any(problem.lost for problem in self.problems)
        return not (self.failed or self.stopped or self.held or self.moved or lost)
