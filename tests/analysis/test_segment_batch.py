"""Bulk segmentation: the words of `segment`, whichever way they are found."""

from __future__ import annotations

import importlib.metadata
import json
import lzma
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis import segment as reference
from search.analysis import segment_batch
from search.analysis.fold import END, HAN, fold
from search.analysis.jieba_loader import folded_words, load_jieba
from search.analysis.segment import segment
from search.analysis.segment_batch import TESTED, cut_many, with_jieba, with_rjieba
from tests.conftest import ROOT, SHARED, examples
from tests.strategies import ANYTHING, TEXT

NEWS = SHARED / "data" / "crud_news.jsonl.xz"
Segmenter = Callable[[str], list[str]]
KNOWN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)
ANY_HAN = st.characters(min_codepoint=0x3400, max_codepoint=0xFAFF).filter(
    re.compile(f"[{HAN}]").match
)
MIXED = st.lists(
    st.one_of(
        st.sampled_from(
            ["志愿", "服务", "网格化", "研究生", "北京大学", "𬱟", "㐀㐀", "〇", "㍿", "カ"]
        ),
        st.sampled_from(["ppt", "2023", "3.14", "1.2.3", "a_b", "_"]),
        st.sampled_from("，。 \n_.-·%"),
        KNOWN,
        ANY_HAN,
    ),
    max_size=15,
).map("".join)


@pytest.fixture(scope="module", autouse=True)
def _by_jieba_itself() -> Iterator[None]:
    """Let `segment` ask jieba, which is the measure here and the quicker one for long texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "_cutter", load_jieba)
        yield


@pytest.fixture(scope="module", params=["rjieba", "jieba"])
def segmenter(request: pytest.FixtureRequest) -> Segmenter:
    found = with_rjieba() if request.param == "rjieba" else with_jieba()
    if found is None:
        pytest.skip("rjieba is not here, or of another version")
    return one_by_one(found)


def one_by_one(segmenter: segment_batch.Segmenter) -> Segmenter:
    """Return the words that a segmenter of many texts finds in one between two others."""

    def words(folded: str) -> list[str]:
        found = of_each(segmenter, ["前面", folded, "后面"])
        assert sorted(found[0]) == ["前面"]
        assert sorted(found[2]) == ["后面"]
        return found[1]

    return words


def of_each(segmenter: segment_batch.Segmenter, texts: list[str]) -> list[list[str]]:
    """Return the words of each text."""
    found: list[list[str]] = [[] for _ in texts]
    for first, words in segmenter("".join(text + END for text in texts)):
        number = first
        for word in words:
            if word == END:
                number += 1
            elif word != " ":
                found[number].append(word)
    return found


def same(segmenter: Segmenter, folded: str) -> bool:
    return Counter(segmenter(folded)) == Counter(segment(folded))


@given(st.one_of(ANYTHING, TEXT, MIXED).map(fold))
@example("dev_0489_ __ _")
@example("㐀㐀一㐀1.2.3")
@example("1.志2.3愿.5")
@example("")
def test_the_words_are_those_of_segment(segmenter: Segmenter, folded: str) -> None:
    assert Counter(segmenter(folded)) == Counter(segment(folded))


@given(st.text(KNOWN, max_size=40))
def test_random_han(segmenter: Segmenter, text: str) -> None:
    assert segmenter(text) == list(load_jieba().cut_for_search(text))


def test_words_of_the_dictionary(segmenter: Segmenter) -> None:
    words = [word for word in load_jieba().FREQ if re.fullmatch(f"[{HAN}]+", word)][::50]
    assert [word for word in words if not same(segmenter, word)] == []


def test_folded_words(segmenter: Segmenter) -> None:
    words = [word for word, _ in folded_words()]
    beside = [f"{left}{word}{right}" for word in words for left, right in ("了人", "不着")]
    assert [word for word in words + beside if not same(segmenter, word)] == []


def test_characters_jieba_does_not_know(segmenter: Segmenter) -> None:
    chars = [chr(code) for start, end in ((0x3400, 0x3500), (0x4DA0, 0x4E10), (0x9FC0, 0x9FFF), (0xF900, 0xFAFF),
             (0x2A000, 0x2A6E0), (0x2EBE0, 0x2EC00), (0x2F800, 0x2FA20), (0x31300, 0x31360))
             for code in range(start, end + 1)]  # fmt: skip
    assert [char for char in chars if not same(segmenter, f"志{char}{char}愿{char}")] == []


def test_long_text(segmenter: Segmenter) -> None:
    choose = random.Random(11)
    words = list(load_jieba().FREQ)
    for length in (300, 3000, 20_000):
        text = "".join(choose.choice(words)[: choose.randint(1, 3)] for _ in range(length))
        assert same(segmenter, fold(text))


def test_the_shipped_pages(segmenter: Segmenter) -> None:
    pages = [page for page in sorted((ROOT / "corpus").rglob("*")) if page.is_file()]
    assert len(pages) > 10
    for page in pages:
        assert same(segmenter, fold(page.read_text("utf-8", "replace"))), page


@pytest.mark.skipif(not NEWS.exists(), reason="the news collection is not here")
def test_news() -> None:
    segmenters = [one_by_one(found) for found in (with_rjieba(), with_jieba()) if found]
    with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
        for line in islice(lines, examples(1000)):
            folded = fold(json.loads(line)["body"])
            expected = Counter(segment(folded))
            for segmenter in segmenters:
                assert Counter(segmenter(folded)) == expected


def test_many_texts_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_batch, "PIECE", 7)
    monkeypatch.setattr(segment_batch, "PART", 20)
    texts = ["", "网格化服务，管理2023", "，", "志愿 服务" * 9, "ppt", "", "3.14。𬱟北京大学"]
    for found in (with_rjieba(), with_jieba()):
        if found:
            words = of_each(found, texts)
            assert [Counter(some) for some in words] == [Counter(segment(t)) for t in texts]


def test_an_untested_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "9.9")
    assert with_rjieba() is None


def test_without_rjieba_jieba_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = next(iter(TESTED))
    monkeypatch.setattr(
        importlib.metadata, "version", dict(zip(("jieba", "rjieba"), pair, strict=True)).get
    )
    monkeypatch.setitem(sys.modules, "rjieba", None)
    assert with_rjieba() is None
    segment_batch._segmenter.cache_clear()
    try:
        assert Counter(one_by_one(cut_many)("网格化服务管理2023")) == Counter(
            segment("网格化服务管理2023")
        )
    finally:
        segment_batch._segmenter.cache_clear()


def test_the_quickest_is_chosen() -> None:
    segment_batch._segmenter.cache_clear()
    words = ["2023", "服务", "管理", "网格", "网格化"]
    assert sorted(one_by_one(cut_many)("网格化服务管理2023")) == words
    assert sorted(one_by_one(cut_many)("网格化服务管理2023")) == words
