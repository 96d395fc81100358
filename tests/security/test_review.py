"""What strict readers found when all else was done: a test for each."""

from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest

from search.analysis import jieba_dictionary
from search.engines.whoosh.workers import WorkerDied, Workers
from search.papers.pages.continuation import named_from, plain_headline
from search.papers.reader import Limits, Reader
from search.papers.readers.isolation import reader_server
from tests.cli.running import inside, sou

NOBODY = 65534
PAGE = "望澜桥修缮\n\n本报讯(记者 俞白)望澜桥开始修缮。\n"

unix = pytest.mark.skipif(os.name != "posix", reason="needs the modes and signals of POSIX")
root_alone = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def papers(folder: Path, bits: int, text: str = PAGE) -> Path:
    """Make a folder of one paper that others may read, or not."""
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(text, "utf-8")
    (folder / "a.txt").chmod(bits)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A place that all may enter, were it not that pytest's own folders are closed."""
    return tmp_path


@unix
def test_a_planted_sou_json_keeps_no_folder_open(place: Path) -> None:
    papers(place / "private", 0o600)
    (place / "clone" / "index_data").mkdir(parents=True)
    (place / "clone" / "index_data").chmod(0o755)
    (place / "clone" / "index_data" / "sou.json").write_text("{}")
    done = inside("index", "--rebuild", str(place / "private"), cwd=place / "clone")
    assert done.status == 0, done.err
    assert mode(place / "clone" / "index_data") == 0o700
    assert "is closed to them now" in done.err


@unix
def test_private_papers_that_are_added_close_an_open_index(place: Path) -> None:
    papers(place / "corpus", 0o644)
    assert inside("index", "corpus", cwd=place).status == 0
    (place / "index_data").chmod(0o755)
    papers(place / "private", 0o600, PAGE.replace("修缮", "重建"))
    assert inside("index", "private", cwd=place).status == 0
    assert mode(place / "index_data") == 0o700


@unix
def test_an_update_leaves_the_folder_as_the_user_opened_it(place: Path) -> None:
    papers(place / "corpus", 0o600)
    assert inside("index", "corpus", cwd=place).status == 0
    (place / "index_data").chmod(0o755)
    (place / "corpus" / "b.txt").write_text(PAGE.replace("修缮", "重建"), "utf-8")
    assert inside("index", cwd=place).status == 0
    assert mode(place / "index_data") == 0o755


def test_a_private_paper_among_open_ones_closes_the_folder() -> None:
    place = Path(tempfile.mkdtemp())  # the folders of tests are the user's alone
    try:
        place.chmod(0o755)
        papers(place / "corpus", 0o644)
        assert inside("index", "corpus", cwd=place).status == 0
        (place / "index_data").chmod(0o755)
        assert inside("index", cwd=place).status == 0
        assert mode(place / "index_data") == 0o755
        (place / "corpus" / "b.txt").write_text(PAGE.replace("修缮", "重建"), "utf-8")
        (place / "corpus" / "b.txt").chmod(0o600)
        assert "is closed to them now" in inside("index", cwd=place).err
        assert mode(place / "index_data") == 0o700
    finally:
        shutil.rmtree(place)


@root_alone
@pytest.mark.parametrize("planted", [False, True])
def test_private_papers_go_into_no_folder_of_another_user(place: Path, planted: bool) -> None:
    papers(place / "private", 0o600)
    (place / "theirs").mkdir()
    if planted:
        (place / "theirs" / "sou.json").write_text("{}")
    os.chown(place / "theirs", NOBODY, NOBODY)
    done = inside("index", "--rebuild", "--index", "theirs", "private", cwd=place)
    assert done.status == 2
    assert "belongs to another user" in done.err
    assert not list((place / "theirs").glob("g*"))


@unix
def test_a_link_into_what_is_hidden_is_not_followed(place: Path) -> None:
    papers(place / "corpus", 0o644)
    papers(place / "corpus" / ".keys", 0o600, PAGE.replace("修缮", "密钥"))
    (place / "corpus" / "n.txt").symlink_to(".keys/a.txt")
    (place / "corpus" / "more").symlink_to(".keys")
    done = inside("index", "corpus", cwd=place)
    assert done.status == 0
    assert "corpus/n.txt" in done.err
    assert "corpus/more" in done.err
    assert inside("-c", "密钥", cwd=place).out == "0\n"
    assert inside("index", "--follow-links", "corpus", cwd=place).status == 0
    assert inside("-c", "密钥", cwd=place).out == "1\n"


def waiting(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


@unix
def test_an_idle_worker_that_dies_is_told_as_that() -> None:
    workers = Workers(2)
    try:
        first = dict(workers.run([("a", partial(waiting, 0.5)), ("b", partial(waiting, 0.5))]))
        idle = first["a"]
        works = workers.run([("c", partial(waiting, 5))])
        # One has the work; whichever it is, the other one is idle.
        with pytest.raises(WorkerDied):
            _die_and_take(works, [idle, first["b"]])
    finally:
        workers.end()


def _die_and_take(works, processes: list[int]) -> None:
    import threading

    for process in processes:
        threading.Timer(1, os.kill, (process, signal.SIGKILL)).start()
    list(works)


def test_an_error_of_the_disk_is_none_of_sou(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object):
        raise OSError(5, "Input/output error")
        yield

    monkeypatch.setattr("search.papers.readers.ocr.alto.READER", Reader(fail))
    request = {"module": "ocr.alto", "shown": "a.xml", "limits": {}}
    monkeypatch.setattr(reader_server, "bound_memory", lambda _: None)
    [told] = [a for a in reader_server.answer(request, io.BytesIO()) if "error" in a]
    assert told["error"] == "Input/output error"
    assert Limits(**request["limits"]) == Limits()


def test_a_working_folder_that_is_gone_is_told_as_that(place: Path) -> None:
    (place / "gone").mkdir()
    before = Path.cwd()
    os.chdir(place / "gone")
    try:
        (place / "gone").rmdir()
        from search.model.errors import RequestError
        from search.project.settings import load

        with pytest.raises(RequestError, match="working folder"):
            load()
    finally:
        os.chdir(before)


def test_queries_from_a_closed_standard_input(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers(place / "corpus", 0o644)
    assert inside("index", "corpus", cwd=place).status == 0
    monkeypatch.setattr("sys.stdin", None)
    done = inside("batch", "-", cwd=place)
    assert done.status == 2
    assert "standard input is closed" in done.err


@pytest.mark.parametrize("limit", ["9" * 5001, "1" * 10, "-1", "x"])
def test_a_limit_that_is_none(place: Path, limit: str) -> None:
    papers(place / "corpus", 0o644)
    done = sou("桥", cwd=place, env={"SOU_LIMIT": limit})
    assert done.status == 2
    assert "SOU_LIMIT" in done.err


def test_an_index_with_a_name_that_no_file_can_have_is_not_there(place: Path) -> None:
    done = inside("桥", "--index", "x" * 300, cwd=place)
    assert done.status == 3
    assert "damaged" not in done.err


def test_a_cache_folder_named_from_where_one_stands_is_ignored(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(place / "home"))
    (place / "home").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert jieba_dictionary._cache_folder() == place / "home" / ".cache" / "sou"
    assert not (place / "cache").exists()


def test_words_outside_of_the_project_are_asked_about(place: Path) -> None:
    papers(place / "town" / "corpus", 0o644)
    (place / "secret.txt").write_text("望澜桥\n", "utf-8")
    (place / "town" / "sou.toml").write_text(f'words = "{place / "secret.txt"}"\n', "utf-8")
    done = inside("index", cwd=place / "town")
    assert done.status == 2
    assert str(place / "secret.txt") in done.err
    assert inside("index", "--yes", cwd=place / "town").status == 0


def test_words_of_a_name_that_no_file_can_have_are_no_fault_of_sou(place: Path) -> None:
    papers(place / "corpus", 0o644)
    (place / "sou.toml").write_text(f'words = "{"x" * 5000}"\n', "utf-8")
    assert inside("index", "corpus", cwd=place).status == 0


@pytest.mark.parametrize("space", [" ", "\t", "　"])
def test_a_headline_of_spaces_takes_no_time(space: str) -> None:
    """A minute, where each space is tried as the first."""
    headline = f"秋{space * 100_000}季"
    before = time.process_time()
    assert named_from(headline) is None
    assert plain_headline(headline) == headline
    assert time.process_time() - before < 5


def test_the_page_that_a_headline_names_is_taken_off_with_the_spaces_before_it() -> None:
    assert plain_headline("秋季运动会  （上接A01版）") == "秋季运动会"
    assert named_from("秋季运动会  （上接A01版）") == "A1"
