"""Running sou as its user does: a process of its own, with streams, a locale and a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MODULES, USER_FOLDERS


class Done:
    """What a finished run left.

    Whoever reads the output and never the status would take a failure for an empty answer, and
    two failures for the same answer. So the output of a run that failed, or that found nothing
    and printed nothing, is given only to who has looked at the status.
    """

    def __init__(self, status: int, out: str, err: str, raw: bytes) -> None:
        self._status = status
        self._out = out
        self.err = err
        self._raw = raw
        self._known = status == 0 or (status == 1 and bool(raw))

    def __repr__(self) -> str:
        return f"Done({self._status}, {self._out!r}, {self.err!r})"

    @property
    def status(self) -> int:
        """The exit status."""
        self._known = True
        return self._status

    @property
    def out(self) -> str:
        """What went to stdout, as text."""
        assert self._known, f"the status was not looked at: {self!r}"
        return self._out

    @property
    def raw(self) -> bytes:
        """The same, as it is."""
        assert self._known, f"the status was not looked at: {self!r}"
        return self._raw


def sou(
    *arguments: str | bytes, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> Done:
    """Run `sou ARGUMENTS` in a folder and return what came of it."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", str(cwd)),
        "PYTHONPATH": MODULES,
        **{name: os.environ[name] for name in USER_FOLDERS},
        **(env or {}),
    }
    done = subprocess.run(
        [sys.executable, "-m", "search", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
        timeout=120,
    )
    return Done(
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
        done.stdout,
    )


def inside(*arguments: str, cwd: Path, terminal: bool = False) -> Done:
    """Run sou in this process, which is much quicker; `terminal` fakes one."""
    import io

    from search.cli import run
    from search.output.world import World

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    world = World(
        out, err, terminal=terminal, width=80, styles=terminal, colour=terminal, links=terminal
    )
    before = Path.cwd()
    os.chdir(cwd)
    try:
        status = run(list(arguments), world)
    finally:
        os.chdir(before)
    out.flush()
    err.flush()
    raw = out.buffer.getvalue()  # type: ignore[attr-defined]
    errors = err.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    return Done(status, raw.decode("utf-8"), errors, raw)


def asked(answer: str, *arguments: str, cwd: Path, monkeypatch: pytest.MonkeyPatch) -> Done:
    """Run sou on a terminal where somebody gives an answer."""
    import io

    from search.cli import run
    from search.output.world import World

    stdin = io.StringIO(answer)
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", stdin)
    monkeypatch.chdir(cwd)
    out, err = io.StringIO(), io.StringIO()
    status = run(list(arguments), World(out, err, stderr_terminal=True))
    return Done(status, out.getvalue(), err.getvalue(), b"")
