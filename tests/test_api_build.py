"""Building from Python: what `sou index` does, in silence."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import sou
from search.engines.whoosh.codec import docstore_writer
from search.storage.index_folder import IndexFolder
from tests.cli.running import inside

SCATTERED = "修缮望澜"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with thirty small papers in corpus/."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(30):
        text = f"望澜桥{number}号\n\n本报讯(记者 俞白)望澜桥修缮{number}。\n"
        (corpus / f"{number:02}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def articles(folder: str) -> list[sou.Article]:
    with sou.open(folder) as index:
        return list(index.articles())


def test_it_makes_what_the_command_makes(town: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[int, int, str]] = []
    report = sou.build("i", "corpus", progress=lambda *step: told.append(step))
    assert len(report.new) == report.total == 30
    assert report.new[0] == "corpus/00.txt"
    assert (report.complete, report.rebuilt, report.notes) == (True, False, ())
    size = sum(path.stat().st_size for path in (town / "corpus").iterdir())
    assert told[-1] == (size, size, "30 articles")
    assert all(0 <= done <= total == size for done, total, _ in told)
    assert capfd.readouterr() == ("", "")
    assert inside("index", "corpus", "--index", "j", cwd=town).status == 0
    assert articles("i") == articles("j")
    # And the command takes it from there, without a question.
    (town / "corpus" / "30.txt").write_text("图书馆开放\n\n本报讯 今天开放。\n", "utf-8")
    assert inside("index", "--index", "i", cwd=town).status == 0
    assert sou.build("i").unchanged == 31


def test_it_brings_up_to_date(town: Path) -> None:
    sou.build(town / "i", [town / "corpus"])
    (town / "corpus" / "00.txt").unlink()
    (town / "corpus" / "01.txt").write_text("航标\n\n本报讯 航标修好。\n", "utf-8")
    (town / "corpus" / "x.txt").write_text("桥面\n\n本报讯 桥面铺好。\n", "utf-8")
    (town / "corpus" / "y.jsonl").write_text('{"title": "一", "body": "二"}\n{错\n', "utf-8")
    before = articles("i")
    report = sou.build("i", dry_run=True)
    names = [[Path(name).name for name in some] for some in (report.new, report.changed)]
    assert names == [["x.txt", "y.jsonl"], ["01.txt"]]
    assert articles("i") == before
    report = sou.build("i", jobs=1)
    assert [Path(name).name for name in report.removed] == ["00.txt"]
    assert (report.unchanged, report.total) == (28, 31)
    [problem] = report.problems
    assert isinstance(problem, sou.Problem)
    assert (Path(problem.path).name, problem.line, problem.lost) == ("y.jsonl", 2, True)
    assert not report.complete


def test_much_that_would_leave_the_index_is_an_error(town: Path) -> None:
    sou.build("i", "corpus")
    before = articles("i")
    for path in sorted((town / "corpus").iterdir())[:20]:
        path.unlink()
    for rebuild in (False, True):
        with pytest.raises(sou.ConsentNeeded, match=r"20 of 30 articles from corpus") as caught:
            sou.build("i", rebuild=rebuild)
        assert "yes=True" in caught.value.hint
        assert articles("i") == before
    report = sou.build("i", dry_run=True)
    assert [held[:26] for held in report.held] == ["20 of 30 articles from cor"]
    assert (report.kept, report.complete) == (20, False)
    assert articles("i") == before
    report = sou.build("i", yes=True)
    assert (len(report.removed), report.total) == (20, 10)


def test_much_that_is_seen_to_be_lost_only_by_reading_is_an_error_too(town: Path) -> None:
    records = "".join(f'{{"title": "题{n}", "body": "文{n}"}}\n' for n in range(40))
    (town / "corpus" / "a.jsonl").write_text(records, "utf-8")
    sou.build("i", "corpus")
    before = articles("i")
    (town / "corpus" / "a.jsonl").write_text(records[: len(records) // 4], "utf-8")
    (town / "corpus" / "z.txt").write_text("桥面\n\n本报讯 桥面铺好。\n", "utf-8")
    with pytest.raises(sou.ConsentNeeded, match=r"articles from corpus"):
        sou.build("i")
    assert articles("i") == before
    assert sou.build("i", yes=True).total < len(before)


def test_papers_that_nobody_named_are_not_read_unasked(
    town: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    far = tmp_path_factory.mktemp("far")
    (far / "secret.txt").write_text("秘密\n\n本报讯 秘密。\n", "utf-8")
    (town / "sou.toml").write_text(f'corpus = ["{far}"]\n', "utf-8")
    with pytest.raises(sou.ConsentNeeded, match="not among what you named") as caught:
        sou.build("i")
    assert "yes=True" in caught.value.hint
    assert not (town / "i").exists()
    assert sou.build("i", yes=True).total == 1
    assert sou.build("i").unchanged == 1  # which is remembered


def test_a_source_that_is_gone_keeps_its_articles(town: Path) -> None:
    (town / "more").mkdir()
    (town / "more" / "a.txt").write_text("桥面\n\n本报讯 桥面铺好。\n", "utf-8")
    sou.build("i", ["corpus", "more"])
    (town / "more").rename(town / ".away")
    report = sou.build("i")
    assert (report.total, report.kept, report.complete) == (31, 1, False)
    assert re.match(r"more \(.*\) is gone; the index holds 1 article", report.stopped[0])


def test_an_error_in_progress_leaves_the_index_as_it_was(town: Path) -> None:
    sou.build("i", "corpus")
    before = articles("i")
    (town / "corpus" / "x.txt").write_text("桥面\n\n本报讯 桥面铺好。\n", "utf-8")

    def stop(*_: object) -> None:
        raise ZeroDivisionError

    for rebuild in (False, True):
        with pytest.raises(ZeroDivisionError):
            sou.build("i", rebuild=rebuild, progress=stop)
        assert articles("i") == before
    assert sou.build("i").new == ("corpus/x.txt",)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_index_is_cut_by_own_words(
    town: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.indexing.update.WORTH_A_PROCESS", 1)

    def why(folder: str) -> str:
        with sou.open(folder) as index:
            return " ".join(index.search("望澜桥修缮", explain=True)[0].why)

    (town / "words.txt").write_text("望澜桥修缮\n错 误 的 行\n", "utf-8")
    report = sou.build("i", "corpus", jobs=jobs)
    assert [note.rpartition("words.txt")[2][:3] for note in report.notes] == [":2:"]
    assert "word 望澜桥修缮 " in why("i")
    sou.build("j", "corpus", jobs=jobs, words=None)
    assert "word 望澜桥修缮 " not in why("j")
    sou.build("j", rebuild=True, jobs=jobs, words=["望澜桥修缮"])
    assert "word 望澜桥修缮 " in why("j")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sources": "nowhere"}, "no such file or folder: nowhere"),
        ({"sources": 3}, "sources: 3 are none"),
        ({"sources": [3]}, "sources: 3 is not a path"),
        ({"folder": None}, "folder: None is not a path"),
        ({"jobs": 0}, "jobs: 0"),
        ({"jobs": True}, "jobs: True"),
        ({"yes": 1}, "yes: 1"),
        ({"rebuild": "no"}, "rebuild: 'no'"),
        ({"progress": 3}, "progress: 3"),
        ({"words": 3}, "words: 3"),
        ({"sources": ["empty"]}, "there are no papers in empty"),
        ({"folder": "corpus"}, "corpus is not an index"),
    ],
)
def test_what_cannot_be_built_is_said(town: Path, options: dict[str, Any], said: str) -> None:
    (town / "empty").mkdir()
    with pytest.raises(sou.RequestError, match=re.escape(said)):
        sou.build(**{"folder": "i", "sources": "corpus", **options})
    assert not (town / "i").exists()


def test_an_index_that_another_writes_to_is_busy(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.storage.index_folder.LOCK_SECONDS", 0.1)
    with IndexFolder(town / "i").lock(), pytest.raises(sou.IndexBusy):
        sou.build("i", "corpus")


def test_threads_build_and_search_at_once(town: Path) -> None:
    sou.build("i", "corpus")
    shutil.copytree(town / "corpus", town / "copy")
    jobs = [("j", "corpus", SCATTERED), ("k", "copy", "望澜桥修缮"), ("l", "corpus", "澜桥修")] * 2

    with sou.open("i") as index, ThreadPoolExecutor(6) as threads:
        built = [
            threads.submit(sou.build, folder, source, rebuild=True, words=word)
            for folder, source, word in jobs
        ]
        asked = [threads.submit(index.search, SCATTERED) for _ in range(100)]
        assert {done.result().total for done in built} == {30}
        assert {done.result().total for done in asked} == {30}
    for folder, _, word in jobs:
        with sou.open(folder, words=word) as index:
            why = " ".join(
                index.search("望澜桥修缮" if word != "澜桥修" else word, explain=True)[0].why
            )
            assert (f"word {word} " in why) == (word != SCATTERED)


def test_an_index_has_nothing_of_the_texts_of_another(town: Path) -> None:
    docstore_writer._made.append("另一个索引的文章".encode())
    sou.build("i", "corpus")
    held = b"".join(path.read_bytes() for path in (town / "i").rglob("*") if path.is_file())
    assert "另一个索引".encode() not in held
    assert not docstore_writer._made or docstore_writer._made[0] != "另一个索引的文章".encode()


def test_a_build_in_the_middle_of_another_is_refused(tmp_path: Path) -> None:
    """They would share what compresses texts: those of one would stand in the index of both."""
    (tmp_path / "a.txt").write_text("望澜桥通车\n\n望澜桥昨日通车。\n", "utf-8")
    refused: list[str] = []

    def again(*_: object) -> None:
        with pytest.raises(sou.RequestError) as caught:
            sou.build(tmp_path / "inner", tmp_path / "a.txt")
        refused.append(caught.value.message)

    report = sou.build(tmp_path / "outer", tmp_path / "a.txt", progress=again)
    assert report.total == 1
    assert set(refused) == {"a build cannot be started in the middle of another"}
    assert not (tmp_path / "inner").exists()
    assert sou.build(tmp_path / "inner", tmp_path / "a.txt").total == 1
    assert not sou.build(tmp_path / "third", tmp_path / "a.txt", dry_run=True).rebuilt


def test_words_that_are_not_used_need_no_consent(
    town: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    far = tmp_path_factory.mktemp("far")
    (far / "words.txt").write_text("望澜桥\n", "utf-8")
    (town / "sou.toml").write_text(f'words = "{far / "words.txt"}"\n', "utf-8")
    with pytest.raises(sou.ConsentNeeded, match=r"words\.txt"):
        sou.build("i", "corpus")
    assert sou.build("i", "corpus", words=False).total == 30
