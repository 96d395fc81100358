"""Kills at random moments of updates, merges and rebuilds, also with worker processes."""

from __future__ import annotations

import os
import signal
import time
from random import Random

from tests.faults.calls import Tally
from tests.faults.shim import Zygote
from tests.faults.town import BATCHES, SCENARIOS, Scenario, Town

SMALL = {
    "search.indexing.update.WORTH_A_PROCESS": 1,
    "search.engines.whoosh.writer.WORTH_A_PROCESS": 1,
    **BATCHES,
}
"""What makes a small corpus worth several processes and several segments."""


def moment(town: Town, zygote: Zygote, scenario: Scenario, *, jobs: int) -> float:
    """Return how long a run takes that nobody kills."""
    town.begin(scenario)
    start = time.monotonic()
    ended = _run(town, zygote, scenario, jobs)
    assert ended == 0
    return time.monotonic() - start


def _run(town: Town, zygote: Zygote, scenario: Scenario, jobs: int) -> int:
    _start(town, zygote, scenario, jobs)
    return zygote.wait().status


def _start(town: Town, zygote: Zygote, scenario: Scenario, jobs: int) -> int:
    arguments = scenario.arguments
    if jobs > 1 and arguments[0] == "index":
        arguments = (*arguments, "-j", str(jobs))
    patches = {**scenario.patches, **(SMALL if jobs > 1 else {})}
    return zygote.start(*arguments, cwd=town.place, patches=patches)


def kill(town: Town, zygote: Zygote, count: int, random: Random, tally: Tally) -> None:
    """Kill so many runs, each at a random moment; papers change before sou is called again."""
    zygote.shim.off()
    names = [name for name in SCENARIOS if name != "nothing to do"]
    lengths: dict[tuple[str, int], float] = {}
    for number in range(count):
        scenario = SCENARIOS[names[number % len(names)]]
        jobs = 2 if number % 5 == 4 and scenario.arguments[0] == "index" else 1
        key = scenario.name, jobs
        if key not in lengths:
            lengths[key] = moment(town, zygote, scenario, jobs=jobs)
        town.begin(scenario)
        process = _start(town, zygote, scenario, jobs)
        after = random.random() * lengths[key] * 1.1
        time.sleep(after)
        os.kill(process, signal.SIGKILL)  # one that has ended is not yet waited for
        ended = zygote.wait()
        answer, wrong = town.now()
        wrong = [] if answer == town.old(scenario) else wrong
        old, new = town.old(scenario), town.new(scenario)
        if jobs > 1:  # more segments, of which the ranking knows nothing but the order of ties
            old, new, answer = (one and one[:2] for one in (old, new, answer))
        if not wrong and answer not in (old, new):
            wrong.append("the answer is neither the old nor the new one")
        if ended.status == 0 and answer != new:
            wrong.append("it had ended, and the new index does not answer")
        wrong += town.recover(random.choice(scenario.later), repair=scenario.damaged)
        which = "new" if answer == new else "old" if answer == old else "neither"
        what = "had ended" if ended.status == 0 else "killed"
        tally.add(scenario.name, f"SIGKILL, {jobs} at work", f"{what}, {which} index answers")
        tally.broken += [f"{scenario.name}: killed after {after:.3f} s: {one}" for one in wrong]
