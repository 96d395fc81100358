"""Articles that run over the end of a page."""

from __future__ import annotations

import pytest

from search.model.article import Article
from search.model.errors import PaperError
from search.papers.pages.document import PageText, articles_of
from tests.papers.reading import read, without_records

LINES = [
    "　　山口乡的路昨日通了车，老人们都",
    "到村口来看，孩子们跟着车跑了很远。",
    "司机说，以后每天有四班车，最后一班",
    "在傍晚六点，赶集的人可以慢慢地回家",
]
LINES = [*LINES[:3], "在傍晚六点，错过了就只好走回家里去。", *LINES[1:]]
FIRST = "新路昨日通车\n\n" + "\n".join(LINES)
OVER = "了。粮站的人也说，今年的收成比往年\n好，路通了，粮食就卖得出去了，大家\n都高兴。\n"
OTHER = "\n渡口明年搬迁\n\n　　望澜县的渡口明年要搬到下游去了。\n"


def articles(*pages: str, name: str = "a.pdf") -> list[Article]:
    parts = ((f"p. {number}", page) for number, page in enumerate(pages, 1))
    things = without_records(articles_of(name, parts))
    return [thing for thing in things if isinstance(thing, Article)]


def titles(*pages: str) -> list[tuple[str, str | None]]:
    return [(article.title, article.part) for article in articles(*pages)]


def test_an_article_goes_on_on_the_next_page():
    first, other = articles(FIRST, OVER + OTHER)
    assert (first.title, first.part, other.title, other.part) == (
        "新路昨日通车",
        "p. 1",
        "渡口明年搬迁",
        "p. 2",
    )
    assert first.body == "\n".join([*LINES, *OVER.rstrip("\n").split("\n")])
    # As if the text of the second page stood right below that of the first.
    assert (first.line, first.body_line, first.end_line) == (1, 3, 12)
    assert other.line == 5


def test_it_may_go_on_over_several_pages():
    middle = "\n".join(["了。" + LINES[0].strip()[:15], *LINES[4:]])
    assert titles(FIRST, middle, middle, OVER + OTHER) == [
        ("新路昨日通车", "p. 1"),
        ("渡口明年搬迁", "p. 4"),
    ]


@pytest.mark.parametrize(("pages", "chars"), [(3, 4_000_000), (100, 400)])
def test_it_does_not_go_on_for_ever(monkeypatch: pytest.MonkeyPatch, pages: int, chars: int):
    from search.papers.pages import page_ends

    monkeypatch.setattr(page_ends, "_MOST_PAGES", pages)
    monkeypatch.setattr(page_ends, "_MOST_CHARS", chars)
    middle = "\n".join(["了。" + LINES[0].strip()[:15], *LINES[4:]])
    texts = [FIRST, *[middle] * 7, OVER + OTHER]
    parts = ((f"p. {number}", page) for number, page in enumerate(texts, 1))
    things = [*without_records(articles_of("a.pdf", parts))]
    found = [thing for thing in things if isinstance(thing, Article)]
    assert len(found) > 2
    assert all(article.body.count("\n") < 40 and article.chars <= 600 for article in found)
    bodies = "\n".join(article.body for article in found)
    wanted = "\n".join([*LINES, *middle.split("\n") * 7, OVER.strip()])
    assert bodies.split() == [*wanted.split(), *OTHER.split()[1:]], "nothing is lost or repeated"
    told = [thing for thing in things if not isinstance(thing, Article)]
    assert len(told) >= len(found) - 2
    assert "another article" in str(told[0])


def test_numbers_of_pages_and_running_heads_do_not_part_it():
    head = "青岚日报 2023年5月12日 第{}版\n\n"
    long = "\n".join(["新路昨日通车\n", LINES[0], *[LINES[2]] * 6, LINES[-1]])
    assert titles(f"{head.format(1)}{long}\n\n— 1 —", f"{head.format(2)}{OVER}{OTHER}") == [
        ("新路昨日通车", "p. 1"),
        ("渡口明年搬迁", "p. 2"),
    ]


def test_lines_of_a_text_are_those_of_the_file():
    text = f"{FIRST}\n\f\n{OVER}{OTHER}"
    first, other = read("a.txt", text)
    assert isinstance(first, Article)
    assert isinstance(other, Article)
    lines = text.replace("\f", "").split("\n")
    assert first.body_line is not None
    assert lines[first.body_line - 1 : first.end_line] == first.body.split("\n")
    assert lines[other.line - 1] == other.title == "渡口明年搬迁"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FIRST + "。", OVER),  # the sentence ends
        (FIRST + "（下转第三版）", OVER),
        (FIRST + "\n本报记者 林小雨 摄", OVER),
        (FIRST + "\n第三排左起", OVER),  # a line that ends before its column does
        (FIRST, OTHER),  # a headline
        (FIRST, "　　" + OVER),  # a paragraph
        (FIRST, "本报讯（记者 何田）" + OVER),
        (FIRST, "（上接第一版）\n" + OVER),
        (FIRST, "一、" + OVER),
        (FIRST, "图为老桥\n" + OVER),
        (
            FIRST,
            "青岚日报 2023年5月12日 第1版\n\n" + OVER,
        ),  # of which issue the first is, is not known
        ("2023年5月11日 青岚日报\n\n" + FIRST, "2023年5月12日 青岚日报\n\n" + OVER),
    ],
)
def test_what_only_looks_so_stays_apart(first: str, second: str) -> None:
    found = articles(first, second)
    assert [article.part for article in found].count("p. 2") >= 1
    assert not any(LINES[-1] in each.body and "粮站的人也说" in each.body for each in found)


def test_what_was_read_before_an_error_is_kept():
    def pages():
        yield "p. 1", PageText(FIRST)
        raise PaperError("the rest is damaged")

    things = articles_of("a.pdf", pages())
    assert [next(things).title] == ["新路昨日通车"]
    with pytest.raises(PaperError):
        next(things)
