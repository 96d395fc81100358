"""Building in tasks: however the work is divided, the index is the same and nothing is lost."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import tarfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from search import open_index
from search.engines.port import SearchRequest, Top
from search.engines.whoosh.codec.segment_merge import merge
from search.engines.whoosh.codec.segment_reader import Segment
from search.indexing.report import Report
from search.indexing.update import build
from search.model.article import Article
from search.model.errors import IndexDamaged, RequestError
from search.papers.read_paper import Limits
from search.query.ast import Everything
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from search.system import processes
from tests.conftest import ready
from tests.engines.alone import commit, engine_of, names_of, writer_of

SMALL = Limits(max_record_chars=400)


def line(title: str, body: str, **more: str) -> str:
    return json.dumps({"title": title, "body": body, **more}, ensure_ascii=False)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """All that makes dividing hard, in files of a few thousand bytes."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    same = line("望澜桥", "同一条消息。")
    lines = [line(f"第{i}号", f"望澜桥第{i}次修缮。") for i in range(60)]
    for at in (3, 20, 21, 40, 59):
        lines[at] = same
    lines[30] = "{broken"
    lines[35] = line("太长", "长" * 500)
    lines[45] = ""
    text = "\n".join(lines)
    (folder / "a.jsonl").write_bytes(text.encode())  # no newline at the end
    (folder / "b.jsonl").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (folder / "c.jsonl").write_bytes((text + "\n").encode("gb18030"))
    (folder / "d.jsonl").write_bytes(text.encode("utf-16"))
    bad = text.encode().split(b"\n")
    bad[45] = b" " * 70_000  # a file that begins as UTF-8 is UTF-8, whatever comes far behind
    bad[50] = b'{"title": "\xff", "body": "x"}'
    (folder / "e.ndjson").write_bytes(b"\n".join(bad))
    (folder / "f.jsonl").write_bytes((same + "\r" + same + "\n").encode() * 20)
    strange = "".join(f'{{"file": "第{i}号.txt"}}\n' for i in range(60))
    (folder / "s.jsonl").write_text(strange, "utf-8")
    rows = "".join(f'题{i},"望澜桥\n第{i}行, ""好"""\n' for i in range(60))
    (folder / "g.csv").write_text("title,body\n" + rows, "utf-8")
    for i in range(8):
        (folder / f"p{i}.txt").write_text(f"图书馆{i}\n\n本报讯 图书馆第{i}天开放。\n", "utf-8")
    (folder / "p3.txt").write_bytes(b"%PDF-1.4")
    (folder / "p4.txt").write_bytes(b"")
    (folder / "q.jsonl").write_bytes(b"\xff\xff\n" * 2000)
    for file in folder.iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))  # so that their times prove something
    return folder


@pytest.fixture(autouse=True)
def _small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.indexing.update.WORTH_A_PROCESS", 0)
    tasks_of(monkeypatch, 1500)


def tasks_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Make tasks of about so many bytes, and batches as small (in this process)."""
    monkeypatch.setattr("search.engines.whoosh.writer.BATCH_CHARACTERS", size * 2 // 5)


def run(corpus: Path, index: str = "index_data", **options: object) -> Report:
    folder = IndexFolder(corpus.parent / index)
    return build(folder, [Source(str(corpus), "corpus")], limits=SMALL, **options)  # type: ignore[arg-type]


def contents(corpus: Path, index: str = "index_data") -> list[Article]:
    """Return the articles of an index in the order of its documents."""
    folder = IndexFolder(corpus.parent / index)
    engine = folder.open_engine()
    try:
        found = engine.search(SearchRequest(Everything(), Top(None)))
        return [hit.article for hit in found.hits]
    finally:
        engine.close()


def told(report: Report) -> tuple[object, ...]:
    return (
        report.new,
        report.changed,
        report.unchanged,
        report.empty,
        [str(problem) for problem in report.failed],
        [str(problem) for problem in report.problems],
        report.articles,
        report.total,
    )


def remembered(corpus: Path, index: str) -> dict[str, object]:
    folder = IndexFolder(corpus.parent / index)
    return {path: str(record) for path, record in folder.files(folder.state()).items()}


def segments(corpus: Path, index: str = "index_data") -> list[str]:
    return sorted(path.name for path in (corpus.parent / index).glob("g*/*.sou"))


def test_the_index_is_the_same_however_the_work_is_divided(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = run(corpus, "one", jobs=1), run(corpus, "two", jobs=2)
    tasks_of(monkeypatch, 10_000_000)
    whole = run(corpus, "whole", jobs=1)
    assert told(few) == told(many) == told(whole)
    assert contents(corpus, "one") == contents(corpus, "two") == contents(corpus, "whole")
    ids = [article.id for article in contents(corpus, "one")]
    assert len(set(ids)) == len(ids) == whole.total
    assert remembered(corpus, "one") == remembered(corpus, "two") == remembered(corpus, "whole")


def test_what_is_told_has_the_lines_and_the_order_of_the_files(corpus: Path) -> None:
    report = run(corpus, jobs=2)
    broken = [(p.path, p.line) for p in report.problems if p.path == "corpus/a.jsonl"]
    assert broken == [("corpus/a.jsonl", 31), ("corpus/a.jsonl", 36)]
    assert [p.line for p in report.problems if p.path == "corpus/e.ndjson"] == [31, 36, 46, 51]
    assert [p.path for p in report.failed] == ["corpus/p3.txt", "corpus/q.jsonl"]
    assert report.new == sorted(report.new)
    last = contents(corpus)
    assert [a.path for a in last] == sorted(a.path for a in last)
    assert [a.line for a in last if a.path == "corpus/b.jsonl"][-1] == 60


def test_an_update_in_tasks_reads_only_what_changed(corpus: Path) -> None:
    first = run(corpus, jobs=1)
    os.utime(corpus / "a.jsonl")
    text = (corpus / "c.jsonl").read_text("gb18030").replace("第7次", "第七次")
    (corpus / "c.jsonl").write_text(text, "gb18030")
    report = run(corpus, jobs=2)
    assert report.changed == ["corpus/c.jsonl"]
    assert report.unchanged == first.unchanged + len(first.new) - 1
    assert report.total == first.total
    run(corpus, "again", jobs=1)
    assert sorted(contents(corpus), key=lambda a: a.id) == sorted(
        contents(corpus, "again"), key=lambda a: a.id
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_moves_with_each_task_and_ends_at_the_whole(corpus: Path, jobs: int) -> None:
    steps: list[tuple[int, int, int]] = []
    report = run(corpus, jobs=jobs, progress=lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == sorted(done for done, _, _ in steps)
    whole = sum(file.stat().st_size for file in corpus.iterdir())
    assert steps[-1] == (whole, whole, report.articles)
    assert len(steps) > 15


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the processes that are started from now on."""
    found: list[subprocess.Popen[bytes]] = []
    start = processes.start

    def noting(*args: str, **options: bool) -> subprocess.Popen[bytes]:
        found.append(start(*args, **options))
        return found[-1]

    monkeypatch.setattr(processes, "start", noting)
    return found


def test_a_worker_that_dies_leaves_the_old_index(
    corpus: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    run(corpus)
    before, files = contents(corpus), segments(corpus)
    assert before
    assert files

    def kill(*_: int) -> None:
        for process in started:
            process.kill()

    (corpus / "a.jsonl").write_text(line("新", "新事。") + "\n" + "x\n" * 3000, "utf-8")
    for rebuild in (False, True):
        with pytest.raises(RequestError, match="cannot be written"):
            run(corpus, jobs=2, progress=kill, rebuild=rebuild)
        assert contents(corpus) == before
        assert segments(corpus) == files


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_build_changes_nothing_and_leaves_nobody(
    corpus: Path, jobs: int, started: list[subprocess.Popen[bytes]]
) -> None:
    run(corpus)
    before, files = contents(corpus), segments(corpus)
    assert before
    assert files
    (corpus / "a.jsonl").write_text(line("新", "新事。") + "\n" + "x\n" * 3000, "utf-8")

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(corpus, jobs=jobs, progress=interrupt)
    assert contents(corpus) == before
    assert segments(corpus) == files
    assert all(process.returncode is not None for process in started)
    report = run(corpus, jobs=jobs, permit=lambda _: True)  # most of it went from that file
    assert "corpus/a.jsonl" in report.changed


def test_a_paper_that_is_replaced_while_its_pieces_are_read_is_read_again(corpus: Path) -> None:
    text = (corpus / "a.jsonl").read_text("utf-8")
    for file in corpus.iterdir():
        if file.name != "a.jsonl":
            file.unlink()

    def replace(*_: int) -> None:
        other = corpus / "other"
        other.write_text(text.replace("次修缮", "次大规模修缮"), "utf-8")
        other.replace(corpus / "a.jsonl")

    report = run(corpus, jobs=1, progress=replace)
    assert [str(p) for p in report.failed] == [
        "corpus/a.jsonl: another file was put in its place while it was read"
    ]
    assert 0 < report.total < 57
    assert run(corpus, jobs=1).changed == ["corpus/a.jsonl"]
    run(corpus, "again", jobs=1)
    assert contents(corpus) == contents(corpus, "again")


def test_a_paper_that_vanishes_before_its_pieces_are_read_keeps_its_articles(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import search.indexing.tasks as module

    run(corpus)
    (corpus / "a.jsonl").write_text("\n".join([line("新", "新事。")] * 200), "utf-8")
    cut = module.cut_paper

    def vanishing(file: object, *rest: object) -> object:
        pieces = cut(file, *rest)  # type: ignore[arg-type]
        if str(getattr(file, "shown", "")).endswith("a.jsonl"):
            (corpus / "a.jsonl").unlink()
        return pieces

    monkeypatch.setattr(module, "cut_paper", vanishing)
    before = contents(corpus)
    report = run(corpus)
    assert report.failed[0].path == "corpus/a.jsonl"
    assert contents(corpus) == before


def dying() -> Generator[Article, None, None]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield from ()


def failing() -> Generator[Article, None, None]:
    yield Article("a", "望澜桥", "修缮。", "a.txt")
    raise OSError(28, "No space left on device")


def one() -> Generator[Article, None, int]:
    yield Article("a", "望澜桥", "修缮。", "a.txt")
    return os.getpid()


@pytest.mark.parametrize("reading", [dying, failing])
def test_what_stops_a_worker_stops_the_change(tmp_path: Path, reading: object) -> None:
    writer = writer_of(tmp_path, jobs=2)
    with pytest.raises(RequestError, match="cannot be written"):
        writer.add([(1, one), (2, reading)])  # type: ignore[list-item]
    writer.cancel()
    assert list(tmp_path.iterdir()) == []


def test_few_readings_are_taken_before_they_are_read(tmp_path: Path) -> None:
    taken = 0
    workers: list[int] = []

    def readings() -> Iterator[tuple[int, object]]:
        nonlocal taken
        for number in range(12):
            taken += 1
            assert taken - len(workers) <= 3
            yield number, one

    writer = writer_of(tmp_path, jobs=2)
    writer.add(readings(), lambda _, pid: workers.append(pid))  # type: ignore[arg-type]
    writer.cancel()
    assert len(workers) == 12
    assert os.getpid() not in workers


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_reading_under_a_known_number_replaces_the_first(tmp_path: Path, jobs: int) -> None:
    writer = writer_of(tmp_path, jobs=jobs)
    writer.add([(2, one), (1, one)])
    writer._jobs = 1
    writer.add([(1, ready([Article("b", "图书馆", "开放。", "b.txt")]))])
    commit(tmp_path, writer)
    engine = engine_of(tmp_path)
    found = engine.search(SearchRequest(Everything(), Top(None)))
    engine.close()
    assert [hit.article.id for hit in found.hits] == ["b", "a"]
    assert len(list(tmp_path.glob("*.sou"))) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_segments_become_one_a_few_at_a_time(
    tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.writer.MOST", 3)
    monkeypatch.setattr("search.engines.whoosh.writer.WORTH_A_PROCESS", 0)
    opened: list[int] = []

    def merging(segments: list[Segment], *args: object, **options: object) -> int:
        opened.append(len(segments))
        return merge(segments, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("search.engines.whoosh.writer.merge", merging)
    writer = writer_of(tmp_path, jobs=jobs)
    writer._jobs = 1  # these readings cannot be sent
    titles = [f"{number}号文件" for number in range(20)]
    writer.add(
        [(i, ready([Article(f"a{i}", title, title, "p.txt")])) for i, title in enumerate(titles)]
    )
    writer._jobs = jobs
    commit(tmp_path, writer)
    assert len(list(tmp_path.glob("*.sou"))) == 1
    assert max(opened, default=0) <= 3
    engine = engine_of(tmp_path)
    found = engine.search(SearchRequest(Everything(), Top(None, sort="path")))
    assert [hit.article.title for hit in found.hits] == titles
    assert engine.faults() == []
    engine.close()


def test_a_damaged_segment_is_not_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.whoosh.writer.TIER", 2)
    first = writer_of(tmp_path)
    first.add([(1, one)])
    commit(tmp_path, first)
    (path,) = tmp_path.glob("*.sou")
    data = bytearray(path.read_bytes())
    data[data.index(b"p.txt") if b"p.txt" in data else 40] ^= 1
    path.write_bytes(data)
    second = writer_of(tmp_path)
    second.add([(1, ready([Article("b", "图书馆", "开放。", "b.txt")]))])
    with pytest.raises(IndexDamaged, match="is damaged"):
        commit(tmp_path, second)
    second.cancel()
    assert names_of(tmp_path) == [path.name]
    assert list(tmp_path.glob("*.sou")) == [path]


def test_workers_may_be_started_beside_other_threads(corpus: Path) -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert run(corpus, jobs=2).total
    finally:
        done.set()
        other.join()
    with open_index(corpus.parent / "index_data") as index:
        assert index.search("望澜桥").total


def many(corpus: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("search.indexing.problem_log.MOST", 7)
    monkeypatch.setattr("search.indexing.update.WORTH_A_PROCESS", 500)
    folder = IndexFolder(corpus.parent / f"index{jobs}")
    report = build(folder, [Source(str(corpus), "corpus")], jobs=jobs, limits=SMALL)
    return [str(problem) for problem in report.problems]


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    good = line("望澜桥", "修缮。")
    (corpus / "a.jsonl").write_text("{broken\n" * 90 + good + "\n{broken" * 10, "utf-8")
    told = many(corpus, 1, monkeypatch)
    assert told == many(corpus, 2, monkeypatch)
    assert [reason.split(": ")[0] for reason in told[:7]] == [
        f"corpus/a.jsonl:{number}" for number in range(1, 8)
    ]
    assert told[7:] == ["corpus/a.jsonl: and 93 more problems"]
    folder = IndexFolder(tmp_path / "index1")
    [record] = folder.files(folder.state()).values()
    assert len(record.problems) == 8


def test_a_table_of_something_else_is_one_remark_however_long_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "good.jsonl").write_text(line("望澜桥", "修缮。"), "utf-8")
    (corpus / "s.jsonl").write_text('{"file": "第一号.txt"}\n' * 100, "utf-8")
    for jobs in (1, 2):
        [told] = many(corpus, jobs, monkeypatch)
        assert "no title and no body in any record of this file (100 records)" in told


def test_a_reason_may_hold_a_long_name_and_stays_short(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with tarfile.open(corpus / "a.tar", "w") as archive:
        for name, data in (("长" * 20_000 + ".jsonl", b"{broken"), ("b.txt", "桥。".encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    folder = IndexFolder(tmp_path / "index")
    [problem] = build(folder, [Source(str(corpus), "corpus")]).problems
    assert "not valid JSON" in problem.reason
    assert len(problem.reason) < 700
