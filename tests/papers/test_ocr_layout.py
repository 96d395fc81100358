"""Lines with places on a page, without areas: columns, headlines, noise."""

import time

from hypothesis import given
from hypothesis import strategies as st

from search.papers.pages.split import split
from search.papers.readers.ocr.blocks import Block, make_line, text_of_blocks
from search.papers.readers.ocr.units import type_size

SIZE = 24
PITCH = 32


def line(text, left, top, size=SIZE):
    return make_line(text, (left, top, left + size * len(text), top + size))


def down(text, left, top, size):
    return make_line(text, (left, top, left + size, top + size * len(text)))


def column(name, left, top, count):
    return [line(f"{name}柱第{n:02}行写的是山里的事", left, top + n * PITCH) for n in range(count)]


def read(*lines):
    """Return the text of lines in the order of their tops, as a detector gives them."""
    page = sorted(lines, key=lambda one: (one.top, one.left))
    return text_of_blocks([Block(lines=page)])


def said(text):
    return [one.strip() for one in text.text.split("\n") if one.strip()]


def heads(text):
    printed = text.text.split("\n")
    return {printed[number - 1]: level for number, level in text.levels.items() if level}


def bodies(text):
    page = split(text.text, levels=text.levels)
    return {piece.title: "".join(piece.body.split()) for piece in page.pieces}


def test_a_headline_over_columns_comes_before_them_and_they_one_by_one():
    page = read(
        line("柳河村的水渠今年全部修通了", 100, 0, 48),
        *column("左", 0, 80, 8),
        *column("右", 400, 80, 8),
        line("石桥镇开夜校", 840, 4, 40),
        *column("三", 800, 80, 8),
    )
    order = [one[0] for one in said(page)]
    assert order == ["柳", *"左" * 8, *"右" * 8, "石", *"三" * 8]
    assert heads(page) == {"柳河村的水渠今年全部修通了": 2, "石桥镇开夜校": 2}


def test_columns_beside_an_article_in_one_of_them_stay_with_their_headline():
    page = read(
        line("柳河村的水渠今年全部修通了", 100, 0, 48),
        *column("左", 0, 80, 6),
        line("石桥镇办起夜校", 20, 80 + 6 * PITCH + 30, 40),
        *column("下", 0, 80 + 6 * PITCH + 100, 6),
        *column("右", 400, 80, 14),
    )
    found = bodies(page)
    assert list(found) == ["柳河村的水渠今年全部修通了", "石桥镇办起夜校"]
    assert "右柱第13行" in found["柳河村的水渠今年全部修通了"]
    assert set(found["石桥镇办起夜校"]) >= {"下"}
    assert "右" not in found["石桥镇办起夜校"]


def test_a_headline_narrower_than_its_columns_has_the_white_beside_it():
    page = read(
        line("柳河村的水渠今年全部修通了，", 0, 0, 48),
        *column("甲", 0, 80, 5),
        *column("乙", 400, 80, 5),
        line("石桥镇开夜校", 260, 280, 40),
        *column("丙", 0, 350, 5),
        *column("丁", 400, 350, 5),
    )
    assert [one[0] for one in said(page)][1:] == [
        *"甲" * 5, *"乙" * 5, "石", *"丙" * 5, *"丁" * 5,
    ]  # fmt: skip


def test_a_small_headline_in_a_column_of_a_wide_article_is_a_subheading():
    page = read(
        line("柳河村的水渠今年全部修通了", 50, 0, 52),
        *column("左", 0, 80, 5),
        line("老人讲往事", 90, 80 + 5 * PITCH + 14, 31),
        *column("中", 0, 80 + 7 * PITCH, 5),
        *column("右", 400, 80, 12),
    )
    assert heads(page)["老人讲往事"] == 3
    (found,) = bodies(page).values()
    assert "老人讲往事" in found


def test_a_line_in_the_middle_of_its_column_is_a_headline_in_the_type_of_the_text():
    wide = "这一年山里修路架桥办学校的事情都写在这本小册子里面给后来的人看"
    page = read(
        *(line(wide, 0, n * PITCH) for n in range(4)),
        line("桥头的灯亮了。", 0, 4 * PITCH),
        line("石桥镇办夜校", SIZE * 13, 5 * PITCH + 24),
        *(line(wide, 0, 6 * PITCH + 40 + n * PITCH) for n in range(4)),
    )
    assert list(heads(page)) == ["石桥镇办夜校"]


def test_lines_of_a_paragraph_are_never_headlines_where_the_page_shows_its_type():
    page = read(
        line("柳河村的水渠今年全部修通了", 0, 0, 48),
        *column("左", 0, 80, 4),
        line("会议指出三个问题", 0, 80 + 4 * PITCH),
        *column("中", 0, 80 + 5 * PITCH, 4),
    )
    assert list(bodies(page)) == ["柳河村的水渠今年全部修通了"]


def test_a_headline_set_downward_stands_before_the_column_beside_it():
    page = read(
        *column("左", 0, 0, 12),
        down("石桥镇开夜校", 730, 0, 50),
        *column("右", 400, 0, 12),
    )
    assert [one[0] for one in said(page)] == [*"左" * 12, "石", *"右" * 12]


def test_what_shines_through_is_kept_and_cuts_nothing():
    page = read(
        line("柳河村的水渠今年全部修通了", 0, 0, 48),
        *column("左", 0, 80, 12),
        line("志同业会", 150, 80 + 3 * PITCH + 6),
        line("社革大风", 30, 80 + 7 * PITCH - 4, 27),
    )
    (found,) = bodies(page).values()
    assert "左柱第03行写的是山里的事左柱第04行" in found
    assert found.endswith(("社革大风", "志同业会"))


def test_a_large_paragraph_is_no_headline():
    lead = ["水渠从去年冬天开始修建全村", "的人都来了，到今年春天才把", "最后一段挖好。"]
    page = read(
        line("柳河村的水渠今年全部修通了", 0, 0, 60),
        *(line(text, 0, 90 + n * 44, 34) for n, text in enumerate(lead)),
        *column("左", 0, 240, 8),
    )
    assert list(heads(page)) == ["柳河村的水渠今年全部修通了"]


def test_the_last_line_of_a_paragraph_stands_below_an_indented_one():
    page = read(
        *column("左", 0, 0, 4),
        line("新的一段由此写起到此", 2 * SIZE, 4 * PITCH),
        line("完。", 0, 5 * PITCH),
        line("又是新的一段写到这里", 2 * SIZE, 6 * PITCH),
    )
    assert said(page)[4:] == ["新的一段由此写起到此", "完。", "又是新的一段写到这里"]


def test_the_levels_are_those_of_the_printed_lines():
    page = read(*column("左", 0, 80, 4), line("柳河村的水渠今年修通", 0, 0, 48))
    assert page.text.split("\n")[0] == "柳河村的水渠今年修通"
    assert page.levels[1] == 2
    assert set(page.levels.values()) == {0, 2}


def test_type_is_measured_by_height_and_advance():
    assert type_size("山里的事", 96, 24) == 24
    assert type_size("山里的事", 300, 24) == 24  # spread out
    assert 20 < type_size("字" * 100, 200, 250) < 25  # a paragraph in one box
    assert 20 < type_size("ab" * 10, 240, 24) <= 24


BOXES = st.lists(
    st.tuples(
        st.text("甲乙丙一。，1a ", min_size=1, max_size=9).filter(str.strip),
        st.integers(0, 400), st.integers(0, 400), st.integers(1, 300), st.integers(1, 90),
    ),
    max_size=25,
)  # fmt: skip


@given(BOXES)
def test_each_line_comes_once(boxes):
    lines = [make_line(text, (x, y, x + w, y + h)) for text, x, y, w, h in boxes]
    found = text_of_blocks([Block(lines=lines)] if lines else [])
    want = sorted("".join("".join(text.split()) for text, *_ in boxes))
    assert sorted("".join(found.text.split())) == want


def test_crowded_pages_take_no_long_time():
    tall = [down("甲乙丙丁", n * 3, 0, 60) for n in range(1500)]
    rows = [line("文字文字", n % 50 * 150, n // 50 * 30) for n in range(3000)]
    begun = time.process_time()
    text_of_blocks([Block(lines=tall + rows + [line("甲乙丙丁", 0, 0)] * 2000)])
    assert time.process_time() - begun < 20
