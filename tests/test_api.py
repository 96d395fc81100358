"""Searching from Python: `import sou`."""

import os
import pickle
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import sou
from search import open_index
from search.indexing.update import build
from search.model.article import Article
from search.model.errors import SouError
from search.model.frozen import replace
from search.output.json_records import article_record, hit_record, results_record
from search.query.ast import And, Not, Phrase, Word
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from sou import Hit, Index, IndexMissing, QueryError, RequestError, Results, Snippet
from tests.conftest import ROOT


def test_searching_from_python(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("望澜桥\n\n本报讯(记者 俞白)望澜\n桥开始修缮。\n", "utf-8")
    build(IndexFolder(tmp_path / "i"), [Source(str(corpus), "corpus")])
    with open_index(tmp_path / "i") as index:
        assert len(index) == 1
        results = index.search("望澜桥", limit=5)
        assert results.total == 1
        [hit] = results.hits
        assert index.show(hit.article.id[:5]) == hit.article
        assert list(index.articles()) == [hit.article]
        assert index.similar(hit.article).total == 0  # there is no other
        [facet] = index.search("望澜桥", facets=("author",)).facets
        assert facet.counts == (("俞白", 1),)
        assert index.search("大桥", synonyms={"大桥": ("望澜桥",)}).total == 1
        with pytest.raises(QueryError):
            index.search("(")
    with pytest.raises(IndexMissing):
        open_index(tmp_path / "nowhere")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Index]:
    """Five articles of two papers."""
    for number in range(5):
        path = tmp_path / "corpus" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        paper = "青岚日报" if number < 3 else "澜溪晚报"
        text = f"{paper} 202{number}年5月4日\n\n望澜桥{number}号\n\n本报讯 望澜桥修缮{number}。\n"
        path.write_text(text, "utf-8")
    build(IndexFolder(tmp_path / "i"), [Source(str(tmp_path / "corpus"), "corpus")])
    with open_index(tmp_path / "i") as index:
        yield index


def test_one_name_is_a_name_and_no_letters(opened: Index) -> None:
    assert opened.search("望澜桥", papers="青岚日报").total == 3
    assert opened.search("望澜桥", papers=["青岚日报"]).total == 3
    assert opened.search(papers="晚报").total == 2
    [facet] = opened.search("望澜桥", facets="year").facets
    assert facet.counts == tuple((f"202{number}", 1) for number in range(5))


def test_results_are_a_list_of_hits(opened: Index) -> None:
    results = opened.search("望澜桥", limit=2, sort="-date")
    assert (len(results), results.total) == (2, 5)
    assert [hit.article.path for hit in results] == ["corpus/4.txt", "corpus/3.txt"]
    assert results[0] is results.hits[0]
    assert results[-1] is results.hits[-1]
    assert not opened.search("航标", partial=False)
    assert opened.search("望澜桥", limit=0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sort": "rank"}, "sort: 'rank' is not known"),
        ({"mode": "fuzzy"}, "mode: 'fuzzy' is not known"),
        ({"field": "url"}, "field: 'url' is not known"),
        ({"facets": "years"}, "facets: 'years' is not known"),
        ({"facets": ["year", "day"]}, "facets: 'day' is not known"),
        ({"papers": 3}, "papers are no names: 3"),
        ({"authors": [None]}, "authors are no names"),
        ({"limit": -1}, "limit: -1"),
        ({"limit": "5"}, "limit: '5'"),
        ({"limit": True}, "limit: True"),
        ({"offset": None}, "offset: None"),
        ({"since": "2024-13"}, "since 2024-13: not a date"),
        ({"until": " "}, "until: no date is given"),
        ({"since": "2024", "until": "2023"}, "2024 (since) is later than 2023 (until)"),
    ],
)
def test_what_cannot_be_asked_is_said(opened: Index, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=re.escape(said)):
        opened.search("望澜桥", **options)
    if options.keys().isdisjoint({"mode", "field"}):
        [hit, *_] = opened.search("望澜桥")
        with pytest.raises(RequestError, match=re.escape(said)):
            opened.similar(hit.article, **options)


def test_an_option_that_is_misspelled_is_no_option(opened: Index) -> None:
    with pytest.raises(TypeError, match="limti"):
        opened.search("望澜桥", limti=5)  # type: ignore[call-arg]
    with pytest.raises(RequestError, match="the text"):
        opened.search(b"bridge")  # type: ignore[arg-type]

    for call in (sou.open, sou.build, sou.parse):
        with pytest.raises(TypeError, match="wrods"):
            call("x", wrods=())  # type: ignore[operator]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"folder": 3}, "folder: 3 is not a path"),
        ({"folder": b"i"}, "folder: b'i' is not a path"),
        ({"folder": ""}, "folder: '' is not a path"),
        ({"words": 3}, "words: 3 are none"),
        ({"words": [3]}, "words: [3] are none"),
        ({"words": ["望，澜"]}, "words: '望，澜': a word can have only letters"),
        ({"words": Path("nowhere.txt")}, "nowhere.txt: No such file"),
        ({"synonyms": ["大桥"]}, "synonyms: ['大桥'] are none"),
        ({"synonyms": {"大桥": 3}}, "synonyms: '大桥': 3"),
        ({"synonyms": {"大桥": "大桥"}}, "synonyms: all words"),
        ({"synonyms": Path("nowhere.txt")}, "nowhere.txt: No such file"),
    ],
)
def test_what_cannot_be_opened_is_said(
    opened: Index, options: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(opened.path.parent)
    with pytest.raises(RequestError, match=re.escape(said)):
        sou.open(**{"folder": "i", **options})


def test_a_query_is_parsed() -> None:
    assert sou.parse("志愿服務 -旅游") == And((Word("志愿服务"), Not(Phrase("旅游", bare=True))))
    assert sou.parse("-旅游", mode="literal") != sou.parse("-旅游", mode="any")
    with pytest.raises(QueryError) as caught:
        sou.parse("桥 AND (志愿")
    assert (caught.value.start, caught.value.query) == (6, "桥 AND (志愿")
    with pytest.raises(RequestError, match="the text"):
        sou.parse(None)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="mode"):
        sou.parse("桥", mode="fuzzy")  # type: ignore[arg-type]


# The records.


def names_of(cls: Any) -> set[str]:
    """Return what a record can be asked for."""
    made = {name for name, value in vars(cls).items() if isinstance(value, property)}
    return made | set(cls.__match_args__)


def test_a_hit_has_what_json_has() -> None:
    article = Article("a2", "题\n目", "正文", "a.txt", 3, 9, key="k", authors=("俞白",))
    hit = Hit(1, 0.5, article, "题目", ((0, 1),), (Snippet("正文", ((0, 1),), 4),), ("why",))
    hit = replace(hit, also=(article,))
    record = hit_record(hit, "q")
    about = {"schema", "qid"}  # which say what the object is, and come from `sou batch`
    assert names_of(Hit) == record.keys() - about | {"article"}
    beside = {"body_line", "shown_path", "inner_path", "raw_path"}
    assert names_of(Article) == article_record(article, body=True).keys() - about | beside
    [snippet], [copy] = record["snippets"], record["also"]  # type: ignore[misc]
    assert names_of(Snippet) == snippet.keys()  # type: ignore[has-type]
    assert copy.keys() < names_of(Article)  # type: ignore[has-type]
    results = Results("桥", 1, (hit,), facets=(sou.Facet("year", ()),), suggestions=(1,))  # type: ignore[arg-type]
    results = replace(results, suggestions=(sou.Suggestion("桥", 1),))
    assert names_of(Results) == results_record(results, "q").keys() - about
    for name in record.keys() - about - {"score", "snippets", "also"}:
        value = getattr(hit, name)
        assert record[name] == (_listed(value) if isinstance(value, tuple) else value), name
    for name in article_record(article, body=True).keys() - about - {"authors"}:
        assert article_record(article, body=True)[name] == getattr(article, name), name


def _listed(value: object) -> object:
    return [_listed(each) for each in value] if isinstance(value, tuple) else value


def test_records_give_the_objects_of_json(opened: Index) -> None:
    results = opened.search("望澜桥", facets="year")
    assert results.to_dict() == results_record(results)
    assert [hit.to_dict() for hit in results] == results.to_dict()["hits"]
    article = results[0].article
    assert article.to_dict() == article_record(article)
    assert article.to_dict(body=True)["body"] == article.body
    assert article.chars == len(article.body) > 0
    assert pickle.loads(pickle.dumps(results)) == results


def test_what_may_have_been_meant_is_proposed_unless_that_is_not_wanted(opened: Index) -> None:
    assert [each.query for each in opened.search("望兰桥").suggestions] == ["望澜桥"]
    assert opened.search("望兰桥", suggestions=False).suggestions == ()


def test_results_can_be_sliced(opened: Index) -> None:
    results = opened.search("望澜桥")
    assert results[1:3] == results.hits[1:3]
    assert list(reversed(results)) == [*results][::-1]
    assert results[0] in results
    with pytest.raises(IndexError):
        results[5]


# Errors.


def test_errors_are_one_tree() -> None:
    errors = [each for each in map(sou.__dict__.get, sou.__all__) if _is_error(each)]
    assert len(errors) == 11
    assert all(issubclass(error, sou.Error) for error in errors)
    of_index = {error for error in errors if issubclass(error, sou.IndexProblem)}
    assert of_index == {e for e in errors if e.__name__.startswith("Index")}
    assert sou.Error is SouError
    statuses = {error.__name__: error.exit_code for error in errors}
    assert {name: status for name, status in statuses.items() if status != 2} == {
        "IndexBusy": 4,
        "IndexDamaged": 3,
        "IndexMissing": 3,
        "IndexOutdated": 3,
        "IndexProblem": 3,
    }


def _is_error(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseException)


@pytest.mark.parametrize("name", [n for n in sou.__all__ if _is_error(getattr(sou, n))])
def test_errors_can_be_sent_to_another_process(name: str) -> None:
    given = ("错", "桥(", 1, 2, "改") if name == "QueryError" else ("错", "改")
    error = getattr(sou, name)(*given)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))
    assert (again.message, again.hint) == ("错", "改")


# The module.


def python(code: str, cwd: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Run a program that finds sou, in a folder that comes first on its path."""
    (cwd / "program.py").write_text(code, "utf-8")
    return subprocess.run(
        [sys.executable, *flags, "program.py"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_importing_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = {"numpy", "jieba", "rjieba", "whoosh", "typer", "rich", "zstandard", "regex"}
    done = python(f"import sou, sys; print({heavy} & sys.modules.keys())", tmp_path)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_everything_that_is_said_to_be_there_is() -> None:
    assert sorted(sou.__all__) == sou.__all__
    assert all(hasattr(sou, name) for name in sou.__all__)


@pytest.mark.parametrize("first", ["", "import search\n"])
@pytest.mark.parametrize("name", ["search.py", "search/__init__.py"])
def test_a_search_of_the_users_own_is_named(tmp_path: Path, name: str, first: str) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("print('run')\n", "utf-8")
    done = python(f"{first}import sou", tmp_path)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: sou needs its own package 'search' (")
    assert str(theirs) in last
    assert "rename" in last
    assert done.stdout == ("run\n" if first else "")  # only looked for
    assert python("import sou", tmp_path, "-P").returncode == 0


def test_a_folder_named_search_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "notes.txt").touch()
    assert python("import sou; sou.parse('桥')", tmp_path).stderr == ""


def test_a_search_that_is_missing_is_said(tmp_path: Path) -> None:
    (tmp_path / "sou").mkdir()
    source = (ROOT / "sou" / "__init__.py").read_text("utf-8")
    (tmp_path / "sou" / "__init__.py").write_text(source, "utf-8")
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import sou"],
        cwd=tmp_path,
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "install sou again" in done.stderr.splitlines()[-1]


@pytest.mark.skipif(not find_spec("mypy"), reason="mypy is not here")
def test_a_type_checker_sees_what_is_misspelled(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(
        "import sou\n"
        "def told(done: int, total: int, what: str) -> None: ...\n"
        "report = sou.build('i', ['corpus'], progress=told, yes=True)\n"
        "number: int = len(report.new) + report.total\n"
        "with sou.open('i', words=['望澜桥'], synonyms={'大桥': '望澜桥'}) as index:\n"
        "    for hit in index.search('桥', papers='青岚日报', sort='-date', facets='year'):\n"
        "        name: str = hit.title + hit.path + hit.snippets[0].text\n"
        "    first: sou.Hit = index.search('桥')[0]\n"
        "tree: sou.Node = sou.parse('桥', mode='any')\n",
        "utf-8",
    )
    wrong = [
        "index.search('桥', limti=5)",
        "index.search('桥', sort='best')",
        "index.search('桥', facets='day')",
        "index.search('桥')[0].titel",
        "sou.open('i', wrods=['桥'])",
        "sou.build('i', 'corpus', dryrun=True)",
        "sou.build('i', 'corpus', progress=len)",
        "sou.parse('桥', mode='fuzzy')",
    ]
    bad.write_text("\n".join(["import sou", "index = sou.open('i')", *wrong]), "utf-8")
    options = ["--config-file=", "--follow-imports=silent", "--no-error-summary", "--strict"]
    options += ["--cache-dir", os.devnull]
    done = subprocess.run(  # not `mypy.api`, which changes Python's limit of recursion for good
        [sys.executable, "-m", "mypy", *options, str(good), str(bad)],
        env={**os.environ, "MYPYPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [re.match(r"(.+):(\d+): error", line) for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr
    assert {(Path(m[1]).name, int(m[2])) for m in lines if m} == {
        ("bad.py", number) for number in range(3, 3 + len(wrong))
    }


# Own words and synonyms.

SCATTERED = "修缮望澜"
"""Found in bits, unless it is one word."""


def test_own_words_belong_to_an_index(opened: Index) -> None:
    assert opened.search(SCATTERED, partial=False).total == 5
    with sou.open(opened.path, words=SCATTERED, synonyms={"大橋": "望澜桥"}) as own:
        assert own.words == {SCATTERED}
        assert own.search(SCATTERED, partial=False).total == 0
        assert opened.search(SCATTERED, partial=False).total == 5
        assert own.search("大桥", partial=False).total == 5
        assert opened.search("大桥", partial=False).total == 0
        assert own.search("大桥", partial=False, synonyms=None).total == 0
        assert own.search("大桥", partial=False, mode="literal").total == 0
        assert own.search(SCATTERED, synonyms={SCATTERED: ["望澜桥"]}).total == 5
        articles = own.articles()
        first = next(articles)  # between two of them another index is asked
        assert opened.search(SCATTERED, partial=False).total == 5
        assert own.search(SCATTERED, partial=False).total == 0
        assert [first, *articles] == list(opened.articles())


def test_files_are_found_beside_the_index(opened: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    top = opened.path.parent
    elsewhere = top / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    (top / "words.txt").write_text(f"{SCATTERED}\n望 澜 桥 修\n", "utf-8")
    (top / "synonyms.txt").write_text("大桥 = 望澜桥\n", "utf-8")
    with sou.open(opened.path) as index:
        assert index.words == {SCATTERED}
        assert [note.rpartition("words.txt")[2][:3] for note in index.notes] == [":2:"]
        assert index.search("大桥", partial=False).total == 5
    with sou.open(opened.path, words=False, synonyms=None) as index:
        assert (index.words, index.synonyms, index.notes) == (frozenset(), {}, ())
    (elsewhere / "sou.toml").write_text('words = "own.txt"\n', "utf-8")
    with sou.open(opened.path) as index:  # as the command line has it: sou.toml comes first
        assert (index.words, index.synonyms) == (frozenset(), {})
        assert "own.txt" in index.notes[0]
    with sou.open(opened.path, words=top / "words.txt") as index:
        assert index.words == {SCATTERED}
    (elsewhere / "sou.toml").write_text("wrods = 1\n", "utf-8")
    with pytest.raises(RequestError, match="wrods"):
        sou.open(opened.path)
    sou.open(opened.path, words=None, synonyms=None).close()  # which asks no settings
    (top / "synonyms.txt").write_text("大桥 = 望澜桥\n大桥\n", "utf-8")
    with pytest.raises(RequestError, match=r"^.*synonyms\.txt:2: "):
        opened.search("大桥", synonyms=top / "synonyms.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owners here")
def test_files_of_another_user_are_left_aside(
    opened: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("words.txt", SCATTERED), ("synonyms.txt", "大桥 = 望澜桥")):
        (opened.path.parent / name).write_text(text, "utf-8")
    there = sou.open(opened.path)
    assert there.words
    assert there.synonyms
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    index = sou.open(opened.path)
    assert (index.words, index.synonyms) == (frozenset(), {})
    assert len(index.notes) == 2
    assert all("belongs to another user" in note for note in index.notes)


# Threads.


def test_threads_get_what_one_thread_gets(opened: Index) -> None:
    own = sou.open(opened.path, words=[SCATTERED], synonyms={"大桥": "望澜桥"})
    asked = [SCATTERED, "望澜桥", "大桥", "修*2", "望澜桥3号", "大乔", f"{SCATTERED} OR 4号"]
    jobs = [(index, text) for text in asked for index in (opened, own)] * 30

    def answer(job: tuple[Index, str]) -> Results:
        index, text = job
        return replace(index.search(text, partial=False), seconds=0.0)

    serial = {(id(index), text): answer((index, text)) for index, text in jobs}
    assert serial[id(opened), SCATTERED] != serial[id(own), SCATTERED]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(answer, jobs))
    finally:
        sys.setswitchinterval(before)
    for (index, text), results in zip(jobs, found, strict=True):
        assert results == serial[id(index), text]


def test_an_engine_is_asked_by_one_thread_at_a_time(opened: Index) -> None:
    engine = opened._opened
    assert engine
    inside: list[int] = []
    most: list[int] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            def call(*values: Any) -> Any:
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.002)
                try:
                    return getattr(engine, name)(*values)
                finally:
                    inside.pop()

            return call

    opened._opened = Watched()
    hit = opened.search("望澜桥")[0]
    asks = [
        lambda: opened.search("望澜桥").total,
        lambda: opened.show(hit.id),
        lambda: opened.similar(hit).total,
        lambda: list(opened.articles()),
        lambda: len(opened),
    ]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda ask: ask(), asks * 8))
    assert len(most) > 40
    assert max(most) == 1


def test_what_is_asked_is_answered_before_it_is_closed(opened: Index) -> None:
    def ask(number: int) -> int | str:
        if number == 20:
            opened.close()
        try:
            return opened.search("望澜桥").total
        except RequestError as error:
            return str(error)

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(ask, range(60)))
    assert found == {5, "the index is closed"}
    assert "closed" in repr(opened)


def test_threads_leave_the_process_as_it_was() -> None:
    """What is parsed changes the environment and the filters of warnings, and sets them back."""
    pytest.importorskip("pypinyin")
    code = (
        "import os, sys, threading, warnings, sou\n"
        "sys.setswitchinterval(1e-6)\n"
        "before = dict(os.environ), list(warnings.filters)\n"
        "def ask(n):\n"
        "    for i in range(60): sou.parse(f'/望澜{n}x{i}?/')\n"
        "    sou.parse('py:wanglan')\n"
        "threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]\n"
        "for each in threads: each.start()\n"
        "for each in threads: each.join()\n"
        "assert (dict(os.environ), list(warnings.filters)) == before, warnings.filters\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
