"""Measuring engines over one or more sizes of a corpus, and remembering what was measured.

Every measurement is a record, a line of JSON with `part` (machine, build, ask, truth, cold,
update, error). Builds are repeated in rounds over all engines, so that a slow minute of the
machine hits all of them, and the cheapest round is kept.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from adapters import ADAPTERS, Article
from measure import Cost, machine, run, size_of, yardstick

Record = dict[str, Any]

HERE = Path(__file__).parent
ENGINES = ("sou", "tantivy", "fts5", "trigram", "xapian", "whoosh", "rg")
PARTS = ("build", "ask", "cold", "update")
COLD_QUERY = "志愿服务"
EMPTY_COMMAND = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
MARKER = "鹭洲苇荡补录"
"""A string that stands in the added page and nowhere else."""

PAGE = f"""{MARKER}
本报讯(记者 林望舒)昨日，社区志愿者在河道两岸清理垃圾，并向居民宣传防汛知识。
街道办事处表示，今后每月组织一次志愿服务活动，欢迎市民参加。
"""


class MeasurementError(Exception):
    """A process that was to be measured failed."""


@dataclass
class Corpus:
    """Some articles as a file, how many they are, and the UTF-8 bytes of their text."""

    path: Path
    articles: int
    text_bytes: int


@dataclass
class Options:
    """What to measure and how often."""

    work: Path
    engines: tuple[str, ...] = ENGINES
    parts: tuple[str, ...] = PARTS
    repeat: int = 1
    seed: int = 1
    seconds: float = 1.5
    cold_runs: int = 9
    whoosh_cap: int = 300
    jobs: tuple[int, ...] = (2, 1)


@dataclass
class Suite:
    """A run of measurements. `out` gets each record as it comes."""

    options: Options
    out: Path
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.options.work.mkdir(parents=True, exist_ok=True)
        self.out.write_text("", "utf-8")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("SOU_")}
        # A cold start reads compiled modules, wherever this environment forbids them.
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.env["PYTHONPYCACHEPREFIX"] = str(self.options.work / "pycache")
        script = Path(sys.executable).with_name("sou")
        self.sou = [str(script)] if script.exists() else [sys.executable, "-m", "search"]
        self.remember("machine", sou=_revision(), **machine())

    def remember(self, part: str, **values: Any) -> Record:
        """Keep a record and write it down."""
        record = {"part": part, **values}
        self.records.append(record)
        with self.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        return record

    # Running.

    def trial(self, *arguments: object) -> tuple[dict[str, Any], Cost]:
        """Run trial.py in a process of its own; return what it says and what it cost."""
        cost = self.command([sys.executable, str(HERE / "trial.py"), *map(str, arguments)])
        return json.loads(cost.out), cost

    def command(self, command: list[str], fine: tuple[int, ...] = (0,)) -> Cost:
        """Run a command that must end with one of the statuses in `fine`."""
        cost = run(command, self.env)
        if cost.status not in fine:
            last = cost.err.strip().splitlines()[-1:] or [f"status {cost.status}"]
            raise MeasurementError(f"{' '.join(command[:5])}: {last[0]}")
        return cost

    def guarded(self, what: str, engine: str, size: int, work: Callable[[], None]) -> None:
        """Do some work; an engine that fails is noted, and the others go on."""
        tell(f"{what} {engine} at {size:,}")
        try:
            work()
        except (MeasurementError, OSError, ValueError) as exc:
            self.remember("error", what=what, engine=engine, size=size, message=str(exc))
            tell(f"  failed: {exc}")

    def measure(self, corpora: list[Corpus]) -> None:
        """Measure every part at every size; the questions are chosen from the smallest."""
        available = self.available()
        asked = self.choose(min(corpora, key=lambda corpus: corpus.articles))
        for corpus in corpora:
            self._measure(corpus, available, asked)
        self.remember("machine", sou=_revision(), **machine())

    def _measure(self, corpus: Corpus, engines: list[str], asked: Path) -> None:
        size, parts = corpus.articles, self.options.parts
        for _ in range(self.options.repeat if "build" in parts else 0):
            for engine in engines:
                self.guarded("build", engine, size, partial(self.build, engine, corpus))
        if "ask" in parts:
            self.truth(corpus, asked)
            for engine in _with_snippets(engines):
                self.guarded("ask", engine, size, partial(self.ask, engine, corpus, asked))
        if "cold" in parts:
            self.guarded("cold", "all", size, partial(self.cold, engines, corpus))
        if "update" in parts:
            for engine in engines:
                if engine != "rg":  # it has no index
                    self.guarded("update", engine, size, partial(self.update, engine, corpus))

    def available(self) -> list[str]:
        """Return the engines that are installed; running each once also compiles and caches."""
        few = self.options.work / "few.jsonl"
        record = {"id": "1", "title": "志愿服务", "body": PAGE, "date": "2023-08-01"}
        few.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
        corpus = Corpus(few, 1, 1)
        out = []
        for engine in self.options.engines:
            try:
                self._build_once(engine, corpus, 1, None)
                self._cold(engine, self.index_folder(engine, corpus))
                if engine == "rg":
                    self.command(["rg", "--version"])
                out.append(engine)
            except (MeasurementError, OSError) as exc:
                tell(f"{engine} is left out: {exc}")
                self.remember("error", what="install", engine=engine, message=str(exc))
        return out

    # The parts.

    def index_folder(self, engine: str, corpus: Corpus) -> Path:
        """Return where the index of a corpus by an engine is kept."""
        return self.options.work / corpus.path.stem / engine.removesuffix("+snippets")

    def build(self, engine: str, corpus: Corpus) -> None:
        """Build with several processes and with one; the index of the last is kept."""
        most = None
        if engine == "whoosh" and corpus.articles > self.options.whoosh_cap:
            most = self.options.whoosh_cap
        for jobs in self.options.jobs:
            if jobs != 1 and not self._has_jobs(engine):
                continue
            speed = yardstick()
            cost = self._build_once(engine, corpus, jobs, most)
            articles = most or corpus.articles
            text = _text_bytes(corpus.path, most) if most else corpus.text_bytes
            self.remember(
                "build",
                engine=engine,
                size=corpus.articles,
                articles=articles,
                jobs=jobs,
                cpu_s=round(cost.cpu, 3),
                wall_s=round(cost.wall, 3),
                peak_mb=round(cost.peak_mb, 1),
                index_mb=round(size_of(self.index_folder(engine, corpus)) / 1e6, 3),
                text_mb=round(text / 1e6, 3),
                yardstick_ms=round((speed + yardstick()) / 2, 2),
            )

    def _has_jobs(self, engine: str) -> bool:
        if engine == "sou":
            return "--jobs" in self.command([*self.sou, "index", "--help"]).out
        return ADAPTERS[engine]().jobs

    def _build_once(self, engine: str, corpus: Corpus, jobs: int, most: int | None) -> Cost:
        folder = self.index_folder(engine, corpus)
        shutil.rmtree(folder, ignore_errors=True)
        if engine == "sou":
            folder.parent.mkdir(parents=True, exist_ok=True)
            flags = ["--jobs", str(jobs)] if self._has_jobs(engine) else []
            return self.command(
                [*self.sou, "index", str(corpus.path), "--index", str(folder), *flags]
            )
        folder.mkdir(parents=True)
        return self.trial("build", engine, corpus.path, folder, jobs, *([most] if most else []))[1]

    def choose(self, corpus: Corpus) -> Path:
        """Choose the questions, and return the file that holds them."""
        path = self.options.work / "questions.json"
        chosen, _ = self.trial("choose", corpus.path, self.options.seed)
        path.write_text(json.dumps(chosen["classes"], ensure_ascii=False), "utf-8")
        return path

    def truth(self, corpus: Corpus, asked: Path) -> None:
        """Count what a plain comparison of strings finds."""
        found, _ = self.trial("truth", corpus.path, asked)
        self.remember("truth", size=corpus.articles, **found)

    def ask(self, engine: str, corpus: Corpus, asked: Path) -> None:
        """Ask all questions of an engine that stays open."""
        folder = self.index_folder(engine, corpus)
        answer, cost = self.trial("ask", engine, folder, asked, self.options.seconds)
        capped = engine == "whoosh" and corpus.articles > self.options.whoosh_cap
        self.remember(
            "ask",
            engine=engine,
            size=corpus.articles,
            articles=self.options.whoosh_cap if capped else corpus.articles,
            peak_mb=round(cost.peak_mb, 1),
            yardstick_ms=round(yardstick(), 2),
            **answer,
        )

    def cold(self, engines: list[str], corpus: Corpus) -> None:
        """Measure one question from a cold shell, and what a bare start costs."""
        runs: dict[str, Callable[[], Cost]] = {
            "python -c pass": lambda: self.command([sys.executable, "-c", "pass"]),
            "python -c 'import typer'": lambda: self.command(
                [sys.executable, "-c", "import typer"]
            ),
            "typer, an empty command": lambda: self.command([sys.executable, "-c", EMPTY_COMMAND]),
        }
        for engine in engines:
            folder = self.index_folder(engine, corpus)
            if engine == "sou":
                base = [*self.sou, COLD_QUERY, "--index", str(folder)]
                for flags in (["-l"], ["-c"], []):
                    name = " ".join(["sou", *flags, COLD_QUERY])
                    runs[name] = lambda c=[*base, *flags]: self.command(c, (0, 1))
            elif engine == "rg":
                command = ["rg", "-lF", COLD_QUERY, str(folder)]
                runs[f"rg -lF {COLD_QUERY}"] = lambda c=command: self.command(c, (0, 1))
            elif engine != "whoosh" or corpus.articles <= self.options.whoosh_cap:
                runs[f"{engine} (Python script)"] = lambda e=engine, f=folder: self._cold(e, f)
        costs: dict[str, list[Cost]] = {name: [] for name in runs}
        for _ in range(self.options.cold_runs):
            for name, once in runs.items():
                costs[name].append(once())
        for name, several in costs.items():
            self.remember(
                "cold",
                command=name,
                size=corpus.articles,
                cpu_ms=_middle([cost.cpu * 1e3 for cost in several]),
                least_cpu_ms=round(min(cost.cpu for cost in several) * 1e3, 1),
                wall_ms=_middle([cost.wall * 1e3 for cost in several]),
                peak_mb=_middle([cost.peak_mb for cost in several]),
            )

    def _cold(self, engine: str, folder: Path) -> Cost:
        if engine == "sou":
            return self.command([*self.sou, "-l", COLD_QUERY, "--index", str(folder)], (0, 1))
        return self.trial("cold", engine, folder, COLD_QUERY)[1]

    def update(self, engine: str, corpus: Corpus) -> None:
        """Add one page to a copy of the index, and see that it is found."""
        work = self.options.work / "update"
        costs, unchanged = [], []
        for _ in range(3):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            folder = work / "index"
            shutil.copytree(self.index_folder(engine, corpus), folder)
            if engine == "sou":
                unchanged.append(self.command([*self.sou, "index", "--index", str(folder)]))
                page = work / "page.txt"
                page.write_text(PAGE, "utf-8")
                costs.append(self.command([*self.sou, "index", str(page), "--index", str(folder)]))
                found = self.command(
                    [*self.sou, "-c", f'"{MARKER}"', "--index", str(folder)], (0, 1)
                )
                count = int(found.out.strip() or 0)
            else:
                article: Article = {"number": 0, "title": MARKER, "body": PAGE, "day": 20230801}
                page = work / "page.json"
                page.write_text(json.dumps(article, ensure_ascii=False), "utf-8")
                costs.append(self.trial("add", engine, folder, page)[1])
                count = self.trial("cold", engine, folder, MARKER)[0]["count"]
        self.remember(
            "update",
            engine=engine,
            size=corpus.articles,
            cpu_ms=_middle([cost.cpu * 1e3 for cost in costs]),
            wall_ms=_middle([cost.wall * 1e3 for cost in costs]),
            peak_mb=_middle([cost.peak_mb for cost in costs]),
            found=count,
            **(
                {"unchanged_cpu_ms": _middle([c.cpu * 1e3 for c in unchanged])} if unchanged else {}
            ),
        )
        shutil.rmtree(work, ignore_errors=True)


def _with_snippets(engines: list[str]) -> list[str]:
    return [name for e in engines for name in ([e, "sou+snippets"] if e == "sou" else [e])]


def _middle(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 1)


def _revision() -> str:
    """Return the commit of the working copy of sou and the time of its last change."""
    times = [path.stat().st_mtime for path in (HERE.parent / "search").rglob("*.py")]
    changed = time.strftime("%H:%M:%S", time.localtime(max(times, default=0)))
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--abbrev=8"],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return f"no commit, changed {changed}"
    return f"{said.stdout.strip()}, changed {changed}"


def tell(message: str) -> None:
    """Say on stderr what is being done."""
    print(f"[{time.strftime('%H:%M:%S')}] {message}", file=sys.stderr, flush=True)


# Corpora.


def samples(source: Path, sizes: list[int], work: Path, seed: int) -> list[Corpus]:
    """Write samples of a file of articles, each inside the next, in the order of the file."""
    with source.open("rb") as file:
        lines = sum(1 for _ in file)
    order = list(range(lines))
    random.Random(seed).shuffle(order)
    out = []
    for size in sorted({min(size, lines) for size in sizes}):
        wanted = set(order[:size])
        out.append(_written(work / f"n{size}-{source.stem}-{seed}.jsonl", source, wanted))
    return out


def heads(source: Path, sizes: list[int], work: Path) -> list[Corpus]:
    """Write the first so many lines of a file of articles, for each size."""
    return [
        _written(work / f"n{size}-{source.stem}.jsonl", source, range(size))
        for size in sorted(set(sizes))
    ]


def _written(path: Path, source: Path, wanted: range | set[int]) -> Corpus:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_suffix(".new")
        with source.open("rb") as lines, fresh.open("wb") as out:
            out.writelines(line for number, line in enumerate(lines) if number in wanted)
        fresh.replace(path)
    os.utime(path, (1_700_000_000, 1_700_000_000))  # long at rest, as a paper is
    return Corpus(path, sum(1 for _ in _records(path)), _text_bytes(path))


def _records(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _text_bytes(path: Path, most: int | None = None) -> int:
    total = 0
    for number, record in enumerate(_records(path), 1):
        total += len(((record.get("title") or "") + record["body"]).encode())
        if number == most:
            break
    return total
