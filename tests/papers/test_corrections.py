"""A page to a form and back: no line lost, none made up, and what is kept is read distrustfully."""

import contextlib
import re
import time
import tracemalloc
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.papers.asked import Asked, asked, reading
from search.papers.corrections import kept
from search.papers.corrections.fitting import fitted
from search.papers.corrections.form import key, written
from search.papers.corrections.layout import Layout, Manner, Portion, Stretch, page_of_layout
from search.papers.corrections.places import Corrections, beside_papers, is_correction
from search.papers.corrections.whole_pages import WholePage, carried_over
from search.papers.pages.line_kinds import is_markdown_page
from search.papers.pages.split import page_of, read
from tests.papers.strategies import PAGES

ODD = st.sampled_from(
    [
        *(
            "@article",
            "\\@page",
            "@",
            "  @text: 甲",
            "@# 乙",
            "#",
            "# 标题",
            "===",
            "---",
            "＠文章",
        ),
        *(
            "甲\t乙",
            "　　丙",
            "同一行",
            "同一行",
            "同一行",
            "丁\u200b戊",
            "\u200b",
            "\x0c",
            "己\x1b[31m庚",
        ),
    ]
)
ODD_PAGES = st.tuples(PAGES, st.lists(ODD, max_size=12)).flatmap(
    lambda both: st.permutations([*both[0].split("\n"), *both[1]]).map("\n".join)
)
PAGE = """青岚日报
2023年8月22日 星期二
望澜桥修缮完工
本报讯（记者 俞白）昨日，望澜桥修缮完工。
老人都来看桥。

图书馆开放
本报讯（记者 沈秋）图书馆昨日开放。
书有三万册。
热线：0000-5550123
"""


def whole(text, *, markdown=False, stem="甲"):
    told = read(text, markdown=markdown)
    page = page_of(told, stem)
    manner = Manner(is_markdown_page(text, markdown=markdown), stem)
    from search.papers.corrections.layout import understood

    return WholePage(None, text, manner, page, understood(told, page, manner))


def form_of(page, layout=None):
    return list(written(layout or page.layout, page.source, "甲.txt"))


def back(page, lines, layout=None):
    return fitted("\n".join(lines), layout or page.layout, page.source, page.manner)


def visible(lines):
    """The lines of a page as a reader sees them, found without any code of corrections."""
    hidden = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b\ufeff]")
    bare = (" ".join(hidden.sub("", line).split()) for line in lines)
    return sorted(filter(None, bare))


@given(st.one_of(PAGES, ODD_PAGES), st.booleans())
def test_the_form_of_a_page_is_the_page(text, markdown):
    page = whole(text, markdown=markdown)
    assert page.by(page.layout) == page.read
    layout, faults = back(page, form_of(page))
    assert faults == []
    assert layout == page.layout


@given(ODD_PAGES)
def test_the_form_holds_every_line_of_the_page_once(text):
    lines = [line for line in form_of(whole(text)) if not line.lstrip().startswith("@")]
    shown = [re.sub(r"^(\s*)\\(\\*@)", r"\1\2", line) for line in lines]
    assert visible(shown) == visible(text.split("\n"))
    assert not any(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", line) for line in lines)


@given(ODD_PAGES, st.sampled_from(["\r\n", "\r", "\n\n", " \t\n"]), st.booleans())
def test_what_editors_do_to_white_space_is_no_change(text, newline, bom):
    page = whole(text)
    lines = [line.replace("\t", "    ").rstrip() for line in form_of(page)]
    form = ("\ufeff" if bom else "") + newline.join(lines) + newline
    layout, faults = fitted(form, page.layout, page.source, page.manner)
    assert (layout, faults) == (page.layout, [])


@given(ODD_PAGES, st.data(), st.booleans())
def test_any_order_of_the_lines_is_taken(text, data, titled):
    page = whole(text)
    lines = [line for line in form_of(page) if not line.startswith("@#")]
    moved = data.draw(
        st.permutations([line for line in lines if not line.lstrip().startswith("@")])
    )
    at = data.draw(st.integers(0, len(moved)))
    layout, faults = back(
        page, [*moved[:at], "@article", "@headline", *moved[at : at + 1], "@text", *moved[at + 1 :]]
    )
    assert faults == []
    made = page.by(layout)
    shown = [line for _, line in made.furniture]
    for portion in layout.portions:
        shown += [part.text(page.source) for part in portion.lines]
    assert visible(shown) == visible(page.source)
    if titled and layout.portions:
        made = page.by(replace(layout, portions=(replace(layout.portions[-1], title="囍"),)))
    shown = Counter("".join(line for _, line in made.furniture))
    shown += Counter("".join(piece.title + piece.body for piece in made.pieces))
    assert Counter(filter(str.isalnum, text)) <= shown
    for piece in made.pieces:
        if piece.body_line is not None:
            own = piece.body.split("\n")
            there = page.source[piece.body_line - 1 :][: len(own)]
            assert all(line in {"", source} for line, source in zip(own, there, strict=True))


@given(ODD_PAGES, st.data())
def test_a_line_that_is_lost_or_altered_is_named(text, data):
    page = whole(text)
    lines = form_of(page)
    ours = [at for at, line in enumerate(lines) if key(line) and not line.lstrip().startswith("@")]
    if not ours:
        return
    at = data.draw(st.sampled_from(ours))
    gone = re.sub(r"^\s*\\(?=\\*@)", "", lines[at]).strip()
    _, faults = back(page, lines[:at] + lines[at + 1 :])
    assert len(faults) == 1
    assert "is missing" in faults[0].reason
    number = int(re.search(r"line (\d+) of the page", faults[0].reason)[1])
    assert key(page.source[number - 1]) == key(gone)
    _, faults = back(page, [*lines[:at], lines[at] + "囍", *lines[at + 1 :]])
    assert {fault.line for fault in faults} == {0, at + 1}
    _, faults = back(page, [*lines, "谁也没有印过这一行囍"])
    assert [(fault.line, "on no line" in fault.reason) for fault in faults] == [
        (len(lines) + 1, True)
    ]


@given(ODD_PAGES, st.data())
def test_a_line_may_be_cut_and_is_glued_again(text, data):
    page = whole(text)
    if any(line.strip() and not key(line) for line in page.source):
        return  # an article of what nobody sees is not put together again
    lines = form_of(page)
    ours = [
        at
        for at, line in enumerate(lines)
        if len(line.strip()) > 3 and not line.lstrip().startswith(("@", "\\"))
    ]
    if not ours:
        return
    at = data.draw(st.sampled_from(ours))
    bare = lines[at].strip()
    cut = data.draw(st.integers(1, len(bare) - 1))
    first, second = bare[:cut], bare[cut:]
    if not (key(first) and key(second)) or second.startswith(("@", "\\")):
        return
    edited = [*lines[:at], first, *lines[at + 1 :], "@article", "@text", second]
    layout, faults = back(page, edited)
    assert faults == []
    assert layout.portions[-1].text[0].text(page.source).strip() == second.strip()
    again, faults = back(page, form_of(page, layout), layout)
    assert (again.portions, faults) == (layout.portions, [])
    glued, faults = back(page, lines, layout)
    assert faults == []
    assert form_of(page, glued)[12:] == lines[12:]


def test_articles_are_joined_and_parted_and_lines_become_headlines():
    page = whole(PAGE)
    assert [piece.title for piece in page.read.pieces] == ["望澜桥修缮完工", "图书馆开放"]
    layout, faults = back(
        page,
        """@page
        @date: 2023年8月23日
        青岚日报
        2023年8月22日 星期二
        热线：0000-5550123
        @article
        @title: 桥与书
        @authors: 俞白; 沈秋
        @continued-on: 3
        @headline
        图书馆开放
        望澜桥修缮完工
        @text
        本报讯（记者 俞白）昨日，望澜桥修缮完工。
        本报讯（记者 沈秋）图书馆昨日开放。
        书有三万册。
        @文章
        老人都来看桥。""".splitlines(),
    )
    assert faults == []
    made = page.by(layout)
    first, second = made.pieces
    assert (made.date, made.paper, made.named) == ("2023-08-23", None, False)
    assert (first.title, first.authors, first.continued_on) == ("桥与书", ("俞白", "沈秋"), "3")
    assert (first.line, first.end_line, first.body_line) == (3, 9, 4)
    assert first.body.split("\n")[1:4] == ["", "", ""], "the lines between are blank, and count"
    assert (second.title, second.body, second.line) == ("老人都来看桥", "老人都来看桥。", 5)
    assert [number for number, _ in made.furniture] == [1, 2, 3, 7, 10], "headlines unsaid, too"


def test_lines_out_of_their_order_have_no_numbers_of_their_own():
    page = whole(PAGE)
    source = page.source
    layout = Layout((Portion((Stretch(3),), (Stretch(8), Stretch(4))),))
    [piece] = page.by(layout).pieces
    assert piece.body == f"{source[7]}\n{source[3]}"
    assert (piece.body_line, piece.line, piece.end_line) == (None, 8, 8)


def test_authors_are_read_for_an_article_that_has_no_field():
    page = whole(PAGE)
    lines = [line for line in form_of(page) if not line.startswith("@authors")]
    layout, faults = back(page, lines)
    assert faults == []
    assert [each.authors for each in layout.portions] == [("俞白",), ("沈秋",)]
    lines = ["@authors:" if line.startswith("@authors") else line for line in form_of(page)]
    assert [each.authors for each in back(page, lines)[0].portions] == [(), ()]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("@artikel", "@artikel is no mark of a form"),
        ("@日期: 昨天", "is no date"),
        ("@authors: 甲", "is no field of the page"),
        ("@headline", "stands in no article"),
        ("@paper: " + "报" * 501, "more than 500 characters"),
    ],
)
def test_marks_that_say_nothing_are_named(line, reason):
    page = whole(PAGE)
    lines = [each for each in form_of(page) if not each.startswith(("@date", "@paper"))]
    at = lines.index("@page 版面") + 1
    _, faults = back(page, [*lines[:at], line, *lines[at:]])
    assert [reason in str(fault) for fault in faults] == [True]


def test_equal_lines_keep_their_places():
    """Which of two equal lines is meant, the lines beside it say."""
    text = "甲记\n完\n乙记\n完\n丙记\n完"
    page = whole(text)
    form = ["@article", "丙记", "完", "@article", "甲记", "完", "@article", "乙记", "完"]
    layout, faults = back(page, form)
    assert faults == []
    numbers = [[part.number for part in each.text] for each in layout.portions]
    assert numbers == [[5, 6], [1, 2], [3, 4]]


@given(ODD_PAGES, st.data())
def test_what_is_kept_is_read_back(text, data):
    page = whole(text)
    form = [line for line in form_of(page) if not line.startswith("@#")]
    ours = [line for line in form if not line.lstrip().startswith("@")]
    layouts = [page.layout]
    if ours:
        moved = data.draw(st.permutations(ours))
        layouts.append(back(page, ["@article", '@title: 题"\\目', *moved])[0])
    for layout in layouts:
        one = kept.corrected("p. 2", text, layout)
        [other] = kept.parsed(kept.dumped([one], "甲\x1b.txt").encode())
        assert other == one
        assert other.fits(text)
        assert not other.fits(text + "。")


@given(st.binary(max_size=200))
def test_no_file_does_more_than_raise(data):
    with contextlib.suppress(ValueError):
        assert kept.parsed(data) == []


@pytest.mark.parametrize(
    "article",
    [
        'headline = ""\ntext = ""',
        'text = "1-9"',
        'text = "0"',
        'text = "2-1"',
        'text = "1 1"',
        'text = "1:0-3 1:2-"',
        'text = "1:3-3"',
        'text = "eins"',
        "text = 1",
        'text = "1"\nauthors = "甲"',
        'text = "1"\nauthors = [1]',
        'text = "1"\n[[page.article]]\ntext = "1"',
        f'text = "1"\ntitle = "{"题" * 1001}"',
        'text = "' + " ".join(f"1:{at}-{at + 1}" for at in range(200)) + '"',
        'text = "1-3"',
    ],
)
def test_a_correction_that_a_stranger_made_is_looked_at(article):
    head = 'version = 1\n[[page]]\ndigest = "00"\nsums = ["aa bb -"]\n[[page.article]]\n'
    assert kept.parsed(f'{head}text = "1-2"'.encode())
    with pytest.raises(ValueError, match=r"\w"):
        kept.parsed((head + article).encode())


def test_a_line_may_be_cut_in_more_parts_than_the_page_has_lines():
    text = "甲甲乙乙丙丙"
    layout = Layout(
        (Portion((), (Stretch(1, 0, 2), Stretch(1, 4))), Portion((), (Stretch(1, 2, 4),)))
    )
    one = kept.corrected(None, text, layout)
    assert kept.parsed(kept.dumped([one], "甲.txt").encode()) == [one]


def test_a_file_of_articles_that_each_have_all_lines_does_not_fill_the_memory():
    sums = ", ".join([f'"{"aa " * 300}"'] * 100)
    article = '[[page.article]]\ntext = "1-30000"\n'
    data = f'version = 1\n[[page]]\ndigest = "00"\nsums = [{sums}]\n{article * 1_000}'
    tracemalloc.start()
    with pytest.raises(ValueError, match="twice"):
        kept.parsed(data.encode())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50 << 20


def test_equal_parts_of_a_line_are_not_tried_in_every_order():
    page = whole("的" * 101)
    begun = time.process_time()
    _, faults = back(page, ["@article", *["的"] * 100])
    assert time.process_time() - begun < 2
    assert len(faults) == 101


def test_bodies_do_not_fill_the_memory_with_blank_lines():
    """Each article that spans the page would have all its lines: of many, some are set without."""
    source = [f"第{number}行" for number in range(2_000)]
    portions = tuple(
        Portion((), (Stretch(at + 1), Stretch(len(source) - at))) for at in range(len(source) // 2)
    )
    made = page_of_layout(Layout(portions), source, Manner())
    assert sum(len(piece.body) for piece in made.pieces) < 20 * sum(map(len, source))


def test_what_of_a_correction_still_fits_another_text():
    page = whole(PAGE)
    layout, _ = back(
        page, ["@article", *(line for line in PAGE.split("\n") if line), "@authors: 甲"]
    )
    assert len(layout.portions) == 1
    changed = "编者按\n" + PAGE.replace("书有三万册。", "书有四万册。")
    over, fresh = carried_over(kept.corrected(None, PAGE, layout), changed.split("\n"))
    assert fresh == 2
    made = page_of_layout(over, changed.split("\n"), page.manner)
    assert [line for _, line in made.furniture] == ["编者按", "书有四万册。"]
    assert made.pieces[0].authors == ("甲",)


def test_what_is_asked_of_a_reading_holds_while_it_is_at_work_alone():
    seen = []

    def things():
        for number in range(3):
            seen.append(asked().whole)
            yield number

    for number in reading(things(), Asked(whole=True)):
        assert not asked().whole, number
    assert seen == [True] * 3


def test_where_corrections_are(tmp_path):
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in ("a.txt", "a.txt.sou", "b.md.sou", "c.sou", ".d.txt.sou", "e.exe.sou"):
        (papers / name).write_text("", "utf-8")
    assert beside_papers(str(papers)) == {
        str(papers / name): str(papers / f"{name}.sou") for name in ("a.txt", "b.md")
    }
    assert is_correction("a.txt.sou")
    assert not is_correction("a.sou")
    places = Corrections(str(tmp_path / "corrections"), str(tmp_path))
    for paper in (str(papers / "x.txt"), "/elsewhere/甲/y.pdf"):
        place = tmp_path / places.mirrored(paper)
        assert place.is_relative_to(tmp_path / "corrections")
        place.parent.mkdir(parents=True)
        place.write_text("", "utf-8")
        assert places.mirrored_papers()[paper] == str(place)
        assert places.of(paper) == str(place)
