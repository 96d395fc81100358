"""Files in folders that somebody else prepared: links, pipes, devices; names nobody foresees."""

from __future__ import annotations

import os
import socket
import stat

import pytest

from search.system.files import (
    Held,
    create,
    is_folder,
    is_leftover,
    locked,
    open_regular,
    parse_json,
    read_regular,
    replacing,
    sync,
)


def names_in(folder):
    return {path.name for path in folder.iterdir()}


def _write_and_fail(path):
    with replacing(path) as file:
        file.write(b"new")
        raise OSError("full")


def test_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    assert read_regular(tmp_path / "a") == b"x"


def test_a_link_is_not_followed_unless_that_is_asked_for(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="link"):
        open_regular(tmp_path / "b")
    with open_regular(tmp_path / "b", follow=True) as file:
        assert file.read() == b"x"


def test_what_is_no_file_is_refused_and_nothing_waits(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket"))
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "socket", "folder"):
        for follow in (False, True):
            with pytest.raises(OSError, match=r"not a file|folder"):
                open_regular(tmp_path / name, follow=follow)
    with pytest.raises(OSError, match="not a file"):
        open_regular("/dev/zero")


def test_a_link_to_a_pipe_is_refused_too(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "b").symlink_to("pipe")
    with pytest.raises(OSError, match="not a file"):
        open_regular(tmp_path / "b", follow=True)


def test_a_link_to_a_folder_is_no_folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to("a")
    assert is_folder(tmp_path / "a")
    assert not is_folder(tmp_path / "b")
    assert not is_folder(tmp_path / "c")


def test_nothing_is_created_where_something_is(tmp_path):
    (tmp_path / "b").symlink_to("target")
    with pytest.raises(FileExistsError):
        create(tmp_path / "b")
    assert not (tmp_path / "target").exists()


def test_a_replaced_link_leaves_its_target_alone(tmp_path):
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "b").symlink_to("target")
    with replacing(tmp_path / "b") as file:
        file.write(b"new")
    assert (tmp_path / "target").read_bytes() == b"mine"
    assert not (tmp_path / "b").is_symlink()
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_file_is_replaced_when_it_is_whole(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with replacing(tmp_path / "a") as file:
        file.write(b"new")
        file.flush()
        assert (tmp_path / "a").read_bytes() == b"old"
        assert len(names_in(tmp_path) - {"a"}) == 1
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names_in(tmp_path) == {"a"}


def test_after_an_error_the_old_file_is_there_and_nothing_else(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="full"):
        _write_and_fail(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names_in(tmp_path) == {"a"}


def test_two_names_of_fresh_files_differ(tmp_path):
    names = set()
    for _ in range(2):
        with replacing(tmp_path / "a"):
            names |= names_in(tmp_path) - {"a"}
    assert len(names) == 2


def test_modes_follow_the_umask(tmp_path):
    old = os.umask(0o027)
    try:
        with replacing(tmp_path / "a"):
            pass
        with replacing(tmp_path / "b", 0o600):
            pass
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_a_file_larger_than_it_may_be_is_not_read(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    assert read_regular(tmp_path / "a", 5) == b"12345"
    with pytest.raises(OSError, match="more than"):
        read_regular(tmp_path / "a", 4)


@pytest.mark.parametrize("text", [b"", b"{", b"[" * 1_000_000, b"9" * 5000, b"\xff"])
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011  (of whatever kind)
        parse_json(text)


def test_leftovers_are_known_by_their_whole_name(tmp_path):
    with replacing(tmp_path / "a"):
        [name] = names_in(tmp_path)
        assert is_leftover(name)
    for other in (name[1:], name[:-1], name.replace(".new", "0.new"), ".new", ".a.new", "a"):
        assert not is_leftover(other)


def test_a_lock_is_held_by_one_and_leaves_the_file_as_it_is(tmp_path):
    (tmp_path / "lock").write_bytes(b"mine")
    with locked(tmp_path / "lock", 0), pytest.raises(Held), locked(tmp_path / "lock", 0.1):
        pass
    with locked(tmp_path / "lock", 0):
        pass
    assert (tmp_path / "lock").read_bytes() == b"mine"


def test_a_lock_is_no_link_and_no_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("target")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match=r"link|not a file|symbolic"), locked(tmp_path / name, 0):
            pass
    assert not (tmp_path / "target").exists()


def test_what_is_synced_is_a_file(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    sync(tmp_path / "a")
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OSError, match=r"link|not a file"):
            sync(tmp_path / name)
