"""The engines whose ranking is compared: each takes documents and questions, and gives a run.

A question is the OR of its words, ranked by the engine's own BM25 with its own defaults; title
and body are fields of equal weight, which is what a program gets that sets none. Words are
rjieba's, in search mode for documents and for questions, as an analyzer that serves both
gives them; `tantivy-whole` asks for whole words only. Punctuation is dropped.

`sou` is its command line: `sou index`, then `sou batch`.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from judged import Collection

Run = dict[str, dict[str, float]]
"""For each question, the documents and their scores, 100 at most."""

DEPTH = 100
ROOT = Path(__file__).resolve().parent.parent
_LETTER = re.compile(r"\w").search
_FIELDS = ("title", "body")


@cache
def _jieba() -> Any:
    import rjieba

    return rjieba.Jieba()


def words(text: str) -> list[str]:
    """Return the words of a text, those inside longer ones too."""
    return [word for word in _jieba().cut_for_search(text.lower()) if _LETTER(word)]


def whole_words(text: str) -> list[str]:
    """Return the words of a text without those inside longer ones."""
    return [word for word in _jieba().cut(text.lower()) if _LETTER(word)]


def bigrams(text: str) -> list[str]:
    """Return the pairs of adjacent Han characters, as Lucene's CJKAnalyzer makes them.

    A Han character alone is a term; other letters and digits are words.
    """
    out: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+|\w", text.lower()):
        if len(run) > 1 and not run.isascii():
            out += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            out.append(run)
    return out


def sou(collection: Collection) -> Run:
    """Rank by the command line of this checkout."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corpus").mkdir()
        with (folder / "corpus" / "docs.jsonl").open("w", encoding="utf-8") as file:
            for document in collection.documents:
                file.write(json.dumps(vars(document), ensure_ascii=False) + "\n")
        lines = (f"{qid}\t{text}\n" for qid, text in collection.queries.items())
        (folder / "queries.tsv").write_text("".join(lines), "utf-8")
        index = ["--index", str(folder / "index")]
        command("index", str(folder / "corpus"), *index)
        how = [] if collection.typed else ["--any"]
        out = command("batch", str(folder / "queries.tsv"), *how, *index)
    run: Run = {}
    for line in out.splitlines():
        qid, _, document, rank, _, _ = line.split()
        run.setdefault(qid, {})[document] = -float(rank)
    return run


def command(*arguments: str) -> str:
    """Return what a command of this checkout prints."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "search", *arguments],
        cwd=ROOT,  # -m looks there first
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode > 1:
        raise SystemExit(f"sou {arguments[0]}: {done.stderr}")
    return done.stdout


def _tantivy(
    collection: Collection,
    of_text: Callable[[str], list[str]],
    of_question: Callable[[str], list[str]],
) -> Run:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name="spaces")
    schema = builder.build()
    index = tantivy.Index(schema)
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaces", analyzer)
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    for document in collection.documents:
        title, body = (" ".join(of_text(text)) for text in (document.title, document.body))
        writer.add_document(tantivy.Document(id=document.id, title=title, body=body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    run: Run = {}
    for qid, text in collection.queries.items():
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, word))
            for word in of_question(text)
            for field in _FIELDS
        ]
        found = searcher.search(tantivy.Query.boolean_query(terms), DEPTH).hits
        run[qid] = _ranked(searcher.doc(address)["id"][0] for _, address in found)
    return run


def _ranked(documents: Iterable[str]) -> Run | dict[str, float]:
    return {document: -float(rank) for rank, document in enumerate(documents)}


def tantivy_words(collection: Collection) -> Run:
    """Tantivy's BM25 over jieba's words."""
    return _tantivy(collection, words, words)


def tantivy_whole(collection: Collection) -> Run:
    """The same, asked for whole words only."""
    return _tantivy(collection, words, whole_words)


def tantivy_bigrams(collection: Collection) -> Run:
    """Tantivy's BM25 over pairs of characters."""
    return _tantivy(collection, bigrams, bigrams)


def fts5(collection: Collection) -> Run:
    """SQLite FTS5's bm25() over jieba's words."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(id UNINDEXED, title, body)")
    db.executemany(
        "INSERT INTO f VALUES (?, ?, ?)",
        ((d.id, " ".join(words(d.title)), " ".join(words(d.body))) for d in collection.documents),
    )
    run: Run = {}
    for qid, text in collection.queries.items():
        match = " OR ".join(f'"{word}"' for word in words(text))
        sql = f"SELECT id FROM f WHERE f MATCH ? ORDER BY rank LIMIT {DEPTH}"
        run[qid] = _ranked(row[0] for row in db.execute(sql, [match])) if match else {}
    db.close()
    return run


def whoosh(collection: Collection) -> Run:
    """Whoosh's BM25F with the analyzer that jieba has for it."""
    warnings.simplefilter("ignore")
    import jieba

    jieba.setLogLevel(60)
    from jieba.analyse import ChineseAnalyzer
    from whoosh import fields, query
    from whoosh.filedb.filestore import RamStorage

    analyzer = ChineseAnalyzer()
    text = fields.TEXT(analyzer=analyzer, phrase=False)
    storage = RamStorage()
    index = storage.create_index(fields.Schema(id=fields.STORED, title=text, body=text))
    writer = index.writer(limitmb=256)
    for d in collection.documents:
        writer.add_document(id=d.id, title=d.title, body=d.body)
    writer.commit()
    run: Run = {}
    with index.searcher() as searcher:
        for qid, asked in collection.queries.items():
            terms = [token.text for token in analyzer(asked, mode="query")]
            either = query.Or([query.Term(f, term) for term in terms for f in _FIELDS])
            found = searcher.search(either, limit=DEPTH) if terms else []
            run[qid] = _ranked(hit["id"] for hit in found)
    return run


RANKERS: dict[str, Callable[[Collection], Run]] = {
    "sou": sou,
    "tantivy": tantivy_words,
    "tantivy-whole": tantivy_whole,
    "fts5": fts5,
    "whoosh": whoosh,
    "bigrams": tantivy_bigrams,
}
