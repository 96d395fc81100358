"""The shim sees every call and does what it is told; the disk loses what it may, and no more."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults import cuts
from tests.faults.disk import Choice, Disk, Start, below
from tests.faults.shim import (
    CHANGES,
    CLOSE,
    CREATE,
    FAIL,
    KILL,
    LINK,
    LOOK,
    MKDIR,
    NAMES,
    READ,
    RENAME,
    RMDIR,
    SHORT,
    SYNC,
    TORN,
    TRUNCATE,
    UNLINK,
    WRITE,
    Call,
    Fault,
    Shim,
    Zygote,
    why_not,
)
from tests.faults.town import SCENARIOS, Town

needs_shim = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_trace_played_again_gives_the_very_folder(
    name: str, shimmed: tuple[Town, Zygote]
) -> None:
    """So nothing writes past the shim: through a map, or by what the C library does inside."""
    town, zygote = shimmed
    traced = cuts.trace(town, zygote, SCENARIOS[name])
    disk = cuts.disk_of(town, traced)
    all_of_it = disk.state(Choice(frozenset(range(len(disk.atoms)))))
    assert below(all_of_it, cuts.INDEX) == traced.after
    assert traced.after != traced.before or name == "nothing to do"


def test_what_a_killed_run_left_loose_lasts_before_the_next_clears_away(
    shimmed: tuple[Town, Zygote],
) -> None:
    town, zygote = shimmed
    scenario = SCENARIOS["update"]
    traced = cuts.trace_after_a_kill(town, zygote, scenario)
    judge = cuts.Judge(town, scenario)
    commit, gone = (
        next(n for n, call in enumerate(traced.calls) if wanted(call))
        for wanted in (
            lambda call: call.other.endswith("/sou.json"),
            lambda call: call.kind == UNLINK and "/g1/" in call.path,
        )
    )
    folder = traced.calls[commit].other.rpartition("/")[0]
    [synced] = [
        n
        for n in range(commit, gone)
        if traced.calls[n].kind == SYNC and traced.calls[n].path == folder
    ]
    moments = [synced, synced + 1, gone + 1, len(traced.calls)]
    assert [*cuts.cuts(town, judge, traced, Random(1), moments=moments, subsets=1)] == []
    broken = cuts.without_sync(town, judge, traced, synced)
    assert broken is not None
    assert broken.what.startswith("search fails: IndexDamaged")


# The shim


@pytest.fixture
def shim(tmp_path: Path) -> Iterator[Shim]:
    (tmp_path / "watched").mkdir()
    return Shim(tmp_path, tmp_path / "watched")


def python(shim: Shim, program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import os\n{program}"],
        cwd=shim.path.parent / "watched",
        env=shim.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


BEFORE = "f = os.open('there', os.O_RDWR | os.O_CREAT); os.write(f, b'text'); os.mkdir('folder')\n"
CALLS = {
    CREATE: "os.open('new', os.O_WRONLY | os.O_CREAT)",
    WRITE: "os.write(f, b'1234')",
    SYNC: "os.fsync(f)",
    RENAME: "os.replace('there', 'folder/there')",
    LINK: "os.link('there', 'other')",
    UNLINK: "os.unlink('there')",
    MKDIR: "os.mkdir('folder/inner')",
    RMDIR: "os.rmdir('folder')",
    TRUNCATE: "os.ftruncate(f, 0)",
    CLOSE: "os.close(f)",
    READ: "os.read(f, 1)",
    LOOK: "os.open('there', os.O_RDONLY)",
}
OTHERS = {
    "pwrite": (WRITE, "os.pwrite(f, b'1234', 2)"),
    "writev": (WRITE, "os.writev(f, [b'12', b'34'])"),
    "buffered": (WRITE, "with open(f, 'w') as w: w.write('1234')"),
    "fdatasync": (SYNC, "os.fdatasync(f)"),
    "emptied": (TRUNCATE, "os.open('there', os.O_WRONLY | os.O_TRUNC)"),
    "by path": (TRUNCATE, "os.truncate('there', 0)"),
    "in a folder": (CREATE, "d = os.open('.', 0); os.open('new', 65, dir_fd=d)"),
    "folder": (SYNC, "os.fsync(os.open('folder', 0))"),
    "unlinkat": (UNLINK, "d = os.open('.', 0); os.unlink('there', dir_fd=d)"),
    "whole name": (UNLINK, "os.unlink(os.getcwd() + '/./there')"),
}


@needs_shim
@pytest.mark.parametrize(
    ("kind", "call"),
    [*CALLS.items(), *OTHERS.values()],
    ids=[*(NAMES[kind] for kind in CALLS), *OTHERS],
)
def test_each_call_fails_as_it_is_told(shim: Shim, kind: int, call: str) -> None:
    counted = f"{BEFORE}import sys; sys.stdout.write('begun'); sys.stdout.flush()\n"
    # What makes the file and the folder is of other kinds, or comes once: the last one fails.
    shim.set(Fault(1 << 40, FAIL, kinds=kind))
    done = python(shim, counted + call)
    assert done.returncode == 0, done.stderr
    last = shim.calls
    assert last >= 1
    subprocess.run(["rm", "-r", shim.path.parent / "watched"], check=True)
    (shim.path.parent / "watched").mkdir()
    shim.set(Fault(last, FAIL, errno.EDQUOT, kinds=kind))
    done = python(shim, counted + call)
    assert "Disk quota exceeded" in done.stderr
    assert (shim.injected, shim.hit.split()[0]) == (1, NAMES[kind])


@needs_shim
def test_calls_are_counted_over_processes_and_outside_of_the_folder_not_at_all(shim: Shim) -> None:
    shim.set()
    program = "os.fork(); open(str(os.getpid()), 'wb').close(); open('../beside', 'wb').close()"
    assert python(shim, program).returncode == 0
    assert shim.calls == 2 * 2  # each creates and closes a file


@needs_shim
@pytest.mark.parametrize(
    ("action", "status", "left"), [(KILL, -9, b""), (TORN, -9, b"12"), (SHORT, 0, b"12")]
)
def test_a_process_is_killed_and_a_write_is_cut(
    shim: Shim, action: int, status: int, left: bytes
) -> None:
    shim.set(Fault(1, action, kinds=WRITE))
    done = python(shim, "f = os.open('a', 65); assert os.write(f, b'1234') == 2")
    assert (done.returncode, shim.injected) == (status, 1)
    assert (shim.path.parent / "watched" / "a").read_bytes() == left


@needs_shim
def test_calls_fail_once_or_from_there_on(shim: Shim) -> None:
    program = (
        "f = os.open('a', 65)\nfor _ in range(4):\n try: os.write(f, b'1')\n except OSError: pass"
    )
    for onwards, failed in ((False, 1), (True, 3)):
        shim.set(Fault(2, FAIL, errno.EIO, onwards=onwards, kinds=CHANGES & ~(CREATE | CLOSE)))
        assert python(shim, program).returncode == 0
        assert shim.injected == failed


# The disk

ROOT, OLD = -1, -2
MADE = [
    Call(CREATE, 1, "/d/new"),
    Call(WRITE, 1, "/d/new", data=b"fresh"),
    Call(SYNC, 1, "/d/new"),
    Call(RENAME, 1, "/d/new", "/d/it"),
    Call(SYNC, ROOT, "/d"),
]


def states(calls: list[Call], end: int) -> list[dict[str, bytes | None]]:
    disk = Disk(Start(ROOT, {ROOT: {"it": OLD}}, {OLD: b"old"}), Path("/d"), calls)
    return [disk.state(choice) for _, choice in disk.choices(end, Random(1), 20)]


def test_what_was_synced_with_its_name_is_there() -> None:
    assert states(MADE, 5) == [{"it": b"fresh"}]


def test_a_rename_may_be_lost_until_its_folder_was_synced() -> None:
    found = states(MADE, 4)
    assert {one["it"] for one in found} == {b"old", b"fresh"}
    assert {"it": b"old", "new": b"fresh"} in found
    assert {"it": b"old"} in found  # not even the first name


def test_a_rename_may_come_before_the_data() -> None:
    found = {one["it"] for one in states([MADE[0], MADE[1], MADE[3]], 3)}
    assert {b"old", b"", bytes(5), b"fresh"} < found
    assert any(one not in {b"old", b"", bytes(5), b"fresh"} for one in found)  # garbage


def test_to_sync_a_folder_makes_no_data_last_and_a_file_no_name() -> None:
    unsynced = [MADE[0], MADE[1], MADE[4]]
    assert {one["new"] for one in states(unsynced, 3)} > {b"", bytes(5), b"fresh"}
    assert {"it": b"old"} in states(MADE, 3)


def test_what_comes_after_the_fsync_is_loose_again() -> None:
    more = [*MADE[:3], Call(WRITE, 1, "/d/new", offset=5, data=b"er"), *MADE[3:]]
    assert {one["it"] for one in states(more, 6)} >= {b"fresh", b"fresher", b"fresh\0\0"}
    assert all(one["it"][:5] == b"fresh" for one in states(more, 6))  # type: ignore[index]


def test_entries_of_a_folder_are_of_no_use_without_it() -> None:
    calls = [
        Call(MKDIR, 1, "/d/in"),
        Call(CREATE, 2, "/d/in/a"),
        Call(SYNC, 2, "/d/in/a"),
        Call(SYNC, 1, "/d/in"),
    ]
    assert {"it": b"old"} in states(calls, 4)
    assert {"it": b"old", "in": None, "in/a": b""} in states(calls, 4)
    assert {"it": b"old", "in": None} not in states(calls, 4)
    assert states([*calls, MADE[4]], 5) == [{"it": b"old", "in": None, "in/a": b""}]


def test_one_name_may_go_and_another_made_later_stay() -> None:
    calls = [Call(UNLINK, OLD, "/d/it"), Call(CREATE, 1, "/d/b"), Call(MKDIR, 2, "/d/c")]
    found = states([*calls, Call(RMDIR, 2, "/d/c")], 4)
    assert {"it": b"old", "b": b""} in found
    assert {"it": b"old", "c": None} in found
    assert {} in found
