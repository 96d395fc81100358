"""`sou index --explain FILE`: how a page is read."""

import re
from pathlib import Path

import pytest

from tests.cli.running import inside

PAGE = """山城周刊 2019年7月5日 第3版

新桥昨日通车

本报讯（记者 林小雨）山口乡的新桥昨日通车，老人都来看桥。

粮站里来了画家

四个画家在粮站里住到秋天。
何田

新闻热线：0000-5550123
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "第3版.txt"
    path.write_text(PAGE, "utf-8")
    return path


def test_every_line_is_shown_with_its_kind_and_article(page: Path) -> None:
    done = inside("index", "--explain", page.name, cwd=page.parent)
    assert (done.status, done.err) == (0, "")
    shown = {
        int(match[1]): (match[2], match[3])
        for match in re.finditer(r"(?m)^ +(\d+)  (\w+) +(of no article|article \d)", done.out)
    }
    assert shown == {
        1: ("furniture", "of no article"),
        3: ("headline", "article 1"),
        5: ("body", "article 1"),
        7: ("headline", "article 2"),
        9: ("body", "article 2"),
        10: ("byline", "article 2"),
        12: ("furniture", "of no article"),
    }
    for said in (
        "paper: 山城周刊 (printed on it)",
        "date: 2019-07-05 (printed on it)",
        "because it begins with a dateline: 本报讯（记者 林小雨）",
        "because it names 何田",
        "article 2: lines 7 to 10\n  headline: 粮站里来了画家\n  authors: 何田",
    ):
        assert said in done.out
    assert re.search(r"because \S.* \([+-]\d\.\d\d\)", done.out)
    assert not (page.parent / "index_data").exists()


def test_what_is_no_paper_cannot_be_explained(page: Path) -> None:
    (page.parent / "a.pdf").write_bytes(b"%PDF-1.4")
    (page.parent / "a.exe").write_bytes(b"MZ")
    for path, said in (
        ("a.pdf", "a.pdf: not a readable PDF"),
        ("a.exe", "a.exe: no reader accepts"),
        ("nowhere.txt", "cannot read nowhere.txt"),
    ):
        done = inside("index", "--explain", path, cwd=page.parent)
        assert (done.status, done.out) == (2, "")
        assert said in done.err
    assert inside("index", "--explain", cwd=page.parent).status == 2


def test_controls_in_a_page_do_nothing_to_a_terminal(page: Path) -> None:
    page.write_text("新桥\x1b[2J通车了\n\n老人都来看桥。\n", "utf-8")
    done = inside("index", "--explain", page.name, cwd=page.parent)
    assert done.status == 0
    assert "\x1b" not in done.out


def test_front_matter_is_no_text_and_is_named_as_the_source(page: Path) -> None:
    page.write_text(f"---\npaper: 澜溪晚报\ndate: 某日\n---\n{PAGE}", "utf-8")
    done = inside("index", "--explain", page.name, cwd=page.parent)
    assert "paper: 澜溪晚报 (in its front matter)" in done.out
    assert "date: 2019-07-05 (printed on it)" in done.out
    shown = [int(number) for number in re.findall(r"(?m)^ +(\d+)  \w+ ", done.out)]
    assert shown == [5, 7, 9, 11, 13, 14, 16]


def test_the_paper_of_the_files_name_is_named_as_that(page: Path) -> None:
    for name, text, said in (
        (
            "青岚日报_01.txt",
            PAGE[PAGE.index("新桥") :],
            "paper: 青岚日报 (in the path of the file)",
        ),
        ("山城周刊_01.txt", PAGE, "paper: 山城周刊 (printed on it)"),
    ):
        (page.parent / name).write_text(text, "utf-8")
        assert said in inside("index", "--explain", name, cwd=page.parent).out


def test_the_limit_of_a_page_is_that_of_the_settings(page: Path) -> None:
    (page.parent / "sou.toml").write_text("max_page_mb = 0.0001\n", "utf-8")
    done = inside("index", "--explain", page.name, cwd=page.parent)
    assert (done.status, done.out) == (2, "")
    assert "more than the limit of 104" in done.err


BODY = [f"望澜县今年整修了第{number}段河堤,工程队昼夜施工,沿岸群众" for number in "一二三四"]


def explained(page: Path, name: str, content: bytes | str) -> str:
    data = content.encode() if isinstance(content, str) else content
    (page.parent / name).write_bytes(data)
    done = inside("index", "--explain", name, cwd=page.parent)
    assert done.status == 0, done.err
    return done.out


def test_a_file_of_several_pages_is_shown_part_by_part(page: Path) -> None:
    out = explained(page, "a.txt", f"{PAGE}\f新渡口开放\n\n　　昨日，山口乡的新渡口开放了。\n")
    first, second = out.split("p. 2\n")
    assert first.startswith("p. 1\npaper: 山城周刊 (printed on it)")
    assert "paper: 山城周刊 (of the page before it)" in second
    assert "date: 2019-07-05 (of the page before it)" in second
    # Lines are those of the file, in which the form feed ends no line.
    assert re.search(r"(?m)^ +13  headline +article 1 +新渡口开放$", second)
    assert "article 1: lines 13 to 15" in second


def test_the_layout_of_a_pdf_is_named_as_a_reason(page: Path) -> None:
    pytest.importorskip("reportlab")
    pytest.importorskip("pypdfium2")
    from tests.papers.pdfs import drawn, lines

    out = explained(
        page,
        "20230512.pdf",
        drawn(
            lines(
                (60, 40, 24, ["老桥修缮惠及群众"]), (60, 90, 10, ["本报讯 昨日老桥开工。", *BODY])
            )
        ),
    )
    assert "headline   article 1      老桥修缮惠及群众" in out
    assert "because its letters are 2.4 times as high as the page's" in out
    assert "date: 2023-05-12 (in the path of the file)" in out


@pytest.mark.parametrize("size", [1, 50], ids=["hOCR", "hOCR in an archive"])
def test_readers_in_other_processes_are_shown_too(page: Path, size: int) -> None:
    import zipfile

    spans = "".join(
        f"<span class='ocr_line' title='bbox 10 {top} {10 + high * len(text)} {top + high}'>{text}</span>"
        for top, high, text in [
            (10, 60, "老桥修缮"),
            *((90 + 30 * n, 20, t) for n, t in enumerate(BODY)),
        ]
    )
    hocr = f"<html><body><div class='ocr_page'><p class='ocr_par'>{spans}</p></div></body></html>"
    if size == 1:
        out = explained(page, "a.hocr", hocr)
    else:
        with zipfile.ZipFile(page.parent / "b.zip", "w") as archive:
            archive.writestr("甲/a.hocr", hocr)
            archive.writestr("b.csv", "标题,正文\n甲,乙\n")
        out = explained(page, "b.zip", (page.parent / "b.zip").read_bytes())
        assert out.startswith("甲/a.hocr:\n")
        assert "b.csv:\n1 record, 1 article\n" in out
    assert "because its letters are 3.0 times as high as the page's" in out


def test_a_web_page_says_where_its_fields_are_from(page: Path) -> None:
    html = """<html><head><title>新桥昨日通车 - 山城新闻网</title>
    <meta property="og:site_name" content="山城新闻网"></head><body><h1>新桥昨日通车</h1>
    <p>2019-07-05 来源：山城周刊 作者：林小雨</p>
    <p>　　山口乡的新桥昨日通车，老人都来看桥，孩子们从桥上跑过去，又从桥上跑回来。</p></body></html>"""
    out = explained(page, "a.html", html)
    for said in (
        "headline: 新桥昨日通车 (shown on the page)",
        "authors: 林小雨 (in the lines around the headline)",
        "paper: 山城周刊 (in the lines around the headline)",
        "date: 2019-07-05 (in the lines around the headline)",
        "url: none found",
    ):
        assert said in out


def test_records_say_which_columns_became_which_fields(page: Path) -> None:
    out = explained(
        page,
        "a.csv",
        "标题,正文,日期,备注,来源\n甲,乙,2019-07-05,x,\n丙,丁,某日,,\n",
    )
    assert out.splitlines() == [
        "2 records, 2 articles",
        "id: none of its columns",
        "title: 标题 (2)",
        "body: 正文 (2)",
        "date: 日期 (2); in 1 of these a date could be read",
        "paper: none of its columns",
        "authors: none of its columns",
        "section: none of its columns",
        "page: none of its columns",
        "issue: none of its columns",
        "edition: none of its columns",
        "url: none of its columns",
        "not used: 备注 (1)",
    ]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.csv"])
def test_an_empty_paper_is_said_to_be_empty(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    done = inside("index", "--explain", name, cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out == "nothing is in it\n" or "0 records" in done.out


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    done = inside("index", "--explain", ".", cwd=tmp_path)
    assert done.status == 2
    assert ". is a folder" in done.err
