"""Running sou as its user does: a process of its own, with streams, a locale and a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, USER_FOLDERS


@dataclass(frozen=True)
class Done:
    """What a finished run left."""

    status: int
    out: str
    err: str
    raw: bytes


def sou(
    *arguments: str | bytes, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> Done:
    """Run `sou ARGUMENTS` in a folder and return what came of it."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", str(cwd)),
        "PYTHONPATH": str(ROOT),
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
