import io
import zipfile

import pytest

from search.model.errors import PaperError
from tests.papers.docxs import STYLES, document, paragraph, style, table
from tests.papers.reading import read

pytest.importorskip("lxml")


def test_a_document_without_headings_is_read_as_a_page():
    lines = (
        "山城日报",
        "2019年7月5日 星期五",
        "雪后第一班车",
        "本报讯（记者 林小雨）昨日，山口乡的路通了。",
        "老人说，路通了，人就回来了。",
    )
    (article,) = read("a.docx", document(*map(paragraph, lines)))
    assert article.title == "雪后第一班车"
    assert (article.date, article.paper, article.authors) == ("2019-07-05", "山城日报", ("林小雨",))
    assert article.body.endswith("老人说，路通了，人就回来了。")


def test_headings_part_the_articles():
    body = [
        paragraph(title, "Heading2") + paragraph(f"{title}的事，昨天发生在山口乡。")
        for title in ("雪后第一班车", "渡口撤了")
    ]
    found = read("a.docx", document(*body))
    assert [article.title for article in found] == ["雪后第一班车", "渡口撤了"]


@pytest.mark.parametrize(
    "styles",
    [
        style("x", "标题 2"),
        style("x", "Title"),
        style("x", "own", outline=2),
        style("x", "own", based="y") + style("y", "other", based="Heading1"),
        style("x", "own", based="y") + style("y", "other", based="x") + style("x", "heading 3"),
    ],
)
def test_a_style_is_a_heading_by_name_level_or_parent(styles):
    title, text = "雪后第一班车", "昨天的事，发生在山口乡。"
    body = (paragraph(title, "x"), paragraph(text), paragraph("渡口撤了", "x"), paragraph(text))
    found = read("a.docx", document(*body, styles=styles + STYLES))
    assert [article.title for article in found] == [title, "渡口撤了"]


def test_styles_that_are_based_on_each_other_end():
    styles = style("x", "own", based="y") + style("y", "other", based="x")
    assert read("a.docx", document(paragraph("雪后第一班车", "x"), styles=styles))


def test_the_parts_are_found_by_their_relations():
    body = (paragraph("雪后第一班车", "Heading1"), paragraph("昨天的事，发生在山口乡。"))
    (article,) = read("a.docx", document(*body, folder="other/place"))
    assert (article.title, article.body) == ("雪后第一班车", "昨天的事，发生在山口乡。")


def test_tables_are_lines_with_tabs():
    inner = paragraph("九百") + table([paragraph("内")])
    rows = table(
        [paragraph("河东村"), paragraph("一千二")],
        [paragraph("河西村"), f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"],
    )
    text = paragraph("各村粮食产量如下，单位为吨。")
    (article,) = read("a.docx", document(paragraph("各村粮食产量", "Heading1"), text, rows))
    assert "河东村\t一千二\n河西村\t九百 内" in article.body


def test_cells_are_found_within_whatever_stands_between_them_and_their_row():
    rows = table([paragraph("河东村"), paragraph("一千二")])
    wrapped = rows.replace("<w:tc>", "<w:sdt><w:sdtContent><w:tc>").replace(
        "</w:tc>", "</w:tc></w:sdtContent></w:sdt>"
    )
    for body in (rows, wrapped):
        (article,) = read("a.docx", document(paragraph("产量如下，单位为吨。"), body))
        assert "河东村\t一千二" in article.body


def test_insertions_controls_and_text_boxes_are_read_and_deletions_not():
    xml = """<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>添上的字，</w:t></w:r></w:ins>
      <w:del w:id="2" w:author="x"><w:r><w:delText>删去的字</w:delText></w:r></w:del>
      <w:r><w:t>第二行</w:t><w:br/><w:t>第三行</w:t></w:r>
      <w:r><w:txbxContent><w:p><w:r><w:t>框里的字。</w:t></w:r></w:p></w:txbxContent></w:r></w:p>
      <w:sdt><w:sdtContent><w:p><w:r><w:t>控件里的字。</w:t></w:r></w:p></w:sdtContent></w:sdt>"""
    (article,) = read("a.docx", document(paragraph("路通了，老地方。"), xml))
    text = f"{article.title}\n{article.body}"
    assert "添上的字，第二行\n第三行\n框里的字。\n控件里的字。" in text
    assert "删去" not in text


def test_an_old_document_is_refused_with_advice():
    for data in (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"{\\rtf1 abc}",
        "路通了。".encode(),
    ):
        with pytest.raises(PaperError, match=r"not a \.docx document.*save it as \.docx"):
            read("a.doc", data)


def test_a_document_with_the_old_name_is_read():
    assert read("a.doc", document(paragraph("路通了，人就回来了。")))


def test_another_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "路")
    with pytest.raises(PaperError, match="the document is damaged"):
        read("a.docx", out.getvalue())
    with pytest.raises(PaperError, match="damaged or of another kind"):
        read("a.docx", out.getvalue()[:40])
    with pytest.raises(PaperError, match="the file is empty"):
        read("a.docx", b"")


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch):
    data = document(paragraph("路" * 4_000_000))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(PaperError, match="more than 250 times its size"):
        read("a.docx", data, max_page_bytes=100_000)
    with pytest.raises(PaperError, match=r"more than the limit of 1,000,000.*split the document"):
        read("a.docx", data, max_document_bytes=1_000_000)
    with pytest.raises(PaperError, match=r"bytes of text, more than the .* split it"):
        read("a.docx", data, max_page_bytes=200_000, max_unpacked_ratio=10**6)


def test_entities_are_not_resolved(tmp_path):
    (tmp_path / "secret").write_text("不可说")
    levels = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    bomb = f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{levels}<!ENTITY f SYSTEM "file://{tmp_path}/secret">]>'
    data = document(paragraph("路通了，XX人就回来了。").replace("XX", "&m;&f;"), start=bomb)
    try:
        text = "".join(article.title + article.body for article in read("a.docx", data))
    except PaperError as exc:
        text = exc.message
    assert len(text) < 1000
    assert "不可说" not in text


def test_without_the_library_the_extra_is_named(monkeypatch):
    data = document()
    monkeypatch.setitem(__import__("sys").modules, "lxml", None)
    with pytest.raises(PaperError, match=r"reading DOCX needs lxml: pip install 'sou\[docx\]'"):
        read("a.docx", data)
