"""The towns of the faults: invented papers in some versions, changes to an index of them, and
what must be true of the index whatever went wrong.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from search.api import Index
from search.indexing.check import check_index
from search.indexing.update import build
from search.model.errors import IndexDamaged, IndexMissing, SouError
from search.storage.index_folder import IndexFolder
from search.storage.state import Source

Papers = Mapping[str, bytes]
"""Files of a corpus: the path within it, and what is in it."""

Snapshot = Mapping[str, bytes | None]
"""A folder and all in it, by path ("." is itself); None for a folder."""

Answer = tuple[object, ...] | None
"""All that an index answers; None where there is no index."""

QUERIES = (
    "桥",
    "望澜桥",
    "图书馆 OR 志愿",
    '"开始修缮"',
    "harvest",
    "title:秋收 OR 桥",
    "记者 -桥",
)


def _page(title: str, reporter: str, *lines: str) -> bytes:
    return (f"{title}\n\n本报讯(记者 {reporter}){chr(10).join(lines)}\n").encode()


def _records(*records: tuple[str, str, str]) -> bytes:
    line = '{{"id": "{}", "title": "{}", "body": "{}", "date": "2021-03-0{}"}}\n'
    return "".join(
        line.format(key, title, body, 1 + n) for n, (key, title, body) in enumerate(records)
    ).encode()


BRIDGE = _page("望澜桥修缮", "俞白", "望澜", "桥开始修缮,工期九十天。")
LIBRARY = _page("图书馆开放", "沈秋", "镇图书馆本周开放,志愿", "者轮流值守。")
HARVEST = _page("秋收过半", "陆青", "青禾镇秋收过半,粮仓清扫完毕。")
NOTES = _records(
    ("n1", "Harvest notes", "The harvest was good; 谷仓已满。"),
    ("n2", "志愿服务", "志愿者在望澜桥边植树。"),
    ("n3", "夜校招生", "夜校下月开课,图书馆可报名。"),
)

FIRST: Papers = {
    "a.txt": BRIDGE,
    "b.txt": LIBRARY,
    "乡镇/c.txt": HARVEST,
    "notes.jsonl": NOTES,
    "d.txt": _page("渡口停航", "俞白", "大雾,望澜渡口停航一日。"),
}
SECOND: Papers = {
    "a.txt": BRIDGE,
    "b.txt": _page("图书馆闭馆", "沈秋", "镇图书馆盘点,闭馆三日。"),  # changed
    "乡镇/c.txt": HARVEST,
    "notes.jsonl": _records(
        ("n1", "Harvest notes", "The harvest was good; 谷仓已满。"),
        ("n4", "新桥通车", "青禾新桥通车,志愿者指路。"),
    ),
    "e.txt": _page("茶市开张", "陆青", "春茶开市,桥头人多。"),  # new; d.txt is gone
}
THIRD: Papers = {
    **SECOND,
    "d.txt": FIRST["d.txt"],  # came back
    "e.txt": _page("茶市收市", "陆青", "春茶收市。"),
    "f.md": _page("灯会", "沈秋", "元宵灯会在图书馆前。"),
}


def _grown(number: int) -> Papers:
    """Return the papers after some weeks, each with a new one."""
    return {
        **FIRST,
        **{f"w{n}.txt": _page(f"第{n}周桥讯", "俞白", f"第{n}周") for n in range(number)},
    }


@dataclass(frozen=True)
class Scenario:
    """A change to an index: the versions of the papers that it was built from one after the
    other, those that are there now, and what sou is called with.
    """

    name: str
    before: Sequence[Papers]
    now: Papers
    arguments: tuple[str, ...] = ("index",)
    patches: Mapping[str, object] = field(default_factory=dict)
    """What is set in the process: values by their dotted names."""

    damaged: bool = False
    """Whether a segment is broken when it begins."""

    @property
    def later(self) -> tuple[Papers, ...]:
        """What the papers may have become when sou is called again: as they are, as they were
        (what was withdrawn came back), or others.
        """
        return (self.now, self.before[-1] if self.before else SECOND, THIRD)


BATCHES = {"search.engines.whoosh.writer.BATCH_CHARACTERS": 200}
"""What makes several segments of a small corpus, that are merged at the end."""

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("first build", (), FIRST),
        Scenario("first build in batches", (), FIRST, patches=BATCHES),
        Scenario("update", (FIRST,), SECOND),
        Scenario("withdrawal", (SECOND, FIRST), {n: d for n, d in FIRST.items() if n != "a.txt"}),
        Scenario(
            "merge",
            tuple(_grown(n) for n in range(7)),
            {n: d for n, d in _grown(7).items() if n not in {"d.txt", "w3.txt"}},
        ),
        Scenario("rebuild", (FIRST, SECOND), THIRD, ("index", "--rebuild")),
        Scenario("nothing to do", (FIRST, SECOND), SECOND),
        Scenario("repair", (FIRST, SECOND), SECOND, ("check", "--repair", "--yes"), damaged=True),
    )
}


def scan(folder: Path) -> dict[str, bytes | None]:
    """Return what is in a folder."""
    found: dict[str, bytes | None] = {}
    if not folder.is_dir():
        return found
    found["."] = None
    for where, folders, files in os.walk(folder):
        inner = os.path.relpath(where, folder)
        for name in folders:
            found[os.path.normpath(os.path.join(inner, name))] = None
        for name in files:
            with open(os.path.join(where, name), "rb") as file:
                found[os.path.normpath(os.path.join(inner, name))] = file.read()
    return found


def restore(folder: Path, snapshot: Snapshot) -> None:
    """Make a folder what it was."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in sorted(snapshot):
        data = snapshot[path]
        place = os.path.join(folder, path)
        if data is None:
            os.makedirs(place, mode=0o700, exist_ok=True)
        else:
            with open(place, "wb") as file:
                file.write(data)


class Town:
    """A folder with a corpus and its index, at one place for good: an index knows where its
    papers are.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.index = place / "index_data"
        self.corpus = place / "corpus"
        self.corpus.mkdir(parents=True, exist_ok=True)
        self._there: dict[str, bytes] = {}
        self._fresh: dict[int, tuple[Papers, Answer]] = {}
        self._bases: dict[str, Snapshot] = {}
        self._answers: dict[str, tuple[Answer, Answer]] = {}

    def print(self, papers: Papers) -> None:
        """Make these the papers. Each version of a paper is of another day, long ago."""
        for name in self._there.keys() - papers.keys():
            (self.corpus / name).unlink()
            del self._there[name]
        for name, data in papers.items():
            if self._there.get(name) != data:
                path = self.corpus / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
                day = 1_500_000_000 + 86_400 * (sum(data) % 1000)
                os.utime(path, (day, day))
                self._there[name] = data

    def update(
        self, *, rebuild: bool = False, repair: bool = False, folder: Path | None = None
    ) -> None:
        """Do what `sou index` does, in this process, or `sou check --repair`."""
        source = Source(str(self.corpus), "corpus")
        again = {"repair": True} if repair else {"rebuild": rebuild}
        build(IndexFolder(folder or self.index), [source], jobs=1, **again)

    def answer(self, folder: Path | None = None) -> Answer:
        """Return all that the index answers: articles, what queries find, and in what order.

        Raises whatever a search raises.
        """
        try:
            index = Index(folder or self.index)
        except IndexMissing:
            return None
        try:
            articles = tuple(
                (a.id, a.key, a.title, a.body, str(a.date), a.path, a.line, tuple(a.authors))
                for a in index.articles()
            )
            found = [index.search(query, limit=None) for query in QUERIES]
            ranked = tuple(tuple(hit.article.id for hit in one.hits) for one in found)
            sets = tuple(
                (one.total, frozenset(ids)) for one, ids in zip(found, ranked, strict=True)
            )
            return articles, (len(index), sets), ranked
        finally:
            index.close()

    def fresh(self, papers: Papers) -> Answer:
        """Return what an index just built of some papers answers."""
        if id(papers) not in self._fresh:
            there = dict(self._there)
            self.print(papers)
            folder = self.place / "fresh"
            shutil.rmtree(folder, ignore_errors=True)
            self.update(folder=folder)
            self._fresh[id(papers)] = (papers, self.answer(folder))
            shutil.rmtree(folder)
            self.print(there)
        return self._fresh[id(papers)][1]

    def begin(self, scenario: Scenario) -> Snapshot:
        """Bring the town to where a scenario begins; return the index there."""
        if scenario.name not in self._bases:
            shutil.rmtree(self.index, ignore_errors=True)
            for papers in scenario.before:
                self.print(papers)
                self.update()
            base = scan(self.index)
            self._bases[scenario.name] = _with_a_broken_segment(base) if scenario.damaged else base
        self.print(scenario.now)
        restore(self.index, self._bases[scenario.name])
        return self._bases[scenario.name]

    def old(self, scenario: Scenario) -> Answer:
        """Return what the index answers before a scenario."""
        return self._ends(scenario)[0]

    def new(self, scenario: Scenario) -> Answer:
        """Return what it answers after it."""
        return self._ends(scenario)[1]

    def _ends(self, scenario: Scenario) -> tuple[Answer, Answer]:
        if scenario.name not in self._answers:
            self.begin(scenario)
            old, _ = self.now()
            self.update(rebuild="--rebuild" in scenario.arguments, repair=scenario.damaged)
            new = self.answer()
            assert same(new, self.fresh(scenario.now)), "an update is not what a fresh build gives"
            self._answers[scenario.name] = old, new
        return self._answers[scenario.name]

    def now(self) -> tuple[Answer, list[str]]:
        """Return what the index answers, and what is wrong with asking it.

        An index that says that it is damaged answers just that.
        """
        try:
            return self.answer(), []
        except IndexDamaged as exc:
            return DAMAGED, [f"search fails: {_said(exc)}"]
        except Exception as exc:
            return ("error",), [f"search fails: {_said(exc)}"]

    def recover(self, papers: Papers, *, repair: bool = False) -> list[str]:
        """Have some papers and call `sou index`, or repair; return what is then wrong."""
        self.print(papers)
        try:
            if repair:
                self.update(repair=True)
            self.update()
        except Exception as exc:
            return [f"the next sou index fails: {_said(exc)}"]
        answer, wrong = self.now()
        if not same(answer, self.fresh(papers)):
            wrong.append("the next sou index does not bring everything back")
        wrong += [f"check after it: {fault}" for fault in self.check()]
        return wrong + [f"left over: {name}" for name in left_over(self.index)]

    def check(self) -> list[str]:
        """Return what `sou check` finds, what is left over included."""
        try:
            # Two articles looked up by their text are enough, of a dozen that were all compared.
            with patch("search.indexing.check.SAMPLE", 2):
                checked = check_index(IndexFolder(self.index))
        except SouError as exc:
            return [exc.message]
        return [*checked.faults, *checked.untidy]


DAMAGED: Answer = ("damaged",)
"""What an index answers that says it is damaged."""


def _with_a_broken_segment(index: Snapshot) -> Snapshot:
    name = max(
        (name for name in index if name.endswith(".sou")), key=lambda n: len(index[n] or b"")
    )
    data = bytearray(index[name] or b"")
    data[-40:] = bytes(40)
    return {**index, name: bytes(data)}


def same(one: Answer, other: Answer) -> bool:
    """Return whether two indexes hold the same and find the same.

    The order is another matter: articles that were taken out count in the ranking until their
    segment is merged, so an index that was updated may rank as one just built does not.
    """
    return one is not None and other is not None and one[:2] == other[:2]


def _said(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"[:160]


_SEGMENT = re.compile(rb"MAIN_([0-9a-f]{20,32})\.sou")
_LONG = re.compile(rb"[0-9a-f]{20,32}")


def left_over(folder: Path) -> Iterable[str]:
    """Yield the files and folders of an index that have no business there.

    It reads names only, and knows nothing of how sou finds out.
    """
    there = scan(folder)
    lists = [name for name in there if re.fullmatch(r"g\d+/segments(\.\d+)?\.json", name)]
    named = set(_SEGMENT.findall(there[lists[0]] or b"")) if lists else set()
    seen: dict[str, str] = {}
    for name in sorted(there):
        kind = re.sub(r"(?<=[g._])\d+(?=[./]|$)", "N", name)
        segment = re.fullmatch(r"g\d+/MAIN_([0-9a-f]+)\.sou", name)
        if segment:
            if segment[1].encode() not in named:
                yield f"{name} (not listed)"
        elif kind not in _BELONGS:
            yield name
        elif kind in seen:
            yield f"{name} (beside {seen[kind]})"
        elif kind.endswith(".toc") and set(_LONG.findall(there[name] or b"")) != named:
            yield f"{name} (names other segments)"
        seen.setdefault(kind, name)


_BELONGS = {
    ".",
    "sou.json",
    "write.lock",
    "gN",
    *("gN/segments.json", "gN/segments.N.json"),
    *("gN/files.json", "gN/files.N.json"),
    "gN/_MAIN_N.toc",
}
