import io
import zipfile

import pytest

from search.errors import PaperError
from tests.papers.reading import read

docx = pytest.importorskip("docx")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_xml(data, old, new, part="word/document.xml"):
    """Return a document with a piece of its XML replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for info in before.infolist():
            content = before.read(info)
            if info.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(info.filename, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_a_document_without_headings_is_read_as_a_page():
    document = docx.Document()
    for line in ("山城日报", "2019年7月5日 星期五", "雪后第一班车"):
        document.add_paragraph(line)
    document.add_paragraph("本报讯（记者 林小雨）昨日，山口乡的路通了。")
    document.add_paragraph("老人说，路通了，人就回来了。")
    (article,) = read("a.docx", saved(document))
    assert article.title == "雪后第一班车"
    assert (article.date, article.paper, article.authors) == ("2019-07-05", "山城日报", ("林小雨",))
    assert article.body.endswith("老人说，路通了，人就回来了。")


def test_headings_part_the_articles():
    document = docx.Document()
    for title in ("雪后第一班车", "渡口撤了"):
        document.add_heading(title, 2)
        document.add_paragraph(f"{title}的事，昨天发生在山口乡。")
    found = read("a.docx", saved(document))
    assert [article.title for article in found] == ["雪后第一班车", "渡口撤了"]


def test_tables_are_lines_with_tabs():
    document = docx.Document()
    document.add_heading("各村粮食产量")
    document.add_paragraph("各村粮食产量如下，单位为吨。")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("河东村", "一千二", "河西村", "九百"), strict=True):
        cell.text = text
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "内"
    (article,) = read("a.docx", saved(document))
    assert "河东村\t一千二\n河西村\t九百 内" in article.body


def test_insertions_controls_and_text_boxes_are_read_and_deletions_not():
    document = docx.Document()
    document.add_paragraph("路通了，老地方。")
    xml = f"""<w:p {W}><w:ins w:id="1" w:author="x"><w:r><w:t>添上的字，</w:t></w:r></w:ins>
      <w:del w:id="2" w:author="x"><w:r><w:delText>删去的字</w:delText></w:r></w:del>
      <w:r><w:t>第二行</w:t><w:br/><w:t>第三行</w:t></w:r>
      <w:r><w:txbxContent><w:p><w:r><w:t>框里的字。</w:t></w:r></w:p></w:txbxContent></w:r></w:p>
      <w:sdt {W}><w:sdtContent><w:p><w:r><w:t>控件里的字。</w:t></w:r></w:p></w:sdtContent></w:sdt>"""
    data = with_xml(saved(document), b"<w:sectPr", xml.encode() + b"<w:sectPr")
    (article,) = read("a.docx", data)
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
    document = docx.Document()
    document.add_paragraph("路通了，人就回来了。")
    assert read("a.doc", saved(document))


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
    document = docx.Document()
    document.add_paragraph("路" * 4_000_000)
    data = saved(document)
    monkeypatch.setattr(docx, "Document", lambda _: pytest.fail("it was opened"))
    with pytest.raises(PaperError, match="more than 250 times its size"):
        read("a.docx", data, max_page_bytes=100_000)
    with pytest.raises(
        PaperError, match=r"more than the 1,000,000 that are read.*divide the document"
    ):
        read("a.docx", data, max_document_bytes=1_000_000)
    with pytest.raises(PaperError, match=r"bytes of text, more than the .* divide it"):
        read("a.docx", data, max_page_bytes=200_000, max_unpacked_ratio=10**6)


def test_entities_are_not_resolved(tmp_path):
    (tmp_path / "secret").write_text("不可说")
    document = docx.Document()
    document.add_paragraph("路通了，XX人就回来了。")
    levels = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    bomb = f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{levels}<!ENTITY f SYSTEM "file://{tmp_path}/secret">]>'
    data = with_xml(saved(document), b"<w:document", bomb.encode() + b"<w:document")
    data = with_xml(data, b"XX", b"&m;&f;")
    try:
        text = "".join(article.title + article.body for article in read("a.docx", data))
    except PaperError as exc:
        text = exc.message
    assert len(text) < 1000
    assert "不可说" not in text


def test_without_the_library_the_extra_is_named(monkeypatch):
    data = saved(docx.Document())
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(
        PaperError, match=r"reading DOCX needs python-docx: pip install 'sou\[docx\]'"
    ):
        read("a.docx", data)
