"""Two pages, or two issues, are the same however they are printed; and no others are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.page_numbers import MOST, asked_strings, issue_strings, page_strings


@pytest.mark.parametrize(
    ("printed", "held"),
    [
        ("3", ["第3版"]),
        ("第三版", ["第3版"]),
        ("０３版", ["第3版"]),
        ("A03", ["第a3版"]),
        ("第A3版", ["第a3版"]),
        ("a 03 版", ["第a3版"]),
        ("C0007", ["第c7版"]),
        ("头版", ["第1版"]),
        ("頭版", ["第1版"]),
        ("4-5", ["第4版", "第5版"]),
        ("第四、五版", ["第4版", "第5版"]),
        ("A4至A6", ["第a4版", "第a5版", "第a6版"]),
        ("A4-6", ["第a4版", "第a5版", "第a6版"]),
        ("1..3", ["第1版", "第2版", "第3版"]),
        ("5-4", ["5-4"]),
        ("A4-B6", ["a4-b6"]),
        ("中缝", ["中缝"]),
        ("要闻", ["要闻"]),
        ("1-9999", ["1-9999"]),
        ("1-200", [f"第{n}版" for n in range(1, 201)]),
        ("1-201", ["1-201"]),
        ("头", ["第1版"]),
        ("3、03、三", ["第3版"]),
        ("3、中缝", ["3、中缝"]),
        ("A-3-5", ["a-3-5"]),
        ("3-附-5", ["3-附-5"]),
    ],
)
def test_pages(printed: str, held: list[str]) -> None:
    assert list(page_strings(printed)) == held


@pytest.mark.parametrize(
    ("printed", "held"),
    [
        ("763", ["第763期"]),
        ("总第763期", ["总第763期"]),
        ("總第七百六十三號", ["总第763期"]),
        ("第一二〇三号", ["第1203期"]),
        ("2023年第12期", ["第12期"]),
        ("No.12", ["第12期"]),
        ("12-13", ["第12期", "第13期"]),
        ("创刊号", ["创刊号"]),
    ],
)
def test_issues(printed: str, held: list[str]) -> None:
    assert list(issue_strings(printed)) == held


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["", "A", "b"]))
def test_one_page_stands_in_what_is_held_of_another_only_if_they_are_the_same(
    one: int, other: int, letter: str
) -> None:
    [held], [asked] = page_strings(f"{letter}{one:02}"), page_strings(f"第{letter}{other}版")
    assert (asked in held) == (one == other)


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_an_issue_is_found_by_its_number_whoever_counts(one: int, other: int) -> None:
    [whole], [own] = issue_strings(f"总第{one}期"), issue_strings(f"第{one}号")
    [asked] = issue_strings(str(other))
    assert (asked in whole) == (asked in own) == (one == other)
    assert whole not in own


@given(st.text(max_size=40))
def test_anything_is_held_as_a_few_strings(text: str) -> None:
    for strings in (page_strings, issue_strings):
        held = strings(text)
        assert 1 <= len(held) <= MOST
        assert len(set(held)) == len(held)


def test_what_names_very_many_is_held_as_it_stands() -> None:
    for many in ("1-150,201-350", ",".join(map(str, range(1, 999)))):
        assert page_strings(many) == (many,)
        assert issue_strings(many) == (many,)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("page", "1..9999"), ("page", "3..1"), ("page", "1.."), ("page", "..4"), ("page", "A1..B4"),
        ("issue", "1..999999"), ("issue", "770..760"), ("issue", "总第..9"),
    ],
)  # fmt: skip
def test_a_range_that_is_none_is_an_error(field, text):
    with pytest.raises(ValueError, match="range"):
        asked_strings(field, text)


def test_zero_is_in_no_other_number():
    held = [*page_strings("10"), *page_strings("A20"), *issue_strings("总第903期")]
    for field in ("page", "issue"):
        [asked] = asked_strings(field, "0")
        assert not any(asked in each for each in held)
    assert asked_strings("issue", "2023-08") == issue_strings("2023-08")  # as it is held
