"""What the tests share: where things are, and indexes built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

# Slow machines make slow examples; that is no failure.
settings.register_profile(
    "sou", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("sou")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own settings out of the tests."""
    for name in ("SOU_INDEX", "SOU_LIMIT", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
