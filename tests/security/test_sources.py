"""What an index or a sou.toml says is to be read is read when the user has named it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from search.project import named_papers
from tests.cli.running import asked, inside
from tests.sealing import change_state, reseal

SECRET = "绝密\n\n本报讯(记者 沈秋)望澜桥的秘密。\n"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where sou remembers what this user named: nothing yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "sou" / "sources.json"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder of private papers."""
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "diary.txt").write_text(SECRET, "utf-8")
    return tmp_path / "victim"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A stranger's archive, unpacked: papers and an index of them, which the user owns now."""
    folder = tmp_path / "clone"
    (folder / "papers").mkdir(parents=True)
    (folder / "papers" / "a.txt").write_text("青岚\n\n本报讯(记者 俞白)青岚的新闻。\n", "utf-8")
    assert inside("index", "papers", cwd=folder).status == 0
    (tmp_path / "state" / "sou" / "sources.json").unlink()
    return folder


def planted(clone: Path, *sources: tuple[object, str]) -> None:
    """Have the index say that it was made from other sources."""
    named = [{"root": str(root), "shown": shown} for root, shown in sources]
    change_state(clone / "index_data", lambda data: data.update(sources=named))


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in the files of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("more", [[], ["--rebuild"], ["--dry-run"], ["-v"], ["-j", "1"]])
def test_a_root_that_the_index_alone_names_is_not_read_in_a_pipe(
    more: list[str], clone: Path, victim: Path, state: Path
) -> None:
    planted(clone, (victim, "papers"))
    before = contents(clone / "index_data")
    done = inside("index", *more, cwd=clone)
    assert done.status == 2
    assert f"{victim} (outside {clone})" in done.err
    assert "nothing was read or changed" in done.err
    assert "sou index --yes" in done.err
    assert contents(clone / "index_data") == before
    assert not state.exists()
    assert inside("秘密", "-c", cwd=clone).out == "0\n"


def test_not_even_an_outdated_index_has_it_read(clone: Path, victim: Path) -> None:
    planted(clone, (victim, "papers"))
    change_state(clone / "index_data", lambda data: data["analysis"].update(fold=92))
    assert inside("index", cwd=clone).status == 2
    assert inside("index", "papers", cwd=clone).status == 2  # all is rebuilt: the rest too


def test_a_yes_is_remembered_outside_of_the_index(clone: Path, victim: Path, state: Path) -> None:
    planted(clone, (victim, "papers"))
    done = inside("index", "--yes", cwd=clone)
    assert done.status == 0
    assert f"Papers from {victim}" in done.err
    assert inside("秘密", "-c", cwd=clone).out == "1\n"
    again = inside("index", cwd=clone)  # every week
    assert again.status == 0
    assert f"Papers from {victim}" in again.err
    data = json.loads(state.read_text("utf-8"))
    assert data["indexes"] == {str(clone / "index_data"): [str(victim)]}
    other = clone.with_name("other")
    clone.rename(other)  # another index, of which nothing is known
    assert inside("index", cwd=other).status == 2


def test_what_was_named_once_is_not_asked_about(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "archive").mkdir()
    for _ in range(2):
        assert inside("index", str(victim), cwd=tmp_path / "archive").status == 0
    for more in ([], ["--dry-run"], ["--rebuild"], ["--rebuild", "../victim/diary.txt"]):
        done = inside("index", *more, cwd=tmp_path / "archive")
        assert done.status == 0, done.err
    (tmp_path / "archive" / "more").mkdir()
    link = tmp_path / "archive" / "linked"
    link.symlink_to(victim)  # a link that the user names leads where it leads
    done = inside("index", "linked", cwd=tmp_path / "archive")
    assert done.status == 0
    assert f"Papers from {victim}" in done.err


def test_a_dry_run_remembers_nothing(tmp_path: Path, victim: Path, state: Path) -> None:
    assert inside("index", str(victim), "--dry-run", cwd=tmp_path).status == 0
    assert not state.exists()
    assert not (tmp_path / "index_data").exists()


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yesterday\n", "nein, y\n"])
def test_a_no_reads_nothing(
    answer: str, clone: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(clone, (victim, "papers"))
    before = contents(clone / "index_data")
    done = asked(answer, "index", cwd=clone, monkeypatch=monkeypatch)
    assert done.status == 2
    assert f"Read {victim} into {clone / 'index_data'}? [y/N]" in done.err
    assert contents(clone / "index_data") == before


@pytest.mark.parametrize("answer", ["y\n", "Yes\n"])
def test_a_yes_on_a_terminal_reads(
    answer: str, clone: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(clone, (victim, "papers"))
    assert asked(answer, "index", cwd=clone, monkeypatch=monkeypatch).status == 0
    assert asked("", "index", cwd=clone, monkeypatch=monkeypatch).status == 0
    assert inside("秘密", "-c", cwd=clone).out == "1\n"


def test_all_that_was_not_named_is_asked_about_at_once(
    clone: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = victim.with_name("two")
    two.mkdir()
    planted(clone, (victim, "papers"), (two, "two"), (clone / "papers", "p"))
    done = asked("n\n", "index", cwd=clone, monkeypatch=monkeypatch)
    assert done.err.count("[y/N]") == 1
    assert f"Not among what you named for this index: {victim} " in done.err
    assert f"Not among what you named for this index: {two} " in done.err
    assert f"Not among what you named for this index: {clone}" not in done.err


def test_what_lies_beside_the_index_needs_no_naming(clone: Path) -> None:
    done = inside("index", cwd=clone)
    assert done.status == 0
    assert f"Papers from {clone / 'papers'}" in done.err


@pytest.mark.parametrize("hidden", [".ssh", ".git/papers"])
def test_what_is_hidden_beside_the_index_does(hidden: str, clone: Path) -> None:
    (clone / hidden).mkdir(parents=True)
    (clone / hidden / "a.txt").write_text(SECRET, "utf-8")
    planted(clone, (clone / hidden, "papers"))
    assert inside("index", cwd=clone).status == 2


def test_beside_is_where_it_really_is(clone: Path, victim: Path) -> None:
    (clone / "papers").rename(clone / "away")
    (clone / "papers").symlink_to(victim)
    assert inside("index", cwd=clone).status == 2
    (clone / "corpus").symlink_to(victim)
    done = inside("index", cwd=clone)
    assert done.status == 2
    assert str(victim) in done.err


def test_a_name_that_only_begins_like_the_folder_lies_outside(clone: Path) -> None:
    near = clone.with_name(f"{clone.name}-private")
    near.mkdir()
    (near / "a.txt").write_text(SECRET, "utf-8")
    planted(clone, (near, "papers"))
    assert inside("index", cwd=clone).status == 2


CLIMBING = ["..", "../victim", "papers/../../victim", "./../victim", "/tmp/../etc"]
CROOKED = ["", "./papers", "papers/", "papers//x", "//etc/", "/a\0b", "a\0b", "/\ud800"]


@pytest.mark.parametrize("root", [*CLIMBING, *CROOKED])
def test_a_source_that_climbs_out_or_is_no_path_is_damage(root: str, clone: Path) -> None:
    planted(clone, (root, "papers"))
    done = inside("index", cwd=clone)
    assert done.status == 3
    assert "damaged" in done.err
    assert inside("index", "--rebuild", "papers", cwd=clone).status == 0


@pytest.mark.parametrize("root", ["papers", ".", "~"])
def test_a_relative_source_lies_beside_the_index(root: str, clone: Path) -> None:
    (clone / "~").mkdir()
    (clone / "~" / "b.txt").write_text("青岚\n\n本报讯(记者 俞白)青岚的旧闻。\n", "utf-8")
    planted(clone, (root, root))
    done = inside("index", cwd=clone)
    assert f"Papers from {os.path.normpath(clone / root)}\n" in done.err


def test_a_relative_source_may_be_a_link_but_not_lead_out_unasked(
    clone: Path, victim: Path
) -> None:
    (clone / "out").symlink_to(victim)
    for root in ("out", "out/diary.txt"):
        planted(clone, (root, "papers"))
        done = inside("index", cwd=clone)
        assert done.status == 2
        assert f"{victim}" in done.err
        assert inside("秘密", "-c", cwd=clone).out == "0\n"


def test_files_of_an_index_climb_nowhere(clone: Path) -> None:
    index = clone / "index_data"
    file = index / "g1" / "files.1.json"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"papers/a.txt":', '"papers/../../victim/a.txt":'), "utf-8")
    reseal(index)
    assert inside("index", cwd=clone).status == 0
    assert '"papers/a.txt":' in (index / "g1" / "files.2.json").read_text("utf-8")


def test_names_from_an_index_act_on_no_terminal(clone: Path, tmp_path: Path) -> None:
    bad = tmp_path / "a\n\x1b]52;c;aGk=\x07\u202e"
    bad.mkdir()
    (bad / "a.txt").write_text(SECRET, "utf-8")
    planted(clone, (bad, "p\x1b[2J"))
    for more in ([], ["--yes"]):
        done = inside("index", *more, cwd=clone)
        assert not set(done.err) & {"\x1b", "\x07", "\u202e"}
        assert "\n\u241b]52" not in done.err


PLANTED_TOML = [
    'corpus = ["{victim}"]',
    'corpus = ["corpus", "../victim"]',
    'corpus = "linked"',
    'corpus = "corpus"\nindex = "{victim}/idx"',
    'corpus = "corpus"\nindex = "linked/idx"',
    'words = "{victim}/diary.txt"',
]


@pytest.mark.parametrize("line", PLANTED_TOML)
def test_nothing_outside_of_the_project_is_read_or_written_by_itself(
    line: str, tmp_path: Path, victim: Path
) -> None:
    project = tmp_path / "project"
    (project / "corpus").mkdir(parents=True)
    (project / "corpus" / "a.txt").write_text(SECRET, "utf-8")
    (project / "linked").symlink_to(victim)
    (project / "sou.toml").write_text(line.format(victim=victim), "utf-8")
    done = inside("望澜桥", cwd=project)
    assert (done.status, done.out) == (3, "")
    assert "none is built automatically" in done.err
    assert str(victim) in done.err
    assert "sou index FOLDER" in done.err
    assert sorted(path.name for path in project.iterdir()) == ["corpus", "linked", "sou.toml"]
    assert [path.name for path in victim.iterdir()] == ["diary.txt"]
    if not line.startswith("words"):
        by_hand = inside("index", cwd=project)
        assert by_hand.status == 2, by_hand.err
        assert sorted(path.name for path in project.iterdir()) == ["corpus", "linked", "sou.toml"]
        assert inside("index", "--yes", cwd=project).status == 0
        assert inside("index", cwd=project).status == 0


def test_a_project_builds_by_itself_from_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "deep" / "papers").mkdir(parents=True)
    (tmp_path / "deep" / "papers" / "a.txt").write_text(SECRET, "utf-8")
    (tmp_path / "sou.toml").write_text('index = "deep/idx"\ncorpus = ["deep/papers"]', "utf-8")
    assert inside("望澜桥", "-c", cwd=tmp_path / "deep").out == "1\n"


def test_a_search_remembers_nothing(tmp_path: Path, state: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(SECRET, "utf-8")
    assert inside("望澜桥", "-c", cwd=tmp_path).out == "1\n"
    assert not state.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"indexes": {"INDEX": ["ROOT"]}',
        "[]",
        "3",
        '{"indexes": []}',
        '{"indexes": {"INDEX": "ROOT"}}',
        '{"indexes": {"INDEX": [1, "ROOT"]}}',
        '{"indexes": {"INDEX": {"ROOT": 1}, "x": null}}',
        "[" * 100_000,
        '{"indexes": {"INDEX": ["ROOT"]}' + " " * (5 << 20) + "}",
    ],
)
def test_a_memory_that_is_damaged_is_no_memory(
    text: str, clone: Path, victim: Path, state: Path
) -> None:
    planted(clone, (victim, "papers"))
    state.parent.mkdir(parents=True, exist_ok=True)
    text = text.replace("INDEX", str(clone / "index_data")).replace("ROOT", str(victim))
    state.write_text(text, "utf-8")
    assert inside("index", cwd=clone).status == 2
    assert inside("index", "--yes", cwd=clone).status == 0
    assert inside("index", cwd=clone).status == 0


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners here")
@pytest.mark.parametrize("spoil", ["group", "world", "link", "pipe", "owner"])
def test_a_memory_that_others_can_write_is_no_memory(
    spoil: str, clone: Path, victim: Path, state: Path
) -> None:
    planted(clone, (victim, "papers"))
    assert inside("index", "--yes", cwd=clone).status == 0
    if spoil in {"group", "world"}:
        state.chmod(0o620 if spoil == "group" else 0o602)
    elif spoil == "link":
        state.rename(state.with_name("other"))
        state.symlink_to("other")
    elif spoil == "pipe":
        state.unlink()
        os.mkfifo(state)
    elif os.geteuid() == 0:
        os.chown(state, 65534, -1)
    else:
        pytest.skip("only root can give files away")
    assert inside("index", cwd=clone).status == 2


def test_the_memory_is_bounded_and_forgets_the_oldest(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_papers, "MOST_INDEXES", 3)
    for index in "abcadb":
        named_papers.remember(f"/{index}", ["/x", "/\udcff"])
    assert list(json.loads(state.read_text("utf-8"))["indexes"]) == ["/b", "/c", "/d"]
    assert named_papers.remembered("/b") == ["/x", "/\udcff"]
    assert named_papers.remembered("/a") is None


def test_a_memory_that_cannot_be_written_is_a_note(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = clone / "file"
    blocked.write_text("", "utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    done = inside("index", "papers", cwd=clone)
    assert done.status == 0
    assert "could not be remembered" in done.err


def test_what_lies_beside_an_index_in_the_home_folder_is_not_of_its_project(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Documents").mkdir()
    (tmp_path / "Documents" / "diary.txt").write_text(SECRET, "utf-8")
    (clone / "index_data").rename(tmp_path / "archive")
    change_state(
        tmp_path / "archive",
        lambda data: data.update(sources=[{"root": "Documents", "shown": "papers"}]),
    )
    done = inside("index", "--index", "archive", cwd=tmp_path)
    assert done.status == 2
    assert (
        f"{tmp_path / 'Documents'} (beside the index, but so is everything in your home folder)"
        in done.err
    )
    done = inside("望澜桥", "--index", "archive", cwd=tmp_path)
    assert (done.status, done.out) == (1, "")


def test_a_corpus_in_the_home_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(SECRET, "utf-8")
    assert inside("望澜桥", "-c", cwd=tmp_path).out == "1\n"
    assert inside("index", cwd=tmp_path).status == 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)
def test_what_was_named_was_not_named_for_an_index_that_another_user_put_there(
    clone: Path, victim: Path
) -> None:
    assert inside("index", str(victim), "--index", "index_data", cwd=clone).status == 0
    os.chown(clone / "index_data", 12345, 12345)
    (victim / "more.txt").write_text(SECRET.replace("秘密", "消息"), "utf-8")
    done = inside("index", "--index", "index_data", cwd=clone)
    assert (done.status, "not among what you named" in done.err) == (2, True)
