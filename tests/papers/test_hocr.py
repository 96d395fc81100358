import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.errors import PaperError
from search.papers.problem import Problem
from search.papers.read_paper import Limits
from search.papers.readers.ocr.hocr import is_hocr, read_hocr
from tests.papers import reading

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 '
    'Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
    '<html><head><title>x</title><meta name="ocr-system" content="tesseract 5.3"/></head><body>'
)


def read(data, name="a.hocr", **limits):
    return reading.read(name, data, **limits)


def line(text, left, top, size=40, kind="ocr_line"):
    bbox = f"bbox {left} {top} {left + size * len(text)} {top + size}"
    words = "".join(
        f"<span class='ocrx_word' title='{bbox}; x_wconf 93'><strong>{word}</strong></span> "
        for word in (text.split() if " " in text else text)
    )
    return f'<span class="{kind}" title="{bbox}; baseline 0 -3; x_size 38">{words}</span>\n'


def area(*lines):
    return (
        f"<div class='ocr_carea' title='bbox 0 0 1 1'><p class='ocr_par'>{''.join(lines)}</p></div>"
    )


def column(name, left, top, count):
    return area(*(line(f"{name}第{n}行的文字在此处", left, top + 50 * n) for n in range(count)))


def expected(*columns):
    return [f"{name}第{n}行的文字在此处" for name, count in columns for n in range(count)]


def page(*areas):
    return f"<div class='ocr_page' title='image \"x.png\"; bbox 0 0 2000 3000; ppageno 0'>{''.join(areas)}</div>"


def hocr(*pages):
    return HEAD + "\n".join(pages) + "</body></html>"


def test_columns_are_read_by_the_layout():
    title = area(line("雪后第一班车开进山口乡", 200, 0, 80, "ocr_header"))
    data = hocr(page(column("右", 600, 120, 6), title, column("左", 0, 120, 6)))
    (article,) = read(data, "2019/07/05/p1.hocr")
    assert article.title == "雪后第一班车开进山口乡"
    assert article.body.split("\n") == expected(("左", 6), ("右", 6))
    assert (article.date, article.part) == ("2019-07-05", None)


def test_words_have_spaces_only_where_they_are_written():
    data = hocr(page(area(line("The New Times 说 路通了 &amp; 3 月", 0, 0))))
    assert read(data)[0].body == "The New Times说路通了& 3月"


def test_paragraphs_without_areas_are_blocks():
    paragraphs = [column(name, left, 0, 3) for name, left in (("右", 600), ("左", 0))]
    data = hocr(page(*paragraphs)).replace("<div class='ocr_carea' title='bbox 0 0 1 1'>", "<div>")
    assert read(data)[0].body.split("\n") == expected(("左", 3), ("右", 3))


def test_text_outside_of_words_and_lines_is_not_lost():
    data = hocr("<div class='ocr_page'><p>甲行文字</p><p class='ocr_par'>乙行<br>文字</p></div>")
    first = read(data)[0]
    assert "".join((first.title + first.body).split()) == "甲行文字乙行文字"
    data = hocr(
        "<div class='ocr_page'><span class='ocr_line'>甲行 文字<script>x()</script></span></div>"
    )
    assert read(data)[0].body == "甲行文字"


def test_pages_of_one_file_are_named_and_what_is_outside_of_them_left_out():
    front = page(area(line("山城日报", 0, 0, 90)), column("一", 0, 200, 3))
    found = read("<p>目录</p>" + hocr(front, page(), page(column("三", 0, 0, 3))))
    assert [(one.part, one.paper) for one in found] == [("p. 1", "山城日报"), ("p. 3", "山城日报")]


def test_tags_that_are_not_closed_end_with_their_page():
    data = hocr(page(column("左", 0, 0, 2)), page(column("右", 0, 0, 2)))
    for tag in ("</p>", "</span>", "</html>", "</body>"):
        broken = data.replace(tag, "")
        assert [one.part for one in read(broken)] == ["p. 1", "p. 2"]
        assert "".join(one.body for one in read(broken)).count("行的文字在此处") == 4
    assert "左第1行的文字在此" in read(data[: data.index("处", data.index("此") + 900)])[0].body


@pytest.mark.parametrize("data", ["", " \n", "<html><p>no OCR</p></html>", hocr(page()), "字"])
def test_a_file_without_text_on_a_page_yields_nothing(data):
    assert read(data) == []


def test_what_would_cost_much_is_refused(monkeypatch):
    with pytest.raises(PaperError, match="nested more than 500 deep"):
        read("<div class=ocr_page>" + "<div>" * 1000)
    with pytest.raises(PaperError, match="a page of more than 50 characters"):
        read("<div class=ocr_page>" + "字" * 60 + "</div>", max_part_chars=50)
    with pytest.raises(PaperError, match="a tag of more than 50,000 characters"):
        read("<div class=ocr_page><p class='" + "x" * 200_000, max_part_chars=50_000)
    found = read(hocr(*[page(column("左", 0, 0, 2))] * 5), max_parts=3)
    assert [one.part for one in found[:3]] == ["p. 1", "p. 2", "p. 3"]
    assert found[3:] == [Problem("a.hocr", "more than 3 pages; the rest is not read")]
    now = iter(range(0, 10_000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    with pytest.raises(PaperError, match="not read to its end within 25 seconds"):
        read(" " * 300_000, max_seconds=25)


def test_hocr_is_told_from_other_html():
    assert is_hocr(hocr(page()).encode())
    assert is_hocr(b'<div title="x" class="big ocr_page">')
    assert not is_hocr(b"<p>class ocr_page</p>")
    assert not is_hocr(b"<html><div class='page'>")


def test_it_can_be_read_whatever_its_name():
    data = hocr(page(column("左", 0, 0, 2))).encode("gb18030")
    (article,) = read_hocr("a.html", io.BytesIO(data), Limits())
    assert article.body.split("\n") == expected(("左", 2))


PARTS = ["<", ">", "/", "div", "class=", "'ocr_page'", "'ocr_line'", "title='bbox 0 0 9 9'", "字", " ",
         "<!--", "]]>", "&#0;", "&amp", "<![CDATA[", "'ocrx_word'", "</div>", "<p>", "\n"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=60))
def test_any_html_is_read(parts):
    for item in read("<div class='ocr_page'>" + "".join(parts)):
        assert item.part is None or item.part.startswith("p. ")
