"""Folding many texts at once: each as `fold` folds it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis.fold import END, fold
from search.analysis.fold_batch import fold_many
from tests.strategies import ANYTHING, TEXT

PARTS = st.sampled_from(["…", "① ", "e\u0301", "각", "\u1100", "\u1161", " ", "\u3000", "a", "字", "\x00", "\ud800", "\u200b", "㍿", "ﷺ", "\r\n"])  # fmt: skip


@given(st.lists(st.one_of(ANYTHING, TEXT, st.lists(PARTS).map("".join)), max_size=8))
@example(["", " ", "a b", " a", "b "])
@example(["e", "\u0301"])
@example(["……", "\x00", "ＰＰＴ　２０２３"])
def test_each_text_is_folded_as_alone(texts: list[str]) -> None:
    assert fold_many(texts) == "".join(fold(text) + END for text in texts)
