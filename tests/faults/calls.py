"""Calls that fail: at each call that changes a file, the process is killed or the call fails."""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.faults.shim import FAIL, KILL, SHORT, TORN, Ended, Fault, Zygote
from tests.faults.town import Answer, Scenario, Town

FAULTS = (
    (KILL, 0, False),
    (TORN, 0, False),
    (SHORT, 0, False),
    *(
        (FAIL, number, onwards)
        for number in (errno.ENOSPC, errno.EIO, errno.EACCES)
        for onwards in (False, True)
    ),
)

_SAYS_OLD = re.compile(
    r"nothing was changed|no index was changed|no index was made|old index still answers"
    r"|before is unchanged"
)
_SAYS_NEW = re.compile(r"new index already answers|the change is made")


@dataclass
class Tally:
    """What was injected, and what came of it."""

    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, scenario: str, fault: str, came: str) -> None:
        self.rows[scenario, fault, came] += 1


def calls_of(town: Town, zygote: Zygote, scenario: Scenario) -> int:
    """Return how many calls a scenario makes when nothing goes wrong."""
    town.begin(scenario)
    zygote.shim.set()
    ended = zygote.run(*scenario.arguments, cwd=town.place, patches=dict(scenario.patches))
    calls = zygote.shim.calls
    zygote.shim.off()
    assert ended.status == 0, ended.err
    assert town.now() == (town.new(scenario), []), (
        "without a fault, the update is not the new index"
    )
    return calls


def faults(count: int, random: Random | None, share: float) -> Iterator[Fault]:
    """Yield each fault at each of so many calls; with a `random`, some of them."""
    for at in range(1, count + 1):
        for action, error, onwards in FAULTS:
            if random is None or random.random() < share:
                yield Fault(at, action, error, onwards)


def try_(
    town: Town, zygote: Zygote, scenario: Scenario, fault: Fault, tally: Tally, later: int
) -> list[str]:
    """Run a scenario with a fault; return what was wrong then."""
    town.begin(scenario)
    shim = zygote.shim
    shim.set(fault)
    ended = zygote.run(*scenario.arguments, cwd=town.place, patches=dict(scenario.patches))
    hit = shim.hit
    injected = shim.injected
    shim.off()
    if not injected:
        return []
    answer, wrong = town.now()
    wrong = [] if answer == town.old(scenario) else wrong  # a damaged index is one to repair
    kind = re.sub(r" at call \d+", "", str(fault))
    wrong += untrue(town, scenario, fault, ended, answer)
    wrong += town.recover(scenario.later[later], repair=scenario.damaged)
    which = {town.new(scenario): "new", town.old(scenario): "old"}.get(answer, "neither")
    tally.add(scenario.name, kind, f"status {ended.status}, {which} index answers")
    if wrong:
        tally.rows[scenario.name, kind, "BROKEN"] += 1
    said = " ".join(ended.err.split("\n")[1:])[:300]
    broken = [f"{scenario.name}: {fault}, {hit}: {what} (sou said: {said})" for what in wrong]
    tally.broken += broken
    return broken


def untrue(
    town: Town, scenario: Scenario, fault: Fault, ended: Ended, answer: Answer
) -> Iterator[str]:
    """Yield what is wrong with how sou ended, and with what it said then."""
    old, new = town.old(scenario), town.new(scenario)
    if answer not in (old, new):
        yield (
            "no index answers any more" if answer is None else "neither the old nor the new answers"
        )
    if "Traceback" in ended.err:
        yield "a traceback"
    if fault.action in {KILL, TORN} and ended.status == -9:
        return
    if ended.status not in ({0, 2, 3} if scenario.damaged else {0, 2}):
        yield f"status {ended.status}"
    if ended.status == 0 and answer != new:
        yield "status 0, but the new index does not answer"
    if old != new and _SAYS_OLD.search(ended.err) and answer != old:
        yield "it says that the old index answers"
    if old != new and _SAYS_NEW.search(ended.err) and answer != new:
        yield "it says that the new index answers"
    if answer is None and old is None and not fault.onwards and town.index.exists():
        yield "an index_data without an index stays behind"
