"""The user's editor, in which a text is looked at and changed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from search.model.errors import RequestError

_USUAL = ("sensible-editor", "editor", "nano", "vim", "vi")
"""Tried in this order where the user has named none."""


def command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command of the user's editor. Raises RequestError where there is none."""
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                return shlex.split(environ[name], posix=os.name != "nt")
            except ValueError as exc:
                raise RequestError(
                    f"{name} is no command: {exc}", "quote it as in a shell"
                ) from exc
    if os.name == "nt":  # by its place: the working folder may hold one of that name
        return [os.path.join(environ.get("SYSTEMROOT", r"C:\Windows"), "notepad.exe")]  # noqa: PTH118
    for name in _USUAL:
        if found := shutil.which(name):
            return [found]
    raise RequestError(
        "no editor was found", "name one: export EDITOR=nano (or use --print and --from FORM)"
    )


def edit(path: Path) -> None:
    """Open a file in the user's editor, and wait until that is closed. Raises RequestError."""
    words = command()
    try:
        done = subprocess.run([*words, str(path)], check=False)  # noqa: S603  (the user's own)
    except OSError as exc:
        raise RequestError(
            f"the editor {words[0]} cannot be started: {exc.strerror or exc}",
            "name another: export EDITOR=nano",
        ) from exc
    if done.returncode:
        raise RequestError(
            f"the editor {words[0]} failed (status {done.returncode}); nothing is kept",
            "run it again, or name another editor: export EDITOR=nano",
        )
