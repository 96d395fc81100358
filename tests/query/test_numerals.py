"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.dates.numerals import number_of
from search.query.numerals import forms, spelled


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("20000", {"20,000", "2万"}),
        ("20,000", {"20000", "2万"}),
        ("2万", {"20000", "20,000"}),
        ("1.25亿", {"125000000", "125,000,000", "12500万"}),
        ("12345", {"12,345"}),
        ("1234.5", {"1,234.5"}),
        ("1000", {"1,000"}),
        ("2,023", {"2023"}),
        ("30余", {"30多"}),
        ("20多万", {"20余万"}),
        ("2万余", {"2万多", "20000余", "20000多", "20,000余", "20,000多"}),
    ],
)
def test_forms(text: str, others: set[str]) -> None:
    assert forms(text)[0] == text
    assert {form for form in forms(text)[1:] if any(map(str.isdecimal, form))} == others


@pytest.mark.parametrize(
    "text",
    ["2023", "1999", "999", "0", "007", "1,00", "1,0000", "二十", "20人", "1.", "3余万多", ""],
)
def test_what_has_no_other_form(text: str) -> None:
    assert forms(text) == ()


@given(st.integers(1, 10**12), st.sampled_from(["", "万", "亿"]))
def test_every_form_gives_the_same_forms(value: int, unit: str) -> None:
    found = forms(f"{value}{unit}")
    for form in found:
        assert fold(form) == form
        assert set(forms(form)) in (set(found), set())


@given(st.integers(1, 10**12 - 1))
def test_a_number_is_read_back_from_its_words(number):
    assert number_of(spelled(number)) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [(10, "十"), (15, "十五"), (20, "二十"), (110, "一百一十"), (1001, "一千零一"), (100000, "十万"),
     (120000000, "一亿二千万"), (10**8 + 5, "一亿零五")],
)  # fmt: skip
def test_numbers_in_words(number, words):
    assert spelled(number) == words


def test_words_are_among_the_forms():
    assert {"5000亿", "五千亿"} <= set(forms("5000亿"))
    assert {"20000", "二万", "两万"} <= set(forms("2万"))
    assert forms("1.25亿")[-1] == "一亿二千五百万"
