"""Seeing to it that no large part of a source leaves the index unless somebody said so.

A disk that is not mounted, a copy that was interrupted, a folder that a mistake emptied: all
look like papers that were taken away. So what would leave the index is added up by source,
and where it is much, that is asked about before it is done.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache

from search.indexing.plan import Plan
from search.indexing.reading import Outcome, Paper, digest_of, open_paper
from search.indexing.report import EMPTY, Loss, Report, Stopped, refusal
from search.model.errors import PaperError, RequestError
from search.papers.discover import is_open_in
from search.storage.paper_list import FileRecord
from search.storage.state import Source
from search.system.files import inside, is_empty

FEW = 10
"""Articles that may leave the index of a source unasked, however few it has."""

SHARE = 10
"""One of so many articles of a source may, however many that are."""

NO_SOURCE = "folders that are no source any more"
UNNAMED = "folders of which nothing else is known"

Permit = Callable[[Loss], bool]
"""Called with what would be lost; says whether it may be."""


class Answers:
    """What may leave the index and what may not, as far as it was asked about."""

    def __init__(self, permit: Permit) -> None:
        """Begin with nothing asked."""
        self._permit = permit
        self.allowed: set[str] = set()
        """Files of which articles may go."""
        self.refused: set[str] = set()
        """Sources, by their names, of which none may."""

    def lacking(self, found: Iterable[Loss]) -> list[Loss]:
        """Return what is yet to be asked about."""
        return [
            loss
            for loss in found
            if loss.shown not in self.refused and not loss.paths <= self.allowed
        ]

    def ask(self, found: Iterable[Loss]) -> None:
        """Ask about what was not asked before."""
        for loss in self.lacking(found):
            if self._permit(loss):
                self.allowed |= loss.paths
            else:
                self.refused.add(loss.shown)


class Guard:
    """What a plan would take out of an index, and what of that has to stay.

    `old` is what the index holds, `before` the sources that it has. With `rebuild` another index
    is made beside it, which cannot keep anything that is not read.
    """

    def __init__(
        self,
        plan: Plan,
        old: Mapping[str, FileRecord],
        before: Sequence[Source],
        answers: Answers,
        *,
        rebuild: bool,
    ) -> None:
        """Begin with what the plan says."""
        self._plan = plan
        self._old = old
        self._before = before
        self._answers = answers
        self._rebuild = rebuild
        self._unnamed: set[str] = set()

    def leave(self, sources: Sequence[Source], forgotten: Sequence[Source]) -> None:
        """Plan that what lies in none of the sources goes; what was `forgotten` may."""
        for path, record in self._old.items():
            if any(is_open_in(source.root, path) for source in sources):
                continue
            asked_for = any(inside(path, source.root) for source in forgotten)
            if asked_for or self._rebuild:
                self._plan.gone[path] = record
            if asked_for:
                self._answers.allowed.add(path)
            elif self._rebuild:
                self._unnamed.add(path)

    def stop_at_barren(self) -> None:
        """Keep what was in sources that hold no paper now, unless it all is elsewhere."""
        unknown = self._rebuild and not self._old
        for source in self._plan.barren:
            gone = {p: r for p, r in self._plan.gone.items() if inside(p, source.root)}
            there = elsewhere(gone, self._plan, self._old) if gone else set()
            lost = any(record.articles for path, record in gone.items() if path not in there)
            if lost or (unknown and source in self._before):
                articles = sum(record.articles for record in gone.values())
                known = None if unknown else articles
                self._plan.stopped.append(Stopped(source, EMPTY, known))
                self._plan.keep(gone)

    def losses(self) -> list[Loss]:
        """Return what would leave the index and is so much that it is asked about.

        Raises RequestError where all is rebuilt and the answer was no: before it is read.
        """
        found = self._losses({}, set(self._plan.kept) if self._rebuild else set())
        self._refused(found)
        return found

    def _refused(self, found: Iterable[Loss]) -> list[Loss]:
        """Return what may not leave the index. Raises RequestError where it cannot be kept."""
        held = [loss for loss in found if loss.shown in self._answers.refused]
        if held and self._rebuild:
            raise RequestError(*refusal(held))
        return held

    def hold(self, outcomes: Mapping[int, Outcome], report: Report) -> set[str]:
        """Ask about what is lost; keep what may not be, and return which files read are kept.

        Where all is rebuilt nothing can be kept, and that ends it: raises RequestError.
        """
        plan, answers = self._plan, self._answers
        torn = renamed_unread(plan.gone, outcomes) - answers.allowed
        less, unread = shortened(plan.read, self._old, outcomes)
        held: set[str] = set()
        if self._rebuild:
            unread |= torn | plan.kept.keys()
        else:  # what cannot be read, or not to its end, keeps what it had
            plan.keep(torn)
            held, unread = unread, set()
            less = {path: number for path, number in less.items() if path not in held}
        found = self._losses(less, unread, outcomes)
        answers.ask(found)
        report.held = self._refused(found)
        refused = {path for loss in report.held for path in loss.paths}
        plan.keep(path for path in refused if path in plan.gone)
        return held | refused & less.keys()

    def _losses(
        self,
        less: Mapping[str, int],
        unread: set[str],
        outcomes: Mapping[int, Outcome] | None = None,
    ) -> list[Loss]:
        """Return what is lost, with files that hold `less` and those that cannot be read."""
        gone, refused = self._plan.gone, self._answers.refused
        lost = {path: record.articles for path, record in gone.items()} | dict(less)
        lost |= {path: self._old[path].articles for path in unread if path not in less}
        unnamed = self._unnamed
        found = losses(lost, self._old, self._before, unread, refused, unnamed)
        if not found:
            return found
        # Renamed is not gone. To see that takes reading, so it is looked at only now.
        for path in elsewhere(gone, self._plan, self._old, outcomes) - unread:
            del lost[path]
        return losses(lost, self._old, self._before, unread, refused, unnamed)


def losses(
    lost: Mapping[str, int],
    known: Mapping[str, FileRecord],
    sources: Iterable[Source],
    unread: Iterable[str] = (),
    refused: Container[str] = (),
    unnamed: Container[str] = (),
) -> list[Loss]:
    """Return what is so much that it is asked about, by source.

    `lost` says how many articles would go with each file; `unread` which of these files are
    there, or may be: what cannot be read was not taken away, so of that anything is much. So
    it is of a source of which some was `refused` before. What is `unnamed` would go only because
    its source was left out.
    """
    unreadable = frozenset(unread)
    found = []
    left = {path: number for path, number in lost.items() if number}
    for source in [*sources, None]:  # and what lies in none of them
        root = source.root if source else ""
        mine = sorted(path for path in left if not source or inside(path, root))
        articles = sum(left.pop(path) for path in mine)
        if not articles:
            continue
        of = sum(
            record.articles for path, record in known.items() if not source or inside(path, root)
        )
        there = [path for path in mine if path in unreadable]
        left_out = all(path in unnamed for path in mine)
        shown = source.shown if source else UNNAMED if left_out else NO_SOURCE
        much = there or shown in refused or _is_much(articles, of)
        if much or _from_emptied(mine, lost, root) > FEW:
            files, unread_files = (
                tuple(known[path].shown for path in paths) for paths in (mine, there)
            )
            paths = frozenset(mine)
            found.append(Loss(shown, articles, of, files, paths, unread_files, left_out))
    return found


def _is_much(articles: int, of: int) -> bool:
    return articles > FEW and articles * SHARE > of


def _from_emptied(paths: Iterable[str], lost: Mapping[str, int], root: str) -> int:
    """Return how many articles go with files of folders that are there, and hold nothing at all.

    A disk that is not mounted leaves just such a folder, which may be a small part of a source.
    """
    emptied = cache(is_empty)
    number = 0
    for path in paths:
        folder = os.path.dirname(path)  # noqa: PTH120  (for each of 100,000)
        while folder != root and inside(folder, root) and emptied(folder) is None:
            folder = os.path.dirname(folder)  # noqa: PTH120
        number += lost[path] if inside(folder, root) and emptied(folder) else 0
    return number


def shortened(
    papers: Iterable[Paper], known: Mapping[str, FileRecord], outcomes: Mapping[int, Outcome]
) -> tuple[dict[str, int], set[str]]:
    """Return by how many articles files hold fewer than they did, and which cannot be read.

    A file in which nothing changed loses nothing: then it is sou that reads it in another way.
    """
    less, unread = {}, set()
    for paper in papers:
        record, outcome = known.get(paper.path), outcomes.get(paper.number)
        if record is None or outcome is None or outcome.same:
            continue
        if outcome.digest == record.digest and not outcome.reason:
            continue
        if outcome.articles < record.articles:
            less[paper.path] = record.articles - outcome.articles
            if outcome.reason:
                unread.add(paper.path)
    return less, unread


def renamed_unread(gone: Mapping[str, FileRecord], outcomes: Mapping[int, Outcome]) -> set[str]:
    """Return the files gone that are there under another name, and cannot be read any more."""
    failed = {outcome.digest for outcome in outcomes.values() if outcome.reason}
    return {path for path, record in gone.items() if record.digest and record.digest in failed}


def elsewhere(
    gone: Mapping[str, FileRecord],
    plan: Plan,
    old: Mapping[str, FileRecord],
    outcomes: Mapping[int, Outcome] | None = None,
) -> set[str]:
    """Return the files gone of which all that was in them is in another file that is there.

    They were renamed, or were one of two copies. Only files of the same size are read for it.
    Before it is read it is not known how many articles there are in that other file: one of
    another kind is none then, as a page named `.csv` holds no article.
    """
    sizes = {record.size for record in gone.values()}
    there: dict[str, int] = {}
    kinds: set[tuple[str, str]] = set()

    def note(digest: str, path: str, articles: int | None) -> None:
        if articles is None:
            kinds.add((digest, _kind(path)))
        else:
            there[digest] = max(articles, there.get(digest, 0))

    for path, record in plan.same.items():
        note(record.digest, path, record.articles)
    for paper in plan.read:
        if paper.stamp[0] in sizes:
            outcome = (outcomes or {}).get(paper.number)
            try:
                with open_paper(paper) as stream:
                    digest = digest_of(stream)
            except (OSError, PaperError):
                continue  # it is told when the paper is read
            if outcome and not outcome.same:
                note(digest, paper.path, outcome.articles)
            else:  # in one that is the same there is what there was
                known = old.get(paper.path)
                note(digest, paper.path, known.articles if outcome and known else None)
    return {
        path
        for path, record in gone.items()
        if record.digest
        and (
            there.get(record.digest, -1) >= record.articles or (record.digest, _kind(path)) in kinds
        )
    }


def _kind(path: str) -> str:
    return os.path.splitext(path)[1].lower()  # noqa: PTH122
