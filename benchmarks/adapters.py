"""The engines, each behind the same four verbs: build, open, ask, add.

An adapter builds an index of a JSON Lines file of articles (title and body searchable, day
of publication sortable, the text itself kept in the index so that a hit can be shown), opens
it, answers a question with the exact total after fetching the ten best articles, and adds
one article to it. Each does it the way a good programmer would who knows that engine.

A question is a dictionary: `kind` (word, words, phrase, char, wild), `text`, and maybe
`since`, `until` (YYYYMMDD integers) and `newest`. Imports of engines wait until used.
"""

# ruff: noqa: D102  (the four verbs are described once, in Adapter)

from __future__ import annotations

import json
import multiprocessing
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

Article = dict[str, Any]
Question = dict[str, Any]

TOP = 10
BATCH = 200
ALL_KINDS = frozenset({"word", "words", "phrase", "char", "wild", "filter", "sort"})
_LETTER = re.compile(r"\w").search


def read(path: Path, most: int | None = None) -> Iterator[Article]:
    """Yield articles: number, title, body and day (0 when there is no date)."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if most is not None and number > most:
                return
            record = json.loads(line)
            yield {
                "number": number,
                "title": record.get("title") or "",
                "body": record["body"],
                "day": int((record.get("date") or "0").replace("-", "")[:8]),
            }


# Words by rjieba, the fastest segmenter a Python program can call.


class _Words:
    """Loads rjieba once a process; forked workers inherit it."""

    @cached_property
    def jieba(self) -> Any:
        import rjieba

        return rjieba.Jieba()

    def index(self, text: str) -> str:
        """Return the words of a text, those inside longer ones too, between spaces."""
        return " ".join(word for word in self.jieba.cut_for_search(text.lower()) if _LETTER(word))

    def ask(self, text: str) -> list[str]:
        """Return the words of a question, each once, without those inside longer ones."""
        return [word for word in dict.fromkeys(self.jieba.cut(text.lower())) if _LETTER(word)]


_words = _Words()


def _cut_batch(batch: list[Article]) -> list[tuple[Article, str, str]]:
    return [(a, _words.index(a["title"]), _words.index(a["body"])) for a in batch]


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _cut(articles: Iterator[Article], jobs: int) -> Iterator[tuple[Article, str, str]]:
    """Yield each article with the words of its title and body, cut by `jobs` processes."""
    _ = _words.jieba
    if jobs == 1:
        for batch in _batches(articles):
            yield from _cut_batch(batch)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for cut in pool.imap(_cut_batch, _batches(articles)):
            yield from cut
        pool.close()
        pool.join()  # workers that are waited for are workers whose CPU is counted


class Adapter:
    """What the trial drives. `jobs` says whether a build can use several processes."""

    kinds: ClassVar[frozenset[str]] = ALL_KINDS
    jobs: ClassVar[bool] = False

    def build(self, source: Path, folder: Path, jobs: int, most: int | None = None) -> None:
        """Make an index of the articles in `source` in an empty folder."""
        raise NotImplementedError

    def open(self, folder: Path) -> None:
        """Open the index for questions."""
        raise NotImplementedError

    def ask(self, question: Question) -> int:
        """Fetch the ten best articles, and return how many there are."""
        raise NotImplementedError

    def add(self, folder: Path, article: Article) -> None:
        """Add one article to the index on disk."""
        raise NotImplementedError

    def can(self, question: Question) -> bool:
        """Return whether the engine has what a question needs."""
        needs = {question["kind"]}
        needs |= {"filter"} if "since" in question else set()
        needs |= {"sort"} if question.get("newest") else set()
        return needs <= self.kinds


class Sou(Adapter):
    """sou through its Python API: the engine alone. Built by its command line."""

    def open(self, folder: Path) -> None:
        from search.engines.port import SearchRequest, Top
        from search.query.parser import parse
        from search.searching.search import Question
        from search.storage.index_folder import IndexFolder

        self._engine = IndexFolder(folder).open_engine()
        self._question, self._request, self._top = Question, SearchRequest, Top
        self._parse = parse

    def can(self, question: Question) -> bool:
        """Wildcards as far as this version of sou reads them as such."""
        from search.model.errors import QueryError

        if question["kind"] != "wild":
            return True
        try:
            return type(self._parse(question["text"])).__name__ not in {"Word", "Phrase"}
        except QueryError:
            return False

    def options(self, question: Question) -> tuple[str, dict[str, Any]]:
        """Return the text and options of a question as sou takes them."""
        text = f'"{question["text"]}"' if question["kind"] == "phrase" else question["text"]
        options: dict[str, Any] = {"limit": TOP, "partial": False}
        if "since" in question:
            options |= {"since": _iso(question["since"]), "until": _iso(question["until"])}
        if question.get("newest"):
            options["sort"] = "-date"
        return text, options

    def ask(self, question: Question) -> int:
        text, options = self.options(question)
        asked = self._question(text, **options)
        request = self._request(asked.tree(), self._top(asked.limit, sort=asked.sort))
        return self._engine.search(request).total


class SouSnippets(Sou):
    """sou as a program uses it: `open_index(...).search(...)`, titles and snippets made."""

    def open(self, folder: Path) -> None:
        super().open(folder)
        self._engine.close()
        from search import open_index

        self._index = open_index(folder)

    def ask(self, question: Question) -> int:
        text, options = self.options(question)
        return self._index.search(text, **options).total


def _iso(day: int) -> str:
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"


class Tantivy(Adapter):
    """Tantivy over words, with positions; the text in a stored bytes field."""

    jobs = True

    def _make(self, folder: Path, *, new: bool) -> Any:
        import tantivy

        self._tantivy = tantivy
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("title", tokenizer_name="words")
        schema.add_text_field("body", tokenizer_name="words")
        schema.add_integer_field("day", indexed=True, fast=True, stored=True)
        schema.add_bytes_field("text", stored=True)
        self._schema = schema.build()
        if new:
            index = tantivy.Index(self._schema, path=str(folder), reuse=False)
        else:
            index = tantivy.Index.open(str(folder))
            self._schema = index.schema
        cutter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("words", cutter)
        return index

    def _put(self, writer: Any, article: Article, title: str, body: str) -> None:
        text = f"{article['title']}\n{article['body']}".encode()
        writer.add_document(
            self._tantivy.Document(title=title, body=body, day=article["day"], text=text)
        )

    def build(self, source: Path, folder: Path, jobs: int, most: int | None = None) -> None:
        index = self._make(folder, new=True)
        cut = _cut(read(source, most), jobs)
        first = next(cut)  # workers are forked before the writer has threads
        writer = index.writer(heap_size=256_000_000, num_threads=jobs)
        self._put(writer, *first)
        for item in cut:
            self._put(writer, *item)
        writer.commit()
        writer.wait_merging_threads()

    def add(self, folder: Path, article: Article) -> None:
        index = self._make(folder, new=False)
        writer = index.writer(heap_size=15_000_000, num_threads=1)
        self._put(writer, article, _words.index(article["title"]), _words.index(article["body"]))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._index = self._make(folder, new=False)
        self._index.reload()
        self._searcher = self._index.searcher()
        _ = _words.jieba

    def _query(self, question: Question) -> Any:
        if question["kind"] == "wild":
            pattern = ".*".join(map(re.escape, question["text"].split("*")))
            return self._tantivy.Query.regex_query(self._schema, "body", pattern)
        if question["kind"] == "phrase":
            text = f'"{_words.index(question["text"])}"'
        else:
            text = " ".join(f'+"{word}"' for word in _words.ask(question["text"]))
        if "since" in question:
            text += f" +day:[{question['since']} TO {question['until']}]"
        return self._index.parse_query(text, ["title", "body"])

    def ask(self, question: Question) -> int:
        order = {"order_by_field": "day"} if question.get("newest") else {}
        found = self._searcher.search(self._query(question), TOP, count=True, **order)
        for _, address in found.hits:
            self._searcher.doc(address)
        return found.count


class Fts5(Adapter):
    """SQLite FTS5 over words: the articles in a table, the words in a contentless index."""

    jobs = True
    _make = "CREATE VIRTUAL TABLE f USING fts5(title, body, content='')"

    def _connect(self, folder: Path) -> None:
        import sqlite3

        self._db = sqlite3.connect(folder / "index.db")

    def _put(self, article: Article, title: str, body: str) -> None:
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?)",
            (article["number"], article["title"], article["body"], article["day"]),
        )
        self._db.execute(
            "INSERT INTO f (rowid, title, body) VALUES (?, ?, ?)", (article["number"], title, body)
        )

    def _texts(self, articles: Iterator[Article], jobs: int) -> Iterator[tuple[Article, str, str]]:
        yield from _cut(articles, jobs)

    def build(self, source: Path, folder: Path, jobs: int, most: int | None = None) -> None:
        self._connect(folder)
        self._db.execute("PRAGMA journal_mode = off")
        self._db.execute("PRAGMA synchronous = off")
        self._db.execute(
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, body TEXT, day INTEGER)"
        )
        self._db.execute(self._make)
        for item in self._texts(read(source, most), jobs):
            self._put(*item)
        self._db.execute("CREATE INDEX days ON articles (day)")
        self._db.commit()
        self._db.close()

    def add(self, folder: Path, article: Article) -> None:
        self._connect(folder)
        (number,) = self._db.execute("SELECT max(id) + 1 FROM articles").fetchone()
        for item in self._texts(iter([{**article, "number": number}]), 1):
            self._put(*item)
        self._db.commit()
        self._db.close()

    def open(self, folder: Path) -> None:
        self._connect(folder)
        _ = _words.jieba

    def match(self, question: Question) -> str:
        """Return a question in the language of FTS5."""
        if question["kind"] == "phrase":
            return f'"{_words.index(question["text"])}"'
        if question["kind"] == "wild":
            return f'"{question["text"].rstrip("*")}" *'
        return " AND ".join(f'"{word}"' for word in _words.ask(question["text"]))

    def can(self, question: Question) -> bool:
        """Only `word*` of the wildcards."""
        inside = question["kind"] == "wild" and "*" in question["text"].rstrip("*")
        return super().can(question) and not inside

    def ask(self, question: Question) -> int:
        where, values = "f MATCH ?", [self.match(question)]
        if "since" in question:
            where += " AND a.day BETWEEN ? AND ?"
            values += [question["since"], question["until"]]
        order = "a.day DESC" if question.get("newest") else "f.rank"
        self._db.execute(
            "SELECT a.title, a.body, a.day FROM f JOIN articles a ON a.id = f.rowid "
            f"WHERE {where} ORDER BY {order} LIMIT {TOP}",
            values,
        ).fetchall()
        table = "f JOIN articles a ON a.id = f.rowid" if "since" in question else "f"
        return self._db.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()[0]


class Trigram(Fts5):
    """SQLite FTS5 over runs of three characters: no questions of one or two characters."""

    jobs = False
    kinds = ALL_KINDS - {"char", "wild"}
    _make = (
        "CREATE VIRTUAL TABLE f USING fts5"
        "(title, body, content='articles', content_rowid='id', tokenize='trigram')"
    )

    def _texts(self, articles: Iterator[Article], jobs: int) -> Iterator[tuple[Article, str, str]]:
        assert jobs == 1
        for article in articles:
            yield article, article["title"], article["body"]

    def open(self, folder: Path) -> None:
        self._connect(folder)

    def match(self, question: Question) -> str:
        return " AND ".join(f'"{part}"' for part in question["text"].split())

    def can(self, question: Question) -> bool:
        """Nothing shorter than three characters."""
        return super().can(question) and min(map(len, question["text"].split())) >= 3


class Xapian(Adapter):
    """Xapian over runs of one and two characters, as its own analysis makes them."""

    kinds = ALL_KINDS - {"wild"}

    @cached_property
    def _xapian(self) -> Any:
        try:
            import xapian
        except ImportError:  # the system's package, for a Python of the same version
            sys.path.append("/usr/lib/python3/dist-packages")
            import xapian
        return xapian

    def _put(self, db: Any, maker: Any, article: Article) -> None:
        document = self._xapian.Document()
        maker.set_document(document)
        maker.index_text(article["title"])
        maker.increase_termpos()
        maker.index_text(article["body"])
        document.add_value(0, self._xapian.sortable_serialise(article["day"]))
        document.set_data(json.dumps(article, ensure_ascii=False))
        db.add_document(document)

    def _maker(self) -> Any:
        maker = self._xapian.TermGenerator()
        maker.set_flags(self._xapian.TermGenerator.FLAG_CJK_NGRAM)
        return maker

    def build(self, source: Path, folder: Path, jobs: int, most: int | None = None) -> None:
        assert jobs == 1
        db = self._xapian.WritableDatabase(str(folder), self._xapian.DB_CREATE_OR_OVERWRITE)
        maker = self._maker()
        for article in read(source, most):
            self._put(db, maker, article)
        db.commit()
        db.close()

    def add(self, folder: Path, article: Article) -> None:
        db = self._xapian.WritableDatabase(str(folder), self._xapian.DB_OPEN)
        self._put(db, self._maker(), article)
        db.commit()
        db.close()

    def open(self, folder: Path) -> None:
        xapian = self._xapian
        self._db = xapian.Database(str(folder))
        self._parser = xapian.QueryParser()
        self._parser.set_default_op(xapian.Query.OP_AND)
        self._flags = xapian.QueryParser.FLAG_CJK_NGRAM | xapian.QueryParser.FLAG_PHRASE

    def ask(self, question: Question) -> int:
        xapian = self._xapian
        text = f'"{question["text"]}"' if question["kind"] == "phrase" else question["text"]
        query = self._parser.parse_query(text, self._flags)
        if "since" in question:
            low, high = map(xapian.sortable_serialise, (question["since"], question["until"]))
            dates = xapian.Query(xapian.Query.OP_VALUE_RANGE, 0, low, high)
            query = xapian.Query(xapian.Query.OP_FILTER, query, dates)
        enquire = xapian.Enquire(self._db)
        enquire.set_query(query)
        if question.get("newest"):
            enquire.set_sort_by_value_then_relevance(0, True)
        found = enquire.get_mset(0, TOP, self._db.get_doccount())  # all, for the exact total
        for match in found:
            match.document.get_data()
        return found.get_matches_estimated()


class StockWhoosh(Adapter):
    """Whoosh with its own codec and the analyzer that jieba has for it."""

    def _schema(self) -> Any:
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel(60)
        from jieba.analyse import ChineseAnalyzer
        from whoosh import fields

        analyzer = ChineseAnalyzer()
        return fields.Schema(
            title=fields.TEXT(stored=True, analyzer=analyzer),
            body=fields.TEXT(stored=True, analyzer=analyzer),
            day=fields.NUMERIC(int, sortable=True, stored=True),
        )

    def build(self, source: Path, folder: Path, jobs: int, most: int | None = None) -> None:
        assert jobs == 1
        schema = self._schema()
        from whoosh import index

        writer = index.create_in(str(folder), schema).writer(limitmb=512)
        for article in read(source, most):
            writer.add_document(title=article["title"], body=article["body"], day=article["day"])
        writer.commit()

    def add(self, folder: Path, article: Article) -> None:
        self._schema()
        from whoosh import index

        writer = index.open_dir(str(folder)).writer()
        writer.add_document(title=article["title"], body=article["body"], day=article["day"])
        writer.commit()

    def open(self, folder: Path) -> None:
        self._schema()
        import jieba
        from whoosh import index, qparser, query

        jieba.initialize()
        opened = index.open_dir(str(folder))
        self._searcher = opened.searcher()
        self._parser = qparser.MultifieldParser(["title", "body"], opened.schema)
        self._range = query.NumericRange

    def ask(self, question: Question) -> int:
        text = f'"{question["text"]}"' if question["kind"] == "phrase" else question["text"]
        options: dict[str, Any] = {}
        if "since" in question:
            options["filter"] = self._range("day", question["since"], question["until"])
        if question.get("newest"):
            options |= {"sortedby": "day", "reverse": True}
        found = self._searcher.search(self._parser.parse(text), limit=TOP, **options)
        for hit in found:
            hit.fields()
        return len(found)


class Ripgrep(Adapter):
    """ripgrep over one file an article: a process a question, no order, every path printed."""

    kinds = ALL_KINDS - {"filter", "sort"}

    def build(self, source: Path, folder: Path, jobs: int, most: int | None = None) -> None:
        assert jobs == 1
        for article in read(source, most):
            shelf = folder / f"{article['number'] // 1000:04}"
            shelf.mkdir(exist_ok=True)
            text = f"{article['title']}\n{article['body']}\n"
            (shelf / f"{article['number']}.txt").write_text(text, "utf-8")

    def open(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, question: Question) -> int:
        first, *rest = question["text"].split()
        if question["kind"] == "wild":
            pattern = r"\w{0,12}".join(map(re.escape, first.rstrip("*").split("*")))
            command = ["rg", "-l0", "--", pattern, str(self._folder)]
        else:
            command = ["rg", "-l0F", "--", first, str(self._folder)]
        found = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout
        for word in rest:
            command = ["xargs", "-0r", "rg", "-l0F", "--", word]
            found = subprocess.run(command, input=found, stdout=subprocess.PIPE, check=False).stdout
        return found.count(b"\0")


ADAPTERS: dict[str, Callable[[], Adapter]] = {
    "sou": Sou,
    "sou+snippets": SouSnippets,
    "tantivy": Tantivy,
    "fts5": Fts5,
    "trigram": Trigram,
    "xapian": Xapian,
    "whoosh": StockWhoosh,
    "rg": Ripgrep,
}
