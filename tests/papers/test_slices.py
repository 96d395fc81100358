"""Pieces of a file give what the file gives, wherever it is cut."""

import io
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.discover import PaperFile
from search.papers.read_paper import Limits, cut_paper, read_paper

FILE = PaperFile(Path("a.jsonl"), "a.jsonl")
LIMITS = Limits(max_record_chars=60)
RECORD = '{"title": "%s", "body": "路通了。"}'

LINES = st.lists(
    st.sampled_from(["雪", "雪", "山", "长" * 60, "\u2028", "\x85", "\x0b"]).map(RECORD.__mod__)
    | st.sampled_from(["", "{broken", " ", "雪"]),
    max_size=30,
)
NEWLINES = st.lists(st.sampled_from(["\n", "\r\n", "\r", "\n\r", "\r\r\n"]), min_size=1)


def in_pieces(data: bytes, parts: int) -> list[object]:
    pieces = cut_paper(FILE, io.BytesIO(data), parts)
    seen: Counter[str] = Counter()
    found: list[object] = []
    for piece in pieces:
        found += read_paper(FILE, io.BytesIO(data), LIMITS, piece=piece, seen=seen)
    if pieces:
        assert pieces[-1].end == len(data)
        assert all(a.end == b.start for a, b in pairwise(pieces))
    return found if pieces else list(read_paper(FILE, io.BytesIO(data), LIMITS))


@given(LINES, NEWLINES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.integers(1, 40))
def test_pieces_give_what_the_file_gives(lines, newlines, encoding, parts):
    ends = [newlines[i % len(newlines)] for i in range(len(lines))]
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    for data in (text.encode(encoding), text.rstrip("\r\n").encode(encoding)):
        whole = list(read_paper(FILE, io.BytesIO(data), LIMITS))
        assert in_pieces(data, parts) == whole


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(1, 40))
def test_broken_bytes_are_broken_where_they_are(parts, pieces):
    good = (RECORD % "雪").encode() + b"\n"
    # A file that begins as UTF-8 is UTF-8 to its end; what decides is its first 64 KiB.
    data = good + b" " * 66_000 + b"\n" + b"\n".join(parts) + b"\n" + good
    try:
        whole = list(read_paper(FILE, io.BytesIO(data), LIMITS))
    except PaperError:
        with pytest.raises(PaperError):
            cut_paper(FILE, io.BytesIO(data), pieces)
        return
    assert in_pieces(data, pieces) == whole


def test_blocks_end_anywhere(monkeypatch):
    text = "".join(RECORD % i + end for i, end in enumerate(["\r\n", "\n", "\r", "\n\r"] * 9))
    whole = list(read_paper(FILE, io.BytesIO(text.encode()), LIMITS))
    for block in range(1, 50):
        monkeypatch.setattr("search.papers.readers.records.slices._BLOCK", block)
        assert len(whole) == 36
        assert in_pieces(text.encode(), 5) == whole


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_not_cut(encoding):
    data = ((RECORD % "雪") + "\n").encode(encoding) * 20
    assert cut_paper(FILE, io.BytesIO(data), 4) == []


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.txt"])
def test_other_formats_are_not_cut(name):
    file = PaperFile(Path(name), name)
    assert cut_paper(file, io.BytesIO(b"a,b\n" * 100), 4) == []


@given(
    st.sampled_from(["gb18030", "cp950", "big5hkscs"]),
    st.lists(st.binary(max_size=4), max_size=9),
    st.integers(1, 40),
)
def test_broken_bytes_in_encodings_of_two_bytes_are_broken_where_they_are(encoding, parts, pieces):
    good = (RECORD % "雪後第一班車到站，許可").encode(encoding) + b"\n"
    data = good * 60 + b"\n".join(parts) + b"\n" + good  # so long that they make it no binary
    whole = list(read_paper(FILE, io.BytesIO(data), LIMITS))
    assert sum(isinstance(item, Article) for item in whole) >= 61
    assert in_pieces(data, pieces) == whole
