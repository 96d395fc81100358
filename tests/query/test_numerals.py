"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.query.numerals import forms


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
    assert set(forms(text)[1:]) == others


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
