"""Queries and what widens them: refused at their place, or over in time and memory."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import regex

from search.analysis.fold import fold
from search.model.errors import LimitError, QueryError
from search.query import limits
from search.query.ast import Or, Regex, Word, leaves
from search.query.parser import parse
from search.query.pattern_matching import occurrences
from search.query.regular_expressions import compiled, required
from search.query.scan import scan
from search.searching.evaluation import read_qrels
from search.searching.synonyms import MOST_SYNONYMS, MOST_WORDS, read_synonyms, widen
from search.searching.user_words import read_words
from search.system.user_file import LONGEST_LINE, MOST_LINES, read_lines
from tests.cli.running import inside
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("pattern", "place", "message"),
    [
        ("(?:(?:(?:.{50}){50}){50}){50}", "{50}){50}", "more than 5,000 parts"),
        ("桥.{9999999999999999999999}", "{9999999999999999999999}", "more than 5,000 parts"),
        ("(?:桥{70,}路){70,90}", "{70,90}", "more than 5,000 parts"),
        ("((((((((((((望路)+)+)+)+)+)+)+)+)+)+)+)+", "+", "more than 5,000 parts"),
        ("(?:ﷺ){300}", "{300}", "more than 5,000 parts"),
        ("(" * 60 + "桥" + ")" * 60, "(", "nested deeper than 50"),
        ("桥(?R)?", "(?R)", "cannot call itself"),
        ("(桥)(?1)", "(?1)", "cannot call itself"),
        ("(桥)(?-1)", "(?-1)", "cannot call itself"),
        ("(桥)(?+1)", "(?+1)", "cannot call itself"),
        ("(?<n>桥)(?&n)", "(?&n)", "cannot call itself"),
        ("(?<n>桥)(?P>n)", "(?P>n)", "cannot call itself"),
        ("(?V1)桥", "(?V1)", "the only flags"),
        ("(?a)(?u)桥", "(?a)", "the only flags"),
        ("(?x)桥", "(?x)", "the only flags"),
        ("桥(?r:a)", "(?r:", "the only flags"),
        ("(?e:桥)", "(?e:", "the only flags"),
        ("(?L)桥", "(?L)", "the only flags"),
        (r"桥\L<names>", r"\L<", "named lists cannot be used"),
        ("桥{e<=1}", "{", "not a number of repetitions"),
        ("(?:望桥){i<=1,d<=2}", "{", "not a number of repetitions"),
        ("桥{}", "{", "not a number of repetitions"),
        ("桥(*SKIP)a", "(*", "this kind of group"),
        ("(?(?=a)a|b)桥", "(?(", "this kind of group"),
    ],
)
def test_what_is_not_for_queries_is_refused_at_its_place(
    pattern: str, place: str, message: str
) -> None:
    query = f"望 /{pattern}/ 路"
    with pytest.raises(QueryError, match=message) as caught:
        parse(query)
    error = caught.value
    assert query[error.start : error.end] in {place, place[:4]}
    assert error.hint


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("望.桥.{0,6}修", "望澜桥大修"),
        ("[0-9]{5}", "共12345元"),
        ("(?i)PPT", "ppt"),
        ("(?i:桥)|(?-i:路)", "路"),
        (r"(.)\1桥", "长长桥"),
        (r"(?P<字>.)(?P=字)桥", "长长桥"),
        (r"(?<n>.)\g<n>桥", "长长桥"),
        (r"(长)?(?(1)桥|路)", "路"),
        (r"望\p{Han}{2,9}", "望澜桥修"),
        (r"\X桥", "望桥"),
        ("(?|(望)|(澜))桥", "澜桥"),
        ("(?>望+)桥", "望望桥"),
        ("(?<=望)桥(?!路)", "望桥"),
        ("(?<!望{1,3})桥", "桥"),
        ("望++桥", "望望桥"),
        ("(?#说明)桥", "桥"),
        (r"\{桥\}", "{桥}"),
        ("[{}]桥", "{桥"),
        ("[[:alpha:]]桥", "a桥"),
        ("[]a]桥", "]桥"),
        (r"[\]{(?R)]桥", "{桥"),
        (r"\(?a\)?桥", "a桥"),
        (".{0,4999}桥", "望桥"),
        ("(?:(?:望|澜)+桥)+", "望澜桥"),
        (r"\N{DIGIT ONE}桥", "1桥"),
        ("((((((((((桥))))))))))", "桥"),
        ("望{,2}桥", "望桥"),
    ],
)
def test_what_the_documents_promise_still_matches(pattern: str, text: str) -> None:
    (leaf,) = leaves(parse(f"/{pattern}/"))
    assert isinstance(leaf, Regex)
    assert occurrences(leaf, fold(text))


@pytest.mark.parametrize(
    "pattern",
    ["桥[", "桥)", "(桥", "桥**", "(?P<n>桥)(?P<n", r"\p{nothing}桥", "(?Z", "(?<n-1>桥)"],
)
def test_what_regex_cannot_read_is_an_error_of_the_query(pattern: str) -> None:
    with pytest.raises(QueryError, match="not a valid regular expression"):
        parse(f"/{pattern}/")


@pytest.mark.parametrize("error", [ValueError("x"), RecursionError(), MemoryError(), IndexError()])
def test_whatever_the_compiler_raises_is_an_error_of_the_query(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(regex, "compile", fail)
    compiled.cache_clear()
    with pytest.raises(QueryError, match="not a valid regular expression"):
        parse("/桥路望/")


def test_an_expression_that_is_slow_on_nothing_is_refused() -> None:
    start = time.monotonic()
    with pytest.raises(QueryError, match="too many ways"):
        parse("/(?:a?|b?|){40}(?!)/")
    assert time.monotonic() - start < 60


def test_groups_keep_no_text_that_nobody_asks_for() -> None:
    assert compiled("(?:(a)|(?P<n>b)|(?<m>c))*d").groups == 0
    assert compiled(r"(a)\1").groups == 1
    assert compiled("(a)?(?(1)b|c)").groups == 1
    assert scan(r"\((?=a)(?<!b)[(](a)").groups == ((16, 17),)


def test_a_text_is_too_long_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.query.regular_expressions.REGEX_TEXT", 10)
    assert occurrences(Regex("桥路"), "桥路" * 5)
    with pytest.raises(LimitError, match="a text of 11 characters; the limit is 10"):
        occurrences(Regex("桥路"), "桥路" * 5 + "望")


def test_memory_that_runs_out_while_matching_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    class Greedy:
        def finditer(self, *_: object, **__: object) -> None:
            raise MemoryError

    monkeypatch.setattr("search.query.regular_expressions.compiled", lambda _: Greedy())
    with pytest.raises(LimitError, match="too much memory"):
        occurrences(Regex("桥路"), "桥路")


PIECES = [
    *("a", "桥", ".", r"\w", r"\p{Han}", "[a-z]", "[^桥]", "[[:alpha:]]", r"\X", r"\b", "^", "ﷺ"),
    *("(", ")", "(?:", "(?=", "(?<!", "(?>", "(?|", "(?P<n>", "(?P=n)", r"\1", "(?(1)", "|", "["),
    *("]", "*", "+", "?", "*?", "++", "{2}", "{2,5}", "{30}", "{0,999}", "{e}", "{", "}", "\\"),
    *("(?i)", "(?x)", "(?V1)", "(?R)", "(?1)", "(*FAIL)", r"\L<x>", "(?ｒ)", "{５}", "&&", "--"),
]


def nested(rest: random.Random, depth: int) -> str:
    """Return an expression whose brackets fit."""
    if depth <= 0:
        return rest.choice(PIECES[:12])
    inner = "".join(nested(rest, depth - 1) for _ in range(rest.choice((1, 1, 2, 3))))
    begin = rest.choice(("", "(", "(?:", "(?=", "(?<!", "(?>", "(?i:", "(?P<n>"))
    count = rest.choice(("", "*", "+", "?", "*?", "++", "{2}", "{2,5}", "{3,}", "{30}", "{0,9}"))
    return f"{begin}{inner}{')' if begin else ''}{count if begin or len(inner) == 1 else ''}"


def any_expression(rest: random.Random) -> str:
    if rest.random() < 0.5:
        return nested(rest, rest.randrange(1, 9))[: limits.REGEX_LENGTH]
    middle = "".join(rest.choice(PIECES) for _ in range(rest.choice((2, 4, 8, 16, 40))))
    levels = rest.choice((0, 0, 3, 40))
    end = rest.choice((")", ")*", ")+", "){2}", ")?"))
    return f"{'(' * levels}{middle}{end * levels}"[: limits.REGEX_LENGTH]


def try_expressions(seed: int, number: int) -> None:
    """Read expressions; what becomes of any is a tree, or an error that is meant for people."""
    rest = random.Random(seed)
    for _ in range(number):
        pattern = any_expression(rest)
        start = time.process_time()
        try:
            found = [leaf for leaf in leaves(parse(f"/{pattern}/")) if isinstance(leaf, Regex)]
            for leaf in found:
                required(leaf.pattern, None)
                occurrences(leaf, "望澜桥修缮aaab11" * 9, time.monotonic() + 0.05)
        except (QueryError, LimitError):
            pass
        assert time.process_time() - start < 10, pattern


@pytest.mark.parametrize("seed", [1, 2])
def test_any_expression_is_read_or_refused_in_little_memory(seed: int) -> None:
    pytest.importorskip("resource")
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from tests.security.test_queries import try_expressions\n"
        f"try_expressions({seed}, 1500)\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


LONG = [
    ("brackets", "(" * 9999 + "桥" + ")" * 9999),
    ("nots", "NOT " * 4000 + "桥"),
    ("minus", "-(" * 5000 + "桥"),
    ("quotes", "「" * 19_999),
    ("slashes", " /" * 9999),
    ("fields", "报:" * 9999),
    ("slashes in a row", "/a" * 9999),
    ("chunks", "桥 " * 9999),
    ("escapes", r"\*" * 9999),
    ("boost", "桥^" + "9" * 19_000),
    ("digits", "1" + "0" * 19_000),
    ("near", "桥 NEAR/" + "9" * 9000 + " 望"),
    ("date", "date:" + "9" * 9000),
    ("recently", "date:近" + "9" * 9000 + "天"),
    ("range", "1" * 9000 + ".." + "2" * 9000),
    ("gaps", "桥*" * 9000),
]


@pytest.mark.parametrize("query", [query for _, query in LONG], ids=[name for name, _ in LONG])
def test_a_long_query_is_read_or_refused_at_once(query: str) -> None:
    start = time.process_time()
    with suppress(QueryError):
        parse(query)
    assert time.process_time() - start < 10


def written(folder: Path, text: str) -> Path:
    path = folder / "file.txt"
    path.write_text(text, "utf-8")
    return path


def test_a_line_of_too_many_synonyms_is_said_and_the_rest_holds(tmp_path: Path) -> None:
    many = " = ".join(f"桥{i}" for i in range(MOST_WORDS + 1))
    long = " = ".join(f"路{i}" for i in range(LONGEST_LINE))
    one_way = f"望 => {' '.join(f'澜{i}' for i in range(MOST_WORDS))}"
    path = written(tmp_path, f"甲 = 乙\n{many}\n{long}\n{one_way}\n丙 = 丁\n")
    table, mistakes = read_synonyms(path)
    assert sorted(table) == ["丁", "丙", "乙", "甲"]
    assert {mistake.line for mistake in mistakes} == {2, 3, 4}
    assert all("more than" in mistake.reason for mistake in mistakes)


def test_a_group_of_as_many_words_as_may_be_holds(tmp_path: Path) -> None:
    words = [f"桥{i}号" for i in range(MOST_WORDS)]
    table, mistakes = read_synonyms(written(tmp_path, " = ".join(words)))
    assert (len(table), mistakes) == (MOST_WORDS, [])


def test_all_lines_together_have_a_limit(tmp_path: Path) -> None:
    line = " = ".join(f"桥{{0}}a{i}" for i in range(MOST_WORDS))
    number = MOST_SYNONYMS // (MOST_WORDS * (MOST_WORDS - 1)) + 3
    table, mistakes = read_synonyms(
        written(tmp_path, "\n".join(line.format(i) for i in range(number)))
    )
    assert sum(map(len, table.values())) < MOST_SYNONYMS + MOST_WORDS**2
    assert [mistake.line for mistake in mistakes] == [number - 2]


def test_what_synonyms_add_to_a_query_has_a_limit() -> None:
    table = {"桥": tuple(f"路{i}" for i in range(limits.CLAUSES))}
    widened = widen(parse("桥 望"), table)
    assert len(list(leaves(widened))) == limits.CLAUSES + 2
    with pytest.raises(LimitError, match="have 2,000 synonyms; the limit is 1,000"):
        widen(parse("桥 望 -桥"), table)
    assert widen(Or((Word("望"),) * 5000), table) == Or((Word("望"),) * 5000)


@pytest.mark.parametrize("read", [read_lines, read_synonyms, read_words])
def test_files_of_users_have_an_end(tmp_path: Path, read) -> None:
    found, mistakes = read(written(tmp_path, "x\n" * (MOST_LINES + 1)))
    assert not found
    assert [mistake.reason for mistake in mistakes] == [f"more than {MOST_LINES:,} lines"]
    found, mistakes = read(written(tmp_path, "桥" * (LONGEST_LINE + 1)))
    assert not found
    assert [mistake.line for mistake in mistakes] == [1]


def test_not_every_wrong_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("望澜桥修缮\n\n本报讯 望澜桥修缮。\n", "utf-8")
    assert inside("index", cwd=tmp_path).status == 0
    (tmp_path / "synonyms.txt").write_text("x\n" * 1000, "utf-8")
    lines = inside("桥", "-c", cwd=tmp_path).err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "sou: ... and 980 more such lines"
    queries = tmp_path / "queries"
    queries.write_text("1\t桥\n" + "x\n" * 10_001, "utf-8")
    done = inside("batch", "queries", cwd=tmp_path)
    assert done.status == 2
    assert "so are more than 10,000 lines" in done.err
    queries.write_text(f"1\t{'桥' * 1_000_000}\n2\t桥\n", "utf-8")
    done = inside("batch", "queries", "--no-synonyms", cwd=tmp_path)
    assert done.status == 2
    assert "the query has 1,000,000 characters" in done.err
    assert done.out.startswith("2 Q0 ")


def test_absurd_grades_are_refused() -> None:
    from search.model.errors import RequestError

    for grade in ("9" * 300, "9" * 5000, "-" + "9" * 30, "1e9", "nan"):
        with pytest.raises(RequestError, match="qrels:1"):
            read_qrels([f"1 a {grade}"], "qrels")
    assert read_qrels(["1 a -2"], "qrels") == {"1": {"a": -2}}
