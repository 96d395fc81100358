"""Building and updating: what changed is read, what is lost is nothing."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from search import open_index
from search.indexing.report import Report
from search.indexing.update import build
from search.model.errors import IndexBusy, IndexDamaged, IndexOutdated, RequestError
from search.papers.read_paper import Limits
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from tests.conftest import MODULES
from tests.sealing import change_state


def page(title: str, body: str) -> str:
    return f"{title}\n\n本报讯(记者 俞白){body}\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(page("望澜桥修缮", "望澜\n桥开始修缮。"), "utf-8")
    (folder / "b.txt").write_text(page("图书馆开放", "图书馆昨日开放。"), "utf-8")
    return folder


def run(corpus: Path, **options: object) -> Report:
    folder = IndexFolder(corpus.parent / "index_data")
    return build(folder, [Source(str(corpus), "corpus")], **options)  # type: ignore[arg-type]


def paths(corpus: Path, query: str) -> list[str]:
    with open_index(corpus.parent / "index_data") as index:
        return sorted(hit.article.path for hit in index.search(query, limit=None).hits)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return (
        len(report.new),
        len(report.changed),
        len(report.removed),
        report.unchanged,
        len(report.failed),
    )


def test_an_update_reads_only_what_changed(corpus: Path) -> None:
    assert counts(run(corpus)) == (2, 0, 0, 0, 0)
    assert counts(run(corpus)) == (0, 0, 0, 2, 0)
    (corpus / "c.txt").write_text(page("防汛", "望澜桥封闭。"), "utf-8")
    (corpus / "a.txt").write_text(page("修缮完成", "石桥修缮完成。"), "utf-8")
    (corpus / "b.txt").unlink()
    report = run(corpus)
    assert counts(report) == (1, 1, 1, 0, 0)
    assert report.total == 2
    assert paths(corpus, "望澜桥") == ["corpus/c.txt"]
    assert paths(corpus, "图书馆") == []
    assert paths(corpus, "修缮") == ["corpus/a.txt"]


def test_a_change_that_keeps_size_and_time_is_seen(corpus: Path) -> None:
    run(corpus)
    file = corpus / "b.txt"
    stat = file.stat()
    file.write_text(file.read_text("utf-8").replace("昨日", "今日"), "utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert counts(run(corpus)) == (0, 1, 0, 1, 0)


def test_a_touched_file_is_unchanged(corpus: Path) -> None:
    run(corpus)
    os.utime(corpus / "b.txt")
    assert counts(run(corpus)) == (0, 0, 0, 2, 0)


def test_ids_stay_while_an_article_is_unchanged(corpus: Path) -> None:
    run(corpus)
    with open_index(corpus.parent / "index_data") as index:
        before = {article.path: article.id for article in index.articles()}
    assert len(before) > 1
    (corpus / "c.txt").write_text(page("防汛", "望澜桥封闭。"), "utf-8")
    run(corpus, rebuild=True)
    with open_index(corpus.parent / "index_data") as index:
        after = {article.path: article.id for article in index.articles()}
    assert before.items() <= after.items()


def test_a_dry_run_changes_nothing(corpus: Path) -> None:
    assert counts(run(corpus, dry_run=True)) == (2, 0, 0, 0, 0)
    assert not (corpus.parent / "index_data").exists()
    run(corpus)
    (corpus / "b.txt").unlink()
    assert counts(run(corpus, dry_run=True)) == (0, 0, 1, 1, 0)
    assert paths(corpus, "图书馆") == ["corpus/b.txt"]


def test_bad_files_are_named_and_do_not_stop_the_rest(corpus: Path) -> None:
    (corpus / "pdf.txt").write_bytes(b"%PDF-1.4 ...")
    (corpus / "noise.txt").write_bytes(bytes(range(256)) * 20)
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "long.txt").write_text("网格" * 40000, "utf-8")
    (corpus / "gone.txt").symlink_to(corpus / "nowhere.txt")
    (corpus / "loop").symlink_to(corpus)
    record = {"id": "1", "title": "记录", "body": "望澜桥的记录。"}
    (corpus / "r.jsonl").write_text(json.dumps(record) + "\n{broken\n", "utf-8")
    report = run(corpus, limits=Limits(max_page_bytes=100_000))
    assert sorted(problem.path for problem in report.failed) == [
        "corpus/gone.txt",
        "corpus/long.txt",
        "corpus/noise.txt",
        "corpus/pdf.txt",
    ]
    assert [(problem.path, problem.line) for problem in report.problems] == [("corpus/r.jsonl", 2)]
    assert report.empty == ["corpus/empty.txt"]
    assert paths(corpus, "望澜桥") == ["corpus/a.txt", "corpus/r.jsonl"]
    again = run(corpus, limits=Limits(max_page_bytes=100_000))
    assert len(again.failed) == 4
    assert len(again.problems) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(corpus: Path) -> None:
    (corpus / "b.txt").chmod(0)
    report = run(corpus)
    assert [problem.path for problem in report.failed] == ["corpus/b.txt"]


def test_a_file_that_became_unreadable_keeps_its_articles(corpus: Path) -> None:
    run(corpus)
    (corpus / "b.txt").write_bytes(b"%PDF-1.4 ...")
    assert counts(run(corpus)) == (0, 0, 0, 1, 1)
    assert paths(corpus, "图书馆") == ["corpus/b.txt"]


def test_a_file_that_vanishes_while_being_read_is_named(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import search.indexing.plan as module

    whole = module.walk

    def vanishing(root: Path, shown: str, **how: bool) -> object:
        for item in whole(root, shown, **how):
            yield item
            if str(getattr(item, "shown", "")).endswith("a.txt"):
                (corpus / "b.txt").unlink()

    monkeypatch.setattr(module, "walk", vanishing)
    report = run(corpus)
    assert "b.txt" not in " ".join(report.new)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_an_empty_corpus_takes_nothing_away(corpus: Path) -> None:
    run(corpus)
    for file in corpus.iterdir():
        file.unlink()
    with pytest.raises(RequestError, match="no papers"):
        run(corpus)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_a_missing_folder_takes_nothing_away(corpus: Path) -> None:
    run(corpus)
    corpus.rename(corpus.parent / "elsewhere")
    with pytest.raises(RequestError, match="corpus"):
        run(corpus)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_nothing_readable_makes_no_index(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"%PDF-1.4")
    with pytest.raises(RequestError, match="PDF"):
        run(folder)
    assert not (tmp_path / "index_data" / "sou.json").exists()


def test_sources_are_remembered_and_rebuilding_can_forget_them(corpus: Path) -> None:
    run(corpus)
    other = corpus.parent / "more"
    other.mkdir()
    (other / "d.txt").write_text(page("集市", "望澜桥头的集市。"), "utf-8")
    folder = IndexFolder(corpus.parent / "index_data")
    build(folder, [Source(str(other), "more")])
    assert paths(corpus, "望澜桥") == ["corpus/a.txt", "more/d.txt"]
    (corpus / "a.txt").unlink()
    build(folder, [])
    assert paths(corpus, "望澜桥") == ["more/d.txt"]
    build(folder, [Source(str(other), "more")], rebuild=True)
    assert paths(corpus, "图书馆") == []
    assert [entry.name for entry in folder.path.iterdir() if entry.is_dir()] == ["g2"]


def test_part_of_a_source_can_be_updated_alone(corpus: Path) -> None:
    sub = corpus / "2023"
    sub.mkdir()
    (sub / "e.txt").write_text(page("新事", "望澜桥新事。"), "utf-8")
    run(corpus)
    (sub / "e.txt").write_text(page("旧事", "古桥旧事。"), "utf-8")
    report = build(IndexFolder(corpus.parent / "index_data"), [Source(str(sub), "x")])
    assert counts(report) == (0, 1, 0, 0, 0)
    assert paths(corpus, "古桥") == ["corpus/2023/e.txt"]
    assert paths(corpus, "图书馆") == ["corpus/b.txt"]


def test_another_analysis_is_noticed_and_mended(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus)
    monkeypatch.setattr("search.analysis.fold.VERSION", 99)
    with pytest.raises(IndexOutdated, match="fold"):
        open_index(corpus.parent / "index_data")
    report = run(corpus)
    assert report.rebuilt
    assert counts(report) == (2, 0, 0, 0, 0)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_a_second_writer_waits_and_then_says_who(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus)
    folder = IndexFolder(corpus.parent / "index_data")
    monkeypatch.setattr("search.storage.index_folder.LOCK_SECONDS", 0.2)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with folder.lock():
            held.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        with pytest.raises(IndexBusy, match=f"pid {os.getpid()}"):
            run(corpus)
    finally:
        done.set()
        holder.join()
    assert counts(run(corpus)) == (0, 0, 0, 2, 0)


def test_a_failure_while_writing_leaves_the_old_index(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus)
    (corpus / "c.txt").write_text(page("防汛", "望澜桥封闭。"), "utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for rebuild in (False, True):
        with monkeypatch.context() as patch:
            patch.setattr("search.engines.whoosh.writer.WhooshWriter.prepare", full)
            with pytest.raises(RequestError, match="No space left"):
                run(corpus, rebuild=rebuild)
        assert paths(corpus, "望澜桥") == ["corpus/a.txt"]
    assert counts(run(corpus)) == (1, 0, 0, 2, 0)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt", "corpus/c.txt"]


def test_a_killed_build_leaves_the_old_index(corpus: Path) -> None:
    run(corpus)
    many = [{"id": str(i), "title": "记录", "body": f"第{i}座桥。" * 50} for i in range(30_000)]
    (corpus / "m.jsonl").write_text("\n".join(json.dumps(r) for r in many), "utf-8")
    environment = {"PYTHONPATH": MODULES, "PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    process = subprocess.Popen(
        [sys.executable, "-m", "search", "index"],
        cwd=corpus.parent,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    lock = corpus.parent / "index_data" / "writer.json"
    deadline = time.monotonic() + 30
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(1.0)
    process.kill()
    assert process.wait() == -9  # it was not done before
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]
    (corpus / "m.jsonl").unlink()
    assert counts(run(corpus)) == (0, 0, 0, 2, 0)


def test_progress_ends_at_the_whole(corpus: Path) -> None:
    seen: list[tuple[int, int, int]] = []
    run(corpus, progress=lambda *step: seen.append(step))
    done, total, articles = seen[-1]
    assert done == total == sum(file.stat().st_size for file in corpus.iterdir())
    assert articles == 2
    assert [step[0] for step in seen] == sorted(step[0] for step in seen)


def test_a_damaged_index_is_said_to_be(corpus: Path) -> None:
    run(corpus)
    generation = corpus.parent / "index_data" / "g1"
    for file in generation.glob("*.sou"):
        file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(IndexDamaged, match="damaged"):
        open_index(corpus.parent / "index_data").search("桥")
    with pytest.raises(IndexDamaged):
        run(corpus)
    assert run(corpus, rebuild=True).total == 2


def test_the_index_may_lie_among_the_papers(corpus: Path) -> None:
    folder = IndexFolder(corpus / "index_data")
    (corpus / "loop").symlink_to(corpus)
    for _ in range(2):
        report = build(folder, [Source(str(corpus), ".")])
        assert not report.failed
        assert not report.empty
        assert report.total == 2


def test_the_same_name_for_two_folders_means_two_folders(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "i")
    for place, text in (("y", "望澜桥。"), ("z", "图书馆。")):
        papers = tmp_path / place / "papers"
        papers.mkdir(parents=True)
        (papers / "a.txt").write_text(page("题目", text), "utf-8")
        build(folder, [Source(str(papers), "papers")])
    with open_index(folder.path) as index:
        assert {a.path for a in index.articles()} == {
            "papers/a.txt",
            str(tmp_path / "z" / "papers" / "a.txt"),
        }


def test_a_wider_source_spells_its_files_again_and_leaves_no_ghosts(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    (papers / "sub").mkdir(parents=True)
    file = papers / "sub" / "a.txt"
    file.write_text(page("题目", "望澜桥。"), "utf-8")
    folder = IndexFolder(tmp_path / "i")
    build(folder, [Source(str(papers / "sub"), "sub")])
    report = build(folder, [Source(str(papers), "papers")])
    assert report.total == 1
    with open_index(folder.path) as index:
        assert [a.path for a in index.articles()] == ["papers/sub/a.txt"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_after_the_commit_loses_nothing(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    run(corpus)
    (corpus / "c.txt").write_text(page("防汛", "望澜桥封闭。"), "utf-8")

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("search.engines.whoosh.writer.WhooshWriter.commit", fail)
        with contextlib.suppress(KeyboardInterrupt):
            run(corpus)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt", "corpus/c.txt"]
    run(corpus)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt", "corpus/c.txt"]


def test_a_failure_of_the_index_is_not_blamed_on_a_paper(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus)
    (corpus / "c.txt").write_text(page("防汛", "望澜桥封闭。"), "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("search.engines.whoosh.writer.BATCH_CHARACTERS", 1)

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        patch.setattr("search.engines.whoosh.writer.write_batch", full)
        with pytest.raises(RequestError, match="No space left"):
            run(corpus)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_half_a_file_that_was_read_is_read_again(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import search.indexing.reading as module

    file = corpus / "r.jsonl"
    old = "\n".join(
        json.dumps({"title": "旧", "body": f"旧桥{i}。"}, ensure_ascii=False) for i in range(3)
    )
    file.write_text(old, "utf-8")
    run(corpus)
    file.write_text(old.replace("旧桥", "新桥"), "utf-8")
    whole = module.read_paper

    def broken(*arguments: object, **more: object) -> object:
        for i, article in enumerate(whole(*arguments, **more)):  # type: ignore[arg-type]
            if i == 2:
                raise OSError(5, "Input/output error")
            yield article

    with monkeypatch.context() as patch:
        patch.setattr(module, "read_paper", broken)
        assert len(run(corpus).failed) == 1
    assert len(paths(corpus, "旧桥")) == 3  # until the whole of it can be read
    assert paths(corpus, "新桥") == []
    file.write_text(old, "utf-8")
    assert run(corpus).total == 5
    assert len(paths(corpus, "旧桥")) == 3
    assert paths(corpus, "新桥") == []


def test_articles_of_an_interrupted_change_do_not_stay_for_good(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus)
    (corpus / "c.txt").write_text(page("防汛", "望澜桥封闭。"), "utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("search.storage.commit.Commit.replace_state", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(corpus)
    (corpus / "c.txt").unlink()
    run(corpus)
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_a_lost_list_of_segments_is_damage_and_not_an_empty_index(corpus: Path) -> None:
    run(corpus)
    (corpus.parent / "index_data" / "g1" / "segments.1.json").unlink()
    with pytest.raises(IndexDamaged):
        paths(corpus, "望澜桥")
    assert run(corpus, rebuild=True).total == 2
    assert paths(corpus, "望澜桥") == ["corpus/a.txt"]


def test_a_rebuild_that_fails_keeps_an_index_of_another_format(corpus: Path) -> None:
    run(corpus)
    change_state(corpus.parent / "index_data", lambda data: data.update(schema="sou.index/9"))
    folder = IndexFolder(corpus.parent / "index_data")
    with pytest.raises(RequestError):
        build(folder, [Source(str(corpus / "nowhere"), "nowhere")], rebuild=True)
    assert (folder.path / "g1" / "segments.1.json").exists()


def test_papers_read_by_an_older_version_are_told_and_stay(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "c.jsonl").write_text('{"title": "渡口搬迁", "body": "渡口搬了。"}\n', "utf-8")
    assert run(corpus).older == 0
    monkeypatch.setattr("search.papers.reading_version._PAGES", 9)
    (corpus / "b.txt").write_text(page("书屋开放", "书屋昨日开放。"), "utf-8")
    (corpus / "a.txt").touch()  # the same in it, so it is not read anew
    report = run(corpus)
    assert (counts(report), report.older) == ((0, 1, 0, 2, 0), 1)
    assert run(corpus).older == 1  # where nothing is to be done
    assert run(corpus, rebuild=True).older == 0


def test_a_list_made_before_versions_is_read() -> None:
    from search.storage.paper_list import records

    kept = b'{\n"/a": ["a.txt", 3, 1, 1, "", 2, []],\n"/b": ["b.txt", 3, 1, 1, "", 2, [], 7]\n}\n'
    assert [known.reading for _, known in records([kept])] == [1, 7]


def test_records_are_told_from_pages_by_their_names() -> None:
    from search.papers import formats, reading_version

    assert {f".{name}" for name in reading_version._PACKED} == formats.PACKED
    records = {f".{name}" for name in reading_version._RECORD_FILES}
    assert records == set(formats._MODULES["records.reader"])
    version = reading_version.reading_version
    assert version("a/b.JSONL.gz") == version("a.csv") != version("a.txt") == version("a.zip")
