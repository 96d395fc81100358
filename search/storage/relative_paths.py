"""How an index names what lies beside it: by the way from its folder, so that both may move."""

# For each of 100,000 papers: os is much quicker than pathlib.
# ruff: noqa: PTH118, PTH206

from __future__ import annotations

import os


def kept(path: str, beside: str) -> str:
    """Return an absolute path as it is kept: relative to `beside` if it lies in it."""
    if path == beside:
        return "."
    return path.removeprefix(beside.rstrip(os.sep) + os.sep)


def found(path: str, beside: str) -> str:
    """Return the absolute path of one that was kept."""
    if path == ".":
        return beside
    return os.path.join(beside, path)  # absolute ones stay


def leads_out(path: str) -> bool:
    """Return whether a path that is kept has a step upwards: what is beside the index has none."""
    return ".." in path and ".." in path.split(os.sep)
