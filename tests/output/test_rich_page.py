from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from search.model.frozen import replace
from search.model.results import Results, Snippet
from search.output.safe import safe
from search.output.wrap import display_width
from tests.conftest import examples

from .fakes import ARTICLE, HIT, RESULTS, fake_world, output, results, without_styles

STYLED = {"terminal": True, "styles": True}


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_page():
    assert output("rich", world=fake_world(width=60)).splitlines() == [
        " 1. 坚持网格化服务管理 让群众少跑腿",
        "    k3f9q2ab7x · 青石日报 · 2023-08-22 · 林一舟、周小满 · 要",
        "    闻 · corpus/2023/青石日报-0822.txt:41",
        "    42: 青石县推行网格化服务管理。",
        "    also in 澜石晚报 · 2023-08-23 · corpus/2023/澜石晚报",
        "    -0823.txt:7",
        "",
        " 2. 简讯",
        "    m2x7c4tq9d · corpus/b.jsonl:1",
        "",
        "1–2 of 17 articles (1 copy folded) · 0.04 s",
    ]


def test_matches_are_marked():
    page = output("rich", world=fake_world(**STYLED, colour=True))
    assert "推行\x1b[1;31m网格化\x1b[0m服务" in page
    assert "\x1b[1m坚持\x1b[0m\x1b[1;31m网格化\x1b[0m" in page


def test_no_color_leaves_bold_and_underline():
    page = output("rich", world=fake_world(**STYLED))
    assert "推行\x1b[1;4m网格化\x1b[0m服务" in page
    codes = {code for codes in re.findall(r"\x1b\[([0-9;]+)m", page) for code in codes.split(";")}
    assert codes <= {"0", "1", "2", "4"}


def test_the_environment_changes_nothing(monkeypatch):
    """Only the world that was passed counts."""
    plain, styled = fake_world(), fake_world(**STYLED, colour=True)
    expected = output("rich", world=plain), output("rich", world=styled)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "20")
    again = fake_world(), fake_world(**STYLED, colour=True)
    assert (output("rich", world=again[0]), output("rich", world=again[1])) == expected


def test_a_path_is_a_link_on_a_terminal_only():
    def absolute(path: str) -> str:
        return str(Path("/档案 a") / path)

    world = fake_world(**STYLED, links=True, width=200)
    page = output("rich", world=world, absolute=absolute)
    uri = (Path("/档案 a") / ARTICLE.path).as_uri()
    assert re.search(rf"\x1b\]8;id=\d+;{re.escape(uri)}\x1b\\", page)
    assert "\x1b]8;" not in output("rich", world=fake_world(**STYLED), absolute=absolute)


def test_text_is_never_markup():
    text = "[red]甲[/2023] :smile: [link=x]乙[/]"
    hit = replace(HIT, title=text, title_spans=(), snippets=(Snippet(text, (), 3),))
    page = output("rich", Results("甲", 1, (hit,)), fake_world(**STYLED))
    assert without_styles(page).count(text) == 2


def test_the_closing_line_counts_and_explains():
    def closing(found: Results) -> str:
        return output("rich", found).splitlines()[-1]

    assert closing(Results("x", 0, ())) == "0 articles · 0.00 s"
    assert closing(Results("x", 1, (replace(HIT, also=()),))) == "1–1 of 1 article · 0.00 s"
    page = replace(RESULTS, hits=(replace(HIT, rank=11, also=()),), partial=True)
    assert closing(page) == "11–11 of 17 articles · none matches the whole query · 0.04 s"
    assert output("rich", world=fake_world("ascii")).endswith(
        "\n1-2 of 17 articles (1 copy folded) | 0.04 s\n"
    )
    again = replace(RESULTS, hits=(replace(HIT, also=HIT.also * 8),))
    page = output("rich", again)
    assert closing(again) == "1–1 of 17 articles (8 copies folded) · 0.04 s"
    assert page.count("also in") == 5
    assert "and in 3 more" in page


def test_a_list():
    assert output("rich", [ARTICLE], fake_world(width=72)).splitlines() == [
        "坚持网格化 服务管理 让群众少跑腿",
        "    k3f9q2ab7x · 青石日报 · 2023-08-22 · 林一舟、周小满 · 要闻 ·",
        "    corpus/2023/青石日报-0822.txt:41",
    ]


def test_an_article_keeps_its_paragraphs():
    article = replace(ARTICLE, body="\n　　本报讯,\t网格\n\n化。\n", url="https://example.org/1")
    assert output("rich", article, fake_world(width=120)).splitlines()[-5:] == [
        "    https://example.org/1",
        "",
        "　　本报讯,    网格",
        "",
        "化。",
    ]


@settings(max_examples=examples(30), deadline=None)
@given(found=results())
@pytest.mark.parametrize("width", [20, 80])
def test_nothing_is_lost_and_lines_fit(width, found):
    page = output("rich", found, fake_world(width=width, terminal=True, encoding="utf-16"))
    for hit in found.hits:
        for text in (hit.title, *(snippet.text for snippet in hit.snippets)):
            assert squeezed(safe(text)) in squeezed(page)
    assert all(display_width(line) <= max(width, 20) for line in page.splitlines())
