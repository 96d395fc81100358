"""What the tests of faults share: a town, and a Python under the shim."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from tests.faults.run import town_under_shim
from tests.faults.shim import Zygote, why_not
from tests.faults.town import Town

REASON = why_not()


@pytest.fixture(scope="module")
def shimmed() -> Iterator[tuple[Town, Zygote]]:
    """Yield a town, and what runs sou in it under the shim."""
    if REASON:
        pytest.skip(REASON)
    with town_under_shim() as both:
        yield both


@pytest.fixture
def random() -> Random:
    """Return what chooses among faults; SOU_SEED makes it choose as it did before."""
    seed = int(os.environ.get("SOU_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"SOU_SEED={seed}")  # shown where the test fails
    return Random(seed)
