"""Papers that make a reader fail, crash, hang or take all: each costs itself, and that is told."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from search.engines.whoosh import writer as whoosh_writer
from search.indexing import reading
from search.indexing.update import build
from search.model.article import Article
from search.model.errors import PaperError
from search.papers.discover import PaperFile
from search.papers.pages import split
from search.papers.pages.headlines import PageLook
from search.papers.pages.line_kinds import read_lines
from search.papers.problem import Problem
from search.papers.read_paper import Limits, read_paper
from search.papers.reader import Reader
from search.papers.readers import text
from search.papers.readers.isolation import isolated
from search.papers.readers.reading_order import Box, reading_order
from search.papers.readers.records import reader as records
from search.storage.index_folder import IndexFolder
from search.storage.state import Source
from tests.cli.running import inside
from tests.conftest import ROOT
from tests.papers.docxs import document, paragraph, table
from tests.papers.reading import read, read_contained

pytest.importorskip("lxml")

PAGE = "<p>雪后第一班车，昨日开进了山口乡，老人说，路通了，人就回来了。</p>"
unix = pytest.mark.skipif(os.name == "nt", reason="no signals and no limits of memory there")


@pytest.fixture
def _wicked(monkeypatch):
    """Have files of HTML read by a reader that does what they say."""
    monkeypatch.setattr(isolated, "_SERVER", ("tests.papers.servers", "wicked"))
    monkeypatch.setattr(isolated, "_idle", [])
    yield
    for child in isolated._idle:
        child.stop()


wicked = pytest.mark.usefixtures("_wicked")


# ---- A reader in a process of its own

ENDS = [
    ("crash", {}, r"the reader of \.html files crashed on it \(SIGSEGV\)"),
    ("kill", {}, r"the reader of \.html files was killed while reading it, as the system does"),
    ("exit", {}, r"the reader of \.html files failed on it \(status 3\)"),
    ("leave", {}, r"the reader of \.html files ended before it was read"),
    ("memory", {"max_memory_bytes": 400 << 20}, r"reading it needs more memory than is allowed"),
    (
        "hang",
        {"max_part_seconds": 3.0},
        r"its reader made no progress for 3 seconds and was stopped",
    ),
    (
        "drip",
        {"max_seconds": 4.0},
        r"not read within 4 seconds, the limit for one file",
    ),
    (
        "raise",
        {},
        r"its reader failed, which is an error in sou: IndexError: list index out of range",
    ),
    ("recurse", {}, r"its reader failed, which is an error in sou: RecursionError"),
    ("wrong", {}, r"gave an invalid answer"),
    ("wrong_names", {}, r"gave an invalid answer"),
]


@wicked
@unix
@pytest.mark.parametrize(("what", "limits", "reason"), ENDS, ids=[what for what, _, _ in ENDS])
def test_whatever_becomes_of_a_reader_is_told_and_the_next_file_is_read(what, limits, reason):
    with pytest.raises(PaperError, match=reason):
        read_contained("a.html", what, **limits)
    (printed,) = read_contained("b.html", "print")
    assert printed.title == "printed"


@wicked
@unix
def test_what_was_read_before_a_crash_is_given():
    things = read_paper(PaperFile(Path("a.html"), "a.html"), io.BytesIO(b"crash later"), Limits())
    assert next(things).title == "before"
    with pytest.raises(PaperError, match="SIGSEGV"):
        next(things)


@wicked
def test_what_was_read_before_an_error_is_given():
    things = read_paper(PaperFile(Path("a.html"), "a.html"), io.BytesIO(b"little"), Limits())
    assert next(things).title == "little"
    with pytest.raises(PaperError, match="IndexError"):
        next(things)


@wicked
@unix
def test_a_crash_leaves_no_core():
    (told,) = read_contained("a.html", "core")
    assert told.title == "(0, 0)"


@wicked
def test_the_process_is_kept_and_several_may_be_read_at_a_time():
    one, two = (
        read_paper(PaperFile(Path("a.html"), "a.html"), io.BytesIO(b"process x"), Limits())
        for _ in range(2)
    )
    assert [next(one).title, next(two).title] == ["before", "before"]
    first, second = next(one).title, next(two).title
    assert first != second
    assert list(one) == list(two) == []
    (again,) = read_contained("a.html", "process")
    assert again.title in {first, second}


@pytest.mark.skipif(os.name == "nt", reason="there an open file cannot be replaced")
def test_the_file_that_is_open_is_read_whatever_has_its_name_now(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    with path.open("rb") as stream:
        path.unlink()
        path.write_text(PAGE.replace("雪", "霜"), "utf-8")
        (article,) = read_paper(PaperFile(path, "a.html"), stream)
    assert "雪后第一班车" in article.body


@pytest.mark.parametrize("name", ["a.html", "a.docx", "a.zip"])
def test_both_ways_of_reading_give_the_same(name):
    data = {
        "a.html": PAGE.encode(),
        "a.docx": document(paragraph("雪后第一班车", "Heading1"), paragraph("路\x85通了。")),
        "a.zip": _zipped(("a.html", PAGE), ("b.txt", "路通了。"), ("c.jsonl", "[]\n")),
    }
    assert read(name, data[name]) == read_contained(name, data[name])


def _zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return out.getvalue()


@wicked
@unix
def test_a_member_of_an_archive_costs_itself():
    data = _zipped(*((f"{what}.html", what) for what in ("crash", "print", "raise", "kill")))
    found = read("a.zip", data)
    printed = [thing for thing in found if isinstance(thing, Article)]
    problems = {thing.reason: thing for thing in found if isinstance(thing, Problem)}
    assert [article.part for article in printed] == ["print.html"]
    assert [reason.split(":")[0] for reason in problems] == [
        "crash.html",
        "raise.html",
        "kill.html",
    ]
    assert all(problem.again and problem.lost for problem in problems.values())
    (detail,) = [problem.detail for problem in problems.values() if problem.detail]
    assert "in _do" in detail


def test_a_member_whose_reader_in_the_same_process_fails_costs_itself(monkeypatch):
    def fail(*_):
        raise RecursionError("too deep")
        yield

    monkeypatch.setattr(records, "READER", Reader(fail))
    problem, article = read("a.zip", _zipped(("a.jsonl", "{}"), ("b.txt", "路通了。")))
    assert problem.reason.startswith("a.jsonl: its reader failed, which is an error in sou")
    assert article.part == "b.txt"


@unix
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for children in /proc")
def test_a_signal_to_stop_leaves_no_process(tmp_path):
    """The build waits for a reader that is busy; Ctrl-C is for all processes of a terminal."""
    (tmp_path / "p").mkdir()
    lines = "".join(f"望澜桥修缮第{i}期开工\n" for i in range(200_000))
    (tmp_path / "p" / "a.txt").write_text(lines, "utf-8")
    run = subprocess.Popen(
        [sys.executable, "-P", "-m", "search", "index", "p", "--index", "i"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    until = time.monotonic() + 30
    while not (found := children.read_text().split()) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=30)
    assert found
    assert run.returncode == 130
    _assert_gone(int(found[0]))


def _assert_gone(number: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail(f"process {number} is still there")


# ---- Builds


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.txt").write_text("雪后第一班车\n\n本报讯 昨日，山口乡的路通了。\n", "utf-8")
    return folder


def index(corpus, *more):
    return inside("index", "corpus", *more, cwd=corpus.parent)


@wicked
@unix
def test_a_file_whose_reader_dies_is_named_and_tried_again_and_the_build_goes_on(corpus):
    (corpus / "a.html").write_text("crash", "utf-8")
    (corpus / "b.html").write_text("raise", "utf-8")
    for path in corpus.iterdir():
        os.utime(path, (time.time() - 100,) * 2)
    for expected in ("1 new", "1 unchanged"):
        done = index(corpus)
        assert (done.status, expected in done.err, "2 failed" in done.err) == (2, True, True)
        assert "cannot read corpus/a.html: the reader of .html files crashed on it" in done.err
        assert "cannot read corpus/b.html: its reader failed, which is an error in sou" in done.err
        assert "Traceback" not in done.err
    assert inside("山口乡", "-c", cwd=corpus.parent).out == "1\n"


@wicked
@unix
def test_the_error_of_a_reader_is_shown_with_verbose(corpus):
    (corpus / "b.html").write_text("raise", "utf-8")
    lines = index(corpus, "-v").err.splitlines()
    at = next(i for i, line in enumerate(lines) if "cannot read corpus/b.html" in line)
    assert lines[at + 1] == "    Traceback (most recent call last):"
    assert any("servers.py" in line and "in _do" in line for line in lines[at:])
    assert "    IndexError: list index out of range" in lines


@wicked
@unix
def test_a_file_of_which_nothing_can_be_read_any_more_keeps_its_articles(corpus):
    (corpus / "a.html").write_text("print", "utf-8")
    assert index(corpus).status == 0
    (corpus / "a.html").write_text("crash", "utf-8")
    assert index(corpus).status == 2
    assert inside("printed", "-c", cwd=corpus.parent).out == "1\n"
    (corpus / "a.html").write_text("process", "utf-8")
    assert index(corpus).status == 0
    assert inside("printed", "-c", cwd=corpus.parent).out == "0\n"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (IndexError("list index out of range"), "an error in sou: IndexError: list index out"),
        (RecursionError("maximum recursion depth"), "an error in sou: RecursionError: maximum"),
        (MemoryError(), "reading it needs more memory than is allowed"),
        (AssertionError(), "an error in sou: AssertionError"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), "an error in sou: Unicode"),
        (ValueError("x\n" * 500), "an error in sou: ValueError: x x x"),
    ],
)
def test_any_error_of_a_reader_in_the_same_process_costs_one_file(
    corpus, monkeypatch, error, reason
):
    def fail(*_):
        raise error
        yield

    (corpus / "bad.jsonl").write_text('{"title": "雪"}\n', "utf-8")
    monkeypatch.setattr(records, "READER", Reader(fail))
    done = index(corpus)
    assert done.status == 2
    (line,) = [line for line in done.err.splitlines() if "cannot read" in line]
    assert line.startswith("  cannot read corpus/bad.jsonl: ")
    assert reason in line
    assert len(line) < 400
    assert "1 new, 0 changed, 0 removed, 0 unchanged, 1 failed" in done.err


@pytest.mark.parametrize("where", ["cut", "read_piece"])
def test_an_error_in_a_piece_costs_the_file(corpus, monkeypatch, where):
    def fail(*_):
        raise IndexError("no such piece")

    lines = [json.dumps({"title": f"题{n}", "body": "路" * 400}) for n in range(2_000)]
    (corpus / "big.jsonl").write_text("\n".join(lines), "utf-8")
    reader = records.READER
    broken = {"read": reader.read, "cut": reader.cut, "read_piece": reader.read_piece, where: fail}
    monkeypatch.setattr(records, "READER", Reader(**broken))
    monkeypatch.setattr("search.indexing.update._Build._share", lambda *_: 1_000_000)
    folder = IndexFolder(corpus.parent / "index")
    report = build(folder, [Source(str(corpus), "corpus")])
    (problem,) = report.failed
    assert problem.path == "corpus/big.jsonl"
    assert "IndexError: no such piece" in problem.reason
    assert "in fail" in problem.detail
    assert report.new == ["corpus/good.txt"]


def test_an_interruption_of_a_reader_stops_the_build(corpus, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(text, "READER", Reader(interrupted))
    with pytest.raises(KeyboardInterrupt):
        build(IndexFolder(corpus.parent / "index"), [Source(str(corpus), "corpus")])


def test_an_error_of_writing_stops_the_build_and_is_no_fault_of_a_file(corpus, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(whoosh_writer, "write_batch", fail)
    with pytest.raises(ZeroDivisionError):
        build(IndexFolder(corpus.parent / "index"), [Source(str(corpus), "corpus")])


def test_an_error_of_who_takes_the_articles_is_not_taken_for_one_of_the_paper(corpus):
    path = corpus / "good.txt"
    paper = reading.Paper(0, str(path), "good.txt", reading.stamp_of(path.stat()))
    articles = reading.Papers((paper,), Limits())()
    next(articles)
    with pytest.raises(GeneratorExit):
        articles.throw(GeneratorExit)


# ---- Bounds


def test_a_line_that_begins_in_a_word_of_hocr():
    inner = "<span class='ocr_line'>雪后第一班车</span>"
    word = f"<span class='ocrx_word'>甲{inner}乙</span><span class='ocrx_word'>丙<i>丁</i></span>"
    (article,) = read("a.hocr", f"<div class='ocr_page'>{word}</div>")
    assert article.body == "甲\n雪后第一班车\n乙丙丁"


def _attributes(count, form=' a{}="<>"'):
    return "".join(form.format(n) for n in range(count))


REFUSED = {
    "attributes": ("a.html", f"<p {_attributes(20_000)}>路", r"more than 10,000 attributes on one"),
    "attributes, bare": (
        "a.html",
        f"<p {_attributes(40_000, ' a{}')}>路",
        r"more than 10,000 attributes on one element",
    ),
    "attributes, EPUB": (
        "a.epub",
        _zipped(
            ("META-INF/container.xml", f"<x{_attributes(20_000, ' a{}=_1_')}/>".replace("_", "'"))
        ),
        r"more than 10,000 attributes on one element",
    ),
    "attributes, DOCX": (
        "a.docx",
        document(f"<w:p{_attributes(20_000, ' a{}=_1_')}/>".replace("_", "'")),
        r"more than 10,000 attributes on one element",
    ),
    "header": (
        "a.mht",
        "Content-Type: text/html" + _attributes(9_000, "; a{}=b") + "\n\n<p>路通了。</p>",
        r"a header of more than 10,000 characters in this web archive",
    ),
    "folded header": (
        "a.mht",
        "Content-Type: text/html" + _attributes(9_000, ";\n a{}=b") + "\n\n<p>路通了。</p>",
        r"a header of more than 10,000 characters in this web archive",
    ),
    "nested parts": (
        "a.mht",
        "".join(
            f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(2_000)
        ),
        r"parts nested too deep in this web archive",
    ),
    "number of a character": (
        "a.hocr",
        "<div class='ocr_page'>&#" + "9" * 6_000 + ";</div>",
        r"not readable as hOCR: Exceeds the limit",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_take_more_than_linear_time_is_refused(name):
    path, data, reason = REFUSED[name]
    with pytest.raises(PaperError, match=reason):
        read(path, data)


def test_as_many_attributes_as_a_page_may_have_are_read():
    page = f"<p {_attributes(9_000)}>雪后第一班车，昨日开进了山口乡。</p>" * 3
    (article,) = read("a.html", page)
    assert article.body.count("雪后第一班车") == 3


def test_a_document_with_very_many_tags_or_much_text_is_refused(monkeypatch):
    monkeypatch.setattr("search.papers.readers.docx._MAX_TAGS", 1_000)
    with pytest.raises(PaperError, match=r"more than 1,000 tags in word/document\.xml; split"):
        read("a.docx", document("<w:p/>" * 2_000))
    with pytest.raises(PaperError, match=r"more than 10,000 characters of text in one document"):
        read("a.docx", document(*[paragraph("路" * 100)] * 101), max_page_bytes=10_000)


def test_rows_of_nested_tables_are_looked_at_once(monkeypatch):
    """Each element is asked for its parts once, however deep it stands in tables."""
    from search.papers.readers import docx

    asked = 0
    whole = docx._lines

    def counted(*arguments):
        nonlocal asked
        asked += 1
        return whole(*arguments)

    monkeypatch.setattr(docx, "_lines", counted)
    inner = "".join(paragraph(f"第{n}行") for n in range(50))
    for _ in range(40):
        inner = table([inner], [paragraph("行")])
    (article,) = read("a.docx", document(inner))
    assert article.body.count("第49行") == 1
    assert asked < 1_000


def test_a_page_of_very_many_lines_is_read_to_its_end_and_that_is_told(monkeypatch):
    monkeypatch.setattr(split, "MAX_LINES", 100)
    monkeypatch.setattr("search.papers.pages.document.MAX_LINES", 100)
    text = "".join(f"\n第{n}行的字在此。" for n in range(1, 301)) + "\n\n"
    *articles, problem = read("a.txt", text)
    assert problem == Problem(
        "a.txt",
        "more than 100 lines on one page: the rest is one article; split it into smaller files",
        102,
        lost=False,
    )
    rest = articles[-1]
    assert (rest.line, rest.body_line, rest.end_line) == (102, 102, 301)
    assert rest.body.split("\n") == [f"第{n}行的字在此。" for n in range(101, 301)]
    every = "".join(f"{article.title}\n{article.body}" for article in articles)
    assert all(f"第{n}行" in every for n in range(1, 301))
    assert not [t for t in read("a.txt", "\n" * 5_000 + text[:900]) if isinstance(t, Problem)]


def test_very_many_boxes_stay_in_the_order_in_which_they_came():
    boxes = [Box(n * 37 % 1_000, n * 53 % 997, 0, 0, "路", 10.0) for n in range(10_001)]
    assert reading_order(boxes) == [boxes]
    assert sum(map(len, reading_order(boxes[:100]))) == 100
    assert reading_order(boxes[:100]) != [boxes[:100]]


def test_verse_is_told_without_walking_through_the_page():
    """What a line is judged by is measured once: lines look at a few others, not at all of them."""
    lines = read_lines("\n".join("雪后的山" for _ in range(3_000)))
    page = PageLook(lines)

    class Counting(list):
        seen = 0

        def __getitem__(self, index):
            Counting.seen += 1
            return super().__getitem__(index)

    page.lines = Counting(lines)
    for at in range(3_000):
        page._in_verse(at)
        page._is_verse(at)
    assert Counting.seen < 4 * 3_000


@pytest.mark.parametrize("char", ["·", "-", "\u0301\u0327", " ", "。摄", "（", "9"])
def test_one_very_long_line_ends(char):
    assert len(read("a.txt", "雪后第一班车\n" + char * 300_000)) <= 2


def test_a_large_page_of_text_is_read_in_another_process(monkeypatch):
    def fail(*_):
        raise AssertionError("read in this process")
        yield

    line = "本报讯 昨日，山口乡的路通了，老人说，人就回来了。\n"
    large, small = line * 6_000, line
    assert len(large.encode()) > 256 * 1024
    monkeypatch.setattr(text, "READER", Reader(fail))
    assert read_contained("a.txt", large)
    with pytest.raises(AssertionError):
        read_contained("a.txt", small)


_NO_MORE_FILES = """
import os, resource, socket
from search.papers.readers.isolation.server import _Input

ours, theirs = socket.socketpair()
os.dup2(theirs.fileno(), 0)
taken = _Input()
socket.send_fds(ours, [b"a line\\n"], [os.open(os.devnull, os.O_RDONLY)])
resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))  # fewer than are open
print(taken.line(), taken.file())
"""


@pytest.mark.skipif(os.name != "posix", reason="descriptors are sent on POSIX only")
def test_a_descriptor_that_is_lost_on_its_way_costs_one_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _NO_MORE_FILES],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("b'a line' [Errno 24] Too many open files", "")
