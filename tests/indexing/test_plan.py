"""What there is to do, of small folders of which all is remembered, or nothing, or something else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from search.indexing.plan import Plan, merge, narrowed, spelled
from search.indexing.reading import stamp_of
from search.papers import discover as walking
from search.storage.paper_list import FileRecord
from search.storage.state import Source


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n", "utf-8")


def source(path: Path, shown: str = "p") -> Source:
    return Source(os.path.realpath(path), shown)


def remembered(
    top: Path, *names: str, shown: str = "p", articles: int = 1
) -> dict[str, FileRecord]:
    """Return what is remembered of files as they are, or of some that are not there."""
    found = {}
    for name in names:
        path = Path(os.path.realpath(top)) / name
        size, mtime, ctime = stamp_of(path.stat()) if path.exists() else (1, 2, 3)
        found[str(path)] = FileRecord(f"{shown}/{name}", size, mtime, ctime, "d" * 8, articles)
    return found


def scanned(of: Source, known: dict[str, FileRecord], own: str = "/nowhere", **more: bool) -> Plan:
    plan = Plan()
    plan.scan(of, known, own, **more)
    return plan


def shown(files: dict[str, FileRecord]) -> list[str]:
    return sorted(record.shown for record in files.values())


def state(plan: Plan) -> dict[str, object]:
    """Return all that a plan says, by names as they are shown; what is empty is left out."""
    said = {
        "read": [(paper.number, paper.shown) for paper in plan.read],
        "same": shown(plan.same),
        "gone": shown(plan.gone),
        "kept": shown(plan.kept),
        "stopped": [(s.source.shown, s.why, s.articles) for s in plan.stopped],
        "bare": [s.shown for s in plan.bare],
        "failed": [(problem.path, problem.reason) for problem in plan.failed],
        "links": plan.links,
        "linked": sorted(map(os.path.basename, plan.linked)),
        "found": plan.found,
    }
    return {name: value for name, value in said.items() if value}


def test_what_is_new_unchanged_changed_and_gone(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.txt", "c.txt", "d/e.txt")
    known = remembered(tmp_path, "a.txt", "b.txt", "d/e.txt", "f.txt")
    plan = scanned(source(tmp_path), known)
    assert state(plan) == {
        "read": [(0, "p/c.txt")],
        "same": ["p/a.txt", "p/b.txt", "p/d/e.txt"],
        "gone": ["p/f.txt"],
        "found": 4,
    }
    assert plan.work == len("c.txt\n")
    [paper] = plan.read
    path = Path(os.path.realpath(tmp_path)) / "c.txt"
    assert (paper.path, paper.known) == (str(path), "")
    assert paper.stamp == stamp_of(path.stat())
    assert paper.within == os.path.realpath(tmp_path)


@pytest.mark.parametrize("what", ["size", "mtime", "ctime", "digest", "shown"])
def test_a_file_is_read_where_anything_is_not_as_remembered(what: str, tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.txt")
    known = remembered(tmp_path, "a.txt", "b.txt")
    path, was = next((p, r) for p, r in known.items() if r.shown == "p/a.txt")
    values = {n: getattr(was, n) for n in ("shown", "size", "mtime", "ctime", "digest", "articles")}
    values[what] = {"digest": "", "shown": "q/a.txt"}.get(what, getattr(was, what, 0))
    values[what] = values[what] + 1 if isinstance(values[what], int) else values[what]
    known[path] = FileRecord(**values)
    plan = scanned(source(tmp_path), known)
    assert state(plan) == {"read": [(0, "p/a.txt")], "same": ["p/b.txt"], "found": 2}
    # Its digest decides, if it is known and the file has the name that its articles have.
    assert plan.read[0].known == ("" if what in {"digest", "shown"} else "d" * 8)


def test_anew_everything_is_read_and_what_is_gone_still_told(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.txt")
    plan = scanned(source(tmp_path), remembered(tmp_path, "a.txt", "c.txt"), rebuild=True)
    assert state(plan) == {
        "read": [(0, "p/a.txt"), (1, "p/b.txt")],
        "gone": ["p/c.txt"],
        "found": 2,
    }
    assert [paper.known for paper in plan.read] == ["", ""]
    assert plan.work == len("a.txt\nb.txt\n")


def test_papers_are_numbered_over_all_sources(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.txt", "y/b.txt", "y/c.txt")
    plan = Plan()
    plan.scan(source(tmp_path / "x", "x"), {}, "/nowhere")
    plan.scan(source(tmp_path / "y", "y"), {}, "/nowhere")
    plan.scan(source(tmp_path / "y", "y"), {}, "/nowhere")
    assert [(p.number, p.shown) for p in plan.read] == [
        (i, name) for i, name in enumerate(["x/a.txt", *["y/b.txt", "y/c.txt"] * 2])
    ]
    assert plan.found == 5


def test_only_what_is_remembered_of_the_source_can_be_gone(tmp_path: Path) -> None:
    fill(tmp_path, "x/a.txt", "y/b.txt")
    known = remembered(tmp_path, "x/a.txt", "x/gone.txt", "y/b.txt", "y/gone.txt", "xx/c.txt")
    plan = scanned(source(tmp_path / "x", "p/x"), known)
    assert state(plan) == {"same": ["p/x/a.txt"], "gone": ["p/x/gone.txt"], "found": 1}


def test_the_index_is_no_paper(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "index/b.txt", "index/g1/c.txt", "index2/d.txt")
    own = os.path.realpath(tmp_path / "index")
    plan = scanned(source(tmp_path), {}, own)
    assert state(plan) == {"read": [(0, "p/a.txt"), (1, "p/index2/d.txt")], "found": 2}
    (tmp_path / "index2" / "link").symlink_to(tmp_path / "index")
    assert state(scanned(source(tmp_path), {}, own)) == state(plan)


def refuse(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let some folders not be listed, as root may be denied nothing."""
    scandir = os.scandir
    places = {os.path.realpath(folder) for folder in folders}

    def refusing(folder: str) -> object:
        if os.fspath(folder) in places:
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(walking.os, "scandir", refusing)


DENIED = "permission denied"


def test_what_lies_in_a_folder_that_cannot_be_listed_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing below it was seen, so nothing below it is gone; beside it, what is gone is."""
    fill(tmp_path, "a.txt", "x/b.txt", "x/y/c.txt", "xx/d.txt")
    known = remembered(tmp_path, "a.txt", "x/b.txt", "x/y/c.txt", "x/gone.txt", "xx/gone.txt")
    refuse(monkeypatch, tmp_path / "x")
    assert state(scanned(source(tmp_path), known)) == {
        "read": [(0, "p/xx/d.txt")],
        "same": ["p/a.txt"],
        "kept": ["p/x/b.txt", "p/x/gone.txt", "p/x/y/c.txt"],
        "gone": ["p/xx/gone.txt"],
        "failed": [("p/x", DENIED)],
        "found": 2,
    }


def test_a_source_that_cannot_be_listed_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "x/a.txt", "y/b.txt")
    known = remembered(tmp_path, "x/a.txt", "x/gone.txt", "y/b.txt", articles=3)
    refuse(monkeypatch, tmp_path / "x")
    for name in ("p/x", "p/x/"):
        plan = scanned(source(tmp_path / "x", name), known)
        assert state(plan) == {
            "kept": ["p/x/a.txt", "p/x/gone.txt"],
            "stopped": [(name, DENIED, 6)],
        }
    plan.scan(source(tmp_path / "y", "p/y"), known, "/nowhere")
    assert state(plan)["same"] == ["p/y/b.txt"]
    assert not plan.failed
    # Of one of which nothing is remembered, nothing can be lost: it is told, and barren.
    assert state(scanned(source(tmp_path / "x", "p/x"), {})) == {
        "bare": ["p/x"],
        "failed": [("p/x", DENIED)],
    }


def test_of_several_problems_only_those_of_the_source_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "x/s/a.txt", "y/b.txt", "y/t/c.txt")
    known = remembered(tmp_path, "x/s/a.txt", "y/b.txt", "y/t/c.txt")
    refuse(monkeypatch, tmp_path / "x" / "s", tmp_path / "y")
    plan = Plan()
    plan.scan(source(tmp_path / "x", "p/x"), known, "/nowhere")
    plan.scan(source(tmp_path / "y", "p/y"), known, "/nowhere")
    assert state(plan) == {
        "kept": ["p/x/s/a.txt", "p/y/b.txt", "p/y/t/c.txt"],
        "bare": ["p/x"],
        "stopped": [("p/y", DENIED, 2)],
        "failed": [("p/x/s", DENIED)],
    }


def test_a_source_that_is_gone_keeps_what_is_known_of_it(tmp_path: Path) -> None:
    known = remembered(tmp_path, "x/a.txt", "x/b.txt", "y/c.txt", articles=2)
    gone = source(tmp_path / "x", "p/x")
    plan = scanned(gone, known)
    assert state(plan) == {"kept": ["p/x/a.txt", "p/x/b.txt"], "stopped": [("p/x", "gone", 4)]}
    assert plan.stopped[0].source == gone
    # Where no list of papers can be read, nobody knows how many articles there were.
    assert state(scanned(gone, {})) == {"stopped": [("p/x", "gone", None)]}
    plan = Plan()
    plan.stop(gone, "why", {k: v for k, v in known.items() if k.endswith("c.txt")})
    assert state(plan) == {"stopped": [("p/x", "why", 0)]}


def test_an_empty_source_is_barren_and_its_papers_are_gone(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    fill(tmp_path, "x/a.png")
    assert state(scanned(source(tmp_path / "x", "p/x"), remembered(tmp_path, "x/a.txt"))) == {
        "bare": ["p/x"],
        "gone": ["p/x/a.txt"],
    }


def test_a_file_that_vanishes_is_told_and_keeps_what_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a.txt", "b.txt")
    known = remembered(tmp_path, "a.txt")
    items = list(walking.walk(tmp_path, "p"))
    unseen = [walking.PaperFile(item.place, item.shown) for item in items]
    monkeypatch.setattr("search.indexing.plan.walk", lambda *_, **__: iter(unseen))
    assert state(scanned(source(tmp_path), known))["same"] == ["p/a.txt"]
    shutil.rmtree(tmp_path)
    assert state(scanned(source(tmp_path), known)) == {
        "kept": ["p/a.txt"],
        "failed": [
            ("p/a.txt", "No such file or directory"),
            ("p/b.txt", "No such file or directory"),
        ],
        "found": 2,
    }


def test_papers_behind_a_link_that_is_not_followed_any_more(tmp_path: Path) -> None:
    fill(tmp_path, "p/a.txt", "out/b.txt", "out/s/c.txt")
    link = tmp_path / "p" / "link"
    link.symlink_to(tmp_path / "out")
    followed = scanned(source(tmp_path / "p"), {}, follow_links=True)
    assert [p.shown for p in followed.read] == ["p/a.txt", "p/link/b.txt", "p/link/s/c.txt"]
    assert {p.within for p in followed.read} == {""}
    known = remembered(tmp_path / "p", "a.txt", "link/b.txt", "link/s/c.txt", "link2/d.txt")
    # As they are remembered, by the place at which the link stood.
    assert state(scanned(source(tmp_path / "p"), known)) == {
        "same": ["p/a.txt"],
        "gone": ["p/link/b.txt", "p/link/s/c.txt", "p/link2/d.txt"],
        "links": ["p/link"],
        "linked": ["b.txt", "c.txt"],
        "found": 1,
    }


def test_what_is_gone_may_be_kept(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    plan = scanned(source(tmp_path), remembered(tmp_path, "b.txt", "c.txt"))
    path = next(path for path in plan.gone if path.endswith("b.txt"))
    record = plan.gone[path]
    plan.keep([path])
    assert plan.kept == {path: record}
    assert shown(plan.gone) == ["p/c.txt"]


# Sources that lie in each other.


def at(*pairs: tuple[str, str] | str) -> list[Source]:
    return [Source(*(pair if isinstance(pair, tuple) else (pair, pair))) for pair in pairs]


def roots(sources: object) -> list[str]:
    return [one.root for one in sources]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("old", "added", "merged"),
    [
        (["/a"], ["/b"], ["/a", "/b"]),
        (["/a"], ["/a/b"], ["/a"]),
        (["/a"], ["/a"], ["/a"]),
        (["/a/b", "/c", "/a/d"], ["/a"], ["/c", "/a"]),
        (["/a"], ["/ab"], ["/a", "/ab"]),
        (["/a"], ["/a/.hidden"], ["/a", "/a/.hidden"]),
        ([], ["/a/b", "/a", "/a/c"], ["/a"]),
        ([], [], []),
    ],
)
def test_sources_that_are_added(old: list[str], added: list[str], merged: list[str]) -> None:
    assert roots(merge(tuple(at(*old)), at(*added))) == merged


def test_a_name_that_was_given_for_another_place_is_spelled_out() -> None:
    assert merge(tuple(at(("/a/papers", "papers"))), at(("/b/papers", "papers"))) == tuple(
        at(("/a/papers", "papers"), ("/b/papers", "/b/papers"))
    )
    # So is one below or above it, but not what is below it in truth.
    for below in ("papers/x", "."):
        old = tuple(at(("/a/papers", "papers/x"))) if below == "papers/x" else ()
        assert merge(old, at(("/b", "papers")))[-1].shown == ("/b" if old else "papers")
    assert merge(tuple(at(("/b/x", "b/x"))), at(("/b", "b"))) == tuple(at(("/b", "b")))
    assert merge(tuple(at(("/b/.x", "b/.x"))), at(("/b", "b")))[-1].shown == "b"


@pytest.mark.parametrize(
    ("sources", "wider"),
    [
        (["/a", "/a/b"], ["/a"]),
        (["/a/b", "/a"], ["/a"]),
        (["/a/b", "/c", "/a/d", "/a"], ["/c", "/a"]),
        (["/a", "/b", "/a"], ["/a", "/b"]),
        (["/a", "/a/.b"], ["/a", "/a/.b"]),
        ([], []),
    ],
)
def test_sources_in_others_are_left_out(sources: list[str], wider: list[str]) -> None:
    assert roots(narrowed(at(*sources))) == wider


@pytest.mark.parametrize(
    ("one", "known", "spelling"),
    [
        (("/a/x/y", "y"), [("/a", "papers")], "papers/x/y"),
        (("/a/x/y", "y"), [("/a", "papers/")], "papers/x/y"),
        (("/a", "here"), [("/a", "papers/")], "papers/"),
        (("/b", "here"), [("/a", "papers")], "here"),
        (("/ab", "here"), [("/a", "papers")], "here"),
        (("/b/x", "here"), [("/a", "papers"), ("/b", "b")], "b/x"),
    ],
)
def test_a_source_is_spelled_as_what_covers_it(
    one: tuple[str, str], known: list[tuple[str, str]], spelling: str
) -> None:
    assert spelled(Source(*one), tuple(at(*known))) == Source(one[0], spelling)
