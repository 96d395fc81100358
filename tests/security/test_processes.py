"""No process of sou runs a module of the folder it is used in, and none outlives its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from search.engines.whoosh.workers import WorkerDied, Workers
from search.system import module_path as paths
from tests.conftest import ROOT

THIRD = {"jieba", "rjieba", "whoosh", "numpy", "zstandard", "regex", "typer", "rich"}
THIRD |= {"click", "lxml", "pypdfium2", "pypdfium2_raw", "pypinyin", "sitecustomize"}
THIRD |= {"usercustomize", "markdown_it", "pygments", "shellingham", "_distutils_hack"}
PLANTED = sorted(THIRD | set(sys.stdlib_module_names) - {"__main__"})

TRAP = """import sys
with open({witness!r}, "a") as file:
    file.write(f"{{__name__}} {{sys.flags.no_site}}\\n")
raise ImportError("planted")
"""


class Planted:
    """A folder that a stranger made: papers, and a module of every name there is."""

    def __init__(self, folder: Path, witness: Path) -> None:
        self.folder = folder
        self.witness = witness
        for name in PLANTED:
            (folder / f"{name}.py").write_text(TRAP.format(witness=str(witness)), "utf-8")

    def run(self, *command: str, path: str = str(ROOT)) -> tuple[int, set[str], str]:
        """Run Python in the folder; return its status, what was run of it, and stderr."""
        self.witness.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env={"PATH": "", "HOME": str(self.witness.parent), "PYTHONPATH": path},
            capture_output=True,
            check=False,
            timeout=300,
        )
        ran = self.witness.read_text("utf-8").splitlines() if self.witness.exists() else []
        return done.returncode, set(ran), done.stderr.decode("utf-8", "replace")


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    folder = tmp_path / "archive"
    (folder / "corpus").mkdir(parents=True)
    return Planted(folder, tmp_path / "witness")


def much(folder: Path) -> None:
    """Write papers that are worth processes of their own, and quickly read."""
    record = json.dumps({"title": "桥", "body": "修桥。", "nothing": " " * 300_000})
    for name in "ab":
        (folder / "corpus" / f"{name}.jsonl").write_text(f"{record}\n" * 10, "utf-8")


def a_pdf(folder: Path) -> None:
    pytest.importorskip("pypdfium2")
    pytest.importorskip("reportlab")
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(folder / "corpus" / "a.pdf"))
    canvas.drawString(72, 700, "A bridge is repaired, says the paper of the town.")
    canvas.save()


PROGRAM = """
import search.indexing.update
from search.indexing.update import build
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from pathlib import Path
search.indexing.update.WORTH_A_PROCESS = 0
build(IndexFolder(Path("index_data")), [Source(str(Path("corpus").resolve()), "corpus")], jobs=2)
"""


@pytest.mark.parametrize(
    ("papers", "command"),
    [
        (much, ("-P", "-m", "search", "index", "-j", "2")),
        (much, ("-P", "-m", "search", "-c", "桥")),
        (a_pdf, ("-P", "-m", "search", "index")),
        (much, ("-P", "-c", PROGRAM)),
    ],
    ids=["index", "a search that builds", "a PDF", "a program"],
)
def test_no_child_looks_in_the_working_folder(planted: Planted, papers, command) -> None:
    papers(planted.folder)
    # Were it looked in, something would be found: a child without the precaution falls in.
    first = {"json 0"} if sys.version_info < (3, 13) else {"linecache 0", "traceback 0"}
    assert planted.run("-c", "import json")[1] == first  # 3.13 keeps the lines of a -c
    status, ran, err = planted.run(*command)
    assert ran == set()
    assert status == 0, err
    assert "failed" not in err.replace("0 failed", "")


def spare_python(planted: Planted, path: str) -> set[str]:
    """Take away the modules that Python runs before a package can do anything; return which."""
    package = planted.witness.parent / "packages" / "empty"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").touch()
    spared: set[str] = set()
    while ran := planted.run("-m", "empty", path=f"{path}{os.pathsep}{package.parent}")[1]:
        for line in ran:
            (planted.folder / f"{line.split()[0]}.py").unlink()
        spared |= {line.split()[0] for line in ran}
    return spared


@pytest.mark.parametrize("arguments", [("-c", "桥"), ("--help",), ("index", "-j", "2")])
def test_python_m_search_forgets_the_working_folder(planted: Planted, arguments) -> None:
    much(planted.folder)
    spared = spare_python(planted, str(ROOT))
    assert not spared & {"typing", "json", "re", "typer", "numpy", "__future__", "pathlib"}
    status, ran, err = planted.run("-m", "search", *arguments)
    assert ran == set()
    assert status == 0, err


@pytest.mark.parametrize("path", ["{1}{0}", "{0}{1}."])
def test_an_entry_of_pythonpath_that_moves_is_forgotten(planted: Planted, path: str) -> None:
    much(planted.folder)
    path = path.format(ROOT, os.pathsep)
    for file in planted.folder.glob("*.py"):  # of all names, Python would not even start
        if file.stem not in THIRD | {"multiprocessing", "json", "subprocess", "queue", "pickle"}:
            file.unlink()
    assert "sitecustomize" in spare_python(planted, path)
    # Python would run this in each child again, had it the same path.
    trap = TRAP.format(witness=str(planted.witness)).replace("raise", "if sys.flags.no_site: raise")
    (planted.folder / "sitecustomize.py").write_text(trap, "utf-8")
    status, ran, err = planted.run("-m", "search", "index", "-j", "2", path=path)
    assert status == 0, err
    assert ran == {"sitecustomize 0"}
    assert planted.witness.read_text("utf-8").count("\n") == 1


def test_the_path_is_without_what_depends_on_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, link, other = tmp_path / "here", tmp_path / "link", tmp_path / "other"
    (here / "lib").mkdir(parents=True)
    other.mkdir()
    link.symlink_to(here, target_is_directory=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("lib", "", str(other))))
    absent = str(tmp_path / "python.zip")
    path = ["", ".", str(here), str(link), str(here / "lib"), "lib", absent, str(other)]
    assert paths.without_working_folder(path) == [absent, str(other)]
    monkeypatch.chdir(ROOT)
    path = ["", str(ROOT), str(other)]
    assert paths.without_working_folder(path) == [str(other), str(ROOT)]


def test_the_path_can_be_asked_for_where_the_working_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    try:
        gone.rmdir()
    except OSError:
        pytest.skip("this system keeps a folder that is in use")
    assert paths.without_working_folder(["", str(tmp_path)]) == [str(tmp_path)]


def masked() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def printing() -> int:
    sys.stdout.write("no answer\n")
    sys.stdout.flush()
    os.write(1, b"nor is this")
    return 7


class Unsendable(Exception):
    def __init__(self) -> None:
        super().__init__()
        self.trouble = lambda: None


def unsendable() -> None:
    raise Unsendable


def dying() -> None:
    os._exit(3)


def one(work):
    workers = Workers(1)
    try:
        return next(workers.run([("key", work)]))
    finally:
        workers.end()


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no signal masks here")
def test_ctrl_c_is_held_back_from_workers_alone() -> None:
    assert one(masked) == ("key", True)
    assert not masked()


def test_a_worker_answers_in_its_own_pipe_only() -> None:
    assert one(printing) == ("key", 7)
    with pytest.raises(RuntimeError, match="Unsendable"):
        one(unsendable)
    with pytest.raises(WorkerDied):
        one(dying)


def holding(lock: str) -> None:
    import fcntl

    with Path(lock).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        Path(f"{lock}.held").touch()
        time.sleep(600)


HOLDER = """
from functools import partial
from search.engines.whoosh.workers import Workers
from tests.security.test_processes import holding
import sys
list(Workers(1).run([(1, partial(holding, sys.argv[1]))]))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs flock and signals")
@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_workers_end_with_their_parent(tmp_path: Path, ending: str) -> None:
    import fcntl

    lock = tmp_path / "lock"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], cwd=tmp_path, env=env)
    deadline = time.monotonic() + 120
    while not Path(f"{lock}.held").exists():
        assert parent.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.send_signal(getattr(signal, ending))
    assert parent.wait() == -getattr(signal, ending)
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < deadline, "the worker goes on"
                time.sleep(0.05)


def test_work_of_any_size_comes_through() -> None:
    assert one(partial(len, b"x" * 3_000_000)) == ("key", 3_000_000)
