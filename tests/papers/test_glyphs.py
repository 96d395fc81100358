import random

import pytest

from search.papers.readers.pdf.glyphs import Glyph, lines_of
from search.papers.readers.reading_order import reading_order

SIZE = 10.0


def set_across(text, left, top, size=SIZE, *, apart=0.0):
    """Return the glyphs of a line; a space moves on by half a character."""
    found, spaced = [], False
    for letter in text:
        if letter == " ":
            left, spaced = left + size / 2, True
            continue
        wide = size if ord(letter) > 0x2E80 else size / 2
        found.append(Glyph(letter, left, top, left + wide, top + size, size, spaced))
        left, spaced = left + wide + apart, False
    return found


def texts(glyphs):
    boxes, vertical = lines_of(glyphs)
    return [box.text for group in reading_order(boxes) for box in group], vertical


def test_glyphs_that_follow_each_other_are_lines():
    page = set_across("雪后第一班车", 0, 0) + set_across("开进山口乡", 0, 14)
    assert texts(page) == (["雪后第一班车", "开进山口乡"], False)


def test_glyphs_in_no_order_are_lines_too():
    page = set_across("雪后第一班车", 0, 0) + set_across("开进山口乡", 0, 14)
    random.Random(3).shuffle(page)
    assert texts(page) == (["雪后第一班车", "开进山口乡"], False)


def test_lines_of_two_columns_stay_apart():
    page = set_across("雪后第一班车", 0, 0) + set_across("开进山口乡了", 70, 0)
    assert texts(page) == (["雪后第一班车", "开进山口乡了"], False)


def test_a_headline_beside_small_type_is_a_line_of_its_own():
    page = set_across("雪后", 0, 0, 20) + set_across("本报讯", 40, 5, 10)
    assert sorted(texts(page)[0]) == ["本报讯", "雪后"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("路 通 了", "路通了"),
        ("The New Times", "The New Times"),
        ("共 3 人, 4 月", "共3人, 4月"),
        ("a, b", "a, b"),
    ],
)
def test_only_spaces_between_words_are_spaces(text, line):
    assert texts(set_across(text, 0, 0))[0] == [line]


def test_short_lines_under_each_other_are_not_set_downward():
    page = set_across("路", 0, 0) + set_across("车来了，人", 0, 10.5) + set_across("回家", 0, 21)
    assert texts(page) == (["路", "车来了，人", "回家"], False)


def test_columns_of_glyphs_are_lines_from_right_to_left():
    page = []
    for number, text in enumerate(["雪后第一班车", "开进山口乡"]):
        page += [
            Glyph(letter, 50 - 15 * number, place * 10.5, 60 - 15 * number, place * 10.5 + 10, SIZE)
            for place, letter in enumerate(text)
        ]
    assert texts(page) == (["雪后第一班车", "开进山口乡"], True)


def test_a_page_without_glyphs_has_no_lines():
    assert lines_of([]) == ([], False)
