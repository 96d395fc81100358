import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.papers.readers.reading_order import Box, joined, page_text, reading_order, rows, spaced

EM = 10.0
WIDTH = 12
"""Characters of a line of a column."""


def box(text, left, top, size=EM):
    return Box(left, top, left + size * len(text), top + size, text, size)


def column(name, left, top, lines, lead=14.0, letters=WIDTH):
    return [box(f"{name}{n:02}".ljust(letters, "字"), left, top + n * lead) for n in range(lines)]


def texts(boxes):
    return [one.text for group in reading_order(boxes) for one in group]


@st.composite
def pages(draw):
    """Draw a page as it is read: stories, each a headline over it and columns below."""
    gutter = draw(st.floats(0.8, 4)) * EM
    width = 48 * EM + 3 * gutter
    page, top = [], 0.0
    for story in range(draw(st.integers(1, 4))):
        columns, lines = draw(st.integers(1, 4)), draw(st.integers(3, 9))
        title = f"第{story}篇的标题" + "题" * draw(st.integers(0, 3))
        # It stands over a part of each column: beside one it could as well be of the others.
        size = draw(st.floats(0.7, 1)) * width / len(title)
        page.append(box(title, (width - size * len(title)) / 2, top, size))
        top += size + draw(st.floats(4, 20))
        letters = int((width - (columns - 1) * gutter) / columns / EM)
        ends = []
        for number in range(columns):
            left = number * (width - letters * EM) / max(1, columns - 1)
            fewer = draw(st.integers(0, 1)) if number == columns - 1 else 0
            start = top + draw(st.floats(0, 6))
            name = f"篇{story}栏{number}行"
            page += column(name, left, start, lines - fewer, letters=letters)
            ends.append(page[-1].bottom)
        top = max(ends) + draw(st.floats(8, 30))
    return page


@given(pages(), st.randoms(use_true_random=False))
def test_stories_in_columns_are_read_one_after_the_other(page, chance):
    shuffled = list(page)
    chance.shuffle(shuffled)
    assert texts(shuffled) == [one.text for one in page]


@given(pages(), st.randoms(use_true_random=False))
def test_a_page_set_downward_is_the_same_page_turned(page, chance):
    # The page seen as one set downward: to the right is down, down is to the left.
    down = [Box(-one.bottom, one.left, -one.top, one.right, one.text, one.size) for one in page]
    chance.shuffle(down)
    assert texts([one.turned() for one in down]) == [one.text for one in page]


number = st.floats(-1000, 1000)
BOXES = st.builds(
    lambda left, top, width, height, text: Box(
        left, top, left + width, top + height, text, min(width, height)
    ),
    number, number, st.floats(0, 500), st.floats(0, 500), st.text("字a1 ", max_size=9),
)  # fmt: skip


@given(st.lists(BOXES, max_size=40))
def test_each_box_comes_once_whatever_the_page(boxes):
    groups = reading_order(boxes)
    assert sorted(id(one) for group in groups for one in group) == sorted(map(id, boxes))
    text = page_text([joined(row) for row in rows(group)] for group in groups).text
    assert sorted(text.replace("\n", "").replace("\u3000", "").replace(" ", "")) == sorted(
        "".join(one.text for one in boxes).replace(" ", "")
    )


def test_a_headline_over_two_of_three_columns():
    page = [box("跨两栏的标题在此处", 20, 0, 20)]
    page += column("一栏", 0, 40, 6) + column("二栏", 140, 40, 6) + column("三栏", 280, 3, 9)
    shuffled = random.Random(1).sample(page, len(page))
    assert texts(shuffled) == [one.text for one in page]


def test_columns_whose_gap_is_crossed_by_a_line_askew():
    # The headline touches the lines of the columns: no white strip runs beside it.
    title = box("横跨两栏的大标题文字", 20, 86, 20)
    page = [*column("上左", 0, 0, 6), *column("上右", 140, 3, 6), title]
    page += [*column("下左", 0, 105, 6), *column("下右", 140, 101, 6)]
    assert texts(page[::-1]) == [one.text for one in page]


def test_a_table_is_read_by_rows():
    cells = [("粮食", "1,200", "3%"), ("棉花", "340", "12%"), ("油料", "78", "5%")]
    page = [
        box(cell, 100 * place, 14 * line) for line, row in enumerate(cells) for place, cell in enumerate(row)
    ]  # fmt: skip
    (group,) = reading_order(page)
    assert [joined(row).text for row in rows(group)] == [
        "粮食 1,200 3%",
        "棉花 340 12%",
        "油料 78 5%",
    ]


def test_a_headline_spread_over_its_width_is_one_word():
    letters = [box(letter, 30 * place, 0) for place, letter in enumerate("山城日报")]
    assert joined(letters).text == "山城日报"
    assert joined([box("雪后", 0, 0), box("第一班车", 60, 0)]).text == "雪后 第一班车"


def test_the_layout_is_told_by_blank_lines_and_indents():
    page = [box("雪后第一班车", 0, 0, 20)]
    page += [
        box("昨日路通了，", 20, 30),
        box("第一班车开进了山", 0, 44),
        box("口乡，老人说：", 0, 58),
    ]
    page += [box("“路通了，", 20, 72), box("人就回来了。”他", 0, 86), box("笑了。", 0, 100)]
    page += [box("另起一段的文字在此", 0, 150)]
    assert page_text([page]).text == (
        "雪后第一班车\n\n\u3000\u3000昨日路通了，\n第一班车开进了山\n口乡，老人说：\n"
        "\u3000\u3000“路通了，\n人就回来了。”他\n笑了。\n\n另起一段的文字在此"
    )


def test_a_sentence_goes_on_in_the_next_column_without_a_blank_line():
    page = column("左", 0, 0, 4) + column("右", 140, 0, 4)
    assert "\n\n" not in page_text(reading_order(page)).text


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["服", "务", "管理"], "服务管理"),
        (["The", "New", "Times"], "The New Times"),
        (["第", "3", "版", "ABC", "D", "，"], "第3版ABC D，"),
        (["𠮷", "野", "家"], "𠮷野家"),
        ([], ""),
    ],
)
def test_words_of_han_stand_together(words, line):
    assert spaced(words) == line


def test_a_page_of_many_boxes_takes_no_time():
    # Characters strewn about, level lines, and columns longer than any page.
    import time

    start = time.process_time()
    chance = random.Random(2)
    reading_order(
        [box("字", chance.uniform(0, 1000), chance.uniform(0, 1000)) for _ in range(2000)]
    )
    reading_order([box("一行文字在此", 0, 14 * n) for n in range(5000)])
    reading_order([*column("左", 0, 30, 3000), *column("右", 140, 30, 3000), box("题" * 26, 0, 0)])
    assert time.process_time() - start < 10
