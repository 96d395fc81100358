"""What was found and not named is used only where it is the user's own, or trusted."""

from __future__ import annotations

import codecs
import importlib
import json
import os
import pkgutil
import pwd  # noqa: F401  (as the modules of sou: it is not to be looked for later)
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import search
from search import open_index
from search.project import ownership
from tests.cli.running import inside, sou

NOBODY = 65534
PAGE = "望澜桥修缮\n\n本报讯(记者 俞白)望澜桥开始修缮。\n"

owners = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners here")
root_alone = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with a corpus and its index, and all that may be found beside them."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(PAGE, "utf-8")
    assert inside("index", cwd=tmp_path).status == 0
    (tmp_path / "sou.toml").write_text("limit = 5\n", "utf-8")
    (tmp_path / "synonyms.txt").write_text("大桥 = 望澜桥\n", "utf-8")
    (tmp_path / "words.txt").write_text("望澜桥\n", "utf-8")
    return tmp_path


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own settings are, which are not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "sou").mkdir(parents=True)
    return tmp_path / "config" / "sou" / "config.toml"


def trusting(config: Path, *folders: object) -> None:
    """Write a list of trusted folders."""
    config.write_text(f"trusted = {json.dumps([str(folder) for folder in folders])}\n", "utf-8")
    config.chmod(0o644)


FOUND = ["index_data", "index_data/sou.json", "sou.toml", "synonyms.txt", "words.txt"]
COMMANDS = [
    ("望澜桥", "-l"),
    ("望澜桥", "--any"),
    ("list",),
    ("status",),
    ("check",),
    ("show", "a"),
    ("terms", "望澜桥"),
    ("index",),
]


@root_alone
@pytest.mark.parametrize("name", FOUND)
def test_a_thing_of_another_user_that_was_found_is_refused(
    name: str, town: Path, config: Path
) -> None:
    os.chown(town / name, NOBODY, -1)
    done = inside("望澜桥", "-l", cwd=town)
    assert (done.status, done.out) == (2, "")
    assert name in done.err
    assert "another user (nobody)" in done.err or f"number {NOBODY}" in done.err
    assert "--index DIR" in done.err
    assert f'trusted = ["{town / name}"] in {config}' in done.err
    below = town / "below"
    below.mkdir()
    assert inside("望澜桥", "-l", cwd=below).status == 2


@root_alone
@pytest.mark.parametrize("name", FOUND)
def test_what_is_trusted_is_used(name: str, town: Path, config: Path) -> None:
    os.chown(town / name, NOBODY, -1)
    for folders in ([town], [town / name], ["/nowhere", town], ["*"]):
        trusting(config, *folders)
        assert inside("望澜桥", "-l", cwd=town).status == 0, folders
    for folders in ([], [town / "corpus"], [f"{town}x"], [str(town / name)[:-1]]):
        trusting(config, *folders)
        assert inside("望澜桥", "-l", cwd=town).status == 2, folders


@root_alone
@pytest.mark.parametrize("name", FOUND)
def test_beside_an_index_that_was_named_the_rest_is_left_aside(name: str, town: Path) -> None:
    os.chown(town / name, NOBODY, -1)
    done = inside("--index", "index_data", "大桥", "-c", cwd=town)
    asked = name != "synonyms.txt"
    assert (done.status, done.out) == (int(not asked), f"{int(asked)}\n")
    noted = not name.startswith("index_data")
    assert (f"{name} is not used, since it belongs to another user" in done.err) == noted


@owners
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_uses_an_index_of_another(
    command: tuple[str, ...], town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FOUND[2:]:
        (town / name).unlink()
    user = os.geteuid()
    before = (town / "index_data" / "sou.json").read_bytes()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    done = inside(*command, cwd=town)
    assert (done.status, done.out) == (2, "")
    assert f"{town / 'index_data'} belongs to another user" in done.err
    assert (town / "index_data" / "sou.json").read_bytes() == before


@owners
def test_what_the_user_names_is_used_whoever_owns_it(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    assert inside("--index", "index_data", "望澜桥", "-c", cwd=town).out == "1\n"
    with open_index(town / "index_data") as index:
        assert len(index) == 1
    monkeypatch.setenv("SOU_INDEX", "index_data")
    assert inside("望澜桥", "-c", cwd=town).out == "1\n"


@root_alone
@pytest.mark.parametrize("name", FOUND[2:])
def test_a_link_is_as_much_anothers_as_what_it_leads_to(name: str, town: Path) -> None:
    (town / name).rename(town / "elsewhere")
    (town / name).symlink_to("elsewhere")
    assert inside("望澜桥", "-l", cwd=town).status == 0  # both are the user's own
    os.chown(town / "elsewhere", NOBODY, -1)
    assert inside("望澜桥", "-l", cwd=town).status == 2
    os.chown(town / "elsewhere", 0, -1)
    os.chown(town / name, NOBODY, -1, follow_symlinks=False)
    assert inside("望澜桥", "-l", cwd=town).status == 2


@root_alone
def test_a_trusted_folder_does_not_lend_its_trust_to_a_link_into_it(
    town: Path, config: Path
) -> None:
    os.chown(town / "index_data" / "sou.json", NOBODY, -1)
    (town / "sub").mkdir()
    link = town / "sub" / "sou.toml"
    link.symlink_to(town / "sou.toml")
    os.chown(link, NOBODY, -1, follow_symlinks=False)
    os.chown(town / "sou.toml", NOBODY, -1)
    trusting(config, town / "sou.toml")
    assert ownership.other_owner(town / "sou.toml") == ""
    assert ownership.other_owner(link)
    trusting(config, town / "sou.toml", link)
    assert ownership.other_owner(link) == ""


@root_alone
def test_without_an_index_nothing_is_built_in_a_folder_of_another(town: Path, config: Path) -> None:
    for name in FOUND[2:]:
        (town / name).unlink()
    shutil.rmtree(town / "index_data")
    for theirs in ([town], [town / "corpus"]):
        for path in theirs:
            os.chown(path, NOBODY, -1)
        done = inside("望澜桥", cwd=town)
        assert (done.status, done.out) == (3, "")
        assert "none is built automatically" in done.err
        assert "another user" in done.err
        assert "sou index FOLDER" in done.err
        assert not (town / "index_data").exists()
        for path in theirs:
            os.chown(path, 0, -1)
    os.chown(town, NOBODY, -1)
    trusting(config, town)
    assert inside("望澜桥", "-c", cwd=town).out == "1\n"


@root_alone
def test_sudo_makes_nobody_else_the_user(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_UID", str(NOBODY))
    os.chown(town / "sou.toml", NOBODY, -1)
    assert inside("望澜桥", "-l", cwd=town).status == 2


@root_alone
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("trusted = '*'", "list of folders"),
        ("trusted = [1]", "list of folders"),
        ("trusted = ['sub']", "not the absolute path"),
        ('trusted = ["/a\\u0000b", "/"]', "not the absolute path"),
        ("safe = ['*']", "unknown setting 'safe'"),
        ("trusted = ['*'", ""),
        ("trusted = ['*']\nlimit = 3", "unknown setting 'limit'"),
        ("trusted = " + "[" * 5000, "nested too deeply"),
        ("trusted = ['*']\n#" + "x" * 70_000, "more than 64 kB"),
    ],
)
def test_settings_that_are_wrong_trust_nothing_and_it_is_said(
    text: str, reason: str, town: Path, config: Path
) -> None:
    os.chown(town / "sou.toml", NOBODY, -1)
    config.write_text(text, "utf-8")
    done = inside("望澜桥", cwd=town)
    assert done.status == 2
    assert "not used now" in done.err
    assert reason in done.err


@root_alone
@pytest.mark.parametrize("spoil", ["group", "world", "owner", "pipe", "folder"])
def test_settings_that_others_can_write_trust_nothing(spoil: str, town: Path, config: Path) -> None:
    os.chown(town / "sou.toml", NOBODY, -1)
    trusting(config, "*")
    if spoil in {"group", "world"}:
        config.chmod(0o664 if spoil == "group" else 0o646)
    elif spoil == "owner":
        os.chown(config, NOBODY, -1)
    else:
        config.unlink()
        os.mkfifo(config) if spoil == "pipe" else config.mkdir()
    done = sou("望澜桥", cwd=town, env={"XDG_CONFIG_HOME": str(config.parent.parent)})
    assert done.status == 2
    assert "not used now" in done.err


@owners
def test_the_users_settings_are_not_read_where_nothing_is_anothers(
    town: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("this is no TOML", "utf-8")
    monkeypatch.setattr(ownership, "_trusted", lambda: pytest.fail("read"))
    assert inside("望澜桥", "-l", cwd=town).status == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this platform")
@pytest.mark.parametrize("name", FOUND[2:])
def test_a_pipe_that_was_found_is_not_waited_for(name: str, town: Path) -> None:
    (town / name).unlink()
    os.mkfifo(town / name)
    done = sou("望澜桥", "-c", cwd=town)
    assert f"{name}: not a file (a pipe" in done.err
    assert done.status == (2 if name == "sou.toml" else 0)


@pytest.mark.parametrize(
    "line",
    [
        "corpus = [1]",
        'corpus = ["a", "b\\u0000"]',
        'index = "a\\u0000b"',
        "max_page_mb = inf",
        "max_record_mb = nan",
        "max_page_mb = -1",
        "max_page_mb = 41",
        "max_record_mb = 40.1",
        "limit = -1",
        "limit = true",
        "limit = 1" + "0" * 5000,
        "corpus = " + "[" * 5000,
        "#" + "x" * 70_000,
        "limit = 5\n" + "é".encode("latin-1").decode("latin-1") + " = 1",
    ],
)
def test_an_absurd_sou_toml_is_an_error_and_no_traceback(line: str, town: Path) -> None:
    (town / "sou.toml").write_text(line, "utf-8")
    done = inside("望澜桥", cwd=town)
    assert done.status == 2
    assert done.err.startswith(f"sou: {town / 'sou.toml'}: ")
    assert len(done.err) < 600


def test_a_name_that_no_file_can_have_is_an_index_that_is_not_there(tmp_path: Path) -> None:
    lines = [f'{key} = "{"x" * 5000}"' for key in ("index", "corpus", "words", "synonyms")]
    (tmp_path / "sou.toml").write_text("\n".join(lines), "utf-8")
    assert inside("望澜桥", cwd=tmp_path).status == 3


@pytest.fixture
def machine() -> Iterator[Path]:
    """A folder on a machine that others use too: all may look into it."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def as_nobody(*arguments: str, cwd: Path, home: Path) -> tuple[int, str]:
    """Run sou as another user; return its status and what it said.

    Another user may be unable to read this Python, so it is a copy of this process that
    becomes that user, with all of sou imported.
    """
    for module in pkgutil.walk_packages(search.__path__, "search."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("tomllib")
    codecs.lookup("utf-8-sig")
    told, answer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.environ["HOME"] = str(home)
            os.environ.pop("XDG_STATE_HOME", None)
            os.environ.pop("XDG_CONFIG_HOME", None)
            done = inside(*arguments, cwd=cwd)
            os.write(answer, json.dumps([done.status, done.err]).encode())
        except BaseException as exc:  # noqa: BLE001  (the copy is to end here, whatever it is)
            os.write(answer, json.dumps([-1, repr(exc)]).encode())
        finally:
            os._exit(0)
    os.close(answer)
    with os.fdopen(told) as stream:
        status, err = json.load(stream)
    os.waitpid(child, 0)
    return status, err


@root_alone
def test_a_private_file_is_not_copied_into_the_folder_of_whoever_wrote_a_sou_toml(
    machine: Path,
) -> None:
    """The victim is an ordinary user; the sou.toml above is root's, or eve's."""
    home, eve, secret = machine / "home", machine / "eve", machine / "home" / "papers"
    work = eve / "work"
    secret.mkdir(parents=True)
    work.mkdir(parents=True)
    (secret / "diary.txt").write_text(PAGE, "utf-8")
    assert inside("index", "--index", str(machine / "i"), str(secret), cwd=machine).status == 0
    for path in (home, secret, secret / "diary.txt", work):
        os.chown(path, NOBODY, NOBODY)
    (secret / "diary.txt").chmod(0o600)
    secret.chmod(0o700)
    eve.chmod(0o777)
    (eve / "sou.toml").write_text(f'index = "idx"\ncorpus = ["{secret}"]\n', "utf-8")
    for whose in (0, 12345):
        os.chown(eve / "sou.toml", whose, whose)
        status, err = as_nobody("望", cwd=work, home=home)
        assert status == 2, err
        assert "another user" in err
        assert sorted(path.name for path in eve.iterdir()) == ["sou.toml", "work"]
    os.chown(eve / "sou.toml", NOBODY, NOBODY)  # one's own, as in a clone of a stranger's
    os.chown(eve, NOBODY, NOBODY)
    status, err = as_nobody("望", cwd=work, home=home)
    assert status == 3, err
    assert f"{secret}: outside {eve}" in err
    assert not (eve / "idx").exists()
    status, err = as_nobody("index", str(secret), cwd=home, home=home)
    assert status == 0, err
    state = home / ".local" / "state" / "sou"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "sources.json").stat().st_mode) == 0o600


@root_alone
def test_an_empty_folder_of_another_user_is_no_index_and_none_is_made_in_it(tmp_path: Path) -> None:
    """A clone of this repository has such a folder; a container shows it with another owner."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(PAGE, "utf-8")
    (tmp_path / "index_data").mkdir()
    os.chown(tmp_path / "index_data", NOBODY, NOBODY)
    found = inside("望澜桥", cwd=tmp_path)
    assert found.status == 3
    assert "belongs to another user" in found.err
    made = inside("index", "corpus", cwd=tmp_path)
    assert made.status == 2
    assert "--index" in made.err
    assert not list((tmp_path / "index_data").iterdir())
    os.chown(tmp_path / "index_data", os.geteuid(), os.getegid())
    assert inside("index", "corpus", cwd=tmp_path).status == 0


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners")
@pytest.mark.parametrize("home", [".", "", "here"])
def test_settings_of_the_user_are_not_looked_for_where_one_stands(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (tmp_path, tmp_path / "here"):
        (place / ".config" / "sou").mkdir(parents=True)
        (place / ".config" / "sou" / "config.toml").write_text('trusted = ["*"]', "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    folder = Path(ownership.user_folder("XDG_CONFIG_HOME", ".config"))
    assert folder.is_absolute()
    assert tmp_path not in folder.parents
