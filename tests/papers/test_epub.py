import io
import zipfile

import pytest

from search.model.errors import PaperError
from search.papers.problem import Problem
from tests.papers.reading import read

pytest.importorskip("lxml")

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
OPF = """<?xml version="1.0" encoding="utf-8"?>{dtd}
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
<metadata><dc:title>{title}</dc:title><dc:creator>白杨</dc:creator><dc:date>2015-06-01</dc:date></metadata>
<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="g" href="gone.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="c.png" media-type="image/png"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="c"/><itemref idref="b"/>{more}</spine></package>"""


def book(*, title="拾光文集", dtd="", more="", chapters=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", OPF.format(title=title, dtd=dtd, more=more))
        archive.writestr("OEBPS/nav.xhtml", "<html><body><nav>目录</nav></body></html>")
        for name, text in chapters or (
            ("one", "<h1>旧书店</h1><p>那本诗集压在架子最底层。</p><p>短</p>"),
            ("two b", "<p>路通了，人就回来了。</p>"),
        ):
            archive.writestr(f"OEBPS/text/{name}.xhtml", f"<html><body>{text}</body></html>")
    return out.getvalue()


def test_chapters_are_parts_in_the_order_of_reading():
    one, two = read("a.epub", book())
    assert (one.title, one.body) == ("旧书店", "那本诗集压在架子最底层。\n短")
    assert (one.path, one.part) == ("a.epub", "OEBPS/text/one.xhtml")
    assert (one.paper, one.date, one.authors) == ("拾光文集", "2015-06-01", ("白杨",))
    assert (two.title, two.part) == ("two b", "OEBPS/text/two b.xhtml")


def test_a_chapter_may_hold_several_articles():
    text = "".join(
        f"<section><h2>第{n}篇</h2><p>这一篇写的是第{n}座桥，桥下有水。</p></section>"
        for n in (1, 2)
    )
    found = read("a.epub", book(chapters=(("one", f"<div>{text}</div>"),)))
    assert [a.title for a in found if not isinstance(a, Problem)] == ["第1篇", "第2篇"]


def test_a_chapter_that_is_missing_is_a_problem():
    *articles, problem = read("a.epub", book(more='<itemref idref="g"/>'))
    assert len(articles) == 2
    assert problem.reason == "OEBPS/gone.xhtml: it is damaged: OEBPS/gone.xhtml is missing"


def test_a_chapter_that_is_too_deep_is_a_problem():
    deep = "<b>" * 100_000 + "路通了，人就回来了。"
    problem, article = read("a.epub", book(chapters=(("one", deep), ("two b", "<p>路通了。</p>"))))
    assert "2,048 deep" in problem.reason
    assert article.body == "路通了。"


def test_what_is_no_book_is_refused():
    with pytest.raises(PaperError, match="damaged or of another kind"):
        read("a.epub", b"abc")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "路")
    with pytest.raises(PaperError, match=r"META-INF/container.xml is missing"):
        read("a.epub", out.getvalue())


def test_a_bomb_is_refused():
    bomb = book(chapters=(("one", "路" * 3_000_000),))
    with pytest.raises(PaperError, match="more than 250 times its size"):
        read("a.epub", bomb, max_page_bytes=100_000)


def test_entities_are_not_resolved(tmp_path):
    (tmp_path / "secret").write_text("不可说")
    levels = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    dtd = f'<!DOCTYPE package [<!ENTITY a "aaaaaaaaaa">{levels}<!ENTITY f SYSTEM "file://{tmp_path}/secret">]>'
    try:
        told = list(map(str, read("a.epub", book(title="集&m;&f;", dtd=dtd))))
    except PaperError as exc:
        told = [exc.message]
    assert all(len(text) < 1000 and "不可说" not in text for text in told)


def test_without_lxml_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "lxml", None)
    with pytest.raises(PaperError, match=r"reading EPUB needs lxml: pip install 'sou\[epub\]'"):
        read("a.epub", book())
