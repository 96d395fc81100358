"""An index that says what cannot be, with checksums that fit: made, and asked everything.

`mutations` takes each array of a segment, each entry of its table and each field of a stored
article, and gives it values that it must not have. `python -m tests.security.mutator FOLDER
FIRST STEP` lets every command loose on every STEP-th of them, from FIRST on, in a process of
little memory, and prints what came of each as a line of JSON.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import struct
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import zstandard

from search.model.facets import FACETS
from tests.sealing import parts, reseal

MAGIC = b"sou segment 003\n"
BLOCK = 8192
SIZES = {"B": 1, "H": 2, "I": 4, "Q": 8}
ESCAPE = "\x1b]52;c;YQ==\x07\x9b31m\u202e\x00"
"""Sets the clipboard of a terminal, among other things."""

SECONDS = 30
"""Of CPU for all commands on one index. They take half a second, some of them one."""

WAITING = 600
"""Seconds of time: a machine may be busy, but what waits for something waits for ever."""

MEMORY = 3 << 30
"""Of addresses: numpy's libraries reserve a gigabyte of them before they do anything."""

RESIDENT = 500 << 20
"""Of memory that was ever in use."""

Arrays = dict[str, tuple[str, bytes]]
"""The type and the bytes of each array of a segment."""


@dataclass(frozen=True)
class Mutation:
    """Something absurd, by a name that says what; `make` returns the segment's file.

    `opens` is false where the segment cannot even be opened: then a few commands are enough.
    """

    name: str
    make: Callable[[], bytes]
    opens: bool = True


# Segments, taken apart and put together.


def parts_of(segment: bytes) -> Arrays:
    """Return the arrays of a segment's file."""
    _, start, length, _, _ = struct.unpack("<QQII4s", segment[-28:])
    table = json.loads(segment[start : start + length])
    return {name: (kind, segment[at : at + size]) for name, (at, size, kind) in table.items()}


def segment_of(arrays: Arrays, change: Callable[[dict[str, Any]], object] | None = None) -> bytes:
    """Return the file of some arrays. `change` gets its table and may return another one."""
    out = bytearray(MAGIC)
    table: dict[str, Any] = {}
    for name, (kind, data) in arrays.items():
        out += bytes(-len(out) % 8)
        table[name] = [len(out), len(data), kind]
        out += data
    changed = change(table) if change else None
    text = changed if isinstance(changed, bytes) else json.dumps(table).encode()
    rest = text
    for i in range(0, len(out), BLOCK):
        rest += struct.pack("<I", zlib.crc32(out[i : i + BLOCK]))
    rest += struct.pack("<QQI", len(out) + len(rest) + 28, len(out), len(text))
    return bytes(out) + rest + struct.pack("<I4s", zlib.crc32(rest), b"sou\n")


# What is absurd.


def mutations(segment: bytes) -> Iterator[Mutation]:
    """Yield every mutation of a segment."""
    arrays = parts_of(segment)
    for name in arrays:
        yield from _of_array(arrays, name)
        yield from _of_entry(arrays, name)
    yield from _of_table(arrays)
    yield from _of_articles(arrays)
    yield from _of_texts(arrays)


def _with(arrays: Arrays, name: str, kind: str, data: bytes) -> Callable[[], bytes]:
    return lambda: segment_of({**arrays, name: (kind, data)})


def _of_array(arrays: Arrays, name: str) -> Iterator[Mutation]:
    kind, data = arrays[name]
    size = SIZES[kind]
    count, most = len(data) // size, (1 << 8 * size) - 1
    documents = len(arrays["first"][1]) // 4

    def mutation(what: str, changed: bytes, of: str = kind) -> Mutation:
        return Mutation(f"{name}: {what}", _with(arrays, name, of, changed))

    for i in sorted({0, count // 2, count - 1} if count else set()):
        old = int.from_bytes(data[i * size : (i + 1) * size], "little")
        wrong = {0, 1, old + 1, documents, count, 0x7F, 0x80}
        wrong |= {most, (most >> 1) + 1, 1 << 20, 0x110000, 0xD800}
        for value in sorted(value for value in wrong if value <= most and value != old):
            item = value.to_bytes(size, "little")
            yield mutation(f"[{i}] = {value}", data[: i * size] + item + data[(i + 1) * size :])
    for value in (0, 0x7F, 0x80, 0xFF, 0x03):
        if data:
            yield mutation(f"all bytes {value:#x}", bytes([value]) * len(data))
    yield mutation(
        "backwards", b"".join(data[i : i + size] for i in range(0, len(data), size)[::-1])
    )
    yield mutation("empty", b"")
    yield mutation("half", data[: count // 2 * size])
    yield mutation("twice", data * 2)
    yield mutation("to and fro", (bytes(size) + most.to_bytes(size, "little")) * (count // 2))
    yield mutation("a megabyte of 0xff", b"\xff" * (1 << 20))
    yield Mutation(
        f"{name}: missing",
        lambda: segment_of({other: arrays[other] for other in arrays if other != name}),
    )
    for other, of_other in SIZES.items():
        if other != kind and len(data) % of_other == 0:
            yield mutation(f"of type {other}", data, other)


def _of_entry(arrays: Arrays, name: str) -> Iterator[Mutation]:
    wrong: list[Any] = [-1, 1 << 62, 10**30, True, 1.5, None, "0", [], 3]
    for place, what in enumerate(("offset", "size", "type")):
        kinds = ["d", "Z", "", "BB", "P", 0, None, [], {}]
        for value in kinds if what == "type" else wrong:

            def put(table: dict[str, Any], value: Any = value, place: int = place) -> None:
                table[name][place] = value

            yield Mutation(
                f"{name}: {what} {value!r}", lambda put=put: segment_of(arrays, put), opens=False
            )
    for value in (None, 0, "abcd", [], [0, 0, "B"], [0, 0, "B", 0, 0], {"a": 1}):

        def replace(table: dict[str, Any], value: Any = value) -> None:
            table[name] = value

        yield Mutation(
            f"{name}: entry {value!r}",
            lambda put=replace: segment_of(arrays, put),
            opens=False,
        )


def _of_table(arrays: Arrays) -> Iterator[Mutation]:
    deep = b"[" * 60_000
    for what, text in {
        "a list": b"[]",
        "a number": b"1",
        "nothing": b"null",
        "no JSON": b"{",
        "not text": b"\xff\xfe",
        "deep": deep,
        "deep inside": b'{"first":' + deep + b"}",
        "empty": b"{}",
        "a long number": b'{"first":[' + b"9" * 5000 + b',0,"B",0]}',
        "infinite": b'{"first":[1e999,NaN,"B",0]}',
        "a name that is none": json.dumps({ESCAPE: [0, 0, "B", 0]}).encode(),
        "huge": b'{"a":[' + b"0," * (1 << 20) + b"0]}",
    }.items():
        yield Mutation(
            f"table: {what}", lambda text=text: segment_of(arrays, lambda _: text), False
        )


def _of_articles(arrays: Arrays) -> Iterator[Mutation]:
    """Yield segments in which a field of the first article is something else."""
    at = struct.unpack(f"<{len(arrays['stored.at'][1]) // 4}I", arrays["stored.at"][1])
    first = zstandard.ZstdDecompressor().decompress(arrays["stored"][1][: at[1]])
    rest = first.split(b"\n")[1:]
    article = json.loads(first.split(b"\n")[0])

    def stored(packed: bytes) -> Callable[[], bytes]:
        shift = len(packed) - at[1]
        offsets = struct.pack(f"<{len(at)}I", 0, *(place + shift for place in at[1:]))
        whole = packed + arrays["stored"][1][at[1] :]
        return lambda: segment_of({**arrays, "stored": ("B", whole), "stored.at": ("I", offsets)})

    def written(what: str, line: bytes) -> Mutation:
        text = b"\n".join([line, *rest])
        packed = zstandard.ZstdCompressor().compress(text)
        return Mutation(f"article: {what}", stored(packed.ljust(len(text) // 64, b"\0")))

    wrong = [ESCAPE, "", "0", -1, 0, 1 << 32, 10**30, 1.5, True, None, [], ["a", 1], {"a": 1}]
    wrong += [[["a"]], "长" * 3000, "2023-99-99", [ESCAPE], "\ud800", [None]]
    for i in range(len(article)):
        for value in wrong:
            line = _line([*article[:i], value, *article[i + 1 :]])
            yield written(f"field {i} = {value!r:.20}", line.encode("utf-8", "surrogatepass"))
    for what, line in {
        "too few fields": _line(article[:5]).encode(),
        "too many fields": _line([*article, 1]).encode(),
        "deep": b"[" * 100_000,
        "deep authors": _line([*article[:10], 0]).encode()[:-2] + b"[" * 100_000,
        "a megabyte of lists": b"[" + b"[]," * 300_000 + b"[]]",
        "no JSON": b"{",
        "a string": b'"a"',
        "nothing": b"",
        "not text": b"\xff\xfe\xfd",
        "not a number": b"[NaN,Infinity]",
    }.items():
        yield written(what, line)
    huge = bytes(1 << 28)
    compressor = zstandard.ZstdCompressor()
    unsized = zstandard.ZstdCompressor(write_content_size=False)
    makes: dict[str, Callable[[], bytes]] = {
        "a bomb": lambda: compressor.compress(huge),
        "a bomb of no size": lambda: unsized.compress(huge),
        "a bomb that says less": lambda: _saying(compressor.compress(huge), 100),
        "a size that is a lie": lambda: _saying(compressor.compress(huge), 1 << 40),
        "zeros": lambda: bytes(100),
        "cut off": lambda: arrays["stored"][1][: at[1] // 2],
        "newlines": lambda: compressor.compress(b"\n" * (1 << 22)).ljust(1 << 17, b"\0"),
    }
    for what, make in makes.items():
        yield Mutation(f"block: {what}", lambda make=make: stored(make())())


def _line(values: list[Any]) -> str:
    """Return values as articles are stored: compact."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _saying(frame: bytes, size: int) -> bytes:
    """Return a frame that says another size of what it unpacks to (RFC 8878, 3.1.1.1)."""
    single = frame[4] & 0x20
    begin = 5 + (0 if single else 1)
    old = (1 if single else 0, 2, 4, 8)[frame[4] >> 6]
    return (
        frame[:4]
        + bytes([frame[4] & 0x3F | 0xC0])
        + frame[5:begin]
        + (size.to_bytes(8, "little") + frame[begin + old :])
    )


def _of_texts(arrays: Arrays) -> Iterator[Mutation]:
    """Yield segments with control sequences in columns, and lists of names that are none."""
    sequence = ESCAPE.encode()
    for name in ("ids", "keys", "paths", "papers", "sections", "bylines", "words.body.terms"):
        kind, data = arrays[name]
        text = (sequence * (len(data) // len(sequence) + 1))[: len(data)]
        yield Mutation(f"{name}: control sequences", _with(arrays, name, kind, text))
    for what, text in {"deep": b"[", "an object": b'{"a":1} ', "numbers": b"[1,2,3] "}.items():
        data = arrays["bylines"][1]
        changed = (text * (len(data) // len(text) + 1))[: len(data)]
        yield Mutation(f"bylines: {what}", _with(arrays, "bylines", "B", changed))


# What is asked of it.

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

SEARCHES: tuple[tuple[str, ...], ...] = (
    ("望澜桥",),
    ("望澜桥", "-c"),
    ("望澜桥", "-l"),
    ('"图书馆开放"', "-f", "json"),
    ("桥", "-f", "jsonl"),
    ("的", "-c"),
    ("望澜桥的修缮什么时候完成", "--any", "-f", "trec"),
    ("NOT 望澜桥", "-l"),
    ("paper:澜石 section:要闻 author:林", "-f", "csv"),
    ("桥梁工程修缮", "-f", "tsv"),
)
"""Those that may do without numpy; they are asked with it and without."""

PATTERNS: tuple[tuple[str, ...], ...] = (
    ("望?桥",),
    ("望*修缮", "-c"),
    ("~望澜侨修缮", "-l"),
    ("/望.桥[修开]/",),
    ("望澜 NEAR/9 修缮",),
    ("author:林?舟 OR 林*舟",),
)

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("search", "桥", *(f"--facet={name}" for name in FACETS), "-f", "plain"),
    ("search", "桥", "--facet", "author", "-f", "json"),
    ("search", "桥", "--sort", "date"),
    ("search", "桥", "--sort=-date", "--since", "2001", "--until", "2023-05"),
    ("search", "望澜桥", "--explain", "-f", "plain"),
    ("search", "望澜乔修缮"),
    ("search", "桥", "--paper", "没有"),
    ("similar", "ID"),
    ("terms", "桥"),
    ("show", "ID"),
    ("show", "ID", "-f", "plain"),
    ("list",),
    ("list", "-f", "csv"),
    ("list", "-f", "plain", "--sort", "date"),
    ("list", "--path", "*.txt"),
    ("status",),
    ("check",),
    ("index", "--yes"),
)


@cache
def _made(app: Any) -> Any:
    from typer.main import get_group

    return get_group(app)


FEW = (("search", "桥", "-c"), ("list",), ("status",), ("check",), ("index", "--yes"))


class Trouble(AssertionError):
    """What must not come of a command."""


def ask(index: Path, identity: str, named: str, *, everything: bool) -> set[int]:
    """Run all commands on an index, or a few. Returns the statuses; raises Trouble.

    `identity` is the id of an article, and `named` what an error of the index must name.
    """
    if not everything:
        return {_one(command, index, named) for command in FEW}
    from search.engines.whoosh.engine import WhooshEngine

    statuses = set()
    chosen = WhooshEngine._is_over_before_numpy
    for plain in (False, True):
        WhooshEngine._is_over_before_numpy = lambda *_, plain=plain: plain  # type: ignore[method-assign,misc]
        for words in SEARCHES:
            statuses.add(_one(("search", *words), index, named))
    WhooshEngine._is_over_before_numpy = chosen  # type: ignore[method-assign]
    for words in PATTERNS:
        statuses.add(_one(("search", *words), index, named))
    for command in COMMANDS:
        statuses.add(_one(tuple(identity if c == "ID" else c for c in command), index, named))
    return statuses


def _one(command: tuple[str, ...], index: Path, named: str) -> int:
    """Run one command, to a terminal and to a pipe, and look at what comes of it."""
    status = -1
    for terminal in (True, False) if "桥" in command else (len(" ".join(command)) % 2 == 0,):
        status, out, err, cause = _run([*command, "--index", str(index)], terminal)
        said = f"{' '.join(command)}: status {status}\n{out[-300:]}\n{err[-600:]}"
        if status not in {0, 1, 3}:
            raise Trouble(said)
        if status == 3 and named not in out + err:
            raise Trouble(f"it does not name {named}: {said}")
        if isinstance(cause, MemoryError):
            raise Trouble(f"it took all memory: {said}")
        # Paths are written exactly where a program reads them (docs/output.md).
        exact = not terminal and {"-l", "csv"} & set(command)
        if _FORBIDDEN.search(err if exact else out + err):
            raise Trouble(f"control characters: {said!r}")
    return status


def _run(arguments: list[str], terminal: bool) -> tuple[int, str, str, BaseException | None]:
    import typer

    from search import cli
    from search.cli import exit_status
    from search.output.world import World

    typer.main.get_command = _made  # made again for each call, it would take half of the time

    out, err = io.StringIO(), io.StringIO()
    world = World(out, err, terminal=terminal, width=80)
    causes: list[BaseException | None] = [None]
    complain = exit_status.complain

    def listen(world: World, error: Any) -> None:
        causes.append(error.__cause__)
        complain(world, error)

    exit_status.complain = listen
    try:
        status = cli.run(arguments, world)
    finally:
        exit_status.complain = complain
    return status, out.getvalue(), err.getvalue(), causes[-1]


# The process in which it happens.


def loose(folder: Path, first: int, step: int) -> Iterator[dict[str, Any]]:
    """Try every `step`-th mutation of the index in FOLDER/index, from `first` on."""
    sound = folder / "index"
    _, segments, _ = parts(sound)
    generation = segments.parent
    [listed] = json.loads(segments.read_bytes())["segments"]
    segment = (generation / listed[0]).read_bytes()
    identity = parts_of(segment)["ids"][1][:10].decode()
    tried = folder / f"tried{first}"
    for number, mutation in enumerate(mutations(segment)):
        if number % step != first:
            continue
        shutil.rmtree(tried, ignore_errors=True)
        shutil.copytree(sound, tried)
        (tried / generation.name / listed[0]).write_bytes(mutation.make())
        reseal(tried)
        done: dict[str, Any] = {"name": mutation.name}
        _bounded(mutation.name)
        try:
            done["statuses"] = sorted(ask(tried, identity, listed[0], everything=mutation.opens))
        except Trouble as exc:
            done["trouble"] = str(exc)
        except BaseException:  # noqa: BLE001  (whatever comes of a command is what is looked for)
            done["trouble"] = traceback.format_exc()
        yield done


def _bounded(name: str) -> None:
    """End the process if this mutation takes too long: nothing could be said of the next."""

    def late(*_: object) -> None:
        _tell({"name": name, "trouble": "it hangs"})
        traceback.print_stack()
        os._exit(1)

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.signal(signal.SIGALRM, late)
    signal.alarm(WAITING)


def main(folder: Path, first: int, step: int) -> None:
    """Print what came of mutations, a line of JSON each, and the memory it took."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(folder)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for done in loose(folder, first, step):
        now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if now > most and now << 10 > RESIDENT:
            done["trouble"] = f"it took {now >> 10} MB" + done.get("trouble", "")
        most = max(most, now)
        _tell(done)
    _tell({"kilobytes": most})


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
