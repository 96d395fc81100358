import os
import socket
from pathlib import Path

import pytest

from search.model.errors import RequestError
from search.papers.discover import LinkOut, PaperFile, walk
from search.papers.problem import Problem


def shown(root, name="papers"):
    return [item.shown for item in walk(root, name)]


def make(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("文")


def test_files_come_in_sorted_order_with_the_folder_as_the_user_gave_it(tmp_path):
    make(tmp_path, "b.txt", "a/2.md", "a/1.TXT", "c.jsonl")
    found = list(walk(tmp_path, "./papers/"))
    assert [file.shown for file in found] == [
        "./papers/a/1.TXT",
        "./papers/a/2.md",
        "./papers/b.txt",
        "./papers/c.jsonl",
    ]
    assert all(file.path.is_absolute() and file.path.read_text() == "文" for file in found)


def test_a_relative_root_gives_absolute_paths(tmp_path, monkeypatch):
    make(tmp_path, "x/a.txt")
    monkeypatch.chdir(tmp_path)
    (file,) = walk(Path("x"), "x")
    assert file == PaperFile(str(tmp_path / "x" / "a.txt"), "x/a.txt")


def test_the_root_of_the_file_system_has_one_slash(tmp_path):
    make(tmp_path, "a.txt")
    assert shown(tmp_path, "/") == ["/a.txt"]


def test_hidden_files_backups_and_other_kinds_are_skipped(tmp_path):
    make(tmp_path, ".a.txt", ".git/b.txt", "c.txt~", "d.png", "e", "f.odt", "g.txt")
    assert shown(tmp_path) == ["papers/g.txt"]


def test_a_hidden_folder_is_read_when_it_is_named(tmp_path):
    make(tmp_path, ".papers/a.txt")
    assert shown(tmp_path / ".papers", ".papers") == [".papers/a.txt"]


def test_a_link_to_an_ancestor_does_not_loop(tmp_path):
    make(tmp_path, "a/b/c.txt")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    assert shown(tmp_path) == ["papers/a/b/c.txt"]


def test_a_file_reached_twice_is_listed_once(tmp_path):
    make(tmp_path, "real/a.txt")
    (tmp_path / "z.txt").symlink_to(tmp_path / "real" / "a.txt")
    (tmp_path / "zz").symlink_to(tmp_path / "real")
    assert shown(tmp_path) == ["papers/real/a.txt"]


def test_links_out_of_the_folder_are_followed_when_that_is_asked_for(tmp_path):
    make(tmp_path, "outside/a.txt")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path / "outside")
    (found,) = walk(tmp_path / "in", "papers", follow_links=True)
    assert found.shown == "papers/link/a.txt"
    (left,) = walk(tmp_path / "in", "papers")
    assert left == LinkOut(str(tmp_path / "in" / "link"), "papers/link")


def test_a_link_to_nothing_is_a_problem(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    make(tmp_path, "b.txt")
    problem, file = walk(tmp_path, "papers")
    assert problem == Problem("papers/a.txt", "a broken link")
    assert file.shown == "papers/b.txt"


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path, monkeypatch):
    make(tmp_path, "a/1.txt", "b.txt")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    problem, file = walk(tmp_path, "papers")
    assert problem == Problem("papers/a", "permission denied")
    assert file.shown == "papers/b.txt"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this platform")
def test_pipes_and_sockets_are_never_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert shown(tmp_path) == []
    (problem,) = walk(tmp_path / "pipe.txt", "pipe.txt")
    assert "not a file" in problem.reason


def test_a_file_named_by_the_user(tmp_path):
    make(tmp_path, "a.txt", "b.png")
    assert shown(tmp_path / "a.txt", "a.txt") == ["a.txt"]
    (problem,) = walk(tmp_path / "b.png", "b.png")
    assert "not a kind of file" in problem.reason
    assert ".jsonl" in problem.reason


@pytest.mark.parametrize("name", ["gone", "a.txt/gone", "dangling"])
def test_a_missing_root_is_an_error_at_once(tmp_path, name):
    make(tmp_path, "a.txt")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(RequestError, match=f"no such file or folder: {name}") as error:
        walk(tmp_path / name, name)
    assert error.value.hint


def test_a_name_that_is_not_utf8_is_shown_with_escapes(tmp_path):
    raw = os.fsencode(tmp_path) + b"/\xd6\xd0.txt"
    try:
        Path(os.fsdecode(raw)).write_text("文")
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    (found,) = walk(tmp_path, "papers")
    assert found.shown == "papers/\\xd6\\xd0.txt"
    assert found.path.read_text() == "文"


def test_a_deep_tree_needs_no_recursion(tmp_path):
    deep = tmp_path
    for _ in range(300):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("文")
    assert len(shown(tmp_path)) == 1


def test_the_walk_tells_what_it_saw_of_a_file(tmp_path):
    make(tmp_path, "a.txt", "b.txt.gz", "c.log.gz", "d.html", "e.zip")
    found = list(walk(tmp_path, "papers"))
    assert [file.path.name for file in found] == ["a.txt", "b.txt.gz", "d.html", "e.zip"]
    for file in found:
        assert file.status.st_ino == file.path.stat().st_ino


def test_the_walk_looks_at_each_file_once(tmp_path, monkeypatch):
    make(tmp_path, *(f"{n}.txt" for n in range(50)))
    looked = []
    stat = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **how: looked.append(path) or stat(path, **how))
    assert len(list(walk(tmp_path, "papers"))) == 50
    assert len(looked) == 51
