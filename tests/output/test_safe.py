from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings

from search.output.safe import pieces, safe, safe_block, safe_path

from .fakes import marked_texts, texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m红", "␛[31m红"),
        ("\x9b31m红", "31m红"),
        ("突\n\n发\t事件\r\n", "突  发 事件 "),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("\x00\x7f", "␀␡"),
        ("\udc80", "\ufffd"),
        ("葛\U000e0100", "葛\U000e0100"),  # a variation selector is part of the character
    ],
)
def test_safe(text, shown):
    assert safe(text) == shown


@settings(deadline=None)
@given(texts)
def test_nothing_safe_can_act_on_a_terminal(text):
    bad = {"Cc", "Cs", "Zl", "Zp"}
    assert not [char for char in safe(text) if unicodedata.category(char) in bad]
    assert not set(safe(text)) & set("\u200b\u202e\u2066\ufeff")
    assert safe(safe(text)) == safe(text)
    left = set(safe_block(text)) - set("\n\t")
    assert not [char for char in left if unicodedata.category(char) in bad]


def test_a_block_keeps_its_lines():
    assert safe_block("甲\r\n\r乙\t丙\x1b") == "甲\n\n乙\t丙␛"


def test_a_path_keeps_bytes_that_are_no_text():
    assert safe_path("a\udcff\x1b\n") == "a\udcff␛ "


@settings(deadline=None)
@given(marked_texts())
def test_pieces_are_the_safe_text(marked):
    text, spans = marked
    cut = list(pieces(text, spans))
    assert "".join(piece for piece, _ in cut).replace(" ", "") == safe(text).replace(" ", "")
    assert [piece for piece, is_match in cut if is_match] == [safe(text[a:b]) for a, b in spans]


def test_spans_that_are_wrong_lose_no_text():
    assert "".join(piece for piece, _ in pieces("网格化", [(0, 2), (1, 9)])) == "网格化"
