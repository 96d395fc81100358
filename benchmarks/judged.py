"""Judged collections: those on disk, and known-item questions made from a corpus.

On disk a collection is a folder with docs.jsonl.gz, queries.tsv (id, text) and qrels.tsv (id,
document, grade). From a corpus, questions are made by a rule, with no judge but the text:

- *lead*: the first sentence of an article is taken out of it and asked for;
- *sentence*: another sentence is, and the first one becomes the headline;
- *short*: two to six characters of a headline (a word of jieba's, or two in a row) are asked
  for, and the articles with that string in their headline are sought by their bodies alone.

Articles that share most of their text with the one sought are as good as it.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from search.analysis.fold import fold
from search.analysis.segment import cut

Row = tuple[str, str, str]
"""An article of a corpus: its id, its headline or first sentence, and its body."""

SHORTEST, LONGEST = 2, 6
"""Characters of a short question."""

MOST_RELEVANT = 15
"""Headlines that may hold a short question; what is in more of them is no topic."""


@dataclass(frozen=True)
class Document:
    """A document as the engines are given it."""

    id: str
    title: str
    body: str


@dataclass(frozen=True)
class Collection:
    """Documents, questions by their ids, and for each the grades of its documents.

    `typed` says that a question is typed as it is, not asked as plain words (`--any`).
    """

    name: str
    documents: list[Document]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    typed: bool = False


def half_of(qid: str) -> str:
    """Return which half a question belongs to: `tune` or `held`, by a hash of its id."""
    return "held" if hashlib.sha256(qid.encode()).digest()[0] & 1 else "tune"


def read(folder: Path) -> Collection:
    """Read a collection. Questions without a relevant document are left out."""
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    documents = [Document(r["id"], r.get("title") or "", r["body"]) for r in records]
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        qid, document, grade = line.split("\t")
        if int(grade) > 0:
            qrels[qid][document] = int(grade)
    lines = (folder / "queries.tsv").read_text("utf-8").splitlines()
    queries = dict(line.split("\t", 1) for line in lines)
    kept = {qid: text for qid, text in queries.items() if qid in qrels and text.strip()}
    return Collection(folder.name, documents, kept, {qid: qrels[qid] for qid in kept})


def short_of(collection: Collection, number: int, seed: int) -> Collection:
    """Return short questions over the bodies of a collection.

    Where the documents have titles, those are the headlines. Elsewhere, where each document
    is the answer to one question, that question is its headline.
    """
    heads = {document.id: document.title for document in collection.documents}
    if not any(heads.values()):
        for qid, relevant in collection.qrels.items():
            for document in relevant:
                heads[document] = collection.queries[qid]
    rows = [(d.id, heads[d.id], d.body) for d in collection.documents]
    return _short(f"{collection.name} short", rows, number, seed)


def news(path: Path, size: int, seed: int) -> list[Row]:
    """Return `size` articles of a corpus (JSON Lines), drawn at random, parted in lead and rest.

    Only articles whose first sentence could be a headline and that have text beside it.
    """
    with path.open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    random.Random(seed).shuffle(records)
    rows: list[Row] = []
    for record in records:
        body = re.sub(r"^原标题[:：]", "", record["body"].strip())
        parts = re.match(r"(.{8,90}?[。！？!?])(.{150,})", body, re.DOTALL)
        if not parts:
            continue
        lead = re.sub(r"^.{0,30}?(?:消息|电|讯|报道)[,，:：)）]\s*", "", parts[1])
        lead = re.sub(r"^[（(]记者.{0,12}[)）]", "", lead).strip("。！？!?，, \n")
        if 8 <= len(lead) <= 70:
            rows.append((str(record["id"]), lead, parts[2]))
        if len(rows) == size:
            break
    return rows


def from_news(rows: list[Row], number: int, seed: int) -> list[Collection]:
    """Return the collections *lead*, *sentence* and *short* of a corpus."""
    twins = _twins(rows)
    asked = random.Random(seed).sample(range(len(rows)), min(number, len(rows)))
    lead = Collection(
        "news lead",
        [Document(name, "", body) for name, _, body in rows],
        {rows[i][0]: rows[i][1] for i in asked},
        {rows[i][0]: dict.fromkeys([rows[i][0], *twins[rows[i][0]]], 1) for i in asked},
    )
    return [
        lead,
        _sentences(rows, set(asked), twins, seed),
        _short("news short", rows, number, seed),
    ]


def _sentences(
    rows: list[Row], asked: set[int], twins: dict[str, list[str]], seed: int
) -> Collection:
    rng = random.Random(seed)
    documents, queries = [], {}
    for i, (name, head, body) in enumerate(rows):
        found = re.findall(r"[^。！？]+[。！？]", body) if i in asked else []
        usable = [s for s in found if 10 <= len(re.sub(r"\W", "", s)) <= 45]
        kept = body
        if usable:
            queries[name] = " ".join(rng.choice(usable).split())
            kept = body.replace(queries[name], "")
        documents.append(Document(name, head, kept))
    qrels = {qid: dict.fromkeys([qid, *twins[qid]], 1) for qid in queries}
    return Collection("news sentence", documents, queries, qrels)


def _short(name: str, rows: list[Row], number: int, seed: int) -> Collection:
    heads = {row[0]: fold(row[1]) for row in rows}
    bodies = {row[0]: fold(row[2]) for row in rows}
    seen: Counter[str] = Counter()
    for head in heads.values():
        seen.update(set(_chunks(head)))
    candidates = sorted(chunk for chunk, times in seen.items() if times <= MOST_RELEVANT)
    random.Random(seed).shuffle(candidates)
    queries, qrels = {}, {}
    for chunk in candidates:
        relevant = [document for document, head in heads.items() if chunk in head]
        having = {document for document, body in bodies.items() if chunk in body}
        if len(relevant) > MOST_RELEVANT or len(having) < 2 * len(relevant) + 3:
            continue  # there must be something to rank
        if not having.intersection(relevant):
            continue
        qid = f"s{len(queries):05}"
        queries[qid], qrels[qid] = chunk, dict.fromkeys(relevant, 1)
        if len(queries) == number:
            break
    documents = [Document(row[0], "", row[2]) for row in rows]
    return Collection(name, documents, queries, qrels, typed=True)


def _chunks(head: str) -> Iterable[str]:
    """Yield the words of a headline, and its pairs of words, that are short questions."""
    words = cut(head)
    for word in words:
        if SHORTEST <= len(word) <= LONGEST and re.fullmatch(
            r"[\u4e00-\u9fff]+|[a-z0-9]{3,}", word
        ):
            yield word
    for first, second in itertools.pairwise(words):
        chunk = first + second
        fits = min(len(first), len(second)) > 1 and len(chunk) <= LONGEST and chunk in head
        if fits and re.fullmatch(r"[\u4e00-\u9fff]+", chunk):
            yield chunk


def _twins(rows: list[Row]) -> dict[str, list[str]]:
    """Return for each article those that share four tenths of the runs of the shorter one."""
    runs = {row[0]: _runs(row[2]) for row in rows}
    having: dict[str, list[str]] = defaultdict(list)
    for name, own in runs.items():
        for run in sorted(own)[:40]:
            having[run].append(name)
    twins: dict[str, set[str]] = {name: set() for name in runs}
    for names in having.values():
        if len(names) < 60:  # more than that is a turn of phrase
            for one in names:
                for other in names:
                    if one != other and other not in twins[one]:
                        shorter = min(len(runs[one]), len(runs[other]))
                        if len(runs[one] & runs[other]) > 0.4 * shorter:
                            twins[one].add(other)
    return {name: sorted(others) for name, others in twins.items()}


def _runs(text: str) -> set[str]:
    plain = re.sub(r"\W", "", text)[:600]
    return {plain[i : i + 6] for i in range(len(plain) - 5)}
