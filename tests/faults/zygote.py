"""A Python that has imported sou, and forks a process for each run of it.

Reads JSON lines: ["start", [arguments, folder, file for stdout, for stderr, patches]] answers
the process's id, ["wait", null] its exit status. `patches` are values by their dotted names: a
test makes what is worth several processes smaller than any archive of a test could be.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any


def _warm() -> None:
    """Do once what runs do, so that a forked one finds all imported and loaded."""
    import io
    import tempfile
    from pathlib import Path

    from search.cli import run
    from search.output.world import World

    def stream() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(), encoding="utf-8")

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("corpus").mkdir()
        for name in "ab":
            Path("corpus", f"{name}.txt").write_text("望澜桥修缮\n\n本报讯 开工。\n", "utf-8")
            for words in (["index"], ["望澜桥"], ["开工", "-f", "json"], ["check"], ["list"]):
                world = World(
                    stream(),
                    stream(),
                    terminal=False,
                    width=80,
                    styles=False,
                    colour=False,
                    links=False,
                )
                run(words, world)
        os.chdir(before)


def _child(arguments: list[str], folder: str, out: str, err: str, patches: dict[str, Any]) -> None:
    status = 70
    try:
        os.chdir(folder)
        for number, path in ((1, out), (2, err)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(file, number)
            os.close(file)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        sys.stdin = open(0, encoding="utf-8", closefd=False)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
        for name, value in patches.items():
            module, _, attribute = name.rpartition(".")
            setattr(importlib.import_module(module), attribute, value)
        sys.argv = ["sou", *arguments]
        from search.cli import main

        main()
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def main() -> None:
    _warm()
    process = 0
    for line in sys.stdin:
        what, job = json.loads(line)
        if what == "start":
            process = os.fork()
            if not process:
                _child(*job)
            answer = process
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
