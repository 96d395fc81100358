"""The index folder: which generation of the index is current, and what went into it.

    index_data/
      sou.json                what this index is; names all below (replaced atomically)
      write.lock              held by the process that writes; writer.json says who that is
      g1/                     a generation: the engine's own files ...
        segments.7.json       ... their list as change 7 left it ...
        files.7.json          ... and the papers that are in it, with size, times and digest

An update changes the current generation. A rebuild makes the next generation beside it. Both
become the index when sou.json is replaced (`commit`): it bears a checksum, and those of the
two lists. The next writer clears away what nothing names.

Anybody may have made a folder that came from elsewhere. So nothing in it is opened through a
link, names are those that sou gives, and each value is looked at where it is read.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, TypeVar

from search.engines.port import Engine, Writer
from search.engines.registry import storage_of
from search.model.errors import (
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnwritable,
    RequestError,
    SouError,
)
from search.model.frozen import replace
from search.model.told_commands import sou
from search.storage.paper_list import FileRecord
from search.storage.privacy import close, make_private
from search.storage.relative_paths import found, kept
from search.storage.state import OtherFormat, State, analysis, decoded, encoded
from search.system.checksums import (
    LAST_GENERATION,
    MOST_BYTES_OF_STATE,
    STATE,
    files_name,
    read_stamped,
    read_unproven,
    unsealed,
)
from search.system.files import is_folder, lacking, read_regular, size_of_folder, sync_folder

if TYPE_CHECKING:
    from search.engines.port import EngineFiles, Storage
    from search.storage.commit import Commit

Read = TypeVar("Read")

LOCK_SECONDS = 5.0
"""How long a writer waits for another before it gives up."""


class IndexFolder:
    """An index folder, which need not exist yet.

    `named` says that the user named it. Then it may be a link, which is followed once, here;
    one that was only found may not.
    """

    def __init__(self, path: Path, *, named: bool = True) -> None:
        self.path = path
        """As it was given, for messages."""
        self.place = Path(os.path.realpath(path)) if named else path.absolute()
        """Where the folder is, whatever links led there."""
        self._made: list[Path] = []
        self._commit: Commit | None = None
        self._before: bytes | None = None

    @property
    def _storage(self) -> Storage:
        return storage_of(str(self.path))

    def state(self) -> State:
        """Return what the folder holds. Raises IndexMissing or IndexDamaged."""
        self._refuse_link()
        try:
            data, bears = unsealed(read_regular(self.place / STATE, MOST_BYTES_OF_STATE))
        except (FileNotFoundError, NotADirectoryError) as exc:
            from search.storage.commit import was_index

            if was_index(self.place):  # what is missing cannot say what it was built from
                raise self._damaged(f"{STATE} no longer exists") from exc
            raise IndexMissing(
                f"there is no index in {self.path}", f"build one: {sou('index FOLDER')}"
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
            return decoded(data, self.beside, bears=bears)
        except OtherFormat as exc:
            raise IndexOutdated(
                f"the index in {self.path} is of another format ({exc})", _rebuild()
            ) from exc
        except ValueError as exc:
            raise self._damaged(f"{STATE}: {exc}") from exc

    @property
    def beside(self) -> str:
        """The folder that holds the index: sources in it are remembered relative to it."""
        return os.path.realpath(os.path.dirname(self.place))  # noqa: PTH120  (as all paths here)

    def _refuse_link(self) -> None:
        """Raise RequestError where a link stands in the place of a folder that was found."""
        if os.path.islink(self.place):  # noqa: PTH114  (Path raises for some names)
            raise RequestError(
                f"{self.path} is a link, which is not followed",
                f"if it is yours, name it: --index {quote(str(self.path))}",
            )

    def _damaged(self, reason: str, hint: str = "") -> IndexDamaged:
        return IndexDamaged(f"the index in {self.path} is damaged: {reason}", hint or _rebuild())

    def current_state(self) -> State:
        """Return the state of an index that this program can use.

        Raises IndexOutdated when it was built by another version of the analysis.
        """
        state = self.state()
        now = analysis()
        changed = [name for name in now if state.analysis.get(name) != now[name]]
        if changed:
            what = f"was built by another version of sou ({', '.join(changed)} changed)"
            raise IndexOutdated(
                f"the index in {self.path} {what}", f"bring it up to date: {sou('index')}"
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
        folder = self.generation(state)
        return self._storage.open_engine(folder, state.change, state.segments, without=without)

    def generation(self, state: State) -> Path:
        """Return the folder of the current generation.

        Raises IndexDamaged where it is a link, or no folder at all.
        """
        path = self.place / state.generation
        if not is_folder(path):
            missing = "is not a folder" if os.path.lexists(path) else "is not there"
            hint = f"rebuild it from the papers: {sou('index --rebuild')}"
            raise self._damaged(f"{state.generation} {missing}", hint)
        return path

    def size(self, state: State) -> int:
        """Return how many bytes the files of the current generation have."""
        return size_of_folder(self.generation(state))

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
            raise self._damaged(f"{path.name}: {reason}", _read_again()) from exc

    def last_files(self) -> dict[str, FileRecord]:
        """Return the papers of the newest list that can be read, where sou.json names none.

        Nothing proves that it is whole: it is good for asking what would be lost, and no more.
        """
        from search.storage.commit import lists_of_papers
        from search.storage.paper_list import records

        for path in lists_of_papers(self.place):
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
        return self._storage.broken(self.generation(state), state.change, state.segments, tick)

    def strays(self, state: State) -> tuple[EngineFiles, list[Path]]:
        """Return the engine's files, and what is left over. Raises IndexDamaged, and OSError."""
        from search.storage.commit import leftovers

        found = self._storage.engine_files(self.generation(state), state.change, state.segments)
        left = leftovers(self.place, state.generation, state.change, found.names)
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
            with hold(self.place, self.path, LOCK_SECONDS, self._prepare) as remark:
                self._before = glance(self.place / STATE)
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
        from search.storage.commit import foreign

        self._refuse_link()
        make_private(self.place, self._made)
        others = foreign(self.place)
        if others:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            raise RequestError(
                f"{self.path} is not an index: it holds {others[0]}{more}",
                "name a folder that is empty or does not exist yet",
            )

    def _unwritable(self, exc: OSError | IndexUnwritable) -> IndexUnwritable:
        """Return the error that says what went wrong, what answers now, and what to do."""
        from search.storage.lock import why_unwritable

        what, do = why_unwritable(exc, self.path)
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

        Returns whether it had to be. A folder that sou made is private from the start; of
        others see `privacy.close`. `known` are papers from the same sources that were in it.
        """
        return not self._made and close(self.place, self.path, list(papers), known)

    def tidy(self, state: State | None) -> bool:
        """Clear away what nothing names: a crash, a rebuild or another writer left it.

        Without a state nothing of a generation goes, unless there is no sou.json. Returns
        whether Whoosh's table is as it should be. Raises OSError.
        """
        from search.storage import commit

        if state is None:
            if not (os.path.lexists(self.place / STATE) or commit.was_index(self.place)):
                commit.clear_all(self.place)
            else:
                commit.clear_fresh(self.place)
            return True
        try:
            found, left = self.strays(state)
        except IndexDamaged:  # the list of what counts: so nothing can be told from the rest
            return True
        # Whatever made this the state may have been killed before that was on the disk.
        sync_folder(self.place)
        for path in left:
            commit.remove(path)
        return not (found.lacking or found.fault)

    def new_generation(self, current: str | None = None) -> str:
        """Make the folder of the generation after the current one, and return its name."""
        number = int(current[1:]) if current else 0
        while True:
            number = number % LAST_GENERATION + 1
            with suppress(FileExistsError):  # a generation that is left over, or a link
                (self.place / f"g{number}").mkdir()
                return f"g{number}"

    def drop_generation(self, name: str) -> None:
        """Remove a generation that came to nothing."""
        from search.storage import commit

        commit.remove(self.place / name)

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
        number, stamp = (state.change, state.segments) if state else (0, None)
        folder = self.place / generation
        return self._storage.open_writer(folder, number, stamp, without=without, jobs=jobs)

    def commit(self, state: State, files: dict[str, FileRecord], writer: Writer) -> None:
        """Make what a writer has written the index, as `state` describes it but for the stamps.

        Raises OSError, IndexUnwritable or IndexBusy; `made` says whether it is made then.
        """
        from search.storage.commit import Commit
        from search.storage.paper_list import lines

        beside = self.beside
        self._commit = Commit(
            self.place,
            state.generation,
            state.change,
            writer=writer,
            files=lines({kept(path, beside): known for path, known in files.items()}),
            state=lambda segments, listed: encoded(
                replace(state, segments=segments, files=listed), beside
            ),
            before=self._before,
            fresh=self._made,
        )
        self._commit.run()

    def made(self) -> bool | None:
        """Return whether the change under this lock is the index now; None if none can tell."""
        return self._commit.made() if self._commit else False


def _rebuild() -> str:
    return f"rebuild it, and name all folders of its papers: {sou('index --rebuild FOLDER...')}"


def _read_again() -> str:
    return f"{sou('index')} reads all papers again, and takes no article out for that"
