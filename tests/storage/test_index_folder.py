"""The index folder: what it says of itself, what is believed of that, and what is left over."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.model.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnwritable,
    RequestError,
    SouError,
)
from search.storage.commit import (
    PROTOCOL,
    clear_all,
    clear_fresh,
    glance,
    is_unfinished,
    leftovers,
    lists_of_papers,
    was_index,
)
from search.storage.index_folder import IndexFolder
from search.storage.state import Source, State, analysis
from tests.cli.running import inside
from tests.sealing import change_state, parts, put_state

SEGMENT = "MAIN_0123456789abcdef0123.sou"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with two papers and their index, of the second change."""
    for name in ("甲", "乙"):
        (tmp_path / "corpus").mkdir(exist_ok=True)
        text = f"望澜桥{name}\n\n本报讯(记者 俞白)望澜桥{name}。\n"
        (tmp_path / "corpus" / f"{name}.txt").write_text(text, "utf-8")
        assert inside("index", "corpus", cwd=tmp_path).status == 0
    return tmp_path


def folder(town: Path, **more: bool) -> IndexFolder:
    return IndexFolder(town / "index_data", **more)


# What sou.json says.


def test_what_an_index_says_of_itself(town: Path) -> None:
    state = folder(town).state()
    assert state.generation == "g1"
    assert state.analysis == analysis() | {"words": 0}
    assert set(analysis()) == {"fold", "segment", "schema"}
    assert state.sources == (Source(os.path.realpath(town / "corpus"), "corpus"),)
    assert state.change == 2
    assert state.updated[10] == "T"
    assert state.updated.endswith("+00:00")
    _, segments, files = parts(town / "index_data")
    assert state.segments.size == segments.stat().st_size
    assert state.files.size == files.stat().st_size
    assert sorted(folder(town).files(state)) == [
        os.path.realpath(town / "corpus" / f"{name}.txt") for name in sorted("甲乙")
    ]
    text = json.loads((town / "index_data" / "sou.json").read_text("utf-8"))
    assert text["schema"] == "sou.index/1"
    assert text["sources"] == [{"root": "corpus", "shown": "corpus"}]


def test_an_index_moves_with_what_lies_beside_it(town: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("corpus", "index_data"):
        shutil.move(town / name, tmp_path / "new" / name)
    moved = folder(tmp_path / "new")
    assert moved.state().sources[0].root == os.path.realpath(tmp_path / "new" / "corpus")
    assert all("/new/" in path for path in moved.files(moved.state()))
    # The folder around the index may be a source itself, and one elsewhere is absolute.
    change_state(
        tmp_path / "new" / "index_data",
        lambda data: data.update(
            sources=[{"root": ".", "shown": "x"}, {"root": "/else/where", "shown": "y"}]
        ),
    )
    assert [source.root for source in moved.state().sources] == [
        os.path.realpath(tmp_path / "new"),
        "/else/where",
    ]


Spoil = Callable[[dict[str, Any]], object]
WRONG: dict[str, Spoil] = {
    **{
        f"without {name}": lambda data, name=name: data.pop(name)
        for name in ("schema", "generation", "analysis", "sources", "updated", "change")
    },
    "no schema": lambda data: data.update(schema=3),
    "a schema of another family": lambda data: data.update(schema="sox.index/1"),
    "a schema of nearly the family": lambda data: data.update(schema="sou.indexx/1"),
    "a schema that a terminal obeys": lambda data: data.update(schema="sou.index/\x1b"),
    "a generation of another name": lambda data: data.update(generation="h1"),
    "a generation elsewhere": lambda data: data.update(generation="../g1"),
    "a generation that is a number": lambda data: data.update(generation=1),
    "sources that are none": lambda data: data.update(sources={"root": "corpus"}),
    "a source that is none": lambda data: data.update(sources=["corpus"]),
    "a source without a root": lambda data: data["sources"][0].pop("root"),
    "a source without a name": lambda data: data["sources"][0].update(shown=""),
    "a source whose name is none": lambda data: data["sources"][0].update(shown="\ud800"),
    "a source that no file system has": lambda data: data["sources"][0].update(root="\ud800"),
    "a source with a NUL": lambda data: data["sources"][0].update(root="a\0b"),
    "a source above": lambda data: data["sources"][0].update(root="../corpus"),
    "a source that is not spelled out": lambda data: data["sources"][0].update(root="./corpus"),
    "a source by way of another": lambda data: data["sources"][0].update(root="a/../corpus"),
    "a time that is none": lambda data: data.update(updated="yesterday"),
    "a time without a zone": lambda data: data.update(updated="2024-05-01T10:00:00"),
    "a time with more": lambda data: data.update(updated="2024-05-01T10:00:00+00:00x"),
    "an analysis that is none": lambda data: data.update(analysis=[1]),
    "a version that is none": lambda data: data["analysis"].update(fold="2"),
    "a version below zero": lambda data: data["analysis"].update(fold=-1),
    "a version of no name": lambda data: data["analysis"].update({"a b": 1}),
    "a version of a foreign name": lambda data: data["analysis"].update({"折": 1}),
    "a version of a long name": lambda data: data["analysis"].update({"x" * 40: 1}),
    "a change that is none": lambda data: data.update(change="2"),
    "a change that is true": lambda data: data.update(change=True),
    "change 0": lambda data: data.update(change=0),
    "a change beyond all": lambda data: data.update(change=1 << 53),
    "no stamp of the segments": lambda data: data.update(segments=[1]),
    "no stamp of the papers": lambda data: data.update(files=[1, -1]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_sou_json_may_not_say(what: str, town: Path) -> None:
    change_state(town / "index_data", WRONG[what])
    with pytest.raises(IndexDamaged, match=r"sou\.json") as caught:
        folder(town).state()
    assert "sou index --rebuild FOLDER" in caught.value.hint


FITS: dict[str, Spoil] = {
    "the last change but one": lambda data: data.update(change=(1 << 53) - 1),
    "the first": lambda data: data.update(change=1),
    "a version of a name that is long": lambda data: data["analysis"].update({"x" * 39: 0}),
    "a source of any name": lambda data: data["sources"][0].update(root="..a/b..", shown="\x7f"),
    "no sources": lambda data: data.update(sources=[]),
    "what a later version may add": lambda data: data.update(more=[1]),
}


@pytest.mark.parametrize("what", FITS)
def test_what_sou_json_may_say(what: str, town: Path) -> None:
    change_state(town / "index_data", FITS[what])
    assert isinstance(folder(town).state(), State)


def test_whoever_changes_sou_json_without_its_checksum_is_noticed(town: Path) -> None:
    path = town / "index_data" / "sou.json"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('"generation": "g1"', '"generation": "g2"'), "utf-8")
    with pytest.raises(IndexDamaged, match="does not match its checksum"):
        folder(town).state()
    path.write_text(whole[: whole.rindex(', "crc"')] + "}", "utf-8")
    with pytest.raises(IndexDamaged, match="lacks its checksum"):
        folder(town).state()
    for text in ("", "[]", "{", "null"):
        path.write_text(text, "utf-8")
        with pytest.raises(IndexDamaged):
            folder(town).state()


def test_an_index_of_another_version_is_brought_up_to_date(town: Path) -> None:
    for name in analysis():
        change_state(
            town / "index_data", lambda data, name=name: data["analysis"].update({name: 99})
        )
        with pytest.raises(IndexOutdated, match=rf"another version of sou \({name} changed\)"):
            folder(town).current_state()
        known = folder(town).state()
        assert known.sources[0].shown == "corpus"
        assert (known.change == 0) == (name == "schema")  # of another schema, lists are not read
        change_state(
            town / "index_data",
            lambda data, name=name: data["analysis"].update({name: analysis()[name]}),
        )
    assert folder(town).current_state().change == 2
    # Without its checksum too, where it is of a schema that had none.
    data = json.loads((town / "index_data" / "sou.json").read_text("utf-8"))
    data["analysis"]["schema"] = 1
    (town / "index_data" / "sou.json").write_text(
        json.dumps({k: v for k, v in data.items() if k != "crc"})
    )
    with pytest.raises(IndexOutdated):
        folder(town).current_state()


def test_an_index_of_another_format_is_named(town: Path) -> None:
    for name in ("sou.index/2", "sou.index/" + "9" * 50):
        change_state(town / "index_data", lambda data, name=name: data.update(schema=name))
        with pytest.raises(IndexOutdated, match="of another format") as caught:
            folder(town).state()
        assert f"({name[:40]})" in caught.value.message


def test_where_there_is_no_index(tmp_path: Path, town: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("nowhere", "nowhere/deeper", "file", "corpus"):
        with pytest.raises(IndexMissing, match="there is no index in"):
            IndexFolder(tmp_path / name).state()
    with pytest.raises(IndexMissing) as caught:
        IndexFolder(tmp_path / ("x" * 300)).state()
    assert caught.value.hint == "give a shorter name"
    (town / "index_data" / "sou.json").unlink()
    with pytest.raises(IndexDamaged, match="no longer exists"):
        folder(town).state()


def test_a_link_is_followed_only_where_it_was_named(town: Path) -> None:
    (town / "link").symlink_to("index_data")
    assert IndexFolder(town / "link").state().change == 2
    with pytest.raises(RequestError, match="is a link, which is not followed") as caught:
        IndexFolder(town / "link", named=False).state()
    assert "--index" in caught.value.hint
    assert folder(town, named=False).state().change == 2


def test_a_generation_is_a_folder(town: Path) -> None:
    state = folder(town).state()
    shutil.move(town / "index_data" / "g1", town / "aside")
    with pytest.raises(IndexDamaged, match="g1 is not there"):
        folder(town).generation(state)
    (town / "index_data" / "g1").symlink_to(town / "aside")
    with pytest.raises(IndexDamaged, match="g1 is not a folder"):
        folder(town).generation(state)
    (town / "index_data" / "g1").unlink()
    shutil.move(town / "aside", town / "index_data" / "g1")
    generation = folder(town).generation(state)
    assert generation == Path(os.path.realpath(town)) / "index_data" / "g1"
    assert folder(town).size(state) == sum(p.stat().st_size for p in generation.iterdir())
    (generation / "more").mkdir()
    (generation / "link").symlink_to(town / "corpus" / "甲.txt")
    assert folder(town).size(state) == sum(
        p.stat().st_size for p in generation.iterdir() if p.is_file() and not p.is_symlink()
    )


def test_the_list_of_papers_is_that_which_was_written(town: Path) -> None:
    state = folder(town).state()
    _, _, path = parts(town / "index_data")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"corpus", b"corpuS"))
    with pytest.raises(IndexDamaged, match=r"files\.2\.json: it does not match") as caught:
        folder(town).files(state)
    assert "reads all papers again" in caught.value.hint
    assert len(folder(town).last_files()) == 2  # good for asking
    path.unlink()
    with pytest.raises(IndexDamaged, match=r"files\.2\.json: No such file"):
        folder(town).files(state)
    assert folder(town).last_files() == {}


def test_of_several_lists_the_newest_that_can_be_read(town: Path) -> None:
    _, _, path = parts(town / "index_data")
    data = json.loads(path.read_bytes())
    for number in (1, 9, 10):
        name = next(iter(data))
        text = ",".join(
            f"\n{json.dumps(f'{n}-{name}')}: {json.dumps(data[name])}" for n in range(number)
        )
        path.with_name(f"files.{number}.json").write_text("{" + text + "\n}\n")
    assert [p.name for p in lists_of_papers(town / "index_data")] == [
        f"files.{n}.json" for n in (10, 9, 2, 1)
    ]
    assert len(folder(town).last_files()) == 10
    path.with_name("files.10.json").write_text("{")
    found = folder(town).last_files()
    assert len(found) == 9
    assert all(key.startswith(os.path.realpath(town)) for key in found)


def test_damage_is_damage_only_where_nobody_changed_the_index_meanwhile(town: Path) -> None:
    asked: list[int] = []

    def read(state: State) -> str:
        asked.append(state.change)
        if len(asked) < 3:
            change_state(town / "index_data", lambda data: data.update(change=data["change"] + 1))
            raise IndexDamaged("gone")
        if state.change < 5:
            raise IndexDamaged("still")
        return "read"

    with pytest.raises(IndexDamaged, match="still"):
        folder(town).current(read)
    assert asked == [2, 3, 4]
    asked[:] = [0, 0, 0]
    change_state(town / "index_data", lambda data: data.update(change=5))
    assert folder(town).current(read) == "read"


# Writing.


def test_generations_are_numbered(tmp_path: Path) -> None:
    place = tmp_path / "index"
    place.mkdir()
    index = IndexFolder(place)
    assert [index.new_generation(), index.new_generation("g1"), index.new_generation()] == [
        "g1",
        "g2",
        "g3",
    ]
    assert index.new_generation(f"g{10**18 - 1}") == "g4"  # it begins again
    index.drop_generation("g4")
    index.drop_generation("g2")
    assert not (place / "g2").exists()
    assert index.new_generation("g1") == "g2"


def test_a_folder_of_an_index_is_private_and_goes_with_what_came_to_nothing(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b" / "index"
    with IndexFolder(place).lock() as remark:
        assert not remark
        assert place.is_dir()
        for made in (place, place.parent, place.parent.parent):
            assert made.stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "a").exists()
    (tmp_path / "a").mkdir()
    with IndexFolder(place).lock():
        pass
    assert [*tmp_path.iterdir()] == [tmp_path / "a"]
    assert not [*(tmp_path / "a").iterdir()]


def test_no_index_is_made_among_other_things(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / ".hidden").touch()
    with IndexFolder(place).lock():
        pass
    (place / "notes").touch()
    for more in ("", " and 1 more"):
        with pytest.raises(RequestError) as caught, IndexFolder(place).lock():
            pass
        assert caught.value.message.endswith(f"it holds {'letters' if more else 'notes'}{more}")
        (place / "letters").touch()
    (place / "sou.json").touch()
    with IndexFolder(place).lock():
        pass


def test_what_stands_is_said(town: Path, tmp_path: Path) -> None:
    assert folder(town).standing() == "the old index still answers"
    assert IndexFolder(tmp_path / "nowhere").standing() == "no index was made"
    (town / "index_data" / "sou.json").write_text("")
    assert folder(town).standing() == "what was there before is unchanged"
    with pytest.raises(IndexUnwritable) as caught, folder(town).lock():
        raise OSError(28, "No space left on device", str(town / "index_data" / "x"))
    assert "cannot be written: x: No space left on device" in caught.value.message
    assert caught.value.hint.startswith("what was there before is unchanged; free some disk space")
    with pytest.raises(IndexUnwritable) as caught, folder(town).lock():
        raise OSError(40, "a link")
    assert "; move it away, or choose another" in caught.value.hint


def test_a_writer_that_another_overtook_is_told(town: Path) -> None:
    index = folder(town)
    state = index.state()
    with index.lock():
        writer = index.writer("g1", state)
        change_state(town / "index_data", lambda data: data.update(change=7))
        new = State("g1", analysis(), (), state.updated, 3)
        with pytest.raises(IndexBusy, match="was replaced meanwhile"):
            index.commit(new, {}, writer)
    assert folder(town).state().change == 7
    assert not [*(town / "index_data" / "g1").glob("*.3.json")]


def test_a_list_that_is_there_already_is_anothers(town: Path) -> None:
    index = folder(town)
    state = index.state()
    new = State("g1", analysis(), (), state.updated, 3)
    for name in ("files.3.json", "segments.3.json"):
        with index.lock():
            writer = index.writer("g1", state)
            (town / "index_data" / "g1" / name).write_text("theirs")
            with pytest.raises(IndexBusy, match=f"{name} is there already") as caught:
                index.commit(new, {}, writer)
            assert "run sou index again" in caught.value.hint
            assert index.made() is False
        assert (town / "index_data" / "g1" / name).read_text() == "theirs"
        (town / "index_data" / "g1" / name).unlink()
        assert not [*(town / "index_data" / "g1").glob("*.3.json")]
    assert folder(town).state() == state


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO, errno.EACCES])
def test_why_sou_json_cannot_be_read(
    number: int, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("search.storage.index_folder.read_regular", fail)
    with pytest.raises(SouError) as caught:
        folder(town).state()
    assert os.strerror(number)[1:] in caught.value.message
    # Want of descriptors is no damage, and what may not be read may be sound.
    assert ("is damaged" in caught.value.message) == (number == errno.EIO)
    assert ("rebuild" in caught.value.hint) == (number == errno.EIO)
    assert glance(town / "nowhere") == b""


PRIVATE = [
    # The folder, a paper and the folder of the papers, and what the index becomes.
    (0o755, 0o644, 0o755, 0o755),
    (0o755, 0o600, 0o755, 0o700),
    (0o755, 0o644, 0o700, 0o700),
    (0o750, 0o640, 0o755, 0o750),
    (0o755, 0o640, 0o755, 0o750),
    (0o2775, 0o600, 0o755, 0o2700),
    (0o700, 0o644, 0o755, 0o700),
]


@pytest.fixture
def open_above(town: Path) -> Iterator[None]:
    """Let everybody into the folders of the tests, into which pytest lets its user alone."""
    # Those that pytest made: as many as it takes, one more for each process of xdist.
    closed = [path for path in (town, *town.parents) if not path.stat().st_mode & 0o005]
    modes = {path: path.stat().st_mode for path in closed}
    for path in modes:
        path.chmod(0o755)
    yield
    for path, mode in modes.items():
        path.chmod(mode)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.usefixtures("open_above")
@pytest.mark.parametrize(("index", "paper", "papers", "after"), PRIVATE)
def test_an_index_is_as_private_as_its_papers(
    index: int, paper: int, papers: int, after: int, town: Path
) -> None:
    path = town / "corpus" / "甲.txt"
    path.chmod(paper)
    (town / "corpus").chmod(papers)
    place = town / "index_data"
    place.chmod(index)
    closed = folder(town).keep_private([str(path)], [])
    assert place.stat().st_mode & 0o7777 == after
    assert closed == (index != after)
    # What the user has opened though papers were private stays open.
    place.chmod(index)
    assert folder(town).keep_private([str(path)], [str(path)]) is False
    assert place.stat().st_mode & 0o7777 == index


# What is left over.


def test_what_has_a_name_of_ours_and_is_named_by_nothing(town: Path) -> None:
    index = town / "index_data"
    names = frozenset(path.name for path in (index / "g1").iterdir())
    kept = set(index.rglob("*"))
    left = [
        *("g1/files.1.json", "g1/segments.1.json", "g1/files.77.json", f"g1/{SEGMENT}"),
        *("g1/files.json", ".sou.json.0123456789abcdef.new"),
    ]
    others = ["g1/notes.txt", "g1/files.x.json", "g1/files.01.json", "notes.new", "g1/MAIN_x.sou"]
    for name in [*left, *others]:
        (index / name).touch()
    (index / "g2").mkdir()
    (index / "g3").touch()
    (index / "g4").symlink_to("g1")
    (index / "h1").mkdir()
    found = {
        os.path.relpath(path, index)
        for path in leftovers(Path(os.path.realpath(index)), "g1", 2, names)
    }
    assert found == {*left, "g2"}
    assert kept <= {*index.rglob("*")}


def test_a_first_build_that_was_cut_off_is_known(tmp_path: Path) -> None:
    place = tmp_path / "index"
    (place / "g1").mkdir(parents=True)
    for name in (
        "write.lock",
        "writer.json",
        f"g1/{SEGMENT}",
        "g1/files.1.json",
        "g1/segments.1.json",
    ):
        (place / name).touch()
        assert is_unfinished(place), name
        assert not was_index(place), name
    (place / "g1" / "files.2.json").touch()
    assert was_index(place)
    (place / "g1" / "files.2.json").rename(place / "g1" / "notes")
    assert not is_unfinished(place)
    (place / "g1" / "notes").unlink()
    (place / "notes").touch()
    assert not is_unfinished(place)
    (place / "notes").unlink()
    assert is_unfinished(place)
    (place / "g1" / "_MAIN_1.toc").touch()
    assert was_index(place)


def test_all_that_is_ours_goes_where_there_is_no_index(tmp_path: Path) -> None:
    place = tmp_path / "index"
    for name in ("g1/x", "g22/y", "h1/z"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).touch()
    (place / "write.lock").touch()
    clear_fresh(place)
    assert {p.name for p in place.iterdir()} == {"g1", "g22", "h1", "write.lock"}
    clear_all(place)
    assert {p.name for p in place.iterdir()} == {"h1", "write.lock"}


def test_a_glance_at_sou_json(town: Path) -> None:
    path = town / "index_data" / "sou.json"
    assert glance(path) == path.read_bytes()
    assert glance(town / "nowhere") == b""
    assert glance(town) is None


def test_tidying_takes_what_a_crash_left(town: Path) -> None:
    index = folder(town)
    stray = town / "index_data" / "g1" / "files.1.json"
    stray.touch()
    assert index.tidy(index.state()) is True
    assert not stray.exists()
    (town / "index_data" / "g2").mkdir()
    assert index.tidy(None) is True  # there is a sou.json: nothing of a generation goes
    assert (town / "index_data" / "g2").exists()
    table = next((town / "index_data" / "g1").glob("_MAIN_*.toc"))
    table.unlink()
    assert index.tidy(index.state()) is False
    (town / "index_data" / "sou.json").unlink()
    shutil.rmtree(town / "index_data" / "g1")
    assert index.tidy(None) is True
    assert not (town / "index_data" / "g2").exists()


def test_a_commit_does_all_its_steps_in_order(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.storage.commit import Commit

    done: list[str] = []
    for step in PROTOCOL:
        whole = getattr(Commit, step)
        monkeypatch.setattr(
            Commit, step, lambda self, step=step, whole=whole: (done.append(step), whole(self))
        )
    (town / "corpus" / "丙.txt").write_text("望澜桥\n\n望澜桥丙。\n", "utf-8")
    assert inside("index", cwd=town).status == 0
    assert tuple(done) == PROTOCOL
    assert folder(town).state().change == 3


def test_put_state_is_read_again(town: Path) -> None:
    data = json.loads((town / "index_data" / "sou.json").read_bytes())
    put_state(town / "index_data", data)
    assert folder(town).state().change == 2
