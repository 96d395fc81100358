"""The seeds of the fuzz targets, and the inputs that once failed, are read as they should be.

The runner is held to its word too: it notices each way in which a target can fail.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fuzz import run
from tests.fuzz.run import HERE, OPEN, Watched, inputs_of
from tests.fuzz.targets import TARGETS, Target

INPUTS = [(name, path) for name in TARGETS for path in inputs_of(name)]


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGPROF)
    yield
    signal.signal(signal.SIGPROF, before)


@pytest.mark.parametrize(
    ("name", "path"), INPUTS, ids=[f"{name}/{path.name}" for name, path in INPUTS]
)
def test_every_input_keeps_the_rule_of_its_target(name: str, path: Path) -> None:
    failed = Watched(name).try_(path.read_bytes())
    assert failed is None, failed


@pytest.mark.parametrize("known", sorted(OPEN))
def test_what_is_called_open_is_not_yet_mended(known: str) -> None:
    name, _, file = known.partition("/")
    assert Watched(name).try_((HERE / "found" / name / file).read_bytes()) is not None


def test_every_target_has_seeds_and_no_seed_is_without_a_target() -> None:
    assert {path.name for path in (HERE / "seeds").iterdir()} == TARGETS.keys()
    assert all(any((HERE / "seeds" / name).iterdir()) for name in TARGETS)


def wrong(data: bytes) -> None:
    assert b"x" not in data, "an x"


def slow(data: bytes) -> None:
    while data:
        pass


def greedy(data: bytes) -> None:
    """Takes more than the process ever had: only what it grows by is noticed."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    b"x" * (peak + (300 << 20) if data else 0)


def stealthy(data: bytes) -> None:
    """Catches what it can, as code under test may: the time must be noticed all the same."""
    until = time.process_time() + 1.0
    while data and time.process_time() < until:
        with suppress(Exception):
            sum(range(10_000))


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (wrong, "AssertionError at tests/fuzz/test_seeds.py"),
        (slow, "TooSlowError"),
        (stealthy, "TooSlowError"),
        (greedy, "TooMuchMemory"),
    ],
)
def test_a_target_that_is_wrong_is_noticed(
    target: object, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Target(target, seconds=20.0 if target is greedy else 0.3, megabytes=150)  # type: ignore[arg-type]
    monkeypatch.setitem(TARGETS, "broken", broken)
    watched = Watched("broken")
    failed = watched.try_(b"aaxbb")
    assert failed is not None
    assert failed[0].startswith(kind)
    assert watched.try_(b"") is None


def test_an_input_that_fails_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TARGETS, "broken", Target(wrong))
    watched = Watched("broken")
    data = b"a" * 100 + b"x" + b"b" * 100
    failed = watched.try_(data)
    assert failed is not None
    assert watched.shrunk(data, failed[0]) == b"x"


BROKEN = """
import ctypes, sys
sys.argv[1:2] = ["fold"]
from tests.fuzz import run, targets
targets.TARGETS["fold"] = targets.Target(lambda data: {body})
run.__file__ = __file__
sys.exit(run.main())
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("ctypes.string_at(0)", "Death of the process, status -11"),
        ("[][0]", "IndexError"),
        ("None", "1 passed, 0 failed"),
    ],
)
def test_the_runner_tells_of_failures_and_of_deaths(body: str, said: str, tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {str(run.ROOT)!r})" + BROKEN.format(body=body)
    )
    done = subprocess.run(
        [sys.executable, program, "fold", "--runs", "6", "--found", tmp_path / "found"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said in done.stdout, done
    assert done.returncode == (0 if "passed, 0 failed" in done.stdout else 1)
    assert any((tmp_path / "found").rglob("*")) == (done.returncode == 1)


def test_the_same_number_makes_the_same_inputs() -> None:
    from random import Random

    from tests.fuzz.mutate import mutated

    seeds = [path.read_bytes() for path in inputs_of("query")]
    tokens = TARGETS["query"].tokens

    def made(number: int) -> list[bytes]:
        return [mutated(Random(f"{number}:{n}"), seeds, tokens, 500) for n in range(200)]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert len(set(made(1))) > 150
    assert all(len(data) <= 500 for data in made(1))
