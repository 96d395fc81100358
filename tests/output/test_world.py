from __future__ import annotations

import errno
import io
import os
import subprocess
import sys

import pytest

from search.model.errors import EXIT_NOTHING, RequestError
from search.output.world import ClosedPipeError, World, until_closed

from .fakes import fake_world, written


class FakeTerminal(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")

    def isatty(self) -> bool:
        return True


def world_of(monkeypatch, *, terminal: bool, **environ: str) -> World:
    monkeypatch.setattr(sys, "stdout", FakeTerminal() if terminal else io.StringIO())
    return World.of_process(environ)


@pytest.mark.skipif(os.name == "nt", reason="Windows terminals are told apart otherwise")
@pytest.mark.parametrize(
    ("terminal", "environ", "styles", "colour", "links"),
    [
        (True, {"TERM": "xterm"}, True, True, True),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, True, False, True),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, True, True, True),
        (True, {"TERM": "dumb"}, False, False, False),
        (True, {"TERM": "linux"}, True, True, False),
        (True, {}, False, False, False),
        (False, {"TERM": "xterm"}, False, False, False),
        (False, {"FORCE_COLOR": "1"}, True, True, False),
        (False, {"FORCE_COLOR": "0"}, False, False, False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False, False),
    ],
)
def test_what_the_environment_says(monkeypatch, terminal, environ, styles, colour, links):
    world = world_of(monkeypatch, terminal=terminal, **environ)
    assert (world.terminal, world.styles, world.colour, world.links) == (
        terminal,
        styles,
        colour,
        links,
    )


def test_a_closed_stdout_is_a_world_too(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    world = World.of_process({})
    world.write("网格化\udcff")
    world.tell("还在")
    world.flush()


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", "格\n".encode() + b"\xff"),
        ("ascii", b"\\u683c\n\xff"),
        ("gbk", "格\n".encode("gbk") + b"\xff"),
        ("utf-16-le", "格\n\\udcff".encode("utf-16-le")),
        ("utf-8-sig", b"\xef\xbb\xbf" + "格\n\\xff".encode()),
    ],
)
def test_write_never_fails_to_encode(encoding, data):
    world = fake_world(encoding)
    world.write("格\n")
    world.write("\udcff")
    assert written(world) == data
    assert world.unicode is (encoding == "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "latin-1", "utf-16-le"])
def test_a_terminal_gets_no_byte_that_is_no_text(encoding):
    world = fake_world(encoding, terminal=True)
    world.write("格/\udc9b2J\ud800.txt")
    char = "\\u683c" if encoding == "latin-1" else "格"
    assert written(world).decode(encoding) == char + "/\\x9b2J\\ud800.txt"


def test_a_lone_surrogate_that_is_no_byte_is_escaped():
    world = fake_world()
    world.write("\ud800")
    assert written(world) == b"\\ud800"


def test_tell_is_harmless_and_encodable():
    world = World(io.StringIO(), io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    world.tell("bad: \x1b格", "     ^")
    assert world.stderr.buffer.getvalue() == b"bad: \\u241b\\u683c\n     ^\n"


class FailingStream(io.StringIO):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, _: str) -> int:
        raise OSError(self.number, os.strerror(self.number))

    flush = write  # type: ignore[assignment]


def test_a_closed_pipe_ends_the_work_with_success():
    world = World(FailingStream(errno.EPIPE), io.StringIO())
    reached = []

    def work() -> int:
        world.write("甲")
        reached.append(1)
        return EXIT_NOTHING

    assert until_closed(world, work) == 0
    assert not reached


def test_a_full_disk_is_an_error():
    world = World(FailingStream(errno.ENOSPC), io.StringIO())
    with pytest.raises(RequestError, match="No space left"):
        world.write("甲")


def test_a_broken_pipe_of_another_kind_is_not_silenced():
    def work() -> int:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        until_closed(fake_world(), work)


def test_flush_reports_a_closed_pipe():
    stream = FailingStream(errno.EPIPE)
    stream.flush = lambda: stream.write("")  # type: ignore[method-assign]
    with pytest.raises(ClosedPipeError):
        World(stream, io.StringIO()).flush()


PROGRAM = """
import sys
from search.output.world import World, until_closed
world = World.of_process()
def work():
    for _ in range(int(sys.argv[1])):
        world.write("x" * 99 + "\\n")
    return 1
sys.exit(until_closed(world, work))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX pipe")
@pytest.mark.parametrize("lines", [1, 100_000], ids=["at flush", "at write"])
def test_a_real_closed_pipe_is_silent(lines):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", PROGRAM, str(lines)]
    environ = {name: os.environ[name] for name in os.environ if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(command, env=environ, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
