"""Faults injected into an index, and what came of them, as a table.

    python tests/faults/run.py [all|calls|disk|corruption|kills|soak] [--seed N] [--full]

Without --full some faults of each kind are tried, in some minutes; with it all of them, or as
many as docs/reliability.md says. The status is 1 where a rule was broken.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.faults import calls as failing  # noqa: E402  (the path above comes first)
from tests.faults import cuts, kills  # noqa: E402
from tests.faults.corruption import DAMAGES, spoil  # noqa: E402
from tests.faults.shim import Zygote, quick_folder, under_shim, why_not  # noqa: E402
from tests.faults.soak import soak  # noqa: E402
from tests.faults.town import SCENARIOS, Town  # noqa: E402

Say = Callable[[str], None]


@contextmanager
def place() -> Iterator[Path]:
    """Yield a place for a town; what is made is taken away again."""
    folder = quick_folder()
    try:
        yield folder / "town"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def town_under_shim() -> Iterator[tuple[Town, Zygote]]:
    """Yield a town, and what runs sou in it under the shim."""
    with place() as there:
        town = Town(there)
        with under_shim(there) as zygote:
            yield town, zygote


def run_calls(random: Random, share: float, say: Say) -> tuple[list[str], list[str]]:
    """Have a share of all calls of each scenario fail; return a table and what was broken."""
    tally = failing.Tally()
    with town_under_shim() as (town, zygote):
        for scenario in SCENARIOS.values():
            count = failing.calls_of(town, zygote, scenario)
            for number, fault in enumerate(
                failing.faults(count, random if share < 1 else None, share)
            ):
                failing.try_(town, zygote, scenario, fault, tally, number % 3)
            say(f"{scenario.name}: {count} calls, {len(tally.broken)} broken")
    return list(_rows(tally.rows)), tally.broken


def run_disk(random: Random, share: float, subsets: int, say: Say) -> tuple[list[str], list[str]]:
    """Cut the power at a share of the moments of each scenario."""
    broken: list[str] = []
    table = []
    with town_under_shim() as (town, zygote):
        for scenario in SCENARIOS.values():
            traced = cuts.trace(town, zygote, scenario)
            judge = cuts.Judge(town, scenario)
            count = len(cuts.disk_of(town, traced).calls)
            moments = [n for n in range(count + 1) if share >= 1 or random.random() < share]
            broken += map(
                str, cuts.cuts(town, judge, traced, random, moments=moments, subsets=subsets)
            )
            seen = ", ".join(f"{number:,} {what}" for what, number in judge.states.items())
            table.append(f"{scenario.name:24} {len(moments):4} moments of {count + 1}: {seen}")
            say(table[-1])
    return table, broken


def run_corruption(random: Random, counts: dict[str, int], say: Say) -> tuple[list[str], list[str]]:
    """Damage the files of an index."""
    with place() as there:
        table = spoil(there, random, counts, progress=True)
    say("damaged")
    harmless = [f"harmless: {what} ({number:,})" for what, number in table.harmless.most_common(20)]
    return [*table.lines(), *harmless], table.wrong


def run_kills(random: Random, count: int, say: Say) -> tuple[list[str], list[str]]:
    """Kill runs at random moments."""
    tally = failing.Tally()
    with town_under_shim() as (town, zygote):
        kills.kill(town, zygote, count, random, tally)
    say("killed")
    return list(_rows(tally.rows)), tally.broken


def run_soak(
    random: Random, queries: int, updates: int, rebuilds: int, readers: int, pause: float
) -> tuple[list[str], list[str]]:
    """Search while the index is changed."""
    with place() as there:
        there.mkdir()
        soaked = soak(
            there,
            random,
            queries=queries,
            updates=updates,
            rebuilds=rebuilds,
            readers=readers,
            pause=pause,
        )
    return list(soaked.lines()), soaked.errors


def _rows(rows: Counter[tuple[str, str, str]]) -> Iterable[str]:
    scenarios: Counter[str] = Counter()
    came_of: Counter[tuple[str, str]] = Counter()
    for (scenario, fault, came), number in rows.items():
        scenarios[scenario] += number
        came_of[fault, came] += number
    for (fault, came), number in sorted(came_of.items()):
        yield f"{fault:28} {came:40} {number:6,}"
    for scenario, number in sorted(scenarios.items()):
        yield f"in all, {scenario:26} {number:6,}"


def main() -> int:
    """Inject, and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    kinds = ("calls", "disk", "corruption", "kills", "soak")
    parser.add_argument("what", nargs="?", default="all", choices=("all", *kinds))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--share", type=float, default=0.1, help="of the calls that fail")
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--updates", type=int, default=20)
    parser.add_argument("--rebuilds", type=int, default=5)
    parser.add_argument("--readers", type=int, default=2)
    args = parser.parse_args()
    if args.full:
        args.share, args.flips, args.cuts, args.kills = 1.0, 10_000, 1_000, 500
        args.queries, args.updates, args.rebuilds, args.readers = 1_000_000, 200, 50, 6
    if reason := why_not():
        sys.stderr.write(f"{reason}\n")
        return 2
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):  # what a user named is the user's
        os.environ[name] = str(Path(os.devnull) / name)

    def say(what: str) -> None:
        sys.stderr.write(f"{what}\n")

    counts = dict.fromkeys(DAMAGES, args.cuts) | {"flip": args.flips}
    # The changes are spread over a soak: two processors answer some 250 queries a second.
    pause = args.queries / 300 / (args.updates + args.rebuilds)
    todo: dict[str, Callable[[Random], tuple[list[str], list[str]]]] = {
        "calls": lambda random: run_calls(random, args.share, say),
        "disk": lambda random: run_disk(random, args.share, 4 if args.full else 1, say),
        "corruption": lambda random: run_corruption(random, counts, say),
        "kills": lambda random: run_kills(random, args.kills, say),
        "soak": lambda random: run_soak(
            random, args.queries, args.updates, args.rebuilds, args.readers, pause
        ),
    }
    status = 0
    for name in kinds if args.what == "all" else (args.what,):
        start = time.monotonic()
        table, broken = todo[name](Random(args.seed))
        sys.stdout.write(f"\n== {name}, seed {args.seed}, {time.monotonic() - start:.0f} s\n")
        sys.stdout.writelines(f"{line}\n" for line in table)
        sys.stdout.write(f"{len(broken)} rules broken\n")
        sys.stdout.writelines(f"  {what}\n" for what in broken[:40])
        sys.stdout.flush()
        status |= bool(broken)
    return status


if __name__ == "__main__":
    sys.exit(main())
