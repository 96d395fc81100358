"""The index folder: which generation of the index is current, and what went into it.

    index_data/
      sou.json                what this index is; names all below (replaced atomically)
      write.lock              held by the process that writes; writer.json says who that is
      g1/                     a generation: the engine's own files ...
        segments.7.json       ... their list as change 7 left it ...
        files.7.json          ... and the papers that are in it, with size, times and digest

An update changes the current generation. A rebuild makes the next generation beside it. Both
become the index when sou.json is replaced (search/storage/commit.py): it bears a checksum, and those
of the two lists. The next writer clears away what nothing names.

Anybody may have made a folder that came from elsewhere. So nothing in it is opened through a
link, names are those that sou gives, and each value is looked at where it is read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from search.engines.port import Engine, Writer
from search.model.errors import (
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnwritable,
    RequestError,
    SouError,
)
from search.model.frozen import fields, frozen, replace
from search.storage.paper_list import FileRecord
from search.storage.relative_paths import found, kept, leads_out
from search.system.checksums import (
    LAST_GENERATION,
    MOST_BYTES_OF_STATE,
    STATE,
    Stamp,
    Wrong,
    files_name,
    is_generation,
    is_number,
    is_path,
    read_stamped,
    read_unproven,
    sealed,
    stamp_of,
    table_of,
    unsealed,
)
from search.system.files import is_folder, lacking, read_regular, readers, sync_folder

if TYPE_CHECKING:
    from search.engines.whoosh.storage import EngineFiles
    from search.storage.commit import Commit

__all__ = ["FileRecord", "IndexFolder", "Source", "State", "analysis"]

Read = TypeVar("Read")

FORMAT = "sou.index/1"
LOCK_SECONDS = 5.0
"""How long a writer waits for another before it gives up."""


def analysis() -> dict[str, int]:
    """Return the versions of everything that decides what is in an index."""
    from search.analysis import fold, segment

    return {"fold": fold.VERSION, "segment": segment.VERSION, "schema": SCHEMA_VERSION}


SCHEMA_VERSION = 5
"""Raised with every change of what the engine writes (docs/index-format.md)."""


@frozen
class Source:
    """A file or folder that an index is made from: where it is, and as it was given.

    `root` is absolute. In sou.json, what lies beside the index is relative to the folder that
    holds the index (`beside`), so that the two can be moved and copied together.
    """

    root: str
    shown: str


@frozen
class State:
    """What sou.json says. `updated` is the UTC time of the last change, ISO 8601.

    `change` is the number of that change, which the names of the two lists have in them;
    `segments` and `files` are the stamps of these. An index of another version has none.
    """

    generation: str
    analysis: dict[str, int]
    sources: tuple[Source, ...]
    updated: str
    change: int = 0
    segments: Stamp = Stamp()
    files: Stamp = Stamp()


class IndexFolder:
    """An index folder, which need not exist yet.

    `named` says that the user named it. Then it may be a link, which is followed once, here;
    one that was only found may not.
    """

    def __init__(self, path: Path, *, named: bool = True) -> None:
        self.path = path
        """As it was given, for messages."""
        self._place = Path(os.path.realpath(path)) if named else path.absolute()
        self._made: list[Path] = []
        self._commit: Commit | None = None
        self._before: bytes | None = None

    def state(self) -> State:
        """Return what the folder holds. Raises IndexMissing or IndexDamaged."""
        self._refuse_link()
        try:
            data, bears = unsealed(read_regular(self._place / STATE, MOST_BYTES_OF_STATE))
        except (FileNotFoundError, NotADirectoryError) as exc:
            from search.storage.commit import was_index

            if was_index(self._place):  # what is missing cannot say what it was built from
                raise self._damaged(f"{STATE} no longer exists") from exc
            raise IndexMissing(
                f"there is no index in {self.path}", "build one: sou index FOLDER"
            ) from exc
        except PermissionError as exc:
            raise IndexDamaged(
                f"{self.path / STATE}: {exc.strerror}", "make it readable and try again"
            ) from exc
        except OSError as exc:
            if lack := lacking(exc, str(self.path / STATE)):
                raise lack from exc
            if exc.errno == errno.ENAMETOOLONG:
                raise IndexMissing(f"{self.path}: {exc.strerror}", "give a shorter name") from exc
            raise self._damaged(f"{STATE}: {exc.strerror or exc}") from exc
        except ValueError as exc:
            raise self._damaged(f"{STATE}: {exc}") from exc
        try:
            return _state(data, self.beside, bears=bears)
        except _OtherFormat as exc:
            raise IndexOutdated(
                f"the index in {self.path} is of another format ({exc})", _REBUILD
            ) from exc
        except ValueError as exc:
            raise self._damaged(f"{STATE}: {exc}") from exc

    @property
    def beside(self) -> str:
        """The folder that holds the index: sources in it are remembered relative to it."""
        return os.path.realpath(os.path.dirname(self._place))  # noqa: PTH120  (as all paths here)

    def _refuse_link(self) -> None:
        """Raise RequestError where a link stands in the place of a folder that was found."""
        if os.path.islink(self._place):  # noqa: PTH114  (Path raises for some names)
            raise RequestError(
                f"{self.path} is a link, which is not followed",
                f"if it is yours, name it: --index {self.path}",
            )

    def _damaged(self, reason: str, hint: str = "") -> IndexDamaged:
        return IndexDamaged(f"the index in {self.path} is damaged: {reason}", hint or _REBUILD)

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

    def current(self, read: Callable[[State], Read]) -> Read:
        """Return what `read` makes of the state of an index that this program can use.

        A writer may take away what the state names before it is opened: so damage is damage
        only where the state is still the same after it was met.
        """
        state = self.current_state()
        while True:
            try:
                return read(state)
            except IndexDamaged:
                before, state = state, self.current_state()
                if state == before:
                    raise

    def open_engine(self, *, without: Collection[str] = ()) -> Engine:
        """Open the current generation for reading, but for the segments `without` which."""
        return self.current(lambda state: self.open_engine_of(state, without=without))

    def open_engine_of(self, state: State, *, without: Collection[str] = ()) -> Engine:
        """Open what a state names for reading. Raises IndexDamaged where it is not there."""
        from search.engines.whoosh.storage import open_engine

        folder = self.generation(state)
        return open_engine(folder, state.change, state.segments, without=without)

    def generation(self, state: State) -> Path:
        """Return the folder of the current generation.

        Raises IndexDamaged where it is a link, or no folder at all.
        """
        path = self._place / state.generation
        if not is_folder(path):
            missing = "is not a folder" if os.path.lexists(path) else "is not there"
            raise self._damaged(
                f"{state.generation} {missing}",
                "rebuild it from the papers: sou index --rebuild",
            )
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

        Raises IndexDamaged where their list is not the one that the state names.
        """
        from search.storage.paper_list import records

        path = self.generation(state) / files_name(state.change)
        try:
            beside = self.beside
            listed = records(read_stamped(path, state.files))
            return {found(path, beside): known for path, known in listed}
        except (OSError, ValueError) as exc:
            reason = (exc.strerror if isinstance(exc, OSError) else None) or exc
            raise self._damaged(f"{path.name}: {reason}", _READ_AGAIN) from exc

    def last_files(self) -> dict[str, FileRecord]:
        """Return the papers of the newest list that can be read, where sou.json names none.

        Nothing proves that it is whole: it is good for asking what would be lost, and no more.
        """
        from search.storage.commit import lists_of_papers
        from search.storage.paper_list import records

        for path in lists_of_papers(self._place):
            with suppress(OSError, ValueError):
                listed = records(read_unproven(path))
                return {found(name, self.beside): known for name, known in listed}
        return {}

    def broken(
        self, state: State, tick: Callable[[int], None] = lambda _: None
    ) -> dict[str, list[str]]:
        """Read every segment; return what is wrong with those that are broken, by name.

        `tick` is told how many more articles have been looked at.
        """
        from search.engines.whoosh.storage import broken

        return broken(self.generation(state), state.change, state.segments, tick)

    @property
    def place(self) -> Path:
        """Where the folder is, whatever links led there."""
        return self._place

    def strays(self, state: State) -> tuple[EngineFiles, list[Path]]:
        """Return the engine's files, and what is left over. Raises IndexDamaged, and OSError."""
        from search.engines.whoosh.storage import engine_files
        from search.storage.commit import leftovers

        found = engine_files(self.generation(state), state.change, state.segments)
        left = leftovers(self._place, state.generation, state.change, found.names)
        return found, sorted(left)

    # Writing. All of it under the lock.

    @contextmanager
    def lock(self) -> Iterator[str]:
        """Hold the folder for writing, making it if need be; yield a remark, or nothing.

        A folder that was made for it and holds no index in the end goes again. Raises IndexBusy
        when another process holds it, IndexUnwritable, with the truth of what answers then, or
        RequestError when it is no place for an index.
        """
        from search.storage.commit import glance
        from search.storage.lock import hold

        self._made, self._commit = [], None
        try:
            with hold(self._place, self.path, LOCK_SECONDS, self._prepare) as remark:
                self._before = glance(self._place / STATE)
                yield remark
        except (OSError, IndexUnwritable) as exc:
            raise self._unwritable(exc) from exc
        except KeyboardInterrupt:
            if self.made():
                raise KeyboardInterrupt("the new index already answers") from None
            raise
        finally:
            if self.made() is False:
                for folder in reversed(self._made):
                    with suppress(OSError):  # it is empty, or stays
                        folder.rmdir()

    def _prepare(self) -> None:
        """Make the folder if need be, and see that it is one for an index."""
        from search.storage.commit import is_unfinished

        self._refuse_link()
        try:
            _make_private(self._place, self._made)
            others = {entry.name for entry in self._place.iterdir()}
            ours = bool({STATE, "write.lock"} & others) or is_unfinished(self._place)
        except OSError as exc:
            raise self._unwritable(exc) from exc
        strangers = sorted(name for name in others if not name.startswith("."))
        if strangers and not ours:
            raise RequestError(
                f"{self.path} is not an index: it holds {strangers[0]}"
                + (f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""),
                "name a folder that is empty or does not exist yet",
            )

    def _unwritable(self, exc: OSError | IndexUnwritable) -> IndexUnwritable:
        """Return the error that says what went wrong, what answers now, and what to do."""
        if isinstance(exc, IndexUnwritable):
            what, do = exc.message, exc.hint
        else:
            name = f"{Path(exc.filename).name}: " if exc.filename else ""
            what = f"the index in {self.path} cannot be written: {name}{exc.strerror or exc}"
            planted = exc.errno in {errno.ELOOP, errno.EINVAL, errno.EISDIR}
            do = (
                "move it away"
                if planted
                else "free some disk space, or get permission to write there"
            )
            do += ", or choose another folder with --index"
        return IndexUnwritable(what, "; ".join(filter(None, (self.standing(), do))))

    def standing(self) -> str:
        """Say what answers now, as far as that is known: for a change that failed."""
        made = self.made()
        if made is None:
            return "whether the new index answers or the one before cannot be told"
        if made:
            return "the new index already answers"
        try:
            self.open_engine().close()
        except IndexMissing:
            return "no index was made"
        except SouError:
            return "what was there before is unchanged"
        return "the old index still answers"

    def keep_private(self, papers: Iterable[str], known: Iterable[str]) -> bool:
        """Close the folder to those who may not read the papers that are about to go into it.

        Returns whether it had to be. A folder that sou made is private from the start, and one
        that the user has opened, though papers `known` from the same sources were private, stays
        open to those who may not read them. Raises RequestError where it belongs to somebody else, who could open
        it again, and papers that are not that person's are not open to all.
        """
        if self._made or os.name != "posix":
            return False
        status = self._place.stat()
        mode = stat.S_IMODE(status.st_mode)
        papers = list(papers)
        allowed = readers(papers, status.st_gid)
        if allowed == _ALL:
            return False
        theirs = status.st_uid != os.geteuid()
        if theirs and not all(_belongs_to(path, status.st_uid) for path in papers):
            raise RequestError(
                f"{self.path} belongs to another user, and is open to more people than the papers",
                "name a folder of your own, or one that does not exist yet",
            )
        if not mode & _ALL & ~allowed:
            return False
        opened = mode & _ALL & ~readers(known, status.st_gid)
        closed = mode & (0o7700 | allowed | opened)
        if closed == mode or theirs:
            return False
        self._place.chmod(closed)
        return True

    def tidy(self, state: State | None) -> bool:
        """Clear away what nothing names: a crash, a rebuild or another writer left it.

        Without a state nothing of a generation goes, unless there is no sou.json. Returns
        whether Whoosh's table is as it should be. Raises OSError.
        """
        from search.storage import commit

        if state is None:
            if not (os.path.lexists(self._place / STATE) or commit.was_index(self._place)):
                commit.clear_all(self._place)
            else:
                commit.clear_fresh(self._place)
            return True
        try:
            found, left = self.strays(state)
        except IndexDamaged:  # the list of what counts: so nothing can be told from the rest
            return True
        # Whatever made this the state may have been killed before that was on the disk.
        sync_folder(self._place)
        for path in left:
            commit.remove(path)
        return not (found.lacking or found.fault)

    def new_generation(self, current: str | None = None) -> str:
        """Make the folder of the generation after the current one, and return its name."""
        number = int(current[1:]) if current else 0
        while True:
            number = number % LAST_GENERATION + 1
            with suppress(FileExistsError):  # a generation that is left over, or a link
                (self._place / f"g{number}").mkdir()
                return f"g{number}"

    def drop_generation(self, name: str) -> None:
        """Remove a generation that came to nothing."""
        from search.storage import commit

        commit.remove(self._place / name)

    def writer(
        self,
        generation: str,
        state: State | None = None,
        *,
        without: Collection[str] = (),
        jobs: int = 1,
    ) -> Writer:
        """Open a generation for writing, empty, or as a state names it.

        Segments `without` which it is opened leave it. `jobs` processes analyse what is added.
        """
        from search.engines.whoosh.storage import open_writer

        number, stamp = (state.change, state.segments) if state else (0, None)
        return open_writer(self._place / generation, number, stamp, without=without, jobs=jobs)

    def commit(self, state: State, files: dict[str, FileRecord], writer: Writer) -> None:
        """Make what a writer has written the index, as `state` describes it but for the stamps.

        Raises OSError, IndexUnwritable or IndexBusy; `made` says whether it is made then.
        """
        from search.storage.commit import Commit
        from search.storage.paper_list import lines

        beside = self.beside
        self._commit = Commit(
            self._place,
            state.generation,
            state.change,
            writer=writer,
            files=lines({kept(path, beside): known for path, known in files.items()}),
            state=lambda segments, listed: _text(
                replace(state, segments=segments, files=listed), beside
            ),
            before=self._before,
            fresh=self._made,
        )
        self._commit.run()

    def made(self) -> bool | None:
        """Return whether the change under this lock is the index now; None if none can tell."""
        return self._commit.made() if self._commit else False


_ALL = 0o077
"""Everybody, as `files.readers` says it."""

_REBUILD = "rebuild it, and name all folders of its papers: sou index --rebuild FOLDER..."

_READ_AGAIN = "sou index reads all papers again, and takes no article out for that"
_MOST_CHANGES = 1 << 53


def _make_private(folder: Path, made: list[Path]) -> None:
    """Make a folder that only its owner may enter, and what is missing above it, if need be.

    What is made is added to a list, outermost first.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(mode=0o700)
            made.append(one)


def _belongs_to(path: str, user: int) -> bool:
    try:
        return os.stat(path).st_uid == user  # noqa: PTH116  (for each of 100,000)
    except OSError:
        return False


class _OtherFormat(Wrong):
    """A sou.json of another format than ours."""


def _text(state: State, beside: str) -> bytes:
    """Return sou.json of an index that lies in the folder `beside`."""
    sources = [{**fields(s), "root": kept(s.root, beside)} for s in state.sources]
    whole = {"schema": FORMAT, **fields(state), "sources": sources}
    stamps = {"segments": state.segments, "files": state.files}
    return sealed(whole | {name: [stamp.size, stamp.crc] for name, stamp in stamps.items()})


def _state(data: Any, beside: str, *, bears: bool) -> State:
    """Return what sou.json says of an index that lies in the folder `beside`."""
    values = table_of(data, "what is in it")
    schema = values.get("schema")
    family = FORMAT[: FORMAT.index("/") + 1]
    if not (isinstance(schema, str) and schema.startswith(family) and schema.isprintable()):
        raise Wrong("it does not say its format")
    if schema != FORMAT:
        raise _OtherFormat(schema[:40])
    missing = {"generation", "analysis", "sources", "updated"} - values.keys()
    if missing:
        raise Wrong(f"it lacks {min(missing)}")
    sources, updated = values["sources"], values["updated"]
    if not (isinstance(values["generation"], str) and is_generation(values["generation"])):
        raise Wrong("the name of the generation is not valid")
    if not isinstance(sources, list):
        raise Wrong("the list of sources is missing")
    if not (isinstance(updated, str) and _shape(updated) == "0000-00-00T00:00:00+00:00"):
        raise Wrong("the time of its last change is not a time")
    versions = _versions(values["analysis"])
    places = tuple(_source(source, beside) for source in sources)
    state = State(values["generation"], versions, places, updated)
    if versions.get("schema") != SCHEMA_VERSION:
        return state  # to be rebuilt: what it was made from is enough
    if not bears:
        raise Wrong("it lacks its checksum")
    if not (is_number(values.get("change")) and 0 < values["change"] < _MOST_CHANGES):
        raise Wrong("the number of its last change is not valid")
    return replace(
        state,
        change=values["change"],
        segments=stamp_of(values.get("segments"), "segments"),
        files=stamp_of(values.get("files"), "files"),
    )


def _versions(data: Any) -> dict[str, int]:
    """Return the versions of an analysis by the names of what they are of."""
    values = table_of(data, "analysis")
    for name, version in values.items():
        # Words of ASCII letters: they are printed.
        if not (name.isascii() and name.isidentifier() and len(name) < 40 and is_number(version)):
            raise Wrong("a version of its analysis is not a number, or has no name")
    return values


def _source(data: Any, beside: str) -> Source:
    values = table_of(data, "a source")
    root, shown = values.get("root"), values.get("shown")
    if not (is_path(root) and is_path(shown) and _can_be_named(root) and _can_be_named(shown)):
        raise Wrong("a source has no name")
    if os.path.normpath(root) != root or leads_out(root):
        raise Wrong("a source is not a folder")
    return Source(found(root, beside), shown)


def _can_be_named(text: str) -> bool:
    """Return whether a file system takes a text: JSON can also hold what none does."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def _shape(text: str) -> str:
    """Return a text with a 0 for each digit."""
    return "".join("0" if char in "0123456789" else char for char in text)
