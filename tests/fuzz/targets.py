"""What is fuzzed: for each target a function of bytes, and the rule that it asserts.

A target raises nothing but what is wrong: an error that sou does not mean to raise, or an
AssertionError that names the rule. Errors that sou means (SouError and its kinds) are answers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import os
import re
import shutil
import struct
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from search.model.article import Article
from search.model.errors import LimitError, PaperError, QueryError, RequestError, SouError
from search.model.frozen import replace
from search.papers import formats
from search.papers import read_paper as reading
from search.papers.discover import PaperFile
from search.papers.problem import Problem
from search.papers.read_paper import Limits, cut_paper, read_paper
from tests.sealing import reseal

warnings.simplefilter("ignore")  # those of libraries are read in the tests of what uses them

TODAY = dt.date(2024, 2, 29)

LIMITS = Limits(
    max_page_bytes=1 << 18,
    max_record_chars=20_000,
    max_parts=40,
    max_part_chars=50_000,
    max_seconds=10.0,
    max_part_seconds=5.0,
    max_unpacked_bytes=1 << 22,
    max_members=100,
    max_document_bytes=1 << 22,
)
"""Small, so that the limits themselves are met."""


@dataclass(frozen=True)
class Target:
    """A function to call with bytes, and what a mutator and a watchman need to know.

    `tokens` are pieces of the language; `seconds` is the CPU time an input of `most` bytes may
    take, `megabytes` the memory by which one input may make the process grow.
    """

    fuzz: Callable[[bytes], None]
    tokens: tuple[bytes, ...] = ()
    most: int = 1 << 14
    seconds: float = 4.0
    megabytes: int = 400


def text_of(data: bytes) -> str:
    """Return bytes as Python gives the arguments of a command: what is no UTF-8 as surrogates."""
    return data.decode("utf-8", "surrogateescape")


# Queries.


def dates(data: bytes) -> None:
    """Whatever reads dates gives a day, month or year that there is, and all agree on a whole one."""
    from search.analysis.fold import fold
    from search.dates.forms import whole_date
    from search.dates.numerals import number_of
    from search.dates.printed import date_of_record, find_date, parse_date
    from search.dates.typed import FIRST, LAST, looks_like_range, read_date, read_range
    from search.model.article import date_bounds

    text = text_of(data)
    for read in (find_date, parse_date, date_of_record, whole_date):
        found = read(text)
        if found is None:
            continue
        parts = [int(part) for part in found.split("-")]
        dt.date(*[*parts, 1, 1][:3])
        assert found == "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])
        assert read is whole_date or 1800 <= parts[0] < 2200, "papers are of these years"
    whole = whole_date(text)
    if whole:
        assert read_date(text, TODAY) == date_bounds(whole)
        assert parse_date(text) == (whole if 1800 <= int(whole[:4]) < 2200 else None)
    for typed in (text, fold(text)):
        looks_like_range(typed)
        days, several = read_date(typed, TODAY), read_range(typed, TODAY)
        assert days in {None, several}, "a date is a range too"
        assert several is None or all(FIRST <= day <= LAST for day in several)
    number = number_of(text)
    assert number is None or number > 0


def query(data: bytes) -> None:
    """A tree, or an error whose place is inside the query; what --explain shows means the same."""
    from search.analysis.fold import fold
    from search.output.safe import safe_block
    from search.query.ast import Fuzzy, Phrase, Wildcard, leaves, relaxed
    from search.query.explain import explained
    from search.query.parser import literal, parse, plain_words

    text = text_of(data)
    for meaning in (partial(parse, today=TODAY), literal, plain_words):
        try:
            tree = meaning(text)
        except QueryError as exc:
            _check_error(exc)
            continue
        except LimitError:
            continue
        _harmless(safe_block("\n".join(explained(tree, relaxed(tree)))))
        if meaning is literal:
            assert tree == Phrase(fold(text)), "-F is the text, folded"
            continue
        for leaf in list(leaves(tree))[:50]:
            if isinstance(leaf, Phrase) and '"' not in leaf.text:
                again: Any = Phrase(leaf.text)
                written = f'"{leaf.text}"'
            elif isinstance(leaf, Wildcard) and all(map(str.isalnum, leaf.pieces)):
                again, written = Wildcard(leaf.pieces, leaf.gaps), leaf.written
            elif isinstance(leaf, Fuzzy) and leaf.text.isalpha():
                again, written = Fuzzy(leaf.text), leaf.written
            else:
                continue
            assert parse(written, TODAY) == again, f"explained as {written!r}, which is read again"


def _check_error(error: QueryError) -> None:
    """A message, and a place in the query that can be drawn without harm."""
    from search.output.wrap import caret

    size = len(error.query)
    assert error.message, "an error without a message"
    assert 0 <= error.start <= size, f"error at {error.start} of {size}"
    assert error.start < error.end <= size + 1, f"error to {error.end} of {size}"
    drawn = caret(error.query, error.start, error.end, 80)
    _harmless(drawn if isinstance(drawn, str) else "\n".join(drawn))


def regex(data: bytes) -> None:
    """An expression is refused or compiled, and tried on a short text, in little time."""
    from search.query.ast import Regex, leaves
    from search.query.parser import parse
    from search.query.pattern_matching import occurrences
    from search.query.regular_expressions import required

    text = text_of(data)
    try:
        tree = parse(f"/{text}/")
    except SouError:
        return
    for leaf in leaves(tree):
        if isinstance(leaf, Regex):
            required(leaf.pattern, leaf.field)
            for value in ("望澜河网格化服务管理2023年8月", "aaaaaaaaaaaaaaaaaaaaaaaa b", ""):
                with suppress(LimitError):
                    for start, end in occurrences(leaf, value, _soon()):
                        assert 0 <= start < end <= len(value), "an occurrence outside of the text"


def _soon() -> float:
    import time

    return time.monotonic() + 0.3


def search(data: bytes) -> None:
    """The index on disk finds what the memory engine finds; hits are shown without harm."""
    from search.engines.port import SearchRequest, Top
    from search.query.parser import parse
    from search.searching.search import Question, find
    from search.searching.suggest import suggest

    text = text_of(data)
    try:
        tree = parse(text, TODAY)
    except SouError:
        return
    engine, oracle = _engines()
    request = SearchRequest(tree, Top(None))
    try:
        found = engine.search(request)
        expected = oracle.search(request)
    except LimitError:
        return
    ours = sorted(scored.article.id for scored in found.hits)
    theirs = sorted(scored.article.id for scored in expected.hits)
    assert ours == theirs, f"the index finds {len(ours)}, memory {len(theirs)}"
    question = Question(text, facets=("paper", "year"), explain=True)
    with suppress(SouError):
        results = find(engine, question)
        suggest(engine, question)
        _shown(results)


@cache
def _engines() -> tuple[Any, Any]:
    from search.engines.reference import ReferenceEngine
    from search.storage.index_folder import IndexFolder

    engine = IndexFolder(_index().folder).open_engine()
    from search.engines.port import SearchRequest, Top
    from search.query.ast import Everything

    found = engine.search(SearchRequest(Everything(), Top(None)))
    return engine, ReferenceEngine([scored.article for scored in found.hits])


# Text.


def fold(data: bytes) -> None:
    """Folding twice is folding once; a piece folds to itself; the map leads back into the text."""
    from search.analysis.fold import fold as folding
    from search.analysis.fold import fold_with_map
    from search.analysis.fold_batch import fold_many

    text = text_of(data)
    folded = folding(text)
    assert folding(folded) == folded, "folding is not idempotent"
    assert fold_many([text, folded, ""]) == f"{folded}\n{folded}\n\n", "fold_many folds otherwise"
    mapped = fold_with_map(text)
    assert mapped.text == folded, "fold_with_map folds otherwise"
    assert len(mapped.starts) == len(mapped.ends) == len(folded), "a map of another length"
    assert mapped.starts == sorted(mapped.starts), "a map that goes back"
    for i, (start, end) in enumerate(zip(mapped.starts, mapped.ends, strict=True)):
        assert 0 <= start < end <= len(text), f"character {i} comes from {start}..{end}"
    for i in range(0, len(folded), max(1, len(folded) // 8)):
        piece = folded[i : i + 9].strip(" ")
        assert folding(piece) == piece, f"a piece folds to something else: {piece!r}"


def words(data: bytes) -> None:
    """The words of building and of asking are the same, and stand in the text."""
    from search.analysis.fold import END
    from search.analysis.fold import fold as folding
    from search.analysis.segment import segment
    from search.analysis.segment_batch import cut_many

    text = folding(text_of(data))
    slow = segment(text)
    fast = Counter(word for _, found in cut_many(text + END) for word in found)
    del fast[END], fast[" "]
    assert fast == Counter(slow), "cut otherwise in bulk"
    assert all(word in text for word in slow), "a word that does not stand in the text"


def decode(data: bytes) -> None:
    """Text or a PaperError; no carriage returns or halves; UTF-8 of the text gives it again."""
    from search.papers.encodings.decode import decode as decoding
    from search.papers.encodings.decode import open_text

    declared = {0: None, 1: "gb2312", 2: "big5", 3: "x-unknown", 4: "utf-16"}.get(len(data) % 7)
    with suppress(PaperError), open_text(io.BytesIO(data)) as stream:
        stream.read()
    try:
        decoded = decoding(data, declared)
    except PaperError:
        return
    text = decoded.text
    assert "\r" not in text, "a carriage return is left"
    text.encode()  # no halves of surrogates
    lines = text.count("\n") + 1
    assert (decoded.broken == 0) == (decoded.broken_line == 0), "broken bytes without a place"
    assert 0 <= decoded.broken_line <= lines, f"broken at line {decoded.broken_line} of {lines}"
    if decoded.broken == 0 and not text.startswith("\ufeff") and "\x00" not in text:
        with suppress(PaperError):
            again = decoding(text.encode()).text
            assert again == text, "its UTF-8 is read as something else"


def splitter(data: bytes) -> None:
    """Bodies are lines of the source, each line in one body at most; no line is lost."""
    from search.papers.pages.line_kinds import read_lines
    from search.papers.pages.lines import Kind
    from search.papers.pages.split import _front_matter, split

    markdown = len(data) % 2 == 1
    text = data.decode("utf-8", "replace").replace("\r", "\n")
    page = split(text, markdown=markdown, stem="a")
    source = text.split("\n")
    taken: Counter[int] = Counter()
    for piece in page.pieces:
        assert 1 <= piece.line <= piece.end_line <= len(source), "lines outside of the file"
        assert piece.line <= piece.body_line <= piece.end_line, "a body outside of its piece"
        for number, line in enumerate(piece.body.split("\n"), piece.body_line):
            assert number <= len(source), "a body that is longer than the file"
            assert line in {source[number - 1], ""}, f"line {number} of a body is not verbatim"
            taken[number] += bool(line.strip())
        assert "\n" not in piece.title, "a title of several lines"
        assert all(author and author == author.strip() for author in piece.authors), "no name"
    twice = [number for number, times in taken.items() if times > 1]
    assert not twice, f"lines {twice[:5]} stand in two bodies"
    _, skip = _front_matter(text)
    lines = read_lines(text, markdown=markdown, skip=skip)
    assert bool(lines) == bool(page.pieces), "a page with lines and no piece"
    titles = "\n".join(piece.title for piece in page.pieces)
    for line in lines:
        if line.kind is Kind.BODY and line.number not in taken:
            # What is no body is a headline, or was one.
            assert _bare(line.text)[:8] in _bare(titles), f"line {line.number} is lost"


def _bare(text: str) -> str:
    return "".join(text.split())


# Papers.

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def _things(name: str, data: bytes) -> list[Article | Problem]:
    """Read a paper; check each article; return all. A PaperError is an answer."""
    things = _read(name, data, here=True)
    for thing in things:
        if isinstance(thing, Problem):
            assert thing.reason, "a problem without a reason"
            str(thing).encode()
        else:
            _check_article(thing, name)
    ids = [thing.id for thing in things if isinstance(thing, Article)]
    assert len(ids) == len(set(ids)), "two articles of one id"
    return things


def _read(name: str, data: bytes, *, here: bool) -> list[Article | Problem]:
    """Return what a paper gives before an error, if there is one; `here`, in this process.

    What an unforeseen error of a reader costs is one file, since that is read elsewhere; but it
    is an error, and only in this process can it be seen.
    """
    things: list[Article | Problem] = []
    usual = reading.reader_for
    if here:
        reading.reader_for = getattr(formats, "reader_here", usual)
    try:
        with suppress(PaperError):
            for thing in read_paper(PaperFile(name, name), io.BytesIO(data), LIMITS):
                things.append(thing)  # noqa: PERF402  (one by one: they count before an error)
    finally:
        reading.reader_for = usual
    return things


_NAMES = ("a.html", "a.hocr", "a.xml", "a.docx", "a.epub", "a.txt.gz", "a.zip", "a.pdf", "a.mhtml")


def contained(data: bytes) -> None:
    """In a process of its own a paper gives what it gives in this one; the first byte names it."""
    name = _NAMES[data[0] % len(_NAMES)] if data else "a.html"
    away = _read(name, data[1:], here=False)
    try:
        near = _read(name, data[1:], here=True)
    except Exception:  # noqa: BLE001  (what the target of the reader is for)
        return
    # Of problems the number: an error of the system has other words on another kind of file.
    assert _articles(away) == _articles(near), "other articles"
    assert len(away) == len(near), "other problems"


def _articles(things: list[Article | Problem]) -> list[Article]:
    return [thing for thing in things if isinstance(thing, Article)]


def _check_article(article: Article, name: str) -> None:
    """An article that the index can hold, with places that exist."""
    from search.engines.whoosh.codec.stored_fields import pack, unpack

    assert article.path == name, "another path"
    assert article.title.strip() or article.body.strip(), "an article without text"
    assert 1 <= article.line <= article.end_line, f"lines {article.line} to {article.end_line}"
    if article.body_line is not None:
        last = article.body_line + article.body.count("\n")
        assert article.line <= article.body_line <= article.end_line, "a body elsewhere"
        assert last <= article.end_line, "a body that ends behind its article"
    assert article.date is None or _DATE.fullmatch(article.date), f"no date: {article.date!r}"
    assert isinstance(article.authors, tuple)
    for value in (
        article.title, article.body, article.key, article.paper, article.section, article.url,
        article.part, article.continued_from, article.continued_on, *article.authors,
    ):  # fmt: skip
        assert value is None or isinstance(value, str), f"{value!r} is no text"
        if value is not None and value is not article.part:
            value.encode()
            assert "\x00" not in value, "a NUL is left"
    # Its kind is told by the segment that it is in.
    stored = replace(unpack(pack(article)), kind=article.kind)
    assert stored == article, "another article when it is stored"


def reader(name: str, data: bytes) -> None:
    """Articles, problems and PaperErrors alone."""
    _things(name, data)


def lines_of_json(data: bytes) -> None:
    """As a reader; and the pieces of a file give what the file gives."""
    from search.papers.readers.records.columns import names_not_used
    from search.papers.readers.records.no_articles import without_foreign

    def read_of(things: list[Article | Problem]) -> list[Article | Problem]:
        """Return all but the remarks on columns, of which each piece has its own."""
        return [each for each in things if not (isinstance(each, Problem) and names_not_used(each))]

    whole = _things("a.jsonl", data)
    file, stream = PaperFile("a.jsonl", "a.jsonl"), io.BytesIO(data)
    try:
        cut = cut_paper(file, stream, 3)
    except PaperError:
        return
    if not cut:
        return
    seen: Counter[str] = Counter()
    parts = [
        thing for piece in cut for thing in read_paper(file, stream, LIMITS, piece=piece, seen=seen)
    ]
    assert read_of(list(without_foreign(parts))) == read_of(whole), "read otherwise in pieces"


_PART = re.compile(rb"^=== (.{1,80})\n", re.MULTILINE)


def bundle(name: str, data: bytes) -> None:
    """A file of ZIP as it is; or its members as text, each behind a line `=== name`."""
    if not data.startswith(b"PK"):
        _, *parts = _PART.split(data)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in zip(parts[::2], parts[1::2], strict=False):
                info = zipfile.ZipInfo(member.decode("utf-8", "replace"))
                archive.writestr(info, content.removesuffix(b"\n"), zipfile.ZIP_DEFLATED)
        data = packed.getvalue()
    _things(name, data)


def tar(data: bytes) -> None:
    """As a reader; the checksums of headers are repaired, so that what they say is read."""
    blocks = bytearray(data)
    for at in range(0, len(blocks) - 511, 512):
        if blocks[at + 257 : at + 262] == b"ustar":
            blocks[at + 148 : at + 156] = b" " * 8
            total = sum(blocks[at : at + 512])
            blocks[at + 148 : at + 156] = b"%06o\0 " % (total & 0o777777)
    _things("a.tar", bytes(blocks))


# What users write.


def _file(name: str, data: bytes) -> Path:
    folder = Path(_scratch()) / "files"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


@cache
def _scratch() -> str:
    import atexit

    folder = tempfile.mkdtemp(prefix="sou-fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def synonyms(data: bytes) -> None:
    """Each line is an entry or a mistake with its number; queries of entries become wider."""
    from search.query.ast import Word, leaves
    from search.searching.synonyms import read_synonyms, widen

    table, mistakes = read_synonyms(_file("synonyms.txt", data))
    _mistakes(mistakes, data)
    for text in list(table)[:20]:
        found = {leaf.text for leaf in leaves(widen(Word(text), table)) if isinstance(leaf, Word)}
        assert found == {text, *table[text]}, "widened to something else"


def own_words(data: bytes) -> None:
    """Each line is a word or a mistake with its number."""
    from search.searching.user_words import read_words

    found, mistakes = read_words(_file("words.txt", data))
    _mistakes(mistakes, data)
    assert all(1 < len(word) <= 30 and word.isalnum() for word in found)


def _mistakes(mistakes: list[Any], data: bytes) -> None:
    lines = len(re.split(rb"\r\n|\n|\r", data))
    for mistake in mistakes:
        assert mistake.reason, "a mistake without a reason"
        assert 0 <= mistake.line <= lines, f"a mistake in line {mistake.line} of {lines}"
        str(mistake).encode()


def settings(data: bytes) -> None:
    """A sou.toml is taken, each value of its kind and usable; or refused by a RequestError."""
    from search.project.settings import load

    place = _file("sou.toml", data)
    try:
        found = load(cwd=place.parent, environ={})
    except RequestError:
        return
    assert isinstance(found.limit, int), "a limit that is no number"
    Limits(max_page_bytes=int(found.max_page_mb * 1e6))
    Limits(max_record_chars=int(found.max_record_mb * 1e6 / 2))
    for path in (found.index, found.synonyms, found.words, *(place for place, _ in found.corpus)):
        os.path.exists(path)  # noqa: PTH110  (as sou asks: Path.exists raises for some names)


def correction(data: bytes) -> None:
    """A file of corrections is refused by a ValueError, or used for a page that it claims to be of."""
    from search.papers.asked import Asked, reading
    from search.papers.corrections.kept import digest_of, dumped, parsed
    from search.papers.pages.document import articles_of

    try:
        found = parsed(data)
    except ValueError:
        return
    kept = parsed(dumped(found, "a.txt").encode())  # without what a terminal obeys
    assert parsed(dumped(kept, "a.txt").encode()) == kept, "another correction when it is kept"
    text = "\n".join(["望澜桥昨日通车", "", *["桥面重新铺了沥青，两侧的栏杆换成了铸铁的。"] * 9])
    for each in found:
        forged = dumped([dataclasses.replace(each, digest=digest_of(text), part=None)], "a.txt")
        things = [*reading(articles_of("a.txt", [(None, text)]), Asked(forged))]
        lines = "\n".join(f"{it.title}\n{it.body}" for it in things if isinstance(it, Article))
        assert lines.count("铁") >= 9, "a line is lost"


def batch(data: bytes) -> None:
    """A file of queries gives queries and mistakes, or a RequestError."""
    from search.cli.commands.batch import _queries

    try:
        queries, mistakes = _queries(_file("queries.tsv", data))
    except RequestError:
        return
    assert len({qid for qid, _ in queries}) == len(queries), "two queries of one name"
    for mistake in mistakes:
        str(mistake).encode()


# Indexes.

_SEGMENT_TAIL = struct.Struct("<QQII4s")
_SEGMENT_BLOCK = 8192

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, -(2**63), 10**40, 0.5, -1.5, float("nan"),
    float("inf"), "", "x", "\x1b]52;c;eA==\x07", "../x", "../../g1/files.json", "/etc/passwd",
    "\ud800", "a\nb\x00c", "x" * 4000, [], [[]], [0], ["x"], [None, None], {}, {"x": 1},
    "2023-13-45", "eNpjYAAAAAIAAQ==", "g1", "g99", "2023-08-22T09:00:00+00:00",
)  # fmt: skip
"""What is put in the place of a value in a table of JSON."""


@dataclass
class _Built:
    """An index as it was built: where, and the bytes of its files by their names in it."""

    folder: Path
    files: dict[str, bytes]
    generation: str
    identity: str


PAPERS = {
    "a.txt": "望澜日报\n2023年8月22日 星期二 第3版\n\n望澜河整治工程全面完工\n\n本报讯（记者 林晓岚）"
    "望澜河整治工程昨日全面完工，两岸居民出行更加方便。网格化服务管理中心说，河道清淤共用时八个月。\n\n"
    "青岚桥夜间封闭施工\n\n本报讯 青岚桥自今晚起夜间封闭施工，为期十天，请过往车辆绕行。\n（下转第四版）\n",
    "b.md": "# 社区食堂开张\n\n记者 何予安\n\n南禾社区食堂今天开张，老人用餐打八折。PPT 2023 展示了菜单。\n\n"
    "# 志愿服务队招募\n\n志愿服务队面向全市招募队员，服务管理岗位二十个。\n",
    "c.jsonl": '{"id": "c1", "title": "网格员走访记", "body": "網格員每天走訪三十戶人家，記錄居民的需求。", '
    '"date": "2023-08", "paper": "望澜晚报", "authors": ["林晓岚", "周末"], "url": "https://example.org/c1"}\n'
    '{"id": "c2", "title": "青岚桥夜间封闭施工", "body": "本报讯 青岚桥自今晚起夜间封闭施工，为期十天，请过往车辆绕行。"'
    ', "date": "2022", "section": "要闻"}\n',
    "d.txt": "旧闻一则\n\n这一篇随后会被删去，它的文件不在了。\n",
}
"""Invented papers of the index: a removal, two segments, copies, partial dates."""


@cache
def _index() -> _Built:
    from search.engines.port import SearchRequest, Top
    from search.indexing.update import build
    from search.query.ast import Everything
    from search.storage.index_folder import IndexFolder
    from search.storage.state import Source

    base = Path(_scratch())
    papers = base / "papers"
    papers.mkdir(exist_ok=True)
    folder = IndexFolder(base / "index")
    sources = [Source(os.fspath(papers), "papers")]
    for name in ("a.txt", "b.md", "d.txt"):
        (papers / name).write_text(PAPERS[name], "utf-8")
    build(folder, sources, jobs=1)
    (papers / "d.txt").unlink()
    (papers / "c.jsonl").write_text(PAPERS["c.jsonl"], "utf-8")
    build(folder, sources, jobs=1)
    state = folder.state()
    files = {
        os.fspath(path.relative_to(folder.path)): path.read_bytes()
        for path in sorted(folder.path.rglob("*"))
        if path.is_file()
    }
    engine = folder.open_engine()
    found = engine.search(SearchRequest(Everything(), Top(1)))
    engine.close()
    return _Built(folder.path, files, state.generation, found.hits[0].article.id)


class _Choices:
    """The bytes of an input as choices, zeros when they are at an end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    @property
    def left(self) -> bool:
        """Whether there are any more."""
        return self.at < len(self._data)

    def number(self, size: int) -> int:
        """Return an unsigned number of so many bytes."""
        taken = self._data[self.at : self.at + size]
        self.at += size
        return int.from_bytes(taken.ljust(size, b"\0"), "little")

    def one(self, things: Any) -> Any:
        """Return one of some things."""
        return things[self.number(2 if len(things) > 256 else 1) % len(things)]


def index(data: bytes) -> None:
    """An index in which values were changed and checksums repaired: statuses 0 to 4, no harm shown.

    The first byte says which third of the commands that read an index are run; the others are a
    list of changes: which file, what in it, and to what (`_changed`).
    """
    built = _index()
    files = dict(built.files)
    choices = _Choices(data)
    third = choices.number(1) % 3
    # By size: the names of segments are others each time.
    names = sorted(
        (name for name in files if name.endswith((".json", ".sou"))),
        key=lambda name: (name[-4:], len(files[name]) if name.endswith(".sou") else 0, name),
    )
    while choices.left:
        name = choices.one(names)
        files[name] = _changed(name, files[name], choices)
    folder = Path(tempfile.mkdtemp(dir=_scratch()))
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for segments in (True, False):  # where their list is absurd, at least what names it
            with suppress(Exception):
                reseal(folder, segments=segments)
        queries = _file(
            "queries.tsv",
            "\n".join(map("{}\t{}".format, *zip(*enumerate(_QUERIES), strict=True))).encode(),
        )
        for number, line in list(enumerate(_COMMANDS))[third::3]:
            arguments = [built.identity if word == "ID" else word for word in line.split()]
            if arguments[0] == "batch":
                arguments.insert(1, os.fspath(queries))
            _run([*arguments, "--index", os.fspath(folder)], terminal=number % 2 == 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_QUERIES = (
    "望澜河", '"服务管理"', "网", "青?桥", "志愿服务~", "整治 NEAR/20 完工", "/青.桥/", "PPT 2023",
    "paper:望澜晚报 OR author:林晓岚", "date:2023-08", "path:*.md -食堂", "不存在的词", "望烂河",
)  # fmt: skip

_COMMANDS = (
    "望澜河 -f plain", "服务 -n 3", "网 -f jsonl", "/青.桥/ --sort date --facet paper --facet author",
    "青?桥 -c", "志愿服务~ --explain", "batch -f jsonl", "batch -f csv --any", "list -f jsonl", "list",
    "list --facet year -f tsv", "list --sort date -n 2", "show ID -f json", "show ID", "similar ID -f plain",
    "terms", "status", "check",
)  # fmt: skip
"""Commands, every other one as on a terminal. ID stands for that of an article."""


def _run(arguments: list[str], *, terminal: bool) -> None:
    """Run a command of sou in this process; hold its status and what it prints to the rule."""
    import typer.main

    from search.cli import run
    from search.output.world import World

    if not hasattr(typer.main.get_command, "cache_info"):  # made again it takes 40 ms a command
        typer.main.get_command = cache(typer.main.get_command)
    raw, told = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(raw, "utf-8", newline="\n")
    status = run(arguments, World(out, told, terminal=terminal, stderr_terminal=terminal))
    assert status in {0, 1, 2, 3, 4}, f"status {status} of {arguments[0]}: {told.getvalue()}"
    out.flush()
    _harmless(raw.getvalue().decode("utf-8", "surrogateescape"))
    _harmless(told.getvalue())


def _changed(name: str, content: bytes, choices: _Choices) -> bytes:
    """Return a file of an index with one thing in it changed."""
    kind = choices.number(1)
    if kind >= 250:
        return content[: choices.number(2) % (len(content) + 1)]
    if name.endswith(".json"):
        return _changed_json(content, choices)
    return _changed_segment(content, kind, choices)


def _changed_json(content: bytes, choices: _Choices) -> bytes:
    """Put another value in the place of one, take one out, or add one."""
    try:
        root = [json.loads(content)]
    except (ValueError, RecursionError):  # changed too much before
        return content
    places = list(_places(root))
    holder, key = choices.one(places)
    what = choices.number(1)
    if what >= 240 and holder is not root:
        del holder[key]
    elif what >= 224:
        depth = choices.number(2)
        return content.rstrip()[:-1] + b"," + b"[" * depth + b"]" * depth + content.rstrip()[-1:]
    elif what >= 208:
        holder[key] = choices.number(8) - (1 << 62)
    elif what >= 192 and isinstance(holder[key], list):
        holder[key] = holder[key] * (1 + choices.number(1))
    else:
        holder[key] = ODD[what % len(ODD)]
    return json.dumps(root[0]).encode()


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each value in a tree of JSON as what holds it and the key there."""
    keys = list(range(len(holder))) if isinstance(holder, list) else list(holder)
    for key in keys:
        yield holder, key
        if isinstance(holder[key], (dict, list)):
            yield from _places(holder[key])


_NUMBERS = (
    0,
    1,
    2,
    127,
    128,
    255,
    256,
    65535,
    65536,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63,
    2**64 - 1,
)


def _changed_segment(content: bytes, kind: int, choices: _Choices) -> bytes:
    """Change the table of a segment, or a value in one of its arrays, and repair the checksums."""
    from zlib import crc32

    size = len(content)
    tail = size - _SEGMENT_TAIL.size
    try:
        _, start, length, _, end = _SEGMENT_TAIL.unpack(content[tail:])
        table = json.loads(content[start : start + length])
        assert all(isinstance(row, list) and len(row) == 3 for row in table.values())
    except (struct.error, ValueError, AssertionError, AttributeError):  # changed too much before
        return content
    body = bytearray(content[:start])
    if not table:
        return content
    name = choices.one(sorted(table))
    at, span, code = table[name]
    if not (isinstance(at, int) and isinstance(span, int) and 0 <= at <= at + span <= len(body)):
        return content
    width = {"B": 1, "H": 2, "I": 4, "Q": 8}.get(str(code), 1)
    if kind < 60:
        _change_table(table, name, choices)
    elif kind < 120:  # an array that is shorter, or longer by what is behind it
        table[name][1] = max(0, span + width * (choices.number(1) - 128))
    elif span:
        place = at + (choices.number(3) % span) // width * width
        value = choices.number(width) if kind % 2 else choices.one(_NUMBERS) % (1 << 8 * width)
        body[place : place + width] = value.to_bytes(width, "little")
    packed = json.dumps(table).encode()
    blocks = range(0, len(body), _SEGMENT_BLOCK)
    sums = b"".join(struct.pack("<I", crc32(body[i : i + _SEGMENT_BLOCK])) for i in blocks)
    size = len(body) + len(packed) + len(sums) + _SEGMENT_TAIL.size
    rest = packed + sums + _SEGMENT_TAIL.pack(size, start, len(packed), 0, end)[:-8]
    return bytes(body) + rest + struct.pack("<I4s", crc32(rest), end)


def _change_table(table: dict[str, list[Any]], name: str, choices: _Choices) -> None:
    """Change the entry of an array: where it is, how long, of what type; or take it out."""
    what = choices.number(1)
    if what < 16:
        del table[name]
    elif what < 120:
        table[name][choices.number(1) % 3] = choices.one(ODD)
    elif what < 200:
        table[name][choices.number(1) % 2] = choices.one(_NUMBERS)
    elif what < 220:
        table[name][2] = choices.one("BHIQbhiqfdcx")
    else:
        table[name] = list(table[choices.one(sorted(table))])


# Output.

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _harmless(text: str) -> None:
    found = _ACTING.search(text)
    assert not found, f"{found[0]!r} would reach a terminal"


def _printed(write: Callable[[Any], None], name: str, *, terminal: bool = False) -> None:
    from search.output.formats import Options, open_format
    from search.output.world import World

    raw = io.BytesIO()
    with ExitStack() as stack:
        out = stack.enter_context(io.TextIOWrapper(raw, "utf-8", newline="\n"))
        world = World(out, out, terminal=terminal)
        write(open_format(name, world, Options(qid="1")))
        out.flush()
        text = raw.getvalue().decode("utf-8", "surrogateescape")
    if name != "trec":
        _harmless(text)


def _shown(results: Any) -> None:
    """Print results as a person and as programs would have them."""
    for name in ("plain", "jsonl", "csv", "trec"):
        _printed(lambda out: out.results(results), name)
    _printed(lambda out: out.results(results), "rich", terminal=True)


# The table.

_QUERY = tuple(
    token.encode()
    for token in (
        " AND ", " OR ", " NOT ", " NEAR ", " NEAR/5 ", "|", "&&", "-", "(", ")", "（", "）", '"', "“", "”",
        "「", "」", "*", "?", "~", "~1", "^2", "^.5", "\\", "/", "title:", "body:", "author:", "path:*.md",
        "paper:", "date:", "since:", "until:", "py:", "标题:", "日期：", "2023", "2023-08..2024", "去年",
        "近30天", "上个月", "八月", "一百二十三", "100", "３", "望澜河", "网格化服务管理", "志愿服务", "ＰＰＴ 2023",
        "\u3000", "\u200b", "\u0301", "\x00", "py:wanggehua", "青?桥", "..", "：",
    )
)  # fmt: skip

_DATES = tuple(
    token.encode()
    for token in (
        "年", "月", "日", "号", "號", "民国", "民國", "中华", "昭和", "康德", "明治", "光绪", "光緒", "同治", "壬申", "公元",
        "农历", "農曆", "闰", "正月", "腊月", "初", "廿", "卅", "十", "百", "元", "〇", "○", "Ｏ", "◯", "零", "一", "九",
        "二〇二三", "2023", "1938", "12", "3", "-", "/", ".", "..", "至", "到", "~", "—", "、", " ", "\u3000", "\n", "创刊",
        "星期六", "（", "去年", "近", "天", "半", "1692633600", "000", "Aug", "Tue, ", ":", "T", "万", "两", "９", "19380305",
    )
)  # fmt: skip

_REGEX = tuple(
    token.encode()
    for token in (
        "(?:", "(", ")", "[", "]", "[^", "{50}", "{2,9}", "{1,}", "*", "+", "?", "*?", "++", "|", ".", "\\w",
        "\\S", "\\d", "\\b", "\\1", "(?P<a>", "(?P=a)", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i)", "(?V1)",
        "(?a)", "(?u)", "(?R)", "(?1)", "(?|", "{e<=2}", "{i<=1,d<=1}", "\\p{Han}", "[[:alpha:]]", "\\X",
        "[a-z&&[^b]]", "\\L<x>", "(?#", "^", "$", "\\G", "\\K", "(?(1)", "(*FAIL)", "望澜", "\\u6c38",
        "\\N{", "\\x41", "--", "~~", "\\m", "(?w)", "(?b)", "(?e)", "(?p)", "(?r)", "{100000}",
    )
)  # fmt: skip

_TEXT = tuple(
    token.encode()
    for token in (
        "\n", "\n\n", "\r\n", "\u3000\u3000", "# ", "## ", "---\n", "title: ", "作者：", "本报讯（记者 林晓岚）",
        "记者 何予安", "（下转第四版）", "（上接第一版）", "望澜日报", "2023年8月22日 星期二", "第3版", "。", "！", "“", "”", "（",
        "）", "**", "__", "> ", "- ", "|", "\t", "图为", "摄", "责任编辑", "新华社北京8月22日电", "二〇二三年", "——",
        "……", "\u200b", "\ufeff", "\u2028", "\x85", "\x0c", "1. ", "望澜河整治工程全面完工", "　　本报讯", "《", "》",
    )
)  # fmt: skip

_BYTES = (
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0", b"\r\n", b"\x80", b"\xc3\x28",
    "望澜日报".encode("gb18030"), "望瀾日報".encode("big5"), "望澜".encode("utf-16-le"),
    "望澜".encode("utf-16-be"), b"\x81\x30\x81\x30", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"%PDF-",
    b"PK\x03\x04", b"~{VPND~}", b"\x1b$)A",
)  # fmt: skip

_FOLD = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        "\u0301", "\u0345", "\u0327", "\u1100", "\u1161", "\u11a8", "\u0130", "\ufb01", "\u1e9e", "\u0390",
        "\u2126", "\u3300", "\ufdfa", "\u00a0", "\u3000", " ", "\u200d", "\ufe0f", "\U000e0100", "\u2f00",
        "\uf900", "\U0002f800", "\u3099", "\u309a", "カ", "ｶ", "ﾞ", "\u00a8", "\u037a", "\u0f77", "\u1fd3",
        "\ud800", "後", "乾", "“", "－", "～", "·", "Ａ", "ſ", "\u0e33", "\U0001d15e", "\u09cb",
    )
)  # fmt: skip

_MARKUP = (
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml version='1.0' encoding='",
    b"<!DOCTYPE x [<!ENTITY a 'aa'>]>", b"&a;", b"&#0;", b"&#x10ffff;", b"&lt;", b"&nbsp;", b"&#xD800;",
    b" a='1'", b" class='", b' id="', b"<div>", b"<p>", b"</p>", b"<br>", b"<table><tr><td>", b"<h1>",
    b"<script>", b"</script>", b"<style>", b"<template>", b"<svg>", b"<math>", b"<select>", b"<noscript>",
    b"<base href='", b"charset=gb2312", b"<meta charset=big5>", "望澜日报".encode(), b"\0", b"<a href='x'>",
)  # fmt: skip

_HTML = (
    *_MARKUP, b"<article>", b"<h2>", b"<time datetime='2023-08-22'>", b"<meta property='og:title' content='",
    b"<script type='application/ld+json'>", b'{"@type": "NewsArticle", "headline": "', b'"datePublished": "',
    b'"author": [{"name": "', b"<title>", b"<!-- enpproperty <title>", b"<body>", b"<frameset>", b"<pre>",
    b"Content-Type: text/html; charset=gbk\n", b"Content-Transfer-Encoding: quoted-printable\n",
    b"MIME-Version: 1.0\n", b"--x\n", b"boundary=x", b"=E6=9C", b"=\n", b"<ul><li>", b"style='display:none'",
    b"class='ocr_page'",
)  # fmt: skip

_HOCR = (
    *_MARKUP, b"<div class='ocr_page' title='bbox 0 0 900 900'>", b"<div class='ocr_carea'",
    b"<p class='ocr_par'>", b"<span class='ocr_line' title='bbox 1 2 3 4'>",
    b"<span class='ocrx_word' title='bbox 1 2 30 40; x_wconf 90'>", b"</span>", b"</div>", b"bbox -1 -1 -1 -1",
    b"bbox 999999999 0 0 1", b"title='", b'<span class="ocr_line">', b"<!DOCTYPE html>", b"<![if ",
)  # fmt: skip

_ALTO = (
    *_MARKUP, b"<alto>", b"<Layout>", b"<Page ID='p'>", b"</Page>", b"<PrintSpace>", b"<ComposedBlock ID='c'>",
    b"<TextBlock ID='b' IDNEXT='b'>", b"</TextBlock>", b"<TextLine ID='l' ", b"</TextLine>",
    "<String CONTENT='望' ".encode(), b"SUBS_TYPE='HypPart1' SUBS_CONTENT='ab'", b"HPOS='", b"VPOS='1e308' ",
    b"WIDTH='nan' ", b"HEIGHT='1' ", b"<SP/>", b"<HYP CONTENT='-'/>", b"<ReadingOrder>", b"<ElementRef REF='b'/>",
    b"encoding='gb2312'", b"encoding='big5'", b"encoding='utf-7'", b"encoding='idna'", b"encoding='zlib'",
)  # fmt: skip

_WORD = (
    *_MARKUP, b"<w:p>", b"</w:p>", b"<w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"<w:pPr>",
    b"<w:pStyle w:val='Heading1'/>", b"<w:outlineLvl w:val='9'/>", b"<w:txbxContent>", b"<w:del>",
    b"<w:basedOn w:val='a'/>", b"<w:style w:styleId='a'>", b"<w:name w:val='heading 9'/>", b"<w:br/>",
    b"\n=== word/document.xml\n", b"\n=== word/styles.xml\n", b"\n=== [Content_Types].xml\n",
    b"\n=== _rels/.rels\n", b"Target='word/document.xml'", b"Target='../../x'", b"TargetMode='External'",
    b"<w:body>", b"<mc:Fallback>", "outlineLvl w:val='²'".encode(),
)  # fmt: skip

_BOOK = (
    *_MARKUP, b"\n=== META-INF/container.xml\n", b"\n=== content.opf\n", b"\n=== a.xhtml\n",
    b"<rootfile full-path='", b"<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/>",
    b"<itemref idref='a'/>", b"<dc:title>", b"<dc:date>2023-08-22</dc:date>", b"<dc:creator>", b"href='%00'",
    b"href='../../../x'", b"properties='nav'", b"<h1>", b"<h2>",
)  # fmt: skip

_JSON = (
    b'{"title": "', b'", "body": "', b'"}\n', b"{", b"}", b"[", b"]", b":", b",", b'"', b"null", b"true", b"NaN",
    b"Infinity", b"-1e999", b"1" * 400, b'"\\ud800"', b'"\\u0000"', b'"authors": ["', b'"date": "2023-8"',
    b'"id": ', b'"paper": ', b'"section": [', b"\n", b"\r", b"\xe2\x80\xa8", b"\x80", b'"\\udc80"', b"[" * 100,
    '"标题": "'.encode(), '"正文": "'.encode(), b'"url": 1.0', b"\xef\xbb\xbf",
)  # fmt: skip

_TABLE = (
    b"title,body,date\n", b"title\tbody\n", b'"', b'""', b",", b";", b"\t", b"\n", b"\r\n", b"\r", b"\0",
    "标题,正文,日期\n".encode(), b"2023-08-22", b"a" * 3000, b"sep=;\n", b"\xef\xbb\xbf", b"\x80", b'"\n"',
    b",,,,,,,", b'"a""b"',
)  # fmt: skip

_ZIP = (
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"\n=== a.txt\n",
    b"\n=== b.zip\n", b"\n=== ../../c.md\n", b"\n=== .d.txt\n", b"\n=== e.jsonl.gz\n", b"\n=== f.html\n",
    b"\n=== g.tar\n", b"\n=== h.pdf\n", b"\n=== /i.csv\n", b"\n=== j/\n", b"\xff\xff\xff\xff", b"up\0\0",
    "\n=== 望.txt\n".encode("gb18030"), b"\x01\0", b"\x08\0", b"\x63\0", b"\x09\0", b"\x0e\0", b"up",
)  # fmt: skip

_TAR = (
    b"ustar\x0000", b"ustar  \0", b"0", b"1", b"2", b"3", b"5", b"6", b"L", b"K", b"x", b"g", b"S", b"00000000",
    b"77777777777\0", b"\x80\0\0\0\0\0\0\xff", b"\xff" * 12, b"19 path=../../a.txt\n", b"20 size=99999999999\n",
    b"a.txt\0", b"../b.md\0", b"22 GNU.sparse.major=1\n", b"22 GNU.sparse.minor=0\n", b"30 GNU.sparse.map=0,1,2,x\n",
)  # fmt: skip

_PDF = (
    b"%PDF-1.7\n", b"1 0 obj\n", b"endobj\n", b"<<", b">>", b"stream\n", b"endstream\n", b"/Type /Page",
    b"/Kids [1 0 R]", b"/Count 99999999", b"/MediaBox [0 0 1e9 1e9]", b"/Rotate 91", b"/Contents 4 0 R",
    b"/Resources", b"/Font", b"BT /F1 12 Tf 1 0 0 1 50 700 Tm (abc) Tj ET\n", b"xref\n", b"trailer\n",
    b"startxref\n0\n%%EOF", b"/Length 9999999999", b"/Filter /FlateDecode", b"/Encrypt 9 0 R", b"/Root 1 0 R",
    b"/ToUnicode", b"<4e00>", b"Tz", b"1e38 0 0 1e38 0 0 Tm", b"nan", b"-2147483648", b"/Parent 2 0 R",
)  # fmt: skip

_CORRECTION = (
    b"version = 1\n", b"[[page]]\n", b"[[page.article]]\n", b"part = ", b'"p. 1"', b"digest = ", b"sums = ",
    b"headline = ", b"text = ", b'"1-3"', b'"2,1"', b'"1:4"', b'"0"', b'"-1"', b'"9999999999"', b'"1-999999999"',
    b"authors = ", b"date = ", b'"2023-13"', b'"', b"[", b"]", b"\n", b"{", b"1e9",
)  # fmt: skip
_TOML = (
    b"index = ", b"corpus = ", b"limit = ", b"max_page_mb = ", b"max_record_mb = ", b"synonyms = ", b"words = ",
    b'"', b"'''", b"[", b"]", b"{", b"nan", b"inf", b"-1", b"1e999", b"2023-08-22", b"true", b'"\\u0000"',
    b'"/"', b'"~"', b'["a", 1]', b"[a.b]", b"\n", b"#", b"0x", b"9" * 5000, b'"' + b"a" * 300 + b'"',
    b'"\\u001b"',
)  # fmt: skip

_LINES = tuple(
    token.encode()
    for token in (
        " = ", " => ", "＝", "＝＞", "#", "＃", "\n", "\r", "\ufeff", "、", "，", "志愿服务", "义工", "望澜桥", " 10 n",
        "a", "\u0301", "\u200b", "\x00", "=", "=>", "==>", "\t", "q1\t", "q2\t望澜河\n", "½", "²",
    )
)  # fmt: skip

TARGETS: dict[str, Target] = {
    "dates": Target(dates, _DATES, most=1 << 12),
    "query": Target(query, _QUERY, most=1 << 12),
    "regex": Target(regex, _REGEX, most=500),
    "search": Target(search, (*_QUERY, b"/", *_REGEX), most=300, seconds=8),
    "fold": Target(fold, _FOLD, most=1 << 12),
    "words": Target(words, (*_TEXT, *_FOLD), most=1 << 12),
    "decode": Target(decode, _BYTES),
    "splitter": Target(splitter, _TEXT),
    "txt": Target(partial(reader, "papers/2023-08-22.txt"), (*_TEXT, *_BYTES)),
    "md": Target(partial(reader, "papers/a.md"), _TEXT),
    "jsonl": Target(lines_of_json, _JSON),
    "json": Target(partial(reader, "a.json"), _JSON),
    "csv": Target(partial(reader, "a.csv"), _TABLE),
    "tsv": Target(partial(reader, "a.tsv"), _TABLE),
    "html": Target(partial(reader, "a.html"), _HTML),
    "mhtml": Target(partial(reader, "a.mhtml"), _HTML),
    "hocr": Target(partial(reader, "a.hocr"), _HOCR),
    "alto": Target(partial(reader, "a.xml"), _ALTO),
    "docx": Target(partial(bundle, "a.docx"), _WORD),
    "epub": Target(partial(bundle, "a.epub"), _BOOK),
    "pdf": Target(partial(reader, "a.pdf"), _PDF, seconds=10),
    "zip": Target(partial(bundle, "a.zip"), _ZIP),
    "tar": Target(tar, _TAR),
    "gz": Target(partial(reader, "a.txt.gz")),
    "xz": Target(partial(reader, "a.txt.xz")),
    "bz2": Target(partial(reader, "a.txt.bz2")),
    "zst": Target(partial(reader, "a.txt.zst")),
    "contained": Target(contained, (*_MARKUP, *_WORD), seconds=10),
    "index": Target(index, most=200, seconds=10),
    "synonyms": Target(synonyms, _LINES),
    "words_file": Target(own_words, _LINES),
    "settings": Target(settings, _TOML),
    "correction": Target(correction, _CORRECTION),
    "batch": Target(batch, _LINES),
}
"""Every target by its name, which is that of the folder of its seeds."""
