"""The cache folder: nothing in it is loaded that somebody else may have put there."""

from __future__ import annotations

import marshal
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.analysis import jieba_dictionary, segment
from search.analysis.jieba_dictionary import FORMAT, compile_lexicon, lexicon_path, open_lexicon
from tests.cli.running import sou

pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners and modes are of POSIX")

NAME = f"lexicon-{FORMAT}.bin"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("compiled") / NAME
    compile_lexicon(target)
    return target


@pytest.fixture
def home(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of our own with the compiled dictionary in it."""
    base = tmp_path / "cache"
    (base / "sou").mkdir(parents=True, mode=0o700)
    shutil.copy(compiled, base / "sou" / NAME)
    monkeypatch.setenv("XDG_CACHE_HOME", str(base))
    segment._cutter.cache_clear()
    yield base / "sou"
    segment._cutter.cache_clear()


def others_may_write(folder: Path) -> None:
    folder.chmod(0o702)


def group_may_write(folder: Path) -> None:
    folder.chmod(0o720)


def is_a_link(folder: Path) -> None:
    folder.rename(folder.with_name("real"))
    folder.symlink_to("real")


def is_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


def is_anothers(folder: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give a folder away")
    os.chown(folder, 12345, -1)


FOLDERS = [others_may_write, group_may_write, is_a_link, is_a_file, is_anothers]


@pytest.mark.parametrize("spoil", FOLDERS)
def test_a_folder_that_others_may_have_prepared_is_not_used(
    home: Path, spoil: Callable[[Path], None]
) -> None:
    assert open_lexicon() is not None
    spoil(home)
    assert lexicon_path() is None
    assert open_lexicon() is None


def file_others_may_write(file: Path) -> None:
    file.chmod(0o602)


def file_group_may_write(file: Path) -> None:
    file.chmod(0o660)


def file_is_a_link(file: Path) -> None:
    file.rename(file.with_name("real"))
    file.symlink_to("real")


def file_is_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def file_is_anothers(file: Path) -> None:
    is_anothers(file)


FILES = [
    *(file_others_may_write, file_group_may_write),
    *(file_is_a_link, file_is_a_pipe, file_is_anothers),
]


@pytest.mark.parametrize("spoil", FILES)
def test_a_file_that_others_may_have_put_there_is_made_again(
    home: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(home / NAME)
    assert open_lexicon() is None
    assert segment.segment("网格化服务") == ["网格", "网格化", "服务"]
    status = (home / NAME).lstat()
    assert (status.st_mode & 0o7777, status.st_uid) == (0o600, os.geteuid())
    assert open_lexicon() is not None


def test_a_damaged_dictionary_is_made_again(home: Path, compiled: Path) -> None:
    """Any byte of a part that is needed, also after the file was opened."""
    whole = compiled.read_bytes()
    at = whole.index("网格化".encode())
    damaged = bytearray(whole)
    damaged[at] ^= 1
    (home / NAME).write_bytes(damaged)
    found = open_lexicon()
    assert found is not None
    assert found.cut("龘龘") == ["龘", "龘"]  # what is not needed is not looked at
    with pytest.raises(jieba_dictionary.DamagedLexicon):
        found.cut("网格化")
    assert segment.cut("网格化服务") == ["网格化", "服务"]
    assert (home / NAME).read_bytes() == whole


def test_where_it_stays_damaged_jieba_is_asked(
    home: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = bytearray(compiled.read_bytes())
    damaged[damaged.index("网格化".encode())] ^= 1

    def compile_badly(target: Path) -> None:
        target.write_bytes(damaged)
        target.chmod(0o600)

    compile_badly(home / NAME)
    monkeypatch.setattr(jieba_dictionary, "compile_lexicon", compile_badly)
    assert segment.cut("网格化服务") == ["网格化", "服务"]


def test_a_planted_cache_of_jieba_is_not_loaded(home: Path, tmp_path: Path) -> None:
    """jieba reads its cache with `marshal`; ours are not read, wherever they stand."""
    planted = marshal.dumps(({"网": 0, "网格化服": 10**9}, 10**9))
    (home / NAME).unlink()
    others_may_write(home)  # so that jieba itself is loaded
    for place in (home, tmp_path):
        (place / "jieba.cache").write_bytes(planted)
    done = sou(
        *("analyze", "网格化服务"),
        cwd=tmp_path,
        env={"XDG_CACHE_HOME": str(home.parent), "TMPDIR": str(tmp_path)},
    )
    assert done.status == 0
    assert "网格化服" not in done.out.replace("网格化服务", "").split()
    assert "网格化" in done.out.split()
    assert {path.name for path in tmp_path.iterdir()} == {"cache", "jieba.cache"}
    assert (tmp_path / "jieba.cache").read_bytes() == planted


def test_a_cache_is_not_made_in_a_place_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid():
        pytest.skip("only root can give a folder away")
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 12345, -1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "theirs" / ".cache"))
    assert lexicon_path() is None
    assert not list((tmp_path / "theirs").iterdir())


def test_nothing_reads_pickles_or_marshal_of_its_own() -> None:
    """No module of ours names what runs the bytes that it reads."""
    from tests.conftest import ROOT

    # Between processes of our own there are pickles, in a pipe that nobody else can reach.
    workers = ROOT / "search" / "engines" / "whoosh" / "workers.py"
    modules = {*(ROOT / "search").rglob("*.py")}
    assert workers in modules
    assert len(modules) > 100
    for path in modules - {workers}:
        text = path.read_text("utf-8")
        for word in (
            "pickle.load",
            "marshal.load",
            "import pickle",
            "import marshal",
            "import shelve",
        ):
            assert word not in text, path
