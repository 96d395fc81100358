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


def test_what_is_no_page_cannot_be_explained(page: Path) -> None:
    (page.parent / "a.pdf").write_bytes(b"%PDF-1.4")
    for path, said in (
        ("a.pdf", "only pages of text or Markdown"),
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
        ("青岚日报_01.txt", PAGE[PAGE.index("新桥") :], "paper: 青岚日报 (the name of the file)"),
        ("山城周刊_01.txt", PAGE, "paper: 山城周刊 (printed on it)"),
    ):
        (page.parent / name).write_text(text, "utf-8")
        assert said in inside("index", "--explain", name, cwd=page.parent).out


def test_the_limit_of_a_page_is_that_of_the_settings(page: Path) -> None:
    (page.parent / "sou.toml").write_text("max_page_mb = 0.0001\n", "utf-8")
    done = inside("index", "--explain", page.name, cwd=page.parent)
    assert (done.status, done.out) == (2, "")
    assert "more than the limit of 104" in done.err
