"""The index folder: which generation of the index is current, and what went into it.

    index_data/
      sou.json        what this index is; names the current generation (replaced atomically)
      write.lock      held by the process that writes; writer.json says who that is
      g1/             a generation: the engine's own files ...
        files.json    ... and the papers that are in it, with size, times and digest

An update changes the current generation through the engine's own commit. A rebuild makes
the next generation beside it and then names that one in sou.json. Whatever a crash leaves
behind, sou.json names a whole index; the next writer clears away the rest.

Anybody may have made a folder that came from elsewhere. So nothing in it is opened through a
link, names are those that sou gives, and each value is looked at where it is read.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.engines.port import Engine, Writer
from search.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    RequestError,
)
from search.files import (
    Held,
    create,
    is_folder,
    is_leftover,
    lacking,
    locked,
    open_regular,
    parse_json,
    read_json,
    readers,
    replacing,
    write_json,
)
from search.record import fields, record

if TYPE_CHECKING:
    from typing import TypeGuard

FORMAT = "sou.index/1"
LOCK_SECONDS = 5.0
"""How long a writer waits for another before it gives up."""

MOST_BYTES = 16 << 20
"""Of sou.json: some hundred thousand sources."""

MOST_BYTES_A_FILE = 64 << 20
"""Of what files.json remembers of a file: some hundred thousand problems."""

_BLOCK = 1 << 18
"""Bytes of files.json that are read at once."""


def analysis() -> dict[str, int]:
    """Return the versions of everything that decides what is in an index."""
    from search.text import fold, segment

    return {"fold": fold.VERSION, "segment": segment.VERSION, "schema": SCHEMA_VERSION}


SCHEMA_VERSION = 4
"""Raised with every change of what the engine writes (docs/index-format.md)."""


@record
class Source:
    """A file or folder that an index is made from: where it is, and as it was given."""

    root: str
    shown: str


@record
class State:
    """What sou.json says. `updated` is the UTC time of the last change, ISO 8601."""

    generation: str
    analysis: dict[str, int]
    sources: tuple[Source, ...]
    updated: str


@record
class FileRecord:
    """What is remembered of a paper: if size and times are the same, it is unchanged.

    Times are in nanoseconds. `digest` is empty when the file was not at rest while it was
    read, so that the next update reads it again. `problems` are lines and reasons,
    and whether something was lost.
    """

    shown: str
    size: int
    mtime: int
    ctime: int
    digest: str
    articles: int
    problems: Sequence[tuple[int | None, str, bool]] = ()


class IndexFolder:
    """An index folder, which need not exist yet.

    `named` says that the user named it. Then it may be a link, which is followed once, here;
    one that was only found may not.
    """

    def __init__(self, path: Path, *, named: bool = True) -> None:
        self.path = path
        """As it was given, for messages."""
        self._place = Path(os.path.realpath(path)) if named else path.absolute()
        self._made = False

    def state(self) -> State:
        """Return what the folder holds. Raises IndexMissing or IndexDamaged."""
        self._refuse_link()
        try:
            data = read_json(self._place / _STATE, MOST_BYTES)
        except (FileNotFoundError, NotADirectoryError) as exc:
            raise IndexMissing(
                f"there is no index in {self.path}", "build one: sou index FOLDER"
            ) from exc
        except PermissionError as exc:
            raise IndexDamaged(f"{self.path / _STATE}: {exc.strerror}") from exc
        except OSError as exc:
            if lack := lacking(exc, str(self.path / _STATE)):
                raise lack from exc
            if exc.errno == errno.ENAMETOOLONG:
                raise IndexMissing(f"{self.path}: {exc.strerror}", "give a shorter name") from exc
            raise self._damaged(f"{_STATE}: {exc.strerror or exc}") from exc
        except ValueError as exc:
            raise self._damaged(f"{_STATE}: {exc}") from exc
        try:
            return _state(data)
        except _OtherFormat as exc:
            raise IndexOutdated(
                f"the index in {self.path} is of another format ({exc})", _REBUILD
            ) from exc
        except ValueError as exc:
            raise self._damaged(f"{_STATE}: {exc}") from exc

    def _refuse_link(self) -> None:
        """Raise RequestError where a link stands in the place of a folder that was found."""
        if os.path.islink(self._place):  # noqa: PTH114  (Path raises for some names)
            raise RequestError(
                f"{self.path} is a link, which is not followed",
                f"if it is yours, name it: --index {self.path}",
            )

    def _damaged(self, reason: str) -> IndexDamaged:
        return IndexDamaged(f"the index in {self.path} is damaged: {reason}", _REBUILD)

    def current_state(self) -> State:
        """Return the state of an index that this program can use.

        Raises IndexOutdated when it was built by another version of the analysis.
        """
        state = self.state()
        now = analysis()
        changed = [name for name in now if state.analysis.get(name) != now[name]]
        if changed:
            raise IndexOutdated(
                f"the index in {self.path} was built by another version of sou "
                f"({', '.join(changed)} changed)",
                "bring it up to date: sou index",
            )
        return state

    def open_engine(self) -> Engine:
        """Open the current generation for reading.

        A rebuild may take it away between the look and the opening: then look again.
        """
        from search.engines.whoosh.storage import open_engine

        for _ in range(5):
            state = self.current_state()
            try:
                return open_engine(self.generation(state))
            except FileNotFoundError:
                continue
        raise self._damaged(f"{state.generation} is not there, or not all of it")

    def generation(self, state: State) -> Path:
        """Return the folder of the current generation.

        Raises IndexDamaged where it is a link, or no folder at all.
        """
        path = self._place / state.generation
        if not is_folder(path) and os.path.lexists(path):
            raise self._damaged(f"{state.generation} is not a folder")
        return path

    def size(self, state: State) -> int:
        """Return how many bytes the files of the current generation have."""
        with suppress(FileNotFoundError), os.scandir(self.generation(state)) as entries:
            return sum(
                entry.stat(follow_symlinks=False).st_size
                for entry in entries
                if entry.is_file(follow_symlinks=False)
            )
        return 0

    def files(self, state: State) -> dict[str, FileRecord]:
        """Return the papers of the current generation by absolute path.

        Where files.json is damaged, of none: everything is then read again, which is slow and
        right. Raises IndexDamaged where the generation is no folder.
        """
        path = self.generation(state) / _FILES
        try:
            with open_regular(path) as file:
                return dict(_records(file.read))
        except (OSError, ValueError):
            return {}

    # Writing. All of it under the lock.

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for writing, making it if need be.

        Raises IndexBusy when another process holds it, RequestError when it is no place
        for an index.
        """
        self._prepare()
        who = self._place / "writer.json"
        try:
            with locked(self._place / "write.lock", LOCK_SECONDS):
                try:
                    who.unlink(missing_ok=True)
                    with create(who) as file:
                        file.write(json.dumps({"pid": os.getpid()}).encode())
                    yield
                finally:
                    with suppress(OSError):
                        who.unlink()
        except Held as exc:
            raise IndexBusy(
                f"another process{self._writer_name()} is writing to {self.path}",
                "wait until it is done, or stop it; nothing is lost either way",
            ) from exc
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def _prepare(self) -> None:
        """Make the folder if need be, and see that it is one for an index."""
        self._refuse_link()
        try:
            self._made = _make_private(self._place)
            others = {entry.name for entry in self._place.iterdir()}
        except OSError as exc:
            raise self._unwritable(exc) from exc
        ours = _STATE in others or "write.lock" in others
        strangers = sorted(name for name in others if not name.startswith("."))
        if strangers and not ours:
            raise RequestError(
                f"{self.path} is not an index: it holds {strangers[0]}"
                + (f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""),
                "name a folder that is empty or does not exist yet",
            )

    def _unwritable(self, exc: OSError) -> RequestError:
        what = f"{Path(exc.filename).name}: " if exc.filename else ""
        planted = exc.errno in {errno.ELOOP, errno.EINVAL, errno.EISDIR}
        do = "move it away" if planted else "give it room and permission"
        return RequestError(
            f"the index in {self.path} cannot be written: {what}{exc.strerror or exc}",
            f"no half-written index answers; {do}, or take another folder with --index",
        )

    def _writer_name(self) -> str:
        try:
            who = read_json(self._place / "writer.json", 1 << 12)
        except (OSError, ValueError):
            return ""
        pid = who.get("pid") if isinstance(who, dict) else None
        return f" (pid {pid})" if _is_number(pid) else ""

    def keep_private(self, papers: Iterable[Path]) -> bool:
        """Close the folder, before it becomes an index, to those who may not read the papers.

        Returns whether it had to be. A folder that sou made is private from the start. Raises
        RequestError where it belongs to somebody else, who could open it again, and papers are
        not open to all.
        """
        if self._made or os.name != "posix":
            return False
        status = self._place.stat()
        allowed = readers(papers, status.st_gid)
        if allowed != _ALL and status.st_uid != os.geteuid():
            raise RequestError(
                f"{self.path} belongs to another user, and is open to more people than the papers",
                "name a folder of your own, or one that does not exist yet",
            )
        mode = stat.S_IMODE(status.st_mode)
        closed = mode & (0o7700 | allowed)
        if closed == mode:
            return False
        self._place.chmod(closed)
        return True

    def clear_leftovers(self, keep: str | None) -> None:
        """Remove the generations that are not current: a crash or a rebuild left them.

        With none to keep, and a sou.json that could not be read, they all stay. Links stay,
        too, and so does everything that has no name of ours.
        """
        import shutil

        for entry in self._place.iterdir():
            if is_leftover(entry.name):
                with suppress(OSError):
                    entry.unlink()
        if keep is None and os.path.lexists(self._place / _STATE):
            return
        for entry in self._place.iterdir():
            if _is_generation(entry.name) and entry.name != keep and is_folder(entry):
                shutil.rmtree(entry, ignore_errors=True)

    def new_generation(self, current: str | None = None) -> str:
        """Make the folder of the generation after the current one, and return its name."""
        number = int(current[1:]) if current else 0
        while True:
            number = number % _LAST_GENERATION + 1
            with suppress(FileExistsError):  # a generation that is left over, or a link
                (self._place / f"g{number}").mkdir()
                return f"g{number}"

    def drop_generation(self, name: str) -> None:
        """Remove a generation that came to nothing."""
        import shutil

        shutil.rmtree(self._place / name, ignore_errors=True)

    def writer(self, generation: str, *, jobs: int = 1) -> Writer:
        """Open a generation for writing; `jobs` processes analyse what is added."""
        from search.engines.whoosh.storage import open_writer

        return open_writer(self._place / generation, jobs=jobs)

    def save(self, state: State, files: dict[str, FileRecord]) -> None:
        """Write down what is in a generation, then make it the current one."""
        with replacing(self._place / state.generation / _FILES) as file:
            file.writelines(_lines(files))
        whole = {"schema": FORMAT, **fields(state), "sources": [fields(s) for s in state.sources]}
        write_json(self._place / _STATE, whole, MOST_BYTES)


_STATE = "sou.json"
_FILES = "files.json"
_ALL = 0o077
"""Everybody, as `files.readers` says it."""

_REBUILD = "build it anew from the papers: sou index --rebuild FOLDER"
_LAST_GENERATION = 10**18 - 1


def _make_private(folder: Path) -> bool:
    """Make a folder that only its owner may enter, and what is missing above it, if need be."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
    return bool(missing)


class _Wrong(ValueError):
    """Something in a file that sou did not write there."""


class _OtherFormat(_Wrong):
    """A sou.json of another format than ours."""


def _state(data: Any) -> State:
    """Return what sou.json says."""
    values = _dict(data, "what is in it")
    schema = values.get("schema")
    family = FORMAT[: FORMAT.index("/") + 1]
    if not (isinstance(schema, str) and schema.startswith(family) and schema.isprintable()):
        raise _Wrong("it does not say its format")
    if schema != FORMAT:
        raise _OtherFormat(schema[:40])
    missing = {"generation", "analysis", "sources", "updated"} - values.keys()
    if missing:
        raise _Wrong(f"it lacks {min(missing)}")
    sources, updated = values["sources"], values["updated"]
    if not (isinstance(values["generation"], str) and _is_generation(values["generation"])):
        raise _Wrong("the generation has a name that sou does not give")
    if not isinstance(sources, list):
        raise _Wrong("there is no list of sources")
    if not (isinstance(updated, str) and _shape(updated) == "0000-00-00T00:00:00+00:00"):
        raise _Wrong("the time of its last change is no time")
    return State(
        values["generation"],
        _versions(values["analysis"]),
        tuple(map(_source, sources)),
        updated,
    )


def _versions(data: Any) -> dict[str, int]:
    """Return the versions of an analysis by the names of what they are of."""
    values = _dict(data, "analysis")
    for name, version in values.items():
        # Words of ASCII letters: they are printed.
        if not (name.isascii() and name.isidentifier() and len(name) < 40 and _is_number(version)):
            raise _Wrong("a version of its analysis is no number, or has no name")
    return values


def _source(data: Any) -> Source:
    values = _dict(data, "a source")
    root, shown = values.get("root"), values.get("shown")
    if not (_is_path(root) and _is_path(shown) and _can_be_named(root) and _can_be_named(shown)):
        raise _Wrong("a source has no name")
    if not (Path(root).is_absolute() and os.path.normpath(root) == root):
        raise _Wrong("a source is no folder")
    return Source(root, shown)


def _lines(files: dict[str, FileRecord]) -> Iterator[bytes]:
    """Yield files.json: JSON in which each file has a line to itself.

    So a reader looks at some before it reads more, and what is no index of ours takes no
    more memory than they do.
    """
    yield b"{"
    between = ""
    for path, known in files.items():
        values = json.dumps(list(fields(known).values()))
        yield f"{between}\n{json.dumps(path)}: {values}".encode("ascii")
        between = ","
    yield b"\n}\n"


def _records(read: Callable[[int], bytes]) -> Iterator[tuple[str, FileRecord]]:
    """Yield the files that files.json tells of; whole lines are taken as they are read."""
    if read(2) != b"{\n":
        raise _Wrong("it does not begin as it should")
    text = b""
    begun = False
    while block := read(_BLOCK):
        text += block
        end = text.rfind(b",\n")
        if end >= 0:
            yield from _parsed(text[:end] + b"}")
            text, begun = text[end + 2 :], True
        elif len(text) > MOST_BYTES_A_FILE:
            raise _Wrong("there is too much of one file")
    if begun and text == b"}\n":
        raise _Wrong("files are missing at its end")
    yield from _parsed(text)


def _parsed(text: bytes) -> Iterator[tuple[str, FileRecord]]:
    """Yield the files of some lines, without the brace before the first."""
    for path, values in _dict(parse_json(b"{" + text), "it").items():
        if not _is_path(path):
            raise _Wrong("a file has no path")
        yield path, _file(values)


def _file(values: Any) -> FileRecord:
    """Return what is remembered of a file."""
    if not (isinstance(values, list) and len(values) == 7):
        raise _Wrong("a file lacks something")
    shown, size, mtime, ctime, digest, articles, problems = values
    if not (
        _is_path(shown)
        and _is_number(size)
        and _is_number(articles)
        and type(mtime) is type(ctime) is int
        and abs(mtime) < _NUMBERS > abs(ctime)
        and isinstance(digest, str)
        and len(digest) in {0, 32}
        and not digest.strip("0123456789abcdef")
        and isinstance(problems, list)
    ):
        raise _Wrong("something about a file is not what it should be")
    return FileRecord(shown, size, mtime, ctime, digest, articles, [*map(_problem, problems)])


def _problem(data: Any) -> tuple[int | None, str, bool]:
    if not (isinstance(data, list) and len(data) == 3):
        raise _Wrong("a problem lacks something")
    line, why, lost = data
    known = line is None or _is_number(line)
    if not (known and isinstance(why, str) and isinstance(lost, bool)):
        raise _Wrong("a problem is none")
    return line, why, lost


def _dict(data: Any, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _Wrong(f"{what} is no table of names")
    return data


_NUMBERS = 1 << 63


def _is_number(value: Any) -> bool:
    """Return whether a value is a whole number that is not negative (and not True)."""
    return type(value) is int and 0 <= value < _NUMBERS


def _is_path(value: Any) -> TypeGuard[str]:
    """Return whether a value can be a path: some text, without the character none can have."""
    return isinstance(value, str) and bool(value) and "\0" not in value


def _can_be_named(text: str) -> bool:
    """Return whether a file system takes a text: JSON can also hold what none does."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _is_generation(name: str) -> bool:
    """Return whether a name is one that sou gives to a generation, and so no path."""
    digits = name[1:]
    return (
        name[:1] == "g"
        and digits.isascii()
        and digits.isdigit()
        and digits[0] != "0"
        and len(digits) <= len(str(_LAST_GENERATION))
    )


def _shape(text: str) -> str:
    """Return a text with a 0 for each digit."""
    return "".join("0" if char in "0123456789" else char for char in text)
