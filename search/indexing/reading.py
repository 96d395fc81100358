"""Reading papers in whichever process analyses them: what is given to it, what it tells.

What is given and told is small and can be pickled: articles never leave the process that
read them. Errors of a paper, and of its reader, are caught here and told. Those of writing
never come here: they are raised where the articles are taken, and stop the build.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from search.indexing.problem_log import Problems
from search.model.article import ARTICLE, ID_LENGTH, Article
from search.model.errors import PaperError
from search.papers.corrections.places import kept_at
from search.papers.discover import PaperFile
from search.papers.formats import is_too_large
from search.papers.given.given import NOTHING_GIVEN, Given, mark_with
from search.papers.problem import Problem, unforeseen
from search.papers.read_paper import Limits, Piece, read_paper
from search.papers.readers.records.columns import names_not_used
from search.system.files import inside, open_regular

Stamp = tuple[int, int, int]
"""The size of a file, and the times of the last change of what is in it and of its inode."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to read: its number in the plan, how it looked then, and the digest remembered.

    `known` is empty where the file has to be read whatever its digest is, `within` the folder
    that nothing may lead out of, if there is one, `named` what the ids of its articles are
    made of, if that is not `shown`, `correction` the file of its corrections, if there is one.
    `given` is what is told of it from outside.
    """

    number: int
    path: str
    shown: str
    stamp: Stamp
    known: str = ""
    within: str = ""
    named: str = ""
    correction: str = ""
    given: Given = NOTHING_GIVEN

    @property
    def file(self) -> PaperFile:
        """The file, as a reader of papers takes it."""
        return PaperFile(self.path, self.shown, named=self.named)


@dataclass(slots=True)
class Outcome:
    """What became of a paper, or of a piece of it.

    `begun` is false for a paper of which nothing could be read, not even that it is empty.
    `reason` says why the reading ended early, `detail` where in sou, if nobody foresaw it,
    `corrected` what tells all that stood beside it from others, `unused` the columns of its
    records that became no field;
    `rested` that the file looked afterwards as it did in the plan, `again` that some part of
    it is to be tried again next time. `pages` counts the records of pages.
    """

    number: int
    digest: str = ""
    same: bool = False
    begun: bool = False
    rested: bool = False
    again: bool = False
    articles: int = 0
    pages: int = 0
    problems: Problems = field(default_factory=Problems)
    reason: str = ""
    detail: str = ""
    corrected: str = ""
    unused: dict[str, None] = field(default_factory=dict)

    @property
    def wrote(self) -> bool:
        """Whether anything of it is in the index."""
        return bool(self.articles or self.pages)

    def fail(self, exc: Exception) -> None:
        """Write down why the reading ended early."""
        if not isinstance(exc, (OSError, PaperError)):
            exc = unforeseen(exc)
        self.reason = reason(exc)
        self.detail = exc.detail if isinstance(exc, PaperError) else ""


@dataclass(slots=True)
class PieceOutcome(Outcome):
    """What became of a piece: also how often each article came, by the id of the first.

    `ids` are these ids end to end, `repeated` those that came more than once.
    """

    ids: bytes = b""
    repeated: dict[str, int] = field(default_factory=dict)

    def each(self) -> Iterator[bytes]:
        """Yield the ids."""
        for at in range(0, len(self.ids), ID_LENGTH):
            yield self.ids[at : at + ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Papers:
    """A reading of whole papers, one after the other."""

    papers: tuple[Paper, ...]
    limits: Limits

    def __call__(self) -> Generator[Article, None, list[Outcome]]:
        """Yield the articles; return what became of each paper."""
        outcomes = []
        for paper in self.papers:
            outcome = Outcome(paper.number)
            yield from _read(paper, self.limits, outcome)
            outcomes.append(outcome)
        return outcomes


@dataclass(frozen=True, slots=True)
class PieceOfPaper:
    """A reading of one piece of a paper; `before` says how often articles came before it."""

    paper: Paper
    inode: tuple[int, int]
    piece: Piece
    limits: Limits
    before: dict[str, int] = field(default_factory=dict)

    def __call__(self) -> Generator[Article, None, list[Outcome]]:
        """Yield the articles; return what became of the piece."""
        outcome = PieceOutcome(self.paper.number)
        seen = Counter(self.before)
        yield from _read(self.paper, self.limits, outcome, self, seen)
        seen.subtract(self.before)
        came = +seen
        outcome.ids = "".join(came).encode("ascii")
        outcome.repeated = {name: times for name, times in came.items() if times > 1}
        return [outcome]


def _read(
    paper: Paper,
    limits: Limits,
    outcome: Outcome,
    part: PieceOfPaper | None = None,
    seen: Counter[str] | None = None,
) -> Generator[Article, None, None]:
    """Yield the articles of a paper or of a part of it, and write down what becomes of it."""
    try:
        with open_paper(paper) as stream:
            if part is not None:
                _refuse_another(stream, part)
            elif not is_too_large(paper.shown, os.fstat(stream.fileno()).st_size, limits):
                # (A hole of terabytes takes hours to read, and its reader refuses it anyway.)
                outcome.digest = digest_of(stream)
                stream.seek(0)
                outcome.same = outcome.digest == paper.known
            if not outcome.same:
                yield from _articles(paper, stream, limits, outcome, part, seen)
            outcome.rested = stamp_of(os.fstat(stream.fileno())) == paper.stamp
    except Exception as exc:  # noqa: BLE001  (whatever it is, it costs this paper)
        outcome.fail(exc)


def open_paper(paper: Paper) -> BinaryIO:
    """Open a paper: a file, and not through a link that leads out of where papers may lie.

    Whoever owns the folder may have put one in the place of a folder above it at any time, for
    the walk too. So what counts is where what is open now lies. A paper that was rewritten
    under the same name is read: programs save files like that. Raises OSError, or PaperError.
    """
    stream = open_regular(paper.path, follow=True)
    try:
        _refuse_led_away(paper, os.fstat(stream.fileno()))
    except BaseException:
        stream.close()
        raise
    return stream


def _refuse_led_away(paper: Paper, opened: os.stat_result) -> None:
    """Raise PaperError where the file that was opened does not lie where the paper may."""
    place = os.path.realpath(paper.path)
    if paper.within and not inside(place, paper.within):
        raise PaperError("a link that leads elsewhere was put in its place")
    there = os.lstat(place)
    # Some file systems give a file another inode each time it is looked at; then its times tell.
    if inode_of(there) != inode_of(opened) and stamp_of(there) != stamp_of(opened):
        raise PaperError("another file was put in its place while it was read")


def _articles(
    paper: Paper,
    stream: BinaryIO,
    limits: Limits,
    outcome: Outcome,
    part: PieceOfPaper | None,
    seen: Counter[str] | None,
) -> Generator[Article, None, None]:
    piece = part.piece if part else None
    kept, correction, why = kept_at(paper.correction)
    outcome.corrected = mark_with(correction, paper.given)
    if why:
        outcome.problems.add(Problem(paper.shown, why, lost=False))
    things = read_paper(
        paper.file, stream, limits, piece=piece, seen=seen, kept=kept, given=paper.given
    )
    with closing(things):
        for thing in things:
            outcome.begun = True  # a file that cannot be read failed at the first step
            if isinstance(thing, Problem) and (unused := names_not_used(thing)):
                outcome.unused |= dict.fromkeys(unused)
            elif isinstance(thing, Problem):
                outcome.problems.add(thing)
                outcome.again |= thing.again
            else:
                if thing.kind == ARTICLE:
                    outcome.articles += 1
                else:
                    outcome.pages += 1
                yield thing
    outcome.begun = True


def _refuse_another(stream: BinaryIO, part: PieceOfPaper) -> None:
    """Raise PaperError for a file put in the place of the one that was cut.

    The pieces of one are not those of the other. A file that was only written to is read on:
    all that can be done is to read it again next time. Some file systems give a file another
    inode each time it is looked at; then its size and times must do.
    """
    status = os.fstat(stream.fileno())
    if inode_of(status) != part.inode and stamp_of(status) != part.paper.stamp:
        raise PaperError("another file was put in its place while it was read")


def digest_of(stream: BinaryIO) -> str:
    """Return the digest of what is in a file."""
    digest = hashlib.blake2b(digest_size=16)
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def stamp_of(stat: os.stat_result) -> Stamp:
    """Return the size and times of a file.

    The time of the last change of its inode is one of them: unlike the time of the last
    write, no program can set it back.
    """
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def inode_of(stat: os.stat_result) -> tuple[int, int]:
    """Return what tells a file from every other."""
    return stat.st_dev, stat.st_ino


def reason(exc: OSError | PaperError) -> str:
    """Return why a file could not be read, without its name."""
    return exc.message if isinstance(exc, PaperError) else exc.strerror or str(exc)
