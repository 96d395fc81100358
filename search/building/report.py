"""What a build tells: how far it is, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from shlex import quote

from search.papers.problem import Problem
from search.store import Source

GONE = "gone"
"""Why a source was not looked at: nothing is where it was."""

EMPTY = "empty"
"""Why a source was not looked at: there is no paper in it any more."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A source that was not looked at, why (GONE, EMPTY or an error), and what it has there.

    `articles` is how many the index holds from it, and goes on to hold.
    """

    source: Source
    why: str
    articles: int


def why_stopped(
    stopped: Stopped, sources: Iterable[Source], links: Sequence[str] = ()
) -> tuple[str, str]:
    """Say why a source was not looked at, and what to do, as the message and hint of an error.

    `sources` are those of the index, `links` the links that were not followed.
    """
    source, shown = stopped.source, stopped.source.shown
    holds = "the index holds " + (
        f"{stopped.articles:,} articles from there" if stopped.articles else "what it held"
    )
    if stopped.why not in {GONE, EMPTY}:
        return f"{shown}: {stopped.why}; {holds}", "make it readable, and do it again"
    hint = "if its disk is not mounted, mount it"
    if source in sources:
        if stopped.why == GONE:
            hint += "; if it has moved, name its new place: sou index PLACE"
        hint += f"; if it is wanted no more: sou sources --remove {quote(shown)}"
    else:  # a part of one
        hint += "; if it is gone for good: sou index, which asks"
    if stopped.why == GONE:
        return f"no such file or folder: {shown} ({source.root} is gone); {holds}", hint
    behind = ""
    if links:
        behind = f" but behind links that lead out of it, such as {links[0]}"
        hint = f"--follow-links reads those; {hint}"
    return f"there are no papers in {shown} any more{behind}; {holds}", hint


def all_stopped(
    stopped: Sequence[Stopped], sources: Iterable[Source], links: Sequence[str]
) -> tuple[str, str]:
    """Return the message and hint where nothing can be done because of these sources."""
    known = tuple(sources)
    why = [why_stopped(each, known, links) for each in stopped]
    return "; ".join(message for message, _ in why) + "; nothing was changed", why[0][1]


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
    those that are there, but cannot be read: a build anew would lose what they held. `paths`
    are the files as they are found on this machine; `files` as they are shown.
    """

    shown: str
    articles: int
    of: int
    files: tuple[str, ...]
    paths: frozenset[str]
    unread: tuple[str, ...] = ()


FILES_NAMED = 3
"""Files named in a message; of the rest, how many."""


def described(loss: Loss) -> str:
    """Say what would leave the index."""
    names = ", ".join(loss.files[:FILES_NAMED])
    if len(loss.files) > FILES_NAMED:
        names += f" and {len(loss.files) - FILES_NAMED:,} more"
    why = "files that are gone or hold less"
    if loss.unread:
        why = "files that are gone or cannot be read"
    return f"{loss.articles:,} of {loss.of:,} articles from {loss.shown}, with {why}: {names}"


def refusal(held: Sequence[Loss]) -> tuple[str, str]:
    """Return the message and hint for an index that cannot be built anew without a loss."""
    lost = "; ".join(map(described, held))
    return (
        f"built anew, the index would lose {lost}",
        "the index is as it was; if that is meant, do it again with --yes",
    )


MOST_NAMED = 20
"""Papers named whose articles would be lost."""


def given_up(lost: Sequence[tuple[str, int]], *, untold: bool) -> tuple[str, str]:
    """Return the message and hint for an index that cannot be mended without a loss.

    `lost` says how many articles of which papers; `untold` that there may be more.
    """
    what = [f"{number:,} of {shown}" for shown, number in lost]
    named = "; ".join(what[:MOST_NAMED])
    if len(what) > MOST_NAMED:
        named += f"; and of {len(what) - MOST_NAMED:,} more papers"
    if untold:
        named += f"{'; and ' if named else ''}whatever else it held, which nothing tells"
    message = f"not all articles can be read again, since papers are gone or unreadable: {named}"
    hint = (
        "the index is as it was; bring the papers back, or give these articles up: "
        "sou check --repair --yes"
    )
    return message, hint


@dataclass(frozen=True, slots=True)
class Moved:
    """A source that is gone, and a place in which its papers are: so many of so many."""

    source: Source
    place: Source
    same: int
    of: int


Progress = Callable[[int, int, int], None]
"""Called with bytes read, bytes to read in all, and articles added so far."""


@dataclass(slots=True)
class Report:
    """What a build did, or would do. Counts are of files, but for `articles` and `total`.

    `links` are those that were not followed, because they lead out of their source;
    `unlinked` counts the files removed that were read through such a link before. `reread`
    says why everything was read again, `lost` how many articles of which paths mending gave up,
    `remark` what there is to say about the folder. `stopped` are sources that were not looked
    at; `held` is what would have left the index, had somebody said yes to that; `kept` counts
    the files that both of these keep in it, and those that could not be looked at. `moved` are
    sources that are gone, and where their papers seem to be.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    links: list[str] = field(default_factory=list)
    unlinked: int = 0
    stopped: list[Stopped] = field(default_factory=list)
    held: list[Loss] = field(default_factory=list)
    kept: int = 0
    moved: list[Moved] = field(default_factory=list)
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
