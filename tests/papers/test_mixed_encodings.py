"""Two encodings in one file are told apart by line: what was written is what is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.model.article import Article
from search.papers.encodings.decode import decode
from search.papers.encodings.mixed import line_apart
from tests.conftest import examples
from tests.papers.reading import read

LINES = [
    "望澜河上的新桥昨日通车，两岸居民不必再绕行十里。",
    "三位画家住进了老粮站，把仓门画成了稻田。",
    "县图书馆的汽车图书室开进了山里的学校。",
    "气象站说，明天起有一场小雨。",
    "2023-08-22",
    "A03",
    "",
]


@pytest.mark.parametrize("other", ["gb18030", "cp950"])
@settings(max_examples=examples(60), deadline=None)
@given(chosen=st.lists(st.tuples(st.sampled_from(LINES), st.booleans()), min_size=2, max_size=20))
def test_each_line_is_read_in_its_own(other: str, chosen: list[tuple[str, bool]]) -> None:
    # Of each line as many characters as both encodings have.
    written = [(text.encode(other, "ignore").decode(other), as_utf8) for text, as_utf8 in chosen]
    data = b"\n".join(text.encode("utf-8" if as_utf8 else other) for text, as_utf8 in written)
    assert decode(data).text == "\n".join(text for text, _ in written)


def test_a_broken_line_of_utf8_is_not_another_encoding() -> None:
    whole, other = (line.encode() for line in LINES[:2])
    found = decode(whole[:21] + b"\xff" + whole[21:] + b"\n" + other)
    assert found.text.split("\n")[1] == LINES[1]
    assert found.broken == 1


@pytest.mark.parametrize(("first", "second"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_records_are_told_apart(first: str, second: str) -> None:
    rows = [{"title": f"第{n}篇", "body": text} for n, text in enumerate(LINES[:4])]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    data = b"".join(f"{line}\n".encode(second if n == 2 else first) for n, line in enumerate(lines))
    found = read("a.jsonl", data)
    assert [one.body for one in found if isinstance(one, Article)] == LINES[:4]
    head, *cells = ["title,body", *(f"{row['title']},{row['body']}" for row in rows)]
    table = b"".join(
        f"{line}\n".encode(second if n == 2 else first) for n, line in enumerate([head, *cells])
    )
    found = read("a.csv", table)
    assert [one.body for one in found if isinstance(one, Article)] == LINES[:4]


@pytest.mark.parametrize("damage", [b"\xa0\xa0\xa0", b"\xe5\x85\xe5\x85", b"\x80"])
def test_a_line_of_damage_alone_is_not_another_encoding(damage: bytes) -> None:
    found = decode(b"\n".join([LINES[0].encode(), damage, LINES[1].encode()]))
    assert found.encoding == "utf-8"
    assert found.broken


def test_a_line_that_could_be_either_goes_with_the_line_above() -> None:
    utf8, gbk = LINES[0].encode(), LINES[1].encode("gb18030")
    either = "模".encode("gb18030")  # in UTF-8 a letter of Latvian
    assert decode(b"\n".join([utf8, gbk, either])).text.endswith("\n模")
    assert decode(b"\n".join([gbk, utf8, either])).text.endswith("\nģ")
    assert decode(b"\n".join([either, gbk, utf8])).text.startswith("ģ\n")


def test_no_line_of_utf16_is_in_another_encoding() -> None:
    like_utf8 = "石桥石桥".encode().decode("utf-16-le")
    assert line_apart(like_utf8, "utf-16-le") is None
