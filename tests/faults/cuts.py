"""Power cuts: a change to an index is traced, the model of a disk gives the states in which a
cut at any moment can leave the index, and each is searched, brought up to date and checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.faults.disk import Choice, Disk, Start, below, fingerprint, start_of
from tests.faults.shim import CHANGES, CLOSE, KILL, SYNC, Call, Fault, Zygote
from tests.faults.town import Answer, Papers, Scenario, Snapshot, Town, restore, scan

INDEX = "index_data"


@dataclass(frozen=True)
class Broken:
    """A rule that a state broke."""

    scenario: str
    moment: str
    how: str
    what: str

    def __str__(self) -> str:
        return f"{self.scenario}: power cut {self.moment}, {self.how}: {self.what}"


@dataclass(frozen=True)
class Traced:
    """A change to an index, traced: what was there before, and the calls that changed it."""

    scenario: Scenario
    start: Start
    calls: Sequence[Call]
    before: Snapshot
    after: Snapshot


def trace(
    town: Town, zygote: Zygote, scenario: Scenario, patches: dict[str, object] | None = None
) -> Traced:
    """Run a scenario, in which nothing goes wrong, and return its calls."""
    town.begin(scenario)
    before, start = scan(town.index), start_of(town.place)
    zygote.shim.set(tracing=True)
    ended = zygote.run(
        *scenario.arguments, cwd=town.place, patches={**scenario.patches, **(patches or {})}
    )
    assert ended.status == 0, ended.err
    calls = zygote.shim.trace()
    zygote.shim.off()
    return Traced(scenario, start, calls, before, scan(town.index))


def trace_after_a_kill(town: Town, zygote: Zygote, scenario: Scenario) -> Traced:
    """Kill a scenario just behind its commit, call sou again; return the calls of both runs.

    What the first run did not make lasting is still loose in the second.
    """
    calls = trace(town, zygote, scenario).calls
    point = next(n for n, call in enumerate(calls) if call.other.endswith("/sou.json"))
    town.begin(scenario)
    before, start = scan(town.index), start_of(town.place)
    # Calls of close are not traced, so they are not to be counted either.
    zygote.shim.set(Fault(point + 2, KILL, kinds=CHANGES & ~CLOSE), tracing=True)
    ended = zygote.run(*scenario.arguments, cwd=town.place, patches=dict(scenario.patches))
    assert ended.status == -9, ended
    zygote.shim.set(tracing=True, more=True)
    ended = zygote.run("index", cwd=town.place)
    assert ended.status == 0, ended.err
    calls = zygote.shim.trace()
    zygote.shim.off()
    return Traced(scenario, start, calls, before, scan(town.index))


@dataclass
class Judge:
    """What becomes of states of an index; each different one is looked at once."""

    town: Town
    scenario: Scenario
    states: Counter[str] = field(default_factory=Counter)
    """How many were met, and how many of them were different."""

    def __post_init__(self) -> None:
        self.old, self.new = self.town.old(self.scenario), self.town.new(self.scenario)
        self._answers: dict[bytes, tuple[Answer, list[str]]] = {}
        self._recovered: dict[tuple[bytes, int], list[str]] = {}

    def wrong(self, tree: Snapshot, *, done: bool, later: Sequence[Papers]) -> list[str]:
        """Return the rules that a state of the town breaks.

        `done`: sou had said that the change was made. `later`: what the papers may be when sou
        is called again.
        """
        index = below(tree, INDEX)
        print_ = fingerprint(index)
        self.states["states"] += 1
        if print_ not in self._answers:
            self.states["different states"] += 1
            restore(self.town.index, index)
            self._answers[print_] = self.town.now()
        answer, wrong = self._answers[print_]
        wrong = [] if answer == self.old else list(wrong)  # a damaged index is one to repair
        if not wrong and answer != self.new and (done or answer != self.old):
            if answer == self.old:
                wrong.append("what was reported as done is gone")
            elif answer is None:
                wrong.append("there is no index any more")
            else:
                wrong.append("the answer is neither the old nor the new one")
        for papers in later:
            key = print_, id(papers)
            if key not in self._recovered:
                self.states["recoveries"] += 1
                restore(self.town.index, index)
                self._recovered[key] = self.town.recover(papers, repair=self.scenario.damaged)
            wrong += self._recovered[key]
        return wrong


def disk_of(town: Town, traced: Traced, calls: Sequence[Call] | None = None) -> Disk:
    return Disk(traced.start, town.place, traced.calls if calls is None else calls)


def cuts(
    town: Town,
    judge: Judge,
    traced: Traced,
    random: Random,
    *,
    moments: Sequence[int] | None = None,
    subsets: int = 2,
    all_later: bool = False,
    calls: Sequence[Call] | None = None,
) -> Iterator[Broken]:
    """Yield what breaks when the power is cut before each call, and after the last."""
    disk = disk_of(town, traced, calls)
    count = len(disk.calls)
    for end in range(count + 1) if moments is None else moments:
        for how, choice in disk.choices(end, random, subsets):
            tree = disk.state(choice)
            yield from _judged(judge, traced, disk, end, how, tree, all_later=all_later)


def _judged(
    judge: Judge,
    traced: Traced,
    disk: Disk,
    end: int,
    how: str,
    tree: Snapshot,
    *,
    all_later: bool,
) -> Iterator[Broken]:
    later = traced.scenario.later
    if not all_later:  # each state has one of them, always the same
        later = (later[fingerprint(tree)[0] % len(later)],)
    count = len(disk.calls)
    moment = f"before call {end + 1} of {count}, {disk.calls[end]}" if end < count else "at the end"
    for what in judge.wrong(tree, done=end == count, later=later):
        yield Broken(traced.scenario.name, moment, how, what)


def without_sync(town: Town, judge: Judge, traced: Traced, number: int) -> Broken | None:
    """Return what breaks when the disk never heard of the fsync that is call `number`.

    Looked at are the states in which all survived but what only that fsync had made lasting.
    """
    whole = disk_of(town, traced)
    assert traced.calls[number].kind == SYNC
    calls = [call for n, call in enumerate(traced.calls) if n != number]
    disk = disk_of(town, traced, calls)
    for end in range(number, len(calls) + 1):
        then = whole.lasting(end + 1)  # the calls of the whole trace are one more
        lost = [i for i in disk.loose(end) if i in then]
        every = disk.lasting(end).union(disk.loose(end))
        data = frozenset(i for i in lost if disk.atoms[i].data is not None)
        for how, choice in (
            ("all survived but what it covered", Choice(every.difference(lost))),
            ("zeros for what it covered", Choice(every.difference(lost), zeroed=data)),
            ("nothing unsynced survived", Choice(disk.lasting(end))),
        ):
            tree = disk.state(choice)
            for broken in _judged(judge, traced, disk, end, how, tree, all_later=True):
                return broken
    return None


def protocol() -> tuple[str, ...]:
    """Return the steps of a commit, as sou has them in one place."""
    from search.storage import commit

    return commit.PROTOCOL


def swapped(number: int) -> dict[str, object]:
    """Return what makes sou take two steps of a commit, one after the other, the other way round."""
    steps = list(protocol())
    steps[number : number + 2] = reversed(steps[number : number + 2])
    return {"search.storage.commit.PROTOCOL": steps}
