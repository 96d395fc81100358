"""A disk that loses what was not fsynced, and the states in which a power cut can leave it.

A trace is taken apart into atoms: bytes of a file, and entries of folders. Bytes are lasting
once their file was fsynced after them, an entry once its folder was; until then it may have
reached the disk or not, whatever came before or after it. So a file may have a name and no
bytes, its bytes and no name, or the length without the bytes (zeros, or what was there before).
A rename within a folder happens or does not; nothing orders it after the bytes of the file
(what ext4 does there is a courtesy). With a journal, entries survive in the order in which they
were made; without one, any of them may.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from tests.faults.shim import (
    CREATE,
    LINK,
    MKDIR,
    RENAME,
    RMDIR,
    SYNC,
    TRUNCATE,
    UNLINK,
    WRITE,
    Call,
)
from tests.faults.town import Snapshot

PAGE = 4096
NEVER = 1 << 60


@dataclass(frozen=True)
class Atom:
    """What survives a power cut or does not: bytes of a file, or entries of a folder.

    `step` is the call that made it, `lasts` the first fsync that makes it lasting.
    """

    step: int
    holder: int  # the file or the folder that must be fsynced
    entries: tuple[tuple[str, int], ...] = ()  # of the folder `holder`: names, and files or 0
    offset: int = 0
    data: bytes | None = None  # None for entries, and where a file was cut at `offset`
    lasts: int = NEVER

    @property
    def is_entry(self) -> bool:
        return bool(self.entries)


@dataclass(frozen=True)
class Start:
    """What the disk held, all of it lasting, before a trace began."""

    root: int
    folders: dict[int, dict[str, int]]
    files: dict[int, bytes]


@dataclass(frozen=True)
class Choice:
    """What of the atoms survived. The bytes of `zeroed` atoms came out as zeros, those of
    `garbled` as nobody knows what; of `torn` ones only each other page did.
    """

    kept: frozenset[int]
    zeroed: frozenset[int] = frozenset()
    garbled: frozenset[int] = frozenset()
    torn: frozenset[int] = frozenset()


@dataclass
class Disk:
    """A trace on a disk."""

    start: Start
    root: Path
    """The watched folder, as calls name it."""
    calls: Sequence[Call]
    atoms: list[Atom] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._take_apart()

    # Taking apart

    def _take_apart(self) -> None:
        names = {str(self.root): self.start.root}
        todo = [(str(self.root), self.start.root)]
        while todo:
            path, folder = todo.pop()
            for name, number in self.start.folders.get(folder, {}).items():
                names[f"{path}/{name}"] = number
                if number in self.start.folders:
                    todo.append((f"{path}/{name}", number))
        atoms: list[Atom] = []
        for step, call in enumerate(self.calls):
            if call.kind == SYNC:
                for i, atom in enumerate(atoms):
                    if atom.holder == call.file and atom.lasts == NEVER:
                        atoms[i] = replace(atom, lasts=step)
                continue
            atoms += _atoms(step, call, names)
        self.atoms = atoms

    # Putting together

    def state(self, choice: Choice) -> dict[str, bytes | None]:
        """Return what the watched folder holds when this is what survived."""
        files = {number: bytearray(data) for number, data in self.start.files.items()}
        folders = {number: dict(names) for number, names in self.start.folders.items()}
        folders.update((call.file, {}) for call in self.calls if call.kind == MKDIR)
        for i, atom in enumerate(self.atoms):
            if atom.is_entry:
                if i in choice.kept:
                    _enter(folders[atom.holder], atom)
                continue
            file = files.setdefault(atom.holder, bytearray())
            if atom.data is None:
                if i in choice.kept:
                    del file[atom.offset :]
                    file.extend(bytes(atom.offset - len(file)))
            elif i in choice.kept or i in choice.zeroed or i in choice.garbled or i in choice.torn:
                end = atom.offset + len(atom.data)
                file.extend(bytes(max(0, end - len(file))))
                file[atom.offset : end] = _surviving(i, atom, choice)
        return _tree(self.start.root, files, folders)

    def loose(self, end: int) -> list[int]:
        """Return the atoms that a power cut before the call `end` may take away."""
        return [i for i, atom in enumerate(self.atoms) if atom.step < end <= atom.lasts]

    def lasting(self, end: int) -> frozenset[int]:
        """Return the atoms that a power cut before the call `end` leaves."""
        return frozenset(i for i, atom in enumerate(self.atoms) if atom.lasts < end)

    def choices(self, end: int, random: Random, subsets: int) -> Iterator[tuple[str, Choice]]:
        """Yield what may survive a power cut before the call `end`, and how that came to be."""
        lasting, loose = self.lasting(end), self.loose(end)
        every = lasting.union(loose)
        entries = [i for i in loose if self.atoms[i].is_entry]
        data = frozenset(i for i in loose if self.atoms[i].data is not None)
        yield "all survived", Choice(every)
        if not loose:
            return
        yield "nothing unsynced survived", Choice(lasting)
        yield "names without data", Choice(every - data)
        yield "names, zeros for data", Choice(every - data, zeroed=data)
        yield "names, garbage for data", Choice(every - data, garbled=data)
        yield "names, each other page", Choice(every - data, torn=data)
        yield "data without names", Choice(every.difference(entries))
        for i in loose:
            yield f"all but {self._named(i)}", Choice(every - {i})
            yield f"of what was loose only {self._named(i)}", Choice(lasting | {i})
        for holder in sorted({self.atoms[i].holder for i in loose}):
            own = {i for i in loose if self.atoms[i].holder == holder}
            yield f"all but {self._named(min(own))} and the like", Choice(every - own)
        # A journal keeps entries in order: what is lasting has those before it with it.
        last = max((i for i in lasting if self.atoms[i].is_entry), default=-1)
        journal = lasting.union(i for i in entries if i < last)
        for i in [None, *(i for i in entries if i > last)]:
            journal |= {i} if i is not None else set()
            what = f"a journal up to {self._named(i)}" if i is not None else "a journal, no more"
            yield f"{what}, no data", Choice(journal)
            yield f"{what}, with data", Choice(journal | data)
        for _ in range(subsets):
            share = random.choice((0.15, 0.5, 0.85))
            kept = frozenset(i for i in loose if random.random() < share)
            lost = list(data - kept)
            what = {i: random.choice(("lost", "zeroed", "garbled", "torn")) for i in lost}
            yield (
                "a random subset",
                Choice(
                    lasting | kept,
                    *(
                        frozenset(i for i in lost if what[i] == how)
                        for how in ("zeroed", "garbled", "torn")
                    ),
                ),
            )

    def _named(self, i: int) -> str:
        return f"[{self.calls[self.atoms[i].step]}]"


def _atoms(step: int, call: Call, names: dict[str, int]) -> Iterator[Atom]:
    """Yield what a call makes; `names` are the paths as the process sees them."""
    folder, name = os.path.split(call.path)
    if call.kind == WRITE:
        yield Atom(step, call.file, offset=call.offset, data=call.data)
    elif call.kind == TRUNCATE:
        yield Atom(step, call.file, offset=call.offset)
    elif call.kind in {CREATE, MKDIR}:
        names[call.path] = call.file
        yield Atom(step, names[folder], entries=((name, call.file),))
    elif call.kind in {UNLINK, RMDIR}:
        names.pop(call.path, None)
        yield Atom(step, names[folder], entries=((name, 0),))
    elif call.kind == LINK:
        there, other = os.path.split(call.other)
        names[call.other] = call.file
        yield Atom(step, names[there], entries=((other, call.file),))
    elif call.kind == RENAME:
        there, other = os.path.split(call.other)
        moved = names.pop(call.path)
        for path in [path for path in names if path.startswith(f"{call.path}/")]:
            names[call.other + path[len(call.path) :]] = names.pop(path)
        names[call.other] = moved
        if there == folder:
            yield Atom(step, names[folder], entries=((name, 0), (other, moved)))
        else:
            yield Atom(step, names[there], entries=((other, moved),))
            yield Atom(step, names[folder], entries=((name, 0),))


def _enter(folder: dict[str, int], atom: Atom) -> None:
    for name, number in atom.entries:
        if number:
            folder[name] = number
        else:
            folder.pop(name, None)


def _surviving(i: int, atom: Atom, choice: Choice) -> bytes:
    data = atom.data or b""
    if i in choice.zeroed:
        return bytes(len(data))
    if i in choice.garbled:
        return Random(i).randbytes(len(data))
    if i in choice.torn:
        pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
        if len(pages) == 1:  # a page of several sectors
            return data[: len(data) // 2] + bytes(len(data) - len(data) // 2)
        return b"".join(bytes(len(page)) if n % 2 else page for n, page in enumerate(pages))
    return data


def _tree(
    root: int, files: dict[int, bytearray], folders: dict[int, dict[str, int]]
) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    todo = [("", root)]
    while todo:
        path, folder = todo.pop()
        for name, number in folders.get(folder, {}).items():
            inner = f"{path}/{name}" if path else name
            if number in folders:
                found[inner] = None
                todo.append((inner, number))
            else:
                found[inner] = bytes(files.get(number, b""))
    return found


def start_of(root: Path) -> Start:
    """Return what is in a folder, with the numbers by which a trace calls what was there."""
    folders: dict[int, dict[str, int]] = {}
    files: dict[int, bytes] = {}
    for where, inner, names in os.walk(root):
        here: dict[str, int] = {}
        folders[-os.lstat(where).st_ino] = here
        for name in [*inner, *names]:
            here[name] = -os.lstat(os.path.join(where, name)).st_ino
        for name in names:
            files[here[name]] = Path(where, name).read_bytes()
    return Start(-os.lstat(root).st_ino, folders, files)


def below(tree: Snapshot, folder: str) -> dict[str, bytes | None]:
    """Return the part of a tree that is a folder in it, with paths within that."""
    found: dict[str, bytes | None] = {}
    for path, data in tree.items():
        if path == folder:
            found["."] = data
        elif path.startswith(f"{folder}/"):
            found[path[len(folder) + 1 :]] = data
    return found


def fingerprint(tree: Snapshot) -> bytes:
    """Return what tells one state from another."""
    known = hashlib.blake2b(digest_size=16)
    for path in sorted(tree):
        data = tree[path]
        head = f"{path}\0{-1 if data is None else len(data)}\0"
        known.update(head.encode() + (data or b""))
    return known.digest()
