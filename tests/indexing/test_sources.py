"""Sources that are gone, empty, shrunk or moved: nothing leaves the index that nobody gave up."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import open_index
from search.indexing.report import Loss, Report
from search.indexing.update import build
from search.model.errors import RequestError
from search.papers import discover as walking
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from tests.sealing import put_state


def page(number: object, body: str = "望澜桥修缮。") -> str:
    return f"第{number}号\n\n本报讯(记者 俞白)第{number}条消息，{body}\n"


def fill(folder: Path, numbers: range | list[int], body: str = "望澜桥修缮。") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number}.txt").write_text(page(f"{folder.name}{number}", body), "utf-8")


def articles(top: Path) -> dict[str, str]:
    """Return the path of each article of the index, by id."""
    with open_index(top / "index_data") as index:
        return {article.id: article.path for article in index.articles()}


def paths(top: Path) -> list[str]:
    return sorted(articles(top).values())


def run(top: Path, *names: str, **options: object) -> Report:
    sources = [Source(str(top / name), name) for name in names]
    return build(IndexFolder(top / "index_data"), sources, **options)  # type: ignore[arg-type]


Spoil = Callable[[Path], object]


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def misplaced(folder: Path) -> None:
    """Leave what a disk leaves that is not mounted, and a hidden file on the disk below."""
    emptied(folder)
    (folder / ".keep").write_text("", "utf-8")


SPOILT: dict[str, Spoil] = {
    "gone": shutil.rmtree,
    "empty": emptied,
    "unmounted": misplaced,
    "a dead link": lambda folder: (shutil.rmtree(folder), folder.symlink_to("nowhere")),
    "only other files": lambda folder: (emptied(folder), (folder / "x.png").write_bytes(b"x")),
}


@pytest.mark.parametrize("kind", SPOILT)
@pytest.mark.parametrize("few", [True, False])
def test_a_spoilt_source_keeps_its_articles_and_the_others_are_updated(
    kind: str, few: bool, tmp_path: Path
) -> None:
    fill(tmp_path / "a", range(3))
    fill(tmp_path / "b", range(1 if few else 15))
    fill(tmp_path / "c", range(3))
    run(tmp_path, "a", "b", "c")
    before = articles(tmp_path)
    SPOILT[kind](tmp_path / "b")
    fill(tmp_path / "c", [7])
    (tmp_path / "a" / "0.txt").unlink()
    for dry_run in (True, False):
        report = run(tmp_path, dry_run=dry_run)
        assert [stopped.source.shown for stopped in report.stopped] == ["b"]
        assert (report.new, report.removed) == (["c/7.txt"], ["a/0.txt"])
        if dry_run:
            assert articles(tmp_path) == before
    assert set(before.values()) - set(paths(tmp_path)) == {"a/0.txt"}
    assert "c/7.txt" in paths(tmp_path)
    now = articles(tmp_path)
    for permit in (False, True):  # a yes to losses is none to this: it may be said every week
        with pytest.raises(RequestError, match="b"):
            run(tmp_path, rebuild=True, permit=lambda _, said=permit: said)
        run(tmp_path, permit=lambda _, said=permit: said)
        assert articles(tmp_path) == now
    if (tmp_path / "b").is_symlink():
        (tmp_path / "b").unlink()
    fill(tmp_path / "b", range(1 if few else 15))  # the disk is mounted
    report = run(tmp_path)
    assert not report.stopped
    assert articles(tmp_path) == now


@pytest.mark.parametrize("kind", SPOILT)
def test_one_source_alone_is_no_exception(kind: str, tmp_path: Path) -> None:
    fill(tmp_path / "b", range(3))
    run(tmp_path, "b")
    before = articles(tmp_path)
    SPOILT[kind](tmp_path / "b")
    for options in ({}, {"rebuild": True}, {"dry_run": True}):
        with pytest.raises(RequestError, match=r"b.*nothing was changed") as caught:
            run(tmp_path, **options)
        assert "sou sources --remove b" in caught.value.hint
    assert articles(tmp_path) == before


def test_a_file_that_is_a_source_is_one(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(3))
    fill(tmp_path / "b", range(2))
    run(tmp_path, "a/1.txt", "b")
    (tmp_path / "a" / "1.txt").unlink()
    assert [stopped.source.shown for stopped in run(tmp_path).stopped] == ["a/1.txt"]
    assert paths(tmp_path) == ["a/1.txt", "b/0.txt", "b/1.txt"]


@pytest.mark.parametrize("place", ["b", "b/sub", "b/sub/deep"])
def test_what_cannot_be_listed_is_not_gone(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "a", range(3))
    fill(tmp_path / "b" / "sub" / "deep", range(15))
    run(tmp_path, "a", "b")
    before = articles(tmp_path)
    scandir = os.scandir

    def refusing(folder: str) -> object:
        if str(folder) == str(tmp_path / place):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    with monkeypatch.context() as patch:
        patch.setattr(walking.os, "scandir", refusing)
        report = run(tmp_path)
        told = [problem.path for problem in report.failed]
        told += [stopped.source.shown for stopped in report.stopped]
        assert told == [place]
        assert report.kept == 15
        assert articles(tmp_path) == before
        with pytest.raises(RequestError):
            run(tmp_path, rebuild=True)
        assert articles(tmp_path) == before
    assert run(tmp_path).unchanged == 18


@pytest.mark.parametrize(
    ("left", "of", "asked"), [(10, 20, False), (11, 20, True), (12, 118, True), (12, 120, False)]
)
def test_what_is_much_is_asked_about(left: int, of: int, asked: bool, tmp_path: Path) -> None:
    fill(tmp_path / "a", range(of))
    fill(tmp_path / "b", range(2))
    run(tmp_path, "a", "b")
    for number in range(left):
        (tmp_path / "a" / f"{number}.txt").unlink()
    fill(tmp_path / "a", [1000])
    (tmp_path / "b" / "1.txt").unlink()
    losses: list[Loss] = []

    def permit(loss: Loss) -> bool:
        losses.append(loss)
        return False

    report = run(tmp_path, permit=permit)
    assert [(loss.shown, loss.articles, loss.of) for loss in losses] == [("a", left, of)] * asked
    assert "a/1000.txt" in paths(tmp_path)  # what is new is read all the same
    assert "b/1.txt" not in paths(tmp_path)  # and what is small goes
    assert ("a/0.txt" in paths(tmp_path)) == asked
    assert bool(report.held) == asked
    if asked:
        with pytest.raises(RequestError, match=f"{left} of {of + 1} articles"):
            run(tmp_path, rebuild=True)
        assert [loss.articles for loss in run(tmp_path, dry_run=True).held] == [left]
        assert len(run(tmp_path, permit=lambda _: True).removed) == left
        assert "a/0.txt" not in paths(tmp_path)


def test_a_yes_lets_a_rebuild_lose(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(20))
    run(tmp_path, "a")
    for number in range(15):
        (tmp_path / "a" / f"{number}.txt").unlink()
    run(tmp_path, rebuild=True, permit=lambda _: True)
    assert len(paths(tmp_path)) == 5


def test_a_disk_that_is_a_small_part_of_a_source_is_seen(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(200))
    fill(tmp_path / "a" / "disk" / "1987", range(11))
    run(tmp_path, "a")
    shutil.rmtree(tmp_path / "a" / "disk" / "1987")  # as a mount point is without its disk
    assert [loss.articles for loss in run(tmp_path).held] == [11]
    (tmp_path / "a" / "disk").rmdir()  # while who takes a folder away means it
    assert len(run(tmp_path).removed) == 11


def records(file: Path, numbers: range) -> None:
    lines = [{"title": f"第{i}号", "body": f"望澜桥第{i}条消息。"} for i in numbers]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize("cut", [True, False])
def test_a_file_that_holds_less_is_a_loss(
    cut: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cut:  # as large files are, and read in pieces
        monkeypatch.setattr("search.engines.whoosh.writer.BATCH_CHARACTERS", 200)
    records(tmp_path / "a" / "r.jsonl", range(40))
    fill(tmp_path / "a", range(3))
    run(tmp_path, "a")
    before = articles(tmp_path)
    records(tmp_path / "a" / "r.jsonl", range(20))  # half copied
    fill(tmp_path / "a", [5])
    (tmp_path / "a" / "1.txt").write_text(page("新"), "utf-8")
    preview = run(tmp_path, dry_run=True)
    report = run(tmp_path)
    for each in (preview, report):
        assert [(loss.articles, loss.files) for loss in each.held] == [(20, ("a/r.jsonl",))]
        assert (each.new, each.changed, each.kept) == (["a/5.txt"], ["a/1.txt"], 1)
    now = articles(tmp_path)
    old = {name for name, path in before.items() if path != "a/1.txt"}
    assert old <= now.keys()
    assert len(now) == len(before) + 1
    assert report.total == len(now)
    with pytest.raises(RequestError):
        run(tmp_path, rebuild=True)
    assert run(tmp_path).held  # and again next week
    assert articles(tmp_path) == now
    records(tmp_path / "a" / "r.jsonl", range(41))
    assert not run(tmp_path).held
    assert len(articles(tmp_path)) == len(now) + 1
    records(tmp_path / "a" / "r.jsonl", range(5))
    run(tmp_path, permit=lambda _: True)
    assert paths(tmp_path).count("a/r.jsonl") == 5


def test_what_cannot_be_read_any_more_stops_a_rebuild(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(30))
    run(tmp_path, "a")
    before = articles(tmp_path)
    (tmp_path / "a" / "7.txt").write_bytes(b"%PDF-1.4 ...")
    assert not run(tmp_path).held
    with pytest.raises(RequestError, match=r"cannot be read: a/7\.txt"):
        run(tmp_path, rebuild=True)
    assert articles(tmp_path) == before
    run(tmp_path, rebuild=True, permit=lambda _: True)
    assert len(articles(tmp_path)) == 29


def test_a_rename_is_no_loss(tmp_path: Path) -> None:
    fill(tmp_path / "a" / "1987", range(20))
    fill(tmp_path / "b", range(15))
    run(tmp_path, "a", "b")
    (tmp_path / "a" / "1987").rename(tmp_path / "a" / "y1987")
    (tmp_path / "b").rename(tmp_path / "a" / "from-b")
    (tmp_path / "b").mkdir()
    for dry_run in (True, False):
        report = run(tmp_path, dry_run=dry_run)
        assert not report.held
        assert not report.stopped
        assert len(report.removed) == len(report.new) == 35
    assert len(paths(tmp_path)) == 35


def test_other_papers_of_the_same_size_are_no_rename(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(20))
    run(tmp_path, "a")
    for number in range(20):
        text = (tmp_path / "a" / f"{number}.txt").read_text("utf-8")
        (tmp_path / "a" / f"{number}.txt").unlink()
        other = text.replace("修缮", "封闭")
        (tmp_path / "a" / f"n{number}.txt").write_text(other, "utf-8")
    assert [loss.articles for loss in run(tmp_path).held] == [20]
    assert len(paths(tmp_path)) == 40


def test_rebuilding_from_some_sources_asks_before_it_forgets_the_rest(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(3))
    fill(tmp_path / "b", range(15))
    run(tmp_path, "a", "b")
    with pytest.raises(RequestError, match="15 of 15 articles from b"):
        run(tmp_path, "a", rebuild=True)
    assert len(paths(tmp_path)) == 18
    run(tmp_path, rebuild=True)
    assert len(paths(tmp_path)) == 18
    report = run(tmp_path, "a", rebuild=True, permit=lambda _: True)
    assert len(report.removed) == 15
    assert len(paths(tmp_path)) == 3


def test_the_corpus_beside_an_index_is_read_with_all_else(tmp_path: Path) -> None:
    fill(tmp_path / "a", range(3))
    run(tmp_path, "a")
    fill(tmp_path / "corpus", range(2))
    fill(tmp_path / "a", [9])
    beside = [Source(str(tmp_path / "corpus"), "corpus")]
    run(tmp_path, beside=beside)
    assert len(paths(tmp_path)) == 6
    run(tmp_path, beside=beside, rebuild=True)
    assert len(paths(tmp_path)) == 6


def test_a_part_named_with_its_whole_is_read_once(tmp_path: Path) -> None:
    fill(tmp_path / "a" / "sub", range(3))
    run(tmp_path, "a")
    fill(tmp_path / "a" / "sub", [7])
    report = run(tmp_path, "a", "a/sub")
    assert report.new == ["a/sub/7.txt"]
    assert len(paths(tmp_path)) == 4


# An archive that moves.


def copied(top: Path, other: Path) -> None:
    shutil.copytree(top, other)


@pytest.mark.parametrize("move", [Path.rename, copied])
@pytest.mark.parametrize("inside", [True, False])
def test_an_archive_that_moves_stays_as_it_is(
    move: Callable[[Path, Path], object], inside: bool, tmp_path: Path
) -> None:
    top, other = tmp_path / "archive", tmp_path / "b"
    fill(top / "papers", range(3))
    fill(top / "single", range(2))
    names = ["."] if inside else ["papers", "single/1.txt"]
    run(top, *names)
    before = articles(top)
    move(top, other)
    report = run(other)
    assert (report.new, report.changed, report.removed) == ([], [], [])
    assert articles(other) == before
    (other / "papers" / "1.txt").write_text(page("新"), "utf-8")
    assert len(run(other).changed) == 1
    if move is copied:  # and each reads its own papers
        assert run(top).changed == []
        assert articles(top) == before


def test_a_moved_archive_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "archive"
    fill(top / "papers", range(3))
    for file in (top / "papers").iterdir():
        os.utime(file, (1, 1))  # so that its times prove something
    run(top, "papers")
    top.rename(tmp_path / "b")
    monkeypatch.setattr("search.indexing.reading.open_regular", None)
    assert run(tmp_path / "b").unchanged == 3


def test_an_index_of_before_has_its_sources_beside_it_too(tmp_path: Path) -> None:
    top = tmp_path / "archive"
    fill(top / "papers", range(3))
    fill(tmp_path / "out", range(2))
    run(top, "papers")
    build(IndexFolder(top / "index_data"), [Source(str(tmp_path / "out"), "../out")])
    before = articles(top)
    file = top / "index_data" / "sou.json"
    state = json.loads(file.read_text("utf-8"))
    roots = [str(top / "papers"), str(tmp_path / "out")]
    assert [source["root"] for source in state["sources"]] == ["papers", roots[1]]
    for source, root in zip(state["sources"], roots, strict=True):
        source["root"] = root
    put_state(top / "index_data", state)
    assert articles(top) == before
    fill(top / "papers", [9])
    assert run(top).unchanged == 5
    state = json.loads(file.read_text("utf-8"))
    assert [source["root"] for source in state["sources"]] == ["papers", roots[1]]


@pytest.mark.parametrize("found", ["given", "by its name"])
def test_a_source_that_moved_is_asked_about(found: str, tmp_path: Path) -> None:
    top, away, new = tmp_path / "archive", tmp_path / "disk", tmp_path / "disk2"
    fill(away / "papers", range(12))
    top.mkdir()
    given = [Source(str(away / "papers"), "papers")]
    folder = IndexFolder(top / "index_data")
    build(folder, given)
    before = articles(top)
    if found == "given":
        away.rename(new)
        given = [Source(str(new / "papers"), "../disk2/papers")]
    else:  # as with an index of before, which moved
        (away / "papers").rename(top / "papers")
        given = []
    fill(Path(given[0].root) if given else top / "papers", [77])
    with pytest.raises(RequestError, match="papers") as caught:
        build(folder, given)
    if given:
        assert f"sou index {new / 'papers'} --yes" in caught.value.hint
    assert articles(top) == before
    asked = []
    report = build(folder, given, follow=lambda moved: not asked.append(moved))
    assert [(moved.same, moved.of) for moved in asked] == [(12, 12)]
    assert report.new == ["papers/77.txt"]
    assert not report.stopped
    after = articles(top)
    assert before.items() <= after.items()
    assert len(after) == 13
    assert not build(folder, []).stopped


def test_other_papers_in_a_new_place_are_other_papers(tmp_path: Path) -> None:
    fill(tmp_path / "disk" / "papers", range(12))
    fill(tmp_path / "other", range(12), "图书馆开放。")
    top = tmp_path / "archive"
    top.mkdir()
    folder = IndexFolder(top / "index_data")
    build(folder, [Source(str(tmp_path / "disk" / "papers"), "papers")])
    shutil.rmtree(tmp_path / "disk")
    build(folder, [Source(str(tmp_path / "other"), "other")], follow=lambda _: 1 / 0)  # type: ignore[arg-type,return-value]
    assert len(paths(top)) == 24


def test_ids_outlast_another_spelling_of_the_same_folder(tmp_path: Path) -> None:
    fill(tmp_path / "a" / "x", range(3))
    run(tmp_path, "a")
    before = articles(tmp_path)
    (tmp_path / "sub").mkdir()
    folder = IndexFolder(tmp_path / "index_data")
    for shown in (str(tmp_path / "a"), "../a"):
        for rebuild in (False, True):
            build(folder, [Source(str(tmp_path / "a"), shown)], rebuild=rebuild)
            assert articles(tmp_path) == before
    part = Source(str(tmp_path / "a" / "x"), "x")
    build(folder, [part], rebuild=True, permit=lambda _: True)
    assert articles(tmp_path) == before


# Whatever comes, goes and moves.

FILES = [
    f"{source}/{folder}{number}.txt" for source in "ab" for folder in ("", "x/") for number in "12"
]
TREES = st.dictionaries(st.sampled_from(FILES), st.integers(0, 5), max_size=8)


def laid_out(top: Path, tree: dict[str, int]) -> None:
    """Make the sources hold these files, and change no other."""
    for name in FILES:
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if name not in tree:
            file.unlink(missing_ok=True)
        elif not file.exists() or file.read_text("utf-8") != page(tree[name]):
            file.write_text(page(tree[name]), "utf-8")


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(trees=st.lists(TREES, min_size=2, max_size=4), few=st.integers(0, 3))
def test_an_index_is_that_of_the_papers_and_of_what_was_held(
    trees: list[dict[str, int]], few: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("trees")
    laid_out(top, dict.fromkeys(FILES, 0))
    run(top, "a", "b")
    expected = dict.fromkeys(FILES, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.indexing.loss_guard.FEW", few)
        for tree in trees:
            laid_out(top, tree)
            after = dict(tree)
            for source in "ab":
                mine = {name for name in expected if name[0] == source}
                there = set(tree.values())
                # A content that is anywhere in the new tree is not lost.
                lost = {name for name in mine - tree.keys() if expected[name] not in there}
                barren = not any(name[0] == source for name in tree)
                emptied_ = {
                    name
                    for name in lost
                    if name[2] == "x" and not any(f"{source}/x/" in each for each in tree)
                }
                much = len(lost) > few and len(lost) * 10 > len(mine)
                if barren and lost:
                    after |= {name: expected[name] for name in mine}
                elif much or len(emptied_) > few:
                    after |= {name: expected[name] for name in lost}
            try:
                run(top)
            except RequestError:
                assert not tree
                after = expected
            expected = after
            assert paths(top) == sorted(expected)
