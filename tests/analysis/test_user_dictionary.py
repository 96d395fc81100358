"""The user's own words: the same in a query and in an index, and nothing else changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import segment, user_dictionary
from search.analysis.fold import END, fold
from search.analysis.segment_batch import cut_many
from search.query import query_terms
from search.searching.user_words import read_words

LETTERS = "志愿服务网格化义工望澜桥的aA1，"
WORDS = st.frozensets(st.text("志愿服务网格化义工", min_size=2, max_size=5), min_size=1, max_size=6)


@contextmanager
def using(*words: str) -> Iterator[None]:
    user_dictionary.use(frozenset(words))
    try:
        yield
    finally:
        user_dictionary.use(frozenset())


def test_a_word_is_cut_as_one() -> None:
    assert segment.cut("义工服务网格化管理") != ["义工服务", "网格化", "管理"]
    before = segment.segment("义工服务网格化管理")
    with using("义工服务"):
        assert segment.cut("义工服务网格化管理") == ["义工服务", "网格化", "管理"]
        assert segment.segment("义工服务网格化管理") == [*before, "义工服务"]
        assert ("义工服务", 0, 4) in list(segment.positions("义工服务网格化管理"))
        assert query_terms.all_of("义工服务网格") == (("义工服务",), ("网格",))
    assert ("义工服务",) not in query_terms.all_of("义工服务网格")  # nothing old is remembered


def test_the_longest_counts() -> None:
    with using("义工", "义工服务", "服务队"):
        assert segment.cut("义工服务队") == ["义工服务", "队"]


@given(WORDS, st.lists(st.text(LETTERS, max_size=30).map(fold), min_size=1, max_size=4))
def test_the_same_words_in_a_query_and_in_an_index(words: frozenset[str], texts: list[str]) -> None:
    with using(*words):
        found = [Counter[str]() for _ in texts]
        for first, some in cut_many("".join(text + END for text in texts)):
            number = first
            for word in some:
                if word == END:
                    number += 1
                elif word != " ":
                    found[number][word] += 1
        assert found == [Counter(segment.segment(text)) for text in texts]


@given(WORDS, st.text(LETTERS, max_size=30).map(fold))
def test_pieces_make_the_text(words: frozenset[str], text: str) -> None:
    with using(*words):
        pieces = list(user_dictionary.parted(text))
        assert "".join(piece for piece, _ in pieces) == text
        by_length = sorted(words, key=len, reverse=True)
        expected = re.findall("|".join(by_length), text)
        assert (
            [piece for piece, known in pieces if known] == expected == user_dictionary.added(text)
        )
        assert "".join(segment.cut(text)) == "".join(
            word for piece, known in pieces for word in ([piece] if known else segment.cut(piece))
        )
    assert list(user_dictionary.parted(text)) == ([(text, False)] if text else [])


def test_a_thousand_words_are_found_in_bulk() -> None:
    words = {chr(0x4E00 + i) + chr(0x5E00 + i) + "桥" * (i % 3) for i in range(1000)}
    text = "".join(f"在{word}上" for word in sorted(words)) + END
    with using(*words):
        assert user_dictionary.added_many(text, END) == [*user_dictionary.added(text[:-1]), END]


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(
        "\ufeff# 说明\n望澜桥\n網格化服務管理 10 n\n云计算 5\n创新办 ns\n\nC919号\n"
        "桥\nchatgpt\n望 澜 桥 修\n望澜桥 3\n“桥”\n" + "长" * 31 + "\n",
        "utf-8",
    )
    words, mistakes = read_words(path)
    assert words == {"望澜桥", "网格化服务管理", "云计算", "创新办", "c919号"}
    assert [mistake.line for mistake in mistakes] == [8, 9, 10, 11, 12, 13]
    assert "line 2" in mistakes[3].reason


@given(st.binary(max_size=60))
def test_any_bytes_give_words_and_mistakes(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.txt"
        path.write_bytes(data)
        words, _ = read_words(path)
    assert all(fold(word) == word and len(word) > 1 for word in words)


def test_fingerprints() -> None:
    assert user_dictionary.fingerprint(frozenset()) == 0
    assert user_dictionary.fingerprint(frozenset({"甲乙", "丙丁"})) == user_dictionary.fingerprint(
        frozenset({"丙丁", "甲乙"})
    )
    assert user_dictionary.fingerprint(frozenset({"甲乙"})) != user_dictionary.fingerprint(
        frozenset({"甲丙"})
    )


@pytest.mark.parametrize("words", [(), ("义工服务",)])
def test_what_is_used_can_be_asked(words: tuple[str, ...]) -> None:
    with using(*words):
        assert user_dictionary.used() == frozenset(words)
