"""An index with checksums that fit and values that cannot be: an answer, or status 3.

Never a traceback, a hang, a gigabyte, or a control sequence on a terminal or in a pipe. A
sample of all that `mutator` can think of is tried here; SOU_EVERY_MUTATION=1 tries all of it,
which takes an hour.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from search.analysis.minhash import SIZE
from search.engines.whoosh.codec import (
    docstore,
    posting_lists,
    posting_steps,
    stored_fields,
    varint,
)
from search.engines.whoosh.codec.segment_reader import SIGNATURE, Segment
from search.engines.whoosh.codec.segment_writer import write_batch
from search.engines.whoosh.codec.verify import verify
from search.model.article import Article
from search.model.frozen import fields, replace
from tests.cli.running import Done, inside, sou
from tests.conftest import ROOT
from tests.sealing import put_state, reseal
from tests.security.mutator import ESCAPE, Arrays, mutations, parts_of, segment_of

EVERY = bool(os.environ.get("SOU_EVERY_MUTATION"))
SAMPLED = 30
"""Mutations, of some thousands, that are tried when not all are: half a second each."""

ARTICLE = Article(
    "abcdefghij",
    "望澜桥修缮",
    "桥已修好。",
    "a.txt",
    3,
    5,
    4,
    "键",
    "2023-08-22",
    "澜石晚报",
    ("林一舟",),
)


def archive(folder: Path) -> Path:
    """Make an index in FOLDER/index, and take most of its papers away: an update will merge."""
    papers = folder / "papers"
    papers.mkdir(parents=True)
    for name, first, last in (("a", 0, 12), ("b", 12, 40)):
        lines = [
            {
                "id": f"k{i}",
                "title": ("望澜桥修缮完成", "图书馆开放", "简讯")[i % 3] + str(i // 3),
                "body": f"望澜桥的修缮工程第{i}期完成，图书馆开放到{i}点。\n" * (1 + i % 4)
                + "桥" * (i % 5),
                "date": ("2023-08-22", "2023-05", "2001", None)[i % 4],
                "paper": ("澜石晚报", "青石日报")[i % 2],
                "author": (["林一舟", "周小满"], "林小舟", None)[i % 3],
                "section": "要闻" if i % 2 else None,
            }
            for i in range(first, last)
        ]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (papers / f"{name}.jsonl").write_text(text, "utf-8")
    assert inside("index", "papers", "--index", "index", "-j", "1", cwd=folder).status == 0
    (papers / "b.jsonl").unlink()
    return folder / "index"


def segment_file(index: Path) -> Path:
    """Return the one segment of an index."""
    [path] = index.glob("g1/*.sou")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of invented papers."""
    return archive(tmp_path)


def mutate(index: Path, **changes: bytes) -> None:
    """Give arrays of an index other bytes; `__` in a name stands for a point."""
    path = segment_file(index)
    arrays = parts_of(path.read_bytes())
    for name, data in changes.items():
        name = name.replace("__", ".")  # noqa: PLW2901
        arrays[name] = (arrays[name][0], data)
    path.write_bytes(segment_of(arrays))
    reseal(index)


def is_refused(done: Done, index: Path) -> bool:
    """Return whether a command said that the index is damaged, and which file is."""
    return (
        done.status == 3
        and segment_file(index).name in done.err
        and "damaged" in done.err
        and "Traceback" not in done.err
    )


# All of it.


def test_whatever_an_index_says_there_is_an_answer_or_status_3(tmp_path: Path) -> None:
    every = len(list(mutations(segment_file(archive(tmp_path)).read_bytes())))
    step = 1 if EVERY else every // SAMPLED
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.security.mutator",
            str(tmp_path),
            str(every % step),
            str(step),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        check=False,
        timeout=None if EVERY else 600,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line for line in lines if "trouble" in line] == []
    assert "kilobytes" in lines[-1], done.stderr.decode()  # it came to its end
    assert len(lines) > SAMPLED
    statuses = [set(line["statuses"]) for line in lines[:-1]]
    assert any(3 in some for some in statuses), "the mutations do nothing"


def test_the_index_that_is_changed_is_sound(index: Path) -> None:
    """And what puts it together again changes nothing by itself."""
    path = segment_file(index)
    before = path.read_bytes()
    assert segment_of(parts_of(before)) == before
    assert inside("check", "--index", str(index), cwd=index.parent).out == "The index is sound.\n"


# What was found, one by one.


def test_a_segment_that_is_a_pipe_is_not_waited_for(index: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    path = segment_file(index)
    path.unlink()
    os.mkfifo(path)
    for command in (["桥"], ["list"], ["check"], ["show", "a"]):
        done = sou(*command, "--index", str(index), cwd=index.parent)
        assert done.status == 3
        assert path.name in done.err + done.out
        assert "a pipe" in done.err + done.out


def test_a_segment_that_is_a_link_is_not_followed(index: Path, tmp_path: Path) -> None:
    path = segment_file(index)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    done = inside("桥", "--index", str(index), cwd=tmp_path)
    assert is_refused(done, index)
    assert "a link" in done.err


def test_an_id_cannot_carry_a_control_sequence(index: Path) -> None:
    arrays = parts_of(segment_file(index).read_bytes())
    ids = b"\x1b]52;c;YQ=" + arrays["ids"][1][10:]
    mutate(index, ids=ids, keys=b"", keys__at=bytes(len(arrays["keys.at"][1])))
    for command in (["桥", "-f", "trec", "-n", "0"], ["望澜桥", "-f", "trec", "-n", "0"]):
        done = inside(*command, "--index", str(index), cwd=index.parent)
        assert is_refused(done, index)
        assert "\x1b" not in done.out + done.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("id", value) for value in ("\x1b]52;c;", "", "a b", "a" * 11, "望", 7, None)),
        *(("line", value) for value in ("\x1b[31m", -1, 1 << 32, 10**30, 1.5, True, None, [])),
        *(("end_line", value) for value in ("3", False, -1)),
        *(("body_line", value) for value in ("4", True, {})),
        *(
            ("date", value)
            for value in ("2023-13", "\x1b", "20230822", "2023-8-2", "２０２３", 2023)
        ),
        *(("authors", value) for value in (None, "林", [1], [["林"]], [None], {"a": 1})),
        *((name, value) for name in ("title", "body", "path") for value in (None, 1, ["a"])),
        *(
            (name, value)
            for name in ("key", "paper", "section", "url", "part")
            for value in (1, [])
        ),
        *(("continued_from", value) for value in (True, {}, 1.5)),
    ],
)
def test_every_field_of_an_article_is_what_it_must_be(name: str, value: Any) -> None:
    for body in (ARTICLE.body, "长" * 100_000):  # short ones and long ones are read in two ways
        values = {**fields(ARTICLE), "body": body, name: value}
        packed = json.dumps(list(values.values()), ensure_ascii=False, separators=(",", ":"))
        with pytest.raises(ValueError, match=r"."):
            stored_fields.unpack(packed.encode())


def test_an_article_comes_back() -> None:
    bare = Article("a", "", "", "\udcff")
    odd = replace(ARTICLE, date="2023", authors=(), body='"\\[,]\x00')
    for article in (ARTICLE, bare, odd):
        long = replace(article, body=article.body + "长" * 100_000)
        assert stored_fields.unpack(stored_fields.pack(article)) == article
        assert stored_fields.unpack(stored_fields.pack(long)) == long


@pytest.mark.parametrize(
    "packed",
    [
        *(b"", b"[]", b"[[[", b"{}", b"null", b"\xff", b"[" * 10**6, b'["a"' * 10**5),
        stored_fields.pack(ARTICLE)[:-1],
        stored_fields.pack(ARTICLE) + b"]",
        stored_fields.pack(ARTICLE)[:-1] + b",1]",
        stored_fields.pack(ARTICLE)[1:],
        b"[" + b"[]," * 10**6 + b"[]]",
    ],
)
def test_what_is_no_article_is_a_value_error(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        stored_fields.unpack(packed)


@pytest.mark.parametrize(
    "text", ["", "[", "[1]", '["a"', '["a",]', '["a"]]', '{"a":1}', "[" * 10**6]
)
def test_a_byline_is_a_list_of_names(text: str) -> None:
    assert stored_fields.names('["林一舟","a"]') == ("林一舟", "a")
    assert stored_fields.names("[]") == ()
    with pytest.raises(ValueError, match=r"."):
        stored_fields.names(text)


# Blocks of articles.


def with_first_block(index: Path, packed: bytes) -> None:
    """Put another block of articles in the place of the first."""
    arrays = parts_of(segment_file(index).read_bytes())
    at = memoryview(arrays["stored.at"][1]).cast("I").tolist()
    shift = len(packed) - at[1]
    changed = [0, *(place + shift for place in at[1:])]
    mutate(
        index,
        stored=packed + arrays["stored"][1][at[1] :],
        stored__at=b"".join(place.to_bytes(4, "little") for place in changed),
    )


@pytest.mark.parametrize("sized", [True, False])
def test_a_small_block_is_not_unpacked_to_a_large_one(
    index: Path, sized: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressor = zstandard.ZstdCompressor(write_content_size=sized)
    with_first_block(index, compressor.compress(bytes(1 << 28)))
    unpacked: list[int] = []
    read = docstore.Blocks._unpacked

    def listen(self: docstore.Blocks, block: int) -> bytes:
        text = read(self, block)
        unpacked.append(len(text))
        return text

    monkeypatch.setattr(docstore.Blocks, "_unpacked", listen)
    done = inside("list", "--index", str(index), cwd=index.parent)
    assert is_refused(done, index)
    assert max(unpacked, default=0) < 1 << 20


@pytest.mark.parametrize("size", [1, 4096, docstore.ANYWAY, docstore.ANYWAY + 1, 3_000_000])
def test_what_the_writer_packs_the_reader_unpacks(tmp_path: Path, size: int) -> None:
    """A page of dots packs to next to nothing, and is no bomb."""
    article = replace(ARTICLE, body="." * size)
    write_batch(tmp_path / "a.sou", [article, replace(article, id="b"), ARTICLE])
    segment = Segment(tmp_path, "a.sou")
    try:
        assert segment.article(0) == article
        assert segment.article(2) == ARTICLE
        assert verify(segment) == []
    finally:
        segment.close()


def test_blocks_that_are_kept_take_bounded_memory(tmp_path: Path) -> None:
    large = [replace(ARTICLE, id=f"a{i}", body=f"{i}" * 300_000) for i in range(9)]
    write_batch(tmp_path / "a.sou", large)
    segment = Segment(tmp_path, "a.sou")
    try:
        for number in (0, 1, 2, 3, 0, 4, 5, 6, 7, 8, 8, 0):
            assert segment.article(number) == large[number]
            kept = sum(segment.blocks._sizes.values())
            assert kept <= docstore.KEPT_BYTES + 300_500
        assert 1 < len(segment.blocks._kept) < 9
    finally:
        segment.close()


# Numbers and lists.


@pytest.mark.parametrize(
    "data", [b"\x80" * 10**6, b"\xff" * 9 + b"\x00", b"\x01\x80", b"\xff" * 5 + b"\x7f"]
)
def test_numbers_end(data: bytes) -> None:
    with pytest.raises(ValueError, match="number"):
        varint.decode(data)
    with pytest.raises(ValueError, match="number"):
        varint.decode_few(data)


@pytest.mark.parametrize("data", [b"\xff" * 10**6, b"\xff" * 5 + b"\x00", b"\x80"])
def test_one_number_ends(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        varint.one(data, 0)


@pytest.mark.parametrize("read", [posting_lists.with_frequencies, posting_steps.with_frequencies])
def test_frequencies_are_inside_their_list(read: Callable[[memoryview], Any]) -> None:
    with pytest.raises(ValueError, match="frequencies"):
        read(memoryview(b"\x04\x09\x02\x02"))


FIELD = "grams__body"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("grams.body.at", (1 << 32) - 1),  # positions: an array of one in 64 was made of them
        ("grams.body.firsts", (1 << 32) - 1),  # pairs: an array of all of them was made
        ("grams.body.ends", (1 << 32) - 1),
        ("grams.body.singles.ends", (1 << 32) - 1),
        ("paths.of", (1 << 32) - 1),
        ("stored.firsts", (1 << 32) - 1),
        ("ids.at", (1 << 32) - 1),
    ],
)
def test_numbers_that_are_too_large(index: Path, name: str, value: int) -> None:
    arrays = parts_of(segment_file(index).read_bytes())
    data = arrays[name][1]
    half = len(data) // 8 * 4
    for changed in (data[:-4], data[:half]):
        rest = data[len(changed) + 4 :]
        mutate(index, **{name.replace(".", "__"): changed + value.to_bytes(4, "little") + rest})
        check = inside("check", "--index", str(index), cwd=index.parent)
        assert check.status == 3
        assert segment_file(index).name in check.out + check.err
        for command in (["望?桥"], ["~望澜桥修"], ["list"], ["望澜桥", "-c"]):
            done = inside(*command, "--index", str(index), cwd=index.parent)
            assert done.status in {0, 1} or is_refused(done, index)


def test_an_update_merges_no_absurd_segment(index: Path) -> None:
    arrays = parts_of(segment_file(index).read_bytes())
    before = segment_file(index)
    data = arrays["grams.body.postings"][1]
    mutate(index, grams__body__postings=data[:-1] + b"\x7f")
    done = inside("index", "--yes", "--index", str(index), cwd=index.parent)
    assert is_refused(done, index)
    assert segment_file(index) == before


# What is told of it.


def test_check_names_the_file_and_what_is_wrong(index: Path) -> None:
    arrays = parts_of(segment_file(index).read_bytes())
    lines = arrays["lines"][1]
    mutate(index, lines=(7).to_bytes(4, "little") + lines[4:])
    done = inside("check", "--index", str(index), cwd=index.parent)
    assert done.status == 3
    assert f"{segment_file(index).name}: " in done.out
    assert "article 0" in done.out


def test_an_error_of_ours_is_none_of_the_index(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("search.engines.whoosh.engine.WhooshEngine._search", broken)
    done = inside("桥", "--index", str(index), cwd=index.parent)
    assert done.status == 70
    assert "ZeroDivisionError: ours" in done.err


@pytest.mark.parametrize(
    "error", [RecursionError, MemoryError, OverflowError, StopIteration, KeyError]
)
def test_any_error_is_looked_into(
    index: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    arrays = parts_of(segment_file(index).read_bytes())
    mutate(index, first=arrays["first"][1][:-4] + b"\xff\xff\xff\xff")

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr("search.engines.whoosh.engine.WhooshEngine._search", broken)
    assert is_refused(inside("桥", "--index", str(index), cwd=index.parent), index)


@pytest.mark.parametrize(("where", "status"), [("updated", 3), ("analysis", 3), ("source", 0)])
def test_names_in_sou_json_reach_no_terminal(index: Path, where: str, status: int) -> None:
    path = index / "sou.json"
    state = json.loads(path.read_text("utf-8"))
    if where == "updated":
        state["updated"] += ESCAPE
    elif where == "analysis":
        state["analysis"][f"x{ESCAPE}"] = 1
    else:
        escape = ESCAPE.replace("\0", "")  # with which it would be no path
        state["sources"][0]["shown"] += f"{escape}\nsource    forged"
    put_state(index, state)
    for terminal in (True, False):
        done = inside("status", "--index", str(index), cwd=index.parent, terminal=terminal)
        assert done.status == status
        assert ("forged" in done.out) == (where == "source")
        assert not set("\x1b\x9b\x07\u202e\x00") & set(done.out + done.err)
        assert "\nsource    forged" not in done.out


def test_names_of_papers_reach_no_terminal(index: Path) -> None:
    arrays: Arrays = parts_of(segment_file(index).read_bytes())
    papers = arrays["papers"][1]
    text = (f"{ESCAPE}\nsou: all is well".encode() * 9)[: len(papers)]
    at = len(papers).to_bytes(4, "little")
    mutate(index, papers=text, papers__at=b"\0\0\0\0" + at + at)
    for terminal in (True, False):
        for command, status in ((["桥", "--paper", "没有"], 1), (["桥", "--facet", "paper"], 0)):
            done = inside(*command, "--index", str(index), cwd=index.parent, terminal=terminal)
            assert done.status == status
            assert "52;c;" in done.out + done.err  # it is shown, and harmless
            assert not set("\x9b\x07\u202e\x00") & set(done.out + done.err)
            assert "\x1b]52" not in done.out + done.err  # other sequences are styles of ours
            assert "\nsou: all is well" not in done.out + done.err


def test_the_size_of_a_signature_is_that_of_signatures() -> None:
    assert SIGNATURE == SIZE
