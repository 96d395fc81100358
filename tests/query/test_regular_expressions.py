"""Regular expressions: what they need is in all that they match, and they end in time."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from search.model.errors import LimitError
from search.query.ast import And, Everything, Node, Or, Phrase, Regex
from search.query.pattern_matching import occurrences
from search.query.regular_expressions import compiled, folded_pattern, required
from tests.conftest import examples
from tests.strategies import LETTERS

ATOMS = st.sampled_from(
    [
        "[]a]",
        "[a-z]",
        r"\.",
        r"\u7f51",
        "$",
        "志",
        "愿",
        "服务",
        "a",
        "1",
        ".",
        r"\w",
        r"\d",
        "[网格]",
        "[^志]",
        r"\x41",
        "(?i:A)",
        "^",
        r"\b",
    ]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.tuples(inner, inner).map("({0[0]}|{0[1]})".format),
        inner.map("(?:{})?".format),
        inner.map("(?:{})+".format),
        inner.map("(?:{}){{2,3}}".format),
        inner.map("(?={})".format),
        inner.map("(?<!{})".format),
        inner.map("(?i:{})".format),
        inner.map("(?>{})".format),
        inner.map("({})*?".format),
        st.tuples(inner, inner).map("{0[0]}|{0[1]}".format),
    ),
    max_leaves=6,
)


def holds(node: Node, value: str) -> bool:
    match node:
        case And(children):
            return all(holds(child, value) for child in children)
        case Or(children):
            return any(holds(child, value) for child in children)
        case Phrase(text):
            return text in value
        case _:
            return isinstance(node, Everything)


@settings(max_examples=examples(500))
@given(EXPRESSIONS, st.text(LETTERS.lower(), max_size=20))
def test_what_is_needed_stands_wherever_there_is_a_match(pattern: str, value: str) -> None:
    pattern = folded_pattern(pattern)
    try:
        compiled(pattern)
    except regex.error:
        return
    if occurrences(Regex(pattern), value):
        assert holds(required(pattern, None), value)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("网格(化|员)管理", Or((Phrase("网格化管理"), Phrase("网格员管理")))),
        ("网格.*管理", And((Phrase("网格"), Phrase("管理")))),
        ("(网格|服务.)+", Or((Phrase("网格"), Phrase("服务")))),
        ("水[库位]$", Or((Phrase("水库"), Phrase("水位")))),
        ("(?i)PPT", Phrase("ppt")),
        ("网格(?:化)?", Phrase("网格")),
        (r"\d+", Everything()),
        ("网*", Everything()),
        ("[[:alpha:]]网", Everything()),
        ("(?:网格){e<=1}", Everything()),
        (r"\p{Han}网", Everything()),
        ("[]网]格", Or((Phrase(")格"), Phrase("网格")))),
        ("[^网]格", Phrase("格")),
        ("[网-路]格", Phrase("格")),
        (r"网\u683c\.", Phrase("网格.")),
        (r"网\d格|网\D格", And((Phrase("网"), Phrase("格")))),
        ("(?=网)格", Phrase("格")),
        ("(?<!网)格", Phrase("格")),
        ("(网)格(?(1)甲|乙)", Phrase("网格")),
        (r"(网)格\1员", And((Phrase("网格"), Phrase("员")))),
        ("(?P<n>网)格(?P=n)员", And((Phrase("网格"), Phrase("员")))),
        ("网(?#格)员", Phrase("网员")),
        ("(?>网格)+员", And((Phrase("网格"), Phrase("员")))),
        ("网{2,3}?格", And((Phrase("网"), Phrase("格")))),
        ("网{0,3}格", Phrase("格")),
        (r"\b网^格$", Phrase("网格")),
        (r"\X网", Everything()),  # unknown: all of it may mean something else
    ],
)
def test_what_is_needed(pattern: str, needed: Node) -> None:
    assert required(folded_pattern(pattern), None) == needed


@pytest.mark.parametrize(
    ("pattern", "folded"),
    [
        ("網絡Ａ", "网络a"),
        (r"\S\W\D[A-Z]", r"\S\W\D[a-z]"),
        ("（网）", r"\(网\)"),
        ("(?P<n>甲)(?P=n)", "(?P<n>甲)(?P=n)"),
        ("“", r"\""),
        (r"[0-9]\[\d\]", r"[0-9]\(\d\)"),
        ("【.+】", r"\(.+\)"),
        (r"\【", r"\("),
        ("[]a][^]a][[]", r"[\)a][^\)a][\(]"),
        ("[[:alpha:]]+]", r"[[:alpha:]]+\)"),
        (r"\\[a]", r"\\[a]"),
        ("党建——引领", r"党建\-引领"),
        ("a--b-", "a-b-"),
        ("他说……", r"他说\.\.\."),
        (r"\.\.\.\.", r"\.\.\."),
        ("'", r"\""),
        ("卡尔·马", r"卡尔\.马"),
    ],
)
def test_a_pattern_is_folded_as_texts_are(pattern: str, folded: str) -> None:
    assert folded_pattern(pattern) == folded
    compiled(folded)


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(a+)+b", "(.*a){12}b", "(a|b|ab)*c"])
def test_no_expression_takes_longer_than_it_may(pattern: str) -> None:
    start = time.monotonic()
    with suppress(LimitError):
        occurrences(Regex(pattern), "ab" * 30 + "a" * 3000, start + 0.2)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("望澜桥(?#c)+", "望澜桥"),
        ("望澜桥(?i)?通", "望澜通"),
        ("a(?m){0}b", "b"),
        ("桥(?#c)*通", "通"),
    ],
)
def test_what_repeats_behind_a_comment_or_a_flag_is_no_character(pattern: str, value: str) -> None:
    """`regex` applies it to what stands before: so it asks for nothing of its own."""
    assert regex.search(pattern, value)
    assert holds(required(pattern, None), value)
