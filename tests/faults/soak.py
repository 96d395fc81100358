"""Many readers and one writer, long: no error, no half state, memory and descriptors flat.

Each version of the papers has a mark, in two files, and as many marked articles as its number
says: so a reader knows from an answer alone whether it is that of a whole version. Started by
itself, a process of this module is a reader or the writer; they tell what they did in JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent

QUERIES = (
    "望澜桥",
    "图书馆 OR 志愿",
    '"开始修缮"',
    "茶*",
    "title:记号",
    "NOT 桥",
    "harvest",
    "-桥 报",
)
HOSTILE = (
    "((((((",
    '"没有结尾',
    "*",
    "?" * 60,
    "/(.*)+$/",
    "/(茶|茶|茶)*$/",
    "title:",
    "AND OR NOT",
    "桥 " * 400,
    "一" * 5000,
    "date:[9999 TO 0]",
    "茶~9",
    "\x00\x1b[2J",
    "𠮷" * 50,
    "[a TO",
)
EACH = 64
"""Queries after which a reader opens the index again."""


def papers_of(version: int) -> dict[str, str]:
    """Return the papers of a version: the second file has one marked article more."""
    count = 3 + version % 5

    def marked(name: str, number: int) -> str:
        return "".join(
            json.dumps({"title": f"记号{version}号", "body": f"{name}版第{i}条 望澜桥"}) + "\n"
            for i in range(number)
        )

    changing = {f"w{n}.txt": f"第{n}周\n\n本报讯 茶会 {version}\n" for n in range(version % 7)}
    fixed = {f"f{n}.txt": f"望澜桥{n}\n\n图书馆志愿 开始修缮{n}。\n" for n in range(10)}
    return {"a.jsonl": marked("甲", count), "b.jsonl": marked("乙", count + 1), **changing, **fixed}


def wrong_with(found: list[tuple[str, str]]) -> str:
    """Return what is wrong with the marked articles of an answer (title, path), if anything."""
    titles = {title for title, _ in found}
    if len(titles) != 1:
        return f"versions {sorted(titles)} in one answer"
    count = 3 + int(titles.pop()[2:-1]) % 5
    paths = [os.path.basename(path) for _, path in found]
    if (paths.count("a.jsonl"), paths.count("b.jsonl")) != (count, count + 1):
        return f"{paths.count('a.jsonl')} and {paths.count('b.jsonl')} articles, not {count} and one more"
    return ""


def _print(place: Path, version: int) -> None:
    corpus = place / "corpus"
    corpus.mkdir(exist_ok=True)
    papers = papers_of(version)
    for path in corpus.iterdir():
        if path.name not in papers:
            path.unlink()
    for name, text in papers.items():
        path = corpus / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def _build(place: Path, *, rebuild: bool) -> None:
    from search.indexing.update import build
    from search.storage.index_folder import IndexFolder
    from search.storage.state import Source

    source = Source(str(place / "corpus"), "corpus")
    folder = IndexFolder(place / "index_data")
    # All marked articles of a version go with it, which may be more than goes unasked.
    build(folder, [source], rebuild=rebuild, jobs=1, permit=lambda _: True)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def write(place: Path, updates: int, rebuilds: int, pause: float) -> None:
    """Be the writer: a version after the other."""
    total = updates + rebuilds
    for number in range(1, total + 1):
        _print(place, number)
        rebuild = number * rebuilds // total > (number - 1) * rebuilds // total
        _build(place, rebuild=rebuild)
        _tell(version=number, rebuild=rebuild)
        time.sleep(pause)


def read(place: Path, seed: int) -> None:
    """Be a reader by the API, until stdin is closed."""
    import select

    from search import open_index
    from search.model.errors import IndexBusy, IndexDamaged, IndexMissing, IndexOutdated, SouError

    random = Random(seed)
    queries, last, told = 0, 0, time.monotonic()
    while True:
        try:
            with open_index(place / "index_data") as index:
                for _ in range(EACH):
                    queries += 1
                    kind = random.random()
                    if kind < 0.25:
                        hits = index.search("title:记号", limit=None).hits
                        found = [(hit.title, hit.article.path) for hit in hits]
                        wrong = wrong_with(found)
                        version = int(found[0][0][2:-1]) if found else 0
                        if wrong or version < last:
                            _tell(error=wrong or f"version {version} after {last}")
                        last = version
                    elif kind < 0.8:
                        for hit in index.search(random.choice(QUERIES)).hits:
                            index.show(hit.article.id)
                    else:
                        try:
                            index.search(random.choice(HOSTILE))
                        except (IndexBusy, IndexDamaged, IndexMissing, IndexOutdated):
                            raise
                        except SouError:
                            pass
        except Exception as exc:
            _tell(error=f"{type(exc).__name__}: {exc}")
            time.sleep(0.1)
        if time.monotonic() - told > 1:
            _tell(queries=queries)
            told = time.monotonic()
        if select.select([sys.stdin], [], [], 0)[0]:
            _tell(queries=queries)
            return


@dataclass
class Soaked:
    """What came of it."""

    queries: int = 0
    by_command: int = 0
    versions: int = 0
    rebuilds: int = 0
    errors: list[str] = field(default_factory=list)
    samples: list[tuple[float, list[tuple[int, int]]]] = field(default_factory=list)
    """Seconds, and the memory (kB) and descriptors of each reader."""

    def lines(self) -> Iterator[str]:
        yield (
            f"{self.queries:,} queries ({self.by_command:,} by the command), {self.versions} "
            f"versions ({self.rebuilds} rebuilds), {len(self.errors)} errors"
        )
        step = max(1, len(self.samples) // 12)
        for seconds, readers in self.samples[::step]:
            yield f"{seconds:8.0f} s  " + "  ".join(
                f"{kilobytes / 1024:6.1f} MB {files:3} files" for kilobytes, files in readers
            )


def _usage(process: int) -> tuple[int, int]:
    status = Path(f"/proc/{process}/status").read_text("ascii")
    kilobytes = next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmRSS"))
    return kilobytes, len(os.listdir(f"/proc/{process}/fd"))


def _start(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.soak", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )


def _by_command(place: Path, random: Random) -> str:
    """Search by the command; return what was wrong, if anything."""
    hostile = random.random() < 0.3
    query = random.choice(HOSTILE).replace("\0", "") if hostile else "title:记号"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "search", "-n", "99", "-f", "jsonl", "--", query],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if hostile:
        return "" if done.returncode in {0, 1, 2} else f"status {done.returncode}: {done.stderr}"
    if done.returncode:
        return f"status {done.returncode}: {done.stderr}"
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    return wrong_with([(hit["title"], hit["path"]) for hit in hits])


def soak(
    place: Path,
    random: Random,
    *,
    queries: int,
    updates: int,
    rebuilds: int,
    readers: int = 6,
    pause: float = 0.0,
) -> Soaked:
    """Search and write until there were so many queries, updates and rebuilds."""
    import selectors

    _print(place, 0)
    _build(place, rebuild=False)
    soaked = Soaked()
    start = time.monotonic()
    writer = _start("write", str(place), str(updates), str(rebuilds), str(pause))
    there = [_start("read", str(place), str(random.randrange(1 << 30))) for _ in range(readers)]
    counts = dict.fromkeys(range(readers), 0)
    waiting = selectors.DefaultSelector()
    for number, process in enumerate(there):
        waiting.register(process.stdout, selectors.EVENT_READ, number)
    waiting.register(writer.stdout, selectors.EVENT_READ, None)
    writing, sampled = True, 0.0
    try:
        while writing or sum(counts.values()) + soaked.by_command < queries:
            for key, _ in waiting.select(0.2):
                line = key.fileobj.readline()  # type: ignore[union-attr]
                if not line:
                    waiting.unregister(key.fileobj)
                    writing = writing and key.data is not None
                    if key.data is not None or soaked.versions < updates + rebuilds:
                        soaked.errors.append("a reader or the writer has died")
                    continue
                told = json.loads(line)
                if "error" in told:
                    soaked.errors.append(told["error"])
                elif "queries" in told:
                    counts[key.data] = told["queries"]
                else:
                    soaked.versions += 1
                    soaked.rebuilds += told["rebuild"]
            wrong = _by_command(place, random)
            soaked.by_command += 1
            if wrong:
                soaked.errors.append(f"by the command: {wrong}")
            seconds = time.monotonic() - start
            if seconds - sampled > max(1.0, seconds / 100):
                sampled = seconds
                soaked.samples.append((seconds, [_usage(process.pid) for process in there]))
            if len(soaked.errors) > 50:
                break
    finally:
        for process in (*there, writer):
            process.stdin.close()  # type: ignore[union-attr]
        for number, process in enumerate(there):
            for line in process.stdout:  # type: ignore[union-attr]
                told = json.loads(line)
                counts[number] = told.get("queries", counts[number])
                soaked.errors += [told["error"]] if "error" in told else []
            process.wait()
        writer.kill() if writing else None
        writer.wait()
        waiting.close()
        for process in (*there, writer):
            process.stdout.close()  # type: ignore[union-attr]
    soaked.queries = sum(counts.values()) + soaked.by_command
    return soaked


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
    else:
        read(Path(sys.argv[2]), int(sys.argv[3]))
