"""Folding: same text, same folded form; and the map back to the original."""

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.analysis.fold import fold, fold_with_map
from search.analysis.tables.simplified import SIMPLIFIED, TRADITIONAL
from tests.strategies import ANYTHING, TEXT

SAME = [
    ("服 务管理", "服务管理"),
    ("突\n\n发事件", "突发事件"),
    ("30余\n\n起", "30余起"),
    ("8月\n18日", "8月18日"),
    ("２０２３", "2023"),
    ("網格化", "网格化"),
    ("ＰＰＴ", "ppt"),
    ("“第一课”", '"第一课"'),
    ("「第一課」", "‘第一课’"),
    ("会议,\n“我们", "会议，“我们"),
    ("卡尔・马克思", "卡尔·马克思"),
    ("党建——引领", "党建--引领"),
    ("０５３７－６５", "0537-65"),
    ("网\u200b格", "网格"),
    ("\ufeff网格", "网格"),
    ("e\u0301t", "ÉT"),
    ("ﾊﾞｽ", "バス"),
    ("葛\U000e0100城", "葛城"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_text(one: str, other: str) -> None:
    assert fold(one) == fold(other)


DIFFERENT = [("new york", "newyork"), ("2 023", "2023"), ("网格", "网络"), ("㐂", "喜")]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_texts_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANYTHING)
@example("ß ﬁ\u0301 ㎡ … İ")
@example("\u1100\u1161\u11a8 \ud800")
@example("A\u00b4O\u00a8\ufe70")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT, st.integers(0, 40), st.integers(1, 8))
def test_a_piece_of_folded_text_folds_to_itself(text: str, start: int, size: int) -> None:
    piece = fold(text)[start : start + size].strip()
    assert fold(piece) == piece


@given(ANYTHING)
@example("服 务  a  b \n c")
@example("e\u0301 x")
def test_the_map_folds_as_fold_does(text: str) -> None:
    mapped = fold_with_map(text)
    assert mapped.text == fold(text)
    assert len(mapped.starts) == len(mapped.ends) == len(mapped.text)


@given(TEXT)
def test_the_map_points_at_what_was_folded(text: str) -> None:
    mapped = fold_with_map(text)
    for i, char in enumerate(mapped.text):
        start, end = mapped.original(i, i + 1)
        if char != " ":
            assert char in fold(text[start:end])
    assert mapped.starts == sorted(mapped.starts)


@given(TEXT)
def test_white_space_never_matters_beside_han(text: str) -> None:
    spaced = "".join(char + " \n" if "\u4e00" <= char <= "\u9fff" else char for char in text)
    assert fold(spaced) == fold(text)


def test_the_table_of_simplified_forms_is_at_rest() -> None:
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)


def test_the_table_is_that_of_opencc() -> None:
    opencc = pytest.importorskip("opencc")
    converter = opencc.OpenCC("t2s")
    table = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))
    common = [chr(code) for code in range(0x4E00, 0x9FA6)]
    got = converter.convert("\n".join(common)).split("\n")
    wrong = {a: b for a, b in zip(common, got, strict=True) if table.get(a, a) != table.get(b, b)}
    assert len(wrong) < 30  # its releases differ in a few rare characters


def test_every_python_folds_every_character_alike() -> None:
    # A Python that knows more characters gives another digest until LATER names them. (In the
    # other planes are ideographs, which fold to themselves, and what never becomes a letter.)
    digest = hashlib.sha256()
    for code in (*range(0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE1000)):
        char = chr(code)
        # Between spaces, which shows whether it is a letter; and between marks that move.
        folded = fold(f"a {char} a{char}\u0301\u0327")
        digest.update(folded.encode() + b"\n")
    assert digest.hexdigest() == "13c509d27d79f34be70b8cc46732ef36c37c784ffb9b29fc0c3e3cb8154ae160"


@pytest.mark.parametrize("char", ["\U0001e030", "\U00011f04", "\U00010efd"])
def test_what_only_later_pythons_know_is_found_as_it_stands(char: str) -> None:
    assert fold(f"网 {char} 格") == f"网{char}格"
    assert fold(f"{char} {char}") == char * 2
