"""CPU time of each command, without flags and with many: a new process each time.

usage: python benchmarks/commands.py [--runs N] [--against CHECKOUT]

The index is that of `corpus/`, so that what is measured is mostly the start. With --against,
another checkout of sou is measured in turn with this one, so that both meet the same noise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FLAGS = (
    "--since",
    "2000",
    "--until",
    "2030",
    "--paper",
    "青岚日报",
    "--sort=-date",
    "-n5",
    "--offset=1",
)
QUERY = "志愿服务"

CASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # name: without flags, with flags (which ask for no more work)
    "-l QUERY": (("-l", QUERY), ("-l", QUERY, *FLAGS)),
    "QUERY, plain": ((QUERY,), (QUERY, *FLAGS)),
    "QUERY, jsonl": (("-f", "jsonl", QUERY), ("-f", "jsonl", QUERY, *FLAGS)),
    "show": (("show", "{id}"), ("show", "{id}", "-f", "plain")),
    "list": (("list",), ("list", "--since", "2000", "--sort", "date", "-f", "plain")),
    "similar": (("similar", "{id}"), ("similar", "{id}", *FLAGS)),
    "terms": (("terms", QUERY), ("terms", QUERY, "--since", "2000", "-n5")),
    "status": (("status",), ("status", "--index", "{index}")),
    "sources": (("sources",), ("sources", "-f", "plain")),
    "check": (("check",), ("check", "--index", "{index}")),
    "analyze": (("analyze", QUERY), ("analyze", QUERY, "望澜河", "网格化")),
    "index, nothing new": (("index",), ("index", "--yes", "-v", "-j", "1")),
    "--version": (("--version",), ("--version",)),
}


def cpu_of(arguments: list[str], checkout: Path, folder: Path) -> float:
    """Run a command and return the CPU time it took, with its children, in ms."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "search", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(arguments)}: status {process.returncode}\n{said}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def prepared(checkout: Path, folder: Path) -> dict[str, str]:
    """Build an index of the sample corpus; return what the cases have to know of it."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    (folder / "corpus").symlink_to(ROOT / "corpus")

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "search", *arguments],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    run("index", "corpus", "--index", str(folder / "index_data"), "--yes")
    run("-c", QUERY)  # compiles jieba's dictionary, once a machine
    first = run("list", "-n1", "-f", "plain").split("\t")[0]
    return {"id": first, "index": str(folder / "index_data")}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    checkouts = [path.resolve() for path in (given.against, ROOT) if path]
    with tempfile.TemporaryDirectory() as name:
        folders = []
        for number, _ in enumerate(checkouts):
            folder = Path(name) / str(number)
            folder.mkdir()
            folders.append(folder)
        known = [prepared(*pair) for pair in zip(checkouts, folders, strict=True)]
        heads = [
            f"{which}, {how}"
            for which in ("before", "now")[-len(checkouts) :]
            for how in ("plain", "flags")
        ]
        print("| command | " + " | ".join(f"{head} (ms)" for head in heads) + " |")
        print("|---|" + "--:|" * len(heads))
        for case, variants in CASES.items():
            times: dict[tuple[int, int], list[float]] = {}
            for _ in range(given.runs):
                for at, checkout in enumerate(checkouts):
                    for way, words in enumerate(variants):
                        arguments = [word.format(**known[at]) for word in words]
                        times.setdefault((at, way), []).append(
                            cpu_of(arguments, checkout, folders[at])
                        )
            row = [statistics.median(times[key]) for key in sorted(times)]
            print(f"| {case} | " + " | ".join(f"{ms:.0f}" for ms in row) + " |", flush=True)


if __name__ == "__main__":
    main()
