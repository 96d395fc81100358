"""Folding many texts at once: each as `fold` folds it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis.fold import END, fold
from search.analysis.fold_batch import fold_many
from tests.analysis.test_fold import PARTS, TROUBLE
from tests.strategies import ANYTHING, TEXT


@given(st.lists(st.one_of(ANYTHING, TEXT, TROUBLE), max_size=8))
@example(["", " ", "a b", " a", "b "])
@example(["e", "\u0301"])
@example(["……", "\x00", "ＰＰＴ　２０２３"])
@example(["-", "-", "--", ".", "...", "....", "..", "a—", "—b"])
@example(["a \u0301", "\u1100\u200b\u1161", "\u0301", "x"])
@example([one + other for one in PARTS for other in PARTS if one != "\x00" != other])
def test_each_text_is_folded_as_alone(texts: list[str]) -> None:
    assert fold_many(texts) == "".join(fold(text) + END for text in texts)
