"""Where Python looks for modules: never in the folder in which sou happens to be used.

Whoever made that folder (an archive from the net, a colleague's clone) would otherwise run
their own `json.py` in sou. Nothing is imported here, nor in what `python -m search` loads
before this: these modules would still be looked for in the working folder.
"""

# ruff: noqa: PTH100, PTH116, PTH117, PTH120  (pathlib is one of these modules)

import os
import sys


def forget_working_folder() -> None:
    """Take the working folder off this process's module path."""
    sys.path[:] = without_working_folder(sys.path)


def without_working_folder(path: list[str]) -> list[str]:
    """Return a module path without the folders that depend on where one stands.

    These are the working folder, under whatever name, and what PYTHONPATH names without
    saying from where. Where this package itself lies in one of them (a source checkout), that
    one is looked through last.
    """
    relative = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if not _fixed(p)]
    moving = {_place(folder) for folder in ("", *relative)} - {None}
    home = os.path.abspath(__file__)
    for _ in __name__.split("."):
        home = os.path.dirname(home)
    kept, last = [], []
    for entry in path:
        place = _place(entry)
        if _fixed(entry) and place not in moving:
            kept.append(entry)
        elif place == _place(home):
            last = [os.path.abspath(entry)]
    return kept + last


def _fixed(folder: str) -> bool:
    """Return whether a folder is the same one wherever one stands."""
    return os.path.isabs(folder)


def _place(folder: str) -> tuple[int, int] | None:
    """Return what tells a folder from every other; None for one that is not there."""
    try:
        status = os.stat(folder or os.curdir)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
