import io
import time
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.errors import PaperError
from search.papers.discover import PaperFile
from search.papers.problem import Problem
from search.papers.read_paper import Limits, read_paper
from search.papers.readers.ocr import alto as alto_reader
from tests.papers import reading
from tests.papers.strategies import CHINESE

V4 = "http://www.loc.gov/standards/alto/ns-v4#"


def read(data, name="a.xml", **limits):
    return reading.read(name, data, **limits)


def text_of(data):
    (text,) = alto_reader._texts("a.xml", io.BytesIO(data.encode()), Limits(), [])
    return text.text


def line(text, left, top, *, size=40, space="", extra=""):
    """Return a line with a String for each character or word."""
    words = text.split() if " " in text else list(text)
    strings = space.join(f"<String CONTENT={quoteattr(word)}/>" for word in words)
    place = f'HPOS="{left}" VPOS="{top}" WIDTH="{size * len(text)}" HEIGHT="{size}"'
    return f"<TextLine {place} {extra}>{strings}</TextLine>"


def block(name, lines, extra=""):
    return f'<TextBlock ID="{name}" {extra}>{"".join(lines)}</TextBlock>'


def column(name, left, top, count, extra=""):
    rows = [line(f"{name}第{n}行的文字在此处", left, top + 50 * n) for n in range(count)]
    return block(name, rows, extra)


def expected(*columns):
    return [f"{name}第{n}行的文字在此处" for name, count in columns for n in range(count)]


def page(*blocks, number=1):
    return f'<Page ID="P{number}"><PrintSpace>{"".join(blocks)}</PrintSpace></Page>'


def alto(*pages, before="", uri=V4):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="{uri}"><Description/>{before}'
        f"<Layout>{''.join(pages)}</Layout></alto>"
    )


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://schema.ccs-gmbh.com/ALTO",
        "http://www.loc.gov/standards/alto/ns-v2#",
        "http://www.loc.gov/standards/alto/ns-v3#",
        V4,
    ],
)
def test_columns_are_read_by_the_layout(uri):
    title = block("t", [line("雪后第一班车开进山口乡", 200, 0, size=80)])
    data = alto(page(column("右", 600, 120, 6), title, column("左", 0, 120, 6)), uri=uri)
    (article,) = read(data, "paper/2019-07-05/0001.xml")
    assert article.title == "雪后第一班车开进山口乡"
    assert article.body.split("\n") == expected(("左", 6), ("右", 6))
    assert (article.date, article.part, article.line) == ("2019-07-05", None, 1)


def test_a_prefix_is_as_good_as_a_default_namespace():
    data = alto(page(column("左", 0, 0, 2))).replace("<", "<a:").replace("<a:/", "</a:")
    data = data.replace("<a:?", "<?").replace("xmlns=", "xmlns:a=")
    assert read(data)[0].body.split("\n") == expected(("左", 2))


def test_the_reading_order_of_the_file_comes_first():
    order = (
        "<ReadingOrder><UnorderedGroup><OrderedGroup>"
        '<ElementRef REF="右"/><ElementRef REF="c"/></OrderedGroup></UnorderedGroup></ReadingOrder>'
    )
    inside = f'<ComposedBlock ID="c">{column("左", 0, 0, 3)}</ComposedBlock>'
    other = column("下", 0, 500, 2)
    (article,) = read(alto(page(other, inside, column("右", 600, 0, 3)), before=order))
    assert article.body.split() == expected(("右", 3), ("左", 3), ("下", 2))


def test_a_block_may_name_the_next():
    first = column("左", 0, 0, 3, 'IDNEXT="下"')
    data = alto(page(first, column("右", 600, 0, 3), column("下", 600, 300, 3, 'IDNEXT="下"')))
    (article,) = read(data)
    assert article.body.split() == expected(("左", 3), ("下", 3), ("右", 3))


def test_lines_set_downward_are_read_from_right_to_left():
    def tall(name, left):
        text = f"{name}行文字自上而下"
        strings = "".join(f'<String CONTENT="{letter}"/>' for letter in text)
        place = f'HPOS="{left}" VPOS="0" WIDTH="40" HEIGHT="{40 * len(text)}"'
        return f"<TextLine {place}>{strings}</TextLine>"

    data = alto(page(block("b", [tall("乙", 0)]), block("a", [tall("甲", 60)])))
    assert read(data)[0].body.split() == ["甲行文字自上而下", "乙行文字自上而下"]


def test_words_and_broken_words():
    rows = (
        '<TextLine><String CONTENT="The"/><SP/><String CONTENT="news"/><SP/>'
        '<String CONTENT="pa" SUBS_TYPE="HypPart1" SUBS_CONTENT="paper"/><HYP CONTENT="-"/></TextLine>'
        '<TextLine><String CONTENT="per" SUBS_TYPE="HypPart2" SUBS_CONTENT="paper"/><SP/>'
        '<String CONTENT="说"/><SP/><String CONTENT="路通了"/></TextLine>'
        '<TextLine><String CONTENT="half"/><HYP CONTENT="-"/></TextLine>'
    )
    assert text_of(alto(page(block("b", [rows])))) == "The news paper\n说路通了\nhalf-"


def test_without_places_the_order_is_that_of_the_file():
    rows = "<TextLine><String CONTENT='{}'/></TextLine>"
    data = alto(
        page(block("b", [rows.format("一行文字")]), block("a", [rows.format("又一行文字")]))
    )
    assert read(data)[0].body.split() == ["一行文字", "又一行文字"]
    bad = 'HPOS="nan" VPOS="1e999" WIDTH="-5" HEIGHT="x"'
    (article,) = read(data.replace("<TextLine", f"<TextLine {bad}"))
    assert article.body.split() == ["一行文字", "又一行文字"]


def test_pages_of_one_file_are_named():
    front = page(block("m", [line("山城日报", 0, 0, size=90)]), column("一", 0, 200, 3))
    found = read(
        alto(front, page(number=2), page(column("三", 0, 0, 3), number=3)), "2001-02-03.xml"
    )
    assert [(one.part, one.paper, one.date) for one in found] == [
        ("p. 1", "山城日报", "2001-02-03"),
        ("p. 3", "山城日报", "2001-02-03"),
    ]


@pytest.mark.parametrize("name", ["gb18030", "GBK", "big5", "utf-16"])
def test_other_encodings(name):
    data = alto(page(column("左", 0, 0, 2))).replace("UTF-8", name)
    if name == "big5":
        data = data.replace("处", "處").replace("左", "佐")
    (article,) = read(data.encode(name))
    assert article.body.count("行的文字在此") == 2


@pytest.mark.parametrize(
    "data",
    [
        "",
        " \n",
        "<settings><page/></settings>",
        '<?xml version="1.0"?><!DOCTYPE plist SYSTEM "x.dtd"><plist/>',
        '<!DOCTYPE p [<!ENTITY a "b">]><p>&a;</p>',
        "<mets:mets xmlns:mets='http://www.loc.gov/METS/'/>",
        "no XML at all",
        b"\xff\x00\x01\x02",
        alto(page()),
    ],
)
def test_other_xml_and_empty_pages_yield_nothing(data):
    assert read(data) == []


def test_a_file_cut_off_is_read_as_far_as_it_goes():
    data = alto(page(column("左", 0, 0, 3)), page(column("下", 0, 0, 3)))
    found = read(data[: data.index("下第2行") if "下第2行" in data else -150])
    assert [one.part for one in found[:-1]] == ["p. 1", "p. 2"]
    assert isinstance(found[-1], Problem)
    assert "not well-formed XML" in found[-1].reason
    assert found[-1].line == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            '<!DOCTYPE alto [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            + alto(page(block("b", ["<TextLine><String CONTENT='&b;'/></TextLine>"]))).split("\n")[
                1
            ],
            "declares entities",
        ),
        (
            '<!DOCTYPE alto [<!ENTITY a SYSTEM "file:///etc/passwd">]><alto>&a;</alto>',
            "declares entities",
        ),
        ("<alto>" + "<a>" * 200, "nested more than 100 deep"),
        (alto(page(block("b", [line("字" * 60, 0, 0)]))), "a page of more than 50 characters"),
        ("<alto><a b='" + "x" * 300_000, "an element of more than 100,000 bytes"),
        ("<alto>" + "<Layout>", "not well-formed XML: no element found"),
    ],
)
def test_what_would_cost_much_is_refused(data, reason):
    with pytest.raises(PaperError, match=reason):
        read(data, max_part_chars=50, max_page_bytes=100_000)


def test_only_so_many_pages_are_read_and_only_so_long(monkeypatch):
    data = alto(*(page(column("左", 0, 0, 2), number=n) for n in range(9)))
    found = read(data, max_parts=4)
    assert [one.part for one in found[:-1]] == ["p. 1", "p. 2", "p. 3", "p. 4"]
    assert found[-1].reason == "more than 4 pages; the rest is not read"
    now = iter(range(0, 10_000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    *_, problem = read(data + " " * 300_000, max_seconds=25)
    assert problem.reason == "not read to its end within 25 seconds"


@given(st.lists(CHINESE.filter(lambda text: text.strip() and text.isprintable()), max_size=6))
def test_no_text_is_lost(rows):
    data = alto(page(block("b", [line(row, 0, 50 * n) for n, row in enumerate(rows)])))
    assert "".join(text_of(data).split()) == "".join("".join(rows).split())


@given(st.binary(max_size=200))
def test_any_bytes_give_nothing_or_a_reason(data):
    try:
        read(b"<alto><Layout><Page><TextBlock><TextLine>" + data)
    except PaperError as error:
        assert "XML" in error.message or "encoding" in error.message  # noqa: PT017


def test_a_file_in_a_folder_of_pages(tmp_path):
    path = tmp_path / "1931-09-18" / "0003.xml"
    path.parent.mkdir()
    path.write_text(alto(page(column("左", 0, 0, 2))), "utf-8")
    with path.open("rb") as stream:
        (article,) = read_paper(PaperFile(Path(path), "p/1931-09-18/0003.xml"), stream)
    assert article.date == "1931-09-18"
