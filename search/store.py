"""The index folder: which generation of the index is current, and what went into it.

    index_data/
      sou.json        what this index is; names the current generation (replaced atomically)
      write.lock      held by the process that writes; writer.json says who that is
      g1/             a generation: the engine's own files ...
        files.json    ... and the papers that are in it, with size, times and digest

An update changes the current generation through the engine's own commit. A rebuild makes
the next generation beside it and then names that one in sou.json. Whatever a crash leaves
behind, sou.json names a whole index; the next writer clears away the rest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from search.engines.port import Engine, Writer
from search.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    RequestError,
)
from search.record import fields, record

FORMAT = "sou.index/1"
LOCK_SECONDS = 5.0
"""How long a writer waits for another before it gives up."""


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
    """An index folder, which need not exist yet."""

    def __init__(self, path: Path, *, named: bool = True) -> None:
        self.path = path
        self.named = named

    def state(self) -> State:
        """Return what the folder holds. Raises IndexMissing or IndexDamaged."""
        try:
            data = json.loads((self.path / "sou.json").read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError) as exc:
            raise IndexMissing(
                f"there is no index in {self.path}", "build one: sou index FOLDER"
            ) from exc
        except PermissionError as exc:
            raise IndexDamaged(f"{self.path / 'sou.json'}: {exc.strerror}") from exc
        except (OSError, ValueError) as exc:
            raise self._damaged(str(exc)) from exc
        try:
            sources = tuple(Source(**source) for source in data["sources"])
            if data["schema"] != FORMAT:
                raise IndexOutdated(
                    f"the index in {self.path} is of another format ({data['schema']})", _REBUILD
                )
            return State(data["generation"], data["analysis"], sources, data["updated"])
        except (KeyError, TypeError) as exc:
            raise self._damaged(f"sou.json lacks {exc}") from exc

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
        raise self._damaged(f"{state.generation} is not there")

    def generation(self, state: State) -> Path:
        """Return the folder of the current generation."""
        return self.path / state.generation

    def files(self, state: State) -> dict[str, FileRecord]:
        """Return the papers of the current generation by absolute path."""
        try:
            text = (self.generation(state) / "files.json").read_text("utf-8")
            return {path: FileRecord(*values) for path, values in json.loads(text).items()}
        except (OSError, ValueError, TypeError):
            return {}  # everything is read again: slow, and right

    # Writing. All of it under the lock.

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for writing, making it if need be.

        Raises IndexBusy when another process holds it, RequestError when it is no place
        for an index.
        """
        import filelock

        self._prepare()
        lock = filelock.FileLock(self.path / "write.lock", timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except filelock.Timeout as exc:
            raise IndexBusy(
                f"another process{self._writer_name()} is writing to {self.path}",
                "wait until it is done, or stop it; nothing is lost either way",
            ) from exc
        except OSError as exc:
            raise self._unwritable(exc) from exc
        try:
            who = json.dumps({"pid": os.getpid()})
            (self.path / "writer.json").write_text(who, "utf-8")
            yield
        except OSError as exc:
            raise self._unwritable(exc) from exc
        finally:
            (self.path / "writer.json").unlink(missing_ok=True)
            lock.release()

    def _prepare(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            others = {entry.name for entry in self.path.iterdir()}
        except OSError as exc:
            raise self._unwritable(exc) from exc
        ours = "sou.json" in others or "write.lock" in others
        strangers = sorted(name for name in others if not name.startswith("."))
        if strangers and not ours:
            raise RequestError(
                f"{self.path} is not an index: it holds {strangers[0]}"
                + (f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""),
                "name a folder that is empty or does not exist yet",
            )

    def _unwritable(self, exc: OSError) -> RequestError:
        return RequestError(
            f"the index in {self.path} cannot be written: {exc.strerror or exc}",
            "nothing was changed; give it room and permission, or another folder with --index",
        )

    def _writer_name(self) -> str:
        try:
            who = json.loads((self.path / "writer.json").read_text("utf-8"))
            return f" (pid {who['pid']})"
        except (OSError, ValueError, KeyError):
            return ""

    def clear_leftovers(self, keep: str | None) -> None:
        """Remove the generations that are not current: a crash or a rebuild left them.

        With none to keep, and a sou.json that could not be read, they all stay.
        """
        import shutil

        if keep is None and (self.path / "sou.json").exists():
            return
        for entry in self.path.iterdir():
            ours = entry.is_dir() and entry.name[:1] == "g" and entry.name[1:].isdigit()
            if ours and entry.name != keep:
                shutil.rmtree(entry, ignore_errors=True)

    def new_generation(self) -> str:
        """Make the folder of the next generation and return its name."""
        names = [entry.name[1:] for entry in self.path.iterdir() if entry.name[:1] == "g"]
        name = f"g{max((int(n) for n in names if n.isdigit()), default=0) + 1}"
        (self.path / name).mkdir()
        return name

    def drop_generation(self, name: str) -> None:
        """Remove a generation that came to nothing."""
        import shutil

        shutil.rmtree(self.path / name, ignore_errors=True)

    def writer(self, generation: str, *, jobs: int = 1) -> Writer:
        """Open a generation for writing; `jobs` processes analyse what is added."""
        from search.engines.whoosh.storage import open_writer

        return open_writer(self.path / generation, jobs=jobs)

    def save(self, state: State, files: dict[str, FileRecord]) -> None:
        """Write down what is in a generation, then make it the current one."""
        table = {path: list(fields(record).values()) for path, record in files.items()}
        _replace(self.path / state.generation / "files.json", table)
        _replace(
            self.path / "sou.json",
            {"schema": FORMAT, **fields(state), "sources": [fields(s) for s in state.sources]},
        )


_REBUILD = "build it anew from the papers: sou index --rebuild FOLDER"


def _replace(path: Path, data: object) -> None:
    """Write JSON to a file so that a crash leaves the old content or the new."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=True)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
