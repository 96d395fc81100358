"""Damage: bits flipped, files cut, pages zeroed, files exchanged; and then every command.

A damage is noticed at read (a command that reads says so, status 3), noticed by `sou check`
alone, or harmless (every command says exactly what it said before). It must never be silent: an
answer that is not the right one and no error, or an error that is no word of damage.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

import typer.main

from search.cli import run
from search.output.world import World
from tests.faults.disk import PAGE
from tests.faults.town import FIRST, SECOND, THIRD, Papers, Snapshot, Town, restore, scan

AT_READ, BY_CHECK, HARMLESS, SILENT, ERROR = (
    "noticed at read",
    "noticed by check",
    "harmless",
    "SILENT",
    "WRONG ERROR",
)
OUTCOMES = (AT_READ, BY_CHECK, HARMLESS, SILENT, ERROR)
MUST_NOT = {SILENT, ERROR}

DAMAGES = ("flip", "cut", "zeroed page", "older version", "other of its kind")


_app = cache(typer.main.get_command)
"""Typer makes its commands again at each call, which takes longer than most of them."""


@dataclass(frozen=True)
class Damage:
    """What is done to a file: its name, what is then in it, and how that came to be."""

    file: str
    kind: str
    data: bytes
    where: str

    def __str__(self) -> str:
        return f"{self.file}: {self.kind} {self.where}".rstrip()


@dataclass(frozen=True)
class Said:
    """What a command said: its exit status and what it printed to stdout."""

    status: int
    out: str
    err: str = field(compare=False, default="")


def kind_of(name: str) -> str:
    """Return what a file of an index is."""
    if name.endswith(".sou"):
        return "segment"
    return re.sub(r"(?<=[._])\d+(?=\.)", "N", os.path.basename(name))


class Patient:
    """An index that is damaged in many ways and asked by every command."""

    def __init__(self, town: Town) -> None:
        self.town = town
        versions: list[Snapshot] = []
        for papers in (FIRST, SECOND, _more(SECOND, 3), _more(THIRD, 4)):
            town.print(papers)
            town.update()
            versions.append(scan(town.index))
        self.whole = versions[-1]
        self.files = {name: data for name, data in self.whole.items() if data is not None}
        self._older = _older(self.files, versions[:-1])
        answer = town.answer()
        assert answer is not None
        articles = answer[0]
        assert isinstance(articles, tuple)
        identity = articles[0][0]
        batch = town.place / "queries.tsv"
        batch.write_text("1\t桥\n2\t图书馆 OR 志愿\n3\tharvest\n", "utf-8")
        # All of what is stored is read by the first three; the rest reads what else there is.
        self.commands: Sequence[tuple[str, ...]] = (
            ("桥 OR 报 OR harvest OR 夜", "-n", "99", "-f", "json"),
            ("list", "-f", "jsonl"),
            ("show", identity, "-f", "json"),
            ('"开始修缮" OR title:图书馆 OR 望*', "-f", "jsonl"),
            ("similar", identity, "-f", "json"),
            ("terms", "桥"),
            ("batch", str(batch)),
            ("status",),
            ("check",),
        )
        self.right = {command: self.ask(command) for command in self.commands}
        for command, said in self.right.items():
            assert said.status == 0, (command, said)

    def ask(self, command: tuple[str, ...]) -> Said:
        """Run a command in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in "oe")
        world = World(out, err, terminal=False, width=80, styles=False, colour=False, links=False)
        before = Path.cwd()
        os.chdir(self.town.place)
        try:
            with patch("typer.main.get_command", _app):
                status = run(list(command), world)
        finally:
            os.chdir(before)
        said = []
        for stream in (out, err):
            stream.flush()
            said.append(stream.buffer.getvalue().decode("utf-8", "replace"))  # type: ignore[attr-defined]
        said[0] = re.sub(r'"seconds":[0-9.]+', "", said[0])
        if command == ("status",):  # it counts the bytes of the files, whatever is in them
            said[0] = re.sub(r"(?m)^size .*\n", "", said[0])
        return Said(status, *said)

    def suffer(self, damage: Damage) -> tuple[str, str]:
        """Damage a file, ask every command, repair it; return what came of it, and by whom."""
        path = self.town.index / damage.file
        path.write_bytes(damage.data)
        try:
            return self._outcome()
        finally:
            path.write_bytes(self.files[damage.file])

    def _outcome(self) -> tuple[str, str]:
        noticed: list[str] = []
        for command in self.commands:
            said = self.ask(command)
            if said.status == 3:
                noticed.append(command[0])
            elif said != self.right[command]:
                outcome = SILENT if said.status in {0, 1} else ERROR
                return outcome, f"{command[0]}: status {said.status} {said.err[:200]}"
        if not noticed:
            return HARMLESS, ""
        return (BY_CHECK if noticed == ["check"] else AT_READ), ", ".join(noticed)

    def damage(self, kind: str, name: str, random: Random) -> Damage | None:
        """Return a damage of a kind to a file, where there can be one."""
        data = self.files[name]
        if kind in {"flip", "cut", "zeroed page"} and not data:
            return None
        if kind == "flip":
            bit = random.randrange(8 * len(data))
            flipped = bytearray(data)
            flipped[bit >> 3] ^= 1 << (bit & 7)
            return Damage(name, kind, bytes(flipped), f"of bit {bit}")
        if kind == "cut":
            size = random.randrange(len(data))
            return Damage(name, kind, data[:size], f"to {size} of {len(data)} bytes")
        if kind == "zeroed page":
            at = random.randrange(0, len(data), PAGE)
            zeros = bytes(min(PAGE, len(data) - at))
            return Damage(name, kind, data[:at] + zeros + data[at + PAGE :], f"at {at}")
        others = self._older.get(name, []) if kind == "older version" else self._alike(name)
        others = [other for other in others if other != data]
        return Damage(name, kind, random.choice(others), "") if others else None

    def _alike(self, name: str) -> list[bytes]:
        kind = kind_of(name)
        return [
            data for other, data in self.files.items() if other != name and kind_of(other) == kind
        ]

    def damages(self, kind: str, count: int, random: Random) -> Iterator[Damage]:
        """Yield damages of a kind: as many to each kind of file, and in it to each byte alike."""
        names: dict[str, list[str]] = {}
        for name in sorted(self.files):
            names.setdefault(kind_of(name), []).append(name)
        kinds = sorted(names)
        for number in range(count):
            choice = names[kinds[number % len(kinds)]]
            name = random.choices(choice, [len(self.files[n]) + 1 for n in choice])[0]
            damage = self.damage(kind, name, random)
            if damage:
                yield damage


def _more(papers: Papers, count: int) -> Papers:
    return {
        **papers,
        **{
            f"p{n}.txt": f"第{n}期\n\n本报讯 望澜桥边茶会第{n}次。\n".encode() for n in range(count)
        },
    }


def _older(files: Mapping[str, bytes], before: Sequence[Snapshot]) -> dict[str, list[bytes]]:
    """Return what files of the same kind held in earlier versions of an index."""
    found: dict[str, list[bytes]] = {}
    for name in files:
        for version in before:
            found.setdefault(name, []).extend(
                data
                for other, data in version.items()
                if (data is not None and kind_of(other) == kind_of(name) and other != name)
                or (data is not None and other == name)
            )
    return found


@dataclass
class Table:
    """What came of damages, by kind of file and of damage."""

    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    harmless: Counter[str] = field(default_factory=Counter)

    def add(self, damage: Damage, outcome: str, by: str) -> None:
        self.rows[kind_of(damage.file), damage.kind, outcome] += 1
        if outcome in MUST_NOT:
            self.wrong.append(f"{damage}: {outcome}, {by}")
        if outcome == HARMLESS:
            self.harmless[str(damage) if damage.kind != "flip" else f"{damage.file}: flip"] += 1

    def lines(self) -> Iterator[str]:
        yield f"{'file':20} {'damage':18}" + "".join(f"{name:>18}" for name in OUTCOMES)
        for file, kind in sorted({row[:2] for row in self.rows}):
            counts = "".join(f"{self.rows[file, kind, name]:18,}" for name in OUTCOMES)
            yield f"{file:20} {kind:18}{counts}"


def spoil(
    place: Path, random: Random, counts: Mapping[str, int], *, progress: bool = False
) -> Table:
    """Damage an index so many times in each way, and return what came of it."""
    town = Town(place)
    patient = Patient(town)
    table = Table()
    done = 0
    for kind in DAMAGES:
        for damage in patient.damages(kind, counts.get(kind, 0), random):
            table.add(damage, *patient.suffer(damage))
            done += 1
            if progress and done % 500 == 0:
                sys.stderr.write(f"{done:,} damages, {len(table.wrong)} wrong\n")
    restore(town.index, patient.whole)
    with suppress(OSError):
        (town.place / "queries.tsv").unlink()
    return table
