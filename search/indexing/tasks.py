"""Dividing the papers to read into tasks of about one size, and gathering what they tell.

Small papers are read together, a large one in pieces where its format allows that. A task
knows the numbers of its papers, never their text, so there is little to hold and to send.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from search.engines.port import Reading, Writer
from search.indexing.reading import (
    Outcome,
    Paper,
    Papers,
    PieceOfPaper,
    PieceOutcome,
    digest_of,
    inode_of,
    open_paper,
    stamp_of,
)
from search.model.article import ID_LENGTH
from search.papers.read_paper import Limits, cut_paper

Task = Reading[list[Outcome]]


@dataclass(slots=True)
class _Cut:
    """A paper that is read in pieces: its tasks, and what has been told of each."""

    whole: Outcome
    tasks: dict[int, PieceOfPaper]
    told: dict[int, PieceOutcome] = field(default_factory=dict)


class Tasks:
    """The reading of papers by a writer, as tasks numbered in the order of the papers."""

    def __init__(
        self,
        papers: list[Paper],
        limits: Limits,
        *,
        share: int,
        progress: Callable[[int, int], None],
    ) -> None:
        """Prepare to read `papers` in tasks of about `share` bytes."""
        self.outcomes: dict[int, Outcome] = {}
        self._papers = papers
        self._limits = limits
        self._share = share
        self._progress = progress
        self._sizes: dict[int, int] = {}
        self._cuts: dict[int, _Cut] = {}
        self._groups: dict[int, Papers] = {}
        self._again: list[tuple[int, Task]] = []
        self._done = 0
        self._articles = 0
        self._next = 0

    def run(self, writer: Writer) -> dict[int, Outcome]:
        """Have everything read and written; return what became of each paper, by number."""
        writer.add(self._divided(), self._told)
        if self._again:
            writer.add(self._again, self._keep)
        for cut in self._cuts.values():
            if cut.whole.number not in self.outcomes:
                self.outcomes[cut.whole.number] = _joined(cut)
        return self.outcomes

    def leave_out(self, numbers: set[int], writer: Writer) -> None:
        """Take back what was read of some papers: their tasks are done once more without them."""
        again: list[tuple[int, Task]] = []
        for number, group in self._groups.items():
            rest = tuple(paper for paper in group.papers if paper.number not in numbers)
            if rest != group.papers:
                again.append((number, Papers(rest, self._limits)))
        for number, cut in self._cuts.items():
            if cut.whole.number in numbers:
                again.append((number, Papers((), self._limits)))
        if again:
            writer.add(again, self._keep)

    def _divided(self) -> Iterator[tuple[int, Task]]:
        """Yield the tasks; a large paper is looked through and cut when its turn comes."""
        group: list[Paper] = []
        size = 0
        for paper in self._papers:
            own = paper.stamp[0]
            if group and size + own > self._share:
                yield self._numbered(Papers(tuple(group), self._limits), size)
                group, size = [], 0
            cut = self._cut(paper) if own > self._share else None
            if cut:
                parts = len(cut.tasks)
                for i, (number, task) in enumerate(cut.tasks.items()):
                    self._sizes[number] = own * (i + 1) // parts - own * i // parts
                    yield number, task
            elif paper.number not in self.outcomes:
                group.append(paper)
                size += own
        if group:
            yield self._numbered(Papers(tuple(group), self._limits), size)

    def _numbered(self, task: Papers, size: int) -> tuple[int, Task]:
        self._next += 1
        self._sizes[self._next] = size
        self._groups[self._next] = task
        return self._next, task

    def _cut(self, paper: Paper) -> _Cut | None:
        """Cut a paper; None where it has to be read whole, or where nothing is to be read."""
        outcome = Outcome(paper.number)
        file = paper.file
        try:
            with open_paper(paper) as stream:
                pieces = cut_paper(file, stream, -(-paper.stamp[0] // self._share))
                if not pieces:
                    return None
                stream.seek(0)
                outcome.digest = digest_of(stream)
                outcome.same = outcome.digest == paper.known
                status = os.fstat(stream.fileno())
                outcome.rested = stamp_of(status) == paper.stamp
        except Exception as exc:  # noqa: BLE001  (whatever it is, it costs this paper)
            outcome.fail(exc)
        if outcome.same or outcome.reason:
            self.outcomes[paper.number] = outcome
            self._moved(paper.stamp[0])
            return None
        cut = _Cut(outcome, {})
        for piece in pieces:
            self._next += 1
            cut.tasks[self._next] = PieceOfPaper(paper, inode_of(status), piece, self._limits)
            self._cuts[self._next] = cut
        return cut

    def _moved(self, size: int) -> None:
        self._done += size
        self._progress(self._done, self._articles)

    def _told(self, number: int, outcomes: list[Outcome]) -> None:
        """Keep what a task told."""
        self._articles += sum(outcome.articles for outcome in outcomes)
        self._keep(number, outcomes)
        cut = self._cuts.get(number)
        if cut and len(cut.told) == len(cut.tasks):
            self._again += _repeating(cut)
        self._moved(self._sizes.pop(number))

    def _keep(self, number: int, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, PieceOutcome):
                self._cuts[number].told[number] = outcome
            else:
                self.outcomes[outcome.number] = outcome


def _joined(cut: _Cut) -> Outcome:
    """Return what became of a paper of whose pieces all is told."""
    whole = cut.whole
    for _, part in sorted(cut.told.items()):
        whole.begun |= part.begun
        whole.rested &= part.rested
        whole.articles += part.articles
        whole.pages += part.pages
        whole.problems.extend(part.problems)
        whole.unused |= part.unused
        whole.corrected = part.corrected
        if part.reason and not whole.reason:
            whole.reason, whole.detail = part.reason, part.detail
    if not whole.articles:  # no piece could tell that of all
        whole.problems = whole.problems.of_no_article()
    return whole


def _repeating(cut: _Cut) -> list[tuple[int, Task]]:
    """Return the tasks to do again: those with articles that came in a piece before too.

    Equal articles of a paper are told apart by how often they came before, which a piece
    could not know. Few archives have equal ones in different pieces.
    """
    import numpy as np  # ten bytes an article, where a set of strings takes a hundred

    parts = [cut.told[number] for number in cut.tasks]
    ids = np.frombuffer(b"".join(part.ids for part in parts), dtype=f"S{ID_LENGTH}")
    ids = np.sort(ids)
    several = set(ids[1:][ids[1:] == ids[:-1]].tolist())
    before: dict[str, int] = {}
    tasks: list[tuple[int, Task]] = []
    for (number, task), part in zip(cut.tasks.items(), parts, strict=True):
        if several:
            here = [name.decode() for name in sorted(several.intersection(part.each()))]
            known = {name: before[name] for name in here if name in before}
            if known:
                tasks.append((number, replace(task, before=known)))
            for name in here:
                before[name] = before.get(name, 0) + part.repeated.get(name, 1)
        part.ids = b""
    return tasks
