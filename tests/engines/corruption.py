"""Bits of segments flipped and segments cut, then everything asked that reads them.

`python -m tests.engines.corruption --flips 10000 --cuts 1000` does that to the segments of a
small index of invented papers and prints what came of it: how much was noticed by what reads
them for an answer, what only by a check, and what by nobody. An answer that is another one
than before, without an error, is silent; so is any other error than IndexDamaged.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.engines.port import Engine, Outlines, SearchRequest, Top
from search.engines.whoosh.engine import WhooshEngine
from search.indexing.check import check_index
from search.indexing.update import build
from search.model.errors import IndexDamaged
from search.query.ast import Everything
from search.searching import keywords
from search.searching.more_like_this import similar
from search.searching.search import Question, find
from search.storage.index_folder import IndexFolder
from search.storage.state import Source

QUERIES = (
    "望澜桥",
    '"图书馆开放"',
    "桥",
    "修缮 NOT 简讯",
    "望?桥",
    "~望澜侨修缮",
    "/望.桥[的修]/",
    "望澜 NEAR/9 修缮",
    "paper:澜石 author:林一舟",
    "不在其中",
)


def papers(folder: Path, first: int, count: int) -> list[Source]:
    """Write invented papers to a folder; return it as the sources of an index."""
    folder.mkdir(exist_ok=True)
    rng = random.Random(first)
    common = "的一是在不了有和人这中大为上个国我以要他桥河市区水电修路馆站"
    lines = [
        {
            "id": f"k{i}",
            "title": ("望澜桥修缮完成", "图书馆开放", "简讯")[i % 3] + str(i),
            "body": f"望澜桥的修缮工程第{i}期完成，图书馆开放到{i}点。\n"
            + "".join(rng.choice(common) for _ in range(rng.choice([5, 60, 300]))),
            "date": ("2023-08-22", "2023-05", "2001", None)[i % 4],
            "paper": ("澜石晚报", "青石日报")[i % 2],
            "author": (["林一舟", "周小满"], "林小舟", None)[i % 3],
            "section": "要闻" if i % 2 else None,
        }
        for i in range(first, first + count)
    ]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / f"{first}.jsonl").write_text(text, "utf-8")
    return [Source(str(folder), "papers")]


def archive(folder: Path) -> Path:
    """Make an index of two segments, of which one article is deleted; return its folder."""
    index = IndexFolder(folder / "index")
    build(index, papers(folder / "papers", 0, 60))
    build(index, papers(folder / "papers", 500, 13))
    build(index, papers(folder / "papers", 500, 12))
    return folder / "index"


def segments(index: Path) -> list[Path]:
    """Return the files of the segments of an index."""
    return sorted(index.glob("g*/MAIN_*.sou"))


# What reads them.

Ask = Callable[[Engine], Any]


def asks() -> dict[str, Ask]:
    """Return what is asked, by name: what the commands do, each answer something to compare."""

    def searched(engine: Engine, text: str, **options: Any) -> object:
        results = find(engine, Question(text, **{"limit": 15, **options}))
        return results.total, results.hits, results.facets

    def without_numpy(engine: Engine, text: str, plain: bool) -> object:
        assert isinstance(engine, WhooshEngine)
        engine._is_over_before_numpy = lambda _: plain  # type: ignore[method-assign]
        return searched(engine, text, explain=True)

    def shown(engine: Engine) -> object:
        found = engine.search(SearchRequest(Everything(), Outlines(None)))
        return [engine.lookup(one.article.id) for one in found.hits[::7]]

    def alike(engine: Engine) -> object:
        article = engine.search(SearchRequest(Everything(), Top(1))).hits[0].article
        return find(engine, similar(engine, article, Question("", limit=5))).hits

    made: dict[str, Ask] = {}
    for text in QUERIES:
        made[f"{text} by arrays"] = lambda engine, text=text: without_numpy(
            engine, text, plain=False
        )
        if not any(char in text for char in "?~/N"):
            made[f"{text} by sets"] = lambda engine, text=text: without_numpy(
                engine, text, plain=True
            )
    facets = ("paper", "section", "author", "year")
    return made | {
        "facets": lambda engine: searched(engine, "桥", facets=facets),
        "by day": lambda engine: searched(engine, "桥", sort="-date", since="2001"),
        "by path": lambda engine: searched(engine, "桥", paths=("*.jsonl",)),
        "all": lambda engine: engine.search(SearchRequest(Everything(), Top(None))).hits,
        "list": lambda engine: (
            engine.search(SearchRequest(Everything(), Outlines(None, sort="path"))).hits
        ),
        "show": shown,
        "similar": alike,
        "terms": lambda engine: keywords.of_set(engine, Everything()),
        "proposals": lambda engine: (engine.between("望", "桥"), engine.bound("望澜桥")),
        "paths": lambda engine: sorted(engine.paths()),
        "having": lambda engine: engine.having(["望澜桥", "修缮", "没有"]),
    }


DAMAGED = "it is damaged"


def answer(index: Path, ask: Ask) -> object:
    """Return the answer of an index that is opened for it, or DAMAGED."""
    try:
        engine = IndexFolder(index).open_engine()
        try:
            return ask(engine)
        finally:
            engine.close()
    except IndexDamaged:
        return DAMAGED


def is_faulty(index: Path) -> bool:
    """Return whether `sou check` finds something."""
    try:
        return bool(check_index(IndexFolder(index)).faults)
    except IndexDamaged:
        return True


# What is done to them.


@dataclass
class Outcome:
    """What came of some changes to files; `silent` says of each what was wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)


def flip(data: bytes, at: int, bit: int) -> bytes:
    """Return bytes of which one bit is another."""
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def changes(
    files: list[Path], kind: str, count: int, rng: random.Random
) -> Iterator[tuple[str, Path, bytes]]:
    """Yield changed contents of files: each a bit flipped, or cut somewhere."""
    contents = {path: path.read_bytes() for path in files}
    for _ in range(count):
        path = rng.choice(files)
        data = contents[path]
        at = rng.randrange(len(data))
        if kind == "flip":
            bit = rng.randrange(8)
            yield f"bit {bit} of byte {at} of {path.name}", path, flip(data, at, bit)
        else:
            yield f"{path.name} cut at {at}", path, data[:at]


def campaign(index: Path, kind: str, count: int, rng: random.Random, each: int = 3) -> Outcome:
    """Change one segment after the other, ask `each` of all questions, then check."""
    questions = asks()
    sound = {name: answer(index, ask) for name, ask in questions.items()}
    assert DAMAGED not in sound.values()
    assert not is_faulty(index)
    outcome = Outcome()
    for what, path, changed in changes(segments(index), kind, count, rng):
        before = path.read_bytes()
        path.write_bytes(changed)
        noticed = False
        wrong = []
        try:
            for name in rng.sample(sorted(questions), each):
                try:
                    found = answer(index, questions[name])
                except Exception as exc:  # noqa: BLE001  (that is what is looked for)
                    wrong.append(f"{name}: {type(exc).__name__}: {exc}")
                    continue
                noticed |= found == DAMAGED
                if found not in (DAMAGED, sound[name]):
                    wrong.append(f"{name}: another answer")
            by_check = is_faulty(index)
        finally:
            path.write_bytes(before)
        if wrong or not by_check:
            outcome.silent.append(f"{what}: {'; '.join(wrong) or 'nobody noticed'}")
            outcome.counts["silent"] += 1
        else:
            outcome.counts["noticed when read" if noticed else "noticed by a check"] += 1
    return outcome


def tell(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main() -> int:
    """Run a campaign and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=10_000)
    parser.add_argument("--cuts", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    chosen = parser.parse_args()
    rng = random.Random(chosen.seed)
    folder = Path(tempfile.mkdtemp())
    silent = 0
    try:
        index = archive(folder)
        sizes = [path.stat().st_size for path in segments(index)]
        tell(f"seed {chosen.seed}; segments of {sizes} bytes")
        for kind, count in (("flip", chosen.flips), ("cut", chosen.cuts)):
            outcome = campaign(index, kind, count, rng)
            tell(f"{count:,} × {kind}: {dict(outcome.counts)}", *outcome.silent[:20])
            silent += len(outcome.silent)
    finally:
        shutil.rmtree(folder)
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
