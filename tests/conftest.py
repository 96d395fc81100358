"""What the tests share: where things are, and indexes built once."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from search.analysis import user_dictionary
from search.model import told_commands
from search.model.article import Article
from tests.hermetic import sitecustomize

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
USER_FOLDERS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")
"""Where the settings of a user are, and what is remembered for one."""

TERMINAL = ("TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE")
LANGUAGE = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG")
"""What would make sou write otherwise than the tests expect."""

HERMETIC = Path(__file__).parent / "hermetic"
MODULES = os.pathsep.join((str(HERMETIC), str(ROOT)))
"""PYTHONPATH of the processes that tests start: sou, and what hides all above their folder."""

PERCENT = int(os.environ.get("SOU_EXAMPLES", "25"))
"""Of the examples of a property, how many are tried: all of them take twice as long."""


def examples(number: int) -> int:
    """Return how many examples to try instead of a number of them: fewer where SOU_EXAMPLES says.

    A run draws other inputs than the last, so that a quarter of them each time is enough.
    """
    return max(1, number * PERCENT // 100)


# Slow machines make slow examples; that is no failure.
settings.register_profile(
    "sou",
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
# Whoever only asks whether a property holds (tools/mutation.py) has no use for small examples.
settings.register_profile(
    "unshrunk", settings.get_profile("sou"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("sou")


@pytest.fixture(autouse=True, scope="session")
def _nothing_above(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what lies above the folder of the tests out of them: settings, an index, a corpus."""
    top = tmp_path_factory.getbasetemp()
    (top / sitecustomize.MARK).touch()
    sitecustomize.hide(os.fspath(top))


@pytest.fixture(autouse=True, scope="session")
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what sou remembers out of the user's home, and what is there out of the tests.

    So too the user's settings, terminal and language: for fixtures that serve the whole session.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SOU_INDEX", "SOU_LIMIT", *TERMINAL, *LANGUAGE):
            patch.delenv(name, raising=False)
        for name in USER_FOLDERS:
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(autouse=True)
def _own_words() -> Iterator[None]:
    """Leave no words of one test to the next, nor the index that commands name."""
    yield
    user_dictionary.use(frozenset())
    told_commands.name_index("")


def ready(articles: Iterable[Article]) -> Callable[[], Generator[Article, None, int]]:
    """Return a reading, as a writer takes it, of articles that are there; it tells how many."""

    def reading() -> Generator[Article, None, int]:
        there = list(articles)
        yield from there
        return len(there)

    return reading
