"""Segmentation: jieba's own words on Han text, whole words elsewhere, nothing lost."""

import re
import subprocess
import sys
import zlib
from functools import cache
from io import BytesIO
from typing import Any

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.analysis.jieba_dictionary import FORMAT
from search.analysis.jieba_loader import load_jieba
from search.analysis.segment import VERSION, cut, positions, segment
from search.analysis.tables.folded_words import WORDS
from tests.strategies import ANYTHING

HAN = st.text("志愿服务网格化的管理会议上海浦东开发区法律政府乡村振兴著名作家乾隆显", max_size=20)


@cache
def jieba_of_folded_words() -> Any:
    """Return jieba with a dictionary to which the folded forms were added line by line."""
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        lines = [line.split(" ") for line in file.read().decode().splitlines()]
    known = {word: int(frequency) for word, frequency, _ in lines}
    forms: dict[str, int] = {}
    for word, frequency in known.items():
        form = fold(word)
        if len(word) > 1 and re.fullmatch("[\u4e00-\u9fd5]+", form):
            forms[form] = max(frequency, known.get(form, 0), forms.get(form, 0))
    lines = [[word, forms.pop(word, times), kind] for word, times, kind in lines]
    lines += [[form, times, "n"] for form, times in forms.items()]
    text = "".join(f"{word} {times} {kind}\n" for word, times, kind in lines)
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(BytesIO(text.encode()))
    tokenizer.initialized = True
    return tokenizer


@given(HAN)
def test_han_text_is_cut_as_jieba_cuts_it(text: str) -> None:
    folded = fold(text)
    assert segment(folded) == list(jieba_of_folded_words().cut_for_search(folded))


def test_jieba_knows_the_folded_forms_of_its_words() -> None:
    """A table is out of date when folding has changed; then run tools/folded_words.py."""
    expected, loaded = jieba_of_folded_words(), load_jieba()
    assert dict(expected.FREQ.items() ^ loaded.FREQ.items()) == {}
    assert loaded.total == expected.total


def test_the_table_and_the_versions_that_depend_on_it() -> None:
    """Who changes the table changes words, in indexes and in compiled dictionaries."""
    assert (zlib.crc32(WORDS.encode()), VERSION, FORMAT) == (4280487043, 2, 3)


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
        ("著名作家", ["着名", "名作", "作家", "名作家", "着名作家"]),
        ("顯著", ["显着"]),
        ("乾隆年间", ["干隆", "年间", "干隆年间"]),
        ("剩馀", ["剩余"]),
        ("陶𬱟", ["陶", "𬱟"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert segment(fold(text)) == words


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
    assert [path.name for path in cache.iterdir()] == ["lexicon-3.bin"]
    assert cache.stat().st_mode & 0o077 == 0
