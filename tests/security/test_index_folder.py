"""Index folders that somebody else prepared: links, pipes, names and values of their choice.

Whatever stands in one, a command works or ends with an error of ours, and nothing outside of
it is read, written or removed.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search.engines.whoosh.codec.container import ContainerWriter, FormatError
from search.engines.whoosh.segment_list import Listed, Manifest, is_segment, read_manifest
from search.indexing.update import build
from search.model.errors import IndexDamaged, IndexOutdated, RequestError
from search.model.frozen import replace
from search.storage import commit, index_folder
from search.storage.index_folder import IndexFolder
from search.storage.paper_list import FileRecord
from search.storage.state import Source, State, analysis
from search.system import checksums, files
from tests.cli.running import inside, sou
from tests.conftest import ROOT
from tests.sealing import change_segments, change_state, put_state, reseal

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="links for everybody, pipes and modes are of POSIX"
)

SEGMENT = f"MAIN_{'ab' * 10}.sou"
LEFT = ".sou.json.0123456789abcdef.new"
EXPECTED = {0, 1, 2, 3}
"""Statuses of a command that worked, and of one that ended with an error of ours."""


@contextmanager
def bounded(seconds: float = 60) -> Iterator[None]:
    """Raise TimeoutError in whoever waits for a pipe."""

    def raise_it(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, raise_it)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def write_page(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"{text}\n\n本报讯(记者 俞白)望澜桥今天{text}。\n", "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and its index. Not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    write_page(folder / "corpus", "a.txt", "修缮")
    write_page(folder / "corpus", "b.txt", "通车")
    assert inside("index", cwd=folder).status == 0
    return folder


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Path:
    """The same, to be changed at will."""
    folder = tmp_path / "town"
    shutil.copytree(built, folder)
    for name in ("sou.json", "g1/files.1.json"):
        path = folder / "index_data" / name
        path.write_text(path.read_text().replace(str(built), str(folder)))
    reseal(folder / "index_data")
    return folder


@pytest.fixture
def victim(built: Path, tmp_path: Path) -> Path:
    """A folder of somebody whom it does not concern: files, and what sou would clear away."""
    folder = tmp_path / "victim"
    shutil.copytree(built / "index_data" / "g1", folder)
    (folder / ".profile").write_text("alias ll='ls -l'\n")
    for name in (SEGMENT, LEFT, "_MAIN_77.toc", "x.new"):
        (folder / name).write_text(name)
    (folder / "g7").mkdir()
    (folder / "g7" / "notes").write_text("mine")
    return folder


def everything(folder: Path) -> dict[str, object]:
    """Return all that can be told of what is in a folder."""
    return {
        os.fspath(path.relative_to(folder)): (
            stat.S_IFMT(path.lstat().st_mode),
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


# Links and pipes where sou reads and writes.

PLACES = [
    *("sou.json", "sou.new", "sou.json.new", "write.lock", "writer.json", "g1", "g2", "g3"),
    *("g1/files.1.json", "g1/files.2.json", "g1/segments.1.json", "g1/segments.2.json"),
    *("g1/_MAIN_1.toc", "g1/_MAIN_2.toc", "g1/SEGMENT"),
]
WORK_ALL_THE_SAME = {
    *("sou.new", "sou.json.new", "writer.json", "g2", "g3", "g1/files.1.json"),
    *("g1/files.2.json", "g1/segments.2.json", "g1/_MAIN_1.toc", "g1/_MAIN_2.toc"),
}
"""Names that sou does not need to read. Without files.1.json it reads all papers again."""


def plant(kind: str, town: Path, place: str, victim: Path) -> None:
    """Put something in a place of an index."""
    if place.endswith("SEGMENT"):
        [path] = (town / "index_data" / "g1").glob("*.sou")
    else:
        path = town / "index_data" / place
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        targets = {"file": victim / ".profile", "folder": victim, "nothing": victim / "fresh"}
        # What would do as the original, where there is one: it might be read, and believed.
        like = victim / path.name
        path.symlink_to(like if kind == "file" and like.exists() else targets[kind])


def updated(town: Path) -> None:
    write_page(town / "corpus", "c.txt", "开放")


def deleted(town: Path) -> None:
    (town / "corpus" / "b.txt").unlink()


def unbuilt(town: Path) -> None:
    """Make it a folder in which a search builds: it has been an index, or claims to."""
    for name in ("sou.json", "g1/segments.1.json"):
        path = town / "index_data" / name
        if not path.is_symlink() and path.is_file():
            path.unlink()


COMMANDS: dict[str, tuple[Callable[[Path], None], list[tuple[str, ...]]]] = {
    "nothing to do": (lambda _: None, [("index",)]),
    "new": (updated, [("index",)]),
    "deleted": (deleted, [("index",)]),
    "rebuild": (updated, [("index", "--rebuild", "corpus")]),
    "search that builds": (unbuilt, [("望澜桥",)]),
    "reading": (
        lambda _: None,
        [("望澜桥",), ("list",), ("status",), ("check",), ("index", "--dry-run")],
    ),
}
CASES = [
    *((kind, command) for kind in ("file", "pipe") for command in COMMANDS),
    *((kind, command) for kind in ("folder", "nothing") for command in ("new", "rebuild")),
]


@pytest.mark.parametrize(("kind", "command"), CASES)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_planted_is_neither_followed_nor_waited_for(
    town: Path, victim: Path, place: str, command: str, kind: str
) -> None:
    plant(kind, town, place, victim)
    change, calls = COMMANDS[command]
    change(town)
    before = everything(victim)
    for arguments in calls:
        with bounded():
            done = inside(*arguments, cwd=town)
        assert everything(victim) == before
        assert done.status in EXPECTED
        if done.status > 1:
            assert "sou: " in done.err or "The index is damaged" in done.err
        if place in WORK_ALL_THE_SAME and command not in {"reading", "search that builds"}:
            assert done.status == 0, done.err
    if command == "rebuild" and place != "write.lock":
        assert done.status == 0, done.err
        found = inside("开放", "-l", cwd=town)
        assert (found.status, found.out) == (0, "corpus/c.txt\n")


@pytest.mark.parametrize("place", ["sou.new", "writer.json", "write.lock", "g1/files.1.json", "g2"])
def test_the_command_itself(town: Path, victim: Path, place: str) -> None:
    """The same, as its user runs it: in a process of its own."""
    plant("file" if place != "g2" else "folder", town, place, victim)
    before = everything(victim)
    updated(town)
    done = sou("index", cwd=town)
    assert everything(victim) == before
    assert done.status == (2 if place == "write.lock" else 0), done.err
    assert "Traceback" not in done.err


def test_a_hard_link_to_a_file_is_not_written_through(town: Path, victim: Path) -> None:
    places = ["write.lock", "writer.json", "sou.json", "g1/files.1.json", "sou.new"]
    before = everything(victim)
    for place in places:
        path = town / "index_data" / place
        original = victim / path.name if (victim / path.name).exists() else victim / ".profile"
        if place == "sou.json":
            original = victim / "sou.json"
            shutil.copy(path, original)
            before = everything(victim)
        path.unlink(missing_ok=True)
        path.hardlink_to(original)
    updated(town)
    assert inside("index", cwd=town).status == 0
    assert everything(victim) == before


def test_segments_are_created_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / SEGMENT).symlink_to("mine")
    with pytest.raises(FileExistsError):
        ContainerWriter(tmp_path / SEGMENT)
    assert (tmp_path / "mine").read_text() == "mine"


# The folder itself.


def test_a_link_that_was_found_is_not_followed(town: Path, tmp_path: Path) -> None:
    link = tmp_path / "index_data"
    link.symlink_to(town / "index_data")
    folder = IndexFolder(link, named=False)
    before = everything(town)
    uses: list[Callable[[], object]] = [
        folder.state,
        folder.open_engine,
        lambda: build(folder, [Source(str(town / "corpus"), "corpus")]),
    ]
    for use in uses:
        with pytest.raises(RequestError, match="is a link") as caught:
            use()
        assert "--index" in caught.value.hint
    assert everything(town) == before


def test_a_link_to_nothing_makes_nothing(town: Path, tmp_path: Path) -> None:
    link = tmp_path / "index_data"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RequestError, match="is a link"):
        build(IndexFolder(link, named=False), [Source(str(town / "corpus"), "corpus")])
    assert not (tmp_path / "elsewhere").exists()


def test_a_link_that_was_named_is_followed_and_called_by_its_name(
    town: Path, tmp_path: Path
) -> None:
    (tmp_path / "linked").symlink_to(town / "index_data")
    updated(town)
    done = inside("index", "--index", str(tmp_path / "linked"), cwd=town)
    assert done.status == 0
    assert f"{tmp_path / 'linked'}," in done.err
    assert (tmp_path / "linked").is_symlink()
    assert inside("开放", "-c", cwd=town).out == "1\n"


def test_a_rebuild_takes_no_number_beyond_those_it_can_read(town: Path) -> None:
    index = town / "index_data"
    (index / "g1").rename(index / f"g{10**18 - 1}")
    change_state(index, lambda data: data.update(generation=f"g{10**18 - 1}"))
    for name in ("g1", "g2"):
        (index / name).symlink_to(town)
    assert inside("index", "--rebuild", cwd=town).status == 0
    assert json.loads((index / "sou.json").read_text())["generation"] == "g3"
    assert inside("望澜桥", "-c", cwd=town).out == "2\n"


def test_what_a_crash_left_is_cleared_and_nothing_else(town: Path) -> None:
    index = town / "index_data"
    (index / "g9").mkdir()
    kept = [".sou.json.0123.new", ".hidden", "g09", "gold", ".x.0123456789abcdeg.new"]
    gone = [LEFT, ".writer.json.00000000000000ff.new", f"g1/{LEFT}", f"g1/{SEGMENT}"]
    for name in [*kept, *gone, "g1/notes.sou", "g1/_MAIN_x.toc"]:
        (index / name).write_text("")
    updated(town)
    assert inside("index", cwd=town).status == 0
    assert not [name for name in [*gone, "g9"] if (index / name).exists()]
    assert [name for name in [*kept, "g1/notes.sou", "g1/_MAIN_x.toc"] if (index / name).exists()]
    assert {path.name for path in index.iterdir()} >= set(kept)


def test_status_counts_no_file_elsewhere(town: Path, victim: Path) -> None:
    before = inside("status", cwd=town).out
    (victim / "large").write_bytes(bytes(5_000_000))
    (town / "index_data" / "g1" / "large").symlink_to(victim / "large")
    (town / "index_data" / "g1" / "folder").symlink_to(victim)
    assert inside("status", cwd=town).out == before


def test_one_process_writes_at_a_time(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_folder, "LOCK_SECONDS", 0.2)
    code = (
        "import sys, time; from pathlib import Path; from search.storage.index_folder import IndexFolder\n"
        f"with IndexFolder(Path({str(town / 'index_data')!r})).lock():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        done = inside("index", cwd=town)
        assert done.status == 4
        assert f"(pid {other.pid})" in done.err
        (town / "index_data" / "writer.json").write_text('{"pid": "\\u001b]52;c;eA==\\u0007"}')
        assert "pid" not in inside("index", cwd=town).err
        other.communicate()
    assert inside("index", cwd=town).status == 0


# Names in an index.


def rewrite(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change the JSON in a file."""
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


@pytest.mark.parametrize(
    "name",
    [
        *("../../mine/index_data/g1", "../mine", "g0", "g01", "g1/", "g1/../g1", "./g1", ".", ".."),
        *("", "g", "G1", "g1\n", "g-1", "g+1", "g1_0", "g١", "g²", f"g{10**18}", "g1\0", " g1"),
        *(1, None, True, ["g1"], {"g1": 1}),
    ],
)
def test_a_generation_is_named_as_sou_names_it(town: Path, tmp_path: Path, name: object) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(town, mine)
    before = everything(mine)
    change_state(town / "index_data", lambda data: data.update(generation=name))
    here = everything(town)
    for arguments in (["望澜桥"], ["list"], ["status"], ["check"], ["index"], ["index", "corpus"]):
        done = inside(*arguments, cwd=town)
        assert done.status == 3, arguments
        assert "sou.json" in done.out + done.err
    assert everything(mine) == before
    here = {path: what for path, what in here.items() if not path.endswith("write.lock")}
    assert here.items() <= everything(town).items()
    assert inside("index", "--rebuild", "corpus", cwd=town).status == 0
    assert everything(mine) == before


NO_SEGMENTS = [
    *("../../mine/g1/SEGMENT", "/etc/passwd", "x.sou", "", "SEGMENT\0", "SEGMENT/", "./SEGMENT"),
    *(f"MAIN_{'a' * 19}.sou", f"MAIN_{'a' * 33}.sou", f"MAIN_{'A' * 20}.sou", f"MAIN_{'a' * 20}"),
    *(f"MAIN_{'a' * 9}/../{'a' * 9}.sou", f"MAIN_{'١' * 20}.sou", 5, None, True, [], {}),
]


@pytest.mark.parametrize("name", NO_SEGMENTS)
def test_a_segment_is_named_as_sou_names_it(town: Path, name: object) -> None:
    path = town / "index_data" / "g1" / "segments.1.json"
    own = json.loads(path.read_text())["segments"][0][0]
    if isinstance(name, str):
        name = name.replace("SEGMENT", own)
    change_segments(town / "index_data", lambda data: data["segments"][0].__setitem__(0, name))
    for arguments in (["望澜桥"], ["list"], ["check"], ["index"]):
        done = inside(*arguments, cwd=town)
        assert done.status == 3, arguments
        assert "segments.1.json" in done.out + done.err


def test_names_that_the_writer_gives_are_segments(town: Path) -> None:
    names = [path.name for path in (town / "index_data" / "g1").glob("*.sou")]
    assert names
    assert all(map(is_segment, [*names, f"MAIN_{'0' * 24}.sou"]))


def test_a_segment_listed_twice_is_damage(town: Path) -> None:
    change_segments(town / "index_data", lambda data: data["segments"].append(data["segments"][0]))
    assert inside("望澜桥", cwd=town).status == 3


# Values in an index.

WRONG: list[object] = [
    *(None, True, False, -1, 0, 1, 2**31, 2**32, 2**63, 10**400, 1.5, float("nan"), float("inf")),
    *("", "x", "\x1b]52;c;eA==\x07", "\u202e", "\ud800", "../x", "/", "0" * 5000, "\0"),
    *([], [[]], [None], {}, {"": 0}, {"\x1b[2J": 1}, [["x", 1, ""]]),
]


def places_in(data: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield where each value of a JSON text is."""
    yield at
    children = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in children:
        yield from places_in(value, (*at, key))


def put(data: object, at: tuple[object, ...], value: object) -> object:
    """Return a JSON text with one value changed."""
    if not at:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)  # type: ignore[call-overload]
    copy[at[0]] = put(copy[at[0]], at[1:], value)
    return copy


@pytest.mark.parametrize("name", ["sou.json", "g1/segments.1.json"])
def test_every_value_may_be_anything(town: Path, name: str) -> None:
    """Any value of a table is damage, or does no harm where it is used and printed."""
    path = town / "index_data" / name
    data = json.loads(path.read_text())
    seen = set()
    for at in places_in(data):
        for value in WRONG:
            if name == "sou.json":
                put_state(town / "index_data", put(data, at, value))
            else:
                path.write_text(json.dumps(put(data, at, value)))
                reseal(town / "index_data", segments=False)
            for arguments in (["望澜桥", "-f", "jsonl"], ["status"]):
                done = inside(*arguments, cwd=town)
                assert done.status in EXPECTED, (at, value, arguments)
                assert not set("\x1b\x07\u202e") & set(done.out + done.err), (at, value, arguments)
                seen.add(done.status)
                if done.status == 3:
                    # Another number or stamp of sou.json is one of a list, of a list one of a file.
                    names = ("sou.json", "segments.", "files.", "MAIN_", "another version")
                    assert any(name in done.err for name in names), (at, value, done.err)
    assert seen >= {0, 3}


def lines_of(town: Path) -> tuple[Path, list[str]]:
    path = town / "index_data" / "g1" / "files.1.json"
    return path, path.read_text().splitlines(keepends=True)


def remembered(town: Path) -> dict[str, FileRecord]:
    """Return what is remembered of papers; nothing where the list is damaged."""
    folder = IndexFolder(town / "index_data")
    try:
        return folder.files(folder.state())
    except IndexDamaged:
        return {}


@pytest.mark.parametrize("field", range(7))
def test_a_remembered_file_of_which_something_is_wrong_is_read_again(
    town: Path, field: int
) -> None:
    path, lines = lines_of(town)
    for value in WRONG:
        key, values = next(iter(json.loads("{" + lines[1].rstrip(",\n") + "}").items()))
        values[field] = value
        damaged = f"{json.dumps(key)}: {json.dumps(values)},\n"
        path.write_text("".join([lines[0], damaged, *lines[2:]]))
        reseal(town / "index_data")
        known = remembered(town)
        if known:  # another value of the same kind
            record = known[str(town.resolve() / key)]
            assert record.as_tuple()[field] == value  # type: ignore[attr-defined]
            assert type(value) in ({str} if field in {0, 4} else {int} if field < 6 else {list})
        else:
            assert inside("index", "--dry-run", cwd=town).status == 0


def test_files_are_remembered_as_they_were(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lines = lines_of(town)
    assert len(lines) == 4
    kept = json.loads("".join(lines))
    assert {str(town.resolve() / key) for key in kept} == remembered(town).keys()
    for cut in (lines[:2], lines[:-1], lines[1:], [*lines[:2], lines[3]], []):
        path.write_text("".join(cut))
        assert remembered(town) == {}
        reseal(town / "index_data")
        assert remembered(town) == {}
    path.write_text("".join(lines))
    reseal(town / "index_data")
    assert len(remembered(town)) == 2
    for size in (1, 7, len(lines[1]), len(lines[1]) + 1):  # read in pieces, wherever they end
        monkeypatch.setattr(checksums, "_BLOCK", size)
        assert len(remembered(town)) == 2


@pytest.mark.parametrize(
    "name", ["sou.json", "g1/segments.1.json", "g1/files.1.json", "writer.json"]
)
@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"{", b"[", b"null", b"\xff\xfe", b"[" * 1_000_000, b'{"a":' * 300_000, b"9" * 5000),
        b"{\n" + b'"/a": ' + b"[" * 1_000_000 + b"\n}\n",
        b'{"schema":"sou.index/2"}',
        b'{"schema":"\x1b[2J"}',
    ],
    ids=lambda text: repr(text[:8]),
)
def test_text_that_is_no_table(town: Path, name: str, text: bytes) -> None:
    (town / "index_data" / name).write_bytes(text)
    if name.startswith("g1"):
        reseal(town / "index_data", segments=False)
    for arguments in (["望澜桥"], ["status"], ["check"], ["index"]):
        done = inside(*arguments, cwd=town)
        assert done.status in EXPECTED
        assert "\x1b" not in done.err


@pytest.mark.parametrize("name", ["sou.json", "g1/segments.1.json"])
def test_a_table_too_large_to_be_ours_is_not_read(town: Path, name: str) -> None:
    path = town / "index_data" / name
    os.truncate(path, 1 << 40)  # it takes no room on the disk
    if name != "sou.json":
        change_state(town / "index_data", lambda data: data.update(segments=[1 << 40, 0]))
    done = inside("望澜桥", cwd=town)
    assert done.status == 3
    assert f"{path.name}: more than 16 MB" in done.err


def test_what_could_not_be_read_again_is_not_written(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (town / "index_data" / "sou.json").read_bytes()
    monkeypatch.setattr(commit, "MOST_BYTES_OF_STATE", len(before))
    write_page(town / "more", "c.txt", "开放")
    done = inside("index", "more", cwd=town)
    assert done.status == 2
    assert "sou.json" in done.err
    assert (town / "index_data" / "sou.json").read_bytes() == before


def test_a_line_of_files_takes_no_more_memory_than_it_may(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lines = lines_of(town)
    path.write_text(lines[0] + '"/a": [' + "[]," * 2_000_000 + "[]]\n}\n")
    reseal(town / "index_data")
    monkeypatch.setattr("search.storage.paper_list.MOST_BYTES_A_FILE", 1 << 16)
    monkeypatch.setattr(checksums, "_BLOCK", 1 << 12)
    tracemalloc.start()
    try:
        assert remembered(town) == {}
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def bitmap(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def reading(folder: Path, count: object, deleted: object) -> Manifest:
    table = {"change": 1, "segments": [[SEGMENT, count, deleted, 9, 9]], "table": [0, 0]}
    text = json.dumps(table).encode()
    path = folder / "segments.1.json"
    path.write_bytes(text)
    return read_manifest(path, 1, checksums.Stamp(len(text), zlib.crc32(text)))


@pytest.mark.parametrize(
    ("count", "data"),
    [
        (0, b"\0"),
        (0, bytes(200 << 20)),
        (8, b""),
        (8, b"\1\0"),
        (9, b"\1"),
        (9, b"\0\2"),
        (1, b"\2"),
    ],
    ids=["none", "bomb", "short", "long", "half", "beyond", "last"],
)
def test_deletions_are_of_as_many_articles_as_there_are(
    tmp_path: Path, count: int, data: bytes
) -> None:
    text = bitmap(data)
    del data
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match=r"segments\.1\.json"):
            reading(tmp_path, count, text)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_deletions_that_cannot_be_read(tmp_path: Path) -> None:
    for text in ("!", "AAAA", "é", bitmap(b"\1")[:-4], 5, None, [1]):
        with pytest.raises(FormatError, match=r"segments\.1\.json"):
            reading(tmp_path, 8, text)
    assert reading(tmp_path, 9, bitmap(b"\1\1")).segments == (Listed(SEGMENT, 9, b"\1\1", 9, 9),)


def test_a_segment_has_as_many_articles_as_the_list_says(town: Path) -> None:
    def add(data: dict[str, object]) -> None:
        data["segments"][0][1] += 8  # type: ignore[index]

    change_segments(town / "index_data", add)
    for arguments in (["望澜桥"], ["index"], ["check"]):
        done = inside(*arguments, cwd=town)
        assert done.status == 3
        assert "articles" in done.out + done.err


def test_an_index_of_another_format_is_told_from_a_damaged_one(town: Path) -> None:
    folder = IndexFolder(town / "index_data")
    path = folder.path / "sou.json"
    path.write_text('{"schema": "sou.index/9", "other": 1}')
    with pytest.raises(IndexOutdated, match=r"sou\.index/9"):
        folder.state()
    path.write_text('{"schema": 9}')
    with pytest.raises(IndexDamaged, match=r"sou\.json"):
        folder.state()


def test_a_state_that_was_saved_is_read_again(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)
    sources = (Source("/报纸/\udcff", "报\n纸\udcff"), Source("/b", "../b"))
    versions = {**analysis(), "words": 2**62}
    known = {
        "/a\udc80": FileRecord("a\\x80", 0, -5, -1, "", 0, [(None, "why", False)]),
        "/b": FileRecord("b", 2**40, 2**62, 2**62, "0f" * 16, 7, [(1, "\n", True)]),
    }
    with folder.lock():
        assert folder.new_generation() == "g1"
        state = State("g1", versions, sources, "2025-01-31T10:59:00+00:00", 7)
        folder.commit(state, known, folder.writer("g1"))
    found = folder.state()
    assert (found.segments.size, found.files.size) == tuple(
        (tmp_path / "g1" / name).stat().st_size for name in ("segments.7.json", "files.7.json")
    )
    assert replace(found, segments=checksums.Stamp(), files=checksums.Stamp()) == state
    assert folder.files(found) == known


# Privacy.


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


def test_an_index_that_sou_makes_is_its_owners_alone(town: Path, tmp_path: Path) -> None:
    place = tmp_path / "made" / "by" / "sou"
    with umask(0o022):
        done = inside("index", "corpus", "--index", str(place), cwd=town)
    assert done.status == 0
    assert [mode(folder) for folder in (place, place.parent, place.parent.parent)] == [0o700] * 3
    # What is in it is as the umask says: one chmod shares it.
    assert mode(place / "sou.json") == 0o644
    assert mode(place / "g1") == 0o755
    place.chmod(0o755)
    updated(town)
    done = inside("index", "--index", str(place), cwd=town)
    assert (done.status, mode(place)) == (0, 0o755)
    assert "chmod" not in done.err


@pytest.fixture
def open_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody enter the folders above that of the test, where pytest lets nobody."""
    lets = files._lets
    monkeypatch.setattr(
        files,
        "_lets",
        lambda path, *rest: lets(path, *rest) if path.startswith(f"{tmp_path}/") else 0o077,
    )


@pytest.mark.usefixtures("open_above")
@pytest.mark.parametrize(
    ("corpus", "page", "before", "after"),
    [
        (0o755, 0o644, 0o755, 0o755),
        (0o755, 0o644, 0o700, 0o700),
        (0o755, 0o600, 0o755, 0o700),
        (0o755, 0o640, 0o755, 0o750),
        (0o755, 0o640, 0o777, 0o770),
        (0o750, 0o644, 0o755, 0o750),
        (0o700, 0o644, 0o755, 0o700),
        (0o700, 0o644, 0o2775, 0o2700),
    ],
)
def test_an_empty_folder_becomes_as_private_as_the_papers(
    town: Path, corpus: int, page: int, before: int, after: int
) -> None:
    index = town / "other"
    index.mkdir()
    index.chmod(before)
    town.chmod(0o755)
    (town / "corpus").chmod(corpus)
    (town / "corpus" / "b.txt").chmod(page)
    (town / "corpus" / "a.txt").chmod(0o644)
    done = inside("index", "corpus", "--index", "other", cwd=town)
    assert done.status == 0
    assert mode(index) == after
    assert ("chmod" in done.err) == (before != after)


@pytest.mark.usefixtures("open_above")
def test_a_link_gives_what_the_file_behind_it_gives(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "a").write_text("")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    (tmp_path / "open" / "a").symlink_to(tmp_path / "closed" / "a")
    (tmp_path / "open" / "b").write_text("")
    (tmp_path / "open" / "b").chmod(0o644)
    assert files.readers([tmp_path / "open" / "b"], -1) == 0o077
    assert files.readers([tmp_path / "open" / "a"], -1) == 0
    assert files.readers([tmp_path / "open" / "b", tmp_path / "open" / "a"], -1) == 0


@pytest.mark.usefixtures("open_above")
def test_a_group_is_let_in_where_it_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    (tmp_path / "a").chmod(0o640)
    group = (tmp_path / "a").stat().st_gid
    assert files.readers([tmp_path / "a"], group) == 0o070
    assert files.readers([tmp_path / "a"], group + 1) == 0
