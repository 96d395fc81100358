"""Segmentation: jieba's own words on Han text, whole words elsewhere, nothing lost."""

import logging
import subprocess
import sys

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.segment import cut, positions, segment
from tests.strategies import ANYTHING

jieba.setLogLevel(logging.CRITICAL)
HAN = st.text("志愿服务网格化的管理会议上海浦东开发区法律政府乡村振兴", max_size=20)


@given(HAN)
def test_han_text_is_cut_as_jieba_cuts_it(text: str) -> None:
    assert segment(text) == [word for word in jieba.cut_for_search(text) if word.strip()]


@given(ANYTHING)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    folded = fold(text)
    kept = "".join(cut(folded))
    letters = [char for char in folded if char.isalnum()]
    assert [char for char in kept if char.isalnum()] == letters


@given(ANYTHING)
def test_positions_are_where_the_words_stand(text: str) -> None:
    folded = fold(text)
    found = list(positions(folded))
    assert [word for word, _, _ in found] == segment(folded)
    assert all(folded[start:end] == word for word, start, end in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("beijing 2022", ["beijing", "2022"]),
        ("3.14%", ["3.14"]),
        ("0000-5550123", ["0000", "5550123"]),
        ("café", ["café"]),
        ("москва", ["москва"]),
        ("5g网格", ["5g", "网格"]),
        ("的", ["的"]),
        ("陶𬱟", ["陶", "𬱟"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert segment(text) == words


def test_loading_is_silent_and_private(tmp_path: object) -> None:
    code = (
        "import sys, warnings; warnings.simplefilter('error')\n"
        "from search.analysis.segment import segment\n"
        "assert segment('网格') == ['网格'] and 'pkg_resources' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env={"XDG_CACHE_HOME": str(tmp_path), "PATH": "", "PYTHONPATH": "."},
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    cache = tmp_path / "sou"  # type: ignore[operator]
    assert [path.name for path in cache.iterdir()] == ["lexicon-2.bin"]
    assert cache.stat().st_mode & 0o077 == 0
