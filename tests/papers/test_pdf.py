import importlib.util
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.discover import PaperFile
from search.papers.formats import reader_here
from search.papers.problem import Problem
from search.papers.read_paper import Limits, read_paper
from search.papers.readers.isolation.child import Child
from search.papers.readers.pdf import reader as pdf
from search.papers.readers.pdf import server
from tests.conftest import examples
from tests.papers.pdfs import FONT, downward, drawn, lines, picture, plain, raw
from tests.papers.reading import read_all, without_records

pytest.importorskip("pypdfium2")
pytest.importorskip("reportlab")

MESSY = Path(__file__).parents[3] / "shared" / "data" / "messy"
BODY = "山口乡的路昨日通了车"
HELLO = b"BT /F1 12 Tf 50 400 Td (Hello world) Tj ET"


def read(data, name="a.pdf", **limits):
    stream = io.BytesIO(data)
    return without_records(read_paper(PaperFile(Path(name), name), stream, Limits(**limits)))


def numbered(name, count):
    return [f"{name}{number}行{BODY}" for number in range(1, count + 1)]


def test_a_page_in_two_columns_below_headlines():
    left, right = numbered("左", 8), numbered("右", 8)
    second = ["本报讯（记者林一舟）今日来了客人", *numbered("二左", 4)], numbered("二右", 5)
    page = lines(
        (200, 0, 30, ["山城日报"]),
        (200, 45, 9, ["2019年7月5日 星期五"]),
        # What stands below is drawn first.
        (300, 310, 10, second[1]),
        (50, 310, 10, second[0]),
        (100, 270, 18, ["第二篇文章有自己的大标题"]),
        (300, 100, 10, [*right[:-1], "路通了。"]),
        (50, 100, 10, left),
        (100, 60, 22, ["雪后第一班车开进山口乡"]),
    )
    first, other = read(drawn(page))
    assert first.title == "雪后第一班车开进山口乡"
    assert first.body.split("\n") == [*left, *right[:-1], "路通了。"]
    assert other.title == "第二篇文章有自己的大标题"
    assert other.body.split("\n") == [*second[0], *second[1]]
    assert (first.paper, first.date, first.part) == ("山城日报", "2019-07-05", "p. 1")
    assert (first.line, first.body_line) == (5, 7)


def test_the_paper_and_its_day_are_those_of_the_first_page():
    front = lines(
        (50, 0, 20, ["山城日报"]), (50, 40, 9, ["2019年7月5日"]), (50, 80, 10, numbered("一", 3))
    )
    found = read(drawn(front, lines((50, 0, 10, numbered("二", 3)))), "1999-01-01.pdf")
    assert [(one.part, one.paper, one.date, one.line) for one in found] == [
        ("p. 1", "山城日报", "2019-07-05", 4),
        ("p. 2", "山城日报", "2019-07-05", 1),
    ]
    (alone,) = read(drawn(lines((50, 0, 10, numbered("二", 3)))), "1999-01-01.pdf")
    assert (alone.paper, alone.date) == (None, "1999-01-01")


def test_text_set_from_top_to_bottom():
    upper = [f"上段第{n}行" + BODY for n in "一二三四五六"]
    lower = [f"下段第{n}行" + BODY for n in "一二三四五六"]
    (article,) = read(drawn(downward((500, 0, 10, upper), (500, 250, 10, lower))))
    assert article.body.split("\n") == upper + lower


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("inner", [0, 90, 180, 270])
def test_a_page_that_is_turned(turn, inner):
    def page(canvas):
        canvas.setPageRotation(turn)
        canvas.translate(400, 400)
        canvas.rotate(inner)
        canvas.translate(-300, -600)
        lines((50, 100, 10, numbered("左", 4)), (300, 100, 10, numbered("右", 4)))(canvas)

    (article,) = read(drawn(page, pagesize=(800, 800)))
    assert article.body.split("\n") == numbered("左", 4) + numbered("右", 4)


def test_a_string_of_one_character_is_not_lost():
    (article,) = read(drawn(lines((50, 0, 10, ["雪"]), (60, 0, 10, ["后第一班车"]))))
    assert article.body == "雪后第一班车"


def test_spaces_between_han_are_typesetting_and_between_words_are_not():
    text = "路 通 了, The New Times 3 月 5 日"
    (article,) = read(drawn(lines((50, 0, 10, [text]))))
    assert article.body == "路通了, The New Times 3月5日"


def test_pages_without_text_are_named_and_the_others_read():
    text = lines((50, 0, 10, numbered("甲", 3)))
    found = read(drawn(text, picture, picture, text, lambda _: None, picture))
    assert [one.part for one in found[:2]] == ["p. 1", "p. 4"]
    (problem,) = found[2:]
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(
        "pages 2-3, 6: an image without a text layer; add one with an OCR"
    )
    with pytest.raises(PaperError, match=r"page 1: an image without a text layer"):
        read(drawn(picture))


def test_a_page_number_on_a_scan_is_kept_and_the_scan_named():
    def page(canvas):
        picture(canvas)
        lines((50, 0, 10, ["第三千四百页"]))(canvas)

    article, problem = read(drawn(page))
    assert article.body == "第三千四百页"
    assert problem.reason.startswith("page 1: an image")


@pytest.mark.parametrize("data", [b"", plain(b" "), drawn(lambda _: None)])
def test_a_file_or_a_page_with_nothing_on_it_yields_nothing(data):
    assert read(data) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "not a readable PDF: damaged"),
        (b"%PDF-1.7\n", "not a readable PDF: damaged"),
        (plain(HELLO)[:300], "not a readable PDF: damaged"),
        (b"\x00" * 5000, "not a readable PDF: damaged"),
        (plain(b"", pages=0), "a PDF without pages"),
        (
            raw(
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [ 2 0 R ] /Count 1000000 >>",
            ),
            "damaged; only the first 100 of 1,000,000 pages are read",
        ),
    ],
)
def test_what_is_no_pdf_is_refused(data, reason):
    with pytest.raises(PaperError, match=reason):
        read(data, max_parts=100)


def test_an_encrypted_file_opens_if_its_password_is_empty():
    from reportlab.lib.pdfencrypt import StandardEncryption

    def encrypted(password):
        lock = StandardEncryption(password, ownerPassword="owner", strength=128)
        return drawn(lines((50, 0, 10, ["雪后第一班车"])), encrypt=lock)

    assert read(encrypted(""))[0].body == "雪后第一班车"
    with pytest.raises(PaperError, match="encrypted; save a copy that opens without a password"):
        read(encrypted("secret"))


def test_a_cut_off_file_whose_table_can_be_rebuilt_is_read():
    data = plain(HELLO)
    (article,) = read(data[: data.index(b"startxref")])
    assert article.body == "Hello world"


def test_only_so_many_pages_and_characters_are_read():
    found = read(plain(HELLO, pages=30), max_parts=10)
    assert [one.part for one in found[:-1]] == [f"p. {n}" for n in range(1, 11)]
    assert found[-1].reason == "only the first 10 of 30 pages are read"
    with pytest.raises(PaperError, match="page 1: more text than the limit for one page"):
        read(plain(HELLO), max_part_chars=5)


def test_a_page_on_which_the_library_crashes_or_hangs_costs_that_page(monkeypatch):
    child = Child("tests.papers.servers", "bad_pages")
    monkeypatch.setattr(pdf, "_child", lambda: child)
    found = read(b"%PDF", max_part_seconds=3.0)
    child.stop()
    assert [one.part for one in found[:4]] == ["p. 1", "p. 3", "p. 5", "p. 6"]
    assert [one.reason for one in found[4:]] == [
        "page 2: PDFium crashed on it",
        "page 4: not read within the time limit",
    ]


def test_a_file_with_one_bad_page_after_the_other_is_given_up(monkeypatch):
    child = Child("tests.papers.servers", "crashing")
    monkeypatch.setattr(pdf, "_child", lambda: child)
    with pytest.raises(PaperError, match="not a readable PDF: PDFium crashed on it"):
        read(b"%PDF")
    reading = pdf._Reading("a.pdf", io.BytesIO(b"%PDF"), Limits())
    reading._next = 2
    assert list(reading.texts()) == []
    assert [problem.reason for problem in reading.problems] == [
        "pages 2-5: PDFium crashed on it",
        "stopped before page 6 of 9",
    ]
    child.stop()


def test_without_the_library_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(PaperError, match=r"needs pypdfium2: pip install 'sou\[pdf\]'"):
        read(plain(HELLO))


@pytest.mark.skipif(os.name == "nt", reason="there an open file cannot be replaced")
def test_the_file_that_is_open_is_read_whatever_has_its_name_now(tmp_path):
    path = tmp_path / "雪 a.pdf"
    path.write_bytes(plain(HELLO))
    with path.open("rb") as stream:
        path.unlink()
        path.write_bytes(plain(HELLO.replace(b"Hello", b"Other")))
        (article,) = read_paper(PaperFile(path, "a.pdf"), stream)
    assert article.body == "Hello world"


@pytest.mark.skipif(os.name == "nt", reason="there the system removes a file that has a name")
def test_a_part_of_another_file_has_no_name_that_could_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    child = Child("search.papers.readers.pdf.server", "main")
    monkeypatch.setattr(pdf, "_child", lambda: child)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.pdf", plain(HELLO, pages=30) + b"%" * 5_000_000)
    try:
        with (tmp_path / "a.zip").open("rb") as stream:
            reading = reader_here("a.zip").read("a.zip", stream, Limits())
            assert next(reading).body == "Hello world"
            assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
            assert len(list(reading)) == 29
    finally:
        child.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_part_of_another_file_gives_what_the_file_gives(tmp_path):
    path = tmp_path / "a.pdf"
    for data in (drawn(lines((50, 0, 20, numbered("一", 9)))), plain(HELLO, pages=30), b"%PDF-1.7"):
        path.write_bytes(data)
        with path.open("rb") as stream:
            results = [given_by(stream), given_by(io.BytesIO(data))]
        assert results[0]
        assert results[0] == results[1]


def given_by(stream):
    try:
        return list(read_paper(PaperFile(Path("a.pdf"), "a.pdf"), stream))
    except PaperError as error:
        return error.message


def test_no_room_for_a_part_of_another_file_is_said():
    no_room = OSError(28, "No space left on device")
    assert list(server.answers(no_room, 1, 9, 9)) == [
        {"error": "there is no space to unpack it: No space left on device"}
    ]


@pytest.mark.parametrize("padding", [0, 1 << 20])
def test_no_room_is_said_at_once(padding):
    """The system allows no file of that size; what was not written is written at the close."""
    data = plain(HELLO, pages=3) + b"%" * padding
    code = (
        "import io, resource, sys\n"
        "from pathlib import Path\n"
        "from search.model.errors import PaperError\n"
        "from search.papers.read_paper import read_paper\n"
        "from search.papers.discover import PaperFile\n"
        "data = io.BytesIO(sys.stdin.buffer.read())\n"
        "size = len(data.getbuffer()) // 2\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
        "try:\n"
        "    print(list(read_paper(PaperFile(Path('a.pdf'), 'a.pdf'), data)))\n"
        "except PaperError as error:\n"
        "    print(error.message)\n"
    )
    pytest.importorskip("resource")  # not on Windows
    done = subprocess.run(
        [sys.executable, "-c", code], input=data, capture_output=True, timeout=30, check=True
    )
    assert b"there is no space to unpack it" in done.stdout


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_any_damage_gives_articles_problems_or_a_paper_error(data):
    whole = plain(HELLO + b" BT /F1 9 Tf 50 300 Td (and more) Tj ET", pages=3)
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(bytes(spoilt[: data.draw(st.integers(10, len(whole)))]), max_parts=50)
    except PaperError as error:
        found = [Problem("a.pdf", error.message)]
    for one in found:
        assert one.part if isinstance(one, Article) else one.reason


@pytest.mark.skipif(not MESSY.is_dir(), reason="the shared data are not here")
def test_real_files():
    found = {}
    for path in sorted(MESSY.glob("*.pdf")):
        with path.open("rb") as stream:
            try:
                found[path.stem] = list(read_paper(PaperFile(path, path.name), stream))
            except PaperError as error:
                found[path.stem] = error.message
    assert found.pop("aicup_finance_824").startswith("pages 1-3: an image")
    # Lines that end in the middle of a sentence go on in the next.
    text = "".join(one.body for one in found["aicup_insurance_267"]).replace("\n", "")
    assert "被保險人死亡時，受益人得領取之喪葬費用保險金總和（不限本公司），不得超過遺" in text
    assert {one.part for one in found["aicup_insurance_267"]} == {"p. 1", "p. 2"}


def test_what_runs_aslant_cuts_no_line():
    rows = [f"第{n:02}行写的是山里修路架桥办学校的事" for n in range(12)]

    def page(canvas):
        canvas.setFont(FONT, 12)
        for number, text in enumerate(rows[:6]):
            canvas.drawString(50, 780 - 17 * number, text)
        canvas.saveState()
        canvas.translate(60, 620)
        canvas.rotate(40)
        canvas.setFont(FONT, 12)
        canvas.drawString(0, 0, "样张不得翻印")
        canvas.restoreState()
        for number, text in enumerate(rows[6:], 6):
            canvas.drawString(50, 780 - 17 * number, text)

    (article,) = read(drawn(page))
    assert article.body.split("\n")[:12] == rows
    assert article.body.endswith("样张不得翻印")


def test_characters_for_private_use_are_kept_and_counted():
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"1 beginbfchar <41> <E001> endbfchar endcmap end end"
    )
    content = b"BT /F1 12 Tf 50 400 Td (The name of A is written with A in it) Tj ET"
    data = raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [ 4 0 R ] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
    )
    article, problem = read(data)
    assert article.body == "The name of \ue001 is written with \ue001 in it"
    assert problem.reason == "2 characters that only its own font knows are kept as they are"
    assert not problem.lost


def column(name, count, opening="本报讯（记者林一舟）"):
    """Return the lines of an article in one column; each is a line of its own."""
    body = [f"{name}第{number}行，{BODY}，大家" for number in range(1, count)]
    return [f"{opening}{name}昨日通车。", *body, f"{name}的事说完了。"]


def spread(left, top, size, text, white):
    """Return the places of characters that are set wide apart."""
    return [(left + at * (size + white), top, size, [char]) for at, char in enumerate(text)]


COUNTY = [
    (40, 0, 9, ["2版 综合"]),
    (230, 0, 9, ["2019年7月5日 星期五"]),
    (480, 0, 9, ["山城日报"]),
    (140, 20, 14, ["全县十件实事"]),
    (60, 45, 30, ["雪后第一班车开进山口"]),
    (40, 90, 9.5, column("甲", 12)),
    (240, 90, 9.5, [f"甲栏二第{number}行，{BODY}了" for number in range(13)]),
    (430, 45, 20, ["粮站里来了"]),
    (430, 70, 20, ["四个画家"]),
    (430, 105, 9.5, column("乙", 11)),
    (40, 320, 8, ["图为山口乡的新桥。 林一舟 摄"]),
    *spread(80, 350, 24, "渡口搬迁", 24),
    (40, 390, 9.5, column("丙", 14)),
    (260, 350, 22, ["书屋扩建"]),
    (260, 390, 10, column("丁", 12)),
]


@pytest.mark.parametrize("order", [1, -1, 7], ids=["as drawn", "backwards", "mixed"])
def test_headlines_are_told_by_the_size_of_their_type(order):
    places = COUNTY[::order] if order < 0 else [*COUNTY[order:], *COUNTY[:order]]
    found = {article.title: article for article in read(drawn(lines(*places)))}
    assert {title for title in found if "图" not in title} == {
        "全县十件实事 雪后第一班车开进山口",
        "粮站里来了 四个画家",
        "渡口搬迁",
        "书屋扩建",
    }
    first = found["全县十件实事 雪后第一班车开进山口"]
    assert {article.date for article in found.values()} == {"2019-07-05"}
    for title, name in (("粮站里来了 四个画家", "乙"), ("渡口搬迁", "丙"), ("书屋扩建", "丁")):
        assert found[title].body.split("\n")[-1] == f"{name}的事说完了。"
        assert not any(other in found[title].body for other in "甲乙丙丁".replace(name, ""))
    assert "甲栏二第12行" in first.body
    text = "\n".join(article.title + article.body for article in found.values())
    for _, _, size, texts in places:
        assert size == 9 or all(line[:4] in text.replace(" ", "") for line in texts)


def test_the_levels_of_lines_are_those_of_their_type():
    from search.papers.readers.pdf.pdfium import opened, read_page

    with io.BytesIO(drawn(lines(*COUNTY))) as file, opened(file) as document:
        page = read_page(document, 0, 10**6).text
    shown = page.text.split("\n")
    levels = {shown[at - 1].strip(): level for at, level in page.levels.items()}
    heads = {text for text, level in levels.items() if level}
    assert heads >= {"雪后第一班车开进山口", "粮站里来了", "四个画家", "渡口搬迁", "书屋扩建"}
    assert not any("，" in text or "图为" in text for text in heads)
    assert levels["甲第5行，山口乡的路昨日通了车，大家"] == 0
    sizes = {shown[at - 1]: round(size, 1) for at, size in page.sizes.items()}
    assert (sizes["雪后第一班车开进山口"], sizes["四个画家"]) == (3.2, 2.1)


def test_type_of_one_size_tells_nothing():
    from search.papers.readers.pdf.pdfium import opened, read_page

    page = lines((40, 0, 10, ["雪后第一班车"]), (40, 30, 10, column("甲", 9)))
    with io.BytesIO(drawn(page)) as file, opened(file) as document:
        assert read_page(document, 0, 10**6).text.levels == {}


def test_an_article_runs_over_the_end_of_a_page():
    first = [*column("甲", 9)[:-1], "甲第9行，那天大家在桥上走来走去，"]
    pages = (
        lines((100, 0, 24, ["雪后第一班车开进山口"]), (40, 50, 10, first)),
        lines((40, 0, 10, ["谁也不肯早早回家，到了傍晚，桥上的", "灯亮了。"]), (60, 60, 24, ["粮站来了画家"]),
              (40, 100, 10, column("乙", 6))),
    )  # fmt: skip
    over, other = read(drawn(*pages))
    assert over.body.endswith("走来走去，\n谁也不肯早早回家，到了傍晚，桥上的\n灯亮了。")
    assert (over.part, other.title, other.part) == ("p. 1", "粮站来了画家", "p. 2")


SAME = "望澜县今日召开会议部署防汛工作要点"
MORE = ["另一行文字说的是别的事情", "还有一行说了第三件事。"]
BESIDE = [f"右栏{line}" for line in numbered("二", 4)]


def page_texts(data):
    from search.papers.readers.pdf.pdfium import count_pages, opened, read_page

    with opened(io.BytesIO(data)) as document:
        pages = range(count_pages(document))
        return [read_page(document, at, 100_000).text.text for at in pages]


@pytest.mark.parametrize(
    "pages",
    [
        [[(60, 60, 12, [MORE[0], SAME, SAME, MORE[1]])]],
        [[(60, 60, 12, [SAME, SAME, SAME, SAME, *MORE])]],
        [[(60, 60, 12, [SAME, MORE[0], SAME, SAME, MORE[1], SAME])]],
        [[(60, 60, 12, [*numbered("一", 4), SAME]), (320, 60, 12, [SAME, *BESIDE])]],
        [[(60, 60, 12, [SAME, *numbered("一", 4)]), (320, 60, 12, [SAME, *BESIDE])]],
        [
            [(60, 40, 9, ["青岚日报"]), (60, 60, 28, ["会议召开"]), (60, 120, 12, [SAME, SAME])],
            [(60, 40, 9, ["青岚日报"]), (60, 60, 28, ["桥的新闻"]), (60, 120, 12, [SAME, *MORE])],
        ],
        [[(60, 60 + 20 * row, 12, ["合计"]) for row in range(4)]],
    ],
)
def test_lines_that_are_equal_are_all_read(pages):
    """PDFium takes a line below an equal one for its shadow, and leaves it out."""
    data = drawn(*(lines(*page) for page in pages))
    whole = [text for page in pages for *_, texts in page for text in texts]
    texts = "\n".join(page_texts(data))
    found = read_all("a.pdf", data)
    held = "\n".join(f"{each.title}\n{each.body}" for each in found if isinstance(each, Article))
    for line in whole:
        assert texts.count(line) == whole.count(line)
        assert held.count(line) >= whole.count(line)
    assert any(each.kind == "page" for each in found) == (len(pages) > 1), "running heads"


@pytest.mark.parametrize("aside", [0, 0.5, 1, 3])
def test_a_shadow_is_not_read_twice(aside):
    page = lines((60, 60, 12, [SAME]), (60 + aside, 60 + aside, 12, [SAME]), (60, 90, 12, MORE))
    assert page_texts(drawn(page))[0].count(SAME) == 1


def test_equal_lines_on_a_page_that_is_turned():
    def turned(canvas):
        canvas.translate(500, 50)
        canvas.rotate(90)
        lines((60, 400, 12, [SAME, SAME, *MORE]))(canvas)

    assert page_texts(drawn(turned))[0].split() == [SAME, SAME, *MORE]


@given(st.lists(st.sampled_from("天人星谢"), min_size=2, max_size=30), st.floats(0.8, 2))
@settings(max_examples=examples(40), deadline=None)
def test_equal_characters_that_are_set_one_by_one_are_all_read(letters, step):
    def page(canvas):
        canvas.setFont(FONT, 12)
        for at, letter in enumerate(letters):
            canvas.drawString(20 + 12 * step * at, 700, letter)
        canvas.drawString(20, 600, BODY)

    held = "".join(each.body for each in read(drawn(page)))
    assert "".join(held.split()).count("".join(letters)) == 1
