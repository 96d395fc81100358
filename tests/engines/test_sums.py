"""No byte of a segment is used that was not checked, and a closed index holds on to nothing."""

from __future__ import annotations

import errno
import gc
import json
import mmap
import os
import pickle
import random
import shutil
import subprocess
import sys
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.api import Index
from search.engines.whoosh.codec import checked_file
from search.engines.whoosh.codec.checked_file import BLOCK
from search.engines.whoosh.codec.container import Container, FormatError
from search.engines.whoosh.codec.container_writer import ContainerWriter
from search.engines.whoosh.codec.segment_reader import Segment
from search.engines.whoosh.codec.segment_writer import write_batch
from search.engines.whoosh.engine import WhooshEngine
from search.indexing.update import build
from search.model.errors import IndexDamaged, RequestError
from search.storage.index_folder import IndexFolder
from tests.cli.running import inside
from tests.conftest import ROOT
from tests.engines import corruption
from tests.engines.corruption import DAMAGED, QUERIES, answer, archive, asks, flip, segments
from tests.engines.test_codec import made

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments that nobody changes."""
    return archive(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(sound, tmp_path / "index"))


def totals(opened: Index) -> list[tuple[int, list[str]]]:
    """Return what an index answers to some queries."""
    results = [opened.search(text, limit=5) for text in QUERIES]
    return [(found.total, [hit.article.id for hit in found.hits]) for found in results]


# The file.


def test_the_sums_are_of_the_file_as_the_document_says(tmp_path: Path) -> None:
    """Read with nothing of ours: each byte is under one of the sums."""
    path = tmp_path / "a.sou"
    write_batch(path, made(1, 200))
    data = path.read_bytes()
    size, start = (int.from_bytes(data[-28 + 8 * i :][:8], "little") for i in (0, 1))
    length, crc = (int.from_bytes(data[-12 + 4 * i :][:4], "little") for i in (0, 1))
    assert (size, data[-4:], data[:16]) == (len(data), b"sou\n", b"sou segment 003\n")
    assert zlib.crc32(data[start:-8]) == crc
    table = json.loads(data[start : start + length])
    sums = np.frombuffer(data[start + length : -28], dtype="<u4").tolist()
    assert sums == [zlib.crc32(data[i : min(i + 8192, start)]) for i in range(0, start, 8192)]
    assert len(sums) > 3
    assert {kind for *_, kind in table.values()} <= set("BHIQ")
    with Container(path) as container:
        assert (container.size, container.checksum) == (size, crc)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 17, BLOCK - 16, BLOCK - 15, 5 * BLOCK, 77_777])
def test_arrays_come_back_however_they_lie_in_blocks(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    numbers = np.arange(size // 3, dtype=np.uint64)
    with ContainerWriter(tmp_path / "a") as out:
        out.begin("x", "B")
        for i in range(0, size, 1000):  # in parts
            out.write(data[i : i + 1000])
        out.end()
        out.add_array("y", numbers)
        out.add("z", "H", b"")
    with Container(tmp_path / "a") as one, ContainerWriter(tmp_path / "b") as out:
        out.copy(one)
        assert one.faults() == []
    with Container(tmp_path / "b") as container:
        x, y, z = (container.array(name) for name in "xyz")
        assert (len(x), len(y), len(z)) == (size, len(numbers), 0)
        for at in (0, size // 2, size - 1, -1, -size):
            if -size <= at < size:
                assert x[at] == data[at]
        for at in (size, -size - 1):
            with pytest.raises(IndexError):
                x[at]
        assert bytes(x[size // 3 : 2 * size // 3]) == data[size // 3 : 2 * size // 3]
        assert bytes(x.read(size // 3, size)) == data[size // 3 :]
        assert bytes(x.whole()) == bytes(x.read()) == data
        assert y.whole().tolist() == y.read().tolist() == list(y) == numbers.tolist()
        assert [y.pair(i) for i in range(len(y) - 1)] == [(i, i + 1) for i in range(len(y) - 1)]
        for at in (-1, len(y) - 1):
            with pytest.raises(IndexError):
                y.pair(at)
        assert z.whole().tolist() == z.read().tolist() == list(z) == []
        with pytest.raises(TypeError):
            x.whole()[:1] = b"a"


def test_only_what_is_looked_at_is_read(tmp_path: Path) -> None:
    """Else a search of a large index would read all of it, or a broken corner stop every one."""
    write_batch(tmp_path / "a.sou", made(1, 3000))
    path = tmp_path / "a.sou"
    data = path.read_bytes()
    segment = Segment(tmp_path, "a.sou")
    try:
        found = segment.grams("body").find("的一")
        assert found >= 0
        segment.grams("body").postings(found)
        segment.words("body").find("没有没有没有")
        assert 0 < segment.container.kept < len(data) // 3
    finally:
        segment.close()


# Bits that flip, files that are cut.


def test_every_byte_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.sou"
    write_batch(path, made(1, 4))
    data = path.read_bytes()
    unnoticed = []
    with path.open("r+b", buffering=0) as file:
        for at in range(len(data)):
            os.pwrite(file.fileno(), bytes([data[at] ^ 1 << at % 8]), at)
            try:
                with Container(path) as container:
                    if not container.faults():
                        unnoticed.append(at)
            except FormatError:
                pass
            os.pwrite(file.fileno(), data[at : at + 1], at)
    assert unnoticed == []
    with Container(path) as container:
        assert container.faults() == []


def test_no_byte_changes_an_answer_without_an_error(tmp_path: Path) -> None:
    """A small index, one flipped bit in each of its bytes but for those between the steps."""
    index = archive(tmp_path)
    questions = asks()
    sound = {name: answer(index, ask) for name, ask in questions.items()}
    path = min(segments(index), key=lambda path: path.stat().st_size)
    data = path.read_bytes()
    names = ["all", "show", "桥 by sets", "望?桥 by arrays", "proposals", "list"]
    for number, at in enumerate(range(0, len(data), 67)):
        name = names[number % len(names)]
        path.write_bytes(flip(data, at, number % 8))
        assert answer(index, questions[name]) in (DAMAGED, sound[name]), (name, at)


@pytest.mark.parametrize(("kind", "count"), [("flip", 40), ("cut", 15)])
def test_what_is_changed_is_an_error_or_changes_nothing(index: Path, kind: str, count: int) -> None:
    seed = random.SystemRandom().randrange(1 << 30)
    outcome = corruption.campaign(index, kind, count, random.Random(seed))
    assert outcome.silent == [], f"seed {seed}"
    assert outcome.counts["noticed when read"]


def test_the_command_names_the_file_and_the_way_out(index: Path) -> None:
    for path in segments(index):
        data = path.read_bytes()
        path.write_bytes(flip(data, 100, 3))  # in the stored articles
        for command in (["list", "-f", "json"], ["check"]):
            done = inside(*command, "--index", str(index), cwd=index.parent)
            assert done.status == 3, (command, done.err)
            assert path.name in done.out + done.err
            assert "checksum" in done.out + done.err
        assert "--rebuild" in inside("list", "--index", str(index), cwd=index.parent).err
        path.write_bytes(data)


# Files that change while they are open.


def spoil(path: Path, data: bytes) -> None:
    """Write into a file as it lies, so that who has it open sees that."""
    with path.open("r+b") as file:
        file.truncate(len(data))
        file.write(data)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 3],
    "emptied": lambda _: b"",
    "zeros": lambda data: bytes(len(data)),
    "another": lambda data: data[::-1],
    "longer": lambda data: data + data,
    "a bit": lambda data: flip(data, len(data) // 2, 0),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("used", [False, True])
def test_a_file_that_changes_under_an_open_index(index: Path, what: str, used: bool) -> None:
    """In a process of its own: where files are mapped, this is how one dies of SIGBUS."""
    script = f"""
import sys
from pathlib import Path
from search.model.errors import IndexDamaged
from tests.engines.corruption import QUERIES, asks, segments
from tests.engines.test_sums import CHANGES, spoil
from search.storage.index_folder import IndexFolder
index = Path({str(index)!r})
questions = asks()
opened = IndexFolder(index).open_engine()
sound = {{name: ask(IndexFolder(index).open_engine()) for name, ask in questions.items()}}
if {used}:
    for ask in questions.values():
        ask(opened)
for path in segments(index):
    spoil(path, CHANGES[{what!r}](path.read_bytes()))
damaged = 0
for name, ask in questions.items():
    try:
        assert ask(opened) == sound[name], name
    except IndexDamaged as exc:
        assert "MAIN_" in exc.message, exc.message
        damaged += 1
print(damaged)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stderr)
    if what in {"cut", "emptied", "zeros", "another"} and not used:
        assert int(done.stdout) > 0


def test_what_was_checked_does_not_change_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with ContainerWriter(path) as out:
        out.add("x", "B", bytes(range(256)) * 100)
    data = path.read_bytes()
    with Container(path) as container:
        x = container.array("x")
        first = x[:BLOCK]
        spoil(path, bytes(len(data)))
        assert bytes(first) == bytes(x[:BLOCK]) == (bytes(range(256)) * 100)[:BLOCK]
        with pytest.raises(FormatError, match="checksum"):
            x.whole()
        assert bytes(first) == bytes(x[:BLOCK]) == (bytes(range(256)) * 100)[:BLOCK]
        container.forget()
        assert bytes(first) == (bytes(range(256)) * 100)[:BLOCK]
        with pytest.raises(FormatError, match="checksum"):
            x[0]


def test_an_index_that_is_merged_rebuilt_or_removed_while_it_is_open(tmp_path: Path) -> None:
    index = archive(tmp_path)
    folder, papers = IndexFolder(index), tmp_path / "papers"
    with Index(index) as opened:
        before = totals(opened)
        assert all(total and ids for total, ids in before)
        for number in range(8):  # a crowd, which is merged
            build(folder, corruption.papers(papers, 1000 + 10 * number, 2))
        assert totals(opened) == before
        build(folder, corruption.papers(papers, 2000, 1), rebuild=True)
        assert totals(opened) == before
        with Index(index) as other:  # two of one folder, and both right
            assert len(other) == len(opened) + 17
            assert totals(opened) == before != totals(other)
        shutil.rmtree(index)
        assert totals(opened) == before


def test_an_index_that_may_only_be_read(index: Path) -> None:
    paths = [index, *index.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    try:
        for path in reversed(paths):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with Index(index) as opened:
            assert opened.search("望澜桥").total > 0
    finally:
        for path in paths:
            path.chmod(modes[path])


# What the system does not do.


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES])
def test_a_disk_that_does_not_read_is_told_as_that(
    index: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    read = checked_file._read_at

    def failing(descriptor: int, begin: int, size: int) -> bytes:
        if begin >= BLOCK and not (begin + size) % BLOCK:
            raise OSError(number, os.strerror(number))
        return read(descriptor, begin, size)

    monkeypatch.setattr(checked_file, "_read_at", failing)
    for command in (["list"], ["桥"], ["check"]):
        done = inside(*command, "--index", str(index), cwd=index.parent)
        assert done.status == 3, done
        said = done.out + done.err
        assert os.strerror(number).lower() in said.lower()
        assert "MAIN_" in said
        assert "checksum" not in said


def test_too_many_open_files_are_no_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = checked_file.open_descriptor
    names: list[str] = []

    def failing(path: Path) -> int:
        names.append(path.name)
        if len(names) % 2 == 0:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))
        return opening(path)

    monkeypatch.setattr(checked_file, "open_descriptor", failing)
    with pytest.raises(RequestError, match="too many open files") as raised:
        Index(index)
    assert "ulimit" in raised.value.hint
    done = inside("桥", "--index", str(index), cwd=index.parent)
    assert (done.status, "rebuild" in done.err) == (2, False)


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="descriptors cannot be counted here")
def test_opening_that_fails_leaves_nothing_open(index: Path) -> None:
    last = segments(index)[-1]
    last.write_bytes(last.read_bytes()[:-9])
    before = len(list(DESCRIPTORS.iterdir()))
    gc.disable()
    try:
        for _ in range(5):
            with pytest.raises(IndexDamaged):
                Index(index)
        assert len(list(DESCRIPTORS.iterdir())) == before
    finally:
        gc.enable()


# Closing.


@pytest.fixture
def no_gc() -> Iterator[None]:
    """Nothing is found by the collector of cycles: what stays, stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def memory_of(opened: Index) -> list[Any]:
    """Return weak references to the memory into which the segments of an index are read."""
    engine = opened._opened
    assert isinstance(engine, WhooshEngine)
    rooms = [segment.container._checked._memory.room.obj for segment in engine._segments]
    assert all(isinstance(room, mmap.mmap) for room in rooms)
    return [weakref.ref(room) for room in rooms]


@pytest.mark.usefixtures("no_gc")
@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="descriptors cannot be counted here")
def test_closing_closes(index: Path) -> None:
    before = len(list(DESCRIPTORS.iterdir()))
    opened = Index(index)
    assert len(list(DESCRIPTORS.iterdir())) == before + len(segments(index))
    totals(opened)
    memory = memory_of(opened)
    opened.close()
    assert len(list(DESCRIPTORS.iterdir())) == before
    assert [room() for room in memory] == [None] * len(memory)
    opened.close()  # a second time, too


@pytest.mark.usefixtures("no_gc")
@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="descriptors cannot be counted here")
def test_an_index_that_is_dropped_is_closed(index: Path) -> None:
    before = len(list(DESCRIPTORS.iterdir()))
    opened = Index(index)
    totals(opened)
    memory = memory_of(opened)
    del opened
    assert len(list(DESCRIPTORS.iterdir())) == before
    assert [room() for room in memory] == [None] * len(memory)


@pytest.mark.usefixtures("no_gc")
def test_many_times_opened_and_closed_under_few_descriptors(index: Path) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    spare = os.open(os.devnull, os.O_RDONLY)
    os.close(spare)
    resource.setrlimit(resource.RLIMIT_NOFILE, (spare + 8, limits[1]))
    try:
        for _ in range(30):
            with Index(index) as opened:
                assert opened.search("望澜桥", limit=1).total
        with pytest.raises(RequestError, match="too many open files"):
            _ = [Index(index) for _ in range(30)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_after_closing_each_use_says_so(index: Path) -> None:
    opened = Index(index)
    article = opened.search("望澜桥").hits[0].article
    engine = opened._opened
    opened.close()
    uses: list[Callable[[], object]] = [
        lambda: opened.search("桥"),
        lambda: opened.show(article.id),
        lambda: opened.similar(article),
        lambda: list(opened.articles()),
        lambda: len(opened),
        lambda: answer_of(engine),
    ]
    for use in uses:
        with pytest.raises(RequestError, match="the index is closed"):
            use()


def answer_of(engine: Any) -> object:
    return asks()["all"](engine)


def test_what_numpy_looks_at_outlives_the_file(tmp_path: Path) -> None:
    write_batch(tmp_path / "a.sou", made(1, 300))
    segment = Segment(tmp_path, "a.sou")
    lines = np.frombuffer(segment.grams("body").lengths.whole(), dtype=np.uint32)
    before = lines.tolist()
    segment.close()
    (tmp_path / "a.sou").write_bytes(b"")
    assert lines.tolist() == before
    with pytest.raises(RequestError, match="closed"):
        segment.grams("body").lengths.whole()


# Threads and processes.


def test_threads_share_an_index(index: Path) -> None:
    with Index(index) as opened:
        sound = [totals(opened), [opened.show(a.id) for a in opened.articles()]]
    for _ in range(3):
        opened = Index(index)
        wrong: list[object] = []

        def work(opened: Index = opened, wrong: list[object] = wrong) -> None:
            try:
                found = [totals(opened), [opened.show(a.id) for a in opened.articles()]]
                if found != sound:
                    wrong.append(found)
            except BaseException as exc:  # noqa: BLE001  (told in the other thread)
                wrong.append(exc)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        opened.close()


def test_closing_under_other_threads_is_an_error_of_theirs(index: Path) -> None:
    """They say that it is closed, not that it is damaged, and nothing else is read by mistake."""
    seen: list[object] = []
    for _ in range(10):
        opened = Index(index)

        container = opened._opened._segments[0].container  # type: ignore[union-attr]

        def work(opened: Index = opened, container: Any = container) -> None:
            try:
                while True:
                    opened.search("望?桥")
                    container.forget()
            except RequestError as exc:
                seen.append(exc.message)
            except BaseException as exc:  # noqa: BLE001
                seen.append(exc)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        opened.search("桥")
        opened.close()
        others = [os.open(__file__, os.O_RDONLY) for _ in range(4)]  # they get its numbers
        for thread in threads:
            thread.join()
        for descriptor in others:
            os.close(descriptor)
    assert set(seen) == {"the index is closed"}


def test_the_bytes_of_another_file_are_no_damage(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed between the look at the number and the reading, which then reads what has it now."""
    opened = Index(index)

    def late(_: int, __: int, size: int) -> bytes:
        opened.close()
        return bytes(size)

    monkeypatch.setattr(checked_file, "_read_at", late)
    with pytest.raises(RequestError, match="the index is closed"):
        opened.search("望澜桥")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # numpy has threads of its own
@pytest.mark.parametrize("used", [False, True])
def test_a_forked_process_answers_as_its_parent(index: Path, used: bool) -> None:
    """Also at the same time, with the one place in the file that they share."""
    with Index(index) as opened:
        sound = totals(opened)
    with Index(index) as opened:
        if used:
            opened.search("望澜桥")
        children = []
        for _ in range(4):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    status = 0 if all(totals(opened) == sound for _ in range(3)) else 2
                finally:
                    os._exit(status)
            children.append(child)
        assert totals(opened) == sound
        assert [os.waitstatus_to_exitcode(os.waitpid(c, 0)[1]) for c in children] == [0] * 4
        assert totals(opened) == sound


def test_an_index_is_not_sent_to_another_process(index: Path) -> None:
    with Index(index) as opened, pytest.raises(TypeError, match="open the folder there"):
        pickle.dumps(opened)


def test_two_indexes_in_one_process(tmp_path: Path, index: Path) -> None:
    other = archive(tmp_path / "other") if (tmp_path / "other").mkdir() is None else index
    build(IndexFolder(other), corruption.papers(tmp_path / "other" / "papers", 3000, 5))
    with Index(index) as one, Index(other) as two:
        assert len(two) == len(one) + 5
        assert totals(one) != totals(two)
        two.close()
        assert totals(one)


# Memory.


def test_what_is_kept_is_bounded(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index(index) as opened:
        sound = totals(opened)
        monkeypatch.setattr("search.engines.whoosh.engine.KEPT_BYTES", 3 * BLOCK)
        engine = opened._opened
        assert isinstance(engine, WhooshEngine)
        for text in QUERIES:
            opened.search(text)
            assert sum(s.container.kept for s in engine._segments) <= 3 * BLOCK
        assert totals(opened) == sound


def test_checking_keeps_nothing(index: Path) -> None:
    engine = IndexFolder(index).open_engine()
    assert isinstance(engine, WhooshEngine)
    assert engine.faults() == []
    assert sum(segment.container.kept for segment in engine._segments) <= BLOCK * 20
    engine.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_read_is_not_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """And the index stays as it was, with a word on which file it is."""
    monkeypatch.setattr("search.engines.whoosh.writer.WORTH_A_PROCESS", 1)
    index = archive(tmp_path)
    papers = tmp_path / "papers"
    for number in range(5):
        build(IndexFolder(index), corruption.papers(papers, 1000 + 10 * number, 2))
    before = sorted(path.name for path in segments(index))
    path = segments(index)[1]
    data = path.read_bytes()
    sources = corruption.papers(papers, 2000, 2)
    path.write_bytes(flip(data, len(data) // 2, 1))
    with pytest.raises(IndexDamaged, match=path.name):
        build(IndexFolder(index), sources, jobs=jobs)
    assert sorted(path.name for path in segments(index)) == before
    path.write_bytes(data)
    build(IndexFolder(index), sources, jobs=jobs)
    assert len(segments(index)) < len(before)
    assert not corruption.is_faulty(index)
