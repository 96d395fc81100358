"""A sample of the faults, another one each time: SOU_SEED repeats it. `run.py` does them all."""

from __future__ import annotations

import sys
from random import Random

import pytest

from tests.conftest import examples
from tests.faults import calls as failing
from tests.faults import cuts, kills
from tests.faults.corruption import DAMAGES, HARMLESS, spoil
from tests.faults.run import place
from tests.faults.shim import KILL, SYNC, Fault, Zygote
from tests.faults.soak import soak
from tests.faults.town import SCENARIOS, Town

NAMES = [*SCENARIOS]
CALLS = 5
"""Faults of each scenario."""

MOMENTS = 3
"""Of each scenario at which the power is cut."""

Shimmed = tuple[Town, Zygote]


@pytest.mark.parametrize("name", NAMES)
def test_a_call_that_fails_leaves_the_old_index_or_the_new(
    name: str, shimmed: Shimmed, random: Random
) -> None:
    town, zygote = shimmed
    scenario = SCENARIOS[name]
    tally = failing.Tally()
    count = failing.calls_of(town, zygote, scenario)
    assert count > (0 if name == "nothing to do" else 15)
    chosen = random.sample([*failing.faults(count, None, 1)], CALLS)
    for number, fault in enumerate(chosen):
        failing.try_(town, zygote, scenario, fault, tally, number % 3)
    assert tally.broken == []
    assert tally.rows.total() > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_power_cut_leaves_the_old_index_or_the_new(
    name: str, shimmed: Shimmed, random: Random
) -> None:
    town, zygote = shimmed
    traced = cuts.trace(town, zygote, SCENARIOS[name])
    judge = cuts.Judge(town, SCENARIOS[name])
    count = len(cuts.disk_of(town, traced).calls)
    moments = sorted({*random.sample(range(count + 1), min(MOMENTS, count)), count})
    broken = cuts.cuts(town, judge, traced, random, moments=moments, subsets=1)
    assert [*map(str, broken)] == []
    assert judge.states["states"] >= len(moments)


def test_kills_at_random_moments(shimmed: Shimmed, random: Random) -> None:
    town, zygote = shimmed
    tally = failing.Tally()
    kills.kill(town, zygote, 8, random, tally)
    assert tally.broken == []


def test_no_damage_is_silent(random: Random) -> None:
    with place() as there:
        table = spoil(there, random, dict.fromkeys(DAMAGES, 14) | {"flip": 42})
    assert table.wrong == []
    harmless = sum(n for (*_, outcome), n in table.rows.items() if outcome == HARMLESS)
    assert harmless < table.rows.total() / 4, "the damages do nothing"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_readers_see_whole_versions(random: Random) -> None:
    with place() as there:
        there.mkdir()
        soaked = soak(there, random, queries=400, updates=4, rebuilds=2, readers=2, pause=0.1)
    assert soaked.errors == []
    assert (soaked.versions, soaked.rebuilds) == (6, 2)


def test_the_harness_notices_an_index_that_is_neither(shimmed: Shimmed) -> None:
    """Another index than the old and the new one, and what is left behind, break the rules."""
    town, zygote = shimmed
    scenario = SCENARIOS["update"]
    town.begin(scenario)
    traced = cuts.trace(town, zygote, scenario)
    judge = cuts.Judge(town, scenario)
    after = {f"{cuts.INDEX}/{name}": data for name, data in traced.after.items()}
    assert judge.wrong(after, done=True, later=scenario.later) == []
    before = {f"{cuts.INDEX}/{name}": data for name, data in traced.before.items()}
    assert "what was reported as done is gone" in judge.wrong(before, done=True, later=())
    assert judge.wrong({}, done=False, later=()) == ["there is no index any more"]
    tally = failing.Tally()
    assert failing.try_(town, zygote, scenario, Fault(1, KILL), tally, 0) == []
    assert tally.rows.total() == 1


def syncs(traced: cuts.Traced) -> list[int]:
    return [number for number, call in enumerate(traced.calls) if call.kind == SYNC]


@pytest.mark.parametrize("name", ["first build", "update", "rebuild"])
def test_every_fsync_is_needed(name: str, shimmed: Shimmed, random: Random) -> None:
    """A disk that never heard of one of them loses something."""
    town, zygote = shimmed
    traced = cuts.trace(town, zygote, SCENARIOS[name])
    judge = cuts.Judge(town, SCENARIOS[name])
    numbers = syncs(traced)
    assert len(numbers) >= 5
    known = [*NOT_NEEDED[name]]
    needed = len(numbers) - len(known)
    tried = {*random.sample(range(needed), max(2, examples(needed)))}
    for number in numbers:
        call = str(traced.calls[number])
        if known and call == known[0]:  # to see that nothing is lost takes looking everywhere
            del known[0]
            continue
        needed -= 1
        if needed in tried:
            assert cuts.without_sync(town, judge, traced, number), call
    assert not known
    assert not needed


_EARLIER = "fsync index_data"
"""For a run before that was killed behind its commit: nothing of the old index is cleared away
until the new one lasts. It is the first call of any run, and of no use to this one."""
_THERE = "fsync index_data"
"""For the name of a generation, which an update does not make."""
_WHOOSH = "fsync ._MAIN_N.toc.*.new"
"""For Whoosh's table, of which sou needs nothing; a broken one is rewritten."""
NOT_NEEDED: dict[str, list[str]] = {
    "first build": [_WHOOSH],
    "update": [_EARLIER, _THERE, _WHOOSH],
    "rebuild": [_EARLIER, _WHOOSH],
}
"""Calls of fsync without which nothing is lost in a run."""


# What comes before `write_files` is one heap of files of which nothing is named yet, in any order;
# so are the two folders that are forced to the disk before sou.json. What follows `sync_state` is
# for Whoosh, and for tidiness.
@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("update", "write_files"),  # and `sync_generation`
        ("rebuild", "sync_place"),  # and `replace_state`
        ("update", "replace_state"),  # and `sync_state`
    ],
)
def test_a_step_after_the_next_loses_something(name: str, step: str, shimmed: Shimmed) -> None:
    town, zygote = shimmed
    number = cuts.protocol().index(step)
    traced = cuts.trace(town, zygote, SCENARIOS[name], cuts.swapped(number))
    judge = cuts.Judge(town, SCENARIOS[name])
    count = len(cuts.disk_of(town, traced).calls)
    found = cuts.cuts(
        town, judge, traced, Random(1), moments=range(count // 2, count + 1), subsets=0
    )
    assert next(found, None) is not None
