"""Links that lead out of a source are not followed; what is no file is never opened."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import BinaryIO

import pytest

from search.indexing import reading
from search.indexing.plan import Plan
from search.indexing.reading import Paper, open_paper, stamp_of
from search.indexing.update import build
from search.model.errors import PaperError
from search.papers import discover as walking
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from tests.cli.running import inside, sou

SECRET = "绝密\n\n本报讯(记者 沈秋)望澜桥的秘密。\n"
NEWS = "青岚\n\n本报讯(记者 俞白)青岚的新闻。\n"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder of private papers."""
    (tmp_path / "victim" / ".ssh").mkdir(parents=True)
    for name in ("diary.txt", ".ssh/key.txt"):
        (tmp_path / "victim" / name).write_text(SECRET, "utf-8")
    return tmp_path / "victim"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with a corpus of one page."""
    (tmp_path / "town" / "corpus").mkdir(parents=True)
    (tmp_path / "town" / "corpus" / "a.txt").write_text(NEWS, "utf-8")
    return tmp_path / "town"


def found(town: Path) -> list[str]:
    """Return the files of which something is in the index."""
    return inside("list", "-f", "paths", cwd=town).out.split()


OUT = {
    "a file": ("x.txt", "../../victim/diary.txt"),
    "a folder": ("x", "../../victim"),
    "an absolute one": ("x", "{victim}"),
    "a hidden folder": ("x", "{victim}/.ssh"),
    "through the root of a process": ("x", "/proc/self/root{victim}"),
    "through a folder of a process": ("x", "/proc/self/cwd/../victim"),
    "a folder named as a file": ("x.txt", "{victim}"),
    "the parent": ("x", ".."),
    "the root of all": ("x", "/"),
    "by way of here": ("x", "../corpus/../../victim"),
    "a neighbour of like name": ("x", "../corpus-private"),
}


@pytest.mark.parametrize("kind", OUT)
def test_a_link_out_of_a_source_is_skipped_and_named(kind: str, town: Path, victim: Path) -> None:
    shutil.copytree(victim, town / "corpus-private")
    name, target = OUT[kind]
    link = town / "corpus" / name
    link.symlink_to(target.format(victim=victim))
    if not os.path.lexists("/proc/self/root") and "process" in kind:
        pytest.skip("there is no /proc here")
    done = inside("index", cwd=town)
    assert done.status == 0
    assert "1 link leads out of its folder and is not followed: " in done.err
    assert f"corpus/{name} (--follow-links reads them)" in done.err
    assert found(town) == ["corpus/a.txt"]


def test_links_by_way_of_other_links_are_seen_through(town: Path, victim: Path) -> None:
    (town / "corpus" / "sub").mkdir()
    (town / "corpus" / "sub" / "one").symlink_to("../two")
    (town / "corpus" / "two").symlink_to(victim)
    (town / "corpus" / "z.txt").symlink_to("two/diary.txt")
    done = inside("index", cwd=town)
    assert "3 links lead out" in done.err
    assert found(town) == ["corpus/a.txt"]


def test_links_within_a_source_are_followed(town: Path) -> None:
    corpus = town / "corpus"
    (corpus / "real").mkdir()
    (corpus / "real" / "b.txt").write_text(SECRET, "utf-8")
    (corpus / "0").symlink_to("real")
    (corpus / "c.txt").symlink_to("../corpus/a.txt")
    (corpus / "loop").symlink_to(".")
    done = inside("index", cwd=town)
    assert done.status == 0
    assert "lead" not in done.err
    assert found(town) == ["corpus/0/b.txt", "corpus/a.txt"]


def test_a_source_that_is_itself_named_may_be_a_link(town: Path) -> None:
    (town / "here").symlink_to("corpus")
    (town / "page.txt").symlink_to("corpus/a.txt")
    assert inside("index", "here", cwd=town).status == 0
    assert found(town) == ["here/a.txt"]
    assert inside("index", "--index", "other", "page.txt", cwd=town).status == 0
    listed = inside("list", "-l", "--index", "other", cwd=town)
    assert (listed.status, listed.out) == (0, "page.txt\n")


def test_all_that_are_skipped_are_counted_and_named_with_v(town: Path, victim: Path) -> None:
    for n in range(8):
        (town / "corpus" / f"x{n}").symlink_to(victim)
    (town / "corpus" / "picture.png").symlink_to(victim / "diary.txt")  # would not be read
    (town / "corpus" / "nothing.png").symlink_to(victim / "nothing.png")
    few, all_ = inside("index", cwd=town).err, inside("index", "-v", cwd=town).err
    assert "8 links lead out of their folders and are not followed: corpus/x0, corpus/x1" in few
    assert "corpus/x2 and 5 more (-v lists all)" in few
    assert "corpus/x6, corpus/x7 (" in all_
    assert "png" not in few + all_


def test_names_of_links_act_on_no_terminal(town: Path, victim: Path) -> None:
    (town / "corpus" / "x\n\x1b[2J\u202e").symlink_to(victim)
    err = inside("index", cwd=town).err
    assert not set(err) & {"\x1b", "\u202e"}
    assert len(err.splitlines()) == 5


def test_follow_links_reads_them_and_notices_loops(town: Path, victim: Path) -> None:
    (town / "corpus" / "x").symlink_to(victim)
    (victim / "back").symlink_to(town)
    (victim / "self").symlink_to(victim)
    (town / "corpus" / "up").symlink_to("..")
    for command in (["index"], ["index", "--rebuild"]):
        done = inside(*command, "--follow-links", cwd=town)
        assert done.status == 0
        assert "not followed" not in done.err
        assert found(town) == ["corpus/a.txt", "corpus/x/diary.txt"]


def test_what_was_read_through_links_leaves_and_that_is_said(town: Path, victim: Path) -> None:
    (town / "corpus" / "x").symlink_to(victim)
    assert inside("index", "--follow-links", cwd=town).status == 0
    looked = inside("index", "--dry-run", cwd=town)
    assert "1 file that was read through a link leaves the index" in looked.err
    assert found(town) == ["corpus/a.txt", "corpus/x/diary.txt"]
    done = inside("index", cwd=town)
    assert "1 removed" in done.err
    assert "1 file that was read through a link leaves the index" in done.err
    assert found(town) == ["corpus/a.txt"]
    assert "leave the index" not in inside("index", cwd=town).err


def test_an_index_is_not_emptied_because_all_of_it_is_behind_links(
    town: Path, victim: Path
) -> None:
    (town / "corpus" / "a.txt").unlink()
    (town / "corpus" / "x").symlink_to(victim)
    assert inside("index", "--follow-links", cwd=town).status == 0
    done = inside("index", cwd=town)
    assert done.status == 2
    assert "behind links that lead out of it, such as corpus/x" in done.err
    assert found(town) == ["corpus/x/diary.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this platform")
def test_pipes_sockets_and_devices_are_never_opened(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = town / "corpus"
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "link.txt").symlink_to("pipe.txt")
    (corpus / "zero.txt").symlink_to("/dev/zero")
    (corpus / "tty.txt").symlink_to("/dev/stdin")
    monkeypatch.chdir(corpus)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        for more in ([], ["--follow-links"], ["--dry-run", "--rebuild"]):
            done = sou("index", *more, cwd=town)
            assert done.status == 0, done.err
    assert found(town) == ["corpus/a.txt"]
    named = sou("index", "corpus/pipe.txt", cwd=town)
    assert named.status == 2
    assert "not a file" in named.err


SWAPS = ["a link to a file", "a folder that is a link", "a pipe", "a device", "a folder"]


def swap(kind: str, corpus: Path, victim: Path) -> None:
    """Put something else in the place of what the walk has seen."""
    page = corpus / "sub" / "diary.txt"
    page.unlink()
    if kind == "a link to a file":
        page.symlink_to(victim / "diary.txt")
    elif kind == "a folder that is a link":
        page.parent.rmdir()
        page.parent.symlink_to(victim)
    elif kind == "a pipe":
        os.mkfifo(page)
    elif kind == "a device":
        page.symlink_to("/dev/zero")
    else:
        page.mkdir()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this platform")
@pytest.mark.parametrize("size", ["small", "cut"])
@pytest.mark.parametrize("dry", [True, False])
@pytest.mark.parametrize("kind", SWAPS)
def test_what_was_swapped_since_the_walk_is_not_followed(
    kind: str, dry: bool, size: str, town: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = town / "corpus"
    (corpus / "sub").mkdir()
    (corpus / "sub" / "diary.txt").write_text(NEWS + "二。" * 50, "utf-8")
    scan = Plan.scan

    def swapping(self: Plan, *arguments: object, **how: object) -> None:
        scan(self, *arguments, **how)  # type: ignore[arg-type]
        swap(kind, corpus, victim)

    monkeypatch.setattr(Plan, "scan", swapping)
    if size == "cut":
        monkeypatch.setattr("search.indexing.update._Build._share", lambda *_: 1)
    report = build(
        IndexFolder(town / "index_data"), [Source(str(corpus), "corpus")], dry_run=dry, jobs=1
    )
    assert [problem.path for problem in report.failed] == ["corpus/sub/diary.txt"]
    assert report.new == ["corpus/a.txt"]
    if not dry:
        assert inside("秘密", "-c", cwd=town).out == "0\n"


def test_a_file_saved_again_between_is_read(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many programs write a new file and move it into place: that is no attack."""
    scan = Plan.scan

    def saving(self: Plan, *arguments: object, **how: object) -> None:
        scan(self, *arguments, **how)  # type: ignore[arg-type]
        (town / "corpus" / "new").write_text(SECRET + "更多。", "utf-8")
        (town / "corpus" / "new").replace(town / "corpus" / "a.txt")

    monkeypatch.setattr(Plan, "scan", saving)
    assert inside("index", cwd=town).status == 0
    assert inside("秘密", "-c", cwd=town).out == "1\n"


def test_what_became_a_link_since_it_was_listed_is_not_followed(
    town: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push = walking._push_children

    def swapping(stack: list[object], folder: str, shown: str, *rest: object) -> object:
        found = list(push(stack, folder, shown, *rest))  # type: ignore[arg-type]
        for name in ("b", "c.txt"):
            place = Path(folder) / name
            if place.exists() and not place.is_symlink():
                place.rmdir() if name == "b" else place.unlink()
                place.symlink_to(victim if name == "b" else victim / "diary.txt")
        return found

    (town / "corpus" / "b").mkdir()
    (town / "corpus" / "c.txt").write_text(NEWS, "utf-8")
    monkeypatch.setattr(walking, "_push_children", swapping)
    found = [item.shown for item in walking.walk(town / "corpus", "corpus")]
    assert found == ["corpus/a.txt"]


def test_a_path_longer_than_the_system_takes_is_a_problem(town: Path) -> None:
    top = town / "corpus"
    here = os.open(top, os.O_RDONLY)
    try:
        for _ in range(30):
            os.mkdir("d" * 200, dir_fd=here)
            deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
    finally:
        os.close(here)
    done = inside("index", cwd=town)
    assert done.status == 2
    assert "name too long" in done.err
    assert found(town) == ["corpus/a.txt"]
    shutil.rmtree(top, ignore_errors=True)


def test_the_plan_tells_what_nothing_may_lead_out_of(town: Path) -> None:
    plan = Plan()
    plan.scan(Source(str(town / "corpus"), "corpus"), {}, "/nowhere")
    (paper,) = plan.read
    assert paper.within == str(town / "corpus")


def test_what_was_swapped_and_swapped_back_is_another_file(
    town: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link was there while the file was opened, and is gone when it is looked at again."""
    plan = Plan()
    plan.scan(Source(str(town / "corpus"), "corpus"), {}, "/nowhere")
    (paper,) = plan.read
    monkeypatch.setattr(reading, "open_regular", lambda *_, **__: (victim / "diary.txt").open("rb"))
    with pytest.raises(PaperError, match="another file"):
        reading.open_paper(paper)


def led_away(folder: Path) -> Paper:
    """Return a paper below a folder that was a link to another when the walk passed."""
    (folder / "papers" / "sub").mkdir(parents=True)
    (folder / "papers" / "sub" / "a.txt").write_text("公开\n", "utf-8")
    (folder / "private").mkdir()
    (folder / "private" / "a.txt").write_text("私密\n", "utf-8")
    (folder / "papers" / "sub").rename(folder / "aside")
    (folder / "papers" / "sub").symlink_to(folder / "private")
    path = str(folder / "papers" / "sub" / "a.txt")
    status = os.stat(path)  # noqa: PTH116
    within = os.path.realpath(folder / "papers")
    return Paper(0, path, "papers/sub/a.txt", stamp_of(status), "", within)


def back(folder: Path) -> None:
    """Put the folder itself in the place of the link."""
    (folder / "papers" / "sub").unlink()
    (folder / "aside").rename(folder / "papers" / "sub")


def test_a_folder_above_that_was_a_link_during_the_walk_leads_nowhere(tmp_path: Path) -> None:
    paper = led_away(tmp_path)
    with pytest.raises(PaperError, match="leads elsewhere"):
        open_paper(paper)


def test_nor_if_it_is_put_back_once_the_paper_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = led_away(tmp_path)
    opened = reading.open_regular

    def and_back(path: str, *, follow: bool) -> BinaryIO:
        stream = opened(path, follow=follow)
        back(tmp_path)
        return stream

    monkeypatch.setattr(reading, "open_regular", and_back)
    with pytest.raises(PaperError, match="another file"):
        open_paper(paper)


def test_a_paper_that_was_saved_again_meanwhile_is_read(tmp_path: Path) -> None:
    paper = led_away(tmp_path)
    back(tmp_path)
    with open_paper(paper) as stream:
        assert stream.read().decode() == "公开\n"


def test_a_hole_of_terabytes_is_not_read_to_be_refused(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text("望澜桥修缮\n\n本报讯 望澜桥修缮。\n", "utf-8")
    try:
        for name in ("b.txt", "b.json", "b.html"):
            with (tmp_path / "papers" / name).open("wb") as file:
                file.truncate(4 << 40)
    except OSError:
        pytest.skip("this file system has no files with holes")
    done = inside("index", "papers", cwd=tmp_path)
    assert done.status == 2
    assert done.err.count("4,398,046,511,104 bytes") == 3
    assert inside("望澜桥", "-l", cwd=tmp_path).out == "papers/a.txt\n"
