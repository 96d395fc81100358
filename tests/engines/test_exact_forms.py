"""Exact forms: what is found in one script and form is compared character by character here."""

from __future__ import annotations

import sys
import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.fold import fold
from search.engines.port import SearchRequest, Top
from search.model.article import Article
from search.model.errors import LimitError
from search.query import limits
from search.query.ast import And, Exact, Node, Not, Phrase, Regex
from search.query.pattern_matching import occurrences
from tests.conftest import examples
from tests.engines.test_contract import ENGINES, ON_DISK, Opened, article, found

FORMS = "里裏裡云雲AaａＡ，,“「1１ \n\u200b中"
TEXTS = st.text(FORMS, max_size=12)


def exact(typed: str, field: str | None = None) -> Exact:
    return Exact(fold(typed), typed, field)


def stands(typed: str, text: str) -> bool:
    """Tell whether a text without white space stands in one, at each place, char by char.

    Between two Latin characters white space parts what is not typed apart.
    """
    for start in range(len(text)):
        at, before = start, ""
        for char in typed:
            gap = ""
            while before and at < len(text) and (text[at].isspace() or text[at] == "\u200b"):
                gap += text[at]
                at += 1
            spaced = {before, char} <= set("AaａＡ1１") and gap.strip("\u200b")
            if at >= len(text) or text[at] != char or spaced:
                break
            before = char
            at += 1
        else:
            return True
    return False


@ENGINES
@settings(max_examples=examples(80))
@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5),
    typed=st.text(FORMS[:-4] + "中", min_size=1, max_size=3),
)
def test_exact_forms_are_found_as_they_are_typed(
    opened: Opened, texts: list[tuple[str, str]], typed: str
) -> None:
    articles = [article(i, title, body) for i, (title, body) in enumerate(texts)]
    wanted = {a.id for a in articles if stands(typed, a.title) or stands(typed, a.body)}
    with opened(articles) as engine:
        assert set(found(engine, exact(typed))) == wanted
        in_title = {a.id for a in articles if stands(typed, a.title)}
        assert set(found(engine, exact(typed, "title"))) == in_title
        others = {a.id for a in articles} - wanted
        assert set(found(engine, Not(exact(typed)))) == others


LIBRARY = [
    article(1, "事", "书放在柜子里。", paper="青岚日报"),
    article(2, "事", "書放在櫃子裏。里程很長。", paper="青嵐日報"),
    article(3, "事", "書放在櫃子裡。Ａ級。", authors=("雲里",)),
]


@ENGINES
@pytest.mark.parametrize(
    ("tree", "ids"),
    [
        (exact("里"), ["id1", "id2", "id3"]),
        (exact("裏"), ["id2"]),
        (exact("裡"), ["id3"]),
        (exact("子裏。"), ["id2"]),
        (exact("Ａ"), ["id3"]),
        (exact("A"), []),
        (exact("青嵐", "paper"), ["id2"]),
        (exact("雲", "author"), ["id3"]),
        (And((Phrase("书"), Not(exact("書")))), ["id1"]),
    ],
)
def test_one_script_alone(opened: Opened, tree: Node, ids: list[str]) -> None:
    with opened(LIBRARY) as engine:
        assert sorted(found(engine, tree)) == ids


def test_the_oracle_sees_the_forms_apart() -> None:
    assert len(set(FORMS)) == len(FORMS)
    assert unicodedata.normalize("NFKC", "Ａ") == "A"
    assert stands("里云", "x里 \n云")
    assert not stands("Aa", "A a")
    assert not stands("里", "裏")


@ON_DISK
def test_a_search_that_reads_too_long_is_given_up(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.engines.whoosh import verification

    monkeypatch.setattr(verification, "EXACT_SECONDS", -1.0)
    articles: list[Article] = [article(i, "事", "里") for i in range(3)]
    with opened(articles) as engine, pytest.raises(LimitError, match="was stopped after"):
        engine.search(SearchRequest(exact("裏"), Top(None)))
    assert limits.EXACT_SECONDS > 0


def test_exact_forms_take_nothing_of_the_time_of_regular_expressions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from search.engines.whoosh import verification

    now, given_until = [0.0], list[float]()
    monkeypatch.setattr(verification, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(verification, "texts_of", lambda _: {"title": ("裏",)})
    monkeypatch.setattr(
        verification, "occurrences", lambda *given: given_until.append(given[2]) or []
    )
    segment: Any = SimpleNamespace(article=lambda _: None)
    budget = verification.TrialBudget()
    budget.counts(exact("裏", "title"), segment, [0])
    now[0] = 15.0
    budget.counts(Regex("里", "title"), segment, [0])
    assert given_until[-1] == 15.0 + limits.REGEX_SECONDS


@pytest.mark.parametrize(
    ("typed", "value", "stands"),
    [
        ("服 务", "服务", True),  # white space that folding drops means nothing
        ("服 务", "服\u200b \u200b务", True),
        ("Ａ 股", "Ａ股", True),
        ("服\u200b务", "服务", True),
        ("PPT  2023", "PPT\u200b \n2023", True),
        ("PPT 2023", "PPT2023", False),
        ("PPT2023", "PPT 2023", False),
    ],
)
def test_white_space_of_an_exact_form_counts_as_it_does_in_folded_texts(
    typed: str, value: str, stands: bool
) -> None:
    assert (fold(typed) in fold(value)) == stands
    assert bool(occurrences(exact(typed), value)) == stands


def test_whatever_folding_drops_unseen_may_stand_within_an_exact_form() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(char) in {"Cc", "Cf"} or "SELECTOR" in unicodedata.name(char, ""):
            value = f"中{char}国"
            assert bool(occurrences(exact("中国"), value)) == (fold(value) == "中国"), hex(
                ord(char)
            )
