"""What every process of a test runs first: what lies above the folder of the tests is not there.

Python imports a module of this name by itself. The tests put this folder on PYTHONPATH, and a
file named MARK into their own; a sou.toml, an index or a corpus that somebody has above it (in
/tmp, where all tests work) is then not found, whichever process looks. A test that works in no
such folder sees everything.
"""

from __future__ import annotations

import os
import sys
from functools import cache

MARK = ".top-of-the-tests"
SOUGHT = {"sou.toml", "index_data", "sou.json", "corpus"}
"""What sou looks for in the working folder and in those above it."""


@cache
def top_of(folder: str) -> str | None:
    """Return the folder of the tests in which a folder lies, if it does."""
    while not os.path.lexists(os.path.join(folder, MARK)):  # noqa: PTH118
        folder, below = os.path.dirname(folder), folder  # noqa: PTH120
        if folder == below:
            return None
    return folder


def hide(top: str | None = None) -> None:
    """Have `os.path.exists` deny what lies above a folder: by default, that of the tests."""
    whole = os.path.exists

    def exists(path: str | os.PathLike[str] | int) -> bool:
        if not isinstance(path, int) and os.path.basename(path) in SOUGHT:  # noqa: PTH119
            place = os.path.abspath(path)  # noqa: PTH100
            above = os.path.dirname(place).removesuffix(os.sep + "index_data")  # noqa: PTH120
            within = top or _top_here()
            if within and above != within and f"{within}/".startswith(f"{above.rstrip('/')}/"):
                return False
        return whole(path)

    os.path.exists = exists


def _top_here() -> str | None:
    """Return the folder of the tests in which this process works, if it does."""
    try:
        return top_of(os.getcwd())  # noqa: PTH109
    except OSError:
        return None


# Not where it is imported for its names alone.
if __name__ == "sitecustomize" and "pytest" not in sys.modules:
    hide()
