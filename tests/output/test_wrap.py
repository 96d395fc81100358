from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.output.safe import safe
from search.output.wrap import display_width, wrapped

from .fakes import texts


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrapped(text, width)]


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("网格化", 6), ("𠮷", 2), ("ｱ", 1), ("Ａ，", 4), ("e\u0301", 1), ("", 0)],
)
def test_display_width(text, width):
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("网格化服务管理", 6, ["网格化", "服务管", "理"]),
        ("网格化服务管理", 7, ["网格化", "服务管", "理"]),
        ("网格化，服务", 6, ["网格", "化，服", "务"]),
        ("推行“网格化”", 6, ["推行", "“网格", "化”"]),
        ("共1234个网格", 6, ["共1234", "个网格"]),
        ("共12345个", 5, ["共", "12345", "个"]),
        ("Hello big world", 9, ["Hello big", "world"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("　　本报讯", 8, ["　　本报", "讯"]),
        ("", 8, [""]),
        ("   ", 8, [""]),
        ("网", 1, ["网"]),
    ],
)
def test_wrapped(text, width, expected):
    assert lines(text, width) == expected


@settings(deadline=None)
@given(texts.map(safe), st.integers(2, 30))
def test_lines_fit_and_lose_only_spaces(text, width):
    cut = lines(text, width)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(display_width(line) <= width for line in cut)
